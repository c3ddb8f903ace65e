"""``/license …`` over the wire: every form of it, acknowledged at once, answered to its sender."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.scenarios.block_validator import problems
from tests.scenarios.loopback_slack import Fault, too_many
from tests.scenarios.running import RunningBot
from tests.scenarios.signing import command_body, signed


def answered(bot: RunningBot) -> dict[str, Any]:
    """The one message that came to the response address."""
    assert bot.slack.wait(lambda: bot.slack.answers), bot.slack.calls
    (answer,) = bot.slack.answers
    assert problems(answer) == []
    return answer


def shown(answer: dict[str, Any]) -> str:
    return json.dumps(answer["blocks"], ensure_ascii=False)


def test_a_name_is_acknowledged_at_once_and_answered_to_its_sender(bot: RunningBot) -> None:
    told = bot.command("rocket 2")
    assert told.status == 200
    assert told.json["response_type"] == "ephemeral"
    assert "rocket 2" in told.json["text"]
    assert problems(told.json) == []
    answer = answered(bot)
    assert answer["response_type"] == "ephemeral"
    assert answer["replace_original"] is False
    for part in ("rocket 2", "Rocket 2 Licence Agreement", "version 1", "4 May 2025"):
        assert part in shown(answer)
        assert part in answer["text"]
    assert "https://acme.example/rocket-2" in shown(answer)
    assert "Above 40 million monthly users" in shown(answer)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("rocket-2 user cap", ["user cap", "2. Large products. If more than 40 million"]),
        ("rocket-2 openness", ["What is open", "Training data", '"type": "table"']),
        ("rocket-2 --as-of 2026-11-24", ["as of 24 November 2026"]),
        ("compare rocket-2 vs zenith chat", ['"type": "table"', "≠ ", "Zenith Chat Terms"]),
        ('check rocket 2 --use "sell it, 90M users"', ["Needs a licence", "90,000,000 stated"]),
        ("check rocket 2 —use “sell it, 90M users”", ["Needs a licence", "90,000,000 stated"]),
        ("check rocket 2: sell it, bananas", ["Permitted on conditions", "not weighed: bananas"]),
        ("obligations rocket-2", ["To do (3)", "Name of a derived model", "[1]"]),
        ("history rocket-2", ["Versions: Rocket 2", "first version that we know"]),
        ("list", ["rocket-2", "zenith-chat"]),
    ],
)
def test_every_form_of_the_command_is_answered(
    bot: RunningBot, typed: str, parts: list[str]
) -> None:
    bot.command(typed)
    answer = answered(bot)
    for part in parts:
        assert part in shown(answer)


@pytest.mark.parametrize("text", ["", "  ", "help", "HELP"])
def test_nothing_and_help_show_how_it_is_used(bot: RunningBot, text: str) -> None:
    told = bot.command(text)
    assert told.json["response_type"] == "ephemeral"
    for part in ("/license llama 4", "/license compare", "/license check", "/license history"):
        assert part in told.json["text"]
    assert problems(told.json) == []
    bot.command("rocket 2")
    answered(bot)


def test_an_unknown_name_gets_suggestions_to_press(bot: RunningBot) -> None:
    bot.command("rokcet twoo")
    answer = answered(bot)
    assert "rokcet twoo" in answer["text"]
    assert "/license rocket-2" in answer["text"]
    assert '"value": "rocket-2"' in shown(answer)


def test_a_family_of_several_licences_shows_the_split(bot: RunningBot) -> None:
    bot.command("rocket")
    text = answered(bot)["text"]
    assert "(rocket-2) for Rocket 2, Rocket 2.5 Scout" in text
    assert "(rocket-1) for Rocket 1" in text


def test_a_product_that_is_not_covered_is_said_to_be_so(bot: RunningBot) -> None:
    bot.command("kestrel pro")
    assert "Not covered" in answered(bot)["text"]


@pytest.mark.parametrize(
    "typed", ["compare rocket-2", "compare", "obligations", "history bananas", "check"]
)
def test_a_request_that_cannot_be_met_says_what_to_type(bot: RunningBot, typed: str) -> None:
    bot.command(typed)
    assert len(answered(bot)["text"]) > 30


def test_a_check_without_a_use_opens_the_form(bot: RunningBot) -> None:
    bot.command("check rocket 2")
    assert bot.slack.wait(lambda: bot.slack.forms)
    (form,) = bot.slack.forms
    assert form["callback_id"] == "license_check"
    assert bot.slack.answers == []


def test_where_the_form_cannot_be_opened_it_is_said_what_to_type(bot: RunningBot) -> None:
    bot.slack.expire_triggers = True
    bot.command("check rocket 2")
    assert "check rocket-2 --use" in answered(bot)["text"]


def test_a_use_of_three_thousand_characters_is_checked(bot: RunningBot) -> None:
    use = "sell it in the EU, " * 150 + "grow bananas, " * 10
    assert len(use) > 2_900
    bot.command(f"check rocket 2 --use {use[:3000]}")
    assert "sell it" in shown(answered(bot))


def test_a_fault_apologises_with_an_id(bot: RunningBot, caplog: pytest.LogCaptureFixture) -> None:
    bot.services.broken = True
    bot.command("rocket 2")
    text = answered(bot)["text"]
    assert "Sorry" in text
    assert f"Error {text.rstrip('.').split()[-1]}" in caplog.text


def test_a_hostile_name_is_shown_and_does_nothing(bot: RunningBot) -> None:
    name = "<!channel> *x* <https://evil.example|y> & `z`"
    told = bot.command(name)
    assert problems(told.json) == []
    answered(bot)


def test_an_endless_name_is_refused_in_one_sentence(bot: RunningBot) -> None:
    told = bot.command("x" * 8000)
    assert problems(told.json) == []
    text = answered(bot)["text"]
    assert "8,000 characters" in text
    assert len(text) < 1000


@pytest.mark.parametrize("fault", [too_many(0), Fault(500), Fault(0)])
def test_a_response_address_that_fails_once_is_tried_again(bot: RunningBot, fault: Fault) -> None:
    bot.slack.misbehave("response", fault)
    bot.command("rocket 2")
    answered(bot)


def test_an_unsigned_command_is_refused(bot: RunningBot) -> None:
    assert bot.post("command=/license&text=acme", {}).status == 401


def test_another_command_is_not_ours(bot: RunningBot) -> None:
    body = command_body("x", bot.slack.response_url, command="/other")
    assert bot.post(body, signed(body, form=True)).status == 404
