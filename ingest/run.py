"""One ingestion: follow every source, record what is new, embed what is missing, build the index.

Owns the order of the steps and what a failure means: an outcome with a cause, never an empty
archive. How things are fetched, read, split and indexed is left to the modules of those names.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest import index
from ingest.archive import Archive
from ingest.domain import Chunk, Generation, Outcome, Source, Status, Trouble
from ingest.embedding import Embedder
from ingest.errors import EmbedderError, FetchError, IndexMissingError, OfflineError, ReadError
from ingest.facts import FactLine
from ingest.fetch import Fetcher
from ingest.filling import Filled, Filling
from ingest.health import Health
from ingest.manifest import Manifest
from ingest.readers import Reader
from ingest.recording import Recorder
from ingest.serving import Serving
from ingest.vectors import Progress, Vectors

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What one run came to. ``embedded`` counts vectors made, ``seconds`` is wall-clock time.

    ``troubles`` are the open ones that have lasted long enough to be told of.
    """

    outcomes: tuple[Outcome, ...]
    generation: Generation | None
    embedded: int
    offline: bool
    seconds: float
    troubles: tuple[Trouble, ...] = ()

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
            "troubles": [
                {"source": each.source, "cause": each.cause.value, "since": f"{each.opened_at:%F}"}
                for each in self.troubles
            ],
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
    health: Health
    embedder: Embedder
    home: Path
    lines: Sequence[FactLine] = ()

    @property
    def recorder(self) -> Recorder:
        """Turns snapshots into versions."""
        return Recorder(self.readers, self.archive)

    @property
    def serving(self) -> Serving:
        """Chooses what is searched."""
        return Serving(self.manifest, self.readers, self.archive)

    @property
    def vectors(self) -> Vectors:
        """Makes the vectors that the archive lacks."""
        return Vectors(self.archive, self.embedder)

    def run(
        self,
        fetcher: Fetcher,
        now: datetime,
        clock: Callable[[], float],
        only: Collection[str] | None = None,
        progress: Progress = lambda _what, _done, _of: None,
    ) -> Report:
        """Follow ``only`` these source ids (all, when None) and bring the index up to date.

        Every failure of a source becomes an outcome; what the archive holds of it stays and is
        served. Errors of our own state (:class:`ingest.errors.StoreError`) end the run.
        """
        began = clock()
        sources = self.manifest.sources.values()
        wanted = [each for each in sources if only is None or each.id in only]
        outcomes = []
        for done, source in enumerate(wanted):
            progress("reading", done, len(wanted))
            outcomes.append(self._follow(source, fetcher, now))
        progress("reading", len(wanted), len(wanted))
        chunks = self.serving.now()
        embedded = self.vectors.make(chunks, progress)
        self.vectors.make(self.lines, progress)
        generation = self.refresh(chunks, now)
        finished = tuple(self._counted(each, embedded) for each in outcomes)
        for outcome in () if fetcher.offline else finished:  # nothing was checked offline
            self.health.record(outcome, now)
        troubles = tuple(self.health.lasting(now))
        seconds = clock() - began
        return Report(finished, generation, len(embedded), fetcher.offline, seconds, troubles)

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
        self.recorder.reread_current(source)
        before = self.archive.current(source.id)
        after, refused = before, None
        for snapshot in reader.fetch(source, fetcher, self.archive.known(source.id), now):
            try:
                after = self.recorder.record(source, snapshot, before)
            except ReadError as error:
                refused = error  # those that came with it may be good, such as entries of a feed
        if refused is not None:
            raise refused
        if after is None:  # a snapshot is only kept together with the version read from it
            raise ReadError(f"{source.id} was neither fetched nor is it in the archive.")
        if before is None:
            return Outcome(source.id, Status.NEW, version=after.number)
        status = Status.UNCHANGED if after.number == before.number else Status.CHANGED
        return Outcome(source.id, status, version=after.number)

    def fill(
        self,
        fetcher: Fetcher,
        now: datetime,
        only: Collection[str] | None = None,
        progress: Progress = lambda _what, _done, _of: None,
    ) -> Filled:
        """Fill in the history behind what is served; see :class:`ingest.filling.Filling`.

        Where a version that was filled in is now the newest that can be served, the index follows.
        """
        filling = Filling(self.manifest, self.recorder, self.serving, self.archive, self.vectors)
        filled = filling.run(fetcher, now, only, progress)
        if filled.serves_more:
            chunks = self.serving.now()
            self.vectors.make(chunks, progress)
            self.refresh(chunks, now)
        return filled

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

    def _counted(self, outcome: Outcome, embedded: Sequence[Chunk]) -> Outcome:
        """Fill in how many clauses are served and how many vectors were made for the source."""
        if outcome.version is None:
            return outcome
        clauses = len(self.archive.clauses(outcome.source, outcome.version))
        made = sum(each.source == outcome.source for each in embedded)
        return replace(outcome, clauses=clauses, embedded=made)
