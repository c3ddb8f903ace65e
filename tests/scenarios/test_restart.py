"""A process ends, politely or not; another one goes on with what people asked."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from bot.desk import HANDS
from tests.scenarios.canned import Gate
from tests.scenarios.loopback_slack import LoopbackSlack
from tests.scenarios.running import BotProcess, RunningBot, mention


def test_what_waits_at_the_end_is_answered_after_the_start(
    slack: LoopbackSlack, tmp_path: Path
) -> None:
    gate = Gate()
    bot = RunningBot(slack, tmp_path, gate)
    for number in range(HANDS + 2):
        bot.tell(mention(f"<@U0BOT> question {number}"))
    threading.Timer(0.5, gate.open.set).start()
    bot.stop()
    left = HANDS + 2 - len(slack.posts)
    bot.start()
    posts = bot.settled()
    bot.close()
    assert left > 0
    assert len(posts) == HANDS + 2
    assert sorted(bot.services.asked) == [f"question {each}" for each in range(HANDS + 2)]


@pytest.mark.parametrize("again", [True, False], ids=["redelivered", "not redelivered"])
def test_a_killed_process_leaves_its_question_to_the_next(
    slack: LoopbackSlack, tmp_path: Path, again: bool
) -> None:
    asked = mention()
    with BotProcess(tmp_path, slack, seconds=60) as bot:
        assert bot.tell(asked).status == 200
        bot.wait_until_answering()
        bot.process.kill()
    assert slack.posts == []
    with BotProcess(tmp_path, slack, seconds=0) as bot:
        if again:
            assert bot.tell(asked).status == 200
        (told,) = slack.wait_for_posts(1)
        bot.tell(mention())
        slack.wait_for_posts(2)
    assert told["thread_ts"] == asked["event"]["ts"]
    assert len(slack.posts) == 2


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_process_asked_to_end_finishes_its_answer_and_ends_well(
    slack: LoopbackSlack, tmp_path: Path, ending: signal.Signals
) -> None:
    with BotProcess(tmp_path, slack, seconds=1) as bot:
        bot.tell(mention())
        bot.wait_until_answering()
        bot.process.send_signal(ending)
        assert bot.process.wait(20) == 0
    assert len(slack.posts) == 1
