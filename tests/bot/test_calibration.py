"""Finding when to decline, on made-up questions, and the file of the corpus that keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calibration import FILE, load_calibrations, model_of, save_calibration
from bot.domain import Question
from bot.evaluating.calibrating import Weighed, calibrated, weigh
from bot.evaluating.questions import Case, Evidence
from bot.evaluating.report import calibration as report
from bot.signals import NAMES, Signals
from ingest.errors import CorpusError, EmbedderError, QuestionError

MODEL = "some-model@0123abcd"


def signals(similarity: float, **more: float) -> Signals:
    return Signals(**{**dict.fromkeys(NAMES, 0.0), "similarity": similarity, **more})


def case(similarity: float, answerable: bool, ruled: bool = False) -> Weighed:
    return Weighed(answerable, ruled, signals(similarity))


CASES = [
    *(case(0.6 + 0.02 * each, answerable=True) for each in range(10)),
    *(case(0.1 + 0.02 * each, answerable=False) for each in range(10)),
]


def test_what_differs_is_told_apart_even_where_it_was_not_learnt_from() -> None:
    found = calibrated(CASES, cost=5.0)
    assert (found.achieved.answerable, found.achieved.unanswerable) == (0.0, 1.0)
    assert (found.foretold.answerable, found.foretold.unanswerable) == (0.0, 1.0)
    assert found.weights["similarity"] > 0.0
    assert found.settles(signals(0.65))
    assert not found.settles(signals(0.2))


def test_the_same_questions_give_the_same_numbers() -> None:
    assert calibrated(CASES, cost=5.0) == calibrated(list(CASES), cost=5.0)


def test_the_dearer_declining_is_the_fewer_answerable_questions_are_declined() -> None:
    mixed = [*CASES, *(case(0.15, answerable=True) for _ in range(3))]
    cheap, dear = calibrated(mixed, cost=0.5), calibrated(mixed, cost=50.0)
    assert dear.foretold.answerable == 0.0
    assert cheap.foretold.answerable > 0.0
    assert dear.foretold.unanswerable < cheap.foretold.unanswerable


def test_what_a_rule_declines_is_counted_as_declined() -> None:
    found = calibrated([*CASES, case(0.9, answerable=False, ruled=True)], cost=50.0)
    assert (found.counts.ruled_answerable, found.counts.ruled_unanswerable) == (0, 1)
    assert found.achieved.unanswerable == 1.0


def test_too_few_questions_are_refused_with_how_many_there_are() -> None:
    with pytest.raises(QuestionError, match="these are 10 and 4"):
        calibrated(CASES[:14], cost=5.0)


def test_every_question_is_asked_once() -> None:
    evidence = (Evidence("a/b", "words", frozenset({"a/b"})),)
    cases = [Case("1", "f", "first", "t", evidence), Case("2", "f", "second", "t")]
    asked: list[str] = []

    def ask(question: Question) -> tuple[bool, Signals]:
        asked.append(question.text)
        return False, signals(0.5)

    weighed = weigh(cases, ask)
    assert asked == ["first", "second"]
    assert [each.answerable for each in weighed] == [True, False]


def test_it_is_written_and_read_again(tmp_path: Path) -> None:
    found = calibrated(CASES, cost=5.0)
    assert load_calibrations(tmp_path).of == {}
    save_calibration(tmp_path, f"{MODEL}/onnx", found)
    save_calibration(tmp_path, "other@1/torch", found)
    read = load_calibrations(tmp_path)
    assert read.for_embedder(f"{MODEL}/another-route") == found
    assert [*read.of] == [MODEL, "other@1"]
    assert "declined by rule 0" in report(found)


def test_an_embedder_without_one_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"evaluate --calibrate") as refused:
        load_calibrations(tmp_path).for_embedder(f"{MODEL}/onnx")
    assert MODEL in str(refused.value)
    assert model_of("plain") == "plain"


BREAKS = [
    ("bar: ", "bar: 7.5  # ", "bar is 7.5"),
    ("cost: 5.0", "cost: 0.0", "cost is 0.0"),
    ("intercept: ", "intercept: .inf  # ", "intercept is inf"),
    ("similarity: ", "nearness: ", "allowed: cue"),
    ("unanswerable: 10", "unanswerable: -1", "questions.unanswerable is -1"),
    ("calibrations:", "calibration:", "calibrations is missing"),
]


@pytest.mark.parametrize(("text", "instead", "sentence"), BREAKS)
def test_a_broken_file_is_refused_by_file_and_key(
    tmp_path: Path, text: str, instead: str, sentence: str
) -> None:
    path = save_calibration(tmp_path, MODEL, calibrated(CASES, cost=5.0))
    path.write_text(path.read_text().replace(text, instead, 1))
    with pytest.raises(CorpusError) as refused:
        load_calibrations(tmp_path)
    assert f"corpus/{FILE}" in str(refused.value)
    assert sentence in str(refused.value)


def test_an_embedder_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    path = save_calibration(tmp_path, MODEL, calibrated(CASES, cost=5.0))
    head, _, entry = path.read_text().partition("calibrations:\n")
    path.write_text(f"{head}calibrations:\n{entry}{entry}")
    with pytest.raises(CorpusError, match="a second time"):
        load_calibrations(tmp_path)


shares = st.floats(min_value=0.0, max_value=1.0, allow_nan=False)


@given(st.lists(st.tuples(shares, st.booleans()), max_size=40), st.floats(0.01, 100.0))
def test_any_questions_give_chances_or_are_refused(
    drawn: list[tuple[float, bool]], cost: float
) -> None:
    cases = [case(similarity, answerable) for similarity, answerable in drawn]
    right = sum(answerable for _, answerable in drawn)
    if min(right, len(drawn) - right) < 5:
        with pytest.raises(QuestionError):
            calibrated(cases, cost)
        return
    found = calibrated(cases, cost)
    assert 0.0 <= found.bar <= 1.0
    assert all(0.0 <= found.chance(each.signals) <= 1.0 for each in cases)
