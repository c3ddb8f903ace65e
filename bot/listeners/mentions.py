"""Somebody mentioned us in a channel: their question is kept and answered in its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.listeners.incoming import question

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.desk import Desk


def register(app: App, desk: Desk) -> None:
    """Listen to ``app_mention``."""

    def mentioned(body: dict[str, Any]) -> None:
        asked = question(body)
        if asked is not None:
            desk.accept(asked)

    app.event("app_mention")(mentioned)
