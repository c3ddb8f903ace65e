"""The reader of vendors' pages: when it fetches, what it remembers, and how it reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import parts
from ingest.domain import Cause, Kind, Option, Snapshot, Source
from ingest.errors import CorpusError, FetchError, MissingError, OfflineError, ReadError
from ingest.fetch import Fetcher
from ingest.readers import Known
from ingest.readers.web import WebReader
from tests.ingest import hostile_server as play
from tests.ingest.hostile_server import HOST, OTHER_HOST, TERMS, HostileServer, Pause
from tests.ingest.small_pdf import pdf

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
READER = WebReader()
PATH = "/terms"
PAGE = f"http://{HOST}{PATH}"
SECOND = f"http://{HOST}/terms/fees"
SOURCE = Source(
    id="acme/terms",
    vendor="acme",
    title="Acme Terms of Use",
    kind=Kind.TERMS,
    reader="web",
    options={"pages": PAGE},
    url="https://acme.example/terms",
    key="terms",
    dated=date(2020, 1, 1),
)
BOTH = replace(SOURCE, options={"pages": (PAGE, SECOND)})
FEES = "<main><h2>3. Fees</h2><p>Acme is free.</p></main>"


@dataclass
class Held:
    """What an archive would know."""

    last: Snapshot | None = None
    pins: dict[str, str] = field(default_factory=dict)

    def pinned(self, address: str) -> str | None:
        return self.pins.get(address)

    def seen(self, address: str) -> str | None:
        return None


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileServer]:
    with HostileServer() as each:
        each.configure(monkeypatch)
        each.play(PATH, play.document(etag='"one"'))
        each.play("/terms/fees", play.document(FEES, last_modified="Wed, 04 Mar 2026 10:00:00 GMT"))
        yield each


@pytest.fixture
def fetcher(server: HostileServer) -> Iterator[Fetcher]:
    with Fetcher(max_bytes=500_000, reach=server.reach(), manners=Pause().manners()) as each:
        yield each


def fetched(source: Source, fetcher: Fetcher, last: Snapshot | None = None) -> Snapshot:
    (snapshot,) = READER.fetch(source, fetcher, Held(last), NOW)
    return snapshot


def sent(server: HostileServer, header: str) -> list[str | None]:
    return [each.headers.get(header) for each in server.asked if each.path != "/robots.txt"]


class TestFetchingOnePage:
    def test_a_page_becomes_a_snapshot_of_its_untouched_bytes(self, fetcher: Fetcher) -> None:
        assert fetched(SOURCE, fetcher) == Snapshot(
            SOURCE.id, PAGE, play.HTML, NOW, TERMS.encode(), response={"etag": '"one"'}
        )

    def test_what_was_not_modified_is_nothing_new(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        last = fetched(SOURCE, fetcher)
        assert READER.fetch(SOURCE, fetcher, Held(last), NOW) == []
        assert sent(server, "If-None-Match") == [None, '"one"']

    def test_the_same_bytes_are_nothing_new(self, server: HostileServer, fetcher: Fetcher) -> None:
        last = fetched(SOURCE, fetcher)
        server.play(PATH, play.document(etag='"two"'))
        assert READER.fetch(SOURCE, fetcher, Held(last), NOW) == []

    def test_other_bytes_are(self, server: HostileServer, fetcher: Fetcher) -> None:
        last = fetched(SOURCE, fetcher)
        server.play(PATH, play.document("<main>New terms</main>", etag='"two"'))
        assert fetched(SOURCE, fetcher, last).content == b"<main>New terms</main>"

    def test_redirects_are_recorded_and_what_was_learnt_goes_where_it_came_from(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        there = server.play("/legal", play.document(etag='"one"'), host=OTHER_HOST)
        server.play(PATH, play.moved(there))
        last = fetched(SOURCE, fetcher)
        assert last.address == PAGE
        assert last.response == {"etag": '"one"', "redirects": there}
        assert READER.fetch(SOURCE, fetcher, Held(last), NOW) == []
        assert sent(server, "If-None-Match") == [None, None, None, '"one"']

    def test_a_page_that_moved_to_another_document_is_not_taken_for_the_old_one(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        last = fetched(SOURCE, fetcher)
        server.play("/new", play.document("<main>New</main>", etag='"one"'))
        server.play(PATH, play.moved("/new"))
        assert fetched(SOURCE, fetcher, last).content == b"<main>New</main>"

    def test_what_is_known_of_other_pages_counts_for_nothing(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        elsewhere = replace(fetched(SOURCE, fetcher), address=f"http://{HOST}/old")
        assert fetched(SOURCE, fetcher, elsewhere).address == PAGE
        assert sent(server, "If-None-Match") == [None, None]

    def test_the_language_of_the_source_is_asked_for(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        fetched(replace(SOURCE, language="de"), fetcher)
        assert sent(server, "Accept-Language") == ["de"]

    def test_offline_nothing_is_asked(self, server: HostileServer) -> None:
        with Fetcher(offline=True, reach=server.reach()) as fetcher, pytest.raises(OfflineError):
            READER.fetch(SOURCE, fetcher, Held(), NOW)


class TestFetchingSeveralPages:
    def test_they_become_one_snapshot(self, fetcher: Fetcher) -> None:
        snapshot = fetched(BOTH, fetcher)
        assert snapshot.address == f"{PAGE} {SECOND}"
        assert snapshot.media_type == parts.MEDIA_TYPE
        assert [each.content for each in parts.unpack(snapshot.content)] == [
            TERMS.encode(),
            FEES.encode(),
        ]
        assert snapshot.response == {
            "etag.1": '"one"',
            "last_modified.2": "Wed, 04 Mar 2026 10:00:00 GMT",
        }

    def test_all_unmodified_are_nothing_new(self, fetcher: Fetcher) -> None:
        last = fetched(BOTH, fetcher)
        assert READER.fetch(BOTH, fetcher, Held(last), NOW) == []

    def test_one_that_changed_comes_with_the_others_as_they_were(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        last = fetched(BOTH, fetcher)
        server.play("/terms/fees", play.document("<main>Five euro</main>", etag='"fees"'))
        snapshot = fetched(BOTH, fetcher, last)
        assert [each.content for each in parts.unpack(snapshot.content)] == [
            TERMS.encode(),
            b"<main>Five euro</main>",
        ]
        assert snapshot.response == {"etag.1": '"one"', "etag.2": '"fees"'}

    def test_one_that_is_missing_leaves_nothing(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        server.play("/terms/fees", play.status(404))
        with pytest.raises(MissingError, match="/terms/fees"):
            READER.fetch(BOTH, fetcher, Held(), NOW)

    def test_a_single_page_cannot_pretend_to_be_several(
        self, server: HostileServer, fetcher: Fetcher
    ) -> None:
        forged = parts.pack([parts.Part("https://bank.example/", "text/plain", b"forged")])
        server.play(PATH, play.document(forged, parts.MEDIA_TYPE))
        snapshot = fetched(SOURCE, fetcher)
        with pytest.raises(ReadError, match="not read here"):
            READER.read(SOURCE, snapshot)
        assert READER.fetch(SOURCE, fetcher, Held(snapshot), NOW) == []


CAUSES = {
    "429": Cause.BUSY,
    "500": Cause.BUSY,
    "slow headers": Cause.UNREACHABLE,
    "slow body": Cause.UNREACHABLE,
    "200 MB": Cause.TOO_LARGE,
    "200 MB without warning": Cause.TOO_LARGE,
    "gzip bomb": Cause.TOO_LARGE,
    "empty members": Cause.TOO_LARGE,
    "wrong charset": Cause.UNREADABLE,
    "metadata": Cause.FORBIDDEN_ADDRESS,
    "gone": Cause.MISSING,
    "in circles": Cause.REFUSED,
}
TOLD_BY_THEIR_WORDS = {"error page", "cookie wall"}  # of which this reader knows nothing


@pytest.mark.parametrize("trouble", CAUSES)
def test_trouble_is_told_by_its_cause(server: HostileServer, trouble: str) -> None:
    server.play(PATH, play.TROUBLES[trouble])
    with (
        Fetcher(
            timeout=0.4 if trouble.startswith("slow") else 30.0,
            max_bytes=500_000,
            reach=server.reach(),
            manners=Pause().manners(),
        ) as fetcher,
        pytest.raises((FetchError, ReadError)) as caught,
    ):
        READER.read(SOURCE, fetched(SOURCE, fetcher))
    assert caught.value.cause is CAUSES[trouble]


def test_every_trouble_is_accounted_for() -> None:
    assert play.TROUBLES.keys() == CAUSES.keys() | TOLD_BY_THEIR_WORDS


def test_a_document_becomes_another_kind_of_file(server: HostileServer, fetcher: Fetcher) -> None:
    last = fetched(SOURCE, fetcher)
    server.play(PATH, play.pdf(pdf(["1. Use", "You may."])))
    snapshot = fetched(SOURCE, fetcher, last)
    assert snapshot.media_type == "application/pdf"
    assert READER.read(SOURCE, snapshot).text == "1. Use\nYou may."


def snapshot_of(content: str | bytes, media_type: str = play.HTML, **more: object) -> Snapshot:
    body = content if isinstance(content, bytes) else content.encode()
    return replace(Snapshot(SOURCE.id, PAGE, media_type, NOW, body), **more)  # type: ignore[arg-type]


def read(content: str | bytes, media_type: str = play.HTML, source: Source = SOURCE) -> str:
    return READER.read(source, snapshot_of(content, media_type)).text


class TestReading:
    def test_a_page_reads_as_its_document(self) -> None:
        reading = READER.read(SOURCE, snapshot_of(TERMS))
        assert reading.text.startswith("# Acme Terms of Use\n\nEffective date: March 4, 2026\n")
        assert reading.text.endswith("and for no other damage.")
        assert reading.effective == date(2026, 3, 4)

    def test_a_text_without_a_date_has_that_of_its_declaration(self) -> None:
        reading = READER.read(SOURCE, snapshot_of("<main>Words</main>"))
        assert (reading.published, reading.effective) == (date(2020, 1, 1), None)

    def test_release_notes_have_no_date_of_their_own(self) -> None:
        notes = replace(SOURCE, kind=Kind.RELEASE_NOTES, dated=None)
        reading = READER.read(notes, snapshot_of("<p>Effective date: March 4, 2026</p>"))
        assert (reading.published, reading.effective) == (None, None)

    def test_pages_stand_below_each_other_with_a_rule_between(self, fetcher: Fetcher) -> None:
        text = READER.read(BOTH, fetched(BOTH, fetcher)).text
        assert "no other damage.\n\n* * *\n\n## 3. Fees\n\nAcme is free." in text

    def test_selectors_choose_the_document(self) -> None:
        chosen = replace(SOURCE, options={"pages": PAGE, "select": "main", "remove": ("h1", "h2")})
        assert read(TERMS, source=chosen).startswith("Effective date")
        with pytest.raises(ReadError, match="'main' finds nothing"):
            read("<h1>Sorry</h1>", source=chosen)

    def test_links_lead_where_they_led_on_the_page_that_was_reached(self) -> None:
        moved = {"redirects": f"http://{HOST}/a https://other.example/legal/terms"}
        snapshot = snapshot_of("<a href=aup>policy</a>", response=moved)
        text = READER.read(SOURCE, snapshot).text
        assert text == "[policy](https://other.example/legal/aup)"

    @pytest.mark.parametrize(
        ("content", "media_type", "text"),
        [
            ("# Terms\n\n* You may <b>.\n", "text/markdown", "# Terms\n\n* You may <b>."),
            ("Déjà vu".encode("cp1252"), "text/plain; charset=iso-8859-1", "Déjà vu"),
            ("<!DOCTYPE html><p>Words</p>", "text/plain", "Words"),
            ("<!-- hi -->\n<html><p>Words</p>", "", "Words"),
            ("<p>Words</p>", "application/xhtml+xml", "Words"),
            ("Words", "application/octet-stream", "Words"),
            (pdf(["1. Use", "You may."]), "application/pdf", "1. Use\nYou may."),
            (pdf(["You may."]), "text/html; charset=utf-8", "You may."),
        ],
    )
    def test_a_page_is_what_it_looks_like(
        self, content: str | bytes, media_type: str, text: str
    ) -> None:
        assert read(content, media_type) == text

    @pytest.mark.parametrize(
        ("content", "media_type"),
        [
            (b"\x89PNG\r\n\x1a\n\0", "image/png"),
            (b"\x89PNG\r\n\x1a\n\0", "text/plain"),
            (b"PK\x03\x04\0\0", "application/octet-stream"),
            ("a\0b", "text/plain"),
            ("a\ufffdb", "text/plain"),
            ("{}", "application/json"),
            ("  \n", "text/plain"),
            ("<p> </p>", "text/html"),
            ("\u200b", "text/plain"),
            ("Déjà vu".encode("cp1252"), "text/html; charset=utf-8"),
            ("Déjà vu".encode(), "text/html; charset=iso-8859-1"),
            ("error", "application/pdf"),
            (pdf([]), "application/pdf"),
        ],
    )
    def test_what_is_no_text_is_refused(self, content: str | bytes, media_type: str) -> None:
        with pytest.raises(ReadError, match=r"acme\.example/terms"):
            read(content, media_type)

    def test_a_shell_without_words_is_named_as_one(self) -> None:
        with pytest.raises(ReadError) as caught:
            read("<div id=app></div><script>start()</script>")
        assert caught.value.cause is Cause.EMPTY_SHELL

    @given(st.binary(max_size=300), st.sampled_from(["text/html", "text/plain", "", "x/y"]))
    @settings(max_examples=100, deadline=None)
    def test_any_bytes_are_read_or_refused(self, content: bytes, media_type: str) -> None:
        with suppress(ReadError):
            assert read(content, media_type).strip()


class TestChecking:
    @pytest.mark.parametrize(
        "options",
        [
            {"pages": "https://acme.example/terms"},
            {"pages": ("https://acme.example/a", "http://acme.example:80/b?c=d")},
            {"pages": "https://acme.example/", "select": "main", "remove": ("nav", ".ad > p")},
        ],
    )
    def test_what_can_be_worked_with_is_accepted(self, options: dict[str, Option]) -> None:
        READER.check("acme/terms", options)

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ({}, r"\(none\); allowed: pages"),
            ({"select": "main"}, "keys select; allowed: pages"),
            ({"pages": "https://acme.example/", "x": "y"}, "pages, x; allowed"),
            ({"pages": "acme.example/terms"}, "begins neither"),
            ({"pages": "ftp://acme.example/terms"}, "begins neither"),
            ({"pages": "file:///etc/passwd"}, "begins neither"),
            ({"pages": "https://acme/terms"}, "no host of the web"),
            ({"pages": "https:///terms"}, "no host of the web"),
            ({"pages": "https://[::1]/"}, "no host of the web"),
            ({"pages": "https://[::1/"}, "malformed"),
            ({"pages": "https://anna:x@acme.example/"}, "password"),
            ({"pages": "https://acme.example:8443/"}, "port of its own"),
            ({"pages": "https://acme.example:99999/"}, "malformed"),
            ({"pages": "https://acme.example/#use"}, "fragment"),
            ({"pages": "https://acme.example/a b"}, "space"),
            ({"pages": "https://acme.example\\@b.example/"}, "backslash"),
            ({"pages": "https://acme.example/" + "x" * 2000}, "longer"),
            ({"pages": ("https://acme.example/", "https://acme.example/")}, "twice"),
            ({"pages": "https://acme.example/", "select": "main >"}, r"options\.select.*CSS"),
            ({"pages": "https://acme.example/", "remove": ("nav", "p[")}, r"options\.remove.*p\["),
        ],
    )
    def test_what_cannot_is_refused_by_key(self, options: dict[str, Option], told: str) -> None:
        with pytest.raises(CorpusError, match=rf"^acme/terms: .*{told}"):
            READER.check("acme/terms", options)

    def test_what_the_archive_knows_is_all_that_a_reader_asks(self) -> None:
        known: Known = Held()
        assert known.last is None
