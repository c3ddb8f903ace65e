"""What pip says, and what is made of it where it says nothing, against a real index."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import installer
from ingest.errors import (
    CorpusError,
    MissingError,
    PinMismatchError,
    ReadError,
    RefusedError,
    UnreachableError,
)
from ingest.fetch import Fetcher
from tests.ingest.package_index import PackageIndex, closed_port, zipped

PIN = "acme-texts==1.0"
MEMBER = "texts/acme.txt"
LICENCE = b"ACME MODEL LICENCE\n\nYou may use Acme.\n"


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageIndex]:
    with PackageIndex() as server:
        server.configure(monkeypatch)
        yield server


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(timeout=5.0) as each:
        yield each


def published(index: PackageIndex, tag: str = "py3-none-any") -> str:
    """Publish the wheel of the pin; returns the path of its file."""
    return index.wheel("acme-texts", "1.0", {MEMBER: LICENCE}, tag)


def test_pip_is_set_by_its_files_and_then_by_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pip.conf"
    file.write_text(
        "[install]\nindex-url = https://b.example/it's\n"
        "[global]\nindex-url = https://a.example\nproxy = x\n[download]\nproxy = y\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    assert installer.settings()["index-url"] == "https://b.example/it's"
    assert installer.settings()["proxy"] == "x"
    monkeypatch.setenv("PIP_INDEX_URL", "https://c.example")
    assert installer.settings()["index-url"] == "https://c.example"


def test_settings_that_pip_cannot_read_are_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pip.conf").write_text("no section\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    with pytest.raises(RefusedError, match="pip cannot read its settings"):
        installer.settings()


def test_a_pip_without_the_experimental_feature_is_asked_without_it(
    index: PackageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = published(index)
    monkeypatch.setattr(installer, "_BY_RANGE", ("--use-feature", "withdrawn"))
    located = installer.locate_wheel("acme-texts", "1.0")
    assert located is not None
    assert located.url == index.url + path


def test_a_pip_that_takes_too_long_is_given_up(
    index: PackageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installer, "_SECONDS", 0.01)
    with pytest.raises(UnreachableError, match="pip did not end"):
        installer.locate_wheel("acme-texts", "1.0")


def test_a_wheel_that_the_index_did_not_promise_is_refused(
    index: PackageIndex, fetcher: Fetcher
) -> None:
    """pip refuses it first; then the index names it again, and so do we."""
    index.ranges = False
    content = zipped({MEMBER: LICENCE})
    index.publish("acme-texts", "acme_texts-1.0-py3-none-any.whl", content, sha256="0" * 64)
    with pytest.raises(PinMismatchError, match="promises"):
        fetcher.wheel(PIN)


def test_a_wheel_for_another_python_serves_as_well(index: PackageIndex, fetcher: Fetcher) -> None:
    published(index, tag="cp27-none-any")
    assert fetcher.wheel(PIN).read(MEMBER) == LICENCE


def test_what_is_no_zip_archive_is_damage(index: PackageIndex, fetcher: Fetcher) -> None:
    index.publish("acme-texts", "acme_texts-1.0-py3-none-any.whl", b"PK no wheel" * 50)
    with pytest.raises(ReadError, match="damaged"):
        fetcher.wheel(PIN)


def test_a_wheel_in_a_local_folder_is_read_from_there(
    index: PackageIndex,
    fetcher: Fetcher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = published(index)
    folder = tmp_path / "wheels of ours"
    folder.mkdir()
    (folder / path.rpartition("/")[2]).write_bytes(index.answer(path, {}).body)
    monkeypatch.setenv("PIP_FIND_LINKS", folder.as_uri())
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert fetcher.wheel(PIN).read(MEMBER) == LICENCE
    assert index.asked == []


def test_an_index_behind_a_password_is_read_with_it(
    index: PackageIndex, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.configure(monkeypatch, credentials="anna:hunter2@")
    index.password = f"Basic {b64encode(b'anna:hunter2').decode()}"
    published(index)
    assert fetcher.wheel(PIN).read(MEMBER) == LICENCE


def test_an_unknown_version_and_an_unknown_project_are_missing(
    index: PackageIndex, fetcher: Fetcher
) -> None:
    published(index)
    with pytest.raises(MissingError, match=r"no wheel of acme-texts 9\.9"):
        fetcher.wheel("acme-texts==9.9")
    with pytest.raises(MissingError, match="no project acme-nothing"):
        fetcher.wheel("acme-nothing==1.0")


def test_an_index_that_refuses_is_not_mistaken_for_a_missing_package(
    index: PackageIndex, fetcher: Fetcher
) -> None:
    index.password = "somebody else's"
    with pytest.raises(RefusedError, match="401"):
        fetcher.wheel(PIN)


def test_a_dead_index_is_unreachable_and_asked_once_for_all_sources(
    index: PackageIndex, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed_port()}/simple")
    with pytest.raises(UnreachableError) as first:
        fetcher.wheel(PIN)
    index.configure(monkeypatch)
    published(index)
    with pytest.raises(UnreachableError) as second:
        fetcher.wheel(PIN)
    assert str(second.value) == str(first.value)
    assert index.asked == []


def test_a_dead_proxy_is_unreachable(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "https://packages.acme.example/simple")
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(UnreachableError, match="proxy"):
        fetcher.wheel(PIN)


@pytest.mark.parametrize("requirement", ["acme-texts", "acme-texts>=1", "acme-texts==1.*", "-r"])
def test_only_an_exact_pin_is_fetched(
    index: PackageIndex, fetcher: Fetcher, requirement: str
) -> None:
    with pytest.raises(CorpusError, match="NAME==VERSION"):
        fetcher.wheel(requirement)
    assert index.asked == []
