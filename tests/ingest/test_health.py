"""How following goes: states, when a source is due, and troubles that open and close."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from ingest.domain import Cause, Outcome, Status
from ingest.health import EVERY, LASTING, Health

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LICENCE = "acme/licence"


@pytest.fixture
def health(engine: Engine) -> Health:
    return Health(engine)


def success(source: str = LICENCE) -> Outcome:
    return Outcome(source, Status.UNCHANGED, version=1)


def failure(cause: Cause = Cause.UNREACHABLE) -> Outcome:
    return Outcome(LICENCE, Status.FAILED, "Acme's server gave no answer.", cause)


def test_a_failure_keeps_when_it_last_went_well_and_since_when_it_has_not(health: Health) -> None:
    health.record(Outcome(LICENCE, Status.NEW, version=1), NOW)
    health.record(failure(), NOW + DAY)
    health.record(failure(Cause.REFUSED), NOW + 2 * DAY)
    state = health.states()[LICENCE]
    assert (state.status, state.cause) == (Status.FAILED, Cause.REFUSED)
    assert state.detail == "Acme's server gave no answer."
    assert state.checked_at == NOW + 2 * DAY
    assert state.succeeded_at == NOW
    assert state.failing_since == NOW + DAY
    assert state.failures == 2


def test_a_success_ends_the_failing(health: Health) -> None:
    health.record(failure(), NOW)
    assert health.states()[LICENCE].succeeded_at is None
    health.record(success(), NOW + DAY)
    state = health.states()[LICENCE]
    assert state.status is Status.UNCHANGED
    assert (state.cause, state.detail, state.failing_since) == (None, "", None)
    assert state.succeeded_at == NOW + DAY
    assert state.failures == 0


def test_every_source_has_its_own_state(health: Health) -> None:
    health.record(failure(), NOW)
    health.record(success("acme/policy"), NOW)
    assert {name: state.status for name, state in health.states().items()} == {
        LICENCE: Status.FAILED,
        "acme/policy": Status.UNCHANGED,
    }


def test_what_was_never_followed_is_due_and_what_is_well_is_due_daily(health: Health) -> None:
    assert health.due([LICENCE], NOW) == [LICENCE]
    health.record(success(), NOW)
    assert health.due([LICENCE], NOW + EVERY - HOUR) == []
    assert health.due([LICENCE], NOW + DAY) == [LICENCE]


def test_a_failure_that_may_pass_is_tried_again_soon_and_then_ever_later(health: Health) -> None:
    waits = []
    at = NOW
    for _ in range(9):
        health.record(failure(), at)
        due = health.states()[LICENCE].due_at
        waits.append((due - at) / HOUR)
        at = due
    assert waits[:4] == [0.25, 0.5, 1, 2]
    assert waits == sorted(waits)
    assert waits[-1] == EVERY / HOUR


@pytest.mark.parametrize("cause", [each for each in Cause if not each.transient])
def test_a_failure_that_no_second_try_mends_waits_for_the_next_day(
    health: Health, cause: Cause
) -> None:
    health.record(failure(cause), NOW)
    assert health.states()[LICENCE].due_at == NOW + EVERY


def test_a_trouble_opens_once_and_tells_its_latest_cause(health: Health) -> None:
    health.record(failure(), NOW)
    health.record(failure(Cause.WALL), NOW + DAY)
    (trouble,) = health.troubles()
    assert (trouble.source, trouble.cause, trouble.opened_at) == (LICENCE, Cause.WALL, NOW)
    assert trouble.closed_at is None


def test_a_trouble_is_told_of_when_it_lasts_and_closes_itself(health: Health) -> None:
    health.record(failure(), NOW)
    assert health.lasting(NOW + LASTING - HOUR) == []
    assert [each.source for each in health.lasting(NOW + LASTING)] == [LICENCE]
    health.record(success(), NOW + LASTING + HOUR)
    assert health.lasting(NOW + 2 * LASTING) == []
    assert health.troubles()[0].closed_at == NOW + LASTING + HOUR


def test_the_next_failure_is_another_trouble(health: Health) -> None:
    for outcome, hours in ((failure(), 0), (success(), 1), (failure(), 2)):
        health.record(outcome, NOW + hours * HOUR)
    assert [each.opened_at for each in health.troubles(LICENCE)] == [NOW + 2 * HOUR, NOW]
