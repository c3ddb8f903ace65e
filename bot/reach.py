"""Where a question is searched: in what is served now, or in what was in force on its day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from bot.asof import AsOf
from bot.domain import Scope
from bot.wording import day
from ingest.archive import Archive
from ingest.manifest import Manifest
from ingest.past import Forces, Past
from ingest.serving import Serving
from ingest.timeline import beginnings

if TYPE_CHECKING:
    from ingest.index import Index
    from ingest.past import PastIndex


@dataclass(frozen=True, slots=True)
class Reach:
    """An index and, for a day in the past, what of each source was in force on it.

    ``as_of`` is None where what is served now is searched. ``begins`` tells of the sources in scope
    that were not there yet when our record of them begins.
    """

    index: Index | PastIndex
    as_of: AsOf | None = None
    forces: Forces = field(default_factory=dict)
    begins: Mapping[str, date] = field(default_factory=dict)

    @property
    def numbers(self) -> Mapping[str, int] | None:
        """Source → the version that was in force; None where what is served now is searched."""
        if self.as_of is None:
            return None
        return {id: each[0].stand.number for id, each in self.forces.items()}


class Reacher:
    """Chooses the reach of questions; one per process, safe to share between threads."""

    def __init__(
        self, archive: Archive, manifest: Manifest, serving: Serving, index: Callable[[], Index]
    ) -> None:
        self._archive = archive
        self._manifest = manifest
        self._serving = serving
        self._index = index
        self._past = Past(serving, archive)

    def of(self, scope: Scope) -> Reach:
        """The reach of a question of this scope.

        A day that is named only in passing ("in April 2025") counts where something was in force
        on it; one that is asked for ("as of …") counts always.

        Raises:
            IndexMissingError: nothing was ever ingested.
            DatabaseError: the archive cannot be read.
        """
        index = self._index()
        if scope.as_of is None:
            return Reach(index)
        sources = scope.sources or [*self._manifest.sources]
        forces = self._serving.in_force(sources, scope.as_of.day)
        if not forces and not scope.as_of.firm:
            return Reach(index)
        begins = self._begins([each for each in scope.sources if each not in forces])
        return Reach(self._past.index(forces, index.embedder), scope.as_of, forces, begins)

    def _begins(self, sources: Collection[str]) -> dict[str, date]:
        """Source → the day on which our record of it begins."""
        return {
            id: beginnings(stands)[0] or stands[0].seen
            for id, stands in self._archive.stands(sources).items()
        }


def too_early(reach: Reach, titles: Mapping[str, str]) -> str | None:
    """Why there is no answer for that day; None where there may be one."""
    if reach.as_of is None or reach.forces:
        return None
    known = "; ".join(f"{titles[id]}: {day(begin)}" for id, begin in [*reach.begins.items()][:4])
    asked = day(reach.as_of.day)
    if not known:
        return f"The archive holds nothing that was in force on {asked}."
    return f"The archive holds nothing of this for {asked}. Its records begin: {known}."


def dated_notices(reach: Reach, cited: Collection[str], titles: Mapping[str, str]) -> Sequence[str]:
    """What is to be known of an answer for a day in the past."""
    asked = reach.as_of
    if asked is None:
        return []
    notices = [f"This is what was in force on {day(asked.day)}, not what is said today."]
    for id, begin in [*reach.begins.items()][:4]:
        notices.append(f"{titles[id]} was not read; our record of it begins on {day(begin)}.")
    for id in sorted(cited):
        notices += [
            _said_of(titles[id], each.since, each.until, each.coming, asked)
            for each in reach.forces.get(id, ())[:1]
        ]
    return [each for each in notices if each]


def _said_of(title: str, since: date | None, until: date | None, coming: bool, asked: AsOf) -> str:
    if since is None:
        return f"{title} states no date; it is taken to have stood unchanged."
    if asked.first < since:
        return (
            f"{title} changed on {day(since)}, within the time asked about; this is what stood "
            "at its end."
        )
    if coming and until is not None:
        return f"A newer text of {title} was published by then and counts from {day(until)}."
    return ""
