"""README, help and manifest agree with the code: what is documented exists, what exists is told."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import commands
from bot.settings import VARIABLES
from bot.wiring import load_corpus
from ingest.domain import Kind
from ingest.manifest import corpus_folder

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("corpus/*.md")])


def test_the_readme_names_every_command_and_no_other() -> None:
    told = set(re.findall(r"^\| `smallprint ([a-z]+)", README, re.MULTILINE))
    assert told == set(commands.commands)


def test_the_readme_names_every_setting_and_no_other() -> None:
    told = set(re.findall(r"^\| `([A-Z_]+)`", README, re.MULTILINE))
    assert told == set(VARIABLES)


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_every_option_of_a_command_is_in_the_readme(name: str) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| `smallprint {name}"))
    options = {
        option
        for parameter in commands.commands[name].params
        for option in parameter.opts
        if option.startswith("--")
    }
    assert {option for option in options if option not in row} == set()


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_every_command_has_help_that_says_what_it_does(name: str) -> None:
    told = CliRunner().invoke(commands, [name, "--help"])
    assert told.exit_code == 0
    assert len(told.output.splitlines()) > 3


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text())
    assert [each for each in targets if not (page.parent / each).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_named_in_docs_exist(page: Path) -> None:
    named = re.findall(
        r"`((?:bot|ingest|corpus|tests|docs|benchmarks)/[\w./-]+\.\w+)`", page.read_text()
    )
    missing = [each for each in named if not (ROOT / each).exists() and "<" not in each]
    assert missing == []


def test_the_readme_counts_what_the_corpus_holds() -> None:
    corpus = load_corpus(corpus_folder())
    models = [model for card in corpus.cards.values() for model in card.models]
    sources = corpus.manifest.sources.values()
    for told in (
        f"{len(sources)} documents of {len(corpus.manifest.vendors)} vendors",
        f"{sum(each.kind is Kind.LICENCE for each in sources)} licences of AI models",
        f"{len(corpus.cards)} cards say",
        f"{len(models)} models",
    ):
        assert told in " ".join(README.split())
    facts, cards = re.findall(r"More than ([\d,]+) facts on (\d+) cards", README)[0]
    assert int(facts.replace(",", "")) <= sum(len(card.facts) for card in corpus.cards.values())
    assert int(cards) <= sum(bool(card.facts) for card in corpus.cards.values())


def test_every_dependency_has_a_lower_and_an_upper_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    loose = [
        each
        for each in project["dependencies"]
        if "==" not in each and not (">=" in each and "<" in each)
    ]
    assert loose == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_exactly_with_hashes_and_holds_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    pins = re.findall(r"^[\w.-]+(?:\[[\w,]+\])?==\S+", text, re.MULTILINE)
    assert len(pins) > 50
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text


def test_no_package_registry_is_named_anywhere() -> None:
    hosts = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "debian" + ".org")
    patterns = ("**/*.py", "**/*.md", "**/*.yml", "**/*.toml", "Makefile", "*.lock", ".ci/*")
    ours = [
        each for pattern in patterns for each in ROOT.glob(pattern) if ".venv" not in each.parts
    ]
    assert len(ours) > 100
    assert [each for each in ours if any(host in each.read_text() for host in hosts)] == []
