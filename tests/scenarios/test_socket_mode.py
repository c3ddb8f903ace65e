"""The same over Socket Mode: a WebSocket that the bot opens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from bot.poster import SlackUnreachableError
from ingest.errors import SettingsError
from tests.scenarios.block_validator import problems
from tests.scenarios.loopback_slack import Fault, LoopbackSlack
from tests.scenarios.running import RunningBot, direct, mention
from tests.scenarios.signing import command_body


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBot]:
    """One for all: slack_sdk takes three seconds to leave a connection without TLS."""
    with LoopbackSlack() as slack:
        running = RunningBot(slack, tmp_path_factory.mktemp("socket"), socket_mode=True)
        yield running
        running.close()


def answers(bot: RunningBot, event: dict[str, Any]) -> list[dict[str, Any]]:
    """What was posted in the thread of an event, once nothing is left to do."""
    ts = event["event"]["ts"]
    return [each for each in bot.settled() if each["thread_ts"] == ts]


def test_a_mention_is_acknowledged_and_answered(bot: RunningBot) -> None:
    asked = mention()
    told = bot.slack.deliver("e1", "events_api", asked)
    assert "payload" not in told
    (post,) = answers(bot, asked)
    assert problems(post) == []


def test_an_event_that_comes_twice_is_answered_once(bot: RunningBot) -> None:
    asked = direct()
    bot.slack.deliver("e2", "events_api", asked)
    bot.slack.deliver("e3", "events_api", asked)
    assert len(answers(bot, asked)) == 1


def test_a_command_is_acknowledged_with_words_and_answered(bot: RunningBot) -> None:
    command = dict(parse_qsl(command_body("rocket 2", bot.slack.response_url)))
    told = bot.slack.deliver("e4", "slash_commands", command)
    assert "rocket 2" in told["payload"]["text"]
    assert bot.slack.wait(lambda: bot.slack.answers)
    assert "Rocket 2 Licence Agreement" in bot.slack.answers[0]["text"]


def test_a_connection_that_slack_ends_is_opened_again(bot: RunningBot) -> None:
    bot.slack.deliver("e5", "events_api", mention())
    bot.slack.hang_up()
    asked = mention("<@U0BOT> again")
    bot.slack.deliver("e6", "events_api", asked)
    assert len(answers(bot, asked)) == 1


def test_an_app_token_that_slack_does_not_accept_is_one_sentence(
    slack: LoopbackSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = RunningBot(slack, tmp_path, socket_mode=True, started=False)
    monkeypatch.setattr("tests.scenarios.loopback_slack.APP_TOKEN", "xapp-renewed")
    with pytest.raises(SettingsError, match=r"SLACK_APP_TOKEN \(invalid_auth\)"):
        bot.start()


def test_a_slack_out_of_order_is_one_sentence(slack: LoopbackSlack, tmp_path: Path) -> None:
    bot = RunningBot(slack, tmp_path, socket_mode=True, started=False)
    slack.misbehave("apps.connections.open", *[Fault(500)] * 3)
    with pytest.raises(SlackUnreachableError, match="Opening Socket Mode met Slack out of order"):
        bot.start()
