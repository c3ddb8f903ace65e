"""What can be pressed below a card, and the form for a use, over the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.scenarios.block_validator import problems, view_problems
from tests.scenarios.running import CHANNEL, RunningBot


def asked(bot: RunningBot, text: str) -> dict[str, Any]:
    """Type a command and wait for what is shown."""
    before = len(bot.slack.answers)
    bot.command(text)
    return newest(bot, before)


def newest(bot: RunningBot, before: int) -> dict[str, Any]:
    assert bot.slack.wait(lambda: len(bot.slack.answers) > before), bot.slack.calls
    answer = bot.slack.answers[-1]
    assert problems(answer) == []
    return answer


def elements(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        element
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def element(message: dict[str, Any], label: str) -> dict[str, Any]:
    (found,) = [
        each
        for each in elements(message)
        if each["type"] == "button" and each["text"]["text"].startswith(label)
    ]
    return found


def press(bot: RunningBot, pressed: dict[str, Any], **more: Any) -> dict[str, Any]:
    before = len(bot.slack.answers)
    told = bot.press(pressed, **more)
    assert told.status == 200
    return newest(bot, before)


def words(message: dict[str, Any]) -> str:
    return json.dumps(message["blocks"], ensure_ascii=False)


def test_every_section_opens_in_place_of_the_card(bot: RunningBot) -> None:
    card = asked(bot, "rocket-2")
    sections = [each for each in elements(card) if "_section_" in each["action_id"]]
    assert len(sections) == 7
    for each in sections:
        told = press(bot, each)
        assert told["replace_original"] is True
        assert told["response_type"] == "ephemeral"
        assert each["text"]["text"].partition(" (")[0] in words(told)


def test_the_overview_leads_back_to_the_card(bot: RunningBot) -> None:
    section = press(bot, element(asked(bot, "rocket-2"), "How big"))
    assert "Commercial use" in words(press(bot, element(section, "Overview")))


@pytest.mark.parametrize(
    ("label", "part"), [("To-do list", "To do (3)"), ("History", "Versions: Rocket 2")]
)
def test_what_else_is_known_opens_from_the_card(bot: RunningBot, label: str, part: str) -> None:
    told = press(bot, element(asked(bot, "rocket-2"), label))
    assert part in words(told)
    assert "Rocket 2 Licence Agreement" in words(press(bot, element(told, "The whole card")))


@pytest.mark.parametrize(
    "request_",
    [
        "rocket-2",
        "rocket-2 openness",
        "compare rocket-2 zenith-chat",
        "obligations rocket-2",
        "history rocket-2",
        "check rocket-2 --use sell it",
    ],
)
def test_sharing_shows_it_to_the_whole_channel(bot: RunningBot, request_: str) -> None:
    told = press(bot, element(asked(bot, request_), "Share"))
    assert told["response_type"] == "in_channel"
    assert told["replace_original"] is False


def test_a_shared_check_comes_to_the_same(bot: RunningBot) -> None:
    first = asked(bot, "check rocket-2 --use sell it, 90M users, our secret plan")
    told = press(bot, element(first, "Share"))
    assert "Needs a licence of its own: Rocket 2" in words(told)
    assert "secret" not in words(told)


def test_another_version_is_chosen_from_a_menu(bot: RunningBot) -> None:
    told = press(
        bot,
        {
            "action_id": "license_open_edition",
            "type": "static_select",
            "selected_option": {"value": "rocket-2 --as-of 2026-11-24"},
        },
    )
    assert "as of 24 November 2026" in words(told)


def test_a_wish_to_watch_is_kept_once_and_said_not_to_be_served_yet(bot: RunningBot) -> None:
    watch = element(asked(bot, "rocket-2"), "Watch")
    first = press(bot, watch)
    assert "is noted" in first["text"]
    assert "not sent yet" in first["text"]
    assert "was noted already" in press(bot, watch)["text"]
    assert bot.rows("SELECT team, channel, card, person FROM subscription") == [
        ("T0TEAM", CHANNEL, "rocket-2", "U0PERSON")
    ]


def test_a_press_that_names_nothing_known_is_answered_in_one_sentence(bot: RunningBot) -> None:
    for value in ("", "bananas", "x" * 1900, "<!channel>"):
        told = press(bot, {"action_id": "license_open", "type": "button", "value": value})
        assert problems(told) == []


def test_a_fault_behind_a_press_apologises(bot: RunningBot) -> None:
    card = asked(bot, "rocket-2")
    bot.services.broken = True
    assert "Sorry" in press(bot, element(card, "History"))["text"]


def test_a_press_that_nobody_signed_is_refused(bot: RunningBot) -> None:
    assert bot.post("payload=%7B%7D", {}).status == 401


# The form


def opened(bot: RunningBot, pressed: dict[str, Any]) -> dict[str, Any]:
    before = len(bot.slack.forms)
    assert bot.press(pressed).status == 200
    assert bot.slack.wait(lambda: len(bot.slack.forms) > before), bot.slack.calls
    return bot.slack.forms[-1]


def test_a_form_that_slack_does_not_open_is_not_met_with_silence(bot: RunningBot) -> None:
    check = element(asked(bot, "rocket-2"), "Check a use")
    bot.slack.expire_triggers = True
    assert "check rocket-2 --use" in press(bot, check)["text"]


def options(*values: str) -> dict[str, Any]:
    return {"selected_options": [{"value": each} for each in values]}


def test_a_use_is_described_in_a_form_and_checked_in_its_place(bot: RunningBot) -> None:
    form = opened(bot, element(asked(bot, "rocket-2"), "Check a use"))
    told = bot.submit(
        form,
        {
            "acts": options("sell", "fine-tune", "distribute"),
            "home": options("us"),
            "users": {"value": "90000000"},
            "words": {"value": "loans; bananas"},
        },
    )
    assert told.status == 200
    assert told.json["response_action"] == "update"
    view = told.json["view"]
    assert view_problems(view) == []
    shown = words(view)
    for part in ("Needs a licence of its own", "90,000,000 stated", "finance", "bananas", "To do"):
        assert part in shown


def test_three_thousand_characters_of_use_are_checked_in_the_form(bot: RunningBot) -> None:
    form = opened(bot, element(asked(bot, "rocket-2"), "Check a use"))
    use = ("we sell it to many people in the EU & <b>elsewhere</b>; " * 60)[:3000]
    told = bot.submit(form, {"words": {"value": use}})
    assert view_problems(told.json["view"]) == []
    assert "European Union" in words(told.json["view"])


def test_an_empty_form_asks_what_is_to_be_done(bot: RunningBot) -> None:
    form = opened(bot, element(asked(bot, "rocket-2"), "Check a use"))
    view = bot.submit(form, {"words": {"value": None}}).json["view"]
    assert view_problems(view) == []
    assert "What is to be done with it" in words(view)


def test_what_came_of_a_form_is_shared_where_the_card_was_asked_for(bot: RunningBot) -> None:
    form = opened(bot, element(asked(bot, "rocket-2"), "Check a use"))
    view = bot.submit(form, {"acts": options("sell"), "words": {"value": None}}).json["view"]
    share = element(view, "Share")
    told = press(bot, share, response_url=None, view=view, container={"type": "view"})
    assert told["response_type"] == "in_channel"
    assert "Rocket 2 Licence Agreement" in words(told)


def test_the_use_can_be_changed_from_what_came_of_it(bot: RunningBot) -> None:
    form = opened(bot, element(asked(bot, "rocket-2"), "Check a use"))
    view = bot.submit(form, {"acts": options("sell"), "words": {"value": None}}).json["view"]
    before = len(bot.slack.forms)
    bot.press(element(view, "Change"), response_url=None, view=view)
    assert bot.slack.wait(lambda: len(bot.slack.forms) > before)
    assert bot.slack.of("views.push")


def test_a_plan_is_chosen_in_the_form_where_facts_differ_by_plan(bot: RunningBot) -> None:
    form = opened(bot, element(asked(bot, "zenith-chat"), "Check a use"))
    assert any(each.get("block_id") == "plan" for each in form["blocks"])
    told = bot.submit(
        form,
        {
            "acts": options("enter-customer-data"),
            "plan": {"selected_option": {"value": "0"}},
            "words": {"value": None},
        },
    )
    assert "Zenith trains on it unless you opt out" in words(told.json["view"])
