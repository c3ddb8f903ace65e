"""How long cards take: starting with and without memory, showing, checking, listing, beside asking.

Runs over the home that ``SMALLPRINT_HOME`` names (default ``var``), which must have been ingested:

    .venv/bin/python benchmarks/cards.py
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.blocks.license import shown_message
from bot.domain import Question
from bot.settings import from_environment
from bot.wiring import Services, load_corpus, open_services
from ingest.manifest import corpus_folder

USE = "sell it, fine-tune, SaaS, outputs train our own model, 2M users, we are in Berlin"
QUESTION = "may we train our own model on the outputs of {}?"


def seconds(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def told(name: str, times: Iterable[float], baseline: float) -> float:
    found = sorted(times)
    median, last = statistics.median(found), found[int(0.95 * (len(found) - 1))]
    print(
        f"{name:34} {len(found):4} times  median {1000 * median:8.1f} ms  "
        f"p95 {1000 * last:8.1f} ms  {median / baseline:6.2f} : 1"
    )
    return median


def each_card(services: Services, request: str) -> list[float]:
    """Seconds that the request takes for each card with facts."""
    licenses = services.licenses

    def shown(typed: str) -> object:
        return shown_message(licenses.answer(typed), typed, licenses.fields)

    cards = [id for id, card in services.corpus.cards.items() if card.facts]
    return [seconds(lambda id=id: shown(request.format(id))) for id in cards]  # type: ignore[misc]


def main() -> None:
    """Print one line a deed; the ratio is to an answer without a chat model."""
    services = open_services(from_environment(os.environ))
    cards = [card for card in services.corpus.cards.values() if card.facts]
    services.warm_up()
    questions = [QUESTION.format(card.title) for card in cards]
    for each in questions:  # texts and forms of clauses stay in memory from now on
        services.answer(Question(each))
    asked = [seconds(lambda each=each: services.answer(Question(each))) for each in questions]  # type: ignore[misc]
    baseline = statistics.median(asked)
    told("ask", asked, baseline)
    told("license NAME, as Slack blocks", each_card(services, "{}"), baseline)
    told("license NAME restrictions", each_card(services, "{} restrictions"), baseline)
    told("license check NAME", each_card(services, "check {} --use " + USE), baseline)
    told("license compare NAME llama-4", each_card(services, "compare {}, llama-4"), baseline)
    told("license list", [seconds(services.licenses.listed) for _ in range(5)], baseline)
    with tempfile.TemporaryDirectory() as folder:
        memory = Path(folder) / "corpus.json"
        first = seconds(lambda: load_corpus(corpus_folder(), memory))
        later = [seconds(lambda: load_corpus(corpus_folder(), memory)) for _ in range(5)]
        told("loading the corpus, first", [first], baseline)
        told("loading the corpus, from memory", later, baseline)


if __name__ == "__main__":
    sys.exit(main())
