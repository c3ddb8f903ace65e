"""The clock of the house: follows what is due, fills in history, and lives through what fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from datetime import timedelta
from typing import Protocol

from ingest.errors import SmallprintError
from ingest.filling import Filled
from ingest.run import Report

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=15)
"""How often to look which sources are due; each says itself how often that is."""


class Following(Protocol):
    """What the worker drives."""

    def due(self) -> list[str]:
        """Ids of the sources that are to be followed now."""

    def ingest(self, only: Collection[str]) -> Report:
        """Follow these sources."""

    def fill(self, only: Collection[str] | None) -> Filled:
        """Fill in the history of these sources, of all where None."""


class Worker:
    """Ticks until told to stop."""

    def __init__(self, following: Following) -> None:
        self._following = following
        self._filled = False  # has the history of every source been filled in
        self._stopping = threading.Event()

    def tick(self) -> None:
        """Follow what is due and fill in history; what a later tick may mend is logged."""
        try:
            due = self._following.due()
            if due:
                _tell(self._following.ingest(due))
            if due or not self._filled:
                self._following.fill(due if self._filled else None)
                self._filled = True
        except SmallprintError:
            log.exception("Following the sources failed; it is tried again in %s.", EVERY)

    def run(self) -> None:
        """Tick until :meth:`stop`."""
        while not self._stopping.is_set():
            self.tick()
            self._stopping.wait(EVERY.total_seconds())

    def stop(self) -> None:
        """End :meth:`run` before its next tick; a tick that has begun is finished."""
        self._stopping.set()


def _tell(report: Report) -> None:
    log.info("Followed %d sources, %d failed.", len(report.outcomes), len(report.failed))
    for each in report.troubles:
        log.warning("%s fails since %s (%s)", each.source, each.opened_at.date(), each.cause)
