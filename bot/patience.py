"""Waiting for somebody else's program, and no longer than one chose to."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def within(seconds: float, call: Callable[[], Result]) -> Result:
    """Run ``call`` in a thread of its own and stop waiting for it after ``seconds``.

    A provider's own timeout starts anew with each byte that trickles in; this one does not.

    What ``call`` raises is raised here.

    Raises:
        TimeoutError: there was no result in time; the thread is left to end by itself.
    """
    done: queue.SimpleQueue[Result | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            done.put(call())
        except Exception as error:  # noqa: BLE001 carried over to the waiting thread, see below
            done.put(error)

    threading.Thread(target=work, name="chat-model", daemon=True).start()
    try:
        result = done.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError(f"no reply within {seconds:g} seconds") from None
    if isinstance(result, Exception):
        raise result
    return result
