"""The last turn of each thread, for follow-ups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table of ``bot.threads``."""
    op.create_table(
        "turn",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("ts", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("cited", sa.JSON, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sa.UniqueConstraint("team", "channel", "thread", name=op.f("uq_turn_team_channel_thread")),
    )
    op.create_index(op.f("ix_turn_kept_at"), "turn", ["kept_at"])
