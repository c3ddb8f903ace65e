"""Cards: what binds a model or a service, and the names by which people ask for it.

A card ties names to sources; the documents themselves are declared in ``corpus/sources``. Its facts
are checked by ``ingest.facts``. Finding the card that a question means is left to ``bot.scope``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.corpus_file import Entry, Slug, Text, choices, comparable, entry_files, read_entry
from ingest.domain import Kind
from ingest.errors import CorpusError
from ingest.facts import Fact, FactEntry, FactLine, read_facts
from ingest.fields import Fields
from ingest.manifest import Manifest
from ingest.parsed import ParsedFiles

_BESIDE = (Kind.ARTICLE, Kind.MODEL_CARD, Kind.RELEASE_NOTES)
"""Kinds of sources that may prove a fact of any card, such as on openness."""


@dataclass(frozen=True, slots=True)
class Model:
    """A named AI model or hosted service. ``vendor`` makes it, whoever wrote its licence."""

    name: str
    aliases: tuple[str, ...]
    vendor: str


@dataclass(frozen=True, slots=True)
class Superseded:
    """An older text of the card's documents and the names under which people still mean it."""

    source: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A tier of a hosted service; ``aliases`` are what people call it beside the card's name."""

    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One licence or set of terms.

    ``documents`` are the sources that bind today, the licence first; of those ``in_part`` only a
    part does, to which facts may point. ``aliases`` mean this card
    alone; ``families`` are bare family names ("llama") that several cards may share. ``plans`` are
    the tiers between which its facts may differ.
    """

    id: str
    title: str
    vendor: str
    kind: Kind
    documents: tuple[str, ...]
    models: tuple[Model, ...]
    aliases: tuple[str, ...]
    families: tuple[str, ...] = ()
    superseded: tuple[Superseded, ...] = ()
    in_part: tuple[str, ...] = ()
    plans: tuple[Plan, ...] = ()
    facts: tuple[Fact, ...] = ()


class _Model(Entry):
    name: Text
    vendor: Text | None = None
    aliases: tuple[Text, ...] = ()


class _Superseded(Entry):
    source: Text
    aliases: tuple[Text, ...] = ()


class _Plan(Entry):
    name: Text
    aliases: tuple[Text, ...] = ()


class _Card(Entry):
    id: Slug
    title: Text
    vendor: Text
    kind: Kind
    documents: tuple[Text, ...]
    aliases: tuple[Text, ...] = ()
    families: tuple[Text, ...] = ()
    models: tuple[_Model, ...] = ()
    superseded: tuple[_Superseded, ...] = ()
    in_part: tuple[Text, ...] = ()
    plans: tuple[_Plan, ...] = ()
    facts: tuple[FactEntry, ...] = ()


def load_cards(
    corpus: Path, manifest: Manifest, fields: Fields, parsed: ParsedFiles | None = None
) -> Mapping[str, Card]:
    """Load every file of ``cards/``, by id, and check it against the manifest, what facts may say,
    and the others.

    Raises:
        CorpusError: something is wrong; the sentence names file, key and what is allowed.
    """
    cards: dict[str, Card] = {}
    for path in entry_files(corpus, "cards"):
        entry = read_entry(corpus, path, _Card, parsed)
        file = f"corpus/cards/{path.name}"
        if entry.id != path.stem:
            raise CorpusError(f"{file}: id is {entry.id!r}; allowed: {path.stem}")
        _check_vendors(file, entry, manifest)
        _check_documents(file, entry, manifest)
        _check_superseded(file, entry, manifest)
        _check_in_part(file, entry, manifest)
        cards[entry.id] = _card(entry, _facts(file, entry, manifest, fields))
    _check_names(cards.values())
    return cards


def fact_lines(cards: Iterable[Card], fields: Fields) -> list[FactLine]:
    """What is embedded of the facts of ``cards``."""
    return [
        FactLine.of(field.label, field.values[fact.value], fact.says)
        for card in cards
        for fact in card.facts
        for field in [fields.fields[fact.field]]
    ]


def bound(documents: Iterable[str], manifest: Manifest) -> list[str]:
    """Ids of documents and of all that they incorporate, each once."""
    found = list(dict.fromkeys(documents))
    for id in found:  # grows while we walk it
        found += [each for each in manifest.sources[id].incorporates if each not in found]
    return found


def _facts(file: str, entry: _Card, manifest: Manifest, fields: Fields) -> tuple[Fact, ...]:
    beside = [id for id, each in manifest.sources.items() if each.kind in _BESIDE]
    sources = {*bound(entry.documents, manifest), *entry.in_part, *beside}
    named = [*(plan.name for plan in entry.plans), *(model.name for model in entry.models)]
    return read_facts(file, entry.facts, fields, sources, named)


def _card(entry: _Card, facts: tuple[Fact, ...]) -> Card:
    return Card(
        id=entry.id,
        title=entry.title,
        vendor=entry.vendor,
        kind=entry.kind,
        documents=entry.documents,
        models=tuple(Model(m.name, m.aliases, m.vendor or entry.vendor) for m in entry.models),
        aliases=entry.aliases,
        families=entry.families,
        superseded=tuple(Superseded(each.source, each.aliases) for each in entry.superseded),
        in_part=entry.in_part,
        plans=tuple(Plan(each.name, each.aliases) for each in entry.plans),
        facts=facts,
    )


def _check_vendors(file: str, entry: _Card, manifest: Manifest) -> None:
    named = [("vendor", entry.vendor)]
    named += [(f"models[{i}].vendor", m.vendor) for i, m in enumerate(entry.models) if m.vendor]
    for key, vendor in named:
        if vendor not in manifest.vendors:
            raise CorpusError(f"{file}: {key} is {vendor!r}; {choices(manifest.vendors)}")


def _check_documents(file: str, entry: _Card, manifest: Manifest) -> None:
    if not entry.documents:
        raise CorpusError(f"{file}: documents is empty; allowed: ids of sources, the licence first")
    for place, source in enumerate(entry.documents):
        at = f"{file}: documents[{place}]"
        if source not in manifest.sources:
            raise CorpusError(f"{at} is {source!r}; allowed: the id of a source in corpus/sources")
        successor = manifest.sources[source].superseded_by
        if successor is not None:
            raise CorpusError(f"{at} is {source!r}, which was superseded; allowed: {successor}")


def _check_in_part(file: str, entry: _Card, manifest: Manifest) -> None:
    for place, source in enumerate(entry.in_part):
        if source not in manifest.sources or source in bound(entry.documents, manifest):
            raise CorpusError(
                f"{file}: in_part[{place}] is {source!r}; allowed: the id of a source in "
                "corpus/sources that is no document of the card"
            )


def _check_superseded(file: str, entry: _Card, manifest: Manifest) -> None:
    for place, each in enumerate(entry.superseded):
        at = f"{file}: superseded[{place}].source is {each.source!r}"
        if not set(_successors(each.source, manifest)) & set(entry.documents):
            raise CorpusError(f"{at}; allowed: a source that one of the documents supersedes")


def _successors(source: str, manifest: Manifest) -> Iterator[str]:
    known = manifest.sources.get(source)
    while known is not None and known.superseded_by is not None:
        yield known.superseded_by
        known = manifest.sources[known.superseded_by]


def _check_names(cards: Iterable[Card]) -> None:
    """A name means one card, and within it one model; a family may be shared but is no alias."""
    owners: dict[str, tuple[str, str]] = {}
    families: dict[str, str] = {}
    for card in cards:
        for name, key, owner in _names(card):
            other = owners.setdefault(comparable(name), (card.id, owner))
            if other[0] != card.id or (owner and other[1] and owner != other[1]):
                raise CorpusError(
                    f"corpus/cards/{card.id}.yml: {key} claims {name!r}, which "
                    f"corpus/cards/{other[0]}.yml has; allowed: a name of one card and one model, "
                    "or a name under families of each"
                )
        families |= {comparable(name): card.id for name in card.families}
    for name, family_card in families.items():
        if name in owners:
            raise CorpusError(
                f"corpus/cards/{family_card}.yml: families has {name!r}, which is an alias in "
                f"corpus/cards/{owners[name][0]}.yml; allowed: a name that is no alias"
            )


def _names(card: Card) -> Iterator[tuple[str, str, str]]:
    """Every name that leads to the card: ``(name, key in the file, what it names)``."""
    for name in (card.id, card.title, *card.aliases):
        yield name, "aliases", ""
    for place, model in enumerate(card.models):
        for name in (model.name, *model.aliases):
            yield name, f"models[{place}]", model.name
    for place, old in enumerate(card.superseded):
        for name in old.aliases:
            yield name, f"superseded[{place}]", old.source
