"""The reader of feeds: which entries it takes, how it dates them, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.domain import Kind, Option, Snapshot, Source
from ingest.errors import CorpusError, OfflineError, ReadError, TooLargeError
from ingest.fetch import Fetcher
from ingest.pages import Page
from ingest.readers.feed import FeedReader
from tests.ingest import hostile_server as play
from tests.ingest.hostile_server import HOST, OTHER_HOST, HostileServer, Pause

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
READER = FeedReader()
FEED = "https://acme.example/releases.atom"
SOURCE = Source(
    id="acme/releases",
    vendor="acme",
    title="Acme Releases",
    kind=Kind.RELEASE_NOTES,
    reader="feed",
    options={"feed": FEED},
    url="https://acme.example/releases",
    key="releases",
    dated=date(2020, 1, 1),
)
ATOM = "application/atom+xml; charset=utf-8"
TAG = "tag:acme.example,2026:"
MARCH = "2026-03-04T10:00:00Z"
APRIL = "2026-04-05T12:30:00+02:00"


def entry(
    name: str = "one",
    title: str = "Acme 1",
    date: str = MARCH,
    body: str = "Faster.",
    more: str = "",
) -> str:
    """An Atom entry; ``more`` is XML."""
    dated = f"<updated>{date}</updated>" if date else ""
    return (
        f"<entry><id>{TAG}{escape(name)}</id><title>{escape(title)}</title>{dated}"
        f'<content type="html">{escape(body)}</content>{more}</entry>'
    )


def atom(*entries: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>Releases</title><id>acme</id>{''.join(entries)}</feed>"
    )


def rss(*items: str) -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>'
        f"<link>https://acme.example/</link>{''.join(items)}</channel></rss>"
    )


@dataclass
class Held:
    """What an archive would know."""

    last: Snapshot | None = None
    bytes_seen: dict[str, str] = field(default_factory=dict)

    def pinned(self, address: str) -> str | None:
        return None

    def seen(self, address: str) -> str | None:
        return self.bytes_seen.get(address)

    def record(self, snapshots: Sequence[Snapshot]) -> None:
        for each in snapshots:
            self.bytes_seen[each.address] = each.sha256
            if self.last is None or each.stood_at >= self.last.stood_at:
                self.last = each


class Answering(Fetcher):
    """Answers every page with the same bytes, None for "not modified", and asks nobody."""

    def __init__(self, content: str | bytes | None, media_type: str = ATOM) -> None:
        super().__init__()
        self.content = content.encode() if isinstance(content, str) else content
        self.media_type = media_type
        self.found_at = ""
        self.asked: list[dict[str, str]] = []

    def page(self, url: str, **asked: Any) -> Page | None:
        self.asked.append(asked)
        led = (f"{url}?moved",)
        if self.content is None:
            return None
        return Page(self.found_at or url, self.media_type, self.content, '"e1"', "", led)


def fetched(
    content: str | bytes | None, known: Held | None = None, media_type: str = ATOM
) -> Sequence[Snapshot]:
    with Answering(content, media_type) as fetcher:
        return READER.fetch(SOURCE, fetcher, known or Held(), NOW)


def only(content: str) -> Snapshot:
    (snapshot,) = fetched(content)
    return snapshot


def text_of(content: str) -> str:
    return READER.read(SOURCE, only(content)).text


def names(snapshots: Sequence[Snapshot]) -> list[str]:
    """What the entries go by, without what the ids of ``entry`` begin with."""
    return [unquote(each.address.partition("#")[2]).removeprefix(TAG) for each in snapshots]


class TestOptions:
    def test_one_address(self) -> None:
        READER.check(SOURCE.id, SOURCE.options)

    @pytest.mark.parametrize(
        "feed",
        [
            "http://acme.example/feed",
            "file:///etc/passwd",
            "https://me:secret@acme.example/feed",
            "https://acme.example/feed#top",
            "https://localhost/feed",
            "https://acme.example:8443/feed",
            "https:///feed",
            "https://[::1/feed",
            "--upload-pack=x",
            "",
            ("https://acme.example/a", "https://acme.example/b"),
        ],
    )
    def test_other_addresses_are_refused(self, feed: Option) -> None:
        with pytest.raises(CorpusError, match=r"options\.feed .*allowed: "):
            READER.check(SOURCE.id, {"feed": feed})

    @pytest.mark.parametrize("options", [{}, {"pages": FEED}, {"feed": FEED, "select": "main"}])
    def test_other_options_are_refused(self, options: dict[str, Option]) -> None:
        with pytest.raises(CorpusError, match="allowed: feed"):
            READER.check(SOURCE.id, options)


class TestAnEntry:
    def test_of_atom_becomes_a_dated_snapshot(self) -> None:
        link = '<link rel="alternate" href="https://acme.example/r/1"/>'
        snapshot = only(atom(entry("1", date=APRIL, body="<p>Fast</p>", more=link)))
        assert replace(snapshot, content=b"") == Snapshot(
            SOURCE.id,
            f"{FEED}#tag%3Aacme.example%2C2026%3A1",
            "application/json",
            NOW,
            b"",
            published=date(2026, 4, 5),
            seen_at=datetime(2026, 4, 5, 10, 30, tzinfo=UTC),
            response={"etag": '"e1"', "redirects": f"{FEED}?moved"},
        )
        assert json.loads(snapshot.content) == {
            "title": "Acme 1",
            "title_type": "text/plain",
            "link": "https://acme.example/r/1",
            "published": "",
            "body": "<p>Fast</p>",
            "body_type": "text/html",
            "base": FEED,
        }

    def test_reads_as_title_and_words(self) -> None:
        reading = READER.read(SOURCE, only(atom(entry(body="<p>It is <b>fast</b>.</p>"))))
        assert reading.text == "# Acme 1\n\nIt is **fast**."
        assert (reading.published, reading.effective) == (date(2026, 3, 4), None)

    def test_of_a_code_host_keeps_headings_and_lists(self) -> None:
        body = "<h2>What's changed</h2>\n<ul>\n<li>Terms moved</li>\n<li>Fees gone</li>\n</ul>"
        text = text_of(atom(entry("Repository/1/v1.2.0", "v1.2.0", body=body)))
        assert text.startswith("# v1.2.0\n\n## What's changed\n")
        assert "Terms moved\n" in text
        assert text.endswith("Fees gone")

    def test_of_rss_has_the_fuller_of_its_texts(self) -> None:
        item = (
            "<item><title>News &amp; more</title><guid isPermaLink='false'>g/1</guid>"
            "<pubDate>Wed, 04 Mar 2026 10:00:00 GMT</pubDate><description>Short.</description>"
            "<content:encoded><![CDATA[<p>The whole story.</p>]]></content:encoded></item>"
        )
        snapshot = only(rss(item))
        assert names([snapshot]) == ["g/1"]
        assert snapshot.seen_at == datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
        assert READER.read(SOURCE, snapshot).text == "# News & more\n\nThe whole story."

    def test_plain_text_is_left_as_it_is(self) -> None:
        more = "<summary>1 &lt; 2 and\n  3 &amp;amp; 4</summary>"
        assert text_of(atom(f"<entry><id>a</id>{more}</entry>")) == "1 < 2 and\n  3 &amp; 4"

    def test_plain_text_that_is_called_html_keeps_its_lines(self) -> None:
        item = "<item><guid>g</guid><description>- one\n- 3 &lt; 4\n- two</description></item>"
        assert text_of(rss(item)) == "- one\n- 3 < 4\n- two"

    def test_xhtml_is_read_as_html(self) -> None:
        more = (
            '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
            "<p>One</p><p>Two</p></div></content>"
        )
        assert text_of(atom(f"<entry><id>a</id>{more}</entry>")) == "One\n\nTwo"

    def test_a_title_in_html_reads_as_its_words(self) -> None:
        title = '<title type="html">A &amp;amp; B\n &lt;script&gt;x()&lt;/script&gt;</title>'
        assert text_of(atom(f"<entry><id>a</id>{title}</entry>")) == "# A & B"

    def test_relative_links_are_completed_from_where_the_feed_lies(self) -> None:
        link = '<link rel="alternate" href="/r/1"/>'
        content = atom(entry(body='<p><a href="terms?x=1">Terms</a></p>', more=link))
        assert json.loads(only(content).content)["link"] == "https://acme.example/r/1"
        assert text_of(content).endswith("[Terms](https://acme.example/terms?x=1)")

    def test_what_could_run_is_taken_out(self) -> None:
        body = "<p onclick='x()'>Fast</p><script>alert(1)</script><a href='javascript:x()'>it</a>"
        text = text_of(atom(entry(body=body)))
        assert "Fast" in text
        assert "alert" not in text
        assert "javascript" not in text

    def test_nothing_but_a_picture_reads_as_its_title(self) -> None:
        assert text_of(atom(entry(body='<img src="/a.png">'))) == "# Acme 1"

    @pytest.mark.parametrize(
        "entries",
        [
            [entry(title="", body="")],
            [entry(title=" … ", body="<p> &nbsp; </p><img src='/a.png'>")],
            ['<entry><id>a</id><content type="image/png">aGVsbG8=</content></entry>'],
        ],
    )
    def test_without_words_is_passed_over(self, entries: list[str]) -> None:
        assert names(fetched(atom(*entries, entry("told")))) == ["told"]

    def test_without_an_id_goes_by_its_link_or_else_its_title(self) -> None:
        linked = '<entry><title>A</title><link href="https://acme.example/a"/></entry>'
        titled = "<entry><title>B c</title></entry>"
        assert sorted(names(fetched(atom(linked, titled)))) == [
            "B c",
            "https://acme.example/a",
        ]

    def test_very_long_ids_stay_apart(self) -> None:
        found = fetched(atom(entry("x" * 3000 + "1"), entry("x" * 3000 + "2")))
        assert len({each.address for each in found}) == 2
        assert all(len(each.address) < 600 for each in found)


class TestDates:
    def test_the_update_counts_before_the_publication(self) -> None:
        more = "<published>2026-01-01T00:00:00Z</published>"
        assert only(atom(entry(date=MARCH, more=more))).published == date(2026, 3, 4)
        assert only(atom(entry(date="", more=more))).published == date(2026, 1, 1)

    @pytest.mark.parametrize(
        "said",
        ["", "soon", "0000-00-00T00:00:00Z", "9999-99-99", "-1", "1970-01-01T00:00:01Z"],
    )
    def test_without_one_that_can_be_read_an_entry_is_seen_now(self, said: str) -> None:
        snapshot = only(atom(entry(date=said)))
        assert (snapshot.seen_at, snapshot.published) == (NOW, None)
        assert READER.read(SOURCE, snapshot).published is None

    @pytest.mark.parametrize("said", ["2026-11-23T08:00:01Z", "2999-01-01T00:00:00Z"])
    def test_one_to_come_is_none(self, said: str) -> None:
        snapshot = only(atom(entry(date=said)))
        assert (snapshot.seen_at, snapshot.published) == (NOW, None)

    def test_an_update_to_come_leaves_the_publication(self) -> None:
        more = f"<published>{MARCH}</published>"
        snapshot = only(atom(entry(date="2999-01-01T00:00:00Z", more=more)))
        assert snapshot.published == date(2026, 3, 4)

    def test_an_entry_without_one_has_the_same_bytes_every_day(self) -> None:
        with Answering(atom(entry(date=""))) as fetcher:
            (first,) = READER.fetch(SOURCE, fetcher, Held(), NOW)
            (later,) = READER.fetch(SOURCE, fetcher, Held(), NOW + timedelta(days=1))
        assert first.sha256 == later.sha256


class TestWhatIsNew:
    def test_entries_come_oldest_first(self) -> None:
        content = atom(entry("b", date=APRIL), entry("c", date=""), entry("a", date=MARCH))
        assert names(fetched(content)) == ["a", "b", "c"]

    def test_of_one_moment_the_first_in_the_feed_is_the_newest(self) -> None:
        assert names(fetched(atom(entry("b"), entry("a")))) == ["a", "b"]

    def test_nothing_where_all_is_known(self) -> None:
        known = Held()
        known.record(fetched(atom(entry("a"))))
        assert fetched(atom(entry("a")), known) == []

    def test_only_what_was_added(self) -> None:
        known = Held()
        known.record(fetched(atom(entry("a"))))
        assert names(fetched(atom(entry("b", date=APRIL), entry("a")), known)) == ["b"]

    def test_an_entry_that_was_edited_comes_again(self) -> None:
        known = Held()
        known.record(fetched(atom(entry("b", date=APRIL), entry("a"))))
        (edited,) = fetched(atom(entry("b", date=APRIL), entry("a", body="Slower.")), known)
        assert names([edited]) == ["a"]
        assert READER.read(SOURCE, edited).text.endswith("Slower.")

    def test_an_entry_that_was_only_touched_says_nothing_new(self) -> None:
        known = Held()
        known.record(fetched(atom(entry(date=MARCH))))
        assert fetched(atom(entry(date=APRIL)), known) == []

    def test_an_entry_that_was_edited_under_its_old_date_is_seen_now(self) -> None:
        def item(text: str) -> str:
            dated = "<pubDate>Wed, 04 Mar 2026 10:00:00 GMT</pubDate>"
            return rss(f"<item><guid>g</guid>{dated}<description>{text}</description></item>")

        known = Held()
        known.record(fetched(item("Fast.")))
        (edited,) = fetched(item("Slow."), known)
        assert (edited.seen_at, edited.published) == (NOW, date(2026, 3, 4))

    def test_the_same_entries_from_another_mirror_are_not(self) -> None:
        link = '<link rel="alternate" href="1"/>'
        known = Held()
        with Answering(atom(entry(body='<a href="x">Terms</a>', more=link))) as fetcher:
            known.record(READER.fetch(SOURCE, fetcher, known, NOW))
            fetcher.found_at = "https://mirror.example/7/releases.atom"
            assert READER.fetch(SOURCE, fetcher, known, NOW) == []

    def test_of_two_with_one_id_the_newer_counts_and_no_run_changes_that(self) -> None:
        content = atom(entry(date=MARCH, body="Old."), entry(date=APRIL, body="New."))
        known = Held()
        known.record([only(content)])
        assert known.last is not None
        assert READER.read(SOURCE, known.last).text.endswith("New.")
        assert fetched(content, known) == []

    def test_a_feed_that_ran_empty_is_nothing_new(self) -> None:
        known = Held(last=only(atom(entry())))
        assert fetched(atom(), known) == []

    def test_a_feed_that_never_held_anything_is_no_source(self) -> None:
        with pytest.raises(ReadError, match="no entry"):
            fetched(atom())

    def test_of_ten_thousand_the_newest_two_hundred_count(self) -> None:
        start = datetime(2020, 1, 1, tzinfo=UTC)
        days = [(start + timedelta(hours=hour)).isoformat() for hour in range(10_000)]
        entries = [
            f"<entry><id>{TAG}{number}</id><title>R</title><updated>{day}</updated></entry>"
            for number, day in enumerate(days)
        ]
        assert names(fetched(atom(*entries))) == [str(each) for each in range(9_800, 10_000)]


class TestAsking:
    def test_what_was_not_modified_is_nothing_new(self) -> None:
        known = Held(last=only(atom(entry())))
        with Answering(None) as fetcher:
            assert READER.fetch(SOURCE, fetcher, known, NOW) == []
        (asked,) = fetcher.asked
        assert (asked["etag"], asked["validated"]) == ('"e1"', f"{FEED}?moved")

    def test_what_another_feed_told_is_not_repeated_to_this_one(self) -> None:
        last = replace(only(atom(entry())), address="https://old.example/feed#one")
        with Answering(atom(entry())) as fetcher:
            READER.fetch(SOURCE, fetcher, Held(last), NOW)
        assert fetcher.asked[0]["etag"] == ""

    def test_a_run_that_ended_between_two_entries_is_made_up_for(self) -> None:
        found = fetched(atom(entry("b", date=APRIL), entry("a")))
        assert [bool(each.response) for each in found] == [False, True]


class TestNoFeed:
    @pytest.mark.parametrize(
        "content",
        [
            "",
            "404",
            play.TERMS,
            "<html><body><p>Acme</p></body></html>",
            '{"items": []}',
            "<opml/>",
            atom(entry())[:-20],
            atom("<entry><title>A & B</title></entry>"),
            atom("<entry><title>&nbsp;</title></entry>"),
        ],
    )
    def test_other_things_are_told_from_feeds(self, content: str) -> None:
        with pytest.raises(ReadError, match="is no feed"):
            fetched(content, Held(last=only(atom(entry()))))

    def test_the_name_of_a_file_is_not_opened(self, tmp_path: Path) -> None:
        (tmp_path / "feed.xml").write_text(atom(entry()))
        with pytest.raises(ReadError, match="is no feed"):
            fetched(str(tmp_path / "feed.xml"))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_entities_that_grow_without_end_are_refused(self, encoding: str) -> None:
        defined = [f'<!ENTITY e{each + 1} "{f"&e{each};" * 10}">' for each in range(9)]
        bomb = (
            f'<!DOCTYPE feed [<!ENTITY e0 "ha">{"".join(defined)}]>'
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>&e9;</title></entry></feed>"
        )
        with pytest.raises(ReadError, match="words of its own"):
            fetched(bomb.encode(encoding))

    def test_files_of_this_machine_are_not_looked_into(self, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("secret")
        told = f'<!DOCTYPE rss [<!ENTITY s SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
        with pytest.raises(ReadError, match="words of its own"):
            fetched(
                told + "<rss version='2.0'><channel><item><title>&s;</title></item></channel></rss>"
            )

    @pytest.mark.parametrize("title", ["News", "News &undefined;"])
    def test_a_definition_that_lies_elsewhere_is_never_fetched(self, title: str) -> None:
        declared = '<!DOCTYPE rss SYSTEM "https://evil.example/rss.dtd">'
        item = f"<item><title>{title}</title></item>"
        content = declared + f"<rss version='0.91'><channel>{item}</channel></rss>"
        if "&" not in title:
            assert text_of(content) == "# News"
            return
        with pytest.raises(ReadError, match="does not define"):
            fetched(content)

    @pytest.mark.parametrize(
        "inside",
        [
            "<a>" * 5_000 + "</a>" * 5_000,
            "<a/>" * 150_000,
            f"<a xml:base='https://acme.example/{'a/' * 2_000}'/>",
            "<a " + " ".join(f"b{each}='c'" for each in range(200)) + "/>",
            "".join(f"<x{each}:a xmlns:x{each}='u{each}'/>" for each in range(200)),
        ],
    )
    def test_what_would_keep_us_busy_is_refused(self, inside: str) -> None:
        with pytest.raises(ReadError, match=r"any feed|no feed needs"):
            fetched(atom(inside))

    def test_comments_that_never_end_are_nothing_to_wait_for(self) -> None:
        assert names(fetched(atom(entry(body="<!--" * 200_000)))) == ["one"]

    def test_blank_lines_before_and_after_are_nothing_to_wait_for(self) -> None:
        lines = "\n" * 500_000
        assert names(fetched(f"{lines}{atom(entry())}{lines}")) == ["one"]

    def test_more_than_any_feed_has_is_refused(self) -> None:
        with pytest.raises(TooLargeError):
            fetched(b" " * 5_000_001)

    @given(st.binary(max_size=300))
    def test_arbitrary_bytes_are_refused_with_a_sentence(self, content: bytes) -> None:
        with pytest.raises(ReadError):
            fetched(content)

    @settings(deadline=None)
    @given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.text(max_size=200))
    def test_an_arbitrary_entry_is_read_or_refused(
        self, name: str, title: str, said: str, body: str
    ) -> None:
        """Never ends otherwise, never depends on when it is fetched, never gets a date to come."""
        content = atom(entry(name, title, said, body)).encode(errors="replace")
        try:
            found = fetched(content)
            texts = [READER.read(SOURCE, each).text for each in found]
        except ReadError:
            return
        assert all(map(str.strip, texts))
        assert all(each.stood_at <= NOW for each in found)
        assert [each.content for each in fetched(content)] == [each.content for each in found]

    @settings(deadline=None)
    @given(
        st.lists(st.sampled_from(("<p>", "</p>", "<", "&lt;", "<main>", "</main>", "<!--", "a")))
    )
    def test_arbitrary_markup_is_read_or_refused(self, pieces: list[str]) -> None:
        try:
            assert text_of(atom(entry(body="".join(pieces)))).startswith("# Acme 1")
        except ReadError:
            return

    @pytest.mark.parametrize(
        "content", [b"", b"[]", b"{}", b"\xff", b'{"title": 1}', b"null", b'"title"']
    )
    def test_a_snapshot_that_is_no_entry_is_refused(self, content: bytes) -> None:
        with pytest.raises(ReadError):
            READER.read(SOURCE, replace(only(atom(entry())), content=content))


class TestOverTheWire:
    @pytest.fixture
    def server(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileServer]:
        with HostileServer() as each:
            each.configure(monkeypatch)
            yield each

    def test_a_feed_that_moved_grows_and_is_asked_politely(self, server: HostileServer) -> None:
        there = server.play(
            "/feed", play.document(atom(entry("a")), ATOM, etag='"one"'), host=OTHER_HOST
        )
        feed = server.play("/releases.atom", play.moved(there))
        source = replace(SOURCE, options={"feed": feed})
        known = Held()
        with Fetcher(reach=server.reach(), manners=Pause().manners()) as fetcher:
            known.record(READER.fetch(source, fetcher, known, NOW))
            assert known.last is not None
            assert known.last.address == f"http://{HOST}/releases.atom#{quote(TAG, safe='')}a"
            assert known.last.response == {"etag": '"one"', "redirects": there}
            assert READER.fetch(source, fetcher, known, NOW) == []
            grown = atom(entry("b", date=APRIL), entry("a"))
            server.play("/feed", play.document(grown, ATOM, etag='"two"'), host=OTHER_HOST)
            assert names(READER.fetch(source, fetcher, known, NOW)) == ["b"]
        asked = [each for each in server.asked if each.path == "/feed"]
        assert [each.headers.get("If-None-Match") for each in asked] == [None, '"one"', '"one"']

    def test_offline_nothing_is_asked(self, server: HostileServer) -> None:
        with Fetcher(offline=True, reach=server.reach()) as fetcher, pytest.raises(OfflineError):
            READER.fetch(SOURCE, fetcher, Held(), NOW)
