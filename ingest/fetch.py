"""How bytes come in over HTTP: one session per run, with limits, few retries, and plain failures.

Owns requests and what its errors mean. Finding distributions is left to
:mod:`ingest.distributions`, what the bytes say to the readers. Proxies, certificates and netrc are
the user's own settings, which requests reads by itself.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Self, TypeVar

import requests
from urllib3.exceptions import HTTPError as StreamError
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from ingest.distributions import Distribution, PackageIndex
from ingest.errors import (
    FetchError,
    MissingError,
    OfflineError,
    ReadError,
    RefusedError,
    TooLargeError,
    UnreachableError,
)

log = logging.getLogger(__name__)

_PAUSES = (0.3, 1.0)  # seconds before the second and before the third attempt
_LONGEST_WAIT = 5.0  # a server that wants to be left alone for longer has said no
_PACE = 10_000_000  # bytes that a slow connection must bring within one timeout
_PIECE = 64 * 1024
_UNCHANGED = {"Accept-Encoding": "identity"}  # archives and parts of them, byte for byte
_TAKES_NO_RANGE = {200, 416, 501}
_FIRST_OF_RANGE = re.compile(r"bytes (\d+)-")
_CREDENTIALS = re.compile(r"^([a-z][a-z0-9+.-]*://)[^/?#]*@", re.IGNORECASE)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer. ``url`` is where it came from in the end, without credentials.

    ``media_type`` is the Content-Type as sent, with its parameters.
    """

    url: str
    media_type: str
    content: bytes


class _TransientError(Exception):
    """What may work on the next attempt; ``meaning`` is raised when there is none."""

    def __init__(self, meaning: FetchError, wait: float = 0.0) -> None:
        super().__init__(str(meaning))
        self.meaning = meaning
        self.wait = wait


class Fetcher:
    """Fetches for one run; a context manager that closes what it holds open.

    Args:
        offline: refuse every use of the network with :class:`OfflineError`.
        timeout: seconds to wait for a connection (at most ten) and for any next byte. A body may
            take that long again for every 10 MB that are allowed.
        max_bytes: most bytes that one document, or one member of an archive, may have.
    """

    def __init__(
        self, *, offline: bool = False, timeout: float = 30.0, max_bytes: int = 20_000_000
    ) -> None:
        self.offline = offline
        self.max_bytes = max_bytes
        self._timeout = timeout
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"smallprint {requests.utils.default_user_agent()}"
        self._index = PackageIndex(self)
        self._distributions: dict[tuple[str, ...], Distribution | FetchError | ReadError] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the archives that were read from, and the connections."""
        self._index.close()
        self._session.close()

    def get(self, url: str, accept: str = "*/*") -> Fetched:
        """Fetch one document.

        Raises:
            FetchError: a leaf of it. UnreachableError for no connection, name or answer in time;
                MissingError for 404 and 410; RefusedError for every other answer that is not the
                document, 5xx after the retries among them; TooLargeError; OfflineError.
        """

        def whole(response: requests.Response) -> Fetched:
            _expect_success(response)
            content = b"".join(self._pieces(response, self.max_bytes))
            media_type = response.headers.get("Content-Type", "application/octet-stream")
            return Fetched(without_credentials(response.url), media_type, content)

        return self._ask(url, {"Accept": accept}, whole)

    def save(self, url: str, into: BinaryIO, max_bytes: int | None = None) -> None:
        """Write an archive into a file, byte for byte. Raises as :meth:`get`."""

        def pour(response: requests.Response) -> None:
            _expect_success(response)
            into.seek(0)
            into.truncate()
            into.writelines(self._pieces(response, max_bytes or self.max_bytes, decode=False))

        self._ask(url, _UNCHANGED, pour)

    def part(self, url: str, byte_range: str) -> tuple[int, bytes] | None:
        """Fetch part of a file: offset of its first byte, and the bytes. Raises as :meth:`get`.

        Args:
            byte_range: value of the Range header, such as ``bytes=-500``.

        Returns:
            None where the server does not hand out parts; the body is then left alone.
        """

        def parted(response: requests.Response) -> tuple[int, bytes] | None:
            first = _FIRST_OF_RANGE.match(response.headers.get("Content-Range", ""))
            if response.status_code in _TAKES_NO_RANGE or (response.ok and first is None):
                return None
            _expect_success(response)
            content = b"".join(self._pieces(response, self.max_bytes, decode=False))
            return (int(first[1]), content) if first else None

        return self._ask(url, {**_UNCHANGED, "Range": byte_range}, parted)

    def wheel(self, requirement: str) -> Distribution:
        """Find the wheel of an exact pin ``NAME==VERSION``; its members are read by need.

        Found, or not found, once per run.

        Raises:
            CorpusError: the requirement is not an exact pin.
            FetchError, ReadError: the wheel cannot be had, or is damaged.
        """
        return self._once(("wheel", requirement), lambda: self._index.wheel(requirement))

    def sdist(self, name: str, version: str | None) -> Distribution:
        """Find a source distribution on the index that the user's pip is set to.

        Args:
            version: None for the newest that is neither yanked nor a pre-release.

        Raises:
            FetchError, ReadError: the index or the distribution cannot be had, or read.
        """
        return self._once(("sdist", name, version or ""), lambda: self._index.sdist(name, version))

    def _once(self, key: tuple[str, ...], find: Callable[[], Distribution]) -> Distribution:
        """Forty sources share one wheel: neither pip nor a dead network is tried forty times."""
        self._stay_offline(key[1])
        if key not in self._distributions:
            try:
                self._distributions[key] = find()
            except (FetchError, ReadError) as error:
                self._distributions[key] = error
        found = self._distributions[key]
        if isinstance(found, FetchError | ReadError):
            raise found
        return found

    def _stay_offline(self, what: str) -> None:
        if self.offline:
            raise OfflineError(f"{what} was not fetched: this run may not use the network.")

    def _ask(
        self,
        url: str,
        headers: Mapping[str, str],
        consume: Callable[[requests.Response], T],
        pauses: tuple[float, ...] = _PAUSES,
    ) -> T:
        """One request, again after a pause where that may help."""
        self._stay_offline(_place(url))
        try:
            return self._ask_once(url, headers, consume)
        except _TransientError as failure:
            if not pauses or failure.wait > _LONGEST_WAIT:
                raise failure.meaning from None
            wait = max(pauses[0], failure.wait)
            log.debug("Asking again in %.1f s: %s", wait, failure)
        time.sleep(wait)
        return self._ask(url, headers, consume, pauses[1:])

    def _ask_once(
        self,
        url: str,
        headers: Mapping[str, str],
        consume: Callable[[requests.Response], T],
    ) -> T:
        # The causes are cut off (from None): their texts repeat the whole address, and a redirect
        # may have put a signature into it.
        timeout = (min(10.0, self._timeout), self._timeout)
        try:
            with self._session.get(url, headers=headers, stream=True, timeout=timeout) as response:
                return consume(response)
        except (requests.Timeout, ReadTimeoutError):
            # Not tried again: the time that may be lost is lost already.
            raise UnreachableError(f"{_place(url)} did not answer in time.") from None
        except requests.TooManyRedirects:
            raise RefusedError(f"{_place(url)} redirects in circles.") from None
        except requests.exceptions.SSLError as error:
            raise UnreachableError(_no_connection(url, error)) from None
        except (requests.ConnectionError, ProtocolError) as error:
            raise _TransientError(UnreachableError(_no_connection(url, error))) from None
        except (requests.RequestException, StreamError) as error:
            raise UnreachableError(_no_connection(url, error)) from None

    def _pieces(
        self, response: requests.Response, max_bytes: int, decode: bool = True
    ) -> Iterator[bytes]:
        """The body as it comes, for as long as it keeps to the limits of size and time."""
        place = _place(response.url)
        too_large = TooLargeError(f"{place} is larger than the {max_bytes:,} bytes allowed.")
        if _number(response.headers.get("Content-Length", "")) > max_bytes:
            raise too_large
        # A stopwatch, not the time of day: what is read does not depend on it.
        deadline = time.monotonic() + self._timeout * (1 + max_bytes / _PACE)
        size = 0
        # read1 returns what has come; waiting for a full piece, a trickle could hold us for hours.
        while piece := response.raw.read1(_PIECE, decode_content=decode):
            size += len(piece)
            if size > max_bytes:
                raise too_large
            if time.monotonic() > deadline:
                raise UnreachableError(f"{place} sends too slowly to wait for.")
            yield piece


def without_credentials(url: str) -> str:
    """The address without ``user:password@``, fit for a log."""
    return _CREDENTIALS.sub(r"\1", url)


def _place(url: str) -> str:
    """The address as messages name it: a query can hold a signature, which is a secret as well."""
    return re.split(r"[?#]", without_credentials(url), maxsplit=1)[0]


def _expect_success(response: requests.Response) -> None:
    status, place = response.status_code, _place(response.url)
    if status in (200, 203, 206):
        return
    if status in (404, 410):
        raise MissingError(f"There is nothing at {place} (status {status}).")
    refused = RefusedError(f"{place} answered with status {status}.")
    if status == 429 or status >= 500:
        raise _TransientError(refused, _number(response.headers.get("Retry-After", "")))
    raise refused


def _number(header: str) -> int:
    """A number of bytes or seconds; 0 where the header holds none, or a date instead."""
    return int(header) if header.isdecimal() and len(header) < 16 else 0


def _no_connection(url: str, error: BaseException) -> str:
    """Name the innermost cause, which says most and holds no address."""
    proxied = isinstance(error, requests.exceptions.ProxyError)
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
    way = " through the proxy of your settings" if proxied else ""
    return f"{_place(url)} could not be reached{way}: {reason}."
