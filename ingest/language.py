"""Which language a text is written in. The one door to the detector, whose model ships with it."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_LEAST = 200  # letters; fewer say too little
_PLACES = 8
_PLACE = 1_500  # characters
_SURE = 0.95
_LINK_TARGET = re.compile(r"\]\([^()\[\]\n]*\)")
_OTHER_SCRIPT = re.compile("[\u0370-\u1dff\u2e80-\uffff]")
_MARKS = re.compile(r"[\W\d_]+")
_ALIKE = ({"no", "nb", "nn"}, {"hr", "bs", "sr"}, {"id", "ms"})  # one language to a detector


def language_of(text: str) -> str | None:
    """The language (ISO 639-1) that most of ``text`` is in; None where that is not certain."""
    return _most(_languages(text))


def foreign(text: str, last_good: str | None, declared: str) -> str | None:
    """The language of a text that is suddenly in another one than declared, else None.

    A text of which some part is in the declared language is not foreign, nor is one whose last
    good version was in the same language.
    """
    if places := _languages(text):
        found = _other(places, declared)
        return found if found and (last_good is None or language_of(last_good) != found) else None
    return _translated(text, last_good or "", declared)


def _translated(text: str, last_good: str, declared: str) -> str | None:
    """The language of a list of names: it says too little without the one before it."""
    if _most(_languages(last_good, names=True)) != declared:
        return None
    small, before = ({*_plain_words(each, names=False).split()} for each in (text, last_good))
    kept = 2 * len(small & before) > len(small)  # only names came in
    return None if kept else _other(_languages(text, names=True), declared)


def _other(places: list[str | None], declared: str) -> str | None:
    alike = next((group for group in _ALIKE if declared in group), {declared})
    return None if alike & {*places} else _most(places)


def _most(places: list[str | None]) -> str | None:
    for language, times in Counter(places).most_common(1):
        return language if 2 * times > len(places) else None
    return None


def _languages(text: str, names: bool = False) -> list[str | None]:
    """The languages of a few places, spread evenly; places with too few letters are left out."""
    text = _LINK_TARGET.sub("]", text)
    count = min(_PLACES, -(-len(text) // _PLACE))
    step = max(0, len(text) - _PLACE) / max(1, count - 1)
    starts = (round(place * step) for place in range(count))
    words = (_plain_words(text[start : start + _PLACE], names) for start in starts)
    scripts = (part for each in words for part in _by_script(each))
    return [_detected(each) for each in scripts if len(each) >= _LEAST]


def _by_script(words: str) -> list[str]:
    """All words, and where two scripts are mixed those of the Latin one for themselves, too.

    A licence in Chinese and English by turns is no Chinese one.
    """
    if not _OTHER_SCRIPT.search(words):
        return [words]
    return [words, " ".join(each for each in words.split() if not _OTHER_SCRIPT.search(each))]


def _plain_words(text: str, names: bool) -> str:
    """Only the words that tell a language: no addresses, numbers, marks.

    Names of people and products are in no language, and an English list of German companies is not
    German: words with a capital count only where ``names`` asks for it.
    """
    words = (word for word in text.split() if "://" not in word and "@" not in word)
    parts = (part for word in words for part in _MARKS.sub(" ", word).split())
    return " ".join(part for part in parts if names or part == part.lower())


def _detected(words: str) -> str | None:
    language, probability = _detector().classify(words)
    return str(language) if probability >= _SURE else None


@cache
def _detector() -> LanguageIdentifier:
    """Half a second to load, and most runs need it: but not those that answer."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Without those that ISO 639-1 has no name for: pidgins make English look uncertain.
    detector.set_languages([each for each in detector.nb_classes if len(each) == 2])
    return detector
