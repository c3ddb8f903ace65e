"""What lies in the folder of one generation beside the two search engines, and whether it is whole.

A folder holds the chunks (sorted by source, each named by its ordinal), their vectors, whatever the
engines wrote, and ``generation.json``, written last, with the checksum of every file. Opening one
checks the checksums, because Chroma's library ends the whole process on a damaged file.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import secrets
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Chunk, Generation
from ingest.errors import IndexMissingError
from ingest.ranking import Place, Range, holding, ranges_of

REVISION = "index-2"
"""Changes when the same chunks would be laid out, or cut into words, differently."""

Vector = NDArray[np.float32]
Vectors = NDArray[np.float32]

# Chroma notes in its own file that it was opened, so that this one does not stay as it was built.
ALIVE = "chroma/chroma.sqlite3"
PIECE = 1 << 20


class Contents:
    """The chunks and vectors of one generation, opened; several threads may read at once.

    ``vectors`` are float32 of length 1, one row per ordinal, mapped from the file.
    """

    def __init__(self, folder: Path, generation: Generation) -> None:
        """Open and check ``folder``.

        Raises:
            IndexMissingError: it is missing, damaged, or holds another number of chunks.
        """
        try:
            described = json.loads((folder / "generation.json").read_bytes())
            self._ranges: Mapping[str, Range] = described["sources"]
            whole = described["chunks"] == generation.chunks and all(
                _checksum(folder, name) == sum_ for name, sum_ in described["files"].items()
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise missing(folder, "is missing or damaged") from error
        if not whole:
            raise missing(folder, "is damaged")
        if generation.chunks:
            self._lines = _mapped(folder / "chunks.jsonl")
            self._offsets = np.load(folder / "offsets.npy")
            self.vectors: Vectors = np.load(folder / "vectors.npy", mmap_mode="r")

    def chunk(self, ordinal: int) -> Chunk:
        """The chunk at ``ordinal``."""
        line = self._lines[self._offsets[ordinal] : self._offsets[ordinal + 1]]
        values = json.loads(line)
        return Chunk(**{**values, "clauses": tuple(values["clauses"])})

    def ranges(self, sources: Collection[str]) -> list[Range]:
        """First ordinal and the one after the last of each of ``sources`` that is held here."""
        return [self._ranges[each] for each in sorted(set(sources)) if each in self._ranges]

    def at(self, sources: Collection[str] | None, pointed: Sequence[Place]) -> list[int]:
        """The ordinals of the chunks of ``sources`` (None: of all) that hold ``pointed``."""
        wanted = {source for source, _ in pointed if sources is None or source in sources}
        spans = [
            (ordinal, each.source, each.start, each.end)
            for start, end in self.ranges(wanted)
            for ordinal in range(start, end)
            for each in [self.chunk(ordinal)]
        ]
        return holding(spans, pointed)


def sort(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Chunks in the order of their ordinals: sources together, and within one as they came."""
    return sorted(chunks, key=lambda chunk: chunk.source)


def new(chunks: Sequence[Chunk], embedder: str, now: datetime) -> Generation:
    """Name a generation of ``chunks``: unique, sorting by time, telling what it is built of."""
    built_at = now.astimezone(UTC)
    name = f"{built_at:%Y%m%dT%H%M%S%f}-{digest(chunks)}-{secrets.token_hex(2)}"
    return Generation(name, embedder, len(chunks), built_at, f"index/{name}")


def digest(chunks: Sequence[Chunk]) -> str:
    """What an index of ``chunks`` is built of, whatever their order."""
    lines = sorted(json.dumps(asdict(chunk)) for chunk in chunks)
    return hashlib.sha256("\n".join([REVISION, *lines]).encode()).hexdigest()[:16]


def write(folder: Path, chunks: Sequence[Chunk], vectors: Vectors) -> None:
    """Write chunks and vectors, both in the order of their ordinals."""
    lines = [json.dumps(asdict(chunk)).encode() + b"\n" for chunk in chunks]
    (folder / "chunks.jsonl").write_bytes(b"".join(lines))
    np.save(folder / "offsets.npy", np.cumsum([0, *map(len, lines)], dtype=np.int64))
    np.save(folder / "vectors.npy", vectors)


def seal(folder: Path, chunks: Sequence[Chunk]) -> None:
    """Say that ``folder`` is complete; nothing in it may change after this."""
    files = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file()]
    described = {
        "chunks": len(chunks),
        "sources": ranges_of([chunk.source for chunk in chunks]),
        "files": {name: _checksum(folder, name) for name in files},
    }
    (folder / "generation.json").write_text(json.dumps(described, indent=1))


def missing(folder: Path, how: str) -> IndexMissingError:
    """The error that says what is wrong with the index in ``folder``, and what to do."""
    return IndexMissingError(
        f"The search index {folder.name} {how}; run `smallprint ingest` to build it again."
    )


def _checksum(folder: Path, name: str) -> int:
    """CRC-32 of a file: finds damage, which is all there is to find in what we wrote ourselves."""
    found = 0
    with (folder / name).open("rb") as opened:
        while name != ALIVE and (piece := opened.read(PIECE)):
            found = zlib.crc32(piece, found)
    return found


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as opened:
        return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
