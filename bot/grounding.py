"""The last check before anything is said: a quote that is not verbatim in its passage goes.

Every draft passes here, whoever wrote it. Only white space is repaired. What a chat model adds in
its own words must also be carried by its quotes: no numbers, addresses or orders of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.citing import Library
from bot.domain import Claim, Draft, Quote
from bot.words import plain, stems, tokens
from ingest.domain import Passage
from ingest.normalise import locate

_FEWEST_WORDS = 3
_CARRIED = 0.4  # share of a claim's telling words that its quotes (or the question) must hold
_ADDRESS = re.compile(r"\w://|\bwww\.|\S@\S|<[@!#]", re.IGNORECASE)
_ORDER_TO_A_PROGRAM = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|message|above)"
    r"|\b(?:system prompt|developer mode|jailbreak)\b"
    r"|\b(?:assistant|chat ?bot|language model|ai model|ai system|llm|summari[sz]er)s?\b.{0,60}"
    r"\b(?:must|should|shall|has to|have to|is to|are to|will)\b.{0,20}"
    r"\b(?:answer|say|tell|reply|respond|state|output|report|conclude|recommend)\b",
    re.IGNORECASE | re.DOTALL,
)


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
    draft: Draft, passages: Sequence[Passage], library: Library, question: str
) -> list[Grounded]:
    """Keep the claims of ``draft`` that at least one verbatim quote carries.

    A claim loses every quote whose words do not stand in the version that the cited passage is of.
    A claim with words of its own is dropped as a whole when they say what its quotes do not.

    Raises:
        DatabaseError: a cited version cannot be read.
    """
    kept = []
    for claim in draft.claims:
        found = [span for each in claim.quotes if (span := _find(each, passages, library))]
        spans = tuple(dict.fromkeys(found))
        if spans and _is_carried(claim, spans, library, question):
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


def _is_carried(claim: Claim, spans: Sequence[Span], library: Library, question: str) -> bool:
    """Whether a claim says nothing that its quotes do not carry; silent claims always pass."""
    if not claim.text:
        return True
    quoted = " ".join(words_of(each, library) for each in spans)
    if _ADDRESS.search(claim.text) or _ORDER_TO_A_PROGRAM.search(quoted):
        return False
    titles = " ".join(library.title(each.source) for each in spans)
    known = f"{quoted} {question} {titles}"
    if not _numbers(claim.text) <= _numbers(known):
        return False
    said = set(stems(claim.text))
    carried = said & set(stems(known))
    return bool(said & set(stems(quoted))) and len(carried) >= _CARRIED * len(said)


def _numbers(text: str) -> set[str]:
    return {each.text for each in tokens(plain(text)) if each.is_number}
