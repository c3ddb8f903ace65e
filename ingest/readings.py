"""Readings: which words each fact of a card was read against, recorded by whoever read them.

A reading keeps no text, only a digest of what the clause said. ``corpus/readings/<card>.yml`` is
written by ``smallprint cards confirm`` and by nobody's hand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Strict, StringConstraints

from ingest.alignment import said
from ingest.corpus_file import Entry, read_entry
from ingest.domain import Clause
from ingest.errors import CorpusError
from ingest.facts import Pointer, PointerEntry
from ingest.parsed import ParsedFiles

_FOLDER = "readings"
_DIGITS = 16
_NUMBER = re.compile(r"(?:\(?(?:\d+(?:\.\d+)*|[a-z]|[ivxl]+)[.)]+|\d+(?:\.\d+)+)\s+", re.IGNORECASE)
_HEAD = "# Written by `smallprint cards confirm`; which words each fact was read against.\n"


@dataclass(frozen=True, slots=True)
class Reading:
    """When the facts of a card were last held against their clauses, and what those said then.

    ``words`` is the digest of each clause; see :func:`digest`.
    """

    read: date
    words: Mapping[Pointer, str]


class _Clause(PointerEntry):
    words: Annotated[str, StringConstraints(pattern=f"^[0-9a-f]{{{_DIGITS}}}$")]


class _Reading(Entry):
    read: Annotated[date, Strict()]
    clauses: tuple[_Clause, ...]


def digest(clause: Clause) -> str:
    """Names what a clause says: 16 hexadecimal digits of the sha256 of its words.

    The same where only noise differs, and where the clause was moved or given another number.
    """
    words = said(clause)
    number = _NUMBER.match(words)
    return hashlib.sha256(words[number.end() if number else 0 :].encode()).hexdigest()[:_DIGITS]


def load_readings(
    corpus: Path, cards: Collection[str], parsed: ParsedFiles | None = None
) -> Mapping[str, Reading]:
    """Card → its reading; a card that nobody has confirmed is absent.

    Raises:
        CorpusError: a file is wrong, or belongs to no card.
    """
    found: dict[str, Reading] = {}
    for path in sorted((corpus / _FOLDER).glob("*.yml")):
        if path.stem not in cards:
            raise CorpusError(
                f"corpus/{_FOLDER}/{path.name} belongs to no card; allowed: the name of a file in "
                "corpus/cards"
            )
        entry = read_entry(corpus, path, _Reading, parsed)
        words = {
            Pointer(each.source, each.section, each.term): each.words for each in entry.clauses
        }
        found[path.stem] = Reading(entry.read, words)
    return found


def write_reading(corpus: Path, card: str, reading: Reading) -> Path:
    """Record a reading in place of the last one; returns the file.

    Raises:
        CorpusError: the file cannot be written.
    """
    path = corpus / _FOLDER / f"{card}.yml"
    lines = [_HEAD, f"read: {reading.read.isoformat()}\nclauses:\n"]
    for pointer, words in sorted(reading.words.items(), key=_order):
        row = {
            "source": pointer.source,
            "section": pointer.section,
            "term": pointer.term,
            "words": words,
        }
        shown = yaml.safe_dump(row, default_flow_style=True, sort_keys=False, width=10_000)
        lines.append(f"  - {shown.strip()}\n")
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise CorpusError(f"corpus/{_FOLDER}/{path.name} cannot be written: {error}.") from error
    return path


def _order(row: tuple[Pointer, str]) -> tuple[str, str, str]:
    return row[0].source, row[0].section, row[0].term
