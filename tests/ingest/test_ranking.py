"""Words are cut so that names and numbers are found; ranks are fused by what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.ranking import RANK_CONSTANT, best, fuse, parts, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gemma-3", ["gemma-3", "gemma", "3"]),
        ("version 3.1.", ["version", "3.1", "3", "1"]),
        ("700 MAU", ["700", "mau"]),
        ("(MAU)_limit", ["mau", "limit"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("§ … 🦙", []),
        ("", []),
    ],
)
def test_names_and_numbers_stay_whole_beside_their_parts(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(st.text())
def test_every_word_is_a_part_or_made_of_parts(text: str) -> None:
    single = set(parts(text))
    assert all(part in single for word in words(text) for part in parts(word))
    assert single <= set(words(text))


def test_the_best_are_named_by_their_ordinals_across_ranges() -> None:
    scores = np.array([0.1, 0.9, 0.5, 0.7], dtype=np.float32)
    assert best(scores, [(10, 12), (40, 42)], 3) == [11, 41, 40]


def test_equal_scores_keep_the_order_of_the_text() -> None:
    assert best(np.zeros(4, dtype=np.float32), [(3, 7)], 9) == [3, 4, 5, 6]


def test_being_found_both_ways_beats_being_first_one_way() -> None:
    fused = fuse([1, 2], [3, 2])
    assert max(fused, key=lambda ordinal: fused[ordinal]) == 2
    assert fused[1] == fused[3] == 1 / (RANK_CONSTANT + 1)


def test_an_empty_ranking_adds_nothing() -> None:
    assert fuse([7], []) == {7: 1 / (RANK_CONSTANT + 1)}
