"""The archive: what is kept, what comes back, and what two recorders at once may not do."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, update

from ingest import database
from ingest.archive import Archive
from ingest.domain import (
    Clause,
    Generation,
    Origin,
    Reading,
    Snapshot,
    Version,
)
from ingest.errors import DatabaseError, ReadError

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LICENCE = "acme/licence"
ADDRESS = "pkg:pypi/acme-texts@1.0#acme/LICENCE"
TEXT = "1. Grant\nYou may use the Acme model.\n2. Size\nAbove 40,000 users, ask Acme."

any_engine = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def archive(engine: Engine) -> Archive:
    return Archive(engine)


def snapshot_of(
    text: str, at: datetime = NOW, source: str = LICENCE, address: str = ADDRESS
) -> Snapshot:
    return Snapshot(source, address, "text/plain", at, text.encode(), date(2026, 1, 2))


def cut(text: str, places: Sequence[int] = ()) -> list[Clause]:
    """Clauses of ``text``, cut at ``places``."""
    edges = [0, *sorted(set(places)), len(text)]
    return [
        Clause(f"{n}", f"{n}.", f"Rule {n}", ("Acme", "Rules"), start, end, text[start:end])
        for n, (start, end) in enumerate(pairwise(edges))
    ]


def record(
    archive: Archive,
    text: str,
    at: datetime = NOW,
    source: str = LICENCE,
    reader: str = "file-1",
    origin: Origin = Origin.FIRST,
) -> Version:
    snapshot = snapshot_of(text, at, source)
    return archive.record(snapshot, Reading(text), origin, reader, cut(text, [len(text) // 2]))


def rows(engine: Engine, table: str) -> int:
    with database.reading(engine) as connection:
        counted = select(func.count()).select_from(database.metadata.tables[table])
        return connection.execute(counted).scalar_one()


# Snapshots


def test_a_source_never_seen_is_simply_not_there(archive: Archive) -> None:
    assert archive.last_snapshot(LICENCE) is None
    assert archive.current(LICENCE) is None
    assert archive.version(LICENCE, 1) is None
    assert archive.versions(LICENCE) == []
    assert archive.clauses(LICENCE, 1) == []
    assert archive.pinned(ADDRESS) is None
    assert archive.known(LICENCE).last is None
    assert archive.current_versions() == {}


def test_the_bytes_come_back_untouched(archive: Archive) -> None:
    content = bytes(range(256)) * 9
    snapshot = replace(snapshot_of(""), content=content)
    archive.record(snapshot, Reading(TEXT), Origin.FIRST, "file-1", cut(TEXT))
    assert archive.last_snapshot(LICENCE) == snapshot
    assert archive.known(LICENCE).last == snapshot


def test_the_same_bytes_at_the_same_address_are_kept_once(archive: Archive, engine: Engine) -> None:
    record(archive, TEXT, NOW)
    record(archive, TEXT, NOW + DAY)
    assert rows(engine, "snapshot") == 1
    assert archive.last_snapshot(LICENCE) == snapshot_of(TEXT, NOW + DAY)


def test_an_old_snapshot_that_is_read_again_does_not_become_the_newest(archive: Archive) -> None:
    record(archive, TEXT, NOW)
    record(archive, TEXT + " Or else.", NOW + DAY)
    record(archive, TEXT, NOW, reader="file-2", origin=Origin.REREAD)
    last = archive.last_snapshot(LICENCE)
    assert last is not None
    assert last.fetched_at == NOW + DAY


def test_bytes_that_return_are_the_newest_again(archive: Archive) -> None:
    record(archive, TEXT, NOW)
    record(archive, TEXT + " Or else.", NOW + DAY)
    record(archive, TEXT, NOW + 2 * DAY)
    assert archive.last_snapshot(LICENCE) == snapshot_of(TEXT, NOW + 2 * DAY)


def test_an_address_is_pinned_to_the_first_bytes_whoever_fetched_them(archive: Archive) -> None:
    first = record(archive, TEXT, NOW + DAY, source="acme/licence")
    record(archive, TEXT + " Or else.", NOW, source="acme/other")
    assert archive.pinned(ADDRESS) == first.sha256
    assert archive.known("acme/other").pinned(ADDRESS) == first.sha256
    assert archive.known("acme/other").pinned("pkg:pypi/acme-texts@2.0#acme/LICENCE") is None


# Versions


def test_a_version_comes_back_as_it_was_recorded(archive: Archive) -> None:
    reading = Reading(TEXT, published=date(2025, 12, 31), effective=date(2026, 2, 1))
    recorded = archive.record(snapshot_of(TEXT), reading, Origin.FIRST, "file-1", cut(TEXT, [9]))
    assert recorded == Version(
        source=LICENCE,
        number=1,
        text=TEXT,
        sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
        origin=Origin.FIRST,
        reader="file-1",
        address=ADDRESS,
        published=date(2025, 12, 31),
        effective=date(2026, 2, 1),
        fetched_at=NOW,
        seen_at=NOW,
    )
    assert archive.current(LICENCE) == recorded
    assert archive.version(LICENCE, 1) == recorded
    assert archive.clauses(LICENCE, 1) == cut(TEXT, [9])


def test_versions_are_counted_within_their_source_oldest_first(archive: Archive) -> None:
    for text in ("one", "two", "three"):
        record(archive, text)
    other = record(archive, "else", source="acme/policy")
    versions = archive.versions(LICENCE)
    assert [(each.number, each.text) for each in versions] == [(1, "one"), (2, "two"), (3, "three")]
    assert archive.current_versions() == {LICENCE: versions[-1], "acme/policy": other}


def test_the_same_text_by_the_same_reader_makes_no_second_version(
    archive: Archive, engine: Engine
) -> None:
    first = record(archive, TEXT, NOW)
    again = record(archive, TEXT, NOW + DAY, origin=Origin.PUBLISHED)
    assert again == first
    assert archive.versions(LICENCE) == [first]
    assert rows(engine, "clause") == 2


def test_other_bytes_that_read_the_same_are_kept_but_make_no_version(
    archive: Archive, engine: Engine
) -> None:
    first = record(archive, TEXT)
    padded = replace(snapshot_of(TEXT + "   ", NOW + DAY), address="pkg:pypi/acme-texts@2.0#L")
    again = archive.record(padded, Reading(TEXT), Origin.PUBLISHED, "file-1", cut(TEXT))
    assert again == first
    assert rows(engine, "snapshot") == 2
    assert archive.last_snapshot(LICENCE) == padded


def test_a_text_that_returns_is_a_version_of_its_own(archive: Archive) -> None:
    for text in ("one", "two", "one"):
        record(archive, text)
    assert [each.text for each in archive.versions(LICENCE)] == ["one", "two", "one"]


def test_the_same_text_read_otherwise_is_a_new_version_and_leaves_the_old_clauses(
    archive: Archive,
) -> None:
    snapshot = snapshot_of(TEXT)
    archive.record(snapshot, Reading(TEXT), Origin.FIRST, "file-1+split-1", cut(TEXT))
    second = archive.record(
        snapshot, Reading(TEXT), Origin.REREAD, "file-1+split-2", cut(TEXT, [9])
    )
    assert (second.number, second.origin) == (2, Origin.REREAD)
    assert archive.clauses(LICENCE, 1) == cut(TEXT)
    assert archive.clauses(LICENCE, 2) == cut(TEXT, [9])


WRONG = [
    (cut(TEXT + "!"), "not what stands between"),
    ([replace(cut(TEXT)[0], start=1)], "not what stands between"),
    ([replace(cut(TEXT)[0], text="You owe us.")], "not what stands between"),
    (cut(TEXT) * 2, "Two clauses have the key 0"),
]


@pytest.mark.parametrize(("clauses", "complaint"), WRONG)
def test_clauses_that_are_not_of_the_text_are_refused_and_nothing_is_kept(
    archive: Archive, engine: Engine, clauses: list[Clause], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        archive.record(snapshot_of(TEXT), Reading(TEXT), Origin.FIRST, "file-1", clauses)
    assert rows(engine, "snapshot") == 0


@pytest.mark.parametrize(
    ("text", "complaint"), [("You may\0not.", "NUL"), ("You may \ud83d not.", "surrogate pair at")]
)
def test_a_text_that_not_every_database_can_keep_is_refused(
    archive: Archive, engine: Engine, text: str, complaint: str
) -> None:
    with pytest.raises(ReadError, match=complaint) as refused:
        archive.record(snapshot_of(""), Reading(text), Origin.FIRST, "file-1", [])
    assert LICENCE in str(refused.value)
    assert rows(engine, "snapshot") == 0


def test_a_record_that_fails_half_way_leaves_nothing_behind(
    archive: Archive, engine: Engine
) -> None:
    bad = replace(cut(TEXT)[0], label=None)  # type: ignore[arg-type]
    with pytest.raises(DatabaseError):
        archive.record(snapshot_of(TEXT), Reading(TEXT), Origin.FIRST, "file-1", [bad])
    assert (rows(engine, "snapshot"), rows(engine, "version")) == (0, 0)
    assert record(archive, TEXT).number == 1


PLAIN = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)


@st.composite
def readings(draw: st.DrawFn) -> tuple[Reading, list[Clause]]:
    text = draw(PLAIN)
    clauses = [
        replace(
            each,
            key=f"{n}/{draw(PLAIN)}",
            label=draw(PLAIN),
            heading=draw(PLAIN),
            trail=tuple(draw(st.lists(PLAIN, max_size=4))),
        )
        for n, each in enumerate(cut(text, draw(st.lists(st.integers(0, len(text)), max_size=5))))
    ]
    days = st.none() | st.dates(date(1900, 1, 1), date(2200, 1, 1))
    return Reading(text, draw(days), draw(days)), clauses


@any_engine
@given(read=readings())
def test_whatever_was_read_comes_back_letter_by_letter(
    archive: Archive, read: tuple[Reading, list[Clause]]
) -> None:
    reading, clauses = read
    before = archive.current(LICENCE)
    # A reader of its own for each example, so that each one is a version.
    reader = f"file-{before.number if before else 0}"
    snapshot = replace(snapshot_of(reading.text), published=reading.effective)
    version = archive.record(snapshot, reading, Origin.PUBLISHED, reader, clauses)
    assert archive.current(LICENCE) == version
    assert (version.text, version.published, version.effective) == (
        reading.text,
        reading.published,
        reading.effective,
    )
    assert archive.clauses(LICENCE, version.number) == clauses


RECORDER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from ingest import database
from ingest.archive import Archive
from ingest.domain import Clause, Origin, Reading, Snapshot

url, name = sys.argv[1:]
archive = Archive(database.connect(url))
now = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

def record(number):
    text = f"Rule {number} of {name}" if number % 2 else f"Rule {number} of all"
    snapshot = Snapshot("acme/licence", f"file:{text}", "text/plain", now, text.encode())
    clauses = [Clause("1", "", "", (), 0, len(text), text)]
    archive.record(snapshot, Reading(text), Origin.PUBLISHED, "file-1", clauses)

print("ready", flush=True)
sys.stdin.read()
with ThreadPoolExecutor(4) as pool:
    list(pool.map(record, range(40)))
"""


def test_recorders_in_several_threads_and_processes_neither_collide_nor_leave_gaps(
    archive: Archive, database_url: str
) -> None:
    with ExitStack() as stack:
        recorders = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", RECORDER, database_url, name],
                    cwd=ROOT,
                    text=True,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                )
            )
            for name in ("here", "there")
        ]
        for each in recorders:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in recorders:
            assert each.stdin is not None
            each.stdin.close()
        assert [each.wait(timeout=60) for each in recorders] == [0, 0]
    versions = archive.versions(LICENCE)
    assert [each.number for each in versions] == [*range(1, len(versions) + 1)]
    assert 60 <= len(versions) <= 80
    assert len({each.text for each in versions}) == 60
    assert all(a.text != b.text for a, b in pairwise(versions))
    assert all(len(archive.clauses(LICENCE, each.number)) == 1 for each in versions)


# Vectors

FLOATS = st.floats(width=32, allow_nan=False)


@any_engine
@given(kept=st.dictionaries(PLAIN, st.lists(FLOATS, min_size=1, max_size=9), max_size=5))
def test_vectors_come_back_bit_by_bit(archive: Archive, kept: dict[str, list[float]]) -> None:
    embedder = hashlib.sha256(str(kept).encode()).hexdigest()
    vectors = {key: np.array(each, dtype=np.float32) for key, each in kept.items()}
    archive.add_vectors(embedder, vectors)
    found = archive.vectors(embedder, [*kept, "never made"])
    assert found.keys() == vectors.keys()
    for key, each in found.items():
        assert each.dtype == np.float32
        assert each.tobytes() == vectors[key].tobytes()


def test_thousands_of_vectors_are_found_by_key_and_by_embedder(archive: Archive) -> None:
    keys = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(5_000)]
    made = np.arange(5_000 * 4, dtype=np.float32).reshape(5_000, 4)
    archive.add_vectors("one", dict(zip(keys, made, strict=True)))
    found = archive.vectors("one", keys)
    assert len(found) == 5_000
    assert all(np.array_equal(found[key], made[n]) for n, key in enumerate(keys))
    assert archive.vectors("two", keys) == {}
    assert archive.missing_vectors("one", [*keys, "new"]) == {"new"}
    assert archive.missing_vectors("two", keys) == set(keys)


def test_no_keys_are_no_vectors(archive: Archive) -> None:
    archive.add_vectors("one", {})
    assert archive.vectors("one", []) == {}
    assert archive.missing_vectors("one", set()) == set()


def test_a_vector_that_is_there_stays_as_it_is(archive: Archive) -> None:
    archive.add_vectors("one", {"a": np.ones(3, dtype=np.float32)})
    archive.add_vectors(
        "one", {"a": np.zeros(3, dtype=np.float32), "b": np.zeros(3, dtype=np.float32)}
    )
    found = archive.vectors("one", ["a", "b"])
    assert found["a"].tolist() == [1, 1, 1]
    assert found["b"].tolist() == [0, 0, 0]


def test_a_damaged_vector_is_told_and_not_searched(archive: Archive, engine: Engine) -> None:
    archive.add_vectors("one", {"a": np.ones(3, dtype=np.float32)})
    with database.transaction(engine) as connection:
        connection.execute(update(database.vector).values(float32=b"\0\0\0\0"))
    with pytest.raises(DatabaseError, match="vector a in the database is damaged"):
        archive.vectors("one", ["a"])


# Generations


def test_exactly_the_last_generation_switched_to_is_served(
    archive: Archive, engine: Engine
) -> None:
    assert archive.generation() is None
    first = Generation("g1", "embedder", 7, NOW, "index/g1")
    second = Generation("g2", "embedder", 9, NOW + DAY, "index/g2")
    for generation in (first, second, first, first):
        archive.switch(generation)
        assert archive.generation() == generation
    assert (rows(engine, "generation"), rows(engine, "serving")) == (2, 1)


def test_a_database_that_lacks_its_tables_is_one_clear_sentence(tmp_path: Path) -> None:
    engine = database.connect(f"sqlite:///{tmp_path / 'smallprint.db'}")
    with pytest.raises(DatabaseError, match="no such table"):
        Archive(engine).current(LICENCE)
    engine.dispose()
