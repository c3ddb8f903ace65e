"""From a question to a checked answer: retrieve, let the chat model speak, else quote, and tell.

Owns the order of these steps and what happens where one of them comes to nothing. What retrieval,
chatting, quoting, grounding and declining mean is left to the modules of those names.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from bot.calibration import Calibrations
from bot.cards.facts import Facts
from bot.cards.relevant import FactFinder
from bot.chatting import PATIENCE, Chat, Reply
from bot.citing import Library
from bot.deciding import Decided
from bot.declining import Decliner
from bot.domain import Answer, Draft, Question, Verdict
from bot.drafting import material
from bot.grounding import Grounded, ground
from bot.quoting import Quoter
from bot.reach import Reacher, dated_notices, too_early
from bot.retrieving import Found, LineVectors, Retriever
from bot.scope import ScopeFinder
from bot.signals import Signals
from bot.telling import Teller
from bot.topics import Topics
from bot.verdicts import Judge
from ingest.archive import Archive
from ingest.cards import Card
from ingest.errors import QuestionError
from ingest.health import Health
from ingest.manifest import Manifest
from ingest.prover import Prover
from ingest.serving import Serving
from ingest.vocabulary import Vocabulary

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from ingest.index import Index

LONGEST_QUESTION: Final = 4_000
CHAT_MODEL_SILENT = "The chat model did not answer; these are the clauses."
CHAT_MODEL_UNPROVEN = "No quote of the chat model could be verified; these are the clauses."
CHAT_MODEL_UNDECIDED = "The chat model found nothing that settles this; these are the clauses."
CHAT_MODEL_BROKE_OFF = "The chat model broke off; what it said until then was checked."

Told = Callable[[str], None]
"""Takes the next piece of an answer's text."""


class _Telling:
    """Hands an answer's text on while it grows; what was handed on is never taken back."""

    def __init__(self, told: Told | None) -> None:
        self._told = told
        self._length = 0

    def so_far(self, text: str) -> None:
        """Tell what of ``text`` was not told yet; it begins with everything that was."""
        if self._told is not None and len(text) > self._length:
            self._told(text[self._length :])
        self._length = len(text)


@dataclass(frozen=True, slots=True)
class _Turn:
    """One question on its way through the chain; each step fills in what it owns."""

    question: Question
    found: Found
    telling: _Telling
    declined: str | None = None
    kept: tuple[Grounded, ...] = ()
    decided: Decided | None = None
    notices: tuple[str, ...] = ()

    @property
    def settled_by_facts(self) -> bool:
        """Whether a card answers, whatever the passages say."""
        return any(each.settles for each in self.found.facts)


class Answerer:
    """Answers questions from the archive; one per process, safe to share between threads."""

    def __init__(
        self,
        archive: Archive,
        index: Callable[[], Index],
        manifest: Manifest,
        serving: Serving,
        health: Health,
        cards: Mapping[str, Card],
        vocabulary: Vocabulary,
        prover: Prover,
        chat_model: BaseChatModel | None,
        patience: float = PATIENCE,
        calibrations: Calibrations | None = None,
    ) -> None:
        """``index`` gives the current index at each call; uncalibrated, nothing is answered.

        ``patience`` is how many seconds a chat model has for a whole reply, half of them for the
        first words of it.
        """
        self._archive = archive
        self.library = Library(archive, manifest)
        self.scopes = ScopeFinder(cards, manifest, vocabulary)
        lines = LineVectors(archive, index)
        self._topics = Topics(vocabulary.topics, lines)
        facts = Facts(prover, self.library, vocabulary.facts)
        self._retriever = Retriever(
            archive,
            index,
            self.scopes,
            Reacher(archive, manifest, serving, index),
            FactFinder(facts, cards, self._topics, lines),
            self._topics,
        )
        self._quoter = Quoter(self._topics, self.library)
        self._decliner = Decliner(manifest, cards, self._topics, vocabulary, calibrations)
        self._judge = Judge(vocabulary.facts, cards, manifest.vendors.values(), self._topics)
        self._teller = Teller(health, manifest, cards, self.library)
        self._chat = Chat(chat_model, patience) if chat_model is not None else None
        # LangChain takes a third of a second to import, and traces nothing but a chat model.
        steps = (self._weigh, self._converse, self._quote)
        self._steps = _piped(*steps) if self._chat is not None else self._quoted

    def answer(
        self,
        question: Question,
        today: date,
        clock: Callable[[], float] = time.perf_counter,
        told: Told | None = None,
    ) -> Answer:
        """Answer with citations, or say that the documents do not settle it.

        Args:
            question: at most :data:`LONGEST_QUESTION` characters.
            today: the day on which it is asked; "last December" depends on it.
            clock: seconds; only its differences count.
            told: called with each piece of the text as soon as it is safe to show: of a chat
                model's reply claim by claim, when the quotes of a claim were verified, else with
                the whole. The pieces joined are the text of the answer.

        Raises:
            QuestionError: the question is empty or too long.
            IndexMissingError: nothing was ever ingested.
            StoreError: the archive or the index cannot be read.
        """
        began = clock()
        text = _checked(question.text)
        if question.as_of is not None and question.as_of > today:
            raise QuestionError(
                f"{question.as_of} lies in the future; name a day up to {today} to answer for."
            )
        telling = _Telling(told)
        found = self._retriever.found(replace(question, text=text), today)
        turn = self._steps(_Turn(replace(question, text=text), found, telling))
        answer = self._told(turn)
        telling.so_far(answer.text)
        return replace(answer, seconds=clock() - began)

    def prepare(self) -> None:
        """Read the cards' facts before the first question; takes seconds."""
        self._retriever.prepare()

    def weighed(self, question: Question, today: date) -> tuple[bool, Signals]:
        """Whether a rule alone declines ``question``, and what a calibration would weigh of it."""
        text = _checked(question.text)
        found = self._retriever.found(replace(question, text=text), today)
        weighed = (text, found.scope, found.passages, found.reach.index, found.facts)
        early = too_early(found.reach, self.library.titles)
        return bool(early or self._decliner.ruled(*weighed[:-1])), self._decliner.signals(*weighed)

    def _weigh(self, turn: _Turn) -> _Turn:
        """Decline where nothing near enough was found, or nothing could be."""
        found = turn.found
        generation = self._archive.generation()
        embedder = generation.embedder if generation else ""
        why = too_early(found.reach, self.library.titles) or self._decliner.reason(
            *(turn.question.text, found.scope, found.passages, found.reach.index),
            *(embedder, found.facts),
        )
        return replace(turn, declined=why)

    def _converse(self, turn: _Turn) -> _Turn:
        """Let the chat model answer; each claim is checked, and told, as soon as it is complete."""
        if turn.declined is not None or self._chat is None:
            return turn
        asked = material(turn.question.text, turn.found.passages, turn.found.facts)
        facts = [fact for fact, _ in asked.facts]
        reply = self._chat.ask(asked.shown(self.library))
        kept: list[Grounded] = []
        whole = True
        for claim in reply:
            found = ground(Draft((claim,)), asked.passages, self.library, asked.question, facts)
            kept += found
            whole = whole and bool(found)
            turn.telling.so_far(self._teller.spoken(kept))
        return self._heard(turn, reply, kept, whole)

    def _heard(self, turn: _Turn, reply: Reply, kept: Sequence[Grounded], whole: bool) -> _Turn:
        """What becomes of the turn; ``whole`` where every claim survived."""
        if kept:
            # A verdict that rested on a claim which did not survive is no verdict.
            sound = whole and not reply.failed
            verdict = reply.verdict if sound else reply.verdict and Verdict.UNCLEAR
            notices = (*turn.notices, *([CHAT_MODEL_BROKE_OFF] if reply.failed else []))
            return replace(turn, kept=tuple(kept), decided=Decided(verdict), notices=notices)
        if reply.declined and not turn.settled_by_facts:
            return replace(turn, declined=self._decliner.unsettled(turn.found.scope))
        why = CHAT_MODEL_UNDECIDED if reply.declined else CHAT_MODEL_UNPROVEN
        why = CHAT_MODEL_SILENT if reply.failed else why
        return replace(turn, notices=(*turn.notices, why))

    def _quote(self, turn: _Turn) -> _Turn:
        """Where nobody has spoken, or nothing of it stands: the clauses themselves."""
        if turn.declined is not None or turn.kept:
            return turn
        draft = self._quoter.draft(turn.found.scope, turn.found.passages, turn.found.ranked)
        kept = ground(draft, turn.found.passages, self.library, turn.question.text)
        if not kept and not turn.settled_by_facts:
            return replace(turn, declined=self._decliner.unsettled(turn.found.scope))
        decided = self._judge.verdict(turn.question.text, turn.found.scope, turn.found.ranked)
        return replace(turn, kept=tuple(kept), decided=decided)

    def _quoted(self, turn: _Turn) -> _Turn:
        """The steps where there is no chat model to converse with."""
        return self._quote(self._weigh(turn))

    def _told(self, turn: _Turn) -> Answer:
        if turn.declined is not None:
            return self._teller.declined(
                turn.question, turn.declined, turn.found.passages, turn.notices
            )
        answer = self._teller.answered(
            *(turn.question, turn.found.scope, turn.found.facts, turn.kept),
            *(turn.decided or Decided(None), turn.found.passages, turn.notices),
        )
        if turn.found.reach.as_of is None:
            return answer
        cited = {each.source for each in answer.citations}
        dated = dated_notices(turn.found.reach, cited, self.library.titles)
        day = turn.found.reach.as_of.day
        return replace(answer, notices=(*dated, *answer.notices), as_of=day)


def _checked(text: str) -> str:
    text = text.strip()
    if not any(each.isalnum() for each in text):
        raise QuestionError("The question is empty; ask something about a licence or terms.")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(text):,} characters; at most {LONGEST_QUESTION:,} can be asked."
        )
    return text


_Step = Callable[[_Turn], _Turn]


def _piped(weigh: _Step, converse: _Step, quote: _Step) -> _Step:
    """The steps as one LangChain runnable, so that its tracing and callbacks see all of them."""
    from langchain_core.runnables import RunnableLambda

    return (RunnableLambda(weigh) | RunnableLambda(converse) | RunnableLambda(quote)).invoke
