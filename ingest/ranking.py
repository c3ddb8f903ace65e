"""How texts become words to search for, and how two rankings become one. Pure functions.

Vectors are compared one by one unless the caller has a faster way: for some thousand chunks that
takes two milliseconds, and it can be limited to any sources.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from snowballstemmer import stemmer  # type: ignore[import-untyped]

Range = tuple[int, int]
Vector = NDArray[np.float32]
Place = tuple[str, int]
"""A source, and an offset in characters into the text of it that is searched."""

# How much less each further rank counts. Measured on own questions; the usual 60 finds less.
RANK_CONSTANT = 5

# What the rankings weigh: nearness to the question's meaning, then to its other vector; its words;
# the phrases that texts use for what it is about; what facts point at (docs/retrieval.md).
BY_MEANING = (1.0, 0.5)
BY_WORDS = 1.0
BY_PHRASES = 1.0
BY_POINTING = 1.5

# What a chunk of a source that only stands beside those asked about keeps of its score.
BESIDE = 0.6

# What each of the rankings may put forward.
CANDIDATES = 50

COMPOUND = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")
PART = re.compile(r"[^\W_]+")


_english = stemmer("english")


@lru_cache(maxsize=65_536)
def stemmed(word: str) -> str:
    """A lower-case word without its ending: "indemnify" and "indemnifies" are one."""
    stem: str = _english.stemWord(word)
    return stem


def words(text: str, left_out: Collection[str] = frozenset()) -> list[str]:
    """What of ``text`` is searched as a word, in its order, without regard to case and ending.

    Names and numbers such as "gemma-3" and "3.1" are found whole and by each of their parts.
    ``left_out`` are words with their endings.
    """
    compounds = COMPOUND.findall(text.casefold())
    found = (word for each in compounds for word in dict.fromkeys((each, *PART.findall(each))))
    return [stemmed(word) for word in found if word not in left_out]


def parts(text: str) -> list[str]:
    """The words of ``text`` as they are searched, with names and numbers taken apart."""
    return list(map(stemmed, PART.findall(text.casefold())))


def best(scores: NDArray[np.float32], ranges: Sequence[Range], count: int) -> list[int]:
    """The ordinals of the ``count`` highest scores, highest first; equal ones in their order.

    Args:
        scores: of every ordinal in ``ranges`` (first, one after the last), range after range.
    """
    ordinals = np.concatenate([np.arange(start, end) for start, end in ranges])
    highest = np.argsort(-scores, kind="stable")[:count]
    found: list[int] = ordinals[highest].tolist()
    return found


def fuse(rankings: Iterable[tuple[float, Sequence[int]]]) -> dict[int, float]:
    """Reciprocal rank fusion: ordinal → sum over rankings of their weight / (constant + rank)."""
    scores: dict[int, float] = defaultdict(float)
    for weight, ranking in rankings:
        for rank, ordinal in enumerate(ranking, start=1):
            scores[ordinal] += weight / (RANK_CONSTANT + rank)
    return dict(scores)


class Worded(Protocol):
    """A ranking by words; :class:`ingest.lexicon.Lexicon` is one."""

    def ranked(self, text: str, ranges: Sequence[Range], depth: int) -> list[int]:
        """Ordinals within ``ranges`` that share words with ``text``, best first."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is searched for.

    ``vectors`` are those of the question, of length 1, the one that counts most first; no more
    than :data:`BY_MEANING` has weights. ``pointed`` are ordinals that something else, such as a
    fact, says decide, best first. ``phrases`` are those that texts use for what is asked.
    """

    text: str
    vectors: Sequence[Vector]
    pointed: Sequence[int] = ()
    phrases: Sequence[str] = ()


def ranked(
    sought: Sought,
    vectors: Vector,
    lexicon: Worded,
    ranges: Sequence[Range],
    k: int,
    *,
    beside: Sequence[Range] = (),
    nearest: Callable[[Vector, int], list[int]] | None = None,
    text_of: Callable[[int], str] = lambda _: "",
) -> list[tuple[int, float, float]]:
    """The ``k`` best ordinals by meaning, words, phrases and by what points at them, best first.

    Args:
        vectors: one row for each ordinal.
        beside: ranges that count less, in addition to ``ranges``.
        nearest: a faster way to the ordinals nearest to a vector, where there is one.
        text_of: what is searched of an ordinal; without it, phrases find nothing.

    Returns:
        Ordinal, fused score, and cosine with the question's first vector (-1 to 1).
    """
    depth = max(CANDIDATES, k)
    within = [*ranges, *beside]
    near = [
        nearest(each, depth) if nearest else _near(each, vectors, within, depth)
        for each in sought.vectors
    ]
    by_words = lexicon.ranked(sought.text, within, depth)
    worded_alike = lexicon.ranked(" ".join(sought.phrases), within, depth)
    scores = fuse(
        [
            *zip(BY_MEANING, near, strict=False),
            (BY_WORDS, by_words),
            (BY_PHRASES, speaking(sought.phrases, worded_alike, text_of)),
            (BY_POINTING, sought.pointed),
        ]
    )
    for each in scores:
        if any(start <= each < end for start, end in beside):
            scores[each] *= BESIDE
    cosines = np.clip(vectors[list(scores)] @ sought.vectors[0], -1.0, 1.0)
    similarity = dict(zip(scores, cosines.tolist(), strict=True))
    order = sorted(scores, key=lambda each: (-scores[each], -similarity[each]))[:k]
    return [(each, scores[each], similarity[each]) for each in order]


def speaking(
    phrases: Sequence[str], ordinals: Sequence[int], text_of: Callable[[int], str]
) -> list[int]:
    """Those of ``ordinals`` in whose text a phrase stands word after word, most phrases first.

    Those with equally many stay in their order.
    """
    wanted = {_run(phrase) for phrase in phrases if parts(phrase)}
    held = {each: sum(run in _run(text_of(each)) for run in wanted) for each in ordinals}
    return sorted(filter(held.get, ordinals), key=lambda each: -held[each])


@lru_cache(maxsize=4_096)
def _run(text: str) -> str:
    """The words of ``text`` in a form in which phrases of whole words are found."""
    return f" {' '.join(parts(text))} "


def holding(spans: Sequence[tuple[int, str, int, int]], wanted: Sequence[Place]) -> list[int]:
    """The ordinals of the chunks that hold ``wanted``, in that order, each once.

    Args:
        spans: ordinal, source, start and end of every chunk that may hold one.
        wanted: source and offset into the text of the version that is searched.
    """
    found = (
        ordinal
        for source, at in wanted
        for ordinal, of, start, end in spans
        if of == source and start <= at < end
    )
    return list(dict.fromkeys(found))


def ranges_of(sources: Sequence[str]) -> dict[str, Range]:
    """Source → its range, of ordinals that are sorted by source."""
    ranges: dict[str, Range] = {}
    for ordinal, source in enumerate(sources):
        first, _ = ranges.get(source, (ordinal, ordinal))
        ranges[source] = (first, ordinal + 1)
    return ranges


def _near(
    vector: NDArray[np.float32],
    vectors: NDArray[np.float32],
    ranges: Sequence[Range],
    depth: int,
) -> list[int]:
    rows = [vectors[start:end] @ vector for start, end in ranges]
    return best(np.concatenate(rows), ranges, depth)
