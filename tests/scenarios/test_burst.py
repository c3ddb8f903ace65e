"""Twenty events a second: counted, not timed; benchmarks/acknowledgement.py has the figures."""

from __future__ import annotations

import threading
import time

from tests.scenarios.loopback_slack import Fault, too_many
from tests.scenarios.running import RunningBot, mention


def test_twenty_a_second_lose_and_double_nothing(bot: RunningBot) -> None:
    bot.slack.misbehave("chat.postMessage", too_many(1), Fault(500), Fault(503))
    events = [mention(f"<@U0BOT> question {number}") for number in range(100)]
    statuses = []
    senders = []
    for number, event in enumerate(events):
        for _ in range(2 if number % 3 == 0 else 1):
            deliver = lambda event=event: statuses.append(bot.redeliver(event).status)  # noqa: E731
            senders.append(threading.Thread(target=deliver))
            senders[-1].start()
        time.sleep(0.05)
    for sender in senders:
        sender.join()
    posts = bot.settled()
    assert set(statuses) == {200}
    answered = sorted(each["thread_ts"] for each in posts)
    assert answered == sorted(each["event"]["ts"] for each in events)
