"""What a question says of numbers, ages and acts, held against a fact that turns on them.

Owns the arithmetic of verdicts; which fact has the say is left to ``bot.verdicts``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.cards.facts import DELIVERY
from bot.cards.uses import COUNTED, Use
from ingest.answers import Asked, Word
from ingest.facts import Amount, Fact
from ingest.figures import figures

_RIVALS = ("outputs-train-models", "competing-products")
_LATER = re.compile(
    r"\b(?:will|might|later|next|future|grow(?:ing)?|reach|eventually|someday|soon|if)\b"
)
_SPAN = re.compile(r"[\s-]{1,2}(hour|day|week|month|year)s?\b(?! old\b)")
_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.0, "year": 365.0}
_OLDEST = 120


@dataclass(frozen=True, slots=True)
class Question:
    """What of a question is weighed: the sentence that asks, what is to be done, what is asked.

    ``at_release``: a fact was found that only the time of the release counts for limits.
    """

    text: str
    use: Use
    asked: Asked
    at_release: bool = False


def weighed(word: Word, fact: Fact, question: Question) -> Word:
    """The word that ``fact`` answers, after what the question says; ``word`` where it says nothing.

    Args:
        word: what the value of the fact answers by itself.
        fact: as the card declares it.
        question: what is asked of it.
    """
    asked = question.asked
    if fact.field in COUNTED and asked in (Asked.MAY, Asked.LICENCE):
        return _counted(word, fact, question)
    if fact.field == "minimum-age" and asked is Asked.MAY and fact.amount is not None:
        return _aged(word, fact.amount, question.text)
    if fact.value == "days" and asked is Asked.THEY and fact.amount is not None:
        return _in_time(word, fact.amount, question.text)
    if fact.value == "permitted-if" and asked is Asked.MAY and "compete" in question.use.acts:
        # What is asked is the very thing that such a condition leaves out.
        return Word.NO if fact.field in _RIVALS and "compet" in fact.says else word
    if fact.value == "required-if" and asked is Asked.MUST:
        return _due(word, fact, question.use)
    return word


def _counted(word: Word, fact: Fact, question: Question) -> Word:
    """A number of users, or revenue, held against the limit; without one it depends."""
    stated = _stated(fact, question.use)
    if fact.amount is None or stated is None:
        return word
    over = stated > fact.amount.number
    if over and question.at_release and _LATER.search(question.text):
        return Word.CONDITIONAL
    if question.asked is Asked.LICENCE:
        return Word.YES if over else Word.NO
    if not over:
        return Word.YES
    return Word.CONDITIONAL if fact.value == "duty-above" else Word.NO


def _stated(fact: Fact, use: Use) -> int | None:
    """The number of the question that can be compared with the limit of ``fact``."""
    if fact.field == "user-threshold":
        return use.users
    per_month = fact.amount is not None and fact.amount.unit == "usd-a-month"
    return use.revenue if per_month == (use.revenue_per == "month") else None


def _aged(word: Word, least: Amount, text: str) -> Word:
    """An age held against the least one, where one alone is named."""
    ages = [each.number for each in figures(text) if each.number < _OLDEST]
    if len(ages) != 1:
        return word
    return Word.YES if ages[0] >= least.number else Word.NO


def _in_time(word: Word, notice: Amount, text: str) -> Word:
    """A stretch of time held against the notice that the vendor owes."""
    for each in figures(text):
        span = _SPAN.match(text, each.end)
        if span is not None:
            owed = notice.number * _DAYS[notice.unit.removesuffix("s")]
            return Word.YES if each.number * _DAYS[span[1]] >= owed else Word.NO
    return word


def _due(word: Word, fact: Fact, use: Use) -> Word:
    """Whether what is said to be done brings a duty about."""
    bringing = frozenset().union(*fact.when)
    if not bringing or any(combination <= use.acts for combination in fact.when):
        return Word.YES
    on_delivery = all(combination & DELIVERY for combination in fact.when)
    if on_delivery and "use-internally" in use.acts and not use.acts & DELIVERY:
        return Word.NO
    return word if use.acts - bringing or use.denied & bringing else Word.YES
