"""The composition root: settings go in, working parts come out. Nothing else builds these parts.

Opening the parts is cheap: no model is loaded and no index is opened before somebody asks.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.calibration import Calibrations, load_calibrations
from bot.settings import Settings
from ingest import database
from ingest.archive import Archive
from ingest.cards import Card, fact_lines, load_cards
from ingest.errors import IndexMissingError
from ingest.health import Health
from ingest.manifest import Manifest, corpus_folder, load_manifest
from ingest.parsed import ParsedFiles
from ingest.prover import Prover
from ingest.readers import Reader, readers
from ingest.readings import Reading, load_readings
from ingest.serving import Serving
from ingest.vocabulary import Vocabulary, load_vocabulary

if TYPE_CHECKING:
    from bot.cards.licenses import Licenses
    from bot.chain import Answerer, Told
    from bot.conversations import Conversations, Turns
    from bot.domain import Answer, Question
    from bot.memory import Inbox
    from bot.subscriptions import Subscriptions
    from ingest.database import Engine
    from ingest.domain import Generation
    from ingest.embedding import Embedder
    from ingest.fetch import Fetcher
    from ingest.filling import Filled
    from ingest.index import Index
    from ingest.run import Ingestion, Report
    from ingest.vectors import Progress

log = logging.getLogger(__name__)

_MEMORY = "corpus.json"


def utc_now() -> datetime:
    """The one clock that entry points hand on as ``now``."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Corpus:
    """What people wrote in ``corpus/``, loaded and checked."""

    manifest: Manifest
    readers: Mapping[str, Reader]
    cards: Mapping[str, Card]
    vocabulary: Vocabulary
    readings: Mapping[str, Reading]
    calibrations: Calibrations


def load_corpus(folder: Path, memory: Path | None = None) -> Corpus:
    """Load and check every file of ``folder``.

    Args:
        folder: the corpus.
        memory: a file in which to remember what was parsed, for the next start.

    Raises:
        CorpusError: a file is wrong; the sentence names file, key and what is allowed.
    """
    known = readers(folder)
    parsed = ParsedFiles(memory)
    manifest = load_manifest(folder, known, parsed)
    vocabulary = load_vocabulary(folder, parsed)
    cards = load_cards(folder, manifest, vocabulary.facts, parsed)
    readings = load_readings(folder, cards, parsed)
    calibrations = load_calibrations(folder, parsed)
    parsed.save()
    return Corpus(manifest, known, cards, vocabulary, readings, calibrations)


class Services:
    """What an entry point or a listener may call. One per process; safe to share by threads."""

    def __init__(self, settings: Settings, corpus: Corpus, engine: Engine) -> None:
        self.settings = settings
        self.corpus = corpus
        self.engine = engine
        self.archive = Archive(engine)
        self.health = Health(engine)
        self.serving = Serving(corpus.manifest, corpus.readers, self.archive)
        self.prover = Prover(self.archive, corpus.manifest, corpus.readings)
        self.home = settings.knowing.home
        self._index = CurrentIndex(self)

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder for answering; raises EmbedderError when nothing was ever ingested."""
        from ingest.embedding import open_embedder

        return open_embedder(self.home)

    @cached_property
    def answerer(self) -> Answerer:
        """Answers questions from the current generation of the index."""
        from bot.chain import Answerer
        from bot.chatting import open_chat_model

        name = self.settings.chat_model
        return Answerer(
            self.archive,
            self._index,
            self.corpus.manifest,
            self.serving,
            self.health,
            self.corpus.cards,
            self.corpus.vocabulary,
            self.prover,
            open_chat_model(name) if name else None,
            calibrations=self.corpus.calibrations,
        )

    def answer(self, question: Question, told: Told | None = None) -> Answer:
        """Answer one question; see :meth:`bot.chain.Answerer.answer` for ``told`` and errors."""
        today = self.now().date()
        try:
            return self.answerer.answer(question, today, told=told)
        except IndexMissingError:
            # Its folder went away while it was open; asking again builds it from the archive.
            self._index.forget()
            return self.answerer.answer(question, today, told=told)

    @cached_property
    def conversations(self) -> Conversations:
        """Answers in Slack's threads, remembered in the database."""
        from bot.threads import Threads

        return self._conversing(Threads(self.engine))

    def passing_conversation(self) -> Conversations:
        """Answers in a conversation that ends with the process."""
        from bot.conversations import PassingTurns

        return self._conversing(PassingTurns())

    def _conversing(self, turns: Turns) -> Conversations:
        from bot.conversations import Conversations
        from bot.recalling import Recaller

        recaller = Recaller(self.archive, self.answerer.library)
        return Conversations(self.answer, self.answerer.scopes, recaller, turns, self.now)

    @cached_property
    def licenses(self) -> Licenses:
        """Cards, comparisons and checked uses."""
        from bot.cards.licenses import Licenses

        return Licenses(
            self.archive,
            self.corpus.manifest,
            self.serving,
            self.corpus.cards,
            self.corpus.vocabulary,
            self.prover,
        )

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """The wishes of channels to hear of changes."""
        from bot.subscriptions import Subscriptions

        return Subscriptions(self.engine)

    def inbox(self, owner: str) -> Inbox:
        """The durable queue of Slack events, worked off in the name of ``owner``."""
        from bot.memory import Inbox

        return Inbox(self.engine, owner)

    def now(self) -> datetime:
        """The moment, in UTC."""
        return utc_now()

    def ingestion(self) -> Ingestion:
        """What a run needs; loads the packaged model and exports it on the first call ever."""
        from ingest.embedding import prepare_embedder
        from ingest.run import Ingestion

        return Ingestion(
            self.corpus.manifest,
            self.corpus.readers,
            self.archive,
            self.health,
            prepare_embedder(self.home),
            self.home,
            [
                *fact_lines(self.corpus.cards.values(), self.corpus.vocabulary.facts),
                *(each.line for each in self.corpus.vocabulary.topics.values()),
            ],
        )

    def ingest(self, fetcher: Fetcher, only: Collection[str] | None, progress: Progress) -> Report:
        """Follow sources now; see :meth:`ingest.run.Ingestion.run`."""
        return self.ingestion().run(fetcher, utc_now(), time.perf_counter, only, progress)

    def fill(self, fetcher: Fetcher, only: Collection[str] | None, progress: Progress) -> Filled:
        """Fill in history; see :meth:`ingest.run.Ingestion.fill`."""
        return self.ingestion().fill(fetcher, utc_now(), only, progress)

    def due(self) -> list[str]:
        """Ids of the sources that are to be followed now."""
        return self.health.due([*self.corpus.manifest.sources], utc_now())

    def warm_up(self) -> None:
        """Open model and index, and read the facts, so that nobody waits for them later."""
        self._index().search("warm up", None, 1)
        self.answerer.prepare()


class CurrentIndex:
    """Calls give the index of the current generation, following it when it moves.

    A generation whose folder is gone or damaged is built again from the archive: the index is
    derived, the archive is the truth, and no vector is made anew for it.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._open: tuple[str, Index] | None = None

    def __call__(self) -> Index:
        generation = self._services.archive.generation()
        if generation is None:
            raise IndexMissingError("Nothing has been read yet; run `smallprint ingest` first.")
        with self._lock:
            if self._open is None or self._open[0] != generation.id:
                self._open = (generation.id, self._opened(generation))
            return self._open[1]

    def forget(self) -> None:
        """Let go of the open index, so that the next call opens or builds it anew."""
        with self._lock:
            self._open = None

    def _opened(self, generation: Generation) -> Index:
        from ingest.index import Index

        embedder, home = self._services.embedder, self._services.home
        try:
            return Index.open(generation, embedder, home)
        except IndexMissingError as error:
            log.warning("Building the index again: %s", error)
        ingestion = self._services.ingestion()
        rebuilt = ingestion.refresh(ingestion.serving.now(), utc_now())
        if rebuilt is None:
            raise IndexMissingError("The archive is empty; run `smallprint ingest` first.")
        return Index.open(rebuilt, embedder, home)


def open_services(settings: Settings, corpus: Callable[[], Path] = corpus_folder) -> Services:
    """Load the corpus, open the database, bring its tables up to date.

    Raises:
        CorpusError: a file in ``corpus/`` is wrong.
        DatabaseError: the database cannot be opened or written.
    """
    loaded = load_corpus(corpus(), settings.knowing.home / _MEMORY)
    engine = database.connect(settings.knowing.database_url)
    database.migrate(engine)
    return Services(settings, loaded, engine)
