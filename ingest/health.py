"""How following the sources goes: the last outcome of each, and troubles that last.

A trouble opens by itself with the first failure and closes by itself with the next success. It is
worth telling people of when it has lasted :data:`LASTING`; before that it may be their night.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, select

from ingest import database as db
from ingest.domain import Cause, Outcome, Status, Trouble

LASTING = timedelta(days=2)
"""How long a source fails before that is reported."""

EVERY = timedelta(hours=23)
"""How often a source is followed that is well, or whose failure no second try would mend.

Daily, with an hour to spare: whoever starts us at seven every morning must find all of them due.
"""

_SOON = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SourceState:
    """How following a source went last time, and since when it has been going well or badly.

    ``succeeded_at`` is None until it has gone well once; ``failing_since`` is None while it does.
    ``failures`` counts those in a row.
    """

    source: str
    status: Status
    cause: Cause | None
    detail: str
    checked_at: datetime
    succeeded_at: datetime | None
    failing_since: datetime | None
    failures: int

    @property
    def due_at(self) -> datetime:
        """When to follow the source again.

        After a failure that may pass by itself sooner than daily: in a quarter of an hour, then
        each time twice as late.
        """
        if self.cause is None or not self.cause.transient:
            return self.checked_at + EVERY
        wait: timedelta = _SOON * 2 ** min(self.failures - 1, 10)
        return self.checked_at + min(EVERY, wait)


class Health:
    """States and troubles in the database. Safe to share between threads and processes.

    Every method raises :class:`ingest.errors.DatabaseError` when the database cannot be used.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, outcome: Outcome, now: datetime) -> None:
        """Remember what following a source came to at ``now``; open or close its trouble."""
        with db.transaction(self._engine) as connection:
            db.lock(connection, f"health {outcome.source}")
            _keep_state(connection, outcome, now)
            if outcome.cause is None:
                _close(connection, outcome.source, now)
            else:
                _open(connection, outcome, outcome.cause, now)

    def states(self) -> dict[str, SourceState]:
        """Source → how following it went last time, of every source that was ever followed."""
        table = db.source_state
        query = select(*(table.c[name] for name in SourceState.__slots__)).order_by(table.c.source)
        with db.reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return {row.source: SourceState(**row._mapping) for row in rows}

    def due(self, sources: Sequence[str], now: datetime) -> list[str]:
        """Those of ``sources`` that are to be followed at ``now``, in their order."""
        states = self.states()
        return [each for each in sources if each not in states or states[each].due_at <= now]

    def troubles(self, source: str | None = None) -> list[Trouble]:
        """Every trouble there was, of ``source`` or of all, the newest first."""
        columns = db.trouble.c
        query = select(*(columns[name] for name in Trouble.__slots__))
        if source is not None:
            query = query.where(columns.source == source)
        with db.reading(self._engine) as connection:
            rows = connection.execute(query.order_by(columns.id.desc())).all()
        return [Trouble(**row._mapping) for row in rows]

    def lasting(self, now: datetime) -> list[Trouble]:
        """The open troubles that have lasted for :data:`LASTING`, the newest first."""
        return [
            each
            for each in self.troubles()
            if each.closed_at is None and now - each.opened_at >= LASTING
        ]


def _keep_state(connection: Connection, outcome: Outcome, now: datetime) -> None:
    failed = outcome.status is Status.FAILED
    state = db.source_state
    row = db.insert(connection, state).values(
        source=outcome.source,
        status=outcome.status,
        cause=outcome.cause,
        detail=outcome.detail,
        checked_at=now,
        succeeded_at=None if failed else now,
        failing_since=now if failed else None,
        failures=int(failed),
    )
    new = row.excluded
    changed = {
        **{name: new[name] for name in ("status", "cause", "detail", "checked_at")},
        "succeeded_at": func.coalesce(new.succeeded_at, state.c.succeeded_at),
        "failing_since": func.coalesce(state.c.failing_since, now) if failed else None,
        "failures": state.c.failures + 1 if failed else 0,
    }
    connection.execute(row.on_conflict_do_update(index_elements=["source"], set_=changed))


def _open(connection: Connection, outcome: Outcome, cause: Cause, now: datetime) -> None:
    """Open a trouble, or say of the open one what its cause is now."""
    told = {"cause": cause, "detail": outcome.detail}
    open_one = (db.trouble.c.source == outcome.source) & db.trouble.c.closed_at.is_(None)
    found = connection.execute(db.trouble.update().where(open_one).values(**told))
    if found.rowcount == 0:
        values = {"source": outcome.source, "opened_at": now, **told}
        connection.execute(db.trouble.insert().values(**values))


def _close(connection: Connection, source: str, now: datetime) -> None:
    open_one = (db.trouble.c.source == source) & db.trouble.c.closed_at.is_(None)
    connection.execute(db.trouble.update().where(open_one).values(closed_at=now))
