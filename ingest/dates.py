"""The dates that a document states about itself, near its top or at its very end.

Only phrases that speak of the document itself count, in English or German, and only dates that can
be read in one way: a month without a day, or ``03/04/2025``, is no date here. The date of another
document, or of a version before this one, is not taken. A wrong date would be worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import Enum, auto

_HEAD = 4_000
_TAIL = 600
_REACH = 120  # characters before a date within which the phrase and its line must begin
_TITLE = 60  # words such as "Acme Chat Version" may stand before the phrase on its line

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january", "januar"),
            ("feb", "february", "februar"),
            ("mar", "march", "märz"),
            ("apr", "april"),
            ("may", "mai"),
            ("jun", "june", "juni"),
            ("jul", "july", "juli"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october", "okt", "oktober"),
            ("nov", "november"),
            ("dec", "december", "dez", "dezember"),
        ),
        start=1,
    )
    for name in names
}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATES = [
    re.compile(rf"\b{pattern}(?![\d/-]?\d)", re.IGNORECASE)
    for pattern in (
        rf"{_MONTH}\s{{1,3}}{_DAY},?\s{{0,3}}{_YEAR}",
        rf"{_DAY}\s{{1,3}}(?:of\s)?{_MONTH},?\s{{1,3}}{_YEAR}",
        rf"(?<![\d/-]){_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)",
    )
]

_MARKS = r"[\s:*_–—-]{0,12}"
_SPOKEN = r"(?:\s(?:on|as\sof|from|since|starting|ab|am|vom))?"
# A phrase that can only introduce the date of a document.
_PLAIN_PHRASE = re.compile(
    rf"(?:(?:last|latest)[\s-](?:modified|updated?|revised|revision)(?:\s(?:date|on))?"
    rf"|last\s(?:updated|revised|modified)\sth(?:is|ese)\s(?:[\w’'-]{{1,20}}\s){{1,6}}on"
    rf"|(?:release|publication|revision|version|effective)\sdate"
    rf"|date\sof\s(?:last\s|latest\s)?(?:revision|update|issue|publication)"
    rf"|(?:zuletzt\s(?:geändert|aktualisiert)|letzte\s(?:änderung|aktualisierung)){_SPOKEN}"
    rf"|(?<![^\W_])(?:effective|dated|updated|published|revised|modified|posted|issued)"
    rf"(?:{_SPOKEN}\s?:)){_MARKS}$",
    re.IGNORECASE,
)
# Words that speak of anything's date: they must open the line, or follow "Version 2.1,".
_BARE_PHRASE = re.compile(
    rf"^[\W_]{{0,8}}(?:(?:this\sis\s)?version\s[\w.]{{1,12}},?\s?)?"
    rf"(?:effective|dated|updated|published|revised|gültig|wirksam|stand){_SPOKEN}{_MARKS}$",
    re.IGNORECASE,
)
_VERSION_PHRASE = re.compile(rf"^[\W_]{{0,8}}version\s[\w.]{{1,12}}[,:]?{_MARKS}$", re.IGNORECASE)
_OWN_PHRASE = re.compile(
    rf"^[\W_]{{0,8}}th(?:is|ese)\s(?:[\w’'-]{{1,20}}\s){{1,8}}"
    rf"(?:(?:is|are|was|were|will\sbe|becomes?|became)\s(?:effective|updated|revised|published)"
    rf"|(?:takes?|took|will\stake|comes?\sinto|came\sinto|goes?\sinto|went\sinto)\seffect"
    rf"|(?:enters?|entered|comes?|came)\sinto\sforce){_SPOKEN}{_MARKS}$",
    re.IGNORECASE,
)
_OTHER_TEXT = re.compile(
    r"\b(?:previous|prior|earlier|former|older|old|archived?|superseded|replaced|until|expired"
    r"|vorherige|frühere|bis)\b",
    re.IGNORECASE,
)
_EFFECTIVE = re.compile(r"effect|force|gültig|wirksam", re.IGNORECASE)


class _Meaning(Enum):
    PUBLISHED = auto()
    EFFECTIVE = auto()


def stated_dates(text: str) -> tuple[date | None, date | None]:
    """Read when a document says that it was published and when it takes effect.

    Looks at the first 4,000 characters, and only where they state nothing at the last 600.

    Args:
        text: a normalised document, in English or German.

    Returns:
        ``(published, effective)``; None for what is not stated, or stated ambiguously. A release
        date and "last updated" both count as published.
    """
    head = _read(text[:_HEAD])
    found = head or _read(text[max(_HEAD, len(text) - _TAIL) :])
    return found.get(_Meaning.PUBLISHED), found.get(_Meaning.EFFECTIVE)


def _read(part: str) -> dict[_Meaning, date]:
    """The latest date of each meaning in this part: some documents list all their revisions."""
    found: dict[_Meaning, date] = {}
    for match, day in _dates(part):
        meaning = _meaning(part, match)
        if meaning is not None:
            found[meaning] = max(day, found.get(meaning, day))
    return found


def _dates(part: str) -> Iterator[tuple[re.Match[str], date]]:
    matches = [match for pattern in _DATES for match in pattern.finditer(part)]
    for match in sorted(matches, key=re.Match.start):
        month = match["month"].lower()
        number = _MONTHS.get(month) or int(month)
        try:
            yield match, date(int(match["year"]), number, int(match["day"]))
        except ValueError:  # 30 February: a slip of the writer, which we do not mend
            continue


def _meaning(part: str, match: re.Match[str]) -> _Meaning | None:
    before = part[max(0, match.start() - _REACH) : match.start()]
    line = before[before.rstrip().rfind("\n") + 1 :].lstrip()
    phrase = _PLAIN_PHRASE.search(line)
    if phrase is None or phrase.start() > _TITLE:
        phrase = _OWN_PHRASE.search(line)
    if phrase is None:
        phrase = _BARE_PHRASE.search(line) or _VERSION_PHRASE.search(line)
        if phrase is None or not _opens_statement(line, part[match.end() :]):
            return None
    if _OTHER_TEXT.search(re.split(r"[.;|)\]]", line[: phrase.start()])[-1] + phrase.group()):
        return None
    return _Meaning.EFFECTIVE if _EFFECTIVE.search(phrase.group()) else _Meaning.PUBLISHED


def _opens_statement(line: str, after: str) -> bool:
    """Hard wrapping can put "dated" first on a line; then its sentence runs on after the date."""
    first = line.lstrip(" \t*_>#(-")[:1]
    rest = after.split("\n", 1)[0].strip(" .*_)")
    return first.isupper() or not rest
