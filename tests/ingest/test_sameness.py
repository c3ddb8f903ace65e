"""What counts as the same text: typography, marks, tracking and counters may move, law may not."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.normalise import normalise
from ingest.sameness import for_comparison, for_embedding, printed_once

LAW = "You may not use Outputs to train a model with more than 700 million users in 30 days."

PIECES = st.sampled_from(
    [
        *["word", "5", "not", "a_b", "Updated 3 days ago", "3 min read", "12 views", "Views 1"],
        *["May 2, 2025", "2nd June, 2025", "Last updated", "1 of 2 found this helpful", "$5"],
        *["*", "**", "_", "`", "[", "]", "(", ")", "](", "\\", "\\[1\\](", "|", ">", "#", "-", "–"],
        *["…", "“", "’", "\u200b", "\u00a0", "<br>", "<b", "r>", "\n", "\r", "\n\n", " ", "  "],
        *["https://", "http://a.example/b?c=d&v=1#e", "www.", "%2F", "%25", "%0A", "%5C", "=", "?"],
        *["![](x.png)", "[a](b)", "[a](https://a.example)", "---", "===", "•", "1\\. "],
    ]
)
NOISY = st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=80))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("“Model” – the weights…", '"Model" - the weights...'),
        ("the\u200b Mod\u2060el", "the Model"),
        ("You may:<br>copy;<br/>sell.", "You may:\ncopy;\nsell."),
        ("one   two\n\nthree", "one two three"),
        ("**Fees.** You _must_ pay.", "Fees. You must pay."),
        ("1\\. Fees \\[net\\]", "1. Fees [net]"),
        ("*   copy;\n*   sell;", "- copy;\n- sell;"),
        ("## Fees\n\nYou pay.", "Fees\n----\n\nYou pay."),
        ("> Fees are due.", "Fees are due."),
        ("| a | b |\n| --- | --- |", "| a   | b   |\n| ----- | ----- |"),
        ("Effective January 23rd, 2026", "Effective 23 January 2026"),
        ("Effective 24 October, 2025", "Effective October 24, 2025"),
        ("Updated 22 days ago", "Updated 23 days ago"),
        ("**Last updated:** over a week ago", "Last updated: 2 months ago"),
        ("Our terms\n\n3 min read", "Our terms\n\n14-minute read"),
        ("1,204 views", "15.3K views"),
        ("7 out of 9 found this helpful", "8 out of 10 found this helpful"),
        (
            "see [partners\\[2\\]](https://a.example/p)",
            "see [partners\\[14\\]](https://a.example/p)",
        ),
    ],
)
def test_typography_marks_and_counters_may_move(before: str, after: str) -> None:
    assert for_comparison(before) == for_comparison(after) != ""
    assert for_embedding(before) == for_embedding(after) != ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://a.example/terms", "https://a.example/terms?utm_source=x&utm_medium=y&fbclid=Z"),
        ("https://a.example/terms", "http://www.a.example/terms/"),
        ("https://a.example/t?id=7&gclid=1", "https://a.example/t?gclid=2&id=7"),
        ("https://a.example/t?h=AT1x&__cft__=3", "https://a.example/t?h=AT0z&__cft__=4"),
        ("https://a.example/t?v=17", "https://a.example/t?v=18.2"),
        ("https://a.example/t?x=a1b2c3d4e5f6a7b8c9", "https://a.example/t?x=f9e8d7c6b5a4f3e2d1"),
        (
            "https://a.example/go/site.v1.3f7694c7-e95a-4eec-9045-029fc55bad57/privacy",
            "https://a.example/go/site.v1.c5657eca-484b-4049-a4e9-aa891993f8d6/privacy",
        ),
        ("https://a.example/terms", "https://away.example/l.php?u=https%3A%2F%2Fa.example%2Fterms"),
        ("https://a.example/terms#use", "https://a.example/terms#pay"),
    ],
)
def test_tracking_in_a_link_may_move(before: str, after: str) -> None:
    for form in ("See [our terms]({}).", "See {} for more."):
        assert for_comparison(form.format(before)) == for_comparison(form.format(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://a.example/terms", "https://a.example/eea-terms"),
        ("https://a.example/terms", "https://b.example/terms"),
        (
            "https://a.example/law?uri=CELEX:32024R1689",
            "https://a.example/law?uri=CELEX:32016R0679",
        ),
        ("https://a.example/fwlink?linkid=529552", "https://a.example/fwlink?linkid=529553"),
        ("https://a.example/terms", "mailto:terms@a.example"),
    ],
)
def test_a_link_to_another_place_is_another_text_but_the_same_to_embed(
    before: str, after: str
) -> None:
    link = "See [our terms]({}) now."
    assert for_comparison(link.format(before)) != for_comparison(link.format(after))
    assert for_embedding(link.format(before)) == for_embedding(link.format(after))
    assert for_embedding(link.format(before)) == "See our terms now."


def test_a_picture_is_its_description_wherever_it_lies() -> None:
    before = "[![Acme logo](/i/a1.png?dpl=1)](https://acme.example)"
    after = "[![Acme logo](/i/b2.svg)](https://acme.example/)"
    assert for_comparison(before) == for_comparison(after) == "Acme logo (acme.example)"


def test_a_link_that_says_where_it_leads_is_the_same_as_its_words() -> None:
    assert for_comparison("at [acme.example](https://acme.example/)") == "at acme.example"
    assert for_comparison("[law@acme.example](mailto:law@acme.example)") == "law@acme.example"


def test_the_form_reads_as_natural_text() -> None:
    text = "4. Data\n-------\n\n*   **Use.** We _never_ [sell](https://a.example) “it” – see § 4.2."
    assert for_embedding(text) == '4. Data Use. We never sell "it" - see § 4.2.'


@pytest.mark.parametrize(
    "changed",
    [
        LAW.replace("not ", ""),
        LAW.replace("700", "70"),
        LAW.replace("30 days", "3 days"),
        LAW.replace("million", "billion"),
        LAW.replace("more", "less"),
        LAW.replace("may", "must"),
        LAW.replace("30 days", "30 days ago"),
    ],
)
def test_a_word_a_number_or_a_negation_is_never_noise(changed: str) -> None:
    assert for_comparison(changed) != for_comparison(LAW)
    assert for_embedding(changed) != for_embedding(LAW)


@pytest.mark.parametrize(
    "sentence",
    [
        "Content published {} days ago may be removed.",
        "We answer within {} days.",
        "You must be at least {} years old.",
        "Plans with {} views a month are free.",
        "The fee is ${} a month.",
        "A text of {} minutes is long.",
        "See Section {}.",
    ],
)
def test_a_number_that_may_be_law_stays(sentence: str) -> None:
    for form in (for_comparison, for_embedding):
        assert form(sentence.format(14)) == sentence.format(14)


@given(NOISY)
@settings(max_examples=500, deadline=None)
@example("\\_ \\*\\_")
@example("-\n- b")
@example("1[*2")
@example("5 3 min read")
@example("1,204\nviews")
@example("_- a")
@example("[a [b](c)](d)")
@example("ht\u200btps://a.example/?b")
def test_a_form_stays_as_it_is(text: str) -> None:
    for form in (for_comparison, for_embedding):
        once = form(text)
        assert form(once) == once
        assert "\n" not in once
        assert once == once.strip()


@given(NOISY)
@settings(deadline=None)
def test_normalising_first_changes_no_form(text: str) -> None:
    """Readers normalise; what is compared may come from before or after that."""
    plain = re.sub(r"[^\x20-\x7e\n]|<", "", text)
    assert for_comparison(normalise(plain)) == for_comparison(plain)


WORDS = st.lists(st.from_regex(r"[A-Za-z]{1,9}|[1-9][0-9]{0,5}", fullmatch=True), min_size=1)


@given(WORDS, st.data())
@settings(max_examples=200, deadline=None)
def test_words_stay_in_order_whatever_noise_is_between(
    words: list[str], data: st.DataObject
) -> None:
    between = st.sampled_from([" ", "  ", "\n", " \u200b", "\u00a0", "<br>", "\n\n", " ** ", " _ "])
    gaps = data.draw(st.lists(between, min_size=len(words), max_size=len(words)))
    noisy = "".join(word + gap for word, gap in zip(words, gaps, strict=True))
    # "May 2 2025" is a date and is written in one order, "12 views" alone is a counter.
    plain = for_comparison(" ".join(words))
    assert for_comparison(noisy) == plain


@given(WORDS, WORDS)
@settings(max_examples=200, deadline=None)
def test_other_words_are_another_text(one: list[str], other: list[str]) -> None:
    before, after = (" ".join(["Rule", *words, "ends"]) for words in (one, other))
    if sorted(one) != sorted(other):
        assert for_comparison(before) != for_comparison(after)
        assert for_embedding(before) != for_embedding(after)


PARTS = st.lists(
    st.from_regex(r"[a-z]{1,6}( [a-z]{1,6}){0,3}", fullmatch=True), min_size=1, unique=True
)


def test_a_head_and_a_body_that_stand_twice_stand_once() -> None:
    head, body = "# Acme Terms\n\nEffective: May 1, 2026", "1. Use.\n\nYou pay.\n\n2. Law."
    assert printed_once(f"{head}\n\n{head}\n\n{body}\n\n{body}") == f"{head}\n\n{body}"


def test_a_second_print_may_differ_in_noise() -> None:
    first = "**You pay** “us”.\n\n[Terms](https://a.example/t?utm_source=top)"
    second = 'You pay "us".\n\n[Terms](https://a.example/t?utm_source=foot)'
    assert printed_once(f"{first}\n\n{second}") == first


def test_a_second_print_that_says_something_else_stays() -> None:
    text = "You pay.\n\nOur law holds.\n\nYou pay.\n\nYour law holds."
    assert printed_once(text) == text


@given(PARTS)
@settings(deadline=None)
def test_whatever_is_printed_twice_is_printed_once(parts: list[str]) -> None:
    text = "\n\n".join(parts)
    assert printed_once(f"{text}\n\n{text}") == text
    assert printed_once(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        "[a](" * 20_000,
        "](" * 30_000,
        "![" * 30_000,
        "[a](" + "(" * 50_000,
        "*_" * 40_000,
        "\\" * 80_000,
        "<br" * 30_000,
        " " * 80_000 + "x",
        "- " * 40_000,
        "https://" * 10_000,
        "https://a.example/" + "%25" * 20_000,
        "https://" + "." * 50_000,
        "a" * 80_000,
        "Updated " * 10_000,
        "1 of " * 20_000,
        "a\n\n" * 20_000,
        "a\n\nb\n\n" * 10_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_has_a_form_like_any_other(text: str) -> None:
    assert len(for_comparison(text)) <= len(text) + 10
    assert len(for_embedding(text)) <= len(text) + 10
    assert len(printed_once(text)) <= len(text)
