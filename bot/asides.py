"""What people say in a thread that asks for nothing new: quote it, since when, who says so, thanks.

Closed lists of words, and the rule that nothing else may be said: "since when?" is about the last
answer, "since when must we name it Llama?" is a question of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.words import listed, plain, tokens


class Aside(StrEnum):
    """What is wanted of the last answer."""

    QUOTE = "quote"
    SINCE = "since"
    SOURCE = "source"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class _Signs:
    """One of ``phrases`` must be there, and besides it nothing but ``words``."""

    phrases: tuple[str, ...]
    words: frozenset[str]


_AROUND = listed(
    "and so but then please pls a an the it that this these those them they all is are was were be "
    "of in to for on can could would you your me us i we want need let see again just now"
)


def _signs(phrases: str, words: str) -> _Signs:
    split = tuple(f" {' '.join(each.split())} " for each in phrases.split(","))
    return _Signs(split, _AROUND | listed(words) | listed(phrases.replace(",", " ")))


_SIGNS = {
    Aside.QUOTE: _signs(
        "quote, quotes, verbatim, in full, full text, full clause, full wording, full quote,"
        "full section, full passage, whole clause, whole thing, whole text, whole section,"
        "entire clause, entire section, complete clause, exact wording, exact words, exact text,"
        "exact clause, exact quote, exact language, original wording, original text,"
        "word for word, say exactly, exactly say, show the clause, show me the clause,"
        "see the clause, paste the clause, read the clause, tell me more, more details,"
        "why, explain, elaborate, how so, how come, does that mean, does it mean",
        "clause clauses text wording passage paragraph section sentence show give paste print read"
        " post full whole entire complete exact exactly what does do say says have with get more "
        "bit one part piece words lines",
    ),
    Aside.SINCE: _signs(
        "since when, from when, as of when, since what date, from what date, when is, when was,"
        "when were, when did, how long has, how long have, how old, what date, which date,"
        "how recent, up to date, when from, still current, still in force, still valid,"
        "what version, which version, did that change, did it change, has that changed,"
        "has it changed",
        "true valid force case effective been stood stand stands standing like there published"
        " changed change start started begin began added introduced written updated update last"
        " version clause clauses text document rule license terms agreement policy section come"
        " came into dated from has have had what by",
    ),
    Aside.SOURCE: _signs(
        "who says, says who, who said, source, sources, where does it say, where is that,"
        "where is this, where is it, where does that, where did you, where do you, where exactly,"
        "where from, according to, which clause, what clause, which section, what section,"
        "which document, what document, which page, link, links, url, address, reference,"
        "references, citation, citations, cite, proof, are you sure, you sure, really,"
        "how do you know, based on what, prove",
        "what who which where do does did say says said from get got take find found have has"
        " written stand stands stated come comes document clause section exactly sure there give"
        " show any whom where know read look",
    ),
    Aside.THANKS: _signs(
        "thanks, thank, thx, tnx, ty, cheers, great, perfect, ok, okay, cool, nice, awesome,"
        "got it, understood, noted, merci, danke, helpful, appreciated, appreciate, alright,"
        "makes sense, brilliant, excellent, lovely, good to know, very good, good bot, bye",
        "much very so too lot many really super answer help helps good well right fine wow clear"
        " ah oh yes yep sure have day one with quick know everyone everybody guys man team",
    ),
}
_GRATITUDE = listed("thanks thank thx tnx ty cheers merci danke appreciated appreciate")
_SLIPS = {"nd": "and", "wat": "what", "wot": "what", "wen": "when", "sinse": "since"}
_WORDS = sorted({word for signs in _SIGNS.values() for word in signs.words})
_SHORTEST_CORRECTED = 5
_MOST_WORDS = 12


def aside_in(text: str) -> Aside | None:
    """What ``text`` wants of the last answer; None where it asks for something else.

    Case, punctuation and small slips do not matter. Linear in the length of ``text``.
    """
    words = [each.text for each in tokens(plain(text))]
    if not 0 < len(words) <= _MOST_WORDS:
        return None
    words = [_corrected(each) for each in words]
    spoken = f" {' '.join(words)} "
    for aside, signs in _SIGNS.items():
        if signs.words.issuperset(words) and any(each in spoken for each in signs.phrases):
            if aside is Aside.THANKS and _asks(text, words):
                continue
            return aside
    return None


def _asks(text: str, words: Sequence[str]) -> bool:
    """ "So it is ok?" thanks nobody."""
    return "?" in text and not _GRATITUDE.intersection(words)


def _corrected(word: str) -> str:
    """A word of the lists that ``word`` is a slip of; a letter is never exchanged for another."""
    word = _SLIPS.get(word, word)
    if len(word) < _SHORTEST_CORRECTED - 1 or word in _WORDS:
        return word
    near = process.extractOne(word, _WORDS, scorer=OSA.distance, score_cutoff=1)
    if near is None or len(near[0]) < _SHORTEST_CORRECTED:
        return word
    same = len(near[0]) == len(word) and sorted(near[0]) != sorted(word)
    return word if same else near[0]
