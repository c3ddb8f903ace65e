"""From elements of a page to Markdown that keeps every word, and only marks that mean something.

Headings, lists with the numbers that readers see, tables, lines in bold and where links lead
survive. Nothing is escaped, because what comes out is what people will see quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import Tag
from bs4.element import NavigableString
from markdownify import ATX, MarkdownConverter

from ingest.layout import BOLD, HEADINGS, tidy

_BLANK_LINES = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[ \t\r\n\f]+")
# How an item begins whose number is written out, so that its list does not number it again.
_POINTED = re.compile(r"\(?(\d{1,3}(?:\.\d{1,3}){0,4}|[a-z]|[ivxl]{2,6})[.)]\s", re.IGNORECASE)
_PLAIN = re.compile(r"(\d{1,3}(?:\.\d{1,3}){1,4})\s")
_NUMBER = re.compile(r"-?\d{1,6}")
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s{0,5}:\s{0,5}([a-z-]{1,30})")
_STYLES = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
}
_ROMAN = {90: "xc", 50: "l", 40: "xl", 10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i"}
_LONGEST_TARGET = 2_000
_LONGEST_TERM = 120
_METHODS = {
    **dict.fromkeys(BOLD, "b"),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), "list"),
    **dict.fromkeys(("td", "th"), "td"),
    **dict.fromkeys(("del", "s", "strike"), "del"),
    **{name: name for name in ("a", "br", "caption", "dt", "img", "li", "p", "pre", "q", "sup")},
    **{name: name for name in ("table", "tr", "div", "dl", "dd")},
}


def markdown(part: Tag, base: str = "") -> str:
    """The words of ``part`` and of all in it. Changes the elements on the way.

    Args:
        base: the address of the page.
    """
    tidy(part)
    lines = _Converter(base).process_tag(part).split("\n")
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


def complete(target: str, base: str) -> str:
    """The whole address of a link on the page ``base``; empty where it leads out of the web."""
    try:
        url = urljoin(base, target.strip())
        scheme = urlsplit(url).scheme
    except ValueError:
        return ""
    if scheme not in ("http", "https", "mailto", "") or len(url) > _LONGEST_TARGET:
        return ""
    return url.replace(" ", "%20").replace("(", "%28").replace(")", "%29")


if TYPE_CHECKING:

    class _Converted(MarkdownConverter):
        """What the types of markdownify leave out."""

        def process_tag(self, node: Tag) -> str: ...
        def process_text(self, el: NavigableString, parent_tags: set[str]) -> str: ...
        def convert_div(self, el: Tag, text: str, parent_tags: set[str]) -> str: ...
        def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str: ...  # noqa: N802 - their name

else:
    _Converted = MarkdownConverter


class _Converter(_Converted):
    """What is different from markdownify. A method is called after those of the elements inside,
    whose text it gets.
    """

    def __init__(self, base: str) -> None:
        super().__init__(
            heading_style=ATX, escape_asterisks=False, escape_underscores=False, autolinks=False
        )
        self._base = base
        self._numbers: dict[int, dict[int, int]] = {}

    def get_conv_fn(self, tag_name: str) -> Callable[..., str] | None:
        """Only for elements that are listed here; any page may make up names of its own."""
        if tag_name in HEADINGS:
            return lambda el, text, parent_tags: self.convert_hN(
                int(tag_name[1]), el, text, parent_tags
            )
        name = _METHODS.get(tag_name)
        return getattr(self, f"convert_{name}") if name else None

    def process_text(self, el: NavigableString, parent_tags: set[str]) -> str:
        """A line that a tag breaks off begins with its first word."""
        text = super().process_text(el, parent_tags)
        before = el.previous_sibling
        broken = isinstance(before, Tag) and before.name == "br" and "pre" not in parent_tags
        return text.lstrip(" ") if broken else text

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A link keeps its target, unless that is this very page, or stands there already."""
        words = text.strip()
        target = complete(str(el.get("href", "")), self._base)
        here = urldefrag(target).url in ("", urldefrag(self._base).url)
        told = target.removeprefix("mailto:") in words
        if not words or _is_block(text) or here or told or "pre" in parent_tags:
            return text
        return _framed(text, "[", f"]({target})")

    def convert_b(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Marks stand around whole words, once, and not in what is a heading anyhow."""
        marked = parent_tags & {*BOLD, *HEADINGS, "dt", "th", "pre"}
        if not text.strip() or _is_block(text) or marked or _cuts_word(el, text):
            return text
        return _framed(text, "**", "**")

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A term heads what follows it."""
        words = _SPACES.sub(" ", text).strip()
        if "_inline" in parent_tags or not words or len(words) > _LONGEST_TERM:
            return self.convert_div(el, words, parent_tags)
        return f"\n\n**{words}**\n\n"

    convert_dd = _Converted.convert_div

    def convert_img(self, *_unused: Any, **_named: Any) -> str:
        """A picture holds no words."""
        return ""

    def convert_li(self, el: Tag, text: str, **_unused: Any) -> str:
        """An item, with the mark that a browser would show; what it holds is set in below."""
        words = text.strip()
        mark = self._mark(el, words)
        first, *more = words.split("\n")
        inset = " " * (len(mark) or 3)
        lines = [mark + first, *(inset + line if line else "" for line in more)]
        return "\n".join(lines) + "\n" if words else ""

    def convert_pre(self, el: Tag, text: str, **_unused: Any) -> str:  # noqa: ARG002
        """Lines as they are."""
        lines = [line.rstrip() for line in text.split("\n")]
        return "\n\n" + "\n".join(lines).strip("\n") + "\n\n"

    def convert_sup(self, el: Tag, text: str, **_unused: Any) -> str:
        """10^26 is another number than 1026."""
        before = el.previous_sibling
        glued = isinstance(before, NavigableString) and not before[-1:].isspace()
        return f"^{text}" if glued and text.isdecimal() else text

    def convert_td(self, el: Tag, text: str, **_unused: Any) -> str:  # noqa: ARG002
        """A cell is one line."""
        return f" {_SPACES.sub(' ', text).strip()} |"

    def convert_tr(self, el: Tag, text: str, **_unused: Any) -> str:
        """A row; a first one of headings is underlined."""
        cells = el.find_all(["td", "th"], recursive=False)
        table = el.find_parent("table")
        if not cells:
            return text
        row = "|" + text.strip("\n") + "\n"
        heads = all(each.name == "th" for each in cells) and table and table.find("tr") is el
        return row + "| --- " * len(cells) + "|\n" if heads else row

    def _mark(self, el: Tag, words: str) -> str:
        """What stands before an item: its number, a dash, or nothing where it brings its own."""
        items = el.parent
        if items is None or items.name != "ol":
            return "" if _POINTED.match(words) else "- "
        if id(items) not in self._numbers:
            self._numbers[id(items)] = dict(_numbered(items))
        number = self._numbers[id(items)].get(id(el), 1)
        written = _POINTED.match(words) or _PLAIN.match(words)
        if written:
            last = written[1].rpartition(".")[2].lower()
            if last in (str(number), _letter(number), _roman(number)):
                return ""
        return f"{_label(number, _style(items))}. "


def _is_block(text: str) -> bool:
    """Whether an element that should be part of a line holds several, or a block."""
    return "\n\n" in text or "\n" in text.strip()


def _framed(text: str, before: str, after: str) -> str:
    """Marks around the words of a text, inside the white space around them."""
    words = text.strip()
    start = text.index(words)
    return f"{text[:start]}{before}{words}{after}{text[start + len(words) :]}"


def _numbered(items: Tag) -> Iterator[tuple[int, int]]:
    """Each item of a list, by its identity, and its number."""
    number = _number(items.get("start"), 1)
    for each in items.find_all("li", recursive=False):
        number = _number(each.get("value"), number)
        yield id(each), number
        number += 1


def _number(attribute: object, otherwise: int) -> int:
    written = _NUMBER.fullmatch(str(attribute or ""))
    return int(written[0]) if written else otherwise


def _style(items: Tag) -> str:
    styled = _LIST_STYLE.search(str(items.get("style", "")).lower()[:500])
    return _STYLES.get(styled[1], "1") if styled else str(items.get("type", "1"))


def _label(number: int, style: str) -> str:
    if style in ("a", "A", "i", "I"):
        name = _letter(number) if style in "aA" else _roman(number)
        return (name.upper() if style.isupper() else name) or str(number)
    return str(number)


def _letter(number: int) -> str:
    return chr(ord("a") + number - 1) if 1 <= number <= 26 else ""


def _roman(number: int) -> str:
    """A number below a hundred in Roman numerals; empty for any other."""
    if not 1 <= number < 100:
        return ""
    name = ""
    for value, letters in _ROMAN.items():
        name += letters * (number // value)
        number %= value
    return name


def _cuts_word(el: Tag, text: str) -> bool:
    """Whether a word goes on beyond the element."""
    before, after = el.previous_sibling, el.next_sibling
    return (
        isinstance(before, NavigableString) and before[-1:].isalnum() and text[:1].isalnum()
    ) or (isinstance(after, NavigableString) and after[:1].isalnum() and text[-1:].isalnum())
