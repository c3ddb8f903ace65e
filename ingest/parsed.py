"""What the YAML files of ``corpus/`` were parsed to the last time: nobody waits for that twice.

Parsing a hundred cards takes a second and a half, checking them a tenth of that. Every check runs
at every start; only the parsing is remembered, by the size and time of change of each file.
"""

from __future__ import annotations

import json
import logging
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

_DATE = "!date"  # no key of ours


class ParsedFiles:
    """A memory of parsed files, kept in one file; without one it remembers nothing."""

    def __init__(self, file: Path | None = None) -> None:
        """Read the memory; one that is missing or damaged is empty."""
        self._file = file
        self._known: dict[str, Any] = _read(file) if file else {}
        self._used: dict[str, Any] = {}

    def get(self, path: Path) -> Any:
        """What ``path`` was parsed to; None where it is not known or was changed since."""
        stamp = _stamp(path) if self._file else None
        known = self._known.get(str(path))
        if stamp is None or known is None or known["stamp"] != stamp:
            return None
        self._used[str(path)] = known
        return known["content"]

    def put(self, path: Path, content: Any) -> None:
        """Remember what ``path`` was parsed to."""
        stamp = _stamp(path) if self._file else None
        if stamp is not None:
            self._used[str(path)] = {"stamp": stamp, "content": content}

    def save(self) -> None:
        """Keep what was used, where it is not what was kept before; failing to is no harm."""
        if self._file is None or not self._news():
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", dir=self._file.parent, prefix=".corpus-", delete=False, encoding="utf-8"
            ) as written:
                json.dump(self._used, written, default=_written)
            Path(written.name).replace(self._file)
        except (OSError, TypeError, ValueError) as error:
            log.info("The parsed corpus is not remembered: %s", error)

    def _news(self) -> bool:
        """Whether something was parsed that was not known, or is known and gone."""
        same = (self._known.get(path) is each for path, each in self._used.items())
        return self._used.keys() != self._known.keys() or not all(same)


def _stamp(path: Path) -> list[int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]


def _read(file: Path) -> dict[str, Any]:
    try:
        known = json.loads(file.read_text(encoding="utf-8"), object_hook=_date)
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _written(value: object) -> object:
    if isinstance(value, date):
        return {_DATE: value.isoformat()}
    raise TypeError(f"{type(value).__name__} stands in a corpus file")


def _date(read: dict[str, Any]) -> Any:
    return date.fromisoformat(read[_DATE]) if read.keys() == {_DATE} else read
