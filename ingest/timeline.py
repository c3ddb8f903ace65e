"""Which version was in force on a day: the order of versions in time, without their texts.

Two clocks are kept apart: when a text was *seen* to stand, and when it *says* that it counts from.
A text that names a later day is not in force before it; one whose own day lies before we first saw
it, but after the version before it was seen, was in force from its own day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Stand:
    """A version without its text. Order is that of ``seen_at``, then ``number``."""

    source: str
    number: int
    address: str
    seen_at: datetime
    published: date | None
    effective: date | None

    @property
    def seen(self) -> date:
        """The day (UTC) on which the text was seen to stand."""
        return self.seen_at.date()


@dataclass(frozen=True, slots=True)
class Force:
    """What was in force on a day.

    ``since`` is the day from which the version counts, None where nobody says. ``until`` is the day
    from which the next one does, None where there is none. ``coming`` is a version that was already
    published on that day and counts only from ``until`` on.
    """

    stand: Stand
    since: date | None
    until: date | None
    coming: bool = False


def in_force(stands: Sequence[Stand], day: date, *, ageless: bool = False) -> Force | None:
    """The version that counted on ``day``; None where our record of the source begins later.

    Args:
        stands: the versions of one source, in order.
        ageless: whether an undated first version is taken to have stood ever since, as a licence
            text does that is published once and never changes.
    """
    begins = beginnings(stands, ageless=ageless)
    counted = [place for place, since in enumerate(begins) if since is None or since <= day]
    if not counted:
        return None
    # The last to begin counts; of two that begin on one day the later one, which replaced it.
    place = max(counted, key=lambda each: (begins[each] or date.min, each))
    later = [(since, other) for other, since in enumerate(begins) if since and since > day]
    until, following = min(later, default=(None, -1))
    coming = until is not None and stands[following].seen <= day
    return Force(stands[place], begins[place], until, coming)


def beginnings(stands: Sequence[Stand], *, ageless: bool = False) -> list[date | None]:
    """For each version the day from which it counts; None for an ageless first one."""
    if not stands:
        return []
    first = stands[0]
    stated = first.effective or first.published
    if stated is not None:
        begins: list[date | None] = [_first(first, stated)]
    else:
        begins = [None if ageless else first.seen]
    begins += [_later(before, stand) for before, stand in pairwise(stands)]
    return begins


def _first(first: Stand, stated: date) -> date:
    """A day in the future counts when it is that of coming into force; a slip of a pen does not."""
    return stated if first.effective else min(stated, first.seen)


def _later(before: Stand, stand: Stand) -> date:
    if stand.effective is not None and stand.effective > stand.seen:
        return stand.effective
    stated = stand.effective or stand.published
    # A text that was changed without a new date of its own counts from the day it was seen.
    if stated is not None and before.seen < stated <= stand.seen:
        return stated
    return stand.seen
