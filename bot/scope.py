"""Who and what a question is about: from the names in it to the documents that bind.

Built once from cards, sources, vendors and the products we do not cover; searches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.asof import AsOf, as_of_in
from bot.dating import Month, date_of, dates_in
from bot.declared import declared_names
from bot.domain import Scope
from bot.names import Mention, NameKind, NameTable, Target
from bot.sides import Side, distinct, most_telling, said_of
from bot.words import plain, tokens
from ingest.cards import Card, bound
from ingest.domain import Kind
from ingest.manifest import Manifest
from ingest.vocabulary import Vocabulary

_DOCUMENT = re.compile(r"\b(?:licen[cs]es?|terms|agreement|policy)\b")


class ScopeFinder:
    """Finds the scope of questions; made once per corpus, safe to share between threads."""

    def __init__(
        self, cards: Mapping[str, Card], manifest: Manifest, vocabulary: Vocabulary
    ) -> None:
        self._cards = cards
        self._manifest = manifest
        names = list(declared_names(cards, manifest, vocabulary))
        self._names = NameTable(names)
        targets = {each.target for each in names}
        self._cards_of = {each: self._led_to(each) for each in targets}
        self._sources_of = {each: self._bound_by(each) for each in targets}
        self._beside = {id: self._standing_beside(card) for id, card in cards.items()}
        self._lineages = {id: self._lineage(id) for id in manifest.sources}

    def find(self, text: str, today: date, as_of: date | None = None) -> Scope:
        """Resolve every name in ``text``; an empty scope where nobody is named.

        Names that only say more about another one fall away: "Meta" beside "Llama 4". Superseded
        documents are in scope when they are named themselves, when a date in ``text`` is theirs, or
        when they were the newest on the day that is asked about.

        Args:
            today: the day on which ``text`` was typed.
            as_of: the day to answer for, where it was said beside the text; else ``text`` may name
                it.
        """
        folded = plain(text)
        day = AsOf(as_of, as_of) if as_of else as_of_in(folded, today)
        mentions = self._names.mentions(text)
        elsewhere = [each for each in mentions if _is_elsewhere(each)]
        told = said_of(
            folded, [(each, side) for each in mentions if (side := self._side(each)) is not None]
        )
        named = most_telling(
            distinct(side for _, side in told),
            {each.text for one in elsewhere for each in tokens(plain(_product(one)))},
        )
        asked = dates_in(folded)
        sides = [dated for side in named for dated in self._as_dated(side, asked, day)]
        meant = {side.sources for side in named}
        sources = _unique(id for side in sides for id in side.sources)
        cards = _unique(id for side in sides for id in side.cards)
        return Scope(
            sources=sources,
            cards=cards,
            beside=_unique(
                source for id in cards for source in self._beside[id] if source not in sources
            ),
            vendors=_unique(id for side in sides for id in side.vendors),
            named=_unique(side.words for side in sides),
            sides=tuple(side.sources for side in sides),
            elsewhere=_unique(map(_product, elsewhere)),
            unknown=_unique(each.words for each in mentions if not each.targets),
            as_of=day,
            rest=_without(
                folded,
                [each for each, side in told if side.sources in meant],
                [*asked, *([day] if day else [])],
            ),
        )

    def mentions(self, text: str) -> list[Mention]:
        """Every name in ``text``, in order; offsets count characters of ``plain(text)``."""
        return self._names.mentions(text)

    def _side(self, mention: Mention) -> Side | None:
        targets = _most_telling_targets(mention)
        if not targets or targets[0].kind is NameKind.ELSEWHERE:
            return None
        sources = _unique(id for target in targets for id in self._sources_of[target])
        makers = [target.maker for target in targets if target.maker]
        named = [target.id for target in targets if target.kind is NameKind.VENDOR]
        writers = [self._manifest.sources[id].vendor for id in sources]
        return Side(
            kind=targets[0].kind,
            words=mention.words,
            cards=_unique(id for target in targets for id in self._cards_of[target]),
            sources=sources,
            vendors=_unique([*makers, *named, *writers]),
        )

    def _led_to(self, target: Target) -> tuple[str, ...]:
        """Ids of the target's cards, a family's own before those it shares with others.

        Licences that a vendor only uses for some models are its cards where it has none of its own.
        """
        cards = [each for each in self._cards.values() if _leads_to(target, each)]
        if target.kind is NameKind.VENDOR:
            cards = [each for each in cards if each.vendor == target.id] or cards
        return tuple(each.id for each in sorted(cards, key=lambda card: _is_shared(target, card)))

    def _bound_by(self, target: Target) -> tuple[str, ...]:
        """The documents that bind for one target, licences before what they incorporate."""
        sources = self._manifest.sources
        if target.kind is NameKind.SOURCE:
            return tuple(bound([target.id], self._manifest))
        documents = [id for card in self._cards_of[target] for id in self._cards[card].documents]
        if target.kind is NameKind.VENDOR:
            own = [
                id
                for id, each in sources.items()
                if each.vendor == target.id and each.superseded_by is None
            ]
            documents = own + documents
        return tuple(bound(documents, self._manifest))

    def _standing_beside(self, card: Card) -> tuple[str, ...]:
        """Documents that do not bind for ``card`` and may still say what is asked.

        What its facts point at, such as a model card; beside terms also the vendor's use policies
        that are no part of a licence, such as how to report what one found.
        """
        pointed = [each.source for fact in card.facts for each in fact.clauses]
        if card.kind is Kind.LICENCE:
            return _unique(pointed)
        licensed = {
            id
            for each in self._cards.values()
            if each.kind is Kind.LICENCE
            for id in bound(each.documents, self._manifest)
        }
        policies = [
            id
            for id, each in self._manifest.sources.items()
            if each.vendor == card.vendor and each.kind is Kind.USE_POLICY and id not in licensed
        ]
        return _unique([*pointed, *policies])

    def _as_dated(self, side: Side, asked: Sequence[Month], day: AsOf | None) -> list[Side]:
        """Split ``side`` into the versions of its documents that the question's dates pick."""
        pool = self._pool(side)
        replaced = {old for id in pool for old in self._lineages[id]}
        rest = [id for id in side.sources if id not in replaced]
        if side.kind in (NameKind.VENDOR, NameKind.FAMILY):
            rest = []
        dated = []
        for month in asked:
            picked = [
                id
                for id in pool
                if (own := date_of(self._manifest.sources[id])) is not None and month.meets(own)
            ]
            if picked:
                dated.append(replace(side, sources=tuple(bound([*picked, *rest], self._manifest))))
        if not dated and day is not None:
            return [
                replace(side, sources=_unique(self._newest(id, day.day) for id in side.sources))
            ]
        return distinct(dated) or [side]

    def _newest(self, id: str, day: date) -> str:
        """The document of the lineage of ``id`` that was the newest on ``day``."""
        months = {each: date_of(self._manifest.sources[each]) for each in self._lineages[id]}
        until = [
            (month.year, month.month, each)
            for each, month in months.items()
            if month is not None and (month.year, month.month) <= (day.year, day.month)
        ]
        own = months[id]
        if own is None or (own.year, own.month) <= (day.year, day.month):
            return id
        return max(until)[2] if until else id

    def _pool(self, side: Side) -> list[str]:
        """Documents among which a date may choose: a vendor's all, else whatever has versions."""
        sources = self._manifest.sources
        if side.kind is NameKind.VENDOR:
            return [id for id, each in sources.items() if each.vendor in side.vendors]
        lineages = [self._lineages[id] for id in side.sources]
        several = {id for lineage in lineages for id in lineage if len(lineage) > 1}
        if side.kind is NameKind.FAMILY:
            several |= set(side.sources)
        return [id for id in sources if id in several]

    def _lineage(self, id: str) -> set[str]:
        """``id`` and the documents that it replaced, directly or through another."""
        found = {id}
        while True:
            older = {
                each.id
                for each in self._manifest.sources.values()
                if each.superseded_by in found and each.id not in found
            }
            if not older:
                return found
            found |= older


def _is_shared(target: Target, card: Card) -> bool:
    """Whether the card is not the family's own: its title does not name the family."""
    return target.kind is NameKind.FAMILY and target.id not in plain(card.title)


def _leads_to(target: Target, card: Card) -> bool:
    match target.kind:
        case NameKind.CARD:
            return target.id == card.id
        case NameKind.SOURCE:
            older = [each.source for each in card.superseded]
            return target.id in card.documents or target.id in older
        case NameKind.FAMILY:
            return target.id in map(plain, card.families)
        case NameKind.VENDOR:
            return target.id == card.vendor or target.id in {m.vendor for m in card.models}
        case NameKind.ELSEWHERE:
            return False


def _without(folded: str, mentions: Iterable[Mention], dates: Iterable[Month | AsOf]) -> str:
    """A folded text without the names and dates in it; "licence" stays where it ends a name."""
    left, end = [], 0
    spans = [(each.start, each.end) for each in mentions]
    spans += [(each.start, each.end) for each in dates]
    for start, stop in sorted(spans):
        left.append(folded[end:start])
        left += _DOCUMENT.findall(folded, start, stop)[-1:]
        end = max(end, stop)
    return " ".join(" ".join([*left, folded[end:]]).split())


def _most_telling_targets(mention: Mention) -> list[Target]:
    """Targets of the most exact kind; a family and a vendor of one name count together."""
    ranked = sorted(mention.targets)
    loose = {NameKind.FAMILY, NameKind.VENDOR}
    return [
        each
        for each in ranked
        if each.kind is ranked[0].kind or {each.kind, ranked[0].kind} == loose
    ]


def _is_elsewhere(mention: Mention) -> bool:
    return any(each.kind is NameKind.ELSEWHERE for each in _most_telling_targets(mention))


def _product(mention: Mention) -> str:
    """The product that is not covered, with the words that named it where they differ."""
    product = _most_telling_targets(mention)[0].id
    return product if plain(product) == mention.words else f"“{mention.words}” ({product})"


def _unique(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
