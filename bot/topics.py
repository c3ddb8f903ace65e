"""Between the words people use and the words of the texts: the topics of ``corpus/vocabulary.yml``.

Which topics a question touches, which a clause speaks to, and the phrases that bridge the two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.words import all_stems, stem
from ingest.facts import FactLine
from ingest.vocabulary import Topic

Vector = NDArray[np.float32]
VectorsOf = Callable[[Sequence[FactLine]], Sequence[Vector | None]]
"""A vector for each line, None where there is none yet."""

_ALIKE = 0.2  # cosine from which a topic may be meant; measured on own questions


class Topics:
    """The topics of a vocabulary, ready to be recognised."""

    def __init__(self, topics: Mapping[str, Topic], vectors: VectorsOf | None = None) -> None:
        """``vectors`` finds those of the topics' lines; without it, words alone tell a topic."""
        self._topics = topics
        self._vectors = vectors
        self._asked = {id: _stemmed(each.asked) for id, each in topics.items()}
        self._written = {id: _runs(each.written) for id, each in topics.items()}
        self._words = {
            known
            for each in topics.values()
            for phrase in (*each.asked, *each.written)
            for known in all_stems(phrase)
        }

    def decisive(self) -> dict[str, str]:
        """Id → label of the topics that are shown when somebody looks a licence up."""
        return {id: each.label for id, each in self._topics.items() if each.decisive}

    def has(self, word: str) -> bool:
        """Whether some form of a lower-case word stands in a phrase of any topic."""
        return stem(word) in self._words

    def asked_in(self, question: str) -> list[str]:
        """Ids of the topics of which an asked phrase has all its words in ``question``.

        People put the words of a phrase in any order and form, and others between them.
        """
        present = set(all_stems(question))
        return [
            id
            for id, phrases in self._asked.items()
            if any(present.issuperset(phrase) for phrase in phrases)
        ]

    def about(self, question: str, vector: Vector | None) -> list[str]:
        """As :meth:`asked_in`; where that knows no phrase, the topic nearest to the meaning.

        Args:
            question: what is asked.
            vector: that of ``question``, of length 1.

        Raises:
            DatabaseError: the archive cannot be read.
        """
        asked = self.asked_in(question)
        if asked or vector is None or self._vectors is None:
            return asked
        lines = self._vectors([each.line for each in self._topics.values()])
        alike = {
            id: float(line @ vector)
            for id, line in zip(self._topics, lines, strict=True)
            if line is not None
        }
        nearest = max(alike, key=lambda each: alike[each], default=None)
        return [nearest] if nearest is not None and alike[nearest] >= _ALIKE else []

    def written_in(self, text: str) -> dict[str, list[str]]:
        """Topic id → its written phrases (stemmed) that stand word after word in ``text``."""
        words = run(text)
        found = {
            id: [each.strip() for each in phrases if each in words]
            for id, phrases in self._written.items()
        }
        return {id: phrases for id, phrases in found.items() if phrases}

    def share(self, asked: Collection[str], words: str) -> float:
        """How many of the topics ``asked`` a text speaks to, 0 to 1; ``words``: its :func:`run`."""
        spoken = sum(any(each in words for each in self._written[id]) for id in asked)
        return spoken / len(asked) if asked else 0.0

    def phrases(self, asked: Iterable[str]) -> list[str]:
        """The written phrases of the topics ``asked``, by their ids, each once."""
        return list(dict.fromkeys(each for id in asked for each in self._topics[id].written))


def run(text: str) -> str:
    """The stems of ``text`` in a form in which phrases of whole words are found."""
    return f" {' '.join(all_stems(text))} "


def _runs(phrases: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(run(phrase) for phrase in phrases if all_stems(phrase)))


def _stemmed(phrases: Iterable[str]) -> list[tuple[str, ...]]:
    stemmed = (tuple(all_stems(phrase)) for phrase in phrases)
    return list(dict.fromkeys(each for each in stemmed if each))
