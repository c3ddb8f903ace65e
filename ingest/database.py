"""The one database: how it is opened, locked, and brought to the newest schema.

Owns the engine, the two ways of talking to it (:func:`reading`, :func:`transaction`), the schema's
revision, and the tables that ingest keeps. What is written into them is left to ``ingest.archive``.
Everything that SQLAlchemy raises leaves here as one :class:`ingest.errors.DatabaseError`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    URL,
    CheckConstraint,
    Column,
    Connection,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    column,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
    table,
)
from sqlalchemy import Engine as Engine  # told on: who holds an engine need not know whose it is
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ingest.domain import Cause, Origin, Status
from ingest.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

HEAD = "0005"
"""The newest revision in ``ingest/migrations/versions``."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_REVISION: Select[str] = select(column("version_num", Text)).select_from(table("alembic_version"))
_BUSY_SECONDS = 30
_MALFORMED = (
    "DATABASE_URL cannot be understood; write sqlite:///path or "
    "postgresql://user:password@host:port/name, with special characters percent-encoded."
)
_WRITES = "smallprint_writes"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept in UTC and handed back timezone-aware; SQLite itself forgets the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no timezone; the archive keeps moments in UTC.")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """A member of a closed list, kept as its word."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("address", Text, nullable=False, index=True),
    Column("media_type", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("fetched_at", UtcDateTime, nullable=False),
    Column("published", Date),
    Column("seen_at", UtcDateTime),
    Column("ordinal", Integer),
    Column("response", JSON),  # never NULL either: see version.seen_at
    Column("cause", Word(Cause)),  # why it was refused; NULL where a version was read from it
    UniqueConstraint("source", "address", "sha256"),
)

version = Table(
    "version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("origin", Word(Origin), nullable=False),
    Column("reader", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("snapshot_id", Integer, ForeignKey("snapshot.id"), nullable=False),
    Column("published", Date),
    Column("effective", Date),
    Column("fetched_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime),  # never NULL; SQLite cannot add a column that says so
    Column("recorded_at", UtcDateTime, nullable=False, server_default=func.current_timestamp()),
    Column("embedded_by", Text),  # the embedder that has made the vectors of all its chunks
    UniqueConstraint("source", "number"),
    Index("ix_version_source_seen_at", "source", "seen_at"),
)

clause = Table(
    "clause",
    metadata,
    Column("version_id", Integer, ForeignKey("version.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("heading", Text, nullable=False),
    Column("trail", JSON, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    UniqueConstraint("version_id", "key"),
)

vector = Table(
    "vector",
    metadata,
    Column("embedder", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("dimension", Integer, nullable=False),
    Column("float32", LargeBinary, nullable=False),
)

source_state = Table(
    "source_state",
    metadata,
    Column("source", Text, primary_key=True),
    Column("status", Word(Status), nullable=False),
    Column("cause", Word(Cause)),
    Column("detail", Text, nullable=False),
    Column("checked_at", UtcDateTime, nullable=False),
    Column("succeeded_at", UtcDateTime),
    Column("failing_since", UtcDateTime),
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
)

trouble = Table(
    "trouble",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False, index=True),
    Column("cause", Word(Cause), nullable=False),
    Column("detail", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
)

generation = Table(
    "generation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("embedder", Text, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("built_at", UtcDateTime, nullable=False),
    Column("folder", Text, nullable=False),
)

# One row that points, instead of a flag on each row: two current generations cannot be written.
serving = Table(
    "serving",
    metadata,
    Column("slot", Integer, primary_key=True),
    Column("generation_id", Text, ForeignKey("generation.id"), nullable=False),
    CheckConstraint("slot = 1", name="one_slot"),
)


def connect(url: str) -> Engine:
    """Open the database once, to be sure that it can be, and return its engine.

    Args:
        url: an SQLAlchemy address, ``sqlite:///path`` (the folder is created) or
            ``postgresql+psycopg://…``; see :mod:`ingest.settings`.

    Raises:
        DatabaseError: it cannot be reached, opened or created; names the file or the server.
    """
    parsed = _parsed(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite:
        _make_folder(parsed)
    with _translated(parsed):
        engine = create_engine(
            parsed,
            pool_pre_ping=not sqlite,
            hide_parameters=True,  # texts and messages of people have no place in a log
            connect_args=_sqlite_arguments() if sqlite else _postgres_arguments(parsed),
        )
        if sqlite:
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        with engine.connect():
            return engine


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (SQLAlchemyError, ValueError):
        # The reason would repeat a part of the address, which may be the password.
        raise DatabaseError(_MALFORMED) from None
    if "@" in (parsed.host or ""):  # the end of a password that holds an unencoded @
        raise DatabaseError(_MALFORMED)
    return parsed


def _make_folder(url: URL) -> None:
    if url.database in (None, "", ":memory:"):
        return
    folder = Path(str(url.database)).absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(
            f"The folder {folder} for the database cannot be created: {error.strerror}."
        ) from error


def _sqlite_arguments() -> dict[str, Any]:
    # Python must not begin transactions behind our back: see _begin_sqlite.
    return {"timeout": _BUSY_SECONDS, "isolation_level": None}


def _postgres_arguments(url: URL) -> dict[str, Any]:
    return {} if "connect_timeout" in url.query else {"connect_timeout": 10}


def _prepare_sqlite(raw: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = raw.cursor()
    for setting in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock first: a reader that turns writer fails if another wrote."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only looks.

    Raises:
        DatabaseError: for anything that SQLAlchemy raises inside the block.
    """
    with _translated(engine.url), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A connection whose changes are kept together at the end, or not at all if the block raises.

    Raises:
        DatabaseError: for anything that SQLAlchemy raises inside the block.
    """
    with _translated(engine.url), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


def lock(connection: Connection, name: str) -> None:
    """Until the transaction ends, let nobody else who locks ``name`` go past this line.

    SQLite has one writer at a time, which :func:`transaction` already is.
    """
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(number)))


def insert(connection: Connection, into: Table) -> SqliteInsert | PostgresInsert:
    """An ``INSERT`` that knows ``ON CONFLICT``: one thing in both databases, two in SQLAlchemy."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(into)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(into)


def migrate(engine: Engine) -> None:
    """Bring the tables up to :data:`HEAD`; safe when several processes do so at once.

    Raises:
        DatabaseError: the database cannot be written, or a newer Smallprint wrote it.
    """
    if _revision(engine) == HEAD:
        return
    # Takes half a second to import, and almost every start finds nothing to do.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with transaction(engine) as connection:
        lock(connection, "migrate")
        found = _revision_in(connection)
        known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
        if found is not None and found not in known:
            raise DatabaseError(
                f"The database {_place(engine.url)} was written by a newer Smallprint "
                f"(revision {found}, this one knows {HEAD}); upgrade Smallprint."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(engine: Engine) -> str | None:
    """The revision, read without asking whether the table is there: it almost always is."""
    try:
        with engine.connect() as connection:
            return connection.scalar(_REVISION)
    except SQLAlchemyError:
        with reading(engine) as connection:
            return _revision_in(connection)


def _revision_in(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(_REVISION)


@contextmanager
def _translated(url: URL) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise DatabaseError(
            f"The database {_place(url)} cannot be used: {_reason(error)}."
        ) from error


def _place(url: URL) -> str:
    """File or server of a database, without the name and password of who connects."""
    if url.get_backend_name() == "sqlite":
        return str(Path(url.database).absolute()) if url.database else "in memory"
    host = url.host or url.query.get("host", "localhost")
    return f"{url.database} on {host}{f':{url.port}' if url.port else ''}"


def _reason(error: SQLAlchemyError) -> str:
    """The driver's own first line; SQLAlchemy's would add the statement to it."""
    told = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return told.strip().partition("\n")[0].rstrip(".")
