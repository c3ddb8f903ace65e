"""Wrapping and citing in plain text: what everything that a terminal shows is made of."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from bot.domain import Citation
from bot.wording import dated

WIDTH = 96


def wrapped(text: str, width: int = WIDTH) -> str:
    """Wrap each paragraph; the words stay, white space inside a paragraph becomes single spaces."""
    return "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    )


def indented(text: str, by: str = "  ") -> str:
    """``text`` with every line moved in."""
    return textwrap.indent(text, by, lambda _line: True)


def citation(mark: str, cited: Citation) -> str:
    """A citation: who, which document, clause and version, the words, where it stands."""
    place = ", ".join(filter(None, (cited.title, cited.clause)))
    head = wrapped(f"{mark} {cited.vendor}: {place} ({dated(cited.version)})")
    quote = indented(wrapped(cited.quote, WIDTH - 4), "  | ")
    origin = f" · text from {cited.attribution}" if cited.attribution else ""
    return f"{head}\n{quote}\n    {cited.url}{origin}"


def columns(rows: Iterable[tuple[str, ...]]) -> str:
    """Columns, each as wide as its longest entry."""
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )
