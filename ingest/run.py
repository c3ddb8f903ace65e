"""One ingestion: follow every source, record what is new, embed what is missing, build the index.

Owns the order of the steps and what a failure means: an outcome with a cause, never an empty
archive. How things are fetched, read, split and indexed is left to the modules of those names.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from ingest import index
from ingest.archive import Archive
from ingest.clauses import SPLITTER_REVISION, chunk, split
from ingest.domain import (
    Chunk,
    Generation,
    Kind,
    Origin,
    Outcome,
    Snapshot,
    Source,
    Status,
    Version,
)
from ingest.embedding import Embedder
from ingest.errors import EmbedderError, FetchError, IndexMissingError, OfflineError, ReadError
from ingest.fetch import Fetcher
from ingest.manifest import Manifest
from ingest.readers import Reader

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Told ``(what, done, of)`` as a run goes on; ``what`` is a step such as ``reading``."""

_EMBED_AT_ONCE = 64
_NEWEST_NOTES = 60
"""Chunks of release notes that are searched, from the top, where the newest stand: about a year.

The archive keeps all of them; ten years of patch releases would drown the licences they stand by.
"""


@dataclass(frozen=True, slots=True)
class Report:
    """What one run came to. ``embedded`` counts vectors made, ``seconds`` is wall-clock time."""

    outcomes: tuple[Outcome, ...]
    generation: Generation | None
    embedded: int
    offline: bool
    seconds: float

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(each for each in self.outcomes if each.status is Status.FAILED)

    def count(self, status: Status) -> int:
        """How many sources came to ``status``."""
        return sum(each.status is status for each in self.outcomes)

    def to_json(self) -> dict[str, Any]:
        """The report as ``smallprint ingest --json`` prints it."""
        return {
            "sources": [_outcome_json(each) for each in self.outcomes],
            "counts": {status.value: self.count(status) for status in Status},
            "embedded": self.embedded,
            "offline": self.offline,
            "generation": self.generation.id if self.generation else None,
            "chunks": self.generation.chunks if self.generation else 0,
            "seconds": round(self.seconds, 3),
        }


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "source": outcome.source,
        "status": outcome.status.value,
        "cause": outcome.cause.value if outcome.cause else None,
        "detail": outcome.detail,
        "version": outcome.version,
        "clauses": outcome.clauses,
        "embedded": outcome.embedded,
    }


@dataclass(frozen=True, slots=True)
class Ingestion:
    """What a run needs, handed over once: the declared sources, their readers, and our state."""

    manifest: Manifest
    readers: Mapping[str, Reader]
    archive: Archive
    embedder: Embedder
    home: Path

    def run(
        self,
        fetcher: Fetcher,
        now: datetime,
        clock: Callable[[], float],
        only: Sequence[str] = (),
        progress: Progress = lambda _what, _done, _of: None,
    ) -> Report:
        """Follow ``only`` these source ids (all, when empty) and bring the index up to date.

        Every failure of a source becomes an outcome; what the archive holds of it stays and is
        served. Errors of our own state (:class:`ingest.errors.StoreError`) end the run.
        """
        began = clock()
        wanted = [self.manifest.sources[name] for name in only] or [*self.manifest.sources.values()]
        outcomes = []
        for done, source in enumerate(wanted):
            progress("reading", done, len(wanted))
            outcomes.append(self._follow(source, fetcher, now))
        progress("reading", len(wanted), len(wanted))
        chunks = self.chunks()
        embedded = self._embed(chunks, progress)
        generation = self.refresh(chunks, now)
        finished = tuple(self._counted(each, embedded) for each in outcomes)
        for outcome in () if fetcher.offline else finished:  # nothing was checked offline
            self.archive.record_outcome(outcome, now)
        return Report(finished, generation, len(embedded), fetcher.offline, clock() - began)

    def _follow(self, source: Source, fetcher: Fetcher, now: datetime) -> Outcome:
        """Fetch, read and record one source; what goes wrong with it is told, not raised."""
        try:
            return self._update(source, fetcher, now)
        except (FetchError, ReadError) as error:
            serving = self.archive.current(source.id)
            if isinstance(error, OfflineError) and serving:
                return Outcome(source.id, Status.UNCHANGED, str(error), version=serving.number)
            log.warning("%s: %s", source.id, error)
            kept = f" Still serving version {serving.number}." if serving else ""
            return Outcome(
                source.id,
                Status.FAILED,
                f"{error}{kept}",
                cause=error.cause,
                version=serving.number if serving else None,
            )

    def _update(self, source: Source, fetcher: Fetcher, now: datetime) -> Outcome:
        reader = self.readers[source.reader]
        self._reread(source, reader)
        before = self.archive.current(source.id)
        snapshot = reader.fetch(source, fetcher, self.archive.known(source.id), now)
        if snapshot is None:
            if before is None:  # a snapshot is only kept together with the version read from it
                raise ReadError(f"{source.id} was neither fetched nor is it in the archive.")
            return Outcome(source.id, Status.UNCHANGED, version=before.number)
        origin = Origin.PUBLISHED if before else Origin.FIRST
        after = self._record(source, reader, snapshot, origin)
        if before is None:
            return Outcome(source.id, Status.NEW, version=after.number)
        status = Status.UNCHANGED if after.number == before.number else Status.CHANGED
        return Outcome(source.id, status, version=after.number)

    def _reread(self, source: Source, reader: Reader) -> None:
        """Read the last snapshot again if our reading has changed since; nobody is alerted."""
        current = self.archive.current(source.id)
        if current is None or current.reader == _reading_of(reader):
            return
        snapshot = self.archive.last_snapshot(source.id)
        if snapshot is not None:
            self._record(source, reader, snapshot, Origin.REREAD)

    def _record(
        self, source: Source, reader: Reader, snapshot: Snapshot, origin: Origin
    ) -> Version:
        reading = reader.read(source, snapshot)
        clauses = split(reading.text)
        if not clauses:
            raise ReadError(f"{source.id} holds no text that could be quoted.")
        return self.archive.record(snapshot, reading, origin, _reading_of(reader), clauses)

    def chunks(self) -> list[Chunk]:
        """Cut what is served of each declared source into chunks, in the order of the manifest."""
        served = self.archive.current_versions()
        return [
            each
            for source in self.manifest.sources.values()
            if (version := served.get(source.id)) is not None
            for each in self._chunks_of(source, version)
        ]

    def _chunks_of(self, source: Source, version: Version) -> list[Chunk]:
        clauses = self.archive.clauses(source.id, version.number)
        found = chunk(source, version, clauses, self.manifest.vendors[source.vendor].name)
        return found[:_NEWEST_NOTES] if source.kind is Kind.RELEASE_NOTES else found

    def _embed(self, chunks: Iterable[Chunk], progress: Progress) -> dict[str, str]:
        """Make the vectors that the archive lacks; return key → source of each one made.

        Stored batch by batch, so that a run which is killed half-way has not worked for nothing.
        """
        by_key = {each.key: each for each in chunks}
        missing = sorted(
            self.archive.missing_vectors(self.embedder.name, by_key.keys()),
            key=lambda key: len(by_key[key].indexed),
        )
        for start in range(0, len(missing), _EMBED_AT_ONCE):
            progress("embedding", start, len(missing))
            batch = missing[start : start + _EMBED_AT_ONCE]
            made = self.embedder.embed_documents([by_key[key].indexed for key in batch])
            vectors = {
                key: np.asarray(v, dtype=np.float32) for key, v in zip(batch, made, strict=True)
            }
            self.archive.add_vectors(self.embedder.name, vectors)
        progress("embedding", len(missing), len(missing))
        return {key: by_key[key].source for key in missing}

    def refresh(self, chunks: Sequence[Chunk], now: datetime) -> Generation | None:
        """Build a new generation where the current one is of other chunks, missing or damaged."""
        current = self.archive.generation()
        if not chunks:
            return current
        if current is not None and index.is_built_of(current, chunks, self.embedder.name):
            try:
                index.Index.open(current, self.embedder, self.home).check()
            except (IndexMissingError, EmbedderError) as error:
                log.warning("Building the index again: %s", error)
            else:
                return current
        generation = index.build(self.archive, chunks, self.embedder, self.home, now)
        self.archive.switch(generation)
        keep = {generation.id} | ({current.id} if current else set())
        index.prune(self.home, keep, now)
        return generation

    def _counted(self, outcome: Outcome, embedded: Mapping[str, str]) -> Outcome:
        """Fill in how many clauses are served and how many vectors were made for the source."""
        if outcome.version is None:
            return outcome
        clauses = len(self.archive.clauses(outcome.source, outcome.version))
        made = sum(source == outcome.source for source in embedded.values())
        return replace(outcome, clauses=clauses, embedded=made)


def _reading_of(reader: Reader) -> str:
    """Reader and splitter together decide what a snapshot reads as."""
    return f"{reader.revision}+{SPLITTER_REVISION}"
