"""Nothing that Slack told the bot is lost, nothing is answered twice, whatever Slack does."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.desk import HANDS
from bot.domain import Answer, Question
from tests.scenarios.canned import Gate, answer
from tests.scenarios.loopback_slack import Fault, LoopbackSlack, too_many
from tests.scenarios.running import LEASE, RunningBot, mention


class TestOnce:
    """One question, one answer."""

    def test_a_redelivered_event_is_answered_once(self, bot: RunningBot) -> None:
        asked = mention()
        bot.tell(asked)
        bot.slack.wait_for_posts(1)
        assert bot.redeliver(asked, 1).status == 200
        assert len(bot.settled()) == 1

    def test_a_redelivery_while_the_answer_is_worked_on_is_not_answered_again(
        self, slack: LoopbackSlack, tmp_path: Path
    ) -> None:
        gate = Gate()
        bot = RunningBot(slack, tmp_path, gate)
        asked = mention()
        bot.tell(asked)
        for number in (1, 2, 3):
            assert bot.redeliver(asked, number).status == 200
        gate.open.set()
        assert len(bot.settled()) == 1
        bot.close()

    def test_a_mention_that_comes_as_two_events_is_answered_once(self, bot: RunningBot) -> None:
        asked = mention()
        bot.tell(asked)
        bot.tell(mention(ts=asked["event"]["ts"]))
        assert len(bot.settled()) == 1

    def test_two_processes_share_the_work(self, slack: LoopbackSlack, tmp_path: Path) -> None:
        one, two = RunningBot(slack, tmp_path), RunningBot(slack, tmp_path)
        for number in range(20):
            asked = mention(f"<@U0BOT> question {number}")
            one.tell(asked)
            two.redeliver(asked)
        posts = one.settled()
        one.close()
        two.close()
        asked_of_both = one.services.asked + two.services.asked
        assert sorted(asked_of_both) == sorted(f"question {number}" for number in range(20))
        assert len(posts) == 20

    def test_an_answer_that_takes_longer_than_a_lease_is_given_once(
        self, slack: LoopbackSlack, tmp_path: Path
    ) -> None:
        def slowly(question: Question) -> Answer:
            time.sleep(2 * LEASE.total_seconds())
            return answer(question.text)

        one, two = RunningBot(slack, tmp_path, slowly), RunningBot(slack, tmp_path, slowly)
        one.tell(mention())
        assert len(one.settled()) == 1
        one.close()
        two.close()
        assert one.services.asked + two.services.asked == ["may we grow?"]


class TestAcknowledgement:
    """An event is kept, then acknowledged; the answer comes later."""

    def test_it_does_not_wait_for_the_answer(self, slack: LoopbackSlack, tmp_path: Path) -> None:
        gate = Gate()
        bot = RunningBot(slack, tmp_path, gate)
        assert bot.tell(mention()).status == 200
        assert slack.posts == []
        gate.open.set()
        slack.wait_for_posts(1)
        bot.close()

    def test_only_so_many_are_worked_on_at_once(self, slack: LoopbackSlack, tmp_path: Path) -> None:
        gate = Gate()
        bot = RunningBot(slack, tmp_path, gate)
        for _ in range(3 * HANDS):
            assert bot.tell(mention()).status == 200
        gate.open.set()
        slack.wait_for_posts(3 * HANDS)
        bot.close()
        assert gate.most <= HANDS

    def test_an_event_that_could_not_be_kept_is_not_acknowledged(
        self, bot: RunningBot, caplog: pytest.LogCaptureFixture
    ) -> None:
        bot.rename_table("event", "gone")
        told = bot.tell(mention("<@U0BOT> a private question"))
        assert told.status == 500
        assert "Traceback" not in told.body
        assert bot.get("/healthz").status == 503
        bot.rename_table("gone", "event")
        bot.tell(mention("<@U0BOT> again"))
        bot.slack.wait_for_posts(1)
        assert bot.services.asked == ["again"]
        assert "could not be taken" in caplog.text


class TestSlackMisbehaves:
    """What Slack does not take now is offered again; what it will never take is dropped."""

    def test_a_limit_is_waited_out_as_long_as_slack_says(self, bot: RunningBot) -> None:
        bot.slack.misbehave("chat.postMessage", too_many(2))
        bot.tell(mention())
        bot.slack.wait_for_posts(1)
        first, second = bot.slack.of("chat.postMessage")
        assert second.at - first.at >= 2

    @pytest.mark.parametrize(
        "fault",
        [Fault(500), Fault(503), Fault(0), Fault(200, seconds=0.5), Fault(502, body="<html>")],
        ids=["500", "503", "hang up", "slow", "502 of a proxy"],
    )
    def test_a_bad_moment_passes(self, bot: RunningBot, fault: Fault) -> None:
        bot.slack.misbehave("chat.postMessage", fault)
        bot.tell(mention())
        assert len(bot.settled()) == 1

    def test_a_longer_outage_passes_without_asking_anew(self, bot: RunningBot) -> None:
        bot.slack.misbehave("chat.postMessage", *[Fault(500)] * 4)
        bot.tell(mention())
        bot.slack.wait_for_posts(1, seconds=30)
        assert bot.services.asked == ["may we grow?"]

    def test_a_channel_that_is_gone_is_not_tried_again(
        self, bot: RunningBot, caplog: pytest.LogCaptureFixture
    ) -> None:
        bot.slack.missing_channels.add("C0GONE")
        bot.tell(mention(channel="C0GONE"))
        bot.tell(mention())
        assert len(bot.settled()) == 1
        assert len(bot.slack.of("chat.postMessage")) == 2
        assert "channel_not_found" in caplog.text

    def test_blocks_that_slack_refuses_leave_the_text(self, bot: RunningBot) -> None:
        bot.slack.refuse_blocks = True
        bot.tell(mention())
        (told,) = bot.slack.wait_for_posts(1)
        assert "forty thousand" in told["text"]
        assert not told.get("blocks")
