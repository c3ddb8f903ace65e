"""What can be set about telling: Slack's tokens, the port, the chat model.

The table in README.md is checked against :data:`VARIABLES` by ``tests/test_docs.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ingest import settings as knowing
from ingest.errors import SettingsError

VARIABLES = (
    "SMALLPRINT_HOME",
    "DATABASE_URL",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_APP_TOKEN",
    "SLACK_API_URL",
    "PORT",
    "SMALLPRINT_CHAT_MODEL",
)


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How to reach Slack. ``api_url`` empty means Slack itself. Secrets stay out of ``repr``."""

    bot_token: str = ""
    signing_secret: str = ""
    app_token: str = ""
    api_url: str = ""

    def __repr__(self) -> str:
        return f"SlackSettings(configured={self.configured}, socket_mode={bool(self.app_token)})"

    @property
    def configured(self) -> bool:
        """Whether anything of Slack is set, so that ``run`` means Slack and not the terminal."""
        return bool(self.bot_token or self.app_token or self.signing_secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one process; ``chat_model`` is ``provider:model``, or empty to quote.

    What a provider needs beside that stands in variables of its own, which its package reads: the
    key, and an address such as ``OPENAI_BASE_URL`` for ``openai:…`` on another server.
    """

    knowing: knowing.Settings
    slack: SlackSettings
    port: int
    chat_model: str


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read every setting of :data:`VARIABLES` from ``environment`` (usually ``os.environ``).

    Raises:
        SettingsError: a value is malformed; the sentence names the variable and what is allowed.
    """
    return Settings(
        knowing=knowing.from_environment(environment),
        slack=SlackSettings(
            bot_token=_token(environment, "SLACK_BOT_TOKEN", "xoxb-"),
            signing_secret=environment.get("SLACK_SIGNING_SECRET", "").strip(),
            app_token=_token(environment, "SLACK_APP_TOKEN", "xapp-"),
            api_url=_address(environment, "SLACK_API_URL"),
        ),
        port=_port(environment.get("PORT") or "3000"),
        chat_model=_chat_model(environment.get("SMALLPRINT_CHAT_MODEL", "").strip()),
    )


def require_slack(slack: SlackSettings) -> None:
    """Refuse to start the Slack bot without what it needs.

    Raises:
        SettingsError: the bot token is missing, or neither HTTP nor Socket Mode is configured.
    """
    if not slack.bot_token:
        raise SettingsError(
            "SLACK_BOT_TOKEN is not set; copy the Bot User OAuth Token (xoxb-…) of your Slack app."
        )
    if not (slack.signing_secret or slack.app_token):
        raise SettingsError(
            "Set SLACK_SIGNING_SECRET to serve Slack over HTTP, or SLACK_APP_TOKEN for Socket Mode."
        )


def _token(environment: Mapping[str, str], name: str, prefix: str) -> str:
    value = environment.get(name, "").strip()
    if value and not value.startswith(prefix):
        raise SettingsError(f"{name} must start with {prefix}; check which token was copied.")
    return value


def _address(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if value and not value.startswith(("https://", "http://")):
        raise SettingsError(f"{name} is {value!r}; it must start with https:// or http://.")
    # slack_sdk joins the method's name to this without putting a slash between the two.
    return value if not value or value.endswith("/") else f"{value}/"


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise SettingsError(f"PORT is {value!r}; it must be a number from 1 to 65535.")
    return int(value)


def _chat_model(value: str) -> str:
    provider, separator, model = value.partition(":")
    if value and not (separator and provider and model):
        raise SettingsError(
            f"SMALLPRINT_CHAT_MODEL is {value!r}; write provider:model, such as openai:gpt-5."
        )
    return value
