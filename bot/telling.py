"""From what survived the check to the answer that people read: text, status, citations, notices.

Renders nothing; the terminal and Slack do that from the :class:`bot.domain.Answer` made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.citing import Library
from bot.declining import not_covered
from bot.domain import Answer, AnswerStatus, Citation, Question, Scope, Verdict
from bot.grounding import Grounded, Span
from bot.quoting import lead
from ingest.cards import Card
from ingest.domain import Passage, Status
from ingest.health import Health
from ingest.manifest import Manifest

MOST_CITATIONS = 6


class Teller:
    """Puts answers together with what the archive and the declarations say of their sources."""

    def __init__(
        self, health: Health, manifest: Manifest, cards: Mapping[str, Card], library: Library
    ) -> None:
        self._health = health
        self._manifest = manifest
        self._cards = cards
        self._library = library

    def declined(
        self, question: Question, why: str, passages: Sequence[Passage], notices: Sequence[str]
    ) -> Answer:
        """An answer that says ``why`` there is none, and cites nothing."""
        return Answer(
            question=question.text,
            status=AnswerStatus.NOT_FOUND,
            verdict=None,
            text=why,
            facts=(),
            citations=(),
            passages=tuple(map(self._library.retrieved, passages)),
            notices=tuple(notices),
            seconds=0.0,
        )

    def answered(
        self,
        question: Question,
        scope: Scope,
        kept: Sequence[Grounded],
        verdict: Verdict | None,
        passages: Sequence[Passage],
        notices: Sequence[str],
    ) -> Answer:
        """An answer out of checked claims; silent ones are told by the lead sentence alone.

        Raises:
            DatabaseError: a cited version cannot be read.
        """
        spans = _first(MOST_CITATIONS, (span for each in kept for span in each.spans))
        citations = tuple(
            self._library.cite(each.source, each.version, each.start, each.end) for each in spans
        )
        missing = [*scope.elsewhere, *scope.unknown, *self._silent(scope, citations)]
        return Answer(
            question=question.text,
            status=AnswerStatus.PARTIAL if missing else AnswerStatus.ANSWERED,
            verdict=verdict,
            text=_said(kept, spans) or lead(citations),
            facts=(),
            citations=citations,
            passages=tuple(map(self._library.retrieved, passages)),
            notices=(*notices, *self._notices(scope, citations)),
            seconds=0.0,
        )

    def _silent(self, scope: Scope, citations: Sequence[Citation]) -> list[str]:
        """Titles of the sides of a comparison out of which nothing is cited."""
        if len(scope.sides) < 2:
            return []
        cited = {each.source for each in citations}
        return [self._library.title(side[0]) for side in scope.sides if not cited & set(side)]

    def _notices(self, scope: Scope, citations: Sequence[Citation]) -> Iterator[str]:
        if missing := not_covered(scope):
            yield missing
        for title in self._silent(scope, citations):
            yield f"Nothing that decides this was found in the {title}."
        if len(scope.sides) == 1 and len(scope.cards) > 1:
            titles = [self._cards[id].title for id in scope.cards]
            yield (
                f"“{scope.named[0]}” leads to several licences: {'; '.join(titles)}. "
                "Name the version to have only one."
            )
        yield from self._state({each.source for each in citations})

    def _state(self, sources: Iterable[str]) -> Iterator[str]:
        """What is to be known of the documents themselves: replaced, or not checked lately."""
        states = self._health.states()
        for id in sorted(sources):
            title = self._library.title(id)
            declared = self._manifest.sources.get(id)
            if declared is not None and declared.superseded_by is not None:
                yield f"{title} was superseded by {self._library.title(declared.superseded_by)}."
            state = states.get(id)
            if state is not None and state.status is Status.FAILED:
                checked = state.succeeded_at
                since = f"{checked.day} {checked:%B %Y}" if checked else "never since it was read"
                yield f"{title} is served from the archive; last checked with success: {since}."


def _said(kept: Sequence[Grounded], spans: Sequence[Span]) -> str:
    """The claims that have words, each with the numbers of its citations."""
    number = {span: place for place, span in enumerate(spans, 1)}
    return " ".join(
        each.text + "".join(f" [{number[span]}]" for span in each.spans if span in number)
        for each in kept
        if each.text and any(span in number for span in each.spans)
    )


def _first(most: int, spans: Iterable[Span]) -> list[Span]:
    return list(dict.fromkeys(spans))[:most]
