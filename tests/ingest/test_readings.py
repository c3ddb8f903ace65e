"""Readings: written by a program, read back the same, checked like everything in corpus/."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.clauses import split
from ingest.errors import CorpusError
from ingest.facts import Pointer
from ingest.readings import Reading, digest, load_readings, write_reading

ONE = Pointer("acme/license", "1.b: the odd, one", "“quoted”, and # more")
TWO = Pointer("acme/license", "2", "north of")
READ = Reading(date(2026, 11, 25), {TWO: "0" * 16, ONE: "0123456789abcdef"})


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = write_reading(tmp_path, "rocket", READ)
    assert path == tmp_path / "readings" / "rocket.yml"
    assert load_readings(tmp_path, {"rocket"}) == {"rocket": READ}


def test_a_later_reading_takes_the_place_of_the_last(tmp_path: Path) -> None:
    write_reading(tmp_path, "rocket", READ)
    later = Reading(date(2026, 12, 1), {TWO: "f" * 16})
    write_reading(tmp_path, "rocket", later)
    assert load_readings(tmp_path, {"rocket"})["rocket"] == later


def test_a_corpus_without_readings_has_none(tmp_path: Path) -> None:
    assert load_readings(tmp_path, {"rocket"}) == {}


def test_a_reading_keeps_no_words_of_the_text(tmp_path: Path) -> None:
    (clause,) = split("1. Range. Rockets fly far beyond the northern shore.")
    path = write_reading(tmp_path, "rocket", Reading(READ.read, {TWO: digest(clause)}))
    assert "shore" not in path.read_text()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("read: 2026-11-25\n", "clauses is missing"),
        ("read: yesterday\nclauses: []\n", "read is 'yesterday'; allowed: "),
        (
            "read: 2026-11-25\nclauses: [{source: a, section: b, term: c, words: xyz}]\n",
            "clauses[0].words is 'xyz'; allowed: ",
        ),
        (
            "read: 2026-11-25\nclauses: [{source: a, section: b, term: c}]\n",
            "clauses[0].words is missing",
        ),
    ],
)
def test_a_broken_reading_is_refused_with_file_key_and_reason(
    tmp_path: Path, content: str, sentence: str
) -> None:
    (tmp_path / "readings").mkdir()
    (tmp_path / "readings" / "rocket.yml").write_text(content)
    with pytest.raises(CorpusError) as told:
        load_readings(tmp_path, {"rocket"})
    assert str(told.value).startswith("corpus/readings/rocket.yml")
    assert sentence in str(told.value)


def test_a_reading_of_no_card_is_refused(tmp_path: Path) -> None:
    write_reading(tmp_path, "rocket", READ)
    with pytest.raises(CorpusError, match=r"readings/rocket.yml belongs to no card"):
        load_readings(tmp_path, {"other"})


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "readings").write_text("a file in the way")
    with pytest.raises(CorpusError, match="cannot be written"):
        write_reading(tmp_path, "rocket", READ)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1. Range. Rockets fly far.", "7. Range. Rockets fly far.", True),
        ("1. Range. Rockets fly far.", "1. Range. Rockets **fly** far.", True),
        ("1. Range. Rockets fly far.", "1. Range. Rockets fly near.", False),
        ("1. Range. At most 20 days.", "1. Range. At most 30 days.", False),
    ],
)
def test_a_digest_names_the_words_and_neither_number_nor_marks(
    one: str, other: str, same: bool
) -> None:
    assert (digest(split(one)[0]) == digest(split(other)[0])) is same
