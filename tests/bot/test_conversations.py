"""Conversations over real texts and a real index: completed, answered, told again, remembered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.asides import Aside
from bot.citing import Library
from bot.conversations import Conversations, PassingTurns, Turns, read_as
from bot.domain import Answer, AnswerStatus, Question
from bot.follow_ups import Cited, Turn
from bot.recalling import NOTHING_QUOTED, WELCOME, Recaller
from bot.threads import ThreadKey
from ingest.clauses import split
from ingest.domain import Origin, Reading, Snapshot
from ingest.embedding import Embedder
from ingest.errors import QuestionError
from tests.bot.pretend_library import MANIFEST, NOW, TEXTS, World, archived, indexed

HERE, THERE = ThreadKey("T1", "C1", "1.0"), ThreadKey("T1", "C1", "2.0")
CAP = "how many monthly active users may we have with rocket 2?"
CAP_CLAUSE = TEXTS["acme/rocket-2"].split("\n\n")[3]


@pytest.fixture(scope="module")
def world(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> World:
    return indexed(tmp_path_factory.mktemp("world"), embedder)


class Talk:
    """A conversation; knows which complete questions were asked."""

    def __init__(self, world: World, turns: Turns | None = None, now: datetime = NOW) -> None:
        answerer = world.answerer()
        self.asked: list[str] = []
        self.turns = turns or PassingTurns()
        self.numbers = count(1)
        self.meanwhile: Callable[[], None] = lambda: None

        def answer(question: Question) -> Answer:
            self.asked.append(question.text)
            self.meanwhile()
            return answerer.answer(question, now.date())

        recaller = Recaller(world.archive, answerer.library)
        self.over = Conversations(answer, answerer.scopes, recaller, self.turns, lambda: now)

    def say(self, text: str, thread: ThreadKey = HERE, ts: str = "") -> Answer:
        return self.over.answer(thread, text, ts or f"{next(self.numbers):06}")


@pytest.fixture
def talk(world: World) -> Talk:
    return Talk(world)


def test_a_first_question_is_answered_as_typed(talk: Talk) -> None:
    told = talk.say(CAP)
    assert talk.asked == [CAP]
    assert (told.question, told.status) == (CAP, AnswerStatus.ANSWERED)
    assert not any(each.startswith("Read as") for each in told.notices)


def test_a_completed_question_is_told_first_and_what_was_typed_stays(talk: Talk) -> None:
    talk.say(CAP)
    told = talk.say("and rocket 1?")
    question = "how many monthly active users may we have with rocket 1?"
    assert talk.asked[1] == question
    assert told.question == "and rocket 1?"
    assert told.notices[0] == read_as(question)
    assert {each.source for each in told.citations} == {"acme/rocket-1"}
    assert "5 million" in " ".join(each.quote for each in told.citations)


def test_the_thread_goes_on_from_the_completed_question(talk: Talk) -> None:
    talk.say(CAP)
    talk.say("and rocket 1?")
    told = talk.say("which courts?")
    assert talk.asked[2] == "rocket 1: which courts?"
    assert {each.source for each in told.citations} == {"acme/rocket-1"}


def test_two_threads_do_not_mix(talk: Talk) -> None:
    talk.say(CAP)
    talk.say("zenith chat: how old must we be?", THERE)
    talk.say("and who could sue?")
    talk.say("and who could sue?", THERE)
    assert talk.asked[2:] == ["rocket 2: who could sue?", "zenith chat: who could sue?"]


def test_a_message_that_is_worked_on_again_is_read_as_it_was(talk: Talk) -> None:
    talk.say(CAP, ts="000001")
    first = talk.say("in the EU?", ts="000002")
    again = talk.say("in the EU?", ts="000002")
    assert talk.asked[1] == talk.asked[2]
    assert again.notices == first.notices


def test_a_message_knows_what_was_asked_while_that_is_still_being_answered(world: World) -> None:
    talk = Talk(world)
    seen: list[Turn | None] = []
    talk.meanwhile = lambda: seen.append(talk.turns.last(HERE, "000009"))
    talk.say(CAP, ts="000001")
    assert seen == [Turn("000001", CAP)]


@pytest.mark.parametrize("typed", ["", "?!", "x" * 4_001, "x" * 40_000])
def test_what_cannot_be_asked_leaves_the_thread_as_it_was(talk: Talk, typed: str) -> None:
    talk.say(CAP)
    with pytest.raises(QuestionError):
        talk.say(typed)
    talk.say("who could sue?")
    assert talk.asked[-1] == "rocket 2: who could sue?"


def test_a_day_that_was_said_in_passing_stays_that_day(world: World) -> None:
    turns = PassingTurns()
    Talk(world, turns).say("what did rocket 2 say yesterday about the cap on users?", ts="000001")
    later = Talk(world, turns, NOW + timedelta(days=9))
    later.say("and rocket 1?", ts="000002")
    assert later.asked == ["what did rocket 1 say as of 22 November 2026 about the cap on users?"]


class TestToldAgain:
    """What is wanted of the last answer is answered out of what was cited."""

    @pytest.fixture(autouse=True)
    def asked_before(self, talk: Talk) -> None:
        self.first = talk.say(CAP)
        self.searches = len(talk.asked)

    def test_in_full_means_whole_clauses_word_for_word(self, talk: Talk) -> None:
        told = talk.say("quote it in full")
        quotes = [each.quote for each in told.citations]
        assert CAP_CLAUSE in quotes
        for each in told.citations:
            assert each.quote in TEXTS[each.source]
        assert len(talk.asked) == self.searches

    def test_since_when_tells_the_dates_of_the_version(self, talk: Talk) -> None:
        told = talk.say("since when?")
        assert "Rocket 2 Licence Agreement: version 1, published 4 May 2025" in told.text
        assert "first seen 23 November 2026, fetched 23 November 2026" in told.text
        assert told.citations == self.first.citations

    def test_who_says_so_gives_the_citations_again(self, talk: Talk) -> None:
        told = talk.say("who says that")
        assert "Acme says so, in the Rocket 2 Licence Agreement [1]" in told.text
        assert told.citations == self.first.citations
        assert all(each.url.startswith("https://") for each in told.citations)

    def test_thanks_gets_a_word_and_no_second_answer(self, talk: Talk) -> None:
        told = talk.say("thx a lot")
        assert (told.text, told.status) == (WELCOME, AnswerStatus.COURTESY)
        assert told.citations == ()
        assert len(talk.asked) == self.searches

    def test_none_of_them_changes_what_the_thread_is_about(self, talk: Talk) -> None:
        for each in ("quote it in full", "since when", "source?", "thanks", "yes", "hm"):
            talk.say(each)
        talk.say("and rocket 1?")
        assert talk.asked[-1] == "how many monthly active users may we have with rocket 1?"


def test_where_nothing_was_quoted_that_is_said(talk: Talk) -> None:
    talk.say("what about kestrel and its price?")
    told = talk.say("quote it in full")
    assert (told.text, told.status) == (NOTHING_QUOTED, AnswerStatus.NOT_FOUND)


@pytest.mark.parametrize("typed", ["quote it in full", "since when?", "who says that", "and so?"])
def test_without_a_thread_they_are_answered_as_typed(talk: Talk, typed: str) -> None:
    talk.say(typed)
    assert talk.asked == [typed]


def test_thanks_needs_no_thread(talk: Talk) -> None:
    assert talk.say("thanks!").text == WELCOME


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.lists(st.one_of(st.text(max_size=30), st.sampled_from(
    ["and rocket 1?", "in the EU?", "since when?", "quote it in full", "source?", CAP, "vs zenith"]
)), max_size=5))  # fmt: skip
def test_nothing_typed_in_a_thread_is_an_error_of_ours(world: World, typed: list[str]) -> None:
    talk = Talk(world)
    for each in typed:
        try:
            told = talk.say(each)
        except QuestionError:
            continue
        assert told.question.strip() == each.strip()
        for cited in told.citations:
            assert cited.quote in TEXTS[cited.source]


class TestHowLongItStood:
    """The archive tells since when the words of a clause have stood."""

    @pytest.fixture
    def since(self, tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[str]], str]:
        archive, _ = archived(tmp_path_factory.mktemp("archive"))
        recaller = Recaller(archive, Library(archive, MANIFEST))

        def told(texts: list[str]) -> str:
            """Record texts a day apart; since when do the last 5 words of the last one stand?"""
            for number, each in enumerate(texts, 1):
                at = NOW - timedelta(days=30 - number)
                snapshot = Snapshot("zenith/unread", "u", "text/plain", at, each.encode())
                reading = Reading(each)
                archive.record(snapshot, reading, Origin.FIRST, "shelf-1", split(each))
            text = texts[-1]
            start = text.index("We keep")
            cited = Cited("zenith/unread", len(texts), start, len(text))
            return recaller.answer("since when?", Aside.SINCE, [cited]).text

        return told

    def test_words_that_were_never_changed(self, since: Callable[[list[str]], str]) -> None:
        told = since(["One. We keep it\nfor a day.", "Two. We keep *it* for a day.",
                      "Three. We keep it for a day."])  # fmt: skip
        assert "[1] word for word in all that we hold, since 25 October 2026." in told

    def test_words_that_were_changed(self, since: Callable[[list[str]], str]) -> None:
        told = since(["One. We keep it for a week.", "Two. We keep it for a day.",
                      "Three. We keep it for a day."])  # fmt: skip
        assert "[1] word for word since 26 October 2026; the text before had other words." in told

    def test_a_text_that_was_never_another_says_nothing_of_it(
        self, since: Callable[[list[str]], str]
    ) -> None:
        assert "word for word" not in since(["One. We keep it for a week."])
