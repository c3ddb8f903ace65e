"""History: when a text was seen to stand, what was refused and why, and troubles that last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what the archive needs to keep versions in the order of time."""
    for column in (
        sa.Column("seen_at", MOMENT),
        sa.Column("ordinal", sa.Integer),
        sa.Column("response", sa.JSON),
        sa.Column("cause", sa.Text),
    ):
        op.add_column("snapshot", column)
    op.execute("UPDATE snapshot SET response = '{}'")
    op.add_column("version", sa.Column("seen_at", MOMENT))
    # Until now nothing had a history: a text was known to stand when it was fetched.
    op.execute("UPDATE version SET seen_at = fetched_at")
    op.add_column("version", sa.Column("embedded_by", sa.Text))
    op.create_index(op.f("ix_version_source_seen_at"), "version", ["source", "seen_at"])
    op.add_column(
        "source_state", sa.Column("failures", sa.Integer, nullable=False, server_default="0")
    )
    op.create_table(
        "trouble",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trouble")),
    )
    op.create_index(op.f("ix_trouble_source"), "trouble", ["source"])
