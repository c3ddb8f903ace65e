"""Question files: their two ways to name a document, their forms, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Verdict
from bot.evaluating.questions import Case, load_cases
from ingest.errors import QuestionError
from tests.bot.pretend_library import MANIFEST

QUOTE = {"doc": "acme/rocket-2", "quote": "more  than\n40 million"}
LINE = {"id": "q1", "question": "user cap?", "evidence": [QUOTE]}


def loaded(tmp_path: Path, *lines: Any) -> list[Case]:
    file = tmp_path / "asked.jsonl"
    written = (each if isinstance(each, str) else json.dumps(each) for each in lines)
    file.write_text("\n".join(written), encoding="utf-8")
    return load_cases([file], MANIFEST)


def test_a_question_with_what_decides_it(tmp_path: Path) -> None:
    (case,) = loaded(tmp_path, {**LINE, "type": "threshold", "verdict": "no", "answer": "…"})
    assert (case.id, case.file, case.type) == ("q1", "asked.jsonl", "threshold")
    assert case.answerable
    assert case.judged
    assert case.verdict is Verdict.NO
    assert case.evidence[0].quote == "more than 40 million"
    assert case.evidence[0].sources == {"acme/rocket-2"}


def test_a_document_may_be_named_by_its_key_and_by_a_path(tmp_path: Path) -> None:
    key = MANIFEST.sources["acme/rocket-2"].key
    for name in (key, f"{key}.md"):
        (case,) = loaded(tmp_path, {**LINE, "evidence": [{**QUOTE, "doc": name}]})
        assert case.evidence[0].sources == {"acme/rocket-2"}


def test_another_document_with_the_same_sentence_counts_as_well(tmp_path: Path) -> None:
    twin = {**QUOTE, "same_text_in": "acme/rocket-1"}
    (case,) = loaded(tmp_path, {**LINE, "evidence": [twin]})
    assert case.evidence[0].sources == {"acme/rocket-2", "acme/rocket-1"}


def test_a_document_that_nobody_follows_can_never_be_found(tmp_path: Path) -> None:
    (case,) = loaded(tmp_path, {**LINE, "evidence": [{**QUOTE, "doc": "nobody/knows"}]})
    assert case.evidence[0].sources == frozenset()
    assert case.answerable


@pytest.mark.parametrize(
    ("typed", "judged", "verdict"),
    [
        ("yes", True, Verdict.YES),
        ("conditional", True, Verdict.CONDITIONAL),
        ("not-stated", True, Verdict.UNCLEAR),
        ("number", False, None),
        ("other", False, None),
        (None, False, None),
    ],
)
def test_only_what_a_word_answers_is_judged(
    tmp_path: Path, typed: str | None, judged: bool, verdict: Verdict | None
) -> None:
    (case,) = loaded(tmp_path, {**LINE, "verdict": typed})
    assert (case.judged, case.verdict) == (judged, verdict)


def test_a_question_that_nothing_settles(tmp_path: Path) -> None:
    (case,) = loaded(tmp_path, {"id": "u1", "question": "and kestrel?", "category": "other vendor"})
    assert not case.answerable
    assert case.type == "other vendor"


def test_one_question_for_each_day(tmp_path: Path) -> None:
    dates = [
        {"ask_as_of": "2026-04-10", "question": "as of 10 April?", "evidence": [QUOTE]},
        {"ask_as_of": "2026-05-10", "question": "as of 10 May?", "evidence": [QUOTE]},
    ]
    cases = loaded(tmp_path, {"id": "a1", "question": "as of {date}?", "dates": dates})
    assert [each.id for each in cases] == ["a1@2026-04-10", "a1@2026-05-10"]
    assert [each.question for each in cases] == ["as of 10 April?", "as of 10 May?"]
    assert all(each.as_of is None for each in cases), "the day stands in the question"
    assert date.fromisoformat(cases[0].id.partition("@")[2]) < date(2026, 5, 1)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "asked.jsonl, line 2: the line"),
        ("[]", "asked.jsonl, line 2"),
        ('{"question": "?"}', "id: Field required"),
        ('{"id": "x", "question": "?", "verdict": "maybe"}', "the verdict 'maybe' is unknown"),
        ('{"id": "x", "question": "?", "evidence": [{"doc": "a"}]}', "evidence.0.quote"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(QuestionError) as refused:
        loaded(tmp_path, LINE, line)
    assert says in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match=r"nothing\.jsonl cannot be read"):
        load_cases([tmp_path / "nothing.jsonl"], MANIFEST)


@given(st.text())
def test_whatever_stands_in_a_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.jsonl"
    file.write_bytes(text.encode(errors="surrogatepass"))
    try:
        assert isinstance(load_cases([file], MANIFEST), list)
    except QuestionError as error:
        assert "any.jsonl" in str(error)
