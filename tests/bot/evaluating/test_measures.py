"""What counts as found, as cited and as right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.domain import Answer, AnswerStatus, Citation, Verdict, VersionIdentity
from bot.evaluating.evaluation import Evaluation, complaints
from bot.evaluating.measures import Measures, Recall, measured, percentiles, rank, share
from bot.evaluating.questions import Case, Evidence
from bot.evaluating.report import report

NOW = datetime(2026, 11, 25, tzinfo=UTC)
VERSION = VersionIdentity(1, None, None, NOW.date(), NOW, "00")
ONE = Evidence("a", "forty million users", frozenset({"a"}))
OTHER = Evidence("b", "sixty million users", frozenset({"b"}))


@dataclass(frozen=True)
class Found:
    source: str
    text: str


def case(*evidence: Evidence, comparison: bool = False, verdict: Verdict | None = None) -> Case:
    return Case("q", "f", "how many?", "t", evidence, comparison, verdict is not None, verdict)


def cited(source: str, quote: str) -> Citation:
    return Citation(source, "T", "V", "1", quote, VERSION, "")


def answer(
    *citations: Citation,
    verdict: Verdict | None = None,
    status: AnswerStatus = AnswerStatus.ANSWERED,
) -> Answer:
    return Answer("q", status, verdict, "told", (), citations, (), (), 0.0)


def result(asked: Case, told: Answer, valid: bool = True):  # type: ignore[no-untyped-def]
    return measured(asked, told, lambda _: not valid, 0.1)


def test_a_quote_counts_wherever_the_lines_of_a_passage_break() -> None:
    passages = [Found("a", "nothing"), Found("a", "up to forty\n   million users a month")]
    assert rank(case(ONE), passages) == 2


def test_the_same_words_in_another_document_do_not_count() -> None:
    assert rank(case(ONE), [Found("b", "forty million users")]) is None


def test_any_evidence_will_do_unless_sides_are_compared() -> None:
    passages = [Found("b", "sixty million users"), Found("x", ""), Found("a", ONE.quote)]
    assert rank(case(ONE, OTHER), passages) == 1
    assert rank(case(ONE, OTHER, comparison=True), passages) == 3
    assert rank(case(ONE, OTHER, comparison=True), passages[:2]) is None


def test_what_nothing_settles_has_no_rank() -> None:
    assert rank(case(), [Found("a", "anything")]) is None


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("Above forty  million\nusers you ask us first.", True),  # more than the evidence
        ("forty million users", True),
        ("million users", False),  # too short a part to decide
        ("sixty million users", False),
    ],
)
def test_a_citation_holds_what_decides(quote: str, found: bool) -> None:
    assert result(case(ONE), answer(cited("a", quote))).cited is found


def test_a_whole_sentence_out_of_longer_evidence_is_enough() -> None:
    long = Evidence("a", "First part. The second sentence decides it. Third.", frozenset({"a"}))
    told = result(case(long), answer(cited("a", "The second sentence decides it.")))
    assert told.cited


def test_the_first_citation_is_told_apart() -> None:
    told = result(case(ONE), answer(cited("a", "other words"), cited("a", ONE.quote)))
    assert told.cited
    assert not told.first


def test_a_quote_that_is_not_verbatim_is_reported() -> None:
    told = result(case(ONE), answer(cited("a", ONE.quote)), valid=False)
    assert told.invalid == (ONE.quote,)
    assert "a quote is not verbatim" in complaints(told)
    assert Measures.of([told]).valid == 0.0


def test_verdicts_right_wrong_and_silent() -> None:
    asked = case(ONE, verdict=Verdict.NO)
    told = [
        result(asked, answer(verdict=each))
        for each in (Verdict.NO, Verdict.YES, Verdict.UNCLEAR, None)
    ]
    measures = Measures.of(told)
    assert measures.judged == 4
    assert measures.verdict_right == 0.25
    assert measures.verdict_wrong == 0.25, "silence and unclear are no wrong word"
    assert [any("verdict" in c for c in complaints(each)) for each in told] == [
        False,
        True,
        True,
        True,
    ]


def test_a_verdict_where_no_word_answers_is_counted() -> None:
    assert Measures.of([result(case(ONE), answer(verdict=Verdict.YES))]).unasked_verdicts == 1.0


def test_declines_count_for_what_is_answerable_and_against_what_is_not() -> None:
    no = answer(status=AnswerStatus.NOT_FOUND)
    measures = Measures.of([result(case(ONE), no), result(case(ONE), answer()), result(case(), no)])
    assert measures.declined_answerable == 0.5
    assert measures.declined_unanswerable == 1.0
    assert complaints(result(case(), answer())) == ["answered what nothing settles"]


def test_shares_of_nothing_are_none() -> None:
    assert share([]) is None
    empty = Measures.of([])
    assert empty.valid is None
    assert empty.recall.at[5] is None
    assert empty.seconds == (0.0, 0.0, 0.0)


def test_recall_is_counted_at_each_depth() -> None:
    assert Recall.of([1, 4, 9, None]).at == {1: 0.25, 3: 0.25, 5: 0.5, 10: 0.75}


def test_percentiles_of_a_hundred() -> None:
    median, p95, p99 = percentiles([each / 100 for each in range(1, 102)])
    assert (round(median, 2), round(p95, 2), round(p99, 2)) == (0.51, 0.96, 1.0)


def test_the_report_has_figures_types_and_failures() -> None:
    good = result(case(ONE, verdict=Verdict.NO), answer(cited("a", ONE.quote), verdict=Verdict.NO))
    bad = result(case(OTHER), answer(status=AnswerStatus.NOT_FOUND))
    told = report(Evaluation((good, bad), (None, 3)))
    assert "Questions that the documents settle: 2" in told
    assert "decision cited: 0.50" in told
    assert "the plain recipe, same questions:      0.00 / 0.50 / 0.50 / 0.50" in told
    assert "Quotes: 1, verbatim 1.00" in told
    assert "declined" in told.partition("Not right: 2")[2]


def test_the_json_has_the_same_figures_and_who_failed() -> None:
    bad = result(case(OTHER), answer(status=AnswerStatus.NOT_FOUND))
    document = Evaluation((bad,)).to_json()
    assert document["all"]["declined_answerable"] == 1.0
    assert document["plain"] is None
    assert document["types"]["t"]["questions"] == 1
    assert document["failures"][0]["wrong"] == ["declined"]
