"""Who and what is followed: the vendors and sources that ``corpus/`` declares, checked as a whole.

A collection says once how its documents are fetched (reader, options, pin, attribution); a source
names its collection and its key in it, and may add options that are its own. Fetching and reading
are left to ``ingest.readers``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, Strict, StringConstraints

from ingest.corpus_file import Entry, Slug, Text, choices, comparable, entry_files, read_entry
from ingest.domain import Kind, Option, Source, Vendor
from ingest.errors import CorpusError
from ingest.parsed import ParsedFiles

if TYPE_CHECKING:
    from ingest.readers import Reader

_COLLECTIONS = "collections.yml"


def _https(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or "." not in parts.netloc or any(map(str.isspace, value)):
        raise ValueError("an https:// address")
    return value


_Option = Text | Annotated[tuple[Text, ...], Field(min_length=1)]


class _Collection(Entry):
    reader: Text
    options: dict[str, _Option]
    attribution: str = ""


class _Collections(Entry):
    collections: dict[Slug, _Collection]


class _Vendor(Entry):
    id: Slug
    name: Text
    aliases: tuple[Text, ...] = ()


class _Source(Entry):
    id: str
    title: Text
    kind: Kind
    collection: Text
    key: Text
    options: dict[str, _Option] = Field(default_factory=dict)
    language: Annotated[str, StringConstraints(pattern="^[a-z]{2}$")] = "en"
    url: Annotated[str, AfterValidator(_https)]
    dated: Annotated[date, Strict()] | None = None
    incorporates: tuple[str, ...] = ()
    superseded_by: str | None = None


class _VendorFile(Entry):
    vendor: _Vendor
    sources: tuple[_Source, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Vendors and sources by id, in the order of the files."""

    vendors: Mapping[str, Vendor]
    sources: Mapping[str, Source]


def corpus_folder() -> Path:
    """The folder ``corpus`` that belongs to this code: beside the packages, in a checkout and in an
    installed wheel alike.

    Raises:
        CorpusError: it is not there.
    """
    folder = Path(__file__).resolve().parents[1] / "corpus"
    if not (folder / _COLLECTIONS).is_file():
        raise CorpusError(f"corpus/{_COLLECTIONS} is missing; install smallprint again.")
    return folder


def load_manifest(
    corpus: Path, readers: Mapping[str, Reader], parsed: ParsedFiles | None = None
) -> Manifest:
    """Load ``collections.yml`` and every file of ``sources/``, and check them together.

    Args:
        corpus: the folder, usually :func:`corpus_folder`.
        readers: readers by the name that collections use; each checks the options of its sources.
        parsed: what files were parsed to before.

    Raises:
        CorpusError: something is wrong; the sentence names file, key and what is allowed.
    """
    collections = _collections(corpus, readers)
    vendors: dict[str, Vendor] = {}
    sources: dict[str, Source] = {}
    for path in entry_files(corpus, "sources"):
        entry = read_entry(corpus, path, _VendorFile, parsed)
        file = f"corpus/sources/{path.name}"
        if entry.vendor.id != path.stem:
            raise CorpusError(f"{file}: vendor.id is {entry.vendor.id!r}; allowed: {path.stem}")
        vendors[entry.vendor.id] = Vendor(entry.vendor.id, entry.vendor.name, entry.vendor.aliases)
        for source in _sources(file, entry, collections, readers):
            sources[source.id] = source
    _check_names(vendors)
    _check_references(sources)
    return Manifest(vendors, sources)


def _collections(corpus: Path, readers: Mapping[str, Reader]) -> Mapping[str, _Collection]:
    found = read_entry(corpus, corpus / _COLLECTIONS, _Collections).collections
    for name, each in found.items():
        place = f"corpus/{_COLLECTIONS}: collections.{name}"
        if each.reader not in readers:
            raise CorpusError(f"{place}.reader is {each.reader!r}; {choices(readers)}")
        if not any("{key}" in value for option in each.options.values() for value in _all(option)):
            raise CorpusError(f"{place}.options never uses {{key}}; allowed: {{key}} in a value")
    return found


def _sources(
    file: str,
    entry: _VendorFile,
    collections: Mapping[str, _Collection],
    readers: Mapping[str, Reader],
) -> Iterator[Source]:
    """The sources of one vendor's file; ids carry the vendor, so twins can only stand together."""
    seen: set[str] = set()
    for place, each in enumerate(entry.sources):
        at = f"{file}: sources[{place}]"
        _check_id(f"{at}.id", each.id, entry.vendor.id)
        if each.id in seen:
            raise CorpusError(f"{at}.id is {each.id!r} a second time; allowed: an id of its own")
        seen.add(each.id)
        if each.collection not in collections:
            raise CorpusError(
                f"{at}.collection is {each.collection!r}; {choices(collections)} "
                f"(declared in corpus/{_COLLECTIONS})"
            )
        source = _source(each, entry.vendor.id, collections[each.collection])
        try:
            readers[source.reader].check(source.id, source.options)
        except CorpusError as error:
            raise CorpusError(f"{at}: {error}") from error
        yield source


def _check_id(place: str, source: str, vendor: str) -> None:
    """The part after the slash is a chosen name and becomes part of addresses: keep it plain."""
    name = source.removeprefix(f"{vendor}/")
    plain = name.replace("-", "").replace(".", "")
    if name == source or not (plain.isascii() and plain.isalnum() and plain == plain.lower()):
        raise CorpusError(f"{place} is {source!r}; allowed: {vendor}/NAME in a-z, 0-9, '-' and '.'")


def _source(each: _Source, vendor: str, collection: _Collection) -> Source:
    return Source(
        id=each.id,
        vendor=vendor,
        title=each.title,
        kind=each.kind,
        reader=collection.reader,
        options={
            name: _with_key(option, each.key)
            for name, option in {**collection.options, **each.options}.items()
        },
        url=each.url,
        key=each.key,
        attribution=collection.attribution,
        dated=each.dated,
        incorporates=each.incorporates,
        superseded_by=each.superseded_by,
        language=each.language,
    )


def _all(option: Option) -> tuple[str, ...]:
    return (option,) if isinstance(option, str) else option


def _with_key(option: Option, key: str) -> Option:
    """The option with the key of the source where ``{key}`` stands."""
    if isinstance(option, str):
        return option.replace("{key}", key)
    return tuple(value.replace("{key}", key) for value in option)


def _check_names(vendors: Mapping[str, Vendor]) -> None:
    owners: dict[str, str] = {}
    for vendor in vendors.values():
        for name in {comparable(each) for each in (vendor.id, vendor.name, *vendor.aliases)}:
            other = owners.setdefault(name, vendor.id)
            if other != vendor.id:
                raise CorpusError(
                    f"corpus/sources/{vendor.id}.yml: vendor.aliases claims {name!r}, which "
                    f"corpus/sources/{other}.yml has; allowed: a name of one vendor"
                )


def _check_references(sources: Mapping[str, Source]) -> None:
    for source in sources.values():
        file = f"corpus/sources/{source.vendor}.yml: {source.id}"
        for other in source.incorporates:
            if other not in sources or other == source.id:
                raise CorpusError(
                    f"{file}: incorporates {other!r}; allowed: the id of another source"
                )
        _check_successors(file, source, sources)


def _check_successors(file: str, source: Source, sources: Mapping[str, Source]) -> None:
    """Following ``superseded_by`` must end at a text that nothing supersedes."""
    passed = {source.id}
    while (successor := source.superseded_by) is not None:
        if successor not in sources or successor in passed:
            raise CorpusError(
                f"{file}: superseded_by {successor!r}; allowed: the id of a later source"
            )
        passed.add(successor)
        source = sources[successor]
