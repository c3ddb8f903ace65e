"""Which network addresses pages may come from."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ForbiddenAddressError
from ingest.public import Reach, is_public, look_up

INNER = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - nobody binds to it here
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
]
INNER_6 = [
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "2001::1",
    "100::1",
    "64:ff9b:1::1",
    "::7f00:1",
]


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_what_anybody_reaches_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", INNER + INNER_6)
def test_what_belongs_to_a_machine_a_house_or_a_cloud_is_not(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_stays_one_in_the_clothes_of_ipv6(address: str) -> None:
    number = int(IPv4Address(address))
    clothes = [
        ip_network("::ffff:0:0/96")[number],
        ip_network("64:ff9b::/96")[number],
        IPv6Address((0x2002 << 112) | (number << 80) | 1),
        ip_network("::/96")[number],
    ]
    assert not any(map(is_public, clothes))


@given(st.ip_addresses())
def test_every_address_is_decided(address: IPv4Address | IPv6Address) -> None:
    assert is_public(address) in (True, False)
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not is_public(address)


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "::1"]
)
def test_this_machine_is_recognised_however_it_is_written(name: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        Reach().addresses(name, 443)


def test_one_inner_address_among_the_answers_spoils_the_name() -> None:
    reach = Reach(look_up=lambda _name, port: [("1.1.1.1", port), ("10.0.0.1", port)])
    with pytest.raises(ForbiddenAddressError, match=r"acme\.example"):
        reach.addresses("acme.example", 443)


def test_an_answer_that_is_no_address_spoils_the_name() -> None:
    with pytest.raises(ForbiddenAddressError):
        Reach(look_up=lambda _name, port: [("who knows", port)]).addresses("acme.example", 443)


def test_what_was_checked_is_what_may_be_connected_to() -> None:
    reach = Reach(look_up=lambda _name, port: [("1.1.1.1", port), ("2606:4700::1111", port)])
    assert reach.addresses("acme.example", 443) == [("1.1.1.1", 443), ("2606:4700::1111", 443)]


@pytest.mark.parametrize("name", ["", "a..b", "x" * 70 + ".example", "\x00"])
def test_what_can_be_no_name_is_not_found(name: str) -> None:
    with pytest.raises((OSError, ForbiddenAddressError)):
        Reach().addresses(name, 443)
    if name:
        with pytest.raises(OSError):
            look_up(name, 443)
