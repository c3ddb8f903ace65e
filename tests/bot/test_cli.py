"""The command line as people and scripts meet it: real processes, exit statuses, both streams."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Home

QUESTION = "how many people may use our product?"


def smallprint(
    *arguments: str, home: Path, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in a new process with an environment of its own."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SLACK_", "SMALLPRINT_", "DATABASE_URL"))
    }
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**clean, "SMALLPRINT_HOME": str(home), **environment},
    )


def refused(result: subprocess.CompletedProcess[str], *parts: str) -> None:
    """Assert: exit status 2, one line on standard error that has ``parts``, no traceback."""
    assert result.returncode == 2, result.stderr
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, result.stderr
    for part in parts:
        assert part in lines[0]
    assert "Traceback" not in result.stderr


def test_asking_before_anything_was_read_says_what_to_run(tmp_path: Path) -> None:
    refused(smallprint("ask", QUESTION, home=tmp_path / "new"), "smallprint ingest")


def test_a_home_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused(smallprint("ask", QUESTION, home=tmp_path / "file" / "home"), str(tmp_path / "file"))


def test_a_database_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "smallprint.db").write_bytes(b"this is a letter, not a database" * 100)
    refused(smallprint("ask", QUESTION, home=tmp_path), "smallprint.db")


def test_a_missing_token_is_named(tmp_path: Path) -> None:
    result = smallprint("web", home=tmp_path, SLACK_SIGNING_SECRET="shh")
    refused(result, "SLACK_BOT_TOKEN")


def test_an_unknown_source_gets_near_names(tmp_path: Path) -> None:
    refused(smallprint("ingest", "--source", "meta/lama-4", home=tmp_path), "meta/llama-4")


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question_is_refused(question: str, read_home: Home) -> None:
    refused(smallprint("ask", question, home=read_home.folder), "question")


def test_forty_thousand_characters_are_refused_with_the_limit(read_home: Home) -> None:
    refused(smallprint("ask", "why " * 10_000, home=read_home.folder), "4,000")
