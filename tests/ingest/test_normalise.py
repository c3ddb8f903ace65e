"""What normalising keeps and what it mends, and which quotes a text proves."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.normalise import locate, normalise

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("ab. ,'’“”-\t\n\r\u00a0\u200b\ufeff\u00ad\u2028\u0301<br/>")),
        st.characters(),
    ),
    max_size=200,
)


def test_line_ends_of_every_system_become_line_feeds() -> None:
    assert normalise("one\r\ntwo\rthree\u2028four\x0cfive") == "one\ntwo\nthree\nfour\nfive"


def test_invisible_characters_go_and_exotic_spaces_become_spaces() -> None:
    dirty = "\ufeffThe\u00a0Model\u200b is\u2009free\u2060 to co\u00adpy\x00."
    assert normalise(dirty) == "The Model is free to copy."


def test_break_tags_become_line_ends() -> None:
    assert normalise("You may:<br>copy;<BR/>sell;<br />lend.") == "You may:\ncopy;\nsell;\nlend."


def test_a_row_of_a_table_stays_in_one_piece_however_many_lines_its_cells_have() -> None:
    row = "| To help:<br><br>*   you;<br>    <br>*   us. <br>| <br>Consent<br> | <BR/> |"
    assert normalise(row) == "| To help:\n*   you;\n*   us. | Consent | |"
    assert normalise("Not a row:<br><br>|") == "Not a row:\n\n|"


def test_trailing_spaces_go_but_indentation_stays() -> None:
    assert normalise("1. Use.   \n    (a) freely;  ") == "1. Use.\n    (a) freely;"


def test_a_tab_is_four_spaces_before_a_line_and_one_inside_it() -> None:
    assert normalise("\t1.\tDEFINITIONS") == "    1. DEFINITIONS"


def test_at_most_two_blank_lines_stand_in_a_row() -> None:
    assert normalise("\n\none\n\n\n\n\n\ntwo\n\n\nthree\n\n") == "one\n\n\ntwo\n\n\nthree"


def test_letters_are_composed() -> None:
    assert normalise("cafe\u0301") == "café"


def test_half_a_surrogate_pair_is_replaced_so_that_the_text_can_be_stored() -> None:
    assert normalise("a\ud800b").encode() == "a\ufffdb".encode()


@given(TEXTS)
@example("<b\u200br>")
@example("<br>\u0338")
@example(" \u0301\n\n\n\u200b\n\n")
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.lists(st.sampled_from(["| ", " |", "a", "b.", " ", "<br>", "<BR />", "\n"])).map("".join))
def test_break_tags_take_no_word_with_them(text: str) -> None:
    assert normalise(text).split() == re.sub("<br ?/?>", " ", text, flags=re.I).split()


@given(st.text(alphabet="abcdef0123456789 .,;:'\"“”’()–—-%$§\n", max_size=200))
def test_words_numbers_quotes_and_punctuation_stay_as_they_are(text: str) -> None:
    assert normalise(text).split() == text.split()


@given(TEXTS)
def test_a_normalised_text_has_no_trailing_space_and_no_third_blank_line(text: str) -> None:
    lines = normalise(text).split("\n")
    assert all(line == line.rstrip() for line in lines)
    assert "\n\n\n\n" not in "\n".join(lines)


def test_a_quote_is_found_across_line_ends_and_indentation() -> None:
    text = "1. Use.\n    You may not\n    train other   models.\n"
    span = locate("You may not train other models.", text)
    assert span is not None
    assert text[slice(*span)] == "You may not\n    train other   models."


def test_a_quote_with_other_quotation_marks_dashes_or_case_is_not_found() -> None:
    text = "Show “Built with Acme” – always."
    assert locate('"Built with Acme"', text) is None
    assert locate("Acme” - always", text) is None
    assert locate("built with Acme", text) is None
    assert locate("“Built with Acme” – always.", text) == (5, len(text))


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("rain", "No training on outputs."),
        ("You can", "You can't sell it."),
        ("You can", "You can’t sell it."),
        ("commercial use", "For non-commercial use only."),
        ("5 million users", "Above 1.5 million users."),
        ("000 users", "Above 700,000 users."),
        ("use", "A use-based limit."),
        ("Llama", "The Llama3 model."),
    ],
)
def test_a_quote_that_cuts_a_word_proves_nothing(quote: str, text: str) -> None:
    assert locate(quote, text) is None


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("rain", "training in the rain.", (16, 20)),
        ("models", "(models)", (1, 7)),
        ("Section 2", "see Section 2.", (4, 13)),
        ("the end", "the end", (0, 7)),
        ("yes", "no—yes—no", (3, 6)),
        ("aa a", "aaa aa a", (4, 8)),
    ],
)
def test_whole_words_are_found_wherever_they_stand(
    quote: str, text: str, found: tuple[int, int]
) -> None:
    assert locate(quote, text) == found


def test_an_empty_quote_is_nowhere() -> None:
    assert locate(" \n ", "some text") is None


@given(st.lists(st.sampled_from(["a", "b", "ab", "a.", "“b”", "1.5", "5"]), min_size=1), st.data())
def test_every_run_of_whole_words_is_found_and_what_is_found_has_the_same_words(
    words: list[str], data: st.DataObject
) -> None:
    gaps = data.draw(st.lists(st.sampled_from([" ", "\n", "  \n  "]), min_size=len(words)))
    text = "".join(word + gap for word, gap in zip(words, gaps, strict=False))
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    quote = " ".join(words[first : last + 1])
    span = locate(quote, text)
    assert span is not None
    assert " ".join(text[slice(*span)].split()) == quote


@given(TEXTS, TEXTS)
def test_what_is_found_always_equals_the_quote_up_to_white_space(quote: str, text: str) -> None:
    span = locate(quote, text)
    assert span is None or text[slice(*span)].split() == quote.split()


def test_a_long_run_of_one_letter_does_not_hold_up_the_search() -> None:
    assert locate("a" * 2_000, "a" * 200_000) is None
