"""Who wants to hear of changes to what: the wishes of channels, kept until alerts are sent.

Owns the table ``subscription``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Engine, Integer, Table, Text, UniqueConstraint

from ingest import database as db

subscription = Table(
    "subscription",
    db.metadata,
    Column("id", Integer, primary_key=True),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("card", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("wished_at", db.UtcDateTime, nullable=False),
    UniqueConstraint("team", "channel", "card"),
)


class Subscriptions:
    """The wishes of all channels, shared by all processes. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def wish(self, team: str, channel: str, card: str, person: str, now: datetime) -> bool:
        """Keep that a channel wants to hear of changes to a card; False where it is kept already.

        Raises:
            DatabaseError: it cannot be kept.
        """
        values = {
            "team": team,
            "channel": channel,
            "card": card,
            "person": person,
            "wished_at": now,
        }
        with db.transaction(self._engine) as connection:
            row = db.insert(connection, subscription).values(**values).on_conflict_do_nothing()
            return connection.execute(row.returning(subscription.c.id)).first() is not None
