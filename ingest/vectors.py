"""Makes the vectors that the archive lacks, and no other.

A vector is kept under the words that were embedded (:attr:`ingest.domain.Chunk.embedded`), so that
a clause which stands in a hundred versions is embedded once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from ingest.archive import Archive
from ingest.domain import Chunk
from ingest.embedding import Embedder

Progress = Callable[[str, int, int], None]
"""Told ``(what, done, of)`` as a run goes on; ``what`` is a step such as ``reading``."""

_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Vectors:
    """Embeds chunks and keeps their vectors."""

    archive: Archive
    embedder: Embedder

    def make(
        self, chunks: Iterable[Chunk], progress: Progress = lambda _what, _done, _of: None
    ) -> dict[str, str]:
        """Make the vectors that are missing; return key → source of each one made.

        Stored batch by batch, so that a run which is killed half-way has not worked for nothing.
        """
        by_key = {each.key: each for each in chunks}
        missing = sorted(
            self.archive.missing_vectors(self.embedder.name, by_key.keys()),
            key=lambda key: len(by_key[key].indexed),
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
        return {key: by_key[key].source for key in missing}
