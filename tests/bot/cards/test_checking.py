"""A use against a card: a ruling a line, questions where something must be known, duties."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.checking import Told, check, obligations
from bot.cards.licenses import Licenses
from bot.cards.uses import Use
from bot.cards.views import Check
from bot.domain import FactView
from ingest.facts import Amount, Fact
from ingest.fields import Ruling
from ingest.proof import FactStatus
from tests.bot.pretend_facts import FIELDS, ROCKET_2, ZENITH_CHAT, licenses
from tests.bot.pretend_library import CARDS, archived


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Licenses:
    return licenses(archived(tmp_path_factory.mktemp("archive"))[0])


def checked(known: Licenses, use: str, card: str = "rocket-2") -> Check:
    return known.check(card, known.read_use(use))


def rulings(view: Check) -> dict[str, Ruling | None]:
    return {each.about: each.ruling for each in view.lines}


@pytest.mark.parametrize(
    ("use", "ruling"),
    [
        ("fine-tune it, 1M users, based in the US", Ruling.PERMITTED),
        ("sell it, 1M users, based in the US", Ruling.PERMITTED_IF),
        ("sell it", Ruling.PERMITTED_IF),  # users and seat are not known
        ("sell it as SaaS, 1M users, based in the US", Ruling.UNCLEAR),  # hosting is not spoken of
        ("sell it, 90M users, based in the US", Ruling.NEEDS_LICENCE),
        ("sell it, we are based in Germany", Ruling.NOT_PERMITTED),
        ("aim missiles, 1M users, based in the US", Ruling.NOT_PERMITTED),
        ("bananas", Ruling.UNCLEAR),
        ("", Ruling.UNCLEAR),
    ],
)
def test_the_worst_line_is_the_ruling(known: Licenses, use: str, ruling: Ruling) -> None:
    assert checked(known, use).ruling is ruling


def test_every_line_but_silence_names_a_clause(known: Licenses) -> None:
    view = checked(known, "sell it, fine-tune it, SaaS, ship it, loans, 2M users, in the EU")
    for line in view.lines:
        silent = line.fact is None or line.fact.value == "unclear"
        assert silent or (line.fact is not None and line.fact.citations), line


def test_silence_of_a_card_is_never_permission(known: Licenses) -> None:
    lines = rulings(checked(known, "ship it"))
    assert lines["Hand it over"] is Ruling.UNCLEAR


def test_a_threshold_is_held_against_the_number_that_was_stated(known: Licenses) -> None:
    view = checked(known, "sell it, 41M users")
    (line,) = [each for each in view.lines if each.about == "Limit by number of users"]
    assert line.ruling is Ruling.NEEDS_LICENCE
    assert line.says.startswith("41,000,000 stated, 40,000,000 is the limit.")
    assert rulings(checked(known, "sell it, 40M users"))["Limit by number of users"] is (
        Ruling.PERMITTED
    )


def test_when_a_threshold_is_measured_is_told_near_to_it_and_not_far_from_it(
    known: Licenses,
) -> None:
    assert "When it is measured" in rulings(checked(known, "sell it, 30M users"))
    assert "When it is measured" not in rulings(checked(known, "sell it, 1M users"))


def test_what_must_be_known_is_asked(known: Licenses) -> None:
    questions = checked(known, "sell it").questions
    assert any("in the month before the model was released" in each for each in questions)
    assert any("established in the European Economic Area?" in each for each in questions)
    assert any("handed over" in each for each in questions)


def test_inside_the_company_nobody_asks_how_it_is_delivered() -> None:
    for use in (
        Use(acts=frozenset({"use-internally"})),
        Use(denied=frozenset({"host", "distribute"})),
    ):
        questions = check(ROCKET_2, [], use, FIELDS).questions
        assert not any("handed over" in each for each in questions)


def test_what_is_known_is_not_asked(known: Licenses) -> None:
    questions = checked(known, "sell it as SaaS, 2M users, based in the US").questions
    assert questions == ()


def test_a_smaller_region_lies_within_a_larger_one(known: Licenses) -> None:
    lines = rulings(checked(known, "sell it, we are based in France"))
    assert lines["Where you are established"] is Ruling.NOT_PERMITTED


def test_selling_in_a_region_is_not_being_established_there(known: Licenses) -> None:
    lines = rulings(checked(known, "sell it in the EU"))
    assert lines["Where you are established"] is Ruling.PERMITTED_IF


def test_a_field_of_use_without_a_fact_is_unclear(known: Licenses) -> None:
    lines = rulings(checked(known, "loans, aircraft"))
    assert lines["Field of use: finance"] is Ruling.PERMITTED_IF
    assert lines["Field of use: aviation"] is Ruling.NOT_PERMITTED


def test_a_ban_that_names_no_field_is_not_the_answer_for_every_field(known: Licenses) -> None:
    ban = told(Fact("fields-of-use", "not-permitted", "No fireworks.", ()))
    general = told(Fact("fields-of-use", "permitted", "No field is singled out.", ()))
    use = Use(subjects=frozenset({"finance"}))
    assert check(ROCKET_2, [ban], use, FIELDS).lines[0].ruling is Ruling.UNCLEAR
    assert check(ROCKET_2, [ban, general], use, FIELDS).lines[0].ruling is Ruling.PERMITTED


def test_a_fact_on_the_model_that_is_named_goes_before_silence_in_general() -> None:
    facts = [
        told(Fact("outputs-train-models", "unclear", "The text is silent.", ())),
        told(Fact("outputs-train-models", "permitted", "Yes.", (), applies_to=("Rocket 2",))),
    ]
    acts = frozenset({"train-on-outputs"})
    named = check(ROCKET_2, facts, Use(acts=acts, named="rocket 2"), FIELDS)
    assert named.ruling is Ruling.PERMITTED
    assert check(ROCKET_2, facts, Use(acts=acts), FIELDS).ruling is Ruling.UNCLEAR


def test_duties_are_those_that_the_acts_bring_about(known: Licenses) -> None:
    view = checked(known, "fine-tune it and ship it")
    certain = {each.fact.field for each in view.duties if not each.condition}
    assert certain == {"derivative-name", "licence-copy", "notice-text"}


def test_duties_that_hang_on_what_is_not_said_come_with_their_condition(known: Licenses) -> None:
    duties = {each.fact.field: each.condition for each in checked(known, "fine-tune it").duties}
    assert duties["notice-text"] == ""
    assert duties["licence-copy"] == "hand it over or offer it as a service"
    assert duties["derivative-name"] == (
        "fine-tune it or train another model on its outputs, and hand it over or offer it as a "
        "service"
    )


def test_duties_of_acts_that_were_denied_are_left_out(known: Licenses) -> None:
    view = checked(known, "fine-tune it; no SaaS; not shipped")
    assert {each.fact.field for each in view.duties} == {"notice-text"}


def test_the_list_of_duties_does_not_depend_on_a_use(known: Licenses) -> None:
    view = known.obligations("rocket-2")
    assert [each.fact.field for each in view.duties] == [
        *("derivative-name", "licence-copy", "notice-text")
    ]


def test_facts_of_another_plan_are_left_out_once_a_plan_is_named(known: Licenses) -> None:
    free = checked(known, "enter customer data on the free plan", "zenith-chat")
    assert rulings(free)["Enter customers' data"] is Ruling.PERMITTED_IF
    pro = checked(known, "enter customer data on zenith pro", "zenith-chat")
    assert rulings(pro)["Enter customers' data"] is Ruling.UNCLEAR
    both = checked(known, "enter customer data", "zenith-chat")
    assert "On which plan: Zenith Free, Zenith Pro?" in both.questions


def test_a_plan_or_model_may_stand_in_the_name(known: Licenses) -> None:
    view = known.answer("check zenith chat pro --use enter customer data")
    assert isinstance(view, Check)
    assert rulings(view)["Enter customers' data"] is Ruling.UNCLEAR
    again = known.answer(f"check zenith-chat --use {view.use}")
    assert isinstance(again, Check)
    assert again.lines == view.lines


def test_a_checked_use_can_be_checked_again_from_what_it_carries(known: Licenses) -> None:
    first = checked(known, "fine-tune it, ship it in the EU, 50M users, loans, no SaaS")
    again = known.answer(f"check rocket-2 --use {first.use}")
    assert isinstance(again, Check)
    assert (again.ruling, again.lines, again.duties) == (first.ruling, first.lines, first.duties)


def test_a_check_prints_as_json(known: Licenses) -> None:
    printed = json.loads(json.dumps(checked(known, "sell it, bananas").to_json()))
    assert printed["verdict"] == "permitted-if"
    assert printed["ignored"] == ["bananas"]
    assert printed["lines"][0]["fact"]["citations"][0]["quote"]


# Facts on their own, without an archive


def told(fact: Fact, status: FactStatus = FactStatus.CURRENT) -> Told:
    field = FIELDS.fields[fact.field]
    view = FactView(
        field=field.id,
        label=field.label,
        section=field.section,
        value=fact.value,
        wording=field.values[fact.value],
        says=fact.says,
        status=status,
        why="" if status is FactStatus.CURRENT else "Its clause was reworded.",
        citations=(),
        applies_to=fact.applies_to,
        about=tuple(FIELDS.regions[each].label for each in fact.members if each in FIELDS.regions),
    )
    return Told(fact, view)


def test_a_stale_fact_rules_nothing() -> None:
    allowed = Fact("commercial-use", "permitted", "You may.", ())
    for status, ruling in (
        (FactStatus.CURRENT, Ruling.PERMITTED),
        (FactStatus.STALE, Ruling.UNCLEAR),
        (FactStatus.UNREAD, Ruling.UNCLEAR),
    ):
        view = check(ROCKET_2, [told(allowed, status)], Use(acts=frozenset({"sell"})), FIELDS)
        assert view.lines[0].ruling is ruling
    assert "Not to be relied on: Its clause was reworded." in view.lines[0].says


@pytest.mark.parametrize(
    ("value", "revenue", "per", "ruling", "asked"),
    [
        ("licence-above", 2_000_000, "year", Ruling.NEEDS_LICENCE, False),
        ("licence-above", 500_000, "year", Ruling.PERMITTED, False),
        ("licence-above", 2_000_000, "month", Ruling.PERMITTED_IF, True),  # not comparable
        ("licence-above", None, "year", Ruling.PERMITTED_IF, True),
    ],
)
def test_revenue_is_compared_by_the_same_period_alone(
    value: str, revenue: int | None, per: str, ruling: Ruling, asked: bool
) -> None:
    fact = Fact("revenue-threshold", value, "Ask.", (), amount=Amount(1_000_000, "usd-a-year"))
    use = Use(acts=frozenset({"sell"}), revenue=revenue, revenue_per=per)
    view = check(ROCKET_2, [told(fact)], use, FIELDS)
    (line,) = [each for each in view.lines if each.about == "Limit by revenue"]
    assert line.ruling is ruling
    assert any("revenue a year" in each for each in view.questions) is asked


@pytest.mark.parametrize(
    ("places", "says"),
    [({"eu"}, ["Never."]), ({"us"}, ["Always."]), (set(), ["Never.", "Always."])],
)
def test_a_fact_that_holds_in_some_regions_counts_there_alone(
    places: set[str], says: list[str]
) -> None:
    facts = [
        told(Fact("trains-on-inputs", "never", "Never.", (), members=("eea",))),
        told(Fact("trains-on-inputs", "opt-out", "Always.", (), members=("elsewhere",))),
    ]
    use = Use(acts=frozenset({"enter-customer-data"}), market=frozenset(places))
    view = check(ZENITH_CHAT, facts, use, FIELDS)
    assert [each.says for each in view.lines] == says


def test_countries_that_a_vendor_does_not_serve_must_be_looked_up() -> None:
    fact = Fact("market-region", "not-permitted", "Not there.", (), members=("unsupported",))
    use = Use(acts=frozenset({"sell"}), market=frozenset({"us"}))
    view = check(ROCKET_2, [told(fact)], use, FIELDS)
    assert view.lines[-1].ruling is Ruling.PERMITTED_IF
    assert any("countries that are not served?" in each for each in view.questions)


def test_a_card_without_facts_settles_nothing() -> None:
    view = check(CARDS["rocket-1"], [], Use(acts=frozenset({"sell"})), FIELDS)
    assert view.ruling is Ruling.UNCLEAR
    assert obligations(CARDS["rocket-1"], [], FIELDS).duties == ()


@given(
    st.sets(st.sampled_from(sorted(FIELDS.acts))),
    st.sets(st.sampled_from(sorted(FIELDS.regions))),
    st.none() | st.integers(0, 10**10),
)
def test_more_that_is_done_never_makes_a_ruling_better(
    acts: set[str], home: set[str], users: int | None
) -> None:
    facts = [told(replace(each, clauses=())) for each in ROCKET_2.facts]
    less = Use(acts=frozenset({"sell"}), home=frozenset(home), users=users)
    more = replace(less, acts=frozenset({"sell", *acts}))
    order = list(Ruling)
    worse = check(ROCKET_2, facts, more, FIELDS).ruling
    assert order.index(worse) >= order.index(check(ROCKET_2, facts, less, FIELDS).ruling)
