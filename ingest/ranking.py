"""How texts become words to search for, and how two rankings become one. Pure functions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Range = tuple[int, int]

# How much less each further rank counts. Measured on licence questions; the usual 60 finds less.
RANK_CONSTANT = 10

COMPOUND = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")
PART = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """What of ``text`` is searched as a word, in its order, without regard to case.

    Names and numbers such as "gemma-3" and "3.1" are found whole and by each of their parts.
    """
    compounds = COMPOUND.findall(text.casefold())
    return [word for each in compounds for word in dict.fromkeys((each, *PART.findall(each)))]


def parts(text: str) -> list[str]:
    """The words of ``text`` with names and numbers taken apart."""
    return PART.findall(text.casefold())


def best(scores: NDArray[np.float32], ranges: Sequence[Range], count: int) -> list[int]:
    """The ordinals of the ``count`` highest scores, highest first; equal ones in their order.

    Args:
        scores: of every ordinal in ``ranges`` (first, one after the last), range after range.
    """
    ordinals = np.concatenate([np.arange(start, end) for start, end in ranges])
    highest = np.argsort(-scores, kind="stable")[:count]
    found: list[int] = ordinals[highest].tolist()
    return found


def fuse(*rankings: Sequence[int]) -> dict[int, float]:
    """Reciprocal rank fusion: ordinal → sum over the rankings of 1 / (constant + rank)."""
    scores: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, ordinal in enumerate(ranking, start=1):
            scores[ordinal] += 1 / (RANK_CONSTANT + rank)
    return dict(scores)
