"""How members of published packages are found and read, against a real index on this machine."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version as installed_version

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.version import Version

from ingest.distributions import Distribution, package_address, parse_requirement
from ingest.errors import (
    CorpusError,
    FetchError,
    MissingError,
    PinMismatchError,
    ReadError,
    RefusedError,
    TooLargeError,
)
from ingest.fetch import Fetcher
from tests.ingest.package_index import HTML_PAGE, Answer, PackageIndex, tarred

LICENCE = b"ACME MODEL LICENCE\n\nYou may use Acme.\n"
NOTES = b"# Changelog\n\n## 2.0.0\n\nAcme is faster.\n"
NOISE = random.Random(1).randbytes(3_000_000)  # noqa: S311 - only must not compress


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageIndex]:
    with PackageIndex() as server:
        server.configure(monkeypatch)
        yield server


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(timeout=5.0, max_bytes=1_000_000) as each:
        yield each


def big_wheel(index: PackageIndex, tag: str = "py3-none-any") -> str:
    """A wheel with much before and after the licences; returns the path of its file."""
    members = {"noise/1": NOISE, "texts/acme-1.txt": LICENCE}
    more = {f"noise/{number}": NOISE[:100] for number in range(2, 2000)}
    return index.wheel("acme-texts", "1.0", {**members, **more, "texts/acme-2.txt": NOTES}, tag)


@dataclass(frozen=True)
class Shelf:
    """A big wheel that was found and opened already; pip takes a second to find one."""

    index: PackageIndex
    fetcher: Fetcher
    path: str

    @property
    def wheel(self) -> Distribution:
        return self.fetcher.wheel("acme-texts==1.0")

    @property
    def sent(self) -> int:
        return self.index.sent(self.path, to_pip=False)


@pytest.fixture(scope="module")
def shelf() -> Iterator[Shelf]:
    with PackageIndex() as index, Fetcher(timeout=5.0, max_bytes=1_000_000) as fetcher:
        each = Shelf(index, fetcher, big_wheel(index))
        with pytest.MonkeyPatch.context() as environment:
            index.configure(environment)
            assert each.wheel.name == "acme-texts"
        yield each


class TestReadingAWheel:
    def test_members_are_read_without_loading_the_wheel(self, shelf: Shelf) -> None:
        assert shelf.wheel.read("texts/acme-1.txt") == LICENCE
        assert shelf.wheel.read("texts/acme-2.txt") == NOTES
        assert 0 < shelf.sent < len(NOISE) / 10

    def test_a_member_has_an_address_for_ever(self, shelf: Shelf) -> None:
        address = "pkg:pypi/acme-texts@1.0#texts/acme-1.txt"
        assert shelf.wheel.address("texts/acme-1.txt") == address
        assert shelf.wheel.uploaded is None

    def test_the_wheel_is_found_and_its_directory_read_once_a_run(self, shelf: Shelf) -> None:
        before = len(shelf.index.asked)
        shelf.wheel.read("texts/acme-1.txt")
        assert [each.path for each in shelf.index.asked[before:]] == [shelf.path]

    def test_a_member_that_is_not_there_is_named(self, shelf: Shelf) -> None:
        with pytest.raises(MissingError, match=r"acme-texts 1\.0 holds no file texts/gone\.txt"):
            shelf.wheel.read("texts/gone.txt")

    def test_a_member_that_is_too_large_is_not_loaded(self, shelf: Shelf) -> None:
        before = shelf.sent
        with pytest.raises(TooLargeError, match="noise/1"):
            shelf.wheel.read("noise/1")
        assert shelf.sent == before

    def test_a_server_error_while_a_member_is_read_is_asked_again(self, shelf: Shelf) -> None:
        shelf.index.first(shelf.path, Answer(503))
        assert shelf.wheel.read("texts/acme-1.txt") == LICENCE

    def test_one_failing_member_does_not_spoil_the_next(self, shelf: Shelf) -> None:
        shelf.wheel.read("texts/acme-2.txt")
        shelf.index.first(shelf.path, Answer(403))
        with pytest.raises(RefusedError):
            shelf.wheel.read("texts/acme-1.txt")
        assert shelf.wheel.read("texts/acme-1.txt") == LICENCE
        assert shelf.wheel.read("texts/acme-2.txt") == NOTES

    @pytest.mark.parametrize("spoilt", [b"You may not", b"You may us"])
    def test_an_altered_member_is_damage_and_not_a_text(self, shelf: Shelf, spoilt: bytes) -> None:
        """Bytes exchanged, and bytes lost."""
        shelf.wheel.read("texts/acme-2.txt")
        whole = shelf.index.answer(shelf.path, {}).body
        shelf.index.put(shelf.path, whole.replace(b"You may use", spoilt))
        with pytest.raises(ReadError, match=r"texts/acme-1\.txt"):
            shelf.wheel.read("texts/acme-1.txt")
        shelf.index.put(shelf.path, whole)

    def test_a_server_that_stops_giving_parts_is_told_from_a_text(self, shelf: Shelf) -> None:
        shelf.wheel.read("texts/acme-2.txt")
        shelf.index.ranges = False
        with pytest.raises(ReadError, match=r"texts/acme-1\.txt"):
            shelf.wheel.read("texts/acme-1.txt")
        shelf.index.ranges = True


class TestFindingAWheel:
    @pytest.mark.skipif(
        Version(installed_version("pip")) < Version("24"),
        reason="pyproject.toml asks for pip 24; older ones load the wheel to look at it",
    )
    def test_pip_does_not_load_the_wheel_either(
        self, index: PackageIndex, fetcher: Fetcher
    ) -> None:
        path = big_wheel(index)
        fetcher.wheel("acme-texts==1.0").read("texts/acme-1.txt")
        assert index.sent(path, to_pip=True) < len(NOISE) / 3

    def test_a_server_without_ranges_gives_the_whole_wheel_once(
        self, index: PackageIndex, fetcher: Fetcher
    ) -> None:
        index.ranges = False
        path = big_wheel(index)
        wheel = fetcher.wheel("acme-texts==1.0")
        assert wheel.read("texts/acme-1.txt") == LICENCE
        assert wheel.read("texts/acme-2.txt") == NOTES
        size = len(index.answer(path, {}).body)
        # The request that finds out is answered with a whole body as well, which is not read.
        assert index.sent(path, to_pip=False) <= 2 * size


class TestSourceDistributions:
    @pytest.fixture(autouse=True)
    def releases(self, index: PackageIndex) -> None:
        index.sdist("acme", "1.9.0", {"CHANGELOG.md": b"old"}, uploaded="2026-01-01T00:00:00Z")
        index.sdist("acme", "1.10.0", {"CHANGELOG.md": NOTES, "docs/CHANGELOG.md": b"another"})
        index.sdist("acme", "1.11.0", {"CHANGELOG.md": b"withdrawn"}, yanked=True)
        index.sdist("acme", "2.0.0rc1", {"CHANGELOG.md": b"not yet"})
        index.publish("acme", "acme-1.12.0.zip", b"an old form")
        index.publish("acme", "acme-not.a.version!.tar.gz", b"odd")
        index.publish("acme", "acme-3.0.0-py3-none-any.whl", b"no source")

    def test_the_newest_is_neither_yanked_nor_a_pre_release(self, fetcher: Fetcher) -> None:
        sdist = fetcher.sdist("acme", None)
        assert sdist.version == "1.10.0"
        assert sdist.read("CHANGELOG.md") == NOTES
        assert sdist.read("docs/CHANGELOG.md") == b"another"
        assert sdist.address("CHANGELOG.md") == "pkg:pypi/acme@1.10.0#CHANGELOG.md"
        assert sdist.uploaded == date(2026, 3, 4)

    def test_a_named_version_is_taken_as_it_is(self, fetcher: Fetcher) -> None:
        assert fetcher.sdist("Acme", "1.11").read("CHANGELOG.md") == b"withdrawn"
        assert fetcher.sdist("acme", "2.0.0rc1").read("CHANGELOG.md") == b"not yet"

    def test_an_index_that_only_speaks_html_is_understood(
        self, index: PackageIndex, fetcher: Fetcher
    ) -> None:
        index.page = HTML_PAGE
        sdist = fetcher.sdist("acme", None)
        assert (sdist.version, sdist.uploaded) == ("1.10.0", None)
        assert sdist.read("CHANGELOG.md") == NOTES

    def test_choosing_a_version_loads_no_archive(
        self, index: PackageIndex, fetcher: Fetcher
    ) -> None:
        fetcher.sdist("acme", None)
        assert {each.path for each in index.asked} == {"/simple/acme/"}

    def test_what_is_not_there_is_missing(self, index: PackageIndex, fetcher: Fetcher) -> None:
        index.sdist("acme-alpha", "0.1a1", {})
        with pytest.raises(MissingError, match=r"acme 1\.10\.0 holds no file NEWS\.md"):
            fetcher.sdist("acme", None).read("NEWS.md")
        with pytest.raises(MissingError, match=r"no source distribution of acme 7"):
            fetcher.sdist("acme", "7")
        with pytest.raises(MissingError, match="neither yanked nor a pre-release"):
            fetcher.sdist("acme-alpha", None)
        with pytest.raises(MissingError, match="no project acme-nothing"):
            fetcher.sdist("acme-nothing", None)

    def test_other_bytes_than_the_index_promises_are_refused(
        self, index: PackageIndex, fetcher: Fetcher
    ) -> None:
        content = tarred({"acme-5.0/CHANGELOG.md": NOTES})
        index.publish("acme", "acme-5.0.tar.gz", content, sha256="0" * 64)
        with pytest.raises(PinMismatchError, match=r"acme 5\.0"):
            fetcher.sdist("acme", None).read("CHANGELOG.md")

    def test_an_index_that_promises_nothing_is_believed(
        self, index: PackageIndex, fetcher: Fetcher
    ) -> None:
        content = tarred({"acme-5.0/CHANGELOG.md": NOTES})
        index.publish("acme", "acme-5.0.tar.gz", content, sha256="")
        assert fetcher.sdist("acme", None).read("CHANGELOG.md") == NOTES

    def test_a_server_that_labels_the_archive_as_packed_does_not_break_it(
        self, index: PackageIndex, fetcher: Fetcher
    ) -> None:
        path = "/files/acme-1.10.0.tar.gz"
        body = index.answer(path, {}).body
        index.first(path, Answer(body=body, headers={"Content-Encoding": "gzip"}))
        assert fetcher.sdist("acme", None).read("CHANGELOG.md") == NOTES

    def test_an_archive_that_is_too_large_is_not_loaded(
        self, index: PackageIndex, fetcher: Fetcher
    ) -> None:
        index.publish("acme", "acme-5.0.tar.gz", NOISE)
        with pytest.raises(TooLargeError, match=r"acme-5\.0\.tar\.gz"):
            fetcher.sdist("acme", None).read("CHANGELOG.md")

    def test_an_archive_that_breaks_off_once_is_loaded_again(
        self, index: PackageIndex, fetcher: Fetcher
    ) -> None:
        path = "/files/acme-1.10.0.tar.gz"
        body = index.answer(path, {}).body
        index.first(path, Answer(body=body[:50], said=len(body)))
        assert fetcher.sdist("acme", None).read("CHANGELOG.md") == NOTES

    @pytest.mark.parametrize(
        ("media_type", "body"),
        [
            ("application/vnd.pypi.simple.v1+json", b"{"),
            ("application/vnd.pypi.simple.v1+json", b"[]"),
            ("application/vnd.pypi.simple.v1+json", b"\xff"),
            ("text/html", b'<meta name="pypi:repository-version" content="9.0">'),
        ],
    )
    def test_a_page_that_is_none_is_damage(
        self, index: PackageIndex, fetcher: Fetcher, media_type: str, body: bytes
    ) -> None:
        index.first("/simple/acme/", Answer(body=body, headers={"Content-Type": media_type}))
        with pytest.raises(ReadError, match="no page of a package index"):
            fetcher.sdist("acme", None)

    @pytest.mark.parametrize(
        ("setting", "value"),
        [("PIP_NO_INDEX", "true"), ("PIP_INDEX_URL", "file:///nowhere/simple")],
    )
    def test_nobody_is_asked_whom_the_user_did_not_name(
        self,
        index: PackageIndex,
        fetcher: Fetcher,
        monkeypatch: pytest.MonkeyPatch,
        setting: str,
        value: str,
    ) -> None:
        monkeypatch.setenv(setting, value)
        with pytest.raises(RefusedError, match="no package index"):
            fetcher.sdist("acme", None)
        assert index.asked == []


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("acme", ("acme", None)),
        ("Acme_Texts == 1.0", ("acme-texts", "1.0")),
        ("acme==1.0.0-rc.1", ("acme", "1.0.0rc1")),
    ],
)
def test_a_requirement_is_read_in_its_one_form(text: str, parsed: tuple[str, str | None]) -> None:
    assert parse_requirement(text) == parsed


@pytest.mark.parametrize(
    "text",
    [
        *("", "acme>=1", "acme~=1.0", "acme==1,==2", "acme===1", "acme[fast]==1"),
        *("acme==1; os_name=='x'", "acme @ https://acme.example/acme.whl", "--pre", "acme=="),
        "acme ==1.*",
    ],
)
def test_anything_but_a_name_or_an_exact_pin_is_refused(text: str) -> None:
    with pytest.raises(CorpusError, match="NAME==VERSION"):
        parse_requirement(text)


@given(st.text())
@example("0_")
def test_no_text_makes_the_requirement_parser_fail_in_another_way(text: str) -> None:
    try:
        name, version = parse_requirement(text)
    except CorpusError:
        return
    assert parse_requirement(name if version is None else f"{name}=={version}") == (name, version)


def test_an_address_holds_no_host() -> None:
    assert package_address("acme", "1.0", "a/b.md") == "pkg:pypi/acme@1.0#a/b.md"


def test_every_failure_to_fetch_has_a_cause() -> None:
    assert all(each.cause for each in FetchError.__subclasses__())
