"""Which network addresses pages may come from: those that anybody on the internet reaches.

Owns what a public address is, and that all answers for a name must be such. Connecting to them,
and to nothing else, is left to :mod:`ingest.connections`.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from ingest.errors import ForbiddenAddressError

Address = IPv4Address | IPv6Address

_HANDED_OUT = ip_network("2000::/3")  # all of IPv6 that anybody reaches by a public address
# Not every Python release counts these among the private ones.
_NOT_PUBLIC = [
    *map(ip_network, ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15")),
    ip_network("168.63.129.16/32"),  # where Azure answers its own machines, in public space
    *map(ip_network, ("2001::/23", "2001:db8::/32", "3fff::/20")),
]
# IPv6 networks that carry an IPv4 address, and how many bits stand behind it.
_CARRIERS = {
    ip_network("::ffff:0:0/96"): 0,
    ip_network("64:ff9b::/96"): 0,
    ip_network("2002::/16"): 80,
}


def is_public(address: Address) -> bool:
    """Whether anybody on the internet reaches the same machine there.

    Not so are loopback, private, shared, link-local (cloud metadata), multicast and reserved
    ones, nor IPv6 addresses that stand for such an IPv4 address.
    """
    if isinstance(address, IPv6Address):
        carried = _carried(address)
        if carried is not None:
            return is_public(carried)
        if address not in _HANDED_OUT:
            return False
    special = address.is_multicast or address.is_reserved or not address.is_global
    return not special and not any(address in each for each in _NOT_PUBLIC)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address to which packets to this IPv6 address are passed on."""
    for network, shift in _CARRIERS.items():
        if address in network:
            return IPv4Address(int(address) >> shift & 0xFFFF_FFFF)
    return None


def look_up(name: str, port: int) -> list[tuple[str, int]]:
    """Network addresses and ports of a host, as the system's resolver gives them.

    Raises:
        OSError: there is no such name, or nobody who knows.
    """
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that no name can have
        raise socket.gaierror(socket.EAI_NONAME, "no such name") from error
    return [(str(each[4][0]), int(each[4][1])) for each in found]


@dataclass(frozen=True, slots=True)
class Reach:
    """Which network addresses may be connected to, and how names become network addresses."""

    allows: Callable[[Address], bool] = is_public
    look_up: Callable[[str, int], Sequence[tuple[str, int]]] = look_up

    def addresses(self, name: str, port: int) -> list[tuple[str, int]]:
        """What may be connected to for ``name``.

        Raises:
            ForbiddenAddressError: one of the answers is not allowed; the others are then no better.
            OSError: the name cannot be looked up.
        """
        found = list(self.look_up(name, port))
        if not all(self._allows(address) for address, _ in found):
            raise ForbiddenAddressError(
                f"{name} leads to an address that is not public; nothing was asked there."
            )
        return found

    def _allows(self, address: str) -> bool:
        try:
            return self.allows(ip_address(address))
        except ValueError:
            return False


PUBLIC = Reach()
"""Public addresses, as the system looks them up."""
