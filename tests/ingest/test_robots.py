"""What a robots.txt asks of us, as RFC 9309 reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import BusyError, FetchError, RobotsError, UnreachableError
from ingest.robots import MOST_BYTES, Robots, Rules

PAGE = "https://acme.example/legal/terms?version=2"


def rules(text: str) -> Rules:
    return Rules.parse(text.encode())


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow:\n", True),
        ("User-agent: *\nDisallow: /\n", False),
        ("User-agent: *\nDisallow: /private\n", True),
        ("User-agent: *\nDisallow: /legal/\n", False),
        ("User-agent: *\nDisallow: /\nAllow: /legal/\n", True),
        ("User-agent: *\nDisallow: /*?\n", False),
        ("User-agent: *\nDisallow: /legal/terms$\n", True),
        ("User-agent: smallprint\nDisallow: /\n", False),
        ("User-agent: SmallPrint\nDisallow: /\n\nUser-agent: *\nAllow: /\n", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: smallprint\nAllow: /\n", True),
        ("User-agent: elsebot\nDisallow: /\n", True),
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", False),
        ("Disallow: /\n", True),
    ],
)
def test_the_most_specific_rule_decides(robots: str, allowed: bool) -> None:
    assert rules(robots).allow(PAGE) is allowed


@pytest.mark.parametrize(
    ("robots", "delay"),
    [
        ("User-agent: *\nDisallow:\n", 0.0),
        ("User-agent: *\nCrawl-delay: 2.5\n", 2.5),
        ("User-agent: *\nCrawl-delay: 9\n\nUser-agent: smallprint\nCrawl-delay: 1\n", 1.0),
        ("User-agent: *\nCrawl-delay: inf\n", 0.0),
        ("User-agent: *\nCrawl-delay: -3\n", 0.0),
    ],
)
def test_the_delay_is_that_of_our_group(robots: str, delay: float) -> None:
    assert rules(robots).delay == delay


def test_what_stands_far_down_is_not_read() -> None:
    padding = "# filler\n" * (MOST_BYTES // 9 + 1)
    assert rules(f"{padding}User-agent: *\nDisallow: /\n").allow(PAGE)


@pytest.mark.parametrize("margin", ["", " " * 30])
def test_a_file_made_to_fill_the_memory_is_not_read_and_nothing_is_asked(margin: str) -> None:
    content = f"{margin}user agent a\n" * 10_000 + "allow /\n" * 10_000
    robots = Robots(lambda _address: (200, content.encode()))
    with pytest.raises(RobotsError, match="cannot be read"):
        robots.check(PAGE)


def test_many_wildcards_do_not_hold_us_up() -> None:
    robots = f"User-agent: *\nDisallow: /{'*a' * 5_000}b\n" * 20
    assert rules(robots).allow(f"https://acme.example/{'a' * 2_000}")


def test_a_site_is_asked_once() -> None:
    asked: list[str] = []

    def ask(address: str) -> tuple[int, bytes]:
        asked.append(address)
        return 200, b"User-agent: *\nDisallow: /private\n"

    robots = Robots(ask)
    robots.check("https://acme.example/terms")
    robots.check("https://ACME.example/policy")
    robots.check("http://acme.example/policy")
    with pytest.raises(RobotsError, match=r"https://acme\.example/private/x alone"):
        robots.check("https://acme.example/private/x?secret=1")
    assert asked == ["https://acme.example/robots.txt", "http://acme.example/robots.txt"]


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410])
def test_a_site_without_wishes_allows_everything(status: int) -> None:
    Robots(lambda _address: (status, b"User-agent: *\nDisallow: /\n")).check(PAGE)


@pytest.mark.parametrize("failure", [BusyError("later"), UnreachableError("nobody")])
def test_a_site_whose_wishes_nobody_knows_allows_nothing(failure: FetchError) -> None:
    asked: list[str] = []

    def ask(address: str) -> tuple[int, bytes]:
        asked.append(address)
        raise failure

    robots = Robots(ask)
    for _ in range(3):
        with pytest.raises(type(failure)):
            robots.check(PAGE)
    assert len(asked) == 1
    assert robots.delay(PAGE) == 0.0


@given(st.binary(max_size=400), st.text(max_size=60))
def test_any_bytes_can_be_read(content: bytes, path: str) -> None:
    read = Rules.parse(b"User-agent: *\n" + content)
    assert read.allow(f"https://acme.example/{path}") in (True, False)
    assert 0 <= read.delay < float("inf")
