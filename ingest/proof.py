"""Whether a fact still stands: its clause is there, and says what it said when the fact was read.

A clause is known again by what it says, wherever it moved; only then by section and term. So a
fact goes stale when its own clause changes and at no other change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from ingest.corpus_file import comparable
from ingest.domain import Clause
from ingest.facts import Fact, Pointer
from ingest.readings import Reading, digest
from ingest.sameness import for_comparison


class FactStatus(StrEnum):
    """``current``: the clauses say what they said. ``stale``: one does not, or nobody confirmed it.

    ``unread``: a document that proves it is not in the archive.
    """

    CURRENT = "current"
    STALE = "stale"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Proof:
    """The clause of a dated version that a pointer leads to."""

    pointer: Pointer
    version: int
    clause: Clause


@dataclass(frozen=True, slots=True)
class Proven:
    """A fact, how it stands, and why where it does not; with the clauses that were found."""

    fact: Fact
    status: FactStatus
    proofs: tuple[Proof, ...]
    why: str = ""


@dataclass(frozen=True)
class ClauseText:
    """The clauses of one version of a source, ready to be found by what they say."""

    version: int
    clauses: Sequence[Clause]

    @cached_property
    def _by_words(self) -> Mapping[str, Sequence[Clause]]:
        found: dict[str, list[Clause]] = {}
        for each in self.clauses:
            found.setdefault(digest(each), []).append(each)
        return found

    def saying(self, words: str) -> Sequence[Clause]:
        """The clauses whose digest is ``words``; several where a page prints its text twice."""
        return self._by_words.get(words, ())

    def at(self, pointer: Pointer) -> list[Clause]:
        """The clauses of the pointer's section in which its term stands."""
        term = _said(pointer.term)
        return [
            each
            for each in self.clauses
            if _within(each, pointer.section) and term in _said(each.text)
        ]


def prove(
    fact: Fact, texts: Mapping[str, ClauseText], reading: Reading | None, title: Mapping[str, str]
) -> Proven:
    """Hold a fact against the texts.

    Args:
        fact: of the card that ``reading`` is of.
        texts: source → the version that counts; a source that is not there has not been read.
        reading: None where nobody has confirmed the card yet.
        title: source → the title of its document, for sentences.
    """
    proofs: list[Proof] = []
    found = [_prove(each, texts, reading, title, proofs) for each in fact.clauses]
    told = [each for each in found if each is not None]
    stale = [why for status, why in told if status is FactStatus.STALE]
    if stale:
        return Proven(fact, FactStatus.STALE, tuple(proofs), stale[0])
    if told:
        return Proven(fact, FactStatus.UNREAD, tuple(proofs), told[0][1])
    return Proven(fact, FactStatus.CURRENT, tuple(proofs))


def _prove(
    pointer: Pointer,
    texts: Mapping[str, ClauseText],
    reading: Reading | None,
    title: Mapping[str, str],
    proofs: list[Proof],
) -> tuple[FactStatus, str] | None:
    """None where the clause says what it said; adds the clause that was found to ``proofs``."""
    text = texts.get(pointer.source)
    name = title.get(pointer.source, pointer.source)
    if text is None:
        return FactStatus.UNREAD, f"{name} has not been read."
    words = reading.words.get(pointer) if reading else None
    same = text.saying(words) if words else ()
    found = [each for each in same if _within(each, pointer.section)] or same or text.at(pointer)
    if found:
        proofs.append(Proof(pointer, text.version, found[0]))
    if same:
        return None
    if not found:
        return FactStatus.STALE, (
            f"“{pointer.term}” no longer stands in {pointer.section} of {name}."
        )
    if words is None or reading is None:
        return FactStatus.STALE, f"Nobody has confirmed it against {name} yet."
    return FactStatus.STALE, (
        f"{pointer.section} of {name} was reworded since it was read on {reading.read}."
    )


def _said(text: str) -> str:
    return for_comparison(text).casefold()


def _within(clause: Clause, section: str) -> bool:
    """Whether people would find the clause under that number or heading."""
    number, title = comparable(section.replace(".", " ")).split(), comparable(section).split()
    if any(each[: len(number)] == number for each in _numbers(clause)):
        return True
    return _unnumbered(title) in map(_unnumbered, _titles(clause))


def _numbers(clause: Clause) -> Iterator[list[str]]:
    for name in (clause.key, clause.label):
        yield comparable(name.replace(".", " ").replace("/", " ")).split()


def _titles(clause: Clause) -> Iterator[list[str]]:
    for name in (clause.heading, *clause.trail):
        yield comparable(name).split()


def _unnumbered(title: list[str]) -> list[str]:
    """The words of a heading without the number before them: "2. Animals" is "Animals"."""
    return title[1:] if title[1:] and title[0].replace(".", "").isdigit() else title
