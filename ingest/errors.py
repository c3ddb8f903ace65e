"""Every error that Smallprint raises on purpose, as a tree. Raise the leaf, catch the branch.

SmallprintError                 one clear sentence for people; the traceback goes to the log
├── SettingsError               a setting is missing or malformed
├── CorpusError                 a file in corpus/ is wrong: names file, key and what is allowed
├── QuestionError               what somebody typed cannot be worked with
│   └── UnknownNameError        no card, vendor, source or version of that name; carries suggestions
├── FetchError                  one source could not be had this time; what we know stays
│   ├── UnreachableError        no connection, name, or answer in time
│   ├── BusyError               the other side answered, and wants to be asked again later
│   ├── RefusedError            the other side answered and said no
│   ├── RobotsError             the site's robots.txt asks us to stay away from the page
│   ├── ForbiddenAddressError   the address, or where it leads, is not a public one
│   ├── MissingError            the distribution, version, member or file is not there
│   ├── TooLargeError           more bytes than a document may have
│   ├── PinMismatchError        an address that cannot change came with other bytes
│   └── OfflineError            the run may not use the network
├── ReadError                   the bytes came, but are not a document we can read
│   └── NotTheDocumentError     they can be read, and are an error page, a wall, a stub …
└── StoreError                  our own state cannot be used
    ├── DatabaseError           the database cannot be opened, read or written
    ├── IndexMissingError       no generation has been built yet
    └── EmbedderError           the embedding model is missing, altered or another one

A framework's errors change into these at the one module that may import the framework.
"""

from __future__ import annotations

from ingest.domain import Cause


class SmallprintError(Exception):
    """Base of all. ``str(error)`` is one sentence: what was wrong and what to do."""


class SettingsError(SmallprintError):
    """A setting is missing or malformed."""


class CorpusError(SmallprintError):
    """A file in ``corpus/`` is wrong. The sentence names file, key and what is allowed."""


class QuestionError(SmallprintError):
    """What somebody typed cannot be worked with."""


class UnknownNameError(QuestionError):
    """No card, vendor, source or version has that name; ``suggestions`` are near ones."""

    def __init__(self, sentence: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.suggestions = suggestions


class FetchError(SmallprintError):
    """One source could not be had this time. ``cause`` is what the report says."""

    cause: Cause


class UnreachableError(FetchError):
    """No connection, no name, or no answer in time."""

    cause = Cause.UNREACHABLE


class BusyError(FetchError):
    """The other side answered, and wants to be asked again later."""

    cause = Cause.BUSY


class RefusedError(FetchError):
    """The other side answered and said no."""

    cause = Cause.REFUSED


class RobotsError(FetchError):
    """The site's ``robots.txt`` asks us to stay away from the page."""

    cause = Cause.ROBOTS


class ForbiddenAddressError(FetchError):
    """The address, or one that it leads to, lies on this machine or in a private network."""

    cause = Cause.FORBIDDEN_ADDRESS


class MissingError(FetchError):
    """The distribution, version, member or file is not there."""

    cause = Cause.MISSING


class TooLargeError(FetchError):
    """More bytes than a document may have."""

    cause = Cause.TOO_LARGE


class PinMismatchError(FetchError):
    """An address whose content cannot change came with other bytes than on first sight."""

    cause = Cause.PIN_MISMATCH


class OfflineError(FetchError):
    """The run may not use the network and the archive does not hold what was asked for."""

    cause = Cause.OFFLINE


class ReadError(SmallprintError):
    """The bytes came, but are not a document we can read."""

    cause: Cause = Cause.UNREADABLE


class NotTheDocumentError(ReadError):
    """What came can be read and is something else: an error page, a wall, a stub, a shell."""

    def __init__(self, cause: Cause, sentence: str) -> None:
        super().__init__(sentence)
        self.cause = cause


class StoreError(SmallprintError):
    """Our own state cannot be used."""


class DatabaseError(StoreError):
    """The database cannot be opened, read or written."""


class IndexMissingError(StoreError):
    """No generation of the index has been built yet."""


class EmbedderError(StoreError):
    """The embedding model is missing, altered, or not the one the vectors were made with."""
