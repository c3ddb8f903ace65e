"""``/license NAME``: acknowledged at once, answered to its sender alone."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any

from bot.blocks import license as blocks
from bot.blocks.message import Message
from bot.blocks.replies import apology
from bot.listeners.incoming import spoken
from bot.poster import ephemeral
from ingest.errors import QuestionError, UnknownNameError

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from bot.app import Services
    from bot.poster import Poster

log = logging.getLogger(__name__)

COMMAND = "/license"


def register(app: App, services: Services, poster: Poster) -> None:
    """Listen to the command."""

    def acknowledge(ack: Ack, command: dict[str, Any]) -> None:
        asked = _asked(command)
        ack(ephemeral(blocks.looking_up(asked) if asked else blocks.usage()))

    def show(command: dict[str, Any]) -> None:
        asked = _asked(command)
        if asked:
            poster.reply(command["response_url"], _found(services, asked))

    app.command(COMMAND)(ack=acknowledge, lazy=[show])


def _asked(command: dict[str, Any]) -> str:
    """The name that was typed; empty for nothing and for a call for help."""
    asked = spoken(command.get("text") or "")
    return "" if asked.lower() == "help" else asked


def _found(services: Services, asked: str) -> Message:
    try:
        if asked.lower() == "list":
            return blocks.listing(str(each["id"]) for each in services.license_list())
        return blocks.license_message(services.license(asked), asked)
    except UnknownNameError as error:
        return blocks.unknown(asked, str(error), error.suggestions)
    except QuestionError as error:
        return blocks.unknown(asked, str(error), ())
    except Exception:  # people are owed an apology for whatever it was
        error_id = uuid.uuid4().hex[:8]
        log.exception("Error %s while looking up a licence", error_id)
        return apology(error_id)
