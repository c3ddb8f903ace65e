"""How signals are weighed, for each embedder: ``corpus/calibration.yml``, read and written.

The file is written by ``smallprint evaluate --calibrate FILE…`` and by nobody's hand. How weights
are found is left to ``bot.evaluating.calibrating``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field as Key

from bot.signals import NAMES, Signals
from ingest.corpus_file import Entry, Text, choices, read_entry
from ingest.errors import CorpusError, EmbedderError
from ingest.parsed import ParsedFiles

FILE = "calibration.yml"
_HEAD = (
    "# Written by `smallprint evaluate --calibrate FILE...`, never by hand. A question is\n"
    "# answered where the chance that documents settle it, by these weights, reaches the bar.\n"
)
_EXPONENT = 500.0  # beyond which the chance is 0 or 1 to every digit


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of questions that were declined: answerable ones, and ones that nothing settles."""

    answerable: float
    unanswerable: float


@dataclass(frozen=True, slots=True)
class Counts:
    """Questions that a calibration was found on; ``ruled`` of them are declined by rule alone."""

    answerable: int
    unanswerable: int
    ruled_answerable: int
    ruled_unanswerable: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the signals and the least chance with which a question is answered.

    ``cost`` is how many unanswerable questions answered weigh as much as one answerable question
    declined. ``achieved`` are the rates on the questions themselves, ``foretold`` those on each
    fifth of them by weights found on the others.
    """

    intercept: float
    weights: Mapping[str, float]
    bar: float
    cost: float
    counts: Counts
    achieved: Rates
    foretold: Rates

    def chance(self, signals: Signals) -> float:
        """The chance that documents settle the question, 0 to 1."""
        read = signals.to_json()
        total = self.intercept + sum(self.weights[each] * read[each] for each in NAMES)
        return 1.0 / (1.0 + math.exp(-max(-_EXPONENT, min(total, _EXPONENT))))

    def settles(self, signals: Signals) -> bool:
        return self.chance(signals) >= self.bar


@dataclass(frozen=True, slots=True)
class Calibrations:
    """Those of every embedder that was ever calibrated, by its model and weights."""

    of: Mapping[str, Calibration] = field(default_factory=dict)

    def for_embedder(self, name: str) -> Calibration:
        """The calibration for the embedder of that name.

        Raises:
            EmbedderError: there is none; the sentence says how to make one.
        """
        found = self.of.get(model_of(name))
        if found is None:
            raise EmbedderError(
                f"Nothing is calibrated for the embedder {model_of(name)}; run `smallprint "
                "evaluate --calibrate FILE...` with questions that documents settle and some "
                "that none does."
            )
        return found


def model_of(name: str) -> str:
    """Model and weights out of an embedder's name; by which route it runs makes no difference."""
    return name.partition("/")[0]


_Share = Annotated[float, Key(ge=0.0, le=1.0)]
_Count = Annotated[int, Key(ge=0)]
_Finite = Annotated[float, Key(allow_inf_nan=False)]


class _Counts(Entry):
    answerable: _Count
    unanswerable: _Count
    ruled_answerable: _Count
    ruled_unanswerable: _Count


class _Rates(Entry):
    answerable: _Share
    unanswerable: _Share


class _Calibration(Entry):
    embedder: Text
    intercept: _Finite
    weights: dict[str, _Finite]
    bar: _Share
    cost: Annotated[float, Key(gt=0.0, allow_inf_nan=False)]
    questions: _Counts
    declined: _Rates
    foretold: _Rates


class _File(Entry):
    calibrations: tuple[_Calibration, ...]


def load_calibrations(corpus: Path, parsed: ParsedFiles | None = None) -> Calibrations:
    """Load ``calibration.yml``; without the file nothing is calibrated.

    Raises:
        CorpusError: something is wrong; the sentence names file, key and what is allowed.
    """
    if not (corpus / FILE).exists():
        return Calibrations()
    entry = read_entry(corpus, corpus / FILE, _File, parsed)
    found: dict[str, Calibration] = {}
    for place, each in enumerate(entry.calibrations):
        at = f"corpus/{FILE}: calibrations[{place}]"
        if each.embedder in found:
            raise CorpusError(f"{at}.embedder is {each.embedder!r} a second time; allowed: once")
        if {*each.weights} != {*NAMES}:
            raise CorpusError(f"{at}.weights are of {sorted(each.weights)}; {choices(NAMES)}")
        found[each.embedder] = Calibration(
            each.intercept,
            each.weights,
            each.bar,
            each.cost,
            Counts(**dict(each.questions)),
            Rates(**dict(each.declined)),
            Rates(**dict(each.foretold)),
        )
    return Calibrations(found)


def save_calibration(corpus: Path, embedder: str, calibration: Calibration) -> Path:
    """Write ``calibration`` beside those of other embedders; returns the file.

    Raises:
        CorpusError: the file that is there is wrong, or it cannot be written.
    """
    known = {**load_calibrations(corpus).of, model_of(embedder): calibration}
    path = corpus / FILE
    try:
        path.write_text(_HEAD + "calibrations:\n" + "".join(map(_shown, known, known.values())))
    except OSError as error:
        raise CorpusError(f"corpus/{FILE} cannot be written: {error.strerror}.") from error
    return path


def _shown(embedder: str, each: Calibration) -> str:
    counts, achieved, foretold = each.counts, each.achieved, each.foretold
    lines = [
        f"  - embedder: {embedder}",
        f"    intercept: {each.intercept:.4f}",
        "    weights:",
        *(f"      {name}: {each.weights[name]:.4f}" for name in NAMES),
        f"    bar: {each.bar:.4f}",
        "    # One answerable question declined costs as much as so many others answered:",
        f"    cost: {each.cost:.4f}",
        "    questions:",
        f"      answerable: {counts.answerable}",
        f"      unanswerable: {counts.unanswerable}",
        f"      ruled_answerable: {counts.ruled_answerable}",
        f"      ruled_unanswerable: {counts.ruled_unanswerable}",
        "    declined:",
        f"      answerable: {achieved.answerable:.4f}",
        f"      unanswerable: {achieved.unanswerable:.4f}",
        "    # The same on each fifth of the questions, by weights found on the others:",
        "    foretold:",
        f"      answerable: {foretold.answerable:.4f}",
        f"      unanswerable: {foretold.unanswerable:.4f}",
    ]
    return "\n".join(lines) + "\n"
