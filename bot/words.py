"""Words of typed and written text: tokens, stems, and the words that say nothing.

Knows no vendor and no licence. Every function takes untrusted text and is linear in its length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*")
_POSSESSIVE = re.compile(r"['’]s\b")
_SPELLINGS = {"licence": "license", "licences": "license", "licenses": "license"}


def listed(text: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(text.split())


STOP_WORDS = listed(  # what people type around the words that tell
    """a about above after again all also although am an and another any are as ask at be because
    been before being below between both but by came can cannot come could did do does doing done
    else even ever every for from get gets getting give given go goes going got had has have having
    he hence her here hi his how however i if in inside instead into is it its itself just know let
    like make makes many may me might more most much must my need no nor not now of off on once one
    only or other our ours out over per please put really said same say says see shall she
    should since so some something such take tell than thanks that the their them then there thereof
    these they thing things this those through thus to too under until up upon us use used uses
    using very want wants was we well were what when where whether which while who whom whose why
    will with within without would yes yet you your yours re ve ll don doesn isn didn can t s d m
    okay ok exactly actually anything everything somebody someone anyone still"""
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number, lower case. ``breaks``: a clause ends before it (full stop, comma, line).

    ``glued``: nothing stands between it and the token before.
    """

    text: str
    start: int
    end: int
    breaks: bool
    glued: bool

    @property
    def is_number(self) -> bool:
        return self.text[0].isdigit()


def plain(text: str) -> str:
    """Fold what looks alike into one form: width, case, typographic variants, possessives."""
    return _POSSESSIVE.sub("", unicodedata.normalize("NFKC", text).casefold())


def tokens(folded: str) -> list[Token]:
    """Split text folded by :func:`plain`; letters and digits part ("llama4" is "llama", "4").

    Spellings of "licence" become one, "4.0" becomes "4", a "v" that touches a number goes.
    """
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(folded):
        gap = folded[end : match.start()]
        found.append(
            Token(
                text=_canonical(match.group()),
                start=match.start(),
                end=match.end(),
                breaks=bool(found) and _is_break(gap),
                glued=bool(found) and not gap,
            )
        )
        end = match.end()
        if len(found) > 1 and found[-1].is_number and found[-1].glued and found[-2].text == "v":
            number, marker = found.pop(), found.pop()
            found.append(Token(number.text, marker.start, number.end, marker.breaks, marker.glued))
    return found


def _canonical(word: str) -> str:
    if word[0].isdigit():
        parts = [part.lstrip("0") or "0" for part in word.split(".")]
        while len(parts) > 1 and parts[-1] == "0":
            parts.pop()
        return ".".join(parts)
    return _SPELLINGS.get(word, word)


def _is_break(gap: str) -> bool:
    return "\n" in gap or any(
        mark in ".,;:!?" and gap[place + 1 : place + 2].isspace() for place, mark in enumerate(gap)
    )


def glue(parts: Iterable[str]) -> str:
    """Join token texts so that "open ai" equals "openai", while "3" and "1" never make "31"."""
    joined = ""
    for part in parts:
        between = " " if joined[-1:].isdigit() and part[0].isdigit() else ""
        joined += between + part
    return joined


_ENDINGS = (
    "ifications ification ifying ified ifies ify ational:at ization:iz isation:iz bility:bl "
    "ations:at ership ation:at ising:iz izing:iz ments ities ment ness ions ance ence able ible "
    "ally ity ing ion ies:y ied:y ers ors ise:iz ize:iz ees er or ee ed es ly al s e"
)
_ENDING_AND_REST = [tuple(each.partition(":")[::2]) for each in _ENDINGS.split()]


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """A crude stem: equal for "distil", "distilled", "distillation"; words of 3 letters stay."""
    if len(word) < 4 or not word.isalpha():
        return word
    for ending, instead in _ENDING_AND_REST:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: len(word) - len(ending)] + instead
            break
    if word.endswith("at") and len(word) > 5:
        word = word[:-2]
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    if len(word) > 3 and word[-1] in "eyi":
        word = word[:-1]
    return f"{word[:-1]}k" if word.endswith("c") else word


@lru_cache(maxsize=32_768)
def _telling_stem(word: str) -> str:
    """The stem of a folded word, "" for a stop word."""
    word = _canonical(word)
    return "" if word in STOP_WORDS else stem(word)


def stems(text: str) -> list[str]:
    """Stems of the telling words and numbers of ``text``, in order; stop words are left out."""
    return [found for word in _TOKEN.findall(plain(text)) if (found := _telling_stem(word))]


_ARTICLES = frozenset({"a", "an", "the"})


def all_stems(text: str) -> list[str]:
    """Stems of all words but articles: short phrases need their small words ("use policy")."""
    words = map(_canonical, _TOKEN.findall(plain(text)))
    return [stem(word) for word in words if word not in _ARTICLES]
