"""Members of archives that nobody vouches for: odd paths, links, bombs, damage."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ReadError, TooLargeError
from ingest.unpacking import intact, tar_member, zip_member
from tests.ingest.package_index import gzipped_zeros, tarred, zipped

NOTES = b"# Changelog\n\nAcme is faster.\n"
LIMIT = 10_000


def read(packed: bytes, member: str = "NOTES.md") -> bytes | None:
    return tar_member(io.BytesIO(packed), member, LIMIT)


def odd(path: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(path)
    entry.type, entry.linkname = kind, target
    return entry


@pytest.mark.parametrize("prefix", ["acme-1.0/", "./acme-1.0/"])
def test_a_member_is_named_without_the_folder_around_it(prefix: str) -> None:
    folder = odd(prefix, tarfile.DIRTYPE)
    packed = tarred({"": folder, f"{prefix}docs/NOTES.md": b"no", f"{prefix}NOTES.md": NOTES})
    assert read(packed) == NOTES
    assert read(packed, "docs/NOTES.md") == b"no"


@pytest.mark.parametrize(
    "path",
    [
        *("/NOTES.md", "../NOTES.md", "NOTES.md", "acme-1.0/../NOTES.md", "other/NOTES.md"),
        *("acme-1.0//NOTES.md", "acme-1.0/./NOTES.md"),
    ],
)
def test_what_lies_elsewhere_does_not_count(path: str) -> None:
    assert read(tarred({"acme-1.0/setup.py": b"", path: b"false notes"})) is None


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_link_or_a_pipe_is_not_followed(kind: bytes) -> None:
    packed = tarred({"acme-1.0/x": NOTES, "y": odd("acme-1.0/NOTES.md", kind, "acme-1.0/x")})
    assert read(packed) is None


def test_a_member_that_is_too_large_is_not_read() -> None:
    with pytest.raises(TooLargeError, match="10,001 bytes"):
        read(tarred({"acme-1.0/NOTES.md": bytes(LIMIT + 1)}))


def test_a_bomb_before_the_member_does_not_go_off() -> None:
    with pytest.raises(TooLargeError, match="unpacks to more"):
        read(tarred({"acme-1.0/bomb": bytes(20 * LIMIT), "acme-1.0/NOTES.md": NOTES}))


def test_a_bomb_behind_the_member_or_without_one_does_not_go_off() -> None:
    with pytest.raises(TooLargeError):
        read(tarred({"acme-1.0/NOTES.md": NOTES, "acme-1.0/bomb": bytes(20 * LIMIT)}))
    with pytest.raises(TooLargeError):
        read(gzipped_zeros(50_000_000))


def test_a_member_that_is_shorter_than_it_claims_is_damage() -> None:
    entry = tarfile.TarInfo("acme-1.0/NOTES.md")
    entry.size = 9_000
    with pytest.raises(ReadError, match=r"NOTES\.md is damaged"):
        read(gzip.compress(entry.tobuf() + NOTES))


@given(st.binary(max_size=200), st.integers(0, 400))
def test_damage_of_a_tar_is_told_as_such_or_is_no_damage(noise: bytes, place: int) -> None:
    packed = tarred({"acme-1.0/setup.py": b"", "acme-1.0/NOTES.md": NOTES})
    spoilt = packed[:place] + noise + packed[place + len(noise) :]
    try:
        found = read(spoilt)
    except (ReadError, TooLargeError):
        return
    # A few bytes of the header of gzip mean nothing; those of the content are summed up at its end.
    assert found in (None, NOTES)


def test_a_member_of_a_zip_is_read() -> None:
    archive = zipfile.ZipFile(io.BytesIO(zipped({"NOTES.md": NOTES})))
    assert zip_member(archive, "NOTES.md", LIMIT) == NOTES
    assert zip_member(archive, "GONE.md", LIMIT) is None


def test_a_large_member_of_a_zip_is_not_read() -> None:
    archive = zipfile.ZipFile(io.BytesIO(zipped({"NOTES.md": bytes(LIMIT + 1)})))
    with pytest.raises(TooLargeError, match=r"NOTES\.md has 10,001 bytes"):
        zip_member(archive, "NOTES.md", LIMIT)


@given(st.binary(min_size=1, max_size=20), st.integers(0, 60))
def test_damage_of_a_zip_is_told_as_such_or_is_no_damage(noise: bytes, place: int) -> None:
    whole = zipped({"NOTES.md": NOTES})
    spoilt = whole[:place] + noise + whole[place + len(noise) :]
    try:
        with intact("The wheel"):
            archive = zipfile.ZipFile(io.BytesIO(spoilt))
        found = zip_member(archive, "NOTES.md", LIMIT)
    except ReadError:
        return
    assert found in (None, NOTES)


def test_a_locked_member_is_damage() -> None:
    whole = bytearray(zipped({"NOTES.md": NOTES}))
    for signature, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        whole[whole.index(signature) + flags] |= 1
    with pytest.raises(ReadError):
        zip_member(zipfile.ZipFile(io.BytesIO(bytes(whole))), "NOTES.md", LIMIT)
