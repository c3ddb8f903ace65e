"""How to visit the pages of others: slowly, by their rules, and no further than they lead.

Owns redirects, retries, pauses between requests to one host, and what each status means. The
connection and its limits are left to :mod:`ingest.connections`, the wishes of a site to
:mod:`ingest.robots`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib import metadata
from typing import Protocol
from urllib.parse import urldefrag, urljoin

from ingest.addresses import host, objection, place
from ingest.errors import (
    BusyError,
    FetchError,
    ForbiddenAddressError,
    MissingError,
    RefusedError,
)
from ingest.exchange import SUCCESS, Answer, AttemptError, number, patiently
from ingest.robots import AGENT, MOST_BYTES, Robots

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_HOPS = 8
_ROBOTS_REQUESTS = 6  # the RFC asks for five redirects at least
_LONGEST_VALIDATOR = 1_000  # characters; what is longer is not kept and not sent back
_LONGEST_TYPE = 200
_LONGEST_DELAY = 30.0  # seconds between two requests that a site may ask for


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came. ``url`` is where it came from in the end.

    ``media_type`` is the Content-Type as sent, with its parameters. ``etag`` and ``last_modified``
    are what a later request may name; empty where none was sent. ``redirects`` are the addresses
    that the first one led to, in order, ``url`` the last of them; empty where it led to none.
    """

    url: str
    media_type: str
    content: bytes
    etag: str = ""
    last_modified: str = ""
    redirects: tuple[str, ...] = ()


class Ask(Protocol):
    """Sends one request, without following redirects."""

    def __call__(self, url: str, headers: Mapping[str, str], cut_at: int | None = None) -> Answer:
        """Raises FetchError or AttemptError. A body longer than ``cut_at`` is cut off there."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How patient we are; all in seconds.

    ``pause`` lies between two requests to one host at least, ``retries`` before a second and a
    third attempt. A site that wants us to wait for longer than ``longest_wait`` is left for today.
    """

    pause: float = 1.0
    retries: tuple[float, ...] = (1.0, 3.0)
    longest_wait: float = 30.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


@dataclass(slots=True)
class _Host:
    """What this run knows of one host; ``asked_at`` is when its last answer was over."""

    asked_at: float | None = None
    given_up: FetchError | None = None


class Pages:
    """Visits pages for one run.

    Args:
        agent: our name, as sent with every request.
    """

    def __init__(self, ask: Ask, agent: str, manners: Manners) -> None:
        self._ask = ask
        self._agent = agent
        self._manners = manners
        self._hosts: dict[str, _Host] = {}
        self._robots = Robots(self._ask_robots)

    def page(
        self, url: str, wishes: Mapping[str, str], conditions: Mapping[str, str], validated: str
    ) -> Page | None:
        """Fetch a page, or None where it is as it was.

        Args:
            wishes: headers for every request, such as Accept.
            conditions: headers for the request to the address ``validated``, and for no other.

        Raises:
            FetchError: as :meth:`ingest.fetch.Fetcher.page`.
        """
        redirects: list[str] = []
        here = url
        while True:
            self._check(here, declared=url)
            asked = {**wishes, **(conditions if here == validated else {})}
            answer = self._answer(here, asked)
            if answer.status == 304 and here == validated and conditions:
                return None
            onwards = _leads_to(answer)
            if not onwards:
                return _page(answer, tuple(redirects))
            if len(redirects) == _MOST_HOPS:
                raise RefusedError(f"{place(url)} redirects in circles.")
            redirects.append(onwards)
            here = onwards

    def _check(self, here: str, declared: str) -> None:
        """Whether the address may be asked for, by its words and by the wishes of its site."""
        if wrong := _objection(here, declared):
            led = "" if here == declared else f", where {place(declared)} leads,"
            raise ForbiddenAddressError(f"The address {place(here)}{led} {wrong}.")
        self._robots.check(here)

    def _ask_robots(self, url: str) -> tuple[int, bytes]:
        """Status and content at the end of a robots.txt's redirects, a few of them at most."""
        here = url
        for _ in range(_ROBOTS_REQUESTS):
            answer = self._answer(here, {}, cut_at=MOST_BYTES)
            here = _leads_to(answer)
            if not here:
                return answer.status, answer.content
            if _objection(here, declared=url):
                break
        return 404, b""  # as good as nowhere

    def _answer(self, url: str, headers: Mapping[str, str], cut_at: int | None = None) -> Answer:
        """Ask patiently, and not at all where nobody is or wants to be asked today."""
        known = self._hosts.setdefault(host(url), _Host())
        if known.given_up is not None:
            raise known.given_up
        manners = self._manners
        try:
            return patiently(
                lambda: self._attempt(url, headers, cut_at, known),
                manners.retries,
                manners.longest_wait,
                manners.sleep,
            )
        except AttemptError as failure:
            if failure.wait or not failure.answered:
                known.given_up = failure.meaning
            raise failure.meaning from None

    def _attempt(
        self, url: str, headers: Mapping[str, str], cut_at: int | None, known: _Host
    ) -> Answer:
        self._pause(url, known)
        try:
            answer = self._ask(url, {**headers, "User-Agent": self._agent}, cut_at)
        finally:
            known.asked_at = self._manners.clock()
        if answer.status == 429 or answer.status >= 500:
            busy = BusyError(f"{place(url)} answered with status {answer.status}; it is busy.")
            raise AttemptError(busy, again=True, wait=_wait_asked_for(answer))
        return answer

    def _pause(self, url: str, known: _Host) -> None:
        """Let the host rest since its last answer, as long as it asks us to, within reason."""
        if known.asked_at is None:
            return
        rest = max(self._manners.pause, min(self._robots.delay(url), _LONGEST_DELAY))
        wait = known.asked_at + rest - self._manners.clock()
        if wait > 0:
            self._manners.sleep(wait)


def agent() -> str:
    """How we introduce ourselves to those who publish pages."""
    try:
        return f"{AGENT}/{metadata.version('smallprint')}"
    except metadata.PackageNotFoundError:  # a checkout that nobody installed
        return AGENT


def _objection(here: str, declared: str) -> str:
    """Why ``declared`` may not lead to ``here``, by the words of the two; empty where it may."""
    downgraded = here.startswith("http:") and not declared.startswith("http:")
    return objection(here) or ("is not encrypted, as the page should be" if downgraded else "")


def _leads_to(answer: Answer) -> str:
    """The address that an answer redirects to, without a fragment; empty where it does not."""
    if answer.status not in _REDIRECTS or not answer.location:
        return ""
    try:
        return urldefrag(urljoin(answer.url, answer.location)).url
    except ValueError:
        raise RefusedError(f"{place(answer.url)} redirects to something malformed.") from None


def _page(answer: Answer, redirects: tuple[str, ...]) -> Page:
    status, headers = answer.status, answer.headers
    if status in (404, 410):
        raise MissingError(f"There is nothing at {place(answer.url)} (status {status}).")
    if status not in SUCCESS:
        raise RefusedError(f"{place(answer.url)} answered with status {status}.")
    return Page(
        url=answer.url,
        media_type=headers.get("content-type", "application/octet-stream")[:_LONGEST_TYPE],
        content=answer.content,
        etag=_validator(headers.get("etag", "")),
        last_modified=_validator(headers.get("last-modified", "")),
        redirects=redirects,
    )


def _validator(header: str) -> str:
    return header if len(header) <= _LONGEST_VALIDATOR and header.isprintable() else ""


def _wait_asked_for(answer: Answer) -> float:
    """Seconds of a Retry-After; a date in it is counted from the date of the answer itself."""
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isdecimal():
        return number(asked)
    try:
        until = parsedate_to_datetime(asked)
        return max(0.0, (until - parsedate_to_datetime(answer.headers["date"])).total_seconds())
    except (ValueError, TypeError, KeyError, OverflowError):
        return 0.0
