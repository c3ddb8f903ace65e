"""Which language a text is written in. The one door to the detector, whose model ships with it."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_LEAST_WORDS = 40  # fewer say too little
_WINDOW = 250  # words; a text is judged in several places
_WINDOWS = 5
_SURE = 0.95
_NO_LANGUAGE = re.compile(r"\]\([^)\s]{0,2000}\)|https?://\S+|\S+@\S+|[\d_*#|>\[\]()`-]+")


def language_of(text: str) -> str | None:
    """The language (ISO 639-1) that most of ``text`` is in; None where that is not certain.

    Addresses, numbers and marks do not count. Looks at a few places of the text only, so that the
    time it takes does not grow with the text.
    """
    # Names of people and products are much of a short text, so that it must be long enough.
    words = _NO_LANGUAGE.sub(" ", text[:200_000]).split()
    if len(words) < _LEAST_WORDS:
        return None
    step = max(_WINDOW, len(words) // _WINDOWS)
    places = range(0, max(1, len(words) - _LEAST_WORDS + 1), step)
    found = Counter(_detected(" ".join(words[place : place + _WINDOW])) for place in places)
    (language, times), *_ = found.most_common(1)
    return language if 2 * times > found.total() else None


def _detected(words: str) -> str | None:
    language, probability = _detector().classify(words)
    return str(language) if probability >= _SURE else None


@cache
def _detector() -> LanguageIdentifier:
    """Half a second to load, and most runs need it: but not those that answer."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
