"""Phrases with gaps, as ``corpus/vocabulary.yml`` writes them, and the questions they stand in.

Words count in any form. Knows neither what a phrase is for nor who is named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from bot.words import all_stems, plain
from ingest.vocabulary import GAP, NAMED

_FILLED = r"(?: \S+){0,6}"  # what may stand in a gap; bounded, so that no text takes long


def read(question: str, named: Collection[str] = ()) -> str:
    """``question`` in the form that :class:`Phrases` looks into.

    Args:
        named: stretches of the folded question that name something declared.
    """
    folded = plain(question)
    names = sorted(filter(None, named), key=len, reverse=True)
    whole = rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)"
    apart = re.split(whole, folded) if names else [folded]
    return f" {f' {NAMED} '.join(' '.join(all_stems(part)) for part in apart)} ".replace("  ", " ")


class Phrases:
    """Some phrases, ready to be found; made once, safe to share between threads."""

    def __init__(self, phrases: Iterable[str]) -> None:
        patterns = list(dict.fromkeys(filter(None, map(_pattern, phrases))))
        self._found = re.compile(f"(?:{'|'.join(patterns)}) ") if patterns else None

    def stand_in(self, text: str) -> bool:
        """Whether one of them stands in ``text``, which :func:`read` made."""
        return self._found is not None and self._found.search(text) is not None


def _pattern(phrase: str) -> str:
    parts = [
        _FILLED if word == GAP else f" {NAMED}" if word == NAMED else _stemmed(word)
        for word in phrase.split()
    ]
    return "".join(parts)


def _stemmed(word: str) -> str:
    return "".join(f" {re.escape(each)}" for each in all_stems(word))
