"""Reading cards against their texts: which clauses there are, what each fact rests on, signing off.

For those who write cards. Nothing here is shown to people who ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.citing import clause_name
from ingest.cards import Card
from ingest.domain import Clause
from ingest.errors import CorpusError, QuestionError, UnknownNameError
from ingest.facts import Pointer
from ingest.proof import ClauseText, Proven
from ingest.readings import Reading, digest, write_reading

if TYPE_CHECKING:
    from pathlib import Path

    from bot.wiring import Services


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A card with its facts as they stand."""

    card: str
    facts: tuple[Proven, ...]


def clauses_of(services: Services, source: str, holding: str) -> list[Clause]:
    """The clauses of the text of ``source`` as it is served, those that hold some words.

    Raises:
        UnknownNameError: no source has that id.
        QuestionError: the archive does not hold its text.
    """
    if source not in services.corpus.manifest.sources:
        raise UnknownNameError(f"No source is called {source!r}; corpus/sources names them.", ())
    version = services.archive.current(source)
    if version is None:
        raise QuestionError(f"{source} has not been read yet; run `smallprint ingest`.")
    wanted = holding.casefold()
    found = services.archive.clauses(source, version.number)
    return [each for each in found if wanted in " ".join(each.text.split()).casefold()]


def review(services: Services, names: tuple[str, ...]) -> Iterator[Reviewed]:
    """How the facts of these cards stand; of all cards that have facts where none is named.

    Raises:
        UnknownNameError: no card has that id.
    """
    for card in _named(services, names):
        if card.facts or names:
            yield Reviewed(card.id, tuple(services.prover.proven(card)))


def confirm(services: Services, name: str, corpus: Path, today: date) -> Path:
    """Record that every fact of a card was read against the clauses as they stand today.

    Raises:
        UnknownNameError: no card has that id.
        CorpusError: a pointer leads to no clause, or to several that say different things.
    """
    (card,) = _named(services, (name,))
    texts = services.prover.pointed(card)
    words = {
        pointer: digest(_only(card, number, pointer, texts))
        for number, fact in enumerate(card.facts)
        for pointer in fact.clauses
    }
    return write_reading(corpus, card.id, Reading(today, words))


def _named(services: Services, names: tuple[str, ...]) -> list[Card]:
    cards = services.corpus.cards
    for name in names:
        if name not in cards:
            raise UnknownNameError(f"No card is called {name!r}; `license list` names them.", ())
    return [cards[name] for name in names or cards]


def _only(card: Card, number: int, pointer: Pointer, texts: Mapping[str, ClauseText]) -> Clause:
    """The one clause that a pointer leads to."""
    at = f"corpus/cards/{card.id}.yml: facts[{number}] points at {pointer.section!r}"
    if pointer.source not in texts:
        raise CorpusError(f"{at} of {pointer.source}, which has not been read; ingest it first")
    found = texts[pointer.source].at(pointer)
    if not found:
        raise CorpusError(
            f"{at} of {pointer.source}, where no clause holds {pointer.term!r}; allowed: what "
            f"`smallprint cards clauses {pointer.source}` shows"
        )
    if len({digest(each) for each in found}) > 1:
        names = "; ".join(f"{each.key} ({clause_name(each)})" for each in found[:4])
        raise CorpusError(
            f"{at} of {pointer.source}, where {len(found)} clauses hold {pointer.term!r}: {names}; "
            "allowed: a section or term that only one of them has"
        )
    return found[0]
