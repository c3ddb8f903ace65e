"""Pages that stand on their own: whole, escaped, loading nothing."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.cards import page, text
from bot.cards.licenses import Licenses
from bot.cards.views import CardView, Help
from ingest.errors import QuestionError
from tests.bot.pretend_facts import licenses
from tests.bot.pretend_library import archived

REQUESTS = (
    *("rocket-2", "rocket-2 openness", "rocket-1", "zenith-chat", "list"),
    *("compare rocket-2 zenith-chat", "check rocket-2 --use sell it, loans, bananas"),
    *("obligations rocket-2", "obligations zenith-chat", "history rocket-2"),
)
EVIL = '<script>alert("x")</script><!channel> & "quotes"'


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Licenses:
    return licenses(archived(tmp_path_factory.mktemp("archive"))[0])


class Reader(HTMLParser):
    """Collects what a browser would fetch, and the tags that are open."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "srcset")]
        if tag in ("link", "script", "iframe", "object"):
            self.fetched.append(tag)


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_page_is_whole_and_loads_nothing(known: Licenses, request_: str) -> None:
    told = page.shown(known.answer(request_))
    reader = Reader()
    reader.feed(told)
    assert told.startswith("<!doctype html>")
    assert told.rstrip().endswith("</html>")
    assert reader.fetched == []
    assert {"main", "h1", "title"} <= set(reader.tags)
    assert "not legal advice" in told


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_page_says_what_the_terminal_says(known: Licenses, request_: str) -> None:
    view = known.answer(request_)
    plain = text.shown(view)
    told = page.shown(view)
    for fact in getattr(view, "facts", ()):
        assert fact.label in told
        assert fact.label in plain


def test_nothing_that_was_typed_or_read_becomes_markup(known: Licenses) -> None:
    view = known.answer("rocket-2")
    assert isinstance(view, CardView)
    fact = view.facts[0]
    evil = replace(
        view,
        title=EVIL,
        models=(EVIL,),
        notices=(EVIL,),
        facts=(replace(fact, says=EVIL, citations=(replace(fact.citations[0], quote=EVIL),)),),
    )
    told = page.shown(evil)
    assert "<script" not in told
    assert "&lt;script&gt;" in told


def test_help_is_no_page() -> None:
    with pytest.raises(QuestionError, match="license compare"):
        page.shown(Help())


def test_a_stale_fact_is_marked_on_a_page(known: Licenses) -> None:
    view = known.answer("rocket-2")
    assert isinstance(view, CardView)
    from ingest.proof import FactStatus

    stale = replace(view.facts[0], status=FactStatus.STALE, why="Its clause was reworded.")
    told = page.shown(replace(view, facts=(stale,)))
    assert "Not to be relied on: Its clause was reworded." in told
