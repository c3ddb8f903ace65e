"""Frames: what a question asks, read from how it is put."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.frames import Reading, frame
from ingest.answers import Asked

VENDORS = frozenset({"acme", "zenith", "zenith systems"})

MAY, NOT_MAY = [Reading(Asked.MAY)], [Reading(Asked.MAY, turned=True)]
MUST, NOT_MUST = [Reading(Asked.MUST)], [Reading(Asked.MUST, turned=True)]
LICENCE = [Reading(Asked.LICENCE), Reading(Asked.MUST)]
SO = [Reading(Asked.SO)]
THEY, NOT_THEY = [Reading(Asked.THEY)], [Reading(Asked.THEY, turned=True)]
THEY_MUST = [Reading(Asked.THEY_MUST)]
WITHOUT = [*NOT_MUST, *MAY]
UNANNOUNCED = [Reading(Asked.THEY_MUST, turned=True), *THEY]
HALF = [*SO, *MAY]

ASKED = [
    # whether we may
    ("can we sell it", MAY),
    ("can i use rocket 3 comercially", MAY),
    ("r we allowed to host it", MAY),
    ("we're a bank in berlin. can we use scout for loans", MAY),
    ("rocket 2 70b in a saas product - fine?", MAY),
    ("commercial use allowed?", MAY),
    ("free to use in schools?", MAY),
    ("any problem with benchmarks?", MAY),
    ("so we can sell it, right?", MAY),
    ("can you tell me if we may ship it on device", MAY),
    ("may outputs be sold", MAY),
    ("can rocket 2 be used in the EU", MAY),
    ("does acme let us train on outputs?", MAY),
    ("we put it on our site. Is that ok under acme's policy", MAY),
    ("Our people like it. Can they use it like a lawyer?", MAY),
    # whether we may not
    ("is it forbidden to train on outputs?", NOT_MAY),
    ("would we violate the license if we sell outputs", NOT_MAY),
    ("does the licence ban military use?", NOT_MAY),
    ("is commercial use not allowed?", NOT_MAY),
    ("we can't sell outputs, right?", NOT_MAY),
    ("I heard europe is locked out. Does that go for the small one?", NOT_MAY),
    # whether we must
    ("do we need to name it rocket", MUST),
    ("must we show the badge?", MUST),
    ("does acme require us to pass on the terms?", MUST),
    ("is attribution mandatory", MUST),
    ("rename required?", MUST),
    ("when we fine-tune it, do we have to rename it", MUST),
    ("should we label the outputs", MUST),
    # whether we need not
    ("cant we just skip the badge?", NOT_MUST),
    ('can we leave out the "built with rocket" note?', NOT_MUST),
    ("are we free from the policy then?", NOT_MUST),
    ("can we use it without showing a badge", WITHOUT),
    # whether we need a licence
    ("we have 50M MAU, do we need a special licence", LICENCE),
    ("is a separate license needed for 80m users", LICENCE),
    ("do we have to go and ask acme then?", LICENCE),
    # whether it is so
    ("is the training data open", SO),
    ("is there a user cap", SO),
    ("do we own what it writes", SO),
    ("is our data used for training?", SO),
    ("any way to opt out?", HALF),
    ("money back?", HALF),
    # whether they do, or have to
    ("does acme train on our chats", THEY),
    ("can zenith systems use our prompts for training", THEY),
    ("will they tell us before prices go up?", THEY),
    ("can ms kick me out of the chat", THEY),
    ("is acme allowed to read our chats", THEY),
    ("they don't train on our data, right?", NOT_THEY),
    ("must acme delete our data", THEY_MUST),
    ("do they have to give notice", THEY_MUST),
    ("can they change the terms without telling us", UNANNOUNCED),
    ("can acme raise prices overnight?", UNANNOUNCED),
    # the first sentence that asks counts
    ("can we sell it? how much does it cost?", MAY),
]
NO_WORD = [
    "who owns the output?",
    "how many users may we have?",
    "back in 2023, who ran arbitrations",
    "if it ends in court, where?",
    "what happens if we sue",
    "what about zenith?",
    "any idea which licence applies",
    "are the outputs ours or theirs?",
    "which law applies? and can we sue in berlin?",
    "worst case, what's the most we could claim from acme",
    "app runs on rocket 2. what badge needs to be on our website",
    "rocket or zenith, which one lets us distil?",
    "please list all duties",
    "tell me about rocket",
    "hi",
    "",
    "?",
]


@pytest.mark.parametrize(("question", "readings"), ASKED)
def test_what_is_asked_is_read_from_how_it_is_put(question: str, readings: list[Reading]) -> None:
    found = frame(question, VENDORS)
    assert found is not None
    assert list(found.readings) == readings


@pytest.mark.parametrize("question", NO_WORD)
def test_what_asks_for_more_than_a_word_has_no_frame(question: str) -> None:
    assert frame(question, VENDORS) is None


def test_the_sentence_that_asks_is_handed_on_without_its_context() -> None:
    found = frame("We are forbidden to wait. Can we sell it? We hope so.", VENDORS)
    assert found is not None
    assert found.text == "can we sell it?"


_TYPED = st.sampled_from(
    [*"?!.,:;-\n'’\"(", " ", "can", "we", "they", "not", "do", "need", "a", "licence", "without"]
)


@given(st.one_of(st.text(), st.lists(_TYPED, max_size=80).map(" ".join)))
def test_any_text_is_read(text: str) -> None:
    found = frame(text, VENDORS)
    assert found is None or found.readings


@pytest.mark.parametrize("again", ["need ", "can we ", "a,", "not ", "(", "'", "without ", "a "])
def test_long_texts_are_cut(again: str) -> None:
    frame(again * 50_000)
