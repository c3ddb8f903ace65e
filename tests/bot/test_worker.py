"""The daily clock: when it runs again, and that a failed run is not the end of it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from bot.worker import AFTER_A_FAILURE, EVERY, Worker
from ingest.domain import Cause, Outcome, Status
from ingest.errors import DatabaseError
from ingest.run import Report

FINE = Report((Outcome("acme/licence", Status.UNCHANGED, version=1),), None, 0, False, 0.1)
PARTLY = Report(
    (Outcome("acme/licence", Status.FAILED, "It is down.", Cause.UNREACHABLE),),
    None,
    0,
    False,
    0.1,
)


@pytest.mark.parametrize(("report", "wait"), [(FINE, EVERY), (PARTLY, AFTER_A_FAILURE)])
def test_a_run_with_failed_sources_is_repeated_sooner(report: Report, wait: timedelta) -> None:
    assert Worker(lambda: report).tick() == wait


def test_a_run_that_our_own_state_ends_is_tried_again() -> None:
    def locked() -> Report:
        raise DatabaseError("The database is locked.")

    assert Worker(locked).tick() == AFTER_A_FAILURE


def test_it_stops_between_two_runs_when_told_to() -> None:
    ran = threading.Event()

    def ingest() -> Report:
        ran.set()
        return FINE

    worker = Worker(ingest)
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert ran.wait(10)
    worker.stop()
    thread.join(10)
    assert not thread.is_alive()
