"""Questions about another day: from the version in force then, and said to be so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from bot.domain import Answer, AnswerStatus, Question
from ingest.clauses import split
from ingest.domain import Origin, Reading, Snapshot
from ingest.embedding import Embedder
from ingest.errors import QuestionError
from tests.bot.pretend_library import NOW, ZENITH, World, indexed

AGE = "how old must users of zenith chat be?"
TODAY = NOW.date()
MARCH = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def recorded(world: World, text: str, seen: datetime, effective: date | None = None) -> None:
    snapshot = Snapshot("zenith/terms", f"git:{seen}", "text/plain", NOW, text.encode(), None, seen)
    reading = Reading(text.strip(), effective=effective)
    world.archive.record(snapshot, reading, Origin.PUBLISHED, "shelf-1", split(reading.text))


@pytest.fixture(scope="module")
def ask(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Answer]:
    """Zenith asked for an age of 13 in March, of 14 from June, and of 16 today."""
    world = indexed(tmp_path_factory.mktemp("reach"), embedder)
    recorded(world, ZENITH.replace("16 years", "13 years"), MARCH)
    june = date(2026, 6, 1)
    recorded(world, ZENITH.replace("16 years", "14 years"), MARCH.replace(month=5), june)
    answerer = world.answerer()
    return lambda text, as_of=None: answerer.answer(Question(text, as_of), TODAY)


def test_a_question_without_a_day_is_answered_from_what_is_served(
    ask: Callable[..., Answer],
) -> None:
    told = ask(AGE)
    assert "16 years" in told.citations[0].quote
    assert told.as_of is None


@pytest.mark.parametrize("asked", [(f"as of 20 March 2026, {AGE}", None), (AGE, date(2026, 3, 20))])
def test_a_day_picks_the_version_that_was_in_force(
    ask: Callable[..., Answer], asked: tuple[str, date | None]
) -> None:
    told = ask(*asked)
    assert "13 years" in told.citations[0].quote
    assert told.citations[0].version.seen == MARCH.date()
    assert told.as_of == date(2026, 3, 20)
    assert told.to_json()["as_of"] == "2026-03-20"
    assert told.notices[0] == (
        "This is what was in force on 20 March 2026, not what is said today."
    )


def test_a_text_that_is_published_and_not_yet_in_force_is_announced(
    ask: Callable[..., Answer],
) -> None:
    told = ask(AGE, date(2026, 5, 20))
    assert "13 years" in told.citations[0].quote
    assert (
        "A newer text of Zenith Chat Terms was published by then and counts from 1 June 2026."
        in told.notices
    )
    assert "14 years" in ask(AGE, date(2026, 6, 1)).citations[0].quote


def test_a_change_within_the_month_asked_about_is_told(ask: Callable[..., Answer]) -> None:
    told = ask(f"as of June 2026, {AGE}")
    assert "14 years" in told.citations[0].quote
    assert not any("within the time" in each for each in told.notices)
    told = ask(f"as of March 2026, {AGE}")
    assert (
        "Zenith Chat Terms changed on 10 March 2026, within the time asked about; this is what "
        "stood at its end." in told.notices
    )


def test_a_day_before_our_record_begins_is_declined_with_the_day_it_begins(
    ask: Callable[..., Answer],
) -> None:
    told = ask(AGE, date(2025, 1, 1))
    assert told.status is AnswerStatus.NOT_FOUND
    assert told.text == (
        "The archive holds nothing of this for 1 January 2025. "
        "Its records begin: Zenith Chat Terms: 10 March 2026."
    )


def test_a_day_named_in_passing_before_our_record_begins_is_no_obstacle(
    ask: Callable[..., Answer],
) -> None:
    told = ask(f"for a product we bought in January 2025: {AGE}")
    assert "16 years" in told.citations[0].quote
    assert told.as_of is None


def test_a_licence_that_states_no_date_is_taken_to_have_stood(ask: Callable[..., Answer]) -> None:
    told = ask("which law applies to rocket 1?", date(2024, 1, 1))
    assert told.citations[0].source == "acme/rocket-1"
    assert any("states no date" in each for each in told.notices)


def test_an_older_text_that_a_newer_one_superseded_is_read_on_its_day(
    ask: Callable[..., Answer],
) -> None:
    told = ask("may outputs of rocket 2 go into a commercial product?", date(2024, 6, 1))
    assert told.citations[0].source == "acme/rocket-2-old"
    assert any("superseded by" in each for each in told.notices)


def test_a_day_with_nobody_named_searches_everything_of_that_day(
    ask: Callable[..., Answer],
) -> None:
    told = ask("how many years of age to open an account?", date(2026, 3, 20))
    assert "13 years" in told.citations[0].quote


def test_a_day_in_the_future_is_refused(ask: Callable[..., Answer]) -> None:
    with pytest.raises(QuestionError, match="lies in the future"):
        ask(AGE, date(2027, 1, 1))
