"""The way in over HTTP: hands Slack's requests on, and says whether this process is well.

Knows nothing of Slack: what a request means is left to the ``dispatch`` that it is given.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Flask, Response, jsonify, request
from waitress import create_server, wasyncore

from ingest.errors import SettingsError, SmallprintError

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 1_000_000
_THREADS = 8
_LOOP_SECONDS = 1.0
_LAST_ROUNDS, _LAST_ROUND_SECONDS = 5, 0.02
_UNAVAILABLE = 503


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered to a request."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


Dispatch = Callable[[str, Mapping[str, str]], Reply]
"""Body and headers of a POST to ``/slack/events`` → what to answer."""


def web_app(dispatch: Dispatch, waiting: Callable[[], int]) -> Flask:
    """The routes. ``waiting`` counts unanswered questions and raises SmallprintError when sick."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES

    @app.post("/slack/events")
    def slack() -> Response:
        reply = dispatch(request.get_data(as_text=True), dict(request.headers))
        return Response(reply.body, reply.status, reply.headers)

    @app.get("/healthz")
    def health() -> tuple[Response, int]:
        try:
            return jsonify(status="ok", waiting=waiting()), 200
        except SmallprintError:
            log.exception("This process is not well.")
            return jsonify(status="unavailable"), _UNAVAILABLE

    return app


class WebServer:
    """Serves a Flask app from a thread of its own."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        """Listen at once; ``port`` 0 takes a free one.

        Raises:
            SettingsError: the port is taken or may not be used.
        """
        self._sockets: dict[int, object] = {}
        self._stopping = threading.Event()
        try:
            self._server = create_server(
                app,
                map=self._sockets,
                host=host,
                port=port,
                threads=_THREADS,
                # Above Flask's limit, so that who sends too much is told so before the line is cut.
                max_request_body_size=2 * MAX_BODY_BYTES,
                ident="",
            )
        except OSError as error:
            raise SettingsError(
                f"Port {port} cannot be used ({error.strerror}); set PORT to another one."
            ) from error
        self.port = int(self._server.effective_port)
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Accept nothing more, and return when what was accepted is answered."""
        self._stopping.set()
        self._server.pull_trigger()
        self._thread.join()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            wasyncore.loop(timeout=_LOOP_SECONDS, map=self._sockets, count=1)
        self._server.accepting = False
        self._server.task_dispatcher.shutdown()
        for _ in range(_LAST_ROUNDS):  # what was answered last still has to leave
            wasyncore.loop(timeout=_LAST_ROUND_SECONDS, map=self._sockets, count=1)
        wasyncore.close_all(self._sockets)
