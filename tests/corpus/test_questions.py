"""Our own questions: their form, that each quote stands in its document, and how well we answer.

The floors lie a little below what was measured; docs/retrieval.md has the figures themselves, on
all documents. Here the questions on licences are asked, which any machine can fetch.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.evaluating.evaluation import Evaluation, evaluate
from bot.evaluating.questions import Case, collapsed, load_cases
from bot.settings import from_environment
from bot.wiring import Services, load_corpus, open_services
from ingest.archive import Archive
from ingest.manifest import corpus_folder
from tests.conftest import Home

LONGEST_QUOTE = 10  # words: enough to know a sentence by, and no sentence
FILES = sorted((corpus_folder() / "questions").glob("*.jsonl"))
CASES = load_cases(FILES, load_corpus(corpus_folder()).manifest)


def test_there_are_enough_of_both_kinds() -> None:
    assert sum(each.answerable for each in CASES) >= 120
    assert sum(not each.answerable for each in CASES) >= 40


def test_every_question_has_an_id_of_its_own_and_is_asked_once() -> None:
    ids = [each.id for each in CASES]
    assert len(set(ids)) == len(ids)
    asked = [each.question.casefold() for each in CASES]
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_line_is_complete(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        assert told["question"].strip() == told["question"]
        if "evidence" in told:
            assert told["answer"]
            assert told["verdict"]
            assert told["type"]
        else:
            assert told["category"]
            assert told["why"]


@pytest.mark.parametrize("case", [each for each in CASES if each.answerable], ids=lambda c: c.id)
def test_evidence_is_short_and_of_documents_that_are_followed(case: Case) -> None:
    for each in case.evidence:
        assert each.sources
        assert 3 <= len(each.quote.split()) <= LONGEST_QUOTE


def test_evidence_stands_in_its_documents(read_home: Home) -> None:
    services = services_of(read_home)
    texts = {
        id: collapsed(each.text) for id, each in Archive(services.engine).current_versions().items()
    }
    wrong = [
        f"{case.id}: {each.quote!r} does not stand in {source}"
        for case in CASES
        for each in case.evidence
        for source in each.sources
        if source in texts and each.quote not in texts[source]
    ]
    assert wrong == []


@pytest.fixture(scope="module")
def evaluation(read_home: Home) -> Evaluation:
    services = services_of(read_home)
    services.warm_up()
    followed = set(read_home.followed)
    cases = [
        each
        for each in CASES
        if not each.answerable or set().union(*(e.sources for e in each.evidence)) <= followed
    ]
    clock = iter(range(10**6))
    answerer = services.answerer
    return evaluate(cases, services.answer, answerer.library, lambda: float(next(clock)))


def services_of(home: Home) -> Services:
    return open_services(from_environment({"SMALLPRINT_HOME": str(home.folder)}))


def test_every_quote_of_every_answer_is_verbatim(evaluation: Evaluation) -> None:
    assert evaluation.whole.quotes > 100
    assert evaluation.whole.valid == 1.0


def test_what_decides_is_found(evaluation: Evaluation) -> None:
    recall = evaluation.whole.recall
    assert recall.questions >= 80
    assert (recall.at[5] or 0) >= 0.78
    assert (recall.at[10] or 0) >= 0.85


def test_what_decides_is_cited(evaluation: Evaluation) -> None:
    assert (evaluation.whole.cited or 0) >= 0.62
