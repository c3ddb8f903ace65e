"""Looks at every part that can be wrong and says what to do; changes nothing.

Each check is one function that returns whether its part is well and a sentence, or raises one of
our errors; a check that raises is a finding, and the others still run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.settings import Settings, from_environment, require_slack
from bot.wiring import Services, load_corpus, open_services
from bot.wording import day
from ingest.domain import Status
from ingest.errors import SmallprintError
from ingest.manifest import corpus_folder


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, in one sentence that says what to do where something is wrong."""

    what: str
    healthy: bool
    sentence: str

    def to_json(self) -> dict[str, Any]:
        return {"what": self.what, "healthy": self.healthy, "sentence": self.sentence}


def examine(environment: Mapping[str, str]) -> list[Finding]:
    """Check settings, corpus, database, sources, index, chat model and Slack, in this order."""
    return list(_findings(environment))


def _findings(environment: Mapping[str, str]) -> Iterator[Finding]:
    try:
        settings = from_environment(environment)
    except SmallprintError as error:
        yield Finding("settings", False, str(error))
        return
    yield Finding("settings", True, f"Everything is kept under {settings.knowing.home}.")
    yield _checked("corpus", _corpus)
    yield _checked("slack", lambda: _slack(settings))
    yield _checked("chat model", lambda: _chat_model(settings))
    try:
        services = open_services(settings)
    except SmallprintError as error:
        yield Finding("database", False, str(error))
        return
    yield Finding("database", True, f"Reachable and up to date ({services.engine.dialect.name}).")
    yield _checked("sources", lambda: _sources(services))
    yield _checked("index", lambda: _index(services))


_Found = tuple[bool, str]


def _checked(what: str, check: Callable[[], _Found]) -> Finding:
    try:
        return Finding(what, *check())
    except SmallprintError as error:
        return Finding(what, False, str(error))


def _corpus() -> _Found:
    corpus = load_corpus(corpus_folder())
    manifest = corpus.manifest
    return True, (
        f"{len(manifest.vendors)} vendors, {len(manifest.sources)} sources, "
        f"{len(corpus.cards)} cards; every file is well-formed."
    )


def _sources(services: Services) -> _Found:
    states = services.health.states()
    declared = services.corpus.manifest.sources
    never = [name for name in declared if name not in states]
    failing = [name for name in declared if name in states and states[name].status is Status.FAILED]
    lasting = [
        f"{each.source} since {day(each.opened_at)} ({each.cause})"
        for each in services.health.lasting(services.now())
        if each.source in declared
    ]
    if never:
        return False, f"{len(never)} sources were never read; run `smallprint ingest`."
    if failing:
        for_days = f" Failing for days: {'; '.join(lasting[:5])}." if lasting else ""
        return False, (
            f"{len(failing)} of {len(declared)} sources failed when last checked "
            f"({', '.join(failing[:5])}); what was known of them is served.{for_days} "
            "Run `smallprint ingest` to try again and see why."
        )
    return True, f"All {len(declared)} sources were read when last checked."


def _index(services: Services) -> _Found:
    services.warm_up()
    generation = services.archive.generation()
    if generation is None:
        return False, "No index yet; run `smallprint ingest`."
    return True, f"Generation {generation.id} answers, {generation.chunks} passages."


def _chat_model(settings: Settings) -> _Found:
    from bot.chatting import open_chat_model

    if not settings.chat_model:
        return True, "None is set; answers quote the deciding clauses."
    open_chat_model(settings.chat_model)
    return True, f"{settings.chat_model} can be opened."


def _slack(settings: Settings) -> _Found:
    from bot.app import check_slack

    if not settings.slack.configured:
        return True, "No token is set; questions are answered in the terminal."
    require_slack(settings.slack)
    return True, check_slack(settings.slack)
