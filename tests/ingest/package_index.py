"""A real package index on this machine: pip, pypi_simple and remotezip talk to it over HTTP.

It counts what it sends and can be told to misbehave. Documents of any other kind can be put on it
as well, so that it also serves as the web.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import io
import json
import os
import re
import socket
import sys
import tarfile
import threading
import time
import zipfile
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import pytest

JSON_PAGE = "application/vnd.pypi.simple.v1+json"
HTML_PAGE = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """One answer. ``said`` is the length that the header states, where it is not the truth."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    said: int | None = None
    trickle: bool = False


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    path: str
    headers: Mapping[str, str]
    sent: int

    @property
    def by_pip(self) -> bool:
        return self.headers.get("User-Agent", "").startswith("pip/")


@dataclass(frozen=True)
class _File:
    name: str
    content: bytes
    yanked: bool
    uploaded: str
    sha256: str


class PackageIndex:
    """Serves until it is closed; everything may be changed while it does."""

    def __init__(self) -> None:
        self.page = JSON_PAGE
        self.ranges = True
        self.password = ""
        self.asked: list[Asked] = []
        self._projects: dict[str, list[_File]] = {}
        self._documents: dict[str, Answer] = {}
        self._first: dict[str, deque[Answer]] = {}
        self._server = _Server(("127.0.0.1", 0), _door(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def configure(self, environment: pytest.MonkeyPatch, credentials: str = "") -> None:
        """Make this the index of the user's pip, whatever the machine is set to."""
        for name in [*os.environ]:
            if name.upper().startswith("PIP_") or name.upper().endswith("_PROXY"):
                environment.delenv(name)
        environment.setenv("PIP_CONFIG_FILE", os.devnull)
        environment.setenv("PIP_NO_CACHE_DIR", "1")
        environment.setenv("PIP_INDEX_URL", f"http://{credentials}{self.host}/simple")

    def put(self, path: str, body: bytes, media_type: str = "text/plain") -> str:
        """Put a document on the server and return its address."""
        self._documents[path] = Answer(body=body, headers={"Content-Type": media_type})
        return self.url + path

    def first(self, path: str, *answers: Answer) -> str:
        """Answer these before anything else at ``path``; returns the address."""
        self._first[path] = deque(answers)
        return self.url + path

    def wheel(
        self, name: str, version: str, members: Mapping[str, bytes], tag: str = "py3-none-any"
    ) -> str:
        """Publish a wheel; returns the path of the file."""
        stem = f"{name.replace('-', '_')}-{version}"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
        folder = f"{stem}.dist-info"
        described = {
            f"{folder}/METADATA": metadata,
            f"{folder}/WHEEL": f"Wheel-Version: 1.0\nTag: {tag}\n".encode(),
            f"{folder}/RECORD": b"",
        }
        content = zipped({**members, **described})
        return self.publish(name, f"{stem}-{tag}.whl", content)

    def sdist(
        self,
        name: str,
        version: str,
        members: Mapping[str, bytes],
        *,
        yanked: bool = False,
        uploaded: str = "2026-03-04T23:30:00Z",
    ) -> str:
        """Publish a source distribution; returns the path of the file."""
        stem = f"{name.replace('-', '_')}-{version}"
        content = tarred({f"{stem}/{path}": each for path, each in members.items()})
        return self.publish(name, f"{stem}.tar.gz", content, yanked=yanked, uploaded=uploaded)

    def publish(
        self,
        project: str,
        file: str,
        content: bytes,
        *,
        sha256: str | None = None,
        yanked: bool = False,
        uploaded: str = "2026-03-04T23:30:00Z",
    ) -> str:
        """Publish any file under a project; ``sha256`` is what the index claims it to be."""
        claimed = hashlib.sha256(content).hexdigest() if sha256 is None else sha256
        entry = _File(file, content, yanked, uploaded, claimed)
        self._projects.setdefault(project, []).append(entry)
        self.put(f"/files/{file}", content, "application/octet-stream")
        return f"/files/{file}"

    def sent(self, path: str, *, to_pip: bool = True) -> int:
        """Bytes of the bodies that were sent from ``path``."""
        return sum(
            each.sent for each in self.asked if each.path == path and (to_pip or not each.by_pip)
        )

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        """Decide what one request gets."""
        if self._first.get(path):
            return self._first[path].popleft()
        if self.password and headers.get("Authorization") != self.password:
            return Answer(401, b"who are you?")
        if project := re.fullmatch(r"/simple/([\w-]+)/", path):
            return self._project(project[1])
        found = self._documents.get(path, Answer(404, b"nothing here"))
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", headers.get("Range", ""))
        return _part(found, asked[1], asked[2]) if asked and self.ranges else found

    def _project(self, name: str) -> Answer:
        if name not in self._projects:
            return Answer(404, b"no such project")
        listed = self._projects[name]
        body = _json_page(name, listed) if self.page == JSON_PAGE else _html_page(listed)
        return Answer(body=body.encode(), headers={"Content-Type": self.page})


def closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip archive in which nothing is compressed, so that its size is known."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in members.items():
            archive.writestr(path, content)
    return out.getvalue()


def tarred(members: Mapping[str, bytes | tarfile.TarInfo]) -> bytes:
    """A ``.tar.gz``; a TarInfo stands for itself: a link, a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for path, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
                continue
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def gzipped_zeros(size: int) -> bytes:
    """A gzip stream of many bytes that takes few."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as packed:
        for _ in range(size // 1_000_000):
            packed.write(bytes(1_000_000))
    return out.getvalue()


def _part(found: Answer, first: str, last: str) -> Answer:
    size = len(found.body)
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    span = {"Content-Range": f"bytes {start}-{end - 1}/{size}"}
    return Answer(206, found.body[start:end], {**found.headers, **span})


def _json_page(name: str, listed: list[_File]) -> str:
    files = [
        {
            "filename": each.name,
            "url": f"/files/{each.name}",
            "hashes": {"sha256": each.sha256} if each.sha256 else {},
            "yanked": each.yanked,
            "upload-time": each.uploaded,
        }
        for each in listed
    ]
    return json.dumps({"meta": {"api-version": "1.1"}, "name": name, "files": files})


def _html_page(listed: list[_File]) -> str:
    links = [
        f'<a href="../../files/{html.escape(each.name)}#sha256={each.sha256}"'
        f"{' data-yanked' if each.yanked else ''}>{html.escape(each.name)}</a>"
        for each in listed
    ]
    return f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # whoever asked has had enough
            super().handle_error(request, client_address)


def _door(index: PackageIndex) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = index.answer(self.path.partition("?")[0], dict(self.headers))
            body = b"" if self.command == "HEAD" else answer.body
            index.asked.append(Asked(self.path, dict(self.headers), len(body)))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if index.ranges:
                self.send_header("Accept-Ranges", "bytes")  # pip does not try without
            said = len(answer.body) if answer.said is None else answer.said
            self.send_header("Content-Length", str(said))
            if answer.said is not None:
                self.close_connection = True
            self.end_headers()
            self._send(body, answer.trickle)

        do_HEAD = do_GET  # noqa: N815 - as above

        def _send(self, body: bytes, trickle: bool) -> None:
            for byte in body if trickle else []:
                self.wfile.write(bytes([byte]))
                time.sleep(0.02)
            if not trickle:
                self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Tests need no access log."""

    return Door
