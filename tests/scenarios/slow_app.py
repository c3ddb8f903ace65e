"""The bot in a process of its own that takes its time, to be ended in the middle of an answer.

Usage: ``python -m tests.scenarios.slow_app FOLDER API_URL PORT SECONDS``. Prints the word
``answering`` for each answer that it begins.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bot.app import serve
from bot.domain import Answer, Question
from bot.memory import Inbox
from bot.settings import SlackSettings
from ingest import database
from ingest import settings as knowing
from tests.scenarios.canned import CannedServices, answer
from tests.scenarios.loopback_slack import BOT_TOKEN
from tests.scenarios.running import LEASE
from tests.scenarios.signing import SECRET


def main(folder: str, api_url: str, port: str, seconds: str) -> None:
    """Serve until ended."""

    def answering(question: Question) -> Answer:
        print("answering", flush=True)  # noqa: T201
        time.sleep(float(seconds))
        return answer(question.text)

    url = f"sqlite:///{Path(folder) / 'smallprint.db'}"
    engine = database.connect(url)
    database.migrate(engine)
    services = CannedServices(
        SlackSettings(BOT_TOKEN, SECRET, "", api_url),
        lambda owner: Inbox(engine, owner, LEASE),
        knowing.Settings(Path(folder), url),
        answering,
        int(port),
    )
    serve(services, socket_mode=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
