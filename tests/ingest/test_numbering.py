"""What opens a part of a document, and what only looks like it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.numbering import bullet_length, find_mark, inner_marks


@pytest.mark.parametrize(
    ("line", "name", "rest"),
    [
        ("1. Licence.", "1", "Licence."),
        ("12) You may", "12", "You may"),
        ("1\\. Services", "1", "Services"),
        ("1.1 Model: the weights", "1.1", "Model: the weights"),
        ("2.4.Feedback. You", "2.4", "Feedback. You"),
        ("**3.3. Output.** You", "3.3", "Output.** You"),
        ("**1.1** Model", "1.1", "Model"),
        ("A.1. Overview", "A.1", "Overview"),
        ("I.2.b. Anthology", "I.2.b", "Anthology"),
        ("7a) Assignment", "7.a", "Assignment"),
        ("(a) use it", "a", "use it"),
        ("(iv) use it", "iv", "use it"),
        ("(12) use it", "12", "use it"),
        ("B. Content", "B", "Content"),
        ("§ 4 Fees", "4", "Fees"),
        ("Section 3: USE", "3", "USE"),
        ("SECTION 2 -- Scope.", "2", "Scope."),
        ("ARTICLE IV", "IV", ""),
        ("Attachment A", "Attachment A", ""),
        ("EXHIBIT B - Policy", "Exhibit B", "Policy"),
        ("APPENDIX: How to apply", "Appendix", "How to apply"),
        ("3 Fees and Taxes", "3", "Fees and Taxes"),
    ],
)
def test_numbers_letters_and_words_open_a_part(line: str, name: str, rest: str) -> None:
    mark = find_mark(line)
    assert mark is not None
    assert (mark.name, line[mark.length :]) == (name, rest)


@pytest.mark.parametrize(
    "line",
    [
        "Section 2 of this Agreement will not apply",
        "Part of the Model",
        "3.5 million users",
        "2.5% of the fees",
        "2024. All rights reserved",
        "e.g. this",
        "U.S. law",
        "I agree",
        "30 days after that we may end it.",
        "a model",
        "",
    ],
)
def test_sentences_that_begin_with_a_number_or_letter_open_none(line: str) -> None:
    assert find_mark(line) is None


def test_a_letter_that_may_be_roman_has_both_readings() -> None:
    mark = find_mark("(i) one")
    assert mark is not None
    assert mark.readings == (("(a)", 9), ("(i)", 1))


@pytest.mark.parametrize(
    ("line", "length"),
    [
        ("*   item", 4),
        ("- item", 2),
        ("• item", 2),
        ("1.  I. Scope", 4),
        ("9.  *   3\\. Scope", 8),
        ("9.  *   Scope", 0),
        ("1. Scope", 0),
        ("**", 0),
    ],
)
def test_bullets_and_mere_list_numbers_are_measured(line: str, length: int) -> None:
    assert bullet_length(line) == length


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Yes.1.1 Fees. You pay. 1.2 Tax. So.", ["Yes.", "1.1 Fees. You pay.", "1.2 Tax. So."]),
        ("So: (i) go; (ii) sit; and (iii) do.", ["So:", "(i) go;", "(ii) sit; and", "(iii) do."]),
        ("So: (i) go; or(ii) sit. Then do.", ["So:", "(i) go; or", "(ii) sit.", "Then do."]),
        ("So: (i) go, or (ii) sit. Then do.", ["So: (i) go, or (ii) sit. Then do."]),
        ("In (a) go. See Section 9.1 Here. 3. No.", ["In (a) go. See Section 9.1 Here. 3. No."]),
        (
            "So: (a) go; (b) do: (i) this; (ii) that; (c) sit.",
            ["So:", "(a) go;", "(b) do:", "(i) this;", "(ii) that;", "(c) sit."],
        ),
        (
            "1. One: (a) go; (b) do. 2. Two: (a) go; (b) do.",
            ["1. One:", "(a) go;", "(b) do.", "2. Two:", "(a) go;", "(b) do."],
        ),
        ("Nothing here.", ["Nothing here."]),
    ],
)
def test_an_endless_line_is_parted_where_its_numbers_follow_each_other(
    text: str, parts: list[str]
) -> None:
    places = [0, *inner_marks(text, 0, len(text)), len(text)]
    assert [text[a:b].strip() for a, b in pairwise(places)] == parts


@given(st.lists(st.sampled_from(["(i) ", "(ii) ", "(a) ", "; ", ". ", "A ", "1.1 ", "2. ", "b"])))
def test_parts_of_an_endless_line_begin_in_order_and_inside_it(words: list[str]) -> None:
    text = "".join(words)
    places = inner_marks(text, 0, len(text))
    assert places == sorted(set(places))
    assert all(0 < place < len(text) for place in places) or not text.strip()


@given(st.text(max_size=200))
def test_a_mark_never_reaches_beyond_its_line(line: str) -> None:
    mark = find_mark(line)
    assert mark is None or (0 < mark.length <= len(line) and mark.readings and mark.path)
