"""What the values of a field answer to a question that can be answered in a word.

``corpus/vocabulary.yml`` declares it beside its scales and fields; ``ingest.fields`` loads it by
the checks made here. How a question is read is left to ``bot.frames``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from ingest.corpus_file import choices
from ingest.errors import CorpusError


class Asked(StrEnum):
    """What a question asks about its topic; ``they`` is the vendor, we are whoever asks."""

    MAY = "may"
    """Whether we may do something."""
    MUST = "must"
    """Whether we have to do something."""
    LICENCE = "licence"
    """Whether we need a licence, a contract or a permission of our own."""
    SO = "so"
    """Whether something is so."""
    THEY = "they"
    """Whether the vendor does something, may do it or will do it."""
    THEY_MUST = "they-must"
    """Whether the vendor has to do something."""


class Word(StrEnum):
    """The answers that there are."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"
    UNCLEAR = "unclear"


Answers = Mapping[Asked, Mapping[str, Word]]
"""Asked → value → word. A value that is left out answers nothing there."""
NONE: Answers = {}


def check_scales(
    file: str, declared: Mapping[str, Answers], scales: Mapping[str, Iterable[str]]
) -> None:
    """Check that answers are declared of scales and values that there are; raises CorpusError."""
    for scale, answers in declared.items():
        if scale not in scales:
            raise CorpusError(f"{file}: answers has {scale!r}; {choices(scales)}")
        _check(f"{file}: answers.{scale}", answers, scales[scale])


def of_field(at: str, own: Answers, of_scale: Answers, values: Iterable[str]) -> Answers:
    """What a field answers: its own lines, and those of its scale for whatever else is asked.

    An empty line of its own takes that of the scale away.

    Raises:
        CorpusError: a line is about a value that the field does not have.
    """
    _check(f"{at}.answers", own, values)
    merged = {**of_scale, **own}
    return {asked: words for asked, words in merged.items() if words}


def check_phrases(at: str, phrases: Mapping[str, Iterable[str]], answers: Answers) -> None:
    """Check that phrases that steer answers stand where there are any; raises CorpusError."""
    for key, listed in phrases.items():
        if [*listed] and not answers:
            raise CorpusError(f"{at}.{key}; allowed: only in a field that answers something")


def _check(at: str, answers: Answers, values: Iterable[str]) -> None:
    known = [*values]
    for asked, words in answers.items():
        for value in words:
            if value not in known:
                raise CorpusError(f"{at}.{asked} has {value!r}; {choices(known)}")
