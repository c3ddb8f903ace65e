"""What the bot must not forget between two processes: the events it still has to work on.

Owns the table ``event`` and who may work on which row of it. What an event means and how it is
answered is left to ``bot.app`` and the listeners.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Engine,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    func,
    select,
)

from ingest import database as db

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often an event is tried before it is given up."""

event = Table(
    "event",
    db.metadata,
    Column("id", Integer, primary_key=True),
    Column("team", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("ts", Text),
    Column("kind", Text, nullable=False),
    Column("payload", JSON(none_as_null=True)),
    Column("accepted_at", db.UtcDateTime, nullable=False),
    # From when it may be claimed: at once when pending, after the lease when claimed, never (NULL)
    # when finished.
    Column("claimable_at", db.UtcDateTime, index=True),
    Column("attempts", Integer, nullable=False),
    Column("owner", Text),
    Column("finished_at", db.UtcDateTime),
    Column("given_up", Boolean, nullable=False),
    UniqueConstraint("team", "event_id"),
    UniqueConstraint("team", "channel", "ts"),
)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """Something that Slack told us and that is to be worked on once.

    ``ts`` names the message in its channel and is empty where the event is about no message.
    ``payload`` must be JSON. ``attempt`` counts the claims of this event, this one included; it is
    filled in by :meth:`Inbox.claim`.
    """

    event_id: str
    team: str
    channel: str
    ts: str
    kind: str
    payload: dict[str, Any]
    attempt: int = 0


class Inbox:
    """The durable queue of events, shared by all processes. Safe to share between threads.

    An event is worked on by whoever claimed it, for as long as the lease is renewed; when its
    worker dies, the lease runs out and somebody else claims it. Every method raises
    :class:`ingest.errors.DatabaseError` when the database cannot be used.
    """

    def __init__(
        self, engine: Engine, owner: str, lease: timedelta = timedelta(seconds=10)
    ) -> None:
        """``owner`` names this start of this process; ``lease`` is how long a claim holds."""
        self._engine = engine
        self._owner = owner
        self._lease = lease

    def accept(self, told: StoredEvent, now: datetime) -> bool:
        """Keep an event to be worked on.

        Returns False when its id, or another event about the same message, is known already:
        unfinished it stays in the queue, finished it is not worked on again.
        """
        values = {
            "team": told.team,
            "event_id": told.event_id,
            "channel": told.channel,
            "ts": told.ts or None,  # NULL equals nothing, so it is no duplicate of another without
            "kind": told.kind,
            "payload": told.payload,
            "accepted_at": now,
            "claimable_at": now,
            "attempts": 0,
            "given_up": False,
        }
        with db.transaction(self._engine) as connection:
            row = db.insert(connection, event).values(**values).on_conflict_do_nothing()
            return connection.execute(row.returning(event.c.id)).first() is not None

    def claim(self, now: datetime) -> StoredEvent | None:
        """The oldest event that nobody works on, now ours until the lease ends.

        Returns None when there is none. An event whose workers died :data:`ATTEMPTS` times is given
        up on the way: it would kill the next one too.
        """
        if not self.waiting(now):  # a look is cheap, while a transaction makes other writers wait
            return None
        while (claimed := self._claim_next(now)) and claimed.attempt > ATTEMPTS:
            log.error("Gave up event %s: each worker that took it died.", claimed.event_id)
            self._change(_is_held(claimed, self._owner), _finish(now, given_up=True))
        return claimed

    def _claim_next(self, now: datetime) -> StoredEvent | None:
        oldest = select(event).where(event.c.claimable_at <= now).order_by(event.c.id).limit(1)
        with db.transaction(self._engine) as connection:
            row = connection.execute(oldest.with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            claim = event.update().where(event.c.id == row.id)
            attempt = row.attempts + 1
            until = now + self._lease
            connection.execute(
                claim.values(attempts=attempt, owner=self._owner, claimable_at=until)
            )
        return StoredEvent(
            event_id=row.event_id,
            team=row.team,
            channel=row.channel,
            ts=row.ts or "",
            kind=row.kind,
            payload=row.payload,
            attempt=attempt,
        )

    def renew(self, claimed: StoredEvent, now: datetime) -> bool:
        """Hold a claim for another lease. False when it was lost: somebody else works on it."""
        held = _is_held(claimed, self._owner)
        return self._change(held, {"claimable_at": now + self._lease})

    def done(self, claimed: StoredEvent, now: datetime) -> None:
        """The event was worked on to the end, even if the claim was lost meanwhile: never again."""
        self._change(_is_open(claimed), _finish(now, given_up=False))

    def failed(self, claimed: StoredEvent, now: datetime) -> bool:
        """The attempt came to nothing. True when it was the last one: the event is given up.

        Otherwise the event may be claimed again at once. Changes nothing when the claim was lost.
        """
        held = _is_held(claimed, self._owner)
        if claimed.attempt >= ATTEMPTS:
            return self._change(held, _finish(now, given_up=True))
        self._change(held, {"claimable_at": now, "owner": None})
        return False

    def waiting(self, now: datetime) -> int:
        """How many events could be claimed now."""
        query = select(func.count()).select_from(event).where(event.c.claimable_at <= now)
        with db.reading(self._engine) as connection:
            return connection.execute(query).scalar_one()

    def forget(self, before: datetime) -> int:
        """Delete what was finished before that moment; returns how many.

        From then on a redelivery would be taken for news; Slack redelivers for an hour at most.
        """
        old = event.delete().where(event.c.finished_at < before)
        with db.transaction(self._engine) as connection:
            return connection.execute(old).rowcount

    def _change(self, which: ColumnElement[bool], values: Mapping[str, object]) -> bool:
        with db.transaction(self._engine) as connection:
            query = event.update().where(which).values(**values)
            return connection.execute(query).rowcount == 1


def _is_open(told: StoredEvent) -> ColumnElement[bool]:
    same = (event.c.team == told.team) & (event.c.event_id == told.event_id)
    return same & event.c.finished_at.is_(None)


def _is_held(claimed: StoredEvent, owner: str) -> ColumnElement[bool]:
    """The attempt tells two claims of one owner apart: a thread that hung and the one after it."""
    return _is_open(claimed) & (event.c.owner == owner) & (event.c.attempts == claimed.attempt)


def _finish(now: datetime, *, given_up: bool) -> dict[str, object]:
    """People's words are not kept longer than they are needed; ids and times are, to know them."""
    return {"claimable_at": None, "finished_at": now, "given_up": given_up, "payload": None}
