"""What people can press, choose and compare: buttons, selects, inputs of modals, tables.

Every button carries the request that it stands for, as it would be typed behind ``/license``, so
that there is one grammar and no state to keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.blocks.escape import printable
from bot.blocks.limits import clip
from bot.blocks.message import Block

OPEN = "license_open"
"""Shows the request in place of the message in which the button stands."""
SHARE = "license_share"
"""Shows the request to the whole channel."""
CHECK = "license_check"
"""Opens the form for a use; the value is the id of a card."""
WATCH = "license_watch"
"""Keeps the wish to hear of changes; the value is the id of a card."""

_BUTTON, _VALUE, _OPTION, _OPTION_VALUE = 75, 2000, 75, 150
_ROW = 25
_CELL = 300


def button(label: str, action: str, value: str, *, primary: bool = False) -> Block:
    """A button; ``action`` must be its own within a message, numbers may be added to it."""
    shown: Block = {
        "type": "button",
        "action_id": action,
        "text": plain(clip(label, _BUTTON)),
        "value": value[:_VALUE],
    }
    return {**shown, "style": "primary"} if primary else shown


def select(label: str, action: str, options: Sequence[tuple[str, str]]) -> Block:
    """A menu of ``(label, value)``, at most a hundred of them."""
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(clip(label, _OPTION)),
        "options": [option(*each) for each in options[:100]],
    }


def option(label: str, value: str) -> Block:
    """One choice of a menu."""
    return {"text": plain(clip(label, _OPTION)), "value": value[:_OPTION_VALUE]}


def row(elements: Iterable[Block]) -> list[Block]:
    """Buttons and menus on a row; nothing where there are none."""
    shown = list(elements)[:_ROW]
    return [{"type": "actions", "elements": shown}] if shown else []


def plain(text: str) -> Block:
    """Literal words."""
    return {"type": "plain_text", "text": printable(text) or " ", "emoji": False}


def field(
    block: str, label: str, element: Mapping[str, Any], *, optional: bool = True, hint: str = ""
) -> Block:
    """A labelled input of a form; what is entered comes back under ``block`` and "value"."""
    shown: Block = {
        "type": "input",
        "block_id": block,
        "label": plain(label),
        "optional": optional,
        "element": {"action_id": "value", **element},
    }
    return {**shown, "hint": plain(hint)} if hint else shown


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Block]:
    """A table with a bold first row; cells are literal and never empty."""
    if not rows:
        return []
    return [
        {
            "type": "table",
            "rows": [
                [_bold(each) for each in head],
                *([_raw(each) for each in cells] for cells in rows),
            ],
            "column_settings": [{"is_wrapped": True} for _ in head],
        }
    ]


def _raw(text: str) -> Block:
    return {"type": "raw_text", "text": clip(printable(text).strip(), _CELL) or "–"}


def _bold(text: str) -> Block:
    words = {
        "type": "text",
        "text": clip(printable(text).strip(), _CELL) or "–",
        "style": {"bold": True},
    }
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [words]}],
    }
