"""Waiting for somebody else's program, and no longer than one chose to."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import TypeVar

Piece = TypeVar("Piece")


@dataclass(frozen=True, slots=True)
class _End:
    """Nothing comes any more; ``error`` says why where that is not as it should be."""

    error: Exception | None = None


def within(
    first: float, whole: float, source: Callable[[], Iterable[Piece]]
) -> Generator[Piece, None, None]:
    """Hand on what ``source`` gives, which runs in a thread of its own, while there is time left.

    A provider's own timeout starts anew with each byte that trickles in; these two do not.

    Args:
        first: how many seconds the first piece may take.
        whole: how many seconds everything together may take, from the moment of asking for the
            first piece.
        source: gives the pieces. What it raises is raised here, after the pieces before it.

    Raises:
        TimeoutError: the time is up. Then, and when the generator is closed, ``source`` is left
            alone: its thread ends with the next piece that it gives.
    """
    came: queue.SimpleQueue[Piece | _End] = queue.SimpleQueue()
    left = threading.Event()

    def work() -> None:
        try:
            for each in source():
                if left.is_set():
                    return
                came.put(each)
        except Exception as error:  # noqa: BLE001 carried over to the waiting thread, see below
            came.put(_End(error))
        else:
            came.put(_End())

    began = time.monotonic()
    threading.Thread(target=work, name="chat-model", daemon=True).start()
    try:
        piece = _next(came, first, began)
        while not isinstance(piece, _End):
            yield piece
            piece = _next(came, whole, began)
        if piece.error is not None:
            raise piece.error
    finally:
        left.set()


def _next(came: queue.SimpleQueue[Piece | _End], seconds: float, began: float) -> Piece | _End:
    """What came next. The time counts also where there is always something waiting already."""
    remaining = began + seconds - time.monotonic()
    try:
        if remaining > 0:
            return came.get(timeout=remaining)
    except queue.Empty:
        pass
    raise TimeoutError(f"no reply within {seconds:g} seconds")
