"""Which of Slack's events are questions to us, and what people typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.memory import StoredEvent

_PEOPLES_OWN = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes of messages that people wrote; the others tell of edits, deletions, joins, bots."""
_SLACKBOT = "USLACKBOT"
_REFERENCE = re.compile(r"<([^<>]*)>")


def question(body: Mapping[str, Any]) -> StoredEvent | None:
    """The question in an Events API request; None where nobody asks us anything.

    Bots, edits and Slack's own notices ask nothing. The text may be empty: a bare mention.
    """
    event = body["event"]
    if not _from_a_person(event):
        return None
    return StoredEvent(
        event_id=body["event_id"],
        team=body.get("team_id") or "",
        channel=event["channel"],
        ts=event["ts"],
        kind=event["type"],
        payload={
            "text": spoken(event.get("text") or ""),
            "thread": event.get("thread_ts") or event["ts"],
        },
    )


def _from_a_person(event: Mapping[str, Any]) -> bool:
    written_by_a_bot = event.get("bot_id") or event.get("user") in {None, _SLACKBOT}
    changed = event.get("edited") or event.get("subtype") not in _PEOPLES_OWN
    return not (written_by_a_bot or changed)


def spoken(text: str) -> str:
    """What a person typed, from the text of a Slack event or command.

    Mentions of people and broadcasts go, channels and links keep the words that were shown.
    """
    shown = _REFERENCE.sub(_shown, text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _shown(found: re.Match[str]) -> str:
    reference, _, label = found[1].partition("|")
    if reference.startswith("#"):
        return f"#{label}" if label else ""
    if reference.startswith(("@", "!")):
        return ""
    return label or reference
