"""The validator is seen to refuse: each rule with a message that breaks it."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ContextActionsBlock,
    ContextBlock,
    FeedbackButtonObject,
    HeaderBlock,
    ImageElement,
    MarkdownBlock,
    Option,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from tests.scenarios import block_validator as limits
from tests.scenarios.block_validator import problems, view_problems
from tests.scenarios.loopback_slack import BOT_TOKEN, LoopbackSlack

PLAIN = {"type": "plain_text", "text": "hello"}
CELL = {"type": "raw_text", "text": "hello"}
WORD = {"type": "text", "text": "hello"}
WRAPPED = {"is_wrapped": True}
OPTION = {"text": PLAIN, "value": "v"}
MENU = {"type": "static_select", "action_id": "m", "placeholder": PLAIN, "options": [OPTION]}
TYPED = {"type": "plain_text_input", "action_id": "value", "max_length": 3000}
INPUT = {"type": "input", "block_id": "i", "label": PLAIN, "element": TYPED}
NUMBER = {"action_id": "value", "is_decimal_allowed": False}
VIEW = {"type": "modal", "title": PLAIN, "submit": PLAIN, "blocks": [INPUT]}
DIVIDER = {"type": "divider"}
BUTTON = {"type": "button", "text": PLAIN, "action_id": "a", "value": "v"}


def message(*blocks: dict[str, Any], text: str = "hello") -> dict[str, Any]:
    return {"text": text, "blocks": list(blocks)}


def section(text: str, kind: str = "mrkdwn") -> dict[str, Any]:
    return {"type": "section", "text": {"type": kind, "text": text}}


def rich(*elements: dict[str, Any], part: str = "rich_text_section") -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": part, "elements": list(elements)}]}


def button(**changes: object) -> dict[str, Any]:
    return {"type": "actions", "elements": [{**BUTTON, **changes}]}


@pytest.mark.parametrize(
    "good",
    [
        message(*[DIVIDER] * 50),
        message(section("x" * 3000)),
        message(section("*bold* <https://acme.example|terms> &amp; &lt;!channel&gt;")),
        message({"type": "header", "text": {"type": "plain_text", "text": "x" * 150}}),
        message({"type": "context", "elements": [PLAIN] * 10}),
        message({"type": "section", "fields": [PLAIN] * 10}),
        message({"type": "markdown", "text": "x" * 12_000}),
        message(button(url="https://acme.example/" + "x" * 2979, value="v" * 2000)),
        message(rich({"type": "text", "text": "<!channel> *x*"})),
        message(rich({"type": "link", "url": "https://acme.example", "text": "x"})),
        message(rich({"type": "text", "text": "x"}, part="rich_text_quote")),
        message({"type": "table", "rows": [[CELL] * 20] * 10}),
        message({"type": "table", "rows": [[rich(WORD), CELL]], "column_settings": [WRAPPED]}),
        message({"type": "actions", "elements": [MENU]}),
        message(text="x &lt; 1 and R&amp;D"),
    ],
)
def test_what_slack_takes_is_taken(good: dict[str, Any]) -> None:
    assert problems(good) == []


@pytest.mark.parametrize(
    ("bad", "because"),
    [
        (message(*[DIVIDER] * 51), "51 of at most 50"),
        (message(section("x" * 3001)), "3001 of at most 3000"),
        (message(*[section("x" * 2900)] * 5), "msg_blocks_too_long"),
        (message(section("")), "must not be empty"),
        (message(text=""), "needs a text"),
        (message(text="   "), "needs a text"),
        ({"blocks": [DIVIDER]}, "needs a text"),
        (message(text="x" * 40_001), "40001 of at most"),
        (message(text="attention <!channel>"), "pings"),
        (message(text="a < b"), "unescaped"),
        (message(text="R&D"), "unescaped"),
        (message(section("<!here>")), "pings"),
        (message(section("<@U123>")), "pings"),
        (message(section("<#C123>")), "pings"),
        (message(section("AT&T")), "unescaped"),
        (message(section("<javascript:alert(1)|x>")), "unescaped"),
        (message({"type": "section"}), "needs text or fields"),
        (message({"type": "section", "fields": [PLAIN] * 11}), "11 of at most 10"),
        (message({"type": "section", "text": "words"}), "must be a text object"),
        (message({"type": "section", "text": PLAIN, "colour": "red"}), "unknown property"),
        (message({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}), "plain_text"),
        (message({"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}), "151"),
        (message({"type": "context", "elements": [PLAIN] * 11}), "11 of at most 10"),
        (message({"type": "context", "elements": []}), "at least 1"),
        (message({"type": "markdown", "text": "x" * 12_001}), "12001"),
        (message({"type": "marquee"}), "unknown type"),
        (message({"text": PLAIN}), "unknown type"),
        (message({**DIVIDER, "block_id": "x" * 256}), "256 of at most 255"),
        (message(*[{**DIVIDER, "block_id": "same"}] * 2), "used twice"),
        (message({"type": "actions", "elements": [BUTTON] * 26}), "26 of at most 25"),
        (message({"type": "context_actions", "elements": [BUTTON] * 6}), "6 of at most 5"),
        (message(button(text={"type": "mrkdwn", "text": "x"})), "must be a plain_text"),
        (message(button(text={"type": "plain_text", "text": "x" * 76})), "76 of at most 75"),
        (message(button(text={"type": "plain_text", "text": ""})), "must not be empty"),
        (message(button(value="v" * 2001)), "2001 of at most 2000"),
        (message(button(url="https://acme.example/" + "x" * 2980)), "3001 of at most 3000"),
        (message(button(url="ftp://acme.example")), "no web address"),
        (message(button(style="loud")), "style"),
        (message(button(action_id="a" * 256)), "256 of at most 255"),
        (message({"type": "actions", "elements": [{"type": "lever"}]}), "unknown element"),
        (message({"type": "image", "image_url": "https://a.example/x"}), "alt_text"),
        (message(rich({"type": "text", "text": ""})), "an empty text"),
        (message(rich()), "at least 1"),
        (message({"type": "rich_text", "elements": []}), "at least 1"),
        (message(rich(PLAIN, part="rich_text_shout")), "unknown part"),
        (message(rich({"type": "broadcast", "range": "channel"})), "pings"),
        (message(rich({"type": "user", "user_id": "U1"})), "pings"),
        (message(rich({"type": "link", "url": "https://a.example/x|y"})), "no web address"),
        (message(rich({"type": "link", "url": "https://a.example/" + "x" * 3000})), "at most"),
        (message({"type": "table", "rows": [[CELL]] * 101}), "101 of at most 100"),
        (message({"type": "table", "rows": [[CELL] * 21]}), "21 of at most 20"),
        (message({"type": "table", "rows": [[PLAIN]]}), "unknown cell"),
        (message({"type": "table", "rows": [[{**CELL, "text": ""}]]}), "must not be empty"),
        (message({"type": "table", "rows": [[CELL], [CELL, CELL]]}), "not all of one length"),
        (message({"type": "table", "rows": [[CELL]], "column_settings": [{"w": 1}]}), "'w'"),
        (message(*[{"type": "table", "rows": [[CELL]]}] * 2), "more than one table"),
        (message({"type": "actions", "elements": [BUTTON, BUTTON]}), "action_id used twice"),
        (message({"type": "actions", "elements": [{**MENU, "options": []}]}), "at least 1"),
        (message({"type": "actions", "elements": [{**MENU, "options": [OPTION] * 101}]}), "101"),
        (message(INPUT), "input does not exist in a message"),
    ],
)
def test_what_slack_refuses_is_refused(bad: dict[str, Any], because: str) -> None:
    assert because in " / ".join(problems(bad))


@pytest.mark.parametrize(
    "good",
    [
        VIEW,
        {**VIEW, "blocks": [{**DIVIDER}] * 100},
        {**VIEW, "private_metadata": "x" * 3000},
        {**VIEW, "blocks": [{**INPUT, "element": {**MENU, "type": "multi_static_select"}}]},
        {**VIEW, "blocks": [{**INPUT, "element": {"type": "number_input", **NUMBER}}]},
    ],
)
def test_a_form_that_slack_opens_is_taken(good: dict[str, Any]) -> None:
    assert view_problems(good) == []


@pytest.mark.parametrize(
    ("bad", "because"),
    [
        ({**VIEW, "type": "home"}, "view.type: 'home'"),
        ({**VIEW, "title": {**PLAIN, "text": "x" * 25}}, "25 of at most 24"),
        ({**VIEW, "private_metadata": "x" * 3001}, "3001 of at most 3000"),
        ({**VIEW, "callback_id": "x" * 256}, "256 of at most 255"),
        ({**VIEW, "blocks": []}, "at least 1"),
        ({**VIEW, "blocks": [DIVIDER] * 101}, "101 of at most 100"),
        ({**VIEW, "colour": "red"}, "unknown property 'colour'"),
        ({"type": "modal", "title": PLAIN, "blocks": [INPUT]}, "a form with inputs needs one"),
        ({**VIEW, "blocks": [INPUT, INPUT]}, "block_id used twice"),
        ({**VIEW, "blocks": [{"type": "table", "rows": [[CELL]]}]}, "does not exist in a modal"),
        ({**VIEW, "blocks": [{**INPUT, "label": None}]}, "must be a text object"),
        ({**VIEW, "blocks": [{**INPUT, "element": {**TYPED, "max_length": 3001}}]}, "3001"),
        ({**VIEW, "blocks": [{**INPUT, "element": {"type": "slider"}}]}, "unknown input 'slider'"),
        ({**VIEW, "blocks": [{**INPUT, "element": {"type": "number_input"}}]}, "must be said"),
    ],
)
def test_a_form_that_slack_refuses_is_refused(bad: dict[str, Any], because: str) -> None:
    assert because in " / ".join(view_problems(bad))


def test_the_loopback_slack_opens_no_form_that_is_wrong(slack: LoopbackSlack) -> None:
    client = WebClient(BOT_TOKEN, base_url=slack.api_url)
    client.views_open(trigger_id="1.2.a", view=VIEW)
    with pytest.raises(SlackApiError):
        client.views_open(trigger_id="1.2.a", view={**VIEW, "blocks": []})
    assert len(slack.forms) == 1


def test_the_limits_are_those_of_the_installed_sdk() -> None:
    assert SectionBlock.text_max_length == limits.SECTION
    assert SectionBlock.fields_max_length == limits.FIELDS
    assert HeaderBlock.text_max_length == limits.HEADER
    assert ContextBlock.elements_max_length == limits.CONTEXT
    assert ActionsBlock.elements_max_length == limits.ACTIONS
    assert ContextActionsBlock.elements_max_length == limits.CONTEXT_ACTIONS
    assert MarkdownBlock.text_max_length == limits.MARKDOWN
    assert ButtonElement.text_max_length == limits.BUTTON_TEXT
    assert ButtonElement.value_max_length == limits.BUTTON_VALUE
    assert ButtonElement.url_max_length == limits.URL
    assert ButtonElement.action_id_max_length == limits.ID
    assert FeedbackButtonObject.text_max_length == limits.BUTTON_TEXT
    assert ImageElement.alt_text_max_length == limits.ALT_TEXT
    assert Option.label_max_length == limits.OPTION_TEXT
    assert Option.value_max_length == limits.OPTION_VALUE
    assert StaticSelectElement.options_max_length == limits.OPTIONS
    assert View.title_max_length == limits.VIEW_TITLE
    assert View.blocks_max_length == limits.VIEW_BLOCKS
    assert View.private_metadata_max_length == limits.METADATA


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (message(*[DIVIDER] * 51), "invalid_blocks"),
        (message(*[section("x" * 2900)] * 5), "msg_blocks_too_long"),
    ],
)
def test_the_loopback_slack_refuses_what_the_validator_refuses(
    slack: LoopbackSlack, sent: dict[str, Any], error: str
) -> None:
    client = WebClient(BOT_TOKEN, base_url=slack.api_url)
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C1", **sent)
    assert refused.value.response["error"] == error
    assert slack.posts == []
