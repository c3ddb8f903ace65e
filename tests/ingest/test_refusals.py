"""What is no document never becomes a version, and what is one always does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.domain import Cause
from ingest.errors import NotTheDocumentError
from ingest.refusals import check
from tests.ingest.test_language import ENGLISH, GERMAN

TERMS = f"# Acme Terms\n\n## 1. Content\n\n{ENGLISH}\n\n## 2. Changes\n\n{ENGLISH * 4}"

PAGES = [
    (Cause.ERROR_PAGE, "# 404 Not Found\n\nnginx"),
    (Cause.ERROR_PAGE, "This page isn’t available\n---\n\nPlease come back to us another day."),
    (Cause.ERROR_PAGE, "# Oops!\n\nThe page you asked for could not be found. Go to the start."),
    (
        Cause.ERROR_PAGE,
        "Error 503\n\nThe service is temporarily unavailable, we are working on it.",
    ),
    (
        Cause.ERROR_PAGE,
        "Access Denied\n\nYou have no permission to see this on our server. Ref 18.2",
    ),
    (Cause.ERROR_PAGE, "Something went wrong. Try reloading, or come back a little later."),
    (Cause.ERROR_PAGE, "We are down for maintenance and will be back within the hour, promised."),
    (Cause.ERROR_PAGE, "Diese Seite wurde leider nicht gefunden. Gehen Sie zur Startseite zurück."),
    (Cause.ERROR_PAGE, "Page introuvable\n\nLa page que vous cherchez a changé d'adresse, désolé."),
    (Cause.WALL, "Just a moment…\n\nChecking your browser before you see acme.example. Ray 7f."),
    (
        Cause.WALL,
        "# One more step\n\nSolve this captcha so that we know you are no machine, thanks.",
    ),
    (
        Cause.WALL,
        "# Before you continue\n\nWe and 214 partners use cookies to make this site work.",
    ),
    (Cause.WALL, "# Your privacy\n\nWe use cookies.\n\nAccept all\n\nReject all\n\nManage choices"),
    (
        Cause.WALL,
        "# Welcome back\n\nPlease log in to see the legal documents of your organisation.",
    ),
    (Cause.REDIRECT_STUB, "Redirecting to legal.acme.example"),
    (
        Cause.REDIRECT_STUB,
        "You are being redirected. Click here if nothing happens in some seconds.",
    ),
    (
        Cause.REDIRECT_STUB,
        "# Moved Permanently\n\nThe document has moved [here](https://acme.example/).",
    ),
    (Cause.EMPTY_SHELL, "You need to enable JavaScript to run this app, and then load it again."),
    (Cause.EMPTY_SHELL, "Loading..."),
    (
        Cause.EMPTY_SHELL,
        "# Acme Privacy Statement\n\nLast updated: May 2026\n\n[What is new?](https://a.b)",
    ),
    (Cause.OTHER_LANGUAGE, f"# Nutzungsbedingungen\n\n{GERMAN}"),
]


def cause_of(text: str, last_good: str | None = None, language: str = "en") -> Cause | None:
    try:
        check(text, last_good, language)
    except NotTheDocumentError as error:
        return error.cause
    return None


@pytest.mark.parametrize(("cause", "page"), PAGES, ids=[page[:40] for _, page in PAGES])
def test_a_page_that_is_no_document_is_refused_with_its_cause(cause: Cause, page: str) -> None:
    assert cause_of(page) is cause
    assert cause_of(page, TERMS) is cause


def test_the_sentence_says_what_was_seen() -> None:
    with pytest.raises(NotTheDocumentError, match=r"error page \(“404 not found”\)"):
        check("# 404 Not Found\n\nnginx", None)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_page_of_several_that_is_an_error_page_spoils_the_whole(place: int) -> None:
    pages = [TERMS, TERMS, TERMS]
    pages[place] = "This page isn’t available\n\nAn unexpected error has occurred."
    assert cause_of("\n\n- - -\n\n".join(pages), TERMS) is Cause.ERROR_PAGE


@pytest.mark.parametrize(
    "text",
    [
        TERMS,
        "The Acme model may be used, copied and sold by anyone for any purpose, without warranty.",
        "# Imprint\n\nAcme Ltd, 1 Harbour Street, Port Ellen. Its director is A. Smith.",
        f"# Cookies\n\nWe use cookies. You may accept all of these terms or none.\n\n{ENGLISH * 3}",
        f"# Errors\n\nIf a page is not available, error 404 is shown.\n\n{ENGLISH * 4}",
        f"# Access\n\nAccess is denied to minors. Please log in to delete data.\n\n{ENGLISH * 4}",
        f"{TERMS}\n\n***\n\n© Acme, all rights reserved",
        "We accept all reports of weaknesses in Acme at security@acme.example, with thanks.",
    ],
)
def test_a_document_may_be_short_and_may_speak_of_errors_and_cookies(text: str) -> None:
    assert cause_of(text) is None


def test_a_document_in_its_declared_language_is_no_stranger() -> None:
    assert cause_of(GERMAN * 2, language="de") is None
    assert cause_of(ENGLISH * 2, language="de") is Cause.OTHER_LANGUAGE


def test_a_language_that_was_good_before_is_not_sudden() -> None:
    assert cause_of(GERMAN * 3, GERMAN * 2) is None
    assert cause_of(GERMAN * 3, ENGLISH * 2) is Cause.OTHER_LANGUAGE


def test_less_than_a_third_of_the_last_good_text_is_a_stump() -> None:
    assert cause_of(ENGLISH, ENGLISH * 4) is Cause.SHRUNK
    assert cause_of(ENGLISH, ENGLISH * 3) is None
    assert cause_of(ENGLISH, None) is None


@settings(deadline=None)
@given(st.text(max_size=3_000), st.none() | st.text(max_size=300))
def test_any_text_is_let_through_or_refused(text: str, last_good: str | None) -> None:
    cause = cause_of(text, last_good)
    assert cause is None or cause in Cause


@settings(deadline=None)
@given(st.sampled_from([page for _, page in PAGES]), st.integers(0, 3))
def test_space_around_a_page_changes_nothing(page: str, lines: int) -> None:
    assert cause_of("\n" * lines + page + "\n" * lines) is cause_of(page)
