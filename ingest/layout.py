"""What in the markup of a page only places words on a screen, and is no structure of the text.

Changes elements where they stand: whatever is a block becomes a plain one, tables for the sake of
columns are taken apart, pieces of one bold line are put together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bs4 import Tag

BOLD = ("b", "strong")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = (
    "address article aside blockquote body button center details dialog fieldset figcaption figure "
    "footer form head header hgroup html legend main nav section summary"
)


def tidy(part: Tag) -> None:
    """Leave in ``part`` the structure of its text alone."""
    for each in part.find_all(_BLOCKS.split()):
        each.name = "div"
    _take_apart_layouts(part)
    for bold in part.find_all(BOLD):
        _join_neighbours(bold)


def _join_neighbours(bold: Tag) -> None:
    """Word processors write one bold line as many bold pieces."""
    while isinstance(bold.next_sibling, Tag) and bold.next_sibling.name in BOLD:
        following = bold.next_sibling
        for each in list(following.contents):
            bold.append(each)
        following.extract()


def _take_apart_layouts(part: Tag) -> None:
    """Let cells stand one below the other where a table only tells where things are shown."""
    tables: dict[int, list[Tag]] = {id(table): [table] for table in part.find_all("table")}
    nesting: set[int] = set()
    for each in part.find_all(["table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"]):
        above = each.find_parent("table")
        if above is None or id(above) not in tables:
            continue
        if each.name == "table":
            nesting.add(id(above))
        else:
            tables[id(above)].append(each)
    for identity, (table, *parts) in tables.items():
        if identity in nesting or _only_places(table, parts):
            for each in (table, *parts):
                each.name = "div"


def _only_places(table: Tag, parts: Sequence[Tag]) -> bool:
    """Whether a table without another one inside holds no rows and columns of facts."""
    widths = Counter(id(each.parent) for each in parts if each.name in ("td", "th"))
    return (
        table.get("role") in ("presentation", "none")
        or len(widths) <= 1
        or max(widths.values()) <= 1
        or any(
            each.find(HEADINGS) and each.find(["p", "ul", "ol", "div"])
            for each in parts
            if each.name == "td"
        )
    )
