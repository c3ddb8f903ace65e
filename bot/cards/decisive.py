"""Which clauses of a licence decide most, found by the topics that they speak to.

Shown for cards of which nobody wrote facts yet.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.cards.views import DecisiveClause
from bot.citing import Library, Text, clause_name
from bot.spans import quotable, says_something
from bot.topics import Topics
from bot.words import stems

_MOST_CLAUSES = 10
_LEAST_WEIGHT = 1.5  # of the phrases of a topic in a span, below which it only grazes the topic


def decisive(topics: Topics, texts: Sequence[Text], library: Library) -> list[DecisiveClause]:
    """The span that speaks best to each decisive topic; one that serves several is shown once."""
    spans = [each for text in texts for each in _spans(text, topics)]
    rarity = Counter(phrase for each in spans for found in each.topics.values() for phrase in found)
    labels: dict[_Span, list[str]] = {}
    for id, label in topics.decisive().items():
        scored = [
            (_weight(each, id, rarity, len(spans)), each) for each in spans if id in each.topics
        ]
        best = max(scored, key=lambda pair: pair[0], default=None)
        if best is not None and best[0] >= _LEAST_WEIGHT:
            labels.setdefault(best[1], []).append(label)
    return [
        DecisiveClause(
            "; ".join(each), library.cite(span.source, span.version, span.start, span.end)
        )
        for span, each in [*labels.items()][:_MOST_CLAUSES]
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Span:
    """Words that may be quoted, the topics that they speak to, and those their title speaks to."""

    source: str
    version: int
    start: int
    end: int
    topics: dict[str, list[str]]
    titled: frozenset[str]


def _spans(text: Text, topics: Topics) -> Iterator[_Span]:
    version = text.version
    for start, end in quotable(text, 0, len(version.text)):
        words = version.text[start:end]
        clause = text.clause_at(start)
        title = clause_name(clause) if clause else ""
        if says_something(words, stems(words)):
            found = topics.written_in(words)
            titled = frozenset(topics.written_in(title))
            yield _Span(version.source, version.number, start, end, found, titled)


def _weight(span: _Span, topic: str, rarity: Counter[str], spans: int) -> float:
    """How well a span speaks to a topic: by rare and long phrases, doubled by a fitting title."""
    said = sum(
        math.log(spans / rarity[phrase]) / math.log(spans + 1) * len(phrase.split())
        for phrase in span.topics[topic]
    )
    return said * (2 if topic in span.titled else 1)
