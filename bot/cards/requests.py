"""What people type behind ``license``, taken apart: which of its forms, about what.

One grammar for the command line, the terminal conversation and Slack.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ingest.errors import QuestionError

LONGEST_REQUEST = 4_000

_USE = re.compile(r"(?:^|\s)(?:--|—|–)\s?use\b[\s:=]*", re.IGNORECASE)
_AS_OF = re.compile(r"(?:^|\s)(?:--|—|–)\s?as-?of[\s=]+(\S+)", re.IGNORECASE)
_START = re.compile(r"(?:^|\s)(?:--|—|–)\s?from[\s=]+(\d{1,3})\b", re.IGNORECASE)
_QUOTES = "\"'“”„‟«»‘’` \t\n"
_BETWEEN = re.compile(r"\s*(?:,|;|\bvs\.?|\bversus\b|\bwith\b|\band\b|\bto\b)\s+", re.IGNORECASE)


class Form(StrEnum):
    """The forms of the command; all but ``show`` are the word that it begins with."""

    SHOW = "show"
    COMPARE = "compare"
    CHECK = "check"
    OBLIGATIONS = "obligations"
    HISTORY = "history"
    LIST = "list"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Request:
    """One call of ``license``. ``names`` are one text or, where people set them apart, several.

    ``start`` counts the facts that were shown already, where a section is too long for a message.
    """

    form: Form
    names: tuple[str, ...] = ()
    use: str = ""
    as_of: date | None = None
    start: int = 0

    @property
    def name(self) -> str:
        """What was typed in place of a name."""
        return " ".join(self.names)


def parse(text: str) -> Request:
    """Take apart what stands behind ``license``.

    Raises:
        QuestionError: it is too long, or names a day that is none.
    """
    if len(text) > LONGEST_REQUEST:
        raise QuestionError(
            f"The request has {len(text):,} characters; at most {LONGEST_REQUEST:,} are read."
        )
    first, _, rest = text.strip().partition(" ")
    form = next((each for each in Form if first.lower() == each and each is not Form.SHOW), None)
    if form is None:
        return _named(Form.SHOW, text) if text.strip() else Request(Form.HELP)
    if form in (Form.LIST, Form.HELP):
        return Request(form)
    if form is Form.CHECK:
        return _check(rest)
    return _named(form, rest)


def requested(words: Sequence[str], use: str | None, as_of: date | None) -> Request:
    """The request of a command line, whose words a shell has taken apart already.

    Raises:
        QuestionError: see :func:`parse`.
    """
    first = words[0].lower() if words else ""
    if first == Form.COMPARE and len(words) > 2 and not _BETWEEN.search(" ".join(words[1:])):
        return Request(Form.COMPARE, tuple(words[1:]))
    request = parse(" ".join(words))
    return replace(request, use=use or request.use, as_of=as_of or request.as_of)


def _named(form: Form, text: str) -> Request:
    day, start = _AS_OF.search(text), _START.search(text)
    name = _START.sub("", _AS_OF.sub("", text)).strip(_QUOTES)
    if form is not Form.COMPARE:
        return Request(
            form,
            (name,) if name else (),
            as_of=_day(day[1]) if day else None,
            start=int(start[1]) if start else 0,
        )
    names = [each.strip(_QUOTES) for each in _BETWEEN.split(name)]
    return Request(form, tuple(filter(None, names)), start=int(start[1]) if start else 0)


def _check(text: str) -> Request:
    """A name and a use: behind ``--use`` or a colon, else whatever stands beside the name."""
    parts = _USE.split(text, maxsplit=1)
    if len(parts) == 1:
        parts = text.split(": ", 1)
    name = parts[0].strip(_QUOTES)
    use = parts[1].strip(_QUOTES) if len(parts) > 1 else ""
    return Request(Form.CHECK, (name,) if name else (), use)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written.strip(_QUOTES))
    except ValueError:
        raise QuestionError(f"{written[:40]!r} is no day; write it as 2026-03-20.") from None
