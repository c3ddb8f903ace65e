"""The day that a question is about."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asof import as_of_in

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("as of 20 march 2026, did acme train on inputs", date(2026, 3, 20)),
        ("as of march 20, 2026, did acme train on inputs", date(2026, 3, 20)),
        ("as of the 3rd of june 2026", date(2026, 6, 3)),
        ("what held as of 2026-03-20?", date(2026, 3, 20)),
        ("what did the terms say on 12 feb", date(2026, 2, 12)),
        ("what did the terms say on 12 december", date(2025, 12, 12)),
        ("what did the terms say when we signed in january?", date(2026, 1, 31)),
        ("as of february 2024", date(2024, 2, 29)),
        ("last december, did acme own outputs?", date(2025, 12, 31)),
        ("last november, did acme own outputs?", date(2025, 11, 30)),
        ("as of november", TODAY),
        ("back in 2024", date(2024, 12, 31)),
        ("what was the cap last year", date(2025, 12, 31)),
        ("what was the cap last month", date(2026, 10, 31)),
        ("what was the cap last week", date(2026, 11, 22)),
        ("what was the cap yesterday", date(2026, 11, 24)),
        ("two weeks ago it said otherwise", date(2026, 11, 11)),
        ("90 days ago", date(2026, 8, 27)),
        ("a year ago", date(2025, 11, 25)),
    ],
)
def test_a_day_in_the_past_is_read(text: str, day: date) -> None:
    found = as_of_in(text, TODAY)
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize(
    "text",
    [
        "may we sell outputs",
        "since march 2026 acme trains on inputs",
        "rocket 2 was released in april 2025, may we sell it?",
        "acme was founded in 2023",
        "terms of march 2023",
        "as of december 2027",
        "as of 30 february 2026",
        "5 days of notice",
        "what changes on 1 december 2026",
        "100000 years ago",
    ],
)
def test_other_times_are_no_day_to_answer_for(text: str) -> None:
    assert as_of_in(text, TODAY) is None


def test_a_month_is_answered_for_at_its_end_and_says_when_it_began() -> None:
    found = as_of_in("as of march 2026", TODAY)
    assert found is not None
    assert (found.first, found.day) == (date(2026, 3, 1), date(2026, 3, 31))


def test_only_words_that_leave_no_doubt_are_firm() -> None:
    firm = as_of_in("as of march 2026", TODAY)
    said = as_of_in("what did it say on 1 june 2024", TODAY)
    loose = as_of_in("in march 2026", TODAY)
    assert firm is not None
    assert said is not None
    assert loose is not None
    assert (firm.firm, said.firm, loose.firm) == (True, True, False)


def test_what_is_asked_for_goes_before_what_is_named_in_passing() -> None:
    found = as_of_in("in may 2026 we asked what held as of 2 january 2026", TODAY)
    assert found is not None
    assert found.day == date(2026, 1, 2)


@given(st.text(), st.dates(date(2000, 1, 1)))
def test_no_text_is_read_as_a_day_to_come(text: str, today: date) -> None:
    found = as_of_in(f"as of {text} in {text} ago", today)
    assert found is None or found.first <= found.day <= today
