"""Topics: between the words that people type and the words of the texts."""

from __future__ import annotations

from bot.topics import Topics
from ingest.vocabulary import Topic

TOPICS = Topics(
    {
        "name": Topic(
            "name", "Name", ("call our finetune", "use policy"), ("beginning of its name",), True
        ),
        "law": Topic("law", "Law", ("sue",), ("courts", "exclusive jurisdiction"), False),
    }
)


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


def test_what_texts_say_on_the_topics_of_a_question() -> None:
    assert TOPICS.said("may we sue") == "courts exclusive jurisdiction"
    assert TOPICS.said("nothing of that kind") == ""


def test_only_decisive_topics_are_shown_for_a_licence() -> None:
    assert TOPICS.decisive() == {"name": "Name"}


def test_a_word_of_any_phrase_is_known_in_any_form() -> None:
    assert TOPICS.has("courts")
    assert TOPICS.has("finetuned")
    assert not TOPICS.has("weather")
