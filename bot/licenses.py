"""One licence or set of terms on a page: which documents bind, in which version, and what decides.

Owns looking a card up by what people type, and choosing the clause that speaks best to each
decisive topic. Facts in our own words come with the cards' own issue.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from rapidfuzz import fuzz, process

from bot.citing import Library, Text, clause_name
from bot.declared import card_names
from bot.domain import DecisiveClause, DocumentView, LicenseView, VersionIdentity
from bot.names import Name, NameKind, NameTable, Target
from bot.quoting import quotable, says_something
from bot.topics import Topics
from bot.words import plain, stems
from ingest.archive import Archive
from ingest.cards import Card
from ingest.domain import Source
from ingest.errors import UnknownNameError
from ingest.manifest import Manifest
from ingest.vocabulary import Vocabulary

_MOST_CLAUSES = 10
_MOST_SUGGESTIONS = 5
_NEAR = 70.0  # percent alike, below which a suggestion is no help
_LEAST_WEIGHT = 1.5  # of the phrases of a topic in a span, below which it only grazes the topic


def find_card(name: str, cards: Mapping[str, Card]) -> Card:
    """The one card that ``name`` means: by title, alias, model, family, document or vendor.

    Raises:
        UnknownNameError: no card has that name, or several do; ``suggestions`` are ids of cards.
    """
    mentions = NameTable(chain.from_iterable(_names(each) for each in cards.values())).mentions(
        name
    )
    kinds = [target.kind for each in mentions for target in each.targets]
    found = {target.id for each in mentions for target in each.targets if target.kind is min(kinds)}
    named = [id for id in cards if id in found]
    if len(named) == 1:
        return cards[named[0]]
    if named:
        titles = "; ".join(f"{cards[id].title} ({id})" for id in named)
        raise UnknownNameError(f"“{_shown(name)}” is several: {titles}. Name one.", tuple(named))
    raise _unknown(name, cards)


def describe(
    card: Card, archive: Archive, manifest: Manifest, vocabulary: Vocabulary
) -> LicenseView:
    """What ``card`` stands on: its documents as they are served now, and their decisive clauses.

    A document that was never ingested is listed without a version, and said to be so.

    Raises:
        DatabaseError: the archive cannot be read.
    """
    library = Library(archive, manifest)
    documents = [manifest.sources[id] for id in _bound(card, manifest)]
    views = tuple(_document(each, archive) for each in documents)
    texts = [library.text(each.source, each.version.number) for each in views if each.version]
    return LicenseView(
        card=card.id,
        title=card.title,
        vendor=manifest.vendors[card.vendor].name,
        models=tuple(each.name for each in card.models),
        documents=views,
        clauses=tuple(_decisive(Topics(vocabulary.topics), texts, library)[:_MOST_CLAUSES]),
        notices=tuple(
            f"{each.title} has not been read yet; run `smallprint ingest`."
            for each in views
            if each.version is None
        ),
    )


def _names(card: Card) -> Iterator[Name]:
    """Names of the card, each leading to its id; what is shared by cards ranks behind."""
    for each in card_names(card):
        yield Name(each.text, Target(each.target.kind, card.id), each.versioned)
    for source in card.documents:
        yield Name(source, Target(NameKind.SOURCE, card.id))
    for vendor in {card.vendor, *(model.vendor for model in card.models)}:
        yield Name(vendor, Target(NameKind.VENDOR, card.id))


def _unknown(name: str, cards: Mapping[str, Card]) -> UnknownNameError:
    """Suggest the cards one of whose names looks most like ``name``."""
    spelt = {plain(each.text): id for id, card in cards.items() for each in card_names(card)}
    near = process.extract(
        plain(name)[:100], spelt.keys(), scorer=fuzz.ratio, limit=20, score_cutoff=_NEAR
    )
    ids = tuple(dict.fromkeys(spelt[each[0]] for each in near))[:_MOST_SUGGESTIONS]
    hint = f"did you mean {', '.join(ids)}?" if ids else "`license list` names them all."
    return UnknownNameError(f"No licence or terms called “{_shown(name)}”; {hint}", ids)


def _shown(name: str) -> str:
    """A typed name short enough for one sentence."""
    words = " ".join(name.split())
    return words if len(words) <= 60 else f"{words[:59]}…"


def _bound(card: Card, manifest: Manifest) -> list[str]:
    """Ids of the card's documents and of all that they incorporate."""
    found = list(card.documents)
    for id in found:  # grows while we walk it
        found += [each for each in manifest.sources[id].incorporates if each not in found]
    return found


def _document(source: Source, archive: Archive) -> DocumentView:
    version = archive.current(source.id)
    return DocumentView(
        source=source.id,
        title=source.title,
        kind=source.kind.value,
        version=VersionIdentity.of(version) if version else None,
        url=source.url,
        attribution=source.attribution,
    )


def _decisive(topics: Topics, texts: Sequence[Text], library: Library) -> list[DecisiveClause]:
    """The span that speaks best to each decisive topic; one that serves several is shown once."""
    spans = [each for text in texts for each in _spans(text, topics)]
    rarity = Counter(phrase for each in spans for found in each.topics.values() for phrase in found)
    labels: dict[_Span, list[str]] = {}
    for id, label in topics.decisive().items():
        scored = [
            (_weight(each, id, rarity, len(spans)), each) for each in spans if id in each.topics
        ]
        best = max(scored, key=lambda pair: pair[0], default=None)
        if best is not None and best[0] >= _LEAST_WEIGHT:
            labels.setdefault(best[1], []).append(label)
    return [
        DecisiveClause(
            "; ".join(each), library.cite(span.source, span.version, span.start, span.end)
        )
        for span, each in labels.items()
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Span:
    """Words that may be quoted, the topics that they speak to, and those their title speaks to."""

    source: str
    version: int
    start: int
    end: int
    topics: dict[str, list[str]]
    titled: frozenset[str]


def _spans(text: Text, topics: Topics) -> Iterator[_Span]:
    version = text.version
    for start, end in quotable(text, 0, len(version.text)):
        words = version.text[start:end]
        clause = text.clause_at(start)
        title = clause_name(clause) if clause else ""
        if says_something(words, stems(words)):
            found = topics.written_in(words)
            titled = frozenset(topics.written_in(title))
            yield _Span(version.source, version.number, start, end, found, titled)


def _weight(span: _Span, topic: str, rarity: Counter[str], spans: int) -> float:
    """How well a span speaks to a topic: by rare and long phrases, doubled by a fitting title."""
    said = sum(
        math.log(spans / rarity[phrase]) / math.log(spans + 1) * len(phrase.split())
        for phrase in span.topics[topic]
    )
    return said * (2 if topic in span.titled else 1)
