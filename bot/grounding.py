"""The last check before anything is said: a quote that is not verbatim in its passage goes.

Every draft passes here, whoever wrote it. Only white space is repaired. Clauses that give orders to
programs are quoted by nobody. What a chat model adds in its own words must also be carried by its
quotes, or by facts that rest on them: no numbers, vendors, addresses or markup of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.citing import Library
from bot.domain import Claim, Draft, FactView, Quote
from bot.words import plain, stems, tokens
from ingest.domain import Passage
from ingest.normalise import locate

_FEWEST_WORDS = 3
_CARRIED = 0.4  # share of a claim's telling words that its quotes (or the question) must hold
_FEWEST_CARRIED = 2  # telling words, so that one shared word does not carry a short claim
# Links, addresses, mentions of Slack, tags of HTML, links of Markdown.
_ADDRESS = re.compile(r"\w://|\bwww\.|@\w|</?[@!#?a-z]|\]\(|\bjavascript:", re.IGNORECASE)
_SITE = re.compile(r"[^\W_][\w-]{0,62}\.[a-z]{2,24}\b", re.IGNORECASE)  # "evil.example"
_ORDER_TO_A_PROGRAM = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|message|above)"
    r"|\b(?:system prompt|developer mode|jailbreak)\b"
    r"|\b(?:assistant|chat ?bot|language model|ai model|ai system|llm|summari[sz]er)s?\b.{0,60}"
    r"\b(?:must|should|shall|has to|have to|is to|are to|will)\b.{0,20}"
    r"\b(?:answer|say|tell|reply|respond|state|output|report|conclude|recommend)\b",
    re.IGNORECASE | re.DOTALL,
)
# A permission and a prohibition, told apart only where both are plain: "may", and "may not".
_PERMITS = re.compile(
    r"\b(?:may|can|lets?|allow(?:s|ed)?|permit(?:s|ted)?|grants?|granted|free(?:ly)?|entitled)\b"
    r"(?!\s+not\b)",
    re.IGNORECASE,
)
_FORBIDS = re.compile(
    r"\b(?:must|may|shall|can|will)\s+not\b|\bnot\s+(?:permitted|allowed|authori[sz]ed)\b"
    r"|\b(?:cannot|never|prohibit(?:s|ed)?|forbids?|forbidden|barred)\b",
    re.IGNORECASE,
)
_NEGATES = re.compile(r"\b(?:not|no|none|nor|neither)\b|n['’]t\b", re.IGNORECASE)
_LIMITS = re.compile(
    r"\b(?:unless|except|without|until|only|alone|solely|if|but|other than|limited|subject to)\b",
    re.IGNORECASE,
)
_AROUND = 600  # characters to each side of a quote, within its clause, in which an order is sought


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` of a version: a quote that was found where it was said to stand."""

    source: str
    version: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Grounded:
    """A claim that survived, with the spans that carry it (at least one)."""

    text: str
    spans: tuple[Span, ...]


def ground(
    draft: Draft,
    passages: Sequence[Passage],
    library: Library,
    question: str,
    facts: Sequence[FactView] = (),
) -> list[Grounded]:
    """Keep the claims of ``draft`` that at least one verbatim quote carries.

    A claim loses every quote whose words do not stand in the version that the cited passage is of,
    or stand in a clause that gives orders to programs. A claim with words of its own is dropped as
    a whole when they say what neither its quotes say nor those of ``facts`` that rest on them.

    Raises:
        DatabaseError: a cited version cannot be read.
    """
    kept = []
    for claim in draft.claims:
        found = [span for each in claim.quotes if (span := _find(each, passages, library))]
        spans = tuple(each for each in dict.fromkeys(found) if not _is_ordering(each, library))
        if spans and _is_carried(claim, spans, library, question, facts):
            kept.append(Grounded(claim.text, spans))
    return kept


def words_of(span: Span, library: Library) -> str:
    """The quoted words as they stand in the version."""
    return library.text(span.source, span.version).version.text[span.start : span.end]


def _find(quote: Quote, passages: Sequence[Passage], library: Library) -> Span | None:
    """Look in the passage first, then in its whole version: a quote may run over its edge."""
    if not 1 <= quote.passage <= len(passages) or len(quote.text.split()) < _FEWEST_WORDS:
        return None
    chunk = passages[quote.passage - 1].chunk
    place = locate(quote.text, chunk.text)
    if place is not None:
        return Span(chunk.source, chunk.version, chunk.start + place[0], chunk.start + place[1])
    text = library.text(chunk.source, chunk.version).version.text
    place = locate(quote.text, text)
    return Span(chunk.source, chunk.version, *place) if place else None


def _is_ordering(span: Span, library: Library) -> bool:
    """Whether an order to a program stands around a quote, be the quote itself as plain as may be.

    No document that we follow has such a clause; somebody would have planted it.
    """
    text = library.text(span.source, span.version)
    clauses = text.within(span.start, span.end)
    first = min((each.start for each in clauses), default=span.start)
    last = max((each.end for each in clauses), default=span.end)
    start, end = max(first, span.start - _AROUND, 0), min(last, span.end + _AROUND)
    near = text.version.text[min(start, span.start) : max(end, span.end)]
    return _ORDER_TO_A_PROGRAM.search(near) is not None


def _is_carried(
    claim: Claim,
    spans: Sequence[Span],
    library: Library,
    question: str,
    facts: Sequence[FactView],
) -> bool:
    """Whether a claim says nothing that its quotes do not carry; silent claims always pass."""
    if not claim.text:
        return True
    quoted = " ".join(words_of(each, library) for each in spans)
    quoted = " ".join([quoted, *_proven(facts, spans, library)])
    names = " ".join(library.named(each.source) for each in spans)
    known = f"{quoted} {question} {names}"
    if _has_address(claim.text, known) or _has_stranger(claim.text, known, library):
        return False
    if _turns_round(claim.text, quoted) or not _numbers(claim.text) <= _numbers(known):
        return False
    said = set(stems(claim.text))
    carried = said & set(stems(known))
    least = max(_CARRIED * len(said), min(_FEWEST_CARRIED, len(said)))
    return bool(said & set(stems(quoted))) and len(carried) >= least


def _proven(facts: Sequence[FactView], spans: Sequence[Span], library: Library) -> Iterator[str]:
    """What the facts say that rest on words which are quoted: people wrote it about these words."""
    for fact in facts:
        if any(_rests(fact, span, library) for span in spans):
            yield f"{fact.says} {fact.figure}"


def _rests(fact: FactView, span: Span, library: Library) -> bool:
    words = words_of(span, library)
    return any(
        (each.source, each.version.number) == (span.source, span.version)
        and (words in each.quote or each.quote in words)
        for each in fact.citations
    )


def _has_address(said: str, known: str) -> bool:
    """Whether something leads elsewhere; the bare name of a site may stand where it is known."""
    sites = {each.casefold() for each in _SITE.findall(said)}
    return bool(_ADDRESS.search(said) or sites - {*map(str.casefold, _SITE.findall(known))})


def _has_stranger(said: str, known: str, library: Library) -> bool:
    """Whether a vendor is named of whom neither the quotes nor the question speak."""
    known = known.casefold()
    return any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said) and name.casefold() not in known
        for name in library.vendors
        if name in said
    )


def _turns_round(said: str, quoted: str) -> bool:
    """Whether a bare permission is read out of words that do nothing but forbid."""
    if not _PERMITS.search(said) or _FORBIDS.search(said) or _NEGATES.search(said):
        return False
    forbids = _FORBIDS.search(quoted) and not _PERMITS.search(quoted)
    return bool(forbids) and not _LIMITS.search(f"{said} {quoted}")


def _numbers(text: str) -> set[str]:
    return {each.text for each in tokens(plain(text)) if each.is_number}
