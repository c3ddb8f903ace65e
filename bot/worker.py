"""The clock of the house: ingests when it is time, and lives through a run that fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from ingest.errors import SmallprintError
from ingest.run import Report

log = logging.getLogger(__name__)

EVERY = timedelta(hours=24)
AFTER_A_FAILURE = timedelta(hours=1)


class Worker:
    """Runs ``ingest`` now and then every day until told to stop."""

    def __init__(self, ingest: Callable[[], Report]) -> None:
        self._ingest = ingest
        self._stopping = threading.Event()

    def tick(self) -> timedelta:
        """One run; returns how long to wait for the next. What a later run may mend is logged."""
        try:
            report = self._ingest()
        except SmallprintError:
            log.exception("The ingestion failed; it is tried again in %s.", AFTER_A_FAILURE)
            return AFTER_A_FAILURE
        log.info("Ingested %d sources, %d failed.", len(report.outcomes), len(report.failed))
        return AFTER_A_FAILURE if report.failed else EVERY

    def run(self, first: timedelta = timedelta(0)) -> None:
        """Tick until :meth:`stop`, the first time after ``first``."""
        wait = first
        while not self._stopping.wait(wait.total_seconds()):
            wait = self.tick()

    def stop(self) -> None:
        """End :meth:`run` before its next tick; a tick that has begun is finished."""
        self._stopping.set()
