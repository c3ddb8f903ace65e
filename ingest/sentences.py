"""Where sentences end, and how a long text is cut without hurting them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

_LEAST_SENTENCE = 30  # "(iv) Disputes." is the title of the sentence behind it
_SENTENCE_END = re.compile(r"[.!?][\"”’')\]*_]{0,4}\s+(?=[^\W_a-z]|[“\"'(\[*_§•-])")
_NO_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|inc|no|nos|art|co|ltd|corp|vs|mr|mrs|dr|st|cf|u\.s|u\.k|approx|sec)"
    r"|(?<![^\W_])[A-Za-z])$",
    re.IGNORECASE,
)
_CLOSE_END = re.compile(r"(?<=[a-z)”\]])[.;](?=[A-Z“])|[.;:)](?=\d{1,2}\\?\.)")
_WEAKER_ENDS = (_CLOSE_END, re.compile(r"[;:]\s+"), re.compile(r",\s+"), re.compile(r"\s+"))


def cut(text: str, start: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    """Cut ``text[start:end]`` at sentence ends into spans of about ``size`` characters.

    A sentence of up to twice that size stays whole; a longer one is cut at a semicolon, else a
    comma, else between words, else anywhere. Spans have no white space around them and together
    cover every other character.
    """
    ends = _sentence_ends(text, start, end)
    while end - start > size:
        last = _last_between(ends, start, start + size) or _first_after(ends, start + size)
        if last is None or last > start + 2 * size:
            last = min(_weaker_end(text, start, start + size), end)
        yield from _stripped(text, start, last)
        start = last
    yield from _stripped(text, start, end)


def last_sentence(text: str) -> str:
    """The last sentence of a text: where a paragraph leads into a list, the words that do."""
    ends = _sentence_ends(text, 0, len(text))
    return text[ends[-1] if ends else 0 :]


def first_sentence_end(text: str, start: int, end: int) -> int | None:
    """Where the sentence that begins at ``start`` ends, if another follows it before ``end``."""
    ends = _sentence_ends(text, start, end, least=0)
    return ends[0] if ends and ends[0] < end else None


def _sentence_ends(text: str, start: int, end: int, least: int = _LEAST_SENTENCE) -> list[int]:
    """Where sentences end: offsets behind the white space, in order."""
    ends = [start]
    for found in _SENTENCE_END.finditer(text, start, end):
        abbreviated = _NO_END.search(text[max(start, found.start() - 12) : found.start()])
        if not abbreviated and found.end() - ends[-1] >= least:
            ends.append(found.end())
    return ends[1:]


def _last_between(ends: list[int], low: int, high: int) -> int | None:
    place = bisect_right(ends, high) - 1
    return ends[place] if place >= 0 and ends[place] > low else None


def _first_after(ends: list[int], low: int) -> int | None:
    place = bisect_right(ends, low)
    return ends[place] if place < len(ends) else None


def _weaker_end(text: str, start: int, end: int) -> int:
    for pattern in _WEAKER_ENDS:
        # A cut in the first half would leave crumbs.
        found = [match.end() for match in pattern.finditer(text, (start + end) // 2, end)]
        if found:
            return found[-1]
    return end


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    span = text[start:end]
    left = start + len(span) - len(span.lstrip())
    right = start + len(span.rstrip())
    if left < right:
        yield left, right
