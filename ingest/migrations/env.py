"""Lets Alembic run the revisions inside the transaction that ``ingest.database.migrate`` opened."""

from __future__ import annotations

from alembic import context

from ingest.database import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
