"""Cards side by side: what differs first, and nothing left out."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.cards.comparing import compare
from bot.cards.licenses import Licenses
from bot.cards.views import Comparison
from ingest.errors import QuestionError, UnknownNameError
from tests.bot.pretend_facts import FIELDS, licenses
from tests.bot.pretend_library import archived


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Licenses:
    return licenses(archived(tmp_path_factory.mktemp("archive"))[0])


@pytest.fixture(scope="module")
def both(known: Licenses) -> Comparison:
    view = known.answer("compare rocket-2 vs zenith-chat")
    assert isinstance(view, Comparison)
    return view


def test_cards_stand_in_the_order_in_which_they_were_named(both: Comparison) -> None:
    assert [each.card for each in both.cards] == ["rocket-2", "zenith-chat"]


def test_every_field_of_either_card_has_a_row(both: Comparison) -> None:
    fields = {fact.field for card in both.cards for fact in card.facts}
    assert {each.field for each in both.rows} == fields
    for row in both.rows:
        assert len(row.cells) == 2


def test_rows_that_differ_come_first_in_the_order_of_the_vocabulary(both: Comparison) -> None:
    assert [each.differs for each in both.rows] == sorted(
        (each.differs for each in both.rows), reverse=True
    )
    differing = [each.field for each in both.rows if each.differs]
    assert differing == [id for id in FIELDS.fields if id in differing]


def test_a_card_differs_in_nothing_from_itself(known: Licenses) -> None:
    card = known.card("rocket-2")
    assert not any(each.differs for each in compare([card, card], FIELDS).rows)


def test_the_same_value_with_another_figure_differs(known: Licenses) -> None:
    card = known.card("rocket-2")
    view = known.answer("compare rocket-2 zenith-chat")
    assert isinstance(view, Comparison)
    (row,) = [each for each in view.rows if each.field == "user-threshold"]
    assert row.differs
    assert row.cells[0][0] in card.facts
    assert row.cells[0][0].figure == "40,000,000 monthly active users"
    facts = tuple(
        replace(each, figure="5 monthly active users") if each.figure else each
        for each in card.facts
    )
    other = compare([card, replace(card, facts=facts)], FIELDS)
    assert [each.field for each in other.rows if each.differs] == ["user-threshold"]


def test_a_card_without_facts_is_said_to_have_none(known: Licenses) -> None:
    view = known.answer("compare rocket-2, rocket-1")
    assert isinstance(view, Comparison)
    assert "Nobody has written facts for Rocket 1 Licence yet." in view.notices


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("compare rocket-2", "only Rocket 2 Licence Agreement was found"),
        ("compare rocket-2 rocket-2", "only Rocket 2 Licence Agreement was found"),
        ("compare", "Name a licence"),
    ],
)
def test_too_few_cards_are_refused_with_an_example(
    known: Licenses, typed: str, sentence: str
) -> None:
    with pytest.raises(QuestionError, match=sentence):
        known.answer(typed)


def test_too_many_cards_are_refused(known: Licenses) -> None:
    with pytest.raises(QuestionError, match="5 were found"):
        compare([known.card("rocket-2")] * 5, FIELDS)


@pytest.mark.parametrize("typed", ["compare rocket-2 vs bananas", "compare rocket vs zenith-chat"])
def test_a_name_that_leads_nowhere_or_to_several_is_named(known: Licenses, typed: str) -> None:
    with pytest.raises(UnknownNameError):
        known.answer(typed)


def test_a_comparison_prints_as_json(both: Comparison) -> None:
    printed = json.loads(json.dumps(both.to_json()))
    assert [each["card"] for each in printed["cards"]] == ["rocket-2", "zenith-chat"]
    assert printed["rows"][0].keys() == {"field", "label", "differs", "cells"}
