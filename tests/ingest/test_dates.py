"""Which dates a document states about itself, and which words are not taken for one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import stated_dates

SPRING = date(2025, 4, 5)


@pytest.mark.parametrize(
    "line",
    [
        "Last modified: April 5, 2025",
        "Last Updated April 5, 2025",
        "*Last updated:* 5 April 2025",
        "_Last revised: April 5th, 2025_",
        "> Last Update: Apr 5, 2025",
        "Release Date: 2025-04-05",
        "Acme Chat 2 Version Release Date: April 5, 2025",
        "Published: **5 April 2025**",
        "Updated: April 5, 2025",
        "dated April 5, 2025",
        "Version 1.0, 5 April 2025",
        "Version 2.1 dated 2025-04-05.",
        "These terms were last updated on April 5, 2025.",
        "Last modified\n\nApril 5, 2025",
        "Last Updated On: April 5, 2025",
        "**Last updated: April 5th, 2025**",
        "### **Last updated:** 5 April 2025",
        "Acme last updated these Acme Terms on April 5, 2025.",
        "Date of last revision: April 5, 2025",
        "Posted: April 5, 2025",
        "[Previous version](https://acme.example/old) Last updated: April 5, 2025",
        "These terms replace all prior ones. Last updated: April 5, 2025",
        "Stand: 5. April 2025",
        "Zuletzt aktualisiert am 5. April 2025",
    ],
)
def test_a_phrase_about_the_document_gives_its_publication(line: str) -> None:
    assert stated_dates(f"ACME LICENCE\n\n{line}\n\n1. Use it well.") == (SPRING, None)


@pytest.mark.parametrize(
    "line",
    [
        "Effective April 5, 2025[Previous Version](https://acme.example/old)",
        "Effective:April 5, 2025",
        "Effective Date: 5th of April, 2025",
        "_Effective: April 5, 2025 ([previous](https://acme.example))_",
        "Acme 4 Version Effective Date: April 5, 2025",
        "Effective starting: April 5, 2025",
        "Version 3, Effective as of April 5, 2025",
        "_Effective 5 April 2025_",
        "Effective 5 April, 2025 ([past versions](https://acme.example/archive))",
        "Effective April 5, 2025 | [Archived versions](https://acme.example/a)",
        "These Terms are effective as of April 5, 2025.",
        "This version of our privacy questions and answers took effect April 5, 2025.",
        "These Acme Terms come into force on 5 April 2025.",
        "Gültig ab 5. April 2025",
    ],
)
def test_an_effective_date_is_kept_apart(line: str) -> None:
    assert stated_dates(f"ACME TERMS\n\n{line}\n\nHello.") == (None, SPRING)


def test_german_months_are_read() -> None:
    for words, month in (("März", 3), ("Mai", 5), ("Oktober", 10), ("Dezember", 12)):
        assert stated_dates(f"Gültig ab 13. {words} 2023") == (None, date(2023, month, 13))


def test_a_link_to_the_version_before_hides_no_date() -> None:
    text = "Effective May 1, 2026 (previous version of January 1, 2025)\n\nWelcome."
    assert stated_dates(text) == (None, date(2026, 5, 1))


def test_both_dates_are_read() -> None:
    text = "Updated: December 1, 2025\n\nACME TERMS\n\n**Effective: January 1, 2026**\n"
    assert stated_dates(text) == (date(2025, 12, 1), date(2026, 1, 1))


def test_of_several_revisions_the_latest_counts() -> None:
    text = "revised on June 17, 2004\nrevised on March 24, 2009\n\nArticle 1. Scope"
    assert stated_dates(text) == (date(2009, 3, 24), None)


@pytest.mark.parametrize(
    "line",
    [
        "Last updated: 03/04/2025",
        "Last updated: April 2025",
        "Last updated: February 30, 2025",
        "Last updated: 2025-04-051",
        "Last updated recently",
        "Copyright (c) April 5, 2025 Acme",
        "The Acme Convention (as revised on April 5, 2025) applies to you.",
        "Our other terms became effective on April 5, 2025, and bind you as well.",
        "the agreement between us\ndated April 5, 2025, between Acme and you, and so on.",
        "Please answer before April 5, 2025.",
        "Previous version 2025-04-05",
        "Previous version last updated: April 5, 2025",
        "(Previous version: effective date April 5, 2025)",
        "View the terms effective until April 5, 2025.",
        "These previous terms were effective as of April 5, 2025.",
        "Archived version, updated: April 5, 2025",
        "Amended on the basis of the law of 5 April 2025",
        "",
    ],
)
def test_what_is_ambiguous_or_about_something_else_is_no_date(line: str) -> None:
    assert stated_dates(f"ACME LICENCE\n\n{line}\n") == (None, None)


def test_the_end_is_read_only_where_the_beginning_states_nothing() -> None:
    body = "You may use the model. " * 400
    end = "\n\nVersion Release Date: April 5, 2025"
    assert stated_dates(body + end) == (SPRING, None)
    assert stated_dates("Updated: May 1, 2025\n\n" + body + end) == (date(2025, 5, 1), None)


def test_the_middle_of_a_document_states_nothing_about_it() -> None:
    body = "You may use the model. " * 400
    assert stated_dates(body + "\n\nLast updated: April 5, 2025\n\n" + body) == (None, None)


@given(st.dates(min_value=date(1980, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_is_read_in_every_english_form(day: date) -> None:
    for form in (f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}", str(day)):
        assert stated_dates(f"Last updated: {form}") == (day, None)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_around_is_survived(before: str, after: str) -> None:
    published, effective = stated_dates(before + "last updated " + after)
    assert all(day is None or 1900 <= day.year <= 2099 for day in (published, effective))
