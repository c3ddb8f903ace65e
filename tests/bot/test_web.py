"""The way in over HTTP."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection

import pytest

from bot.web import Reply, WebServer, web_app
from ingest.errors import DatabaseError, SettingsError

HOST = "127.0.0.1"


def healthy() -> int:
    return 3


def echo(body: str, headers: Mapping[str, str]) -> Reply:
    return Reply(202, body.upper(), {"X-Seen": headers["X-Sent"]})


@pytest.fixture
def server() -> Iterator[WebServer]:
    running = WebServer(web_app(echo, healthy), HOST, 0)
    running.start()
    yield running
    running.stop()


def asked(port: int, method: str, path: str, body: str = "") -> tuple[int, str, dict[str, str]]:
    connection = HTTPConnection(HOST, port, timeout=10)
    connection.request(method, path, body.encode(), {"X-Sent": "yes"})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text, dict(response.getheaders())


def test_body_and_headers_are_handed_on_and_the_reply_handed_back(server: WebServer) -> None:
    status, text, headers = asked(server.port, "POST", "/slack/events", "héllo")
    assert (status, text, headers["X-Seen"]) == (202, "HÉLLO", "yes")


def test_it_does_not_say_what_serves(server: WebServer) -> None:
    _, _, headers = asked(server.port, "GET", "/healthz")
    assert "waitress" not in headers.get("Server", "")


def test_health_counts_what_waits(server: WebServer) -> None:
    status, text, _ = asked(server.port, "GET", "/healthz")
    assert (status, '"waiting":3' in text.replace(" ", "")) == (200, True)


def test_a_sick_process_says_so_without_details(caplog: pytest.LogCaptureFixture) -> None:
    def sick() -> int:
        raise DatabaseError("The database at a secret place cannot be opened.")

    server = WebServer(web_app(echo, sick), HOST, 0)
    server.start()
    with caplog.at_level(logging.ERROR):
        status, text, _ = asked(server.port, "GET", "/healthz")
    server.stop()
    assert status == 503
    assert "secret" not in text
    assert "secret" in caplog.text


def test_a_port_that_is_taken_is_one_sentence() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Port {port} cannot be used .*set PORT"):
            WebServer(web_app(echo, healthy), HOST, port)


def test_a_request_in_the_works_is_answered_before_the_stop() -> None:
    inside, leave = threading.Event(), threading.Event()

    def slowly(_body: str, _headers: Mapping[str, str]) -> Reply:
        inside.set()
        leave.wait(10)
        return Reply(200, "x" * 200_000)

    server = WebServer(web_app(slowly, healthy), HOST, 0)
    server.start()
    answers: list[tuple[int, str, dict[str, str]]] = []
    asking = threading.Thread(
        target=lambda: answers.append(asked(server.port, "POST", "/slack/events"))
    )
    asking.start()
    assert inside.wait(10)
    threading.Timer(0.2, leave.set).start()
    server.stop()
    asking.join(10)
    assert [(status, len(text)) for status, text, _ in answers] == [(200, 200_000)]
    with pytest.raises(ConnectionError):
        asked(server.port, "GET", "/healthz")
