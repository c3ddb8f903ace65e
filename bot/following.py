"""Following sources with a fetcher of its own for each run, which the command line and the worker
both do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from ingest.fetch import Fetcher
from ingest.filling import Filled
from ingest.run import Report
from ingest.vectors import Progress

if TYPE_CHECKING:
    from bot.wiring import Services


@contextmanager
def unwatched() -> Iterator[Progress]:
    """Progress that nobody looks at."""
    yield lambda _what, _done, _of: None


class Following:
    """Follows sources and fills in their history; see :mod:`ingest.run`.

    Args:
        progress: a context manager that gives what is told of progress.
        offline: use no network.
    """

    def __init__(
        self,
        services: Services,
        progress: Callable[[], AbstractContextManager[Progress]] = unwatched,
        *,
        offline: bool = False,
    ) -> None:
        self._services = services
        self._progress = progress
        self._offline = offline

    def due(self) -> list[str]:
        """Ids of the sources that are to be followed now."""
        return self._services.due()

    def ingest(self, only: Collection[str] | None) -> Report:
        """Follow these sources, all where None."""
        with self._fetcher() as fetcher, self._progress() as progress:
            return self._services.ingest(fetcher, only, progress)

    def fill(self, only: Collection[str] | None) -> Filled:
        """Fill in the history of these sources, of all where None."""
        with self._fetcher() as fetcher, self._progress() as progress:
            return self._services.fill(fetcher, only, progress)

    def _fetcher(self) -> Fetcher:
        return Fetcher(offline=self._offline, copies=self._services.home / "repositories")
