"""The memory of parsed files: never older than the files, never in the way."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from bot.wiring import load_corpus
from ingest.errors import CorpusError
from ingest.manifest import corpus_folder
from ingest.parsed import ParsedFiles
from tests.ingest.pretend_corpus import ROCKET, edited, write_corpus

CONTENT = {"read": date(2026, 11, 25), "names": ["a", 3.1, None, True], "inner": {"x": 1}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "one.yml"
    path.write_text("x: 1")
    return path


def kept(memory: Path, file: Path, content: object = CONTENT) -> None:
    parsed = ParsedFiles(memory)
    parsed.put(file, content)
    parsed.save()


def test_what_was_parsed_is_had_again(tmp_path: Path, file: Path) -> None:
    kept(tmp_path / "memory.json", file)
    assert ParsedFiles(tmp_path / "memory.json").get(file) == CONTENT


def test_a_file_that_was_changed_is_not_remembered(tmp_path: Path, file: Path) -> None:
    kept(tmp_path / "memory.json", file)
    stamp = file.stat().st_mtime_ns
    file.write_text("x: 2")
    os.utime(file, ns=(stamp + 1, stamp + 1))
    assert ParsedFiles(tmp_path / "memory.json").get(file) is None


def test_a_file_that_is_gone_is_forgotten(tmp_path: Path, file: Path) -> None:
    kept(tmp_path / "memory.json", file)
    file.unlink()
    assert ParsedFiles(tmp_path / "memory.json").get(file) is None


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"x": {"!date": "no day"}}', "\x00"])
def test_a_damaged_memory_is_empty(tmp_path: Path, file: Path, damage: str) -> None:
    (tmp_path / "memory.json").write_text(damage)
    assert ParsedFiles(tmp_path / "memory.json").get(file) is None
    kept(tmp_path / "memory.json", file)
    assert ParsedFiles(tmp_path / "memory.json").get(file) == CONTENT


def test_a_memory_that_cannot_be_written_is_no_harm(tmp_path: Path, file: Path) -> None:
    (tmp_path / "taken").write_text("a file in the way")
    kept(tmp_path / "taken" / "memory.json", file)


def test_without_a_file_nothing_is_remembered(file: Path) -> None:
    parsed = ParsedFiles()
    parsed.put(file, CONTENT)
    parsed.save()
    assert parsed.get(file) is None


def test_a_corpus_comes_out_the_same_from_memory(tmp_path: Path) -> None:
    memory = tmp_path / "corpus.json"
    fresh = load_corpus(corpus_folder())
    first = load_corpus(corpus_folder(), memory)
    again = load_corpus(corpus_folder(), memory)
    for loaded in (first, again):
        assert loaded.cards == fresh.cards
        assert loaded.manifest == fresh.manifest
        assert loaded.vocabulary == fresh.vocabulary
        assert loaded.readings == fresh.readings


def test_a_mistake_made_after_the_first_start_is_found_at_the_next(tmp_path: Path) -> None:
    corpus, memory = write_corpus(tmp_path), tmp_path / "corpus.json"
    load_corpus(corpus, memory)
    broken = edited(ROCKET, "kind: licence", "kind: license")
    (corpus / "cards" / "rocket.yml").write_text(broken)
    with pytest.raises(CorpusError, match="kind is 'license'"):
        load_corpus(corpus, memory)
