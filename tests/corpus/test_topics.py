"""The topics of the corpus: known by what people type, and by no word that says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.topics import Topics
from bot.words import stems
from ingest.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary(Path(__file__).parents[2] / "corpus")
TOPICS = Topics(VOCABULARY.topics)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("we got hacked on their side, when do they tell us?", "breach-notice"),
        ("my card was charged twice", "billing"),
        ("which subcontractors see our data?", "subprocessors"),
        ("may they list us as a reference?", "publicity"),
        ("a bigger firm bought us out, does the contract move along?", "assignment"),
        ("could our own auditors have a look?", "audits"),
        ("will they defend us in a copyright suit?", "indemnity"),
        ("may we white-label it?", "resale"),
        ("is there an SLA?", "service-levels"),
        ("can a bot reject cvs?", "automated-decisions"),
        ("does our subsidiary need a licence of its own?", "affiliates"),
        ("do they hold an iso certificate?", "security"),
    ],
)
def test_a_topic_is_known_by_what_people_type(question: str, topic: str) -> None:
    assert topic in TOPICS.asked_in(question)


@pytest.mark.parametrize("question", ["what about it?", "tell me more", "is that so", "and us?"])
def test_a_question_that_says_nothing_has_no_topic(question: str) -> None:
    assert TOPICS.asked_in(question) == []


@pytest.mark.parametrize("id", VOCABULARY.topics)
def test_every_phrase_that_people_type_has_a_telling_word(id: str) -> None:
    assert [each for each in VOCABULARY.topics[id].asked if not stems(each)] == []
