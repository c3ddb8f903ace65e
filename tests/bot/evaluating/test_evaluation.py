"""Evaluating over a real index: the same questions to us and to the plain recipe."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from bot.domain import Question
from bot.evaluating.evaluation import evaluate, is_verbatim
from bot.evaluating.plain import PlainRecipe
from bot.evaluating.questions import Case, Evidence
from ingest.embedding import Embedder
from tests.bot.pretend_library import NOW, World, indexed

LIMIT = Evidence("acme/rocket-2", "40 million monthly active users", frozenset({"acme/rocket-2"}))
CASES = [
    Case(
        "q1",
        "f",
        "how many users may rocket 2 have before we are too big?",
        "threshold",
        (
            Evidence(
                "acme/rocket-2", "40 million monthly active users", frozenset({"acme/rocket-2"})
            ),
        ),
    ),
    Case("q2", "f", "what does kestrel pro cost?", "other vendor"),
]


@pytest.fixture(scope="module")
def world(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> World:
    return indexed(tmp_path_factory.mktemp("world"), embedder)


def test_questions_are_asked_one_by_one_and_measured(
    world: World, embedder: Embedder, tmp_path: Path
) -> None:
    answerer = world.answerer()
    plain = PlainRecipe.of(world.archive.current_versions().values(), embedder, tmp_path)
    told: list[tuple[int, int]] = []
    found = evaluate(
        CASES,
        lambda question: answerer.answer(question, NOW.date()),
        answerer.library,
        count(0, 0.5).__next__,
        plain,
        lambda done, of: told.append((done, of)),
    )
    assert told == [(1, 2), (2, 2)]
    first, second = found.results
    assert first.rank == 1
    assert first.cited
    assert second.declined
    assert [each.seconds for each in found.results] == [0.5, 0.5]
    assert found.whole.valid == 1.0
    assert found.plain is not None
    assert found.plain[0] is not None
    assert found.plain[1] is None
    assert found.failures() == []


def test_the_plain_recipe_embeds_once_and_finds_the_same_again(
    world: World, embedder: Embedder, tmp_path: Path
) -> None:
    versions = list(world.archive.current_versions().values())
    once = PlainRecipe.of(versions, embedder, tmp_path)
    (kept,) = (tmp_path / "evaluation").iterdir()
    written = kept.stat().st_mtime_ns
    again = PlainRecipe.of(versions, embedder, tmp_path)
    assert kept.stat().st_mtime_ns == written
    assert once.search("monthly users") == again.search("monthly users")


def test_a_quote_is_verbatim_in_the_very_version_or_it_is_not(world: World) -> None:
    answerer = world.answerer()
    told = answerer.answer(Question("how many users may rocket 2 have?"), NOW.date())
    citation = told.citations[0]
    assert is_verbatim(citation, answerer.library)
    altered = [
        replace(citation, quote=citation.quote.replace("million", "billion")),
        replace(citation, version=replace(citation.version, sha256="0" * 64)),
        replace(citation, version=replace(citation.version, number=99)),
        replace(citation, source="acme/use-policy"),
    ]
    assert not any(is_verbatim(each, answerer.library) for each in altered)
