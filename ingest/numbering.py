"""Numbers and letters that open a part of a document: ``1.``, ``1.1``, ``(a)``, ``Section IV:``.

Recognises a mark at the start of a line and says what it may mean; which meaning holds (is ``i.``
a roman one or the letter after ``h.``?) depends on its neighbours and is decided in
:mod:`ingest.outline`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.sentences import first_sentence_end
from ingest.titles import Case, bare, case_of

ANNEXES = frozenset({"attachment", "exhibit", "appendix", "annex", "schedule", "addendum"})
_WORDS = (*sorted(ANNEXES), "part", "chapter", "article", "section")
# Outermost first: an article stands inside a part, a section inside an article.
WORD_LEVELS = {**dict.fromkeys(ANNEXES, 1), "part": 2, "chapter": 3, "article": 4, "section": 5}

_REACH = 120
_BOLD = r"(?:\*{1,3}|_{1,3})?"
_END = rf"{_BOLD}(?:\s+|$)"
_WORDED = re.compile(
    rf"{_BOLD}(?P<word>(?i:{'|'.join(_WORDS)}))\s+"
    r"(?P<number>\d{1,3}(?:\.\d{1,2}){0,4}|[IVXLC]{1,6}|[A-Z])"
    rf"(?P<stop>{_BOLD}\s{{0,2}}(?:[:.)]|[–—]|-{{1,2}}){_BOLD}(?:\s+|$)|{_END})"
)
_ANNEX = re.compile(rf"{_BOLD}(?P<word>(?i:{'|'.join(sorted(ANNEXES))}))(?P<stop>:\s*|$)")
_LETTERS = r"[a-z]|[A-Z]|[ivx]{2,5}|[IVX]{2,5}|(?P<twin>[a-z])(?P=twin)"
_MARKS = (
    re.compile(rf"{_BOLD}\((?P<number>\d{{1,2}}|{_LETTERS})\)[.:]?{_END}"),
    re.compile(
        rf"{_BOLD}(?P<number>(?:[A-Z]|\d{{1,2}})(?:\\?\.\d{{1,2}}){{1,5}}(?:\\?\.[a-z](?=[.)\s]))?"
        rf"|\d{{1,2}}(?:\.?[a-z])(?=[.)]))"
        rf"(?P<stop>\\?[.:)])?(?![\d,%]){_BOLD}(?:\s+|$|(?=[A-Z“\"(\[]))"
    ),
    re.compile(rf"{_BOLD}(?P<number>\d{{1,2}})(?P<stop>\\?[.):]){_BOLD}(?:\s+|$|(?=[A-Z“\"]))"),
    re.compile(rf"{_BOLD}(?P<number>{_LETTERS})(?P<stop>\\?[.)]){_END}"),
    re.compile(rf"{_BOLD}§\s?(?P<number>\d{{1,3}})(?P<stop>\.)?{_END}"),
)
_UNSTOPPED = re.compile(rf"{_BOLD}(?P<number>\d{{1,2}}){_BOLD}\s{{1,4}}(?=[A-Z])")
_BULLET = re.compile(r"(?:>\s?)*(?:[*+•·▪◦‣●○■–—-]|o(?=\s{2}))\s+(?=\S)")
_LIST_NUMBER = re.compile(r"\d{1,2}\.\s+(?:[*-]\s+)?(?=\S)")
# Numbers inside one endless line: "… as agreed.1.2 Fees. You…", "… terms. b. Use. You…", or inside
# a sentence of it: "…; and (iv) sell".
_INNER_MARK = re.compile(
    r"(?:(?:(?<=[;:)])|(?<=\D\.)|(?<=\.)(?=\s))\s{0,3}(?P<mark>\d{1,2}(?:\\?\.\d{1,2}){0,3}\\?\.?|[a-z]\."
    r"|\((?:[ivx]{1,5}|[a-z])\))\s{1,3}(?=[A-Z“\"])"
    r"|[;:]\s{0,3}(?:(?:and|or)\s{0,3})?(?P<item>\((?:[ivx]{1,5}|[a-z]|\d{1,2})\))\s{1,3}(?=\w))"
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


Reading = tuple[str, int]  # style and value


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark as printed, and its possible readings.

    ``style`` is what siblings share (``(a)`` and ``(b)`` have one style, ``(i)`` another, ``1.1``
    and ``1.2`` one, ``1.1.1`` another). ``name`` is what a label shows (``1``, ``iv``, ``3.2``,
    ``Exhibit A``). ``path`` holds the parts of a dotted number, else the name alone. ``word`` is
    the lower-case word before it (``section``), or "". ``length`` counts the characters up to the
    text that follows. ``stopped`` is false for a mere number before a title ("3 Fees").
    """

    name: str
    printed: str
    readings: tuple[Reading, ...]
    path: tuple[str, ...]
    word: str
    length: int
    stopped: bool = True


def bullet_length(line: str) -> int:
    """How many characters a bullet takes at the start of a line, 0 where there is none.

    A number that only counts list items, with the author's own number behind it ("1.  I. Scope"),
    is a bullet too.
    """
    found = _BULLET.match(line[:_REACH])
    if found is not None:
        return found.end()
    number = _LIST_NUMBER.match(line[:_REACH])
    if number is None:
        return 0
    inner = find_mark(line[number.end() :])
    return number.end() if inner is not None and not inner.word else 0


def find_mark(line: str) -> Mark | None:
    """Read the mark at the start of a line without indentation and bullet; None without one."""
    head = line[:_REACH]
    worded = _WORDED.match(head)
    if worded is not None:
        return _worded(worded, line)
    annex = _ANNEX.match(head)
    if annex is not None:
        word = annex["word"].lower()
        return Mark(word.title(), annex["word"], ((word, 1),), (word,), word, annex.end())
    for pattern in _MARKS:
        found = pattern.match(head)
        if found is not None:
            return _numbered(found, line)
    found = _UNSTOPPED.match(head)
    if found is not None and case_of(bare(line[found.end() :])) in (Case.TITLE, Case.CAPITALS):
        number = found["number"]
        return Mark(number, number, (("1", int(number)),), (number,), "", found.end(), False)
    return None


def follows(mark: Mark, elder: Mark) -> bool:
    """Whether a mark is the next of the style of another: ``(c)`` after ``(b)``, 2.2 after 2.1."""
    return mark.path[:-1] == elder.path[:-1] and any(
        (style, value - 1) in elder.readings for style, value in mark.readings
    )


def inner_marks(text: str, start: int, end: int) -> list[int]:
    """Where numbered parts begin inside one endless line, after its beginning.

    Only numbers that follow each other count; letters and roman numerals may begin again, and
    begin nothing where the second of them is missing. Behind the last item of a list inside a
    sentence a part without number begins, with the sentence after it.
    """
    starts: list[int] = []
    awaited: set[str] = set()  # styles of letters whose next one comes further down
    behind = end
    for place, item, lettered, (style, value) in reversed(_inner(text, start, end)):
        if value > 1 or style in awaited or not lettered:
            after = first_sentence_end(text, place, behind) if item else None
            starts += [after] if after is not None and style not in awaited else []
            starts.append(place)
            behind = place
        if not lettered:
            awaited.clear()
        (awaited.discard if value == 1 else awaited.add)(style)
    return starts[::-1]


def _inner(text: str, start: int, end: int) -> list[tuple[int, bool, bool, Reading]]:
    """Marks that may begin a part: place, whether it is inside a sentence, whether such a list may
    begin again (of letters, or inside a sentence), and reading.
    """
    found: list[tuple[int, bool, bool, Reading]] = []
    numbers: dict[tuple[str, ...], int] = {}
    letters: dict[tuple[str, ...], int] = {}
    own = find_mark(text[start + bullet_length(text[start:end]) : end])
    if own is not None:
        counted = letters if own.name.isalpha() else numbers
        counted.update({(style, *own.path[:-1]): value for style, value in own.readings})
    for match in _INNER_MARK.finditer(text, start, end):
        item = match["mark"] is None
        place = match.start("item" if item else "mark")
        mark = find_mark(text[place : match.end() + 20])
        if mark is None:
            continue
        lettered = item or mark.name.isalpha()
        reading = _following(mark, letters if lettered else numbers, again=lettered)
        if reading is None:
            continue
        if not lettered:
            letters.clear()  # they begin again in each numbered part
        (letters if lettered else numbers)[(reading[0], *mark.path[:-1])] = reading[1]
        found.append((place, item, lettered, reading))
    return found


def _following(mark: Mark, last: dict[tuple[str, ...], int], *, again: bool) -> Reading | None:
    """The reading by which a mark goes on with its like, or begins them (perhaps again)."""
    for style, value in mark.readings:
        if value == last.get((style, *mark.path[:-1]), 0) + 1:
            return style, value
    begins = (reading for reading in mark.readings if reading[1] == 1)
    return next(begins, None) if again else None


def _worded(found: re.Match[str], line: str) -> Mark | None:
    """ "Section 2: Use" opens a part; a sentence that begins "Section 2 of this" does not."""
    word, number, rest = found["word"].lower(), found["number"], line[found.end() :]
    stopped = bool(found["stop"].strip(" *_\n"))
    if rest and not (
        _opens(rest) if stopped else case_of(bare(rest)) in (Case.TITLE, Case.CAPITALS)
    ):
        return None
    printed = bare(found.group()).rstrip(" –—-:.)")
    if "." in number:
        return _dotted(number, printed, found.end(), word)
    readings = tuple((f"{word} {style}", value) for style, value in _values(number))
    if not readings:
        return None
    name = f"{word.title()} {number}" if word in ANNEXES else number
    path = (f"{word} {number}",) if word in ANNEXES else (number,)
    return Mark(name, printed, readings, path, word, found.end())


def _numbered(found: re.Match[str], line: str) -> Mark | None:
    number = found["number"].replace("\\", "")
    stop = (found.groupdict().get("stop") or "").replace("\\", "")
    rest = line[found.end() :]
    printed = bare(found.group())
    if number[:1].isdigit() and number[1:].isalnum() and number[-1].isalpha():
        return _dotted(f"{number[:-1]}.{number[-1]}", printed, found.end(), "")
    if "." in number:
        # "3.5 million users" opens no part; "3.5. any use" may.
        if not stop and rest and not _opens(rest):
            return None
        return _dotted(number, printed, found.end(), "")
    frame = "({})" if "(" in found.group()[:4] else "{}" + stop
    readings = tuple((frame.format(style), value) for style, value in _values(number))
    return Mark(number, printed, readings, (number,), "", found.end()) if readings else None


def _dotted(number: str, printed: str, length: int, word: str) -> Mark:
    path = tuple(number.split("."))
    last = path[-1]
    value = int(last) if last.isdigit() else ord(last) - ord("a") + 1
    readings = ((".".join("1" * len(path)), value),)
    return Mark(number, printed, readings, path, word, length)


def _opens(rest: str) -> bool:
    first = rest.lstrip("*_[(“\"'‘«—–- ")[:1]
    return not first or not first.islower()


def _values(number: str) -> list[Reading]:
    """Each reading of a number: decimal, letter, or roman numeral up to 39."""
    if number.isdigit():
        return [("1", int(number))]
    lower = number.lower()
    small = number == lower
    found = []
    if len(set(lower)) == 1 and len(lower) <= 2:
        place = ord(lower[0]) - ord("a") + 1 + 26 * (len(lower) - 1)
        found.append(("a" if small else "A", place))
    if set(lower) <= set(_ROMAN):
        found.append(("i" if small else "I", _roman(lower)))
    return found


def _roman(number: str) -> int:
    values = [_ROMAN[letter] for letter in number]
    return sum(
        -value if value < after else value
        for value, after in zip(values, [*values[1:], 0], strict=True)
    )
