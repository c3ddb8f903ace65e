"""One form for the characters of a document, and the proof that words stand in it.

Owns line ends, invisible characters and white space. Never alters a word, a number, a quotation
mark or any other punctuation: what :func:`normalise` returns is what people will see quoted.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from itertools import accumulate

# Characters without width (joiners, direction marks, byte order marks, soft hyphens), and control
# characters, which no document needs and Postgres refuses. Tab, line feed and their like stay.
_INVISIBLE = dict.fromkeys(
    [
        *(c for c in range(0x20) if c not in range(0x09, 0x0E)),
        *(c for c in range(0x7F, 0xA0) if c != 0x85),
        *[0x00AD, 0x034F, 0x061C, 0x180E, 0xFEFF],
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
    ]
)
_SPACES = dict.fromkeys([0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_LINE_ENDS = dict.fromkeys([0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029], "\n")
# Half of a surrogate pair alone cannot be written as UTF-8, so it could be neither stored nor sent.
_LONE_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_CHARACTERS = {**_INVISIBLE, **_SPACES, **_LINE_ENDS, **_LONE_SURROGATES}
_BREAK_TAG = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
_BROKEN_ROW = re.compile(r"^[ \t]*\|[^\n]*<br[^\n]*$", re.IGNORECASE | re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{4,}")
_TAB_STOP = " " * 4

_WORD = re.compile(r"\S+")
_ALPHANUMERIC = re.compile(r"[^\W_]*")


def normalise(text: str) -> str:
    """Bring a document into the one form that is stored, split and quoted.

    Line ends become line feeds, ``<br>`` a line feed (in a row of a table several of them one, so
    that the row stays in one piece), exotic spaces a space, a tab at the start of a line four
    spaces and elsewhere one; invisible characters, trailing spaces and more than two blank lines
    in a row go; the rest is Unicode NFC. Indentation stays, because it carries the outline of
    documents without numbers. Applying it twice changes nothing more.
    """
    text = text.replace("\r\n", "\n").translate(_CHARACTERS)
    text = _BROKEN_ROW.sub(_mended_row, unicodedata.normalize("NFC", text))
    text = _BREAK_TAG.sub("\n", text)
    lines = (_untabbed(line.rstrip()) for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n\n", "\n".join(lines)).strip("\n")


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """Find the first place where ``text`` says exactly the words of ``quote``.

    Only differences in white space are forgiven; quotation marks, dashes and case must be the same.
    A place where the quote would begin or end inside a word does not count: "rain" is not proven
    by "training", "can" not by "can't", "commercial" not by "non-commercial", "5 million" not by
    "1.5 million".

    Returns:
        Start and end offsets in ``text``, or None where the words do not stand there, or the quote
        is empty.
    """
    wanted = " ".join(quote.split())
    if not wanted:
        return None
    words = list(_WORD.finditer(text))
    flat = " ".join(word.group() for word in words)
    # Where each word starts in ``flat``, to find the way back from there to ``text``.
    starts = list(accumulate((len(word.group()) + 1 for word in words), initial=0))
    place = _whole_words(wanted, flat)
    if place is None:
        return None

    def original(offset: int) -> int:
        number = bisect_right(starts, offset) - 1
        return words[number].start() + offset - starts[number]

    return original(place), original(place + len(wanted) - 1) + 1


def _whole_words(wanted: str, flat: str) -> int | None:
    place = flat.find(wanted)
    while place >= 0:
        if not _cuts_word(flat, place) and not _cuts_word(flat, place + len(wanted)):
            return place
        # Not one step on: a long run of one letter would be tried at every letter of it.
        run = _ALPHANUMERIC.match(flat, place)
        place = flat.find(wanted, max(place + 1, run.end() if run else 0))
    return None


def _cuts_word(text: str, border: int) -> bool:
    """Whether a word runs across the border between two characters."""
    if not 0 < border < len(text):
        return False
    before, after = text[border - 1], text[border]
    if before.isalnum() and after.isalnum():
        return True
    if before.isalnum():
        return _joins(text, border)
    return after.isalnum() and _joins(text, border - 1)


def _joins(text: str, place: int) -> bool:
    """Whether the mark there holds one word together: an apostrophe, a hyphen, a decimal point."""
    if not 0 < place < len(text) - 1:
        return False
    before, mark, after = text[place - 1], text[place], text[place + 1]
    if mark in ".,":
        return before.isdigit() and after.isdigit()
    return mark in "'’-‐‑" and before.isalnum() and after.isalnum()


def _mended_row(row: re.Match[str]) -> str:
    """A row of a table whose cells hold several lines: none of them empty, none a lone ``|``."""
    lines = (line.strip(" \t") for line in _BREAK_TAG.split(row.group()))
    return "\n".join(filter(None, lines)).replace("|\n", "| ").replace("\n|", " |")


def _untabbed(line: str) -> str:
    if "\t" not in line:
        return line
    words = line.lstrip()
    indent = line[: len(line) - len(words)]
    return indent.replace("\t", _TAB_STOP) + words.replace("\t", " ")
