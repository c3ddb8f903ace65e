"""When the documents do not settle a question, and the sentence that says so.

Signals are few and plain: a product that is not covered, a version that nobody declared, a request
that no licence could answer, or nothing near enough among the passages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.cards.relevant import Relevant
from bot.domain import Scope
from bot.topics import Topics
from bot.words import STOP_WORDS, plain, tokens
from ingest.cards import Card
from ingest.domain import Passage
from ingest.errors import EmbedderError
from ingest.manifest import Manifest

if TYPE_CHECKING:
    from ingest.index import Index
    from ingest.past import PastIndex


@dataclass(frozen=True, slots=True)
class Bar:
    """The best cosine among the passages below which nothing was found, for one embedder.

    ``unexplained`` raises it by the share of the question's words that stand in no document and in
    no topic, for they are what the question is about.
    """

    anywhere: float
    in_scope: float
    unexplained: float


BARS = {"all-MiniLM-L6-v2@53aa5117": Bar(anywhere=0.40, in_scope=0.10, unexplained=0.5)}
"""By model and weights of the embedder; found on 88 answerable and 46 other questions.

The best cosine of answerable ones: 0.17 to 0.77 (median 0.48) within their documents, 0.32 to 0.76
(median 0.56) with the name taken out and everything searched. Of others, nobody being named: 0.12
to 0.72 (median 0.36), where the higher ones name products or versions that are not covered.
"""

_NAMED = 12  # vendors that a refusal names; the others are counted
_READ = 4  # titles that it names

_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule)s?\b"
    r"|\bsystem (?:prompt|override|message)\b|\bdeveloper mode\b|\bjailbreak"
    r"|\benvironment variables?\b|\b(?:reveal|print|output|show|give|send|tell)\b.{0,30}"
    r"\b(?:secret|password|credential|(?:slack|bot|app|access|api) (?:token|key))s?\b",
    re.IGNORECASE | re.DOTALL,
)
_OWN_CONTRACT = re.compile(
    r"\b(?:my|our)\b(?: [\w-]{1,20}){0,2} (?:contract|nda|msa|lease|offer letter|employer)\b",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\b(?:ai act|gdpr|dsgvo|ccpa|hipaa|dmca|(?:copyright|patent|tax|labou?r|antitrust) law)\b",
    re.IGNORECASE,
)
_MARKET = re.compile(
    r"\b(?:stocks?|share price|valuation|ipo|pric(?:e|es|ing)|per (?:million|1k|1m) tokens)\b"
    r"|\b(?:how much|what) (?:does|do|is|are|will|would)\b.{0,60}\bcosts?\b",
    re.IGNORECASE | re.DOTALL,
)


def not_covered(scope: Scope) -> str:
    """A sentence that names the products and versions of the scope that are not covered, or ""."""
    missing = [*scope.elsewhere, *scope.unknown]
    if not missing:
        return ""
    listed = " and ".join([", ".join(missing[:-1]), missing[-1]] if missing[1:] else missing)
    verb = "are" if missing[1:] else "is"
    return f"{listed[0].upper()}{listed[1:]} {verb} not covered."


class Decliner:
    """Knows what is covered, and when a question asks for something else."""

    def __init__(self, manifest: Manifest, cards: Mapping[str, Card], topics: Topics) -> None:
        self._manifest = manifest
        self._topics = topics
        models = Counter(model.vendor for card in cards.values() for model in card.models)
        vendors = sorted(manifest.vendors, key=lambda id: -models[id])
        names = [manifest.vendors[id].name for id in vendors]
        others = f" and {len(names) - _NAMED} others" if len(names) > _NAMED else ""
        self._covered = f"Covered are licences and terms of {', '.join(names[:_NAMED])}{others}."

    def reason(
        self,
        question: str,
        scope: Scope,
        passages: Sequence[Passage],
        index: Index | PastIndex,
        embedder: str,
        facts: Sequence[Relevant],
    ) -> str | None:
        """Why there is no answer, in one or two sentences; None where passages may be quoted.

        A fact of a card that speaks to the question settles what no passage is near enough to.

        Raises:
            EmbedderError: no bar was ever measured for the embedder of that name.
        """
        return (
            self._uncovered(scope)
            or self._unfit(question, scope, facts)
            or (
                self.unsettled(scope)
                if self._is_far(scope, passages, index, embedder)
                and not any(each.settles for each in facts)
                else None
            )
        )

    def unsettled(self, scope: Scope) -> str:
        """That the documents of the scope, or all of them, do not settle the question."""
        if not scope.sources:
            return f"The documents do not settle this. {self._covered}"
        titles = [self._manifest.sources[id].title for id in scope.sources]
        more = f" and {len(titles) - _READ} more" if len(titles) > _READ else ""
        read = f"The documents do not settle this. Read were: {'; '.join(titles[:_READ])}{more}."
        return f"{not_covered(scope)} {read}".strip()

    def _uncovered(self, scope: Scope) -> str | None:
        if scope.sources or not not_covered(scope):
            return None
        return f"{not_covered(scope)} {self._covered}"

    def _unfit(self, question: str, scope: Scope, facts: Sequence[Relevant]) -> str | None:
        """A sentence for what no document of ours can answer, whoever is named."""
        if _ORDERS.search(question):
            return f"That is not a question about a licence or terms. {self._covered}"
        if _MARKET.search(question) and not _on_prices(facts):
            return f"Prices and markets are not in licences or terms. {self._covered}"
        if scope.sources:
            return None
        if _OWN_CONTRACT.search(question):
            return (
                f"A contract of your own is not among the documents; ask counsel. {self._covered}"
            )
        if _LAW.search(question):
            return f"Licences and terms are covered here, laws are not. {self._covered}"
        return None

    def _is_far(
        self, scope: Scope, passages: Sequence[Passage], index: Index | PastIndex, embedder: str
    ) -> bool:
        """Whether even the nearest passage is too far from the question."""
        nearest = max((each.similarity for each in passages), default=-1.0)
        if scope.sources and passages and self._topics.asked_in(scope.rest):
            return False
        bar = _bar(embedder)
        least = bar.in_scope if scope.sources else bar.anywhere
        return nearest < least + bar.unexplained * self._unexplained(scope.rest, index)

    def _unexplained(self, rest: str, index: Index | PastIndex) -> float:
        """Share of the telling words that neither a document nor a topic has."""
        words = [
            each.text
            for each in tokens(plain(rest))
            if each.text not in STOP_WORDS and not each.is_number
        ]
        strange = [each for each in words if not index.knows(each) and not self._topics.has(each)]
        return len(strange) / len(words) if words else 0.0


def _on_prices(facts: Sequence[Relevant]) -> bool:
    """Whether the question is on how prices may change, which terms do say."""
    return any(each.fact.field == "price-notice" for each in facts)


def _bar(embedder: str) -> Bar:
    bar = BARS.get(embedder.partition("/")[0])
    if bar is None:
        raise EmbedderError(
            f"No relevance bar was measured for the embedder {embedder}; "
            "use the one that this version ships with."
        )
    return bar
