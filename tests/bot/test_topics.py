"""Topics: between the words that people type and the words of the texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.topics import Topics, Vector, run
from ingest.facts import FactLine
from ingest.vocabulary import Topic

BY_ID = {
    "name": Topic(
        "name", "Name", ("call our finetune", "use policy"), ("beginning of its name",), True
    ),
    "law": Topic("law", "Law", ("sue",), ("courts", "exclusive jurisdiction"), False),
}
TOPICS = Topics(BY_ID)
EAST = np.array([1, 0, 0], dtype=np.float32)
NORTH = np.array([0, 1, 0], dtype=np.float32)
UP = np.array([0, 0, 1], dtype=np.float32)


def with_vectors(**vectors: Vector) -> Topics:
    """The topics, with a vector for each that is named."""
    known = {BY_ID[id].line.key: vector for id, vector in vectors.items()}

    def find(lines: Sequence[FactLine]) -> list[Vector | None]:
        return [known.get(each.key) for each in lines]

    return Topics(BY_ID, find)


def test_a_topic_is_asked_in_any_order_and_form() -> None:
    assert TOPICS.asked_in("our finetunes: what do we call them?") == ["name"]
    assert TOPICS.asked_in("who sues whom") == ["law"]


def test_a_topic_needs_every_word_of_a_phrase_even_a_small_one() -> None:
    assert TOPICS.asked_in("finetune") == []
    assert TOPICS.asked_in("what is your policy") == []
    assert TOPICS.asked_in("the use policy") == ["name"]


def test_a_text_speaks_to_a_topic_by_a_phrase_word_after_word() -> None:
    assert TOPICS.written_in("at the beginning of its names").keys() == {"name"}
    assert TOPICS.written_in("its name, at the beginning") == {}
    assert TOPICS.written_in("Exclusive jurisdiction of the court").keys() == {"law"}


def test_the_phrases_of_several_topics_come_once_each_in_their_order() -> None:
    assert TOPICS.phrases(["law", "name", "law"]) == [
        "courts",
        "exclusive jurisdiction",
        "beginning of its name",
    ]
    assert TOPICS.phrases([]) == []


def test_where_no_phrase_is_known_the_nearest_topic_is_meant() -> None:
    topics = with_vectors(name=EAST, law=NORTH)
    assert topics.about("who hears a quarrel", NORTH) == ["law"]
    assert topics.about("who hears a quarrel", EAST) == ["name"]


def test_a_known_phrase_outweighs_the_meaning() -> None:
    assert with_vectors(name=EAST, law=NORTH).about("whom do we sue", EAST) == ["law"]


def test_a_question_that_is_like_no_topic_is_about_none() -> None:
    assert with_vectors(name=EAST, law=NORTH).about("what is the weather", UP) == []


@pytest.mark.parametrize("topics", [TOPICS, with_vectors(), with_vectors(law=NORTH)])
def test_without_its_vector_a_topic_is_told_by_words_alone(topics: Topics) -> None:
    assert topics.about("who hears a quarrel", EAST) == []
    assert topics.about("who hears a quarrel", None) == []
    assert topics.about("whom do we sue", None) == ["law"]


def test_a_text_speaks_to_a_share_of_the_topics_asked() -> None:
    text = run("The courts of Berlin have exclusive jurisdiction.")
    assert TOPICS.share(["law"], text) == 1.0
    assert TOPICS.share(["law", "name"], text) == 0.5
    assert TOPICS.share([], text) == 0.0


@given(st.text(), st.text())
def test_any_text_may_be_asked_and_read(question: str, text: str) -> None:
    asked = TOPICS.about(question, NORTH)
    assert set(asked) <= BY_ID.keys()
    assert 0.0 <= TOPICS.share(asked, run(text)) <= 1.0


def test_only_decisive_topics_are_shown_for_a_licence() -> None:
    assert TOPICS.decisive() == {"name": "Name"}


def test_a_word_of_any_phrase_is_known_in_any_form() -> None:
    assert TOPICS.has("courts")
    assert TOPICS.has("finetuned")
    assert not TOPICS.has("weather")
