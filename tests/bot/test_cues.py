"""Phrases with gaps and with places for names, found in questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cues import Phrases, read


@pytest.mark.parametrize(
    ("phrase", "question", "named", "stands"),
    [
        ("price list", "Where is the PRICE list?", (), True),
        ("price list", "a list of prices", (), False),
        ("price", "what about pricing", (), True),
        ("price", "a priceless thing of princes", (), False),
        ("how much … cost", "how much does the big plan cost", (), True),
        ("how much … cost", "how much cost", (), True),
        ("how much … cost", "how much one two three four five six seven cost", (), False),
        ("will <x> change", "will Acme change it", ("acme",), True),
        ("will <x> change", "will we change it", ("acme",), False),
        ("will <x> change", "will pacmen change it", ("acme",), False),
        ("sub processor list", "the sub-processor list", (), True),
    ],
)
def test_a_phrase_stands_word_after_word(
    phrase: str, question: str, named: tuple[str, ...], stands: bool
) -> None:
    assert Phrases([phrase]).stand_in(read(question, named)) is stands


def test_no_phrases_stand_nowhere() -> None:
    assert not Phrases([]).stand_in(read("anything"))


@given(st.text(max_size=200), st.text(max_size=30), st.text(max_size=10))
def test_any_text_can_be_read(question: str, phrase: str, name: str) -> None:
    assert Phrases([phrase]).stand_in(read(question, (name,))) in (True, False)
