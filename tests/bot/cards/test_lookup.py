"""Which card is meant: by any of its names, with what was typed beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.lookup import CardFinder, parts_named
from ingest.errors import UnknownNameError
from tests.bot.pretend_facts import ZENITH_CHAT
from tests.bot.pretend_library import CARDS, VOCABULARY

FINDER = CardFinder(CARDS, VOCABULARY.elsewhere)


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
    assert FINDER.one(name).card.id == card


def test_a_name_that_cards_share_lists_them() -> None:
    with pytest.raises(UnknownNameError, match="several") as error:
        FINDER.one("rocket")
    assert error.value.suggestions == ("rocket-2", "rocket-1")
    assert "Rocket 1 Licence" in str(error.value)


@pytest.mark.parametrize("name", ["rocket 7", "zenit terms of use", "Rocket 2 Lizenz"])
def test_a_name_that_is_nearly_one_gets_suggestions(name: str) -> None:
    try:
        found = (FINDER.one(name).card.id,)
    except UnknownNameError as error:
        found = error.suggestions
    assert found


@pytest.mark.parametrize("name", ["", "   ", "bananas", "?" * 5_000, "<!channel>"])
def test_a_name_of_nothing_says_where_to_look(name: str) -> None:
    with pytest.raises(UnknownNameError, match="license list") as error:
        FINDER.one(name)
    assert len(str(error.value)) < 250


@given(st.text(max_size=80))
def test_any_name_is_a_card_or_one_sentence(name: str) -> None:
    try:
        assert FINDER.one(name).card.id in CARDS
    except UnknownNameError as error:
        assert set(error.suggestions) <= CARDS.keys()


def test_a_family_is_split_by_the_models_that_bear_its_name() -> None:
    with pytest.raises(UnknownNameError) as error:
        FINDER.one("rocket")
    assert "(rocket-2) for Rocket 2, Rocket 2.5 Scout; " in str(error.value)
    assert "(rocket-1) for Rocket 1. Name one." in str(error.value)


@pytest.mark.parametrize("name", ["kestrel", "Kestrel Pro", "acme cloud"])
def test_a_product_that_is_not_covered_is_said_to_be_so(name: str) -> None:
    with pytest.raises(UnknownNameError, match="Not covered: no document on") as error:
        FINDER.one(name)
    assert error.value.suggestions == ()


@pytest.mark.parametrize(
    ("typed", "card", "rest"),
    [
        ("rocket-2 branding", "rocket-2", "branding"),
        ("ROCKET 2: who owns outputs?", "rocket-2", "who owns outputs?"),
        ("sue where, zenith terms", "zenith-chat", "sue where"),
        ("rocket-2", "rocket-2", ""),
    ],
)
def test_what_was_typed_beside_the_name_is_kept(typed: str, card: str, rest: str) -> None:
    found = FINDER.one(typed)
    assert (found.card.id, found.rest) == (card, rest)


@pytest.mark.parametrize(
    "typed",
    [("rocket-2 rocket-1",), ("rocket 2 vs rocket 1",), ("rocket-2", "rocket-1")],
)
def test_several_cards_come_in_the_order_in_which_they_were_named(typed: tuple[str, ...]) -> None:
    assert [each.id for each in FINDER.each(typed)] == ["rocket-2", "rocket-1"]


def test_one_name_that_means_nothing_is_named_among_several() -> None:
    with pytest.raises(UnknownNameError, match="“bananas”"):
        FINDER.each(["rocket-2", "bananas"])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("on the free plan", {"Zenith Free"}),
        ("Zenith Pro and zenith free", {"Zenith Free", "Zenith Pro"}),
        ("freely produced", set()),
        ("", set()),
    ],
)
def test_plans_are_known_by_name_and_alias(text: str, named: set[str]) -> None:
    assert parts_named(ZENITH_CHAT, text) == named
