"""A fact stands while its clause says what it said, wherever that clause went."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clauses import split
from ingest.facts import Fact, Pointer
from ingest.proof import ClauseText, FactStatus, Proven, prove
from ingest.readings import Reading, digest

TEXT = """ISLAND FERRY TERMS

These terms are for guests of the island ferry.

1. Passengers. Each passenger may carry two bicycles without a fee.

2. Animals. Dogs travel on deck; more than three dogs need a permit.

3. Things that may not come aboard:

a. fireworks of any kind;

b. open fires.
"""
BIKES = Pointer("ferry/terms", "1", "two bicycles")
DOGS = Pointer("ferry/terms", "Animals", "three dogs")
FIRE = Pointer("ferry/terms", "3", "fireworks")
TITLES = {"ferry/terms": "Ferry Terms"}


def text(written: str = TEXT) -> ClauseText:
    return ClauseText(1, split(written.strip()))


def reading(*pointers: Pointer) -> Reading:
    words = {each: digest(text().at(each)[0]) for each in pointers}
    return Reading(date(2026, 3, 4), words)


def held(written: str, *pointers: Pointer, confirmed: bool = True) -> Proven:
    fact = Fact("luggage", "permitted", "Bicycles travel free.", pointers)
    known = reading(*pointers) if confirmed else None
    return prove(fact, {"ferry/terms": text(written)}, known, TITLES)


def test_a_fact_stands_on_the_text_it_was_read_against() -> None:
    proven = held(TEXT, BIKES, DOGS)
    assert proven.status is FactStatus.CURRENT
    assert [each.clause.label for each in proven.proofs] == ["1", "2"]
    assert proven.why == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("two bicycles without a fee", "two bicycles for a fee"),  # the term still stands
        ("may carry", "may no longer carry"),
        ("two bicycles", "one bicycle"),
        (" Each passenger may carry two bicycles without a fee.", " Passengers board first."),
    ],
)
def test_a_change_of_its_clause_makes_a_fact_stale_and_no_other(old: str, new: str) -> None:
    changed = TEXT.replace(old, new)
    assert changed != TEXT
    assert held(changed, BIKES).status is FactStatus.STALE
    assert held(changed, DOGS).status is FactStatus.CURRENT
    assert held(changed, FIRE).status is FactStatus.CURRENT


def test_a_reworded_clause_is_shown_as_it_reads_now_and_why_the_fact_fell() -> None:
    proven = held(TEXT.replace("without a fee", "for a fee"), BIKES)
    assert "for a fee" in proven.proofs[0].clause.text
    assert proven.why == "1 of Ferry Terms was reworded since it was read on 2026-03-04."


def test_a_clause_that_is_gone_is_said_to_be_gone() -> None:
    proven = held(TEXT.replace("two bicycles", "a trunk"), BIKES)
    assert proven.proofs == ()
    assert proven.why == "“two bicycles” no longer stands in 1 of Ferry Terms."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("without a fee", "without\n  a fee"),  # wrapped
        ("carry two", "carry **two**"),  # marked
        ("ISLAND FERRY TERMS", "ISLAND FERRY TERMS\n\nWelcome aboard."),
    ],
)
def test_what_does_not_change_the_words_of_a_clause_changes_nothing(old: str, new: str) -> None:
    assert held(TEXT.replace(old, new), BIKES).status is FactStatus.CURRENT


def test_a_clause_that_moved_to_another_number_is_known_again() -> None:
    moved = TEXT.replace("3. Things", "4. Things").replace("2. Animals", "3. Animals")
    moved = moved.replace("1. Passengers", "1. Greeting. Welcome aboard.\n\n2. Passengers")
    for pointer in (BIKES, DOGS, FIRE):
        assert held(moved, pointer).status is FactStatus.CURRENT


def test_one_of_two_clauses_is_enough_to_make_a_fact_stale() -> None:
    changed = TEXT.replace("on deck", "below deck")
    assert held(changed, BIKES, DOGS).status is FactStatus.STALE


def test_a_fact_that_nobody_confirmed_is_not_relied_on() -> None:
    proven = held(TEXT, BIKES, confirmed=False)
    assert proven.status is FactStatus.STALE
    assert "Nobody has confirmed" in proven.why


def test_a_document_that_was_never_read_proves_nothing() -> None:
    fact = Fact("luggage", "permitted", "Bicycles travel free.", (BIKES,))
    proven = prove(fact, {}, reading(BIKES), TITLES)
    assert (proven.status, proven.why) == (FactStatus.UNREAD, "Ferry Terms has not been read.")


def test_a_fact_without_clauses_says_what_no_text_settles() -> None:
    fact = Fact("luggage", "unclear", "The terms do not speak of skis.", ())
    assert prove(fact, {}, None, TITLES).status is FactStatus.CURRENT


@pytest.mark.parametrize("section", ["2", "Animals", "2. Animals", "animals"])
def test_a_section_is_found_by_number_or_heading(section: str) -> None:
    (found,) = text().at(Pointer("ferry/terms", section, "Dogs travel"))
    assert found.label == "2"


def test_a_section_holds_what_stands_below_it_and_nothing_beside_it() -> None:
    assert len(text().at(FIRE)) == 1
    assert text().at(Pointer("ferry/terms", "2", "fireworks")) == []


def test_a_page_that_prints_its_text_twice_proves_the_same() -> None:
    assert held(f"{TEXT}\n{TEXT}", BIKES).status is FactStatus.CURRENT


@given(st.text(max_size=120))
def test_any_words_put_behind_the_text_leave_facts_before_them_standing(more: str) -> None:
    proven = held(f"{TEXT}\n\n4. {more}", BIKES)
    assert proven.status is FactStatus.CURRENT
