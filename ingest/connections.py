"""Connections that stay within reach, within their time and within their size.

A host name is looked up once, at the moment of connecting. Every answer is checked, and the
connection goes to one of the very addresses that were checked: a name that answers differently the
second time gains nothing. Certificates are checked against the name.

With a proxy in the user's settings it is the proxy that looks names up. What can be looked up from
here is then checked all the same, addresses written as numbers among it; a name that only the
proxy knows is left to the proxy.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.poolmanager import ProxyManager
from urllib3.util.connection import create_connection

from ingest.exchange import too_large
from ingest.public import Reach

_MOST_TRIED = 4  # addresses of one host; each may cost a whole timeout
_CONNECT = 10.0  # seconds
_PACE = 10_000_000  # bytes that a slow connection must bring within one timeout
_HEADERS = 256 * 1024  # bytes


class PublicWeb:
    """Asks for pages within a :class:`Reach`. Keeps no cookies and tells nobody's passwords.

    Args:
        timeout: seconds to wait for a connection (at most ten) and for any next byte.
    """

    def __init__(self, reach: Reach, timeout: float) -> None:
        self._session = requests.Session()
        self._adapter = BoundedAdapter(timeout, reach)

    def send(self, url: str, headers: Mapping[str, str], max_bytes: int) -> requests.Response:
        """Ask once, following nothing; the body is still to be read.

        Args:
            max_bytes: most bytes that the body may have; see :meth:`BoundedAdapter.expect`.

        Raises:
            ForbiddenAddressError: the host is out of reach.
            requests.RequestException: as requests raises.
        """
        # Not through the session: it reads the whole body of a redirect, however large.
        request = requests.Request("GET", url, headers=dict(headers), auth=_as_nobody).prepare()
        settings = self._session.merge_environment_settings(url, {}, True, None, None)
        self._adapter.expect(url, max_bytes)
        return self._adapter.send(
            request,
            stream=True,
            timeout=self._adapter.waits,
            verify=settings["verify"] or True,
            cert=settings["cert"],
            proxies=settings["proxies"],
        )

    def close(self) -> None:
        """Close the connections."""
        self._adapter.close()
        self._session.close()


def _as_nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from looking for a password in the user's netrc file."""
    return request


@dataclass(slots=True)
class _Budget:
    """What the answer that is being read may take: until when, and how many bytes on the wire."""

    url: str = ""
    max_bytes: int = 0
    stop_at: float = 0.0  # as time.monotonic counts
    bytes_left: int = 0

    def seconds_left(self) -> float:
        left = self.stop_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        return left

    def spend(self, size: int) -> None:
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise too_large(self.url, self.max_bytes)


class BoundedAdapter(HTTPAdapter):
    """Connections of requests that keep to a total of time and bytes, and to a reach if any.

    A server that sends a byte now and then would hold the usual timeouts for ever, in the headers
    as well as in the body; packed bytes can go on for ever and unpack to nothing.

    Args:
        timeout: seconds to wait for a connection (at most ten) and for any next byte.
    """

    def __init__(self, timeout: float, reach: Reach | None = None) -> None:
        self.waits = (min(_CONNECT, timeout), timeout)
        self._budget = _Budget()
        self._reach = reach
        self._pools = _pools(reach, self._budget)
        super().__init__(max_retries=0)

    def expect(self, url: str, max_bytes: int) -> None:
        """Set what the next answer may take, from now: ``timeout`` in all, and as long again for
        every 10 MB of ``max_bytes``; and twice ``max_bytes``, since small chunks need many words.
        """
        self._budget.url, self._budget.max_bytes = url, max_bytes
        self._budget.stop_at = time.monotonic() + self.waits[1] * (1 + max_bytes / _PACE)
        self._budget.bytes_left = 2 * max_bytes + _HEADERS

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """See requests: called while the adapter is made."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> ProxyManager:
        """See requests: called for every request that goes through a proxy."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):  # whose connections are a kind of their own
            manager.pool_classes_by_scheme = self._pools
        return manager

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: bool | str | None,
        proxies: Mapping[str, str] | None = None,
        cert: Any = None,
    ) -> Any:
        """See requests: called before every request."""
        if self._reach is not None and select_proxy(request.url or "", proxies):
            _check_behind_proxy(request.url or "", self._reach)
        return super().get_connection_with_tls_context(request, verify, proxies, cert)


def _check_behind_proxy(url: str, reach: Reach) -> None:
    parts = urlsplit(url)
    try:
        reach.addresses(parts.hostname or "", parts.port or 443)
    except OSError:
        return  # only the proxy knows


def _pools(reach: Reach | None, budget: _Budget) -> dict[str, type[HTTPConnectionPool]]:
    """The kinds of connections by scheme: opened within reach, read within the budget."""

    class Answer(http.client.HTTPResponse):
        def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp = io.BufferedReader(_Bounded(self.fp.detach(), sock, budget))

    class Plain(HTTPConnection):
        response_class = Answer

        def _new_conn(self) -> socket.socket:
            return _open(self, reach) if reach and not self.proxy else super()._new_conn()

    class Secure(HTTPSConnection):
        response_class = Answer

        def _new_conn(self) -> socket.socket:
            return _open(self, reach) if reach and not self.proxy else super()._new_conn()

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _open(connection: HTTPConnection, reach: Reach) -> socket.socket:
    """Connect to what was checked; the addresses are numbers, so nothing is looked up again."""
    try:
        checked = reach.addresses(connection.host, connection.port)
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error
    reason = OSError("no address")
    for address in checked[:_MOST_TRIED]:
        try:
            return create_connection(
                address, connection.timeout, socket_options=connection.socket_options
            )
        except OSError as error:
            reason = error
    raise NewConnectionError(connection, "no connection") from reason


class _Bounded(io.RawIOBase):
    """Reads from a socket for as long as the budget lasts, however slowly the bytes trickle."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, budget: _Budget) -> None:
        self._raw = raw
        self._socket = sock
        self._patience = sock.gettimeout()
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._budget.seconds_left()
        self._socket.settimeout(min(left, self._patience or left))
        size = self._raw.readinto(buffer)
        self._budget.spend(size or 0)
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()
