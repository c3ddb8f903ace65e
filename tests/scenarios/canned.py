"""Made-up answers about a made-up vendor, and an answerer that gives them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from bot.cards.licenses import Licenses
from bot.cards.requests import Request
from bot.cards.views import Shown
from bot.desk import Conversing
from bot.domain import (
    Answer,
    AnswerStatus,
    Citation,
    Question,
    Verdict,
    VersionIdentity,
)
from bot.memory import Inbox
from bot.settings import Settings, SlackSettings
from bot.subscriptions import Subscriptions
from bot.threads import ThreadKey
from ingest import settings as knowing

QUOTE = "If more than forty thousand people use your product in a month, ask Acme for a contract."
VERSION = VersionIdentity(
    number=2,
    published=date(2025, 4, 5),
    effective=None,
    seen=date(2026, 11, 1),
    fetched=datetime(2026, 11, 1, tzinfo=UTC),
    sha256="5f" * 32,
)


def citation(quote: str = QUOTE, **changes: object) -> Citation:
    """A citation of Acme's licence."""
    values: dict[str, object] = {
        "source": "acme/licence",
        "title": "Acme Model Licence",
        "vendor": "Acme",
        "clause": "2. Size",
        "quote": quote,
        "version": VERSION,
        "url": "https://acme.example/licence",
        "attribution": "Pretend Licence Collection, CC-BY-4.0",
    }
    return Citation(**{**values, **changes})  # type: ignore[arg-type]


def answer(question: str = "May we grow?", *citations: Citation, **changes: object) -> Answer:
    """An answer with one citation unless others are given."""
    values: dict[str, object] = {
        "question": question,
        "status": AnswerStatus.ANSWERED,
        "verdict": Verdict.CONDITIONAL,
        "text": "You need a contract above forty thousand users a month [1].",
        "facts": (),
        "citations": citations or (citation(),),
        "passages": (),
        "notices": (),
        "seconds": 0.01,
    }
    return Answer(**{**values, **changes})  # type: ignore[arg-type]


class Alone:
    """Answers each message by itself, as if every thread were new."""

    def __init__(self, answering: Callable[[Question], Answer]) -> None:
        self._answering = answering
        self.forgotten: list[datetime] = []

    def answer(self, _thread: ThreadKey, text: str, _ts: str) -> Answer:
        return self._answering(Question(text))

    def forget(self, before: datetime) -> int:
        self.forgotten.append(before)
        return 0


class BrokenLicenses(Licenses):
    """Looks like the real thing and breaks when it is asked."""

    def __init__(self, whole: Licenses) -> None:
        self.__dict__ |= whole.__dict__

    def meet(self, request: Request) -> Shown:
        raise RuntimeError(f"a fault in the works at {request.name}")


class CannedServices:
    """What ``bot.wiring.Services`` is to the Slack side, with answers from here."""

    def __init__(
        self,
        slack: SlackSettings,
        inbox: Callable[[str], Inbox],
        home: knowing.Settings,
        answering: Callable[[Question], Answer] | None = None,
        port: int = 0,
        shelf: Licenses | None = None,
        subscriptions: Subscriptions | None = None,
    ) -> None:
        self.settings = Settings(knowing=home, slack=slack, port=port, chat_model="")
        self.inbox = inbox
        self.asked: list[str] = []
        self.shelf = shelf
        self.broken = False
        self.subscriptions: Any = subscriptions
        self.answering = answering or (lambda question: answer(question.text))
        self.conversations: Conversing = Alone(self.answer)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def answer(self, question: Question) -> Answer:
        with self._lock:
            self.asked.append(question.text)
        return self.answering(question)

    @property
    def licenses(self) -> Licenses:
        """The real thing over the pretend cards, once an archive was given."""
        assert self.shelf is not None, "this bot was given no cards"
        return BrokenLicenses(self.shelf) if self.broken else self.shelf


class Gate:
    """An answerer that waits until it is opened, and knows how many were inside at once."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.entered = threading.Event()
        self.inside = 0
        self.most = 0
        self._lock = threading.Lock()

    def __call__(self, question: Question) -> Answer:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.entered.set()
        assert self.open.wait(20)
        with self._lock:
            self.inside -= 1
        return answer(question.text)
