"""A real local server that plays Slack's side: Web API, response addresses, Socket Mode.

Checks tokens, refuses messages that Slack would refuse, records everything, and misbehaves when
told to: 429 with Retry-After, 500, a stall, a closed connection. Knows nothing of the bot.
"""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from websockets.sync.server import Server, ServerConnection, serve

from tests.scenarios.block_validator import problems, view_problems

BOT_TOKEN = "xoxb-a-bot-token-of-tests"
APP_TOKEN = "xapp-an-app-token-of-tests"
BOT_USER, BOT_ID, TEAM = "U0BOT", "B0BOT", "T0TEAM"
SCOPES = "app_mentions:read,assistant:write,chat:write,commands,im:history"

METHODS = {
    "auth.test",
    "apps.connections.open",
    "chat.postMessage",
    "chat.update",
    "chat.postEphemeral",
    "conversations.info",
    "conversations.replies",
    "conversations.history",
    "conversations.open",
    "users.info",
    "views.open",
    "views.push",
    "views.publish",
    "views.update",
    "assistant.threads.setStatus",
    "assistant.threads.setSuggestedPrompts",
    "assistant.threads.setTitle",
}
_WITH_MESSAGE = {"chat.postMessage", "chat.update", "chat.postEphemeral"}


@dataclass(frozen=True)
class Call:
    """One request that came in. ``accepted``: it was answered with ok."""

    method: str
    arguments: dict[str, Any]
    token: str
    accepted: bool
    at: float


@dataclass(frozen=True)
class Fault:
    """What is answered instead: a status with headers, after so many seconds; 0 hangs up."""

    status: int
    seconds: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


def too_many(retry_after: int) -> Fault:
    """Slack's answer to a caller that is too fast."""
    return Fault(429, headers={"Retry-After": str(retry_after)}, body='{"ok":false}')


class LoopbackSlack:
    """Start with ``with``; ``api_url`` is what ``SLACK_API_URL`` would be set to."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: list[dict[str, Any]] = []  # what came to response addresses
        self.missing_channels: set[str] = set()
        self.refuse_blocks = False
        self.expire_triggers = False
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._changed = threading.Condition()
        self._ts = count(1)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._sockets: Server | None = None
        self._connections: list[ServerConnection] = []
        self._acknowledged: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> LoopbackSlack:
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        if self._sockets is not None:
            self._sockets.shutdown()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def api_url(self) -> str:
        return f"{self.address}/api/"

    @property
    def response_url(self) -> str:
        return f"{self.address}/response/T0TEAM/1/abc"

    @property
    def forms(self) -> list[dict[str, Any]]:
        """The modals that were opened."""
        opened = [*self.of("views.open"), *self.of("views.push")]
        return [_parsed(each.arguments["view"]) for each in opened if each.accepted]

    @property
    def posts(self) -> list[dict[str, Any]]:
        """The messages that were accepted."""
        return [each.arguments for each in self.of("chat.postMessage") if each.accepted]

    def of(self, method: str) -> list[Call]:
        """The calls of one method, in order."""
        return [each for each in list(self.calls) if each.method == method]

    def misbehave(self, method: str, *faults: Fault) -> None:
        """Answer the next calls of ``method`` with these; "response" is a response address."""
        self._faults[method].extend(faults)

    def wait(self, until: Callable[[], Any], seconds: float = 20.0) -> Any:
        """Wait for something that calls bring about; returns it, or its false value at the end."""
        with self._changed:
            self._changed.wait_for(lambda: bool(until()), seconds)
        return until()

    def wait_for_posts(self, number: int, seconds: float = 20.0) -> list[dict[str, Any]]:
        """Wait until so many messages were accepted; fails the test where they do not come."""
        assert self.wait(lambda: len(self.posts) >= number, seconds), (
            f"{len(self.posts)} of {number} messages came"
        )
        return self.posts

    # Web API

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        slack = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                slack._answer(self, body)

            def log_message(self, *_: object) -> None:
                """Tests are quiet."""

        return Handler

    def _answer(self, request: BaseHTTPRequestHandler, body: str) -> None:
        method = request.path.removeprefix("/api/").partition("?")[0]
        if request.path.startswith("/response/"):
            method = "response"
        token = (request.headers.get("Authorization") or "").removeprefix("Bearer ")
        arguments = _arguments(body)
        fault = self._faults[method].popleft() if self._faults[method] else None
        if fault is not None:
            time.sleep(fault.seconds)
        if fault is not None and fault.status != 200:
            self._record(Call(method, arguments, token, False, time.monotonic()))
            _send(request, fault.status, fault.body, fault.headers)
            return
        told = self._told(method, arguments, token)
        self._record(Call(method, arguments, token, told.get("ok", False), time.monotonic()))
        if method == "response":
            status, text = (200, "ok") if told["ok"] else (400, told["error"])
            _send(request, status, text, {})
        else:
            _send(request, 200, json.dumps(told), {"x-oauth-scopes": SCOPES})

    def _record(self, call: Call) -> None:
        with self._changed:
            self.calls.append(call)
            if call.method == "response" and call.accepted:
                self.answers.append(call.arguments)
            self._changed.notify_all()

    def _told(self, method: str, arguments: dict[str, Any], token: str) -> dict[str, Any]:
        if method == "response":
            return self._checked_message(arguments) or {"ok": True}
        if method not in METHODS:
            return {"ok": False, "error": "unknown_method"}
        if token != (APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN):
            return {"ok": False, "error": "invalid_auth" if token else "not_authed"}
        if method in _WITH_MESSAGE:
            refused = self._checked_message(arguments)
            if refused:
                return refused
        if method in ("views.open", "views.push"):
            if self.expire_triggers:
                return {"ok": False, "error": "expired_trigger_id"}
            found = view_problems(_parsed(arguments["view"])) if arguments.get("view") else ["none"]
            if found or not arguments.get("trigger_id"):
                return {
                    "ok": False,
                    "error": "invalid_arguments",
                    "response_metadata": {"messages": found},
                }
        if arguments.get("channel") in self.missing_channels:
            return {"ok": False, "error": "channel_not_found"}
        return {"ok": True, **self._content(method, arguments)}

    def _checked_message(self, message: dict[str, Any]) -> dict[str, Any] | None:
        found = problems(message)
        if self.refuse_blocks and message.get("blocks"):
            found.append("told to refuse blocks")
        if not found:
            return None
        too_long = any("msg_blocks_too_long" in each for each in found)
        return {
            "ok": False,
            "error": "msg_blocks_too_long" if too_long else "invalid_blocks",
            "response_metadata": {"messages": found},
        }

    def _content(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if method == "auth.test":
            return {
                "url": "https://acme.slack.com/",
                "team": "Acme",
                "user": "smallprint",
                "team_id": TEAM,
                "user_id": BOT_USER,
                "bot_id": BOT_ID,
            }
        if method == "apps.connections.open":
            return {"url": self._socket_url()}
        if method in _WITH_MESSAGE:
            ts = f"1700000000.{next(self._ts):06d}"
            return {"channel": arguments.get("channel"), "ts": ts, "message": {"ts": ts}}
        return {}

    # Socket Mode

    def _socket_url(self) -> str:
        if self._sockets is None:
            self._sockets = serve(self._converse, "127.0.0.1", 0)
            threading.Thread(target=self._sockets.serve_forever, daemon=True).start()
        return f"ws://127.0.0.1:{self._sockets.socket.getsockname()[1]}/link"

    def _converse(self, connection: ServerConnection) -> None:
        with self._changed:
            self._connections.append(connection)
            self._changed.notify_all()
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        for received in connection:
            told = json.loads(received)
            with self._changed:
                self._acknowledged[told["envelope_id"]] = told
                self._changed.notify_all()

    def hang_up(self) -> None:
        """Announce the end of every WebSocket and close it, as Slack does every few hours."""
        ending, self._connections = self._connections, []
        for connection in ending:
            connection.send(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))
        self.wait(lambda: self._connections)
        for connection in ending:
            connection.close()

    def deliver(self, envelope_id: str, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send an envelope over the newest WebSocket; returns the acknowledgement."""
        assert self.wait(lambda: self._connections), "nobody connected over Socket Mode"
        with self._changed:
            self._acknowledged.pop(envelope_id, None)
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind == "slash_commands",
            "retry_attempt": 0,
            "retry_reason": "",
        }
        self._connections[-1].send(json.dumps(envelope))
        assert self.wait(lambda: envelope_id in self._acknowledged), "not acknowledged"
        return self._acknowledged[envelope_id]


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _arguments(body: str) -> dict[str, Any]:
    if body.startswith("{"):
        found: dict[str, Any] = json.loads(body)
        return found
    pairs = dict(parse_qsl(body, keep_blank_values=True))
    return {key: json.loads(value) if key == "blocks" else value for key, value in pairs.items()}


def _send(request: BaseHTTPRequestHandler, status: int, body: str, headers: dict[str, str]) -> None:
    if status == 0:
        request.close_connection = True
        request.connection.close()
        return
    try:
        request.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(body.encode())))
        request.end_headers()
        request.wfile.write(body.encode())
    except OSError:
        request.close_connection = True  # the caller gave up waiting
