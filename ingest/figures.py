"""Numbers as texts and people write them: "700 million", "2M", "30,000", "thirty (30)", "fourteen".

Only whole numbers, and figures with a decimal point before a multiplier ("1.5 million").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {
    **{word: number for number, word in enumerate((*_ONES, *_TEENS, "eighteen", "nineteen"), 1)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
}
_MULTIPLIERS = {
    **dict.fromkeys(("k", "thousand"), 10**3),
    **dict.fromkeys(("m", "mn", "mio", "million", "millions"), 10**6),
    **dict.fromkeys(("b", "bn", "billion", "billions"), 10**9),
    "hundred": 100,
}
_MULTIPLIER = "|".join(sorted(_MULTIPLIERS, key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:[,'’ \u00a0]\d{3})+(?!\d)|\d{1,15}(?:\.\d{1,6})?"
_SPELT = rf"(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_ONES)})|{'|'.join(_WORDS)}"
_FIGURE = re.compile(
    rf"(?<![\w.])(?P<money>[$€£]\s?|usd\s?|eur\s?|us\$\s?)?(?P<number>{_DIGITS}|\b(?:{_SPELT})\b)"
    rf"(?:[\s-]{{0,2}}(?P<multiplier>{_MULTIPLIER})\b)?(?P<plus>\+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and where it stands. ``money``: a sign of dollars, euros or pounds is before it."""

    number: int
    start: int
    end: int
    money: bool


def figures(text: str) -> Iterator[Figure]:
    """Every figure of ``text`` in the order in which they stand; fractions of one are dropped."""
    for found in _FIGURE.finditer(text):
        multiplier = _MULTIPLIERS.get((found["multiplier"] or "").lower(), 1)
        number = _number(found["number"]) * multiplier
        if number == int(number):
            yield Figure(int(number), found.start(), found.end(), bool(found["money"]))


def _number(written: str) -> Decimal:
    lowered = written.lower()
    if lowered[0].isdigit():
        return Decimal(re.sub(r"[,'’ \u00a0]", "", lowered))
    return Decimal(sum(_WORDS[word] for word in re.split(r"[- ]", lowered)))
