"""A listener broke: it is logged, and Slack is told so that it delivers the event again."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from slack_bolt import BoltResponse

if TYPE_CHECKING:
    from slack_bolt import App

log = logging.getLogger(__name__)


def register(app: App) -> None:
    """Handle what listeners and middleware raise."""

    def broke(error: Exception, body: dict[str, Any]) -> BoltResponse:
        # The body stays out of the log: it holds what people wrote.
        log.error("Slack's request %s could not be taken.", body.get("event_id"), exc_info=error)
        return BoltResponse(status=500)

    app.error(broke)
