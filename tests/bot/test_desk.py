"""The life of a question between being kept and being marked as done."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot import desk as desk_module
from bot.blocks.message import Message
from bot.desk import Desk
from bot.domain import Answer, Question
from bot.memory import Inbox, StoredEvent
from bot.poster import Poster, SlackRefusedError, SlackUnreachableError
from ingest import database
from tests.scenarios.canned import Alone, Gate, answer

EVENT = StoredEvent("Ev1", "T1", "C1", "1.2", "app_mention", {"text": "hello", "thread": "1.0"})
LEASE = timedelta(seconds=0.3)


class FakePoster(Poster):
    """Keeps what is posted; raises the errors that it was given first."""

    def __init__(self, *errors: Exception) -> None:
        self.posted: list[tuple[str, str, Message]] = []
        self.tried = 0
        self.errors = list(errors)
        self.changed = threading.Condition()

    def post(self, channel: str, thread: str, message: Message) -> None:
        with self.changed:
            self.tried += 1
            self.changed.notify_all()
            if self.errors:
                raise self.errors.pop(0)
            self.posted.append((channel, thread, message))

    def wait(self, until: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(until, 20)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = database.connect(f"sqlite:///{tmp_path / 'smallprint.db'}")
    database.migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "_PAUSES", (0.01, 0.01))


def now() -> datetime:
    return datetime.now(UTC)


def told(question: Question) -> Answer:
    return answer(question.text)


def unreachable() -> SlackUnreachableError:
    return SlackUnreachableError("Posting an answer got no answer from Slack.")


def unfinished(engine: Engine) -> int:
    with engine.connect() as connection:
        query = "SELECT count(*) FROM event WHERE finished_at IS NULL"
        return int(connection.exec_driver_sql(query).scalar_one())


def test_a_question_is_answered_in_its_thread_and_done(engine: Engine) -> None:
    poster = FakePoster()
    desk = Desk(Inbox(engine, "one"), Alone(told), poster, now)
    desk.open()
    assert desk.accept(EVENT) is True
    assert desk.accept(EVENT) is False
    poster.wait(lambda: bool(poster.posted))
    desk.close()
    assert [(channel, thread) for channel, thread, _ in poster.posted] == [("C1", "1.0")]
    assert unfinished(engine) == 0


def test_who_lost_the_claim_while_answering_stays_silent(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that slept (a laptop closed) wakes up when another has answered."""
    monkeypatch.setattr(desk_module, "HANDS", 1)
    gate, slept, awake = Gate(), FakePoster(), FakePoster()
    never = timedelta(hours=1)
    sleeper = Desk(Inbox(engine, "sleeper", LEASE), Alone(gate), slept, now, renewal=never)
    sleeper.open()
    sleeper.accept(EVENT)
    assert gate.entered.wait(20)
    other = Desk(Inbox(engine, "other", LEASE), Alone(told), awake, now)
    other.open()
    awake.wait(lambda: bool(awake.posted))
    gate.open.set()
    sleeper.close()
    other.close()
    assert slept.tried == 0
    assert len(awake.posted) == 1


def test_an_outage_is_sat_out_with_the_answer_in_hand(engine: Engine) -> None:
    poster = FakePoster(unreachable(), unreachable())
    asked: list[str] = []

    def answering(question: Question) -> Answer:
        asked.append(question.text)
        return told(question)

    desk = Desk(Inbox(engine, "one"), Alone(answering), poster, now)
    desk.open()
    desk.accept(EVENT)
    poster.wait(lambda: bool(poster.posted))
    desk.close()
    assert asked == ["hello"]


def test_an_outage_without_end_is_given_up_and_said_in_the_log(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    poster = FakePoster(*[unreachable()] * 9)
    desk = Desk(Inbox(engine, "one"), Alone(told), poster, now)
    desk.open()
    desk.accept(EVENT)
    poster.wait(lambda: poster.tried == 9)
    while unfinished(engine):
        threading.Event().wait(0.01)
    desk.close()
    assert "Event Ev1 was given up" in caplog.text
    assert unfinished(engine) == 0


def test_a_desk_that_closes_during_an_outage_leaves_the_question(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "_PAUSES", (60.0,))
    poster = FakePoster(unreachable())
    desk = Desk(Inbox(engine, "one", LEASE), Alone(told), poster, now)
    desk.open()
    desk.accept(EVENT)
    poster.wait(lambda: poster.tried == 1)
    desk.close()
    assert unfinished(engine) == 1
    successor = Desk(Inbox(engine, "two", LEASE), Alone(told), poster, now)
    successor.open()
    poster.wait(lambda: bool(poster.posted))
    successor.close()


def test_a_refusal_is_final(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    poster = FakePoster(SlackRefusedError("refused", "is_archived"))
    desk = Desk(Inbox(engine, "one"), Alone(told), poster, now)
    desk.open()
    desk.accept(EVENT)
    poster.wait(lambda: poster.tried == 1)
    desk.close()
    assert (poster.tried, unfinished(engine)) == (1, 0)
    assert "Event Ev1 cannot be answered" in caplog.text


def test_a_desk_outlives_a_database_that_fails_for_a_moment(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    poster = FakePoster()
    desk = Desk(Inbox(engine, "one"), Alone(told), poster, now)
    rename(engine, "event", "gone")
    with caplog.at_level(logging.ERROR):
        desk.open()
        while "could not be worked on" not in caplog.text:
            threading.Event().wait(0.01)
    rename(engine, "gone", "event")
    desk.accept(EVENT)
    poster.wait(lambda: bool(poster.posted))
    desk.close()


def rename(engine: Engine, old: str, new: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")


def test_what_was_finished_long_ago_is_forgotten(engine: Engine) -> None:
    inbox = Inbox(engine, "one")
    long_ago = now() - timedelta(days=60)
    inbox.accept(EVENT, long_ago)
    claimed = inbox.claim(long_ago)
    assert claimed is not None
    inbox.done(claimed, long_ago)
    conversations = Alone(told)
    desk = Desk(inbox, conversations, FakePoster(), now, renewal=timedelta(seconds=0.01))
    desk.open()
    for _ in range(500):
        with engine.connect() as connection:
            if connection.exec_driver_sql("SELECT count(*) FROM event").scalar_one() == 0:
                break
        threading.Event().wait(0.01)
    else:
        pytest.fail("it is still there")
    desk.close()
    (before,) = conversations.forgotten
    assert now() - before >= timedelta(days=30)
