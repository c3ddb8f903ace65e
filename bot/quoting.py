"""Answering without a chat model: which clauses of the retrieved passages decide, quoted whole.

Owns the choice of quotes and the lead sentence that says what they are. Draws no legal conclusion.
What may be quoted at all is left to ``bot.spans``; what it drafts is checked by ``bot.grounding``
like everything else.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from bot.citing import Library
from bot.domain import Citation, Claim, Draft, Quote, Scope
from bot.spans import quotable, says_something
from bot.topics import Topics, run
from bot.words import stems
from ingest.domain import Chunk, Passage

if TYPE_CHECKING:
    from bot.cards.relevant import Relevant

MOST_QUOTES = 4
_READ = 12  # passages, from the best, whose clauses may be quoted
# Weights were tried on own questions (docs/retrieval.md).
_TYPED = 0.7  # worth of all the question's own words
_WRITTEN = 0.4  # worth of the words that texts use for the topics asked
_PHRASED = 0.2  # worth of saying of each topic asked what texts say, word after word
_RANK = 0.3  # worth of standing in the first passage; in the second half of it, and so on
_POINTED = 0.7  # worth of being what the nearest fact points at; less for each further one
_FURTHER = 0.3
_MEANING = 2.0  # worth of the cosine between the question and the passage
_LEAST = 0.2  # share of the best own worth below which a quote does not belong to the answer
_NUMBERED = re.compile(
    r"((?:\d+|[ivxlc]+|[a-z])(?:\.\w+)*)(?:\. (.*))?$", re.IGNORECASE | re.DOTALL
)
_LONGEST_PLACE = 60  # characters
_KEPT = 2_048  # chunks of which the spans that may be quoted stay known
_SAME = 0.8  # overlap of stems from which two quotes say the same


@dataclass(frozen=True, slots=True)
class Spoken:
    """A span of a version with its telling words, and with all words in their order."""

    source: str
    start: int
    end: int
    text: str
    stems: frozenset[str]
    run: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a passage's version that could be quoted; ``passage`` counts from 1."""

    passage: int
    span: Spoken

    @property
    def source(self) -> str:
        return self.span.source


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with what it is worth of its ``own``, and for the ``place`` it stands in."""

    candidate: Candidate
    own: float
    place: float

    @property
    def whole(self) -> float:
        return self.own + self.place


class Quoter:
    """Chooses quotes by the words of the question and of its topics, by facts, and by meaning."""

    def __init__(self, topics: Topics, library: Library) -> None:
        self._topics = topics
        self._library = library
        self._spoken = lru_cache(maxsize=_KEPT)(self._spoken_in)

    def draft(self, scope: Scope, passages: Sequence[Passage], ranked: Sequence[Relevant]) -> Draft:
        """The quotes that decide best, most decisive first; a silent claim for each.

        At least one comes from each side of a comparison, at most :data:`MOST_QUOTES` in all.
        ``passages`` and ``ranked``, the facts nearest to the question, are best first.
        """
        chosen = self._chosen(scope, passages, ranked)
        return Draft(tuple(Claim("", (Quote(each.passage, each.span.text),)) for each in chosen))

    def _chosen(
        self, scope: Scope, passages: Sequence[Passage], ranked: Sequence[Relevant]
    ) -> list[Candidate]:
        scored = self._scored(scope.rest, passages[:_READ], ranked)
        if len(scope.sides) < 2:
            return _best(scored, MOST_QUOTES)
        each_side = max(1, MOST_QUOTES // len(scope.sides))
        sides = [
            _best([each for each in scored if each.candidate.source in side], each_side)
            for side in scope.sides
        ]
        in_turn = [each for row in zip_longest(*sides) for each in row if each is not None]
        return list(dict.fromkeys(in_turn))[:MOST_QUOTES]

    def _scored(
        self, asked: str, passages: Sequence[Passage], ranked: Sequence[Relevant]
    ) -> list[Scored]:
        """What of ``passages`` may be quoted, best first."""
        candidates = list(self._candidates(passages))
        typed = _weights(stems(asked), candidates)
        topics = self._topics.asked_in(asked)
        written = _weights(stems(" ".join(self._topics.phrases(topics))), candidates)
        scored = [
            Scored(
                each,
                own=_TYPED * _share(typed, each)
                + _WRITTEN * _share(written, each)
                + _PHRASED * self._topics.share(topics, each.span.run)
                + _pointed(each.span, ranked),
                place=_RANK / each.passage
                + _MEANING * max(0.0, passages[each.passage - 1].similarity),
            )
            for each in candidates
        ]
        return sorted(scored, key=lambda each: -each.whole)

    def _candidates(self, passages: Sequence[Passage]) -> Iterator[Candidate]:
        seen: set[tuple[str, int, int]] = set()
        for number, passage in enumerate(passages, 1):
            for span in self._spoken(passage.chunk):
                place = (span.source, span.start, span.end)
                if place not in seen:
                    seen.add(place)
                    yield Candidate(number, span)

    def _spoken_in(self, chunk: Chunk) -> tuple[Spoken, ...]:
        """What of a chunk may be quoted and says something. Never changes for the same chunk."""
        text = self._library.text(chunk.source, chunk.version)
        return tuple(
            Spoken(chunk.source, start, end, words, frozenset(found), run(words))
            for start, end in quotable(text, chunk.start, chunk.end)
            if says_something(words := text.version.text[start:end], found := stems(words))
        )


def _pointed(span: Spoken, ranked: Sequence[Relevant]) -> float:
    """What it is worth that facts point into a span: that of the nearest one that does."""
    places = (
        place + further
        for place, each in enumerate(ranked)
        for further, cited in enumerate(each.fact.citations)
        if cited.source == span.source and span.start <= cited.start < span.end
    )
    return _POINTED / (1 + _FURTHER * nearest) if (nearest := min(places, default=-1)) >= 0 else 0.0


def _best(scored: Sequence[Scored], most: int) -> list[Candidate]:
    """The first of ``scored`` that belong together and do not say the same twice."""
    least = _LEAST * max((each.own for each in scored), default=0.0)
    chosen: list[Candidate] = []
    for each in scored:
        if len(chosen) >= most:
            break
        if each.own >= least and not any(_same(each.candidate.span, one.span) for one in chosen):
            chosen.append(each.candidate)
    return chosen


def lead(citations: Sequence[Citation]) -> str:
    """One sentence in our words that says where the quotes stand, and no more than that."""
    places: dict[str, list[str]] = {}
    for each in citations:
        listed = places.setdefault(each.title, [])
        place = _place(each.clause)
        if place and place not in listed:
            listed.append(place)
    told = [f"the {title}{_in(where)}" for title, where in places.items()]
    sentence = f"{_and(told)} {'speaks' if len(told) == 1 else 'speak'} to this:"
    return f"{sentence[0].upper()}{sentence[1:]}"


def _place(clause: str) -> str:
    """The name of a clause within a sentence; a title that is itself a sentence is left out."""
    numbered = _NUMBERED.match(clause)
    label, title = numbered.groups("") if numbered else ("", clause)
    title = "" if len(title) > _LONGEST_PLACE else title
    if not label:
        return f"“{title}”" if title else ""
    return f"section {label}, {title}" if title else f"section {label}"


def _in(places: Sequence[str]) -> str:
    return f" ({'; '.join(places)})" if places else ""


def _and(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)


def _weights(wanted: Iterable[str], candidates: Sequence[Candidate]) -> dict[str, float]:
    """Stems by how few of the candidates have them."""
    sought = set(wanted)
    frequency = Counter(stem for each in candidates for stem in each.span.stems & sought)
    total = len(candidates) + 1
    return {stem: math.log(1 + total / (0.5 + frequency[stem])) for stem in sought}


def _share(weights: dict[str, float], candidate: Candidate) -> float:
    """How much of the wanted stems' weight a candidate has, 0 to 1."""
    whole = sum(weights.values())
    return (
        sum(weights[stem] for stem in candidate.span.stems & weights.keys()) / whole if whole else 0
    )


def _same(one: Spoken, other: Spoken) -> bool:
    """Whether two spans overlap or say the same in almost the same words."""
    if one.source == other.source and one.start < other.end and other.start < one.end:
        return True
    union = len(one.stems | other.stems)
    return union > 0 and len(one.stems & other.stems) / union >= _SAME
