"""A loop over the data: every file of corpus/ loads, and says what it may say."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.cards import Card, load_cards
from ingest.corpus_file import comparable
from ingest.domain import Kind, Source
from ingest.manifest import Manifest, corpus_folder, load_manifest
from ingest.readers import readers
from ingest.vocabulary import Vocabulary, load_vocabulary

SHARED = Path(__file__).parents[3] / "shared" / "data"
LONGEST_SHARED_RUN = 12  # words; more than that in a row is somebody else's sentence

CORPUS = corpus_folder()
MANIFEST = load_manifest(CORPUS, readers(CORPUS))
VOCABULARY = load_vocabulary(CORPUS)
CARDS = load_cards(CORPUS, MANIFEST, VOCABULARY.facts)

VENDORS = (
    *("meta", "google", "alibaba", "deepseek", "mistral", "openai", "anthropic", "stability-ai"),
    *("black-forest-labs", "nvidia", "tii", "lg", "bigscience", "bigcode", "tencent", "microsoft"),
    *("xai", "moonshot", "lightricks", "bilibili", "naver", "playground-ai", "aleph-alpha"),
    *("salesforce", "apple", "nomic", "databricks", "hugging-face", "open"),
)
BINDING = [
    source
    for source in MANIFEST.sources.values()
    if source.kind not in (Kind.RELEASE_NOTES, Kind.ARTICLE, Kind.MODEL_CARD)
]

# what people type → the sources that bind, licence first; each of them was got wrong by somebody
TRAPS = {
    "llama 4 maverick": ("meta/llama-4-license", "meta/llama-4-use-policy"),
    "gemma 3": ("google/gemma-terms", "google/gemma-prohibited-use"),
    "gemma 4": ("open/apache-2.0",),
    "qwen2.5-72b": ("alibaba/qwen-license",),
    "qwen2.5-7b": ("open/apache-2.0",),
    "qwen2-72b": ("alibaba/tongyi-qianwen-license",),
    "qwen3": ("open/apache-2.0",),
    "deepseek-r1": ("open/mit",),
    "deepseek-v3-0324": ("open/mit",),
    "deepseek v3 base": ("deepseek/model-license",),
    "deepseek-r1-distill-llama-70b": (
        "meta/llama-3.3-license",
        "open/mit",
        "meta/llama-3.3-use-policy",
    ),
    "mixtral": ("open/apache-2.0",),
    "gpt-oss-120b": ("open/apache-2.0",),
    "phi-4": ("open/mit",),
    "flux.1 [dev]": ("black-forest-labs/flux-1-dev-license",),
    "flux.1 [schnell]": ("open/apache-2.0",),
    "grok-1": ("open/apache-2.0",),
    "falcon-7b": ("open/apache-2.0",),
    "falcon 2 11b": ("tii/falcon-2-license",),
    "bloom": ("bigscience/rail-1.0",),
    "starcoder2": ("bigcode/open-rail-m",),
    "sd 1.5": ("stability-ai/open-rail-m",),
    "sd 2.1": ("stability-ai/open-rail-plus-plus-m",),
    "sd 3.5": ("stability-ai/community-license",),
    "kimi k2": ("moonshot/modified-mit",),
    "ltx-video 2b": ("lightricks/ltxv-2b-license",),
    "ltx-video 13b": ("lightricks/ltxv-13b-license",),
}
# siblings of covered models whose own licence is not stored: never on a card
UNCOVERED = (
    *("qwen2.5-3b", "sdxl-turbo", "codestral", "grok-2", "falcon-180b", "mistral-large-2"),
    *("medgemma", "exaone-4.0", "flux.1-kontext", "devstral-2", "falcon-3", "command-r", "dbrx"),
)


def names_of(card: Card) -> Iterator[str]:
    """Every name that leads to this card alone."""
    yield from (card.id, card.title, *card.aliases)
    for model in card.models:
        yield from (model.name, *model.aliases)
    for old in card.superseded:
        yield from old.aliases


OWNERS = {comparable(name): card.id for card in CARDS.values() for name in names_of(card)}


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_vendor_that_we_promise_is_there(vendor: str) -> None:
    assert vendor in MANIFEST.vendors


def test_a_vendor_without_documents_makes_a_model_on_some_card() -> None:
    makers = {model.vendor for card in CARDS.values() for model in card.models}
    with_documents = {source.vendor for source in MANIFEST.sources.values()}
    assert set(MANIFEST.vendors) - with_documents <= makers


def test_there_are_as_many_texts_of_each_kind_as_we_promise() -> None:
    kinds = Counter(source.kind for source in MANIFEST.sources.values())
    assert kinds[Kind.LICENCE] >= 35
    assert kinds[Kind.ARTICLE] >= 13
    assert sum(kinds.values()) >= 45
    assert sum(len(card.models) for card in CARDS.values()) >= 80


def test_release_notes_of_six_vendors_come_in_three_ways() -> None:
    notes = [each for each in MANIFEST.sources.values() if each.kind is Kind.RELEASE_NOTES]
    assert len({each.vendor for each in notes}) >= 6
    assert {each.reader for each in notes} == {"package", "git", "feed"}


def test_the_terms_of_every_big_hosted_service_are_followed_with_their_history() -> None:
    followed = {each.vendor for each in MANIFEST.sources.values() if each.kind is Kind.TERMS}
    assert followed >= {
        *("openai", "anthropic", "google", "xai", "mistral", "meta", "microsoft"),
        *("perplexity", "deepseek", "alibaba"),
    }
    public = [each for each in MANIFEST.sources.values() if "ODC-BY" in each.attribution]
    assert len(public) >= 57
    assert {each.reader for each in public} == {"git"}


@pytest.mark.parametrize("source", MANIFEST.sources.values(), ids=lambda source: source.id)
def test_a_source_is_well_declared(source: Source) -> None:
    assert source.url.startswith("https://")
    assert source.attribution
    assert source.dated is None or date(1985, 1, 1) < source.dated < date(2027, 1, 1)


def test_no_text_is_followed_twice() -> None:
    keys = Counter((source.reader, source.key) for source in MANIFEST.sources.values())
    assert [key for key, times in keys.items() if times > 1] == []


def test_llama_4_names_its_licence_and_its_use_policy_the_right_way_round() -> None:
    licence = MANIFEST.sources["meta/llama-4-license"]
    policy = MANIFEST.sources["meta/llama-4-use-policy"]
    assert (licence.key, licence.kind) == ("llama-4-cla-2025", Kind.LICENCE)
    assert (policy.key, policy.kind) == ("llama-4-license-2025", Kind.USE_POLICY)
    assert licence.incorporates == (policy.id,)


@pytest.mark.parametrize("source", BINDING, ids=lambda source: source.id)
def test_every_licence_policy_and_set_of_terms_is_on_a_card(source: Source) -> None:
    bound = {id for card in CARDS.values() for id in card.documents}
    older = {old.source for card in CARDS.values() for old in card.superseded}
    assert (source.id in bound) != (source.id in older)
    assert (source.id in older) == (source.superseded_by is not None)


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.id)
def test_a_card_lists_what_its_documents_incorporate(card: Card) -> None:
    incorporated = {
        other
        for id in card.documents
        if MANIFEST.sources[id].kind is card.kind
        for other in MANIFEST.sources[id].incorporates
    }
    assert incorporated <= set(card.documents)


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.id)
def test_every_name_of_a_card_leads_to_it_alone(card: Card) -> None:
    assert {OWNERS[comparable(name)] for name in names_of(card)} == {card.id}
    assert not {comparable(name) for name in card.families} & OWNERS.keys()


@pytest.mark.parametrize(("name", "documents"), TRAPS.items())
def test_a_model_is_under_the_text_that_binds_it(name: str, documents: tuple[str, ...]) -> None:
    assert CARDS[OWNERS[comparable(name)]].documents == documents


@pytest.mark.parametrize("name", UNCOVERED)
def test_a_model_whose_text_is_not_stored_is_on_no_card_and_named_as_elsewhere(name: str) -> None:
    names = {comparable(each) for each in sum(VOCABULARY.elsewhere.values(), ())}
    assert comparable(name) not in OWNERS
    assert comparable(name) in names


@pytest.mark.parametrize("product", VOCABULARY.elsewhere)
def test_nothing_elsewhere_is_covered_here(product: str) -> None:
    families = {comparable(name) for card in CARDS.values() for name in card.families}
    vendors = {
        comparable(name)
        for vendor in MANIFEST.vendors.values()
        for name in (vendor.name, *vendor.aliases)
    }
    for name in (product, *VOCABULARY.elsewhere[product]):
        assert comparable(name) not in OWNERS.keys() | families | vendors


def test_the_topics_cover_what_people_ask_and_what_a_licence_view_shows() -> None:
    decisive = {topic.id for topic in VOCABULARY.topics.values() if topic.decisive}
    assert len(VOCABULARY.topics) >= 25
    assert {"user-threshold", "commercial-use", "geography", "attribution"} <= decisive
    assert not {"benchmarks", "confidentiality"} & decisive


def examples(readme: str) -> list[tuple[str, str, str]]:
    """The fenced examples of a README: ``(file or into, path and key, content)``."""
    return re.findall(r"^```\w+ (file|into)=corpus/(\S+)\n(.*?)^```$", readme, re.M | re.S)


def follow(corpus: Path, how: str, where: str, content: str) -> None:
    """Do to ``corpus`` what one example tells people to do."""
    if how == "file":
        (corpus / where).write_text(content, encoding="utf-8")
        return
    name, _, key = where.partition(":")
    entry: dict[str, Any] = yaml.safe_load((corpus / name).read_text(encoding="utf-8"))
    added = yaml.safe_load(content)
    entry[key] = {**entry[key], **added} if isinstance(added, dict) else [*entry[key], *added]
    (corpus / name).write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="module")
def extended(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Manifest, dict[str, Card], Vocabulary]:
    """The corpus after somebody followed every example of its README."""
    corpus = tmp_path_factory.mktemp("extended") / "corpus"
    shutil.copytree(CORPUS, corpus)
    for how, where, content in examples((CORPUS / "README.md").read_text(encoding="utf-8")):
        follow(corpus, how, where, content)
    manifest = load_manifest(corpus, readers(corpus))
    vocabulary = load_vocabulary(corpus)
    return manifest, dict(load_cards(corpus, manifest, vocabulary.facts)), vocabulary


def test_following_the_readme_adds_a_vendor_a_licence_a_model_a_topic_and_an_article(
    extended: tuple[Manifest, dict[str, Card], Vocabulary],
) -> None:
    manifest, cards, vocabulary = extended
    assert "acme" in manifest.vendors
    assert manifest.sources["acme/rocket-license-2024"].superseded_by == "acme/rocket-license"
    assert manifest.sources["acme/rocket-2-digest"].kind is Kind.ARTICLE
    assert [model.name for model in cards["acme-rocket"].models] == ["Rocket 2", "Rocket Vision"]
    assert "launch-noise" in vocabulary.topics
    assert "Acme Glider" in vocabulary.elsewhere
    assert set(MANIFEST.sources) < set(manifest.sources)


def test_every_article_says_when_and_from_where() -> None:
    articles = sorted((CORPUS / "articles").glob("*.md"))
    assert articles
    for path in articles:
        head = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
        assert {"title", "date", "origins"} <= head.keys()
        assert isinstance(head["date"], date)
        assert head["origins"]
        assert all(each.startswith("https://") for each in head["origins"])


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of twelve words in ``text``, whatever stands between them; no addresses."""
    words = re.findall(r"\w+", re.sub(r"https?://\S+", " ", text.casefold()))
    return {
        tuple(words[at : at + LONGEST_SHARED_RUN])
        for at in range(len(words) - LONGEST_SHARED_RUN + 1)
    }


def written_in(path: Path) -> set[tuple[str, ...]]:
    """The runs of words that people wrote into a file; keys and brackets of JSON are no words."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix != ".jsonl":
        return runs(text)
    return {
        each
        for line in text.splitlines()
        for value in values(json.loads(line))
        for each in runs(value)
    }


def values(told: object) -> Iterator[str]:
    """Every text within a JSON document."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict | list):
        for each in told.values() if isinstance(told, dict) else told:
            yield from values(each)


def test_a_shared_run_of_twelve_words_would_be_found() -> None:
    sentence = "one two three four five six seven eight nine ten eleven twelve"
    assert runs(f"Before: {sentence}. After") & runs(f"{sentence.title()}, and more words")
    assert not runs(sentence.replace("six", "sixth")) & runs(sentence)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real data of ../shared is not here")
def test_no_file_of_the_corpus_shares_a_sentence_with_the_real_texts() -> None:
    ours = {
        path.relative_to(CORPUS).as_posix(): written_in(path)
        for path in CORPUS.rglob("*")
        if path.is_file()
    }
    texts = [each for each in SHARED.rglob("*") if each.suffix in {".txt", ".jsonl", ".md", ""}]
    for path in texts:
        if not path.is_file():
            continue
        theirs = written_in(path)
        for name, own in ours.items():
            assert not own & theirs, f"corpus/{name} shares a sentence with {path.name}"
