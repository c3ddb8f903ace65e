"""What is typed behind ``license``, taken apart."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.requests import LONGEST_REQUEST, Form, Request, parse, requested
from ingest.errors import QuestionError


@pytest.mark.parametrize(
    ("typed", "request_"),
    [
        ("", Request(Form.HELP)),
        ("  ", Request(Form.HELP)),
        ("help", Request(Form.HELP)),
        ("list", Request(Form.LIST)),
        ("LIST", Request(Form.LIST)),
        ("llama 4", Request(Form.SHOW, ("llama 4",))),
        ("llama-4 branding", Request(Form.SHOW, ("llama-4 branding",))),
        ("“llama 4”", Request(Form.SHOW, ("llama 4",))),
        ("llama 4 --as-of 2026-03-01", Request(Form.SHOW, ("llama 4",), "", date(2026, 3, 1))),
        ("llama 4 —as-of 2026-03-01", Request(Form.SHOW, ("llama 4",), "", date(2026, 3, 1))),
        ("compare llama-4 gemma-3", Request(Form.COMPARE, ("llama-4 gemma-3",))),
        ("compare llama 4 vs gemma 3", Request(Form.COMPARE, ("llama 4", "gemma 3"))),
        (
            "compare llama 4, gemma 3 and qwen",
            Request(Form.COMPARE, ("llama 4", "gemma 3", "qwen")),
        ),
        ('check llama 4 --use "sell it"', Request(Form.CHECK, ("llama 4",), "sell it")),
        ("check llama 4 —use “sell it”", Request(Form.CHECK, ("llama 4",), "sell it")),
        ("check llama 4: sell it", Request(Form.CHECK, ("llama 4",), "sell it")),
        ("check llama 4 sell it", Request(Form.CHECK, ("llama 4 sell it",))),
        ("check", Request(Form.CHECK)),
        ("obligations llama 4", Request(Form.OBLIGATIONS, ("llama 4",))),
        ("history llama 4", Request(Form.HISTORY, ("llama 4",))),
        ("checkpoint", Request(Form.SHOW, ("checkpoint",))),
    ],
)
def test_a_request_is_taken_apart(typed: str, request_: Request) -> None:
    assert parse(typed) == request_


def test_a_request_that_is_too_long_is_refused() -> None:
    with pytest.raises(QuestionError, match="at most 4,000"):
        parse("x" * (LONGEST_REQUEST + 1))


def test_a_use_of_three_thousand_characters_is_read_whole() -> None:
    use = "sell it, " * 333
    assert parse(f"check llama 4 --use {use}").use == use.strip()


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "31.12.2026"])
def test_a_day_that_is_none_is_refused_with_how_to_write_one(day: str) -> None:
    with pytest.raises(QuestionError, match="write it as 2026-03-20"):
        parse(f"llama 4 --as-of {day}")


@pytest.mark.parametrize(
    ("words", "use", "names"),
    [
        (("compare", "llama 4", "gemma 3"), None, ("llama 4", "gemma 3")),
        (("compare", "llama-4", "gemma-3", "qwen"), None, ("llama-4", "gemma-3", "qwen")),
        (("check", "llama", "4"), "sell it", ("llama 4",)),
        (("llama", "4"), None, ("llama 4",)),
    ],
)
def test_words_that_a_shell_took_apart_mean_the_same(
    words: tuple[str, ...], use: str | None, names: tuple[str, ...]
) -> None:
    found = requested(words, use, None)
    assert (found.names, found.use) == (names, use or "")


@given(st.text(max_size=400))
def test_anything_typed_is_a_request_or_one_sentence(typed: str) -> None:
    try:
        assert parse(typed).form in Form
    except QuestionError as error:
        assert len(str(error)) < 200
