"""What facts may be about and may say: sections, fields, values and acts of the vocabulary.

``ingest.vocabulary`` reads the lists from ``corpus/vocabulary.yml``; ``ingest.facts`` holds each
fact of a card against what is declared here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator
from pydantic import Field as Key

from ingest.corpus_file import Entry, Slug, Text, choices
from ingest.errors import CorpusError

_LONGEST = 6  # words: a phrase is a term of art, never a sentence out of a licence


def phrase(value: str) -> str:
    """Check that ``value`` is a short phrase as people type it; raises ValueError."""
    if value != value.lower() or not 1 <= len(value.split()) <= _LONGEST:
        raise ValueError(f"1 to {_LONGEST} words in lower case")
    return value


Phrases = tuple[Annotated[Text, AfterValidator(phrase)], ...]


class Lists(StrEnum):
    """Which closed list the facts of a field name members of."""

    REGIONS = "regions"
    SUBJECTS = "subjects"


@dataclass(frozen=True, slots=True)
class Field:
    """What a fact may be about. ``values`` are the ids that it may have, each with its wording.

    ``topics`` are those of the vocabulary that it answers. ``units`` are those of its figure, empty
    where it has none. A ``duty`` is something to do; a ``component`` is a part of a model that is
    open or not. One that ``repeats`` may stand several times on a card.
    """

    id: str
    label: str
    section: str
    values: Mapping[str, str]
    topics: tuple[str, ...]
    units: tuple[str, ...] = ()
    lists: Lists | None = None
    duty: bool = False
    component: bool = False
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """Something that people do with a model. ``decided_by``: fields, the first that a card has."""

    id: str
    label: str
    asked: tuple[str, ...]
    decided_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A region, or a subject that texts single out, with the words by which people mean it."""

    id: str
    label: str
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """All of it by id, in the order of the file. ``sections`` and ``units`` are labels by id."""

    sections: Mapping[str, str]
    fields: Mapping[str, Field]
    units: Mapping[str, str]
    unsettled: tuple[str, ...]
    acts: Mapping[str, Act]
    subjects: Mapping[str, Member]
    regions: Mapping[str, Member]

    def members(self, lists: Lists | None) -> Mapping[str, Member]:
        """The closed list that a field's facts name members of; empty where it has none."""
        if lists is None:
            return {}
        return self.regions if lists is Lists.REGIONS else self.subjects


class FieldEntry(Entry):
    """A field as the file has it: the values of a scale, or its own."""

    id: Slug
    label: Text
    topics: tuple[Slug, ...]
    scale: Text | None = None
    values: dict[Slug, Text] = Key(default_factory=dict)
    units: tuple[Slug, ...] = ()
    lists: Lists | None = None
    duty: bool = False
    component: bool = False
    repeats: bool = False


class SectionEntry(Entry):
    """A group of fields that is shown together."""

    id: Slug
    label: Text
    fields: tuple[FieldEntry, ...]


class ActEntry(Entry):
    """An act as the file has it."""

    id: Slug
    label: Text
    asked: Phrases
    decided_by: tuple[Slug, ...]


class MemberEntry(Entry):
    """A region or a subject as the file has it."""

    id: Slug
    label: Text
    asked: Phrases


class FieldsEntry(Entry):
    """The part of the vocabulary that facts are held against."""

    unsettled: tuple[Slug, ...]
    scales: dict[Slug, dict[Slug, Text]]
    units: dict[Slug, Text]
    sections: tuple[SectionEntry, ...]
    acts: tuple[ActEntry, ...]
    subjects: tuple[MemberEntry, ...]
    regions: tuple[MemberEntry, ...]


def loaded(file: str, entry: FieldsEntry, topics: Iterable[str]) -> Fields:
    """Check the lists against each other and against the ids of topics.

    Raises:
        CorpusError: a list names something that another does not have, or an id stands twice.
    """
    _check_ids(file, "sections", entry.sections)
    _check_ids(file, "acts", entry.acts)
    _check_ids(file, "subjects", entry.subjects)
    _check_ids(file, "regions", entry.regions)
    known = frozenset(topics)
    fields: dict[str, Field] = {}
    for at, section, each in _all_fields(file, entry.sections):
        if each.id in fields:
            raise CorpusError(f"{at}.id is {each.id!r} a second time; allowed: an id of its own")
        for key, named, of in (("topics", each.topics, known), ("units", each.units, entry.units)):
            for name in named:
                if name not in of:
                    raise CorpusError(f"{at}.{key} has {name!r}; {choices(of)}")
        fields[each.id] = _field(at, section, each, entry.scales)
    acts = {each.id: _act(f"{file}: acts[{n}]", each, fields) for n, each in enumerate(entry.acts)}
    return Fields(
        sections={each.id: each.label for each in entry.sections},
        fields=fields,
        units=entry.units,
        unsettled=entry.unsettled,
        acts=acts,
        subjects={each.id: Member(each.id, each.label, each.asked) for each in entry.subjects},
        regions={each.id: Member(each.id, each.label, each.asked) for each in entry.regions},
    )


def _all_fields(
    file: str, sections: Iterable[SectionEntry]
) -> Iterator[tuple[str, str, FieldEntry]]:
    """Where each field stands in the file, the section it belongs to, and the field."""
    for place, section in enumerate(sections):
        for number, each in enumerate(section.fields):
            yield f"{file}: sections[{place}].fields[{number}]", section.id, each


def _field(
    at: str, section: str, entry: FieldEntry, scales: Mapping[str, Mapping[str, str]]
) -> Field:
    if (entry.scale is None) == (not entry.values):
        raise CorpusError(f"{at}: allowed: either scale or values, and one of them")
    if entry.scale is not None and entry.scale not in scales:
        raise CorpusError(f"{at}.scale is {entry.scale!r}; {choices(scales)}")
    return Field(
        id=entry.id,
        label=entry.label,
        section=section,
        values=scales[entry.scale] if entry.scale is not None else entry.values,
        topics=entry.topics,
        units=entry.units,
        lists=entry.lists,
        duty=entry.duty,
        component=entry.component,
        repeats=entry.repeats,
    )


def _act(at: str, entry: ActEntry, fields: Mapping[str, Field]) -> Act:
    for name in entry.decided_by:
        if name not in fields:
            raise CorpusError(f"{at}.decided_by has {name!r}; {choices(fields)}")
    return Act(entry.id, entry.label, entry.asked, entry.decided_by)


def _check_ids(
    file: str, key: str, entries: Iterable[SectionEntry | ActEntry | MemberEntry]
) -> None:
    seen: set[str] = set()
    for place, each in enumerate(entries):
        if each.id in seen:
            raise CorpusError(
                f"{file}: {key}[{place}].id is {each.id!r} a second time; allowed: an id of its own"
            )
        seen.add(each.id)
