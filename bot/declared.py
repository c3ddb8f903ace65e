"""Every name that ``corpus/`` declares, and what each of them leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.names import Name, NameKind, Target
from bot.words import plain, tokens
from ingest.cards import Card
from ingest.domain import Kind
from ingest.manifest import Manifest
from ingest.vocabulary import Vocabulary


def declared_names(
    cards: Mapping[str, Card], manifest: Manifest, vocabulary: Vocabulary
) -> Iterator[Name]:
    """Names of cards, models, families, documents, vendors, and of products not covered."""
    for card in cards.values():
        yield from card_names(card)
    for source in manifest.sources.values():
        # A key of one word is the name of a package, which is often its vendor's.
        keys = [source.key] if len(tokens(plain(source.key))) > 1 else []
        for text in (source.id, *keys, source.title):
            yield Name(text, Target(NameKind.SOURCE, source.id))
    for vendor in manifest.vendors.values():
        for text in (vendor.name, *vendor.aliases):
            yield Name(text, Target(NameKind.VENDOR, vendor.id))
    for product, names in vocabulary.elsewhere.items():
        for text in (product, *names):
            yield Name(text, Target(NameKind.ELSEWHERE, product))


def card_names(card: Card) -> Iterator[Name]:
    """Every name that a card declares. Another version number of a licence is another licence."""
    target = Target(NameKind.CARD, card.id)
    versioned = card.kind is Kind.LICENCE
    for text in (card.id, card.title, *card.aliases):
        yield Name(text, target, versioned)
    for model in card.models:
        for text in (model.name, *model.aliases):
            yield Name(text, Target(NameKind.CARD, card.id, model.vendor), versioned)
    for family in card.families:
        yield Name(family, Target(NameKind.FAMILY, plain(family)))
    for old in card.superseded:
        for text in old.aliases:
            yield Name(text, Target(NameKind.SOURCE, old.source))
