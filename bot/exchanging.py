"""Names and days within a typed question: where they stand, and the same question with others.

Pure; works on offsets into the folded text and keeps the case that people typed where it can.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain import Scope
from bot.names import Mention
from bot.wording import day
from bot.words import plain

_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,/&+-]{0,4}(?:(?:vs|versus|or|and)\b[\s.,]{0,3})?")
_SIZE = re.compile(r"\s{1,2}\d{1,4}(?:\.\d{1,2})?[bm]\b")
_SPACES = re.compile(r"\s{2,}")


@dataclass(frozen=True, slots=True)
class Named:
    """The names of a text: as they decide its scope, and every stretch of it that names.

    ``words`` are the names in order, ``runs`` the offsets of neighbouring names ("qwen vs llama")
    into the text of :func:`shown`, ``sides`` how many things are named.
    """

    words: tuple[str, ...] = ()
    runs: tuple[tuple[int, int], ...] = ()
    sides: int = 0

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def spoken(self) -> str:
        """The names as they stand before a question: "qwen vs llama"."""
        return (" vs " if self.sides > 1 else " ").join(self.words)


def shown(text: str) -> str:
    """``text`` with the case that was typed, where offsets fit those into ``plain(text)``."""
    kept = _POSSESSIVE.sub("", unicodedata.normalize("NFKC", text))
    folded = plain(text)
    return kept if len(kept) == len(folded) and kept.casefold() == folded else folded


def named_in(text: str, scope: Scope, mentions: Callable[[str], list[Mention]]) -> Named:
    """The names of ``text`` that decide ``scope``, and those of what is not covered."""
    found = mentions(text)
    missing = " ".join([*scope.elsewhere, *scope.unknown]).casefold()
    deciding = [
        each
        for each in found
        if each.words in scope.named or not each.targets or each.words in missing
    ]
    if not deciding:
        return Named()
    kept = shown(text)
    words = tuple(dict.fromkeys(kept[each.start : each.end] for each in deciding))
    return Named(words, _runs(kept, found), len(words))


def _runs(text: str, mentions: Sequence[Mention]) -> tuple[tuple[int, int], ...]:
    """Offsets of names that follow each other with nothing but a connector between them."""
    runs: list[tuple[int, int]] = []
    for each in mentions:
        if runs and _BETWEEN.fullmatch(text[runs[-1][1] : each.start].casefold()):
            runs[-1] = (runs[-1][0], each.end)
        else:
            runs.append((each.start, each.end))
    return tuple(runs)


def exchanged(question: str, names: Named, instead: str) -> str:
    """``question`` with ``instead`` in place of one of its names; before it where it has none.

    That is the name most like ``instead``, else the first; names that decide nothing go with it
    ("Meta" beside "Llama 4"), while another thing that is spoken of stays.
    """
    if not names:
        return f"{instead}: {question}"
    text = shown(question)
    gone = _gone([text[start:stop] for start, stop in names.runs], names.words, instead)
    parts, end = [], 0
    for (start, stop), goes in zip(names.runs, gone, strict=True):
        if goes:
            parts += [text[end:start], instead]
            size = _SIZE.match(text, stop)
            end = size.end() if size else stop
    return _SPACES.sub(" ", "".join([*parts, text[end:]])).strip()


def _gone(runs: Sequence[str], deciding: Sequence[str], instead: str) -> list[bool]:
    """Which of the runs are exchanged."""
    told = [{each for each in deciding if _holds(run, each)} for run in runs]
    first = plain(instead).split()[:1]
    alike = [
        place for place, run in enumerate(runs) if told[place] and plain(run).split()[:1] == first
    ]
    chosen = alike or [place for place, words in enumerate(told) if words]
    return [not words or bool(words & told[chosen[0]]) for words in told]


def _holds(run: str, name: str) -> bool:
    """Whether a name stands in a run of names; "llama 3" does not in "llama 3.1"."""
    return re.search(rf"(?<!\w){re.escape(name)}(?![\w.]*\w)", run) is not None


def without_day(question: str, scope: Scope) -> str:
    """``question`` without the phrase that names its day."""
    if scope.as_of is None or scope.as_of.end == 0:
        return question
    text = shown(question)
    return _SPACES.sub(" ", text[: scope.as_of.start] + text[scope.as_of.end :]).strip()


def with_day(question: str, scope: Scope, as_of: date) -> str:
    """``question`` with the phrase that names its day spelt out."""
    if scope.as_of is None or scope.as_of.end == 0:
        return question
    text = shown(question)
    return f"{text[: scope.as_of.start]}as of {day(as_of)}{text[scope.as_of.end :]}"
