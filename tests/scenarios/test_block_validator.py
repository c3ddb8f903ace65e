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
    SectionBlock,
)

from tests.scenarios import block_validator as limits
from tests.scenarios.block_validator import problems
from tests.scenarios.loopback_slack import BOT_TOKEN, LoopbackSlack

PLAIN = {"type": "plain_text", "text": "hello"}
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
        message({"type": "table", "rows": [[PLAIN] * 20] * 10}),
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
        (message({"type": "table", "rows": [[PLAIN]] * 101}), "101 of at most 100"),
        (message({"type": "table", "rows": [[PLAIN] * 21]}), "21 of at most 20"),
    ],
)
def test_what_slack_refuses_is_refused(bad: dict[str, Any], because: str) -> None:
    assert because in " / ".join(problems(bad))


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
