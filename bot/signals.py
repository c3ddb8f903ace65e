"""What tells whether documents settle a question, in numbers that a calibration weighs.

Every signal lies between 0 and 1. How they are weighed is left to ``bot.calibration``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from bot.cards.relevant import Relevant
from bot.domain import Scope
from bot.topics import Topics
from bot.words import STOP_WORDS, plain, stems, tokens
from ingest.domain import Passage

if TYPE_CHECKING:
    from ingest.index import Index
    from ingest.past import PastIndex


@dataclass(frozen=True, slots=True)
class Signals:
    """Of one question.

    ``similarity``: cosine of the nearest passage, not below 0. ``lexical``: how high a passage
    stands in both rankings. ``shared``: the largest share of the telling words in one passage.
    ``strange``: share of the telling words that stand in no document and in no topic. ``fact``: how
    well a fact that settles speaks to it, rising to 1. ``topic``: whether a topic was recognised.
    ``named``: whether anything was named that is covered; the last two repeat similarity and
    strange words where nothing was named, and are 0 elsewhere.
    ``cue``: whether a word makes a kind of question likely that nothing answers; ``cue_alone``: so
    it is, and neither a topic was recognised nor a fact found. ``nothing``: neither of the two.
    """

    similarity: float
    lexical: float
    shared: float
    strange: float
    fact: float
    topic: float
    named: float
    similarity_anywhere: float
    strange_anywhere: float
    cue: float
    cue_alone: float
    nothing: float

    def to_json(self) -> dict[str, float]:
        """Name → value, in a fixed order."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


NAMES = tuple(each.name for each in fields(Signals))


def signals(
    scope: Scope,
    passages: Sequence[Passage],
    index: Index | PastIndex,
    facts: Sequence[Relevant],
    topics: Topics,
    cue: bool,
) -> Signals:
    """Take the signals of a question whose ``passages`` and ``facts`` were found."""
    similarity = max((max(each.similarity, 0.0) for each in passages), default=0.0)
    best = max((each.score for each in passages), default=0.0)
    words = {*stems(scope.rest)}
    shared = max((len(words & {*stems(each.chunk.text)}) for each in passages), default=0)
    settled = max((each.score for each in facts if each.settles), default=0.0)
    strange = _strange(scope.rest, index, topics)
    named = bool(scope.sources)
    topic = bool(topics.asked_in(scope.rest))
    nothing = not topic and settled <= 0.0
    return Signals(
        similarity=similarity,
        lexical=min(best, 1.0),
        shared=shared / len(words) if words else 0.0,
        strange=strange,
        fact=settled / (settled + 10.0) if settled > 0.0 else 0.0,
        topic=float(topic),
        named=float(named),
        similarity_anywhere=0.0 if named else similarity,
        strange_anywhere=0.0 if named else strange,
        cue=float(cue),
        cue_alone=float(cue and nothing),
        nothing=float(nothing),
    )


def _strange(rest: str, index: Index | PastIndex, topics: Topics) -> float:
    """Share of the telling words that neither a document nor a topic has."""
    words = [
        each.text
        for each in tokens(plain(rest))
        if each.text not in STOP_WORDS and not each.is_number
    ]
    strange = [each for each in words if not index.knows(each) and not topics.has(each)]
    return len(strange) / len(words) if words else 0.0
