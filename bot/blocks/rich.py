"""The few elements that our messages are made of, as Slack's Block Kit writes them.

Text elements of a ``rich_text`` block are literal: ``*``, ``_``, ``<!channel>`` and ``:smile:`` in
them are characters and nothing else. Empty elements, which Slack refuses, are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.blocks.escape import link_address, printable
from bot.blocks.limits import CONTEXT_ELEMENTS, HEADER, PARAGRAPH, clip
from bot.blocks.message import Block

Element = dict[str, Any]


def words(text: str, *, bold: bool = False) -> list[Element]:
    """Literal words; nothing for an empty text."""
    shown = printable(text)
    if not shown:
        return []
    return [{"type": "text", "text": shown, **({"style": {"bold": True}} if bold else {})}]


def link(label: str, url: str) -> list[Element]:
    """A link in our words; nothing where ``url`` is not a web address."""
    address = link_address(url)
    return [{"type": "link", "url": address, "text": label}] if address else []


def joined(parts: Iterable[list[Element]], between: str) -> list[Element]:
    """The parts that are not empty, with literal words between them."""
    row: list[Element] = []
    for part in filter(None, parts):
        row += words(between) if row else []
        row += part
    return row


def section(*parts: list[Element]) -> list[Element]:
    """One line of words and links."""
    elements = [each for part in parts for each in part]
    return [{"type": "rich_text_section", "elements": elements}] if elements else []


def quote(text: str) -> list[Element]:
    """Words set off as a quote."""
    elements = words(text)
    return [{"type": "rich_text_quote", "elements": elements}] if elements else []


def bullets(items: Iterable[list[Element]]) -> list[Element]:
    """A list; items without words are left out."""
    elements = [{"type": "rich_text_section", "elements": each} for each in items if each]
    return [{"type": "rich_text_list", "style": "bullet", "elements": elements}] if elements else []


def rich_text(*parts: list[Element]) -> list[Block]:
    """A block of lines and quotes."""
    elements = [each for part in parts for each in part]
    return [{"type": "rich_text", "elements": elements}] if elements else []


def header(text: str) -> list[Block]:
    """A title in larger letters."""
    shown = clip(printable(text).strip(), HEADER)
    return [{"type": "header", "text": _plain(shown)}] if shown else []


def context(lines: Iterable[str]) -> list[Block]:
    """Small grey lines, literal, as many blocks as they need."""
    shown = [clip(printable(line).strip(), PARAGRAPH) for line in lines]
    elements = [_plain(line) for line in shown if line]
    return [
        {"type": "context", "elements": elements[start : start + CONTEXT_ELEMENTS]}
        for start in range(0, len(elements), CONTEXT_ELEMENTS)
    ]


def _plain(text: str) -> Element:
    return {"type": "plain_text", "text": text, "emoji": False}
