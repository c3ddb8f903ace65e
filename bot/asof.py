"""The day that a question is about: "as of 20 March 2026", "last December", "two weeks ago".

Only phrases that place the question itself in the past count. A day that says when something was
released, or from when it counts ("since March"), is no day to answer for. Reads folded text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
_YEAR = r"(?P<year>20\d\d)\b(?![-/]?\d)"
_GAP = r",? {0,3}"
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})"
_FIRM = r"\b(?P<firm>as (?:of|at|on)|dated|effective on|(?:back|in force|valid|current) (?:on|in))"
_LOOSE = r"\b(?:on|in|during|at the end of|by the end of|around|for)"
_LEAD = rf"(?:(?:{_FIRM}|{_LOOSE})(?: the)? )"

_EVENT = re.compile(
    r"\b(?:released|launched|announced|published|founded|signed into law|came out|made)\s?$"
)

# The question itself stands in the past: "what did it say", "when we signed".
_PAST = re.compile(r"\b(?:did|was|were|said|stated|used to|had|back then|when we|at the time)\b")

Reading = Callable[[re.Match[str], date], tuple[date, date] | None]


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day to answer for, the last one of a longer time: ``first`` is the first day of that.

    ``firm`` where the words leave no doubt that the documents of that day are meant. Offsets tell
    where the phrase stands in the text.
    """

    day: date
    first: date
    firm: bool = True
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


def as_of_in(folded: str, today: date) -> AsOf | None:
    """The day that a folded text asks about; None where it asks about today.

    A day that names no year is the last one that was. A day after ``today`` is none.
    """
    found = sorted(_found(folded, today), key=lambda each: (not each.firm, each.start))
    return found[0] if found else None


def _found(folded: str, today: date) -> Iterator[AsOf]:
    for pattern, reading in _PHRASES:
        for match in pattern.finditer(folded):
            span = reading(match, today)
            if span is None or span[0] > today:
                continue
            firm = "firm" not in match.groupdict() or match["firm"] is not None
            if not firm and _EVENT.search(folded, max(0, match.start() - 20), match.start()):
                continue
            firm = firm or _PAST.search(folded) is not None
            yield AsOf(min(span[1], today), span[0], firm, *match.span())


def _on_day(match: re.Match[str], today: date) -> tuple[date, date] | None:
    month, day = _NAMES.index(match["month"][:3]) + 1, int(match["day"])
    years = [int(match["year"])] if match["year"] else [today.year, today.year - 1]
    for year in years:
        found = _date(year, month, day)
        if found is not None and (match["year"] or found <= today):
            return found, found
    return None


def _on_iso(match: re.Match[str], _today: date) -> tuple[date, date] | None:
    found = _date(int(match["year"]), int(match["number"]), int(match["day"]))
    return (found, found) if found else None


def _in_month(match: re.Match[str], today: date) -> tuple[date, date]:
    month = _NAMES.index(match["month"][:3]) + 1
    year = int(match["year"]) if match["year"] else today.year
    if not match["year"] and (month > today.month or (month == today.month and _is_last(match))):
        year -= 1
    return _month(year, month)


def _is_last(match: re.Match[str]) -> bool:
    """ "Last March", said in March, is that of the year before."""
    return "last " in match.group()


def _in_year(match: re.Match[str], _today: date) -> tuple[date, date]:
    year = int(match["year"])
    return date(year, 1, 1), date(year, 12, 31)


def _last(match: re.Match[str], today: date) -> tuple[date, date]:
    match match["unit"]:
        case "week":
            monday = today - timedelta(days=today.weekday() + 7)
            return monday, monday + timedelta(days=6)
        case "month":
            return _month(*_months_back(today, 1))
        case _:
            return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)


def _ago(match: re.Match[str], today: date) -> tuple[date, date] | None:
    count = _COUNTS.get(match["count"]) or int(match["count"])
    match match["unit"]:
        case "day":
            found: date | None = today - timedelta(days=count)
        case "week":
            found = today - timedelta(weeks=count)
        case "month":
            found = _same_day(*_months_back(today, count), today.day)
        case _:
            found = _same_day(today.year - count, today.month, today.day)
    return (found, found) if found else None


def _yesterday(_match: re.Match[str], today: date) -> tuple[date, date]:
    return today - timedelta(days=1), today - timedelta(days=1)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _same_day(year: int, month: int, day: int) -> date | None:
    """That day of the month, or its last where the month is shorter; None before all reckoning."""
    if year < 1:
        return None
    return _date(year, month, day) or _month(year, month)[1]


def _month(year: int, month: int) -> tuple[date, date]:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)


def _months_back(today: date, count: int) -> tuple[int, int]:
    months = today.year * 12 + today.month - 1 - count
    return months // 12, months % 12 + 1


_PHRASES: tuple[tuple[re.Pattern[str], Reading], ...] = tuple(
    (re.compile(pattern), reading)
    for pattern, reading in (
        (rf"{_LEAD}{_DAY}(?: of)? {{1,3}}{_MONTH}(?:{_GAP}{_YEAR})?", _on_day),
        (rf"{_LEAD}{_MONTH} {{0,3}}{_DAY}(?:{_GAP}{_YEAR})?", _on_day),
        (rf"{_LEAD}(?P<year>20\d\d)-(?P<number>\d\d)-(?P<day>\d\d)\b", _on_iso),
        (
            rf"(?:{_LEAD}(?:last )?|\b(?:back in|last) ){_MONTH}(?! {{0,3}}\d{{1,2}}\b)"
            rf"(?:{_GAP}{_YEAR})?",
            _in_month,
        ),
        (rf"\b(?:back in|as of|during|at the end of)(?: the year)? {_YEAR}", _in_year),
        (r"\blast (?P<unit>week|month|year)\b", _last),
        (rf"\b{_COUNT} (?P<unit>day|week|month|year)s? (?:ago|earlier|back)\b", _ago),
        (r"\byesterday\b", _yesterday),
    )
)
