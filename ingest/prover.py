"""How the facts of cards stand against the archive: now, or against other versions of the texts.

Reads the archive and writes nothing. Versions never change, so what was split once is kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from threading import Lock

from ingest.archive import Archive
from ingest.cards import Card
from ingest.manifest import Manifest
from ingest.proof import ClauseText, FactStatus, Proven, prove
from ingest.readings import Reading

_KEPT = 512  # texts, more than there are sources


class Prover:
    """Holds facts against texts; safe to share between threads."""

    def __init__(
        self, archive: Archive, manifest: Manifest, readings: Mapping[str, Reading]
    ) -> None:
        self._archive = archive
        self._titles = {id: each.title for id, each in manifest.sources.items()}
        self._readings = readings
        self._texts: OrderedDict[tuple[str, int], ClauseText] = OrderedDict()
        self._lock = Lock()

    def proven(self, card: Card, versions: Mapping[str, int] | None = None) -> list[Proven]:
        """How each fact of ``card`` stands, in the order of the card.

        Args:
            card: the card.
            versions: source → number of the version that counts, such as those in force on a day;
                what is served now where None. A source without a number counts as not read.

        Raises:
            DatabaseError: the archive cannot be read.
        """
        numbers = self.numbers(card, versions)
        texts = {id: self._text(id, number) for id, number in numbers.items()}
        reading = self._readings.get(card.id)
        return [prove(fact, texts, reading, self._titles) for fact in card.facts]

    def numbers(self, card: Card, versions: Mapping[str, int] | None = None) -> Mapping[str, int]:
        """The version that counts of each source that a fact of ``card`` points into; see above."""
        sources = {pointer.source for fact in card.facts for pointer in fact.clauses}
        if versions is None:
            return self._served(sources)
        return {id: versions[id] for id in sources if id in versions}

    def pointed(self, card: Card) -> Mapping[str, ClauseText]:
        """Source → its text as it is served now, for every source that a fact points into."""
        sources = {pointer.source for fact in card.facts for pointer in fact.clauses}
        return {id: self._text(id, number) for id, number in self._served(sources).items()}

    def _served(self, sources: Collection[str]) -> Mapping[str, int]:
        stands = self._archive.stands(sources)
        return {id: each[-1].number for id, each in stands.items()}

    def _text(self, source: str, number: int) -> ClauseText:
        with self._lock:
            kept = self._texts.get((source, number))
            if kept is not None:
                self._texts.move_to_end((source, number))
                return kept
        read = ClauseText(number, tuple(self._archive.clauses(source, number)))
        with self._lock:
            self._texts[(source, number)] = read
            while len(self._texts) > _KEPT:
                self._texts.popitem(last=False)
        return read


def stale(proven: Sequence[Proven]) -> int:
    """How many facts do not stand any more."""
    return sum(each.status is FactStatus.STALE for each in proven)
