"""Numbers as texts and people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.figures import figures


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("more than 700 million monthly active users", [700_000_000]),
        ("$1,000,000 a year", [1_000_000]),
        ("2M users", [2_000_000]),
        ("thirty (30) days", [30, 30]),
        ("within forty-five days", [45]),
        ("fourteen days", [14]),
        ("1.5 million", [1_500_000]),
        ("12 000 seats", [12_000]),
        ("one hundred million", [100]),
        ("10k MAU and 5bn tokens", [10_000, 5_000_000_000]),
        ("Llama 3.1", []),
        ("v2 of MP3", []),
        ("", []),
    ],
)
def test_a_figure_is_read_in_every_way_it_is_written(text: str, numbers: list[int]) -> None:
    assert [each.number for each in figures(text)] == numbers


@pytest.mark.parametrize(
    "text", ["$5M", "€5M", "£5M", "USD 5M", "USD5M", "EUR 5M", "US$5M", "$ 5 million"]
)
def test_money_is_known_by_what_stands_before_it(text: str) -> None:
    (found,) = figures(text)
    assert (found.number, found.money) == (5_000_000, True)


def test_a_figure_says_where_it_stands() -> None:
    text = "up to 40 million users"
    (found,) = figures(text)
    assert text[found.start : found.end] == "40 million"


@given(st.text(max_size=300))
def test_any_text_is_read_and_every_figure_stands_in_it(text: str) -> None:
    for each in figures(text):
        assert 0 <= each.start < each.end <= len(text)
        assert each.number >= 0


@given(st.integers(0, 10**12))
def test_a_number_with_separators_is_that_number(number: int) -> None:
    assert [each.number for each in figures(f"{number:,}")] == [number]
