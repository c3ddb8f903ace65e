"""The command line as people and scripts meet it: real processes, exit statuses, both streams."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot.wiring import load_corpus
from ingest.archive import Archive
from ingest.database import connect
from ingest.domain import Kind
from ingest.manifest import corpus_folder
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


def test_every_licence_changelog_and_article_is_read_from_where_it_is_published(
    read_home: Home,
) -> None:
    told = read_home.report
    assert told["counts"]["failed"] == 0, told
    sources = load_corpus(corpus_folder()).manifest.sources
    kinds = Counter(sources[name].kind for name in read_home.followed)
    assert told["counts"]["new"] == sum(kinds.values())
    assert kinds[Kind.LICENCE] >= 35
    assert kinds[Kind.RELEASE_NOTES] >= 3
    assert kinds[Kind.ARTICLE] >= 13
    assert told["embedded"] > 1_000


def test_a_second_run_embeds_nothing(read_home: Home) -> None:
    result = smallprint("ingest", "--json", *read_home.only, home=read_home.folder)
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["embedded"] == 0
    assert told["counts"]["new"] == 0


def test_offline_everything_is_served_from_the_archive_and_said_to_be(read_home: Home) -> None:
    result = smallprint("ingest", "--offline", *read_home.only, home=read_home.folder)
    assert result.returncode == 0, result.stdout
    assert "offline, from the archive alone" in result.stdout
    assert "passages indexed" in result.stdout


def test_a_proxy_that_refuses_fails_only_what_must_be_asked_and_answers_go_on(
    read_home: Home, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(read_home.folder, home)
    dead = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    result = smallprint("ingest", "--json", *read_home.only, home=home, **dead)
    told = json.loads(result.stdout)
    failed = {each["source"]: each for each in told["sources"] if each["status"] == "failed"}
    assert result.returncode == 1
    assert {each["cause"] for each in failed.values()} == {"unreachable"}
    assert all("Still serving version" in each["detail"] for each in failed.values())
    assert all(name.endswith("-changelog") for name in failed)
    assert told["counts"]["unchanged"] + len(failed) == len(told["sources"])
    answer = smallprint("ask", "does llama 4 have a user threshold?", home=home, **dead)
    assert "700 million" in answer.stdout


def test_an_answer_quotes_and_cites_the_deciding_clause(read_home: Home) -> None:
    question = "What happens if our product passes 700 million users on Llama 4?"
    result = smallprint("ask", question, home=read_home.folder)
    assert result.returncode == 0
    assert "Llama 4 Community License Agreement, 2. Additional Commercial Terms" in result.stdout
    assert "greater than 700 million" in " ".join(result.stdout.replace("|", " ").split())
    assert "not legal advice" in result.stdout


def test_an_answer_in_json_is_the_documented_shape_with_verbatim_quotes(read_home: Home) -> None:
    question = "can I call my fine-tuned model Vicuna-2 if it is built on Llama 3.1?"
    told = json.loads(smallprint("ask", question, "--json", home=read_home.folder).stdout)
    shape = "question status verdict text facts citations passages notices as_of seconds"
    assert list(told) == shape.split()
    assert told["status"] == "answered"
    assert len(told["passages"]) >= 10
    assert told["citations"]
    engine = connect(f"sqlite:///{read_home.folder / 'smallprint.db'}")
    for each in told["citations"]:
        version = Archive(engine).version(each["source"], each["version"]["number"])
        assert version is not None
        assert each["quote"] in version.text
        assert each["version"]["sha256"] == hashlib.sha256(version.text.encode()).hexdigest()
    engine.dispose()
    assert "at the beginning of any such AI model name" in told["citations"][0]["quote"]


def test_what_is_not_covered_is_said_to_be_so_and_nothing_else_is_cited(read_home: Home) -> None:
    question = "can we use midjourney v7 images in paid client work?"
    told = json.loads(smallprint("ask", question, "--json", home=read_home.folder).stdout)
    assert told["status"] == "not_found"
    assert told["citations"] == []
    assert "Midjourney is not covered" in told["text"]


def test_questions_on_standard_input_are_answered_in_order(read_home: Home) -> None:
    lines = ["gemma 3: may we use google's logo?", "", "x" * 5_000, "mit: is there a warranty?"]
    result = smallprint("ask", "-", "--json", home=read_home.folder, stdin="\n".join(lines))
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["question"][:5] for each in told] == ["gemma", "xxxxx", "mit: "]
    assert "4,000" in told[1]["error"]


def test_a_conversation_ends_with_its_input_and_survives_a_bad_line(read_home: Home) -> None:
    lines = "/license lama-9\n/license llama 4\n???\ngoverning law of llama 3.2?\n"
    result = smallprint("chat", home=read_home.folder, stdin=lines)
    assert result.returncode == 0, result.stderr
    assert "No licence or terms called" in result.stdout
    assert "Llama 4 Acceptable Use Policy" in result.stdout
    assert "question is empty" in result.stdout
    assert "State of California" in " ".join(result.stdout.replace("|", " ").split())


def test_a_conversation_goes_on_from_the_question_before(read_home: Home) -> None:
    lines = (
        "governing law of llama 3.2?\nand llama 3.3?\nquote it in full\nsince when?\n"
        "who says that\nthx\n"
    )
    result = smallprint("chat", home=read_home.folder, stdin=lines)
    assert result.returncode == 0, result.stderr
    told = " ".join(result.stdout.replace("|", " ").split())
    assert "Read as: “governing law of llama 3.3?”" in told
    assert "Word for word" in told
    assert "Llama 3.3 Community License Agreement: version 1" in told
    assert "Meta says so, in the Llama 3.3 Community License Agreement" in told
    assert told.endswith("or about another model.")


def test_an_unknown_licence_gets_suggestions(read_home: Home) -> None:
    refused(smallprint("license", "llamma 44", home=read_home.folder), "llama-4")


def test_a_family_of_several_licences_is_not_guessed(read_home: Home) -> None:
    refused(smallprint("license", "gemma", home=read_home.folder), "gemma-terms", "apache-2.0")


def test_every_card_is_listed(read_home: Home) -> None:
    result = smallprint("license", "list", "--json", home=read_home.folder)
    cards = json.loads(result.stdout)["cards"]
    assert set(cards[0]) == {"id", "title", "vendor", "kind", "facts", "stale"}
    assert {"llama-4", "gemma-terms", "qwen-license"} <= {each["id"] for each in cards}


def test_a_licence_shows_version_date_address_hash_and_clauses(read_home: Home) -> None:
    shown = smallprint("license", "llama", "4", "--json", home=read_home.folder)
    told = json.loads(shown.stdout)
    licence = told["documents"][0]
    assert licence["version"]["effective"] == "2025-04-05"
    assert len(licence["version"]["sha256"]) == 64
    assert licence["url"].startswith("https://")
    (limit,) = [each for each in told["facts"] if each["field"] == "user-threshold"]
    assert (limit["value"], limit["status"]) == ("licence-above", "current")
    assert "700 million" in limit["citations"][0]["quote"]


def test_the_doctor_says_what_each_part_is_and_what_was_never_read(read_home: Home) -> None:
    result = smallprint("doctor", "--json", home=read_home.folder)
    findings = {each["what"]: each for each in json.loads(result.stdout)["findings"]}
    ill = {name: each["sentence"] for name, each in findings.items() if not each["healthy"]}
    assert ill == {"sources": f"{left_out()} sources were never read; run `smallprint ingest`."}
    assert set(findings) == {
        "settings", "corpus", "slack", "chat model", "database", "sources", "index"
    }  # fmt: skip


def left_out() -> int:
    """How many sources tests do not follow: those that others publish on pages and in git."""
    sources = load_corpus(corpus_folder()).manifest.sources.values()
    return sum(each.reader not in ("package", "file") for each in sources)


def test_the_doctor_names_each_ill_and_what_to_do(tmp_path: Path) -> None:
    ill = {"SLACK_SIGNING_SECRET": "shh", "SMALLPRINT_CHAT_MODEL": "nobody:nothing"}
    result = smallprint("doctor", home=tmp_path, **ill)
    assert result.returncode == 1
    for part in ("FAIL slack: SLACK_BOT_TOKEN", "FAIL chat model", "run `smallprint ingest`"):
        assert part in result.stdout
    assert "Traceback" not in result.stderr


def test_an_index_that_was_deleted_is_built_again_by_who_asks(
    read_home: Home, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(read_home.folder, home)
    shutil.rmtree(home / "index")
    answer = smallprint("ask", "does llama 4 have a user threshold?", home=home)
    assert "700 million" in answer.stdout, answer.stderr
