"""Asking every question of some files and measuring what came back, ours and the plain recipe's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.citing import Library
from bot.domain import Answer, Citation, Question
from bot.evaluating.measures import Measures, Passaged, Recall, Result, measured, rank
from bot.evaluating.questions import Case
from ingest.errors import DatabaseError


class Plain(Protocol):
    """A recipe to compare with; :class:`bot.evaluating.plain.PlainRecipe` is one."""

    def search(self, question: str) -> Sequence[Passaged]: ...


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of all questions; ``plain`` has a rank for each result, None where not compared."""

    results: tuple[Result, ...]
    plain: tuple[int | None, ...] | None = None

    @property
    def whole(self) -> Measures:
        return Measures.of(self.results)

    @property
    def whole_plain(self) -> Recall | None:
        return self._plain_recall([*range(len(self.results))])

    def by_type(self) -> dict[str, tuple[Measures, Recall | None]]:
        """Type → its figures and those of the plain recipe, the most frequent type first."""
        places: dict[str, list[int]] = {}
        for place, each in enumerate(self.results):
            places.setdefault(each.case.type, []).append(place)
        return {
            type: (
                Measures.of([self.results[place] for place in places[type]]),
                self._plain_recall(places[type]),
            )
            for type in sorted(places, key=lambda each: (-len(places[each]), each))
        }

    def failures(self) -> list[Result]:
        """Every result with anything wrong in it."""
        return [each for each in self.results if complaints(each)]

    def _plain_recall(self, places: Sequence[int]) -> Recall | None:
        if self.plain is None:
            return None
        return Recall.of([self.plain[at] for at in places if self.results[at].case.answerable])

    def to_json(self) -> dict[str, Any]:
        plain = self.whole_plain
        return {
            "all": self.whole.to_json(),
            "plain": plain.to_json() if plain else None,
            "types": {
                type: {**ours.to_json(), "plain": plain.to_json() if plain else None}
                for type, (ours, plain) in self.by_type().items()
            },
            "failures": [_failure(each) for each in self.failures()],
        }


def evaluate(
    cases: Sequence[Case],
    answer: Callable[[Question], Answer],
    library: Library,
    clock: Callable[[], float],
    plain: Plain | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Evaluation:
    """Ask all of ``cases``, one after the other.

    Args:
        clock: seconds; only its differences count.
        progress: called with how many are done of how many.

    Raises:
        StoreError: the archive or the index cannot be read.
    """
    results, ranks = [], []
    for done, case in enumerate(cases, 1):
        began = clock()
        told = answer(Question(case.question, case.as_of))
        seconds = clock() - began
        results.append(measured(case, told, lambda each: not is_verbatim(each, library), seconds))
        if plain is not None:
            ranks.append(rank(case, plain.search(case.question)))
        progress(done, len(cases))
    return Evaluation(tuple(results), tuple(ranks) if plain is not None else None)


def is_verbatim(citation: Citation, library: Library) -> bool:
    """Whether a quote stands, character by character, in the version that it is said to be of."""
    try:
        version = library.text(citation.source, citation.version.number).version
    except DatabaseError:
        return False
    return version.sha256 == citation.version.sha256 and citation.quote in version.text


def complaints(result: Result) -> list[str]:
    """What is wrong with a result, a few words each; nothing where all is right."""
    found = []
    if not result.case.answerable:
        found += [] if result.declined else ["answered what nothing settles"]
    elif result.declined:
        found.append("declined")
    else:
        if result.rank is None:
            found.append("evidence not among the passages")
        elif result.rank > 5:
            found.append(f"evidence complete at passage {result.rank}")
        found += [] if result.cited else ["decision not cited"]
        told = result.answer.verdict
        if result.case.judged and told is not result.case.verdict:
            found.append(f"verdict {told or 'none'} for {result.case.verdict}")
    return found + ["a quote is not verbatim"] * bool(result.invalid)


def _failure(result: Result) -> dict[str, Any]:
    return {
        "id": result.case.id,
        "question": result.case.question,
        "wrong": complaints(result),
        "evidence": [
            {"sources": sorted(each.sources), "quote": each.quote} for each in result.case.evidence
        ],
        "retrieved": [
            {"source": each.source, "clause": each.clause} for each in result.answer.passages[:5]
        ],
        "cited": [
            {"source": each.source, "clause": each.clause} for each in result.answer.citations
        ],
        "text": result.answer.text,
    }
