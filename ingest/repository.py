"""A public git repository: a copy of it kept on this machine, and what its commits say of files.

The one door to the ``git`` program. Nothing of a repository is checked out or run: history and
contents are read out of a bare copy. The user's own configuration of git stays in force, so that
``url.<base>.insteadOf`` leads an address elsewhere. What git's answers mean is left to
:mod:`ingest.commits`, which files make a document to the reader.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import cached_property
from pathlib import Path
from typing import IO

from ingest.commits import Commit, newest_branch, parsed
from ingest.errors import (
    BusyError,
    FetchError,
    MissingError,
    ReadError,
    RefusedError,
    TooLargeError,
    UnreachableError,
)

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
    "GIT_TRACE_CURL_NO_DATA": "1",
    "GIT_TRACE_REDACT": "1",
}
_SETTINGS = ("core.hooksPath=/dev/null", "gc.auto=0", "maintenance.auto=false", *_STALLED)
_REF = "refs/heads/followed"
# Where whoever started us works; our copies lie elsewhere. Its configuration stays.
_ELSEWHERE = {
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_NAMESPACE"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE"),
}
_STATUS = re.compile(rb"<= Recv header: HTTP/[\d.]{1,4} (\d{3})")
_AT_ONCE = 1_000_000  # bytes


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
        """End the program that hands out contents; it is started again where it is needed."""
        self._open.close()
        self.__dict__.pop("_contents", None)

    @cached_property
    def commits(self) -> tuple[Commit, ...]:
        """Every commit that leads to the newest, oldest first.

        Raises:
            UnreachableError: git could not read the repository this time.
            BusyError, RefusedError, MissingError: the other side answered so. RefusedError also
                where git is not installed.
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
            return tuple(parsed(listed))
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
        address = self._spelling(folder)
        heads = ("ls-remote", "--", address, "HEAD", "refs/heads/*")
        newest = newest_branch(_run(_command(folder, *heads), self.address))
        if newest is None:
            raise MissingError(f"{self.address} has no branch that could be followed.")
        wanted = ("--", address, f"+{newest[1]}:{_REF}")
        quietly = ("--quiet", "--no-tags", "--no-recurse-submodules")
        _run(_command(folder, "fetch", *quietly, *wanted), self.address)

    def _spelling(self, folder: Path) -> str:
        """The user may have put another place in for the address with ``.git``, or without."""
        plain = self.address.removesuffix(".git")
        for each in (self.address, f"{plain}.git", plain):
            asked = _command(folder, "ls-remote", "--get-url", "--", each)
            found = _run(asked, self.address).decode(errors="surrogateescape").rstrip("\n")
            if found != each and ("://" in found or Path(found).exists()):
                return each
        return self.address

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
    with tempfile.TemporaryDirectory() as scratch:
        trace = Path(scratch) / "trace"
        done = _finished(command, address, {"GIT_TRACE_CURL": str(trace)})
        if done.returncode == 0:
            return done.stdout
        raise _meaning(address, done.stderr, _last_status(trace))


def _finished(
    command: Sequence[str], address: str, traced: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - no shell; addresses stand behind "--"
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**_environment(), **traced},
            timeout=_PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        raise RefusedError("The program git is not installed; install it to follow this.") from None
    except subprocess.TimeoutExpired:
        raise UnreachableError(f"{address} did not answer in time.") from None


def _last_status(trace: Path) -> int:
    """The last status of HTTP; 0 where nobody answered, or nobody was asked."""
    found = _STATUS.findall(trace.read_bytes()[-_AT_ONCE:]) if trace.exists() else []
    return int(found[-1]) if found else 0


def _meaning(address: str, complaint: bytes, status: int) -> FetchError:
    """By the status of HTTP: git has one exit status for all that can go wrong with others."""
    if status in (404, 410):
        return MissingError(f"There is no repository at {address} (status {status}).")
    if status in (401, 403):
        return RefusedError(f"{address} is private, or is not there (status {status}).")
    if status == 429 or status >= 500:
        return BusyError(f"{address} answered with status {status}; it is busy.")
    if status >= 300:
        return RefusedError(f"{address} answered git with status {status}.")
    said = complaint.decode(errors="replace").strip().splitlines() or ["no reason given"]
    return UnreachableError(f"{address} could not be read by git: {said[-1][:200]}.")


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
