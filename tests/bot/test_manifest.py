"""``manifest.yml`` asks Slack for exactly what the bot listens to and may do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import SCOPES
from bot.listeners import register
from bot.listeners.home import PROMPTS

MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text())
FEATURES, SETTINGS = MANIFEST["features"], MANIFEST["settings"]
NEEDED = {
    "event app_mention": "app_mentions:read",
    "event message": "im:history",
    "event app_home_opened": None,
    "command /license": "commands",
}


class Recorder:
    """Stands where the Bolt app would, and remembers what was listened to."""

    def __init__(self) -> None:
        self.heard: set[str] = set()

    def event(self, name: str) -> Callable[..., None]:
        return self._remember(f"event {name}")

    def command(self, name: str) -> Callable[..., None]:
        return self._remember(f"command {name}")

    def action(self, name: object) -> Callable[..., None]:
        return self._remember(f"action {name}")

    def view(self, name: str) -> Callable[..., None]:
        return self._remember(f"view {name}")

    def error(self, _listener: object) -> None:
        """Errors are nothing that the manifest knows of."""

    def _remember(self, what: str) -> Callable[..., None]:
        self.heard.add(what)
        return lambda *_listeners, **_more: None


@pytest.fixture(scope="module")
def heard() -> set[str]:
    recorder: Any = Recorder()
    register(recorder, services=None, desk=None, poster=None)  # type: ignore[arg-type]
    return recorder.heard  # type: ignore[no-any-return]


def test_the_events_are_those_listened_to(heard: set[str]) -> None:
    asked = SETTINGS["event_subscriptions"]["bot_events"]
    told = {f"event {'message' if name == 'message.im' else name}" for name in asked}
    assert told == {each for each in heard if each.startswith("event ")}


def test_the_commands_are_those_listened_to(heard: set[str]) -> None:
    asked = {f"command {each['command']}" for each in FEATURES["slash_commands"]}
    assert asked == {each for each in heard if each.startswith("command ")}


def test_the_scopes_are_those_needed(heard: set[str]) -> None:
    by_scope = [each for each in heard if each.split()[0] in ("event", "command")]
    listening = {NEEDED[each] for each in by_scope} - {None}
    writing = {"chat:write", "assistant:write"}  # chat.postMessage, setSuggestedPrompts
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == listening | writing


def test_the_scopes_are_those_that_doctor_checks() -> None:
    assert sorted(MANIFEST["oauth_config"]["scopes"]["bot"]) == sorted(SCOPES)


def test_new_apps_get_the_agent_view_and_not_the_one_that_ends() -> None:
    assert FEATURES["agent_view"]["agent_description"]
    assert "assistant_view" not in FEATURES
    assert FEATURES["app_home"]["messages_tab_enabled"] is True
    assert FEATURES["app_home"]["messages_tab_read_only_enabled"] is False


def test_the_prompts_are_those_offered_later() -> None:
    offered = {
        each["title"]: each["message"] for each in FEATURES["agent_view"]["suggested_prompts"]
    }
    assert offered == PROMPTS
    assert len(offered) <= 4


def test_every_address_is_the_one_that_is_served() -> None:
    addresses = {each["url"] for each in FEATURES["slash_commands"]}
    addresses |= {
        SETTINGS[each]["request_url"] for each in ("event_subscriptions", "interactivity")
    }
    assert addresses == {"https://smallprint.example.com/slack/events"}


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        (MANIFEST["display_information"]["name"], 1, 35),
        (MANIFEST["display_information"]["description"], 1, 140),
        (MANIFEST["display_information"]["long_description"], 174, 4000),
        (FEATURES["agent_view"]["agent_description"], 1, 300),
    ],
)
def test_the_texts_have_the_lengths_that_slack_takes(text: str, least: int, most: int) -> None:
    assert least <= len(text) <= most


def test_clicks_and_forms_are_asked_for_because_they_are_listened_to(heard: set[str]) -> None:
    assert SETTINGS["interactivity"]["is_enabled"] is True
    assert {each.split()[0] for each in heard} >= {"action", "view"}
