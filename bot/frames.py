"""How a question is asked: whether a word can answer it, and of which kind the question is.

Reads English grammar as people type it, without knowledge of licences: "can we …", "do we have to
…", "is it forbidden to …", "will they …". What is asked about is left to the finders of facts and
clauses, what a fact answers to ``bot.verdicts``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.asking import (
    ASIDE,
    ASKS_OF_US,
    BEFORE_ANY,
    CUT,
    DOES_TO_US,
    FIRMLY,
    GRANT,
    GRANTED_TO,
    INTERROGATIVE,
    KEYS,
    LEAD_IN,
    MAY_THEY,
    NEGATED,
    NOT,
    OPENERS,
    OWN_PEOPLE,
    PASSIVE,
    PLAIN_WE,
    REFERRING,
    SHORT,
    SIDES,
    STATED,
    SUDDEN,
    TAGGED,
    THEY,
    VALUE,
)
from bot.words import plain
from ingest.answers import Asked

_LONGEST = 2_000  # characters of a question that are read


@dataclass(frozen=True, slots=True)
class Reading:
    """What is asked; ``turned`` where it is the opposite of what fields answer ("is it banned")."""

    asked: Asked
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The readings of a question, likeliest first, and the sentence that asks."""

    readings: tuple[Reading, ...]
    text: str


ELLIPTIC = (Reading(Asked.SO), Reading(Asked.MAY))
"""Half a sentence with a question mark: "money back?"."""


def frame(question: str, vendors: frozenset[str] = frozenset()) -> Frame | None:
    """How ``question`` is asked; None where no word can answer it.

    The first sentence that asks counts; what stands around it is context.

    Args:
        question: as it was typed.
        vendors: names of vendors in lower case, by which "can meta" is told from "can scout".
    """
    sentences = [*_sentences(question)]
    for place, sentence in enumerate(sentences):
        asks = sentence.endswith("?") or place == len(sentences) - 1
        found = _of(sentence, vendors, asks=asks)
        if found is None:
            continue
        before = " ".join(sentences[:place])
        if REFERRING.search(sentence):
            found = _by_words(before) or found
        elif OWN_PEOPLE.search(before) and found[:1] == (Reading(Asked.THEY),):
            found = (Reading(Asked.MAY),) if MAY_THEY.search(sentence) else found
        return Frame(found, sentence) if found else None
    return None


def _sentences(question: str) -> Iterator[str]:
    text = ASIDE.sub(" ", plain(question[:_LONGEST]))
    for written, meant in SHORT:
        text = re.sub(written, meant, text)
    for each in CUT.split(text):
        if any(mark.isalnum() for mark in each):
            yield " ".join(each.split())


def _of(sentence: str, vendors: frozenset[str], *, asks: bool) -> tuple[Reading, ...] | None:
    """The readings of a sentence: none where no word answers it, None where it asks nothing."""
    lead_in = LEAD_IN.search(sentence)
    if lead_in is not None:
        return _stated(sentence[lead_in.end() :].strip(), vendors)
    if asks and TAGGED.search(sentence) and STATED.match(sentence):
        return _stated(sentence, vendors)
    opener = _opener(sentence)
    asks = asks or (opener is not None and _begins(sentence, opener))
    asked_for = INTERROGATIVE.search(sentence)
    if asked_for and asks and (opener is None or asked_for.start() < opener.end()):
        return ()
    if opener is not None and asks:
        rest = sentence[opener.end() :]
        return () if _is_either(rest) else _opened(opener, rest, vendors)
    if not asks:
        return None
    if (by_words := _by_words(sentence)) is not None or not sentence.endswith("?"):
        return by_words
    return () if VALUE.search(sentence) else ELLIPTIC


def _opener(sentence: str) -> re.Match[str] | None:
    """Where the first inversion of a sentence is; before any word only where it is a question."""
    found = [each for pattern in OPENERS if (each := pattern.search(sentence))]
    if found:
        return min(found, key=lambda each: each.end())
    return BEFORE_ANY.search(sentence) if sentence.endswith("?") else None


def _begins(sentence: str, opener: re.Match[str]) -> bool:
    """Whether a sentence asks although it has no question mark: it begins with an opener."""
    begins = len(sentence[: opener.start()].split()) <= 2
    return begins and not STATED.match(sentence) and bool(FIRMLY.match(opener[0].strip(" ,")))


def _is_either(rest: str) -> bool:
    return bool(SIDES.search(rest))


def _opened(opener: re.Match[str], rest: str, vendors: frozenset[str]) -> tuple[Reading, ...]:
    """What an inverted clause asks, by its auxiliary, its subject and the first word that tells."""
    theirs = _is_theirs(rest, vendors)
    if opener["aux"]:
        return _may(rest, theirs=theirs)
    if opener["ought"]:
        licence = KEYS.search(f"must {rest}")
        if licence and licence["licence"] and not theirs:
            return (Reading(Asked.LICENCE), Reading(Asked.MUST))
        return (Reading(Asked.THEY_MUST if theirs else Asked.MUST),)
    by_words = _by_words(rest, theirs=theirs)
    if by_words is not None:
        return by_words
    return (Reading(Asked.THEY if theirs else Asked.SO),)


def _may(rest: str, *, theirs: bool) -> tuple[Reading, ...]:
    without = " without " in rest or " w/out " in rest
    if theirs:
        first = (Reading(Asked.THEY_MUST, turned=True),) if without or SUDDEN.search(rest) else ()
        return (*first, Reading(Asked.THEY))
    key = KEYS.search(rest)
    if without and re.search(rf"\bwithout\b.{{0,40}}\b{GRANT}\b", rest):
        return (Reading(Asked.LICENCE, turned=True), Reading(Asked.MUST, turned=True))
    if without:
        return (Reading(Asked.MUST, turned=True), Reading(Asked.MAY))
    if key and key["exempt"]:
        return (Reading(Asked.MUST, turned=True),)
    return (Reading(Asked.MAY),)


def _is_theirs(rest: str, vendors: frozenset[str]) -> bool:
    """Whether the subject is the vendor, and not we, a model or what we make with it."""
    if THEY.match(rest):
        return True
    if re.match(r"(?:we|i)\s+(?:be|get)\s+(?:sued|kicked|banned|suspended|held)", rest):
        return True
    if PLAIN_WE.match(rest) or PASSIVE.search(rest):
        return False
    if DOES_TO_US.match(rest):
        return True
    words = re.findall(r"[\w.-]+", rest)[:3]
    return any(" ".join(words[:count]) in vendors for count in (1, 2, 3))


def _by_words(text: str, *, theirs: bool = False) -> tuple[Reading, ...] | None:
    """The readings by the first word that tells of a permission, a ban, a duty or a licence."""
    key = KEYS.search(text)
    if key is None:
        return None
    turned = bool(NEGATED.search(text[: key.start()]))
    if key["licence"]:
        return (Reading(Asked.LICENCE, turned), Reading(Asked.MUST, turned))
    if key["ban"]:
        return (Reading(Asked.MAY, not turned),)
    if key["exempt"]:
        return (Reading(Asked.MUST, not turned),)
    if key["duty"]:
        asks_of_us = ASKS_OF_US.match(key[0])
        return (Reading(Asked.THEY_MUST if theirs and not asks_of_us else Asked.MUST, turned),)
    permitted = theirs and key[0] in GRANTED_TO
    return (Reading(Asked.THEY if permitted else Asked.MAY, turned),)


def _stated(text: str, vendors: frozenset[str]) -> tuple[Reading, ...]:
    """What is said as a statement and asked by its tone: "we can sell it, right?"."""
    if INTERROGATIVE.match(text):
        return ()
    modal = re.search(rf"\b(?:can|could|may|might)(?P<not>{NOT})?\b", text)
    key = KEYS.search(text)
    if modal and (key is None or modal.start() < key.start()):
        theirs = _is_theirs(text, vendors)
        return (Reading(Asked.THEY if theirs else Asked.MAY, bool(modal["not"])),)
    theirs = _is_theirs(text, vendors)
    denied = bool(re.search(rf"\b(?:do|does|is|are|will){NOT}\b", text))
    return _by_words(text, theirs=theirs) or (Reading(Asked.THEY if theirs else Asked.SO, denied),)
