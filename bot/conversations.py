"""Conversations: what is typed in a thread, read in its light, answered, and remembered.

Ties together reading (``bot.follow_ups``, ``bot.asides``), answering, and telling again what was
quoted (``bot.recalling``). Where turns are kept is left to ``bot.threads``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from bot.asides import Aside, aside_in
from bot.domain import Answer, Question, Scope
from bot.exchanging import with_day
from bot.follow_ups import LONGEST, Turn, asks_nothing, read
from bot.names import Mention
from bot.recalling import Recaller
from bot.scope import ScopeFinder
from bot.threads import ThreadKey


class Turns(Protocol):
    """The last turn of each thread; ``bot.threads.Threads`` keeps them in the database."""

    def last(self, key: ThreadKey, ts: str) -> Turn | None:
        """The last turn of a thread up to the message ``ts``."""

    def keep(self, key: ThreadKey, kept: Turn, now: datetime, /) -> None:
        """Let ``kept`` be the last turn, unless a later message has one already."""

    def forget(self, before: datetime, /) -> int:
        """Delete what was kept before that moment."""


class PassingTurns:
    """Turns that end with the process, for a conversation in a terminal."""

    def __init__(self) -> None:
        self._turns: dict[ThreadKey, Turn] = {}

    def last(self, key: ThreadKey, ts: str) -> Turn | None:
        """See :meth:`Turns.last`."""
        found = self._turns.get(key)
        return found if found is not None and found.ts <= ts else None

    def keep(self, key: ThreadKey, kept: Turn, _now: datetime) -> None:
        """See :meth:`Turns.keep`."""
        known = self._turns.get(key)
        if known is None or known.ts <= kept.ts:
            self._turns[key] = kept

    def forget(self, _before: datetime) -> int:
        """Nothing outlives the process."""
        return 0


class Conversations:
    """Answers what is typed in threads. One per process; safe to share between threads."""

    def __init__(
        self,
        answer: Callable[[Question], Answer],
        scopes: ScopeFinder,
        recaller: Recaller,
        turns: Turns,
        clock: Callable[[], datetime],
    ) -> None:
        """``answer`` answers a complete question; what it raises, :meth:`answer` raises."""
        self._answer = answer
        self._scopes = scopes
        self._recaller = recaller
        self._turns = turns
        self._clock = clock

    def answer(self, thread: ThreadKey, text: str, ts: str) -> Answer:
        """Answer what was typed.

        The question of the answer is what was typed; where it was completed from the thread, the
        first notice says how it was read.

        Args:
            thread: where it was typed.
            text: what was typed.
            ts: the message; later ones have higher strings. One that is answered again is read as
                it was the first time.

        Raises:
            QuestionError: the question is empty or too long.
            DatabaseError: the archive or the memory of threads cannot be used.
        """
        if len(text) > LONGEST:
            return self._answer(Question(text))
        earlier = self._turns.last(thread, ts)
        aside = aside_in(text)
        if aside is not None and (earlier is not None or aside is Aside.THANKS):
            return self._recaller.answer(text, aside, earlier.cited if earlier else ())
        names = Today(self._scopes, self._clock().date())
        if asks_nothing(text, names):
            return self._answer(Question(text))
        again = earlier is not None and earlier.ts == ts
        question = earlier.question if earlier and again else read(text, earlier, names)
        # Before it is answered, because the next message may come while a chat model is thinking.
        self._turns.keep(thread, Turn(ts, question), self._clock())
        told = self._answered(text, question)
        self._remember(thread, Turn(ts, question), told, names)
        return told

    def _answered(self, typed: str, question: str) -> Answer:
        told = self._answer(Question(question))
        if question == typed:
            return told
        return replace(told, question=typed, notices=(read_as(question), *told.notices))

    def _remember(self, thread: ThreadKey, turn: Turn, told: Answer, names: Today) -> None:
        """Keep what was quoted, and the day spelt out: "yesterday" is another day tomorrow."""
        question = turn.question
        if told.as_of is not None:
            question = with_day(question, names.scope(question), told.as_of)
        cited = self._recaller.cited(told.citations)
        self._turns.keep(thread, Turn(turn.ts, question, cited), self._clock())

    def forget(self, before: datetime) -> int:
        """Forget the threads in which nothing was asked since that moment; returns how many."""
        return self._turns.forget(before)


class Today:
    """The names of one day, see :class:`bot.follow_ups.Names`."""

    def __init__(self, scopes: ScopeFinder, today: date) -> None:
        self._scopes = scopes
        self._today = today

    def scope(self, text: str) -> Scope:
        """The scope of a text that is typed on that day."""
        return self._scopes.find(text, self._today)

    def mentions(self, text: str) -> list[Mention]:
        """See :meth:`bot.scope.ScopeFinder.mentions`."""
        return self._scopes.mentions(text)


def read_as(question: str) -> str:
    """The notice of how something was read."""
    return f"Read as: “{question}”"
