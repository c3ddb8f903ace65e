"""What is not covered: products, versions and documents that a question names, and what is instead.

Names come resolved in a scope; names that no list has are told here by where they stand. Kinds of
questions that nothing answers are left to ``bot.unfit``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.cues import Phrases, read
from bot.domain import Scope
from bot.topics import Topics
from bot.words import STOP_WORDS, Token, listed, plain, tokens
from ingest.cards import Card
from ingest.domain import Kind, Passage, Source, Vendor
from ingest.manifest import Manifest
from ingest.vocabulary import Paper, Papers

if TYPE_CHECKING:
    from ingest.index import Index
    from ingest.past import PastIndex

_NAMED = 12  # vendors that a refusal names; the others are counted
_READ = 4  # titles that it names
_SHORTEST = 4  # letters of a name that no list has
_HEAD = 2  # words at the start of a question that may name what it is about
_CAPITAL = re.compile(r"(?<=[\w,] )[A-Z][\w-]*")
_BEFORE = listed("with using use by from via through on does do is can may did has under of")
_SIDES = listed("vs versus or and than compared between")
_NOTES = (Kind.RELEASE_NOTES, Kind.ARTICLE)
_STEWARDS = "open"  # the vendor that stands for licences of nobody in particular


def not_covered(scope: Scope) -> str:
    """A sentence that names the products and versions of the scope that are not covered, or ""."""
    missing = [*scope.elsewhere, *scope.unknown]
    if not missing:
        return ""
    verb = "are" if missing[1:] else "is"
    return f"{_capital(_all_of(missing))} {verb} not covered."


class Uncovered:
    """Knows what is covered; safe to share between threads."""

    def __init__(
        self, manifest: Manifest, cards: Mapping[str, Card], topics: Topics, papers: Papers
    ) -> None:
        self._manifest = manifest
        self._topics = topics
        self._cards = cards
        self._papers = [(each, Phrases(each.asked)) for each in papers.kinds]
        self._about = Phrases(papers.about)
        self._notes = Phrases(papers.notes)
        models = Counter(model.vendor for card in cards.values() for model in card.models)
        vendors = sorted(manifest.vendors, key=lambda id: -models[id])
        names = [manifest.vendors[id].name for id in vendors]
        others = f" and {len(names) - _NAMED} others" if len(names) > _NAMED else ""
        self._all = f"Covered are licences and terms of {', '.join(names[:_NAMED])}{others}."
        self._alone = {name for each in manifest.vendors.values() for name in _names(each)}
        self._families = {plain(name) for card in cards.values() for name in card.families}

    def instead(self, scope: Scope) -> str:
        """What is covered, that of the vendor who is named or whose product is, where we can."""
        for id in (*scope.vendors, *self._owners(scope)):
            held = [each for each in self._manifest.sources.values() if each.vendor == id]
            titles = [each.title for each in held if _binds(each)]
            if titles and id != _STEWARDS:
                return f"Covered of {self._manifest.vendors[id].name}: {_shortened(titles)}."
        return self._all

    def names(self, question: str, scope: Scope, index: Index | PastIndex) -> str:
        """Why the names in ``question`` lead nowhere, or ""."""
        if not_covered(scope) and self._is_all_there_is(question, scope):
            return f"{not_covered(scope)} {self.instead(scope)}"
        if scope.sources or not_covered(scope):
            return ""
        strange = self._strange_names(question, index)
        if not strange:
            return ""
        named = " and ".join(f"“{each}”" for each in strange[:_READ])
        return f"No stored document speaks of {named}. {self.instead(scope)}"

    def papers(self, question: str, scope: Scope, passages: Sequence[Passage]) -> str:
        """That the kind of document which ``question`` asks for is not held, or ""."""
        if not scope.sources:
            return ""
        text = read(question, scope.named)
        held = self._held(scope)
        if not any(each.kind not in _NOTES for each in held) and not self._notes.stand_in(text):
            of = self._vendor_of(scope)
            return f"No licence or terms{of} are stored. {self.instead(scope)}"
        if self._about.stand_in(text):
            return ""
        for paper, asked in self._papers:
            if asked.stand_in(read(question)) and not any(_is(each, paper) for each in held):
                referred = self._referred(paper, scope, passages)
                missing = f"{_capital(paper.label)}{self._vendor_of(scope)} is not stored"
                return f"{missing}{referred}. {self.instead(scope)}"
        return ""

    def _owners(self, scope: Scope) -> Iterator[str]:
        """Ids of covered vendors in the names of products that are not covered."""
        words = {each.text for name in scope.elsewhere for each in tokens(plain(name))}
        words |= {each.text for name in scope.unknown for each in tokens(plain(name))}
        for id, vendor in self._manifest.vendors.items():
            if any({each.text for each in tokens(name)} <= words for name in _names(vendor)):
                yield id
        for card in self._cards.values():
            if any({each.text for each in tokens(plain(name))} <= words for name in card.families):
                yield card.vendor

    def _is_all_there_is(self, question: str, scope: Scope) -> bool:
        """Whether nothing that is covered stands beside what is not, but who makes it.

        Of a comparison, the side that is covered is told.
        """
        if not scope.sources:
            return True
        if any(each.text in _SIDES for each in tokens(plain(question))):
            return False
        return all(
            plain(each) in self._alone
            or plain(each) in self._families
            or (bool(scope.unknown) and {*scope.vendors} <= {_STEWARDS})
            for each in scope.named
        )

    def _strange_names(self, question: str, index: Index | PastIndex) -> list[str]:
        """Words at the place of a name that neither a document nor a topic has."""
        found = tokens(plain(question))
        capitals = {plain(each) for each in _CAPITAL.findall(question)}
        head = next((at for at, each in enumerate(found) if at and each.breaks), len(found))
        dash = re.search(r"\s[-–—]\s", question)
        headed = head <= _HEAD or (dash is not None and len(question[: dash.start()].split()) < 4)
        return [
            each.text
            for at, each in enumerate(found)
            if self._is_strange(each, index)
            and (
                (headed and at < _HEAD)
                or each.text in capitals
                or (at > 0 and found[at - 1].text in _BEFORE)
            )
        ]

    def _is_strange(self, token: Token, index: Index | PastIndex) -> bool:
        word = token.text
        return (
            len(word) >= _SHORTEST
            and word.isalpha()
            and word not in STOP_WORDS
            and not index.knows(word)
            and not self._topics.has(word)
        )

    def _held(self, scope: Scope) -> list[Source]:
        """The sources of the scope, and all others of the vendors that are named.

        A vendor that is named alone may lend licences of others; those are not its own documents.
        """
        named = set(map(plain, scope.named))
        alone = {each for each in scope.vendors if _names(self._manifest.vendors[each]) & named}
        if alone:
            return [each for each in self._manifest.sources.values() if each.vendor in alone]
        vendors = {*scope.vendors} - {_STEWARDS}
        return [
            each
            for id, each in self._manifest.sources.items()
            if id in scope.sources or each.vendor in vendors
        ]

    def _vendor_of(self, scope: Scope) -> str:
        names = [self._manifest.vendors[id].name for id in scope.vendors if id != _STEWARDS]
        return f" of {names[0]}" if names else ""

    def _referred(self, paper: Paper, scope: Scope, passages: Sequence[Passage]) -> str:
        """That a stored text names the document, where a passage out of the scope does."""
        asked = Phrases(paper.asked)
        for each in passages:
            if each.chunk.source in scope.sources and asked.stand_in(read(each.chunk.text)):
                title = self._manifest.sources[each.chunk.source].title
                return f"; the {title.removeprefix('The ')} refers to it"
        return ""


def _names(vendor: Vendor) -> set[str]:
    return {plain(each) for each in (vendor.name, *vendor.aliases)}


def _binds(source: Source) -> bool:
    return source.kind not in _NOTES and source.superseded_by is None


def _is(source: Source, paper: Paper) -> bool:
    title = plain(source.title)
    return any(each in title for each in paper.titles)


def _all_of(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _shortened(titles: Iterable[str]) -> str:
    listed = [*titles]
    more = f" and {len(listed) - _READ} more" if len(listed) > _READ else ""
    return f"{'; '.join(listed[:_READ])}{more}"
