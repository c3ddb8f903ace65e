"""Waiting, and no longer than one chose to."""

from __future__ import annotations

import threading

import pytest

from bot.patience import within


def test_a_result_in_time_is_returned() -> None:
    assert within(5, lambda: "done") == "done"


def test_an_error_is_raised_where_one_waits() -> None:
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)


def test_what_takes_too_long_is_given_up() -> None:
    never = threading.Event()
    with pytest.raises(TimeoutError, match=r"within 0\.05 seconds"):
        within(0.05, lambda: never.wait(30))
    never.set()
