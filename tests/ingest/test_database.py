"""The database: how it opens, what it says when it does not, and how its schema moves."""

from __future__ import annotations

import logging
import os
import socket
import stat
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, event, insert, select, text

import bot.memory
import bot.subscriptions
import bot.threads  # noqa: F401  declare their tables beside those of ingest
from ingest import database
from ingest.archive import Archive
from ingest.errors import DatabaseError

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def server_nobody_runs() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return f"postgresql+psycopg://acme:hunter2secret@127.0.0.1:{port}/archive"


@contextmanager
def somebody_without_rights() -> Iterator[None]:
    """Root may write everywhere, so that a test as root has to become somebody else."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def locked_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="smallprint-locked-"))
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR | stat.S_IROTH | stat.S_IXOTH)
    yield folder
    folder.chmod(stat.S_IRWXU)
    folder.rmdir()


def setting(engine: Engine, name: str) -> object:
    with database.reading(engine) as connection:
        return connection.execute(text(f"PRAGMA {name}")).scalar_one()


# Opening


def test_a_sqlite_file_is_made_with_the_folders_above_it(tmp_path: Path) -> None:
    file = tmp_path / "not" / "there yet" / "smallprint.db"
    database.connect(f"sqlite:///{file}").dispose()
    assert file.is_file()


def test_sqlite_keeps_a_log_ahead_checks_references_and_waits_for_other_writers(
    tmp_path: Path,
) -> None:
    engine = database.connect(f"sqlite:///{tmp_path / 'smallprint.db'}")
    assert setting(engine, "journal_mode") == "wal"
    assert setting(engine, "foreign_keys") == 1
    assert setting(engine, "synchronous") == 1
    assert setting(engine, "busy_timeout") == 30_000
    engine.dispose()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseError) as refused:
        database.connect(f"sqlite:///{tmp_path}/file/below/smallprint.db")
    assert str(refused.value) == (
        f"The folder {tmp_path}/file/below for the database cannot be created: Not a directory."
    )


def test_a_folder_that_cannot_be_written_is_told_by_the_file_that_did_not_open(
    locked_folder: Path,
) -> None:
    file = locked_folder / "smallprint.db"
    with somebody_without_rights(), pytest.raises(DatabaseError) as refused:
        database.connect(f"sqlite:///{file}")
    assert str(refused.value).startswith(f"The database {file} cannot be used: ")


@pytest.mark.parametrize("content", ["This is a letter, not a database.\n" * 99, "A short note."])
def test_a_file_that_is_not_a_database_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "letter.txt"
    file.write_text(content)
    with pytest.raises(DatabaseError) as refused:
        database.connect(f"sqlite:///{file}")
    assert str(refused.value) == f"The database {file} cannot be used: file is not a database."
    assert file.read_text() == content


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=str(tmp_path)):
        database.connect(f"sqlite:///{tmp_path}")


def test_a_server_that_does_not_answer_is_named_and_its_password_is_not(
    server_nobody_runs: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(DatabaseError, match=r"archive on 127\.0\.0\.1") as refused:
        database.connect(server_nobody_runs)
    assert "\n" not in str(refused.value)
    everything = "".join(traceback.format_exception(refused.value)) + caplog.text
    assert "hunter2secret" not in everything


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://acme:hunter2/secret@localhost/archive",
        "postgresql+psycopg://acme:hunter2@secret@localhost/archive",
        "postgresql+psycopg://acme:hunter2secret@localhost:port/archive",
        "hunter2secret",
        "nosuchdatabase://acme:hunter2secret@localhost/archive",
    ],
)
def test_an_address_that_makes_no_sense_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(DatabaseError) as refused:
        database.connect(url)
    told = "".join(traceback.format_exception(refused.value.with_traceback(None)))
    assert "hunter2" not in told
    assert "secret" not in told


# Reading and writing


OLD_SNAPSHOT = """
    INSERT INTO snapshot (id, source, address, media_type, sha256, content, fetched_at)
    VALUES (1, 'acme/licence', 'shelf:1', 'text/plain', '00', :content, :at)
"""
OLD_VERSION = """
    INSERT INTO version (id, source, number, text, sha256, origin, reader, address, snapshot_id,
                         fetched_at)
    VALUES (1, 'acme/licence', 1, 'You may.', '00', 'first', 'shelf-1', 'shelf:1', 1, :at)
"""


def remember(engine: Engine, source: str, at: datetime = NOW) -> None:
    with database.transaction(engine) as connection:
        row = {"source": source, "status": "new", "detail": "", "checked_at": at}
        connection.execute(insert(database.source_state), row)


def remembered(engine: Engine) -> list[str]:
    with database.reading(engine) as connection:
        query = select(database.source_state.c.source)
        return list(connection.scalars(query.order_by(database.source_state.c.source)))


def test_a_transaction_is_kept_when_its_block_ends(engine: Engine) -> None:
    remember(engine, "acme/licence")
    assert remembered(engine) == ["acme/licence"]


def test_a_transaction_whose_block_raises_leaves_nothing_behind(engine: Engine) -> None:
    with pytest.raises(KeyError), database.transaction(engine) as connection:
        row = {"source": "acme/licence", "status": "new", "detail": "", "checked_at": NOW}
        connection.execute(insert(database.source_state), row)
        raise KeyError
    assert remembered(engine) == []


def test_what_the_database_refuses_is_told_without_the_values(engine: Engine) -> None:
    remember(engine, "a secret of Acme")
    with pytest.raises(DatabaseError, match="cannot be used") as refused:
        remember(engine, "a secret of Acme")
    assert "a secret of Acme" not in str(refused.value)
    assert "INSERT" not in str(refused.value)


def test_a_reference_to_nothing_is_refused(engine: Engine) -> None:
    with pytest.raises(DatabaseError), database.transaction(engine) as connection:
        connection.execute(insert(database.serving), {"slot": 1, "generation_id": "nowhere"})


def test_only_one_pointer_to_a_generation_can_be_written(engine: Engine) -> None:
    built = {"id": "g1", "embedder": "e", "chunks": 1, "built_at": NOW, "folder": "f"}
    with database.transaction(engine) as connection:
        connection.execute(insert(database.generation), built)
    with pytest.raises(DatabaseError), database.transaction(engine) as connection:
        connection.execute(insert(database.serving), {"slot": 2, "generation_id": "g1"})


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
SINCE_NOW = st.timedeltas(timedelta(days=-40_000), timedelta(days=40_000))
MOMENTS = st.builds(lambda since, zone: (NOW + since).astimezone(zone), SINCE_NOW, ZONES)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moment=MOMENTS)
def test_a_moment_comes_back_as_itself_in_utc(engine: Engine, moment: datetime) -> None:
    with database.transaction(engine) as connection:
        connection.execute(delete(database.source_state))
    remember(engine, "acme/licence", moment)
    with database.reading(engine) as connection:
        found = connection.execute(select(database.source_state.c.checked_at)).scalar_one()
    assert found == moment
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(DatabaseError, match="has no timezone"):
        remember(engine, "acme/licence", NOW.replace(tzinfo=None))


# The schema


def test_head_is_the_newest_revision_there_is() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "ingest" / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [database.HEAD]


def test_the_revisions_make_exactly_the_tables_that_are_declared(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, database.metadata) == []


def test_what_an_older_program_wrote_is_there_after_the_upgrade(database_url: str) -> None:
    engine = database.connect(database_url)
    config = Config()
    config.set_main_option("script_location", str(ROOT / "ingest" / "migrations"))
    with database.transaction(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(text(OLD_SNAPSHOT), {"at": NOW, "content": b"You may."})
        connection.execute(text(OLD_VERSION), {"at": NOW})
    database.migrate(engine)
    archive = Archive(engine)
    current = archive.current("acme/licence")
    last = archive.last_snapshot("acme/licence")
    assert current is not None
    assert last is not None
    assert (current.text, current.seen_at) == ("You may.", NOW)
    assert (last.content, last.response, last.stood_at) == (b"You may.", {}, NOW)
    engine.dispose()


def test_a_table_that_no_revision_makes_would_be_noticed(engine: Engine) -> None:
    with database.transaction(engine) as connection:
        connection.execute(text("DROP TABLE vector"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, database.metadata) != []


def test_a_database_at_head_costs_one_question(engine: Engine) -> None:
    asked: list[str] = []
    event.listen(
        engine, "before_cursor_execute", lambda _c, _cursor, sql, *_: asked.append(str(sql))
    )
    database.migrate(engine)
    assert [sql for sql in asked if not sql.startswith("BEGIN")] == [
        "SELECT version_num \nFROM alembic_version"
    ]


MIGRATE = """
import sys
from ingest import database
print("ready", flush=True)
sys.stdin.read()
engine = database.connect(sys.argv[1])
database.migrate(engine)
print("alembic" in sys.modules)
"""


def migrate_at_once(url: str, processes: int) -> list[str]:
    """What processes say that migrate at the same moment; each must end well."""
    with ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", MIGRATE, url],
                    cwd=ROOT,
                    text=True,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                )
            )
            for _ in range(processes)
        ]
        for each in started:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in started:
            assert each.stdin is not None
            each.stdin.close()
        assert [each.wait(timeout=60) for each in started] == [0] * processes
        return [each.stdout.read() for each in started if each.stdout]


def test_a_database_at_head_is_opened_without_alembic(engine: Engine, database_url: str) -> None:
    assert migrate_at_once(database_url, 1) == ["False\n"]


def test_processes_that_start_at_once_all_find_the_tables_made(database_url: str) -> None:
    migrate_at_once(database_url, 3)
    engine = database.connect(database_url)
    assert remembered(engine) == []
    engine.dispose()


def test_a_database_of_a_newer_program_is_refused_and_left_alone(engine: Engine) -> None:
    with database.transaction(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match=r"newer Smallprint.*9999.*upgrade Smallprint"):
        database.migrate(engine)
    remember(engine, "acme/licence")
    assert remembered(engine) == ["acme/licence"]


def test_a_database_that_cannot_be_written_is_not_migrated(tmp_path: Path) -> None:
    engine = database.connect(f"sqlite:///{tmp_path / 'smallprint.db'}")
    engine.dispose()
    event.listen(engine, "connect", lambda raw, _entry: raw.execute("PRAGMA query_only = ON"))
    with pytest.raises(DatabaseError, match="readonly"):
        database.migrate(engine)
    engine.dispose()
