"""A page of its own for each thing that `license` shows."""

from __future__ import annotations

from bot.cards.views import Shown


def shown(view: Shown) -> str:
    return repr(view)
