"""Words: one form for what looks alike, stems that bring forms of a word together."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words import glue, plain, stem, stems, tokens


def texts(text: str) -> list[str]:
    return [each.text for each in tokens(plain(text))]


def test_letters_and_digits_part_and_numbers_lose_their_zeros() -> None:
    assert texts("Rocket2.5-72B v3.0 (2024-04-01)") == (
        ["rocket", "2.5", "72", "b", "3", "2024", "4", "1"]
    )


def test_a_possessive_and_the_spelling_of_licence_fall_away() -> None:
    assert texts("Acme's licences, ACME’S license") == ["acme", "license", "acme", "license"]


def test_a_break_is_a_mark_with_a_space_or_a_new_line() -> None:
    found = tokens(plain("one. two three-four\nfive 1.5"))
    assert [each.text for each in found if each.breaks] == ["two", "five"]


def test_glued_words_are_equal_but_numbers_stay_apart() -> None:
    assert glue(["open", "ai"]) == glue(["openai"])
    assert glue(["rocket", "3", "1"]) != glue(["rocket", "31"])


@pytest.mark.parametrize(
    "forms",
    [
        "distil distilled distilling distillation",
        "modify modified modification modifications",
        "train trained training",
        "terminate termination terminated",
        "own owner owners ownership",
        "revoke revocation",
        "policy policies",
        "indemnify indemnity indemnification",
        "liable liability",
    ],
)
def test_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(each) for each in forms.split()}) == 1


@pytest.mark.parametrize("pair", ["model mode", "user use", "patent pattern", "term terminate"])
def test_other_words_keep_stems_of_their_own(pair: str) -> None:
    one, other = pair.split()
    assert stem(one) != stem(other)


def test_words_that_say_nothing_are_left_out() -> None:
    assert stems("What would we have to do if they sue us?") == ["sue"]


@given(st.text(max_size=200))
def test_tokens_lie_in_order_within_the_text(text: str) -> None:
    folded = plain(text)
    found = tokens(folded)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(0 <= each.start < each.end <= len(folded) for each in found)
