"""A loopback Slack and a running bot for each scenario."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.loopback_slack import LoopbackSlack
from tests.scenarios.running import RunningBot


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """slack_sdk sends everything through a proxy of the environment, loopback included."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as running:
        yield running


@pytest.fixture
def bot(slack: LoopbackSlack, tmp_path: Path) -> Iterator[RunningBot]:
    running = RunningBot(slack, tmp_path)
    yield running
    running.close()
