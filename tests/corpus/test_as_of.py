"""Real terms with their real history: what held on a day, from the version that was in force then.

Follows five documents of the public archive through the real command line. The archive is reached
by git's own ``insteadOf``, which leads its address to the bundle beside the checkout.
"""

from __future__ import annotations

import json
import os
import shutil
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
FOLLOWED = (
    *("deepseek/platform-terms", "deepseek/terms-of-use", "alibaba/qwen-studio-terms"),
    *("xai/privacy-policy", "microsoft/privacy-statement"),
)

pytestmark = pytest.mark.skipif(
    not BUNDLE.is_file(),
    reason="needs the bundle of terms in the folder shared beside the checkout",
)

CAP = "what is the liability cap of DeepSeek's consumer terms?"
SELLS = "does xAI's privacy policy say that it sells personal information?"
TRADE = "may we use Qwen Chat for commercial purposes?"
NOTICE = "on what notice do changes of the DeepSeek open platform terms take effect?"
# Our own: question, day, a few words, and whether a cited clause holds them
OWN = [
    (CAP, "2026-03-01", "$100", False),
    (CAP, "2026-05-01", "$100", True),
    (SELLS, "2026-04-01", "do not sell personal information", True),
    (SELLS, "2026-05-25", "do not sell personal information", False),
    (TRADE, "2026-04-01", "solely for your personal learning", True),
    (TRADE, "2026-05-25", "solely for your personal learning", False),
    (NOTICE, "2026-04-10", "seven (7) days", False),
    (NOTICE, "2026-05-10", "seven (7) days", True),
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
def home(model_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("as-of")
    shutil.copytree(model_home / "models", folder / "models")
    only = [word for id in FOLLOWED for word in ("--source", id)]
    report = smallprint(folder, "ingest", *only)
    assert report["counts"]["new"] == len(FOLLOWED)
    assert report["history"]["versions"] == 14
    assert report["history"]["refused"] == 3  # three states of a page that was an empty shell
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


@pytest.mark.parametrize(("question", "day", "words", "held"), OWN)
def test_the_day_beside_the_question_does_so_too(
    home: Path, question: str, day: str, words: str, held: bool
) -> None:
    told = smallprint(home, "ask", question, "--as-of", day)
    assert told["citations"]
    assert any(words in collapsed(each["quote"]) for each in told["citations"]) is held


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
