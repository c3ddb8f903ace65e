"""A public git repository: a copy of it kept on this machine, and what its commits say of files.

The one door to the ``git`` program. Nothing of a repository is checked out or run: history and
contents are read out of a bare copy. The user's own configuration of git stays in force, so that
``url.<base>.insteadOf`` leads an address elsewhere. Which files make a document is left to the
reader.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import IO

from ingest.errors import ReadError, RefusedError, TooLargeError, UnreachableError

_PATIENCE = 900  # seconds for all of a repository; terms are text, and small
_STALLED = ("http.lowSpeedLimit=1000", "http.lowSpeedTime=60")
# No question on a terminal, no programs of others, no other way in than the two that are meant:
# https, and what the user's own configuration puts in its place on this machine.
_QUIET = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "true",
    "SSH_ASKPASS": "true",
    "GIT_ALLOW_PROTOCOL": "https:file",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_OPTIONAL_LOCKS": "0",
}
_SETTINGS = ("core.hooksPath=/dev/null", "gc.auto=0", "maintenance.auto=false", *_STALLED)
_REF = "refs/heads/followed"
# Where whoever started us works; our copies lie elsewhere. Its configuration stays.
_ELSEWHERE = {
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_NAMESPACE"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE"),
}
_COMMIT = b"\x01"
_REGULAR = (b"100644", b"100755")
_LAST_SECOND = 253_402_300_799  # of the year 9999; a commit may claim any
_AT_ONCE = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as one commit left it; ``blob`` is None where the commit removed it."""

    path: str
    blob: str | None


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit and the files that differ from its parent. ``at`` is the committer's time in UTC."""

    id: str
    at: datetime
    entries: tuple[Entry, ...]


class Repository:
    """One repository for the length of a run; brought up to date when it is first asked.

    Args:
        address: an https address.
        home: the folder in which copies of repositories are kept, one folder for each.
    """

    def __init__(self, address: str, home: Path) -> None:
        self.address = address
        self._folder = home / hashlib.sha256(address.encode()).hexdigest()[:16]
        self._open = ExitStack()

    def close(self) -> None:
        """End the program that hands out contents."""
        self._open.close()

    @cached_property
    def commits(self) -> tuple[Commit, ...]:
        """Every commit that leads to the newest, oldest first.

        Raises:
            UnreachableError: git could not read the repository this time.
            RefusedError: git is not installed.
            ReadError: the answer of git makes no sense.
        """
        try:
            self._update()
            listed = self._listed()
        except UnreachableError:
            if not self._is_to_blame():
                raise
            self._make()
            listed = self._listed()
        try:
            return tuple(_parsed(listed))
        except (ValueError, LookupError) as error:
            raise ReadError(f"The history of {self.address} cannot be understood.") from error

    def _listed(self) -> bytes:
        # Against the first parent only: what a merge brings in counts once, when it is merged.
        return self._git(
            *("log", "--first-parent", "--diff-merges=first-parent", "--reverse", "--raw", "-z"),
            *("--no-renames", "--root", "--no-abbrev", "--no-show-signature"),
            *("--format=%x01%H %ct", _REF),
        )

    def content(self, blob: str, max_bytes: int) -> bytes:
        """The bytes of a file.

        Raises:
            TooLargeError: there are more than ``max_bytes``.
            ReadError: the copy on this machine is damaged; it is made anew by the next run.
        """
        asked, answers = self._contents
        try:
            asked.write(f"{blob}\n".encode())
            asked.flush()
            head = answers.readline().split()
        except OSError as error:
            raise self._damaged() from error
        if len(head) != 3 or head[1] != b"blob":
            raise self._damaged()
        size = int(head[2])
        if size > max_bytes:
            _skip(answers, size + 1)  # a line feed ends it
            raise TooLargeError(
                f"A file of {self.address} has {size:,} bytes; {max_bytes:,} are allowed."
            )
        content = answers.read(size + 1)[:-1]
        if len(content) != size:
            raise self._damaged()
        return content

    @cached_property
    def _contents(self) -> tuple[IO[bytes], IO[bytes]]:
        """Where to ask for contents, and where they come from."""
        program = subprocess.Popen(  # noqa: S603 - arguments are our own
            _command(self._folder, "cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        self._open.callback(_end, program)
        if program.stdin is None or program.stdout is None:
            raise ReadError("git hands out no contents.")
        return program.stdin, program.stdout

    def _damaged(self) -> ReadError:
        shutil.rmtree(self._folder, ignore_errors=True)
        return ReadError(f"The copy of {self.address} on this machine is damaged; run again.")

    def _update(self) -> None:
        """Bring the copy up to date; make one where there is none, or none that can be used."""
        if self._is_whole():
            self._fetch(self._folder)
        else:
            self._make()

    def _fetch(self, folder: Path) -> None:
        # A rewritten history is followed (+): our own archive keeps what stood before.
        wanted = ("--", self.address, f"+HEAD:{_REF}")
        quietly = ("--quiet", "--no-tags", "--no-recurse-submodules")
        _run(_command(folder, "fetch", *quietly, *wanted), self.address)

    def _is_whole(self) -> bool:
        if not (self._folder / "HEAD").is_file():
            return False
        try:
            self._git("rev-parse", "--git-dir")
        except UnreachableError:
            return False
        return True

    def _is_to_blame(self) -> bool:
        """Whether git fails because our copy is damaged, or locked by a run that was killed."""
        if not self._folder.exists():
            return False
        if any(self._folder.rglob("*.lock")):
            return True
        try:
            self._git("rev-list", "--objects", "--quiet", _REF)
        except UnreachableError:
            return True
        return False

    def _make(self) -> None:
        """A new copy, made beside and put in its place: a killed run leaves no half of one.

        One that was there stays where this fails: without a connection it is all that we have.
        """
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder.parent, prefix=".making-") as scratch:
            made = Path(scratch) / "copy"
            _run(["git", "init", "--quiet", "--bare", "--", str(made)], self.address)
            self._fetch(made)
            with suppress(OSError):  # there is none, or another run was faster
                self._folder.rename(Path(scratch) / "before")
            with suppress(OSError):
                made.rename(self._folder)

    def _git(self, *arguments: str) -> bytes:
        return _run(_command(self._folder, *arguments), self.address)


def _command(folder: Path, *arguments: str) -> list[str]:
    settings = [word for each in _SETTINGS for word in ("-c", each)]
    return ["git", f"--git-dir={folder}", *settings, *arguments]


def _environment() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    return {**ours, **_QUIET}


def _run(command: Sequence[str], address: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - no shell; addresses stand behind "--"
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=_environment(),
            timeout=_PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        raise RefusedError("The program git is not installed; install it to follow this.") from None
    except subprocess.TimeoutExpired:
        raise UnreachableError(f"{address} did not answer in time.") from None
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
    # git has one exit status for all that can go wrong with another machine.
    raise UnreachableError(f"{address} could not be read by git: {said[-1][:200]}.")


def _end(program: subprocess.Popen[bytes]) -> None:
    for stream in (program.stdin, program.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    program.kill()
    program.wait()


def _skip(answers: IO[bytes], size: int) -> None:
    while size > 0 and (part := answers.read(min(size, _AT_ONCE))):
        size -= len(part)


def _parsed(listed: bytes) -> Iterator[Commit]:
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
        name, seconds = head.removeprefix(_COMMIT).decode("ascii").split()
        at = datetime.fromtimestamp(min(int(seconds), _LAST_SECOND), UTC)
        yield Commit(name, at, tuple(entries))


def _entry(status: bytes, path: bytes) -> Entry:
    _, mode, _, blob, _ = status.removeprefix(b":").split()
    # Links and submodules lead elsewhere; to us such a file is gone.
    name = path.decode("utf-8", "backslashreplace")
    return Entry(name, blob.decode("ascii") if mode in _REGULAR else None)
