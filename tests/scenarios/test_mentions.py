"""Somebody mentions the bot in a channel."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import Answer, Question
from ingest.errors import QuestionError
from tests.scenarios.block_validator import problems
from tests.scenarios.canned import QUOTE, answer, citation
from tests.scenarios.loopback_slack import LoopbackSlack
from tests.scenarios.running import CHANNEL, RunningBot, direct, mention
from tests.scenarios.signing import signed


def test_a_mention_is_answered_in_its_thread_with_the_clause(bot: RunningBot) -> None:
    asked = mention("<@U0BOT> may we grow?")
    assert bot.tell(asked).status == 200
    (post,) = bot.slack.wait_for_posts(1)
    assert (post["channel"], post["thread_ts"]) == (CHANNEL, asked["event"]["ts"])
    assert bot.services.asked == ["may we grow?"]
    assert QUOTE in json.dumps(post["blocks"])
    assert QUOTE in post["text"]
    assert problems(post) == []


def test_the_answer_stays_in_the_thread_where_it_was_asked(bot: RunningBot) -> None:
    bot.tell(mention(thread_ts="1600000000.000001"))
    (post,) = bot.slack.wait_for_posts(1)
    assert post["thread_ts"] == "1600000000.000001"


def test_links_do_not_unfurl_and_text_is_not_read_as_markup(bot: RunningBot) -> None:
    bot.tell(mention())
    (post,) = bot.slack.wait_for_posts(1)
    assert post["unfurl_links"] is False
    assert post["unfurl_media"] is False
    assert post["mrkdwn"] is False


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("<@U0BOT> is *this* allowed?", "is *this* allowed?"),
        ("hey <@U0BOT>, revenue &lt; 1 M &amp; rising?", "hey , revenue < 1 M & rising?"),
        ("<@U0BOT|bot> see <https://acme.example/a|the terms>", "see the terms"),
        ("<@U0BOT> see <https://acme.example/a>", "see https://acme.example/a"),
        ("<@U0BOT> <!here> and <#C1|legal> <@U9>", "and #legal"),
    ],
)
def test_what_was_typed_reaches_the_answerer(bot: RunningBot, typed: str, understood: str) -> None:
    bot.tell(mention(typed))
    bot.slack.wait_for_posts(1)
    assert bot.services.asked == [understood]


def test_a_bare_mention_gets_a_short_how_to(bot: RunningBot) -> None:
    bot.tell(mention("<@U0BOT>  "))
    (post,) = bot.slack.wait_for_posts(1)
    assert "/license" in post["text"]
    assert bot.services.asked == []


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B0OTHER"},
        {"user": "U0BOT"},
        {"user": None, "bot_id": "B0BOT"},
        {"user": "USLACKBOT"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"subtype": "bot_message"},
        {"edited": {"user": "U0PERSON", "ts": "1"}},
    ],
)
def test_bots_edits_and_notices_are_not_answered(
    bot: RunningBot, changes: dict[str, object]
) -> None:
    assert bot.tell(mention("ignored", **changes)).status == 200
    assert bot.tell(direct("ignored", **changes)).status == 200
    bot.tell(mention("<@U0BOT> answered"))
    bot.slack.wait_for_posts(1)
    assert bot.services.asked == ["answered"]


def test_people_talking_in_a_channel_are_left_alone(bot: RunningBot) -> None:
    assert bot.tell(direct("ignored", channel=CHANNEL, channel_type="channel")).status == 200
    bot.tell(mention("<@U0BOT> answered"))
    bot.slack.wait_for_posts(1)
    assert bot.services.asked == ["answered"]


def test_a_question_that_cannot_be_worked_with_gets_its_sentence(
    slack: LoopbackSlack, tmp_path: Path
) -> None:
    def refuse(question: Question) -> Answer:
        raise QuestionError("The question has 40,000 characters; 2,000 are enough.")

    bot = RunningBot(slack, tmp_path, refuse)
    bot.tell(mention("<@U0BOT> " + "long " * 7990))
    (post,) = slack.wait_for_posts(1)
    bot.close()
    assert post["text"] == "The question has 40,000 characters; 2,000 are enough."


def test_an_error_apologises_in_the_thread_and_is_logged_under_the_id_told(
    slack: LoopbackSlack, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(question: Question) -> Answer:
        raise ZeroDivisionError("a fault in the works")

    bot = RunningBot(slack, tmp_path, break_down)
    asked = mention("<@U0BOT> a private question")
    bot.tell(asked)
    (post,) = slack.wait_for_posts(1)
    bot.close()
    assert post["thread_ts"] == asked["event"]["ts"]
    assert "fault" not in post["text"]
    error_id = post["text"].rstrip(".").split()[-1]
    assert f"Error {error_id}" in caplog.text
    assert "ZeroDivisionError: a fault in the works" in caplog.text
    assert "a private question" not in caplog.text


HOSTILE = (
    "<!channel> <!here> <@U0PERSON> <#C1> <!subteam^S1> *bold* _x_ ~x~ `code` ```pre``` :smile: "
    "<https://evil.example|click> [click](https://evil.example) &lt;!channel&gt; @channel > quote"
)


def test_hostile_words_are_shown_and_do_nothing(slack: LoopbackSlack, tmp_path: Path) -> None:
    def repeat(question: Question) -> Answer:
        hostile = citation(
            HOSTILE,
            title=HOSTILE[:100],
            vendor=HOSTILE[:50],
            clause=HOSTILE[:100],
            url="https://acme.example/a|<!channel>",
            attribution=HOSTILE,
        )
        return answer(question.text, hostile, text=HOSTILE, notices=(HOSTILE,))

    bot = RunningBot(slack, tmp_path, repeat)
    bot.tell(mention())
    (post,) = slack.wait_for_posts(1)
    bot.close()
    assert problems(post) == []
    kinds = {kind for block in post["blocks"] for kind in kinds_of_element(block)}
    assert kinds <= {"text", "link", "plain_text"}, "an element that Slack reads as markup"
    quoted = [
        each["elements"][0]["text"]
        for block in post["blocks"]
        for each in block["elements"]
        if each["type"] == "rich_text_quote"
    ]
    assert quoted == [HOSTILE]
    assert "evil.example" not in [each["url"] for each in links(post["blocks"])]


def kinds_of_element(block: dict[str, Any]) -> set[str]:
    """The types of the innermost elements of a block."""
    inner = block.get("elements")
    if not isinstance(inner, list):
        text = block.get("text")
        return {text["type"]} if isinstance(text, dict) else {str(block["type"])}
    return {kind for each in inner for kind in kinds_of_element(each)}


def links(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every link element."""
    found = []
    for block in blocks:
        if block["type"] == "link":
            found.append(block)
        inner = block.get("elements")
        if isinstance(inner, list):
            found += links(inner)
    return found


class TestSignature:
    """Only Slack may tell the bot anything."""

    def test_a_forged_signature_is_refused(self, bot: RunningBot) -> None:
        body = json.dumps(mention())
        assert bot.post(body, signed(body, secret="somebody else's")).status == 401

    def test_a_signature_of_another_body_is_refused(self, bot: RunningBot) -> None:
        body = json.dumps(mention())
        assert bot.post(body, signed(json.dumps(mention()))).status == 401

    def test_no_signature_is_refused(self, bot: RunningBot) -> None:
        assert bot.post(json.dumps(mention()), {"Content-Type": "application/json"}).status == 401

    def test_a_replayed_old_request_is_refused(self, bot: RunningBot) -> None:
        body = json.dumps(mention())
        assert bot.post(body, signed(body, at=time.time() - 600)).status == 401

    def test_nothing_refused_is_ever_answered(self, bot: RunningBot) -> None:
        body = json.dumps(mention("<@U0BOT> forged"))
        bot.post(body, signed(body, secret="somebody else's"))
        bot.tell(mention("<@U0BOT> real"))
        bot.slack.wait_for_posts(1)
        assert bot.services.asked == ["real"]

    def test_slack_may_verify_the_address(self, bot: RunningBot) -> None:
        told = bot.tell({"type": "url_verification", "challenge": "a-challenge", "token": "x"})
        assert (told.status, told.json["challenge"]) == (200, "a-challenge")

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        body=st.one_of(
            st.text(max_size=80),
            st.sampled_from(
                ["{", "[1]", "7", "null", "payload=7", "payload={", "ssl_check=1", "{" * 50_000]
            ),
        ),
        kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/x"]),
    )
    def test_whatever_strangers_send_is_refused_unread(
        self, bot: RunningBot, body: str, kind: str
    ) -> None:
        sent = body.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        assert bot.post(sent, {"Content-Type": kind}).status == 401

    def test_more_than_a_megabyte_is_refused(self, bot: RunningBot) -> None:
        body = "x" * 1_000_001
        assert bot.post(body, signed(body)).status == 413


def test_health_says_ok_and_how_many_wait(bot: RunningBot) -> None:
    told = bot.get("/healthz")
    assert (told.status, told.json) == (200, {"status": "ok", "waiting": 0})


@pytest.mark.parametrize("path", ["/", "/slack/events", "/slack/install", "/static/x"])
def test_nothing_else_is_served(bot: RunningBot, path: str) -> None:
    assert bot.get(path).status in {404, 405}
