"""The reader of package members: when it fetches, what it refuses, and how it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.domain import Kind, Snapshot, Source
from ingest.errors import (
    CorpusError,
    MissingError,
    OfflineError,
    PinMismatchError,
    ReadError,
)
from ingest.fetch import Fetcher
from ingest.readers import Historian, readers, split_front_matter
from ingest.readers.package import PackageReader
from tests.ingest.package_index import PackageIndex

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
READER = PackageReader()
LICENCE = """---
key: acme-1
short_name: Acme Model Licence
notes: |
  --- not the end ---
---

ACME MODEL LICENCE

Acme 1 Version Effective Date: April 5, 2025

1. You may use “Acme”.
"""
NOTES = b"# Changelog\n\n## 2.0.0 (2026-02-28)\n\nLast updated: 2020-01-01\n\nAcme is faster.\n"
PINNED = Source(
    id="acme/licence",
    vendor="acme",
    title="Acme Model Licence",
    kind=Kind.LICENCE,
    reader="package",
    options={"wheel": "Acme_Texts==1.0", "member": "texts/acme-1.LICENSE"},
    url="https://acme.example/licence",
    key="acme-1",
)
ADDRESS = "pkg:pypi/acme-texts@1.0#texts/acme-1.LICENSE"
NEWEST = replace(
    PINNED,
    id="acme/notes",
    kind=Kind.RELEASE_NOTES,
    options={"sdist": "acme", "member": "CHANGELOG.md"},
)


@dataclass
class Held:
    """What an archive would know."""

    last: Snapshot | None = None
    pins: dict[str, str] = field(default_factory=dict)

    def pinned(self, address: str) -> str | None:
        return self.pins.get(address)

    def seen(self, address: str) -> str | None:
        return None


@pytest.fixture(scope="module")
def index() -> Iterator[PackageIndex]:
    """An index with a wheel of texts and three releases of an SDK."""
    with PackageIndex() as server, pytest.MonkeyPatch.context() as environment:
        server.configure(environment)
        server.wheel("acme-texts", "1.0", {"texts/acme-1.LICENSE": LICENCE.encode()})
        server.sdist("acme", "1.9.0", {"CHANGELOG.md": b"old"}, uploaded="2026-01-01T00:00:00Z")
        server.sdist("acme", "1.10.0", {"CHANGELOG.md": NOTES})
        yield server


@pytest.fixture(scope="module")
def fetcher(index: PackageIndex) -> Iterator[Fetcher]:
    with Fetcher(timeout=5.0) as each:
        yield each


def snapshot(text: str | bytes, source: Source = PINNED, published: date | None = None) -> Snapshot:
    content = text if isinstance(text, bytes) else text.encode()
    return Snapshot(source.id, ADDRESS, "text/plain", NOW, content, published)


class TestFetching:
    def test_a_member_of_a_wheel_becomes_a_snapshot_of_its_untouched_bytes(
        self, fetcher: Fetcher
    ) -> None:
        (fetched,) = READER.fetch(PINNED, fetcher, Held(), NOW)
        assert fetched == snapshot(LICENCE)

    def test_what_the_last_snapshot_holds_of_a_pin_needs_no_network(self) -> None:
        with Fetcher(offline=True) as offline:
            assert READER.fetch(PINNED, offline, Held(snapshot(LICENCE)), NOW) == []

    def test_a_moved_pin_is_fetched(self, fetcher: Fetcher) -> None:
        older = replace(snapshot("before"), address=ADDRESS.replace("1.0", "0.9"))
        (fetched,) = READER.fetch(PINNED, fetcher, Held(older), NOW)
        assert fetched.address == ADDRESS

    def test_what_is_not_held_cannot_be_had_offline(self) -> None:
        with Fetcher(offline=True) as offline:
            for source in (PINNED, NEWEST):
                with pytest.raises(OfflineError):
                    READER.fetch(source, offline, Held(), NOW)

    def test_other_bytes_at_a_pinned_address_are_refused(self, fetcher: Fetcher) -> None:
        same = Held(pins={ADDRESS: snapshot(LICENCE).sha256})
        assert READER.fetch(PINNED, fetcher, same, NOW) != []
        with pytest.raises(PinMismatchError, match=ADDRESS):
            READER.fetch(PINNED, fetcher, Held(pins={ADDRESS: "0" * 64}), NOW)

    def test_the_newest_source_distribution_is_dated_by_its_upload(self, fetcher: Fetcher) -> None:
        (fetched,) = READER.fetch(NEWEST, fetcher, Held(), NOW)
        assert fetched.address == "pkg:pypi/acme@1.10.0#CHANGELOG.md"
        assert fetched.media_type == "text/markdown"
        assert fetched.content == NOTES
        assert fetched.published == date(2026, 3, 4)

    def test_the_same_newest_version_is_not_loaded_again(
        self, index: PackageIndex, fetcher: Fetcher
    ) -> None:
        last = replace(snapshot(NOTES), address="pkg:pypi/acme@1.10.0#CHANGELOG.md")
        before = index.sent("/files/acme-1.10.0.tar.gz")
        assert READER.fetch(NEWEST, fetcher, Held(last), NOW) == []
        assert index.sent("/files/acme-1.10.0.tar.gz") == before

    def test_a_pinned_source_distribution_is_fetched_once_in_its_life(
        self, fetcher: Fetcher
    ) -> None:
        source = replace(NEWEST, options={"sdist": "acme==1.9.0", "member": "CHANGELOG.md"})
        (fetched,) = READER.fetch(source, fetcher, Held(), NOW)
        assert fetched.content == b"old"
        with Fetcher(offline=True) as offline:
            assert READER.fetch(source, offline, Held(fetched), NOW) == []

    def test_a_member_that_is_not_there_is_missing(self, fetcher: Fetcher) -> None:
        for options in ({**PINNED.options, "member": "gone"}, {**NEWEST.options, "member": "gone"}):
            with pytest.raises(MissingError, match="gone"):
                READER.fetch(replace(PINNED, options=options), fetcher, Held(), NOW)


class TestReading:
    def test_lines_about_a_licence_are_no_part_of_it(self) -> None:
        reading = READER.read(PINNED, snapshot(LICENCE))
        assert reading.text.startswith("ACME MODEL LICENCE\n")
        assert reading.text.endswith("1. You may use “Acme”.")
        assert "short_name" not in reading.text

    def test_a_document_of_another_kind_keeps_its_rules(self) -> None:
        text = "---\nOne\n---\nTwo"
        assert READER.read(NEWEST, snapshot(text, NEWEST)).text == text

    def test_the_dates_of_a_licence_are_those_that_it_states(self) -> None:
        reading = READER.read(PINNED, snapshot(LICENCE))
        assert (reading.published, reading.effective) == (None, date(2025, 4, 5))

    def test_an_unstated_date_is_that_of_the_upload_and_then_that_of_the_corpus(self) -> None:
        dated = replace(PINNED, dated=date(2024, 1, 2))
        upload = date(2026, 3, 4)
        assert READER.read(dated, snapshot(LICENCE, published=upload)).published == upload
        assert READER.read(dated, snapshot(LICENCE)).published == date(2024, 1, 2)
        assert READER.read(PINNED, snapshot(LICENCE)).published is None
        stated = LICENCE + "\nLast updated: 3 May 2023\n"
        assert READER.read(dated, snapshot(stated)).published == date(2023, 5, 3)

    def test_release_notes_are_dated_by_their_upload_and_not_by_an_entry(self) -> None:
        reading = READER.read(NEWEST, snapshot(NOTES, NEWEST, published=date(2026, 3, 4)))
        assert (reading.published, reading.effective) == (date(2026, 3, 4), None)

    def test_a_byte_order_mark_is_honoured(self) -> None:
        for encoding in ("utf-8-sig", "utf-16"):
            reading = READER.read(PINNED, snapshot(LICENCE.encode(encoding)))
            assert reading.text.startswith("ACME MODEL LICENCE\n")

    @pytest.mark.parametrize(
        "content",
        [
            LICENCE.encode("cp1252"),
            b"\xff\xfeA",
            b"PK\x03\x04\x00\x00",
            "You may \ufffduse\ufffd Acme.".encode(),
        ],
    )
    def test_what_is_no_sound_text_is_not_guessed_at(self, content: bytes) -> None:
        with pytest.raises(ReadError, match="acme-1"):
            READER.read(PINNED, snapshot(content))

    @pytest.mark.parametrize("text", ["", " \n\u200b\n", "---\nkey: acme\n---\n \n"])
    def test_an_empty_text_is_an_error(self, text: str) -> None:
        with pytest.raises(ReadError, match="holds no text"):
            READER.read(PINNED, snapshot(text))

    def test_lines_about_a_licence_that_never_end_are_an_error(self) -> None:
        with pytest.raises(ReadError, match="never end"):
            READER.read(PINNED, snapshot("---\nkey: acme\n\nACME MODEL LICENCE\n"))

    @given(st.binary())
    def test_any_bytes_are_read_or_refused(self, content: bytes) -> None:
        try:
            reading = READER.read(PINNED, snapshot(content))
        except ReadError:
            return
        assert reading.text.strip()


LINES = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])).filter(
        lambda line: not line.startswith("---")
    )
)


@given(LINES, st.text())
def test_front_matter_and_text_are_split_where_the_second_fence_stands(
    lines: list[str], body: str
) -> None:
    head = "".join(f"{line}\n" for line in lines)
    assert split_front_matter(f"---\n{head}---\n{body}") == (head, body)


@given(st.text().filter(lambda text: not text.startswith("---")))
def test_a_text_without_front_matter_stays_whole(text: str) -> None:
    assert split_front_matter(text) == ("", text)


@given(st.text(alphabet="-a \r\n", max_size=40))
def test_splitting_loses_nothing_but_fences(text: str) -> None:
    try:
        head, body = split_front_matter(text)
    except ReadError:
        assert text.startswith("---")
        return
    assert text.endswith(body)
    assert head in text


class TestChecking:
    @pytest.mark.parametrize(
        "options",
        [
            PINNED.options,
            NEWEST.options,
            {"sdist": "acme==1.0", "member": "docs/CHANGELOG.md"},
        ],
    )
    def test_good_options_pass(self, options: dict[str, str]) -> None:
        READER.check("acme/licence", options)

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ({}, "(none)"),
            ({"member": "a"}, "either wheel or sdist"),
            ({"wheel": "acme==1"}, "allowed: member"),
            ({"wheel": "acme==1", "sdist": "acme", "member": "a"}, "either wheel or sdist"),
            ({"wheel": "acme==1", "member": "a", "pin": "b"}, "pin"),
            ({"wheel": "acme", "member": "a"}, "options.wheel is 'acme'; allowed: an exact pin"),
            ({"wheel": "acme>=1", "member": "a"}, "options.wheel"),
            ({"sdist": "acme>=1", "member": "a"}, "options.sdist is 'acme>=1'; allowed: NAME or"),
            ({"sdist": "", "member": "a"}, "options.sdist"),
        ],
    )
    def test_wrong_options_are_named_with_what_is_allowed(
        self, options: dict[str, str], told: str
    ) -> None:
        with pytest.raises(CorpusError) as caught:
            READER.check("acme/licence", options)
        assert told in str(caught.value)
        assert str(caught.value).startswith("acme/licence: options")

    @pytest.mark.parametrize(
        "member", ["", ".", "..", "/a", "../a", "a/../b", "a/", "./a", "a//b", "a\\b"]
    )
    def test_a_member_is_a_plain_path_inside_the_package(self, member: str) -> None:
        with pytest.raises(CorpusError, match=r"options\.member"):
            READER.check("acme/licence", {"sdist": "acme", "member": member})


def test_readers_are_known_by_the_names_that_the_corpus_uses(tmp_path: Path) -> None:
    known = readers(tmp_path)
    assert {name: each.revision for name, each in known.items()} == {
        name: f"{name}-1" for name in ("feed", "file", "git", "package", "web")
    }
    assert {name for name, each in known.items() if each.serial} == {"feed"}
    assert {name for name, each in known.items() if isinstance(each, Historian)} == {"git"}
