"""Which clause of one version is which of the next: the same, reworded, moved, added or removed.

Decides who belongs together and how alike they are; what a difference means for anybody is left to
those who read the pairs.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from ingest.domain import Clause
from ingest.sameness import for_comparison

_ALIKE = 0.55  # what nothing else joins must be so alike; strangers come to about 0.35
_RELATED = 0.42  # two of the same key or title need no more
_RENAMED = 0.7  # and two that are named differently, such as the rows of a table, need this
_SAME_KEY = 0.2
_SAME_NAME = 0.1
_NOT_SAME = 0.999  # the most that two can come to that do not say the same
_ALL_PAIRS = 2_500  # so few possible pairs are all compared
_COMMON = 30  # a word in more clauses tells nothing
_RAREST = 60  # words of a clause that are looked up
_NEAREST = 8  # candidates for a clause
_COUNTED = re.compile(r"p?\d+|[a-z]{1,2}|[ivx]+")  # the end of a key that is a turn or a number
_FIRST_PART = re.compile(r"((?:[^\n]+\n[=-]{3,}|[^\n]+))\n\s*")
_HEADING = re.compile(r"#{1,6}\s|[^\n]+\n[=-]{3,}$")
_FORMS = 10_000  # neighbouring versions share nearly all clauses


@dataclass(frozen=True, slots=True)
class Pair:
    """One clause in two versions; ``before`` is None where it was added, ``after`` where removed.

    ``likeness`` is 1 where both say the same in the form for comparison, 0 where one side is
    missing, and between for a clause that was reworded.
    """

    before: Clause | None
    after: Clause | None
    likeness: float


def align(before: Sequence[Clause], after: Sequence[Clause]) -> list[Pair]:
    """Find for each clause of a version what it was in the version before.

    Clauses that say the same come together first, wherever they moved; of the rest those that are
    most alike, with a bonus for the same key, label or heading.

    Args:
        before: the clauses of the older version, in the order of its text.
        after: those of the newer one.

    Returns:
        Pairs in the order of ``after``, removed clauses where they stood; each clause in exactly
        one pair.
    """
    joined: dict[int, int] = {}  # places in ``before`` to places in ``after``
    _join_equal(before, after, joined, attrgetter("key", "text"))  # by far the most
    for form in (_with_key, _with_trail, said):
        _join_equal(before, after, joined, form)
    likeness = _headed_alike(before, after, joined)
    taken = set(joined.values())
    for _, _, old, new, alike in sorted(_candidates(before, after, joined), reverse=True):
        if old not in joined and new not in taken:
            joined[old] = new
            taken.add(new)
            likeness[old] = alike
    return _in_order(before, after, joined, likeness)


def said(clause: Clause) -> str:
    """What a clause says, in the form for comparison, without the headings that stand before it."""
    return _parts(clause)[1]


def _with_key(clause: Clause) -> Hashable:
    return clause.key, said(clause)


def _with_trail(clause: Clause) -> Hashable:
    return clause.trail, said(clause)


@lru_cache(maxsize=_FORMS)
def _parts(clause: Clause) -> tuple[frozenset[str], str]:
    """The headings that stand before a clause, and what the clause says, in comparison form.

    A heading belongs to the first clause below it, but a clause says the same when it is no longer
    the first one. The row that names the columns of a table is such a heading too.
    """
    names = {_name(words) for words in (*clause.trail, clause.heading)}
    heads: set[str] = set()
    rest = clause.text
    while (found := _FIRST_PART.match(rest)) is not None:
        name = _name(found[1])
        if name and name not in names and not _HEADING.match(found[1]):
            break
        heads.add(name)
        rest = rest[found.end() :]
    return frozenset(heads - {""}), for_comparison(rest)


@lru_cache(maxsize=_FORMS)
def _name(words: str) -> str:
    return for_comparison(words).rstrip(".: ").casefold()


def _headed_alike(
    before: Sequence[Clause], after: Sequence[Clause], joined: dict[int, int]
) -> dict[int, float]:
    """Likeness of clauses that say the same: less than 1 where a heading above is new or gone."""
    likeness = dict.fromkeys(joined, 1.0)
    moved = {old: new for old, new in joined.items() if before[old].text != after[new].text}
    left = (
        _left(before, joined.keys() - moved),
        _left(after, set(joined.values()) - {*moved.values()}),
    )
    known = _heads(before, left[0]) & _heads(after, left[1])
    for old, new in moved.items():
        if not _parts(before[old])[0] ^ _parts(after[new])[0] <= known:
            alike = fuzz.ratio(for_comparison(before[old].text), for_comparison(after[new].text))
            likeness[old] = min(alike / 100, _NOT_SAME)
    return likeness


def _heads(clauses: Sequence[Clause], places: list[int]) -> set[str]:
    return {head for place in places for head in _parts(clauses[place])[0]}


def _left(clauses: Sequence[Clause], taken: AbstractSet[int]) -> list[int]:
    return [place for place in range(len(clauses)) if place not in taken]


def _join_equal(
    before: Sequence[Clause],
    after: Sequence[Clause],
    joined: dict[int, int],
    form: Callable[[Clause], Hashable],
) -> None:
    """Join those that say the same, in the order of both texts."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for place in reversed(_left(before, joined.keys())):
        waiting[form(before[place])].append(place)
    for place in _left(after, set(joined.values())):
        found = waiting.get(form(after[place]))
        if found:
            joined[found.pop()] = place


Candidate = tuple[float, float, int, int, float]  # score, nearness, both places, likeness


def _candidates(
    before: Sequence[Clause], after: Sequence[Clause], joined: dict[int, int]
) -> Iterator[Candidate]:
    """Pairs that may be one clause reworded."""
    old, new = _left(before, joined.keys()), _left(after, set(joined.values()))
    old_words = {place: _words(before[place]) for place in old}
    near = _Near(before, old_words)
    every = len(old) * len(new) <= _ALL_PAIRS
    for place in new:
        words = _words(after[place])
        for other in old if every else near.to(after[place], words):
            bonus = _bonus(before[other], after[place])
            alike = _likeness(before[other], after[place], old_words[other], words)
            if alike >= (_RELATED if bonus else _least(before[other], after[place])):
                yield alike + bonus, -abs(other - place), other, place, alike


def _words(clause: Clause) -> list[str]:
    return said(clause).casefold().split()


def _likeness(before: Clause, after: Clause, old: list[str], new: list[str]) -> float:
    """Between 0 and 1: alike in words and in characters, half each.

    Words alone would call "organise" and "organize" strangers, characters alone any two sentences
    half alike.
    """
    (heads, body), (new_heads, new_body) = _parts(before), _parts(after)
    unlike = 1 - (Indel.normalized_similarity(old, new) + fuzz.ratio(body, new_body) / 100) / 2
    if before.key == after.key and heads == new_heads:  # they say a part of it
        length = len(body) + len(new_body)
        unlike *= length / (length + 2 * sum(map(len, heads)))
    return min(1 - unlike, _NOT_SAME)


def _bonus(before: Clause, after: Clause) -> float:
    bonus = _SAME_KEY if before.key == after.key else 0.0
    if before.heading and before.heading == after.heading:
        bonus += _SAME_NAME
    number = _number(before)
    return bonus + _SAME_NAME if number and number == _number(after) else bonus


def _number(clause: Clause) -> str:
    """The label, where it is the clause's own and not that of the part it stands in."""
    own = clause.label.rpartition(".")[2].casefold()
    return clause.label if own and own == _last(clause.key) else ""


def _least(before: Clause, after: Clause) -> float:
    """How alike two clauses of different keys must be."""
    named = not (_COUNTED.fullmatch(_last(before.key)) or _COUNTED.fullmatch(_last(after.key)))
    return _RENAMED if named and _last(before.key) != _last(after.key) else _ALIKE


def _last(key: str) -> str:
    return key.rpartition("/")[2].partition("~")[0]


class _Near:
    """Finds among many clauses the few that may be another one reworded."""

    def __init__(self, clauses: Sequence[Clause], words: dict[int, list[str]]) -> None:
        self._by_name: dict[Hashable, list[int]] = defaultdict(list)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for place, own in words.items():
            self._by_name[clauses[place].key].append(place)
            if clauses[place].heading:
                self._by_name["heading", clauses[place].heading].append(place)
            for word in set(own):
                self._by_word[word].append(place)

    def to(self, clause: Clause, words: list[str]) -> set[int]:
        """Places of clauses with the same name, and of those that share the rarest words."""
        rare = [word for word in set(words) if 0 < len(self._by_word.get(word, ())) <= _COMMON]
        rare.sort(key=lambda word: (len(self._by_word[word]), word))
        shared: Counter[int] = Counter()
        for word in rare[:_RAREST]:
            for place in self._by_word[word]:
                shared[place] += 1
        named = self._by_name.get(clause.key, [])[:_NEAREST]
        headed = self._by_name.get(("heading", clause.heading), [])[:_NEAREST]
        return {*(place for place, _ in shared.most_common(_NEAREST)), *named, *headed}


def _in_order(
    before: Sequence[Clause],
    after: Sequence[Clause],
    joined: dict[int, int],
    likeness: dict[int, float],
) -> list[Pair]:
    removed: dict[int, list[Pair]] = defaultdict(list)  # behind which place in ``after``
    steady = _steady(joined)
    behind = -1
    for place, clause in enumerate(before):
        if place in steady:
            behind = joined[place]
        elif place not in joined:
            removed[behind].append(Pair(clause, None, 0.0))
    origin = {new: old for old, new in joined.items()}
    pairs = removed[-1]
    for place, clause in enumerate(after):
        old = origin.get(place)
        pairs.append(
            Pair(None, clause, 0.0) if old is None else Pair(before[old], clause, likeness[old])
        )
        pairs.extend(removed[place])
    return pairs


def _steady(joined: dict[int, int]) -> set[int]:
    """The places in ``before`` that did not move: the longest run that kept its order."""
    tails: list[int] = []  # the smallest end of a run of each length, as places in ``after``
    ends: list[int] = []  # the same as places in ``before``
    previous: dict[int, int | None] = {}
    for old in sorted(joined):
        length = bisect_left(tails, joined[old])
        previous[old] = ends[length - 1] if length else None
        tails[length : length + 1] = [joined[old]]
        ends[length : length + 1] = [old]
    steady: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        steady.add(last)
        last = previous[last]
    return steady
