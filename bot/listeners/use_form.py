"""The form in which a use is described, and the check of what was entered."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.blocks import modal
from bot.blocks.checked import check_message
from bot.blocks.interactive import CHECK
from bot.blocks.message import Message
from bot.blocks.modal import Origin
from bot.listeners.cards import acknowledged, answered, chosen, guarded, response_url
from bot.poster import SlackError
from ingest.errors import QuestionError

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from bot.app import Services
    from bot.poster import Poster

log = logging.getLogger(__name__)


def register(app: App, services: Services, poster: Poster) -> None:
    """Listen to the button that opens the form, and to the form itself."""

    def ask(body: dict[str, Any], action: dict[str, Any]) -> None:
        origin = {"trigger_id": body["trigger_id"], "response_url": response_url(body)}
        card = chosen(action)
        if not open_form(services, poster, card, origin, stacked="view" in body):
            poster.reply(origin["response_url"], answered(services, f"check {card}"))

    def submitted(ack: Ack, view: dict[str, Any]) -> None:
        origin = Origin.decoded(view["private_metadata"])
        message = _checked(services, origin, view)
        ack(response_action="update", view=modal.outcome(origin, message))

    app.action(CHECK)(ack=acknowledged, lazy=[ask])
    app.view(modal.CALLBACK)(submitted)


def open_form(
    services: Services,
    poster: Poster,
    card: str,
    origin: Mapping[str, Any],
    *,
    stacked: bool = False,
) -> bool:
    """Open the form for a card; False where Slack does not, and the card has to be told otherwise.

    Args:
        origin: what was pressed or typed: its trigger, and the address that takes answers.
        stacked: whether the press came out of a form, on top of which this one is to lie.
    """
    try:
        title, plans = services.licenses.title(card), services.licenses.plans(card)
        fields = services.licenses.fields
        form = modal.form(Origin(card, origin["response_url"]), title, plans, fields)
        poster.open_form(origin["trigger_id"], form, stacked=stacked)
    except (QuestionError, SlackError) as error:
        log.warning("No form was opened: %s", error)
        return False
    return True


def _checked(services: Services, origin: Origin, view: Mapping[str, Any]) -> Message:
    licenses = services.licenses

    def check() -> Message:
        use, written = modal.entered(view["state"], licenses.plans(origin.card))
        checked = licenses.check(origin.card, licenses.read_use(written, use))
        return check_message(checked, f"check {origin.card}")

    return guarded(origin.card, check)
