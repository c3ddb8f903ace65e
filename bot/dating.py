"""Dates that pick one version of a document: those in a question, and that of a document.

Months and years only, which is how people tell versions apart; reads no text of a document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.domain import Source

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_AND_YEAR = re.compile(
    r"\b(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?,? {0,2}(20\d\d)\b"
)
_NUMERIC_DATE = re.compile(r"\b(20\d\d)-(\d\d)(?:-\d\d)?\b")
_DOCUMENT = r"(?:tos|terms|licen[cs]es?|agreement|policy|version|text)"
_YEAR_OF_DOCUMENT = re.compile(
    rf"\b(20\d\d) {{1,2}}(?:(?!20\d\d)[a-z0-9.-]{{1,20}} {{1,2}}){{0,3}}?{_DOCUMENT}\b"
    rf"|\b{_DOCUMENT},? {{0,2}}(?:of|from|in)? {{0,2}}\(?(20\d\d)\b"
)
_DATE_IN_KEY = re.compile(r"(20\d\d)-?(\d\d)-?(\d\d)$|(20\d\d)$")


@dataclass(frozen=True, slots=True)
class Month:
    """A month, or a whole year where ``month`` is 0; offsets where it stands in a text."""

    year: int
    month: int = 0
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def meets(self, other: Month) -> bool:
        """Whether both may mean the same month."""
        return self.year == other.year and (0 in (self.month, other.month) or self == other)


def dates_in(folded: str) -> list[Month]:
    """Months, and years of documents, that a folded text asks for, in its order."""
    found = [
        Month(int(match[2]), _MONTHS.index(match[1][:3]) + 1, *match.span())
        for match in _MONTH_AND_YEAR.finditer(folded)
    ]
    found += [
        Month(int(match[1]), int(match[2]), *match.span())
        for match in _NUMERIC_DATE.finditer(folded)
    ]
    spoken_for = {each.year for each in found}
    found += [
        Month(year, 0, *match.span(1 if match[1] else 2))
        for match in _YEAR_OF_DOCUMENT.finditer(folded)
        if (year := int(match[1] or match[2])) not in spoken_for
    ]
    return list(dict.fromkeys(sorted(found, key=lambda each: each.start)))


def date_of(source: Source) -> Month | None:
    """When a document was published, as its declaration or the end of its key says."""
    if source.dated is not None:
        return Month(source.dated.year, source.dated.month)
    match = _DATE_IN_KEY.search(source.key)
    if match is None:
        return None
    return Month(int(match[1] or match[4]), int(match[2] or 0))
