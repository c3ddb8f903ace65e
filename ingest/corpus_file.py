"""How a file of ``corpus/`` is read: YAML with its line numbers, then the shape it must have.

Owns the sentence that a person sees who wrote something wrong: file, key, and what is allowed.
What the files mean is left to ``manifest``, ``cards`` and ``vocabulary``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from ingest.errors import CorpusError
from ingest.parsed import ParsedFiles

_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is
_SLUG = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_WORD = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*")
_LONGEST_SHOWN = 60


class Entry(BaseModel):
    """A mapping in a corpus file; a key that the class does not declare is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError("lower-case letters and digits, joined by single dots or hyphens")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, AfterValidator(_slug)]
Shape = TypeVar("Shape", bound=Entry)


def read_entry(
    corpus: Path, path: Path, shape: type[Shape], parsed: ParsedFiles | None = None
) -> Shape:
    """Read one YAML file of ``corpus`` into ``shape``.

    ``parsed`` remembers what files were parsed to, so that only what is new is parsed.

    Raises:
        CorpusError: the file cannot be read, is no YAML, holds a key twice, or does not have the
            shape; the sentence names the file, the line or key, and what is allowed.
    """
    name = shown(corpus, path)
    content = parsed.get(path) if parsed else None
    if content is None:
        content = _parsed(name, path)
        if parsed:
            parsed.put(path, content)
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        raise CorpusError(f"{name}: {_first_problem(error, shape)}") from error


def entry_files(corpus: Path, folder: str) -> list[Path]:
    """The YAML files of ``corpus/folder`` by name.

    Raises:
        CorpusError: the folder is missing or empty, or a file's name does not end in ``.yml``.
    """
    found = sorted(path for path in (corpus / folder).glob("*") if not path.name.startswith("."))
    for path in found:
        if path.suffix != ".yml":
            raise CorpusError(f"{shown(corpus, path)}: the file name is wrong; allowed: NAME.yml")
    if not found:
        raise CorpusError(f"corpus/{folder} holds no file; put at least one NAME.yml there.")
    return found


def shown(corpus: Path, path: Path) -> str:
    """How messages call a file: ``corpus/sources/meta.yml`` wherever the corpus lies."""
    return f"corpus/{path.relative_to(corpus).as_posix()}"


def choices(names: Iterable[str]) -> str:
    """The end of a message: what would have been allowed, in order of the alphabet."""
    return f"allowed: {', '.join(sorted(names)) or 'none yet'}"


def comparable(name: str) -> str:
    """The form in which two names are the same: "Llama-4", "llama4" and "LLAMA 4.0" are one."""
    words = _WORD.findall(name.casefold())
    return " ".join(re.sub(r"(?:\.0+)+$", "", word) for word in words)


class _Loader(_FAST):  # type: ignore[misc]  # the base is chosen at run time
    """Refuses a key that stands twice in one mapping, where YAML would keep the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        built: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if len(built) < len(node.value):
            self._refuse_twin(node)
        return built

    def _refuse_twin(self, node: yaml.MappingNode) -> None:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)


def _parsed(name: str, path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  # a safe loader
    except OSError as error:
        raise CorpusError(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{name} is not UTF-8 text; save it as UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise CorpusError(f"{name}{line}: not valid YAML: {error.problem}.") from error
    except (yaml.YAMLError, ValueError) as error:  # a control character; a date such as 2025-02-30
        raise CorpusError(f"{name}: not valid YAML: {_one_line(error)}.") from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _first_problem(error: ValidationError, shape: type[BaseModel]) -> str:
    first = error.errors(include_url=False)[0]
    loc, kind = first["loc"], first["type"]
    place = _place(loc) or "the file"
    if kind == "extra_forbidden":
        return f"{place} is no key here; {choices(_shape_at(shape, loc[:-1]).model_fields)}"
    if kind == "missing":
        return f"{place} is missing; every key of its kind must have it"
    allowed = str(
        first.get("ctx", {}).get("error") or first["msg"].removeprefix("Input should be ")
    )
    if kind == "enum":
        allowed = ", ".join(re.findall(r"'([^']*)'", allowed))
    return f"{place} is {_clipped(first['input'])}; allowed: {allowed}"


def _clipped(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _place(loc: Iterable[int | str]) -> str:
    """``("sources", 3, "kind")`` as people write it: ``sources[3].kind``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc).lstrip(".")


def _shape_at(shape: type[BaseModel], loc: Iterable[int | str]) -> type[BaseModel]:
    """The class that describes the mapping at ``loc`` of a file described by ``shape``."""
    for step in loc:
        if isinstance(step, str) and step in shape.model_fields:
            shape = next(_shapes(shape.model_fields[step].annotation), shape)
    return shape


def _shapes(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _shapes(part)
