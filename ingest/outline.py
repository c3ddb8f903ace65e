"""Which paragraph belongs under which: numbers, headings, lists and indentation make one tree.

An :class:`Outline` is told paragraph after paragraph and keeps the branch that is open. It looks
one paragraph ahead and never back, so that text added below moves nothing above.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile

from ingest.headings import (
    Seen,
    has_title,
    heads_bullet,
    heads_number,
    is_bold_heading,
    is_entry,
    is_lone_bullet,
    lead_words,
    leads,
    own_names,
    plain_heading,
    run_in_title,
    see,
    without_mark,
)
from ingest.nesting import (
    Node,
    Rank,
    begins_again,
    ends_before_bullet,
    ends_before_list,
    ends_before_text,
    goes_on,
    neighbour,
)
from ingest.numbering import ANNEXES, WORD_LEVELS, Mark, Reading
from ingest.paragraphs import Form, Paragraph
from ingest.places import Keys, Place, label, title, trail
from ingest.titles import Case

_DEEPEST = 12  # an outline of more levels is an accident of the text, or an attack
_MARKDOWN_STEP = 2  # the six levels of Markdown leave room between them
_ANNEX_LEVEL = 3  # an annex stands below the title of its document, above all sections
_BOLD_LEVEL = 14  # a line in bold stands below the six levels
_BULLET_LEVEL = 15
_REPEATED = 200  # characters; words before the first part that are so many open the text again
_CENTRED = 12  # columns; set in further than any outline is


class Outline:
    """The open branch of a document, from its outermost heading to the innermost item."""

    def __init__(self) -> None:
        self._branch = [Node(Rank.ROOT, 0, -1, "", "", "", "")]
        self._closed: list[Node] = []  # what the last unnumbered heading closed, and from where
        self._closed_at = 0
        self._keys = Keys()
        self._begun = False  # has any paragraph been placed
        self._title: str | None = None  # of the whole document; "" where it has none
        self._preamble: set[str] = set()

    def place(self, paragraph: Paragraph, following: Paragraph | None) -> Place:
        """Find the place of the next paragraph that has words.

        Args:
            paragraph: the next one.
            following: the one after it, None at the end of the document.
        """
        seen = self._read(paragraph)
        after = see(following) if following is not None else None
        if paragraph.text in self._preamble:
            self._begin_again()
        del self._branch[_DEEPEST:]
        place = self._place(seen, after)
        self._begun = True
        preamble = all(node.rank >= Rank.TEXT for node in self._branch[1:])
        if preamble and len(paragraph.text) >= _REPEATED:
            self._preamble.add(paragraph.text)
        return place

    def _begin_again(self) -> None:
        """Some pages print their text twice."""
        del self._branch[1:]
        self._closed = []

    def rule(self) -> Place:
        """The place of a line without words: it stands for itself and moves nothing."""
        return Place(self._keys.give("rule"), "", "", ())

    def _read(self, paragraph: Paragraph) -> Seen:
        """A bare number ("3 Use") opens a part only as the first or the next of its kind."""
        seen = see(paragraph)
        mark = seen.mark
        if mark is None or mark.stopped:
            return seen
        style, value = mark.readings[0]
        if value == 1 or any((style, value - 1) in node.readings for node in self._branch):
            return seen
        return without_mark(seen)

    def _place(self, seen: Seen, after: Seen | None) -> Place:
        if seen.mark is not None and seen.mark.word:
            return self._worded(seen, seen.mark, after)
        if seen.paragraph.form is Form.HEADING:
            return self._markdown(seen, seen.paragraph.level * _MARKDOWN_STEP)
        if is_bold_heading(seen, after):
            return self._markdown(seen, _BOLD_LEVEL)
        if seen.mark is not None:
            return self._number(seen, seen.mark, after)
        if seen.paragraph.form is Form.COLUMNS:
            return self._table(seen, after)
        if seen.paragraph.form is Form.ROW and not seen.words.startswith("|"):
            return self._below(self._branch[-1], seen)  # more lines of a long row
        if seen.bullet or seen.paragraph.form is Form.ROW:
            return self._bullet(seen, after)
        case = plain_heading(seen, after)
        return self._text(seen) if case is Case.NONE else self._plain(seen, case)

    def _markdown(self, seen: Seen, level: int) -> Place:
        if level == _MARKDOWN_STEP and seen.mark is None and self._title in (None, seen.line):
            return self._document_title(seen)
        self._close_for_heading(Rank.MARKDOWN, level)
        if level < _BOLD_LEVEL:
            self._closed = []
        return self._open(seen, Rank.MARKDOWN, level, seen.line, pending=True)

    def _worded(self, seen: Seen, mark: Mark, after: Seen | None) -> Place:
        rank = Rank.MARKDOWN if seen.paragraph.level else Rank.WORDED
        level = seen.paragraph.level * _MARKDOWN_STEP or WORD_LEVELS[mark.word]
        if mark.word in ANNEXES:
            # An annex stands beside the body, not in the last part of it.
            rank, level = Rank.MARKDOWN, _ANNEX_LEVEL
            body = [*takewhile(lambda node: not node.path, self._branch)]
            del self._branch[len(body) :]
        self._close_for_heading(rank, level)
        self._closed = []
        pending = after is not None and (bool(seen.line) or not seen.words)
        return self._open(seen, rank, level, seen.line or run_in_title(seen), pending=pending)

    def _plain(self, seen: Seen, case: Case) -> Place:
        if not self._begun:
            return self._document_title(seen)
        if self._stands_in_indentation(seen.indent):
            self._close_for_text(seen.indent)
            return self._open(seen, Rank.TEXT, 0, seen.line, pending=True)
        level = 1 if case is Case.CAPITALS else 2
        self._close_for_heading(Rank.PLAIN, level)
        return self._open(seen, Rank.PLAIN, level, seen.line, pending=True)

    def _document_title(self, seen: Seen) -> Place:
        """The title of the whole stands in no trail: it would stand in every one."""
        self._title = seen.line
        self._begin_again()
        return Place(self._keys.give("title"), "", seen.line, (), opens=True)

    def _stands_in_indentation(self, indent: int) -> bool:
        return 0 < indent <= _CENTRED and any(0 < node.indent <= indent for node in self._branch)

    def _close_for_heading(self, rank: Rank, level: int) -> None:
        outer = takewhile(lambda node: (node.rank, node.level) < (rank, level), self._branch)
        keep = len([*outer])
        if any(node.rank is Rank.NUMBER for node in self._branch[keep:]):
            self._closed, self._closed_at = self._branch[keep:], keep
        elif keep < self._closed_at:
            self._closed = []
        del self._branch[keep:]

    def _number(self, seen: Seen, mark: Mark, after: Seen | None) -> Place:
        elder, reading = self._settle(mark, seen, after)
        titled = None if elder is None else bool(elder.heading)
        pending = heads_number(seen, mark, after, titled)
        heading = seen.line if pending else run_in_title(seen)
        entry = len(self._branch) == 1 and not pending and is_entry(seen, mark, after)
        place = self._open(seen, Rank.NUMBER, 0, heading, pending=pending, entry=entry)
        self._branch[-1].readings = (reading,)
        return place

    def _settle(self, mark: Mark, seen: Seen, after: Seen | None) -> tuple[Node | None, Reading]:
        """Close what the mark does not stand under. Gives its elder sibling and its reading."""
        indent, titled = seen.indent, has_title(seen)
        found = neighbour(self._branch, mark, indent, titled)
        if found is None and (not self._branch[-1].pending or not mark.name.isdigit()):
            found = neighbour(self._closed, mark, indent, titled)
            if found is not None and not goes_on(found, mark):
                found = None
            elif found is not None:  # the heading between stood inside the numbering, not above it
                self._branch[self._closed_at :], self._closed = self._closed, []
                found = neighbour(self._branch, mark, indent, titled)
        if found is not None:
            del self._branch[found.depth :]
            return found.elder, found.reading
        reading = min(mark.readings, key=lambda reading: (reading[1] != 1, reading[1]))
        if mark.name.isdigit() and titled:
            # "The parties agree as follows:" leads into the whole document, not into a list.
            self._close_while(lambda node: node.rank is Rank.TEXT and node.indent >= indent)
        if mark.name == "1" and heads_number(seen, mark, after, None):
            # A line in bold with words of its own ("Please note") is no title of the sections.
            self._close_while(lambda node: node.level == _BOLD_LEVEL and not node.pending)
        return self._begin_list(mark, reading, indent), reading

    def _begin_list(self, mark: Mark, reading: Reading, indent: int) -> Node | None:
        """Close what a new list does not stand under; gives the item that it begins again."""
        if len(mark.path) > 1:
            self._close_while(lambda node: node.rank >= Rank.NUMBER)
            return None
        for place in range(len(self._branch) - 1, 0, -1):
            node = self._branch[place]
            if node.leads or node.pending:
                break
            if node.indent >= indent and begins_again(node, reading):
                del self._branch[place:]
                return node
        self._close_while(lambda node: ends_before_list(node, indent, mark.name.isalpha()))
        return None

    def _table(self, seen: Seen, after: Seen | None) -> Place:
        self._close_for_text(seen.indent)
        rows = after is not None and after.paragraph.form is Form.ROW
        return self._open(seen, Rank.TABLE, 0, "", pending=rows)

    def _bullet(self, seen: Seen, after: Seen | None) -> Place:
        row = seen.paragraph.form is Form.ROW
        self._close_while(lambda node: ends_before_bullet(node, seen.indent, row=row))
        alone = not any(node.rank is Rank.BULLET for node in self._branch)
        if alone and is_lone_bullet(seen, after):
            return self._markdown(seen, _BULLET_LEVEL)
        pending = heads_bullet(seen, after)
        heading = seen.line if pending else run_in_title(seen)
        return self._open(seen, Rank.BULLET, 0, heading, pending=pending)

    def _text(self, seen: Seen) -> Place:
        self._close_for_text(seen.indent)
        parent = self._branch[-1]
        heading = run_in_title(seen)
        if parent.pending:
            self._answer(parent, seen)
            if not heading:
                return Place(parent.key, parent.label, parent.heading, trail(self._branch, parent))
        if heading or leads(seen):
            return self._open(seen, Rank.TEXT, 0, heading, pending=False)
        return self._below(parent, seen)

    def _below(self, parent: Node, seen: Seen) -> Place:
        key = self._keys.below(parent, None, self._names(seen))
        return Place(key, parent.label, "", trail(self._branch))

    def _names(self, seen: Seen) -> list[str]:
        """Before the first part there is only the preamble, which is counted."""
        return own_names(seen) if len(self._branch) > 1 else []

    def _answer(self, parent: Node, seen: Seen) -> None:
        """The first words under a heading."""
        parent.pending = False
        parent.leads = leads(seen)
        if seen.indent < parent.indent:  # only the heading itself was set in, or centred
            parent.indent = seen.indent
            parent.rank = Rank.PLAIN if parent.rank is Rank.TEXT else parent.rank

    def _close_for_text(self, indent: int) -> None:
        """Close the items that unmarked words at this indentation do not belong to."""
        while ends_before_text(self._branch[-1], self._branch[-2:][0], indent):
            self._branch.pop()

    def _close_while(self, closes: Callable[[Node], bool]) -> None:
        while closes(self._branch[-1]):
            self._branch.pop()

    def _open(
        self,
        seen: Seen,
        rank: Rank,
        level: int,
        heading: str,
        *,
        pending: bool,
        entry: bool = False,
    ) -> Place:
        parent, mark, heading = self._branch[-1], seen.mark, heading.rstrip(".: ")
        names = [heading] if heading else self._names(seen)
        node = Node(
            rank=rank,
            level=level,
            indent=seen.indent,
            title=title(mark, heading or lead_words(seen)),
            heading=heading,
            key=self._keys.below(parent, None if entry else mark, names),
            label=label(self._branch, mark),
            readings=mark.readings if mark else (),
            path=mark.path if mark else (),
            pending=pending,
            leads=leads(seen),
        )
        parent.pending = False
        if self._title is None and rank <= Rank.NUMBER:
            self._title = ""
        above = trail(self._branch)
        self._branch.append(node)
        return Place(node.key, node.label, heading, above, opens=pending)
