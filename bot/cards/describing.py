"""One card on a page: which documents bind, in which version, and what the facts say.

Owns choosing the facts of a section or topic. Finding the card is left to ``lookup``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.cards.decisive import decisive
from bot.cards.facts import Facts
from bot.cards.views import CardView, DecisiveClause, DocumentView, EditionView, SectionView
from bot.citing import Library
from bot.domain import FactView, VersionIdentity
from bot.topics import Topics
from bot.words import all_stems
from ingest.archive import Archive
from ingest.cards import Card, bound
from ingest.domain import Kind, Source
from ingest.errors import QuestionError
from ingest.manifest import Manifest
from ingest.proof import FactStatus
from ingest.serving import Serving
from ingest.timeline import beginnings
from ingest.vocabulary import Vocabulary

_IGNORED = frozenset(all_stems("license licence terms card of the show for about what"))


class Describer:
    """Puts cards together; safe to share between threads."""

    def __init__(
        self,
        archive: Archive,
        manifest: Manifest,
        serving: Serving,
        vocabulary: Vocabulary,
        library: Library,
        facts: Facts,
    ) -> None:
        self._archive = archive
        self._manifest = manifest
        self._serving = serving
        self._fields = vocabulary.facts
        self._topics = Topics(vocabulary.topics)
        self._library = library
        self._facts = facts

    def card(self, card: Card, wanted: str = "", as_of: date | None = None) -> CardView:
        """Describe ``card`` by its documents as they are served, or stood on a day.

        Args:
            card: the card.
            wanted: a section or topic, in any words; all facts where it is empty or means none.
            as_of: a day; None for now.

        Raises:
            DatabaseError: the archive cannot be read.
            QuestionError: no document of the card is known to have stood on that day.
        """
        ids = bound(card.documents, self._manifest)
        numbers = self._numbers(card, ids, as_of) if as_of else None
        served = numbers if numbers is not None else self._served(ids)
        every = self._facts.of(card, numbers)
        facts, shown = self._wanted(every, wanted)
        documents = tuple(self._document(self._manifest.sources[id], served) for id in ids)
        return CardView(
            card=card.id,
            title=card.title,
            vendor=self._manifest.vendors[card.vendor].name,
            models=tuple(each.name for each in card.models),
            plans=tuple(each.name for each in card.plans),
            documents=documents,
            facts=tuple(facts),
            sections=self._sections(every),
            shown=shown,
            clauses=() if card.facts else self._clauses(documents),
            notices=tuple(self._notices(card, documents, every, wanted, shown, as_of)),
            as_of=as_of,
            editions=self._editions(card),
        )

    def _numbers(self, card: Card, ids: Iterable[str], day: date) -> Mapping[str, int]:
        """Source → the version in force on ``day``, of what the card stands on or points at."""
        pointed = {clause.source for fact in card.facts for clause in fact.clauses}
        forces = self._serving.in_force({*ids, *pointed}, day)
        if not forces.keys() & set(ids):
            raise QuestionError(
                f"No document of {card.title} is known to have been in force on {day}."
            )
        return {id: each[0].stand.number for id, each in forces.items()}

    def _wanted(self, facts: Sequence[FactView], wanted: str) -> tuple[Sequence[FactView], str]:
        """The facts that were asked for, and how people would call them; "" for all of them."""
        typed = set(all_stems(wanted))
        stems = typed - _IGNORED
        if not stems:
            return facts, ""
        for id, label in self._fields.sections.items():
            if stems == set(all_stems(id)) or typed == set(all_stems(label)):
                return [each for each in facts if each.section == id], label
        topics = set(self._topics.asked_in(wanted))
        fields = {
            id
            for id, each in self._fields.fields.items()
            if topics & set(each.topics) or stems <= {*all_stems(each.label), *all_stems(id)}
        }
        chosen = [each for each in facts if each.field in fields]
        return (chosen, " ".join(wanted.split())) if chosen else (facts, "")

    def _sections(self, facts: Iterable[FactView]) -> tuple[SectionView, ...]:
        counts = Counter(each.section for each in facts)
        return tuple(
            SectionView(id, label, counts[id])
            for id, label in self._fields.sections.items()
            if counts[id]
        )

    def _served(self, ids: Iterable[str]) -> Mapping[str, int]:
        stands = self._archive.stands([*ids])
        return {id: each[-1].number for id, each in stands.items()}

    def _document(self, source: Source, numbers: Mapping[str, int]) -> DocumentView:
        number = numbers.get(source.id)
        version = self._library.text(source.id, number).version if number else None
        return DocumentView(
            source=source.id,
            title=source.title,
            kind=source.kind.value,
            version=VersionIdentity.of(version) if version else None,
            url=source.url,
            attribution=source.attribution,
        )

    def _clauses(self, documents: Iterable[DocumentView]) -> tuple[DecisiveClause, ...]:
        read = [
            self._library.text(each.source, each.version.number)
            for each in documents
            if each.version
        ]
        return tuple(decisive(self._topics, read, self._library))

    def _editions(self, card: Card) -> tuple[EditionView, ...]:
        first = card.documents[0]
        stands = self._archive.stands([first]).get(first, [])
        ageless = self._manifest.sources[first].kind is Kind.LICENCE
        begins = beginnings(stands, ageless=ageless)
        dated = [
            EditionView(each.number, since or each.seen)
            for each, since in zip(stands, begins, strict=True)
        ]
        return tuple(reversed(dated))

    def _notices(
        self,
        card: Card,
        documents: Sequence[DocumentView],
        facts: Sequence[FactView],
        wanted: str,
        shown: str,
        as_of: date | None,
    ) -> Iterable[str]:
        if wanted and not shown and set(all_stems(wanted)) - _IGNORED:
            labels = ", ".join(self._fields.sections.values())
            yield f"“{_short(wanted)}” is no topic of this card; its sections are: {labels}."
        left_out = len(card.facts) - len(facts)
        if as_of and left_out:
            yield (
                f"{left_out} facts of this card rest on clauses that read differently, or were not "
                f"known, on {as_of}; they are left out."
            )
        stale = sum(each.status is FactStatus.STALE for each in facts)
        if stale:
            yield f"{stale} facts rest on clauses that changed and wait to be read again."
        if not card.facts:
            yield "Nobody has written facts for this card yet; these clauses speak to what decides."
        for each in documents:
            if each.version is None:
                yield (
                    f"{each.title} is not known to have been in force on {as_of}."
                    if as_of
                    else f"{each.title} has not been read yet; run `smallprint ingest`."
                )


def _short(words: str) -> str:
    shown = " ".join(words.split())
    return shown if len(shown) <= 60 else f"{shown[:59]}…"
