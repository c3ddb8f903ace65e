"""What is measured of one answer, and of many: recall, citations, verdicts, declines, latency.

A share is None where nothing could count towards it. Prints nothing.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.domain import Answer, AnswerStatus, Citation, Verdict
from bot.evaluating.questions import Case, Evidence, collapsed

DEPTHS = (1, 3, 5, 10)
_FEWEST_WORDS = 5  # of a citation that is a part of the evidence


class Passaged(Protocol):
    """A text out of a source: a passage of ours, or a slice of the plain recipe."""

    @property
    def source(self) -> str: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Result:
    """One question, the answer to it, and what was right about that.

    ``rank`` is how many passages are needed, from the best, to hold the evidence; None where all of
    them do not. ``cited`` and ``first`` tell whether a citation, and whether already the first
    one, holds what decides. ``invalid`` are quotes that do not stand in the version they cite.
    """

    case: Case
    answer: Answer
    rank: int | None
    cited: bool
    first: bool
    invalid: tuple[str, ...]
    seconds: float

    @property
    def declined(self) -> bool:
        return self.answer.status is AnswerStatus.NOT_FOUND


def measured(
    case: Case, answer: Answer, invalid: Callable[[Citation], bool], seconds: float
) -> Result:
    """Judge one answer; ``invalid`` says of a citation that its quote is not verbatim."""
    first = answer.citations[:1]
    return Result(
        case=case,
        answer=answer,
        rank=rank(case, answer.passages),
        cited=_satisfied(case, lambda each: any(_cites(c, each) for c in answer.citations)),
        first=any(_cites(c, each) for c in first for each in case.evidence),
        invalid=tuple(each.quote for each in answer.citations if invalid(each)),
        seconds=seconds,
    )


def rank(case: Case, passages: Sequence[Passaged]) -> int | None:
    """How many of ``passages``, from the first, hold the evidence of ``case``; None: not all do."""
    texts = [(each.source, collapsed(each.text)) for each in passages]
    for depth in range(1, len(texts) + 1):
        held = texts[:depth]
        if case.evidence and _satisfied(
            case,
            lambda each, held=held: any(_holds(s, t, each) for s, t in held),  # type: ignore[misc]
        ):
            return depth
    return None


def _holds(source: str, text: str, evidence: Evidence) -> bool:
    return source in evidence.sources and evidence.quote in text


def _cites(citation: Citation, evidence: Evidence) -> bool:
    """Whether a citation quotes what decides, or a part of it that is whole sentences long."""
    if citation.source not in evidence.sources:
        return False
    quote = collapsed(citation.quote)
    long = len(quote.split()) >= _FEWEST_WORDS
    return evidence.quote in quote or (long and quote in evidence.quote)


def _satisfied(case: Case, found: Callable[[Evidence], bool]) -> bool:
    if not case.comparison:
        return any(map(found, case.evidence))
    sides = {each.side for each in case.evidence}
    return len(sides) > 0 and sides == {each.side for each in case.evidence if found(each)}


@dataclass(frozen=True, slots=True)
class Recall:
    """Shares of answerable questions whose evidence is among the first passages."""

    questions: int
    at: Mapping[int, float | None]

    @classmethod
    def of(cls, ranks: Sequence[int | None]) -> Recall:
        return cls(
            len(ranks),
            {
                depth: share(rank is not None and rank <= depth for rank in ranks)
                for depth in DEPTHS
            },
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "questions": self.questions,
            "recall": {str(depth): found for depth, found in self.at.items()},
        }


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of one group of questions."""

    recall: Recall
    cited: float | None
    first: float | None
    judged: int
    verdict_right: float | None
    verdict_wrong: float | None
    unasked_verdicts: float | None
    declined_answerable: float | None
    unanswerable: int
    declined_unanswerable: float | None
    quotes: int
    valid: float | None
    seconds: tuple[float, float, float]

    @classmethod
    def of(cls, results: Sequence[Result]) -> Measures:
        answerable = [each for each in results if each.case.answerable]
        others = [each for each in results if not each.case.answerable]
        judged = [each for each in answerable if each.case.judged]
        unjudged = [each for each in answerable if not each.case.judged]
        quotes = sum(len(each.answer.citations) for each in results)
        invalid = sum(len(each.invalid) for each in results)
        return cls(
            recall=Recall.of([each.rank for each in answerable]),
            cited=share(each.cited for each in answerable),
            first=share(each.first for each in answerable),
            judged=len(judged),
            verdict_right=share(each.answer.verdict is each.case.verdict for each in judged),
            verdict_wrong=share(_is_wrong(each) for each in judged),
            unasked_verdicts=share(_told(each.answer.verdict) for each in unjudged),
            declined_answerable=share(each.declined for each in answerable),
            unanswerable=len(others),
            declined_unanswerable=share(each.declined for each in others),
            quotes=quotes,
            valid=(quotes - invalid) / quotes if quotes else None,
            seconds=percentiles([each.seconds for each in results]),
        )

    def to_json(self) -> dict[str, Any]:
        """Shares 0 to 1, seconds as median, 95th and 99th percentile."""
        median, p95, p99 = self.seconds
        return {
            **self.recall.to_json(),
            "cited": self.cited,
            "cited_first": self.first,
            "judged": self.judged,
            "verdict_right": self.verdict_right,
            "verdict_wrong": self.verdict_wrong,
            "verdict_unasked": self.unasked_verdicts,
            "declined_answerable": self.declined_answerable,
            "unanswerable": self.unanswerable,
            "declined_unanswerable": self.declined_unanswerable,
            "quotes": self.quotes,
            "quotes_valid": self.valid,
            "seconds": {"median": median, "p95": p95, "p99": p99},
        }


def _is_wrong(result: Result) -> bool:
    """Whether a verdict was told that is another one; silence and "unclear" are no wrong word."""
    return _told(result.answer.verdict) and result.answer.verdict is not result.case.verdict


def _told(verdict: Verdict | None) -> bool:
    return verdict not in (None, Verdict.UNCLEAR)


def share(found: Iterable[bool]) -> float | None:
    """The share of true ones; None of nothing."""
    counted = [*found]
    return sum(counted) / len(counted) if counted else None


def percentiles(seconds: Sequence[float]) -> tuple[float, float, float]:
    """Median, 95th and 99th percentile; zeros of nothing."""
    if len(seconds) < 2:
        return (seconds[0],) * 3 if seconds else (0.0, 0.0, 0.0)
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]
