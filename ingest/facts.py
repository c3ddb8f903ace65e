"""Facts: what a card says of its licence, line by line, each with the clauses that prove it.

Owns the shape of a fact in ``corpus/cards`` and its check against the vocabulary. Whether a clause
still says what the fact says is left to ``ingest.proof``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator

from ingest.corpus_file import Entry, Slug, Text, choices
from ingest.errors import CorpusError
from ingest.fields import Field, Fields, Lists
from ingest.figures import figures

_LONGEST_TERM = 8  # words: a figure or a defined name, never a sentence out of a licence
_LONGEST_SECTION = 14  # words: some headings of terms are whole questions
_LONGEST_SENTENCE = 320  # characters


@dataclass(frozen=True, slots=True)
class Pointer:
    """Names a clause: its source, its section or heading, and words that must stand in it."""

    source: str
    section: str
    term: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that stands in a clause, with its unit: 700,000,000 ``monthly-users``."""

    number: int
    unit: str


Combination = frozenset[str]
"""Acts that must all be done for a duty to arise."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a card, in our words.

    ``clauses`` prove it; none where the text is silent. ``applies_to`` are the plans or models of
    the card that it is about, all of them where empty. ``members`` are the regions or subjects that
    it names, or the regions in which alone it holds. ``when``: the duty arises where any of these
    combinations of acts is done; always where empty.
    """

    field: str
    value: str
    says: str
    clauses: tuple[Pointer, ...]
    applies_to: tuple[str, ...] = ()
    amount: Amount | None = None
    members: tuple[str, ...] = ()
    when: tuple[Combination, ...] = ()


@dataclass(frozen=True, slots=True)
class FactLine:
    """What of a fact is embedded: what it is about, its value and what it says, all our words.

    Questions are nearer to these than to the words of a clause.
    """

    embedded: str

    @classmethod
    def of(cls, label: str, wording: str, says: str) -> FactLine:
        """The line of a fact by the label of its field, the wording of its value, and itself."""
        return cls(f"{label}: {wording}. {says}")

    @property
    def key(self) -> str:
        """Names the vector of this line: sha256 of the words that are embedded."""
        return hashlib.sha256(self.embedded.encode()).hexdigest()


def _words(most: int, value: str) -> str:
    if len(value.split()) > most or "\n" in value:
        raise ValueError(f"at most {most} words on one line")
    return value


def _sentence(value: str) -> str:
    if len(value) > _LONGEST_SENTENCE or "\n" in value or not value.endswith((".", "?")):
        raise ValueError(
            f"one line of at most {_LONGEST_SENTENCE} characters that ends as a sentence does"
        )
    return value


_Term = Annotated[Text, AfterValidator(lambda value: _words(_LONGEST_TERM, value))]
_Section = Annotated[Text, AfterValidator(lambda value: _words(_LONGEST_SECTION, value))]


class PointerEntry(Entry):
    """A pointer as a file has it."""

    source: Text
    section: _Section
    term: _Term


class AmountEntry(Entry):
    """An amount as a card has it."""

    number: int
    unit: Slug


class FactEntry(Entry):
    """A fact as a card has it."""

    field: Slug
    value: Slug
    says: Annotated[Text, AfterValidator(_sentence)]
    clauses: tuple[PointerEntry, ...] = ()
    applies_to: tuple[Text, ...] = ()
    figure: AmountEntry | None = None
    regions: tuple[Slug, ...] = ()
    subjects: tuple[Slug, ...] = ()
    when: tuple[Text, ...] = ()


def read_facts(
    file: str,
    entries: Sequence[FactEntry],
    fields: Fields,
    sources: Collection[str],
    subjects: Collection[str],
) -> tuple[Fact, ...]:
    """Check the facts of a card.

    Args:
        file: how messages call the card's file.
        entries: the facts as the file has them.
        fields: the closed lists.
        sources: ids of the sources whose clauses may prove a fact of this card.
        subjects: names of plans and models that a fact of this card may apply to.

    Raises:
        CorpusError: the sentence names file, key and what is allowed.
    """
    facts = []
    for place, entry in enumerate(entries):
        at = f"{file}: facts[{place}]"
        field = _field(at, entry.field, fields)
        _check_value(at, entry, field, fields)
        _check_clauses(at, entry, sources)
        _check_amount(at, entry, field)
        for name in entry.applies_to:
            if name not in subjects:
                raise CorpusError(f"{at}.applies_to has {name!r}; {choices(subjects)}")
        facts.append(_fact(entry, _members(at, entry, field, fields), _when(at, entry, fields)))
    _check_twins(file, facts, fields)
    return tuple(facts)


def _fact(entry: FactEntry, members: tuple[str, ...], when: tuple[Combination, ...]) -> Fact:
    return Fact(
        field=entry.field,
        value=entry.value,
        says=entry.says,
        clauses=tuple(Pointer(each.source, each.section, each.term) for each in entry.clauses),
        applies_to=entry.applies_to,
        amount=Amount(entry.figure.number, entry.figure.unit) if entry.figure else None,
        members=members,
        when=when,
    )


def _field(at: str, name: str, fields: Fields) -> Field:
    if name not in fields.fields:
        near = get_close_matches(name, fields.fields, n=3, cutoff=0.5) or list(fields.fields)
        raise CorpusError(
            f"{at}.field is {name!r}, which corpus/vocabulary.yml does not have; {choices(near)}"
        )
    return fields.fields[name]


def _check_value(at: str, entry: FactEntry, field: Field, fields: Fields) -> None:
    if entry.value not in field.values:
        raise CorpusError(f"{at}.value is {entry.value!r}; {choices(field.values)}")
    if not entry.clauses and entry.value not in fields.unsettled:
        raise CorpusError(
            f"{at}.clauses is empty; allowed: at least one clause, or one of the values "
            f"{', '.join(fields.unsettled)}"
        )


def _check_clauses(at: str, entry: FactEntry, sources: Collection[str]) -> None:
    for number, each in enumerate(entry.clauses):
        if each.source not in sources:
            raise CorpusError(
                f"{at}.clauses[{number}].source is {each.source!r}; allowed: a document of the "
                "card, one that it incorporates, an article, a model card or release notes"
            )


def _check_amount(at: str, entry: FactEntry, field: Field) -> None:
    amount = entry.figure
    if amount is None:
        return
    if amount.unit not in field.units:
        raise CorpusError(f"{at}.figure.unit is {amount.unit!r}; {choices(field.units)}")
    written = {each.number for clause in entry.clauses for each in figures(clause.term)}
    if amount.number not in written:
        raise CorpusError(
            f"{at}.figure.number is {amount.number}; allowed: a number that stands in a term of "
            f"its clauses (there: {', '.join(map(str, sorted(written))) or 'none'})"
        )


def _members(at: str, entry: FactEntry, field: Field, fields: Fields) -> tuple[str, ...]:
    for key, lists, named in (
        ("regions", Lists.REGIONS, entry.regions),
        ("subjects", Lists.SUBJECTS, entry.subjects),
    ):
        known = fields.members(lists)
        # Any fact may hold in some regions alone; subjects belong to the field that lists them.
        if named and field.lists is not lists and (field.lists or lists is Lists.SUBJECTS):
            raise CorpusError(f"{at}.{key} is no key for the field {field.id}; leave it out")
        for name in named:
            if name not in known:
                raise CorpusError(f"{at}.{key} has {name!r}; {choices(known)}")
    return entry.regions or entry.subjects


def _when(at: str, entry: FactEntry, fields: Fields) -> tuple[Combination, ...]:
    combinations = []
    for each in entry.when:
        acts = frozenset(re.split(r"\s*\+\s*", each.strip()))
        for name in sorted(acts):
            if name not in fields.acts:
                raise CorpusError(
                    f"{at}.when has {name!r}; {choices(fields.acts)}, several joined by +"
                )
        combinations.append(acts)
    return tuple(combinations)


def _check_twins(file: str, facts: Iterable[Fact], fields: Fields) -> None:
    """One fact a field, but where the field repeats or the facts are about different things."""
    seen: set[tuple[str, tuple[str, ...], tuple[str, ...]]] = set()
    for place, fact in enumerate(facts):
        name = (fact.field, fact.applies_to, fact.members)
        if name in seen and not fields.fields[fact.field].repeats:
            raise CorpusError(
                f"{file}: facts[{place}].field is {fact.field!r} a second time; allowed: one fact "
                "of a field, or one for each of different applies_to"
            )
        seen.add(name)
