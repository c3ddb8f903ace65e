"""Between the words people use and the words of the texts: the topics of ``corpus/vocabulary.yml``.

Which topics a question touches, which a clause speaks to, and the query that bridges the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.words import all_stems, stem
from ingest.vocabulary import Topic


class Topics:
    """The topics of a vocabulary, ready to be recognised."""

    def __init__(self, topics: Mapping[str, Topic]) -> None:
        self._topics = topics
        self._asked = {id: _stemmed(each.asked) for id, each in topics.items()}
        self._written = {id: _stemmed(each.written) for id, each in topics.items()}
        phrases = [*self._asked.values(), *self._written.values()]
        self._words = {known for each in phrases for phrase in each for known in phrase}

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

    def written_in(self, text: str) -> dict[str, list[str]]:
        """Topic id → its written phrases (stemmed) that stand word after word in ``text``."""
        stemmed = f" {' '.join(all_stems(text))} "
        found = {
            id: [joined for phrase in phrases if f" {(joined := ' '.join(phrase))} " in stemmed]
            for id, phrases in self._written.items()
        }
        return {id: phrases for id, phrases in found.items() if phrases}

    def said(self, question: str) -> str:
        """The written phrases of the topics that ``question`` touches, as one text."""
        return " ".join(
            phrase for id in self.asked_in(question) for phrase in self._topics[id].written
        )


def _stemmed(phrases: Iterable[str]) -> list[tuple[str, ...]]:
    stemmed = (tuple(all_stems(phrase)) for phrase in phrases)
    return list(dict.fromkeys(each for each in stemmed if each))
