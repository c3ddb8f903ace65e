"""For those who write cards: finding clauses, holding facts against them, signing off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import cli
from bot.reviewing import clauses_of, confirm, review
from bot.settings import from_environment
from bot.wiring import Services, open_services
from ingest.clauses import split
from ingest.domain import Origin, Reading, Snapshot
from ingest.errors import CorpusError, QuestionError, UnknownNameError
from ingest.proof import FactStatus
from tests.ingest.pretend_corpus import ROCKET, edited, write_corpus

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LICENCE = """ACME LICENSE

These are the terms for rockets.

1. Sale. Rockets may be sold to grown people.

2. Places. Nothing flies north of the river.
"""
POLICY = """ACME USE POLICY

Be careful near engines.

Be kind to everybody else.

Launch. At most two hundred people (200) may stand near a launch.
"""


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Services]:
    """Opens services over the pretend corpus, with some files changed, once its texts were read."""

    def open_with(**changed: str) -> Services:
        corpus = write_corpus(
            tmp_path, {f"cards/{name}.yml": text for name, text in changed.items()}
        )
        settings = from_environment({"SMALLPRINT_HOME": str(tmp_path / "home")})
        services = open_services(settings, lambda: corpus)
        for source, text in (("acme/license", LICENCE), ("acme/use-policy", POLICY)):
            record(services, source, text)
        return services

    return open_with


def record(services: Services, source: str, text: str, hour: int = 9) -> None:
    moment = NOW.replace(hour=hour)
    snapshot = Snapshot(source, f"shelf:{source}", "text/plain", moment, text.encode())
    reading = Reading(text.strip())
    services.archive.record(snapshot, reading, Origin.FIRST, "shelf-1", split(reading.text))


def corpus_of(tmp_path: Path) -> Path:
    return tmp_path / "corpus"


def again(services: Services, tmp_path: Path) -> Services:
    """The services as the next start finds them."""
    return open_services(services.settings, lambda: corpus_of(tmp_path))


def test_clauses_are_found_by_words_in_any_case(opened: Callable[..., Services]) -> None:
    services = opened()
    (found,) = clauses_of(services, "acme/license", "NORTH of")
    assert found.label == "2"
    assert len(clauses_of(services, "acme/license", "")) == 3


@pytest.mark.parametrize(
    ("source", "error"), [("acme/none", UnknownNameError), ("zenith/terms", QuestionError)]
)
def test_a_source_that_is_unknown_or_unread_is_named(
    opened: Callable[..., Services], source: str, error: type[Exception]
) -> None:
    with pytest.raises(error, match=source):
        clauses_of(opened(), source, "")


def test_what_nobody_confirmed_is_stale_until_it_is_confirmed(
    opened: Callable[..., Services], tmp_path: Path
) -> None:
    services = opened()
    (before,) = review(services, ("rocket",))
    assert {each.status for each in before.facts} == {FactStatus.STALE, FactStatus.CURRENT}
    confirm(services, "rocket", corpus_of(tmp_path), date(2026, 11, 25))
    (after,) = review(again(services, tmp_path), ("rocket",))
    assert {each.status for each in after.facts} == {FactStatus.CURRENT}


def test_after_a_change_the_fact_is_stale_until_it_is_read_again(
    opened: Callable[..., Services], tmp_path: Path
) -> None:
    services = opened()
    confirm(services, "rocket", corpus_of(tmp_path), date(2026, 11, 25))
    record(services, "acme/license", LICENCE.replace("grown people", "everybody"), hour=10)
    (changed,) = review(again(services, tmp_path), ("rocket",))
    assert [each.fact.field for each in changed.facts if each.why] == ["selling"]
    confirm(again(services, tmp_path), "rocket", corpus_of(tmp_path), date(2026, 11, 26))
    (after,) = review(again(services, tmp_path), ("rocket",))
    assert [each.fact.field for each in after.facts if each.why] == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("term: may be sold", "term: may be lent", "no clause holds 'may be lent'"),
        ('section: "1", term: may be sold', "section: Sale, term: ghost", "`smallprint cards"),
        (
            'source: acme/license, section: "1", term: may be sold',
            "source: acme/use-policy, section: preamble, term: e",
            "clauses hold 'e'",
        ),
    ],
)
def test_a_pointer_that_leads_to_none_or_several_clauses_is_not_confirmed(
    opened: Callable[..., Services], tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    services = opened(rocket=edited(ROCKET, old, new))
    with pytest.raises(CorpusError) as told:
        confirm(services, "rocket", corpus_of(tmp_path), date(2026, 11, 25))
    assert str(told.value).startswith("corpus/cards/rocket.yml: facts[0] points at")
    assert sentence in str(told.value)
    assert not (corpus_of(tmp_path) / "readings").exists()


def test_a_card_of_which_a_text_was_not_read_is_not_confirmed(
    tmp_path: Path,
) -> None:
    corpus = write_corpus(tmp_path)
    settings = from_environment({"SMALLPRINT_HOME": str(tmp_path / "home")})
    services = open_services(settings, lambda: corpus)
    with pytest.raises(CorpusError, match="has not been read; ingest it first"):
        confirm(services, "rocket", corpus, date(2026, 11, 25))


def test_a_card_that_does_not_exist_is_named(opened: Callable[..., Services]) -> None:
    with pytest.raises(UnknownNameError, match="'racket'"):
        list(review(opened(), ("racket",)))


# The commands


@pytest.fixture
def command(
    opened: Callable[..., Services], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    services = opened()
    monkeypatch.setattr(cli, "_services", lambda: again(services, tmp_path))
    monkeypatch.setattr("ingest.manifest.corpus_folder", lambda: corpus_of(tmp_path))

    def run(*words: str) -> tuple[int, str]:
        told = CliRunner().invoke(cli.commands, ["cards", *words])
        return told.exit_code, told.output

    return run


def test_the_commands_lead_from_clauses_to_a_card_that_stands(
    command: Callable[..., tuple[int, str]],
) -> None:
    status, told = command("clauses", "acme/license", "may", "be", "sold")
    assert status == 0
    assert "[1] 1 Sale" in told
    assert "Rockets may be sold to grown people." in told
    status, told = command("check")
    assert status == 1
    assert "selling: permitted. Rockets may be sold. (stale: Nobody has confirmed it" in told
    assert command("confirm", "rocket") == (
        0,
        "rocket: recorded in corpus/readings/rocket.yml.\n",
    )
    assert command("check") == (0, "rocket: 4 current\n")
    status, told = command("check", "rocket")
    assert status == 0
    assert "Rockets may be sold to grown people." in told
    assert "[when: lend + sell or lend]" in told
