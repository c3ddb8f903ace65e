"""The word that answers a question, and the facts that carry it: yes, no, it depends, or unclear.

Rules only: how the question is asked (``bot.frames``), what the values of fields answer to that
(``corpus/vocabulary.yml``), and figures (``bot.weighing``). A fact has the say or nobody has: where
none answers what is asked, the word is "unclear". Which facts speak to a question at all is left to
``bot.cards.relevant``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.cards.relevant import Relevant
from bot.cards.uses import COUNTED, Use, UseReader, labels
from bot.deciding import Decided, Said, decided
from bot.domain import Scope, Verdict
from bot.frames import ELLIPTIC, Frame, frame
from bot.topics import Topics
from bot.weighing import Question, weighed
from bot.words import plain
from ingest.answers import Asked, Word
from ingest.cards import Card
from ingest.domain import Vendor
from ingest.facts import Fact
from ingest.fields import Fields

_CAREFUL = (Asked.MAY, Asked.LICENCE)
"""What facts may answer only where an act, a place, a subject or a topic ties them to it."""
_LIMITS = (Word.NO, Word.CONDITIONAL)
_BANS = ("not-permitted",)
_NARROWER = frozenset({"research", "use-internally"})
_ONLY = re.compile(r"\bonly\b")
_NEAR = 0.8  # share of the best score of a card from which a fact may answer without such a tie
_STRONG = 12.0  # score from which the nearest fact of a card needs no such tie
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked, and about what: fields that decide what is done, topics, labels of members."""

    frame: Frame
    use: Use
    fields: frozenset[str]
    topics: frozenset[str]
    members: frozenset[str]
    homes: frozenset[str]
    words: frozenset[str]


class Judge:
    """Finds verdicts; safe to share between threads."""

    def __init__(
        self,
        fields: Fields,
        cards: Mapping[str, Card],
        vendors: Iterable[Vendor],
        topics: Topics,
    ) -> None:
        self._fields = fields
        self._cards = cards
        self._topics = topics
        self._reader = UseReader(fields)
        names = {plain(name) for each in vendors for name in (each.name, *each.aliases, each.id)}
        self._vendors = frozenset(names | {f"{name}s" for name in names})

    def verdict(self, question: str, scope: Scope, facts: Sequence[Relevant]) -> Decided:
        """The word that answers ``question``.

        Args:
            question: as it was typed.
            scope: who is asked; of several sides all must say the same.
            facts: those that speak to the question, best first.
        """
        how = frame(question, self._vendors)
        if how is None or (len(scope.sides) > 1 and how.readings == ELLIPTIC):
            return Decided(None)
        asked = self._asked(how, question, scope.rest or question)
        settled = [each for each in facts if each.settles]
        said = [
            each
            for fact in settled
            if (each := self._said(fact, asked, settled)) and self._is_about(each, asked, settled)
        ]
        said = self._specific(said, asked) or said
        compared = len(scope.sides) > 1
        if all(each.asked is Asked.SO for each in said) and _ONLY.search(how.text):
            said = []  # whether it is nothing but that, no value says
        if not said:
            return Decided(None if compared else Verdict.UNCLEAR)
        found = decided(said, asked.fields, asked.words, compared=compared)
        if compared and not _speak_for_all(found.facts, scope):
            return Decided(None)
        limited = any(self._is_limited(each, said, asked.use) for each in said)
        if found.verdict is Verdict.YES and limited:
            return Decided(Verdict.CONDITIONAL, found.facts)
        return found

    def _asked(self, how: Frame, question: str, rest: str) -> _Asked:
        use = self._reader.read(rest)
        acts = use.acts | use.denied
        deciding = frozenset(id for act in acts for id in self._fields.acts[act].decided_by)
        topics = {*self._topics.asked_in(rest)}
        done = {topic for id in deciding for topic in self._fields.fields[id].topics}
        homes, places = self._around(use.home), self._around(use.home | use.market)
        return _Asked(
            how,
            use,
            deciding,
            frozenset(topics - done),
            places | frozenset(labels(use.subjects, self._fields.subjects)),
            homes,
            frozenset(_WORDS.findall(plain(question))),
        )

    def _around(self, places: frozenset[str]) -> frozenset[str]:
        """The labels of regions and of those that they lie in."""
        regions = {id for each in places for id in (each, *self._fields.regions[each].within)}
        return frozenset(labels(regions, self._fields.regions))

    def _said(self, found: Relevant, asked: _Asked, settled: Sequence[Relevant]) -> Said | None:
        """What a fact answers, by the first reading of the question that its field knows."""
        field = self._fields.fields[found.fact.field]
        for reading in asked.frame.readings:
            word = field.answers.get(reading.asked, {}).get(found.fact.value)
            if word is not None:
                turned = reading.turned != _has(field.turned, asked.frame.text)
                fact = self._declared(found)
                early = any(each.fact.value == "before-release" for each in settled)
                question = Question(asked.frame.text, asked.use, reading.asked, early)
                word = weighed(word, fact, question) if fact else word
                return Said(found, word, reading.asked, turned)
        return None

    def _is_about(self, said: Said, asked: _Asked, settled: Sequence[Relevant]) -> bool:
        """Whether a fact is about what is asked, and not merely put in like words."""
        found, fact = said.fact, said.fact.fact
        field = self._fields.fields[fact.field]
        if field.worded and not _has(field.worded, asked.frame.text):
            return False
        if field.id == "home-region" and (asked.use.market or asked.use.home):
            # Where it is offered is not where the company sits.
            return bool(set(fact.about) & asked.homes)
        if field.id == "commercial-use" and asked.use.acts & _NARROWER:
            return False  # "for-profit" says who asks; what is to be done is narrower
        if set(fact.about) & asked.members or field.id in asked.fields:
            return True
        if getattr(asked.use, COUNTED.get(field.id, ""), None) is not None:
            return True
        if field.lists is not None:
            return fact.value in _BANS and not asked.use.subjects
        topics = field.topics[:1] if asked.fields else field.topics
        if {*topics} & asked.topics:
            return True
        # What a card leaves open is no rival of what it says.
        stated = [each for each in settled if each.fact.value not in self._fields.unsettled]
        best = max((e.score for e in stated if e.card == found.card), default=found.score)
        near = found.score >= _NEAR * best
        return near and (said.asked not in _CAREFUL or found.score >= max(_STRONG, best))

    def _specific(self, said: Sequence[Said], asked: _Asked) -> list[Said]:
        """What facts on the very topic say, and bans of what is done; no mere grant of that.

        That one may change a model does not answer what it may be called.
        """
        on_topic = [
            each for each in said if {*self._fields.fields[each.field].topics[:1]} & asked.topics
        ]
        banned = [e for e in said if e.word is Word.NO and e not in on_topic]
        return [*on_topic, *banned] if on_topic else []

    def _is_limited(self, said: Said, every: Sequence[Said], use: Use) -> bool:
        """Whether the card limits something else that is to be done, in a fact that was not found.

        No "yes" to changing a model and selling it may rest on the fact on changes alone.
        """
        if said.asked is not Asked.MAY or said.turned or said.field in COUNTED:
            return False
        known = {each.field for each in every if each.fact.card == said.fact.card}
        values: dict[str, set[str]] = {}
        for each in self._cards[said.fact.card].facts:
            values.setdefault(each.field, set()).add(each.value)
        deciding = [
            next((id for id in self._fields.acts[act].decided_by if id in values), "")
            for act in use.acts
        ]
        return any(
            self._fields.fields[id].answers.get(Asked.MAY, {}).get(value) in _LIMITS
            for id in {*deciding} - known - {""}
            for value in values[id]
        )

    def _declared(self, found: Relevant) -> Fact | None:
        """The fact of the card behind what people see of it."""
        shown = found.fact
        for each in self._cards[found.card].facts:
            if (each.field, each.value, each.says) == (shown.field, shown.value, shown.says):
                return each
        return None


def _speak_for_all(facts: Sequence[Relevant], scope: Scope) -> bool:
    """Whether some fact is proven out of each side of a comparison."""
    sources = {cited.source for each in facts for cited in each.fact.citations}
    return all(sources & {*side} for side in scope.sides)


def _has(phrases: Iterable[str], text: str) -> bool:
    spaced = f" {' '.join(_WORDS.findall(text))} "
    return any(f" {each} " in spaced for each in phrases)
