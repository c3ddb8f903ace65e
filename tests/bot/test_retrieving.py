"""What is found is kept while nothing moves, and looked for again when something does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.cards.facts import Facts
from bot.cards.relevant import FactFinder
from bot.citing import Library
from bot.domain import Question
from bot.reach import Reacher
from bot.retrieving import LineVectors, Retriever
from bot.scope import ScopeFinder
from bot.topics import Topics
from ingest.embedding import Embedder
from ingest.facts import FactLine
from ingest.prover import Prover
from ingest.serving import Serving
from ingest.vectors import Vectors
from tests.bot.pretend_facts import FACTED, FACTS_VOCABULARY, READINGS
from tests.bot.pretend_library import MANIFEST, NOW, Shelf, World, indexed

TODAY = NOW.date()
ASKED = Question("may we finetune rocket 2?")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> World:
    return indexed(tmp_path_factory.mktemp("retrieving"), embedder)


@pytest.fixture
def retriever(world: World) -> Retriever:
    library = Library(world.archive, MANIFEST)
    facts = Facts(Prover(world.archive, MANIFEST, READINGS), library, FACTS_VOCABULARY.facts)
    lines = LineVectors(world.archive, lambda: world.index)
    topics = Topics(FACTS_VOCABULARY.topics, lines)
    serving = Serving(MANIFEST, {"shelf": Shelf()}, world.archive)  # type: ignore[dict-item]
    return Retriever(
        world.archive,
        lambda: world.index,
        ScopeFinder(FACTED, MANIFEST, FACTS_VOCABULARY),
        Reacher(world.archive, MANIFEST, serving, lambda: world.index),
        FactFinder(facts, FACTED, topics, lines),
        topics,
    )


def test_the_same_question_is_searched_once(retriever: Retriever) -> None:
    assert retriever.found(ASKED, TODAY) is retriever.found(Question(ASKED.text), TODAY)


def test_another_day_is_another_question(retriever: Retriever) -> None:
    first = retriever.found(ASKED, TODAY)
    assert retriever.found(ASKED, TODAY + timedelta(days=1)) is not first


def test_a_question_on_the_past_is_searched_each_time(retriever: Retriever) -> None:
    asked = Question(ASKED.text, date(2026, 11, 25))
    assert retriever.found(asked, TODAY) is not retriever.found(asked, TODAY)


def test_a_new_generation_is_searched_anew(
    retriever: Retriever, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = retriever.found(ASKED, TODAY)
    monkeypatch.setattr(world.archive, "generation", lambda: None)
    assert retriever.found(ASKED, TODAY) is not first


def test_the_clauses_of_the_nearest_facts_are_among_the_passages(retriever: Retriever) -> None:
    found = retriever.found(ASKED, TODAY)
    nearest = found.ranked[0].fact.citations[0]
    assert any(
        each.chunk.source == nearest.source and each.chunk.start <= nearest.start < each.chunk.end
        for each in found.passages
    )
    assert found.facts[0].fact.says == found.ranked[0].fact.says


def test_a_line_without_a_vector_is_found_by_words_alone(world: World, embedder: Embedder) -> None:
    lines = [FactLine.of("Label", "wording", each) for each in ("One says this.", "Two that.")]
    Vectors(world.archive, embedder).make(lines[:1])
    first, second = LineVectors(world.archive, lambda: world.index)(lines)
    assert first is not None
    assert len(first) == embedder.dimension
    assert second is None
