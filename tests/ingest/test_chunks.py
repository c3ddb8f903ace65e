"""How clauses are gathered into the passages that are embedded and found."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clauses import chunk, split
from ingest.domain import Chunk, Kind, Origin, Source, Version
from tests.ingest.test_clauses import TEXTS

SOURCE = Source(
    id="acme/licence",
    vendor="acme",
    title="Acme Community Licence",
    kind=Kind.LICENCE,
    reader="file",
    options={},
    url="https://acme.example/licence",
    key="acme-licence",
)
ITEMS = [
    f"use outputs for purpose number {n}, which is one of many that we forbid" for n in range(60)
]


def chunks_of(text: str) -> list[Chunk]:
    version = Version(
        source=SOURCE.id,
        number=3,
        text=text,
        sha256=hashlib.sha256(text.encode(errors="replace")).hexdigest(),
        origin=Origin.FIRST,
        reader="file-1",
        address="file:acme",
        published=None,
        effective=None,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        seen_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return chunk(SOURCE, version, split(text), "Acme Corp")


def prose(number: int, sentences: int) -> str:
    return (
        f"{number}. Part {number:02d}. "
        + "You keep to this part of our terms at all times. " * sentences
    )


def test_a_chunk_names_source_version_ordinal_and_the_clauses_it_covers() -> None:
    first, second = chunks_of("1. Fees. You pay us every month.\n\n2. Law. Our law holds for both.")
    assert (first.id, second.id) == ("acme/licence@3#1", "acme/licence@3#2")
    assert (second.source, second.version, second.clauses) == ("acme/licence", 3, ("2",))
    assert second.text == "2. Law. Our law holds for both."


def test_the_heading_is_one_line_of_vendor_title_and_trail() -> None:
    text = (
        "Acme Licence\n\n1. Rights and\nDuties\n\n(a) You may use it.\n\n(b) You may not sell it."
    )
    (only,) = chunks_of(text)
    assert only.heading == "Acme Corp — Acme Community Licence — 1. Rights and Duties"
    assert only.indexed == f"{only.heading}\n{only.text}"


def test_parts_with_titles_of_their_own_are_not_mixed() -> None:
    text = "\n\n".join(prose(number, 3) for number in range(1, 6))
    assert [found.clauses for found in chunks_of(text)] == [("1",), ("2",), ("3",), ("4",), ("5",)]


def test_short_items_of_one_part_stay_together() -> None:
    items = "\n\n".join(f"({letter}) “Word {letter}” means a thing." for letter in "abcdefg")
    (only,) = chunks_of(f"1. Definitions\n\n{items}")
    assert len(only.clauses) == 7


def test_a_list_that_fits_is_never_parted_from_the_words_that_lead_into_it() -> None:
    before = "We tell you first what this part is about. " * 15
    items = "\n".join(f"*   {item};" for item in ITEMS[:8])
    text = f"## Use\n\n{before}\n\nYou may not:\n\n{items}"
    (found,) = [part for part in chunks_of(text) if "You may not:" in part.text]
    assert ITEMS[0] in found.text
    assert ITEMS[7] in found.text


def test_each_further_chunk_of_a_long_list_carries_the_lead_in() -> None:
    items = "\n".join(f"*   {item};" for item in ITEMS)
    found = chunks_of(f"## Limits\n\nYou may not, and nobody else may:\n\n{items}")
    assert len(found) > 3
    for part in found[1:]:
        assert part.heading.endswith("Limits — You may not, and nobody else may:")
        assert part.text.startswith("*   use outputs")
        assert part.text.endswith(";")


def test_text_that_closes_a_list_does_not_carry_the_lead_in() -> None:
    items = "\n\n".join(f"({n}) {item};" for n, item in enumerate(ITEMS[:12], start=1))
    closing = "You may add your own notice to all of this. " * 20
    found = chunks_of(f"2. Limits. You may not:\n\n{items}\n\n{closing}")
    assert found[-1].text.startswith("You may add")
    assert "You may not" not in found[-1].heading


def test_a_long_clause_is_cut_at_sentence_ends_and_wholly_covered() -> None:
    sentence = "The licensee, e.g. Acme Inc. of Nowhere, keeps to sentence {} of these terms. "
    text = "1. Duties. " + "".join(sentence.format(n) for n in range(22)).strip()
    found = chunks_of(text)
    assert len(found) > 1
    assert {part.clauses for part in found} == {("1",)}
    assert all(part.text.endswith("of these terms.") for part in found)
    assert all(part.heading.endswith("— 1 Duties") for part in found)


def test_a_sentence_of_reasonable_length_is_never_cut() -> None:
    sentence = "word " * 250 + "end."
    text = f"First of all. {sentence} And {sentence}"
    assert any(sentence in part.text for part in chunks_of(text))


def test_a_heading_that_is_too_long_loses_its_outermost_titles() -> None:
    deep = "\n\n".join(f"{'#' * n} " + f"level {n} of many words " * 4 for n in range(1, 7))
    (only,) = chunks_of(f"# Acme\n\n{deep}\n\nThe words of the clause.")
    assert len(only.heading) <= 300
    assert only.heading.startswith("Acme Corp — Acme Community Licence — ")
    assert "level 6" in only.text


def test_no_clauses_make_no_chunks() -> None:
    assert chunks_of("") == []


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_chunks_cover_every_clause_and_every_word_in_order(text: str) -> None:
    found = chunks_of(text)
    end = 0
    for part in found:
        assert part.text == text[part.start : part.end]
        assert part.text == part.text.strip() != ""
        assert not text[end : part.start].strip()
        end = part.end
    assert not text[end:].strip()
    assert {key for part in found for key in part.clauses} == {c.key for c in split(text)}


@given(TEXTS, st.integers(1, 12))
@settings(max_examples=100, deadline=None)
def test_chunks_are_of_a_size_that_can_be_embedded(text: str, times: int) -> None:
    found = chunks_of("\n\n".join([text] * times))
    assert all(len(part.text) <= 2_100 for part in found)
    assert all("\n" not in part.heading and len(part.heading) <= 300 for part in found)
    assert len({part.id for part in found}) == len(found)


def test_thousands_of_rules_are_gathered_like_anything_else() -> None:
    found = chunks_of("Some words.\n\n" + "---\n\n" * 5_000)
    assert sum(len(part.text) for part in found) <= 5_000 * 5 + 20
