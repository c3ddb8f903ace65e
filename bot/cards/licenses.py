"""What ``license`` does: one call from what was typed to what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.cards.checking import Told, check, obligations
from bot.cards.comparing import compare
from bot.cards.describing import Describer
from bot.cards.facts import Facts
from bot.cards.history import history
from bot.cards.lookup import CardFinder
from bot.cards.requests import Form, Request, parse
from bot.cards.uses import NOTHING, Use, UseReader, decoded, joined
from bot.cards.views import (
    CardList,
    CardRow,
    CardView,
    Check,
    Comparison,
    Help,
    History,
    Obligations,
    Shown,
)
from bot.citing import Library
from bot.declared import card_names
from bot.words import plain, tokens
from ingest.archive import Archive
from ingest.cards import Card
from ingest.errors import QuestionError
from ingest.manifest import Manifest
from ingest.prover import Prover, stale
from ingest.serving import Serving
from ingest.vocabulary import Vocabulary

_NAMELESS = "Name a licence, a model or a vendor's terms, such as “{} llama-4”."


class Licenses:
    """Answers ``license`` from the archive; one per process, safe to share between threads."""

    def __init__(
        self,
        archive: Archive,
        manifest: Manifest,
        serving: Serving,
        cards: Mapping[str, Card],
        vocabulary: Vocabulary,
        prover: Prover,
    ) -> None:
        self._archive = archive
        self._manifest = manifest
        self._cards = cards
        self._prover = prover
        self.fields = vocabulary.facts
        self._library = Library(archive, manifest)
        self._facts = Facts(prover, self._library, self.fields)
        self._finder = CardFinder(cards, vocabulary.elsewhere)
        self._describer = Describer(
            archive, manifest, serving, vocabulary, self._library, self._facts
        )
        self._reader = UseReader(self.fields)

    def answer(self, typed: str) -> Shown:
        """What is shown for the words behind ``license``.

        Raises:
            UnknownNameError: a name leads to no card, or to several; it carries suggestions.
            QuestionError: the request cannot be met; the sentence says what to type.
            DatabaseError: the archive cannot be read.
        """
        return self.meet(parse(typed))

    def meet(self, request: Request) -> Shown:
        """What is shown for a request. Raises as :meth:`answer`."""
        match request.form:
            case Form.HELP:
                return Help()
            case Form.LIST:
                return self.listed()
            case Form.COMPARE:
                return self.compare(request)
            case Form.CHECK:
                return self.check(*self._named_use(request))
            case Form.OBLIGATIONS:
                return self.obligations(self._one(request))
            case Form.HISTORY:
                return self.history(self._one(request))
            case Form.SHOW:
                return self._shown(request)

    def card(self, card: str, wanted: str = "", as_of: date | None = None) -> CardView:
        """The card of that id; ``wanted`` is a section or topic. Raises as :meth:`answer`."""
        return self._describer.card(self._known(card), wanted, as_of)

    def compare(self, request: Request) -> Comparison:
        """Cards side by side. Raises as :meth:`answer`."""
        _check_named(request)
        cards = self._finder.each(request.names)
        view = compare([self._describer.card(each) for each in cards], self.fields)
        return replace(view, start=request.start)

    def check(self, card: str, use: Use) -> Check:
        """A use held against a card. Raises as :meth:`answer`."""
        known = self._known(card)
        weighed = check(known, self._told(known), use, self.fields)
        return replace(weighed, ignored=tuple(_unnamed(weighed.ignored, known)))

    def read_use(self, text: str, chosen: Use = NOTHING) -> Use:
        """A use in people's words, together with what was chosen in a form.

        What a :class:`Check` carries as its use is read as well.
        """
        try:
            return joined(chosen, decoded(text, self.fields))
        except ValueError:
            return joined(chosen, self._reader.read(text))

    def to_be_asked(self, typed: str) -> str | None:
        """The card of a request to check a use that names no use; None for every other request."""
        try:
            request = parse(typed)
            if request.form is not Form.CHECK or request.use or not request.names:
                return None
            found = self._finder.one(request.name)
        except QuestionError:
            return None
        return None if found.rest else found.card.id

    def title(self, card: str) -> str:
        """The title of a card. Raises as :meth:`answer`."""
        return self._known(card).title

    def plans(self, card: str) -> list[str]:
        """The plans between which the facts of a card may differ. Raises as :meth:`answer`."""
        return [each.name for each in self._known(card).plans]

    def obligations(self, card: str) -> Obligations:
        """The duties of a card. Raises as :meth:`answer`."""
        known = self._known(card)
        return obligations(known, self._told(known), self.fields)

    def history(self, card: str) -> History:
        """The versions of a card's documents. Raises as :meth:`answer`."""
        return history(self._known(card), self._archive, self._manifest, self._library)

    def listed(self) -> CardList:
        """Every card with its number of facts, and how many of those are stale."""
        rows = [
            CardRow(
                card=each.id,
                title=each.title,
                vendor=each.vendor,
                kind=each.kind.value,
                facts=len(each.facts),
                stale=stale(self._prover.proven(each)) if each.facts else 0,
            )
            for each in self._cards.values()
        ]
        return CardList(tuple(rows))

    def _shown(self, request: Request) -> CardView:
        found = self._finder.one(request.name)
        view = self._describer.card(found.card, found.rest, request.as_of)
        return replace(view, facts=view.facts[request.start :], start=request.start)

    def _one(self, request: Request) -> str:
        _check_named(request)
        return self._finder.one(request.name).card.id

    def _named_use(self, request: Request) -> tuple[str, Use]:
        _check_named(request)
        found = self._finder.one(request.name)
        said = request.use or found.rest
        if not said:
            raise QuestionError(
                f"Say what you want to do with {found.card.title}: "
                f'check {found.card.id} --use "fine-tune it, sell it in the EU, 2M users".'
            )
        use = self.read_use(said)
        return found.card.id, replace(use, named=f"{request.name}\n{use.named}")

    def _known(self, card: str) -> Card:
        if card not in self._cards:
            return self._finder.one(card).card
        return self._cards[card]

    def _told(self, card: Card) -> list[Told]:
        order = list(self.fields.fields)
        proven = sorted(self._prover.proven(card), key=lambda each: order.index(each.fact.field))
        return [Told(each.fact, self._facts.view(each)) for each in proven]


def _unnamed(ignored: Sequence[str], card: Card) -> Iterator[str]:
    """What was not understood, without the words by which people call the card itself."""
    names = {word.text for name in card_names(card) for word in tokens(plain(name.text))}
    for part in ignored:
        if any(each.text not in names for each in tokens(plain(part))):
            yield part


def _check_named(request: Request) -> None:
    if not request.names:
        raise QuestionError(_NAMELESS.format(request.form.value))
