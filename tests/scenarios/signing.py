"""Signs requests as Slack does: version, time and body, under the signing secret."""

from __future__ import annotations

import hashlib
import hmac
import time
from urllib.parse import urlencode

SECRET = "a-signing-secret-of-tests"


def signed(
    body: str, secret: str = SECRET, at: float | None = None, form: bool = False
) -> dict[str, str]:
    """The headers that go with ``body``; ``at`` is seconds since the epoch, None for now."""
    stamp = str(int(time.time() if at is None else at))
    seal = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={seal}",
    }


def command_body(text: str, response_url: str, command: str = "/license") -> str:
    """A slash command as Slack sends it."""
    return urlencode(
        {
            "command": command,
            "text": text,
            "response_url": response_url,
            "trigger_id": "1.2.abc",
            "user_id": "U0PERSON",
            "user_name": "somebody",
            "team_id": "T0TEAM",
            "channel_id": "C0CHANNEL",
            "channel_name": "general",
            "api_app_id": "A0APP",
        }
    )
