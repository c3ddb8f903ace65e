"""The reader of our own digests: which files it takes, and how it reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.domain import Kind, Snapshot, Source
from ingest.errors import CorpusError, MissingError, ReadError, RefusedError
from ingest.fetch import Fetcher
from ingest.readers.file import FileReader

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ARTICLE = """---
title: Acme opens its model a little
date: 2026-04-06
origins:
  - https://news.example/acme
---
# Acme opens its model a little

Acme says that it will publish weights.
"""
PATH = "articles/acme.md"
SOURCE = Source(
    id="acme/news",
    vendor="acme",
    title="Acme opens its model a little",
    kind=Kind.ARTICLE,
    reader="file",
    options={"path": PATH},
    url="https://news.example/acme",
    key="acme",
)


class Nothing:
    last: Snapshot | None = None

    def pinned(self, address: str) -> str | None:
        return None

    def seen(self, address: str) -> str | None:
        return None


class Held(Nothing):
    def __init__(self, last: Snapshot) -> None:
        self.last = last


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    (folder / "articles").mkdir(parents=True)
    (folder / PATH).write_text(ARTICLE)
    (tmp_path / "secret.md").write_text("not ours to show")
    return folder


@pytest.fixture
def reader(corpus: Path) -> FileReader:
    return FileReader(corpus)


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher(offline=True)


def snapshot(text: str) -> Snapshot:
    return Snapshot(SOURCE.id, f"file:{PATH}", "text/markdown", NOW, text.encode())


def test_a_file_is_fetched_without_the_network(reader: FileReader, fetcher: Fetcher) -> None:
    assert reader.fetch(SOURCE, fetcher, Nothing(), NOW) == [snapshot(ARTICLE)]


def test_an_unchanged_file_is_not_fetched_again(
    corpus: Path, reader: FileReader, fetcher: Fetcher
) -> None:
    known = Held(snapshot(ARTICLE))
    assert reader.fetch(SOURCE, fetcher, known, NOW) == []
    (corpus / PATH).write_text(ARTICLE + "\nAnd code.\n")
    (changed,) = reader.fetch(SOURCE, fetcher, known, NOW)
    assert changed.content.endswith(b"And code.\n")


def test_the_text_is_what_stands_below_the_front_matter(reader: FileReader) -> None:
    reading = reader.read(SOURCE, snapshot(ARTICLE))
    assert reading.text == (
        "# Acme opens its model a little\n\nAcme says that it will publish weights."
    )


def test_the_date_stands_in_the_front_matter_or_else_in_the_corpus(reader: FileReader) -> None:
    dated = replace(SOURCE, dated=date(2020, 1, 1))
    assert reader.read(dated, snapshot(ARTICLE)).published == date(2026, 4, 6)
    assert reader.read(dated, snapshot("---\ntitle: x\n---\nText")).published == dated.dated
    assert reader.read(dated, snapshot("Text")).published == dated.dated
    assert reader.read(SOURCE, snapshot("---\n---\nText")).published is None


@pytest.mark.parametrize(
    "head",
    ["date: yesterday", "date: 2026-02-30", "date:", "date: [2026-04-06]", "- date", "7", "a: [b"],
)
def test_front_matter_without_a_proper_date_names_the_file(reader: FileReader, head: str) -> None:
    with pytest.raises(ReadError, match=r"articles/acme\.md .*2026-04-06"):
        reader.read(SOURCE, snapshot(f"---\n{head}\n---\nText"))


@pytest.mark.parametrize("text", ["", "---\ndate: 2026-04-06\n---\n\n"])
def test_a_file_without_text_is_an_error(reader: FileReader, text: str) -> None:
    with pytest.raises(ReadError, match="no text"):
        reader.read(SOURCE, snapshot(text))


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["", "date: ", "!!"]))
def test_any_front_matter_is_read_or_refused(head: str, key: str) -> None:
    try:
        reading = FileReader(Path()).read(SOURCE, snapshot(f"---\n{key}{head}\n---\nText"))
    except ReadError:
        return
    assert reading.text.endswith("Text")


def test_good_options_pass(reader: FileReader) -> None:
    reader.check("acme/news", {"path": PATH})


def test_only_a_path_is_an_option(reader: FileReader) -> None:
    for options in ({}, {"path": PATH, "member": "x"}, {"file": PATH}):
        with pytest.raises(CorpusError, match=r"acme/news: options.*allowed: path"):
            reader.check("acme/news", options)


@pytest.mark.parametrize(
    "path",
    [
        *("", ".", "articles", "articles/gone.md", "../secret.md", "articles/../../secret.md"),
        *("articles/../articles/acme.md", "./articles/acme.md", "articles//acme.md"),
        *("a\\b.md", "x\0.md"),
    ],
)
def test_a_path_outside_the_corpus_or_to_no_file_is_refused(reader: FileReader, path: str) -> None:
    with pytest.raises(CorpusError) as caught:
        reader.check("acme/news", {"path": path})
    assert f"options.path is {path!r}; allowed:" in str(caught.value)


def test_an_absolute_path_and_a_link_that_leads_outside_are_refused(
    corpus: Path, reader: FileReader
) -> None:
    (corpus / "articles/link.md").symlink_to(corpus.parent / "secret.md")
    for path in (str(corpus / PATH), "articles/link.md"):
        with pytest.raises(CorpusError, match="allowed: the path of a file inside"):
            reader.check("acme/news", {"path": path})


def test_a_file_that_is_gone_or_barred_says_so(
    corpus: Path, reader: FileReader, fetcher: Fetcher
) -> None:
    (corpus / PATH).unlink()
    with pytest.raises(MissingError, match=r"articles/acme\.md is not there"):
        reader.fetch(SOURCE, fetcher, Nothing(), NOW)
    (corpus / PATH).mkdir()
    with pytest.raises(RefusedError, match="cannot be read"):
        reader.fetch(SOURCE, fetcher, Nothing(), NOW)
