"""The Slack side of a process: who we are in Slack, how its requests come in, what they start.

The composition root of everything that talks to Slack. Requests come over HTTP or Socket Mode and
mean the same.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import threading
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Protocol

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web import SlackResponse

from bot.cards.licenses import Licenses
from bot.desk import Conversing, Desk
from bot.listeners import register
from bot.memory import Inbox
from bot.poster import Poster, SlackRefusedError, retry_handlers, slack_errors, web_client
from bot.settings import Settings, SlackSettings
from bot.subscriptions import Subscriptions
from bot.web import Dispatch, Reply, WebServer, web_app
from ingest.errors import SettingsError

log = logging.getLogger(__name__)

SCOPES = ("app_mentions:read", "assistant:write", "chat:write", "commands", "im:history")
"""What our bot token must be allowed to do; ``manifest.yml`` asks for the same."""

_COMMANDS_AT_ONCE = 4
_CLOSING_SECONDS = 10.0
_FORGED = Reply(401, '{"error": "invalid request"}', {"Content-Type": "application/json"})


class Services(Protocol):
    """What the Slack side asks of the rest of the house; ``bot.wiring.Services`` is one."""

    @property
    def settings(self) -> Settings:
        """Tokens, port, address of Slack."""

    def now(self) -> datetime:
        """The moment, in UTC."""

    @property
    def conversations(self) -> Conversing:
        """Answers in threads; QuestionError has a sentence for the person who asked."""

    @property
    def licenses(self) -> Licenses:
        """Cards, comparisons and checked uses; UnknownNameError carries suggestions."""

    @property
    def subscriptions(self) -> Subscriptions:
        """The wishes of channels to hear of changes."""

    def inbox(self, owner: str) -> Inbox:
        """The durable queue, worked off in the name of ``owner``."""


class WayIn(Protocol):
    """How Slack reaches us."""

    def start(self) -> None:
        """Take requests from now on; returns at once."""

    def stop(self) -> None:
        """Take no more; returns when those taken are acknowledged."""


def who_we_are(client: WebClient) -> SlackResponse:
    """The answer of ``auth.test``.

    Raises:
        SettingsError: Slack does not accept the token.
        SlackUnreachableError: there is no answer; starting again later may help.
    """
    try:
        with slack_errors(f"Asking {client.base_url} who we are"):
            return client.auth_test()
    except SlackRefusedError as error:
        raise SettingsError(
            f"Slack does not accept SLACK_BOT_TOKEN ({error.code}); copy the Bot User OAuth Token "
            "of your Slack app again."
        ) from error


def build_app(
    us: SlackResponse, client: WebClient, slack: SlackSettings, executor: ThreadPoolExecutor
) -> App:
    """A Bolt app without listeners that takes no setting from the environment."""
    known = AuthorizeResult(
        enterprise_id=us.get("enterprise_id"),
        team_id=us.get("team_id"),
        bot_id=us.get("bot_id"),
        bot_user_id=us.get("user_id"),
        bot_token=slack.bot_token,
    )
    return App(
        name="smallprint",
        client=WebClient(base_url=client.base_url, retry_handlers=retry_handlers()),
        signing_secret=slack.signing_secret,
        # Ours and not Bolt's own: with SLACK_CLIENT_ID and SLACK_CLIENT_SECRET in the environment
        # Bolt drops the token and looks for installations.
        authorize=lambda: known,
        # Bolt acknowledges events before it runs their listeners; we keep them first.
        process_before_response=True,
        listener_executor=executor,
    )


def dispatch_to(app: App, signing_secret: str) -> Dispatch:
    """Hand an HTTP request to ``app``, if Slack signed it within the last five minutes."""
    verifier = SignatureVerifier(signing_secret)

    def dispatch(body: str, headers: Mapping[str, str]) -> Reply:
        # Bolt checks this as well, but only after it has parsed what anybody may have sent.
        if not verifier.is_valid_request(body, dict(headers)):
            return _FORGED
        response = app.dispatch(BoltRequest(body=body, headers=dict(headers)))
        told = {name: values[0] for name, values in response.headers.items() if values}
        return Reply(response.status, response.body or "", told)

    return dispatch


class SocketMode:
    """Slack's requests over a WebSocket that we open; no public address is needed."""

    def __init__(self, app: App, app_token: str, client: WebClient) -> None:
        self._handler = SocketModeHandler(app, app_token, web_client=client)

    def start(self) -> None:
        """Connect; a connection that breaks later is opened again by itself.

        Raises:
            SettingsError: Slack does not accept the token.
            SlackUnreachableError: there is no answer.
        """
        try:
            with slack_errors("Opening Socket Mode"):
                self._handler.client.connect()
        except SlackRefusedError as error:
            raise SettingsError(
                f"Slack does not accept SLACK_APP_TOKEN ({error.code}); copy an app-level token "
                "with the scope connections:write, and switch Socket Mode on."
            ) from error

    def stop(self) -> None:
        """Disconnect; what is not acknowledged is delivered again by Slack."""
        # slack_sdk waits for ever when it is closed in the moment in which a session begins.
        closing = threading.Thread(target=self._handler.client.close, daemon=True)
        closing.start()
        closing.join(_CLOSING_SECONDS)


class SlackBot:
    """One process's bot: made from services, started, stopped."""

    def __init__(self, services: Services, *, socket_mode: bool, host: str) -> None:
        """Ask Slack who we are and listen; nothing is answered before :meth:`start`.

        Raises:
            SettingsError: a token is missing or not accepted, or the port is taken.
            SlackUnreachableError: Slack does not answer.
        """
        slack = services.settings.slack
        _check(slack, socket_mode)
        client = web_client(slack)
        self._executor = ThreadPoolExecutor(_COMMANDS_AT_ONCE, thread_name_prefix="command")
        poster = Poster(client)
        inbox = services.inbox(f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}")
        self._desk = Desk(inbox, services.conversations, poster, services.now)
        app = build_app(who_we_are(client), client, slack, self._executor)
        register(app, services, self._desk, poster)
        self.way_in: WayIn
        if socket_mode:
            self.way_in = SocketMode(app, slack.app_token, client)
        else:
            flask = web_app(dispatch_to(app, slack.signing_secret), self._desk.waiting)
            self.way_in = WebServer(flask, host, services.settings.port)

    def start(self) -> None:
        """Answer what is waiting and what comes; returns at once. See :meth:`WayIn.start`."""
        self.way_in.start()
        self._desk.open()

    def stop(self) -> None:
        """Take nothing more, finish what is in hand or leave it to the next process."""
        self.way_in.stop()
        self._executor.shutdown()
        self._desk.close()


def serve(services: Services, *, socket_mode: bool) -> None:
    """Be the Slack bot until SIGTERM or SIGINT; main thread only. Raises as :class:`SlackBot`."""
    ending = threading.Event()
    # Platforms route to any address of the machine; requests without Slack's signature get 401.
    bot = SlackBot(services, socket_mode=socket_mode, host="0.0.0.0")  # noqa: S104
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: ending.set())
    bot.start()
    log.info("Ready for Slack over %s.", "Socket Mode" if socket_mode else "HTTP")
    ending.wait()
    bot.stop()


def check_slack(slack: SlackSettings) -> str:
    """Try the tokens and compare the scopes; one sentence for ``doctor``.

    Raises:
        SettingsError: a token is not accepted, or scopes are missing.
        SlackUnreachableError: Slack does not answer.
    """
    us = who_we_are(web_client(slack))
    missing = _missing_scopes(us)
    if missing:
        raise SettingsError(
            f"The bot token may not do all it must; add the scopes {', '.join(missing)} (see "
            "manifest.yml) and install the app again."
        )
    return f"Connected to {us.get('team')} as {us.get('user')}, with every scope that is needed."


def _missing_scopes(us: SlackResponse) -> list[str]:
    """What the token lacks by Slack's own list; nothing where a stand-in sends no list."""
    headers = {name.lower(): value for name, value in us.headers.items()}
    granted = headers.get("x-oauth-scopes")
    if granted is None:
        return []
    return [each for each in SCOPES if each not in re.split(r"\s*,\s*", granted)]


def _check(slack: SlackSettings, socket_mode: bool) -> None:
    if socket_mode and not slack.app_token:
        raise SettingsError("SLACK_APP_TOKEN is not set; Socket Mode needs it.")
    if not socket_mode and not slack.signing_secret:
        # With an empty secret anybody could sign.
        raise SettingsError(
            "SLACK_SIGNING_SECRET is not set; copy it from Basic Information of your Slack app."
        )
    if not slack.bot_token:
        raise SettingsError("SLACK_BOT_TOKEN is not set; copy the Bot User OAuth Token (xoxb-…).")
