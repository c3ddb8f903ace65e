"""From a span of an archived text to a citation: whose document, which version, which clause.

Owns how a clause is named to people. Versions never change, so what was read once is kept.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

from bot.domain import Citation, Retrieved, VersionIdentity
from ingest.archive import Archive
from ingest.domain import Clause, Passage, Source, Version
from ingest.errors import DatabaseError
from ingest.manifest import Manifest

_KEPT = 256  # texts; a licence is 10 to 60 kB
_ENUMERATION = re.compile(
    r"^(?:(?:section|article|part)\s+)?(?:\d+(?:\.\d+)*|\(?[a-z]|\(?[ivxlc]+)[.):]+\s+"
    r"|^\d+(?:\.\d+)*\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Text:
    """A version and its clauses in the order of the text."""

    version: Version
    clauses: tuple[Clause, ...]

    def clause_at(self, offset: int) -> Clause | None:
        """The innermost clause that holds ``offset``, the nearest before it otherwise."""
        place = bisect_right(self.clauses, offset, key=lambda each: each.start)
        return self.clauses[place - 1] if place else None

    def within(self, start: int, end: int) -> list[Clause]:
        """The clauses that share at least one character with the span."""
        return [each for each in self.clauses if each.start < end and start < each.end]


class Library:
    """Texts of the archive with who publishes them; safe to share between threads."""

    def __init__(self, archive: Archive, manifest: Manifest) -> None:
        self._archive = archive
        self._manifest = manifest
        self._kept: OrderedDict[tuple[str, int], Text] = OrderedDict()
        self._lock = Lock()

    def source(self, id: str) -> Source | None:
        """The declaration of a source; None for one that is only in the archive any more."""
        return self._manifest.sources.get(id)

    @property
    def titles(self) -> Mapping[str, str]:
        """Source → the title of its document."""
        return {id: each.title for id, each in self._manifest.sources.items()}

    @property
    def vendors(self) -> Iterable[str]:
        """The names of all vendors."""
        return (each.name for each in self._manifest.vendors.values())

    def named(self, source: str) -> str:
        """The title of a document and the name of its vendor, as far as both are declared."""
        declared = self.source(source)
        vendor = f" {self._manifest.vendors[declared.vendor].name}" if declared else ""
        return f"{self.title(source)}{vendor}"

    def title(self, source: str) -> str:
        """The title of a document for people, its id where the declaration is gone."""
        declared = self.source(source)
        return declared.title if declared else source

    def text(self, source: str, number: int) -> Text:
        """Read a version and its clauses.

        Raises:
            DatabaseError: the archive does not hold that version, or cannot be read.
        """
        with self._lock:
            kept = self._kept.get((source, number))
            if kept is not None:
                self._kept.move_to_end((source, number))
                return kept
        version = self._archive.version(source, number)
        if version is None:
            raise DatabaseError(
                f"The archive holds no version {number} of {source}; run `smallprint ingest`."
            )
        read = Text(version, tuple(self._archive.clauses(source, number)))
        with self._lock:
            self._kept[(source, number)] = read
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return read

    def cite(self, source: str, number: int, start: int, end: int) -> Citation:
        """Cite ``text[start:end]`` of a version; offsets count characters.

        Raises:
            DatabaseError: see :meth:`text`.
        """
        text = self.text(source, number)
        declared = self.source(source)
        vendor = self._manifest.vendors[declared.vendor].name if declared else ""
        clause = text.clause_at(start)
        return Citation(
            source=source,
            title=declared.title if declared else source,
            vendor=vendor,
            clause=clause_name(clause) if clause else "",
            quote=text.version.text[start:end],
            version=VersionIdentity.of(text.version),
            url=declared.url if declared else "",
            attribution=declared.attribution if declared else "",
            start=start,
        )

    def retrieved(self, passage: Passage) -> Retrieved:
        """A passage as it is shown, named by its first clause."""
        chunk = passage.chunk
        clause = self.text(chunk.source, chunk.version).clause_at(chunk.start)
        name = clause_name(clause) if clause else ""
        return Retrieved(chunk.source, name, chunk.text, passage.score)


def clause_name(clause: Clause) -> str:
    """What a lawyer would cite and its title: "2. Additional Commercial Terms", "1.b.i"."""
    title = clause.heading or (_ENUMERATION.sub("", clause.trail[-1]) if clause.trail else "")
    if not clause.label:
        return title
    return f"{clause.label}. {title}" if title else clause.label
