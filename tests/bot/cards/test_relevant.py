"""Facts of cards in answers: those on the topic lead, with their clauses cited."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.chain import Answerer
from bot.domain import Answer, AnswerStatus, Question
from ingest.cards import fact_lines
from ingest.clauses import split
from ingest.domain import Origin, Reading, Snapshot
from ingest.embedding import Embedder
from ingest.vectors import Vectors
from tests.bot.pretend_facts import FACTED, FACTS_VOCABULARY, READINGS
from tests.bot.pretend_library import NOW, TEXTS, World, indexed

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> World:
    return indexed(tmp_path_factory.mktemp("facts"), embedder)


def answerer(world: World) -> Answerer:
    return world.answerer(cards=FACTED, vocabulary=FACTS_VOCABULARY, readings=READINGS)


def asked(world: World, question: str, as_of: date | None = None) -> Answer:
    return answerer(world).answer(Question(question, as_of), TODAY)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("may we finetune rocket 2?", "You may change it."),
        ("how many users may rocket 2 have before we are too big?", "Above 40 million monthly"),
        ("who owns the outputs of rocket 2?", "Acme claims no rights in what the model writes."),
        ("can a German company use rocket 2?", "Companies with their seat in the EEA"),
        ("may rocket 2 steer an aircraft?", "Steering aircraft and aiming weapons are forbidden."),
        ("may we enter customer data into zenith chat free?", "Zenith trains on it unless you"),
    ],
)
def test_the_fact_on_the_topic_leads_and_cites_its_clause(
    world: World, question: str, says: str
) -> None:
    told = asked(world, question)
    assert told.status is AnswerStatus.ANSWERED
    assert says in told.text.partition("] ")[0]
    assert told.facts[0].says.startswith(says)
    assert told.citations[0] in told.facts[0].citations
    assert told.citations[0].quote in TEXTS[told.citations[0].source]
    assert "[1]" in told.text


def test_no_clause_is_cited_twice(world: World) -> None:
    told = asked(world, "how many users may rocket 2 have before we are too big?")
    places = [(each.source, each.quote) for each in told.citations]
    assert len(set(places)) == len(places)
    for one in told.citations:
        for other in told.citations:
            assert one is other or one.quote not in other.quote


def test_a_fact_of_another_plan_stays_out_once_a_plan_is_named(world: World) -> None:
    told = asked(world, "may we enter customer data into zenith chat pro?")
    assert "unless you opt out" not in " ".join(each.says for each in told.facts)


def test_a_question_on_nothing_that_a_card_says_has_no_facts(world: World) -> None:
    assert asked(world, "which notes to readers has rocket 2?").facts == ()


def test_a_question_that_names_no_card_has_no_facts(world: World) -> None:
    assert asked(world, "which court decides disputes?").facts == ()


def test_facts_print_as_json(world: World) -> None:
    told = asked(world, "may we finetune rocket 2?").to_json()
    assert told["facts"][0].keys() >= {"field", "value", "says", "status", "source", "clause"}
    assert told["facts"][0]["source"] == "acme/rocket-2"


def test_a_stale_fact_is_named_and_leads_nothing(tmp_path: Path, embedder: Embedder) -> None:
    world = indexed(tmp_path, embedder)
    text = TEXTS["acme/rocket-2"].strip().replace("40 million", "30 million")
    later = NOW + timedelta(days=1)
    snapshot = Snapshot("acme/rocket-2", "shelf:2", "text/plain", later, text.encode())
    world.archive.record(snapshot, Reading(text), Origin.PUBLISHED, "shelf-1", split(text))
    told = asked(world, "how many users may rocket 2 have before we are too big?")
    assert "40 million" not in told.text
    assert any("is not relied on" in each for each in told.notices)
    unchanged = asked(world, "who owns the outputs of rocket 2?")
    assert unchanged.text.startswith("Acme claims no rights")
    assert "[1]" in unchanged.text


def test_a_fact_that_lacks_its_vector_is_compared_as_soon_as_it_has_one(
    tmp_path: Path, embedder: Embedder
) -> None:
    world = indexed(tmp_path, embedder)
    asking = answerer(world)
    question = Question("who owns the outputs of rocket 2?", TODAY)
    before = asking._retriever.found(question, TODAY).ranked
    lines = fact_lines(FACTED.values(), FACTS_VOCABULARY.facts)
    Vectors(world.archive, embedder).make(lines)  # as another process would
    after = asking._retriever.found(question, TODAY).ranked
    assert sum(each.score for each in after) > sum(each.score for each in before)


def test_as_of_a_day_facts_are_those_that_held_then(world: World) -> None:
    told = asked(world, "may we finetune rocket 2?", NOW.date())
    assert told.facts[0].says == "You may change it."
