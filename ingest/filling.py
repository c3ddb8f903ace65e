"""Fills in the history behind what is served: earlier states, old readings, vectors of the past.

Runs after the newest texts are served, newest first, and goes on where a run that was killed
stopped: a state is recorded or refused once, and a version says which embedder has embedded it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ingest.archive import Archive
from ingest.domain import Cause, Origin, Snapshot, Source
from ingest.errors import FetchError, ReadError, TooLargeError
from ingest.fetch import Fetcher
from ingest.manifest import Manifest
from ingest.readers import Historian, State
from ingest.recording import Recorder
from ingest.serving import Serving
from ingest.vectors import Progress, Vectors

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Filled:
    """What filling in came to.

    ``versions`` were recorded, ``reread`` read again, ``refused`` are states that were an error
    page or the like, ``embedded`` counts vectors made, ``failed`` are sources whose history could
    not be had. ``serves_more``: a version that was filled in is now the newest of its source.
    """

    versions: int = 0
    reread: int = 0
    refused: int = 0
    embedded: int = 0
    failed: tuple[str, ...] = ()
    serves_more: bool = False

    def to_json(self) -> dict[str, Any]:
        """What ``smallprint ingest --json`` prints under ``history``."""
        return {
            "versions": self.versions,
            "reread": self.reread,
            "refused": self.refused,
            "embedded": self.embedded,
            "failed": list(self.failed),
        }


@dataclass(frozen=True, slots=True)
class Filling:
    """One pass over the history of all sources."""

    manifest: Manifest
    recorder: Recorder
    serving: Serving
    archive: Archive
    vectors: Vectors

    def run(
        self, fetcher: Fetcher, now: datetime, only: Collection[str] | None, progress: Progress
    ) -> Filled:
        """Record what is missing, read again what our reading has left behind, then embed it.

        Args:
            only: ids of sources; None for all.
        """
        filled = Filled()
        declared = self.manifest.sources.values()
        sources = [each for each in declared if only is None or each.id in only]
        for done, source in enumerate(sources):
            progress("history", done, len(sources))
            try:
                filled = self._record(source, fetcher, now, filled)
            except FetchError as error:
                log.warning("The history of %s: %s", source.id, error)
                filled = replace(filled, failed=(*filled.failed, source.id))
            filled = self._reread(source, filled)
        progress("history", len(sources), len(sources))
        return replace(filled, embedded=self._embed([each.id for each in sources], progress))

    def _record(self, source: Source, fetcher: Fetcher, now: datetime, filled: Filled) -> Filled:
        reader = self.recorder.readers[source.reader]
        if fetcher.offline or not isinstance(reader, Historian):
            return filled
        states = reader.history(source, fetcher, self.archive.known(source.id), now)
        held = self.archive.addresses(source.id)
        missing = [place for place, each in enumerate(states) if each.address not in held]
        if not missing:
            return filled
        before = self.archive.current(source.id)
        last_good = self._last_good(source, states, missing[0])
        causes = self._judge(source, states[missing[0] :], last_good)
        for place in reversed(missing):
            filled = self._keep(source, states[place], causes[place - missing[0]], filled)
        after = self.archive.current(source.id)
        more = after is not None and (before is None or after.number != before.number)
        return replace(filled, serves_more=filled.serves_more or more)

    def _last_good(self, source: Source, states: Sequence[State], first: int) -> str | None:
        """The text of the newest version among the states before the first that is missing."""
        stands = {
            each.address: each for each in self.archive.stands([source.id]).get(source.id, [])
        }
        for state in reversed(states[:first]):
            if state.address in stands:
                version = self.archive.version(source.id, stands[state.address].number)
                return version.text if version else None
        return None

    def _judge(
        self, source: Source, states: Sequence[State], last_good: str | None
    ) -> list[Cause | None]:
        """Why each state is refused, judged in the order of time by the last good one before it.

        The texts are let go of again and read a second time to be kept: of a long history they
        would fill the memory.
        """
        causes: list[Cause | None] = []
        for state in states:
            snapshot = _loaded(state)
            if snapshot is None:
                causes.append(None)
                continue
            try:
                last_good = self.recorder.read(source, snapshot, last_good).text
            except ReadError as error:
                causes.append(error.cause)
            else:
                causes.append(None)
        return causes

    def _keep(self, source: Source, state: State, cause: Cause | None, filled: Filled) -> Filled:
        snapshot = _loaded(state)
        if snapshot is None:
            return filled
        if cause is not None:
            self.archive.refuse(snapshot, cause)
            return replace(filled, refused=filled.refused + 1)
        try:
            reading = self.recorder.read(source, snapshot, None)
        except ReadError as error:  # good only beside the text before it, which is another language
            self.archive.refuse(snapshot, error.cause)
            return replace(filled, refused=filled.refused + 1)
        origin = Origin.FIRST if snapshot.ordinal == 1 else Origin.PUBLISHED
        self.recorder.keep(source, snapshot, reading, origin)
        return replace(filled, versions=filled.versions + 1)

    def _reread(self, source: Source, filled: Filled) -> Filled:
        for number in self.archive.outdated(source.id, self.recorder.reading_of(source)):
            try:
                self.recorder.reread(source, number)
            except ReadError as error:
                log.warning("%s, version %d: %s", source.id, number, error)
            else:
                filled = replace(filled, reread=filled.reread + 1)
        return filled

    def _embed(self, sources: Collection[str], progress: Progress) -> int:
        embedder = self.vectors.embedder.name
        waiting = self.archive.unembedded(embedder, sources)
        made = 0
        for done, (source, number) in enumerate(waiting):
            progress("embedding history", done, len(waiting))
            made += len(self.vectors.make(self.serving.chunks(source, [number])))
            self.archive.mark_embedded(embedder, source, number)
        progress("embedding history", len(waiting), len(waiting))
        return made


def _loaded(state: State) -> Snapshot | None:
    """The bytes of a state; None where they are damaged or far too many, which a log line tells.

    It must not keep the other states of the source from us, now and on every run.
    """
    try:
        return state.load()
    except (ReadError, TooLargeError) as error:
        log.warning("%s is left out: %s", state.address, error)
        return None
