"""Reads documents of a public git repository, and every state that they were in.

A commit that changed a document's files is a state of it, dated by the commit. Talking to git is
left to the fetcher's repository.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from glob import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest import parts
from ingest.domain import Kind, Option, Reading, Snapshot, Source
from ingest.errors import CorpusError, MissingError, PinMismatchError, ReadError
from ingest.normalise import normalise
from ingest.parts import Part
from ingest.readers import Known, State, dated, decoded, one_text, texts

if TYPE_CHECKING:
    from ingest.commits import Commit
    from ingest.fetch import Fetcher
    from ingest.repository import Repository

_REPOSITORY = re.compile(r"https://[a-z0-9.-]+\.[a-z]+(?:/[A-Za-z0-9._~-]+)+")
_MARKDOWN = (".md", ".markdown")
_KEPT_ELSEWHERE = b"version https://git-lfs.github.com/spec/"
_LONGEST = 1_000  # characters


@dataclass(frozen=True, slots=True)
class _Left:
    """What a commit left of a document: its files by path, none where it removed the last one."""

    commit: str
    at: datetime
    ordinal: int
    files: tuple[tuple[str, str], ...]


class GitReader:
    """Options: ``repository`` (an https address) and ``path`` (one or several, with ``*``).

    All files that match a path at a commit make one text, in their order. Of several paths the
    first that has files counts: a document that was renamed may leave its old file behind.
    """

    revision = "git-1"
    serial = False

    def check(self, source_id: str, options: Mapping[str, Option]) -> None:
        """See :meth:`ingest.readers.Reader.check`."""
        if options.keys() != {"repository", "path"}:
            raise CorpusError(
                f"{source_id}: options has the keys {', '.join(sorted(options)) or '(none)'}; "
                "allowed: repository and path"
            )
        address = one_text(options, "repository")
        if not _REPOSITORY.fullmatch(address) or urlsplit(address).path.endswith("/"):
            raise CorpusError(
                f"{source_id}: options.repository is {address!r}; allowed: an address such as "
                "https://github.com/OWNER/NAME"
            )
        for path in texts(options, "path") or ("",):
            if not _is_inside(path):
                raise CorpusError(
                    f"{source_id}: options.path is {path!r}; allowed: a path inside the "
                    "repository, such as docs/TERMS.md or models/*/LICENSE"
                )

    def fetch(
        self, source: Source, fetcher: Fetcher, known: Known, now: datetime
    ) -> Sequence[Snapshot]:
        """See :meth:`ingest.readers.Reader.fetch`: the newest state."""
        repository = fetcher.repository(one_text(source.options, "repository"))
        found = [*_left(repository.commits, texts(source.options, "path"), now)]
        if not found:
            raise MissingError(f"{_named(source)} is in no commit of {repository.address}.")
        newest = found[-1]
        if not newest.files:
            raise MissingError(
                f"{_named(source)} was removed from {repository.address} on {newest.at.date()}."
            )
        address = _address(source, newest)
        if known.last and known.last.address == address:
            return []
        snapshot = _loaded(source, repository, newest, fetcher.max_bytes, now)
        if known.pinned(address) not in (None, snapshot.sha256):
            raise PinMismatchError(f"{address} came with other bytes than when it was first seen.")
        return [snapshot]

    def history(
        self,
        source: Source,
        fetcher: Fetcher,
        known: Known,  # noqa: ARG002 - others may ask for less than all
        now: datetime,
    ) -> Sequence[State]:
        """See :meth:`ingest.readers.Historian.history`."""
        repository = fetcher.repository(one_text(source.options, "repository"))
        most = fetcher.max_bytes

        def state(left: _Left) -> State:
            return State(
                _address(source, left),
                left.at,
                lambda: _loaded(source, repository, left, most, now),
            )

        found = _left(repository.commits, texts(source.options, "path"), now)
        return [state(each) for each in found if each.files]

    def read(self, source: Source, snapshot: Snapshot) -> Reading:
        """See :meth:`ingest.readers.Reader.read`."""
        several = snapshot.media_type == parts.MEDIA_TYPE
        pages = parts.unpack(snapshot.content) if several else [_whole(snapshot)]
        text = normalise("\n\n".join(_text(snapshot, each) for each in pages))
        if not text.strip():
            raise ReadError(f"{snapshot.address} holds no text.")
        notes = source.kind is Kind.RELEASE_NOTES
        return dated(source, text, snapshot.stood_at.date() if notes else None)


def _text(snapshot: Snapshot, page: Part) -> str:
    if page.content.startswith(_KEPT_ELSEWHERE):
        raise ReadError(f"{page.address} is only a pointer to a file that Git LFS keeps elsewhere.")
    return decoded(replace(snapshot, content=page.content, address=page.address))


def _whole(snapshot: Snapshot) -> Part:
    return Part(snapshot.address, snapshot.media_type, snapshot.content)


def _left(commits: Sequence[Commit], patterns: tuple[str, ...], now: datetime) -> Iterator[_Left]:
    """What each commit left that changed the files which match, oldest first.

    A file that was only renamed, or may be run from now on, says what it said before. A clock can
    run backwards between two commits, or ahead; a document's states never do.
    """
    paths = {each.path for commit in commits for each in commit.entries}
    wanted = {path for path in paths if _matches(path, patterns)}
    files: dict[str, str] = {}
    at: datetime | None = None
    ordinal = 0
    for commit in commits:
        touched = [each for each in commit.entries if each.path in wanted]
        if not touched:
            continue
        before = _blobs(_current(files, patterns))
        for each in touched:
            if each.blob is None:
                files.pop(each.path, None)
            else:
                files[each.path] = each.blob
        current = _current(files, patterns)
        if _blobs(current) == before:
            continue
        at = min(max(commit.at, at or commit.at), now)
        ordinal += bool(current)
        yield _Left(commit.id, at, ordinal, current)


def _current(files: Mapping[str, str], patterns: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The files of the first pattern that has any; see :class:`GitReader`."""
    found = [
        tuple(sorted((path, blob) for path, blob in files.items() if _matches(path, (pattern,))))
        for pattern in patterns
    ]
    return next(filter(None, found), ())


def _blobs(files: Sequence[tuple[str, str]]) -> list[str]:
    return [blob for _, blob in files]


def _loaded(
    source: Source, repository: Repository, left: _Left, max_bytes: int, now: datetime
) -> Snapshot:
    files = []
    for path, blob in left.files:
        content = repository.content(blob, max_bytes)
        max_bytes -= len(content)  # what is left for the others
        files.append(Part(path, _media_type(path), content))
    several = len(files) > 1
    return Snapshot(
        source=source.id,
        address=_address(source, left),
        media_type=parts.MEDIA_TYPE if several else files[0].media_type,
        fetched_at=now,
        content=parts.pack(files) if several else files[0].content,
        seen_at=left.at,
        ordinal=left.ordinal,
    )


def _address(source: Source, left: _Left) -> str:
    """Names a state for ever: repository, commit, and the files that there were.

    Not the paths as they are declared: another one may be added when a document is renamed. Only
    where the files would fill a page: addresses are looked up, and may not be endless.
    """
    paths = ",".join(path for path, _ in left.files)
    if len(paths) > _LONGEST:
        paths = ",".join(texts(source.options, "path"))
    return f"git+{one_text(source.options, 'repository')}@{left.commit}#{paths}"


def _named(source: Source) -> str:
    return " or ".join(texts(source.options, "path"))


def _media_type(path: str) -> str:
    return "text/markdown" if path.lower().endswith(_MARKDOWN) else "text/plain"


def _matches(path: str, patterns: tuple[str, ...]) -> bool:
    return any(path == each or ("*" in each and _is_like(path, each)) for each in patterns)


def _is_like(path: str, pattern: str) -> bool:
    """``*`` stands for any part of one name, and no other character for anything but itself."""
    names, wanted = path.split("/"), pattern.split("/")
    return len(names) == len(wanted) and all(
        fnmatchcase(name, escape(each).replace("[*]", "*"))
        for name, each in zip(names, wanted, strict=True)
    )


def _is_inside(path: str) -> bool:
    """Whether it is a plain relative path, written as git writes paths."""
    names = path.split("/")
    plain = all(name not in ("", ".", "..") for name in names)
    return plain and "\\" not in path and "\0" not in path and path.count("*") <= 4
