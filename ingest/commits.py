"""What ``git log`` and ``git ls-remote`` answer, as commits and branches.

Asking is left to :mod:`ingest.repository`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_COMMIT = b"\x01"
_REGULAR = (b"100644", b"100755")
_LAST_SECOND = 253_402_300_799  # of the year 9999; a commit may claim any


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as one commit left it; ``blob`` is None where the commit removed it."""

    path: str
    blob: str | None


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit and the files that differ from its parent.

    ``at`` is the committer's time in UTC, 1970 where it cannot be read.
    """

    id: str
    at: datetime
    entries: tuple[Entry, ...]


def parsed(listed: bytes) -> Iterator[Commit]:
    """Commits out of ``git log --raw -z``: each a head, then two fields for each file.

    Read in their order, because the name of a file may hold any byte but the one between fields.
    """
    found: list[tuple[bytes, list[Entry]]] = []
    fields = iter(listed.split(b"\0"))
    for each in fields:
        if each.startswith(_COMMIT):
            found.append((each, []))
        elif status := each.strip(b"\n"):
            found[-1][1].append(_entry(status, next(fields, b"")))
    for head, entries in found:
        name, _, seconds = head.removeprefix(_COMMIT).decode("ascii").partition(" ")
        # git leaves a time empty that it cannot read.
        at = datetime.fromtimestamp(min(int(seconds or 0), _LAST_SECOND), UTC)
        yield Commit(name, at, tuple(entries))


def _entry(status: bytes, path: bytes) -> Entry:
    _, mode, _, blob, _ = status.removeprefix(b":").split()
    # Links and submodules lead elsewhere; to us such a file is gone.
    name = path.decode("utf-8", "backslashreplace")
    return Entry(name, blob.decode("ascii") if mode in _REGULAR else None)


def newest_branch(advertised: bytes) -> tuple[str, str] | None:
    """Id of the newest commit, and name, of the branch that a repository means by itself.

    Args:
        advertised: the answer of ``git ls-remote``; that of a bundle may lack HEAD.

    Returns:
        None where there is no branch, or several without one that is meant.
    """
    lines = advertised.decode(errors="replace").splitlines()
    found = {name: commit for commit, _, name in (line.partition("\t") for line in lines)}
    heads = [name for name in found if name.startswith("refs/heads/")]
    for name in ("HEAD", "refs/heads/main", "refs/heads/master", *heads[: len(heads) == 1]):
        if name in found:
            return found[name], name
    return None
