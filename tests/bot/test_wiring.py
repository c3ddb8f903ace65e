"""The parts put together: what happens to a running process when the index moves or goes away."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.domain import AnswerStatus, Question
from bot.settings import from_environment
from bot.wiring import Services, open_services
from ingest.errors import IndexMissingError
from tests.conftest import Home

QUESTION = Question("does llama 4 have a user threshold?")


@pytest.fixture
def services(read_home: Home, tmp_path: Path) -> Services:
    home = tmp_path / "home"
    shutil.copytree(read_home.folder, home)
    return open_services(from_environment({"SMALLPRINT_HOME": str(home)}))


def test_nothing_can_be_asked_before_something_was_read(tmp_path: Path) -> None:
    empty = open_services(from_environment({"SMALLPRINT_HOME": str(tmp_path)}))
    with pytest.raises(IndexMissingError, match="smallprint ingest"):
        empty.answer(QUESTION)


def test_an_index_that_goes_away_while_serving_is_built_again_from_the_archive(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.index.EXACT_UP_TO", 0)
    unscoped = Question("apache 2.0: must a modified file carry a notice?")
    services.warm_up()
    before = services.archive.generation()
    shutil.rmtree(services.home / "index")
    services._index.forget()
    assert services.answer(unscoped).status is not AnswerStatus.NOT_FOUND
    after = services.archive.generation()
    assert before is not None
    assert after is not None
    assert after.id != before.id
    assert after.chunks == before.chunks


def test_an_open_index_whose_folder_went_away_is_let_go_of(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert services.answer(QUESTION).status is AnswerStatus.ANSWERED
    monkeypatch.setattr("ingest.index.EXACT_UP_TO", 0)  # Chroma is opened only now
    shutil.rmtree(services.home / "index")
    # Nobody is named, so that everything is searched, which is what Chroma is for.
    services.answer(Question("must a modified file carry a notice?"))
    assert (services.home / "index").is_dir()


def test_a_running_process_follows_the_index_when_it_moves(services: Services) -> None:
    services.answer(QUESTION)
    ingestion = services.ingestion()
    fewer = [each for each in ingestion.serving.now() if each.source == "open/mit"]
    ingestion.refresh(fewer, services.now())
    assert services.answer(QUESTION).passages == ()
