"""A local server that speaks OpenAI's protocol for streamed chat completions, misbehaving."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["_Conversation"], None]


@dataclass
class ChatServer:
    """Where the server listens, what it does next, what it was asked, how much it could send."""

    url: str
    behaviour: Behaviour
    asked: list[dict[str, Any]] = field(default_factory=list)
    sent: int = 0  # bytes of the last response
    hung_up: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def prompt(self) -> str:
        """Everything that the last request said, of whatever role."""
        return "\n".join(each["content"] for each in self.asked[-1]["messages"])

    @property
    def shown(self) -> dict[str, Any]:
        """The data of the last request: question, facts, passages."""
        found: dict[str, Any] = json.loads(self.asked[-1]["messages"][-1]["content"])
        return found


class _Conversation(BaseHTTPRequestHandler):
    """One request; the behaviour of the server writes the response."""

    chat: ChatServer

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.chat.asked.append(json.loads(self.rfile.read(length)))
        self.chat.sent = 0
        try:
            self.chat.behaviour(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the asker gave up, as it should
            self.chat.hung_up.set()

    def begin(self, type: str = "text/event-stream") -> None:
        """Answer 200; the body ends with the connection."""
        self.send_response(200)
        self.send_header("Content-Type", type)
        self.end_headers()

    def send(self, body: bytes) -> None:
        self.wfile.write(body)
        self.wfile.flush()
        self.chat.sent += len(body)

    def respond(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.send(body)

    def reset(self) -> None:
        """Hang up in the rudest way that there is."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # The sockets' files would keep the connection open, and end it politely.
        self.wfile.close()
        self.rfile.close()
        self.connection.close()
        self.close_connection = True

    def finish(self) -> None:
        if not self.wfile.closed:
            super().finish()

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    """Run a server on a free port of the loopback interface until the block ends."""
    chat = ChatServer("", says("nothing yet"))
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Conversation", (_Conversation,), {"chat": chat})
    )
    server.daemon_threads = True
    chat.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield chat
    finally:
        chat.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _event(delta: Mapping[str, Any], finish: str | None = None) -> bytes:
    chunk = {
        "id": "x",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "pretend",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def streams(pieces: Iterable[str], finish: str = "stop") -> Behaviour:
    """Send these pieces of text, and end as a sound completion ends."""

    def behave(conversation: _Conversation) -> None:
        _begins(conversation, pieces)
        conversation.send(_event({}, finish) + b"data: [DONE]\n\n")

    return behave


def _begins(conversation: _Conversation, pieces: Iterable[str]) -> None:
    conversation.begin()
    conversation.send(_event({"role": "assistant", "content": ""}))
    for each in pieces:
        conversation.send(_event({"content": each}))


def says(content: str, size: int = 9) -> Behaviour:
    """Reply with this text, ``size`` characters at a time."""
    return streams(content[at : at + size] for at in range(0, len(content), size))


def drafts(draft: object) -> Behaviour:
    """Reply with this draft as JSON."""
    return says(json.dumps(draft))


def refuses() -> Behaviour:
    """Say nothing but that one will not, in the field that OpenAI has for it."""

    def behave(conversation: _Conversation) -> None:
        conversation.begin()
        conversation.send(_event({"role": "assistant", "refusal": "I will not."}))
        conversation.send(_event({}, "stop") + b"data: [DONE]\n\n")

    return behave


def fails(status: int, message: str = "no", **headers: str) -> Behaviour:
    """Refuse with an error of the provider's shape; ``retry_after`` becomes a header."""
    body = json.dumps({"error": {"message": message, "type": "error", "code": None}}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda conversation: conversation.respond(status, body, named)


def completes_at_once(content: str) -> Behaviour:
    """Ignore that a stream was asked for, and send one completion as JSON."""
    message = {"role": "assistant", "content": content}
    whole = {"id": "x", "object": "chat.completion", "created": 1, "model": "pretend"}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    body = json.dumps({**whole, "choices": [choice]}).encode()
    return lambda conversation: conversation.respond(200, body, {})


def breaks_off(content: str = '{"settled": true, "claims": [{"te') -> Behaviour:
    """Promise a long body, send some of it, and hang up."""

    def behave(conversation: _Conversation) -> None:
        conversation.send_response(200)
        conversation.send_header("Content-Type", "text/event-stream")
        conversation.send_header("Content-Length", "50000")
        conversation.end_headers()
        conversation.send(_event({"content": content}))
        conversation.close_connection = True

    return behave


def resets(content: str = "") -> Behaviour:
    """Send some of a reply where there is one, then reset the connection."""

    def behave(conversation: _Conversation) -> None:
        if content:
            _begins(conversation, [content])
        conversation.reset()

    return behave


def stalls(content: str = "") -> Behaviour:
    """Accept the request, send some of a reply where there is one, then never say anything."""

    def behave(conversation: _Conversation) -> None:
        if content:
            _begins(conversation, [content])
        conversation.chat.released.wait(30)

    return behave


def trickles(body: bytes = b" ") -> Behaviour:
    """Send a few bytes again and again, so that no read ever times out, and never finish."""

    def behave(conversation: _Conversation) -> None:
        conversation.begin()
        while not conversation.chat.released.wait(0.05):
            conversation.send(body)

    return behave


def trickles_words() -> Behaviour:
    """Send a sound beginning, and go on with it for ever, a word at a time."""
    begin = _event({"content": '{"settled": true, "claims": [{"text": "'})
    return lambda conversation: (
        conversation.begin(),
        conversation.send(begin),
        trickles(_event({"content": "word "}))(conversation),
    )[-1]


def sends(body: bytes, type: str = "text/event-stream") -> Behaviour:
    """Send these bytes as the body, whatever they are."""

    def behave(conversation: _Conversation) -> None:
        conversation.begin(type)
        conversation.send(body)

    return behave


def speaks_no_http(body: bytes) -> Behaviour:
    """Send these bytes where a status line should stand."""
    return lambda conversation: conversation.send(body)
