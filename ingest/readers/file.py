"""Reads a file of the corpus itself: our own digests of news, with front matter above the text.

Needs no network. The date in the front matter is that of the digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import yaml

from ingest.domain import Option, Reading, Snapshot, Source
from ingest.errors import CorpusError, MissingError, ReadError, RefusedError
from ingest.normalise import normalise
from ingest.readers import Known, decoded, one_text, split_front_matter

if TYPE_CHECKING:
    from ingest.fetch import Fetcher


class FileReader:
    """Options: ``path``, relative to the corpus folder, with forward slashes."""

    revision = "file-1"
    serial = False

    def __init__(self, corpus: Path) -> None:
        self._corpus = corpus.resolve()

    def check(self, source_id: str, options: Mapping[str, Option]) -> None:
        """See :meth:`ingest.readers.Reader.check`. The file must be there."""
        if options.keys() != {"path"}:
            raise CorpusError(
                f"{source_id}: options has the keys {', '.join(sorted(options)) or '(none)'}; "
                "allowed: path"
            )
        path = one_text(options, "path")
        if not self._is_inside(path):
            raise CorpusError(
                f"{source_id}: options.path is {path!r}; allowed: the path of a file "
                "inside the corpus folder, such as articles/NAME.md"
            )

    def fetch(
        self,
        source: Source,
        fetcher: Fetcher,  # noqa: ARG002 - the others need it
        known: Known,
        now: datetime,
    ) -> Sequence[Snapshot]:
        """See :meth:`ingest.readers.Reader.fetch`; the fetcher is left alone."""
        path = one_text(source.options, "path")
        content = self._content(path)
        if known.last and known.last.sha256 == hashlib.sha256(content).hexdigest():
            return []
        return [Snapshot(source.id, f"file:{path}", "text/markdown", now, content)]

    def read(self, source: Source, snapshot: Snapshot) -> Reading:
        """See :meth:`ingest.readers.Reader.read`."""
        head, body = split_front_matter(decoded(snapshot))
        text = normalise(body)
        if not text.strip():
            raise ReadError(f"{snapshot.address} holds no text.")
        return Reading(text, published=_date(head, snapshot.address) or source.dated)

    def _is_inside(self, path: str) -> bool:
        """Whether a file is there; a link that leads out of the folder counts as outside."""
        plain = PurePosixPath(path).as_posix() == path and "\\" not in path and "\0" not in path
        if not plain or PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            return False
        target = (self._corpus / path).resolve()
        return target.is_relative_to(self._corpus) and target.is_file()

    def _content(self, path: str) -> bytes:
        try:
            return (self._corpus / path).read_bytes()
        except FileNotFoundError:
            raise MissingError(f"corpus/{path} is not there any more.") from None
        except OSError as error:
            raise RefusedError(f"corpus/{path} cannot be read: {error.strerror}.") from error


def _date(head: str, address: str) -> date | None:
    """The day under ``date`` in the front matter; None where there is no such key."""
    wrong = f"The front matter of {address} must be YAML with a date such as 2026-04-06."
    try:
        stated = yaml.load(head, yaml.BaseLoader) or {}  # noqa: S506 - makes nothing but strings
        if isinstance(stated, dict):
            return date.fromisoformat(stated["date"]) if "date" in stated else None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise ReadError(wrong) from error
    raise ReadError(wrong)
