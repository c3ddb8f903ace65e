"""Readers: one module per kind of source, each knowing how to fetch it and how to read it.

A reader takes the fetcher and what is already known as arguments; it knows neither the archive nor
another reader. What is the same for all, from bytes to text, stands here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ingest.dates import stated_dates
from ingest.domain import Kind, Option, Reading, Snapshot, Source
from ingest.errors import CorpusError, ReadError

if TYPE_CHECKING:
    from ingest.fetch import Fetcher

_FENCE = re.compile(r"---[ \t]*(?:\r?\n|\Z)")
_FRONT_MATTER = re.compile(rf"{_FENCE.pattern}(?P<head>(?:.*\n)*?){_FENCE.pattern}")


class Known(Protocol):
    """What the archive already holds, as far as a reader may know."""

    @property
    def last(self) -> Snapshot | None:
        """The newest snapshot of this source that was read; None where there is none."""

    def pinned(self, address: str) -> str | None:
        """The sha256 first seen at an address that cannot change, for whichever source."""

    def seen(self, address: str) -> str | None:
        """The sha256 of the newest bytes of this source from ``address``, read or refused."""


class Reader(Protocol):
    """How one kind of source is checked, fetched and read."""

    @property
    def revision(self) -> str:
        """Names this reading; it changes when the same bytes would read differently."""

    @property
    def serial(self) -> bool:
        """Whether versions stand beside each other, as entries of a feed do.

        Of every other reader a new version takes the place of the one before it.
        """

    def check(self, source_id: str, options: Mapping[str, Option]) -> None:
        """Refuse options that the reader cannot work with.

        Raises:
            CorpusError: naming the key and what is allowed; the file's name is added by whoever
                loads it.
        """

    def fetch(
        self, source: Source, fetcher: Fetcher, known: Known, now: datetime
    ) -> Sequence[Snapshot]:
        """Fetch what is new of the source, oldest first; nothing where all of it is known.

        Most carriers hold one text, the newest; a feed may hold several entries that are new.

        Args:
            now: when the fetch happens, in UTC.

        Raises:
            FetchError: a leaf of it; the source could not be had this time.
            ReadError: what came is damaged.
        """

    def read(self, source: Source, snapshot: Snapshot) -> Reading:
        """Make normalised text and dates out of a snapshot.

        Raises:
            ReadError: it is not a document that can be read.
        """


@dataclass(frozen=True, slots=True)
class State:
    """A state that a source was once in; ``load`` fetches its bytes, and raises as ``fetch``."""

    address: str
    seen_at: datetime
    load: Callable[[], Snapshot]


@runtime_checkable
class Historian(Protocol):
    """A reader whose carrier keeps the earlier states of a source."""

    def history(
        self, source: Source, fetcher: Fetcher, known: Known, now: datetime
    ) -> Sequence[State]:
        """Every state that the carrier holds, oldest first, the newest among them.

        Raises:
            FetchError: the history could not be had this time.
        """


@runtime_checkable
class Selective(Protocol):
    """A reader whose options say which part of the bytes is the document.

    ``selecting`` names those options: when one is changed, the same bytes read otherwise.
    """

    selecting: tuple[str, ...]


def dated(source: Source, text: str, carried: date | None = None) -> Reading:
    """A reading with the dates that the text states, or that its carrier or its declaration does.

    A date inside release notes is that of one entry, not of the notes.
    """
    if source.kind is Kind.RELEASE_NOTES:
        return Reading(text, carried or source.dated)
    published, effective = stated_dates(text)
    return Reading(text, published or carried or source.dated, effective)


def one_text(options: Mapping[str, Option], name: str) -> str:
    """The option ``name`` as one text; empty where it is not set.

    Raises:
        CorpusError: it is a list.
    """
    value = options.get(name, "")
    if not isinstance(value, str):
        raise CorpusError(f"options.{name} is a list; allowed: one text")
    return value


def texts(options: Mapping[str, Option], name: str) -> tuple[str, ...]:
    """The option ``name`` as a list: one text counts as a list of one, nothing as an empty one."""
    value = options.get(name, ())
    return (value,) if isinstance(value, str) else value


def readers(corpus: Path) -> Mapping[str, Reader]:
    """Every reader by the name that corpus files use; ``corpus`` is the folder they stand in."""
    # Imported here, because the readers import what stands above.
    from ingest.readers.feed import FeedReader
    from ingest.readers.file import FileReader
    from ingest.readers.git import GitReader
    from ingest.readers.package import PackageReader
    from ingest.readers.web import WebReader

    return {
        "feed": FeedReader(),
        "file": FileReader(corpus),
        "git": GitReader(),
        "package": PackageReader(),
        "web": WebReader(),
    }


def decoded(snapshot: Snapshot) -> str:
    """The snapshot as text: UTF-8, or UTF-16 where a byte order mark says so.

    Nothing is guessed, because a wrong guess would be quoted as their words.

    Raises:
        ReadError: it is in another encoding, is no text, or was damaged before it reached us.
    """
    utf16 = snapshot.content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if utf16 else "utf-8-sig"
    try:
        text = snapshot.content.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(f"{snapshot.address} is not {encoding} text: {error.reason}.") from error
    if "\0" in text or "\ufffd" in text:
        raise ReadError(f"{snapshot.address} holds characters that no text has; it is damaged.")
    return text


def split_front_matter(text: str) -> tuple[str, str]:
    """Split the lines between two ``---`` at the very start from the text after them.

    Returns:
        ``(head, body)``; an empty head where the text does not start with such a line.

    Raises:
        ReadError: the second ``---`` is missing, so that nobody knows where the text begins.
    """
    if not _FENCE.match(text):
        return "", text
    found = _FRONT_MATTER.match(text)
    if found is None:
        raise ReadError("The lines at the top begin with --- and never end with another ---.")
    return found["head"], text[found.end() :]
