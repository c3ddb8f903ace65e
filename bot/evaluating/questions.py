"""Question files: one JSON object a line, with the words that decide it in a document.

Owns the format and what of it counts as right. A document is named by the id of its source or by
the key under which its source is published. Neither answers nor measures anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from bot.domain import Verdict
from ingest.errors import QuestionError
from ingest.manifest import Manifest

_SUFFIX = re.compile(r"\.(?:md|txt)$")
_VERDICTS = {
    **{each.value: each for each in Verdict},
    "not-stated": Verdict.UNCLEAR,
    "number": None,
    "other": None,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that decide: a part of ``quote`` (white space collapsed) in one of ``sources``.

    ``side`` is the document that they were written down for; ``sources`` are empty where no source
    of this corpus follows it.
    """

    side: str
    quote: str
    sources: frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what a right answer to it has.

    ``evidence`` is empty where the documents do not settle it. ``comparison`` asks for words of
    each side, otherwise any evidence will do. ``judged`` says whether it can be answered in a word;
    only then does ``verdict`` count.
    """

    id: str
    file: str
    question: str
    type: str
    evidence: tuple[Evidence, ...] = ()
    comparison: bool = False
    judged: bool = False
    verdict: Verdict | None = None
    as_of: date | None = None

    @property
    def answerable(self) -> bool:
        return bool(self.evidence)


def collapsed(text: str) -> str:
    """Every run of white space as one space: how quotes are compared."""
    return " ".join(text.split())


def load_cases(paths: list[Path], manifest: Manifest) -> list[Case]:
    """Read question files.

    Raises:
        QuestionError: a file cannot be read or a line has not the format; the sentence names file,
            line and what is wrong.
    """
    documents = {
        name: frozenset({each.id})
        for each in manifest.sources.values()
        for name in (each.id, each.key)
    }
    return [case for path in paths for case in _cases(path, documents)]


def _list(value: object) -> object:
    return [value] if isinstance(value, str) else value


_Names = Annotated[tuple[str, ...], BeforeValidator(_list)]


class _Shape(BaseModel):
    # Files carry more than is measured here; what they carry must be of the right kind.
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Quote(_Shape):
    doc: str
    quote: str
    same_text_in: _Names | None = None


class _Dated(_Shape):
    ask_as_of: date
    question: str
    evidence: tuple[_Quote, ...]


class _Line(_Shape):
    id: str
    question: str
    type: str = ""
    category: str = ""
    evidence: tuple[_Quote, ...] = ()
    comparison: bool = False
    verdict: str | None = None
    dates: tuple[_Dated, ...] = ()


def _cases(path: Path, documents: Mapping[str, frozenset[str]]) -> Iterator[Case]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"The question file {path} cannot be read: {error}.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield from _of_line(_read(line, f"{path}, line {number}"), path.name, documents)


def _read(line: str, place: str) -> _Line:
    try:
        read = _Line.model_validate_json(line)
    except ValidationError as error:
        first: Any = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "the line"
        raise QuestionError(
            f"{place}: {key}: {first['msg']}; every line is one JSON object with id, question and "
            "either evidence ({doc, quote}) or category."
        ) from error
    if read.verdict is not None and read.verdict not in _VERDICTS:
        raise QuestionError(
            f"{place}: the verdict {read.verdict!r} is unknown; allowed: {', '.join(_VERDICTS)}"
        )
    return read


def _of_line(line: _Line, file: str, documents: Mapping[str, frozenset[str]]) -> Iterator[Case]:
    if not line.dates:
        yield Case(
            id=line.id,
            file=file,
            question=line.question,
            type=line.type or line.category or "other",
            evidence=_evidence(line.evidence, documents),
            comparison=line.comparison,
            judged=_VERDICTS.get(line.verdict or "other") is not None,
            verdict=_VERDICTS[line.verdict] if line.verdict else None,
        )
    for each in line.dates:
        yield Case(
            id=f"{line.id}@{each.ask_as_of}",
            file=file,
            question=each.question,
            type="as of a date",
            evidence=_evidence(each.evidence, documents),
        )


def _evidence(
    quotes: tuple[_Quote, ...], documents: Mapping[str, frozenset[str]]
) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            each.doc,
            collapsed(each.quote),
            frozenset().union(
                *(
                    documents.get(_SUFFIX.sub("", name), frozenset())
                    for name in (each.doc, *(each.same_text_in or ()))
                )
            ),
        )
        for each in quotes
    )
