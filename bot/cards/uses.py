"""What somebody wants to do, taken out of their own words: acts, places, users, revenue, subjects.

Reads words and knows no licence. What is not recognised is handed back, so that nobody believes it
was weighed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.words import all_stems, plain, stem, stems, tokens
from ingest.fields import Fields, Member
from ingest.figures import Figure, figures

_BREAKS = re.compile(r"[;\n]|,(?!\d{3}\b)|[.!?](?=\s|$)")
_AND = re.compile(r"\s+(?:and|but|plus|&|then)\s+|\s*\+\s+", re.IGNORECASE)
_NOT = frozenset({"no", "not", "never", "without", "dont", "wont", "cannot", "neither", "nor"})
_USERS = frozenset(map(stem, ("user", "users", "mau", "people", "customers", "accounts", "seats")))
_REVENUE = frozenset(
    map(stem, ("revenue", "turnover", "arr", "mrr", "sales", "income", "usd", "dollars", "dollar"))
)
_MONTH = frozenset(map(stem, ("month", "monthly", "mrr")))
_HOME = frozenset(
    map(stem, ("based", "established", "incorporated", "headquartered", "domiciled", "registered"))
)
_HOME_NOUNS = frozenset(map(stem, ("startup", "company", "gmbh", "firm", "seat", "headquarters")))
_SELLING = frozenset(
    map(
        stem, ("sell", "offer", "customers", "users", "market", "ship", "serve", "launch", "client")
    )
)
_COUNTING = frozenset(map(stem, ("million", "thousand", "billion", "active", "year", "annual")))
_WE_ARE = re.compile(r"\b(?:we|team)(?:['’]re|\s+are|\s+sit)\s+(?:in|from|at)\b", re.IGNORECASE)
_AROUND = 3  # words between a figure and what it counts
COUNTED = {"user-threshold": "users", "revenue-threshold": "revenue"}
"""Fields with limits → the number of a use that is held against them."""
_NOISE = frozenset(
    all_stems("we our us it is are the to in for a an of want would like will can i ai model")
)


@dataclass(frozen=True, slots=True)
class Use:
    """A stated use. Ids are those of the vocabulary.

    ``denied`` are acts that are said not to be done. ``home`` is where the company is established,
    ``market`` where it is offered. ``users`` is a number of people a month; ``revenue`` is in US
    dollars, ``revenue_per`` is "year" or "month". ``ignored`` are the words of which nothing was
    made. ``named`` is the whole text, in which plans may be named.
    """

    acts: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    home: frozenset[str] = frozenset()
    market: frozenset[str] = frozenset()
    users: int | None = None
    revenue: int | None = None
    revenue_per: str = "year"
    ignored: tuple[str, ...] = ()
    named: str = ""

    def encoded(self, plans: Iterable[str] = ()) -> str:
        """The use without the words it came in, but with the plans named in them, as a short text.

        See :func:`decoded`.
        """
        found = {
            "plans": sorted(plans),
            "acts": sorted(self.acts),
            "denied": sorted(self.denied),
            "subjects": sorted(self.subjects),
            "home": sorted(self.home),
            "market": sorted(self.market),
            "users": self.users,
            "revenue": self.revenue,
            "per": self.revenue_per if self.revenue is not None else None,
        }
        return json.dumps(
            {key: value for key, value in found.items() if value}, separators=(",", ":")
        )


NOTHING = Use()
"""A use of which nothing is known."""


def decoded(text: str, fields: Fields) -> Use:
    """The use that :meth:`Use.encoded` wrote; ids that the vocabulary does not have are dropped.

    Raises:
        ValueError: ``text`` is none.
    """
    if not text.startswith("{"):
        raise ValueError("a use is a mapping")
    try:
        read: Any = json.loads(text)
    except RecursionError as error:
        raise ValueError("a use is no nest of lists") from error

    def ids(key: str, known: Mapping[str, object]) -> frozenset[str]:
        named = _listed(read.get(key))
        return frozenset(each for each in named if isinstance(each, str) and each in known)

    return Use(
        acts=ids("acts", fields.acts),
        denied=ids("denied", fields.acts),
        subjects=ids("subjects", fields.subjects),
        home=ids("home", fields.regions),
        market=ids("market", fields.regions),
        users=_whole(read.get("users")),
        revenue=_whole(read.get("revenue")),
        revenue_per="month" if read.get("per") == "month" else "year",
        named=", ".join(each for each in _listed(read.get("plans")) if isinstance(each, str)),
    )


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if value >= 0 else None


class UseReader:
    """Reads uses in people's words; made once per vocabulary."""

    def __init__(self, fields: Fields) -> None:
        self._acts = {id: _phrases(each.asked) for id, each in fields.acts.items()}
        self._subjects = {id: _phrases(each.asked) for id, each in fields.subjects.items()}
        self._regions = {id: _phrases(each.asked) for id, each in fields.regions.items()}

    def read(self, text: str) -> Use:
        """What ``text`` says is to be done."""
        use = Use(named=text)
        for part in _BREAKS.split(text):
            clauses = [each for each in _AND.split(part) if each.strip()]
            taken = [self._take(each) for each in clauses]
            for each in taken:
                use = joined(use, each)
            if len(clauses) > 1 and not any(each.denied for each in taken):
                # Words of one thought may stand on both sides of an "and"; a place is one side's.
                whole = self._take(part)
                use = joined(use, Use(acts=whole.acts, subjects=whole.subjects))
        return replace(use, acts=use.acts - use.denied)

    def _take(self, part: str) -> Use:
        stems = all_stems(part)
        present = set(stems)
        acts = frozenset(_matching(self._acts, present))
        denied = _denies(part)
        regions = frozenset(_matching(self._regions, present))
        home = regions if _is_home(part, present) else frozenset()
        users, revenue, per = _counts(part)
        use = Use(
            acts=frozenset() if denied else acts,
            denied=acts if denied else frozenset(),
            subjects=frozenset() if denied else frozenset(_matching(self._subjects, present)),
            home=home,
            market=regions - home,
            users=users,
            revenue=revenue,
            revenue_per=per,
        )
        return replace(use, ignored=self._unread(part, use, present))

    def _unread(self, part: str, use: Use, present: set[str]) -> tuple[str, ...]:
        """The words of a part that had no share in what was made of it."""
        if not _found(use):
            return (" ".join(part.split()),) if present - _NOISE else ()
        read = {
            stem
            for known in (self._acts, self._subjects, self._regions)
            for phrases in known.values()
            for phrase in phrases
            if phrase <= present
            for stem in phrase
        }
        counted = use.users is not None or use.revenue is not None
        read |= _USERS | _REVENUE | _MONTH | _COUNTING if counted else set()
        read |= _HOME | _HOME_NOUNS
        words = [each.text for each in tokens(plain(part)) if len(each.text) > 1]
        left = [word for word in words if word.isalpha() and set(stems(word)) - read - _NOISE]
        return (" ".join(left),) if left else ()


def _found(use: Use) -> bool:
    numbers = use.users is not None or use.revenue is not None
    return bool(use.acts or use.denied or use.subjects or use.home or use.market or numbers)


def joined(one: Use, other: Use) -> Use:
    """Both uses as one; what only one of them says stays, of two numbers of users the larger."""
    return replace(
        one,
        acts=one.acts | other.acts,
        denied=one.denied | other.denied,
        subjects=one.subjects | other.subjects,
        home=one.home | other.home,
        market=one.market | other.market,
        ignored=(*one.ignored, *other.ignored),
        named=f"{one.named}\n{other.named}".strip(),
        users=max((each for each in (one.users, other.users) if each is not None), default=None),
        revenue=other.revenue if other.revenue is not None else one.revenue,
        revenue_per=other.revenue_per if other.revenue is not None else one.revenue_per,
    )


def _phrases(asked: Iterable[str]) -> list[frozenset[str]]:
    return [frozenset(all_stems(each)) for each in asked]


def _matching(known: Mapping[str, Sequence[frozenset[str]]], present: set[str]) -> Iterator[str]:
    """Ids of which a phrase has all its words in the part, in any order and form."""
    for id, phrases in known.items():
        if any(phrase <= present for phrase in phrases):
            yield id


def _denies(part: str) -> bool:
    words = {each.text for each in tokens(plain(part).replace("'", "").replace("’", ""))}
    return bool(words & _NOT)


def _is_home(part: str, present: set[str]) -> bool:
    """Whether a place is where the company is, and not where it sells."""
    if present & _HOME:
        return True
    said = present & _HOME_NOUNS or _WE_ARE.search(part)
    return bool(said) and not present & _SELLING


def _counts(part: str) -> tuple[int | None, int | None, str]:
    """Users, revenue in dollars, and whether that is by the year or the month."""
    users = revenue = None
    per = "year"
    found = list(figures(part))
    for place, each in enumerate(found):
        until = found[place + 1].start if place + 1 < len(found) else len(part)
        near = _near(part, each, until)
        if each.money or near & _REVENUE:
            revenue = each.number
            per = "month" if near & _MONTH else "year"
        elif near & _USERS:
            users = max(users or 0, each.number)
    return users, revenue, per


def _near(part: str, figure: Figure, until: int) -> set[str]:
    after = all_stems(part[figure.end : until])[: _AROUND + 1]
    before = all_stems(part[: figure.start])[-_AROUND:]
    return {*after, *before}


def labels(ids: Iterable[str], known: Mapping[str, Member]) -> list[str]:
    """The labels of members, in the order of the vocabulary."""
    wanted = set(ids)
    return [each.label for id, each in known.items() if id in wanted]
