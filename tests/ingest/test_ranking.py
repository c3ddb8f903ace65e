"""Words are cut so that names and numbers are found; rankings are fused by what they weigh."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.ranking import (
    BESIDE,
    PART,
    RANK_CONSTANT,
    Range,
    Sought,
    best,
    fuse,
    holding,
    parts,
    ranked,
    speaking,
    words,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gemma-3", ["gemma-3", "gemma", "3"]),
        ("version 3.1.", ["version", "3.1", "3", "1"]),
        ("700 MAU", ["700", "mau"]),
        ("(MAU)_limit", ["mau", "limit"]),
        ("STRASSE Straße", ["strass", "strass"]),
        ("indemnify, indemnifies", ["indemnifi", "indemnifi"]),
        ("§ … 🦙", []),
        ("", []),
    ],
)
def test_names_and_numbers_stay_whole_beside_their_parts(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(st.text())
def test_every_part_is_a_word(text: str) -> None:
    assert set(parts(text)) <= set(words(text))
    assert all(words(word) for word in PART.findall(text))


def test_the_best_are_named_by_their_ordinals_across_ranges() -> None:
    scores = np.array([0.1, 0.9, 0.5, 0.7], dtype=np.float32)
    assert best(scores, [(10, 12), (40, 42)], 3) == [11, 41, 40]


def test_equal_scores_keep_the_order_of_the_text() -> None:
    assert best(np.zeros(4, dtype=np.float32), [(3, 7)], 9) == [3, 4, 5, 6]


def test_being_found_both_ways_beats_being_first_one_way() -> None:
    fused = fuse([(1.0, [1, 2]), (1.0, [3, 2])])
    assert max(fused, key=lambda ordinal: fused[ordinal]) == 2
    assert fused[1] == fused[3] == 1 / (RANK_CONSTANT + 1)


def test_an_empty_ranking_adds_nothing() -> None:
    assert fuse([(1.0, [7]), (2.0, [])]) == {7: 1 / (RANK_CONSTANT + 1)}


def test_a_ranking_that_weighs_more_counts_more() -> None:
    fused = fuse([(1.0, [1]), (1.5, [2])])
    assert fused[2] == 1.5 * fused[1]


def test_words_are_left_out_before_their_endings_are() -> None:
    assert words("can uses cause others", frozenset({"can", "others"})) == ["use", "caus"]


def test_the_chunks_that_hold_a_place_come_in_the_order_of_the_places() -> None:
    spans = [(0, "a", 0, 10), (1, "a", 10, 20), (2, "b", 0, 10)]
    assert holding(spans, [("b", 3), ("a", 10), ("a", 19), ("a", 20), ("c", 1)]) == [2, 1]


class Wordless:
    def ranked(self, text: str, ranges: Sequence[Range], depth: int) -> list[int]:
        return []


VECTORS = np.eye(4, dtype=np.float32)


def test_what_something_points_at_comes_before_what_is_merely_near() -> None:
    found = ranked(Sought("", [VECTORS[0]], [3]), VECTORS, Wordless(), [(0, 4)], 4)
    assert [ordinal for ordinal, _, _ in found][:2] == [3, 0]


def test_a_second_vector_of_the_question_counts_half() -> None:
    found = ranked(Sought("", [VECTORS[0], VECTORS[1]]), VECTORS, Wordless(), [(0, 4)], 4)
    assert [ordinal for ordinal, _, _ in found][:2] == [0, 1]


def test_what_stands_beside_is_found_and_counts_less() -> None:
    sought = Sought("", [VECTORS[3]])
    alone = ranked(sought, VECTORS, Wordless(), [(0, 3)], 4)
    together = ranked(sought, VECTORS, Wordless(), [(0, 3)], 4, beside=[(3, 4)])
    whole = ranked(sought, VECTORS, Wordless(), [(0, 4)], 4)
    assert 3 not in {ordinal for ordinal, _, _ in alone}
    score = {ordinal: score for ordinal, score, _ in together}
    assert score[3] == BESIDE * whole[0][1]


TEXTS = [
    "Each party shall bear its own costs.",
    "The courts of Paris have exclusive jurisdiction; no jury trial is held.",
    "A court has jurisdiction that is exclusive.",
    "Exclusive jurisdictions are named below.",
]


def test_what_says_most_phrases_word_after_word_comes_first_and_the_rest_is_left_out() -> None:
    phrases = ["exclusive jurisdiction", "jury trial"]
    assert speaking(phrases, [3, 2, 1, 0], TEXTS.__getitem__) == [1, 3]
    assert speaking(phrases, [2, 0], TEXTS.__getitem__) == []


def test_what_says_as_many_phrases_stays_in_its_order() -> None:
    assert speaking(["exclusive jurisdiction"], [3, 1], TEXTS.__getitem__) == [3, 1]
    assert speaking(["exclusive jurisdiction"], [1, 3], TEXTS.__getitem__) == [1, 3]


@pytest.mark.parametrize("phrases", [[], [""], ["…"]])
def test_without_a_phrase_nothing_speaks(phrases: list[str]) -> None:
    assert speaking(phrases, [0, 1], TEXTS.__getitem__) == []


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_what_speaks_is_some_of_what_was_given(phrases: list[str], texts: list[str]) -> None:
    found = speaking(phrases, range(len(texts)), texts.__getitem__)
    assert len(set(found)) == len(found)
    assert set(found) <= set(range(len(texts)))


class Worded:
    def ranked(self, text: str, ranges: Sequence[Range], depth: int) -> list[int]:
        return [0, 2, 3] if text == "jury trial" else []


def test_what_says_a_phrase_of_what_is_asked_rises() -> None:
    texts = ["the trial of a jury", "no trial", "a jury trial", "jury and trial"]
    for phrases, first in (((), 0), (("jury trial",), 2)):
        sought = Sought("", [VECTORS[0]], phrases=phrases)
        found = ranked(sought, VECTORS, Worded(), [(0, 4)], 4, text_of=texts.__getitem__)
        assert found[0][0] == first
