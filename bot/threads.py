"""What a thread was about when it was last asked something, for follow-ups: nothing else is kept.

Owns the table ``turn``: one row a thread, with the last question, completed, which names whom
and which day it is about, and pointers to the clauses quoted for it, never their texts. People's
words are in the question alone. They are kept because "and gemma?" is no question without them:
until the next question of the thread takes their place, and for at most as long as :meth:`forget`
is told, 30 days after they were typed, when a thread is as good as closed. How a follow-up is read
is left to ``bot.follow_ups``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import JSON, Column, Engine, Integer, Table, Text, UniqueConstraint, select

from bot.follow_ups import Cited, Turn
from ingest import database as db

turn = Table(
    "turn",
    db.metadata,
    Column("id", Integer, primary_key=True),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("ts", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("cited", JSON, nullable=False),
    Column("kept_at", db.UtcDateTime, nullable=False, index=True),
    UniqueConstraint("team", "channel", "thread"),
)


@dataclass(frozen=True, slots=True)
class ThreadKey:
    """A thread of a channel of a team; ``ts`` is that of the message that began it."""

    team: str
    channel: str
    ts: str


class Threads:
    """The last turn of every thread, shared by all processes. Safe to share between threads.

    Every method raises :class:`ingest.errors.DatabaseError` when the database cannot be used.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def last(self, key: ThreadKey, ts: str) -> Turn | None:
        """The last turn of a thread up to the message ``ts``; None where there is none."""
        columns = turn.c
        wanted = select(columns.ts, columns.question, columns.cited).where(
            columns.team == key.team,
            columns.channel == key.channel,
            columns.thread == key.ts,
        )
        with db.reading(self._engine) as connection:
            row = connection.execute(wanted).first()
        if row is None or row.ts > ts:
            return None
        return Turn(row.ts, row.question, tuple(Cited(**each) for each in row.cited))

    def keep(self, key: ThreadKey, kept: Turn, now: datetime) -> None:
        """Let ``kept`` be the last turn of a thread, unless a later message has one already."""
        changing = {
            "ts": kept.ts,
            "question": _keepable(kept.question),
            "cited": _plain(kept.cited),
            "kept_at": now,
        }
        values = {"team": key.team, "channel": key.channel, "thread": key.ts, **changing}
        with db.transaction(self._engine) as connection:
            row = db.insert(connection, turn).values(**values)
            connection.execute(
                row.on_conflict_do_update(
                    index_elements=["team", "channel", "thread"],
                    set_=changing,
                    where=turn.c.ts <= kept.ts,
                )
            )

    def forget(self, before: datetime) -> int:
        """Delete the turns that were kept before that moment; returns how many."""
        old = turn.delete().where(turn.c.kept_at < before)
        with db.transaction(self._engine) as connection:
            return connection.execute(old).rowcount


def _keepable(typed: str) -> str:
    """Without the characters that Postgres keeps not: NUL and halves of surrogate pairs."""
    return typed.replace("\0", " ").encode(errors="replace").decode()


def _plain(cited: Iterable[Cited]) -> list[dict[str, object]]:
    return [asdict(each) for each in cited]
