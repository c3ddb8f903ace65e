"""One card: its documents, its facts, those of a section or topic, and as of a day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.cards.licenses import Licenses
from bot.cards.views import CardView
from ingest.archive import Archive
from ingest.clauses import split
from ingest.domain import Origin, Reading, Snapshot
from ingest.errors import QuestionError
from ingest.proof import FactStatus
from tests.bot.pretend_facts import FACTED, ROCKET_2, licenses
from tests.bot.pretend_library import NOW, TEXTS, archived


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archived(tmp_path_factory.mktemp("archive"))[0]


@pytest.fixture(scope="module")
def known(archive: Archive) -> Licenses:
    return licenses(archive)


@pytest.fixture(scope="module")
def rocket(known: Licenses) -> CardView:
    return known.card("rocket-2")


def test_all_documents_that_bind_are_listed_with_their_versions(rocket: CardView) -> None:
    assert [each.source for each in rocket.documents] == ["acme/rocket-2", "acme/use-policy"]
    licence = rocket.documents[0]
    assert licence.version is not None
    assert licence.version.number == 1
    assert licence.version.dated == "dated 4 May 2025"
    assert licence.url == "https://acme.example/rocket-2"
    assert licence.attribution == "Pretend texts"


def test_every_fact_is_shown_with_its_wording_and_stands(rocket: CardView) -> None:
    assert len(rocket.facts) == len(ROCKET_2.facts)
    first = rocket.facts[0]
    assert (first.label, first.wording) == ("Commercial use", "permitted on conditions")
    assert {each.status for each in rocket.facts} == {FactStatus.CURRENT}


def test_every_quote_is_verbatim_and_holds_the_term_of_its_pointer(rocket: CardView) -> None:
    for each in rocket.facts:
        for cited in each.citations:
            assert cited.quote in TEXTS[cited.source]
    (threshold,) = [each for each in rocket.facts if each.field == "user-threshold"]
    assert "40 million" in threshold.citations[0].quote


def test_facts_come_in_the_order_of_the_vocabulary(rocket: CardView) -> None:
    assert (rocket.facts[0].section, rocket.facts[-1].section) == ("grant", "openness")
    assert [each.id for each in rocket.sections] == [
        *("grant", "thresholds", "conditions", "outputs", "restrictions", "ending", "openness")
    ]


@pytest.mark.parametrize(
    ("typed", "shown", "fields"),
    [
        ("rocket-2 openness", "What is open", {"weights", "training-data"}),
        ("rocket-2 what you must do", "What you must do", {"derivative-name", "licence-copy"}),
        ("rocket-2 user cap", "user cap", {"user-threshold", "threshold-measured"}),
        ("rocket-2 fine-tuning", "fine-tuning", {"modify"}),
    ],
)
def test_a_section_or_topic_shows_its_own_facts(
    known: Licenses, typed: str, shown: str, fields: set[str]
) -> None:
    view = known.answer(typed)
    assert isinstance(view, CardView)
    assert view.shown == shown
    assert fields <= {each.field for each in view.facts}
    assert len(view.facts) < len(ROCKET_2.facts)


def test_a_topic_that_is_none_shows_the_whole_card_and_says_so(known: Licenses) -> None:
    view = known.answer("rocket-2 bananas")
    assert isinstance(view, CardView)
    assert len(view.facts) == len(ROCKET_2.facts)
    assert any("“bananas” is no topic" in each for each in view.notices)


def test_the_words_licence_and_terms_are_no_topic(known: Licenses) -> None:
    view = known.answer("the rocket-2 license")
    assert isinstance(view, CardView)
    assert (view.shown, view.notices) == ("", ())


def test_a_card_without_facts_says_so_and_shows_what_decides(known: Licenses) -> None:
    view = known.card("rocket-1")
    assert view.facts == ()
    assert any("Nobody has written facts" in each for each in view.notices)
    assert (
        "5 million"
        in {each.label: each.citation for each in view.clauses}["Limit by number of users"].quote
    )


def test_a_document_that_was_never_read_is_said_to_be_so(known: Licenses) -> None:
    view = known.card("zenith-chat")
    assert view.documents[1].version is None
    assert "Zenith Privacy Notice has not been read yet; run `smallprint ingest`." in view.notices


def test_a_view_prints_as_json(rocket: CardView) -> None:
    printed = json.loads(json.dumps(rocket.to_json()))
    assert printed["documents"][0]["version"]["published"] == "2025-05-04"
    assert printed["facts"][0].keys() >= {"field", "value", "says", "status", "source", "clause"}
    assert printed["facts"][0]["citations"][0].keys() >= {"quote", "version", "url", "clause"}


def test_the_list_counts_facts(known: Licenses) -> None:
    rows = {each.card: each for each in known.listed().cards}
    assert (rows["rocket-2"].facts, rows["rocket-2"].stale) == (len(ROCKET_2.facts), 0)
    assert rows["rocket-1"].facts == 0
    assert list(rows) == list(FACTED)


def changed(archive: Archive, source: str, old: str, new: str) -> None:
    """Record a next version of a source, a day later, in which some words are others."""
    text = TEXTS[source].strip()
    assert old in text
    text = text.replace(old, new)
    later = NOW + timedelta(days=1)
    snapshot = Snapshot(source, f"shelf:{source}", "text/plain", later, text.encode())
    archive.record(snapshot, Reading(text), Origin.PUBLISHED, "shelf-1", split(text))


@pytest.fixture
def moved(tmp_path_factory: pytest.TempPathFactory) -> Licenses:
    """The cards after Acme lowered its limit of users and changed nothing else."""
    archive, _ = archived(tmp_path_factory.mktemp("moved"))
    changed(archive, "acme/rocket-2", "40 million", "30 million")
    return licenses(archive)


def test_a_changed_clause_makes_its_own_facts_stale_and_no_other(moved: Licenses) -> None:
    stale = {each.field for each in moved.card("rocket-2").facts if not each.current}
    assert stale == {"commercial-use", "user-threshold", "threshold-measured"}
    assert any("3 facts rest on clauses that changed" in n for n in moved.card("rocket-2").notices)
    assert {row.card: row.stale for row in moved.listed().cards} == {
        **dict.fromkeys(FACTED, 0),
        "rocket-2": 3,
    }


def test_a_stale_fact_says_why_and_shows_the_clause_as_it_reads_now(moved: Licenses) -> None:
    facts = {each.field: each for each in moved.card("rocket-2").facts}
    assert "reworded since it was read" in facts["threshold-measured"].why
    assert "30 million" in facts["threshold-measured"].citations[0].quote


def test_as_of_the_day_before_the_facts_stand_again(moved: Licenses) -> None:
    view = moved.card("rocket-2", as_of=NOW.date())
    assert (view.as_of, len(view.facts)) == (NOW.date(), len(ROCKET_2.facts))
    assert {each.day for each in view.editions} == {date(2025, 5, 4), date(2026, 11, 24)}


def test_as_of_the_day_after_facts_that_do_not_hold_are_left_out(moved: Licenses) -> None:
    view = moved.card("rocket-2", as_of=(NOW + timedelta(days=2)).date())
    assert "user-threshold" not in {each.field for each in view.facts}
    assert any(
        "3 facts of this card rest on clauses that read differently" in n for n in view.notices
    )


def test_a_day_before_any_document_is_refused_in_one_sentence(moved: Licenses) -> None:
    with pytest.raises(QuestionError, match="2001-01-01"):
        moved.card("rocket-2", as_of=date(2001, 1, 1))


def test_facts_that_nobody_confirmed_are_not_relied_on(archive: Archive) -> None:
    from tests.bot.pretend_facts import FACTS_VOCABULARY, MANIFEST, READINGS, Prover, Serving

    readings = {id: replace(each, words={}) for id, each in READINGS.items()}
    serving = Serving(MANIFEST, {}, archive)
    unread = Licenses(
        archive, MANIFEST, serving, FACTED, FACTS_VOCABULARY, Prover(archive, MANIFEST, readings)
    )
    proven = [each for each in unread.card("rocket-2").facts if each.citations]
    assert {each.status for each in proven} == {FactStatus.STALE}
