"""A loop over all cards: every fact says what it may, and none repeats a licence's own sentences.

The facts are held against the real documents: those that come from packages and our own digests
everywhere, the terms of hosted services where the archive of their history lies beside the
checkout.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from bot.wiring import Corpus, load_corpus
from ingest import database
from ingest.archive import Archive
from ingest.cards import Card
from ingest.domain import Kind
from ingest.figures import figures
from ingest.manifest import corpus_folder
from ingest.proof import FactStatus
from ingest.prover import Prover
from tests.conftest import Home

CORPUS: Corpus = load_corpus(corpus_folder())
FACTED = {id: card for id, card in CORPUS.cards.items() if card.facts}
MODEL_LICENCES = [id for id, card in FACTED.items() if card.kind is Kind.LICENCE and card.models]
HOSTED = [id for id, card in FACTED.items() if card.kind is Kind.TERMS]
LONGEST_SHARED_RUN = 9  # words in a row that a sentence of ours may share with a clause
LONGEST_WORDING = 11  # words of a mark or a sentence that must be shown, in quotation marks
WORDS = re.compile(r"\w+")


def test_every_licence_of_a_model_has_facts() -> None:
    without = [
        id
        for id, card in CORPUS.cards.items()
        if card.kind is Kind.LICENCE and card.models and not card.facts
    ]
    assert without == []
    assert len(MODEL_LICENCES) >= 30


def test_the_terms_of_hosted_services_have_facts_and_plans() -> None:
    assert len(HOSTED) >= 12
    assert {
        *("openai-business", "openai-consumer-eu", "anthropic-commercial", "anthropic-consumer"),
        *("gemini-api", "mistral-commercial", "meta-model-api", "microsoft-copilot"),
        *("xai-business", "deepseek-platform", "perplexity-api", "qwen-chat"),
    } <= set(HOSTED)


@pytest.mark.parametrize("generation", ["1", "2", "3", "3.1", "3.2", "3.3", "4"])
def test_each_generation_of_llama_has_a_card_of_its_own(generation: str) -> None:
    assert len(FACTED[f"llama-{generation}"].facts) >= 15


@pytest.mark.parametrize("id", FACTED)
def test_a_card_has_enough_facts_and_names_what_is_open(id: str) -> None:
    card = FACTED[id]
    assert len(card.facts) >= 12, "a card of a few lines is no card"
    assert len({each.says for each in card.facts}) >= 0.9 * len(card.facts)


@pytest.mark.parametrize("id", FACTED)
def test_every_card_was_confirmed_fact_by_fact(id: str) -> None:
    read = CORPUS.readings[id].words
    missing = [p for fact in FACTED[id].facts for p in fact.clauses if p not in read]
    assert missing == []


@pytest.mark.parametrize("id", FACTED)
def test_nothing_is_confirmed_that_no_fact_points_at(id: str) -> None:
    pointed = {p for fact in FACTED[id].facts for p in fact.clauses}
    assert set(CORPUS.readings[id].words) == pointed


@pytest.mark.parametrize("id", FACTED)
def test_an_amount_stands_in_what_the_fact_says(id: str) -> None:
    for fact in FACTED[id].facts:
        if fact.amount is not None:
            assert fact.amount.number in {each.number for each in figures(fact.says)}, fact.says


@pytest.mark.parametrize("id", FACTED)
def test_a_threshold_with_a_consequence_says_who_is_counted_or_when(id: str) -> None:
    card = FACTED[id]
    by_field = Counter(each.field for each in card.facts)
    limited = [
        each
        for each in card.facts
        if each.field in ("user-threshold", "revenue-threshold") and each.value.endswith("-above")
    ]
    if limited:
        assert by_field["threshold-counts"] + by_field["threshold-measured"] >= 1
        assert any(each.amount or figures(each.says) for each in limited)


@pytest.mark.parametrize("id", FACTED)
def test_every_value_is_used_as_the_vocabulary_means_it(id: str) -> None:
    fields = CORPUS.vocabulary.facts
    for fact in FACTED[id].facts:
        assert fact.value in fields.fields[fact.field].values
        if not fact.clauses:
            assert fact.value in fields.unsettled


@pytest.fixture(scope="module")
def archive(read_home: Home) -> Archive:
    return Archive(database.connect(f"sqlite:///{read_home.folder / 'smallprint.db'}"))


@pytest.fixture(scope="module")
def prover(archive: Archive) -> Prover:
    return Prover(archive, CORPUS.manifest, CORPUS.readings)


def followed(card: Card, home: Home) -> bool:
    """Whether every document that a fact of ``card`` points at was read."""
    return {p.source for fact in card.facts for p in fact.clauses} <= set(home.followed)


@pytest.mark.parametrize("id", FACTED)
def test_every_fact_of_a_text_that_was_read_stands(
    id: str, prover: Prover, read_home: Home
) -> None:
    for each in prover.proven(FACTED[id]):
        if {p.source for p in each.fact.clauses} <= set(read_home.followed):
            assert each.status is FactStatus.CURRENT, f"{id}: {each.fact.says} {each.why}"
        else:
            assert each.status is not FactStatus.STALE, f"{id}: {each.fact.says} {each.why}"


def test_licences_are_read_whole_everywhere(read_home: Home) -> None:
    whole = [id for id in MODEL_LICENCES if followed(FACTED[id], read_home)]
    assert len(whole) >= 30


@pytest.mark.parametrize("id", FACTED)
def test_the_term_of_every_pointer_stands_in_one_clause_of_its_section(
    id: str, prover: Prover
) -> None:
    texts = prover.pointed(FACTED[id])
    for pointer in {p for fact in FACTED[id].facts for p in fact.clauses}:
        if pointer.source in texts:
            assert texts[pointer.source].at(pointer), pointer


@pytest.mark.parametrize("id", FACTED)
def test_no_sentence_of_a_fact_is_a_licences_own(id: str, prover: Prover) -> None:
    for each in prover.proven(FACTED[id]):
        ours = words(re.sub(r"“[^”]*”", " ", each.fact.says))
        for proof in each.proofs:
            if CORPUS.manifest.sources[proof.pointer.source].kind is Kind.ARTICLE:
                continue  # a digest is ours
            run = shared_run(ours, words(proof.clause.text))
            assert len(run) <= LONGEST_SHARED_RUN, f"{id}: “{' '.join(run)}”"


@pytest.mark.parametrize("id", FACTED)
def test_a_wording_to_be_displayed_is_told_short_and_longer_ones_stand_in_the_clause(
    id: str,
) -> None:
    for fact in FACTED[id].facts:
        for told in re.findall(r"“([^”]*)”", fact.says):
            assert len(words(told)) <= LONGEST_WORDING, fact.says


def words(text: str) -> list[str]:
    return [each.lower() for each in WORDS.findall(text)]


def shared_run(one: list[str], other: list[str]) -> list[str]:
    """The longest run of words that stands in both."""
    longest: list[str] = []
    places: Mapping[str, list[int]] = {
        w: [n for n, o in enumerate(other) if o == w] for w in {*one}
    }
    for start, word in enumerate(one):
        for place in places[word]:
            length = sum(1 for _ in same(one[start:], other[place:]))
            if length > len(longest):
                longest = one[start : start + length]
    return longest


def same(one: list[str], other: list[str]) -> Iterator[str]:
    for ours, theirs in zip(one, other, strict=False):
        if ours != theirs:
            return
        yield ours
