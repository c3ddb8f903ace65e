"""Real terms with their real history: what held on a day, from the version that was in force then.

Follows two documents of the public archive through the real command line. The archive is reached
by git's own ``insteadOf``, which leads its address to the bundle beside the checkout.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).parents[3] / "shared" / "data"
BUNDLE = SHARED / "genai-terms.bundle"
QUESTIONS = SHARED / "eval" / "terms_questions.jsonl"
REPOSITORY = "https://github.com/OpenTermsArchive/genai-eu-versions"
FOLLOWED = ("deepseek/platform-terms", "microsoft/privacy-statement")

pytestmark = pytest.mark.skipif(
    not BUNDLE.is_file(),
    reason="needs the bundle of terms in the folder shared beside the checkout",
)

# Our own: question, day, words that the cited clause must hold
OWN = [
    (
        "what notice of changes does the DeepSeek open platform give?",
        "2026-04-10",
        "Once announced",
    ),
    (
        "what notice of changes does the DeepSeek open platform give?",
        "2026-05-10",
        "seven (7) days",
    ),
]


def smallprint(home: Path, *arguments: str) -> Any:
    environment = {
        **os.environ,
        "SMALLPRINT_HOME": str(home),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{BUNDLE}.insteadOf",
        "GIT_CONFIG_VALUE_0": REPOSITORY,
    }
    command = [sys.executable, "-m", "bot.cli", *arguments, "--json"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("as-of")
    only = [word for id in FOLLOWED for word in ("--source", id)]
    report = smallprint(folder, "ingest", *only)
    assert report["counts"]["new"] == len(FOLLOWED)
    assert report["history"]["versions"] >= 5
    return folder


def asked() -> list[tuple[str, str, str]]:
    """Question, day, and the evidence that decides, of every item that is about a day."""
    if not QUESTIONS.is_file():
        return []
    items = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [
        (each["question"], each["ask_as_of"], each["evidence"][0]["quote"])
        for item in items
        if item["as_of"]
        for each in item["dates"]
    ]


def collapsed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("question", "day", "evidence"), asked())
def test_the_day_in_the_question_picks_the_version_that_was_in_force(
    home: Path, question: str, day: str, evidence: str
) -> None:
    told = smallprint(home, "ask", question)
    assert told["as_of"] == day
    assert any(collapsed(evidence) in collapsed(each["text"]) for each in told["passages"][:5])
    versions = {each["version"]["seen"] for each in told["citations"]}
    assert versions
    assert all(date.fromisoformat(seen) <= date.fromisoformat(day) for seen in versions)


@pytest.mark.parametrize(("question", "day", "words"), OWN)
def test_the_day_beside_the_question_does_so_too(
    home: Path, question: str, day: str, words: str
) -> None:
    told = smallprint(home, "ask", question, "--as-of", day)
    assert any(words in collapsed(each["quote"]) for each in told["citations"])


def test_a_second_run_reads_nothing_again(home: Path) -> None:
    only = [word for id in FOLLOWED for word in ("--source", id)]
    report = smallprint(home, "ingest", *only)
    assert report["counts"]["unchanged"] == len(FOLLOWED)
    assert report["embedded"] == 0
    assert report["history"] == {
        "versions": 0,
        "reread": 0,
        "refused": 0,
        "embedded": 0,
        "failed": [],
    }
