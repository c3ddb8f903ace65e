"""From a PDF to the text of its document, as far as it holds text and not pictures of text.

Owns what of the lines on the pages is the document: page numbers and running lines are left out
where they are certain to be such, words broken at a line's end are joined where the document itself
shows that they are one. Lines stay as they are; what is a paragraph is left to the splitter.
"""

from __future__ import annotations

import io
import logging
import re
import struct
import time
import zlib
from collections.abc import Iterator, Sequence

from pypdf import PageObject, PasswordType, PdfReader
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

from ingest.errors import ReadError

_MOST_PAGES = 1_000
_MOST_CHARACTERS = 5_000_000
_LONGEST = 60.0  # seconds
_EDGE = 3  # lines at the top and at the foot of a page that may be running ones
_LEAST_PAGES = 3  # on fewer, nothing is certain
# pypdf meets damaged files with whatever its own code happens to stumble upon.
_DAMAGES = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_DIGITS = re.compile(r"\d+")
_BROKEN_WORD = re.compile(r"(?<![\w-])([\w-]{1,40})-\n[ ]{0,9}(\w{1,40})(\S{0,20})[ ]?")
_WORD = re.compile(r"\w+(?:-\w+)*")
# Letters that a font draws as one; people type, and search, the letters.
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}
)

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells every oddity that it got over


def text_of(content: bytes, where: str = "The PDF", seconds: float = _LONGEST) -> str:
    """The words of a PDF, a line of it a line of text.

    Args:
        where: what messages call it.
        seconds: how long it may take.

    Raises:
        ReadError: it is damaged, protected, too long, or holds no text.
    """
    stop_at = time.monotonic() + seconds
    try:
        pages = list(_pages(PdfReader(io.BytesIO(content)), where, stop_at))
    except DependencyError:
        raise ReadError(f"{where} is a PDF encrypted in a way that is not read here.") from None
    except _DAMAGES as error:
        raise ReadError(
            f"{where} is a PDF that cannot be read ({type(error).__name__})."
        ) from error
    if not any(pages):
        raise ReadError(f"{where} is a PDF without text; it may be a scan.")
    text = "\n".join("\n".join(page) for page in _without_running_lines(pages) if page)
    if "\ufffd" in text or "\0" in text:
        raise ReadError(f"{where} is a PDF with characters that no text has.")
    return _with_whole_words(text)


def _pages(reader: PdfReader, where: str, stop_at: float) -> Iterator[list[str]]:
    """The lines of each page, without those that are empty."""
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise ReadError(f"{where} is a PDF protected by a password.")
    if len(reader.pages) > _MOST_PAGES:
        raise ReadError(f"{where} is a PDF of more than {_MOST_PAGES:,} pages.")
    size = 0
    for page in reader.pages:
        if time.monotonic() > stop_at:
            raise ReadError(f"{where} is a PDF that takes too long to read.")
        text = _text(page, stop_at)
        size += len(text)
        if size > _MOST_CHARACTERS:
            raise ReadError(f"{where} is a PDF of more than {_MOST_CHARACTERS:,} characters.")
        yield [line.rstrip() for line in text.splitlines() if line.strip()]


def _text(page: PageObject, stop_at: float) -> str:
    """The words of a page.

    Raises:
        LimitReachedError: not within the time.
    """

    def stay_in_time(*_operation: object) -> None:
        if time.monotonic() > stop_at:
            raise LimitReachedError("takes too long")

    return page.extract_text(visitor_operand_before=stay_in_time).translate(_LIGATURES)


def _without_running_lines(pages: Sequence[list[str]]) -> list[list[str]]:
    """Leave out lines at the edges that count the pages; of those that only repeat, keep one."""
    left_out: list[set[int]] = [set() for _ in pages]
    for depths in (range(_EDGE), range(-1, -1 - _EDGE, -1)):
        for depth in depths:
            running = _running([_line(page, depth) for page in pages])
            if not running:
                break
            for number in running:
                left_out[number].add(depth % len(pages[number]))
    return [
        [line for place, line in enumerate(page) if place not in out]
        for page, out in zip(pages, left_out, strict=True)
    ]


def _line(page: Sequence[str], place: int) -> str:
    """A line of a page, counted from its end where the place is negative; empty beyond."""
    return page[place].strip() if -len(page) <= place < len(page) else ""


def _running(edge: Sequence[str]) -> set[int]:
    """The pages whose line at one edge is certain to be no part of the document.

    Such lines are the same, their numbers apart, and these go with the pages; or nothing in them
    changes, on a third of the pages at least: books print another line on the left than on the
    right.
    """
    alike: dict[str, list[int]] = {}
    for number, line in enumerate(edge):
        if any(c.isalnum() for c in line):
            alike.setdefault(_DIGITS.sub("0", line), []).append(number)
    running: set[int] = set()
    for numbers in alike.values():
        counted = _count_pages([edge[number] for number in numbers], numbers)
        if len(numbers) < _LEAST_PAGES or counted is None:
            continue
        if counted:
            running |= {*numbers}
        elif 3 * len(numbers) >= len(edge):
            running |= {*numbers[1:]}
    return running


def _count_pages(lines: Sequence[str], pages: Sequence[int]) -> bool | None:
    """Whether some number in all lines goes with the pages; None where one goes its own way."""
    counted = False
    columns = zip(*(_DIGITS.findall(line) for line in lines), strict=True)
    for column in columns:
        if any(len(digits) > 9 for digits in column):
            return None
        values = [int(digits) for digits in column]
        with_pages = len({value - page for value, page in zip(values, pages, strict=True)}) == 1
        if not with_pages and len(set(values)) > 1:
            return None
        counted = counted or with_pages
    return counted


def _with_whole_words(text: str) -> str:
    """Join words that a line's end broke, where the same word stands whole somewhere else.

    A soft hyphen says of itself that it breaks a word.
    """
    text = text.replace("\u00ad\n", "")
    whole = {word.lower() for word in _WORD.findall(text)}

    def joined(broken: re.Match[str]) -> str:
        first, second, rest = broken.groups()
        candidates = [first + second, f"{first}-{second}"]
        known = [each for each in candidates if each.lower() in whole]
        return f"{known[0]}{rest}\n" if len(known) == 1 else broken[0]

    return _BROKEN_WORD.sub(joined, text)
