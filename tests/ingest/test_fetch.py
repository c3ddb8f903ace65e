"""How documents come in over HTTP: limits, retries, and which failure is which."""

from __future__ import annotations

import gzip
import logging
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.addresses import without_credentials
from ingest.errors import (
    BusyError,
    FetchError,
    MissingError,
    OfflineError,
    RefusedError,
    TooLargeError,
    UnreachableError,
)
from ingest.fetch import Fetcher
from tests.ingest.package_index import Answer, PackageIndex, closed_port, gzipped_zeros

DOCUMENT = "/terms"
TEXT = b"You may use Acme.\n"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageIndex]:
    with PackageIndex() as server:
        server.configure(monkeypatch)
        server.put(DOCUMENT, TEXT, "text/html; charset=utf-8")
        yield server


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(timeout=2.0, max_bytes=1000) as each:
        yield each


def test_a_document_comes_with_its_media_type_and_final_address(
    web: PackageIndex, fetcher: Fetcher
) -> None:
    web.first("/old", Answer(301, headers={"Location": DOCUMENT}))
    fetched = fetcher.get(f"{web.url}/old")
    assert fetched.content == TEXT
    assert fetched.media_type == "text/html; charset=utf-8"
    assert fetched.url == web.url + DOCUMENT


def test_it_says_who_is_asking(web: PackageIndex, fetcher: Fetcher) -> None:
    fetcher.get(web.url + DOCUMENT)
    assert web.asked[-1].headers["User-Agent"].startswith("smallprint ")


@pytest.mark.parametrize(
    ("status", "leaf", "attempts"),
    [
        (404, MissingError, 1),
        (410, MissingError, 1),
        (401, RefusedError, 1),
        (403, RefusedError, 1),
        (451, RefusedError, 1),
        (204, RefusedError, 1),
        (500, BusyError, 3),
    ],
)
def test_a_status_decides_the_failure_and_whether_to_ask_again(
    web: PackageIndex, fetcher: Fetcher, status: int, leaf: type[FetchError], attempts: int
) -> None:
    url = web.first(DOCUMENT, *[Answer(status)] * attempts)
    with pytest.raises(leaf, match=rf"/terms.*{status}"):
        fetcher.get(url)
    assert len(web.asked) == attempts


def test_a_server_that_recovers_is_asked_again(web: PackageIndex, fetcher: Fetcher) -> None:
    assert fetcher.get(web.first(DOCUMENT, Answer(500), Answer(502))).content == TEXT


def test_a_body_that_breaks_off_is_asked_for_again(web: PackageIndex, fetcher: Fetcher) -> None:
    url = web.first(DOCUMENT, Answer(body=TEXT[:5], said=len(TEXT)))
    assert fetcher.get(url).content == TEXT


def test_a_body_that_always_breaks_off_is_never_taken_for_the_document(
    web: PackageIndex, fetcher: Fetcher
) -> None:
    url = web.first(DOCUMENT, *[Answer(body=TEXT[:5], said=len(TEXT))] * 3)
    with pytest.raises(UnreachableError):
        fetcher.get(url)


def test_a_short_retry_after_is_honoured(web: PackageIndex, fetcher: Fetcher) -> None:
    url = web.first(DOCUMENT, Answer(429, headers={"Retry-After": "1"}))
    assert fetcher.get(url).content == TEXT
    assert len(web.asked) == 2


def test_a_long_retry_after_is_not_waited_for(web: PackageIndex, fetcher: Fetcher) -> None:
    url = web.first(DOCUMENT, Answer(429, headers={"Retry-After": "3600"}))
    with pytest.raises(BusyError, match="429"):
        fetcher.get(url)
    assert len(web.asked) == 1


@pytest.mark.parametrize("asked", ["Wed, 21 Oct 2026 07:28:00 GMT", "²", "9" * 5000])
def test_a_retry_after_that_is_no_number_of_seconds_changes_nothing(
    web: PackageIndex, fetcher: Fetcher, asked: str
) -> None:
    url = web.first(DOCUMENT, Answer(429, headers={"Retry-After": asked}))
    assert fetcher.get(url).content == TEXT


def test_what_is_declared_too_large_is_not_read(web: PackageIndex, fetcher: Fetcher) -> None:
    url = web.put("/large", bytes(1001))
    with pytest.raises(TooLargeError, match=r"/large is larger than the 1,000 bytes"):
        fetcher.get(url)


def test_what_unpacks_to_too_much_is_not_read_to_the_end(
    web: PackageIndex, fetcher: Fetcher
) -> None:
    bomb = gzipped_zeros(50_000_000)
    url = web.first("/bomb", Answer(body=bomb, headers={"Content-Encoding": "gzip"}))
    with Fetcher(timeout=2.0, max_bytes=len(bomb) + 1) as generous, pytest.raises(TooLargeError):
        generous.get(url)


def test_a_compressed_answer_is_unpacked(web: PackageIndex, fetcher: Fetcher) -> None:
    packed = Answer(body=gzip.compress(TEXT), headers={"Content-Encoding": "gzip"})
    assert fetcher.get(web.first("/packed", packed)).content == TEXT


def test_a_trickle_is_not_waited_for(web: PackageIndex) -> None:
    url = web.first("/slow", Answer(body=bytes(1000), trickle=True))
    with Fetcher(timeout=0.2, max_bytes=1000) as fetcher, pytest.raises(UnreachableError):
        fetcher.get(url)
    assert len(web.asked) == 1


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    with socket.socket() as silent, Fetcher(timeout=0.2) as fetcher:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(UnreachableError, match="in time"):
            fetcher.get(f"http://127.0.0.1:{silent.getsockname()[1]}/")


def test_a_refused_connection_is_named(fetcher: Fetcher) -> None:
    with pytest.raises(UnreachableError, match=r"/terms could not be reached.*refused"):
        fetcher.get(f"http://127.0.0.1:{closed_port()}/terms")


def test_a_dead_proxy_is_named(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(UnreachableError, match="proxy"):
        fetcher.get("https://terms.acme.example/")


@pytest.mark.parametrize("url", ["ftp://acme.example/x", "http://", "http://[", "http://a..b/", ""])
def test_what_is_no_address_of_the_web_is_unreachable(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(UnreachableError):
        fetcher.get(url)


def test_redirects_in_circles_are_a_refusal(web: PackageIndex, fetcher: Fetcher) -> None:
    url = web.first("/round", *[Answer(302, headers={"Location": "/round"})] * 40)
    with pytest.raises(RefusedError, match="circles"):
        fetcher.get(url)


def test_offline_asks_nobody(web: PackageIndex) -> None:
    with Fetcher(offline=True) as fetcher:
        for use in (
            lambda: fetcher.get(web.url + DOCUMENT),
            lambda: fetcher.part(web.url + DOCUMENT, "bytes=0-1"),
            lambda: fetcher.wheel("acme==1.0"),
            lambda: fetcher.sdist("acme", None),
        ):
            with pytest.raises(OfflineError):
                use()
    assert web.asked == []


def test_secrets_of_an_address_reach_neither_message_nor_log(
    web: PackageIndex, fetcher: Fetcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="ingest")
    for host in (web.host, f"127.0.0.1:{closed_port()}"):
        with pytest.raises(FetchError) as caught:
            fetcher.get(f"http://anna:hunter2@{host}/gone?signature=s3cret")
        told = f"{caught.value}{caught.value.__cause__}{caplog.text}"
        assert "hunter2" not in told
        assert "s3cret" not in told
    web.put("/kept", TEXT)
    assert fetcher.get(f"http://anna:hunter2@{web.host}/kept").url == f"{web.url}/kept"


USERINFO = st.text(st.characters(exclude_characters="/?#", exclude_categories=["Cs"]), min_size=1)


@given(USERINFO, st.sampled_from(["", "/", "/terms", "?page=1", "/a@b"]))
def test_credentials_go_and_the_rest_of_an_address_stays(userinfo: str, rest: str) -> None:
    assert without_credentials(f"https://{userinfo}@acme.example{rest}") == (
        f"https://acme.example{rest}"
    )
