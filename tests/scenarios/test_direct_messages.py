"""Somebody writes to the bot alone."""

from __future__ import annotations

from tests.scenarios.block_validator import problems
from tests.scenarios.loopback_slack import too_many
from tests.scenarios.running import DIRECT, RunningBot, direct, mention


def test_a_direct_message_is_answered_in_its_thread(bot: RunningBot) -> None:
    asked = direct("may we grow?")
    assert bot.tell(asked).status == 200
    (post,) = bot.slack.wait_for_posts(1)
    assert (post["channel"], post["thread_ts"]) == (DIRECT, asked["event"]["ts"])
    assert problems(post) == []


def test_a_mention_in_a_direct_message_comes_twice_and_is_answered_once(bot: RunningBot) -> None:
    asked = direct("<@U0BOT> may we grow?")
    twin = mention(asked["event"]["text"], channel=DIRECT, ts=asked["event"]["ts"])
    bot.tell(asked)
    bot.tell(twin)
    bot.tell(direct("another"))
    bot.slack.wait_for_posts(2)
    assert sorted(bot.services.asked) == ["another", "may we grow?"]


def test_a_message_with_a_file_is_answered_by_its_words(bot: RunningBot) -> None:
    bot.tell(direct("may we grow?", subtype="file_share", files=[{"id": "F1"}]))
    bot.slack.wait_for_posts(1)
    assert bot.services.asked == ["may we grow?"]


def test_the_opened_conversation_offers_questions(bot: RunningBot) -> None:
    bot.tell(opened("messages"))
    assert bot.slack.wait(lambda: bot.slack.of("assistant.threads.setSuggestedPrompts"))
    (call,) = bot.slack.of("assistant.threads.setSuggestedPrompts")
    assert call.accepted
    assert 1 <= len(call.arguments["prompts"]) <= 4
    assert "thread_ts" not in call.arguments, "an app with agent_view shows nothing then"


def test_the_home_tab_offers_nothing(bot: RunningBot) -> None:
    assert bot.tell(opened("home")).status == 200
    bot.tell(direct())
    bot.slack.wait_for_posts(1)
    assert bot.slack.of("assistant.threads.setSuggestedPrompts") == []


def test_prompts_that_slack_does_not_take_disturb_nothing(bot: RunningBot) -> None:
    bot.slack.misbehave("assistant.threads.setSuggestedPrompts", too_many(0))
    assert bot.tell(opened("messages")).status == 200
    bot.tell(direct())
    bot.slack.wait_for_posts(1)


def opened(tab: str) -> dict[str, object]:
    """Somebody opened one of the bot's tabs."""
    event = direct()
    event["event"] = {
        "type": "app_home_opened",
        "user": "U0PERSON",
        "channel": DIRECT,
        "tab": tab,
        "event_ts": "1700000001.000001",
    }
    return event
