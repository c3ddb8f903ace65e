"""The nouns of what ``license`` shows: a card, several compared, a use checked, duties, history.

Plain immutable values; ``to_json`` is what the command line prints, Slack blocks and pages are made
of the same values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain import Citation, FactView, VersionIdentity
from ingest.fields import Ruling


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document that binds, as a card shows it; ``version`` is None until it is ingested."""

    source: str
    title: str
    kind: str
    version: VersionIdentity | None
    url: str
    attribution: str

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "title": self.title,
            "kind": self.kind,
            "version": self.version.to_json() if self.version else None,
            "url": self.url,
            "attribution": self.attribution,
        }


@dataclass(frozen=True, slots=True)
class DecisiveClause:
    """The clause of a card's documents that speaks to a topic; ``label`` names it for people."""

    label: str
    citation: Citation

    def to_json(self) -> dict[str, Any]:
        return {"topic": self.label, **self.citation.to_json()}


@dataclass(frozen=True, slots=True)
class SectionView:
    """A group of facts that is shown together; ``facts`` counts them."""

    id: str
    label: str
    facts: int


@dataclass(frozen=True, slots=True)
class EditionView:
    """A dated version of a card's first document that can be chosen."""

    number: int
    day: date


@dataclass(frozen=True, slots=True)
class CardView:
    """What ``license NAME`` shows: identity, documents with their versions, facts.

    ``facts`` are those of ``shown``: a section, a topic in people's words, or all of them where it
    is empty; ``start`` of them were shown before and are left out. ``sections`` are those that
    have facts at all. ``clauses`` decide most; they are given only where nobody wrote facts yet.
    ``as_of`` is the day that it is about, None for today; ``editions`` are the versions of the
    first document, newest first.
    """

    card: str
    title: str
    vendor: str
    models: tuple[str, ...]
    plans: tuple[str, ...]
    documents: tuple[DocumentView, ...]
    facts: tuple[FactView, ...]
    sections: tuple[SectionView, ...] = ()
    shown: str = ""
    start: int = 0
    clauses: tuple[DecisiveClause, ...] = ()
    notices: tuple[str, ...] = ()
    as_of: date | None = None
    editions: tuple[EditionView, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The document that ``smallprint license NAME --json`` prints."""
        return {
            "card": self.card,
            "title": self.title,
            "vendor": self.vendor,
            "models": list(self.models),
            "plans": list(self.plans),
            "documents": [each.to_json() for each in self.documents],
            "facts": [each.to_json() for each in self.facts],
            "clauses": [each.to_json() for each in self.clauses],
            "notices": list(self.notices),
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a comparison: what each card says on it, nothing where a card is silent."""

    field: str
    label: str
    section: str
    cells: tuple[tuple[FactView, ...], ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Cards side by side; rows that differ come first, each half in the order of the vocabulary.

    ``start`` rows were shown before and are left out by those who have little room.
    """

    cards: tuple[CardView, ...]
    rows: tuple[Row, ...]
    notices: tuple[str, ...] = ()
    start: int = 0

    def to_json(self) -> dict[str, Any]:
        """The document that ``smallprint license compare A B --json`` prints."""
        return {
            "cards": [{"card": each.card, "title": each.title} for each in self.cards],
            "rows": [
                {
                    "field": row.field,
                    "label": row.label,
                    "differs": row.differs,
                    "cells": [[fact.to_json() for fact in cell] for cell in row.cells],
                }
                for row in self.rows
            ],
            "notices": list(self.notices),
        }


@dataclass(frozen=True, slots=True)
class Line:
    """What the card says to one thing in a stated use. ``about`` names it for people.

    ``says`` is ours; ``fact`` proves it, None where the card is silent. ``ruling`` is None for what
    is only worth knowing beside another line.
    """

    about: str
    ruling: Ruling | None
    says: str
    fact: FactView | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "about": self.about,
            "verdict": self.ruling.value if self.ruling else None,
            "says": self.says,
            "fact": self.fact.to_json() if self.fact else None,
        }


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do. ``condition`` says when, where the stated use does not settle it."""

    fact: FactView
    condition: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"condition": self.condition, **self.fact.to_json()}


@dataclass(frozen=True, slots=True)
class Check:
    """A stated use held against a card.

    ``understood`` is what was made of the words, ``ignored`` are those of which nothing was made.
    ``questions`` are what must be known for a better answer. ``use`` is the use in a form that can
    be checked again.
    """

    card: str
    title: str
    use: str
    ruling: Ruling
    lines: tuple[Line, ...]
    duties: tuple[Duty, ...]
    questions: tuple[str, ...]
    understood: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The document that ``smallprint license check NAME --use … --json`` prints."""
        return {
            "card": self.card,
            "title": self.title,
            "use": self.use,
            "verdict": self.ruling.value,
            "lines": [each.to_json() for each in self.lines],
            "duties": [each.to_json() for each in self.duties],
            "questions": list(self.questions),
            "understood": list(self.understood),
            "ignored": list(self.ignored),
            "notices": list(self.notices),
        }


@dataclass(frozen=True, slots=True)
class Obligations:
    """Everything that a card asks for, as a list of things to do."""

    card: str
    title: str
    duties: tuple[Duty, ...]
    notices: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The document that ``smallprint license obligations NAME --json`` prints."""
        return {
            "card": self.card,
            "title": self.title,
            "duties": [each.to_json() for each in self.duties],
            "notices": list(self.notices),
        }


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of a document and how it differs from the one before.

    ``edits`` name clauses and what happened to them, the weightiest first; ``more`` counts those
    that are left out.
    """

    version: VersionIdentity
    edits: tuple[str, ...]
    more: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "version": self.version.to_json(),
            "edits": list(self.edits),
            "more": self.more,
        }


@dataclass(frozen=True, slots=True)
class DocumentHistory:
    """The versions of one document, newest first. ``silent`` counts those that changed no words."""

    source: str
    title: str
    url: str
    versions: tuple[VersionView, ...]
    silent: int = 0
    older: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "title": self.title,
            "versions": [each.to_json() for each in self.versions],
            "silent": self.silent,
            "older": self.older,
        }


@dataclass(frozen=True, slots=True)
class History:
    """The versions of all documents of a card and what changed between them."""

    card: str
    title: str
    documents: tuple[DocumentHistory, ...]
    notices: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The document that ``smallprint license history NAME --json`` prints."""
        return {
            "card": self.card,
            "title": self.title,
            "documents": [each.to_json() for each in self.documents],
            "notices": list(self.notices),
        }


@dataclass(frozen=True, slots=True)
class CardRow:
    """One card in the list of all."""

    card: str
    title: str
    vendor: str
    kind: str
    facts: int
    stale: int

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.card,
            "title": self.title,
            "vendor": self.vendor,
            "kind": self.kind,
            "facts": self.facts,
            "stale": self.stale,
        }


@dataclass(frozen=True, slots=True)
class CardList:
    """Every card, by id."""

    cards: tuple[CardRow, ...]

    def to_json(self) -> dict[str, Any]:
        """The document that ``smallprint license list --json`` prints."""
        return {"cards": [each.to_json() for each in self.cards]}


@dataclass(frozen=True, slots=True)
class Help:
    """How ``license`` is used."""

    def to_json(self) -> dict[str, Any]:
        return {}


Shown = CardView | Comparison | Check | Obligations | History | CardList | Help
"""Whatever ``license`` may come to."""
