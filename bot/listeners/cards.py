"""The buttons and menus below a card: another part of it, sharing it, watching it.

Each carries the request that it stands for, as it would be typed behind the command.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.blocks import license as blocks
from bot.blocks.interactive import OPEN, SHARE, WATCH
from bot.blocks.message import Message
from bot.blocks.modal import Origin
from bot.blocks.replies import apology
from bot.listeners.incoming import spoken
from ingest.errors import QuestionError, UnknownNameError

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from bot.app import Services
    from bot.poster import Poster

log = logging.getLogger(__name__)


def register(app: App, services: Services, poster: Poster) -> None:
    """Listen to what is pressed and chosen."""

    def show(body: dict[str, Any], action: dict[str, Any]) -> None:
        message = answered(services, chosen(action))
        poster.reply(response_url(body), message, replacing=_in_message(body))

    def share(body: dict[str, Any], action: dict[str, Any]) -> None:
        poster.reply(response_url(body), answered(services, chosen(action)), to_all=True)

    def watch(body: dict[str, Any], action: dict[str, Any]) -> None:
        poster.reply(response_url(body), _watched(services, body, chosen(action)))

    app.action(re.compile(rf"^{OPEN}(_|$)"))(ack=acknowledged, lazy=[show])
    app.action(SHARE)(ack=acknowledged, lazy=[share])
    app.action(WATCH)(ack=acknowledged, lazy=[watch])


def acknowledged(ack: Ack) -> None:
    """Tell Slack that the press arrived; what it brings comes after."""
    ack()


def answered(services: Services, asked: str) -> Message:
    """What ``asked`` comes to, a refusal in its own words, or an apology."""
    licenses = services.licenses
    return guarded(
        asked, lambda: blocks.shown_message(licenses.answer(asked), asked, licenses.fields)
    )


def guarded(asked: str, made: Callable[[], Message]) -> Message:
    """The message that is ``made``; where that fails, why, or an apology with an id for the log."""
    try:
        return made()
    except UnknownNameError as error:
        return blocks.unknown(asked, str(error), error.suggestions)
    except QuestionError as error:
        return blocks.unknown(asked, str(error), ())
    except Exception:  # people are owed an apology for whatever it was
        error_id = uuid.uuid4().hex[:8]
        log.exception("Error %s while looking up a licence", error_id)
        return apology(error_id)


def spoken_request(command: Mapping[str, Any]) -> str:
    """What was typed behind the command; empty for nothing and for a call for help."""
    asked = spoken(command.get("text") or "")
    return "" if asked.lower() == "help" else asked


def chosen(action: Mapping[str, Any]) -> str:
    """What a button or the choice of a menu stands for."""
    option = action.get("selected_option")
    return str(option["value"] if option else action.get("value") or "")


def response_url(body: Mapping[str, Any]) -> str:
    """Where an answer to a press goes; a form carries the address of what it was opened from."""
    address = body.get("response_url")
    return str(address or Origin.decoded(body["view"]["private_metadata"]).response_url)


def _in_message(body: Mapping[str, Any]) -> bool:
    return bool(body.get("response_url"))


def _watched(services: Services, body: Mapping[str, Any], card: str) -> Message:
    channel = (body.get("channel") or {}).get("id") or ""
    team, person = (body.get("team") or {}).get("id") or "", body["user"]["id"]

    def wish() -> Message:
        title = services.licenses.title(card)
        new = services.subscriptions.wish(team, channel, card, person, services.now())
        return blocks.watched(title, new)

    return guarded(card, wish)
