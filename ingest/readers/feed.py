"""Reads a feed (RSS, Atom): each entry is a version of its own, dated by the entry.

Owns which feeds are safe to take apart, which entries are new or changed, and what of an entry is
kept. Asking is left to the fetcher, taking a feed apart to feedparser, which fetches nothing here,
and the words of HTML to :mod:`ingest.hypertext`.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from calendar import timegm
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.parsers import expat

from ingest import charsets
from ingest.addresses import objection, place
from ingest.domain import Option, Reading, Snapshot, Source
from ingest.errors import CorpusError, ReadError, TooLargeError
from ingest.normalise import normalise
from ingest.readers import Known, decoded, one_text

if TYPE_CHECKING:
    from ingest.fetch import Fetcher
    from ingest.pages import Page

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
_MOST_BYTES = 5_000_000  # a feed holds what is new
_MOST_ELEMENTS = 100_000
_DEEPEST = 100
_LONGEST_BASE = 500  # characters; every address within is joined to it again
_DEEPEST_BASE = 8
_MOST_ENTRIES = 200
_LONGEST_NAME = 500
_PLAIN = "text/plain"
_HTML = ("text/html", "application/xhtml+xml")
_FIELDS = ("title", "title_type", "link", "published", "updated", "body", "body_type")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry: the name it goes by, when it was last touched, and what is kept of it."""

    name: str
    at: datetime | None
    kept: Mapping[str, str]


class FeedReader:
    """Options: ``feed``, an address. Entries stand beside each other, none replaces another."""

    revision = "feed-1"
    serial = True

    def check(self, source_id: str, options: Mapping[str, Option]) -> None:
        """See :meth:`ingest.readers.Reader.check`."""
        if options.keys() != {"feed"}:
            raise CorpusError(
                f"{source_id}: options has the keys {', '.join(sorted(options)) or '(none)'}; "
                "allowed: feed"
            )
        feed = one_text(options, "feed")
        wrong = objection(feed) or ("holds a fragment" if "#" in feed else "")
        if wrong or not feed.startswith("https://"):
            raise CorpusError(
                f"{source_id}: options.feed is {feed!r}, which {wrong or 'is not encrypted'}; "
                "allowed: an address such as https://acme.example/releases.atom"
            )

    def fetch(
        self, source: Source, fetcher: Fetcher, known: Known, now: datetime
    ) -> Sequence[Snapshot]:
        """See :meth:`ingest.readers.Reader.fetch`: the entries that are new, or were changed."""
        feed = one_text(source.options, "feed")
        page = _asked(feed, source.language, fetcher, known.last)
        if page is None:
            return []
        entries = _newest(_entries(page, now), now)
        if not entries and known.last is None:
            raise ReadError(f"The feed {place(feed)} holds no entry that says anything.")
        found = [_snapshot(source.id, feed, entry, now) for entry in reversed(entries)]
        new = [each for each in found if known.seen(each.address) != each.sha256]
        # Only the last one remembers what to ask with: where a run ends before it is recorded,
        # the next one is not told that nothing is new.
        return [*new[:-1], *(replace(each, response=_remembered(page)) for each in new[-1:])]

    def read(self, source: Source, snapshot: Snapshot) -> Reading:  # noqa: ARG002 - as others do
        """See :meth:`ingest.readers.Reader.read`."""
        entry = _unpacked(snapshot)
        link = entry["link"]
        title = " ".join(_text(entry["title"], entry["title_type"], link).split())
        body = _text(entry["body"], entry["body_type"], link)
        text = normalise(f"# {title}\n\n{body}" if title else body)
        if not text.strip():
            raise ReadError(f"{snapshot.address} holds no text.")
        return Reading(text, published=snapshot.published)


def _asked(feed: str, language: str, fetcher: Fetcher, last: Snapshot | None) -> Page | None:
    """The feed as it is now; None where it was not modified since ``last`` came out of it."""
    same = last is not None and last.address.partition("#")[0] == feed
    before = last.response if last and same else {}
    return fetcher.page(
        feed,
        accept=_ACCEPT,
        language=language,
        etag=before.get("etag", ""),
        last_modified=before.get("last_modified", ""),
        validated=before.get("redirects", "").rpartition(" ")[2],
    )


def _remembered(page: Page) -> dict[str, str]:
    led = " ".join(page.redirects)
    told = {"etag": page.etag, "last_modified": page.last_modified, "redirects": led}
    return {name: value for name, value in told.items() if value}


def _entries(page: Page, now: datetime) -> list[_Entry]:
    """The entries of a feed that say something, in its own order.

    Raises:
        TooLargeError: it is far larger than any.
        ReadError: it is none, or made to keep us busy.
    """
    import feedparser  # only here: it takes longer than answering a question

    parsed = feedparser.parse(
        io.BytesIO(_xml(page)),  # bytes alone would be tried as the name of a file first
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": page.url,
        },
        sanitize_html=True,
        resolve_relative_uris=True,
    )
    if not parsed.version or parsed.bozo:
        raise ReadError(f"What {place(page.url)} answers is no feed.")
    entries = [_entry(each, now) for each in parsed.entries]
    return [each for each in entries if _says_something(each.kept)]


def _xml(page: Page) -> bytes:
    """The feed as UTF-8, from its first element on.

    Only what is well-formed: from half a feed one could quote half an entry.
    """
    where = place(page.url)
    if len(page.content) > _MOST_BYTES:
        raise TooLargeError(f"The feed {where} has more than {_MOST_BYTES:,} bytes.")
    content = charsets.decoded(page.content, page.media_type, where).lstrip().encode()
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
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.SkippedEntityHandler = self._entity

    def _start(self, _name: str, attributes: Mapping[str, str]) -> None:
        if self._elements == 0:
            self.begins = self.parser.CurrentByteIndex
        self._elements += 1
        self._depth += 1
        if self._elements > _MOST_ELEMENTS or self._depth > _DEEPEST:
            raise self._refused("has more elements, or more in each other, than any feed")
        for name, value in attributes.items():
            is_base = name.rpartition(" ")[2].lower() == "base"
            if is_base and (len(value) > _LONGEST_BASE or self._depth > _DEEPEST_BASE):
                raise self._refused("has a base address that no feed needs")

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _doctype(self, _name: str, _system: object, _public: object, has_subset: int) -> None:
        if has_subset:
            raise self._refused("defines words of its own, which no feed needs")

    def _entity(self, _name: str, _is_parameter: int) -> None:
        raise self._refused("uses words that it does not define")

    def _refused(self, why: str) -> ReadError:
        return ReadError(f"What {self._where} answers {why}.")


def _entry(parsed: Mapping[str, Any], now: datetime) -> _Entry:
    entry = dict(parsed)  # a plain one: feedparser's takes one date for the other
    title, title_type = _longest([entry.get("title_detail") or {}])
    body, body_type = _longest([*entry.get("content", ()), entry.get("summary_detail") or {}])
    link, published, updated = (str(entry.get(each) or "") for each in _FIELDS[2:5])
    values = (title, title_type, link, published, updated, body, body_type)
    name = str(entry.get("id") or link or title or body)
    return _Entry(name, _moment(entry, now), dict(zip(_FIELDS, values, strict=True)))


def _longest(texts: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    """Of several forms of a text the fullest, and which kind it is; pictures are no text."""
    forms = [(str(each.get("value") or ""), str(each.get("type") or _PLAIN)) for each in texts]
    readable = [each for each in forms if each[1] in (_PLAIN, *_HTML)]
    return max(readable, key=lambda each: len(each[0]), default=("", _PLAIN))


def _moment(entry: Mapping[str, Any], now: datetime) -> datetime | None:
    """When an entry was last touched; a date to come, or before all feeds, is a slip."""
    for name in ("updated_parsed", "published_parsed"):
        parsed = entry.get(name)
        try:
            seconds = timegm(parsed) if parsed else 0
        except (ValueError, OverflowError):
            continue
        if 0 < seconds <= now.timestamp():
            return datetime.fromtimestamp(seconds, UTC)
    return None


def _newest(entries: Sequence[_Entry], now: datetime) -> list[_Entry]:
    """The newest first, one of each name; where dates do not decide, the order of the feed does."""
    newest = sorted(entries, key=lambda each: each.at or now, reverse=True)
    by_name: dict[str, _Entry] = {}
    for each in newest:
        by_name.setdefault(each.name, each)
    return [*by_name.values()][:_MOST_ENTRIES]


def _snapshot(source: str, feed: str, entry: _Entry, now: datetime) -> Snapshot:
    return Snapshot(
        source=source,
        address=f"{feed}#{_fragment(entry.name)}",
        media_type="application/json",
        fetched_at=now,
        content=json.dumps(entry.kept, ensure_ascii=False, sort_keys=True).encode(errors="replace"),
        published=entry.at.date() if entry.at else None,
        seen_at=entry.at or now,
    )


def _fragment(name: str) -> str:
    quoted = quote(name, safe="", errors="replace")
    if len(quoted) <= _LONGEST_NAME:
        return quoted
    return f"sha256:{hashlib.sha256(quoted.encode()).hexdigest()}"


def _unpacked(snapshot: Snapshot) -> Mapping[str, str]:
    """Raises ReadError where it is no entry that we packed."""
    try:
        entry = json.loads(decoded(snapshot))
        return {each: "" + entry[each] for each in _FIELDS}  # nothing but text goes there
    except (ValueError, KeyError, TypeError) as error:
        raise ReadError(f"{snapshot.address} is no entry of a feed.") from error


def _text(words: str, kind: str, link: str) -> str:
    """Title or body as text; it may be nothing but a picture."""
    if kind == _PLAIN:
        return words
    if not _words_in(words, kind):
        return ""
    from ingest.hypertext import text_of  # only here, as feedparser is

    return text_of(f"<main>{words}</main>", link)


def _says_something(kept: Mapping[str, str]) -> bool:
    return any(_words_in(kept[part], kept[f"{part}_type"]) for part in ("title", "body"))


def _words_in(words: str, kind: str) -> bool:
    bare = words if kind == _PLAIN else unescape(_TAG.sub(" ", words))
    return any(map(str.isalnum, bare))
