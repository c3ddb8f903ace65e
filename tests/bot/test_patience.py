"""Waiting, and no longer than one chose to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count

import pytest

from bot.patience import within

LONG = 20.0


def test_what_comes_in_time_is_handed_on_in_order() -> None:
    assert list(within(LONG, LONG, lambda: "done")) == ["d", "o", "n", "e"]


def test_a_piece_is_handed_on_before_the_next_one_exists() -> None:
    taken = threading.Event()

    def source() -> Iterator[str]:
        yield "first"
        assert taken.wait(LONG)
        yield "second"

    pieces = within(LONG, LONG, source)
    assert next(pieces) == "first"
    taken.set()
    assert list(pieces) == ["second"]


def test_an_error_is_raised_where_one_waits_after_the_pieces_before_it() -> None:
    pieces = within(LONG, LONG, lambda: (1 // each for each in (1, 0)))
    assert next(pieces) == 1
    with pytest.raises(ZeroDivisionError):
        next(pieces)


def test_a_source_that_cannot_even_begin_is_an_error_too() -> None:
    def source() -> Iterator[str]:
        raise OSError("no route")

    with pytest.raises(OSError, match="no route"):
        next(within(LONG, LONG, source))


def test_a_first_piece_that_does_not_come_is_given_up() -> None:
    never = threading.Event()
    with pytest.raises(TimeoutError, match=r"within 0\.05 seconds"):
        next(within(0.05, LONG, lambda: [never.wait(LONG)]))
    never.set()


def test_a_source_without_end_is_given_up_although_it_is_never_silent() -> None:
    with pytest.raises(TimeoutError, match=r"within 0\.2 seconds"):
        for _ in within(LONG, 0.2, lambda: count()):
            pass


def test_a_source_is_left_alone_and_ended_when_nobody_listens_any_more() -> None:
    ended = threading.Event()

    def source() -> Iterator[int]:
        try:
            yield from count()
        finally:
            ended.set()

    pieces = within(LONG, LONG, source)
    next(pieces)
    pieces.close()
    assert ended.wait(LONG)
