"""Somebody opened the conversation with us: questions they may start with are offered."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from bot.poster import SlackError

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.poster import Poster

log = logging.getLogger(__name__)

PROMPTS = {
    "Sell what a model wrote": "Can we sell what Llama 4 writes for us?",
    "Fine-tune for a customer": "Does Gemma let us fine-tune the model for a customer?",
    "Grow past a threshold": "What happens if our product passes 700 million users on Llama 4?",
    "Train on outputs": "May we train our own model on the outputs of Qwen?",
}


def register(app: App, poster: Poster) -> None:
    """Listen to ``app_home_opened``."""

    def offer(event: dict[str, Any]) -> None:
        if event.get("tab") != "messages":
            return
        try:
            poster.suggest(event["channel"], PROMPTS)
        except SlackError as error:
            log.warning("Nothing was suggested: %s", error)

    app.event("app_home_opened")(ack=_opened, lazy=[offer])


def _opened() -> None:
    """Nothing has to be done before the acknowledgement, which Bolt sends by itself."""
