"""Which card somebody means, and what else they typed beside its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from rapidfuzz import fuzz, process

from bot.declared import card_names
from bot.names import Mention, Name, NameKind, NameTable, Target
from bot.words import plain, tokens
from ingest.cards import Card
from ingest.errors import UnknownNameError

_MOST_SUGGESTIONS = 5
_MOST_MODELS = 4
_NEAR = 70.0  # percent alike, below which a suggestion is no help
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A card, and the words that were typed beside its names."""

    card: Card
    rest: str


class CardFinder:
    """Finds cards by what people type; made once per corpus, safe to share between threads."""

    def __init__(self, cards: Mapping[str, Card], elsewhere: Mapping[str, Sequence[str]]) -> None:
        """``elsewhere``: product that is not covered → its names."""
        self._cards = cards
        absent = (
            Name(text, Target(NameKind.ELSEWHERE, product))
            for product, names in elsewhere.items()
            for text in (product, *names)
        )
        names = chain.from_iterable(map(_names, cards.values()))
        self._table = NameTable(chain(names, absent))
        self._spelt = {
            plain(each.text): id for id, card in cards.items() for each in card_names(card)
        }

    def one(self, text: str) -> Found:
        """The card that ``text`` names: by title, alias, model, family, document or vendor.

        Raises:
            UnknownNameError: it names none, or several; ``suggestions`` are ids of cards.
        """
        mentions = self._table.mentions(text)
        ids = self._meant(mentions)
        if not ids:
            raise self._unknown(text, mentions)
        if len(ids) > 1:
            raise self._several(text, mentions, ids)
        return Found(self._cards[ids[0]], _without(plain(text), mentions))

    def each(self, texts: Sequence[str]) -> list[Card]:
        """The cards that are named, in order: one for each text, or several within a single one.

        Raises:
            UnknownNameError: see :meth:`one`.
        """
        if len(texts) > 1:
            return [self.one(text).card for text in texts]
        text = "".join(texts)
        found = []
        for mention in self._table.mentions(text):
            if ids := self._meant([mention]):
                if len(ids) > 1:
                    raise self._several(mention.words, [mention], ids)
                found.append(self._cards[ids[0]])
        return list({each.id: each for each in found}.values()) or [self.one(text).card]

    def _meant(self, mentions: Sequence[Mention]) -> list[str]:
        """Ids of the cards that the most telling kind of name leads to, in the order of ids."""
        targets = [
            target
            for each in mentions
            for target in each.targets
            if target.kind is not NameKind.ELSEWHERE
        ]
        best = min((target.kind for target in targets), default=None)
        named = {target.id for target in targets if target.kind is best}
        return [id for id in self._cards if id in named]

    def _several(
        self, text: str, mentions: Sequence[Mention], ids: Sequence[str]
    ) -> UnknownNameError:
        """Which cards a name may mean, each with the models by which they are told apart."""
        words = [each.words for each in mentions]
        told = "; ".join(
            f"{self._cards[id].title} ({id}){_for(self._cards[id], words)}" for id in ids
        )
        return UnknownNameError(f"“{_shown(text)}” is several: {told}. Name one.", tuple(ids))

    def _unknown(self, name: str, mentions: Iterable[Mention]) -> UnknownNameError:
        """Say that it is not covered, or suggest the cards whose names look most like it."""
        absent = {target.id for each in mentions for target in each.targets}
        if absent:
            listed = ", ".join(sorted(absent))
            return UnknownNameError(f"Not covered: no document on {listed} is followed here.", ())
        near = process.extract(
            plain(name)[:100], self._spelt.keys(), scorer=fuzz.ratio, limit=20, score_cutoff=_NEAR
        )
        ids = tuple(dict.fromkeys(self._spelt[each[0]] for each in near))[:_MOST_SUGGESTIONS]
        hint = f"did you mean {', '.join(ids)}?" if ids else "`license list` names them all."
        return UnknownNameError(f"No licence or terms called “{_shown(name)}”; {hint}", ids)


def parts_named(card: Card, text: str, families: Iterable[str] = ()) -> frozenset[str]:
    """The plans and models of a card that are named, between which its facts may differ.

    Args:
        card: the card.
        text: what was typed; it names a part by its name or one of its aliases.
        families: names such as "gemma", which mean every model whose name holds them.
    """
    words = f" {_spaced(text)} "
    parts = [(each.name, each.aliases) for each in card.plans]
    parts += [(each.name, each.aliases) for each in card.models]
    named = {
        name
        for name, aliases in parts
        if any(f" {_spaced(each)} " in words for each in (name, *aliases))
    }
    meant = [f" {_spaced(each)} " for each in families]
    named |= {
        model.name
        for model in card.models
        if any(each in f" {_spaced(model.name)} " for each in meant)
    }
    return frozenset(named)


def _spaced(text: str) -> str:
    return " ".join(each.text for each in tokens(plain(text)))


def _names(card: Card) -> Iterator[Name]:
    """Names of the card, each leading to its id; what is shared by cards ranks behind."""
    for each in card_names(card):
        yield Name(each.text, Target(each.target.kind, card.id), each.versioned)
    for source in card.documents:
        yield Name(source, Target(NameKind.SOURCE, card.id))
    for vendor in {card.vendor, *(model.vendor for model in card.models)}:
        yield Name(vendor, Target(NameKind.VENDOR, card.id))


def _for(card: Card, words: Iterable[str]) -> str:
    """The models of a card whose names hold what was typed: what splits a family."""
    typed = [plain(each) for each in words]
    names = [each.name for each in card.models if any(word in plain(each.name) for word in typed)]
    more = f" and {len(names) - _MOST_MODELS} more" if len(names) > _MOST_MODELS else ""
    return f" for {', '.join(names[:_MOST_MODELS])}{more}" if names else ""


def _without(folded: str, mentions: Iterable[Mention]) -> str:
    kept, at = "", 0
    for each in mentions:
        kept += f"{folded[at : each.start]} "
        at = each.end
    return (kept + folded[at:]).strip(" ,:;.-\n\t")


def _shown(name: str) -> str:
    """A typed name short enough for one sentence."""
    words = " ".join(name.split())
    return words if len(words) <= _LONGEST_SHOWN else f"{words[: _LONGEST_SHOWN - 1]}…"
