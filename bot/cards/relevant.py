"""Which facts of cards speak to a question.

By the topics that the question touches, by what it says is to be done, where and for what, and by
the words it shares with a fact. Says nothing where the question names no card, or too many.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.cards.facts import Facts
from bot.cards.lookup import parts_named
from bot.cards.uses import Use, UseReader
from bot.domain import FactView, Scope
from bot.topics import Topics
from bot.words import stems
from ingest.cards import Card

MOST_FACTS = 6
_MOST_CARDS = 4
_EACH = 3  # facts of one card
_TOPIC, _ACT, _MEMBER = 3.0, 3.0, 8.0  # worth of each bond; a rare shared word is worth about 2
_STRANGER = -4.0  # a fact that names other regions or subjects than the question
_LEAST = 0.6  # share of the best score of a card below which a fact is beside the point
_BOND = 2.5  # the least score with which a fact is about the question at all


@dataclass(frozen=True, slots=True)
class Relevant:
    """A fact that speaks to a question, the card it is of, and how well it does.

    ``bound``: they are tied by a topic, an act, a place or a subject, or by every word that tells;
    not by some word alone.
    """

    card: str
    fact: FactView
    score: float
    bound: bool


class FactFinder:
    """Finds facts for questions; safe to share between threads."""

    def __init__(self, facts: Facts, cards: Mapping[str, Card], topics: Topics) -> None:
        self._facts = facts
        self._cards = cards
        self._topics = topics
        self._reader = UseReader(facts.fields)

    def about(
        self, scope: Scope, question: str, versions: Mapping[str, int] | None
    ) -> list[Relevant]:
        """The facts that speak to ``question``, best first, the cards of ``scope`` in turn.

        Args:
            scope: whose cards are asked.
            question: as it was typed.
            versions: the version of each source that counts; None for what is served now.

        Raises:
            DatabaseError: the archive cannot be read.
        """
        cards = [self._cards[id] for id in scope.cards if self._cards[id].facts]
        if not 0 < len(cards) <= _MOST_CARDS:
            return []
        use = self._reader.read(scope.rest or question)
        topics = set(self._topics.asked_in(scope.rest or question))
        asked = set(stems(scope.rest or question))
        found = [
            self._of(card, self._facts.of(card, versions), question, use, topics, asked)
            for card in cards
        ]
        in_turn = [each[place] for place in range(_EACH) for each in found if place < len(each)]
        return in_turn[:MOST_FACTS]

    def _of(
        self,
        card: Card,
        facts: Sequence[FactView],
        question: str,
        use: Use,
        topics: set[str],
        asked: set[str],
    ) -> list[Relevant]:
        facts = _on_plan(card, facts, question)
        told = [set(stems(f"{each.label} {each.wording} {each.says}")) for each in facts]
        common = Counter(stem for each in told for stem in each)
        scored = []
        for fact, words in zip(facts, told, strict=True):
            shared = sum(math.log(len(facts) / common[stem]) for stem in asked & words)
            bonds = self._bonds(fact, use, topics)
            bound = bonds > 0 or (len(asked) > 1 and asked <= words)
            if shared + bonds >= _BOND:
                scored.append(Relevant(card.id, fact, shared + bonds, bound))
        scored.sort(key=lambda each: -each.score)
        return [each for each in scored if each.score >= _LEAST * scored[0].score][:_EACH]

    def _bonds(self, fact: FactView, use: Use, topics: set[str]) -> float:
        """How a fact is tied to what is asked, other than by words."""
        fields = self._facts.fields
        field = fields.fields[fact.field]
        score = _TOPIC if topics & set(field.topics) else 0.0
        for act in use.acts | use.denied:
            deciding = fields.acts[act].decided_by
            if fact.field in deciding:
                score += _ACT / (1 + deciding.index(fact.field))
        if fact.about:
            members = fields.members(field.lists)
            places = {
                each
                for id in use.home | use.market | use.subjects
                if id in members
                for each in (id, *members[id].within)
            }
            named = {members[id].label for id in places}
            if named & set(fact.about):
                score += _MEMBER
            elif field.lists is not None or places:
                score += _STRANGER
        return score


def _on_plan(card: Card, facts: Sequence[FactView], question: str) -> list[FactView]:
    """Without the facts of other plans and models than those that are named."""
    named = parts_named(card, question)
    return [
        each for each in facts if not named or not each.applies_to or named & {*each.applies_to}
    ]
