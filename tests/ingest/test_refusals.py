"""What is no document never becomes a version, and what is one always does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.domain import Cause
from ingest.errors import NotTheDocumentError
from ingest.normalise import normalise
from ingest.refusals import check
from tests.ingest.test_language import CHINESE, ENGLISH, GERMAN

SHARED = Path(__file__).parents[3] / "shared" / "data"
BUNDLE = SHARED / "genai-terms.bundle"

TERMS = f"# Acme Terms\n\n## 1. Content\n\n{ENGLISH}\n\n## 2. Changes\n\n{ENGLISH * 4}"
NAVIGATION = (
    "[Skip to content](#main)\n\n* [Products](/products)\n* [Prices](/prices)\n* [Log in](/in)\n\n"
)

PAGES = {
    Cause.ERROR_PAGE: [
        "# 404 Not Found\n\nnginx",
        "404. That is an error.\n\nThe requested URL /terms was not found on this server.",
        "# 404\n\nNothing here but us, sorry about that.",
        "This page isn’t available\n---\n\nPlease come back to us another day.",
        "# Oops!\n\nThe page you asked for could not be found. Go to the start.",
        "That page can’t be found. Perhaps a search helps you further?",
        "# Acme\n\nWe can't find the page that you were after. It may have been removed.",
        "503 Service Temporarily Unavailable",
        "Error 503\n\nThe servers are all out for lunch, and we are working on it.",
        "Access Denied\n\nYou have no permission to see this on our server. Ref 18.2",
        "Something went wrong. Try reloading, or come back a little later.",
        "We are down for maintenance and will be back within the hour, promised.",
        "This content is not available in your country.",
        '{"error": {"code": 404, "message": "there is no such thing as what you have asked for"}}',
        "Diese Seite wurde leider nicht gefunden. Gehen Sie zur Startseite zurück.",
        "Page introuvable\n\nLa page que vous cherchez a changé d'adresse, désolé.",
        "# Página no encontrada\n\nVuelva al comienzo, o busque con otras palabras, por favor.",
        "抱歉，页面不存在。请返回首页，或者使用搜索功能查找您需要的内容，谢谢您。",
    ],
    Cause.WALL: [
        "Just a moment…\n\nChecking your browser before you see acme.example. Ray 7f.",
        "# acme.example\n\nVerifying that you are human. This takes a few seconds, no more.",
        "# One more step\n\nComplete the security check to reach acme.example. Ray 7f.",
        "We have seen unusual traffic from your network, so prove now that you are no machine.",
        "Bitte bestätigen Sie kurz, dass Sie ein Mensch sind und kein Automat, danke.",
        "# Before you continue\n\nWe and 214 partners use cookies to make this site work.",
        "# Your privacy\n\nWe use cookies.\n\nAccept all\n\nReject all\n\nManage choices",
        f"# We use cookies\n\n{'They count visits and show what others bought. ' * 20}\n\n"
        "[Accept all](#a)\n\n[Reject all](#r)",
        "Wir verwenden Cookies\n\nDamit messen wir Zugriffe.\n\nAlle akzeptieren\n\nAlle ablehnen",
        "# Welcome back to Acme 2\n\nSign in to continue",
        "# Welcome back\n\nUse the address that you work with.\n\nPassword\n\nForgot password?",
    ],
    Cause.REDIRECT_STUB: [
        "Redirecting to legal.acme.example",
        "You are being redirected. Click here if nothing happens in some seconds.",
        "Click here if you are not redirected automatically within a few seconds.",
        "# Moved Permanently\n\nThe document has moved [here](https://acme.example/).",
        "Sie werden in Kürze weitergeleitet, haben Sie bitte einen Augenblick Geduld.",
    ],
    Cause.EMPTY_SHELL: [
        "You need to enable JavaScript to run this app, and then load it again.",
        "Acme does not work without JavaScript. Please switch it on, and then load it again.",
        "Bitte aktivieren Sie JavaScript, um diese Seite in voller Schönheit zu sehen.",
        "Loading...",
        "# Acme Privacy Statement\n\nLast updated: May 2026\n\n[What is new?](https://a.b)",
        "Acme Privacy Statement\n===\n\nLast updated: May 2026\n\n© 2026 Acme",
        "Acme\n\nProducts\n\nPrices\n\nCompany\n\nCareers\n\nLegal\n\nContact",
        "[Terms of Acme that count since May](/terms)\n[What we do with your data](/privacy)",
    ],
    Cause.OTHER_LANGUAGE: [f"# Nutzungsbedingungen\n\n{GERMAN}", CHINESE],
}
EVERY = [(cause, page) for cause, pages in PAGES.items() for page in pages]

DOCUMENTS = [
    TERMS,
    "The Acme model may be used, copied and sold by anyone for any purpose, without warranty.",
    "# Imprint\n\nAcme Ltd, 1 Harbour Street, Port Ellen. Its director is A. Smith.",
    "# Imprint\n\nAcme SAS\n\n1 rue du Port\n\n75001 Paris\n\nA. Martin\n\na@acme.example",
    "# Imprint\n\nAcme Ltd, 1 Harbour Street, Port Ellen.\n\nPassword\n\n[Forgot password?](/f)",
    "# Permission is granted to use, copy, change and sell\n# Acme, as long as this note stays.",
    "# Cookies\n\nWe use cookies to keep you signed in, and for nothing else. Delete them at will.",
    f"# Cookies\n\nWe use cookies. You may accept all of these terms or none.\n\n{ENGLISH * 3}",
    "# Cookie Policy\n\nWe use cookies to count visits, unless you object.\n\n"
    "* Accept all\n* Reject all\n* Manage",
    f"# Errors\n\nIf a page is not available, error 404 is shown.\n\n{ENGLISH * 4}",
    f"# Access\n\nAccess is denied to minors. Please log in to delete data.\n\n{ENGLISH * 4}",
    f"{TERMS}\n\n***\n\n© Acme, all rights reserved",
    f"{TERMS}\n\n***\n\nWe use cookies\n\nAccept all cookies\n\nReject all cookies",
    "We accept all reports of weaknesses in Acme at security@acme.example, with thanks.",
]
SECTIONS = [
    "## Availability\n\nThe page is not available. Or the service is down for maintenance.",
    "The Service may be unavailable during maintenance; the page is then not available.",
    "If the page cannot be found, you may be redirected to the start.",
    "## Payment\n\nYou are being redirected to those who take payments for us.",
    "## Opting out\n\nPlease log in. Sign in to continue. You must enable JavaScript.",
    "## Robots\n\nAre you a robot? Then stay away, and do not solve the captcha.",
    "## Section 404\n\nPage numbers refer to the printed text.",
    "## Cookies\n\nAccept all\n\nReject all",
    "Deleted content is no longer available.",
    "Not found in this version\n---\n\nAccess denied",
]


def cause_of(text: str, last_good: str | None = None, language: str = "en") -> Cause | None:
    try:
        check(text, last_good, language)
    except NotTheDocumentError as error:
        return error.cause
    return None


@pytest.mark.parametrize(("cause", "page"), EVERY, ids=[page[:40] for _, page in EVERY])
def test_a_page_that_is_no_document_is_refused_with_its_cause(cause: Cause, page: str) -> None:
    assert cause_of(page) is cause
    assert cause_of(page, TERMS) is cause
    assert cause_of(NAVIGATION + page) is cause


def test_the_sentence_says_what_was_seen() -> None:
    with pytest.raises(NotTheDocumentError, match=r"error page \(“404 not found”\)"):
        check("# 404 Not Found\n\nnginx", None)
    with pytest.raises(NotTheDocumentError, match="it is in de, not in en"):
        check(GERMAN, None)


@pytest.mark.parametrize("page", PAGES[Cause.ERROR_PAGE][:4])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_page_of_several_that_is_an_error_page_spoils_the_whole(place: int, page: str) -> None:
    pages = [TERMS, TERMS, TERMS]
    pages[place] = page
    assert cause_of("\n\n- - -\n\n".join(pages), TERMS) is Cause.ERROR_PAGE


@pytest.mark.parametrize("text", DOCUMENTS, ids=[text[:40] for text in DOCUMENTS])
def test_a_document_may_be_short_and_may_speak_of_errors_and_cookies(text: str) -> None:
    assert cause_of(text) is None
    assert cause_of(NAVIGATION + text) is None


@pytest.mark.parametrize("section", SECTIONS, ids=[text[:40] for text in SECTIONS])
@pytest.mark.parametrize("rule", ["* * *", "---", "___"])
def test_a_section_between_rules_may_say_what_error_pages_say(section: str, rule: str) -> None:
    assert cause_of(f"{TERMS}\n\n{rule}\n\n{section}\n\n{rule}\n\n{TERMS}") is None


def test_a_document_in_its_declared_language_is_no_stranger() -> None:
    assert cause_of(GERMAN * 2, language="de") is None
    assert cause_of(CHINESE, language="zh") is None
    assert cause_of(ENGLISH * 2, language="de") is Cause.OTHER_LANGUAGE


def test_a_language_that_was_good_before_is_not_sudden() -> None:
    assert cause_of(GERMAN * 3, GERMAN * 2) is None
    assert cause_of(GERMAN * 3, ENGLISH * 2) is Cause.OTHER_LANGUAGE


def test_less_than_a_third_of_the_last_good_text_is_a_stump() -> None:
    assert cause_of(ENGLISH, ENGLISH * 4) is Cause.SHRUNK
    assert cause_of(ENGLISH, ENGLISH * 3) is None
    assert cause_of(ENGLISH, None) is None
    assert cause_of(CHINESE, CHINESE * 4, "zh") is Cause.SHRUNK


def test_addresses_of_links_are_no_text_that_can_shrink() -> None:
    tracked = " ".join(f"[here](https://acme.example/?id={'7' * 200})" for _ in range(20))
    assert cause_of(ENGLISH, f"{ENGLISH} {tracked}") is None


@pytest.mark.skipif(not BUNDLE.is_file(), reason="the real data of ../shared is not here")
def test_of_real_terms_no_change_of_law_is_refused_and_every_error_page_is(tmp_path: Path) -> None:
    terms = tmp_path / "terms.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", BUNDLE, terms], check=True)

    def cause(change: dict[str, str]) -> Cause | None:
        blob = f"{change['commit']}:{change['doc']}"
        shown = subprocess.run(["git", "-C", terms, "show", blob], capture_output=True, check=True)
        return cause_of(normalise(shown.stdout.decode()))

    lines = (SHARED / "eval" / "changes.jsonl").read_text("utf-8").splitlines()
    changes = [json.loads(line) for line in lines]
    # A change may come together with an error page; it is told when the document is whole again.
    law = [
        each
        for each in changes
        if each["label"] == "material" and "error page" not in each["summary"]
    ]
    failures = [each for each in changes if each["reason"].startswith("Fetch failure")]
    assert [each["commit"] for each in law if cause(each) is not None] == []
    assert {cause(each) for each in failures} == {Cause.ERROR_PAGE}


@settings(deadline=None)
@given(st.text(max_size=3_000), st.none() | st.text(max_size=300))
def test_any_text_is_let_through_or_refused(text: str, last_good: str | None) -> None:
    cause = cause_of(text, last_good)
    assert cause is None or cause in Cause


_WORDS = st.sampled_from(
    ["[", "](", ")", "page", "not found", "404", "---", "\n", ".", "漢", "you"]
)


@settings(deadline=None)
@given(st.lists(_WORDS, max_size=60), st.lists(_WORDS, max_size=60))
def test_what_is_let_through_beside_a_last_good_text_is_let_through_alone(
    words: list[str], before: list[str]
) -> None:
    text = " ".join(words)
    if cause_of(text, " ".join(before)) is None:
        assert cause_of(text) is None


@settings(deadline=None)
@given(st.sampled_from(EVERY), st.integers(0, 3))
def test_space_around_a_page_changes_nothing(page: tuple[Cause, str], lines: int) -> None:
    cause, text = page
    assert cause_of("\n" * lines + text + "\n" * lines) is cause


@pytest.mark.parametrize(
    "piece", ["[", "](", "a", "-", "- ", "\n", "x\n\n***\n\n", "a@", "漢", "[a]("]
)
def test_a_long_line_of_anything_is_read_in_one_go(piece: str) -> None:
    cause_of(piece * 100_000, ENGLISH)
