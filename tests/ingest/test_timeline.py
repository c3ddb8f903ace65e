"""Which version was in force on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.timeline import Stand, beginnings, in_force

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def stand(
    number: int, seen: date, published: date | None = None, effective: date | None = None
) -> Stand:
    moment = datetime(seen.year, seen.month, seen.day, 9, tzinfo=UTC)
    return Stand("acme/terms", number, f"git:{number}", moment, published, effective)


JANUARY, MARCH, MAY = date(2026, 1, 10), date(2026, 3, 10), date(2026, 5, 10)
UNDATED = [stand(1, JANUARY), stand(2, MARCH), stand(3, MAY)]


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (JANUARY, 1),
        (date(2026, 3, 9), 1),
        (MARCH, 2),
        (date(2026, 5, 9), 2),
        (MAY, 3),
        (date(2027, 1, 1), 3),
    ],
)
def test_a_text_without_dates_counts_from_the_day_it_was_seen(day: date, number: int) -> None:
    found = in_force(UNDATED, day)
    assert found is not None
    assert found.stand.number == number


def test_before_the_first_text_was_seen_nothing_is_known() -> None:
    assert in_force(UNDATED, date(2026, 1, 9)) is None
    assert in_force([], MAY) is None


def test_a_licence_without_a_date_has_always_stood() -> None:
    found = in_force(UNDATED, date(2020, 1, 1), ageless=True)
    assert found is not None
    assert (found.stand.number, found.since, found.until) == (1, None, MARCH)


def test_the_first_text_counts_from_the_day_that_it_states() -> None:
    stands = [stand(1, JANUARY, published=date(2025, 6, 1)), *UNDATED[1:]]
    found = in_force(stands, date(2025, 6, 1))
    assert found is not None
    assert found.since == date(2025, 6, 1)
    assert in_force(stands, date(2025, 5, 31)) is None


def test_a_text_that_names_a_later_day_does_not_count_before_it() -> None:
    stands = [stand(1, JANUARY), stand(2, MARCH, effective=date(2026, 4, 1))]
    before = in_force(stands, date(2026, 3, 31))
    after = in_force(stands, date(2026, 4, 1))
    assert before is not None
    assert after is not None
    assert (before.stand.number, before.until, before.coming) == (1, date(2026, 4, 1), True)
    assert (after.stand.number, after.until, after.coming) == (2, None, False)


def test_a_text_seen_late_counts_from_its_own_day() -> None:
    stands = [stand(1, JANUARY), stand(2, MARCH, effective=date(2026, 3, 4))]
    found = in_force(stands, date(2026, 3, 5))
    assert found is not None
    assert found.stand.number == 2


def test_a_change_under_an_old_date_counts_from_the_day_it_was_seen() -> None:
    old = date(2025, 6, 1)
    stands = [stand(1, JANUARY, published=old), stand(2, MARCH, published=old)]
    assert beginnings(stands) == [old, MARCH]


def test_of_two_texts_seen_on_one_day_the_later_one_counts() -> None:
    found = in_force([stand(1, MARCH), stand(2, MARCH)], MARCH)
    assert found is not None
    assert found.stand.number == 2


def test_a_correction_before_the_effective_day_takes_the_place_of_what_it_corrects() -> None:
    june = date(2026, 6, 1)
    stands = [stand(1, JANUARY), stand(2, MARCH, effective=june), stand(3, MAY, effective=june)]
    found = in_force(stands, june)
    assert found is not None
    assert found.stand.number == 3


@given(st.lists(st.tuples(DAYS, st.none() | DAYS, st.none() | DAYS), min_size=1), DAYS)
def test_whatever_counts_had_begun_and_ends_before_another_begins(
    rows: list[tuple[date, date | None, date | None]], day: date
) -> None:
    stands = [stand(n, *row) for n, row in enumerate(sorted(rows, key=lambda row: row[0]), 1)]
    found = in_force(stands, day)
    begins = beginnings(stands)
    if found is None:
        assert all(each is not None and each > day for each in begins)
        return
    assert found.since is not None
    assert found.since <= day
    assert found.until is None or found.until > day
    later = in_force(stands, day + timedelta(days=4_000))
    assert later is not None
