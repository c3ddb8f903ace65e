"""The clock: what a tick does, and that a failed one is not the end of it."""

from __future__ import annotations

import threading
from collections.abc import Collection

from bot.worker import Worker
from ingest.domain import Outcome, Status
from ingest.errors import DatabaseError
from ingest.filling import Filled
from ingest.run import Report

REPORT = Report((Outcome("acme/licence", Status.UNCHANGED, version=1),), None, 0, False, 0.1)


class House:
    """Writes down what the worker asks of it."""

    def __init__(self, *due: list[str]) -> None:
        self.waiting = list(due)
        self.did: list[tuple[str, Collection[str] | None]] = []
        self.locked = False
        self.filled = threading.Event()

    def due(self) -> list[str]:
        if self.locked:
            raise DatabaseError("The database is locked.")
        return self.waiting.pop(0) if self.waiting else []

    def ingest(self, only: Collection[str]) -> Report:
        self.did.append(("ingest", only))
        return REPORT

    def fill(self, only: Collection[str] | None) -> Filled:
        self.did.append(("fill", only))
        self.filled.set()
        return Filled()


def test_the_first_tick_fills_in_every_history_also_where_nothing_is_due() -> None:
    house = House()
    Worker(house).tick()
    assert house.did == [("fill", None)]


def test_a_later_tick_follows_what_is_due_and_fills_in_only_that() -> None:
    house = House([], ["acme/licence"], [])
    worker = Worker(house)
    for _ in range(3):
        worker.tick()
    assert house.did[1:] == [("ingest", ["acme/licence"]), ("fill", ["acme/licence"])]


def test_a_tick_that_our_own_state_ends_is_made_up_for_by_the_next() -> None:
    house = House()
    house.locked = True
    worker = Worker(house)
    worker.tick()
    house.locked = False
    worker.tick()
    assert house.did == [("fill", None)]


def test_it_stops_between_two_ticks_when_told_to() -> None:
    house = House()
    worker = Worker(house)
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert house.filled.wait(10)
    worker.stop()
    thread.join(10)
    assert not thread.is_alive()
