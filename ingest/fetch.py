"""How bytes come in over HTTP: one fetcher per run, with limits, few retries, and plain failures.

Owns the kinds of fetching: documents and packages of the index that the user's pip is set to
(``get``, ``save``, ``part``, ``wheel``, ``sdist``), git repositories, and pages of others
(``page``). One request is left to :mod:`ingest.exchange`, manners towards others to
:mod:`ingest.pages`, finding distributions to :mod:`ingest.distributions`, and what the bytes say to
the readers. Proxies, certificates and netrc are the user's own settings, which requests reads by
itself; netrc is not used for pages.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeVar

import requests

from ingest import exchange
from ingest.addresses import place, without_credentials
from ingest.connections import BoundedAdapter, PublicWeb
from ingest.distributions import Distribution, PackageIndex
from ingest.errors import FetchError, OfflineError, ReadError
from ingest.exchange import Answer, AttemptError, expect_success, patiently, pieces
from ingest.pages import Manners, Page, Pages, agent
from ingest.public import PUBLIC, Reach
from ingest.repository import Repository

_PAUSES = (0.3, 1.0)  # seconds before the second and before the third attempt
_LONGEST_WAIT = 5.0  # a server that wants to be left alone for longer has said no
_UNCHANGED = {"Accept-Encoding": "identity"}  # archives and parts of them, byte for byte
_UNPACKED = "gzip, deflate"  # which can be unpacked piece by piece, and stopped
_TAKES_NO_RANGE = {200, 416, 501}
_FIRST_OF_RANGE = re.compile(r"bytes (\d+)-")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer. ``url`` is where it came from in the end, without credentials.

    ``media_type`` is the Content-Type as sent, with its parameters.
    """

    url: str
    media_type: str
    content: bytes


class Fetcher:
    """Fetches for one run; a context manager that closes what it holds open.

    Args:
        offline: refuse every use of the network with :class:`OfflineError`.
        timeout: seconds to wait for a connection (at most ten) and for any next byte. An answer
            may take that long in all, and that long again for every 10 MB that are allowed.
        max_bytes: most bytes that one document, or one member of an archive, may have.
        reach: which network addresses pages may come from; public ones.
        manners: how patient we are with those who publish pages.
        copies: folder in which copies of git repositories stay from run to run; without one they
            are made anew and removed.
    """

    def __init__(
        self,
        *,
        offline: bool = False,
        timeout: float = 30.0,
        max_bytes: int = 20_000_000,
        reach: Reach = PUBLIC,
        manners: Manners = Manners(),  # noqa: B008 - a value
        copies: Path | None = None,
    ) -> None:
        self.offline = offline
        self.max_bytes = max_bytes
        self._adapter = BoundedAdapter(timeout)
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"smallprint {requests.utils.default_user_agent()}"
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._adapter)
        self._index = PackageIndex(self)
        self._found: dict[tuple[str, ...], Any] = {}
        self._copies = copies
        self._open = ExitStack()
        self._web = PublicWeb(reach, timeout)
        self._pages = Pages(self._ask_page, agent(), manners)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the archives and repositories that were read from, and the connections."""
        self._open.close()
        self._index.close()
        self._session.close()
        self._web.close()

    def page(
        self,
        url: str,
        *,
        accept: str = "*/*",
        language: str = "en",
        etag: str = "",
        last_modified: str = "",
        validated: str = "",
    ) -> Page | None:
        """Fetch a page that somebody publishes, by the rules of its site and at its pace.

        Only public addresses are reached, whatever a name or a redirect leads to, and only with
        https, but for addresses that are declared with http. The robots.txt of every host on the
        way is asked once in a run. Behind a proxy of the user's, names that only the proxy knows
        are left to the proxy.

        Args:
            language: in which the document is wanted, as ISO 639-1.
            etag, last_modified: what came with the page last time; empty where nothing did.
            validated: the address that they came from, where redirects had led there.

        Returns:
            None where the page has not been modified.

        Raises:
            FetchError: a leaf of it. ForbiddenAddressError and RobotsError where nothing may be
                asked; UnreachableError; BusyError for 429 and 5xx after the retries; MissingError
                for 404 and 410; RefusedError for every other status; TooLargeError, before and
                after unpacking; OfflineError.
        """
        self._stay_offline(place(url))
        sent = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        conditions = {name: value for name, value in sent.items() if value}
        wishes = {"Accept": accept, "Accept-Language": language}
        return self._pages.page(url, wishes, conditions, validated or url)

    def _ask_page(self, url: str, headers: Mapping[str, str], cut_at: int | None = None) -> Answer:
        most = cut_at or self.max_bytes
        asked = {**headers, "Accept-Encoding": _UNPACKED}
        return exchange.attempt(
            url,
            lambda: self._web.send(url, asked, most),
            lambda response: exchange.answer(response, most, cut=cut_at is not None),
        )

    def get(self, url: str, accept: str = "*/*") -> Fetched:
        """Fetch one document.

        Raises:
            FetchError: a leaf of it. UnreachableError for no connection, name or answer in time;
                MissingError for 404 and 410; BusyError for 429 and 5xx after the retries;
                RefusedError for every other answer that is not the document; TooLargeError;
                OfflineError.
        """

        def whole(response: requests.Response) -> Fetched:
            expect_success(response)
            content = b"".join(pieces(response, self.max_bytes))
            media_type = response.headers.get("Content-Type", "application/octet-stream")
            return Fetched(without_credentials(response.url), media_type, content)

        return self._ask(url, {"Accept": accept}, whole)

    def save(self, url: str, into: BinaryIO, max_bytes: int | None = None) -> None:
        """Write an archive into a file, byte for byte. Raises as :meth:`get`."""

        most = max_bytes or self.max_bytes

        def pour(response: requests.Response) -> None:
            expect_success(response)
            into.seek(0)
            into.truncate()
            into.writelines(pieces(response, most, decode=False))

        self._ask(url, _UNCHANGED, pour, most)

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
            expect_success(response)
            content = b"".join(pieces(response, self.max_bytes, decode=False))
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

    def repository(self, address: str) -> Repository:
        """The copy of a public git repository, brought up to date once per run.

        Raises:
            FetchError, ReadError: the repository cannot be had, or read.
        """
        return self._once(("git", address), lambda: self._updated(address))

    def _updated(self, address: str) -> Repository:
        folder = self._copies or Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        repository = Repository(address, folder)
        self._open.callback(repository.close)
        repository.commits  # noqa: B018 - asks for them, once for all sources
        return repository

    def _once(self, key: tuple[str, ...], find: Callable[[], T]) -> T:
        """Forty sources share one wheel: neither pip nor a dead network is tried forty times."""
        self._stay_offline(key[1])
        if key not in self._found:
            try:
                self._found[key] = find()
            except (FetchError, ReadError) as error:
                self._found[key] = error
        found = self._found[key]
        if isinstance(found, FetchError | ReadError):
            raise found
        return found  # type: ignore[no-any-return]  # what find made for this key

    def _stay_offline(self, what: str) -> None:
        if self.offline:
            raise OfflineError(f"{what} was not fetched: this run may not use the network.")

    def _ask(
        self,
        url: str,
        headers: Mapping[str, str],
        consume: Callable[[requests.Response], T],
        max_bytes: int | None = None,
    ) -> T:
        """One request to the index, again after a pause where that may help."""
        self._stay_offline(place(url))
        try:
            return patiently(
                lambda: self._attempt(url, headers, consume, max_bytes), _PAUSES, _LONGEST_WAIT
            )
        except AttemptError as failure:
            raise failure.meaning from None

    def _attempt(
        self,
        url: str,
        headers: Mapping[str, str],
        consume: Callable[[requests.Response], T],
        max_bytes: int | None,
    ) -> T:
        waits = self._adapter.waits
        self._adapter.expect(url, max_bytes or self.max_bytes)
        return exchange.attempt(
            url,
            lambda: self._session.get(url, headers=headers, stream=True, timeout=waits),
            consume,
        )
