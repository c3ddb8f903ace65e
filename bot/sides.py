"""The things that a question names, and which of them it is about.

Knows no document; that is left to ``bot.scope``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.names import Mention, NameKind

_EXACT = (NameKind.CARD, NameKind.SOURCE)
_TO = re.compile(r"\b(?:on|onto|to|into|from|via|through)\s+(?:the\s+)?$")
_OF = re.compile(
    r"['’]?s?\s+(?:outputs?|answers?|responses?|generations?|data|models?|terms|licen[cs]e|policy"
    r"|tos|api|aup|dpa)\b"
)


@dataclass(frozen=True, slots=True)
class Side:
    """One thing named: what kind of name it was, and what that leads to."""

    kind: NameKind
    words: str
    cards: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()


def said_of(folded: str, told: Sequence[tuple[Mention, Side]]) -> list[tuple[Mention, Side]]:
    """Without the vendors who are only where it happens: "put a Llama fine-tune on Hugging Face".

    That is said beside something more exact of somebody else alone.
    """
    exact = {id for _, side in told if side.kind in _EXACT for id in side.vendors}
    return [
        (mention, side)
        for mention, side in told
        if side.kind is not NameKind.VENDOR
        or not exact
        or exact & set(side.vendors)
        or not _is_a_place(folded, mention)
    ]


def _is_a_place(folded: str, mention: Mention) -> bool:
    before, after = folded[: mention.start], folded[mention.end :]
    return _TO.search(before[-12:]) is not None and _OF.match(after) is None


def most_telling(sides: Sequence[Side], elsewhere: Collection[str]) -> list[Side]:
    """Leave out families and vendors of which something more exact is named as well.

    ``elsewhere`` are the words that stand for products which are not covered.
    """
    return [
        side
        for side in sides
        if side.kind in _EXACT
        or not (
            any(other.kind < side.kind and _says_more(other, side) for other in sides)
            or side.words in elsewhere
        )
    ]


def _says_more(exact: Side, loose: Side) -> bool:
    """Whether ``exact`` is one of what ``loose`` names."""
    if loose.kind is NameKind.VENDOR:
        return bool(set(exact.vendors) & set(loose.vendors))
    return bool(set(exact.cards) & set(loose.cards))


def distinct(sides: Iterable[Side]) -> list[Side]:
    """One side for each set of documents, in order of first mention, by its most exact name."""
    found: dict[tuple[str, ...], Side] = {}
    for side in sides:
        known = found.setdefault(side.sources, side)
        if side.kind < known.kind:
            found[side.sources] = side
    return list(found.values())
