"""Finding the weights and the bar of declining on questions whose right answer is known.

A logistic regression over few signals, and the bar of the least cost. The same questions always
give the same numbers. Asks and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.calibration import Calibration, Counts, Rates
from bot.domain import Question
from bot.evaluating.questions import Case
from bot.signals import NAMES, Signals
from ingest.errors import QuestionError

Matrix = NDArray[np.float64]

_FOLDS = 5
_RIDGE = 1.0  # pull of every weight towards 0, as much as one question: they are few
_STEPS = 50  # of Newton's method, which needs about seven
_ENOUGH = 1e-9
_DIGITS = 4  # that the file keeps


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question as it stands before it is weighed; ``ruled``: a rule declines it alone."""

    answerable: bool
    ruled: bool
    signals: Signals


def weigh(
    cases: Sequence[Case],
    ask: Callable[[Question], tuple[bool, Signals]],
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> list[Weighed]:
    """Ask all of ``cases`` for whether a rule declines them, and for their signals."""
    weighed = []
    for done, case in enumerate(cases, 1):
        ruled, signals = ask(Question(case.question, case.as_of))
        weighed.append(Weighed(case.answerable, ruled, signals))
        progress(done, len(cases))
    return weighed


def calibrated(weighed: Sequence[Weighed], cost: float) -> Calibration:
    """Find weights and bar.

    Args:
        weighed: in the order of their files, on which the division into fifths depends.
        cost: how many unanswerable questions answered weigh as much as one answerable declined.

    Raises:
        QuestionError: fewer than five questions of either sort.
    """
    answerable = sum(each.answerable for each in weighed)
    if min(answerable, len(weighed) - answerable) < _FOLDS:
        raise QuestionError(
            f"Calibrating needs at least {_FOLDS} questions that documents settle and {_FOLDS} "
            f"that none does; these are {answerable} and {len(weighed) - answerable}."
        )
    chances = np.zeros(len(weighed))
    fold = _folds(weighed)
    for each in range(_FOLDS):
        model = _fitted([one for one, of in zip(weighed, fold, strict=True) if of != each])
        chances[fold == each] = _chances(model, weighed)[fold == each]
    # On chances foretold: those of questions that were learnt from flatter the bar.
    bar = _cheapest(weighed, chances, cost)
    model = np.round(_fitted(weighed), _DIGITS)
    ruled = [each for each in weighed if each.ruled]
    counts = Counts(
        answerable,
        len(weighed) - answerable,
        sum(each.answerable for each in ruled),
        sum(not each.answerable for each in ruled),
    )
    return Calibration(
        intercept=float(model[0]),
        weights=dict(zip(NAMES, map(float, model[1:]), strict=True)),
        bar=bar,
        cost=cost,
        counts=counts,
        achieved=_rates(weighed, _chances(model, weighed), bar),
        foretold=_rates(weighed, chances, bar),
    )


def _folds(weighed: Sequence[Weighed]) -> NDArray[np.int64]:
    """The fifth that each question belongs to, as many of either sort in each."""
    seen = {True: 0, False: 0}
    folds = []
    for each in weighed:
        folds.append(seen[each.answerable] % _FOLDS)
        seen[each.answerable] += 1
    return np.array(folds)


def _matrix(weighed: Sequence[Weighed]) -> Matrix:
    return np.array([[1.0, *each.signals.to_json().values()] for each in weighed])


def _fitted(weighed: Sequence[Weighed]) -> Matrix:
    """Intercept and weights, by Newton's method; either sort of question counts half."""
    rows = _matrix(weighed)
    right = np.array([float(each.answerable) for each in weighed])
    share = right.mean()
    worth = np.where(right > 0.0, 0.5 / share, 0.5 / (1.0 - share))
    ridge = _RIDGE * np.eye(rows.shape[1])
    ridge[0, 0] = 0.0
    weights = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        chances = _logistic(rows @ weights)
        slope = rows.T @ (worth * (chances - right)) + ridge @ weights
        curve = (rows * (worth * chances * (1.0 - chances))[:, None]).T @ rows + ridge
        step = np.linalg.solve(curve + _ENOUGH * np.eye(len(curve)), slope)
        weights = weights - step
        if float(np.abs(step).max()) < _ENOUGH:
            break
    return weights


def _logistic(values: Matrix) -> Matrix:
    chances: Matrix = 1.0 / (1.0 + np.exp(-np.clip(values, -500.0, 500.0)))
    return chances


def _chances(weights: Matrix, weighed: Sequence[Weighed]) -> Matrix:
    return _logistic(_matrix(weighed) @ weights)


def _cheapest(weighed: Sequence[Weighed], chances: Matrix, cost: float) -> float:
    """The bar with the least cost; of equal ones the lowest, in the middle of its gap.

    What rules decline counts as well: they know the words of these questions, not of others.
    """
    left = [(float(chance), each.answerable) for chance, each in zip(chances, weighed, strict=True)]
    places = [0.0, *sorted({chance for chance, _ in left}), 1.0]
    gaps: list[float] = [0.0, *((low + high) / 2 for low, high in pairwise(places))]

    def priced(bar: float) -> float:
        return sum(
            cost if answerable else 0.0 for chance, answerable in left if chance < bar
        ) + sum(1.0 for chance, answerable in left if chance >= bar and not answerable)

    cheapest: float = min(gaps, key=lambda bar: (priced(bar), bar))
    return round(cheapest, _DIGITS)


def _rates(weighed: Sequence[Weighed], chances: Matrix, bar: float) -> Rates:
    declined = [
        (each.answerable, each.ruled or bool(chance < bar))
        for each, chance in zip(weighed, chances, strict=True)
    ]

    def share(answerable: bool) -> float:
        found = [no for sort, no in declined if sort is answerable]
        return round(sum(found) / len(found), _DIGITS)

    return Rates(share(True), share(False))
