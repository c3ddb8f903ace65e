"""From a snapshot to a recorded version, or to a refusal that is recorded with its cause.

Owns the order: read, refuse what is not the document, split, keep. What a reading, a refusal and a
clause are is left to the modules of those names.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from ingest import refusals
from ingest.archive import Archive
from ingest.clauses import SPLITTER_REVISION, split
from ingest.domain import Kind, Origin, Reading, Snapshot, Source, Version
from ingest.errors import ReadError
from ingest.readers import Reader, Selective, texts

log = logging.getLogger(__name__)

# Release notes and news are short, shrink when they are rotated, and may speak of error pages.
_NO_TERMS = (Kind.RELEASE_NOTES, Kind.ARTICLE)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Reads snapshots with the reader of their source and keeps what comes of it."""

    readers: Mapping[str, Reader]
    archive: Archive

    def record(self, source: Source, snapshot: Snapshot, before: Version | None) -> Version:
        """Keep what the publisher says now.

        Args:
            before: the version that was current, None where there was none.

        Raises:
            ReadError: it is no document, or another one; kept as a refused snapshot.
        """
        # Entries of a feed do not follow each other: one may be longer than the next.
        follows = before is not None and not self.readers[source.reader].serial
        try:
            reading = self.read(source, snapshot, before.text if before and follows else None)
        except ReadError as error:
            self.archive.refuse(snapshot, error.cause)
            raise
        begins = before is None if snapshot.ordinal is None else snapshot.ordinal == 1
        origin = Origin.FIRST if begins else Origin.PUBLISHED
        return self.keep(source, snapshot, reading, origin)

    def reread(self, source: Source, number: int) -> Version | None:
        """Read the snapshot of a version again because our reading has changed; alerts nobody.

        Raises:
            ReadError: our new reading cannot make anything of it.
        """
        snapshot = self.archive.snapshot_of(source.id, number)
        if snapshot is None:
            return None
        reading = self.read(source, snapshot, None)
        return self.keep(source, snapshot, reading, Origin.REREAD)

    def reread_current(self, source: Source) -> None:
        """Read what is served again, where our reading of it has changed."""
        current = self.archive.current(source.id)
        if current is not None and current.reader != self.reading_of(source):
            self.reread(source, current.number)

    def read(self, source: Source, snapshot: Snapshot, last_good: str | None) -> Reading:
        """The reading of a snapshot that may become a version.

        Raises:
            ReadError: it is no document, or another one.
        """
        reading = self.readers[source.reader].read(source, snapshot)
        if not reading.text.strip():
            raise ReadError(f"{source.id} holds no text that could be quoted.")
        if source.kind not in _NO_TERMS:
            refusals.check(reading.text, last_good, source.language)
        return reading

    def keep(self, source: Source, snapshot: Snapshot, reading: Reading, origin: Origin) -> Version:
        """Split a reading and record it."""
        clauses = split(reading.text)
        return self.archive.record(snapshot, reading, origin, self.reading_of(source), clauses)

    def reading_of(self, source: Source) -> str:
        """Reader, options that select, and splitter together decide what a snapshot reads as."""
        reader = self.readers[source.reader]
        parts = [reader.revision, SPLITTER_REVISION]
        if isinstance(reader, Selective):
            chosen = [(name, texts(source.options, name)) for name in reader.selecting]
            if any(selectors for _, selectors in chosen):
                parts.append(hashlib.sha256(repr(chosen).encode()).hexdigest()[:8])
        return "+".join(parts)
