"""The whole product at once: the real command and documents, signed requests, a loopback Slack."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.conftest import Home
from tests.scenarios.block_validator import problems
from tests.scenarios.loopback_slack import BOT_TOKEN, LoopbackSlack
from tests.scenarios.running import ROOT, direct, mention, post
from tests.scenarios.signing import SECRET, command_body, signed

QUESTION = "What happens if our product passes 700 million users on Llama 4?"


@pytest.fixture
def address(read_home: Home, slack: LoopbackSlack) -> Iterator[str]:
    """``smallprint web`` in a process of its own, over the documents that were really read."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "SMALLPRINT_HOME": str(read_home.folder),
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.api_url,
        "PORT": str(port),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "web"], cwd=ROOT, env={**os.environ, **settings}
    )
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    assert process.wait(30) == 0


@pytest.mark.parametrize("event", [mention(f"<@U0BOT> {QUESTION}"), direct(QUESTION)])
def test_a_question_is_answered_in_its_thread_with_the_deciding_clause(
    address: str, slack: LoopbackSlack, event: dict[str, object]
) -> None:
    body = json.dumps(event)
    assert post(address, body, signed(body)).status == 200
    assert post(address, body, signed(body)).status == 200
    (message,) = slack.wait_for_posts(1)
    assert message["thread_ts"] == event["event"]["ts"]  # type: ignore[index]
    assert problems(message) == []
    shown = json.dumps(message["blocks"], ensure_ascii=False)
    for part in (
        "Llama 4 Community License Agreement",
        "2. Additional",
        "700 million",
        "April 2025",
    ):
        assert part in shown
    assert "700 million" in message["text"]


def test_a_licence_is_shown_to_who_asked(address: str, slack: LoopbackSlack) -> None:
    body = command_body("llama 4", slack.response_url)
    assert post(address, body, signed(body, form=True)).status == 200
    assert slack.wait(lambda: slack.answers)
    (answer,) = slack.answers
    assert problems(answer) == []
    assert "Acceptable Use Policy" in answer["text"]


def test_a_forged_request_is_refused_and_answers_nobody(address: str, slack: LoopbackSlack) -> None:
    body = json.dumps(mention(f"<@U0BOT> {QUESTION}"))
    forged = {**signed(body), "X-Slack-Signature": "v0=" + "0" * 64}
    assert post(address, body, forged).status == 401
    assert slack.posts == []
