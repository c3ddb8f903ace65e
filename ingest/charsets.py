"""From bytes to characters, by what the carrier and the document say of themselves.

A byte order mark decides, then the Content-Type, then what the document declares in its first
lines, then UTF-8. Decoding is strict, and nothing is guessed: a wrong guess would be quoted as
somebody's words.
"""

from __future__ import annotations

import codecs
import re
from email.message import Message

from ingest.errors import ReadError

_LOOK = 4096  # bytes in which a document may name its charset
_DECLARED = re.compile(
    rb"""<(?:meta\b[^<>]{0,500}?\bcharset|\?xml\b[^<>]{0,200}?\bencoding)\s{0,20}=\s{0,20}["']?\s{0,20}"""
    rb"([a-z0-9_:.-]{1,40})",
    re.IGNORECASE,
)
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# Labels that browsers have always read as the larger set that documents really use.
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-16-le",
}
_UTF = ("utf-8", "utf-16-le", "utf-16-be")
_OTHERS = re.compile(
    r"cp125\d|cp874|cp932|cp949|gb18030|big5|euc_jp|iso2022_jp|iso8859-\d{1,2}|koi8-[ru]|mac-roman"
)
_OF_MANY_BYTES = {"gb18030", "big5", "cp932", "cp949", "euc_jp", "iso2022_jp"}
_BY_CHANCE = 16
_ASCII = bytes(range(128))


def decoded(content: bytes, media_type: str, place: str) -> str:
    """The characters of a document, without a byte order mark.

    Args:
        media_type: a Content-Type, with its parameters.
        place: where the document came from, for messages.

    Raises:
        ReadError: it is not in the charset that it says it is in, or in one that nobody reads.
    """
    mark, named = _named(content, media_type)
    charset = _codec(named)
    if charset is None:
        raise ReadError(f"{place} says it is in the charset {named!r}, which is not read here.")
    try:
        text = content[len(mark) :].decode(charset)
    except UnicodeDecodeError as error:
        raise ReadError(f"{place} says it is {named}, and is not: {error.reason}.") from error
    if charset not in _UTF and _is_utf8_after_all(content, charset):
        raise ReadError(f"{place} says it is {named}, and is UTF-8.")
    return text


def _named(content: bytes, media_type: str) -> tuple[bytes, str]:
    """The byte order mark, and the name of the charset."""
    for mark, charset in _MARKS.items():
        if content.startswith(mark):
            return mark, charset
    header = Message()
    header["Content-Type"] = media_type
    declared = _DECLARED.search(content[:_LOOK])
    in_document = declared[1].decode("ascii").lower() if declared else "utf-8"
    if in_document.startswith("utf-16"):  # it could not have been read so far if that were true
        in_document = "utf-8"
    said = header.get_param("charset")
    return b"", (said if isinstance(said, str) else "") or in_document


def _codec(name: str) -> str | None:
    """Python's name of a charset that texts are written in; None for any other."""
    try:
        found = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    found = _READ_AS.get(found, found)
    return found if found in _UTF or _OTHERS.fullmatch(found) else None


def _is_utf8_after_all(content: bytes, charset: str) -> bool:
    """Whether all bytes beyond ASCII form characters of UTF-8: other texts do not look like that.

    A few characters of Chinese in their own charset do.
    """
    beyond_ascii = len(content.translate(None, delete=_ASCII))
    if beyond_ascii < (_BY_CHANCE if charset in _OF_MANY_BYTES else 1):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
