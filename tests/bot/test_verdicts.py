"""Verdicts: which word a fact gives to a question, and which of several facts has the say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import terminal
from bot.blocks.answer import answer_message
from bot.cards.relevant import Relevant
from bot.chain import Answerer
from bot.deciding import Decided
from bot.domain import Answer, AnswerStatus, FactView, Question, Scope, Verdict
from bot.topics import Topics
from bot.verdicts import Judge
from ingest.cards import Card
from ingest.domain import Kind
from ingest.embedding import Embedder
from ingest.facts import Amount, Combination, Fact
from ingest.manifest import corpus_folder
from ingest.proof import FactStatus
from ingest.vocabulary import load_vocabulary
from tests.bot.blocks.test_answer import citation
from tests.bot.pretend_facts import FACTED, FACTS_VOCABULARY, READINGS
from tests.bot.pretend_library import MANIFEST, World, indexed

VOCABULARY = load_vocabulary(corpus_folder())
YES, NO, CONDITIONAL, UNCLEAR = Verdict.YES, Verdict.NO, Verdict.CONDITIONAL, Verdict.UNCLEAR
TODAY = date(2026, 11, 25)
USERS = Amount(40_000_000, "monthly-users")
DELIVERED: tuple[Combination, ...] = (frozenset({"distribute"}), frozenset({"host"}))


def fact(field: str, value: str, says: str = "It says so.", **more: object) -> Fact:
    return Fact(field, value, says, (), **more)  # type: ignore[arg-type]


def shown(each: Fact, *, source: str = "acme/rocket-2", score: float = 10.0) -> Relevant:
    """A fact as it is found for a question, with a clause that proves it."""
    field = VOCABULARY.facts.fields[each.field]
    members = VOCABULARY.facts.members(field.lists)
    view = FactView(
        field=each.field,
        label=field.label,
        section=field.section,
        value=each.value,
        wording=field.values[each.value],
        says=each.says,
        status=FactStatus.CURRENT,
        why="",
        citations=(replace(citation(), source=source),),
        applies_to=each.applies_to,
        about=tuple(members[id].label for id in each.members),
    )
    return Relevant(source.partition("/")[2], view, score, bound=True)


def judged(
    question: str, *found: Relevant, facts: tuple[Fact, ...] = (), sides: int = 1
) -> Decided:
    cards = {
        id: Card(id, id, "acme", Kind.LICENCE, (f"acme/{id}",), (), (), facts=facts)
        for id in ("rocket-2", "rocket-1")
    }
    judge = Judge(VOCABULARY.facts, cards, MANIFEST.vendors.values(), Topics(VOCABULARY.topics))
    scope = Scope(sides=(("acme/rocket-2",), ("acme/rocket-1",))[:sides], rest=question)
    return judge.verdict(question, scope, found)


def word(question: str, *facts: Fact) -> Verdict | None:
    """The verdict where ``facts`` are found, in this order, and the card has them alone."""
    return judged(question, *map(shown, facts), facts=facts).verdict


@pytest.mark.parametrize(
    ("question", "field", "value", "verdict"),
    [
        ("can we sell it", "commercial-use", "permitted", YES),
        ("can we sell it", "commercial-use", "permitted-if", CONDITIONAL),
        ("can we sell it", "commercial-use", "needs-licence", NO),
        ("can we sell it", "commercial-use", "not-permitted", NO),
        ("is it forbidden to sell it?", "commercial-use", "permitted", NO),
        ("is it forbidden to sell it?", "commercial-use", "not-permitted", YES),
        ("is it forbidden to sell it?", "commercial-use", "permitted-if", CONDITIONAL),
        ("do we need a licence to sell it", "commercial-use", "needs-licence", YES),
        ("do we need a licence to sell it", "commercial-use", "permitted", NO),
        ("can we sell it without a licence", "commercial-use", "needs-licence", NO),
        ("must we show a badge", "branding", "required", YES),
        ("must we show a badge", "branding", "asked", NO),
        ("can we skip the badge", "branding", "required", NO),
        ("can we skip the badge", "branding", "not-required", YES),
        ("do they train on our chats", "trains-on-inputs", "never", NO),
        ("do they train on our chats", "trains-on-inputs", "always", YES),
        ("do they train on our chats", "trains-on-inputs", "opt-out", CONDITIONAL),
        ("do our chats stay out of training?", "trains-on-inputs", "never", YES),
        ("do we own the outputs", "output-ownership", "yours", YES),
        ("does acme own the outputs", "output-ownership", "yours", NO),
        ("does acme own the outputs", "output-ownership", "vendors", YES),
        ("is there a way to opt out", "opt-out", "setting", YES),
        ("can acme change the terms without notice", "change-notice", "days", NO),
        ("can acme change the terms without notice", "change-notice", "none", YES),
        ("do they have to give notice", "change-notice", "none", NO),
        ("is the licence revocable?", "revocable", "irrevocable", NO),
        ("is the licence irrevocable?", "revocable", "irrevocable", YES),
        ("is the training data open", "training-data", "closed", NO),
        ("does acme indemnify us", "indemnity-by-vendor", "none", NO),
        ("do we have to go to arbitration", "arbitration", "required", YES),
        ("can we sell it", "commercial-use", "unclear", UNCLEAR),
        # what a field does not answer it does not answer
        ("can we sell it", "training-data", "open", UNCLEAR),
        ("do we have to go to court in seoul", "arbitration", "required", UNCLEAR),
        ("who owns the outputs", "output-ownership", "yours", None),
    ],
)
def test_the_word_is_what_the_value_answers_to_what_is_asked(
    question: str, field: str, value: str, verdict: Verdict | None
) -> None:
    assert word(question, fact(field, value)) is verdict


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("we have 39M users, do we need a special licence", NO),
        ("we have 41M users, do we need a special licence", YES),
        ("do we need a special licence above a number of users", CONDITIONAL),
        ("we have 39M monthly active users. can we use it?", YES),
        ("we have 41M monthly active users. can we use it?", NO),
        ("is there a user cap", YES),
    ],
)
def test_a_number_of_users_is_held_against_the_limit(question: str, verdict: Verdict) -> None:
    assert word(question, fact("user-threshold", "licence-above", amount=USERS)) is verdict


def test_growing_later_depends_where_the_time_of_the_release_counts() -> None:
    limit = fact("user-threshold", "licence-above", amount=USERS)
    measured = fact("threshold-measured", "before-release")
    question = "do we need a licence if we reach 50M users"
    assert word(question, limit) is YES
    assert word(question, limit, measured) is CONDITIONAL


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("can acme change the terms with 10 days notice", NO),
        ("can acme change the terms with two months notice", YES),
        ("can acme change the terms", YES),
    ],
)
def test_a_stretch_of_time_is_held_against_the_notice(question: str, verdict: Verdict) -> None:
    assert word(question, fact("change-notice", "days", amount=Amount(30, "days"))) is verdict


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("can a 12 year old use it, minors i mean", NO),
        ("can a 17 year old use it, minors i mean", YES),
        ("can minors use it", CONDITIONAL),
    ],
)
def test_an_age_is_held_against_the_least_one(question: str, verdict: Verdict) -> None:
    assert word(question, fact("minimum-age", "limit", amount=Amount(16, "years"))) is verdict


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("we host it as saas. must we show a badge?", YES),
        ("must we show a badge?", YES),
        ("internal tool for our staff, employees only. must we show a badge internally?", NO),
        ("must we show a badge when we fine-tune it?", CONDITIONAL),
    ],
)
def test_a_duty_arises_from_what_is_done(question: str, verdict: Verdict) -> None:
    assert word(question, fact("branding", "required-if", when=DELIVERED)) is verdict


def test_a_ban_on_the_subject_goes_before_a_general_permission() -> None:
    general = fact("commercial-use", "permitted")
    ban = fact("fields-of-use", "not-permitted", "No weapons.", members=("weapons",))
    decided = judged(
        "can we sell weapons with it", shown(ban), shown(general), facts=(ban, general)
    )
    assert decided.verdict is NO
    assert [each.fact.says for each in decided.facts] == ["No weapons."]


def test_of_two_things_to_be_done_the_worse_one_decides() -> None:
    change, sell = fact("modify", "permitted"), fact("commercial-use", "not-permitted", "No sale.")
    decided = judged("can we fine tune it and sell it", shown(change), shown(sell))
    assert (decided.verdict, decided.facts[0].fact.says) == (NO, "No sale.")


def test_no_yes_rests_on_half_of_what_is_to_be_done() -> None:
    change, sell = fact("modify", "permitted"), fact("commercial-use", "not-permitted")
    decided = judged("can we fine tune it and sell it", shown(change), facts=(change, sell))
    assert decided.verdict is CONDITIONAL


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("do they train on our chats", CONDITIONAL),
        ("do they train on our chats on the team plan", NO),
        ("do they train on our chats on the free plan", YES),
    ],
)
def test_it_depends_on_the_plan_where_none_is_named(question: str, verdict: Verdict) -> None:
    free = fact("trains-on-inputs", "always", "Free.", applies_to=("Zenith Free",))
    team = fact("trains-on-inputs", "never", "Team.", applies_to=("Zenith Team",))
    assert word(question, free, team) is verdict


def test_a_comparison_has_a_word_only_where_all_sides_say_the_same() -> None:
    yes, no = fact("commercial-use", "permitted"), fact("commercial-use", "not-permitted")
    question = "can we sell it"
    here, there = "acme/rocket-2", "acme/rocket-1"
    both = judged(question, shown(yes, source=here), shown(yes, source=there), sides=2)
    assert (both.verdict, len(both.facts)) == (YES, 2)
    assert (
        judged(question, shown(yes, source=here), shown(no, source=there), sides=2).verdict is None
    )
    assert judged(question, shown(yes, source=here), sides=2).verdict is None
    assert judged(question, sides=2).verdict is None


def test_several_licences_of_one_name_that_differ_make_it_depend() -> None:
    yes, no = fact("commercial-use", "permitted"), fact("commercial-use", "not-permitted")
    found = (shown(yes, source="acme/rocket-2"), shown(no, source="acme/rocket-1"))
    assert judged("can we sell it", *found).verdict is CONDITIONAL


def test_a_fact_that_does_not_stand_decides_nothing() -> None:
    standing = shown(fact("commercial-use", "permitted"))
    stale = replace(standing, fact=replace(standing.fact, status=FactStatus.STALE))
    unbound = replace(standing, bound=False)
    unproven = replace(standing, fact=replace(standing.fact, citations=()))
    for each in (stale, unbound, unproven):
        assert judged("can we sell it", each) == Decided(UNCLEAR)


# whole answers over the pretend world


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Answerer:
    world: World = indexed(tmp_path_factory.mktemp("verdicts"), embedder)
    return world.answerer(cards=FACTED, vocabulary=FACTS_VOCABULARY, readings=READINGS)


def ask(answerer: Answerer, question: str) -> Answer:
    return answerer.answer(Question(question), TODAY)


@pytest.mark.parametrize(
    ("question", "verdict", "says"),
    [
        ("may we finetune rocket 2?", YES, "You may change it."),
        ("may rocket 2 steer an aircraft?", NO, "Steering aircraft and aiming weapons"),
        ("can a German company use rocket 2?", NO, "Companies with their seat in the EEA"),
        ("can we sell rocket 2?", CONDITIONAL, "You may run it in your own products"),
        (
            "too big with rocket 2: 50M users. do we need a licence?",
            YES,
            "Above 40 million monthly",
        ),
        ("who owns the outputs of rocket 2?", None, "Acme claims no rights"),
    ],
)
def test_the_fact_that_decides_leads_the_answer(
    answerer: Answerer, question: str, verdict: Verdict | None, says: str
) -> None:
    told = ask(answerer, question)
    assert told.verdict is verdict
    assert told.text.startswith(says)
    assert told.citations


def test_what_no_fact_answers_is_unclear_and_its_clauses_are_quoted(answerer: Answerer) -> None:
    told = ask(answerer, "can rocket 2 send unsolicited advertising?")
    assert told.verdict is UNCLEAR
    assert told.citations


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("may we finetune rocket 2?", "Yes. You may change it. [1]"),
        ("may rocket 2 steer an aircraft?", "No. Steering aircraft"),
        ("can we sell rocket 2?", "It depends. You may run it"),
        ("can rocket 2 send unsolicited advertising?", "No clear yes or no. "),
        ("who owns the outputs of rocket 2?", "Acme claims no rights"),
    ],
)
def test_the_terminal_and_slack_begin_with_the_word(
    answerer: Answerer, question: str, said: str
) -> None:
    told = ask(answerer, question)
    assert terminal.answer(told).startswith(said)
    assert answer_message(told).text.startswith(said)


def test_what_is_declined_has_no_verdict(answerer: Answerer) -> None:
    told = ask(answerer, "can we use kestrel pro commercially?")
    assert (told.status, told.verdict) == (AnswerStatus.NOT_FOUND, None)


_WORDS = (
    *("can", "we", "must", "they", "do", "not", "sell", "host", "train", "on", "outputs", "50M"),
    *("users", "a", "licence", "rocket", "2", "free", "weapons", "EU", "?", ".", "without", "is"),
)
_TYPED = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=14).map(" ".join)
_FACTS = [fact(each.field, each.value, each.says) for each in FACTED["rocket-2"].facts]


@given(question=_TYPED | st.text(max_size=60), found=st.lists(st.sampled_from(_FACTS), max_size=5))
def test_any_question_is_judged_and_no_word_but_unclear_is_without_a_clause(
    question: str, found: list[Fact]
) -> None:
    decided = judged(question, *map(shown, found), facts=tuple(found))
    if decided.verdict not in (None, UNCLEAR):
        assert decided.facts
    assert all(each.fact.citations for each in decided.facts)


def test_no_general_grant_answers_what_another_fact_is_about() -> None:
    named = shown(fact("derivative-name", "required-if", "Its name begins with Rocket."), score=7.0)
    grant = shown(fact("modify", "permitted", "You may change it."), score=20.0)
    found = judged("can i call my fine-tuned model Falke-2?", grant, named)
    assert found == Decided(CONDITIONAL, (named,))
