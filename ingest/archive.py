"""The archive: every snapshot, version, clause and vector there ever was, and what is served.

Owns what may be written and what comes back; nothing is ever deleted. How the database is opened,
locked and laid out is left to ``ingest.database``; columns have the names of the nouns' fields.

One text in one reading is one version: the same text by the same reader is not recorded twice. The
same text by a *changed* reader is a new version, because its clauses may be cut otherwise, while
an index in use and citations already given still point at the old ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Row, Select, Table, func, select

from ingest import database as db
from ingest.domain import (
    Cause,
    Clause,
    Generation,
    Origin,
    Reading,
    Snapshot,
    Version,
)
from ingest.errors import DatabaseError, ReadError
from ingest.timeline import Stand

Noun = TypeVar("Noun")

# Newer states have later moments; of two readings of one state the later one has the higher number.
_IN_TIME = (db.version.c.seen_at, db.version.c.number)
_BACK_IN_TIME = (db.version.c.seen_at.desc(), db.version.c.number.desc())
_KEYS_AT_ONCE = 2_000
_FLOAT32 = np.dtype("<f4")  # the same bytes on every machine


class Held:
    """What a reader may know of the archive: the newest snapshot of its source, and pins."""

    def __init__(self, archive: Archive, source: str) -> None:
        self._archive = archive
        self._source = source

    @cached_property
    def last(self) -> Snapshot | None:
        """See :meth:`Archive.last_snapshot`; read when asked for, because bytes may be many."""
        return self._archive.last_snapshot(self._source)

    def pinned(self, address: str) -> str | None:
        """See :meth:`Archive.pinned`."""
        return self._archive.pinned(address)

    def seen(self, address: str) -> str | None:
        """See :meth:`Archive.seen`."""
        return self._archive.seen(self._source, address)


class Archive:
    """The archive in one database. Safe to share between threads and between processes.

    Every method raises :class:`ingest.errors.DatabaseError` when the database cannot be used.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # What was fetched

    def last_snapshot(self, source: str) -> Snapshot | None:
        """The newest snapshot of ``source`` from which a version was read."""
        columns = db.snapshot.c
        query = _select(Snapshot, db.snapshot).where(
            columns.source == source, columns.cause.is_(None)
        )
        stood = func.coalesce(columns.seen_at, columns.fetched_at)
        newest = query.order_by(stood.desc(), columns.fetched_at.desc(), columns.id.desc())
        return self._first(Snapshot, newest.limit(1))

    def snapshot_of(self, source: str, number: int) -> Snapshot | None:
        """The snapshot that version ``number`` of ``source`` was read from."""
        columns = db.version.c
        query = _select(Snapshot, db.snapshot).join(
            db.version, columns.snapshot_id == db.snapshot.c.id
        )
        wanted = (columns.source == source) & (columns.number == number)
        return self._first(Snapshot, query.where(wanted))

    def seen(self, source: str, address: str) -> str | None:
        """The sha256 of the newest bytes of ``source`` from ``address``, read or refused."""
        columns = db.snapshot.c
        query = select(columns.sha256).where(columns.source == source, columns.address == address)
        with db.reading(self._engine) as connection:
            return connection.scalar(query.order_by(columns.fetched_at.desc()).limit(1))

    def addresses(self, source: str) -> set[str]:
        """Every address from which a snapshot of ``source`` came, read or refused."""
        query = select(db.snapshot.c.address).where(db.snapshot.c.source == source)
        with db.reading(self._engine) as connection:
            return set(connection.scalars(query))

    def refusals(self, source: str) -> list[tuple[str, Cause]]:
        """Address and cause of every snapshot of ``source`` that was refused, oldest first."""
        columns = db.snapshot.c
        refused = (columns.source == source) & columns.cause.is_not(None)
        query = select(columns.address, columns.cause).where(refused).order_by(columns.id)
        with db.reading(self._engine) as connection:
            return [(row.address, row.cause) for row in connection.execute(query)]

    def pinned(self, address: str) -> str | None:
        """The sha256 of the first bytes that came from ``address``, for whichever source.

        Only meaningful for addresses whose content cannot change (``pkg:…``).
        """
        columns = db.snapshot.c
        query = select(columns.sha256).where(columns.address == address)
        with db.reading(self._engine) as connection:
            return connection.scalar(query.order_by(columns.id).limit(1))

    def known(self, source: str) -> Held:
        """What the reader of ``source`` may know (:class:`ingest.readers.Known`)."""
        return Held(self, source)

    # What was read

    def current(self, source: str) -> Version | None:
        """The version of ``source`` that was seen to stand last."""
        return self._first(Version, _newest(source))

    def version(self, source: str, number: int) -> Version | None:
        """Version ``number`` of ``source``, counted from 1."""
        columns = db.version.c
        wanted = (columns.source == source) & (columns.number == number)
        return self._first(Version, _select(Version, db.version).where(wanted))

    def versions(self, source: str) -> list[Version]:
        """Every version of ``source`` in the order of time."""
        query = _select(Version, db.version).where(db.version.c.source == source)
        return self._all(Version, query.order_by(*_IN_TIME))

    def current_versions(self) -> dict[str, Version]:
        """Source → its newest version, of every source that the archive has ever held."""
        columns = db.version.c
        place = func.row_number().over(partition_by=columns.source, order_by=_BACK_IN_TIME)
        ranked = select(columns.id, place.label("place")).subquery()
        query = _select(Version, db.version).join(ranked, columns.id == ranked.c.id)
        newest = query.where(ranked.c.place == 1).order_by(columns.source)
        return {each.source: each for each in self._all(Version, newest)}

    def stands(self, sources: Collection[str]) -> dict[str, list[Stand]]:
        """Source → its versions without their texts, in the order of time."""
        columns = db.version.c
        query = _select(Stand, db.version).where(columns.source.in_(sources))
        found: dict[str, list[Stand]] = {}
        for each in self._all(Stand, query.order_by(columns.source, *_IN_TIME)):
            found.setdefault(each.source, []).append(each)
        return found

    def clauses(self, source: str, number: int) -> list[Clause]:
        """The clauses of one version in the order of its text; none if there is no such version."""
        of_version = (db.version.c.source == source) & (db.version.c.number == number)
        with db.reading(self._engine) as connection:
            found = connection.execute(select(db.version.c.id, db.version.c.text).where(of_version))
            version = found.first()
            if version is None:
                return []
            query = select(db.clause).where(db.clause.c.version_id == version.id)
            rows = connection.execute(query.order_by(db.clause.c.ordinal)).all()
        return [_clause(row, version.text) for row in rows]

    def record(
        self,
        snapshot: Snapshot,
        reading: Reading,
        origin: Origin,
        reader: str,
        clauses: Sequence[Clause],
    ) -> Version:
        """Keep a snapshot, the version read from it and its clauses: all together or not at all.

        Recorders of one source wait for each other, in whichever process they are. A snapshot
        that is known (source, address, bytes) only moves its time forward, and a text that is
        known is not recorded twice: where the version that stood before has the same text by the
        same reader, it is returned, unless the carrier counts the states of its history.

        Args:
            reader: revision of all that turned the bytes into clauses; names a reading.
            clauses: in the order of the text, with offsets into ``reading.text``.

        Raises:
            ReadError: the text holds a character that cannot be kept (NUL, half of a surrogate).
            ValueError: a clause is not the text between its offsets, or two have one key.
        """
        sha256 = _sha256_of(snapshot.source, reading.text)
        _check(clauses, reading.text)
        with db.transaction(self._engine) as connection:
            db.lock(connection, f"record {snapshot.source}")
            snapshot_id = _keep_snapshot(connection, snapshot)
            known = _same_text(connection, snapshot, snapshot_id, sha256, reader)
            if known is not None:
                return known
            version = Version(
                source=snapshot.source,
                number=_number(connection, snapshot),
                text=reading.text,
                sha256=sha256,
                origin=origin,
                reader=reader,
                address=snapshot.address,
                published=reading.published,
                effective=reading.effective,
                fetched_at=snapshot.fetched_at,
                seen_at=snapshot.stood_at,
            )
            _keep_version(connection, version, snapshot_id, clauses)
            return version

    def refuse(self, snapshot: Snapshot, cause: Cause) -> None:
        """Keep a snapshot from which no version is read, with the cause."""
        with db.transaction(self._engine) as connection:
            db.lock(connection, f"record {snapshot.source}")
            _keep_snapshot(connection, snapshot, cause)

    def outdated(self, source: str, reader: str) -> list[int]:
        """Versions of ``source`` to be read again because ``reader`` reads otherwise, newest first.

        One for each snapshot: the newest reading of it, where that is by another revision.
        """
        columns = db.version.c
        newest = (
            select(func.max(columns.number))
            .where(columns.source == source)
            .group_by(columns.snapshot_id)
        )
        query = select(columns.number).where(
            columns.source == source, columns.number.in_(newest), columns.reader != reader
        )
        with db.reading(self._engine) as connection:
            return [*connection.scalars(query.order_by(*_BACK_IN_TIME))]

    # What is searched

    def vectors(self, embedder: str, keys: Collection[str]) -> dict[str, NDArray[np.float32]]:
        """Key → read-only float32 vector that ``embedder`` made; keys without one are absent."""
        columns = db.vector.c
        query = select(columns.key, columns.dimension, columns.float32)
        return {
            row.key: _vector(row) for rows in self._by_key(query, embedder, keys) for row in rows
        }

    def missing_vectors(self, embedder: str, keys: Collection[str]) -> set[str]:
        """Those of ``keys`` for which ``embedder`` has made no vector yet."""
        query = select(db.vector.c.key)
        found = {row.key for rows in self._by_key(query, embedder, keys) for row in rows}
        return set(keys) - found

    def add_vectors(self, embedder: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors under their keys. One that is there already stays as it is."""
        rows = [
            {
                "embedder": embedder,
                "key": key,
                "dimension": len(each),
                "float32": np.asarray(each, dtype=_FLOAT32).tobytes(),
            }
            for key, each in vectors.items()
        ]
        if not rows:
            return
        with db.transaction(self._engine) as connection:
            connection.execute(db.insert(connection, db.vector).on_conflict_do_nothing(), rows)

    def unembedded(self, embedder: str, sources: Collection[str]) -> list[tuple[str, int]]:
        """Versions whose chunks ``embedder`` has not all embedded, newest first.

        Returns:
            Source and number. A reading that another reading of the same snapshot replaced is
            left out.
        """
        columns = db.version.c
        newest = select(func.max(columns.id)).group_by(columns.snapshot_id)
        query = select(columns.source, columns.number).where(
            columns.source.in_(sources),
            columns.id.in_(newest),
            columns.embedded_by.is_distinct_from(embedder),
        )
        with db.reading(self._engine) as connection:
            rows = connection.execute(query.order_by(*_BACK_IN_TIME))
            return [(row.source, row.number) for row in rows]

    def mark_embedded(self, embedder: str, source: str, number: int) -> None:
        """Remember that ``embedder`` has embedded every chunk of a version."""
        columns = db.version.c
        wanted = (columns.source == source) & (columns.number == number)
        with db.transaction(self._engine) as connection:
            connection.execute(db.version.update().where(wanted).values(embedded_by=embedder))

    def generation(self) -> Generation | None:
        """The build of the index that is served."""
        return self._first(Generation, _select(Generation, db.generation).join(db.serving))

    def switch(self, generation: Generation) -> None:
        """Serve ``generation`` from now on, and no other."""
        with db.transaction(self._engine) as connection:
            built = db.insert(connection, db.generation).values(**asdict(generation))
            connection.execute(built.on_conflict_do_nothing())
            pointer = db.insert(connection, db.serving).values(slot=1, generation_id=generation.id)
            moved = {"generation_id": generation.id}
            connection.execute(pointer.on_conflict_do_update(index_elements=["slot"], set_=moved))

    def _first(self, noun: type[Noun], query: Select[Any]) -> Noun | None:
        with db.reading(self._engine) as connection:
            row = connection.execute(query).first()
        return noun(**row._mapping) if row else None

    def _all(self, noun: type[Noun], query: Select[Any]) -> list[Noun]:
        with db.reading(self._engine) as connection:
            return [noun(**row._mapping) for row in connection.execute(query)]

    def _by_key(
        self, query: Select[Any], embedder: str, keys: Collection[str]
    ) -> Iterator[Sequence[Row[Any]]]:
        """Rows of the vectors of ``keys``, asked for in portions that every database can take."""
        waiting = iter(keys)
        with db.reading(self._engine) as connection:
            while portion := list(islice(waiting, _KEYS_AT_ONCE)):
                columns = db.vector.c
                asked = query.where(columns.embedder == embedder, columns.key.in_(portion))
                yield connection.execute(asked).all()


def _select(noun: type[Any], table: Table) -> Select[Any]:
    return select(*(table.c[field.name] for field in fields(noun)))


def _newest(source: str) -> Select[Any]:
    query = _select(Version, db.version).where(db.version.c.source == source)
    return query.order_by(*_BACK_IN_TIME).limit(1)


def _clause(row: Row[Any], text: str) -> Clause:
    return Clause(
        key=row.key,
        label=row.label,
        heading=row.heading,
        trail=tuple(row.trail),
        start=row.start,
        end=row.end,
        text=text[row.start : row.end],
    )


def _vector(row: Row[Any]) -> NDArray[np.float32]:
    if len(row.float32) != row.dimension * _FLOAT32.itemsize:
        raise DatabaseError(
            f"The vector {row.key} in the database is damaged; restore the database from a copy."
        )
    return np.frombuffer(row.float32, dtype=_FLOAT32)


def _sha256_of(source: str, text: str) -> str:
    """Postgres keeps neither NUL nor lone surrogates, so that SQLite does not get them either."""
    if "\0" in text:
        raise ReadError(f"The text of {source} holds a NUL character, so it is not plain text.")
    try:
        return hashlib.sha256(text.encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise ReadError(
            f"The text of {source} holds half a surrogate pair at character {error.start}."
        ) from error


def _check(clauses: Sequence[Clause], text: str) -> None:
    seen: set[str] = set()
    for clause in clauses:
        if clause.text != text[clause.start : clause.end]:
            raise ValueError(f"Clause {clause.key} is not what stands between its offsets.")
        if clause.key in seen:
            raise ValueError(f"Two clauses have the key {clause.key}.")
        seen.add(clause.key)


def _same_text(
    connection: Connection, snapshot: Snapshot, snapshot_id: int, sha256: str, reader: str
) -> Version | None:
    """The version that is already this very reading; see :meth:`Archive.record`."""
    columns = db.version.c
    same = (columns.sha256 == sha256) & (columns.reader == reader)
    if snapshot.ordinal is not None:
        same = same & (columns.snapshot_id == snapshot_id)
        query = _select(Version, db.version).where(same, columns.source == snapshot.source)
        row = connection.execute(query.limit(1)).first()
        return Version(**row._mapping) if row else None
    current = connection.execute(_newest(snapshot.source)).first()
    if current and (current.sha256, current.reader) == (sha256, reader):
        return Version(**current._mapping)
    return None


def _number(connection: Connection, snapshot: Snapshot) -> int:
    """The number of a new version: its place in the carrier's history, or the next one."""
    columns = db.version.c
    of_source = columns.source == snapshot.source
    if snapshot.ordinal is not None:
        taken = select(columns.number).where(of_source, columns.number == snapshot.ordinal)
        if connection.scalar(taken) is None:
            return snapshot.ordinal
    highest = connection.scalar(select(func.max(columns.number)).where(of_source))
    return (highest or 0) + 1


def _keep_snapshot(connection: Connection, snapshot: Snapshot, cause: Cause | None = None) -> int:
    """Under the lock of its source, so that asking first and then writing is safe."""
    columns = db.snapshot.c
    known = connection.execute(
        select(columns.id, columns.fetched_at).where(
            columns.source == snapshot.source,
            columns.address == snapshot.address,
            columns.sha256 == snapshot.sha256,
        )
    ).first()
    if known is None:
        values = {**asdict(snapshot), "sha256": snapshot.sha256, "cause": cause}
        return _inserted(connection, db.snapshot, values)
    again = {
        "cause": cause,
        "response": dict(snapshot.response),
        "fetched_at": max(snapshot.fetched_at, known.fetched_at),
    }
    connection.execute(db.snapshot.update().where(columns.id == known.id).values(**again))
    return int(known.id)


def _keep_version(
    connection: Connection, version: Version, snapshot_id: int, clauses: Sequence[Clause]
) -> None:
    values = {**asdict(version), "snapshot_id": snapshot_id}
    version_id = _inserted(connection, db.version, values)
    rows = [
        {
            "version_id": version_id,
            "ordinal": ordinal,
            "key": each.key,
            "label": each.label,
            "heading": each.heading,
            "trail": list(each.trail),
            "start": each.start,
            "end": each.end,
        }
        for ordinal, each in enumerate(clauses)
    ]
    if rows:
        connection.execute(db.clause.insert(), rows)


def _inserted(connection: Connection, table: Table, values: Mapping[str, object]) -> int:
    query = table.insert().values(**values).returning(table.c.id)
    return int(connection.execute(query).scalar_one())
