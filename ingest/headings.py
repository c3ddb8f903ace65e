"""What a paragraph is by its first words and by what follows it: item, heading, lead-in or text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.numbering import Mark, bullet_length, find_mark
from ingest.paragraphs import Form, Paragraph
from ingest.titles import Case, bare, case_of, defined, is_capitalised, opening, stands_alone

_LOOK = 400  # characters that decide what a paragraph is
_LINE = 120  # a heading is no longer
_LEAD_WORDS = 110
_LEAST_LEAD = 5
_OPENING_HASHES = re.compile(r"(?:>\s?)*#{1,6}\s+")
_NO_TITLE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|@|://|\bwww\.|\.com\b")
_WHOLE_LINK = re.compile(r"\[[^\[\]]*\]\([^()]*\)\s*$")  # a line of a table of contents
_STAMP = re.compile(
    r"(?:last|effective|updated|published|released?|dated|version)\b.*(?:19|20)\d\d", re.IGNORECASE
)
_LONGEST_NAME = 60
_STOPS = (".", ";", ",", "!", "?")


@dataclass(frozen=True, slots=True)
class Seen:
    """A paragraph with bullet and mark read off; ``words`` are the first ones behind them."""

    paragraph: Paragraph
    bullet: bool
    mark: Mark | None
    words: str

    @property
    def indent(self) -> int:
        return self.paragraph.indent

    @property
    def line(self) -> str:
        """The words, where they are all and short enough for a heading; "" otherwise."""
        short = len(self.words) <= _LINE and self.words.count("\n") <= 1
        return bare(self.words) if short else ""


def see(paragraph: Paragraph) -> Seen:
    """Read bullet and mark off a paragraph. A date stamp set as a heading heads nothing."""
    words = paragraph.text[:_LOOK]
    if paragraph.form is Form.HEADING:
        words = _heading_words(words)
        if _STAMP.match(words):
            paragraph = replace(paragraph, form=Form.TEXT)
    bullet = bullet_length(words)
    mark = find_mark(words[bullet:])
    return Seen(paragraph, bullet > 0, mark, words[bullet + (mark.length if mark else 0) :])


def without_mark(seen: Seen) -> Seen:
    """The same paragraph with its number read as a word."""
    words = seen.paragraph.text[:_LOOK]
    return Seen(seen.paragraph, seen.bullet, None, words[bullet_length(words) :])


def _heading_words(text: str) -> str:
    hashes = _OPENING_HASHES.match(text)
    if hashes is not None:
        return bare(text[hashes.end() :].rstrip(" #"))
    return bare(text.rpartition("\n")[0])


def is_bold_heading(seen: Seen, after: Seen | None) -> bool:
    """A line in bold that nothing numbers and something follows."""
    return (
        after is not None
        and not seen.bullet
        and seen.mark is None
        and seen.paragraph.form is Form.TEXT
        and stands_alone(seen.words)
        and _NO_TITLE.search(seen.words) is None
    )


def plain_heading(seen: Seen, after: Seen | None) -> Case:
    """How a bare line is written that heads what follows; ``NONE`` where it heads nothing.

    A line among its like (a table of contents, an address) heads nothing.
    """
    case = _plain_case(seen)
    if case is Case.NONE or after is None or after.paragraph.form is not Form.TEXT:
        return Case.NONE
    listed = after.mark is not None or after.bullet
    if not listed and (_plain_case(after) is case or (case is Case.TITLE and _is_listed(after))):
        return Case.NONE
    if case is Case.SENTENCE and not (listed or _is_longer_text(seen, after)):
        return Case.NONE
    if seen.line.endswith(".") and case is Case.TITLE and after.indent <= seen.indent:
        return Case.NONE
    return case


def is_lone_bullet(seen: Seen, after: Seen | None) -> bool:
    """A title set as a list of one item, with numbered parts or text below it.

    Pages whose sections are the items of one list lose their numbers in this way.
    """
    if not seen.bullet or seen.mark is not None or after is None or after.bullet:
        return False
    if after.indent > seen.indent or after.paragraph.form is not Form.TEXT:
        return False
    if case_of(seen.line) not in (Case.TITLE, Case.CAPITALS) or _NO_TITLE.search(seen.line):
        return False
    if after.mark is not None:
        return any(value == 1 for _, value in after.mark.readings)
    return _is_longer_text(seen, after) and _WHOLE_LINK.match(seen.words) is None


def _plain_case(seen: Seen) -> Case:
    if seen.mark is not None or seen.bullet or seen.paragraph.form is not Form.TEXT:
        return Case.NONE
    case = case_of(seen.line) if seen.line and seen.words[0] != "(" else Case.NONE
    if _NO_TITLE.search(seen.line) or _WHOLE_LINK.match(seen.words):
        return Case.NONE
    return Case.NONE if case is Case.SENTENCE and ":" in seen.line else case


def _is_listed(seen: Seen) -> bool:
    """Whether a line has the capitals of a title, though it asserts ("The Model Is Free")."""
    return is_capitalised(seen.line) and _NO_TITLE.search(seen.line) is None


def _is_longer_text(seen: Seen, after: Seen) -> bool:
    stopped = after.paragraph.text.rstrip('*_ )"”’').endswith((*_STOPS, ":"))
    return stopped and len(after.words) > len(seen.line)


def has_title(seen: Seen) -> bool:
    """Whether an item carries a title, be it alone on its line or run in."""
    alone = case_of(seen.line) in (Case.TITLE, Case.CAPITALS) if seen.line else False
    return alone or bool(opening(seen.words))


def run_in_title(seen: Seen) -> str:
    """The title that opens a paragraph; "Effective date: 5 May 2025" has none."""
    return "" if _STAMP.match(seen.words[:_LINE]) else opening(seen.words)


def own_names(seen: Seen) -> list[str]:
    """What tells a paragraph from its neighbours where it has no title: a term, its first cells."""
    names = [defined(seen.words)]
    if seen.paragraph.form in (Form.ROW, Form.COLUMNS):
        cells = _cells(seen)
        names = [*cells[:1], " ".join(cells[:2])]
    return [name for name in names if 0 < len(name) <= _LONGEST_NAME]


def _cells(row: Seen) -> list[str]:
    """The first lines of the first cells of a row, without empty ones."""
    cells = (bare(cell.strip().split("\n", 1)[0]) for cell in row.paragraph.text[:_LOOK].split("|"))
    return [cell for cell in cells if cell]


def is_entry(seen: Seen, mark: Mark, after: Seen | None) -> bool:
    """Whether a number stands in a table of contents: a bare title, the next number right below."""
    if after is None or after.mark is None or not seen.line or len(mark.path) > 1:
        return False
    style, value = mark.readings[0]
    follows = any(style == own and n in (1, value + 1) for own, n in after.mark.readings)
    titled = case_of(seen.line) in (Case.TITLE, Case.CAPITALS)
    return follows and (titled or seen.line.isupper())


def heads_number(seen: Seen, mark: Mark, after: Seen | None, elder_titled: bool | None) -> bool:
    """Whether a numbered line is only the heading of what follows.

    Args:
        elder_titled: whether the item before it in the same list has a title; None for the first.
    """
    if not seen.words:
        return after is not None
    if not seen.line or after is None or after.paragraph.form is Form.HEADING:
        return False
    if after.mark is not None:
        first = any(value == 1 for _, value in after.mark.readings)
        inner = first and (after.indent > seen.indent or elder_titled is True)
        words = seen.line.rstrip(".")
        return (inner or _is_child(after.mark, mark)) and case_of(words) is not Case.NONE
    case = case_of(seen.line)
    if case is Case.NONE:
        return False
    if after.bullet or after.paragraph.form is Form.ROW:
        return True
    if elder_titled is False and after.indent <= seen.indent and len(mark.path) == 1:
        return False
    return case is not Case.SENTENCE or _is_longer_text(seen, after)


def _is_child(mark: Mark, parent: Mark) -> bool:
    if len(mark.path) > 1:
        return mark.path[: len(parent.path)] == parent.path and len(mark.path) > len(parent.path)
    styles = {style for style, _ in parent.readings}
    return any(value == 1 and style not in styles for style, value in mark.readings)


def heads_bullet(seen: Seen, after: Seen | None) -> bool:
    """Whether a list item is only the heading of what is set in further below it."""
    if after is None or after.indent <= seen.indent or seen.paragraph.form is Form.ROW:
        return False
    return bool(seen.line) and case_of(seen.line) is not Case.NONE


def leads(seen: Seen) -> bool:
    """Whether a paragraph leads into a list: it ends with a colon, or in mid-sentence."""
    words = seen.paragraph.text[-_LEAD_WORDS:].rstrip("*_ ")
    if words.endswith((":", "—", "–")):
        return True
    itemised = seen.mark is not None or seen.bullet or seen.paragraph.form is not Form.TEXT
    return not itemised and words[-1:].isalnum() and len(words.split()) >= _LEAST_LEAD


def lead_words(seen: Seen) -> str:
    """The first words of a paragraph without a title, to stand in a trail for it."""
    words = bare(seen.words)
    if seen.paragraph.form in (Form.ROW, Form.COLUMNS):
        words = " | ".join(_cells(seen)[: 1 if seen.paragraph.form is Form.ROW else None])
    if len(words) <= _LEAD_WORDS:
        return words
    return words[: _LEAD_WORDS - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
