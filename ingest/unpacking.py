"""Reads one file out of an archive that nobody vouches for.

Owns what can go wrong there: damage, bombs, links, odd paths. Nothing is ever written to disk.
"""

from __future__ import annotations

import gzip
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from ingest.errors import ReadError, TooLargeError

_UNPACKED = 5  # an archive may unpack to so many times what one member may have
_PIECE = 64 * 1024
_DAMAGE = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error),
    *(EOFError, OSError, OverflowError, RuntimeError, ValueError),
)


@contextmanager
def intact(what: str) -> Iterator[None]:
    """Tell it as :class:`ReadError` when the archive ``what`` turns out to be damaged."""
    try:
        yield
    except _DAMAGE as error:
        raise ReadError(f"{what} is damaged, or no such archive.") from error


def zip_member(archive: zipfile.ZipFile, member: str, max_bytes: int) -> bytes | None:
    """Read one member; None where there is none of that name.

    Raises:
        TooLargeError: it unpacks to more than ``max_bytes``.
        ReadError: the archive is damaged.
    """
    try:
        entry = archive.getinfo(member)
    except KeyError:
        return None
    _expect_size(member, entry.file_size, max_bytes)
    with intact(f"The wheel around {member}"):
        return archive.read(entry)


def tar_member(packed: IO[bytes], member: str, max_bytes: int) -> bytes | None:
    """Read an ordinary file out of a ``.tar.gz`` in which one folder holds everything.

    Args:
        member: path below that folder. Links and everything outside the folder do not count.

    Returns:
        None where there is no such file.

    Raises:
        TooLargeError: the file, or the whole archive, unpacks to too much.
        ReadError: the archive is damaged.
    """
    what = f"The source distribution around {member}"
    with intact(what), _Unpacked(packed, _UNPACKED * max_bytes) as unpacked:
        found = _tar_member(unpacked, member, max_bytes)
        # The checksum stands at the end; until there, nothing is known to be what was packed.
        while unpacked.read(_PIECE):
            pass
        return found


def _tar_member(unpacked: _Unpacked, member: str, max_bytes: int) -> bytes | None:
    top = ""
    with tarfile.open(fileobj=unpacked, mode="r|") as archive:
        for entry in archive:
            folder, _, path = entry.name.removeprefix("./").partition("/")
            top = top or folder
            if folder == top and path == member and entry.isreg():
                _expect_size(member, entry.size, max_bytes)
                content = archive.extractfile(entry)
                return content.read() if content else None
    return None


class _Unpacked(gzip.GzipFile):
    """A gzip stream that ends in an error before it can fill the memory."""

    def __init__(self, packed: IO[bytes], max_bytes: int) -> None:
        super().__init__(fileobj=packed, mode="rb")
        self._left = max_bytes

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self._left -= len(piece)
        if self._left < 0:
            raise TooLargeError("The source distribution unpacks to more than is allowed.")
        return piece


def _expect_size(member: str, size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise TooLargeError(f"{member} has {size:,} bytes; at most {max_bytes:,} are allowed.")
