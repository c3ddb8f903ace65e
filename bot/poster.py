"""The only writer to Slack: posts, answers commands, and says in our errors why it could not.

Waits out what passes (a limit, a lost connection, a server's bad moment) for some seconds; what
lasts longer is left to the caller.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.webhook import WebhookClient

from bot.blocks.message import Message
from bot.settings import SlackSettings
from ingest.errors import SmallprintError

log = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 15
_RATE_LIMIT_RETRIES = 10
_FAULT_RETRIES = 2
_PASSING = {
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
}
_BAD_BLOCKS = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_TOO_MANY_REQUESTS = 429
_OK = 200
_SERVER_ERRORS = 500


class SlackError(SmallprintError):
    """Slack did not do what we asked."""


class SlackUnreachableError(SlackError):
    """No answer from Slack, or one that asks to come back later; the same call may work then."""


class SlackRefusedError(SlackError):
    """Slack understood and said no; the same call will fail again. ``code`` is Slack's word."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.code = code


def retry_handlers() -> list[RetryHandler]:
    """What every client of ours waits out; a fresh list, because clients change theirs."""
    return [
        ConnectionErrorRetryHandler(max_retry_count=_FAULT_RETRIES),
        RateLimitErrorRetryHandler(max_retry_count=_RATE_LIMIT_RETRIES),
        ServerErrorRetryHandler(max_retry_count=_FAULT_RETRIES),
    ]


def web_client(slack: SlackSettings) -> WebClient:
    """The client for Slack's Web API, or for the stand-in that ``SLACK_API_URL`` names."""
    return WebClient(
        token=slack.bot_token,
        base_url=slack.api_url or WebClient.BASE_URL,
        timeout=_TIMEOUT_SECONDS,
        retry_handlers=retry_handlers(),
    )


@contextmanager
def slack_errors(what: str) -> Iterator[None]:
    """Change what slack_sdk raises into our errors; ``what`` names the call for people."""
    try:
        yield
    except SlackApiError as error:
        raise _told_no(what, error) from error
    except (OSError, HTTPException, SlackClientError) as error:
        reason = getattr(error, "reason", error)
        raise SlackUnreachableError(f"{what} got no answer from Slack: {reason}.") from error


def _told_no(what: str, error: SlackApiError) -> SlackError:
    told = error.response.data
    code = str(told.get("error", "")) if isinstance(told, Mapping) else ""
    return _no(what, error.response.status_code, code)


def _no(what: str, status: int, code: str) -> SlackError:
    """The leaf for an answer that is not ok; one without a code of Slack's came from in between."""
    known = bool(_CODE.fullmatch(code))
    if status == _TOO_MANY_REQUESTS or status >= _SERVER_ERRORS or code in _PASSING or not known:
        reason = code if known else f"status {status}"
        return SlackUnreachableError(f"{what} met Slack out of order ({reason}).")
    return SlackRefusedError(f"{what} was refused by Slack ({code}).", code)


class Poster:
    """Writes messages. Safe to share between threads."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def post(self, channel: str, thread: str, message: Message) -> None:
        """Post into the thread of the message ``thread``; posts at least the text.

        Raises:
            SlackUnreachableError: Slack cannot take it now.
            SlackRefusedError: Slack will not take it, such as in an archived channel.
        """
        try:
            self._post(channel, thread, message.text, message.blocks)
        except SlackRefusedError as error:
            if error.code not in _BAD_BLOCKS:
                raise
            log.error("Slack refused our blocks, posting the text alone: %s", error)
            self._post(channel, thread, message.text, ())

    def _post(self, channel: str, thread: str, text: str, blocks: Sequence[dict[str, Any]]) -> None:
        with slack_errors("Posting an answer"):
            self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread,
                text=text,
                blocks=list(blocks) or None,
                unfurl_links=False,
                unfurl_media=False,
                mrkdwn=False,
            )

    def reply(
        self, response_url: str, message: Message, *, to_all: bool = False, replacing: bool = False
    ) -> None:
        """Answer a slash command or a press, seen by its sender alone unless it is ``to_all``.

        Args:
            response_url: the address that Slack gave for answers.
            message: what is said.
            to_all: whether the whole channel sees it.
            replacing: whether it takes the place of the message that was pressed in.

        Raises:
            SlackUnreachableError: Slack cannot take it now.
            SlackRefusedError: Slack will not take it; the address is good for half an hour.
        """
        webhook = WebhookClient(
            response_url, timeout=_TIMEOUT_SECONDS, retry_handlers=retry_handlers()
        )
        with slack_errors("Answering a command"):
            said = ephemeral(message) | ({"response_type": "in_channel"} if to_all else {})
            response = webhook.send_dict({**said, "replace_original": replacing})
        if response.status_code != _OK:
            raise _no("Answering a command", response.status_code, response.body)

    def open_form(self, trigger: str, form: dict[str, Any], *, stacked: bool = False) -> None:
        """Open a form for whoever caused ``trigger``, within three seconds of it.

        Raises:
            SlackUnreachableError: Slack cannot take it now.
            SlackRefusedError: the trigger is too old, or Slack does not take the form.
        """
        with slack_errors("Opening a form"):
            if stacked:
                self._client.views_push(trigger_id=trigger, view=form)
            else:
                self._client.views_open(trigger_id=trigger, view=form)

    def suggest(self, channel: str, prompts: Mapping[str, str]) -> None:
        """Offer questions (title → question) in the conversation that somebody opened with us.

        Raises:
            SlackError: they are not shown.
        """
        offered = [{"title": title, "message": asked} for title, asked in prompts.items()]
        with slack_errors("Suggesting questions"):
            # An app with agent_view shows nothing, and says nothing, when a thread is named here.
            self._client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=offered)


def ephemeral(message: Message) -> dict[str, Any]:
    """The message as a slash command's answer that only its sender sees."""
    return {
        "response_type": "ephemeral",
        "text": message.text,
        "blocks": list(message.blocks),
        "unfurl_links": False,
        "unfurl_media": False,
    }
