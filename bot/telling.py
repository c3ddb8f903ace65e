"""From what survived the check to the answer that people read: text, status, citations, notices.

Renders nothing; the terminal and Slack do that from the :class:`bot.domain.Answer` made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.cards.relevant import Relevant
from bot.citing import Library
from bot.deciding import Decided
from bot.declining import not_covered
from bot.domain import Answer, AnswerStatus, Citation, FactView, Question, Scope
from bot.grounding import Grounded, Span
from bot.quoting import lead
from ingest.cards import Card
from ingest.domain import Passage, Status
from ingest.health import Health
from ingest.manifest import Manifest

MOST_CITATIONS = 4
_MOST_LEADING = 2
_EACH = 2  # citations of one fact
_BAD_NEWS = ("not-permitted", "needs-licence", "licence-above", "barred-above")


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
        facts: Sequence[Relevant],
        kept: Sequence[Grounded],
        decided: Decided,
        passages: Sequence[Passage],
        notices: Sequence[str],
    ) -> Answer:
        """An answer out of facts and checked claims; silent claims are told by a lead sentence.

        The facts that a verdict rests on come first, so that the text never says otherwise.

        Raises:
            DatabaseError: a cited version cannot be read.
        """
        spans = list(dict.fromkeys(span for each in kept for span in each.spans))
        leading: list[Relevant] = []
        if any(not each.text for each in kept):
            spans = list(dict.fromkeys([*_proofs(decided.facts, spans), *spans]))
            leading = _leading(facts, decided.facts, spans)
        marks, citations = self._cited(_in_order(spans, leading))
        if not kept:
            settling = [each for each in facts if each.settles and each not in decided.facts]
            leading = [*decided.facts, *settling][:_MOST_LEADING]
            citations = list(dict.fromkeys(c for each in leading for c in each.fact.citations))
            citations = citations[:MOST_CITATIONS]
        # What no citation has room to prove is not said.
        leading = [each for each in leading if _proving(each.fact, citations)]
        said = self._facts(leading, citations), _said(kept, marks)
        text = " ".join(filter(None, said)) or lead(citations)
        missing = [*scope.elsewhere, *scope.unknown, *self._silent(scope, citations)]
        return Answer(
            question=question.text,
            status=AnswerStatus.PARTIAL if missing else AnswerStatus.ANSWERED,
            verdict=decided.verdict,
            text=text,
            facts=tuple(dict.fromkeys(each.fact for each in (*decided.facts, *facts))),
            citations=tuple(citations),
            passages=tuple(map(self._library.retrieved, passages)),
            notices=(*notices, *_stale(facts), *self._notices(scope, citations)),
            seconds=0.0,
        )

    def spoken(self, kept: Sequence[Grounded]) -> str:
        """The text of an answer out of claims in a chat model's words; more of them only add to it.

        Raises:
            DatabaseError: a cited version cannot be read.
        """
        marks, _ = self._cited(dict.fromkeys(span for each in kept for span in each.spans))
        return _said(kept, marks)

    def _cited(self, spans: Iterable[Span]) -> tuple[dict[Span, int], list[Citation]]:
        """Each span with the number of the citation that holds its words, and the citations."""
        citations: list[Citation] = []
        marks: dict[Span, int] = {}
        for span in spans:
            cited = self._library.cite(span.source, span.version, span.start, span.end)
            if (known := _known(cited, citations)) is None and len(citations) < MOST_CITATIONS:
                citations.append(cited)
                known = len(citations)
            if known is not None:
                marks[span] = known
        return marks, citations

    def _facts(self, leading: Sequence[Relevant], citations: Sequence[Citation]) -> str:
        """What the cards say, in our words, each fact with the numbers of its clauses."""
        several = len({each.card for each in leading}) > 1
        told = []
        for each in leading:
            whose = f"{self._cards[each.card].title}: " if several else ""
            part = [name for name in each.fact.applies_to if name not in each.fact.says]
            about = f"For {', '.join(part)}: " if part else ""
            numbers = _proving(each.fact, citations)[:_EACH]
            marks = "".join(f" [{number}]" for number in numbers)
            told.append(f"{whose}{about}{each.fact.says}{marks}")
        return " ".join(told)

    def _silent(self, scope: Scope, citations: Sequence[Citation]) -> list[str]:
        """Titles of the sides of a comparison out of which nothing is cited."""
        if len(scope.sides) < 2:
            return []
        cited = {each.source for each in citations}
        sides = scope.sides[:MOST_CITATIONS]
        return [self._library.title(side[0]) for side in sides if not cited & set(side)]

    def _notices(self, scope: Scope, citations: Sequence[Citation]) -> Iterator[str]:
        if missing := not_covered(scope):
            yield missing
        for side in scope.sides[MOST_CITATIONS:]:
            title = self._library.title(side[0])
            yield f"{title} was left out: at most {MOST_CITATIONS} are compared at once."
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


def _leading(
    facts: Sequence[Relevant], deciding: Sequence[Relevant], spans: Sequence[Span]
) -> list[Relevant]:
    """The facts that an answer begins with: those that decide, then those whose clauses are quoted.

    Two of one card, bad news first; of several cards what each says on one field, where they do.
    """
    cards = {each.card for each in deciding}
    quoted = {
        id(each): place
        for each in facts
        if each.settles and each not in deciding and (place := _place(each.fact, spans)) is not None
    }
    standing = sorted((each for each in facts if id(each) in quoted), key=lambda e: quoted[id(e)])
    if len(cards | {each.card for each in standing}) < 2:
        others = sorted(standing, key=lambda each: each.fact.value not in _BAD_NEWS)
        return [*deciding, *(others if deciding else _two(standing))][:_MOST_LEADING]
    best = [*deciding, *sorted(standing, key=lambda each: -each.score)][0].fact.field
    of_card: dict[str, Relevant] = {}
    for each in sorted(standing, key=lambda each: each.fact.field != best):
        of_card.setdefault(each.card, each)
    others = [e for e in standing if of_card[e.card] is e and e.card not in cards]
    return [*deciding, *others]


def _two(standing: Sequence[Relevant]) -> list[Relevant]:
    """The first two, bad news before good."""
    return sorted(standing[:_MOST_LEADING], key=lambda each: each.fact.value not in _BAD_NEWS)


def _proofs(deciding: Sequence[Relevant], spans: Sequence[Span]) -> list[Span]:
    """The first clause of each deciding fact into which none of ``spans`` reaches."""
    return [
        Span(cited.source, cited.version.number, cited.start, cited.start + len(cited.quote))
        for each in deciding
        for cited in each.fact.citations[:1]
        if _place(each.fact, spans) is None
    ]


def _in_order(spans: Sequence[Span], leading: Sequence[Relevant]) -> list[Span]:
    """The spans that leading facts point into, then the others."""
    first = (_place(each.fact, spans) for each in leading)
    told = [spans[place] for place in first if place is not None]
    return list(dict.fromkeys([*told, *spans]))


def _place(fact: FactView, spans: Sequence[Span]) -> int | None:
    """The place of the first span into which a fact points."""
    return next(
        (
            place
            for place, span in enumerate(spans)
            for cited in fact.citations
            if cited.source == span.source and span.start <= cited.start < span.end
        ),
        None,
    )


def _stale(facts: Sequence[Relevant]) -> Iterator[str]:
    for each in facts:
        if not each.fact.current:
            fact = each.fact
            yield f"A fact of the card ({fact.label.lower()}) is not relied on: {fact.why}"


def _proving(fact: FactView, citations: Sequence[Citation]) -> list[int]:
    """The numbers of the citations that quote from where a fact's proofs begin."""
    return [
        number
        for number, each in enumerate(citations, 1)
        if any(_quotes(each, proof) for proof in fact.citations)
    ]


def _quotes(cited: Citation, proof: Citation) -> bool:
    """Whether a citation quotes a proof: the same place, or the same words of another version.

    Between the recording of a version and the next index, facts are ahead of passages.
    """
    if cited.source != proof.source:
        return False
    if cited.version != proof.version:
        return cited.quote in proof.quote or proof.quote in cited.quote
    return cited.start <= proof.start < cited.start + len(cited.quote)


def _known(cited: Citation, citations: Sequence[Citation]) -> int | None:
    """The number of a citation that holds these words already."""
    for number, each in enumerate(citations, 1):
        same = (each.source, each.version) == (cited.source, cited.version)
        if same and cited.quote in each.quote:
            return number
    return None


def _said(kept: Sequence[Grounded], number: Mapping[Span, int]) -> str:
    """The claims that have words, each with the numbers of its citations."""
    return " ".join(
        each.text + "".join(f" [{number[span]}]" for span in each.spans if span in number)
        for each in kept
        if each.text and any(span in number for span in each.spans)
    )
