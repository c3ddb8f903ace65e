"""What a site's robots.txt asks of us, as RFC 9309 reads it; asked for once in a run.

Owns which answers let us in and which keep us out. Asking over HTTP is left to whoever makes a
:class:`Robots`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

from ingest.addresses import place, site
from ingest.errors import FetchError, RobotsError

AGENT = "smallprint"
"""The name under which a robots.txt may speak to us."""

MOST_BYTES = 512 * 1024
"""As much of a robots.txt as is read; the RFC asks for 500 kibibytes at least."""

# Every rule of a group is kept for every agent of it: small files can be made to fill the memory.
_MOST_RULES = 1_000_000


@dataclass(frozen=True, slots=True)
class Rules:
    """The wishes of one site. ``delay`` is in seconds between two requests, 0 where none is asked.

    A site without wishes has ``parsed`` None.
    """

    parsed: Protego | None = None
    delay: float = 0.0

    @classmethod
    def parse(cls, content: bytes) -> Rules:
        """Read a robots.txt; lines that say nothing are passed over.

        Raises:
            ValueError: it is so made that reading it would take minutes.
        """
        text = content[:MOST_BYTES].decode("utf-8-sig", errors="replace")
        agents = text.lower().count("agent")
        if agents * (len(text.splitlines()) - agents) > _MOST_RULES:
            raise ValueError("too many rules for too many agents")
        parsed = Protego.parse(text)
        return cls(parsed, parsed.crawl_delay(AGENT) or 0.0)

    def allow(self, url: str) -> bool:
        """Whether the page at ``url`` may be asked for."""
        return self.parsed is None or self.parsed.can_fetch(url, AGENT)


class Robots:
    """The robots.txt of every site of a run.

    Args:
        ask: fetches an address, redirects followed as far as they go: status and content of the
            last answer. Raises FetchError where there is none, or only one that may pass (5xx).
    """

    def __init__(self, ask: Callable[[str], tuple[int, bytes]]) -> None:
        self._ask = ask
        self._known: dict[str, Rules | FetchError] = {}

    def rules(self, url: str) -> Rules:
        """The wishes of the site of ``url``.

        Raises:
            FetchError: nobody knows them, so that no page of the site may be asked for.
        """
        origin = site(url)
        if origin not in self._known:
            self._known[origin] = self._find(f"{origin}/robots.txt")
        found = self._known[origin]
        if isinstance(found, FetchError):
            raise found
        return found

    def delay(self, url: str) -> float:
        """Seconds between two requests that the site asks for; 0 as long as nobody asked it."""
        found = self._known.get(site(url))
        return found.delay if isinstance(found, Rules) else 0.0

    def check(self, url: str) -> None:
        """Refuse a page that the site asks us to leave alone.

        Raises:
            RobotsError: it does.
            FetchError: as :meth:`rules`.
        """
        if not self.rules(url).allow(url):
            raise RobotsError(f"The robots.txt of its site asks us to leave {place(url)} alone.")

    def _find(self, address: str) -> Rules | FetchError:
        try:
            status, content = self._ask(address)
            # Not there, or nowhere to be found behind its redirects: everything is allowed.
            return Rules.parse(content) if 200 <= status < 300 else Rules()
        except FetchError as error:
            return error
        except ValueError as error:
            return RobotsError(f"{address} cannot be read: {error}.")
