"""A local server that speaks OpenAI's protocol for chat completions and behaves as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["_Conversation"], None]


@dataclass
class ChatServer:
    """Where the server listens, what it does next, and what it was asked."""

    url: str
    behaviour: Behaviour
    asked: list[dict[str, Any]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def prompt(self) -> str:
        """Everything that the last request said, of whatever role."""
        return "\n".join(each["content"] for each in self.asked[-1]["messages"])


class _Conversation(BaseHTTPRequestHandler):
    """One request; the behaviour of the server writes the response."""

    chat: ChatServer

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.chat.asked.append(json.loads(self.rfile.read(length)))
        try:
            self.chat.behaviour(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the asker gave up, as it should

    def respond(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

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


def _completion(content: str) -> bytes:
    message = {"role": "assistant", "content": content}
    return json.dumps(
        {
            "id": "x",
            "object": "chat.completion",
            "created": 1,
            "model": "pretend",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
    ).encode()


def says(content: str) -> Behaviour:
    """Reply with this text, as a well-formed completion."""
    return lambda conversation: conversation.respond(200, _completion(content))


def drafts(draft: object) -> Behaviour:
    """Reply with this draft as JSON."""
    return says(json.dumps(draft))


def fails(status: int, message: str = "no") -> Behaviour:
    """Refuse with an error of the provider's shape."""
    body = json.dumps({"error": {"message": message, "type": "error", "code": None}}).encode()
    return lambda conversation: conversation.respond(status, body)


def breaks_off() -> Behaviour:
    """Promise a long body, send half a completion, and hang up."""

    def behave(conversation: _Conversation) -> None:
        half = _completion('{"settled": true, "claims": [{"te')[:60]
        conversation.send_response(200)
        conversation.send_header("Content-Type", "application/json")
        conversation.send_header("Content-Length", "5000")
        conversation.end_headers()
        conversation.wfile.write(half)
        conversation.close_connection = True

    return behave


def stalls() -> Behaviour:
    """Accept the request and never say anything."""
    return lambda conversation: _wait(conversation.chat.released)


def trickles() -> Behaviour:
    """Send one byte after the other, so that no read ever times out, and never finish."""

    def behave(conversation: _Conversation) -> None:
        conversation.send_response(200)
        conversation.send_header("Content-Type", "application/json")
        conversation.end_headers()
        while not conversation.chat.released.wait(0.05):
            conversation.wfile.write(b" ")
            conversation.wfile.flush()

    return behave


def _wait(released: threading.Event) -> None:
    released.wait(30)
