"""A web page as a tree of elements, whatever was sent: bounded in depth, number and time.

Reads tags as browsers do where it decides which words stand together: paragraphs, list items and
cells that nobody closed are closed by the next one, nothing hangs deeper than browsers allow. What
of the tree is the document is left to :mod:`ingest.hypertext`.
"""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder import HTMLTreeBuilder

from ingest.errors import ReadError

_DEEPEST = 120  # elements in each other; whoever walks the tree does so by recursion
_MOST_CHARACTERS = 5_000_000
_MOST_ELEMENTS = 150_000
_LONGEST = 15.0  # seconds

_SPACES = re.compile(r"[ \t\r\n\f]+")
_BLOCKS = (
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure "
    "footer form header hgroup hr main menu nav ol p pre section summary table ul"
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def _ending(ended: str, sheltered_by: str) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(ended.split()), frozenset(sheltered_by.split())


# Element → the open elements that its beginning ends, and those that shelter them from it.
_ENDS = {
    **dict.fromkeys(_BLOCKS.split(), _ending("p", "td th table button")),
    **dict.fromkeys(_HEADINGS, _ending("p h1 h2 h3 h4 h5 h6", "td th table button")),
    **dict.fromkeys(("thead", "tbody", "tfoot"), _ending("thead tbody tfoot caption", "table")),
    **dict.fromkeys(("dt", "dd"), _ending("dt dd p", "dl table")),
    **dict.fromkeys(("td", "th"), _ending("td th", "table")),
    "body": _ending("head", ""),
    "li": _ending("li p", "ul ol menu dir table"),
    "tr": _ending("tr caption", "table"),
}
_NOTHING = _ending("", "")


def parse(html: str, where: str = "The page", seconds: float = _LONGEST) -> BeautifulSoup:
    """The elements of a page. Comments and declarations are left out.

    Args:
        where: what messages call the page.
        seconds: how long it may take.

    Raises:
        ReadError: it is too large to be a document, or made to keep us busy.
    """
    if len(html) > _MOST_CHARACTERS:
        raise ReadError(f"{where} has more than {_MOST_CHARACTERS:,} characters of HTML.")
    soup = BeautifulSoup("", builder=_Builder(multi_valued_attributes={}))
    soup.reset()
    parser = _Parser(soup, where, time.monotonic() + seconds)
    parser.feed(html)
    parser.close()
    soup.endData()
    while soup.currentTag is not None and soup.currentTag.name != soup.ROOT_TAG_NAME:
        soup.popTag()
    return soup


class _Builder(HTMLTreeBuilder):
    """Knows which elements are empty. We parse ourselves, so that nothing can outgrow us."""

    def feed(self, markup: Any) -> None:
        """Nothing is parsed while the tree is made."""


class _Parser(HTMLParser):
    """Turns tags into elements.

    The parser of the standard library looks for the end of each unfinished tag in all that follows,
    which takes for ever where there are many; hence the time.
    """

    def __init__(self, soup: BeautifulSoup, where: str, stop_at: float) -> None:
        super().__init__(convert_charrefs=True)
        self._soup = soup
        self._where = where
        self._stop_at = stop_at
        self._elements = 0
        self._after_space = True
        self._too_deep: dict[str, int] = {}  # begun below the deepest level, and to be ended there

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._stay_in_time()
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise ReadError(f"{self._where} has more than {_MOST_ELEMENTS:,} elements.")
        self._end_what_it_ends(tag)
        soup = self._soup
        if soup.builder.can_be_empty_element(tag):
            soup.handle_starttag(tag, None, None, _attributes(attrs))
            soup.handle_endtag(tag)
        elif len(soup.tagStack) > _DEEPEST:
            self._too_deep[tag] = self._too_deep.get(tag, 0) + 1
        else:
            soup.handle_starttag(tag, None, None, _attributes(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._stay_in_time()
        if self._too_deep.get(tag):
            self._too_deep[tag] -= 1
        elif not self._soup.builder.can_be_empty_element(tag):
            self._soup.handle_endtag(self._open_heading(tag))

    def handle_data(self, data: str) -> None:
        self._stay_in_time()
        if self.cdata_elem is None:
            data = self._collapsed(data)
        if data:
            self._soup.handle_data(data)

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """``<![if …]>`` and their like say nothing, and fail in nobody's browser."""
        return self.parse_bogus_comment(i, bool(report))

    def _collapsed(self, data: str) -> str:
        """One space for all white space, also where tags stand in between; but for ``pre``."""
        if self._soup.preserve_whitespace_tag_stack:
            self._after_space = False
            return data
        data = _SPACES.sub(" ", data)
        if self._after_space:
            data = data.lstrip(" ")
        self._after_space = data.endswith(" ") if data else self._after_space
        return data

    def _end_what_it_ends(self, tag: str) -> None:
        """Close what the beginning of ``tag`` ends, and all that is open in it."""
        soup = self._soup
        ended, shelters = _ENDS.get(tag, _NOTHING)
        if not any(soup.open_tag_counter.get(name) for name in ended):
            return
        closing = 0
        for depth, element in enumerate(reversed(soup.tagStack), start=1):
            if element.name in shelters:
                break
            if element.name in ended:
                closing = depth
        soup.endData()
        for _ in range(closing):
            soup.popTag()

    def _open_heading(self, tag: str) -> str:
        """The end of a heading ends whichever heading is open."""
        counter = self._soup.open_tag_counter
        if tag not in _HEADINGS or counter.get(tag):
            return tag
        return next((heading for heading in _HEADINGS if counter.get(heading)), tag)

    def _stay_in_time(self) -> None:
        if time.monotonic() > self._stop_at:
            raise ReadError(f"{self._where} is made in a way that takes too long to read.")


def _attributes(attrs: list[tuple[str, str | None]]) -> dict[str, Any]:
    """The first of two attributes of one name counts, as in browsers."""
    return {name: value or "" for name, value in reversed(attrs)}
