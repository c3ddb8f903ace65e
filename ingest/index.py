"""The search index: built once into a folder of its own, searched by meaning and by words at once.

Owns how a question is matched with chunks, and building and removing generations. Which one is
served is the archive's to say; what lies in a folder beside Chroma and BM25 is in ``generations``.
A folder is derived: it can be built again at any time without embedding anything.

A large index is searched through Chroma, whose cost hardly grows with size. In a small one, and
within named sources, the vectors are compared one by one: Chroma's filter took 20 ms for one source
and 100 ms for forty among 20,000 chunks, the comparison 2 ms for all of them. Chroma is opened when
a search needs it, which spares every other cold start a second of imports.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from langchain_core.embeddings import Embeddings

from ingest import generations
from ingest.domain import Chunk, Generation, Passage
from ingest.embedding import Embedder
from ingest.errors import EmbedderError, IndexMissingError
from ingest.generations import Contents, Vector, Vectors
from ingest.lexicon import Lexicon
from ingest.ranking import Place, Sought, ranked

if TYPE_CHECKING:
    from langchain_chroma import Chroma

COLLECTION = "chunks"
# Chunks; up to here comparing all vectors takes no longer than asking Chroma.
EXACT_UP_TO = 20_000
ADDED_AT_ONCE = 1_000
SELF_QUERIES = 20
SAME = 0.999
BUILDING = ".building-"
ABANDONED_AFTER = timedelta(days=1)

# Licences resemble each other, and Chroma by default then missed up to six of the ten nearest.
# With these it missed none of ten among 1,820 licence chunks.
NEIGHBOURS = 48
EFFORT_BUILDING = 400
EFFORT_SEARCHING = 500

# Chroma keeps one client per folder for the process and does not lock its making.
_opening = threading.Lock()


class VectorArchive(Protocol):
    """What building needs of the archive."""

    def vectors(self, embedder: str, keys: Collection[str]) -> Mapping[str, Vector]:
        """Key → vector that ``embedder`` made; keys without one are absent."""


def build(
    archive: VectorArchive,
    chunks: Sequence[Chunk],
    embedder: Embedder,
    home: Path,
    now: datetime,
) -> Generation:
    """Build an index of ``chunks`` in a new folder under ``home``, check it, say what it is.

    Nothing is embedded: the vectors come from ``archive``. Nothing is switched: readers stay with
    their generation until the caller names this one in the archive.

    Raises:
        EmbedderError: the archive lacks vectors of ``embedder`` for some of the chunks.
        IndexMissingError: the folder cannot be written, or does not find what was put into it.
    """
    ordered = generations.sort(chunks)
    vectors = _vectors(archive, ordered, embedder)
    generation = generations.new(ordered, embedder.name, now)
    scratch = home / "index" / f"{BUILDING}{generation.id}"
    try:
        scratch.mkdir(parents=True)
        _write(scratch, ordered, vectors)
        Index(scratch, generation, embedder).check()
        scratch.rename(home / generation.folder)
    except OSError as error:
        raise IndexMissingError(
            f"The search index cannot be written to {scratch.parent} ({error}); "
            "set SMALLPRINT_HOME to a folder that can."
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return generation


def is_built_of(generation: Generation, chunks: Sequence[Chunk], embedder: str) -> bool:
    """Whether building ``chunks`` again with ``embedder`` would give the same index."""
    return generation.embedder == embedder and generations.digest(chunks) in generation.id


def prune(home: Path, keep: Collection[str], now: datetime) -> None:
    """Remove generations that are older than the newest of ``keep``, and builds long abandoned.

    A generation newer than all of ``keep`` was just built by another process and stays. What
    cannot be removed, because somebody has it open, is tried again next time.
    """
    newest = max(keep, default="")
    abandoned = f"{BUILDING}{(now - ABANDONED_AFTER).astimezone(UTC):%Y%m%dT%H%M%S%f}"
    for folder in (home / "index").glob("*"):
        oldest_kept = abandoned if folder.name.startswith(BUILDING) else newest
        if folder.name < oldest_kept and folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


class Index:
    """One generation, opened for searching. Several threads may search at once.

    Chroma's files are let go of when the last reference to the index is.
    """

    def __init__(self, folder: Path, generation: Generation, embedder: Embedder) -> None:
        if generation.embedder != embedder.name:
            raise EmbedderError(
                f"The search index was made with {generation.embedder}, and this is "
                f"{embedder.name}; run `smallprint ingest` to build it again."
            )
        self._folder = folder
        self.embedder = embedder
        self._size = generation.chunks
        self._contents = Contents(folder, generation)
        self._lexicon = Lexicon.open(folder / "words") if generation.chunks else None
        self._store: Chroma | None = None

    @classmethod
    def open(cls, generation: Generation, embedder: Embedder, home: Path) -> Index:
        """Open ``generation`` under ``home``.

        Raises:
            IndexMissingError: its folder is missing or damaged; build it again.
            EmbedderError: it holds the vectors of another embedder.
        """
        return cls(home / generation.folder, generation, embedder)

    def search(
        self,
        text: str,
        sources: Collection[str] | None = None,
        k: int = 10,
        *,
        vectors: Sequence[Vector] = (),
        pointed: Sequence[Place] = (),
        beside: Collection[str] = (),
        phrases: Sequence[str] = (),
    ) -> list[Passage]:
        """The at most ``k`` passages that answer ``text`` best, best first.

        Args:
            sources: ids of the sources to search in; None searches everything, and an id that the
                index does not hold adds nothing.
            vectors: of the question, length 1, the one that counts most first; that of ``text``
                where there is none.
            pointed: places that something else, such as a fact, says decide; the best first. Those
                in other sources add nothing.
            beside: sources that are searched as well, and count less.
            phrases: what texts say of what is asked; passages that say it rise.

        Raises:
            IndexMissingError: the folder was removed or damaged since it was opened.
        """
        ranges = [(0, self._size)] if sources is None else self._contents.ranges(sources)
        if k < 1 or self._lexicon is None or not any(end > start for start, end in ranges):
            return []
        searched = None if sources is None else {*sources, *beside}
        sought = Sought(
            text,
            vectors or [np.array(self.embedder.embed_query(text), dtype=np.float32)],
            self._contents.at(searched, pointed),
            phrases,
        )
        found = ranked(
            sought,
            self._contents.vectors,
            self._lexicon,
            ranges,
            k,
            beside=self._contents.ranges(set(beside) - {*(sources or beside)}),
            nearest=self._nearest if sources is None and self._size > EXACT_UP_TO else None,
            text_of=lambda each: self._contents.chunk(each).indexed,
        )
        return [Passage(self._contents.chunk(each), *scores) for each, *scores in found]

    def knows(self, word: str) -> bool:
        """See :meth:`ingest.lexicon.Lexicon.knows`."""
        return self._lexicon is not None and self._lexicon.knows(word)

    def check(self) -> None:
        """Open Chroma, and look up some of the chunks there by their own vectors.

        A process that answers many questions calls this before the first one, which would otherwise
        wait for it.

        Raises:
            IndexMissingError: Chroma cannot be used or does not hold what it should.
        """
        if not self._size:
            return
        with _chroma_errors(self._folder):
            held = len(self._everything().get(include=[])["ids"])
        some = range(0, self._size, max(1, self._size // SELF_QUERIES))
        if held != self._size or not all(self._finds(ordinal) for ordinal in some):
            raise generations.missing(self._folder, "does not find its own chunks")

    def _finds(self, ordinal: int) -> bool:
        """Whether a chunk, or one of the very same words, is the nearest to itself."""
        vector = self._contents.vectors[ordinal]
        return bool(self._contents.vectors[self._nearest(vector, 1)] @ vector > SAME)

    def _nearest(self, vector: Vector, depth: int) -> list[int]:
        """Ordinals nearest to ``vector`` among everything."""
        with _chroma_errors(self._folder):
            found = self._everything().similarity_search_by_vector(vector.tolist(), k=depth)
            return [document.metadata["ordinal"] for document in found]

    def _everything(self) -> Chroma:
        with _opening:
            if self._store is None:
                self._store, close = _open_chroma(self._folder / "chroma", self.embedder)
                weakref.finalize(self, close)
            return self._store


def _vectors(archive: VectorArchive, chunks: Sequence[Chunk], embedder: Embedder) -> Vectors:
    keys = [chunk.key for chunk in chunks]
    found = archive.vectors(embedder.name, set(keys))
    missing = len(set(keys) - found.keys())
    if missing:
        raise EmbedderError(
            f"{missing} of {len(set(keys))} chunks have no vector by {embedder.name} in the archive"
            "; embed them before the index is built."
        )
    rows = [found[key] for key in keys]
    return np.array(rows, dtype=np.float32).reshape(len(rows), embedder.dimension)


def _write(folder: Path, chunks: Sequence[Chunk], vectors: Vectors) -> None:
    if chunks:
        generations.write(folder, chunks, vectors)
        Lexicon.of(chunks).save(folder / "words")
        with _chroma_errors(folder):
            _write_chroma(folder / "chroma", chunks, vectors)
    generations.seal(folder, chunks)


class _Archived(Embeddings):
    """Hands Chroma vectors of the archive where LangChain would have them made again."""

    def __init__(self, vectors: Mapping[str, Vector]) -> None:
        self._vectors = vectors

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._vectors[text].tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def _write_chroma(folder: Path, chunks: Sequence[Chunk], vectors: Vectors) -> None:
    by_text = dict(zip((chunk.indexed for chunk in chunks), vectors, strict=True))
    store, close = _open_chroma(folder, _Archived(by_text), size=len(chunks))
    for start in range(0, len(chunks), ADDED_AT_ONCE):
        batch = chunks[start : start + ADDED_AT_ONCE]
        ordinals = range(start, start + len(batch))
        store.add_texts(
            [chunk.indexed for chunk in batch],
            metadatas=[_metadata(*each) for each in zip(ordinals, batch, strict=True)],
            ids=[str(ordinal) for ordinal in ordinals],
        )
    close()


def _metadata(ordinal: int, chunk: Chunk) -> dict[str, Any]:
    return {
        "ordinal": ordinal,
        "source": chunk.source,
        "version": chunk.version,
        "start": chunk.start,
        "end": chunk.end,
        "heading": chunk.heading,
        "clauses": json.dumps(chunk.clauses),
    }


def _open_chroma(
    folder: Path, embeddings: Embeddings, size: int | None = None
) -> tuple[Chroma, Callable[[], None]]:
    """Open the collection in ``folder``, or make one for ``size`` chunks; also how to close it."""
    import chromadb
    from chromadb.api.client import Client
    from chromadb.config import Settings
    from langchain_chroma import Chroma

    if size is None and not (folder / "chroma.sqlite3").is_file():
        # Chroma would make an empty one.
        raise generations.missing(folder.parent, "was removed")
    settings = Settings(anonymized_telemetry=False)
    client = cast(Client, chromadb.PersistentClient(folder, settings=settings))
    store = Chroma(
        client=client,
        collection_name=COLLECTION,
        embedding_function=embeddings,
        create_collection_if_not_exists=size is not None,
        collection_configuration={
            "hnsw": {
                "space": "cosine",
                "max_neighbors": NEIGHBOURS,
                "ef_construction": EFFORT_BUILDING,
                "ef_search": EFFORT_SEARCHING,
                # Whoever adds writes all of it out. With the default of 1,000 the rest is left to
                # the readers, who would then write to a folder that others have open.
                "sync_threshold": size or 1,
            }
        },
    )
    return store, client.close


@contextlib.contextmanager
def _chroma_errors(folder: Path) -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, ValueError) as error:
        raise generations.missing(folder, "cannot be used by Chroma") from error
