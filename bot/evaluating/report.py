"""The tables that ``smallprint evaluate`` prints."""

from __future__ import annotations

from collections.abc import Iterator

from bot.calibration import Calibration
from bot.evaluating.evaluation import Evaluation, complaints
from bot.evaluating.measures import DEPTHS, Measures, Recall, Result

_LONGEST = 110  # characters of a question or quote in the list of failures


def report(evaluation: Evaluation) -> str:
    """All figures, a table by type of question, and what went wrong, as plain text."""
    return "\n".join(
        [*_figures(evaluation), "", *_table(evaluation), "", *_failures(evaluation.failures())]
    )


def calibration(found: Calibration) -> str:
    """What a calibration was found on and what it comes to, as plain text."""
    counts = found.counts
    return (
        f"Questions that the documents settle: {counts.answerable}, "
        f"declined by rule {counts.ruled_answerable}, in all {_share(found.achieved.answerable)}, "
        f"foretold {_share(found.foretold.answerable)}\n"
        f"Questions that nothing settles: {counts.unanswerable}, "
        f"declined by rule {counts.ruled_unanswerable}, "
        f"in all {_share(found.achieved.unanswerable)}, "
        f"foretold {_share(found.foretold.unanswerable)}\n"
        f"An answerable one declined costs as much as {found.cost:g} others answered; "
        f"the least chance to answer is {found.bar:.2f}."
    )


def _figures(evaluation: Evaluation) -> Iterator[str]:
    whole = evaluation.whole
    median, p95, p99 = (1000 * each for each in whole.seconds)
    yield f"Questions that the documents settle: {whole.recall.questions}"
    if whole.recall.questions:
        yield f"  evidence among the first {_depths()}: {_recall(whole.recall)}"
        if (plain := evaluation.whole_plain) is not None:
            yield f"  the plain recipe, same questions:      {_recall(plain)}"
        first = f"by the first citation {_share(whole.first)}"
        yield f"  decision cited: {_share(whole.cited)}, {first}"
        yield f"  declined: {_share(whole.declined_answerable)}"
    if whole.judged:
        yield (
            f"Verdicts, of {whole.judged}: right {_share(whole.verdict_right)}, "
            f"a wrong word {_share(whole.verdict_wrong)}"
        )
    if whole.unasked_verdicts is not None:
        yield f"  told where no word answers: {_share(whole.unasked_verdicts)}"
    if whole.unanswerable:
        yield (
            f"Questions that nothing settles: {whole.unanswerable}, "
            f"declined {_share(whole.declined_unanswerable)}"
        )
    yield f"Quotes: {whole.quotes}, verbatim {_share(whole.valid)}"
    yield f"Milliseconds: median {median:.0f}, p95 {p95:.0f}, p99 {p99:.0f}"


def _table(evaluation: Evaluation) -> Iterator[str]:
    compared = evaluation.plain is not None
    yield (
        f"{'type':<38}{'n':>4}{'@5':>6}{'@10':>6}"
        + (f"{'plain@5':>9}{'@10':>6}" if compared else "")
        + f"{'cited':>7}{'verdict':>9}{'declined':>10}"
    )
    for type, (ours, plain) in evaluation.by_type().items():
        yield f"{type[:37]:<38}{_row(ours, plain)}"


def _row(ours: Measures, plain: Recall | None) -> str:
    count = ours.recall.questions + ours.unanswerable
    declined = ours.declined_unanswerable if ours.unanswerable else ours.declined_answerable
    beside = f"{_share(plain.at[5]):>9}{_share(plain.at[10]):>6}" if plain else ""
    return (
        f"{count:>4}{_share(ours.recall.at[5]):>6}{_share(ours.recall.at[10]):>6}{beside}"
        f"{_share(ours.cited):>7}{_share(ours.verdict_right):>9}{_share(declined):>10}"
    )


def _failures(failures: list[Result]) -> Iterator[str]:
    yield f"Not right: {len(failures)}"
    for each in failures:
        yield f"- {each.case.id} {_short(each.case.question)}"
        yield f"    {'; '.join(complaints(each))}"
        for evidence in each.case.evidence:
            yield f"    wanted: {', '.join(sorted(evidence.sources))}: {_short(evidence.quote)}"
        for passage in each.answer.passages[:3]:
            yield f"    found: {passage.source}: {_short(passage.clause)}"


def _depths() -> str:
    return " / ".join(map(str, DEPTHS))


def _recall(recall: Recall) -> str:
    return " / ".join(_share(recall.at[depth]) for depth in DEPTHS)


def _share(found: float | None) -> str:
    return "-" if found is None else f"{found:.2f}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
