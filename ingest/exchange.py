"""One request and its answer: the limits of a body, and which failure is which.

Every way in which requests and urllib3 fail is translated here. Whether to ask again, and what an
answer is good for, is left to those who ask.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeVar

import requests
from requests.utils import requote_uri
from urllib3.exceptions import HTTPError as StreamError
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from ingest.addresses import place
from ingest.errors import (
    BusyError,
    FetchError,
    MissingError,
    RefusedError,
    TooLargeError,
    UnreachableError,
)

log = logging.getLogger(__name__)

_PIECE = 64 * 1024

SUCCESS = (200, 203)
"""Statuses whose body is the document that was asked for."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: ``headers`` by names in small letters, and the body of a success only.

    ``location`` is the header of that name, fit to be joined with ``url``.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes = b""
    location: str = ""


class AttemptError(Exception):
    """An attempt that failed. ``meaning`` is what to raise when there is no other.

    ``again`` is whether another attempt may work, ``wait`` the seconds that the other side asks us
    to stay away, ``answered`` whether it said anything at all.
    """

    def __init__(
        self, meaning: FetchError, *, again: bool = False, wait: float = 0, answered: bool = True
    ) -> None:
        super().__init__(str(meaning))
        self.meaning = meaning
        self.again = again
        self.wait = wait
        self.answered = answered


def attempt(
    url: str,
    send: Callable[[], AbstractContextManager[requests.Response]],
    consume: Callable[[requests.Response], T],
) -> T:
    """Send one request and read what is wanted of its answer.

    Raises:
        AttemptError: there was no answer, or it broke off.
        FetchError: what ``send`` and ``consume`` raise of it.
    """
    # The causes are cut off (from None): their texts repeat the whole address, and a redirect
    # may have put a signature into it.
    answered = False
    try:
        with send() as response:
            answered = True
            return consume(response)
    except (requests.Timeout, ReadTimeoutError):
        # Not tried again: the time that may be lost is lost already.
        late = UnreachableError(f"{place(url)} did not answer in time.")
        raise AttemptError(late, answered=answered) from None
    except requests.TooManyRedirects:
        raise RefusedError(f"{place(url)} redirects in circles.") from None
    except requests.exceptions.SSLError as error:
        raise AttemptError(_unreachable(url, error), answered=answered) from None
    except (requests.ConnectionError, ProtocolError) as error:
        raise AttemptError(_unreachable(url, error), again=True, answered=answered) from None
    except (requests.RequestException, StreamError) as error:
        raise AttemptError(_unreachable(url, error), answered=answered) from None


def patiently(
    once: Callable[[], T],
    pauses: Sequence[float],
    longest_wait: float,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Try, and try again after each of ``pauses`` (seconds) where that may help.

    Args:
        longest_wait: seconds; whoever asks us to stay away for longer is not asked again.

    Raises:
        AttemptError: the last one.
        FetchError: as ``once``.
    """
    for pause in pauses:
        try:
            return once()
        except AttemptError as failure:
            if not failure.again or failure.wait > longest_wait:
                raise
            wait = max(pause, failure.wait)
            log.debug("Asking again in %.1f s: %s", wait, failure)
        sleep(wait)
    return once()


def answer(response: requests.Response, max_bytes: int, *, cut: bool = False) -> Answer:
    """Read an answer; the body of a redirect or of a refusal, however large, is left alone.

    Args:
        cut: cut a longer body off at ``max_bytes`` instead of refusing it.

    Raises:
        TooLargeError: the body is larger than ``max_bytes``.
    """
    headers = {name.lower(): value for name, value in response.headers.items()}
    content = b""
    if response.status_code in SUCCESS:
        content = _beginning(response, max_bytes) if cut else b"".join(pieces(response, max_bytes))
    location = requote_uri(_as_utf8(headers.get("location", "").strip()))
    return Answer(response.url, response.status_code, headers, content, location)


def _beginning(response: requests.Response, size: int) -> bytes:
    content = bytearray()
    while len(content) < size and (piece := response.raw.read1(_PIECE, decode_content=True)):
        content += piece
    return bytes(content[:size])


def _as_utf8(header: str) -> str:
    """Headers are read as Latin-1; addresses in them are UTF-8 if they are more than ASCII."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def pieces(response: requests.Response, max_bytes: int, *, decode: bool = True) -> Iterator[bytes]:
    """The body as it comes, unpacked, for as long as it keeps to ``max_bytes``.

    Raises:
        TooLargeError: it does not.
    """
    if number(response.headers.get("Content-Length", "")) > max_bytes:
        raise too_large(response.url, max_bytes)
    size = 0
    # read1 returns what has come; waiting for a full piece, a trickle could hold us for hours.
    while piece := response.raw.read1(_PIECE, decode_content=decode):
        size += len(piece)
        if size > max_bytes:
            raise too_large(response.url, max_bytes)
        yield piece


def expect_success(response: requests.Response) -> None:
    """Go on only with an answer that is a document, or the part of one that was asked for.

    Raises:
        MissingError: there is none (404, 410).
        AttemptError: there may be one later (429, 5xx); it means BusyError.
        RefusedError: anything else.
    """
    status, where = response.status_code, place(response.url)
    if status in (*SUCCESS, 206):
        return
    if status in (404, 410):
        raise MissingError(f"There is nothing at {where} (status {status}).")
    said = f"{where} answered with status {status}."
    if status == 429 or status >= 500:
        asked = number(response.headers.get("Retry-After", ""))
        raise AttemptError(BusyError(said), again=True, wait=asked)
    raise RefusedError(said)


def too_large(url: str, max_bytes: int) -> TooLargeError:
    """What to raise where a body has more bytes than it may."""
    return TooLargeError(f"{place(url)} is larger than the {max_bytes:,} bytes allowed.")


def number(header: str) -> int:
    """A number of bytes or seconds; 0 where the header holds none, or a date instead."""
    return int(header) if header.isdecimal() and len(header) < 16 else 0


def _unreachable(url: str, error: BaseException) -> UnreachableError:
    """Name the innermost cause, which says most and holds no address."""
    proxied = isinstance(error, requests.exceptions.ProxyError)
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
    way = " through the proxy of your settings" if proxied else ""
    return UnreachableError(f"{place(url)} could not be reached{way}: {reason}.")
