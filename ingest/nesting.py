"""The open parts of a document, and what a new number or bullet continues or closes among them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from ingest.numbering import Mark, Reading


class Rank(IntEnum):
    """What opened a node, outermost first."""

    ROOT = 0
    MARKDOWN = 1
    WORDED = 2
    PLAIN = 3
    NUMBER = 4
    TEXT = 5
    TABLE = 6
    BULLET = 7


@dataclass(slots=True)
class Node:
    """One open part of the document.

    ``title`` stands for it in the trail of what is below, ``heading`` is its title without number.
    ``pending``: a heading whose first words are still to come. ``leads``: ends in a lead-in.
    """

    rank: Rank
    level: int
    indent: int
    title: str
    heading: str
    key: str
    label: str
    readings: tuple[Reading, ...] = ()
    path: tuple[str, ...] = ()
    pending: bool = False
    leads: bool = False
    children: int = 0

    @property
    def is_untitled_letter(self) -> bool:
        return not self.heading and self.rank is Rank.NUMBER and self.path[-1].isalpha()


class Neighbour(NamedTuple):
    """Where a mark goes on: the depth at which the branch is cut for it, and its elder sibling."""

    depth: int
    elder: Node | None
    reading: Reading


def neighbour(branch: list[Node], mark: Mark, indent: int, titled: bool) -> Neighbour | None:
    """Find what a mark goes on with in a branch, innermost first; None where it begins a list."""
    inward = [*enumerate(branch)][::-1]
    if len(mark.path) > 1:
        return _dotted_neighbour(inward, mark)
    numbers = [
        (depth, node)
        for depth, node in inward
        if node.rank is Rank.NUMBER and not _rather_begins(node, mark, indent)
    ]
    # "4. Fees. You…" goes on with "3. Term. This…" rather than with an untitled "3." inside it.
    aligned = [(depth, node) for depth, node in numbers if abs(node.indent - indent) <= 1]
    alike = [(depth, node) for depth, node in aligned if bool(node.heading) == titled]
    begins = any(value == 1 for _, value in mark.readings)
    skipping = [] if begins else aligned  # some documents leave numbers out
    for nodes, skips in ((alike, False), (aligned, False), (numbers, False), (skipping, True)):
        for depth, node in nodes:
            reading = _next_reading(node, mark, skips=skips)
            if reading is not None:
                return Neighbour(depth, node, reading)
    return None


def goes_on(found: Neighbour, mark: Mark) -> bool:
    """Whether a dotted mark is the very next: ``3.2`` after ``3.1``, or the first under ``3``."""
    if len(mark.path) == 1:
        return True
    last = max((value for _, value in found.elder.readings), default=0) if found.elder else 0
    return found.reading[1] == last + 1


def _dotted_neighbour(inward: list[tuple[int, Node]], mark: Mark) -> Neighbour | None:
    """``1.2`` follows ``1.1``, or stands under ``1``."""
    for depth, node in inward:
        if len(node.path) == len(mark.path) and node.path[:-1] == mark.path[:-1]:
            return Neighbour(depth, node, mark.readings[0])
    for depth, node in inward:
        if node.path == mark.path[:-1]:
            return Neighbour(depth + 1, None, mark.readings[0])
    return None


def _next_reading(node: Node, mark: Mark, *, skips: bool) -> Reading | None:
    """The reading by which a mark follows a node of the same style."""
    for style, value in mark.readings:
        for own, last in node.readings:
            if style == own and (value > last if skips else value == last + 1):
                return style, value
    return None


def _rather_begins(node: Node, mark: Mark, indent: int) -> bool:
    """``(i)`` set in below ``(h)`` begins a roman list."""
    return indent > node.indent + 1 and any(value == 1 for _, value in mark.readings)


def ends_before_list(node: Node, indent: int, lettered: bool) -> bool:
    """Whether a new list at this indentation cannot stand under the node."""
    if node.rank is Rank.TABLE:
        return True
    if node.pending or node.leads or node.indent < indent:
        return False
    if node.rank in (Rank.TEXT, Rank.BULLET):
        return True
    return node.is_untitled_letter and (not lettered or node.indent > indent)


def ends_before_bullet(node: Node, indent: int, *, row: bool) -> bool:
    """Whether a bullet, or a row of a table, at this indentation cannot stand under the node."""
    if node.rank is Rank.TABLE:
        return not row
    if node.rank is Rank.BULLET:
        return node.indent >= indent
    if node.pending or node.rank < Rank.NUMBER:
        return False
    if node.rank is Rank.TEXT and node.indent == indent:
        return not node.leads
    return node.indent > indent


def ends_before_text(node: Node, above: Node, indent: int) -> bool:
    """Whether unmarked words at this indentation cannot stand under the node.

    Args:
        above: the node that this one stands under.
    """
    if node.rank is Rank.TABLE:
        return True
    if node.pending or node.rank <= Rank.PLAIN:
        return False
    if node.rank is not Rank.NUMBER or node.indent != indent:
        return node.indent >= indent
    return not node.heading and (node.is_untitled_letter or above.leads)


def begins_again(node: Node, reading: Reading) -> bool:
    """Whether a number ends a part of its style. A heading ends only where its number goes on."""
    style, value = reading
    return any(
        style == own and (node.rank is Rank.NUMBER or value == last + 1)
        for own, last in node.readings
    )
