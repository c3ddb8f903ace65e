"""The vocabulary: topics in the words of people and of texts, and what is not covered here."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import CorpusError
from ingest.vocabulary import Topic, Vocabulary, load_vocabulary
from tests.ingest.pretend_corpus import VOCABULARY, edited, write_corpus


def test_topics_and_products_elsewhere_are_loaded(tmp_path: Path) -> None:
    assert load_vocabulary(write_corpus(tmp_path)) == Vocabulary(
        topics={
            "noise": Topic("noise", "Noise", ("how loud", "decibels"), ("sound pressure",), True)
        },
        elsewhere={"Glider": ("glider", "acme glider")},
    )


BROKEN = [
    ("id: noise", "id: Noise", "topics[0].id is 'Noise'; allowed: lower-case letters"),
    ("label: Noise", "lable: Noise", "topics[0].label is missing"),
    (
        "decisive: true",
        "decisive: maybe",
        "topics[0].decisive is 'maybe'; allowed: a valid boolean",
    ),
    (
        "how loud",
        "How loud",
        "topics[0].asked[0] is 'How loud'; allowed: 1 to 6 words in lower case",
    ),
    ("sound pressure", "one two three four five six seven", "allowed: 1 to 6 words in lower case"),
    ("[sound pressure]", "[]", "topics[0].written: allowed: at least one phrase"),
    (
        "[how loud, decibels]",
        "[how loud, how loud]",
        "topics[0].asked: allowed: at least one phrase, each of them once",
    ),
    (
        "elsewhere:",
        "  - {id: noise, label: N, asked: [a], written: [b], decisive: false}\nelsewhere:",
        "topics[1].id is 'noise' a second time",
    ),
    ("[glider, acme glider]", "[]", "elsewhere.Glider is empty"),
    ("  Glider:", "  Kite: [Glider]\n  Glider:", "elsewhere.Glider has 'glider', which Kite has"),
    ("  Glider:", "  Glider: [x]\n  Glider:", "the key 'Glider' stands twice"),
    ("elsewhere:", "else:", "elsewhere is missing"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), BROKEN)
def test_a_broken_vocabulary_is_refused_with_file_key_and_reason(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    corpus = write_corpus(tmp_path, {"vocabulary.yml": edited(VOCABULARY, old, new)})
    with pytest.raises(CorpusError) as told:
        load_vocabulary(corpus)
    assert str(told.value).startswith("corpus/vocabulary.yml")
    assert sentence in str(told.value)
