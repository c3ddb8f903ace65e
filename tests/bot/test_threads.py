"""What is remembered of threads, in both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from bot.conversations import PassingTurns, Turns
from bot.follow_ups import Cited, Turn
from bot.threads import ThreadKey, Threads
from ingest import database

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HERE = ThreadKey("T1", "C1", "1700000001.000001")
EARLY, LATE = "1700000001.000002", "1700000001.000003"
TURN = Turn(EARLY, "May we sell it?", (Cited("acme/rocket-2", 3, 10, 90), Cited("acme/x", 1, 0, 5)))


@pytest.fixture
def threads(engine: Engine) -> Threads:
    return Threads(engine)


@pytest.fixture(params=["kept", "passing"])
def turns(request: pytest.FixtureRequest, threads: Threads) -> Turns:
    """Both memories; what holds for one holds for the other."""
    return threads if request.param == "kept" else PassingTurns()


def test_the_last_turn_comes_back_as_it_was_kept(turns: Turns) -> None:
    turns.keep(HERE, TURN, NOW)
    assert turns.last(HERE, LATE) == TURN


def test_a_new_thread_has_no_memory(turns: Turns) -> None:
    turns.keep(HERE, TURN, NOW)
    for other in (
        replace(HERE, team="T2"),
        replace(HERE, channel="C2"),
        replace(HERE, ts="1700000001.000009"),
    ):
        assert turns.last(other, LATE) is None


def test_a_later_turn_takes_the_place_of_the_last(turns: Turns) -> None:
    later = Turn(LATE, "May we host it?")
    turns.keep(HERE, TURN, NOW)
    turns.keep(HERE, later, NOW)
    assert turns.last(HERE, LATE) == later


def test_an_earlier_message_that_is_worked_on_later_changes_nothing(turns: Turns) -> None:
    turns.keep(HERE, replace(TURN, ts=LATE), NOW)
    turns.keep(HERE, TURN, NOW)
    assert turns.last(HERE, LATE) == replace(TURN, ts=LATE)


def test_a_message_knows_nothing_of_those_behind_it(turns: Turns) -> None:
    turns.keep(HERE, replace(TURN, ts=LATE), NOW)
    assert turns.last(HERE, EARLY) is None
    assert turns.last(HERE, LATE) is not None


def test_the_same_turn_is_kept_again_with_what_was_quoted(turns: Turns) -> None:
    turns.keep(HERE, replace(TURN, cited=()), NOW)
    turns.keep(HERE, TURN, NOW)
    assert turns.last(HERE, LATE) == TURN


@pytest.mark.parametrize("typed", ["a\x00b", "a\ud83d"])
def test_characters_that_a_database_cannot_keep_are_no_error(threads: Threads, typed: str) -> None:
    threads.keep(HERE, replace(TURN, question=typed), NOW)
    kept = threads.last(HERE, LATE)
    assert kept is not None
    assert kept.question.startswith("a")


def test_another_process_knows_it(threads: Threads, database_url: str) -> None:
    threads.keep(HERE, TURN, NOW)
    other = database.connect(database_url)
    assert Threads(other).last(HERE, LATE) == TURN
    other.dispose()


def test_one_question_a_thread_is_kept_and_no_text_that_was_quoted(
    threads: Threads, engine: Engine
) -> None:
    threads.keep(HERE, TURN, NOW)
    threads.keep(HERE, Turn(LATE, "May we host it?", TURN.cited), NOW)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT question, cited FROM turn")).all()
    ((question, cited),) = rows
    assert question == "May we host it?"
    assert "rocket" in str(cited)
    assert "sell" not in f"{question} {cited}"


def test_what_was_kept_before_a_moment_is_forgotten(threads: Threads) -> None:
    there = replace(HERE, channel="C2")
    threads.keep(HERE, TURN, NOW)
    threads.keep(there, TURN, NOW + timedelta(days=1))
    assert threads.forget(NOW + timedelta(seconds=1)) == 1
    assert threads.last(HERE, LATE) is None
    assert threads.last(there, LATE) == TURN


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    question=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200),
    cited=st.lists(
        st.builds(
            Cited,
            st.sampled_from(["acme/a", "acme/b"]),
            st.integers(1, 999),
            st.integers(0, 10**6),
            st.integers(0, 10**6),
        ),
        max_size=6,
    ),
)
def test_whatever_was_asked_comes_back(threads: Threads, question: str, cited: list[Cited]) -> None:
    kept = Turn(EARLY, question, tuple(cited))
    threads.keep(HERE, kept, NOW)
    assert threads.last(HERE, EARLY) == kept
