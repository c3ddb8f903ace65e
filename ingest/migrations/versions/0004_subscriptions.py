"""Wishes of channels to hear of changes to cards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table of ``bot.subscriptions``."""
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("card", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint(
            "team", "channel", "card", name=op.f("uq_subscription_team_channel_card")
        ),
    )
