"""From bytes to characters: who decides, and that nothing is guessed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.charsets import decoded
from ingest.errors import ReadError

WORDS = "Déjà vu: “yes”"


def read(content: bytes, media_type: str = "text/html") -> str:
    return decoded(content, media_type, "acme.example")


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "UTF8", "koi8-r", "gb18030", "big5"])
def test_the_header_says_what_the_bytes_are(charset: str) -> None:
    words = {"koi8-r": "Условия", "gb18030": "用户协议条款", "big5": "服務條款"}.get(charset, WORDS)
    assert read(words.encode(charset), f'text/html; charset="{charset}"') == words


@pytest.mark.parametrize("label", ["iso-8859-1", "latin1", "us-ascii", "ISO_8859-1"])
def test_latin_1_is_read_as_browsers_read_it(label: str) -> None:
    assert read(WORDS.encode("cp1252"), f"text/html; charset={label}") == WORDS


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_outdoes_the_header(codec: str) -> None:
    assert read(WORDS.encode(codec), "text/html; charset=iso-8859-1") == WORDS


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="windows-1252">',
        "<META CHARSET=windows-1252>",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">',
        '<?xml version="1.0" encoding="windows-1252"?>',
    ],
)
def test_the_document_says_it_where_the_header_does_not(declaration: str) -> None:
    html = f"<!doctype html>{declaration}<p>{WORDS}"
    assert read(html.encode("cp1252")) == html
    with pytest.raises(ReadError):
        read(html.encode("cp1252"), "text/html; charset=utf-8")


def test_without_any_word_it_is_utf_8() -> None:
    assert read(WORDS.encode()) == WORDS
    with pytest.raises(ReadError, match=r"acme\.example says it is utf-8, and is not"):
        read(WORDS.encode("cp1252"))


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "iso-8859-2", "koi8-r"])
def test_utf_8_under_a_wrong_name_is_refused_and_not_garbled(label: str) -> None:
    with pytest.raises(ReadError, match="and is UTF-8"):
        read("Déjà vu".encode(), f"text/html; charset={label}")


def test_a_few_characters_that_look_like_utf_8_by_chance_are_what_they_say() -> None:
    assert read("联通".encode("gbk"), "text/html; charset=gb2312") == "联通"
    with pytest.raises(ReadError):
        read("用户协议条款与隐私政策".encode(), "text/html; charset=gb2312")


@pytest.mark.parametrize(
    "label", ["rot13", "zlib", "utf-7", "idna", "unicode_escape", "nonsense", "a\\0b", "undefined"]
)
def test_what_is_no_charset_of_texts_is_refused(label: str) -> None:
    with pytest.raises(ReadError, match="not read here"):
        read(b"words", f"text/html; charset={label}")


@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_bytes_are_read_or_refused(content: bytes, media_type: str) -> None:
    with suppress(ReadError):
        assert isinstance(read(content, media_type), str)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    assert read(b"\xef\xbb\xbf" + text.encode()) == text
