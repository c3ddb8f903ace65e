"""What Slack tells us, one module a feature: each reads a request, makes one call, acknowledges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.listeners import cards, faults, home, license, mentions, messages, use_form

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.app import Services
    from bot.desk import Desk
    from bot.poster import Poster


def register(app: App, services: Services, desk: Desk, poster: Poster) -> None:
    """Add every listener to ``app``."""
    faults.register(app)
    mentions.register(app, desk)
    messages.register(app, desk)
    license.register(app, services, poster)
    cards.register(app, services, poster)
    use_form.register(app, services, poster)
    home.register(app, poster)
