"""Makes the vectors that the archive lacks, and no other.

A vector is kept under the words that were embedded (:attr:`ingest.domain.Chunk.embedded`), so that
a clause which stands in a hundred versions is embedded once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from ingest.archive import Archive
from ingest.embedding import Embedder

Progress = Callable[[str, int, int], None]
"""Told ``(what, done, of)`` as a run goes on; ``what`` is a step such as ``reading``."""

_AT_ONCE = 64


class Embedded(Protocol):
    """Words that want a vector: a chunk, or the line of a fact."""

    @property
    def key(self) -> str: ...

    @property
    def embedded(self) -> str: ...


Wanted = TypeVar("Wanted", bound=Embedded)


@dataclass(frozen=True, slots=True)
class Vectors:
    """Embeds chunks and lines of facts, and keeps their vectors."""

    archive: Archive
    embedder: Embedder

    def make(
        self, wanted: Iterable[Wanted], progress: Progress = lambda _what, _done, _of: None
    ) -> list[Wanted]:
        """Make the vectors that are missing; return what they were made for.

        Stored batch by batch, so that a run which is killed half-way has not worked for nothing.
        """
        by_key = {each.key: each for each in wanted}
        missing = sorted(
            self.archive.missing_vectors(self.embedder.name, by_key.keys()),
            key=lambda key: len(by_key[key].embedded),
        )
        for start in range(0, len(missing), _AT_ONCE):
            progress("embedding", start, len(missing))
            batch = missing[start : start + _AT_ONCE]
            made = self.embedder.embed_documents([by_key[key].embedded for key in batch])
            vectors = {
                key: np.asarray(v, dtype=np.float32) for key, v in zip(batch, made, strict=True)
            }
            self.archive.add_vectors(self.embedder.name, vectors)
        progress("embedding", len(missing), len(missing))
        return [by_key[key] for key in missing]
