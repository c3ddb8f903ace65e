"""``/license NAME``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.scenarios.block_validator import problems
from tests.scenarios.canned import QUOTE
from tests.scenarios.loopback_slack import Fault, too_many
from tests.scenarios.running import RunningBot
from tests.scenarios.signing import command_body, signed


def test_a_name_is_acknowledged_at_once_and_answered_to_its_sender(bot: RunningBot) -> None:
    told = bot.command("acme 1")
    assert told.status == 200
    assert told.json["response_type"] == "ephemeral"
    assert "acme 1" in told.json["text"]
    assert problems(told.json) == []
    answer = answered(bot)
    assert answer["response_type"] == "ephemeral"
    shown = json.dumps(answer["blocks"], ensure_ascii=False)
    for part in ("acme 1", "Acme Model Licence 1", "version 2", "5 April 2025", QUOTE):
        assert part in shown
        assert part in answer["text"]
    assert "https://acme.example/licence" in shown
    assert "5f5f5f5f5f5f" in shown


def answered(bot: RunningBot) -> dict[str, Any]:
    """The one message that came to the response address."""
    assert bot.slack.wait(lambda: bot.slack.answers), bot.slack.calls
    (answer,) = bot.slack.answers
    assert problems(answer) == []
    return answer


@pytest.mark.parametrize("text", ["", "  ", "help", "HELP"])
def test_nothing_and_help_show_how_it_is_used(bot: RunningBot, text: str) -> None:
    told = bot.command(text)
    assert told.json["response_type"] == "ephemeral"
    assert "/license llama 4" in told.json["text"]
    assert problems(told.json) == []
    bot.command("acme 1")
    answered(bot)


def test_list_names_every_card(bot: RunningBot) -> None:
    bot.command("list")
    assert "acme-1, acme-2" in answered(bot)["text"]


def test_an_unknown_name_gets_suggestions(bot: RunningBot) -> None:
    bot.command("amce 1")
    text = answered(bot)["text"]
    assert "amce 1" in text
    assert "/license acme 1" in text
    assert "/license acme 2" in text


def test_a_family_of_several_licences_says_which(bot: RunningBot) -> None:
    bot.command("acme")
    assert "acme 1, acme 2" in answered(bot)["text"]


def test_a_fault_apologises_with_an_id(bot: RunningBot, caplog: pytest.LogCaptureFixture) -> None:
    bot.command("explode")
    text = answered(bot)["text"]
    assert "Sorry" in text
    assert f"Error {text.rstrip('.').split()[-1]}" in caplog.text


def test_a_hostile_name_is_shown_and_does_nothing(bot: RunningBot) -> None:
    name = "<!channel> *x* <https://evil.example|y> & `z`"
    told = bot.command(name)
    assert problems(told.json) == []
    answered(bot)


def test_an_endless_name_is_shown_short(bot: RunningBot) -> None:
    told = bot.command("x" * 8000)
    assert problems(told.json) == []
    assert len(answered(bot)["text"]) < 1000


@pytest.mark.parametrize("fault", [too_many(0), Fault(500), Fault(0)])
def test_a_response_address_that_fails_once_is_tried_again(bot: RunningBot, fault: Fault) -> None:
    bot.slack.misbehave("response", fault)
    bot.command("acme 1")
    answered(bot)


def test_an_unsigned_command_is_refused(bot: RunningBot) -> None:
    assert bot.post("command=/license&text=acme", {}).status == 401


def test_another_command_is_not_ours(bot: RunningBot) -> None:
    body = command_body("x", bot.slack.response_url, command="/other")
    assert bot.post(body, signed(body, form=True)).status == 404
