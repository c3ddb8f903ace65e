"""From a PDF to its text: which lines are the document, and which PDFs are none."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import ReadError
from ingest.portable import text_of
from tests.ingest.small_pdf import assembled, pdf, protected

ONE = pdf(["1. Use", "You may use Acme (if you like)."])


def lines(*pages: list[str]) -> list[str]:
    return text_of(pdf(*pages)).splitlines()


def test_every_line_becomes_a_line() -> None:
    assert text_of(ONE) == "1. Use\nYou may use Acme (if you like)."


def test_a_sentence_goes_on_over_the_end_of_a_page() -> None:
    assert lines(["You may"], [], ["use Acme."]) == ["You may", "use Acme."]


class TestRunningLines:
    def test_page_numbers_go(self) -> None:
        pages = [[f"Clause {word}", f"Page {n} of 4"] for n, word in enumerate("abcd", start=1)]
        assert lines(*pages) == ["Clause a", "Clause b", "Clause c", "Clause d"]

    def test_page_numbers_go_although_the_first_page_has_none(self) -> None:
        pages = [["Title"], *([f"Clause {word}", f"- {n} -"] for n, word in enumerate("bcd", 2))]
        assert lines(*pages) == ["Title", "Clause b", "Clause c", "Clause d"]

    def test_a_line_that_repeats_stays_where_it_stands_first(self) -> None:
        pages = [["Acme Terms 2026", f"Clause {word}"] for word in "abcd"]
        assert lines(*pages) == ["Acme Terms 2026", "Clause a", "Clause b", "Clause c", "Clause d"]

    def test_several_lines_at_both_edges_go(self) -> None:
        pages = [
            ["Acme", f"{n}/4", f"Clause {word}", "Confidential"]
            for n, word in enumerate("abcd", start=1)
        ]
        kept = ["Acme", "Clause a", "Confidential", "Clause b", "Clause c", "Clause d"]
        assert lines(*pages) == kept

    @pytest.mark.parametrize(
        "edges",
        [
            ["1. Use", "2. Fees", "3. Term"],
            ["30 days", "60 days", "10 days"],
            ["Acme", "Acme", "Bolt"],
            ["1", "2"],
        ],
    )
    def test_what_is_not_certain_stays(self, edges: list[str]) -> None:
        pages = [[edge, f"Words of page {word}."] for edge, word in zip(edges, "abc", strict=False)]
        assert lines(*pages) == [line for page in pages for line in page]


class TestBrokenWords:
    def test_are_joined_where_the_document_has_them_whole(self) -> None:
        text = lines(["The licensor decides.", "You ask the licen-", "sor, in writing."])
        assert text == ["The licensor decides.", "You ask the licensor,", "in writing."]

    def test_keep_a_hyphen_that_the_document_writes(self) -> None:
        text = lines(["A non-commercial use is free, and non-", "commercial means unpaid."])
        assert text == ["A non-commercial use is free, and non-commercial", "means unpaid."]

    def test_are_joined_at_a_soft_hyphen(self) -> None:
        assert lines(["a licen\u00ad", "sor"]) == ["a licensor"]

    def test_stay_broken_where_nothing_shows_what_they_are(self) -> None:
        assert lines(["This is a co-", "op."]) == ["This is a co-", "op."]


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (pdf([], []), "scan"),
            (protected(ONE, user="secret"), "password"),
            (b"%PDF-1.5\nnothing more", "cannot be read"),
            (ONE[: len(ONE) // 2], "PDF"),
            (b"", "cannot be read"),
            (b"<html>an error page</html>", "cannot be read"),
        ],
        ids=["no text", "password", "no body", "half", "empty", "another kind"],
    )
    def test_what_is_no_text_is_refused(self, content: bytes, told: str) -> None:
        with pytest.raises(ReadError, match=f"^acme.*{told}"):
            text_of(content, "acme")

    def test_a_password_that_keeps_nobody_from_reading_does_not_keep_us(self) -> None:
        assert text_of(protected(ONE, user="")) == text_of(ONE)

    def test_too_many_pages_are_refused(self) -> None:
        with pytest.raises(ReadError, match="1,000 pages"):
            text_of(assembled([b""] * 1001))

    def test_a_page_that_takes_for_ever_is_left(self) -> None:
        with pytest.raises(ReadError):
            text_of(pdf(["word"] * 20_000), seconds=0.1)

    def test_a_page_that_unpacks_without_end_is_refused(self) -> None:
        with pytest.raises(ReadError):
            text_of(assembled([b" " * 200_000_000]))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_damage_is_refused_or_read_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(ONE)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=20))
    with suppress(ReadError):
        assert text_of(bytes(content)).strip()
