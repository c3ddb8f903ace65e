"""The nouns of telling: a question, who it is about, what was drafted, and the checked answer.

Plain immutable values. ``Answer.to_json`` is the shape that the command line prints; Slack blocks
are built from the same values. What ``license`` shows has nouns of its own in ``bot.cards.views``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.asof import AsOf
from ingest.domain import Version
from ingest.proof import FactStatus


class AnswerStatus(StrEnum):
    """How far the documents settle the question; ``partial`` where only one of its sides is.

    ``courtesy`` where nothing was asked, and somebody was thanked.
    """

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"
    COURTESY = "courtesy"


class Verdict(StrEnum):
    """What the documents say to a question that can be answered in a word."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody typed, and the day to answer for where that was said beside it."""

    text: str
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Who and what a question is about.

    ``sources`` are the documents that bind, best first; empty means that nobody was named and
    everything may be searched. ``sides`` groups them by the thing named, in the order of the
    question: two or more where things are compared. ``beside`` are documents that do not bind but
    may say it, such as model cards. ``named`` are the words that decided.
    ``elsewhere`` are products that we do not cover, ``unknown`` are versions that nobody declared
    of a family that we do cover ("llama 5"). ``as_of`` is the day that the question is about, None
    where it is about today. ``rest`` is the question without the names and the day.
    """

    sources: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    sides: tuple[tuple[str, ...], ...] = ()
    elsewhere: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    as_of: AsOf | None = None
    rest: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionIdentity:
    """Which dated text a quote comes from. ``sha256`` is over the UTF-8 bytes of the whole text.

    ``seen`` is when the text is first known to have stood so: the day of a commit in a public
    archive, or that of our own first fetch.
    """

    number: int
    published: date | None
    effective: date | None
    seen: date
    fetched: datetime
    sha256: str

    @classmethod
    def of(cls, version: Version) -> VersionIdentity:
        return cls(
            version.number,
            version.published,
            version.effective,
            version.seen_at.date(),
            version.fetched_at,
            version.sha256,
        )

    @property
    def dated(self) -> str:
        """How people tell versions apart: "dated 5 April 2025", or when it was fetched."""
        if self.published:
            return f"dated {_spelt(self.published)}"
        if self.effective:
            return f"effective {_spelt(self.effective)}"
        return f"undated, seen {_spelt(self.seen)}"

    def to_json(self) -> dict[str, Any]:
        """Dates in ISO 8601, None where the document states none."""
        return {
            "number": self.number,
            "published": self.published.isoformat() if self.published else None,
            "effective": self.effective.isoformat() if self.effective else None,
            "seen": self.seen.isoformat(),
            "fetched": self.fetched.isoformat(),
            "sha256": self.sha256,
        }


def _spelt(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True, slots=True)
class Citation:
    """A pointer to a clause of a dated version, with the words quoted.

    ``vendor`` is the vendor's name, ``clause`` what people would cite ("2. Additional Commercial
    Terms"), ``quote`` a verbatim part of the version's text, which begins at its character
    ``start``. ``url`` is where the vendor publishes the document, ``proof`` the address of our
    archived clause, empty while there is no such page.
    """

    source: str
    title: str
    vendor: str
    clause: str
    quote: str
    version: VersionIdentity
    url: str
    proof: str = ""
    attribution: str = ""
    start: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "title": self.title,
            "vendor": self.vendor,
            "clause": self.clause,
            "quote": self.quote,
            "version": self.version.to_json(),
            "url": self.url,
            "proof": self.proof,
        }


@dataclass(frozen=True, slots=True)
class FactView:
    """One line of a card as people see it, in our words, with the clauses that prove it.

    ``label`` names what it is about, ``wording`` says its value, ``figure`` its number and unit.
    ``applies_to`` are plans or models, ``about`` the regions or subjects that it names, by their
    labels; ``when`` says what brings a duty about. ``status`` is ``current``, ``stale`` or
    ``unread``; ``why`` says why it is not current. A fact that is not current is never told as if
    it stood.
    """

    field: str
    label: str
    section: str
    value: str
    wording: str
    says: str
    status: FactStatus
    why: str
    citations: tuple[Citation, ...]
    applies_to: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    when: str = ""
    figure: str = ""

    @property
    def current(self) -> bool:
        """Whether its clauses still say what they said when it was read."""
        return self.status is FactStatus.CURRENT

    def to_json(self) -> dict[str, Any]:
        first = self.citations[0] if self.citations else None
        return {
            "field": self.field,
            "label": self.label,
            "value": self.value,
            "says": self.says,
            "status": self.status.value,
            "why": self.why,
            "applies_to": list(self.applies_to),
            "about": list(self.about),
            "when": self.when,
            "figure": self.figure,
            "source": first.source if first else "",
            "clause": first.clause if first else "",
            "citations": [each.to_json() for each in self.citations],
        }


@dataclass(frozen=True, slots=True)
class Quote:
    """Words said to stand in a passage. ``passage`` counts from 1 in the order of retrieval."""

    passage: int
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a draft and the quotes that are to carry it; unchecked."""

    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply before it is checked."""

    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage as it is shown: source id, clause label for people, text, fused rank score."""

    source: str
    clause: str
    text: str
    score: float

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "clause": self.clause,
            "text": self.text,
            "score": self.score,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """Text, verdict and citations after checking.

    ``text`` is in our (or the chat model's) words and refers to citations by their place, "[1]".
    ``facts`` are lines of cards on the topic of the question.
    ``notices`` are sentences that must be shown with it, such as that a document was superseded.
    ``as_of`` is the day that it is about, None for today.
    """

    question: str
    status: AnswerStatus
    verdict: Verdict | None
    text: str
    facts: tuple[FactView, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Retrieved, ...]
    notices: tuple[str, ...]
    seconds: float
    as_of: date | None = None

    def to_json(self) -> dict[str, Any]:
        """The document that ``smallprint ask --json`` prints."""
        return {
            "question": self.question,
            "status": self.status.value,
            "verdict": self.verdict.value if self.verdict else None,
            "text": self.text,
            "facts": [each.to_json() for each in self.facts],
            "citations": [each.to_json() for each in self.citations],
            "passages": [each.to_json() for each in self.passages],
            "notices": list(self.notices),
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "seconds": round(self.seconds, 4),
        }
