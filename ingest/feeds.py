"""Which feeds are safe to be taken apart: a look through the XML, before feedparser gets it.

Owns the limits on what a feed is built of. feedparser takes time by the square of some of it, so
that a feed of a megabyte could keep us busy for hours. What entries say is left to the reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from ingest import charsets
from ingest.errors import ReadError, TooLargeError

_MOST_BYTES = 5_000_000  # a feed holds what is new
_MOST_ELEMENTS = 100_000
_MOST_ATTRIBUTES = 100  # of one element
_MOST_PREFIXES = 100
_DEEPEST = 100
_LONGEST_BASE = 500  # characters; every address within is joined to it again
_DEEPEST_BASE = 8


def sound(content: bytes, media_type: str, where: str) -> bytes:
    """The feed as UTF-8, from its first element on.

    Only what is well-formed: from half a feed one could quote half an entry.

    Args:
        media_type: a Content-Type, with its parameters.
        where: the address of the feed, for messages.

    Raises:
        TooLargeError: it is far larger than any.
        ReadError: it is none, or made to keep us busy.
    """
    if len(content) > _MOST_BYTES:
        raise TooLargeError(f"The feed {where} has more than {_MOST_BYTES:,} bytes.")
    content = charsets.decoded(content, media_type, where).lstrip().encode()
    look = _Look(where)
    try:
        look.parser.Parse(content, True)
    except expat.ExpatError as error:
        wrong = f"{expat.ErrorString(error.code)} in line {error.lineno}"
        raise ReadError(f"What {where} answers is no feed: {wrong}.") from error
    return content[look.begins :]


class _Look:
    """A look through a feed before it is taken apart, which stops at what no feed needs."""

    def __init__(self, where: str) -> None:
        self.begins = -1
        self._where = where
        self._elements = 0
        self._depth = 0
        self._prefixes: set[str | None] = set()
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartNamespaceDeclHandler = self._namespace
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.SkippedEntityHandler = self._entity

    def _start(self, _name: str, attributes: Mapping[str, str]) -> None:
        if self._elements == 0:
            self.begins = self.parser.CurrentByteIndex
        self._elements += 1
        self._depth += 1
        if self._elements > _MOST_ELEMENTS or self._depth > _DEEPEST:
            raise self._refused("has more elements, or more in each other, than any feed")
        if len(attributes) > _MOST_ATTRIBUTES:
            raise self._refused("has an element with more attributes than any feed")
        for name, value in attributes.items():
            is_base = name.rpartition(" ")[2].lower() == "base"
            if is_base and (len(value) > _LONGEST_BASE or self._depth > _DEEPEST_BASE):
                raise self._refused("has a base address that no feed needs")

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _namespace(self, prefix: str | None, _uri: str) -> None:
        self._prefixes.add(prefix)
        if len(self._prefixes) > _MOST_PREFIXES:
            raise self._refused("uses more vocabularies than any feed")

    def _doctype(self, _name: str, _system: object, _public: object, has_subset: int) -> None:
        if has_subset:
            raise self._refused("defines words of its own, which no feed needs")

    def _entity(self, _name: str, _is_parameter: int) -> None:
        raise self._refused("uses words that it does not define")

    def _refused(self, why: str) -> ReadError:
        return ReadError(f"What {self._where} answers {why}.")
