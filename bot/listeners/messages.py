"""Somebody wrote to us alone: every message there is a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.listeners.incoming import question

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.desk import Desk


def register(app: App, desk: Desk) -> None:
    """Listen to ``message``; in channels people talk to each other unless they mention us."""

    def written(body: dict[str, Any]) -> None:
        asked = question(body) if body["event"].get("channel_type") == "im" else None
        if asked is not None:
            desk.accept(asked)

    app.event("message")(written)
