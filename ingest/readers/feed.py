"""Reads a feed (RSS, Atom): each entry is a version of its own, dated by the entry.

Owns which entries are new or changed, and what of an entry is kept. Asking is left to the fetcher,
which feeds are safe to take apart to :mod:`ingest.feeds`, taking them apart to feedparser, which
fetches nothing here, and the words of HTML to :mod:`ingest.hypertext`.
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

from ingest import feeds
from ingest.addresses import objection, place
from ingest.domain import Option, Reading, Snapshot, Source
from ingest.errors import CorpusError, ReadError
from ingest.normalise import normalise
from ingest.readers import Known, decoded, one_text

if TYPE_CHECKING:
    from ingest.fetch import Fetcher
    from ingest.pages import Page

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
_MOST_ENTRIES = 200
_LONGEST_NAME = 500
_PLAIN = "text/plain"
_HTML = ("text/html", "application/xhtml+xml")
_FIELDS = ("title", "title_type", "link", "published", "body", "body_type", "base")
_TAG = re.compile(r"<[^<>]*>")
_LOOKS_LIKE_HTML = re.compile(r"</?[a-z][^<>]{0,2000}>|<!--|&#?\w{1,30};", re.IGNORECASE)
_BEFORE_ALL_FEEDS = 631_152_000  # seconds, in 1990; programs that know no date write 1970


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry: the name it goes by, when it was last touched, and what is kept of it.

    When it was touched is not kept: that moves where nothing that is said does. ``says_when`` is
    whether it would tell of a change.
    """

    name: str
    at: datetime | None
    says_when: bool
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
        entries = _newest(_entries(page, feed, now), now)
        if not entries and known.last is None:
            raise ReadError(f"The feed {place(feed)} holds no entry that says anything.")
        found = (_changed(source.id, feed, entry, known, now) for entry in reversed(entries))
        new = sorted(filter(None, found), key=lambda each: each.stood_at)
        # Only the last one remembers what to ask with: where a run ends before it is recorded,
        # the next one is not told that nothing is new.
        return [*new[:-1], *(replace(each, response=_remembered(page)) for each in new[-1:])]

    def read(self, source: Source, snapshot: Snapshot) -> Reading:  # noqa: ARG002 - as others do
        """See :meth:`ingest.readers.Reader.read`."""
        entry = _unpacked(snapshot)
        base = entry["base"]
        title = " ".join(_text(entry["title"], entry["title_type"], base).split())
        body = _text(entry["body"], entry["body_type"], base)
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


def _entries(page: Page, feed: str, now: datetime) -> list[_Entry]:
    """The entries of a feed that say something, in its own order.

    Addresses in it start from the one that is declared, because another one that it leads to may
    change every day. HTML stays as it came: what does not belong is left out where it is read.

    Raises:
        TooLargeError: it is far larger than any.
        ReadError: it is none, or made to keep us busy.
    """
    import feedparser  # only here: it takes longer than answering a question

    where = place(page.url)
    parsed = feedparser.parse(
        io.BytesIO(
            feeds.sound(page.content, page.media_type, where)
        ),  # bytes alone would be tried as the name of a file first
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": feed,
        },
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.version or parsed.bozo:
        raise ReadError(f"What {where} answers is no feed.")
    entries = [_entry(each, now) for each in parsed.entries]
    return [each for each in entries if _says_something(each.kept)]


def _entry(parsed: Mapping[str, Any], now: datetime) -> _Entry:
    entry = dict(parsed)  # a plain one: feedparser's takes one date for the other
    title, title_type, _ = _longest([entry.get("title_detail") or {}])
    body, body_type, base = _longest([*entry.get("content", ()), entry.get("summary_detail") or {}])
    link, published = (str(entry.get(each) or "") for each in ("link", "published"))
    values = (title, title_type, link, published, body, body_type, base)
    name = str(entry.get("id") or link or title or body)
    kept = dict(zip(_FIELDS, values, strict=True))
    return _Entry(name, _moment(entry, now), bool(entry.get("updated_parsed")), kept)


def _longest(texts: Iterable[Mapping[str, Any]]) -> tuple[str, str, str]:
    """Of several forms of a text the fullest, which kind it is, and what links in it start from.

    Pictures are no text. Feeds often call plain text HTML: where nothing in it is, its lines stay.
    """
    forms = [(str(each.get("value") or ""), *_kind(each)) for each in texts]
    readable = [each for each in forms if each[1] in (_PLAIN, *_HTML)]
    return max(readable, key=lambda each: len(each[0]), default=("", _PLAIN, ""))


def _kind(form: Mapping[str, Any]) -> tuple[str, str]:
    kind, base = str(form.get("type") or _PLAIN), str(form.get("base") or "")
    plain = kind in _HTML and not _LOOKS_LIKE_HTML.search(str(form.get("value") or ""))
    return _PLAIN if plain else kind, base


def _moment(entry: Mapping[str, Any], now: datetime) -> datetime | None:
    """When an entry was last touched; a date to come, or before all feeds, is a slip."""
    for name in ("updated_parsed", "published_parsed"):
        parsed = entry.get(name)
        try:
            seconds = timegm(parsed) if parsed else 0
        except (ValueError, OverflowError):
            continue
        if _BEFORE_ALL_FEEDS < seconds <= now.timestamp():
            return datetime.fromtimestamp(seconds, UTC)
    return None


def _newest(entries: Sequence[_Entry], now: datetime) -> list[_Entry]:
    """The newest first, one of each name; where dates do not decide, the order of the feed does."""
    newest = sorted(entries, key=lambda each: each.at or now, reverse=True)
    by_name: dict[str, _Entry] = {}
    for each in newest:
        by_name.setdefault(each.name, each)
    return [*by_name.values()][:_MOST_ENTRIES]


def _changed(source: str, feed: str, entry: _Entry, known: Known, now: datetime) -> Snapshot | None:
    """An entry that is new, or says something else; None where it is as it was.

    One that was changed under its old date, or under none, is known to stand so only now.
    """
    made = _snapshot(source, feed, entry, now)
    seen = known.seen(made.address)
    if seen == made.sha256:
        return None
    return made if seen is None or entry.says_when else replace(made, seen_at=now)


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


def _text(words: str, kind: str, base: str) -> str:
    """Title or body as text; it may be nothing but a picture."""
    if kind == _PLAIN:
        return words
    if not _words_in(words, kind):
        return ""
    from ingest.hypertext import text_of  # only here, as feedparser is

    return text_of(f"<main>{words}</main>", base)


def _says_something(kept: Mapping[str, str]) -> bool:
    return any(_words_in(kept[part], kept[f"{part}_type"]) for part in ("title", "body"))


def _words_in(words: str, kind: str) -> bool:
    bare = words if kind == _PLAIN else unescape(_TAG.sub(" ", words))
    return any(map(str.isalnum, bare))
