"""A web server on this machine that plays whatever a vendor's site may do to us.

It answers under every name that ends in ``.example``: :meth:`HostileServer.reach` leads all of them
here, and nothing else of this machine or of a private network can be reached. What a path plays
may be changed at any time, so that the same address serves a document first and trouble later.
"""

from __future__ import annotations

import gzip
import os
import ssl
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

import pytest

from ingest.pages import Manners
from ingest.public import Address, Reach, is_public, look_up
from tests.ingest.package_index import gzipped_zeros

HOST = "acme.example"
OTHER_HOST = "other.example"
HTML = "text/html; charset=utf-8"
TERMS = """<!doctype html><html lang="en"><head><title>Terms</title></head><body>
<nav><a href="/">Home</a></nav>
<main>
<h1>Acme Terms of Use</h1>
<p>Effective date: March 4, 2026</p>
<h2>1. Your content</h2>
<p>You own what you put into Acme. We do not train models on it unless you allow us to do so in
your settings, and you may withdraw that permission at any time.</p>
<h2>2. Our liability</h2>
<p>Acme is provided as it is. We are liable for damage that we cause on purpose or through gross
negligence, and for no other damage.</p>
</main>
<footer>Acme Ltd</footer>
</body></html>"""
METADATA = "http://169.254.169.254/latest/meta-data/"


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    host: str
    path: str
    headers: Mapping[str, str]
    name: str | None = None  # that TLS was asked for


class Connection(BaseHTTPRequestHandler):
    """What an act may do with one request."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.stage.connections += 1

    def do_GET(self) -> None:
        stage = self.server.stage
        host = self.headers.get("Host", "").partition(":")[0]
        path = self.path.partition("?")[0]
        name = getattr(self.connection, "asked_name", None)
        stage.asked.append(Asked(host, self.path, dict(self.headers), name))
        stage.act(host, path)(self)

    def reply(
        self,
        status: int = 200,
        body: bytes = b"",
        media_type: str = HTML,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send a whole answer."""
        self.begin(status, {"Content-Type": media_type, "Content-Length": str(len(body))}, headers)
        self.send(body)

    def begin(self, status: int, *headers: Mapping[str, str] | None) -> None:
        """Send the headers of an answer."""
        self.send_response(status)
        for group in headers:
            for name, value in (group or {}).items():
                self.send_header(name, value)
        self.end_headers()

    def send(self, content: bytes) -> None:
        """Send part of a body."""
        self.wfile.write(content)
        self.server.stage.sent += len(content)

    def log_message(self, *_arguments: object) -> None:
        """Tests need no access log."""


Act = Callable[[Connection], None]


def document(
    body: str | bytes = TERMS,
    media_type: str = HTML,
    etag: str = "",
    last_modified: str = "",
) -> Act:
    """A page; 304 for whoever names one of its validators."""
    content = body.encode() if isinstance(body, str) else body
    sent = {"ETag": etag, "Last-Modified": last_modified}
    validators = {name: value for name, value in sent.items() if value}

    def act(connection: Connection) -> None:
        named = connection.headers.get("If-None-Match"), connection.headers.get("If-Modified-Since")
        if (etag and named[0] == etag) or (last_modified and named[1] == last_modified):
            connection.begin(304, validators)
        else:
            connection.reply(200, content, media_type, validators)

    return act


def status(code: int, retry_after: str = "", body: bytes = b"no") -> Act:
    """429, 500 and their like."""
    headers = {"Retry-After": retry_after} if retry_after else {}
    return lambda connection: connection.reply(code, body, headers=headers)


def moved(to: str, code: int = 301, body: bytes = b"") -> Act:
    """A redirect."""
    return lambda connection: connection.reply(code, body, headers={"Location": to})


def in_turn(*acts: Act) -> Act:
    """One after the other; the last one for ever."""
    left = list(acts)
    return lambda connection: (left.pop(0) if len(left) > 1 else left[0])(connection)


def slow_headers(connection: Connection) -> None:
    """A slow loris: headers that never end, a byte now and then."""
    connection.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.wfile.write(b"X")
        connection.wfile.flush()
        time.sleep(0.02)


def slow_body(connection: Connection) -> None:
    """A slow loris that is polite until the body."""
    connection.begin(200, {"Content-Type": HTML, "Content-Length": "100000"})
    while True:
        connection.send(b"x")
        time.sleep(0.02)


def huge(connection: Connection) -> None:
    """200 MB, announced."""
    connection.begin(200, {"Content-Type": HTML, "Content-Length": "200000000"})
    _pour(connection, 200)


def huge_without_warning(connection: Connection) -> None:
    """200 MB, sent until somebody hangs up."""
    connection.close_connection = True
    connection.begin(200, {"Content-Type": HTML, "Connection": "close"})
    _pour(connection, 200)


def _pour(connection: Connection, megabytes: int) -> None:
    for _ in range(megabytes):
        connection.send(b"<p>terms</p> and conditions".ljust(1_000_000))


def gzip_bomb(connection: Connection) -> None:
    """200 MB in 200 kB."""
    connection.reply(200, _bomb(), headers={"Content-Encoding": "gzip"})


@cache
def _bomb() -> bytes:
    return gzipped_zeros(200_000_000)


def empty_members(connection: Connection) -> None:
    """Packed bytes without end that unpack to nothing."""
    connection.close_connection = True
    connection.begin(200, {"Content-Type": HTML, "Content-Encoding": "gzip"})
    for _ in range(200):
        connection.send(gzip.compress(b"") * 50_000)


def garbage(connection: Connection) -> None:
    """What is no answer at all."""
    connection.wfile.write(b"\0\1\2 nonsense\r\n\r\n")
    connection.close_connection = True


def hang_up(connection: Connection) -> None:
    """Nothing at all."""
    connection.close_connection = True


def many_headers(connection: Connection) -> None:
    """Headers and no end of them."""
    connection.begin(200, {f"X-{number}": "x" * 1000 for number in range(10_000)})


def broken_off(connection: Connection) -> None:
    """Half of a page."""
    connection.begin(200, {"Content-Type": HTML, "Content-Length": "100"})
    connection.send(b"<main>half")
    connection.close_connection = True


def wrong_charset(connection: Connection) -> None:
    """Says UTF-8 and is not."""
    connection.reply(200, "<main>Déjà vu</main>".encode("latin-1"), HTML)


def error_page(connection: Connection) -> None:
    """An error page that claims to be a success."""
    body = b"<html><body><h1>404 Not Found</h1><p>The page you requested was not found.</p></body>"
    connection.reply(200, body)


def cookie_wall(connection: Connection) -> None:
    """Asks for consent instead of showing anything."""
    body = b"""<html><body><main><h1>Before you continue</h1><p>We use cookies. Accept all cookies
    or manage your cookie preferences to go on.</p><button>Accept all</button></main></body>"""
    connection.reply(200, body, headers={"Set-Cookie": "seen=1"})


def pdf(content: bytes) -> Act:
    """A PDF."""
    return document(content, "application/pdf")


def to_metadata(connection: Connection) -> None:
    """Leads to where clouds tell machines their secrets."""
    moved(METADATA, 302)(connection)


TROUBLES: Mapping[str, Act] = {
    "429": status(429, retry_after="3600"),
    "500": status(500),
    "slow headers": slow_headers,
    "slow body": slow_body,
    "200 MB": huge,
    "200 MB without warning": huge_without_warning,
    "gzip bomb": gzip_bomb,
    "empty members": empty_members,
    "wrong charset": wrong_charset,
    "error page": error_page,
    "cookie wall": cookie_wall,
    "metadata": to_metadata,
    "gone": status(410),
    "in circles": moved("?again"),
}
"""Everything that must leave the last good version standing, by name."""


@dataclass
class Pause:
    """Manners for tests: nobody sleeps, and everybody who would have is written down."""

    slept: list[float] = field(default_factory=list)
    now: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def manners(self, pause: float = 0.0, longest_wait: float = 30.0) -> Manners:
        """Manners that wait on this clock."""
        return Manners(pause, (0.5, 2.0), longest_wait, self.sleep, lambda: self.now)


class HostileServer:
    """Serves until it is closed.

    Args:
        certificate: a file with certificate and key, to serve https instead of http.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        self.sent = 0
        self.looked_up: list[str] = []
        self._acts: dict[tuple[str, str], Act] = {}
        self._server = _Server(("127.0.0.1", 0), Connection)
        self._server.stage = self
        self._scheme = "https" if certificate else "http"
        if certificate:
            self._server.secure(certificate)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def configure(self, environment: pytest.MonkeyPatch) -> None:
        """No proxy of this machine may stand between."""
        for name in [*os.environ]:
            if name.upper().endswith("_PROXY"):
                environment.delenv(name)

    def reach(self) -> Reach:
        """Leads every name under ``.example`` to this server, and allows that of this machine."""

        def find(name: str, port: int) -> list[tuple[str, int]]:
            self.looked_up.append(name)
            if name.endswith(".example"):
                return [("127.0.0.1", self._server.server_port)]
            return look_up(name, port)

        def allows(address: Address) -> bool:
            return is_public(address) or address == ip_address("127.0.0.1")

        return Reach(allows, find)

    def play(self, path: str, act: Act, host: str = HOST) -> str:
        """From now on this is what happens at ``path``; returns its address."""
        self._acts[host, path] = act
        return f"{self._scheme}://{host}{path}"

    def act(self, host: str, path: str) -> Act:
        """What is played now; 404 where nothing was said."""
        return self._acts.get((host, path), status(404))

    def pages(self) -> list[str]:
        """Host and path of every request but those for robots.txt, in order."""
        return [each.host + each.path for each in self.asked if each.path != "/robots.txt"]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    stage: HostileServer

    def secure(self, certificate: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = _remember_name
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):  # whoever asked has had enough
            super().handle_error(request, client_address)


def _remember_name(connection: ssl.SSLObject, name: str | None, _context: object) -> None:
    connection.asked_name = name  # type: ignore[attr-defined]
