"""What is found for a question: who it is about, the facts nearest to it, and the passages.

Owns how the searches are put together; what each of them does is left to ``ingest.index``,
``bot.scope`` and ``bot.cards.relevant``. What was found for a question is kept until the index
moves, because the same question is asked again in many channels.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from bot.cards.relevant import FactFinder, Relevant, told
from bot.domain import Question, Scope
from bot.reach import Reach, Reacher
from bot.scope import ScopeFinder
from bot.topics import Topics, Vector
from ingest.archive import Archive
from ingest.domain import Passage
from ingest.embedding import Embedder
from ingest.facts import FactLine
from ingest.ranking import Place

if TYPE_CHECKING:
    from ingest.index import Index

_PASSAGES = 12
_MOST_SIDES = 4
_KEPT = 512  # questions


@dataclass(frozen=True, slots=True)
class Found:
    """``ranked`` are the facts nearest to the question, ``facts`` those of them that are shown."""

    scope: Scope
    reach: Reach
    passages: tuple[Passage, ...]
    ranked: tuple[Relevant, ...]
    facts: tuple[Relevant, ...]


class Retriever:
    """Finds what answers may be made of; safe to share between threads."""

    def __init__(
        self,
        archive: Archive,
        index: Callable[[], Index],
        scopes: ScopeFinder,
        reacher: Reacher,
        facts: FactFinder,
        topics: Topics,
    ) -> None:
        self._archive = archive
        self._index = index
        self._scopes = scopes
        self._reacher = reacher
        self._facts = facts
        self._topics = topics
        self._kept: OrderedDict[tuple[Question, date, str], Found] = OrderedDict()
        self._lock = Lock()

    def found(self, question: Question, today: date) -> Found:
        """What is found for ``question``, asked on ``today``.

        Raises:
            IndexMissingError: nothing was ever ingested.
            StoreError: the archive or the index cannot be read.
        """
        generation = self._archive.generation()
        key = (question, today, generation.id if generation else "")
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        found = self._searched(question, today)
        if found.reach.as_of is None:  # history may be filled in while the index stays
            with self._lock:
                self._kept[key] = found
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return found

    def prepare(self) -> None:
        """See :meth:`bot.cards.relevant.FactFinder.prepare`."""
        self._facts.prepare()

    def _searched(self, question: Question, today: date) -> Found:
        """Search what is in scope, each side of a comparison for itself."""
        asked = question.text
        scope = self._scopes.find(asked, today, question.as_of)
        reach = self._reacher.of(scope)
        # The names chose the documents already; left in, they would favour each title page.
        query = scope.rest or asked
        vectors = _vectors(reach.index.embedder, query, asked)
        ranked = self._facts.ranked(scope, asked, vectors[0], reach.numbers)
        pointed: list[Place] = [
            (cited.source, cited.start) for each in ranked for cited in each.fact.citations
        ]

        phrases = self._topics.phrases(self._topics.about(query, vectors[0]))

        def search(sources: Sequence[str] | None, beside: Sequence[str] = ()) -> list[Passage]:
            return reach.index.search(
                query,
                sources,
                _PASSAGES,
                vectors=vectors,
                pointed=pointed,
                beside=beside,
                phrases=phrases,
            )

        if 1 < len(scope.sides) <= _MOST_SIDES:
            passages = _in_turn([search(side) for side in scope.sides])[:_PASSAGES]
        else:
            passages = search(scope.sources or None, scope.beside)
        return Found(scope, reach, tuple(passages), tuple(ranked), tuple(told(ranked)))


class LineVectors:
    """The vectors of facts' and topics' lines that the archive has, for the embedder of the index.

    What was read stays known: there are some thousands.
    """

    def __init__(self, archive: Archive, index: Callable[[], Index]) -> None:
        self._archive = archive
        self._index = index
        self._kept: dict[tuple[str, str], Vector] = {}

    def __call__(self, lines: Sequence[FactLine]) -> list[Vector | None]:
        """None for what was written since the last run, which is found by its words alone."""
        embedder = self._index().embedder.name
        keys = [(embedder, each.key) for each in lines]
        missing = [key for _, key in keys if (embedder, key) not in self._kept]
        if missing:
            found = self._archive.vectors(embedder, missing)
            self._kept |= {(embedder, key): vector for key, vector in found.items()}
        return [self._kept.get(key) for key in keys]


def _vectors(embedder: Embedder, *texts: str) -> list[Vector]:
    """A vector for each of ``texts`` that differs from those before it."""
    different = list(dict.fromkeys(texts))
    return [np.array(each, dtype=np.float32) for each in embedder.embed_documents(different)]


def _in_turn(lists: Sequence[Sequence[Passage]]) -> list[Passage]:
    """The first of each list, then the second of each, without repeating one."""
    merged = [each for row in zip_longest(*lists) for each in row if each is not None]
    return list({each.chunk.id: each for each in merged}.values())
