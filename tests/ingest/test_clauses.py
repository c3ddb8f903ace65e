"""How the text of a version falls into clauses: numbering, headings, lists, indentation, size."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clauses import split
from ingest.domain import Clause
from ingest.normalise import normalise

LICENCE = """\
ACME COMMUNITY LICENCE

Acme 4 Version Effective Date: April 5, 2025

“Agreement” means these terms.

1. Rights and Redistribution.


a. Grant of Rights. You are granted a limited licence to use the Acme Materials.


b. Redistribution and Use.


i. If you share the model, you shall keep this notice.


ii. If you train another model on outputs, name it after Acme.

2. Additional Commercial Terms. If, on the release date, you have more than 9 million users, ask us.


3. No Warranty. THE MODEL IS PROVIDED AS IS.
"""

WRAPPED = """\
                           Acme Licence
                     Version 2.0, January 2004

   1. Definitions.

      "Work" shall mean what is made available under the License, as
      indicated by a notice, or (i) what is derived from it and
      (ii) what is bound to it, in whole or in part, by anybody who
      (iii) is under common control with the owner.

   2. Redistribution. You may share copies of the Work, provided that You
      meet the following conditions:

      (a) You must give others a copy of this License,
          with its notices; and

      (b) You must mark changed files.

      You may add Your own notice to Your changes.

   3. Trademarks. This License does not grant the use of names.
"""

INDENTED = """\
Acme Open Model Licence

    Definitions. These words have these meanings:

        “Model” means the weights.

        “You” means whoever uses the Model.

    Conditions and Ownership.

        Conditions for Use. You keep to these terms.

        We own the Model.

    Indemnity. You will hold Acme harmless.
"""

MARKDOWN = """\
Updated: January 8, 2026

Acme Service Terms
==================

Welcome to [Acme](https://acme.example). These terms bind us both.

1\\. Services.
-------------

*   1.1. Term. We deliver the services for the agreed term.
*   1.2. Purchases.
    *   a. Orders. An order names what is bought.

## 2. Restrictions

You may not:

*   use outputs to train competing models;
*   resell access.

| **Fee** | **Due** |
| --- | --- |
| Basic | monthly |
| Large | yearly |

* * *

**Contact**

Write to us.
"""


def by_key(text: str) -> dict[str, Clause]:
    return {clause.key: clause for clause in split(text)}


def by_start(text: str, words: str) -> Clause:
    found = [clause for clause in split(text) if words in clause.text]
    assert len(found) == 1
    return found[0]


def partition_faults(text: str, clauses: list[Clause]) -> list[str]:
    """What is wrong with clauses as a partition of a text; nothing, one hopes."""
    faults = []
    end = 0
    for clause in clauses:
        if clause.text != text[clause.start : clause.end]:
            faults.append(f"{clause.key} is not what stands at its offsets")
        if clause.text.strip() != clause.text or not clause.text:
            faults.append(f"{clause.key} is empty or has white space around it")
        if clause.start < end or text[end : clause.start].strip():
            faults.append(f"{clause.key} overlaps, or words before it are in no clause")
        end = clause.end
    if text[end:].strip():
        faults.append("words at the end are in no clause")
    if len({clause.key for clause in clauses}) != len(clauses):
        faults.append("a key is given twice")
    return faults


# Numbers and titles


def test_a_numbered_clause_has_label_run_in_title_and_no_trail_of_its_own() -> None:
    clause = by_key(LICENCE)["2"]
    assert (clause.label, clause.heading, clause.trail) == ("2", "Additional Commercial Terms", ())
    assert clause.text.startswith("2. Additional Commercial Terms. If, on")


def test_nested_items_carry_the_whole_number_and_the_titles_above() -> None:
    clause = by_key(LICENCE)["1/b/ii"]
    assert clause.label == "1.b.ii"
    assert clause.heading == ""
    assert clause.trail == ("1. Rights and Redistribution", "b. Redistribution and Use")


def test_a_heading_alone_belongs_to_the_first_clause_below_it() -> None:
    clause = by_key(LICENCE)["1/a"]
    assert clause.text.startswith("1. Rights and Redistribution.\n\n\na. Grant of Rights. You")
    assert clause.heading == "Grant of Rights"


def test_the_title_of_the_document_stands_in_no_trail() -> None:
    clauses = split(LICENCE)
    assert clauses[0].text.startswith("ACME COMMUNITY LICENCE")
    assert not any("ACME" in title for clause in clauses for title in clause.trail)


def test_words_before_the_first_number_are_the_preamble() -> None:
    assert by_key(LICENCE)["preamble/2"].text == "“Agreement” means these terms."


def test_letters_and_roman_numerals_are_told_apart_by_their_neighbours() -> None:
    letters = "\n\n".join(f"({letter}) Item {letter}." for letter in "abcdefghij")
    assert [clause.label for clause in split(f"1. List:\n\n{letters}")][-2:] == ["1.i", "1.j"]
    roman = "1. List:\n\n(a) Item, such as:\n\n(i) one;\n\n(ii) two.\n\n(b) Another."
    assert [clause.label for clause in split(roman)] == ["1.a", "1.a.i", "1.a.ii", "1.b"]


def test_sections_in_words_hold_dotted_numbers() -> None:
    text = (
        "Section 3: DISTRIBUTION AND RESTRICTIONS\n\n3.1 Distribution\n\nYou may share.\n\n"
        "3.2 Use\n\nYou must not harm anybody, as Section 3.1 says.\n\n(a) Not even once."
    )
    clauses = by_key(text)
    assert clauses["3/1"].label == "3.1"
    assert clauses["3/1"].heading == "Distribution"
    assert clauses["3/2"].trail == ("Section 3: DISTRIBUTION AND RESTRICTIONS",)
    assert clauses["3/2/a"].label == "3.2.a"


def test_an_annex_counts_anew_and_is_cited_by_its_name() -> None:
    text = (
        "1. Use. You may use it freely.\n\n2. Law. The law of Acme holds here.\n\n"
        "Attachment A\n\nUse Restrictions\n\nYou agree not to use the model:\n\n"
        "1. for harm;\n\n2. for war."
    )
    last = split(text)[-1]
    assert last.label == "Attachment A.2"
    assert last.trail[:2] == ("Attachment A", "Use Restrictions")


def test_a_reference_to_a_section_begins_no_clause() -> None:
    text = "1. Use. You keep to\nSection 2 of this licence, and to\n3.2 of the policy.\n\n2. End."
    assert [clause.label for clause in split(text)] == ["1", "2"]


def test_numbering_goes_on_after_a_heading_inside_it() -> None:
    text = (
        "1. Fees. You pay every month.\n\n2. Use. You may:\n\na. copy the model;\n\n"
        "Special Cases\n\nThere are special cases, which we name elsewhere.\n\nb. share the model."
    )
    assert split(text)[-1].label == "2.b"


def test_untitled_letters_end_where_unmarked_text_follows() -> None:
    text = "3. Share. You may share it if:\n\na. you keep it whole;\n\nYou may add your own notice."
    closing = split(text)[-1]
    assert (closing.label, closing.trail) == ("3", ("3. Share",))


def test_a_number_that_comes_twice_gets_a_key_of_its_own() -> None:
    text = "1. One thing to do.\n\n2. Two things.\n\n1. One again.\n\n2. Two again."
    assert [clause.key for clause in split(text)] == ["1", "2", "1~2", "2~2"]


# Layout


def test_wrapped_lines_are_one_clause_even_where_a_line_begins_like_an_item() -> None:
    clause = by_start(WRAPPED, "shall mean")
    assert "(iii) is under common control" in clause.text


def test_hanging_items_and_the_words_that_close_their_list_are_told_apart() -> None:
    clauses = by_key(WRAPPED)
    assert clauses["2/a"].text.endswith("with its notices; and")
    closing = by_start(WRAPPED, "add Your own notice")
    assert (closing.label, closing.trail) == ("2", ("2. Redistribution",))


def test_indentation_alone_makes_an_outline() -> None:
    clauses = by_key(INDENTED)
    assert clauses["definitions/p1"].trail == ("Definitions",)
    assert clauses["conditions-and-ownership/conditions-for-use"].heading == "Conditions for Use"
    assert by_start(INDENTED, "We own").trail == ("Conditions and Ownership",)
    assert clauses["indemnity"].trail == ()


def test_lines_that_follow_each_other_without_a_blank_one_are_items_of_their_own() -> None:
    text = (
        "1. Definitions\n    1.1 Model: The weights that we\n    provide to you now.\n"
        "    1.2 Output: What the model\n    generates.\n\n2. Grant\nYou may use it in any way "
        "that the law of your own country and the rules of ours do not forbid, for as long as you "
        "keep to the terms that are set forth below."
    )
    assert [(clause.label, clause.heading) for clause in split(text)] == [
        ("1.1", "Model"),
        ("1.2", "Output"),
        ("2", "Grant"),
    ]


def test_a_table_of_contents_is_not_a_row_of_headings() -> None:
    text = "Acme Terms\n\nFees\n\nLiability\n\nPrivacy\n\nWe care about all of these, you know."
    assert len(split(text)) >= 3


def test_markdown_headings_lists_and_numbers_make_one_outline() -> None:
    clauses = by_key(MARKDOWN)
    assert clauses["1/1"].label == "1.1"
    assert clauses["1/1"].trail == ("1. Services",)
    assert clauses["1/2/a"].trail == ("1. Services", "1.2. Purchases")
    assert clauses["2"].heading == "Restrictions"
    assert clauses["2/p1"].text == "*   use outputs to train competing models;"
    assert clauses["2/contact"].text == "**Contact**\n\nWrite to us."


def test_each_row_of_a_table_is_a_clause() -> None:
    assert by_start(MARKDOWN, "Large").text == "| Large | yearly |"


def test_links_and_marks_are_taken_off_titles_but_not_off_the_text() -> None:
    text = "## [**Our _Terms_**](#terms)\n\nSee [them](https://acme.example)."
    clause = split(text)[0]
    assert clause.heading == "Our Terms"
    assert clause.text == text


def test_a_page_that_prints_its_text_twice_begins_again() -> None:
    page = "# Acme Terms\n\n## 1. Fees\n\nYou pay.\n\n## 2. Law\n\nOurs."
    clauses = split(f"{page}\n\n{page}")
    assert [clause.label for clause in clauses] == ["1", "2", "1", "2"]
    assert {clause.trail for clause in clauses} == {()}


# Size


def test_one_endless_line_is_cut_where_its_numbered_parts_begin() -> None:
    fill = "You agree to this at length and without any reserve. " * 20
    text = f"These terms bind us. {fill}1\\. Services.1.1 Access. {fill}1.2 Users. {fill}"
    text += f"2\\. Fees. {fill}"
    assert [c.label for c in split(text) if c.heading] == ["1.1", "1.2", "2"]


def test_a_line_of_55_000_characters_is_cut_at_sentence_ends() -> None:
    sentence = "The licensee, e.g. Acme Inc. of Nowhere, keeps to these terms as they stand today. "
    text = (sentence * 660).strip()
    clauses = split(text)
    assert max(len(clause.text) for clause in clauses) <= 2_000
    assert all(clause.text.startswith("The licensee") for clause in clauses)
    assert partition_faults(text, clauses) == []


def test_words_without_any_sentence_end_are_cut_all_the_same() -> None:
    text = "x" * 30_000 + " " + "word, " * 5_000
    clauses = split(text)
    assert max(len(clause.text) for clause in clauses) <= 2_000
    assert partition_faults(text, clauses) == []


def test_an_empty_text_has_no_clauses() -> None:
    assert split("") == []
    assert split(" \n\n ") == []


def test_a_text_without_words_is_still_covered() -> None:
    assert [clause.text for clause in split("* * *\n\n---")] == ["* * *", "---"]


# For any text

_MARKS = [
    *["1.", "2.", "3.", "1)", "(1)", "1.1", "1.2", "1.1.1", "2.1.", "A.1.", "1\\.", "§ 4"],
    *["a.", "b.", "c)", "(a)", "(b)", "(i)", "(ii)", "i.", "iv.", "A.", "(A)", "I.", "aa)"],
    *["Section 1:", "Section 2", "ARTICLE IV", "Attachment A", "EXHIBIT B -", "*", "-", "•"],
    *["#", "##", "**1.1**", "|", ">", "", "", "", ""],
]
_WORDS = [
    *["You may use it.", "You may not:", "Grant of Rights", "Fees.", "DEFINITIONS", "**A Title**"],
    *["Sales and Taxes. We add the taxes that the law asks for.", "the model; and", "(b) more"],
    *["“Model” means the weights", "see Section 3.1 and so on, or", "| a | b |", "", "e.g. this"],
    *["====", "---", "* * *", "[link](https://acme.example/x)", "A long sentence " * 12 + "ends."],
]
LINES = st.builds(
    lambda indent, mark, words: f"{' ' * indent}{mark} {words}".rstrip(),
    st.sampled_from([0, 0, 0, 2, 4, 8, 30]),
    st.sampled_from(_MARKS),
    st.sampled_from(_WORDS),
)
OUTLINES = st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n\n", "\n\n\n"])), max_size=25).map(
    lambda parts: "".join(line + gap for line, gap in parts)
)
TEXTS = st.one_of(st.text(max_size=300), OUTLINES, OUTLINES.map(normalise))


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_clauses_divide_any_text_without_gap_or_overlap(text: str) -> None:
    assert partition_faults(text, split(text)) == []


@given(TEXTS)
@settings(deadline=None)
def test_the_same_text_is_always_split_alike(text: str) -> None:
    assert split(text) == split(text)


@given(TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_appended_text_changes_no_clause_but_the_last(text: str, more: str) -> None:
    alone = split(text)
    settled = len(alone)
    while settled and not any(c.isalnum() for c in alone[settled - 1].text):
        settled -= 1  # a line of rules behind the last clause goes with it
    kept = max(settled - 1, 0)
    assert split(f"{text}\n\n{more}")[:kept] == alone[:kept]


@given(TEXTS)
@settings(deadline=None)
def test_trails_are_short_lines_and_labels_have_no_white_space_around(text: str) -> None:
    for clause in split(text):
        assert clause.label == clause.label.strip()
        assert all(title.strip() and "\n" not in title for title in clause.trail)
        assert len(clause.trail) <= 12


@pytest.mark.parametrize(
    "text",
    [
        "1." * 50_000,
        "(a) " * 25_000,
        "**a" * 30_000,
        "_" * 100_000,
        "[" * 100_000,
        "[](" * 30_000,
        "|" * 100_000,
        "> " * 50_000,
        "x." + " " * 100_000 + "y",
        "1. A\n\n" * 8_000,
        "TITLE ONE\n\n" * 8_000,
        "".join(" " * (depth % 200) + "- x\n" for depth in range(3_000)),
        "a\n---\n" * 10_000,
        "---\n\n" * 20_000,
        "word " * 15 + "\n" + ("word " * 15 + "\n") * 2_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_lines_are_divided_like_any_other(text: str) -> None:
    assert partition_faults(text, split(text)) == []
