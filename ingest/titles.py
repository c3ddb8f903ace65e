"""What looks like a title: a line that stands alone, or the words that open a paragraph.

Judges words only, after Markdown marks are taken off; where a title stands in the outline is
decided in :mod:`ingest.outline`.
"""

from __future__ import annotations

import re
from enum import Enum, auto

_LONGEST = 110
_MOST_WORDS = 14
_MOST_PLAIN_WORDS = 10
_MOST_OPENING_WORDS = 7
_INNER_STOP = re.compile(r"[.!?]\s")
_ABBREVIATED = re.compile(
    r"(?:\b(?:inc|ltd|co|corp|e\.g|i\.e|no|art|u\.s|u\.k)|\b[a-z])$", re.IGNORECASE
)
_SMALL = frozenset(
    {"a", "an", "and", "as", "at", "but", "by", "e.g.", "for", "from", "i.e.", "if", "in", "into"}
    | {"is", "its", "nor", "not", "of", "on", "or", "our", "per", "than", "that", "the", "to"}
    | {"under", "upon", "via", "vs", "we", "with", "within", "without", "you", "your"}
)
_ASSERTS = frozenset(
    {"agrees", "are", "be", "been", "does", "had", "has", "have", "is", "may", "must", "shall"}
    | {"was", "were", "will"}
)
_SENTENCE_OPENERS = frozenset(
    {"any", "by", "each", "if", "it", "please", "that", "these", "they", "this", "those", "to"}
    | {"we", "you"}
)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,600}\)")
_MARKS = re.compile(r"\\(?=[^\w\s])|\*+|`+|(?<![^\W_])_+|_+(?![^\W_])")
_SHORT_BODY = 20
_BOLD_OPENING = re.compile(r"(\*\*|__)(?=\S)(.{1,150}?)(\*\*|__)([.:]?)")
_OPENING_END = re.compile(r"[.:](?=[*_]{0,3}\s)|\s[–—-]{1,2}(?=\s)")
_TERM = re.compile(
    r"[*_]{0,3}[“\"„«][*_]{0,3}(?P<term>[^“”\"„«»\n]{1,80}?)[*_,]{0,4}[”“\"»][*_]{0,3},?\s"
    r"(?:[^.;:\n]{0,80}?\s)??(?:means?|shall\smean|ha(?:s|ve)\sthe\s|refers?\sto|is\s|are\s|includes?)"
)
_WORD = re.compile(r"[^\W_][\w’'./&-]*")


class Case(Enum):
    """How the words of a possible title are written."""

    NONE = auto()
    SENTENCE = auto()
    TITLE = auto()
    CAPITALS = auto()


def bare(text: str) -> str:
    """The words of a line without Markdown marks, link addresses and line ends."""
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", text)).split())


def has_words(text: str) -> bool:
    """Whether there is anything to read: a rule has no words, nor has a link without a text."""
    return any(c.isalnum() for c in (bare(text) if "[](" in text else text))


def case_of(words: str) -> Case:
    """Judge words without marks: could they be a title, and in which way is it written?

    A full stop or colon at the end is allowed for a title in title case or capitals.
    """
    stem = words.rstrip(".:").strip("“”\"'‘’( ")
    tokens = _WORD.findall(stem)
    if not tokens or len(stem) > _LONGEST or len(tokens) > _MOST_WORDS:
        return Case.NONE
    if not _capital(tokens[0]) or not stem[0].isalnum() or stem[-1] in ",;?!…":
        return Case.NONE
    if _INNER_STOP.search(stem):
        return Case.NONE
    return _written(tokens, stopped=words.endswith((".", ":")))


def _written(tokens: list[str], *, stopped: bool) -> Case:
    letters = [token for token in tokens if any(c.isalpha() for c in token)]
    if not letters:
        return Case.NONE
    asserts = any(token.lower() in _ASSERTS for token in letters)
    if all(token.isupper() for token in letters):
        return Case.NONE if asserts else Case.CAPITALS
    if not asserts and all(_capital(token) or token.lower() in _SMALL for token in letters):
        return Case.TITLE
    return Case.NONE if stopped or len(tokens) > _MOST_PLAIN_WORDS else Case.SENTENCE


def is_capitalised(line: str) -> bool:
    """Whether each word that counts has a capital: "The Model Is Provided as Is" may be a title."""
    tokens = [token for token in _WORD.findall(line) if token[0].isalpha()]
    capital = [token for token in tokens if token[0].isupper()]
    small = all(token in _SMALL for token in tokens if token[0].islower())
    return small and 2 * len(capital) > len(tokens) and not line.endswith((".", ":", ";", ","))


def _capital(token: str) -> bool:
    """Brand names such as iOS count as capitalised."""
    return token[0].isdigit() or any(c.isupper() for c in token)


def stands_alone(line: str) -> bool:
    """Whether a whole line is set in bold, as a heading would be."""
    found = _BOLD_OPENING.match(line)
    return found is not None and found.end() == len(line) and case_of(bare(line)) is not Case.NONE


def opening(text: str) -> str:
    """The run-in title of a paragraph ("Indemnity. You will…"), without its stop; "" for none."""
    bold = _BOLD_OPENING.match(text)
    if bold is not None:
        title = bare(bold[2])
        stopped = bold[4] or title.endswith((".", ":"))
        if stopped and len(title) <= _LONGEST and _has_body(text[bold.end() :]):
            return title.rstrip(".: ")
        return ""
    for end in _OPENING_END.finditer(text[: _LONGEST + 2]):
        title = bare(text[: end.start()])
        if _ABBREVIATED.search(title):
            continue
        if _has_body(text[end.end() :]) and _may_open(title, end.group()):
            return title
        break
    return ""


def defined(text: str) -> str:
    """The term that a paragraph defines ("“Output” means what…"); "" where it defines none."""
    found = _TERM.match(text)
    return bare(found["term"]) if found is not None else ""


def _has_body(rest: str) -> bool:
    """Whether words follow a title; those of "Release Date: 5 May 2025" are its value."""
    short = len(rest) < _SHORT_BODY
    return any(c.isalpha() for c in rest) and not (short and any(c.isdigit() for c in rest))


def _may_open(title: str, stop: str) -> bool:
    """Before a colon or a dash only a proper title counts: "Including:" is none."""
    case = case_of(title)
    if case is not Case.SENTENCE:
        return case is not Case.NONE
    words = [word.lower() for word in title.split()]
    if stop != "." or len(words) > _MOST_OPENING_WORDS or words[0] in _SENTENCE_OPENERS:
        return False
    return _ASSERTS.isdisjoint(words)
