"""The archive: snapshots, versions, clauses, vectors, the state of sources, generations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables of ``ingest``."""
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.Column("published", sa.Date),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint(
            "source", "address", "sha256", name=op.f("uq_snapshot_source_address_sha256")
        ),
    )
    op.create_index(op.f("ix_snapshot_address"), "snapshot", ["address"])
    op.create_table(
        "version",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("snapshot_id", sa.Integer, nullable=False),
        sa.Column("published", sa.Date),
        sa.Column("effective", sa.Date),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.Column(
            "recorded_at", MOMENT, nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("source", "number", name=op.f("uq_version_source_number")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_version_snapshot_id")
        ),
    )
    op.create_table(
        "clause",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("trail", sa.JSON, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_clause")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_clause_version_id_key")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_clause_version_id")),
    )
    op.create_table(
        "vector",
        sa.Column("embedder", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("dimension", sa.Integer, nullable=False),
        sa.Column("float32", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("embedder", "key", name=op.f("pk_vector")),
    )
    op.create_table(
        "source_state",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("cause", sa.Text),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("succeeded_at", MOMENT),
        sa.Column("failing_since", MOMENT),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_state")),
    )
    op.create_table(
        "generation",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("embedder", sa.Text, nullable=False),
        sa.Column("chunks", sa.Integer, nullable=False),
        sa.Column("built_at", MOMENT, nullable=False),
        sa.Column("folder", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generation")),
    )
    op.create_table(
        "serving",
        sa.Column("slot", sa.Integer, nullable=False),
        sa.Column("generation_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_serving")),
        sa.ForeignKeyConstraint(
            ["generation_id"], ["generation.id"], name=op.f("fk_serving_generation_id")
        ),
        sa.CheckConstraint("slot = 1", name=op.f("ck_serving_one_slot")),
    )
