"""The desk: what people asked is kept first, then worked off by a few threads.

Owns the life of a stored event: claimed, answered, posted in its thread, marked as done; held while
that takes, left for another process when this one goes. What an answer is and how a message is
posted is left to others.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.blocks.answer import answer_message
from bot.blocks.message import Message
from bot.blocks.replies import apology, how_to, refusal
from bot.domain import Answer
from bot.memory import Inbox, StoredEvent
from bot.poster import Poster, SlackRefusedError, SlackUnreachableError
from bot.threads import ThreadKey
from ingest.errors import QuestionError, SmallprintError

log = logging.getLogger(__name__)

HANDS = 3
RENEWAL = timedelta(seconds=1)
_LOOK_SECONDS = 1.0
_PAUSES = (1.0, 5.0, 15.0, 60.0, 180.0)
"""How long to wait, in seconds, before an answer is offered again to a Slack that took none."""
_KEPT = timedelta(days=30)
_SWEEP = timedelta(days=1)


class Conversing(Protocol):
    """Who answers; :class:`bot.conversations.Conversations` does."""

    def answer(self, thread: ThreadKey, text: str, ts: str) -> Answer:
        """Answer what the message ``ts`` of a thread asks."""

    def forget(self, before: datetime) -> int:
        """Forget the threads in which nothing was asked since that moment."""


class Desk:
    """Keeps questions and answers them. One per process; safe to share between threads."""

    def __init__(
        self,
        inbox: Inbox,
        conversations: Conversing,
        poster: Poster,
        clock: Callable[[], datetime],
        renewal: timedelta = RENEWAL,
    ) -> None:
        """``renewal`` is how often claims are renewed; well below the inbox's lease."""
        self._inbox = inbox
        self._conversations = conversations
        self._poster = poster
        self._clock = clock
        self._renewal = renewal
        self._stopping = threading.Event()
        self._finished = threading.Event()
        self._wake = threading.Event()
        self._held: dict[str, StoredEvent] = {}
        self._threads = [
            # daemon: a hand that waits for Slack must not keep the process from ending
            threading.Thread(target=work, name=f"desk-{number}", daemon=True)
            for number, work in enumerate([self._hold] + [self._work_off] * HANDS)
        ]

    def accept(self, event: StoredEvent) -> bool:
        """Keep a question; it is safe once this returns. False when it was known already.

        Raises:
            DatabaseError: it could not be kept, and should be delivered again.
        """
        new = self._inbox.accept(event, self._clock())
        self._wake.set()
        return new

    def waiting(self) -> int:
        """How many questions nobody works on yet; raises DatabaseError."""
        return self._inbox.waiting(self._clock())

    def open(self) -> None:
        """Start working, beginning with what earlier processes left. Once for each desk."""
        for thread in self._threads:
            thread.start()

    def close(self, patience: timedelta = timedelta(seconds=10)) -> None:
        """Take no more questions up and finish those in hand, for as long as ``patience``.

        What is not finished then is answered by the next process, once its claim has run out.
        """
        self._stopping.set()
        self._wake.set()
        holder, *hands = self._threads
        until = self._clock() + patience
        for hand in hands:
            hand.join(max(0.0, (until - self._clock()).total_seconds()))
        self._finished.set()
        holder.join()

    def _work_off(self) -> None:
        while not self._stopping.is_set():
            try:
                claimed = self._inbox.claim(self._clock())
                if claimed is not None:
                    self._settle(claimed)
                    continue
            except Exception:  # the top of a thread: what it works off next may well succeed
                log.exception("A question could not be worked on; it stays in the inbox.")
                self._stopping.wait(_LOOK_SECONDS)
            self._wake.wait(_LOOK_SECONDS)
            if not self._stopping.is_set():
                # Cleared before the next look: who stores after that look sets it again.
                self._wake.clear()

    def _hold(self) -> None:
        """Renew the claims of what is in hand; now and then forget what is long past."""
        swept = self._clock() - _SWEEP
        while not self._finished.wait(self._renewal.total_seconds()):
            try:
                for event in list(self._held.values()):
                    self._inbox.renew(event, self._clock())
                if self._clock() - swept >= _SWEEP:
                    swept = self._clock()
                    self._inbox.forget(swept - _KEPT)
                    self._conversations.forget(swept - _KEPT)
            except SmallprintError:
                log.exception("Claims could not be renewed; trying again.")

    def _settle(self, event: StoredEvent) -> None:
        self._held[event.event_id] = event
        try:
            self._deliver(event, self._reply(event))
        finally:
            del self._held[event.event_id]

    def _reply(self, event: StoredEvent) -> Message:
        asked = event.payload["text"]
        if not asked:
            return how_to()
        try:
            thread = ThreadKey(event.team, event.channel, event.payload["thread"])
            return answer_message(self._conversations.answer(thread, asked, event.ts))
        except QuestionError as error:
            return refusal(str(error))
        except Exception:  # people are owed an apology for whatever it was
            error_id = uuid.uuid4().hex[:8]
            log.exception("Error %s while answering event %s", error_id, event.event_id)
            return apology(error_id)

    def _deliver(self, event: StoredEvent, message: Message) -> None:
        """Post and mark as done; wait with the answer in hand while Slack takes nothing."""
        for pause in (*_PAUSES, None):
            try:
                return self._post(event, message)
            except SlackUnreachableError as error:
                log.warning("Event %s is not answered yet: %s", event.event_id, error)
                if pause is None or self._stopping.wait(pause):
                    break
        if not self._stopping.is_set() and self._inbox.failed(event, self._clock()):
            log.error("Event %s was given up; Slack took no answer for it.", event.event_id)
        return None

    def _post(self, event: StoredEvent, message: Message) -> None:
        if not self._inbox.renew(event, self._clock()):
            log.warning("Event %s went to another process meanwhile.", event.event_id)
            return
        try:
            self._poster.post(event.channel, event.payload["thread"], message)
        except SlackRefusedError:
            log.exception("Event %s cannot be answered.", event.event_id)
        self._inbox.done(event, self._clock())
