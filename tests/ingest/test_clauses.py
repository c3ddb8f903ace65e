"""How the text of a version falls into clauses: numbering, headings, lists, indentation, size."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clauses import split
from ingest.domain import Clause
from ingest.normalise import normalise
from ingest.titles import has_words

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


def test_numbers_in_words_of_their_own_list_begin_below_a_lettered_clause() -> None:
    text = (
        "**6\\. Fees**\n-----------\n\n**e. Price.** We tell you the price before you pay it.\n\n"
        "**f. Rights.** You may cancel this order within 14 days of it.\n\n"
        "1.  To cancel, write to us.\n2.  We pay you back.\n\n"
        "**g. Shops.** Where you bought it from a shop, ask that shop.\n\n"
        "**7\\. Law**\n----------\n\nOur law holds for both of us."
    )
    assert [clause.label for clause in split(text)] == ["6.e", "6.f", "6.f.1", "6.f.2", "6.g", "7"]


def test_numbers_under_another_heading_do_not_go_on_with_those_of_the_one_before() -> None:
    text = (
        "**Part for All**\n\n4.1. We keep your data for as long as you have an account.\n\n"
        "4.2. We delete it then.\n\n**Part for Europe**\n\n2.1. We keep it in Europe only.\n\n"
        "4.1. We name the places where we keep it."
    )
    last = split(text)[-1]
    assert (last.label, last.trail) == ("4.1", ("Part for Europe",))


def test_numbers_that_stand_as_headings_first_go_on_as_text() -> None:
    text = "### 1. Safety\n\nWe test it.\n\n**2\\. Attacks**\nWe test it for attacks as well."
    assert [clause.label for clause in split(text)] == ["1", "2"]


def test_an_annex_set_as_a_small_heading_stands_beside_the_body_and_holds_its_own_numbers() -> None:
    text = (
        "# Acme Terms\n\n15\\. Contact\n-----------\n\nWrite to us.\n\n"
        "### Appendix 2 - Countries\n\n### 1\\. France\n\nFrench law holds.\n\n"
        "2\\. Germany\n-----------\n\nGerman law holds."
    )
    found = by_start(text, "German law")
    assert (found.label, found.trail) == ("Appendix 2.2", ("Appendix 2: Countries",))
    assert by_start(text, "French law").label == "Appendix 2.1"


def test_a_list_number_and_a_bullet_before_the_own_number_are_no_part_of_it() -> None:
    text = "8.  VIII. Liability\n\n    *   1\\. None.\n9.  *   2\\. At most what you paid."
    assert [clause.label for clause in split(text)] == ["VIII.1", "VIII.2"]


# Titles and lists without numbers


def test_a_defined_term_is_the_key_of_its_definition() -> None:
    text = (
        "17\\. Definitions\n---------------\n\n“Account” means what you open with us.\n\n"
        '“**End User**” shall mean whoever uses it.\n\n*   "Fees" (or "Price") means what you pay.'
        "\n\nThese words have no term."
    )
    assert [clause.key for clause in split(text)] == ["17", "17/end-user", "17/fees", "17/p1"]


def test_a_term_put_between_others_leaves_their_keys() -> None:
    before = "## Words\n\n“A” means this.\n\n“C” means that."
    after = before.replace("\n\n“C”", "\n\n“B” means more.\n\n“C”")
    assert by_key(after)["words/c"].text == by_key(before)["words/c"].text


def test_a_title_that_is_the_only_item_of_its_list_heads_what_follows() -> None:
    text = (
        "**Terms**\n\n*   Safeguards.\n\n1.1. We guard your data at all times.\n\n"
        "*   Obligations of Company\n\n2.1 You guard it too, and tell us of any breach."
    )
    assert [(clause.label, clause.trail) for clause in split(text)] == [
        ("1.1", ("Terms", "Safeguards")),
        ("2.1", ("Terms", "Obligations of Company")),
    ]


def test_a_numbered_table_of_contents_takes_no_number_from_the_parts_it_names() -> None:
    names = ["Use", "U.S. RESIDENTS", "Law"]
    contents = "\n".join(f"{n}.  {name}" for n, name in enumerate(names, start=1))
    parts = "\n\n".join(
        f"{n}.  {name}\n    -----\n\n    You read here all that there is to say about it."
        for n, name in enumerate(names, start=1)
    )
    clauses = split(f"These terms bind us.\n\n{contents}\n\n{parts}")
    assert [clause.key for clause in clauses[-3:]] == ["1", "2", "3"]


def test_the_lines_of_a_table_of_contents_head_nothing() -> None:
    text = "Using Our Service\n\nUser Content\n\nThe Service Is Free\n\nLaw\n\n# Terms\n\nHi."
    assert {clause.trail for clause in split(text)} == {()}


def test_a_date_is_no_title_and_neither_is_a_link_to_the_version_before() -> None:
    text = "# Acme Terms\n\nEffective: **30 May 2025**\n\n([Previous version](https://a.example))"
    assert {clause.heading for clause in split(f"{text}\n\nThank you for using what we make.")} == {
        ""
    }


def test_a_link_without_words_is_a_line_without_words() -> None:
    assert [clause.key for clause in split("[](https://acme.example)\n\nYou pay.")] == [
        "rule",
        "preamble/1",
    ]


def test_words_before_the_first_part_that_come_again_begin_the_text_again() -> None:
    welcome = "We welcome you to Acme, and these terms bind us from the day you accept them. " * 3
    page = f"{welcome.strip()}\n\n1\\. Fees\n--------\n\nYou pay us every month, in advance."
    assert [(clause.key, clause.label) for clause in split(f"{page}\n\n{page}")] == [
        ("preamble/1", ""),
        ("1", "1"),
        ("preamble/2", ""),
        ("1~2", "1"),
    ]


# Tables


TABLE = """\
## Cookies

| **Name** | **Purpose** |
| --- | --- |
| sid | To keep you:
*   signed in;
*   safe. |
| tid |
    To count visitors. |

Ask us about them.
"""


def test_the_names_of_the_columns_stand_above_every_row() -> None:
    rows = [
        clause for clause in split(TABLE) if clause.text.startswith("|") or "sid" in clause.text
    ]
    assert {row.trail for row in rows} == {("Cookies", "Name | Purpose")}
    assert by_start(TABLE, "Ask us").trail == ("Cookies",)


def test_rows_with_the_same_first_cell_are_told_apart_by_their_second() -> None:
    text = "## Cookies\n\n| Acme | sid | Login |\n| Acme | tid | Counting |\n| Acme | tid | Ads |"
    assert [clause.key for clause in split(text)] == [
        "cookies/acme",
        "cookies/acme-tid",
        "cookies/acme-tid~2",
    ]


def test_a_row_is_named_by_its_first_cell_and_holds_all_lines_of_its_cells() -> None:
    clauses = by_key(normalise(TABLE))
    assert clauses["cookies/name/sid"].text.endswith("*   signed in;\n*   safe. |")
    assert clauses["cookies/name/tid"].text.startswith("| tid |")


def test_a_table_without_column_names_may_have_them_in_bold_in_its_first_row() -> None:
    text = "|     |     |\n| --- | --- |\n| **Purpose** | **Basis** |\n| To serve you | Contract |"
    assert by_start(text, "To serve").trail == ("Purpose | Basis",)


def test_a_long_first_row_names_no_columns() -> None:
    text = f"| {'We use it to serve you well. ' * 9}| Contract |\n| --- | --- |\n| Law | Duty |"
    assert {clause.trail for clause in split(text)} == {()}


def test_a_row_that_is_far_too_long_is_parted_at_its_lines_below_its_first_cell() -> None:
    lines = "\n".join(f"*   We use what you tell us for purpose number {n}." for n in range(60))
    text = f"| Why | Basis |\n| --- | --- |\n| **To help**\n{lines} | Contract |"
    parts = split(text)
    assert len(parts) > 50
    assert {part.trail for part in parts[1:]} == {("Why | Basis", "To help")}
    assert partition_faults(text, parts) == []


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
    assert clauses["definitions/model"].trail == ("Definitions",)
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


def test_a_line_that_goes_on_where_the_words_of_its_item_begin_is_no_paragraph() -> None:
    item = (
        "*   16.2. Conflicts. Where two documents that make up this agreement conflict, the order"
    )
    text = f"{item} of these holds: our forms, the terms themselves, and at last all of the Acme\n"
    text += (
        "    Policies.\n*   16.3. Law. Our law holds for both of us, wherever you live and work."
    )
    assert [clause.label for clause in split(text)] == ["16.2", "16.3"]


def test_items_with_the_same_bullet_in_the_same_column_are_items_however_short() -> None:
    text = "You may:\n\n*   copy the model\n*   share it\n    *   with anybody\n*   sell it"
    assert [clause.text.strip("* ") for clause in split(text)][1:] == [
        "copy the model",
        "share it",
        "with anybody",
        "sell it",
    ]


def test_a_short_line_with_the_next_number_is_the_next_item_even_without_a_stop_before() -> None:
    text = (
        "You may not:\n\n1. Harm people:\n    1. by threats\n    2. by tracks\n    3. by lies\n"
        "2. Break the law"
    )
    assert [clause.label for clause in split(text)] == ["", "1", "1.1", "1.2", "1.3", "2"]


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


def test_the_items_of_a_list_inside_an_endless_line_are_clauses_and_what_follows_is_none() -> None:
    fill = "You agree to this at length and without any reserve. " * 40
    text = f"1\\. Use. {fill}You will not: (i) copy the Service; (ii) sell it to anybody; "
    text += (
        "and (iii) lend it. You may use it in any other way that the law allows, if (a) you pay."
    )
    assert [clause.label for clause in split(text)][-4:] == ["1.i", "1.ii", "1.iii", "1"]
    assert split(text)[-1].text.startswith("You may use it")


def test_an_enumeration_without_a_second_item_is_no_list() -> None:
    fill = "You agree to this at length and without any reserve. " * 45
    text = f"1\\. Use. {fill}You do so by: (i) paying, or (ii) using it. {fill}"
    assert {clause.label for clause in split(text)} == {"1"}


def test_a_section_that_is_named_at_the_end_of_a_sentence_begins_nothing() -> None:
    fill = "You agree to this at length and without any reserve. " * 45
    text = f"9\\. Duty. {fill}THIS SECTION 9.1 SAYS ALL. 9.2 Rights. {fill}"
    assert not [clause for clause in split(text) if clause.text.startswith("1 SAYS")]


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
    *["“Fees” means what you pay.", "Scope.", "[](#top)", "Updated: May 5, 2025", "Part A"],
    *[
        "**Fees.** You pay.",
        "**Fees**",
        "1.1. Fees. You pay us.",
        "1\\. Fees",
        "(Previous version)",
    ],
    *["| **A** | **B** |", "| --- | :-: |", "|  |  |", "| a cell", "more of it | b |", "|", "•"],
    *["You: (i) pay; (ii) keep; and (iii) tell. So be it. " * 45, "Annex 1 - Fees", "Schedule 2"],
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
    while settled and not has_words(alone[settled - 1].text):
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
