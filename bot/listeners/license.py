"""``/license …``: acknowledged at once, answered to its sender alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.blocks import license as blocks
from bot.listeners.cards import answered, spoken_request
from bot.listeners.use_form import open_form
from bot.poster import ephemeral

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from bot.app import Services
    from bot.poster import Poster

COMMAND = "/license"


def register(app: App, services: Services, poster: Poster) -> None:
    """Listen to the command."""

    def acknowledge(ack: Ack, command: dict[str, Any]) -> None:
        asked = spoken_request(command)
        ack(ephemeral(blocks.looking_up(asked) if asked else blocks.usage()))

    def show(command: dict[str, Any]) -> None:
        asked = spoken_request(command)
        if not asked:
            return
        card = services.licenses.to_be_asked(asked)
        if card is not None and open_form(services, poster, card, command):
            return
        poster.reply(command["response_url"], answered(services, asked))

    app.command(COMMAND)(ack=acknowledge, lazy=[show])
