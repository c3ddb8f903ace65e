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
_COMMIT = b"\x01"
_REGULAR = (b"100644", b"100755")


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
        self._update()
        # Against the first parent only: what a merge brings in counts once, when it is merged.
        listed = self._git(
            *("log", "--first-parent", "--diff-merges=first-parent", "--reverse", "--raw", "-z"),
            *("--no-renames", "--root", "--no-abbrev", "--format=%x01%H %ct", _REF),
        )
        try:
            return tuple(_parsed(listed))
        except ValueError as error:  # a file's name may hold any byte, ours between commits too
            raise ReadError(f"The history of {self.address} cannot be understood.") from error

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
        content = answers.read(size)
        answers.read(1)  # a line feed ends it
        if len(content) != size:
            raise self._damaged()
        if size > max_bytes:
            raise TooLargeError(
                f"A file of {self.address} has {size:,} bytes; {max_bytes:,} are allowed."
            )
        return content

    @cached_property
    def _contents(self) -> tuple[IO[bytes], IO[bytes]]:
        """Where to ask for contents, and where they come from."""
        program = subprocess.Popen(  # noqa: S603 - arguments are our own
            self._command("cat-file", "--batch"),
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
        if not self._is_whole():
            shutil.rmtree(self._folder, ignore_errors=True)
            self._make()
        # A rewritten history is followed (+): our own archive keeps what stood before.
        self._git("fetch", "--quiet", "--no-tags", "--", self.address, f"+HEAD:{_REF}")

    def _is_whole(self) -> bool:
        if not (self._folder / "HEAD").is_file():
            return False
        try:
            self._git("rev-parse", "--git-dir")
        except UnreachableError:
            return False
        return True

    def _make(self) -> None:
        """An empty copy, made beside and put in its place, so that a killed run leaves no half."""
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder.parent, prefix=".making-") as scratch:
            made = Path(scratch) / "copy"
            _run(["git", "init", "--quiet", "--bare", "--", str(made)], self.address)
            with suppress(OSError):  # another run was faster
                made.rename(self._folder)

    def _git(self, *arguments: str) -> bytes:
        return _run(self._command(*arguments), self.address)

    def _command(self, *arguments: str) -> list[str]:
        settings = [word for each in _SETTINGS for word in ("-c", each)]
        return ["git", f"--git-dir={self._folder}", *settings, *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, **_QUIET}


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


def _parsed(listed: bytes) -> Iterator[Commit]:
    """Commits out of ``git log --raw -z``: each a head, then a pair of fields for each file."""
    for part in listed.split(_COMMIT)[1:]:
        head, *fields = part.strip(b"\0\n").split(b"\0")
        name, seconds = head.decode("ascii").split()
        at = datetime.fromtimestamp(int(seconds), UTC)
        yield Commit(name, at, tuple(_entries(fields)))


def _entries(fields: Sequence[bytes]) -> Iterator[Entry]:
    for status, path in zip(fields[::2], fields[1::2], strict=True):
        _, mode, _, blob, _ = status.strip(b"\n:").split()
        name = path.decode("utf-8", "surrogateescape")
        # Links and submodules lead elsewhere; to us such a file is gone.
        yield Entry(name, blob.decode("ascii") if mode in _REGULAR else None)
