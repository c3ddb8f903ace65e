"""Which of several facts has the say: of one card, of its plans and models, and of several cards.

What each of them answers is left to ``bot.verdicts``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.relevant import Relevant
from bot.cards.uses import COUNTED
from bot.domain import Verdict
from bot.words import plain
from ingest.answers import Asked, Word

_TURNED = {Word.YES: Word.NO, Word.NO: Word.YES}
_WORST = {
    Asked.MAY: (Word.NO, Word.UNCLEAR, Word.CONDITIONAL, Word.YES),
    Asked.MUST: (Word.YES, Word.UNCLEAR, Word.CONDITIONAL, Word.NO),
    Asked.LICENCE: (Word.YES, Word.UNCLEAR, Word.CONDITIONAL, Word.NO),
}
"""From what costs most to overlook to what costs least. To what else is asked the best fact answers
alone."""
_AS_NEAR = 0.9  # share of the best score from which facts on several plans are weighed together
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Decided:
    """A verdict, None where no word answers, and the facts that it rests on."""

    verdict: Verdict | None
    facts: tuple[Relevant, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a fact answers to a reading, before the question is turned round."""

    fact: Relevant
    word: Word
    asked: Asked
    turned: bool

    @property
    def field(self) -> str:
        return self.fact.fact.field

    @property
    def told(self) -> Word:
        """The word after the question is turned round."""
        return _TURNED.get(self.word, self.word) if self.turned else self.word


def decided(
    said: Sequence[Said], fields: frozenset[str], words: frozenset[str], *, compared: bool
) -> Decided:
    """One word where all cards say the same; else it depends on which, or has none.

    Args:
        said: what facts answer, the best first; at least one.
        fields: those that decide what is to be done.
        words: those of the question, in which plans and models may be named.
        compared: whether the question compares, and asks no word that holds for each.
    """
    of_card: dict[str, list[Said]] = {}
    for each in said:
        of_card.setdefault(each.fact.card, []).append(each)
    if len(of_card) > 1:
        # Of several cards only what they say on one and the same field can be compared.
        field = said[0].field
        of_card = {
            card: same
            for card, every in of_card.items()
            if (same := [each for each in every if each.field == field])
        }
    found = [_of_card(every, fields, words) for every in of_card.values()]
    facts = tuple(fact for _, deciding in found for fact in deciding)
    told = {word for word, _ in found}
    if len(told) == 1:
        return Decided(Verdict(told.pop().value), facts)
    return Decided(None if compared else Verdict.CONDITIONAL, facts)


def _of_card(
    said: Sequence[Said], fields: frozenset[str], words: frozenset[str]
) -> tuple[Word, tuple[Relevant, ...]]:
    """The word of one card and the facts that it rests on.

    Of facts on different plans or models those count that are on the one named; where none is, it
    depends on which.
    """
    field = said[0].field
    least = _AS_NEAR * said[0].fact.score
    same = [each for each in said if each.field == field and each.fact.score >= least]
    if len({each.word for each in same}) > 1 and any(_part(each) for each in same):
        every = frozenset.intersection(*(_part(each) for each in same if _part(each)))
        named = [len((_part(each) - every) & words) for each in same]
        if named.count(max(named)) > 1 or not any(named):
            return Word.CONDITIONAL, tuple(each.fact for each in same)
        said = [same[named.index(max(named))]]
    worst = _worst(said, fields)
    return worst.told, (worst.fact,)


def _part(said: Said) -> frozenset[str]:
    return frozenset(_WORDS.findall(plain(" ".join(said.fact.fact.applies_to))))


def _worst(said: Sequence[Said], deciding: frozenset[str]) -> Said:
    """The first of one card, unless another one on what is asked answers with worse news."""
    first = said[0]
    order = _WORST.get(first.asked)
    if order is None:
        return first
    fields = {first.field, *deciding, *COUNTED}
    others = [
        each
        for each in said[1:]
        if (each.asked, each.turned) == (first.asked, first.turned) and each.field in fields
    ]
    return min([first, *others], key=lambda each: order.index(each.word))
