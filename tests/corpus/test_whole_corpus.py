"""All cards over all real documents: licences, model cards, and the terms of hosted services.

On top of what the package index and the checkout hold, every document of the public archive of
terms and of Meta's repository is read from its carrier beside the checkout, which git's own
``insteadOf`` puts in the place of the public address. Nothing is embedded: facts are found by
words alone.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.cards.licenses import Licenses
from bot.cards.views import CardView, Check
from bot.wiring import load_corpus
from ingest import database
from ingest.archive import Archive
from ingest.clauses import split
from ingest.domain import Origin, Reading, Snapshot
from ingest.errors import UnknownNameError
from ingest.fetch import Fetcher
from ingest.fields import Ruling
from ingest.manifest import corpus_folder
from ingest.proof import FactStatus
from ingest.prover import Prover
from ingest.recording import Recorder
from ingest.serving import Serving
from tests.conftest import Home

SHARED = Path(__file__).parents[3] / "shared" / "data"
BUNDLE = SHARED / "genai-terms.bundle"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
CORPUS = load_corpus(corpus_folder())
FACTED = {id: card for id, card in CORPUS.cards.items() if card.facts}

pytestmark = pytest.mark.skipif(
    not BUNDLE.is_file(),
    reason="needs the bundle of terms in the folder shared beside the checkout",
)


def repository(folder: Path) -> Path:
    """Meta's published files as a git repository."""
    shutil.copytree(SHARED / "llama-models", folder)
    for words in (
        ("init", "--quiet", "--initial-branch=main"),
        ("add", "."),
        ("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "as published"),
    ):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="module")
def database_file(read_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("whole")
    shutil.copy(read_home.folder / "smallprint.db", folder / "smallprint.db")
    archive = opened(folder / "smallprint.db")
    recorder = Recorder(CORPUS.readers, archive)
    carriers = {
        "https://github.com/OpenTermsArchive/genai-eu-versions": BUNDLE,
        "https://github.com/meta-llama/llama-models": repository(folder / "llama-models"),
    }
    with pytest.MonkeyPatch.context() as environment, Fetcher(copies=folder / "git") as fetcher:
        environment.setenv("GIT_CONFIG_COUNT", str(len(carriers)))
        for number, (address, carrier) in enumerate(carriers.items()):
            environment.setenv(f"GIT_CONFIG_KEY_{number}", f"url.{carrier}.insteadOf")
            environment.setenv(f"GIT_CONFIG_VALUE_{number}", address)
        for source in CORPUS.manifest.sources.values():
            if source.reader == "git" and source.options["repository"] in carriers:
                reader = CORPUS.readers[source.reader]
                for snapshot in reader.fetch(source, fetcher, archive.known(source.id), NOW):
                    recorder.record(source, snapshot, archive.current(source.id))
    yield folder / "smallprint.db"


def opened(file: Path) -> Archive:
    return Archive(database.connect(f"sqlite:///{file}"))


def licenses(archive: Archive) -> Licenses:
    serving = Serving(CORPUS.manifest, CORPUS.readers, archive)
    prover = Prover(archive, CORPUS.manifest, CORPUS.readings)
    return Licenses(archive, CORPUS.manifest, serving, CORPUS.cards, CORPUS.vocabulary, prover)


@pytest.fixture(scope="module")
def archive(database_file: Path) -> Archive:
    return opened(database_file)


@pytest.fixture(scope="module")
def known(archive: Archive) -> Licenses:
    return licenses(archive)


@pytest.mark.parametrize("id", FACTED)
def test_every_fact_of_every_card_stands(id: str, archive: Archive) -> None:
    prover = Prover(archive, CORPUS.manifest, CORPUS.readings)
    fallen = [
        f"{each.fact.field}: {each.why}"
        for each in prover.proven(FACTED[id])
        if each.status is not FactStatus.CURRENT
    ]
    assert fallen == []


@pytest.mark.parametrize("id", FACTED)
def test_every_quote_behind_a_fact_is_verbatim(id: str, known: Licenses, archive: Archive) -> None:
    texts: dict[tuple[str, int], str] = {}
    for fact in known.card(id).facts:
        assert fact.citations or fact.value in CORPUS.vocabulary.facts.unsettled
        for cited in fact.citations:
            key = (cited.source, cited.version.number)
            if key not in texts:
                version = archive.version(*key)
                assert version is not None
                texts[key] = version.text
            assert cited.quote in texts[key]


# The traps of the field: what somebody got wrong, and what the cards say


def values(view: CardView, field: str) -> set[str]:
    return {each.value for each in view.facts if each.field == field}


def says(view: CardView, field: str) -> str:
    return " ".join(each.says for each in view.facts if each.field == field)


def shown(known: Licenses, typed: str) -> CardView:
    view = known.answer(typed)
    assert isinstance(view, CardView)
    return view


def checked(known: Licenses, typed: str) -> Check:
    view = known.answer(typed)
    assert isinstance(view, Check)
    return view


def ruling(view: Check, about: str) -> Ruling:
    found = [each.ruling for each in view.lines if each.about == about and each.ruling]
    return max(found, key=list(Ruling).index)


def test_llama_4_names_licence_and_use_policy_the_right_way_round(known: Licenses) -> None:
    licence, policy = shown(known, "llama 4").documents
    assert (licence.source, licence.kind) == ("meta/llama-4-license", "licence")
    assert (policy.source, policy.kind) == ("meta/llama-4-use-policy", "use-policy")


def test_the_bar_on_the_eu_stands_in_the_use_policy_and_looks_at_the_seat(known: Licenses) -> None:
    (bar, *_) = [
        each
        for each in shown(known, "llama 4 geography").facts
        if each.field == "home-region" and each.value == "not-permitted"
    ]
    assert {each.source for each in bar.citations} >= {"meta/llama-4-use-policy"}
    seat = checked(known, "check llama 4 scout: sell it, we are based in Berlin")
    assert ruling(seat, "Where you are established") is Ruling.NOT_PERMITTED
    market = checked(known, "check llama 4 scout: ship a fine-tune in the EU")
    assert ruling(market, "Where you are established") is not Ruling.NOT_PERMITTED
    assert any("established in the European Union" in each for each in market.questions)


@pytest.mark.parametrize("llama", ["llama-2", "llama-3", "llama-3.1", "llama-3.2", "llama-4"])
def test_llamas_700_million_count_the_month_before_release_with_affiliates(
    known: Licenses, llama: str
) -> None:
    view = shown(known, f"{llama} thresholds")
    assert "700 million" in says(view, "user-threshold")
    assert values(view, "threshold-counts") == {"with-affiliates"}
    assert values(view, "threshold-measured") == {"before-release"}
    large = checked(known, f"check {llama}: sell it, 800M users, based in the US")
    assert ruling(large, "Limit by number of users") is Ruling.NEEDS_LICENCE


def test_qwens_100_million_count_whenever_commercial_use_reaches_them(known: Licenses) -> None:
    view = shown(known, "qwen2.5-72b thresholds")
    assert "100 million" in says(view, "user-threshold")
    assert values(view, "threshold-measured") == {"any-time"}
    large = checked(known, "check qwen2.5-72b: sell it, 150M users")
    assert ruling(large, "Limit by number of users") is Ruling.NEEDS_LICENCE


@pytest.mark.parametrize(
    ("llama", "trains", "prefix"),
    [
        ("llama-2", {"not-permitted"}, False),
        ("llama-3", {"not-permitted"}, False),
        ("llama-3.1", {"permitted-if"}, True),
        ("llama-3.3", {"permitted-if"}, True),
        ("llama-4", {"permitted-if"}, True),
    ],
)
def test_training_on_llamas_outputs_brings_the_prefix_from_3_1_on(
    known: Licenses, llama: str, trains: set[str], prefix: bool
) -> None:
    assert values(shown(known, f"{llama} outputs"), "outputs-train-models") == trains
    view = checked(known, f"check {llama}: outputs train our own model, ship it")
    certain = {each.fact.field for each in view.duties if not each.condition}
    assert ("derivative-name" in certain) is prefix


@pytest.mark.parametrize("card", ["gemma-terms", "deepseek-license"])
def test_gemma_and_deepseek_count_distillation_as_a_derivative(known: Licenses, card: str) -> None:
    assert values(known.card(card), "distillation-derivative") == {"counts"}


def test_qwen_asks_for_its_mark_when_outputs_train_a_distributed_model(known: Licenses) -> None:
    view = checked(known, "check qwen2.5-72b: outputs train our own model, ship it")
    told = " ".join(each.fact.says for each in view.duties if not each.condition)
    assert "“Built with Qwen” or “Improved using Qwen”" in told


@pytest.mark.parametrize(
    ("plan", "trains"),
    [("vibe pro", "opt-out"), ("free subscription", "opt-out"), ("vibe enterprise", "opt-in")],
)
def test_mistral_trains_on_the_data_of_some_paid_plans(
    known: Licenses, plan: str, trains: str
) -> None:
    view = checked(known, f"check mistral commercial terms: enter customer data on {plan}")
    told = {each.fact.value for each in view.lines if each.fact}
    assert trains in told


def test_notice_periods_differ_by_vendor(known: Licenses) -> None:
    days = {}
    for card in ("openai-business", "anthropic-commercial", "deepseek-platform", "llama-4"):
        view = known.card(card)
        days[card] = says(view, "change-notice"), says(view, "price-notice")
    assert "thirty days" in days["openai-business"][0]
    assert "14 days" in days["openai-business"][1] or "fourteen" in days["openai-business"][1]
    assert len(set(days.values())) == len(days)


@pytest.mark.parametrize(("name", "card"), [("gemma 3", "gemma-terms"), ("gemma 4", "apache-2.0")])
def test_gemma_3_and_gemma_4_have_different_licences(known: Licenses, name: str, card: str) -> None:
    assert shown(known, name).card == card


def test_gemma_alone_shows_the_split(known: Licenses) -> None:
    with pytest.raises(UnknownNameError) as told:
        known.answer("gemma")
    assert "(apache-2.0) for Gemma 4" in str(told.value)
    assert "(gemma-terms) for Gemma 3" in str(told.value)


def test_models_that_are_not_published_have_no_licence_yet(known: Licenses) -> None:
    view = shown(known, "avocado")
    assert values(view, "licence-status") == {"not-published"}
    assert "permitted" not in {each.value for each in view.facts}


def test_two_documents_of_one_vendor_that_disagree_are_both_shown(known: Licenses) -> None:
    (fact, *_) = [
        each for each in known.card("deepseek-platform").facts if each.field == "liability-cap"
    ]
    cited = {
        c.source
        for f in known.card("deepseek-platform").facts
        if f.field == "liability-cap"
        for c in f.citations
    }
    assert fact.citations
    assert len(cited) == 2


def test_a_change_of_one_real_clause_makes_its_facts_stale_and_no_other(
    database_file: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "smallprint.db"
    shutil.copy(database_file, copy)
    archive = opened(copy)
    version = archive.current("meta/llama-4-license")
    assert version is not None
    text = version.text.replace("700 million monthly", "70 million monthly")
    assert text != version.text
    later = datetime.combine(date(2026, 11, 26), datetime.min.time(), UTC) + timedelta(hours=9)
    snapshot = Snapshot(version.source, f"{version.address}+", "text/plain", later, text.encode())
    archive.record(snapshot, Reading(text), Origin.PUBLISHED, version.reader, split(text))

    known = licenses(archive)
    stale = {each.field for each in known.card("llama-4").facts if not each.current}
    (limit,) = [
        each for each in split(version.text) if "700 million monthly active users" in each.text
    ]
    resting = {
        fact.field
        for fact in FACTED["llama-4"].facts
        for clause in fact.clauses
        if (clause.source, clause.section) == ("meta/llama-4-license", limit.label)
    }
    assert stale == resting
    assert {row.card for row in known.listed().cards if row.stale} == {"llama-4"}
    view = checked(known, "check llama 4: sell it, 100M users, based in the US")
    assert ruling(view, "Limit by number of users") is Ruling.UNCLEAR
