"""The plain recipe, to be measured beside ours: fixed-size slices, the same embedder, similarity.

Slices are embedded once and kept under the home folder, named by what they were made of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.embedding import Embedder

SIZE, OVERLAP = 1_000, 200  # characters


class Texted(Protocol):
    """A version of a source; :class:`ingest.domain.Version` is one."""

    @property
    def source(self) -> str: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Slice:
    """``text`` was cut out of the text of ``source``."""

    source: str
    text: str


class PlainRecipe:
    """What most people would build first."""

    def __init__(self, slices: Sequence[Slice], vectors: NDArray[np.float32], model: Embedder):
        self._slices = slices
        self._vectors = vectors
        self._model = model

    @classmethod
    def of(cls, versions: Iterable[Texted], model: Embedder, home: Path) -> PlainRecipe:
        """Cut and embed ``versions``; minutes the first time, seconds from then on."""
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=SIZE, chunk_overlap=OVERLAP)
        slices = [
            Slice(each.source, text) for each in versions for text in splitter.split_text(each.text)
        ]
        return cls(slices, _vectors([each.text for each in slices], model, home), model)

    def search(self, question: str, k: int = 10) -> list[Slice]:
        """The ``k`` slices nearest to the question as it was typed, nearest first."""
        vector = np.array(self._model.embed_query(question), dtype=np.float32)
        nearest = np.argsort(-(self._vectors @ vector), kind="stable")[:k]
        return [self._slices[place] for place in nearest]


def _vectors(texts: list[str], model: Embedder, home: Path) -> NDArray[np.float32]:
    digest = hashlib.sha256("\x00".join([model.name, *texts]).encode()).hexdigest()[:16]
    kept = home / "evaluation" / f"plain-{digest}.npy"
    if kept.is_file():
        found: NDArray[np.float32] = np.load(kept)
        return found
    made = np.asarray(model.embed_documents(texts), dtype=np.float32)
    kept.parent.mkdir(parents=True, exist_ok=True)
    np.save(kept, made)
    return made
