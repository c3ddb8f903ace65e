"""Reads what a vendor publishes on its site: one page, or several that make one text together.

Owns which pages are asked for, what of an answer is remembered for the next time, and of which
kind a page is. Visiting is left to the fetcher, the words of a page to :mod:`ingest.hypertext` and
:mod:`ingest.portable`. Whether a text is the document, or an error page, is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ingest import parts
from ingest.addresses import objection, place
from ingest.charsets import decoded
from ingest.domain import Option, Reading, Snapshot, Source
from ingest.errors import CorpusError, ReadError
from ingest.normalise import normalise
from ingest.parts import Part
from ingest.readers import Known, dated, texts

if TYPE_CHECKING:
    from ingest.fetch import Fetcher

_OPTIONS = {"pages", "select", "remove"}
_ACCEPT = "text/html, application/xhtml+xml, application/pdf, text/plain, text/markdown, */*;q=0.1"
_HTML = ("text/html", "application/xhtml+xml")
_UNNAMED = ("", "application/octet-stream", "binary/octet-stream")  # by servers that do not know
_PLAIN = ("text/plain", "text/markdown", "text/x-markdown", *_UNNAMED)
_RULE = "\n\n* * *\n\n"  # between two pages, each of which may turn out to be none
_LOOK = 1024  # bytes that show what a page is
_LOOKS_LIKE_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,200}(?:<!--.{0,400}?-->\s{0,200})?<(?:!doctype\s{1,9}html|html)\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Visit:
    """One page as it is now, with what to remember of the answer; ``new`` where it was sent."""

    part: Part
    etag: str
    last_modified: str
    redirects: str
    new: bool

    @property
    def led_to(self) -> str:
        """The last address that redirects led to; empty where there were none."""
        return self.redirects.rpartition(" ")[2]


class WebReader:
    """Options: ``pages`` (addresses), and the CSS selectors ``select`` and ``remove``.

    Every option is one text or a list. Of several pages all are had, or none.
    """

    revision = "web-1"
    serial = False
    selecting = ("select", "remove")

    def check(self, source_id: str, options: Mapping[str, Option]) -> None:
        """See :meth:`ingest.readers.Reader.check`."""
        if "pages" not in options or options.keys() - _OPTIONS:
            raise CorpusError(
                f"{source_id}: options has the keys {', '.join(sorted(options)) or '(none)'}; "
                "allowed: pages, and if need be select and remove"
            )
        pages = texts(options, "pages")
        for page in pages:
            if wrong := _objection(page):
                raise CorpusError(
                    f"{source_id}: options.pages holds {page!r}, which {wrong}; "
                    "allowed: addresses such as https://acme.example/terms"
                )
        if len({*pages}) < len(pages):
            raise CorpusError(f"{source_id}: options.pages names a page twice; allowed: once")
        for name in ("select", "remove"):
            for selector in texts(options, name):
                _check_selector(source_id, name, selector)

    def fetch(
        self, source: Source, fetcher: Fetcher, known: Known, now: datetime
    ) -> Sequence[Snapshot]:
        """See :meth:`ingest.readers.Reader.fetch`. Pages that were not modified are not sent."""
        pages = texts(source.options, "pages")
        address = " ".join(pages)
        last = known.last if known.last and known.last.address == address else None
        before = _visits(last) if last else [_never_visited(page) for page in pages]
        visits = [
            _visit(page, source.language, fetcher, seen)
            for page, seen in zip(pages, before, strict=True)
        ]
        if not any(visit.new for visit in visits):
            return []
        snapshot = _snapshot(source.id, address, visits, now)
        return [] if last and last.sha256 == snapshot.sha256 else [snapshot]

    def read(self, source: Source, snapshot: Snapshot) -> Reading:
        """See :meth:`ingest.readers.Reader.read`."""
        texts_of_pages = [normalise(_text(each, source)) for each in _visits(snapshot)]
        if not all(map(str.strip, texts_of_pages)):
            raise ReadError(f"{snapshot.address} holds no text.")
        text = _RULE.join(texts_of_pages)
        return dated(source, text)


def _objection(page: str) -> str:
    return objection(page) or ("holds a fragment" if "#" in page else "")


def _check_selector(source_id: str, name: str, selector: str) -> None:
    # Only here, because it takes a tenth of a second that those who only answer can save.
    from ingest.hypertext import check_selector

    if wrong := check_selector(selector):
        raise CorpusError(
            f"{source_id}: options.{name} holds {selector!r} ({wrong}); allowed: CSS selectors"
        )


def _never_visited(page: str) -> _Visit:
    return _Visit(Part(page, "", b""), "", "", "", new=False)


def _visit(page: str, language: str, fetcher: Fetcher, before: _Visit) -> _Visit:
    """Ask for one page; where it was not modified, it is as it was before."""
    asked = fetcher.page(
        page,
        accept=_ACCEPT,
        language=language,
        etag=before.etag,
        last_modified=before.last_modified,
        validated=before.led_to,
    )
    if asked is None:
        return before
    part = Part(page, asked.media_type, asked.content)
    return _Visit(part, asked.etag, asked.last_modified, " ".join(asked.redirects), new=True)


def _snapshot(source: str, address: str, visits: Sequence[_Visit], now: datetime) -> Snapshot:
    """What several pages say together; what is remembered of one is numbered as the page is."""
    response = {
        name + suffix: value
        for suffix, visit in zip(_suffixes(len(visits)), visits, strict=True)
        for name, value in (
            ("etag", visit.etag),
            ("last_modified", visit.last_modified),
            ("redirects", visit.redirects),
        )
        if value
    }
    single = visits[0].part
    several = len(visits) > 1
    return Snapshot(
        source=source,
        address=address,
        media_type=parts.MEDIA_TYPE if several else single.media_type,
        fetched_at=now,
        content=parts.pack([visit.part for visit in visits]) if several else single.content,
        response=response,
    )


def _visits(snapshot: Snapshot) -> list[_Visit]:
    """The pages that a snapshot was made of.

    Raises:
        ReadError: it cannot be taken apart.
    """
    # By our own words, and not by the media type: anybody may send any of those.
    if " " in snapshot.address:
        held = parts.unpack(snapshot.content)
    else:
        held = [Part(snapshot.address, snapshot.media_type, snapshot.content)]
    remembered = snapshot.response
    return [
        _Visit(
            part,
            remembered.get(f"etag{suffix}", ""),
            remembered.get(f"last_modified{suffix}", ""),
            remembered.get(f"redirects{suffix}", ""),
            new=False,
        )
        for suffix, part in zip(_suffixes(len(held)), held, strict=True)
    ]


def _suffixes(count: int) -> list[str]:
    return [""] if count == 1 else [f".{number}" for number in range(1, count + 1)]


def _text(visit: _Visit, source: Source) -> str:
    """The words of one page."""
    # Only here, because importing these takes longer than answering a question.
    from ingest import hypertext, portable

    part = visit.part
    address = visit.led_to or part.address
    beginning = part.content[:_LOOK]
    kind = part.media_type.partition(";")[0].strip().lower()
    if b"%PDF-" in beginning:
        return portable.text_of(part.content, place(address))
    is_html = kind in _HTML or _LOOKS_LIKE_HTML.match(beginning)
    if not is_html and kind not in _PLAIN:
        raise ReadError(f"{place(address)} is {kind!r}, which is not read here.")
    text = decoded(part.content, part.media_type, place(address))
    if is_html:
        select, remove = texts(source.options, "select"), texts(source.options, "remove")
        return hypertext.text_of(text, address, select, remove)
    if "\0" in text or "\ufffd" in text:
        raise ReadError(f"{place(address)} holds characters that no text has; it is damaged.")
    return text
