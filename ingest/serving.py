"""What is served of each source, now or as of a day, and cut into the chunks that are searched.

Most sources serve one version. Of a serial source, such as a feed, every entry is served in its
newest version. Which version was in force is ``timeline``'s to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ingest.archive import Archive
from ingest.clauses import chunk
from ingest.domain import Chunk, Kind, Source, Version
from ingest.manifest import Manifest
from ingest.readers import Reader
from ingest.timeline import Force, Stand, in_force

_NEWEST_NOTES = 60
"""Chunks of release notes that are searched, the newest: about a year of them.

The archive keeps all of them; ten years of patch releases would drown the licences they stand by.
"""


@dataclass(frozen=True, slots=True)
class Serving:
    """Chooses versions and cuts them; reads the archive and writes nothing."""

    manifest: Manifest
    readers: Mapping[str, Reader]
    archive: Archive

    def now(self) -> list[Chunk]:
        """The chunks of everything that is served, in the order of the manifest."""
        newest = self.archive.current_versions()
        return [
            each
            for source in self.manifest.sources.values()
            for each in self._cut(source, self._served(source, newest))
        ]

    def documents(self) -> list[Version]:
        """The newest version of every declared source but release notes."""
        newest = self.archive.current_versions()
        return [
            newest[each.id]
            for each in self.manifest.sources.values()
            if each.id in newest and each.kind is not Kind.RELEASE_NOTES
        ]

    def chunks(self, source: str, numbers: Iterable[int]) -> list[Chunk]:
        """The chunks of these versions of a source, the newest of which comes first."""
        found = (self.archive.version(source, number) for number in numbers)
        return self._cut(self.manifest.sources[source], (each for each in found if each))

    def in_force(self, sources: Collection[str], day: date) -> dict[str, list[Force]]:
        """Source → what counted on ``day``, newest first; a source of which nothing did is absent.

        More than one of a serial source alone.
        """
        stands = self.archive.stands(sources)
        found = {
            id: self._forces(self.manifest.sources[id], stands[id], day)
            for id in sources
            if id in stands and id in self.manifest.sources
        }
        return {id: forces for id, forces in found.items() if forces}

    def _forces(self, source: Source, stands: list[Stand], day: date) -> list[Force]:
        if self.readers[source.reader].serial:
            until = [each for each in stands if each.seen <= day]
            return [Force(each, each.seen, None) for each in _newest_entries(until)]
        force = in_force(stands, day, ageless=source.kind is Kind.LICENCE)
        return [force] if force else []

    def _served(self, source: Source, newest: Mapping[str, Version]) -> list[Version]:
        if source.id not in newest:
            return []
        if not self.readers[source.reader].serial:
            return [newest[source.id]]
        entries = _newest_entries(self.archive.stands([source.id])[source.id])
        found = (self.archive.version(source.id, each.number) for each in entries[:_NEWEST_NOTES])
        return [each for each in found if each]

    def _cut(self, source: Source, versions: Iterable[Version]) -> list[Chunk]:
        vendor = self.manifest.vendors[source.vendor].name
        made: list[Chunk] = []
        for version in versions:
            clauses = self.archive.clauses(source.id, version.number)
            made += _once(chunk(source, version, clauses, vendor))
            if source.kind is Kind.RELEASE_NOTES and len(made) >= _NEWEST_NOTES:
                return made[:_NEWEST_NOTES]
        return made


def _once(chunks: Iterable[Chunk]) -> Iterable[Chunk]:
    """Some pages print their text twice; what says the same in one version is searched once."""
    found: dict[str, Chunk] = {}
    for each in chunks:
        found.setdefault(each.key, each)
    return found.values()


def _newest_entries(stands: Iterable[Stand]) -> list[Stand]:
    """Of each entry (address) its newest version, the newest entry first."""
    newest = {each.address: each for each in stands}
    return sorted(newest.values(), key=lambda each: (each.seen_at, each.number), reverse=True)
