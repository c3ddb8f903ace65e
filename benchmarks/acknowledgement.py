"""How long Slack waits for an acknowledgement, and whether anything is lost or answered twice.

Usage: ``python -m benchmarks.acknowledgement [--rate 20] [--seconds 60] [--answer 0.05]``. The bot
runs in a process of its own with a SQLite database, against a loopback Slack, with an answerer that
takes ``--answer`` seconds. Prints one JSON document; latencies in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.scenarios.loopback_slack import LoopbackSlack
from tests.scenarios.running import BotProcess, mention


def measure(rate: float, seconds: float, answer: float) -> dict[str, Any]:
    """Send ``rate`` events a second for so many seconds, each to its own thread."""
    events = [mention(f"<@U0BOT> question {number}") for number in range(int(rate * seconds))]
    with (
        tempfile.TemporaryDirectory() as folder,
        LoopbackSlack() as slack,
        BotProcess(Path(folder), slack, answer) as bot,
        ThreadPoolExecutor(32) as senders,
    ):

        def deliver(event: dict[str, Any]) -> tuple[int, float]:
            began = time.perf_counter()
            status = bot.tell(event).status
            return status, (time.perf_counter() - began) * 1000

        began = time.perf_counter()
        sent = []
        for number, event in enumerate(events):
            time.sleep(max(0.0, began + number / rate - time.perf_counter()))
            sent.append(senders.submit(deliver, event))
        told = [each.result() for each in sent]
        slack.wait(lambda: len(slack.posts) >= len(events), 120)
        took = time.perf_counter() - began
        time.sleep(1)  # a second answer would come now
        answers = Counter(post["thread_ts"] for post in slack.posts)
    return summary(events, told, answers, took)


def summary(
    events: list[dict[str, Any]],
    told: list[tuple[int, float]],
    answers: Counter[str],
    took: float,
) -> dict[str, Any]:
    """The figures of one run."""
    latencies = [latency for _, latency in told]
    percentiles = statistics.quantiles(latencies, n=100)
    return {
        "events": len(events),
        "not_acknowledged": sum(status != 200 for status, _ in told),
        "ack_ms": {
            "p50": round(percentiles[49], 1),
            "p90": round(percentiles[89], 1),
            "p99": round(percentiles[98], 1),
            "max": round(max(latencies), 1),
        },
        "lost": sum(answers[each["event"]["ts"]] == 0 for each in events),
        "answered_twice": sum(answers[each["event"]["ts"]] > 1 for each in events),
        "all_answered_after_s": round(took, 1),
    }


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rate", type=float, default=20)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--answer", type=float, default=0.05)
    chosen = options.parse_args()
    print(json.dumps(measure(chosen.rate, chosen.seconds, chosen.answer)))


if __name__ == "__main__":
    main()
