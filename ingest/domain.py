"""The nouns of the archive: what is followed, what was fetched, what was read, what can be quoted.

Plain immutable values without behaviour of their own; every other module speaks in these. Words and
their meanings are listed in ``docs/architecture.md``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from ingest.sameness import for_embedding


class Kind(StrEnum):
    """What sort of document a source is."""

    LICENCE = "licence"
    USE_POLICY = "use-policy"
    TERMS = "terms"
    PRIVACY = "privacy"
    MODEL_CARD = "model-card"
    RELEASE_NOTES = "release-notes"
    ARTICLE = "article"


class Origin(StrEnum):
    """Why a version exists: first sight, the publisher's new text, or a change in our reader."""

    FIRST = "first"
    PUBLISHED = "published"
    REREAD = "reread"


class Status(StrEnum):
    """The four outcomes of following one source once."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


class Cause(StrEnum):
    """Why a source failed; a closed list, chosen by error class and never by message text."""

    UNREACHABLE = "unreachable"
    BUSY = "busy"
    REFUSED = "refused"
    ROBOTS = "robots"
    FORBIDDEN_ADDRESS = "forbidden-address"
    MISSING = "missing"
    TOO_LARGE = "too-large"
    PIN_MISMATCH = "pin-mismatch"
    UNREADABLE = "unreadable"
    ERROR_PAGE = "error-page"
    WALL = "wall"
    REDIRECT_STUB = "redirect-stub"
    EMPTY_SHELL = "empty-shell"
    OTHER_LANGUAGE = "other-language"
    SHRUNK = "shrunk"
    OFFLINE = "offline"

    @property
    def transient(self) -> bool:
        """Whether asking again soon may help, with nothing changed on our side or theirs."""
        return self in (Cause.UNREACHABLE, Cause.BUSY)


Option = str | tuple[str, ...]
"""A setting of a reader in ``corpus/``."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """An organisation whose documents matter. ``aliases`` are other names people type for it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One document that we follow, as declared in ``corpus/sources``.

    ``id`` is chosen (``meta/llama-4-license``), never derived from an address or from content.
    ``key`` is the name of the document in the collection it comes from (a LicenseDB key, a path).
    ``options`` are the reader's own settings, already checked by that reader: a text, or a list.
    ``language`` is that of the document, as ISO 639-1.
    ``url`` is where the vendor publishes the document, shown beside every quote.
    ``dated`` is the publication date where the text itself does not carry one.
    """

    id: str
    vendor: str
    title: str
    kind: Kind
    reader: str
    options: Mapping[str, Option]
    url: str
    key: str
    attribution: str = ""
    dated: date | None = None
    incorporates: tuple[str, ...] = ()
    superseded_by: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The bytes that one fetch returned, untouched.

    ``address`` names exactly what was fetched. For a member of a package it is a package URL
    (``pkg:pypi/NAME@VERSION#MEMBER``), which holds no host name and never changes its content.
    ``published`` is a date that the carrier states (an upload date), None where it states none.
    ``seen_at`` is the moment at which the publisher's text is known to have stood so: that of the
    commit or of the feed's entry, and that of the fetch where the carrier keeps no history.
    ``ordinal`` is the place in the carrier's own history, counted from 1; None where it keeps none.
    ``response`` is what came with the bytes and is needed again: ``etag``, ``last_modified``, and
    ``redirects``, the addresses that the first one led to, a space between two. Where several pages
    make one text, the number of the page follows each name (``etag.1``).
    """

    source: str
    address: str
    media_type: str
    fetched_at: datetime
    content: bytes
    published: date | None = None
    seen_at: datetime | None = None
    ordinal: int | None = None
    response: Mapping[str, str] = field(default_factory=dict)

    @property
    def stood_at(self) -> datetime:
        """When the text is known to have stood so; at the latest when it was fetched."""
        return self.seen_at or self.fetched_at

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a snapshot: normalised text and the dates that the document states."""

    text: str
    published: date | None = None
    effective: date | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A dated, immutable text of a source. ``number`` counts from 1 within the source.

    ``sha256`` is over the UTF-8 bytes of ``text``; quotes are checked against this text.
    ``reader`` names reader and revision (``package-1``) that made the text out of the snapshot.
    ``seen_at`` is when the text is known to have stood so; versions follow each other by it, and
    by ``number`` where two have the same. Numbers are given as texts become known: history that is
    filled in later gets the numbers of its own order where its carrier counts them.
    """

    source: str
    number: int
    text: str
    sha256: str
    origin: Origin
    reader: str
    address: str
    published: date | None
    effective: date | None
    fetched_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest part worth quoting. ``text == version.text[start:end]`` always holds.

    ``key`` is unique within the version and stable while the structure of the document stands
    (``1/b/i``, ``preamble/2``, by a defined term or a first cell where there is one:
    ``17/account``). ``label`` is what a lawyer would cite (``1.b.i``), empty where the
    document numbers nothing. ``heading`` is the clause's own title, empty where it has none.
    ``trail`` holds the headings above it, outermost first, without the clause's own.
    """

    key: str
    label: str
    heading: str
    trail: tuple[str, ...]
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is embedded: neighbouring clauses of one section, or a slice of one long clause.

    ``text == version.text[start:end]``; ``heading`` is the title and trail put before it when it is
    indexed. ``clauses`` are the keys of the clauses that it covers, in order.
    """

    id: str
    source: str
    version: int
    clauses: tuple[str, ...]
    start: int
    end: int
    heading: str
    text: str

    @property
    def indexed(self) -> str:
        """The words that are searched: heading line, then the text."""
        return f"{self.heading}\n{self.text}"

    @property
    def embedded(self) -> str:
        """The words that are embedded: without what may move while the text means the same."""
        return for_embedding(self.indexed)

    @property
    def key(self) -> str:
        """Names the vector of this chunk: sha256 of the words that are embedded."""
        return hashlib.sha256(self.embedded.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that was found for a question. Both scores only compare within one search.

    ``score`` is the fused rank score, higher is better; ``similarity`` is the cosine between
    question and chunk, -1 to 1, comparable between questions for one embedder.
    """

    chunk: Chunk
    score: float
    similarity: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """A source that fails for more than a moment; closed by itself when it goes well again."""

    source: str
    cause: Cause
    detail: str
    opened_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What following one source once came to. ``detail`` is one sentence for people.

    ``clauses`` counts those of the version now served, ``embedded`` the vectors made in this run.
    """

    source: str
    status: Status
    detail: str = ""
    cause: Cause | None = None
    version: int | None = None
    clauses: int = 0
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class Generation:
    """One immutable build of the search index: where it lies and what it was built from."""

    id: str
    embedder: str
    chunks: int
    built_at: datetime
    folder: str = field(default="")
