"""One licence on a page: found by any of its names, shown with versions and decisive clauses."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from bot.licenses import describe, find_card
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import LicenseView
from ingest.archive import Archive
from ingest.cards import Card
from ingest.errors import UnknownNameError
from tests.bot.pretend_library import CARDS, MANIFEST, TEXTS, VOCABULARY, archived


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archived(tmp_path_factory.mktemp("archive"))[0]


@pytest.fixture(scope="module")
def rocket(archive: Archive) -> LicenseView:
    return describe(CARDS["rocket-2"], archive, MANIFEST, VOCABULARY)


@pytest.mark.parametrize(
    ("name", "card"),
    [
        ("rocket 2", "rocket-2"),
        ("Rocket-2 Licence Agreement", "rocket-2"),
        ("scout", "rocket-2"),
        ("rockte 2", "rocket-2"),
        ("old rocket licence", "rocket-2"),
        ("acme/rocket-1", "rocket-1"),
        ("rocket-1", "rocket-1"),
        ("zenith", "zenith-chat"),
    ],
)
def test_a_card_is_found_by_any_name(name: str, card: str) -> None:
    assert find_card(name, CARDS).id == card


def test_a_name_that_cards_share_lists_them() -> None:
    with pytest.raises(UnknownNameError, match="several") as error:
        find_card("rocket", CARDS)
    assert error.value.suggestions == ("rocket-2", "rocket-1")
    assert "Rocket 1 Licence" in str(error.value)


@pytest.mark.parametrize("name", ["rocket 7", "zenit terms of use", "Rocket 2 Lizenz"])
def test_a_name_that_is_nearly_one_gets_suggestions(name: str) -> None:
    try:
        found = (find_card(name, CARDS).id,)
    except UnknownNameError as error:
        found = error.suggestions
    assert found


@pytest.mark.parametrize("name", ["", "   ", "bananas", "?" * 5_000, "<!channel>"])
def test_a_name_of_nothing_says_where_to_look(name: str) -> None:
    with pytest.raises(UnknownNameError, match="license list") as error:
        find_card(name, CARDS)
    assert len(str(error.value)) < 250


@given(st.text(max_size=80))
def test_any_name_is_a_card_or_one_sentence(name: str) -> None:
    try:
        assert find_card(name, CARDS).id in CARDS
    except UnknownNameError as error:
        assert set(error.suggestions) <= CARDS.keys()


def test_all_documents_that_bind_are_listed_with_their_versions(rocket: LicenseView) -> None:
    assert [each.source for each in rocket.documents] == ["acme/rocket-2", "acme/use-policy"]
    licence = rocket.documents[0]
    assert licence.version is not None
    assert licence.version.number == 1
    assert licence.version.dated == "dated 4 May 2025"
    assert licence.url == "https://acme.example/rocket-2"
    assert licence.attribution == "Pretend texts"


def test_each_decisive_topic_has_the_clause_that_speaks_to_it(rocket: LicenseView) -> None:
    clauses = {each.label: each.citation for each in rocket.clauses}
    assert "40 million" in clauses["Limit by number of users"].quote
    assert "word\nRocket" in clauses["Name of a derived model"].quote
    assert clauses["Law and court"].clause == "5. Law"


def test_a_topic_that_is_not_decisive_or_not_spoken_to_is_left_out(rocket: LicenseView) -> None:
    assert {each.label for each in rocket.clauses}.isdisjoint({"How it ends", "Liability"})


def test_every_quote_is_verbatim(rocket: LicenseView) -> None:
    assert rocket.clauses
    for each in rocket.clauses:
        assert each.citation.quote in TEXTS[each.citation.source]


def test_a_document_that_was_never_read_is_said_to_be_so(archive: Archive) -> None:
    view = describe(CARDS["zenith-chat"], archive, MANIFEST, VOCABULARY)
    assert view.documents[1].version is None
    assert view.notices == (
        "Zenith Privacy Notice has not been read yet; run `smallprint ingest`.",
    )
    assert [each.label for each in view.clauses] == ["Liability"]


def test_a_card_of_which_nothing_was_read_is_still_shown(archive: Archive) -> None:
    card: Card = replace(CARDS["zenith-chat"], documents=("zenith/unread",))
    view = describe(card, archive, MANIFEST, VOCABULARY)
    assert (view.clauses, view.title) == ((), "Zenith Chat Terms")


def test_a_view_prints_as_json(rocket: LicenseView) -> None:
    printed = json.loads(json.dumps(rocket.to_json()))
    assert printed["documents"][0]["version"]["published"] == "2025-05-04"
    assert printed["clauses"][0].keys() >= {"topic", "quote", "version", "url", "clause"}
