"""Which facts of cards speak to a question.

By the topics that the question touches, by what it says is to be done, where and for what, by the
words it shares with a fact and by how near its meaning is. Says nothing where the question names no
card, or too many.
"""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from bot.cards.facts import Facts
from bot.cards.lookup import parts_named
from bot.cards.uses import COUNTED, Use, UseReader
from bot.domain import FactView, Scope
from bot.topics import Topics, Vector, VectorsOf
from bot.words import stems
from ingest.cards import Card
from ingest.facts import Fact, FactLine
from ingest.fields import Field
from ingest.proof import Proven

MOST_FACTS = 6
MOST_RANKED = 15
"""Facts that point at clauses; more find no more of them."""

_QUESTION = "open-question"
_MOST_CARDS = 4
_MOST_ASKED = 16  # cards of a vendor that are looked through
_CONTEXT = 0.3  # worth of what is done where the question is about something else
_EACH = 3  # facts of one card
# Worth of each bond; a rare word that is shared is worth about 2.
_TOPIC, _SPECIFIC, _ACT, _MEMBER = 3.0, 8.0, 3.0, 8.0
_BESIDE = 0.6  # worth of a topic that is not the first one of a field
_UNSETTLED = -1.0  # a fact that settles nothing
_STRANGER = -4.0  # a fact that names other regions or subjects than the question
_TELLING = 8.0  # worth of shared words, about four rare ones, that bind without any other bond
_LEAST = 0.6  # share of the best score of a card below which a fact is beside the point
_BOND = 2.5  # the least score with which a fact is about the question at all
_MEANING = 20.0  # worth of a cosine of 1 above what is no likeness
_UNLIKE = 0.2  # cosine up to which a fact is not like the question
_KEPT = 128  # cards whose facts stay ready


@dataclass(frozen=True, slots=True)
class Relevant:
    """A fact that speaks to a question, the card it is of, and how well it does.

    ``bound``: they are tied by a topic, an act, a place or a subject, or by so many words that this
    is no chance.
    """

    card: str
    fact: FactView
    score: float
    bound: bool

    @property
    def settles(self) -> bool:
        """Whether an answer may rest on it: bound, standing, with its clauses, and no question."""
        fact = self.fact
        return self.bound and fact.current and bool(fact.citations) and fact.value != _QUESTION


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question is about; ``specific`` are topics other than those of what is done."""

    use: Use
    topics: set[str]
    specific: set[str]
    stems: set[str]
    vector: Vector | None


@dataclass(frozen=True, slots=True)
class _Ready:
    """The facts of a card with their words and vectors, and in how many of them a word stands.

    ``views`` are those that were shown so far, by their place.
    """

    facts: Sequence[Proven]
    words: Sequence[set[str]]
    vectors: Sequence[Vector | None]
    common: Mapping[str, int]
    views: dict[int, FactView] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Scored:
    """A fact by its place among those of its card."""

    card: str
    ready: _Ready
    place: int
    score: float
    bound: bool


class FactFinder:
    """Finds facts for questions; safe to share between threads."""

    def __init__(
        self, facts: Facts, cards: Mapping[str, Card], topics: Topics, vectors: VectorsOf
    ) -> None:
        self._facts = facts
        self._cards = cards
        self._topics = topics
        self._vectors = vectors
        self._reader = UseReader(facts.fields)
        self._kept: OrderedDict[str, _Ready] = OrderedDict()
        self._lock = Lock()

    def ranked(
        self,
        scope: Scope,
        question: str,
        vector: Vector | None,
        versions: Mapping[str, int] | None,
    ) -> list[Relevant]:
        """The :data:`MOST_RANKED` facts of the scope's cards that are nearest to ``question``.

        Args:
            scope: whose cards are asked.
            question: as it was typed.
            vector: that of the question without its names, of length 1.
            versions: the version of each source that counts; None for what is served now.

        Raises:
            DatabaseError: the archive cannot be read.
        """
        cards = [self._cards[id] for id in scope.cards if self._cards[id].facts]
        if not 0 < len(cards) <= _MOST_ASKED:
            return []
        on_plan = [each for each in cards if parts_named(each, question)]
        if len(cards) > _MOST_CARDS and on_plan:
            cards = on_plan
        asked = self._asked(scope.rest or question, vector)
        found = [
            each
            for card in cards
            for each in self._of(card, versions, parts_named(card, question, scope.named), asked)
        ]
        nearest = sorted(found, key=lambda each: -each.score)[:MOST_RANKED]
        return [
            Relevant(each.card, self._viewed(each.ready, each.place), each.score, each.bound)
            for each in nearest
        ]

    def prepare(self) -> None:
        """Have the facts of every card ready, so that nobody waits for them; takes seconds.

        Raises:
            DatabaseError: the archive cannot be read.
        """
        for card in self._cards.values():
            self._ready(self._facts.proven(card), card.id)

    def _viewed(self, ready: _Ready, place: int) -> FactView:
        kept = ready.views.get(place)
        if kept is None:
            kept = ready.views[place] = self._facts.view(ready.facts[place])
        return kept

    def _asked(self, text: str, vector: Vector | None) -> _Asked:
        """What is asked: a topic of its own makes mere context of what is done."""
        use = self._reader.read(text)
        topics = set(self._topics.about(text, vector))
        fields = self._facts.fields
        done = {
            topic
            for act in use.acts | use.denied
            for field in fields.acts[act].decided_by
            for topic in fields.fields[field].topics
        }
        return _Asked(use, topics, topics - done, set(stems(text)), vector)

    def _of(
        self,
        card: Card,
        versions: Mapping[str, int] | None,
        named: frozenset[str],
        asked: _Asked,
    ) -> Iterator[_Scored]:
        """The facts of one card; none of plans and models other than those ``named``."""
        ready = self._ready(self._facts.proven(card, versions), card.id)
        for place, (each, words) in enumerate(zip(ready.facts, ready.words, strict=True)):
            fact = each.fact
            if named and fact.applies_to and not named & {*fact.applies_to}:
                continue
            shared = sum(
                math.log(len(ready.facts) / ready.common[stem]) for stem in asked.stems & words
            )
            bonds = self._bonds(fact, asked)
            alike = _likeness(asked.vector, ready.vectors[place])
            every = len(asked.stems) > 1 and asked.stems <= words
            bound = bonds > 0.0 or every or shared + alike >= _TELLING
            yield _Scored(card.id, ready, place, shared + bonds + alike, bound)

    def _ready(self, facts: Sequence[Proven], card: str) -> _Ready:
        """Facts with what is compared of them; ``facts`` are the same object until texts change.

        Vectors that are missing may be made by another process meanwhile, and are looked for again.
        """
        with self._lock:
            kept = self._kept.get(card)
            whole = kept is not None and all(each is not None for each in kept.vectors)
            if kept is not None and whole and kept.facts is facts:
                self._kept.move_to_end(card)
                return kept
        fields = self._facts.fields.fields
        lines = [
            FactLine.of(of.label, of.values[each.fact.value], each.fact.says)
            for each in facts
            for of in [fields[each.fact.field]]
        ]
        words = [set(stems(each.embedded)) for each in lines]
        ready = _Ready(
            facts, words, self._vectors(lines), Counter(stem for each in words for stem in each)
        )
        with self._lock:
            self._kept[card] = ready
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return ready

    def _bonds(self, fact: Fact, asked: _Asked) -> float:
        """How a fact is tied to what is asked, other than by words."""
        fields = self._facts.fields
        field = fields.fields[fact.field]
        mere = _CONTEXT if asked.specific else 1.0
        score = _UNSETTLED if fact.value in fields.unsettled else 0.0
        first = 1.0 if asked.topics & {*field.topics[:1]} else _BESIDE
        if asked.specific & {*field.topics}:
            score += _SPECIFIC * first
        elif asked.topics & {*field.topics}:
            score += _TOPIC * mere * first
        for act in asked.use.acts | asked.use.denied:
            deciding = fields.acts[act].decided_by
            if fact.field in deciding:
                score += mere * _ACT / (1 + deciding.index(fact.field))
        if fact.field in COUNTED and getattr(asked.use, COUNTED[fact.field]) is not None:
            score += _MEMBER
        return score + self._member_bond(fact, field, asked.use)

    def _member_bond(self, fact: Fact, field: Field, use: Use) -> float:
        """What it is worth that a fact names regions or subjects, those asked about or others."""
        if not fact.members:
            return 0.0
        members = self._facts.fields.members(field.lists)
        places = {
            each
            for id in use.home | use.market | use.subjects
            if id in members
            for each in (id, *members[id].within)
        }
        if places & set(fact.members):
            return _MEMBER
        return _STRANGER if field.lists is not None or places else 0.0


def told(ranked: Sequence[Relevant]) -> list[Relevant]:
    """Those of ``ranked`` that are shown: the best of each card, the cards in turn."""
    of_card: dict[str, list[Relevant]] = {}
    for each in ranked:
        best = of_card.setdefault(each.card, [each])[0]
        if each is not best and each.score >= _LEAST * best.score:
            of_card[each.card].append(each)
    kept = [
        facts[:_EACH] for facts in list(of_card.values())[:_MOST_CARDS] if facts[0].score >= _BOND
    ]
    in_turn = [each[place] for place in range(_EACH) for each in kept if place < len(each)]
    return [each for each in in_turn if each.score >= _BOND][:MOST_FACTS]


def _likeness(asked: Vector | None, fact: Vector | None) -> float:
    """What the nearness of two meanings is worth; nothing where a vector is missing."""
    if asked is None or fact is None:
        return 0.0
    return _MEANING * max(0.0, float(asked @ fact) - _UNLIKE)
