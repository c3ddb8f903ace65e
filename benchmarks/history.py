"""How much the history of the hosted services' terms costs: run, fill in, run again, ask.

Follows every source of the collection ``genai-eu-terms`` through the real manifest into a new
folder. Where the repository cannot be reached, point git at a copy of it:

    GIT_CONFIG_COUNT=1 \\
    GIT_CONFIG_KEY_0=url.PATH/genai-terms.bundle.insteadOf \\
    GIT_CONFIG_VALUE_0=https://github.com/OpenTermsArchive/genai-eu-versions \\
    .venv/bin/python benchmarks/history.py

Each figure stands beside what it is to be compared with: passages of all versions beside those
that were embedded, the first run beside the second.
"""

from __future__ import annotations

import hashlib
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from bot.domain import Question
from bot.following import Following
from bot.settings import from_environment
from bot.wiring import Services, open_services

REPOSITORY = "https://github.com/OpenTermsArchive/genai-eu-versions"
QUESTION = "As of {day}, how long does DeepSeek's open platform say a change of its terms waits?"
T = TypeVar("T")


def timed(what: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    return what(), time.perf_counter() - began


def megabytes(folder: Path) -> float:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) / 1e6


def told(services: Services, sources: list[str]) -> None:
    """Versions, clauses and passages, and how many of them differ."""
    stands = services.archive.stands(sources)
    versions = clauses = passages = 0
    texts: set[str] = set()
    keys: set[str] = set()
    for source, found in stands.items():
        for stand in found:
            versions += 1
            held = services.archive.clauses(source, stand.number)
            clauses += len(held)
            texts |= {hashlib.sha256(each.text.encode()).hexdigest() for each in held}
            chunks = services.serving.chunks(source, [stand.number])
            passages += len(chunks)
            keys |= {each.key for each in chunks}
    refused = sum(len(services.archive.refusals(each)) for each in sources)
    print(f"{len(stands)} documents, {versions} versions, {refused} states refused")
    print(f"{clauses} clauses, {len(texts)} of them different ({clauses / len(texts):.1f} : 1)")
    print(f"{passages} passages, {len(keys)} of them embedded ({passages / len(keys):.1f} : 1)")


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        services = open_services(from_environment({**os.environ, "SMALLPRINT_HOME": home}))
        sources = [
            each.id
            for each in services.corpus.manifest.sources.values()
            if each.options.get("repository") == REPOSITORY
        ]
        following = Following(services)
        services.ingestion()  # exports the model, which is no part of this
        report, first = timed(lambda: following.ingest(sources))
        filled, filling = timed(lambda: following.fill(sources))
        _, again = timed(lambda: (following.ingest(sources), following.fill(sources)))
        print(f"newest texts served after {first:.1f} s ({report.embedded} passages embedded)")
        print(f"history filled in after {filling:.1f} s more ({filled.embedded} embedded)")
        print(f"a second run of both: {again:.1f} s, 1 : {(first + filling) / again:.0f}")
        told(services, sources)
        database = sum(each.stat().st_size for each in Path(home).glob("smallprint.db*")) / 1e6
        print(f"database {database:.0f} MB, index {megabytes(Path(home) / 'index'):.0f} MB")
        for day in (date(2026, 4, 10), date(2026, 5, 10)):
            asked = Question(QUESTION.format(day=day))
            _, slow = timed(lambda asked=asked: services.answer(asked))  # type: ignore[misc]
            _, fast = timed(lambda asked=asked: services.answer(asked))  # type: ignore[misc]
            print(f"as of {day}: {slow * 1e3:.0f} ms at first, {fast * 1e3:.0f} ms again")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
            1e6 if sys.platform == "darwin" else 1e3
        )
        print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
