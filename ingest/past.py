"""Searching the versions that were in force on a day.

The index holds what is served now. For another day the chunks of the versions then in force are
taken from the archive, with the vectors that were made for them, and searched in memory as the
index is. Where many vectors are still to be made, those chunks are found by their words alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from threading import Lock

import numpy as np

from ingest.archive import Archive
from ingest.domain import Chunk, Passage
from ingest.embedding import Embedder
from ingest.generations import Vector, Vectors
from ingest.lexicon import Lexicon
from ingest.ranking import Place, Range, Sought, holding, ranges_of, ranked
from ingest.serving import Serving
from ingest.timeline import Force

_KEPT = 8  # sets of versions, each a few thousand chunks at most
_MADE_AT_ONCE = 48  # vectors, two seconds' worth; history is soon filled in by whoever ingests

Forces = Mapping[str, Sequence[Force]]
"""Source → what was in force of it on the day asked about."""


class PastIndex:
    """An index of some versions, in memory; searched as :class:`ingest.index.Index` is."""

    def __init__(self, chunks: Sequence[Chunk], vectors: Vectors, embedder: Embedder) -> None:
        """``chunks`` are sorted by source; ``vectors`` has one row for each, zeros where none."""
        self._chunks = chunks
        self._vectors = vectors
        self.embedder = embedder
        self._ranges = ranges_of([each.source for each in chunks])
        self._lexicon = Lexicon.of(chunks) if chunks else None

    def search(
        self,
        text: str,
        sources: Collection[str] | None = None,
        k: int = 10,
        *,
        vectors: Sequence[Vector] = (),
        pointed: Sequence[Place] = (),
        beside: Collection[str] = (),
        phrases: Sequence[str] = (),
    ) -> list[Passage]:
        """See :meth:`ingest.index.Index.search`."""
        ranges = self._within(sources)
        if k < 1 or self._lexicon is None or not ranges:
            return []
        aside = self._within(set(beside) - {*(sources or beside)})
        spans = [
            (ordinal, each.source, each.start, each.end)
            for start, end in ([*ranges, *aside] if pointed else ())
            for ordinal, each in enumerate(self._chunks[start:end], start)
        ]
        sought = Sought(
            text,
            vectors or [np.array(self.embedder.embed_query(text), dtype=np.float32)],
            holding(spans, pointed),
            phrases,
        )
        found = ranked(
            sought,
            self._vectors,
            self._lexicon,
            ranges,
            k,
            beside=aside,
            text_of=lambda each: self._chunks[each].indexed,
        )
        return [Passage(self._chunks[each], score, alike) for each, score, alike in found]

    def knows(self, word: str) -> bool:
        """See :meth:`ingest.lexicon.Lexicon.knows`."""
        return self._lexicon is not None and self._lexicon.knows(word)

    def _within(self, sources: Collection[str] | None) -> list[Range]:
        if sources is None:
            return [(0, len(self._chunks))]
        return [self._ranges[each] for each in sorted(set(sources)) if each in self._ranges]


class Past:
    """Makes indexes of what was in force, and keeps the last few. Safe to share by threads."""

    def __init__(self, serving: Serving, archive: Archive) -> None:
        self._serving = serving
        self._archive = archive
        self._kept: OrderedDict[frozenset[tuple[str, int]], PastIndex] = OrderedDict()
        self._lock = Lock()

    def index(self, forces: Forces, embedder: Embedder) -> PastIndex:
        """The index of these versions.

        Raises:
            DatabaseError: the archive cannot be read.
        """
        key = frozenset(
            (source, each.stand.number) for source, found in forces.items() for each in found
        )
        with self._lock:
            kept = self._kept.pop(key, None) or self._made(forces, embedder)
            self._kept[key] = kept
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return kept

    def _made(self, forces: Forces, embedder: Embedder) -> PastIndex:
        chunks = [
            each
            for source in sorted(forces)
            for each in self._serving.chunks(source, [one.stand.number for one in forces[source]])
        ]
        vectors = np.zeros((len(chunks), embedder.dimension), dtype=np.float32)
        found = self._vectors({each.key: each for each in chunks}, embedder)
        for place, each in enumerate(chunks):
            if each.key in found:
                vectors[place] = found[each.key]
        return PastIndex(chunks, vectors, embedder)

    def _vectors(self, chunks: Mapping[str, Chunk], embedder: Embedder) -> dict[str, Vector]:
        """Vectors of the archive, and those of a few chunks that it still lacks."""
        found = dict(self._archive.vectors(embedder.name, chunks.keys()))
        missing = [key for key in chunks if key not in found]
        if len(missing) <= _MADE_AT_ONCE:
            made = embedder.embed_documents([chunks[key].embedded for key in missing])
            found |= {key: np.asarray(v, np.float32) for key, v in zip(missing, made, strict=True)}
        return found
