"""How long answers take and what memory, beside the embedder and the plain recipe.

Runs over the home that ``SMALLPRINT_HOME`` names (default ``var``), which must have been ingested:

    .venv/bin/python benchmarks/answering.py                 # the documents themselves
    .venv/bin/python benchmarks/answering.py --chunks 100000 # as many searchable chunks, made up

Absolute times are those of the machine at hand; the ratios are against embedding one question.
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
import numpy as np

from bot.domain import Question
from bot.evaluating.plain import PlainRecipe
from bot.evaluating.questions import Case, load_cases
from bot.settings import from_environment
from bot.wiring import Services, open_services
from ingest import index
from ingest.domain import Chunk
from ingest.generations import Vector
from ingest.index import Index
from ingest.manifest import corpus_folder

COLD = [sys.executable, "-m", "bot.cli", "ask", "does llama 4 allow commercial use?"]
NOISE = 0.3  # length of the noise on a made-up vector, whose own length is 1


def timed(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def each_of(cases: Iterable[Case], what: Callable[[Case], object]) -> list[float]:
    """Seconds that ``what`` takes for each of ``cases``."""
    found = []
    for case in cases:
        began = time.perf_counter()
        what(case)
        found.append(time.perf_counter() - began)
    return found


def told(name: str, times: Iterable[float], baseline: float) -> None:
    found = sorted(times)
    p95, p99 = (found[int(share * (len(found) - 1))] for share in (0.95, 0.99))
    median = statistics.median(found)
    print(
        f"{name:40} {len(found):4}  median {1000 * median:7.1f} ms  p95 {1000 * p95:7.1f}  "
        f"p99 {1000 * p99:7.1f}  {median / baseline:6.2f} : 1"
    )


def resident() -> str:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return f"{pages * resource.getpagesize() >> 20} MB resident, {most} MB at most"


def questions(services: Services) -> list[Case]:
    files = sorted((corpus_folder() / "questions").glob("*.jsonl"))
    return [each for each in load_cases(files, services.corpus.manifest) if each.answerable]


def answers(services: Services) -> None:
    cases = questions(services)
    embed = services.embedder.embed_query
    services.warm_up()
    embedding = each_of(cases, lambda case: embed(case.question))
    baseline = statistics.median(embedding)
    told("embedding a question", embedding, baseline)

    def ask(case: Case) -> object:
        return services.answer(Question(case.question))

    told("answers, each asked for the first time", each_of(cases, ask), baseline)
    told("the same questions again", each_of(cases, ask), baseline)
    varied = [replace(each, question=f"{each.question} please") for each in cases]
    told("alike questions, cards known by then", each_of(varied, ask), baseline)
    plain = PlainRecipe.of(services.serving.documents(), services.embedder, services.home)
    told("the plain recipe", each_of(cases, lambda case: plain.search(case.question)), baseline)
    print(resident())
    told("first answer of a new process", [timed(cold) for _ in range(5)], baseline)


def cold() -> None:
    subprocess.run(COLD, env=os.environ, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


class MadeUp:
    """Vectors near to those of real chunks, so that many are about as near as real ones are."""

    def __init__(self, real: Mapping[str, Vector], keys: Mapping[str, str]) -> None:
        self._real = real
        self._keys = keys  # key of a made-up chunk → that of the real one it resembles
        self._random = np.random.default_rng(1)

    def vectors(self, _embedder: str, keys: Iterable[str]) -> dict[str, Vector]:
        return {key: self._near(self._real[self._keys[key]]) for key in keys}

    def _near(self, vector: Vector) -> Vector:
        noise = self._random.normal(size=vector.shape).astype(np.float32)
        moved = vector + NOISE * noise / np.linalg.norm(noise)
        found: Vector = (moved / np.linalg.norm(moved)).astype(np.float32)
        return found


def made_up(chunks: Sequence[Chunk], count: int) -> tuple[list[Chunk], dict[str, str]]:
    """``count`` chunks in shuffled words of real ones, spread over as many sources as they need."""
    order = random.Random(1)  # noqa: S311
    made, keys = [], {}
    for number in range(count):
        real = chunks[number % len(chunks)]
        copy = number // len(chunks)
        words = real.text.split()
        order.shuffle(words)
        each = replace(
            real,
            id=f"{real.id}~{copy}",
            source=real.source if copy == 0 else f"{real.source}~{copy}",
            text=real.text if copy == 0 else " ".join(words),
        )
        made.append(each)
        keys[each.key] = real.key
    return made, keys


def scale(services: Services, count: int) -> None:
    real = services.serving.now()
    vectors = services.archive.vectors(services.embedder.name, {each.key for each in real})
    chunks, keys = made_up(real, count)
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        built = index.build(
            MadeUp(vectors, keys), chunks, services.embedder, Path(home), datetime.now(UTC)
        )
        print(f"building {count:,} chunks: {time.perf_counter() - began:.0f} s, {resident()}")
        del chunks
        opened = Index.open(built, services.embedder, Path(home))
        opened.check()
        cases = questions(services)
        embed = services.embedder.embed_query
        baseline = statistics.median(each_of(cases, lambda case: embed(case.question)))
        everything = each_of(cases, lambda case: opened.search(case.question, None, 12))
        told(f"searching all {count:,} chunks", everything, baseline)
        inside = each_of(
            cases,
            lambda case: opened.search(case.question, sorted(case.evidence[0].sources), 12),
        )
        told("searching inside one document", inside, baseline)
        print(resident())


@click.command()
@click.option("--chunks", type=int, help="Search that many made-up chunks instead.")
def main(chunks: int | None) -> None:
    services = open_services(from_environment(os.environ))
    if chunks is None:
        answers(services)
    else:
        scale(services, chunks)


if __name__ == "__main__":
    main()
