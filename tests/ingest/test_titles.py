"""What looks like a title."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.titles import Case, bare, case_of, defined, has_words, is_capitalised, opening


@pytest.mark.parametrize(
    ("line", "case"),
    [
        ("LIMITATION OF LIABILITY", Case.CAPITALS),
        ("Governing Law and Jurisdiction.", Case.TITLE),
        ("“As-Is” Basis", Case.TITLE),
        ("iOS App", Case.TITLE),
        ("Who we are", Case.SENTENCE),
        ("You must pay us.", Case.NONE),
        ("THE MODEL IS PROVIDED AS IS", Case.NONE),
        ("the weights", Case.NONE),
        ("First. Second", Case.NONE),
        ("Word " * 20, Case.NONE),
        ("", Case.NONE),
    ],
)
def test_titles_are_told_from_sentences(line: str, case: Case) -> None:
    assert case_of(line) is case


@pytest.mark.parametrize(
    ("paragraph", "title"),
    [
        ("Indemnity. You will hold Acme harmless.", "Indemnity"),
        ("Commercial Use: The licensee may not sell it.", "Commercial Use"),
        ("Opt out. If you do not want this, tell us.", "Opt out"),
        ("**Use Restrictions.** Customer may not resell.", "Use Restrictions"),
        ("**Output Restrictions**. You may not.", "Output Restrictions"),
        ("Scope -- What this covers in the end.", "Scope"),
        ("**Customer Content** means what you give us.", ""),
        ("You may use it. You may not sell it.", ""),
        ("These terms bind us. So does the law.", ""),
        ("Acme Labs, Inc. (“we”) makes the model.", ""),
        ("Release Date: April 5, 2025", ""),
        ("Indemnity.", ""),
    ],
)
def test_a_title_that_opens_a_paragraph_is_read_off(paragraph: str, title: str) -> None:
    assert opening(paragraph) == title


@pytest.mark.parametrize(
    ("paragraph", "term"),
    [
        ("“Output” means what the Model makes.", "Output"),
        ('"**Acme Model(s)**" shall mean the weights.', "Acme Model(s)"),
        ("**“Term”** has the meaning that Section 2 gives it.", "Term"),
        ("„Work“ means any code.", "Work"),
        ('"You" (or "Your") means whoever uses it.', "You"),
        ("“Source” form refers to what one would edit.", "Source"),
        ("Output means what the Model makes.", ""),
        ("“As is” warranties", ""),
        ("You may call it “Output”.", ""),
        ("", ""),
    ],
)
def test_the_term_that_a_paragraph_defines_is_read_off(paragraph: str, term: str) -> None:
    assert defined(paragraph) == term


def test_a_line_of_capitals_may_be_a_title_though_it_asserts() -> None:
    assert is_capitalised("The Service Is Available “As Is”")
    assert is_capitalised("Privacy and Data Security")
    assert not is_capitalised("The Service is available to all")
    assert not is_capitalised("You and We:")
    assert not is_capitalised("")


def test_a_rule_and_an_empty_link_have_no_words() -> None:
    assert has_words("a") and has_words("[Acme](https://acme.example)")
    assert not has_words("* * *")
    assert not has_words("[](https://acme.example)")


def test_markdown_is_taken_off() -> None:
    assert bare("[**Our _Terms_**](https://acme.example)  of\n`use`\\.") == "Our Terms of use."
    assert bare("snake_case stays") == "snake_case stays"


@given(st.text(max_size=300))
def test_a_title_is_one_short_line_whatever_the_text(text: str) -> None:
    title = opening(text)
    assert "\n" not in title
    assert len(title) <= 150
    assert "\n" not in defined(text)
