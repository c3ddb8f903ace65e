"""From the text of a version to its clauses: the smallest parts worth quoting, with their place.

A clause is one paragraph or list item. A heading alone is nothing to quote: it belongs to the span
of the first clause below it. All clauses together hold every character of the text that is not
white space.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.chunks import chunk
from ingest.domain import Clause
from ingest.outline import Outline
from ingest.paragraphs import Form, Paragraph, paragraphs
from ingest.places import Place

__all__ = ["SPLITTER_REVISION", "chunk", "split"]

SPLITTER_REVISION = "2"
"""Changes whenever the same text would be split or chunked differently."""

_MOST_HEADINGS = 600  # characters; more headings in a row are a table of contents


def split(text: str) -> list[Clause]:
    """Split a normalised text into clauses, in the order of the text.

    Spans do not overlap, hold no white space at their ends, and cover every other character. Text
    appended after a blank line changes no clause but the last.

    Args:
        text: the text of a version; offsets of the clauses count its characters.
    """
    clauses: list[Clause] = []
    outline = Outline()
    parts = paragraphs(text)
    waiting: int | None = None  # where headings begin that have no clause below them yet
    for part, following in zip(parts, _next_with_words(parts), strict=True):
        if part.form is Form.RULE and waiting is not None:
            continue
        start = part.start if waiting is None else waiting
        place = outline.rule() if part.form is Form.RULE else outline.place(part, following)
        if place.opens and following is not None and part.end - start <= _MOST_HEADINGS:
            waiting = start
            continue
        if place.opens and following is not None:
            place = replace(place, key=f"{place.key}+headings")
        clauses.append(_clause(text, place, start, part.end))
        waiting = None
    return clauses


def _next_with_words(parts: Sequence[Paragraph]) -> list[Paragraph | None]:
    """For each paragraph the next one that is no rule."""
    followers: list[Paragraph | None] = []
    following: Paragraph | None = None
    for part in reversed(parts):
        followers.append(following)
        if part.form is not Form.RULE:
            following = part
    return followers[::-1]


def _clause(text: str, place: Place, start: int, end: int) -> Clause:
    return Clause(
        key=place.key,
        label=place.label,
        heading=place.heading,
        trail=place.trail,
        start=start,
        end=end,
        text=text[start:end],
    )
