"""From text to paragraphs: the smallest spans that a clause can consist of.

Every paragraph is decided from its own lines (those between two blank lines) and nothing else, so
that text added below never moves what stands above. Which paragraph belongs under which is left to
:mod:`ingest.outline`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

from ingest.numbering import bullet_length, find_mark, follows, inner_marks
from ingest.sentences import cut
from ingest.titles import Case, bare, case_of, has_words

LONGEST = 2_000  # characters; a longer paragraph is no use as a quotation and is cut
_PIECE = 1_200
_UNENDED = 100  # a line of so many characters without a stop is no list item
_WRAPPED = 160  # no printer wraps at more columns: longer lines are whole paragraphs

_ATX = re.compile(r"(?:>\s?)*(#{1,6})\s+\S")
_SETEXT = re.compile(r"(?:={3,}|-{3,})$")
_STOPPED = re.compile(r"[.:;!?][\"”’')\]*_]{0,4}$|[;,]\s(?:and|or)$")
_REFERS = re.compile(
    r"\b(?:sections?|articles?|paragraphs?|clauses?|parts?|version|exhibit|annex|and|or|to)$",
    re.IGNORECASE,
)
_TABLE_RULE = re.compile(r"\|(?:\s?:?-{1,200}:?\s?\|){1,60}$")
_COLUMN_NAMES = 200  # characters; a longer first row is one of the rows


class Form(Enum):
    """How a paragraph is set."""

    TEXT = auto()
    HEADING = auto()
    RULE = auto()
    ROW = auto()
    COLUMNS = auto()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, list item, table row or heading; ``text == full[start:end]``.

    ``indent`` counts the columns before it, ``level`` is that of a Markdown heading (1 to 6), 0
    elsewhere. A ``RULE`` holds no words (``* * *``, ``|---|``), ``COLUMNS`` is the row of a table
    that names its columns.
    """

    start: int
    end: int
    text: str
    indent: int
    form: Form
    level: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    words: str  # without white space around

    indent: int

    @property
    def end(self) -> int:
        return self.start + len(self.words)


def paragraphs(text: str) -> list[Paragraph]:
    """Cut a document into paragraphs, in order; between them there is nothing but white space."""
    return [
        piece
        for block in _blocks(text)
        for whole in _with_columns([*_in_block(text, block)])
        for piece in _of_fair_size(text, whole)
    ]


def _blocks(text: str) -> Iterator[list[_Line]]:
    block: list[_Line] = []
    start = 0
    for line in text.split("\n"):
        words = line.strip()
        indent = len(line) - len(line.lstrip())
        if words:
            block.append(_Line(start + indent, words, indent))
        elif block:
            yield block
            block = []
        start += len(line) + 1
    if block:
        yield block


def _in_block(text: str, block: list[_Line]) -> Iterator[Paragraph]:
    width = max(line.indent + len(line.words) for line in block)
    group = [block[0]]
    for before, line in pairwise(block):
        if _is_underline(line) and _may_be_underlined(group):
            yield _paragraph(text, [*group, line], Form.HEADING, 1 if line.words[0] == "=" else 2)
            group = []
        elif not group:
            group = [line]
        elif _begins(line, before, group, width) or _is_last_title(line, before, block):
            yield _paragraph(text, group)
            group = [line]
        else:
            group.append(line)
    if group:
        yield _paragraph(text, group)


def _is_underline(line: _Line) -> bool:
    return _SETEXT.match(line.words) is not None


def _may_be_underlined(group: list[_Line]) -> bool:
    return (
        0 < len(group) <= 3
        and sum(len(line.words) for line in group) <= 240
        and any(c.isalnum() for c in group[0].words)
        and group[0].words[0] != "|"
        and _ATX.match(group[0].words) is None
    )


def _paragraph(
    text: str, group: list[_Line], form: Form | None = None, level: int = 0
) -> Paragraph:
    first, last = group[0], group[-1]
    atx = _ATX.match(first.words)
    if form is None and atx is not None:
        form, level = Form.HEADING, len(atx[1])
    elif form is None:
        form = _form(group)
    # The first line of a plain paragraph may be set in; the edge of the others counts. Of a list
    # item it is the mark that counts.
    marked = bullet_length(first.words) or find_mark(first.words)
    indent = first.indent if marked else min(line.indent for line in group)
    return Paragraph(first.start, last.end, text[first.start : last.end], indent, form, level)


def _form(group: list[_Line]) -> Form:
    if not any(has_words(line.words) for line in group):
        return Form.RULE
    return Form.ROW if group[0].words[0] == "|" else Form.TEXT


def _with_columns(parts: list[Paragraph]) -> list[Paragraph]:
    """Find the rows that name columns: above the rule of a table; where none is, in bold below."""
    for place in range(len(parts)):
        if _TABLE_RULE.match(parts[place].text):
            above, below = parts[max(place - 1, 0)], parts[min(place + 1, len(parts) - 1)]
            if above.form is Form.ROW and len(bare(above.text)) <= _COLUMN_NAMES:
                parts[place - 1] = replace(above, form=Form.COLUMNS)
            elif below.form is Form.ROW and _is_bold_row(below):
                parts[place + 1] = replace(below, form=Form.COLUMNS)
    return parts


def _is_bold_row(row: Paragraph) -> bool:
    cells = [cell for part in row.text.split("|") if (cell := part.strip())]
    bold = all(cell.startswith("**") and cell.endswith("**") for cell in cells)
    return bold and len(cells) > 1 and len(bare(row.text)) <= _COLUMN_NAMES


def _begins(line: _Line, before: _Line, group: list[_Line], width: int) -> bool:
    """Whether a line that follows another without a blank line begins a paragraph of its own."""
    if _ATX.match(before.words) or _ATX.match(line.words):
        return True
    if group[0].words[0] == "|" and before.words[-1] != "|":
        return line.words[0] == "|"  # a cell may hold several lines
    if not any(c.isalnum() for c in line.words):
        return len(line.words) > 3 or group[0].words[0] == "|"
    if line.words[0] == "|" or not any(c.isalnum() for c in before.words):
        return True
    if group[0].words[0] == "|":
        return before.words[-1] == "|"
    if bullet_length(line.words) or find_mark(line.words):
        return _begins_item(line, before, group, width)
    if width > _WRAPPED:
        return not _runs_on(line, before, group)
    return _begins_sentence(line, before, group, width)


def _begins_item(line: _Line, before: _Line, group: list[_Line], width: int) -> bool:
    """A wrapped sentence may happen to break before "(b)" or "3.2": that begins no item."""
    bulleted = bullet_length(line.words) > 0
    if line.indent == group[0].indent and _is_next_item(line.words, group[0].words):
        return True
    if not bulleted and _REFERS.search(before.words) and not _STOPPED.search(before.words):
        return False
    if width > _WRAPPED or _STOPPED.search(before.words) or _had_room(line, before, width):
        return True
    return line.indent != before.indent and line.indent <= group[0].indent


def _is_next_item(words: str, first: str) -> bool:
    """Whether a line has the bullet of the item above, or the number after its number."""
    if bullet_length(first):
        return bullet_length(words) > 0 and words[0] == first[0]
    mark, elder = find_mark(words), find_mark(first)
    return mark is not None and elder is not None and follows(mark, elder)


def _runs_on(line: _Line, before: _Line, group: list[_Line]) -> bool:
    """Where each line is a paragraph, a stray line end shows by a sentence that goes on."""
    if _STOPPED.search(before.words) or line.indent not in (before.indent, _hanging(group[0])):
        return False
    return line.words[0].islower() or before.words[-1] in ",-" or len(before.words) >= _UNENDED


def _hanging(first: _Line) -> int:
    """The column in which the words of an item begin."""
    mark = find_mark(first.words)
    return first.indent + (bullet_length(first.words) or (mark.length if mark else 0))


def _begins_sentence(line: _Line, before: _Line, group: list[_Line], width: int) -> bool:
    """In wrapped text a paragraph shows by a line that ends early, with a stop or as a title."""
    if line.words[0].islower() or not _had_room(line, before, width):
        return False
    bullet = bullet_length(group[0].words)
    mark = find_mark(group[0].words[bullet:])
    if _STOPPED.search(before.words) and not bullet and mark is None:
        return True
    title = before.words[bullet + (mark.length if mark else 0) :]
    titled = len(group) == 1 and case_of(bare(title)) in (Case.TITLE, Case.CAPITALS)
    return titled and len(line.words) >= max(60, 3 * len(title) // 2)


def _is_last_title(line: _Line, before: _Line, block: list[_Line]) -> bool:
    """A heading that follows a finished sentence without a blank line between them."""
    return (
        line is block[-1]
        and _STOPPED.search(before.words) is not None
        and _STOPPED.search(line.words) is None
        and len(line.words) < len(before.words)
        and case_of(bare(line.words)) in (Case.TITLE, Case.CAPITALS)
    )


def _had_room(line: _Line, before: _Line, width: int) -> bool:
    """Whether the first word of the line would still have fitted on the line before."""
    word = line.words[: width + 1].split(maxsplit=1)[0]
    return before.indent + len(before.words) + 1 + len(word) <= width


def _of_fair_size(text: str, whole: Paragraph) -> Iterator[Paragraph]:
    if whole.end - whole.start <= LONGEST:
        yield whole
        return
    inner = _line_starts if whole.form is Form.ROW else inner_marks
    for start, end in pairwise([whole.start, *inner(text, whole.start, whole.end), whole.end]):
        for left, right in cut(text, start, end, LONGEST if end - start <= LONGEST else _PIECE):
            form = Form.ROW if whole.form is Form.ROW else Form.TEXT
            yield Paragraph(left, right, text[left:right], whole.indent, form)


def _line_starts(text: str, start: int, end: int) -> list[int]:
    """Where to part a row whose cells hold many lines: at each, so that no part moves another."""
    return [start + feed.end() for feed in re.finditer("\n", text[start:end])]
