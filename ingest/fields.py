"""What facts may be about and may say: sections, fields, values and acts of the vocabulary.

``ingest.vocabulary`` reads the lists from ``corpus/vocabulary.yml``; ``ingest.facts`` holds each
fact of a card against what is declared here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator
from pydantic import Field as Key

from ingest.answers import NONE, Answers, Asked, Word, check_phrases, check_scales, of_field
from ingest.corpus_file import Entry, Slug, Text, choices
from ingest.errors import CorpusError

_LONGEST = 6  # words: a phrase is a term of art, never a sentence out of a licence


def phrase(value: str) -> str:
    """Check that ``value`` is a short phrase as people type it; raises ValueError."""
    if value != value.lower() or not 1 <= len(value.split()) <= _LONGEST:
        raise ValueError(f"1 to {_LONGEST} words in lower case")
    return value


Phrases = tuple[Annotated[Text, AfterValidator(phrase)], ...]


class Ruling(StrEnum):
    """What the documents say to something that people want to do, from best to worst."""

    PERMITTED = "permitted"
    PERMITTED_IF = "permitted-if"
    UNCLEAR = "unclear"
    NEEDS_LICENCE = "needs-licence"
    NOT_PERMITTED = "not-permitted"


ELSEWHERE = "elsewhere"
"""The region that holds wherever no other fact of the same field does."""


class Lists(StrEnum):
    """Which closed list the facts of a field name members of."""

    REGIONS = "regions"
    SUBJECTS = "subjects"


@dataclass(frozen=True, slots=True)
class Field:
    """What a fact may be about. ``values`` are the ids that it may have, each with its wording.

    ``topics`` are those of the vocabulary that it answers. ``units`` are those of its figure, empty
    where it has none. ``rulings`` says what values mean to somebody who wants to do it. A ``duty``
    is something to do. A ``headline`` is shown before anything else. One that ``repeats`` may stand
    several times on a card. ``answers`` are the words that its values answer; phrases of ``turned``
    in a question make it the opposite one ("is it irrevocable?" of what is revocable); one that is
    ``worded`` answers only where one of these phrases stands in it.
    """

    id: str
    label: str
    section: str
    values: Mapping[str, str]
    topics: tuple[str, ...]
    units: tuple[str, ...] = ()
    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    lists: Lists | None = None
    duty: bool = False
    headline: bool = False
    repeats: bool = False
    answers: Answers = field(default_factory=dict)
    turned: tuple[str, ...] = ()
    worded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """Something that people do with a model.

    ``decided_by`` are the fields that say whether it is permitted, of which the first that a card
    has decides; ``also`` those that are worth knowing beside it.
    """

    id: str
    label: str
    asked: tuple[str, ...]
    decided_by: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A region, or a subject that texts single out, with the words by which people mean it.

    ``within`` are the larger ones that it is a part of.
    """

    id: str
    label: str
    asked: tuple[str, ...]
    within: tuple[str, ...] = ()


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
        """The closed list that a field's facts name members of; regions where it says none."""
        return self.subjects if lists is Lists.SUBJECTS else self.regions


class FieldEntry(Entry):
    """A field as the file has it: the values of a scale, or its own."""

    id: Slug
    label: Text
    topics: tuple[Slug, ...]
    scale: Text | None = None
    values: dict[Slug, Text] = Key(default_factory=dict)
    units: tuple[Slug, ...] = ()
    rulings: dict[Slug, Ruling] = Key(default_factory=dict)
    lists: Lists | None = None
    duty: bool = False
    headline: bool = False
    repeats: bool = False
    answers: dict[Asked, dict[Slug, Word]] = Key(default_factory=dict)
    turned: Phrases = ()
    worded: Phrases = ()


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
    also: tuple[Slug, ...] = ()


class MemberEntry(Entry):
    """A region or a subject as the file has it."""

    id: Slug
    label: Text
    asked: Phrases
    within: tuple[Slug, ...] = ()


class FieldsEntry(Entry):
    """The part of the vocabulary that facts are held against."""

    unsettled: tuple[Slug, ...]
    scales: dict[Slug, dict[Slug, Text]]
    rulings: dict[Slug, Ruling]
    answers: dict[Slug, dict[Asked, dict[Slug, Word]]] = Key(default_factory=dict)
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
    check_scales(file, entry.answers, entry.scales)
    known = frozenset(topics)
    fields: dict[str, Field] = {}
    for at, section, each in _all_fields(file, entry.sections):
        if each.id in fields:
            raise CorpusError(f"{at}.id is {each.id!r} a second time; allowed: an id of its own")
        for key, named, of in (("topics", each.topics, known), ("units", each.units, entry.units)):
            for name in named:
                if name not in of:
                    raise CorpusError(f"{at}.{key} has {name!r}; {choices(of)}")
        fields[each.id] = _field(at, section, each, entry)
    acts = {each.id: _act(f"{file}: acts[{n}]", each, fields) for n, each in enumerate(entry.acts)}
    return Fields(
        sections={each.id: each.label for each in entry.sections},
        fields=fields,
        units=entry.units,
        unsettled=entry.unsettled,
        acts=acts,
        subjects=_members(f"{file}: subjects", entry.subjects),
        regions=_members(f"{file}: regions", entry.regions),
    )


def _members(at: str, entries: Sequence[MemberEntry]) -> Mapping[str, Member]:
    known = [each.id for each in entries]
    for place, each in enumerate(entries):
        for name in each.within:
            if name not in known:
                raise CorpusError(f"{at}[{place}].within has {name!r}; {choices(known)}")
    return {each.id: Member(each.id, each.label, each.asked, each.within) for each in entries}


def _all_fields(
    file: str, sections: Iterable[SectionEntry]
) -> Iterator[tuple[str, str, FieldEntry]]:
    """Where each field stands in the file, the section it belongs to, and the field."""
    for place, section in enumerate(sections):
        for number, each in enumerate(section.fields):
            yield f"{file}: sections[{place}].fields[{number}]", section.id, each


def _field(at: str, section: str, entry: FieldEntry, lists: FieldsEntry) -> Field:
    if (entry.scale is None) == (not entry.values):
        raise CorpusError(f"{at}: allowed: either scale or values, and one of them")
    if entry.scale is not None and entry.scale not in lists.scales:
        raise CorpusError(f"{at}.scale is {entry.scale!r}; {choices(lists.scales)}")
    values = lists.scales[entry.scale] if entry.scale is not None else entry.values
    for value in entry.rulings:
        if value not in values:
            raise CorpusError(f"{at}.rulings has {value!r}; {choices(values)}")
    general = {each: ruling for each, ruling in lists.rulings.items() if each in values}
    answers = of_field(at, entry.answers, lists.answers.get(entry.scale or "", NONE), values)
    check_phrases(at, {"turned": entry.turned, "worded": entry.worded}, answers)
    return Field(
        id=entry.id,
        label=entry.label,
        section=section,
        values=values,
        topics=entry.topics,
        units=entry.units,
        rulings={**general, **entry.rulings},
        lists=entry.lists,
        duty=entry.duty,
        headline=entry.headline,
        repeats=entry.repeats,
        answers=answers,
        turned=entry.turned,
        worded=entry.worded,
    )


def _act(at: str, entry: ActEntry, fields: Mapping[str, Field]) -> Act:
    for key, named in (("decided_by", entry.decided_by), ("also", entry.also)):
        for name in named:
            if name not in fields:
                raise CorpusError(f"{at}.{key} has {name!r}; {choices(fields)}")
    return Act(entry.id, entry.label, entry.asked, entry.decided_by, entry.also)


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
