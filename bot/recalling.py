"""Answers out of what a thread quoted already: in full, since when it says so, and where it stands.

Searches nothing and draws on no chat model: every quote is a span of an archived version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.asides import Aside
from bot.citing import Library
from bot.domain import Answer, AnswerStatus, Citation, VersionIdentity
from bot.follow_ups import Cited
from bot.wording import day
from ingest.archive import Archive
from ingest.timeline import Stand

WELCOME = "You’re welcome. Ask on in this thread, or about another model."
NOTHING_QUOTED = (
    "Nothing was quoted in this thread so far. Ask about a licence or terms first, and I quote the "
    "clauses that decide."
)
_IN_FULL = "Word for word, the whole of what was quoted:"
_MOST_VERSIONS = 200
_OTHERS = re.compile(r"[\W_]+")


class Recaller:
    """Tells more of what was cited; one per process, safe to share between threads."""

    def __init__(self, archive: Archive, library: Library) -> None:
        self._archive = archive
        self._library = library

    def cited(self, citations: Iterable[Citation]) -> tuple[Cited, ...]:
        """Where the quotes of an answer stand, to be kept instead of their texts."""
        return tuple(
            Cited(each.source, each.version.number, each.start, each.start + len(each.quote))
            for each in citations
        )

    def answer(self, text: str, aside: Aside, cited: Sequence[Cited]) -> Answer:
        """What ``text`` wants of what was cited last.

        Raises:
            DatabaseError: the archive cannot be read.
        """
        if aside is Aside.THANKS:
            return _answer(text, WELCOME, status=AnswerStatus.COURTESY)
        if not cited:
            return _answer(text, NOTHING_QUOTED, status=AnswerStatus.NOT_FOUND)
        if aside is Aside.QUOTE:
            whole = dict.fromkeys(map(self._whole, cited))
            return _answer(text, _IN_FULL, [self._cite(each) for each in whole])
        citations = [self._cite(each) for each in cited]
        if aside is Aside.SINCE:
            return _answer(text, "\n".join(self._since(citations)), citations)
        return _answer(text, " ".join(_said_by(citations)), citations)

    def _whole(self, cited: Cited) -> Cited:
        """The clauses that a quote is part of, from the first character to the last."""
        within = self._library.text(cited.source, cited.version).within(cited.start, cited.end)
        start = min([cited.start, *(each.start for each in within)])
        end = max([cited.end, *(each.end for each in within)])
        return Cited(cited.source, cited.version, start, end)

    def _cite(self, cited: Cited) -> Citation:
        return self._library.cite(cited.source, cited.version, cited.start, cited.end)

    def _since(self, citations: Sequence[Citation]) -> Iterator[str]:
        """A line on the dates of each document and on how long each clause stood in it."""
        stands = self._archive.stands({each.source for each in citations})
        documents: dict[tuple[str, int], list[int]] = {}
        for place, each in enumerate(citations):
            documents.setdefault((each.source, each.version.number), []).append(place)
        for (source, _), places in documents.items():
            first = citations[places[0]]
            told: dict[str, str] = {}
            for place in places:
                stood = self._stood(citations[place], stands.get(source, []))
                told[stood] = told.get(stood, "") + f"[{place + 1}]"
            stood = " ".join(f"{marks} {each}" for each, marks in told.items() if each)
            yield f"{first.title}: {_dates(first.version)}. {stood}".rstrip()

    def _stood(self, cited: Citation, stands: Sequence[Stand]) -> str:
        """How far back the words stand in what the archive holds; "" where it holds no other."""
        numbers = [each.number for each in stands]
        place = numbers.index(cited.version.number) if cited.version.number in numbers else 0
        sought, since = _letters(cited.quote), cited.version.seen
        for stand in reversed(stands[max(0, place - _MOST_VERSIONS) : place]):
            version = self._archive.version(stand.source, stand.number)
            if version is None or sought not in _letters(version.text):
                return f"word for word since {day(since)}; the text before had other words."
            since = stand.seen
        return f"word for word in all that we hold, since {day(since)}." if place else ""


def _answer(
    text: str,
    told: str,
    citations: Sequence[Citation] = (),
    status: AnswerStatus = AnswerStatus.ANSWERED,
) -> Answer:
    return Answer(
        question=text,
        status=status,
        verdict=None,
        text=told,
        facts=(),
        citations=tuple(citations),
        passages=(),
        notices=(),
        seconds=0.0,
    )


def _said_by(citations: Sequence[Citation]) -> Iterator[str]:
    """Who says it in which document, with the numbers of the citations, which have addresses."""
    marks: dict[tuple[str, str], list[str]] = {}
    for number, each in enumerate(citations, 1):
        marks.setdefault((each.vendor, each.title), []).append(f"[{number}]")
    for (vendor, title), numbers in marks.items():
        says = f"{vendor} says so, in the" if vendor else "It stands in the"
        yield f"{says} {title} {''.join(numbers)}."


def _dates(version: VersionIdentity) -> str:
    stated = [
        f"published {day(version.published)}" if version.published else "",
        f"effective {day(version.effective)}" if version.effective else "",
    ]
    told = ", ".join(filter(None, stated)) or "states no date"
    return (
        f"version {version.number}, {told}; first seen {day(version.seen)}, "
        f"fetched {day(version.fetched)}"
    )


def _letters(text: str) -> str:
    """The letters and digits of a text: marks and spaces move where nothing else changes."""
    return _OTHERS.sub("", text).casefold()
