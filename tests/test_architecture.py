"""The doors of docs/architecture.md: who may import what. Read from every module's own imports."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "ingest")

# framework → the modules (files, or folders with a closing slash) that may import it
DOORS = {
    "langchain": ("ingest/embedding.py", "ingest/index.py", "bot/chatting.py"),
    "langchain_core": (
        *("ingest/embedding.py", "ingest/index.py"),
        *("bot/chain.py", "bot/chatting.py"),
    ),
    "langchain_chroma": ("ingest/index.py",),
    "chromadb": ("ingest/index.py",),
    "bm25s": ("ingest/lexicon.py",),
    "sentence_transformers": ("ingest/embedding.py",),
    "torch": ("ingest/embedding.py",),
    "onnx": ("ingest/embedding.py",),
    "onnxruntime": ("ingest/embedding.py",),
    "tokenizers": ("ingest/embedding.py",),
    "sqlalchemy": (
        "ingest/database.py",
        "ingest/archive.py",
        "ingest/health.py",
        "ingest/migrations/",
        "bot/memory.py",
        "bot/subscriptions.py",
        "bot/threads.py",
    ),
    "jinja2": ("bot/cards/page.py",),
    "alembic": ("ingest/database.py", "ingest/migrations/"),
    "slack_bolt": ("bot/app.py", "bot/poster.py", "bot/listeners/", "bot/blocks/"),
    "slack_sdk": ("bot/app.py", "bot/poster.py", "bot/listeners/", "bot/blocks/"),
    "requests": ("ingest/fetch.py", "ingest/exchange.py", "ingest/connections.py"),
    "urllib3": ("ingest/exchange.py", "ingest/connections.py"),
    "remotezip": ("ingest/distributions.py",),
    "pypi_simple": ("ingest/distributions.py",),
    "protego": ("ingest/robots.py",),
    "subprocess": ("ingest/installer.py", "ingest/repository.py"),
    "bs4": (
        *("ingest/elements.py", "ingest/hypertext.py", "ingest/layout.py"),
        "ingest/markdown.py",
    ),
    "soupsieve": ("ingest/hypertext.py",),
    "markdownify": ("ingest/markdown.py",),
    "pypdf": ("ingest/portable.py",),
    "feedparser": ("ingest/readers/feed.py",),
    "py3langid": ("ingest/language.py",),
    "flask": ("bot/web.py",),
    "waitress": ("bot/web.py",),
    "click": ("bot/cli.py",),
    "tqdm": ("bot/cli.py",),
    "yaml": (
        "ingest/corpus_file.py",
        "ingest/readers/file.py",
        "ingest/readers/package.py",
        "ingest/readings.py",
    ),
}
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imported(source: str) -> set[str]:
    """Every module that ``source`` imports, at top level or inside functions, dotted."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{each.name}" for each in node.names}
    return names


def stray(place: str, source: str) -> list[str]:
    """What the module at ``place`` (relative path) imports although it may not."""
    found = []
    for name in sorted(imported(source)):
        top = name.partition(".")[0]
        doors = DOORS.get(top)
        if doors is not None and not any(
            place == door or place.startswith(door)
            for door in doors
            if place == door or door.endswith("/")
        ):
            found.append(f"{place} imports {name}; allowed in {', '.join(doors)}")
        if top == "bot" and place.startswith("ingest/"):
            found.append(f"{place} imports {name}; ingest never imports bot")
        if place.startswith("ingest/readers/") and name.startswith(
            ("ingest.archive", "ingest.database", "ingest.index", "ingest.run")
        ):
            found.append(f"{place} imports {name}; readers know neither archive nor index")
    return found


def reads_the_environment(source: str) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
        for node in ast.walk(ast.parse(source))
    )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_enters_other_rooms_only_by_their_doors(path: Path) -> None:
    assert stray(path.relative_to(ROOT).as_posix(), path.read_text()) == []


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("bot/quoting.py", "import sqlalchemy"),
        ("bot/quoting.py", "def f():\n    from chromadb import Client"),
        ("ingest/run.py", "from bot.domain import Answer"),
        ("ingest/readers/package.py", "from ingest import archive"),
        ("bot/listenersextra.py", "import slack_bolt"),
    ],
)
def test_a_stray_import_is_noticed(place: str, source: str) -> None:
    assert stray(place, source) != []


ENTRY_POINTS = {
    *("bot/cli.py", "ingest/embedding.py"),
    "ingest/repository.py",  # hands the environment on to git, and adds to it
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_entry_points_read_the_environment(path: Path) -> None:
    """Two modules also set it for a library that is configured in no other way."""
    place = path.relative_to(ROOT).as_posix()
    assert place in ENTRY_POINTS or not reads_the_environment(path.read_text())


FORBIDDEN = {"utils", "util", "helpers", "helper", "manager", "handler", "process", "data", "info"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_has_a_name_that_says_nothing(path: Path) -> None:
    assert path.stem not in FORBIDDEN


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_owns(path: Path) -> None:
    if path.name == "__init__.py" and not path.read_text().strip():
        return
    assert ast.get_docstring(ast.parse(path.read_text()))
