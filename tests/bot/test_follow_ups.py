"""How what was typed in a thread is read in the light of what was asked there before."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversations import Today
from bot.follow_ups import LONGEST, Turn, asks_nothing, read
from bot.scope import ScopeFinder
from bot.words import listed
from tests.bot.pretend_library import CARDS, MANIFEST, NOW, VOCABULARY

NAMES = Today(ScopeFinder(CARDS, MANIFEST, VOCABULARY), NOW.date())
SELL = "Can we sell what Rocket 2 writes?"
CAP = "rocket 2 vs rocket 1, which has a user cap?"
TRAIN = "does zenith chat plus train on our data?"
DAY = "what did rocket 2 say on outputs as of 31 March 2026?"


def understood(typed: str, earlier: str = SELL) -> str:
    return read(typed, Turn("1.1", earlier), NAMES)


OTHER_NAMES = [
    (SELL, "and rocket 1?", "Can we sell what rocket 1 writes?"),
    (SELL, "nd rocket 1", "Can we sell what rocket 1 writes?"),
    (SELL, "Rocket 1", "Can we sell what Rocket 1 writes?"),
    (SELL, "I meant rocket 1", "Can we sell what rocket 1 writes?"),
    (SELL, "and rocket 1 distill 8b", "Can we sell what rocket 1 writes?"),
    (SELL, "what about Zenith?", "Can we sell what Zenith writes?"),
    (SELL, "ok thanks! and zenith chat?", "Can we sell what zenith chat writes?"),
    (SELL, "does rocket 1 allow that?", "Can we sell what rocket 1 writes?"),
    (SELL, "is it the same with zenith chat", "Can we sell what zenith chat writes?"),
    (SELL, "same question for rocket 1 please", "Can we sell what rocket 1 writes?"),
    (SELL, "and rokcet 1?", "Can we sell what rokcet 1 writes?"),
    (SELL, "and kestrel?", "Can we sell what kestrel writes?"),
    (SELL, "and rocket 5?", "Can we sell what rocket 5 writes?"),
    (SELL, "vs zenith chat?", "Can we sell what Rocket 2 vs zenith chat writes?"),
    (CAP, "and zenith chat?", "zenith chat, which has a user cap?"),
    ("is rocket 1 like rocket 1 7b?", "and zenith?", "is zenith like zenith?"),
    ("may Acme revoke Rocket 2?", "and rocket 1?", "may rocket 1 revoke rocket 1?"),
    ("may rocket 2 improve zenith?", "rocket 1?", "may rocket 1 improve zenith?"),
    ("who must be credited?", "and rocket 1?", "rocket 1: who must be credited?"),
    ("kestrel: who owns outputs?", "and rocket 1?", "rocket 1: who owns outputs?"),
    ("rocket 2's licence: any cap?", "and scout?", "scout: any cap?"),
]
PARTS_OF_NAMES = [
    ("may rocket 2 be resold?", "same for 1?", "may rocket 1 be resold?"),
    ("may rocket 1 be resold?", "and the 7b?", "may rocket 1 7b be resold?"),
    ("may rocket 2 be resold?", "and 1 7b", "may rocket 1 7b be resold?"),
    ("may zenith chat be resold?", "on the plus plan?", "may zenith chat plus be resold?"),
    (TRAIN, "on the enterprise plan?", "does zenith chat plus train on our data, on the "
     "enterprise plan?"),
]  # fmt: skip
CONDITIONS = [
    (SELL, "in the EU?", "Can we sell what Rocket 2 writes, in the EU?"),
    (SELL, "and if we only host it?", "Can we sell what Rocket 2 writes, if we only host it?"),
    (SELL, "below 10 employees?", "Can we sell what Rocket 2 writes, below 10 employees?"),
    (SELL, "and with 80?", "Can we sell what Rocket 2 writes, with 80?"),
    (SELL, "we have 3m users", "Can we sell what Rocket 2 writes, we have 3m users?"),
    (SELL, "even if it was edited?", "Can we sell what Rocket 2 writes, even if it was edited?"),
    (SELL, "and rocket 1 in the EU?", "Can we sell what rocket 1 writes, in the EU?"),
    (SELL, "is it the same with zenith in the EU?", "Can we sell what zenith writes, in the EU?"),
    (SELL, "zenith? we are a school", "Can we sell what zenith writes, we are a school?"),
    (f"{SELL[:-1]}, in the EU?", "and in the US?", "Can we sell what Rocket 2 writes, in the US?"),
    (f"{SELL[:-1]}, in the EU?", "if we host it", "Can we sell what Rocket 2 writes, in the EU, "
     "if we host it?"),
]  # fmt: skip
OTHER_WORDS = [
    (SELL, "what about the EU", "Rocket 2: what about the EU"),
    (SELL, "wot about eu", "Rocket 2: wot about eu"),
    (SELL, "ok and users?", "Rocket 2: users?"),
    (SELL, "do we have to show anything then?", "Rocket 2: do we have to show anything then?"),
    (SELL, "if we stop paying, when is it gone", "Rocket 2: if we stop paying, when is it gone"),
    (SELL, "can we then use it?", "Rocket 2: can we then use it?"),
    (CAP, "and which courts?", "rocket 2 vs rocket 1: which courts?"),
    (DAY, "and on users?", "what did rocket 2 say on outputs as of 31 March 2026, on users?"),
    (DAY, "and who could sue?", "rocket 2 as of 31 March 2026: who could sue?"),
    ("rocket 2: too big?", "does acme say who owns it?", "rocket 2: does acme say who owns it?"),
]
DAYS = [
    (SELL, "and in march 2026?", "Can we sell what Rocket 2 writes in march 2026?"),
    (DAY, "and in may 2026?", "what did rocket 2 say on outputs in may 2026?"),
    (DAY, "and today?", "what did rocket 2 say on outputs?"),
    (DAY, "and rocket 1?", "what did rocket 1 say on outputs as of 31 March 2026?"),
    (SELL, "and rocket 1 in march 2026?", "Can we sell what rocket 1 writes in march 2026?"),
]
COMPLETE = [
    "can rocket 1 be used for weapons?",
    "who owns the outputs of zenith chat",
    "what license does rocket 1 have?",
    "rocket 2 vs rocket 1, which has a user cap?",
    "and zenith's api, training on that is fine?",
    "and rocket 1, if we change it, can we relicense it?",
    "can we use kestrel?",
    "can we distill rocket 1?",
    "does rocket 1 count 700 users?",
    "which models allow military use?",
    "is there any other licence that lets us?",
    "what did rocket 1 say as of 2 May 2026 on weapons?",
    "what does rocket 1 in the EU say on weapons?",
]
IDLE = ["yes", "hm", "and?", "so it's ok", "?!", "", "   "]


@pytest.mark.parametrize(("earlier", "typed", "question"), OTHER_NAMES)
def test_other_names_are_asked_the_same(earlier: str, typed: str, question: str) -> None:
    assert understood(typed, earlier) == question


@pytest.mark.parametrize(("earlier", "typed", "question"), PARTS_OF_NAMES)
def test_a_part_of_a_name_goes_on_from_the_name_before(
    earlier: str, typed: str, question: str
) -> None:
    assert understood(typed, earlier) == question


@pytest.mark.parametrize(("earlier", "typed", "question"), CONDITIONS)
def test_a_condition_is_put_to_the_question_before(earlier: str, typed: str, question: str) -> None:
    assert understood(typed, earlier) == question


@pytest.mark.parametrize(("earlier", "typed", "question"), OTHER_WORDS)
def test_something_else_is_asked_of_the_same_documents(
    earlier: str, typed: str, question: str
) -> None:
    assert understood(typed, earlier) == question


@pytest.mark.parametrize(("earlier", "typed", "question"), DAYS)
def test_another_day_is_asked_the_same(earlier: str, typed: str, question: str) -> None:
    assert understood(typed, earlier) == question


@pytest.mark.parametrize("typed", COMPLETE)
@pytest.mark.parametrize("earlier", [SELL, CAP, TRAIN, DAY])
def test_a_complete_question_ends_what_was_spoken_of(earlier: str, typed: str) -> None:
    assert understood(typed, earlier) == typed


@pytest.mark.parametrize("typed", [each for _, each, _ in OTHER_NAMES + CONDITIONS + DAYS])
def test_without_a_thread_everything_is_read_as_typed(typed: str) -> None:
    assert read(typed, None, NAMES) == typed


@pytest.mark.parametrize("typed", IDLE)
def test_what_asks_nothing_is_no_turn(typed: str) -> None:
    assert asks_nothing(typed, NAMES)
    assert understood(typed) == typed


@pytest.mark.parametrize("typed", ["and rocket 1?", "in the EU?", "can we then?", "in may 2026?"])
def test_what_asks_something_is_a_turn(typed: str) -> None:
    assert not asks_nothing(typed, NAMES)


def test_a_question_that_would_grow_without_end_is_read_as_typed() -> None:
    assert understood("if we host it", f"rocket 2: {'long ' * (LONGEST // 5)}") == "if we host it"


WORDS = st.sampled_from(
    sorted(
        listed(
            "and rocket 2 1 7b zenith chat acme kestrel vs if in the EU ? , . as of march 2026 "
            "today what about we host can it is it's ß İ ﬁ \x00 ’s ( ) : thanks"
        )
    )
)
TYPED = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=12).map(" ".join))


@settings(max_examples=300, deadline=None)
@given(typed=TYPED, earlier=TYPED)
def test_any_text_in_any_thread_is_read(typed: str, earlier: str) -> None:
    question = read(typed, Turn("1.1", earlier), NAMES)
    assert question == typed or len(question) <= LONGEST
    asks_nothing(typed, NAMES)


@settings(max_examples=150, deadline=None)
@given(
    earlier=TYPED,
    name=st.sampled_from(["rocket 1", "Rocket 2", "zenith chat", "kestrel", "old rocket licence"]),
    asked=st.sampled_from(
        ["can we sell what {} writes?", "who owns outputs of {}", "does {} forbid weapons?",
         "{}: what happens after a breach?", "how many users may we have with {}"]
    ),
)  # fmt: skip
def test_a_complete_question_is_never_altered(earlier: str, name: str, asked: str) -> None:
    question = asked.format(name)
    assert read(question, Turn("1.1", earlier), NAMES) == question
