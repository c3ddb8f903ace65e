"""The bot under test: really running, reached over HTTP, its database in a folder of the test."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from bot.app import SlackBot
from bot.domain import Answer, Question
from bot.memory import Inbox
from bot.settings import SlackSettings
from bot.subscriptions import Subscriptions
from bot.web import WebServer
from ingest import database
from ingest import settings as knowing
from ingest.archive import Archive
from tests.bot.pretend_facts import licenses
from tests.bot.pretend_library import archived
from tests.scenarios.canned import CannedServices
from tests.scenarios.loopback_slack import APP_TOKEN, BOT_TOKEN, TEAM, LoopbackSlack
from tests.scenarios.signing import SECRET, command_body, signed

ROOT = Path(__file__).parents[2]
LEASE = timedelta(seconds=1.5)
PERSON, CHANNEL, DIRECT = "U0PERSON", "C0CHANNEL", "D0DIRECT"
_numbers = count(1)


@dataclass(frozen=True)
class Told:
    """What the bot answered to a request."""

    status: int
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class RunningBot:
    """A bot on a free port; stop and start it as often as a test likes."""

    def __init__(
        self,
        slack: LoopbackSlack,
        folder: Path,
        answering: Callable[[Question], Answer] | None = None,
        socket_mode: bool = False,
        started: bool = True,
    ) -> None:
        self.slack = slack
        url = f"sqlite:///{folder / 'smallprint.db'}"
        engine = database.connect(url)
        database.migrate(engine)
        settings = SlackSettings(BOT_TOKEN, SECRET, APP_TOKEN if socket_mode else "", slack.api_url)

        def inbox(owner: str) -> Inbox:
            return Inbox(engine, owner, LEASE)

        self.archive = _archive(folder)
        self.services = CannedServices(
            settings,
            inbox,
            knowing.Settings(folder, url),
            answering,
            shelf=licenses(self.archive),
            subscriptions=Subscriptions(engine),
        )
        self._socket_mode = socket_mode
        self._engine = engine
        if started:
            self.start()

    def start(self) -> None:
        self._bot = SlackBot(self.services, socket_mode=self._socket_mode, host="127.0.0.1")
        self._bot.start()
        if isinstance(self._bot.way_in, WebServer):
            self.address = f"http://127.0.0.1:{self._bot.way_in.port}"

    def stop(self) -> None:
        self._bot.stop()

    def close(self) -> None:
        self.stop()
        self._engine.dispose()

    def get(self, path: str) -> Told:
        return _asked("GET", self.address + path)

    def post(self, body: str, headers: dict[str, str]) -> Told:
        """A POST to ``/slack/events`` with these headers and no others."""
        return post(self.address, body, headers)

    def tell(self, event: dict[str, Any]) -> Told:
        """Deliver an Events API request, signed."""
        body = json.dumps(event)
        return self.post(body, signed(body))

    def redeliver(self, event: dict[str, Any], number: int = 1) -> Told:
        """Deliver an event again as Slack does when it saw no acknowledgement."""
        body = json.dumps(event)
        headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"}
        return self.post(body, {**signed(body), **headers})

    def settled(self, seconds: float = 30.0) -> list[dict[str, Any]]:
        """Wait until every kept event is finished; returns the messages that were posted."""
        unfinished = "SELECT count(*) FROM event WHERE finished_at IS NULL"
        for _ in range(int(seconds / 0.02)):
            with self._engine.connect() as connection:
                if connection.exec_driver_sql(unfinished).scalar_one() == 0:
                    return self.slack.posts
            time.sleep(0.02)
        raise AssertionError("events are left unfinished")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database answers."""
        with self._engine.connect() as connection:
            return [tuple(each) for each in connection.exec_driver_sql(query)]

    def rename_table(self, old: str, new: str) -> None:
        """Break the database, or mend it."""
        with self._engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    def press(self, action: dict[str, Any], **more: Any) -> Told:
        """Deliver a click on a button or a choice of a menu, as it stood in a message of ours."""
        return self._interact(
            {
                "type": "block_actions",
                "actions": [{"block_id": "b1", "action_ts": "1700000002.1", **action}],
                "response_url": self.slack.response_url,
                "channel": {"id": CHANNEL, "name": "general"},
                "container": {"type": "message", "is_ephemeral": True},
                **more,
            }
        )

    def submit(self, view: dict[str, Any], values: dict[str, Any]) -> Told:
        """Deliver a filled-in form, one that we opened before."""
        state = {block: {"value": each} for block, each in values.items()}
        return self._interact(
            {"type": "view_submission", "view": {**view, "id": "V1", "state": {"values": state}}}
        )

    def _interact(self, payload: dict[str, Any]) -> Told:
        whole = {
            "user": {"id": PERSON, "username": "somebody", "team_id": TEAM},
            "team": {"id": TEAM, "domain": "acme"},
            "api_app_id": "A0APP",
            "token": "unused",
            "trigger_id": f"{next(_numbers)}.2.abc",
            **{name: value for name, value in payload.items() if value is not None},
        }
        body = urlencode({"payload": json.dumps(whole)})
        return self.post(body, signed(body, form=True))

    def command(self, text: str, response_url: str | None = None) -> Told:
        """Deliver a slash command, signed."""
        body = command_body(text, response_url or self.slack.response_url)
        return self.post(body, signed(body, form=True))


def _archive(folder: Path) -> Archive:
    """The pretend texts in the bot's own database; put there once."""
    archive = Archive(database.connect(f"sqlite:///{folder / 'smallprint.db'}"))
    return archive if archive.current("acme/rocket-2") else archived(folder)[0]


class BotProcess:
    """``slow_app`` running in a process of its own; killed at the end of ``with``."""

    def __init__(self, folder: Path, slack: LoopbackSlack, seconds: float) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        arguments = [str(folder), slack.api_url, str(port), str(seconds)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.scenarios.slow_app", *arguments],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if "PROXY" not in name.upper()},
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> BotProcess:
        for _ in range(400):
            assert self.process.poll() is None, "it did not start"
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", int(self.address.rpartition(":")[2]))) == 0:
                    return self
            time.sleep(0.05)
        raise AssertionError("it does not listen")

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def tell(self, event: dict[str, Any]) -> Told:
        body = json.dumps(event)
        return post(self.address, body, signed(body))

    def wait_until_answering(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == "answering"


def post(address: str, body: str, headers: dict[str, str]) -> Told:
    """A POST to ``/slack/events`` of the bot at ``address``."""
    return _asked("POST", f"{address}/slack/events", body, headers)


def mention(text: str = "<@U0BOT> may we grow?", **changes: object) -> dict[str, Any]:
    """An ``app_mention`` of a person in a channel; each call is another message."""
    return _event("app_mention", {"channel": CHANNEL, "text": text, **changes})


def direct(text: str = "may we grow?", **changes: object) -> dict[str, Any]:
    """A ``message`` that a person wrote to the bot alone."""
    return _event("message", {"channel": DIRECT, "channel_type": "im", "text": text, **changes})


def _event(kind: str, fields: dict[str, object]) -> dict[str, Any]:
    number = next(_numbers)
    ts = f"1700000001.{number:06d}"
    event = {"type": kind, "user": PERSON, "ts": ts, "event_ts": ts, **fields}
    return {
        "token": "unused",
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A0APP",
        "event_id": f"Ev{number:08d}",
        "event_time": 1700000001,
        "authorizations": [{"team_id": TEAM, "user_id": "U0BOT", "is_bot": True}],
        "event": {name: value for name, value in event.items() if value is not None},
    }


def _asked(method: str, url: str, body: str = "", headers: dict[str, str] | None = None) -> Told:
    address = urlsplit(url)
    connection = HTTPConnection(address.netloc, timeout=10)
    try:
        connection.request(method, address.path, body.encode(), headers or {})
        response = connection.getresponse()
        return Told(response.status, response.read().decode())
    finally:
        connection.close()
