"""What Slack takes in one message, and how a text is made to fit: never by losing its end.

The figures are Slack's documented ones, except for the size of a whole message: that one is not
documented, people are refused with ``msg_blocks_too_long`` from about 13,000 characters on.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.blocks.message import Message

BLOCKS = 50
BLOCK_CHARACTERS = 12_000
HEADER = 150
CONTEXT_ELEMENTS = 10
PARAGRAPH = 3000
ADDRESS = 3000

ELLIPSIS = " … "
_QUOTES = (1500, 1000, 700, 500, 350, 250, 150, 80)
"""How long quotes may be, tried from the longest on until the message fits."""


def clip(text: str, limit: int) -> str:
    """``text``, or its beginning and an ellipsis, in at most ``limit`` characters. For names."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def cut_middle(text: str, limit: int) -> str:
    """``text``, or its beginning, an ellipsis and its end, in at most ``limit`` characters.

    Words stay whole where the text has any; the deciding words of a clause are often its last ones.
    ``limit`` is at least 20.
    """
    if len(text) <= limit:
        return text
    room = limit - len(ELLIPSIS)
    first, last = text[: room - room // 3], text[len(text) - room // 3 :]
    return _whole_start(first) + ELLIPSIS + _whole_end(last)


def _whole_start(part: str) -> str:
    kept = part.rsplit(None, 1)[0].rstrip() if part.split() else part
    return kept if len(kept) * 2 >= len(part) else part


def _whole_end(part: str) -> str:
    kept = part.split(None, 1)[-1].lstrip() if part.split() else part
    return kept if len(kept) * 2 >= len(part) else part


def fits(message: Message) -> bool:
    """Whether Slack takes the message as it is."""
    return len(message.blocks) <= BLOCKS and message.size <= BLOCK_CHARACTERS


def fitted(build: Callable[[int, int], Message], citations: int) -> Message:
    """The fullest message that Slack takes.

    Args:
        build: makes the message that shows so many citations with quotes of at most so many
            characters. With no citation it must fit, or nothing will.
        citations: how many there are. Only when the shortest quotes do not help are some left out.
    """
    for longest in _QUOTES:
        message = build(citations, longest)
        if fits(message):
            return message
    most, too_many = 0, citations  # fits; does not
    while too_many - most > 1:
        middle = (most + too_many) // 2
        most, too_many = (middle, too_many) if fits(build(middle, _QUOTES[-1])) else (most, middle)
    return build(most, _QUOTES[-1])
