"""From a question to a checked answer: retrieve, draft (chat model or quotes), ground, tell.

The only module that talks to chat models, and the only one of ``bot`` that imports LangChain. What
retrieval, quoting, grounding and declining mean is left to the modules of those names.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from bot.cards.facts import Facts
from bot.cards.relevant import FactFinder, Relevant, told
from bot.citing import Library
from bot.declining import Decliner
from bot.domain import Answer, Draft, Question, Scope, Verdict
from bot.drafting import parsed, shown
from bot.grounding import Grounded, ground
from bot.patience import within
from bot.quoting import Quoter
from bot.reach import Reach, Reacher, dated_notices, too_early
from bot.scope import ScopeFinder
from bot.telling import Teller
from bot.topics import Topics
from ingest.archive import Archive
from ingest.cards import Card
from ingest.domain import Passage
from ingest.embedding import Embedder
from ingest.errors import QuestionError, SettingsError
from ingest.facts import FactLine
from ingest.health import Health
from ingest.manifest import Manifest
from ingest.prover import Prover
from ingest.ranking import Place
from ingest.serving import Serving
from ingest.vocabulary import Vocabulary

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

    from ingest.index import Index

log = logging.getLogger(__name__)

LONGEST_QUESTION: Final = 4_000
CHAT_MODEL_SILENT = "The chat model did not answer; these are the clauses."
CHAT_MODEL_UNPROVEN = "No quote of the chat model could be verified; these are the clauses."
_PASSAGES = 12
_MOST_SIDES = 4
_PATIENCE = 40.0
_NOTHING = Draft(())


def open_chat_model(name: str) -> BaseChatModel:
    """Open ``provider:model``; the provider's package reads the provider's own key.

    Raises:
        SettingsError: the provider is unknown, its package is not installed, or its key is missing.
    """
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(name, timeout=_PATIENCE, max_retries=1)
    except ImportError as error:
        raise SettingsError(
            f"SMALLPRINT_CHAT_MODEL is {name!r}, which needs another package: {error}"
        ) from None
    except Exception as error:  # noqa: BLE001 each provider has its own class for a missing key
        log.warning("The chat model cannot be opened:\n%s", _frames(error))
        raise SettingsError(
            f"SMALLPRINT_CHAT_MODEL is {name!r}, which cannot be opened "
            f"({type(error).__name__}); check provider, model and the provider's API key."
        ) from None
    return model


@dataclass(frozen=True, slots=True)
class _Turn:
    """One question on its way through the chain; each step fills in what it owns."""

    question: Question
    scope: Scope
    reach: Reach | None = None
    passages: tuple[Passage, ...] = ()
    ranked: tuple[Relevant, ...] = ()
    facts: tuple[Relevant, ...] = ()
    declined: str | None = None
    draft: Draft = _NOTHING
    kept: tuple[Grounded, ...] = ()
    notices: tuple[str, ...] = ()


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
        patience: float = _PATIENCE,
    ) -> None:
        """``index`` gives the current index at each call.

        ``patience`` is how many seconds a chat model has for a whole reply.
        """
        self._archive = archive
        self._reacher = Reacher(archive, manifest, serving, index)
        self.library = Library(archive, manifest)
        self.scopes = ScopeFinder(cards, manifest, vocabulary)
        self._topics = Topics(vocabulary.topics)
        self._index = index
        facts = Facts(prover, self.library, vocabulary.facts)
        self._facts = FactFinder(facts, cards, self._topics, self._line_vectors)
        self._quoter = Quoter(self._topics, self.library)
        self._decliner = Decliner(manifest, cards, self._topics)
        self._teller = Teller(health, manifest, cards, self.library)
        self._chat = _chat(chat_model) if chat_model is not None else None
        self._patience = patience
        steps = (self._retrieve, self._draft, self._ground)
        self._steps = _piped(*steps)

    def answer(
        self, question: Question, today: date, clock: Callable[[], float] = time.perf_counter
    ) -> Answer:
        """Answer with citations, or say that the documents do not settle it.

        Args:
            question: at most :data:`LONGEST_QUESTION` characters.
            today: the day on which it is asked; "last December" depends on it.
            clock: seconds; only its differences count.

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
        scope = self.scopes.find(text, today, question.as_of)
        turn = self._steps(_Turn(replace(question, text=text), scope))
        return replace(self._told(turn), seconds=clock() - began)

    def _retrieve(self, turn: _Turn) -> _Turn:
        """Search what is in scope, each side of a comparison for itself, and weigh what came."""
        scope = turn.scope
        reach = self._reacher.of(scope)
        index = reach.index
        asked = turn.question.text
        # The names chose the documents already; left in, they would favour each title page.
        query = scope.rest or asked
        vectors = _vectors(index.embedder, query, asked)
        ranked = self._facts.ranked(scope, asked, vectors[0], reach.numbers)
        pointed, facts = _places(ranked), told(ranked)

        def search(sources: Sequence[str] | None, beside: Sequence[str] = ()) -> list[Passage]:
            return index.search(
                query, sources, _PASSAGES, vectors=vectors, pointed=pointed, beside=beside
            )

        if 1 < len(scope.sides) <= _MOST_SIDES:
            passages = _in_turn([search(side) for side in scope.sides])[:_PASSAGES]
        else:
            passages = search(scope.sources or None, scope.beside)
        generation = self._archive.generation()
        embedder = generation.embedder if generation else ""
        early = too_early(reach, self.library.titles)
        why = early or self._decliner.reason(asked, scope, passages, index, embedder, facts)
        return replace(
            turn,
            reach=reach,
            ranked=tuple(ranked),
            passages=tuple(passages),
            facts=tuple(facts),
            declined=why,
        )

    def _line_vectors(self, lines: Sequence[FactLine]) -> list[NDArray[np.float32] | None]:
        """Those that the archive has; facts written since the last run are found by words alone."""
        found = self._archive.vectors(self._index().embedder.name, [each.key for each in lines])
        return [found.get(each.key) for each in lines]

    def _draft(self, turn: _Turn) -> _Turn:
        if turn.declined is not None:
            return turn
        chat = self._chat
        if chat is None:
            return self._quoted(turn)
        asked = shown(turn.question.text, turn.passages, self.library)
        try:
            reply = within(self._patience, lambda: chat.invoke({"asked": asked}))
        except Exception as error:  # noqa: BLE001 every provider raises classes of its own
            log.warning("The chat model failed: %s\n%s", type(error).__name__, _frames(error))
            return self._quoted(turn, CHAT_MODEL_SILENT)
        return replace(turn, draft=reply)

    def _quoted(self, turn: _Turn, notice: str = "") -> _Turn:
        draft = self._quoter.draft(turn.scope, turn.passages, turn.ranked)
        notices = (*turn.notices, notice) if notice else turn.notices
        return replace(turn, draft=draft, notices=notices)

    def _ground(self, turn: _Turn) -> _Turn:
        """Check whatever was drafted; where nothing of a chat model's draft stands, quote."""
        if turn.declined is not None:
            return turn
        if turn.draft.declined:
            return replace(turn, declined=self._decliner.unsettled(turn.scope))
        kept = ground(turn.draft, turn.passages, self.library, turn.question.text)
        if not kept and self._chat is not None and CHAT_MODEL_SILENT not in turn.notices:
            turn = self._quoted(turn, CHAT_MODEL_UNPROVEN)
            kept = ground(turn.draft, turn.passages, self.library, turn.question.text)
        if not kept and not any(each.settles for each in turn.facts):
            return replace(turn, declined=self._decliner.unsettled(turn.scope))
        return replace(turn, kept=tuple(kept))

    def _told(self, turn: _Turn) -> Answer:
        if turn.declined is not None:
            return self._teller.declined(turn.question, turn.declined, turn.passages, turn.notices)
        # A verdict that rested on a claim which did not survive is no verdict.
        whole = len(turn.kept) == len(turn.draft.claims)
        verdict = turn.draft.verdict if whole else turn.draft.verdict and Verdict.UNCLEAR
        answer = self._teller.answered(
            turn.question, turn.scope, turn.facts, turn.kept, verdict, turn.passages, turn.notices
        )
        if turn.reach is None or turn.reach.as_of is None:
            return answer
        cited = {each.source for each in answer.citations}
        dated = dated_notices(turn.reach, cited, self.library.titles)
        day = turn.reach.as_of.day
        return replace(answer, notices=(*dated, *answer.notices), as_of=day)


def _vectors(embedder: Embedder, *texts: str) -> list[NDArray[np.float32]]:
    """A vector for each of ``texts`` that differs from those before it."""
    different = list(dict.fromkeys(texts))
    return [np.array(each, dtype=np.float32) for each in embedder.embed_documents(different)]


def _places(facts: Sequence[Relevant]) -> list[Place]:
    """Where the clauses stand that prove ``facts``, those of the best fact first."""
    return [(cited.source, cited.start) for each in facts for cited in each.fact.citations]


def _frames(error: Exception) -> str:
    """The traceback without its message, in which providers repeat parts of the key."""
    return "".join(traceback.format_tb(error.__traceback__))


def _checked(text: str) -> str:
    text = text.strip()
    if not any(each.isalnum() for each in text):
        raise QuestionError("The question is empty; ask something about a licence or terms.")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(text):,} characters; at most {LONGEST_QUESTION:,} can be asked."
        )
    return text


def _in_turn(lists: Sequence[Sequence[Passage]]) -> list[Passage]:
    """The first of each list, then the second of each, without repeating one."""
    merged = [each for row in zip_longest(*lists) for each in row if each is not None]
    return list({each.chunk.id: each for each in merged}.values())


_Step = Callable[[_Turn], _Turn]


def _piped(retrieve: _Step, draft: _Step, ground: _Step) -> _Step:
    """The steps as one LangChain runnable, so that its tracing and callbacks see all of them."""
    from langchain_core.runnables import RunnableLambda

    return (RunnableLambda(retrieve) | RunnableLambda(draft) | RunnableLambda(ground)).invoke


def _chat(model: BaseChatModel) -> Runnable[dict[str, str], Draft]:
    """prompt | model | parser: from what is asked, as data, to the draft in the reply."""
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_core.runnables import RunnableLambda

    written = files("bot").joinpath("prompts/answer.txt").read_text(encoding="utf-8")
    prompt = ChatPromptTemplate.from_messages([("system", written), ("human", "{asked}")])
    return prompt | model | RunnableLambda(lambda message: parsed(message.text))
