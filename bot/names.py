"""Finding declared names in what people type: any punctuation, longest first, small slips forgiven.

Built once from all names; knows nothing of what a name leads to beyond an opaque target.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.words import Token, glue, listed, plain, tokens


class NameKind(IntEnum):
    """What a name stands for, most telling first."""

    CARD = 0
    SOURCE = 1
    FAMILY = 2
    VENDOR = 3
    ELSEWHERE = 4


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """What a name leads to: the id of a card, source, family, vendor or uncovered product.

    ``maker`` is the vendor of the model that was named, which need not be who wrote its licence.
    """

    kind: NameKind
    id: str
    maker: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """One declared name. ``versioned``: another number behind it would be another thing."""

    text: str
    target: Target
    versioned: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a folded text that names something, with its offsets.

    Without targets it is a version that nobody declared.
    """

    words: str
    targets: frozenset[Target]
    start: int
    end: int


# Ordinary words that are one slip away from a name people ask about; they are never corrected.
ORDINARY_WORDS = listed(
    "boom clade claus clause clauses dale fail galactic gamma grant grants infection king meat "
    "model nave open synthesis"
)
_CONNECTORS = frozenset({"vs", "versus", "or", "and", "to", "than", "from"})
_UNITS = frozenset(
    {"b", "d", "m", "k", "t", "bn", "x", "gb", "mb", "bit", "st", "nd", "rd", "th", "s"}
)
_COUNTED = listed(
    "million millions billion thousand hundred percent mau users user people times days day weeks "
    "months month years year usd dollars euros seats customers"
)
_SHORTEST_CORRECTED = 5
_SHORTEST_HEAD = 3
_LONGEST_VERSION = 4
_HIGHEST_VERSION = 50


class NameTable:
    """All declared names, ready to be found in a text."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._exact: dict[str, set[Target]] = defaultdict(set)
        self._numbered: dict[str, set[Target]] = defaultdict(set)
        self._heads: set[str] = set()
        self._words: set[str] = set()
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        self._longest = 1
        for name in names:
            self._add(name)
        for word in sorted(self._words):
            if len(word) >= _SHORTEST_CORRECTED and word.isalpha():
                self._by_letter[word[0]].append(word)

    def _add(self, name: Name) -> None:
        read = tokens(plain(name.text))
        parts = [each.text for each in read]
        if not parts:
            return
        self._exact[glue(parts)].add(name.target)
        self._words.update(parts)
        self._longest = max(self._longest, len(parts) + 1)
        first = next((at for at, part in enumerate(parts) if part[0].isdigit()), 0)
        head = glue(parts[:first])
        if name.versioned and len(head) >= _SHORTEST_HEAD and not _is_size(read, first):
            self._heads.add(head)
            self._numbered[glue(parts[: first + 1])].add(name.target)

    def mentions(self, text: str) -> list[Mention]:
        """Every declared name in ``text``, in order; overlapping ones give way to the longest."""
        folded = plain(text)
        found = tokens(folded)
        corrected = {word: self._corrected(word) for word in {each.text for each in found}}
        read = [corrected[each.text] for each in found]
        mentions: list[Mention] = []
        at, head, ended = 0, "", 0
        while at < len(found):
            length, targets = self._longest_at(found, read, at)
            follows = at == ended or found[at - 1].text in _CONNECTORS
            if not length and head and follows and self._continues(found[at], head):
                length, targets = 1, self._numbered[head + read[at]]
            if length:
                start, end = found[at].start, found[at + length - 1].end
                mentions.append(Mention(folded[start:end], frozenset(targets), start, end))
                head, ended = self._head(read[at : at + length]), at + length
            at += max(length, 1)
        return mentions

    def _longest_at(
        self, found: Sequence[Token], read: Sequence[str], at: int
    ) -> tuple[int, set[Target]]:
        """The longest name that begins at token ``at``: its tokens (0: none) and its targets."""
        end = at + 1
        while end < min(len(found), at + self._longest) and not found[end].breaks:
            end += 1
        for stop in range(end, at, -1):
            key = glue(read[at:stop])
            if key in self._heads and stop < end and _is_version(found, stop):
                if self._is_run_over(read, at, stop, end):
                    continue
                return stop - at + 1, set()
            targets = self._exact.get(key) or self._numbered.get(key)
            if not targets or (stop == at + 1 and _is_other_letter(found[at].text, read[at])):
                continue
            if not self._is_run_over(read, at, stop, end):
                return stop - at, targets
        return 0, set()

    def _is_run_over(self, read: Sequence[str], at: int, stop: int, end: int) -> bool:
        """Whether a name begins within a found one and goes on behind it: "original [llama 3]"."""
        return any(
            glue(read[begin:close]) in self._exact or glue(read[begin:close]) in self._numbered
            for begin in range(at + 1, stop)
            for close in range(stop + 1, end + 1)
        )

    def _head(self, parts: Sequence[str]) -> str:
        """The numbered family that ``parts`` begin with ("llama" of "llama 3.1 70b"), or ""."""
        first = next((at for at, part in enumerate(parts) if part[0].isdigit()), len(parts))
        head = glue(parts[:first])
        return head if head in self._heads else ""

    def _continues(self, token: Token, head: str) -> bool:
        """Whether a number stands for the family named just before ("llama 2 vs 3.1")."""
        return token.is_number and not token.breaks and head + token.text in self._numbered

    def _corrected(self, word: str) -> str:
        """The declared word that ``word`` is a slip of, else ``word`` itself."""
        if len(word) < _SHORTEST_CORRECTED - 1 or word in self._words or word in ORDINARY_WORDS:
            return word
        near = process.extractOne(
            word, self._by_letter.get(word[0], ()), scorer=OSA.distance, score_cutoff=1
        )
        return near[0] if near else word


def _is_other_letter(typed: str, read: str) -> bool:
    """Whether a correction exchanged a letter: too daring for a name of one word ("never")."""
    return len(typed) == len(read) and typed != read and sorted(typed) != sorted(read)


def _is_version(found: Sequence[Token], at: int) -> bool:
    """Whether the number at ``at`` reads as a version: no size, count, year or new clause."""
    token = found[at]
    if not token.is_number or token.breaks or len(token.text) > _LONGEST_VERSION:
        return False
    if int(token.text.partition(".")[0]) >= _HIGHEST_VERSION:
        return False
    after = found[at + 1] if at + 1 < len(found) else None
    return after is None or after.breaks or not (_is_size(found, at) or after.text in _COUNTED)


def _is_size(found: Sequence[Token], at: int) -> bool:
    """Whether a unit sticks to the number at ``at``: "27b", "8x7b", "128k"."""
    after = found[at + 1] if at + 1 < len(found) else None
    return after is not None and after.glued and after.text in _UNITS
