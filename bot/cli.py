"""The command line, ``smallprint …``: reads the environment and the clock, calls one thing, prints.

Answers and JSON go to standard output, everything else to standard error. Modules are imported by
the command that needs them, because an answer should not wait for what it does not use.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ingest.errors import QuestionError, SmallprintError, UnknownNameError

if TYPE_CHECKING:
    from bot.evaluating.questions import Case
    from bot.wiring import Services
    from ingest.vectors import Progress

EXIT_FAILED_SOURCES = 1
EXIT_REFUSED = 2

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--verbose", is_flag=True, help="Log what happens to standard error.")
@click.version_option(package_name="smallprint")
def commands(verbose: bool) -> None:
    """Cited answers from the licences and terms of AI vendors, in Slack and here."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.ERROR,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )


def main() -> None:
    """Run the command line; a refusal is one sentence on standard error and exit status 2."""
    try:
        commands(prog_name="smallprint")
    except SmallprintError as error:
        click.echo(f"smallprint: {error}", err=True)
        raise SystemExit(EXIT_REFUSED) from None


def _services() -> Services:
    from bot.settings import from_environment
    from bot.wiring import open_services

    return open_services(from_environment(os.environ))


@commands.command()
@click.option("--source", "only", multiple=True, metavar="ID", help="Only this source; repeatable.")
@click.option("--offline", is_flag=True, help="Use no network; serve what the archive holds.")
@as_json
def ingest(only: tuple[str, ...], offline: bool, as_json: bool) -> None:
    """Follow every source once, bring the index up to date, then fill in history.

    What is new can be asked about before the history is there; a run that is ended early is gone on
    with by the next. Exits with 1 when a source failed; what is known of it stays and is served.
    """
    from bot import terminal
    from bot.following import Following

    services = _services()
    _check_sources(services, only)
    following = Following(services, _progress_bar, offline=offline)
    report = following.ingest(only or None)
    if not as_json:
        click.echo(terminal.report(report))
    filled = following.fill(only or None)
    if as_json:
        click.echo(_dumped({**report.to_json(), "history": filled.to_json()}))
    else:
        click.echo(terminal.history(filled))
    if report.failed:
        raise SystemExit(EXIT_FAILED_SOURCES)


def _check_sources(services: Services, only: tuple[str, ...]) -> None:
    from rapidfuzz import process

    known = services.corpus.manifest.sources
    for name in only:
        if name not in known:
            near = [found for found, _, _ in process.extract(name, known.keys(), limit=3)]
            raise UnknownNameError(
                f"No source is called {name!r}; near ones are {', '.join(near)}.", tuple(near)
            )


@contextmanager
def _progress_bar() -> Iterator[Progress]:
    """A bar a step on standard error, where that is a terminal; silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _of: None
        return
    from tqdm import tqdm

    with ExitStack() as stack:
        bars: dict[str, tqdm[Any]] = {}

        def show(what: str, done: int, of: int) -> None:
            if what not in bars:
                bars[what] = stack.enter_context(tqdm(total=of, desc=what, leave=False))
            bars[what].update(done - bars[what].n)

        yield show


@commands.command()
@click.argument("question")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Answer from what was in force on this day (YYYY-MM-DD).",
)
@as_json
def ask(question: str, as_of: datetime | None, as_json: bool) -> None:
    """Answer QUESTION with the clauses that decide it.

    A day may also stand in the question ("as of 20 March 2026"). A single dash reads one question a
    line from standard input and prints one answer each.
    """
    services = _services()
    day = as_of.date() if as_of else None
    if question != "-":
        click.echo(_answered(services, question, as_json, day, indent=2))
        return
    for line in sys.stdin:
        if line.strip():
            click.echo(_answered_or_refused(services, line.strip(), as_json, day))


def _answered(
    services: Services, text: str, as_json: bool, day: date | None, indent: int | None = None
) -> str:
    from bot import terminal
    from bot.domain import Question

    told = services.answer(Question(text, day))
    return _dumped(told.to_json(), indent) if as_json else terminal.answer(told) + "\n"


def _answered_or_refused(services: Services, text: str, as_json: bool, day: date | None) -> str:
    """In a list of questions, one that cannot be asked must not silence those after it."""
    try:
        return _answered(services, text, as_json, day)
    except QuestionError as error:
        return _dumped({"question": text[:200], "error": str(error)}) if as_json else f"{error}\n"


def _dumped(document: Any, indent: int | None = None) -> str:
    return json.dumps(document, ensure_ascii=False, indent=indent)


@commands.command("license")
@click.argument("words", nargs=-1)
@click.option("--use", metavar="TEXT", help="With `check`: what you want to do, in your own words.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The card as it stood on this day (YYYY-MM-DD).",
)
@click.option("--html", "as_html", is_flag=True, help="Print a page to be opened or passed on.")
@as_json
def license_(
    words: tuple[str, ...], use: str | None, as_of: datetime | None, as_html: bool, as_json: bool
) -> None:
    """Show what licences and terms allow, with the clause behind each line.

    \b
    license NAME                  the card
    license NAME TOPIC            its facts on one topic, with the clauses quoted
    license compare A B [C]       side by side, what differs first
    license check NAME --use "…"  a use in your own words against the clauses
    license obligations NAME      what you must do
    license history NAME          versions, and what changed
    license list                  every card
    """
    from bot.cards import page, text
    from bot.cards.requests import requested

    request = requested(words, use, as_of.date() if as_of else None)
    view = _services().licenses.meet(request)
    if as_json:
        click.echo(_dumped(view.to_json(), 2))
    else:
        click.echo(page.shown(view) if as_html else text.shown(view))


@commands.group()
def cards() -> None:
    """For those who write cards: find clauses, hold facts against them, sign a card off."""


@cards.command("clauses")
@click.argument("source")
@click.argument("words", nargs=-1)
def cards_clauses(source: str, words: tuple[str, ...]) -> None:
    """Show the clauses of SOURCE, those that hold WORDS, each with the section to point at."""
    from bot import terminal
    from bot.reviewing import clauses_of

    for each in clauses_of(_services(), source, " ".join(words)):
        click.echo(terminal.clause(each))


@cards.command("check")
@click.argument("names", nargs=-1, metavar="[CARD]...")
def cards_check(names: tuple[str, ...]) -> None:
    """Hold the facts of each CARD (of all of them) against the texts; say which do not stand.

    Named cards are shown fact by fact with the clauses that they rest on. Exits with 1 where a fact
    is stale.
    """
    from bot import terminal
    from bot.reviewing import review
    from ingest.prover import stale

    found = 0
    for each in review(_services(), names):
        found += stale(each.facts)
        click.echo(terminal.reviewed(each, whole=bool(names)))
    if found:
        raise SystemExit(EXIT_FAILED_SOURCES)


@cards.command("confirm")
@click.argument("names", nargs=-1, required=True, metavar="CARD...")
def cards_confirm(names: tuple[str, ...]) -> None:
    """Record that every fact of CARD was read against the clauses as they stand today.

    From then on a fact goes stale when one of its clauses says something else.
    """
    from bot.reviewing import confirm
    from ingest.manifest import corpus_folder

    services = _services()
    for name in names:
        path = confirm(services, name, corpus_folder(), services.now().date())
        click.echo(f"{name}: recorded in corpus/readings/{path.name}.")


@commands.command()
def chat() -> None:
    """Talk in the terminal: one question a line, until end of file. `/license NAME` works too.

    What follows up on the question before is understood: "and gemma?", "in the EU?", "quote it in
    full", "since when?", "who says that?".
    """
    _converse(_services())


def _converse(services: Services) -> None:
    from bot import terminal
    from bot.cards import text as cards_text
    from bot.threads import ThreadKey

    conversation, here = services.passing_conversation(), ThreadKey("", "terminal", "")
    for number, line in enumerate(_lines()):
        text = line.strip()
        if not text:
            continue
        try:
            if text.startswith("/license"):
                view = services.licenses.answer(text.removeprefix("/license"))
                click.echo(cards_text.shown(view))
            else:
                told = conversation.answer(here, text, f"{number:09}")
                click.echo(terminal.answer(told) + "\n")
        except QuestionError as error:
            click.echo(f"{error}\n")


def _lines() -> Iterator[str]:
    """Lines of standard input, with a prompt and editing where a person types them."""
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    import readline  # noqa: F401 - input() edits and remembers lines once this is imported

    click.echo("Ask about the licence or terms of an AI model; end with Ctrl-D.", err=True)
    while True:
        try:
            yield input("> ")
        except EOFError:
            return


@commands.command()
def run() -> None:
    """Ingest, then serve: the Slack bot where tokens are set, else a conversation here.

    History is filled in while it serves.
    """
    from bot import terminal
    from bot.following import Following
    from bot.settings import require_slack

    services = _services()
    slack = services.settings.slack
    if slack.configured:
        require_slack(slack)
    following = Following(services, _progress_bar)
    click.echo(terminal.report(following.ingest(None)), err=True)
    if slack.configured:
        services.warm_up()
    _work_behind(services)
    if slack.configured:
        _serve(services, socket_mode=bool(slack.app_token))
    else:
        _converse(services)


@commands.command()
def web() -> None:
    """Serve Slack over HTTP on PORT; the worker runs apart."""
    from bot.settings import require_slack

    services = _services()
    require_slack(services.settings.slack)
    services.warm_up()
    _serve(services, socket_mode=False)


@commands.command()
@click.option("--once", is_flag=True, help="One run, then exit; for cron.")
def worker(once: bool) -> None:
    """Follow each source when it is due, most of them daily, and fill in history."""
    from bot.following import Following
    from bot.worker import Worker

    working = Worker(Following(_services()))
    if once:
        working.tick()
    else:
        working.run()


def _work_behind(services: Services) -> None:
    """Follow sources and fill in history in a thread that ends with the process."""
    from bot.following import Following
    from bot.worker import Worker

    working = Worker(Following(services))
    threading.Thread(target=working.run, name="worker", daemon=True).start()


def _serve(services: Services, *, socket_mode: bool) -> None:
    from bot.app import serve

    serve(services, socket_mode=socket_mode)


@commands.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--baseline", is_flag=True, help="Measure the plain recipe in the same run.")
@click.option("--calibrate", is_flag=True, help="Find when to decline; write it to corpus/.")
@click.option(
    "--cost",
    type=click.FloatRange(min=0.0, min_open=True),
    default=5.0,
    show_default=True,
    help="With --calibrate: what declining an answerable question weighs against the reverse.",
)
@as_json
def evaluate(
    files: tuple[Path, ...], baseline: bool, calibrate: bool, cost: float, as_json: bool
) -> None:
    """Ask every question in FILES and measure the answers against what decides.

    With --calibrate nothing is measured: FILES, which hold questions that nothing settles as well,
    tell when the embedder in use should rather decline. Exits with 1 when a quote is not verbatim
    in the version that it is said to be of.
    """
    from bot.evaluating.evaluation import evaluate
    from bot.evaluating.plain import PlainRecipe
    from bot.evaluating.questions import load_cases
    from bot.evaluating.report import report

    services = _services()
    cases = load_cases([*files], services.corpus.manifest)
    services.warm_up()
    if calibrate:
        _calibrate(services, cases, cost)
        return
    plain = None
    if baseline:
        versions = services.serving.documents()
        plain = PlainRecipe.of(versions, services.embedder, services.home)
    with _progress_bar() as progress:
        found = evaluate(
            cases,
            services.answer,
            services.answerer.library,
            time.perf_counter,
            plain,
            lambda done, of: progress("questions", done, of),
        )
    click.echo(_dumped(found.to_json(), 2) if as_json else report(found))
    if found.whole.valid not in (None, 1.0):
        raise SystemExit(EXIT_FAILED_SOURCES)


def _calibrate(services: Services, cases: Sequence[Case], cost: float) -> None:
    from bot.calibration import save_calibration
    from bot.evaluating.calibrating import calibrated, weigh
    from bot.evaluating.report import calibration
    from ingest.manifest import corpus_folder

    today = services.now().date()
    with _progress_bar() as progress:
        weighed = weigh(
            cases,
            lambda each: services.answerer.weighed(each, today),
            lambda done, of: progress("questions", done, of),
        )
    found = calibrated(weighed, cost)
    path = save_calibration(corpus_folder(), services.embedder.name, found)
    click.echo(f"{calibration(found)}\nWritten to corpus/{path.name}.")


@commands.command()
@as_json
def doctor(as_json: bool) -> None:
    """Check settings, database, index, sources and Slack; say what to do about what is wrong."""
    from bot.doctor import examine

    findings = examine(os.environ)
    if as_json:
        click.echo(_dumped({"findings": [each.to_json() for each in findings]}, 2))
    else:
        for each in findings:
            click.echo(f"{'ok  ' if each.healthy else 'FAIL'} {each.what}: {each.sentence}")
    if not all(each.healthy for each in findings):
        raise SystemExit(EXIT_FAILED_SOURCES)


if __name__ == "__main__":
    main()
