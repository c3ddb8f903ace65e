"""The inbox: events that came in, who works on them, and which are finished."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table of ``bot.memory``."""
    op.create_table(
        "event",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("ts", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.JSON),
        sa.Column("accepted_at", MOMENT, nullable=False),
        sa.Column("claimable_at", MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("finished_at", MOMENT),
        sa.Column("given_up", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("team", "event_id", name=op.f("uq_event_team_event_id")),
        sa.UniqueConstraint("team", "channel", "ts", name=op.f("uq_event_team_channel_ts")),
    )
    op.create_index(op.f("ix_event_claimable_at"), "event", ["claimable_at"])
