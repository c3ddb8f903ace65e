"""How the pages of vendors are visited: by the rules of their sites, and no further."""

from __future__ import annotations

import logging
import socket
import subprocess
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import (
    BusyError,
    FetchError,
    ForbiddenAddressError,
    MissingError,
    OfflineError,
    RefusedError,
    RobotsError,
    TooLargeError,
    UnreachableError,
)
from ingest.fetch import Fetcher
from tests.ingest import hostile_server as play
from tests.ingest.hostile_server import HOST, OTHER_HOST, TERMS, HostileServer, Pause
from tests.ingest.package_index import closed_port

PATH = "/terms"
URL = f"http://{HOST}{PATH}"
LIMIT = 100_000


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileServer]:
    with HostileServer() as each:
        each.configure(monkeypatch)
        each.play(PATH, play.document(etag='"one"', last_modified="Wed, 04 Mar 2026 10:00:00 GMT"))
        yield each


@pytest.fixture
def pause() -> Pause:
    return Pause()


@pytest.fixture
def fetcher(server: HostileServer, pause: Pause) -> Iterator[Fetcher]:
    with Fetcher(max_bytes=LIMIT, reach=server.reach(), manners=pause.manners()) as each:
        yield each


@pytest.fixture
def impatient(server: HostileServer, pause: Pause) -> Iterator[Fetcher]:
    with Fetcher(
        timeout=0.4, max_bytes=LIMIT, reach=server.reach(), manners=pause.manners()
    ) as each:
        yield each


class TestAPage:
    def test_comes_with_all_that_a_later_request_may_name(self, fetcher: Fetcher) -> None:
        page = fetcher.page(URL)
        assert page is not None
        assert page.content == TERMS.encode()
        assert page.media_type == "text/html; charset=utf-8"
        assert (page.etag, page.last_modified) == ('"one"', "Wed, 04 Mar 2026 10:00:00 GMT")
        assert (page.url, page.redirects) == (URL, ())

    @pytest.mark.parametrize(
        "validators", [{"etag": '"one"'}, {"last_modified": "Wed, 04 Mar 2026 10:00:00 GMT"}]
    )
    def test_that_was_not_modified_is_none(
        self, fetcher: Fetcher, validators: dict[str, str]
    ) -> None:
        assert fetcher.page(URL, **validators) is None

    def test_that_was_modified_comes_whole(self, fetcher: Fetcher) -> None:
        assert fetcher.page(URL, etag='"zero"') is not None

    def test_that_is_not_modified_although_nobody_asked_is_a_refusal(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        server.play(PATH, play.status(304, body=b""))
        with pytest.raises(RefusedError, match="304"):
            fetcher.page(URL)

    def test_is_asked_for_by_our_name_in_its_language_and_without_cookies(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        server.play(PATH, play.cookie_wall)
        fetcher.page(URL, accept="text/html", language="de")
        fetcher.page(URL)
        headers = [each.headers for each in server.asked if each.path == PATH]
        assert headers[0]["User-Agent"].startswith("smallprint/")
        assert (headers[0]["Accept"], headers[0]["Accept-Language"]) == ("text/html", "de")
        assert "Cookie" not in headers[1]

    def test_is_never_asked_for_with_a_password(
        self,
        server: HostileServer,
        fetcher: Fetcher,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        (tmp_path / "netrc").write_text(f"machine {HOST} login anna password hunter2\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        fetcher.page(URL)
        assert all("Authorization" not in each.headers for each in server.asked)

    def test_is_not_asked_for_offline(self, server: HostileServer) -> None:
        with (
            Fetcher(offline=True, reach=server.reach()) as fetcher,
            pytest.raises(OfflineError),
        ):
            fetcher.page(URL)
        assert server.asked == []


class TestRedirects:
    def test_to_another_host_are_followed_and_recorded(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        there = server.play("/legal", play.document("moved"), host=OTHER_HOST)
        server.play("/next", play.moved(f"//{OTHER_HOST}/legal#top", 308))
        server.play(PATH, play.moved("next"))
        page = fetcher.page(URL)
        assert page is not None
        assert page.content == b"moved"
        assert page.url == there
        assert page.redirects == (f"http://{HOST}/next", there)

    def test_validators_go_to_the_address_that_they_came_from_and_to_no_other(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        there = server.play("/new", play.document(etag='"one"'))
        server.play(PATH, play.moved("/new"))
        assert fetcher.page(URL, etag='"one"') is not None
        assert fetcher.page(URL, etag='"one"', validated=there) is None

    def test_in_circles_are_a_refusal(self, server: HostileServer, fetcher: Fetcher) -> None:
        server.play(PATH, play.TROUBLES["in circles"])
        with pytest.raises(RefusedError, match="circles"):
            fetcher.page(URL)

    @pytest.mark.parametrize("location", ["", "http://[", "http://[::1"])
    def test_to_nowhere_are_a_refusal(
        self, server: HostileServer, fetcher: Fetcher, location: str
    ) -> None:
        server.play(PATH, play.moved(location))
        with pytest.raises(RefusedError):
            fetcher.page(URL)

    def test_may_be_written_in_any_letters(self, server: HostileServer, fetcher: Fetcher) -> None:
        server.play("/d%C3%A9j%C3%A0%20vu", play.document("seen"))
        server.play(PATH, play.moved("/déjà vu".encode().decode("latin-1")))
        page = fetcher.page(URL)
        assert page is not None
        assert page.content == b"seen"

    def test_with_a_body_without_end_are_followed_all_the_same(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        server.play("/new", play.document("new"))
        server.play(PATH, play.moved("/new", body=bytes(50 * LIMIT)))
        page = fetcher.page(URL)
        assert page is not None
        assert page.content == b"new"

    @pytest.mark.parametrize(
        "target",
        [
            play.METADATA,
            "http://10.0.0.1/",
            "http://0x7f.2/",
            "http://[::1]/",
            "http://localhost/",
            "http://acme.example:8080/",
            "http://anna:hunter2@acme.example/",
            "ftp://acme.example/terms",
            "file:///etc/passwd",
        ],
    )
    def test_out_of_the_public_web_are_not_followed(
        self, server: HostileServer, fetcher: Fetcher, target: str
    ) -> None:
        server.play(PATH, play.moved(target))
        with pytest.raises(ForbiddenAddressError) as caught:
            fetcher.page(URL)
        assert "hunter2" not in str(caught.value)
        assert server.pages() == [HOST + PATH]

    def test_never_lead_from_https_to_http(self, tls: HostileServer, fetcher: Fetcher) -> None:
        tls.play(PATH, play.moved(URL))
        with (
            Fetcher(reach=tls.reach(), manners=Pause().manners()) as each,
            pytest.raises(ForbiddenAddressError, match="not encrypted"),
        ):
            each.page(f"https://{HOST}{PATH}")


class TestAddresses:
    @pytest.mark.parametrize("url", [play.METADATA, "https://127.0.0.2/", "http://192.168.0.1/x"])
    def test_of_this_machine_or_house_are_never_asked(self, fetcher: Fetcher, url: str) -> None:
        with pytest.raises(ForbiddenAddressError, match="not public"):
            fetcher.page(url)

    def test_are_public_ones_unless_somebody_says_otherwise(self) -> None:
        with (
            Fetcher(manners=Pause().manners()) as fetcher,
            pytest.raises(ForbiddenAddressError),
        ):
            fetcher.page("http://127.0.0.1/")

    def test_are_looked_up_once_for_a_connection(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        """A name that leads somewhere else when it is asked a second time gains nothing."""
        fetcher.page(URL)
        assert server.looked_up == [HOST] * server.connections

    def test_are_checked_as_far_as_they_are_known_behind_a_proxy(
        self, server: HostileServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
        with pytest.raises(ForbiddenAddressError):
            fetcher.page(play.METADATA)
        with pytest.raises(UnreachableError, match="proxy"):
            fetcher.page("http://nobody.knows.invalid/")

    def test_are_reached_through_a_proxy(
        self, server: HostileServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        proxy = server.reach().addresses(HOST, 80)[0]
        monkeypatch.setenv("HTTP_PROXY", f"http://{proxy[0]}:{proxy[1]}")
        server.play(f"http://{HOST}{PATH}", play.document("by proxy"))
        page = fetcher.page(URL)
        assert page is not None
        assert page.content == b"by proxy"


class TestLimits:
    @pytest.mark.parametrize("trouble", ["200 MB", "200 MB without warning"])
    def test_what_is_too_large_is_not_read_to_the_end(
        self, server: HostileServer, fetcher: Fetcher, trouble: str
    ) -> None:
        server.play(PATH, play.TROUBLES[trouble])
        with pytest.raises(TooLargeError):
            fetcher.page(URL)
        assert server.sent < 50_000_000

    def test_a_gzip_bomb_stops_at_the_limit_without_filling_the_memory(
        self, server: HostileServer, pause: Pause
    ) -> None:
        server.play(PATH, play.gzip_bomb)
        with Fetcher(max_bytes=1_000_000, reach=server.reach(), manners=pause.manners()) as fetcher:
            tracemalloc.start()
            with pytest.raises(TooLargeError):
                fetcher.page(URL)
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert peak < 20_000_000

    def test_packed_bytes_that_unpack_to_nothing_are_counted_as_well(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        server.play(PATH, play.empty_members)
        with pytest.raises(TooLargeError):
            fetcher.page(URL)

    @pytest.mark.parametrize("trouble", ["slow headers", "slow body"])
    def test_a_slow_loris_is_not_waited_for(
        self, server: HostileServer, impatient: Fetcher, trouble: str
    ) -> None:
        server.play(PATH, play.TROUBLES[trouble])
        with pytest.raises(UnreachableError, match="in time"):
            impatient.page(URL)
        assert len(server.pages()) == 1


class TestTrouble:
    @pytest.mark.parametrize(
        ("status", "leaf", "attempts"),
        [
            (404, MissingError, 1),
            (410, MissingError, 1),
            (401, RefusedError, 1),
            (403, RefusedError, 1),
            (204, RefusedError, 1),
            (429, BusyError, 3),
            (500, BusyError, 3),
            (503, BusyError, 3),
        ],
    )
    def test_a_status_decides_the_failure_and_whether_to_ask_again(
        self,
        server: HostileServer,
        fetcher: Fetcher,
        status: int,
        leaf: type[FetchError],
        attempts: int,
    ) -> None:
        server.play(PATH, play.status(status, body=b""))
        with pytest.raises(leaf, match=rf"/terms.*{status}"):
            fetcher.page(URL)
        assert len(server.pages()) == attempts

    @pytest.mark.parametrize("act", [play.garbage, play.many_headers, play.broken_off])
    def test_what_is_no_whole_answer_is_asked_for_again_and_never_taken(
        self, server: HostileServer, fetcher: Fetcher, act: play.Act
    ) -> None:
        server.play(PATH, act)
        with pytest.raises(UnreachableError):
            fetcher.page(URL)
        assert len(server.pages()) == 3
        server.play(PATH, play.in_turn(act, play.document()))
        with Fetcher(reach=server.reach(), manners=Pause().manners()) as another:
            assert another.page(URL) is not None

    @pytest.mark.parametrize("asked", ["7", "Wed, 21 Oct 2026 07:28:07 GMT"])
    def test_a_short_retry_after_is_honoured(
        self,
        server: HostileServer,
        fetcher: Fetcher,
        pause: Pause,
        monkeypatch: pytest.MonkeyPatch,
        asked: str,
    ) -> None:
        monkeypatch.setattr(
            play.Connection, "date_time_string", lambda *_: "Wed, 21 Oct 2026 07:28:00 GMT"
        )
        server.play(PATH, play.in_turn(play.status(429, asked), play.document()))
        assert fetcher.page(URL) is not None
        assert pause.slept == [7]

    @pytest.mark.parametrize("asked", ["3600", "Wed, 21 Oct 2099 07:28:00 GMT"])
    def test_a_host_that_wants_to_be_left_alone_for_long_is_left_for_today(
        self, server: HostileServer, fetcher: Fetcher, pause: Pause, asked: str
    ) -> None:
        server.play(PATH, play.status(429, asked))
        for path in (PATH, "/another"):
            with pytest.raises(BusyError):
                fetcher.page(f"http://{HOST}{path}")
        assert server.pages() == [HOST + PATH]
        assert pause.slept == []

    @pytest.mark.parametrize("asked", ["²", "soon", "9" * 5000, "-1", "Wed, 99 Oct"])
    def test_a_retry_after_that_says_nothing_changes_nothing(
        self, server: HostileServer, fetcher: Fetcher, asked: str
    ) -> None:
        server.play(PATH, play.in_turn(play.status(503, asked), play.document()))
        assert fetcher.page(URL) is not None

    def test_a_host_that_cannot_be_reached_is_tried_for_one_page_only(
        self, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tried: list[str] = []

        def nobody(name: str, *_more: object, **_named: object) -> None:
            tried.append(name)
            raise socket.gaierror(socket.EAI_NONAME, "no such name")

        monkeypatch.setattr("socket.getaddrinfo", nobody)
        for number in range(5):
            with pytest.raises(UnreachableError):
                fetcher.page(f"http://acme.invalid/{number}")
        assert tried == ["acme.invalid"] * 3

    def test_a_host_that_stops_answering_is_not_asked_for_its_other_pages(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        server.play(PATH, play.hang_up)
        server.play("/other", play.document())
        for path in (PATH, "/other"):
            with pytest.raises(UnreachableError):
                fetcher.page(f"http://{HOST}{path}")
        assert server.pages() == [HOST + PATH] * 3

    def test_one_slow_page_speaks_for_no_other_page_of_its_host(
        self, server: HostileServer, impatient: Fetcher
    ) -> None:
        server.play("/slow", play.slow_body)
        with pytest.raises(UnreachableError):
            impatient.page(f"http://{HOST}/slow")
        assert impatient.page(URL) is not None

    def test_secrets_of_an_address_reach_neither_message_nor_log(
        self, server: HostileServer, fetcher: Fetcher, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG, logger="ingest")
        server.play(PATH, play.status(503))
        with pytest.raises(FetchError) as caught:
            fetcher.page(f"{URL}?signature=s3cret")
        assert "s3cret" not in f"{caught.value}{caplog.text}"


class TestManners:
    def test_a_host_is_left_alone_between_two_requests(
        self, server: HostileServer, pause: Pause
    ) -> None:
        server.play("/other", play.document(), host=OTHER_HOST)
        with Fetcher(reach=server.reach(), manners=pause.manners(pause=1.5)) as fetcher:
            fetcher.page(URL)
            fetcher.page(f"http://{OTHER_HOST}/other")
            assert pause.slept == [1.5, 1.5]  # each after the robots.txt of its own host
            pause.now += 1.0
            fetcher.page(URL)
        assert pause.slept == [1.5, 1.5]  # long enough ago
        assert [each.path for each in server.asked].count("/robots.txt") == 2

    @pytest.mark.parametrize(("asked", "kept"), [("4", 4.0), ("86400", 30.0), ("soon", 0.0)])
    def test_a_crawl_delay_is_honoured_within_reason(
        self, server: HostileServer, fetcher: Fetcher, pause: Pause, asked: str, kept: float
    ) -> None:
        robots = f"User-agent: *\nCrawl-delay: {asked}\n"
        server.play("/robots.txt", play.document(robots, "text/plain"))
        fetcher.page(URL)
        fetcher.page(URL)
        assert sum(pause.slept) == 2 * kept

    def test_a_page_that_robots_may_not_visit_is_left_alone(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        robots = "User-agent: smallprint\nDisallow: /terms\n\nUser-agent: *\nAllow: /\n"
        server.play("/robots.txt", play.document(robots, "text/plain"))
        server.play("/other", play.document())
        with pytest.raises(RobotsError, match=r"/terms"):
            fetcher.page(URL)
        assert fetcher.page(f"http://{HOST}/other") is not None
        assert server.pages() == [f"{HOST}/other"]

    def test_a_redirect_does_not_lead_past_a_robots_txt(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        robots = play.document("User-agent: *\nDisallow: /\n", "text/plain")
        server.play("/robots.txt", robots, host=OTHER_HOST)
        server.play(PATH, play.moved(f"http://{OTHER_HOST}/legal"))
        with pytest.raises(RobotsError):
            fetcher.page(URL)
        assert server.pages() == [HOST + PATH]

    @pytest.mark.parametrize(
        ("robots", "leaf"),
        [
            (play.status(503), BusyError),
            (play.status(429), BusyError),
            (play.garbage, UnreachableError),
            (play.to_metadata, ForbiddenAddressError),
        ],
    )
    def test_a_site_whose_wishes_cannot_be_asked_is_left_alone(
        self, server: HostileServer, fetcher: Fetcher, robots: play.Act, leaf: type[FetchError]
    ) -> None:
        server.play("/robots.txt", robots)
        for _ in range(2):
            with pytest.raises(leaf):
                fetcher.page(URL)
        assert server.pages() == []

    @pytest.mark.parametrize(
        "robots",
        [
            play.status(404),
            play.status(403),
            play.moved("/robots.txt"),
            play.moved("ftp://acme.example/robots.txt"),
            play.document("<html>our home page</html>"),
            play.document(bytes(range(256)) * 10),
        ],
    )
    def test_a_site_that_states_no_wishes_is_visited(
        self, server: HostileServer, fetcher: Fetcher, robots: play.Act
    ) -> None:
        server.play("/robots.txt", robots)
        assert fetcher.page(URL) is not None

    def test_a_robots_txt_is_followed_where_it_went(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        server.play("/robots.txt", play.moved(f"http://{OTHER_HOST}/rules"))
        server.play("/rules", play.document("User-agent: *\nDisallow: /"), host=OTHER_HOST)
        with pytest.raises(RobotsError):
            fetcher.page(URL)

    def test_a_robots_txt_without_end_is_read_as_far_as_is_fair(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        rules = b"User-agent: *\nDisallow: /terms\n" + b"# and so on\n" * 200_000
        server.play("/robots.txt", play.document(rules, "text/plain"))
        with pytest.raises(RobotsError):
            fetcher.page(URL)


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileServer]:
    """A server with a certificate for acme.example, which this process trusts."""
    certificate = tmp_path / "acme.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    names = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(certificate)]
    try:
        subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed here")
    both = tmp_path / "both.pem"
    both.write_bytes(certificate.read_bytes() + (tmp_path / "key.pem").read_bytes())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with HostileServer(both) as server:
        server.configure(monkeypatch)
        server.play(PATH, play.document())
        server.play(PATH, play.document(), host=OTHER_HOST)
        yield server


class TestCertificates:
    def test_are_checked_against_the_name_although_a_number_was_connected_to(
        self, tls: HostileServer, pause: Pause
    ) -> None:
        with Fetcher(reach=tls.reach(), manners=pause.manners()) as fetcher:
            assert fetcher.page(f"https://{HOST}{PATH}") is not None
            with pytest.raises(UnreachableError):
                fetcher.page(f"https://{OTHER_HOST}{PATH}")
        assert {each.name for each in tls.asked} == {HOST}
