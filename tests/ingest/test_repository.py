"""Copies of git repositories: what is read out of them, and what becomes of damaged ones."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.commits import Commit, Entry
from ingest.errors import (
    BusyError,
    FetchError,
    MissingError,
    ReadError,
    RefusedError,
    TooLargeError,
    UnreachableError,
)
from ingest.repository import Repository
from tests.ingest import hostile_server as play
from tests.ingest.git_archive import HOUR, START, GitArchive, configure, lead
from tests.ingest.hostile_server import HostileServer
from tests.ingest.package_index import closed_port

ADDRESS = "https://code.example/acme/terms"
_HOST = "https://code.example/"
_PEMS = ("key.pem", "localhost.pem")
NOWHERE = "https://nowhere.invalid/acme/terms"
SHARED = Path(__file__).parents[3] / "shared" / "data"
BUNDLE = SHARED / "genai-terms.bundle"


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitArchive:
    archive = GitArchive(tmp_path / "remote")
    lead(monkeypatch, ADDRESS, archive.folder)
    return archive


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "copies"


def commits(home: Path, address: str = ADDRESS) -> Sequence[Commit]:
    """As a new run sees them."""
    with closing(Repository(address, home)) as repository:
        return repository.commits


def paths(home: Path) -> list[str]:
    return [entry.path for commit in commits(home) for entry in commit.entries]


def contents(home: Path) -> list[bytes]:
    with closing(Repository(ADDRESS, home)) as repository:
        return [
            repository.content(entry.blob, 1_000)
            for commit in repository.commits
            for entry in commit.entries
            if entry.blob
        ]


def copy(home: Path) -> Path:
    (folder,) = [each for each in home.iterdir() if not each.name.startswith(".")]
    return folder


class TestHistory:
    def test_commits_come_oldest_first_with_what_they_changed(
        self, remote: GitArchive, home: Path
    ) -> None:
        first = remote.commit({"a.md": "one", "b.md": "two"})
        empty = remote.commit()
        last = remote.commit({"a.md": None, "b.md": "three"})
        found = commits(home)
        assert [each.id for each in found] == [first, empty, last]
        assert [each.at for each in found] == [START + HOUR, START + 2 * HOUR, START + 3 * HOUR]
        assert [[entry.path for entry in each.entries] for each in found] == [
            ["a.md", "b.md"],
            [],
            ["a.md", "b.md"],
        ]
        assert found[2].entries[0] == Entry("a.md", None)
        assert contents(home) == [b"one", b"two", b"three"]

    def test_what_a_branch_did_counts_once_when_it_is_merged(
        self, remote: GitArchive, home: Path
    ) -> None:
        start = remote.commit({"a.md": "one"})
        remote.git("switch", "--quiet", "--create", "branch")
        remote.commit({"b.md": "two"})
        remote.commit({"b.md": "three"})
        remote.git("switch", "--quiet", "main")
        later = remote.commit({"c.md": "four"})
        remote.git("merge", "--quiet", "--no-ff", "-m", "merge", "branch", at=START)
        found = commits(home)
        assert [each.id for each in found] == [start, later, remote.git("rev-parse", "HEAD")]
        assert [entry.path for entry in found[2].entries] == ["b.md"]

    @pytest.mark.parametrize(
        "name",
        [
            "with space.md",
            'it\'s “quoted” "here".md',
            "Bedingungen für Ärzte 条款.md",
            "two\nlines.md",
            "ends with a line\n",
            "\nbegins with one",
            "\x01 100644 a.md",
            "\x01" + "0" * 40 + " 1",
            ":100644 100644 a b M",
            "-rf",
            "\t",
        ],
    )
    def test_names_of_files_are_what_they_are(
        self, remote: GitArchive, home: Path, name: str
    ) -> None:
        remote.commit({name: "one"})
        remote.commit({name: "two", "other": "three"})
        assert paths(home) == [name, *sorted([name, "other"])]

    def test_a_name_that_is_no_text_can_be_written_down(
        self, remote: GitArchive, home: Path
    ) -> None:
        remote.commit({os.fsdecode(b"caf\xe9.md"): "one"})
        assert paths(home) == ["caf\\xe9.md"]

    def test_links_and_other_repositories_are_not_followed(
        self, remote: GitArchive, home: Path, tmp_path: Path
    ) -> None:
        (remote.folder / "link.md").symlink_to("/etc/passwd")
        other = GitArchive(tmp_path / "other")
        other.commit({"a.md": "theirs"})
        remote.git("submodule", "--quiet", "add", str(other.folder), "other")
        remote.commit()
        found = {entry.path: entry.blob for entry in commits(home)[0].entries}
        assert found.pop(".gitmodules") is not None
        assert found == {"link.md": None, "other": None}

    @pytest.mark.parametrize("seconds", ["0", "99999999999999", "9999999999999999"])
    def test_any_date_that_a_commit_claims_is_a_date(
        self, remote: GitArchive, home: Path, seconds: str
    ) -> None:
        remote.commit({"a.md": "one"}, at=f"@{seconds} +0000")
        assert commits(home)[0].at <= datetime.max.replace(tzinfo=UTC)

    @pytest.mark.parametrize("said", ["", "soon", "-5 +0000"])
    def test_a_date_that_cannot_be_read_costs_nothing_else(
        self, remote: GitArchive, home: Path, said: str
    ) -> None:
        parent = remote.commit({"a.md": "one"})
        tree = remote.git("rev-parse", "HEAD^{tree}")
        written = (
            f"tree {tree}\nparent {parent}\nauthor Acme <a@acme.example> 1 +0000\n"
            f"committer Acme <a@acme.example> {said}\n\nm\n"
        )
        odd = remote.git(
            *("hash-object", "-t", "commit", "-w", "--stdin", "--literally"), given=written.encode()
        )
        remote.git("update-ref", "refs/heads/main", odd)
        assert [each.id for each in commits(home)] == [parent, odd]

    def test_neither_settings_of_the_user_nor_hooks_change_what_is_read(
        self, remote: GitArchive, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        remote.commit({"a.md": "one"})
        remote.commit({"a.md": None, "b.md": "one"})
        before = commits(home)
        hook = tmp_path / "hooks" / "reference-transaction"
        hook.parent.mkdir()
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        hook.chmod(0o755)
        settings = {
            f"url.{remote.folder}.insteadOf": ADDRESS,
            "core.hooksPath": str(hook.parent),
            "log.showSignature": "true",
            "log.showRoot": "false",
            "color.ui": "always",
            "diff.renames": "copies",
            "fetch.recurseSubmodules": "true",
            "fetch.prune": "true",
        }
        configure(monkeypatch, settings)
        assert commits(home) == before
        assert commits(home.with_name("fresh")) == before
        assert not (tmp_path / "ran").exists()

    def test_a_repository_that_the_program_was_started_in_is_left_alone(
        self, remote: GitArchive, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        remote.commit({"a.md": "one"})
        own = GitArchive(tmp_path / "own")
        for name in ("GIT_DIR", "GIT_WORK_TREE"):
            monkeypatch.setenv(name, str(own.folder / ".git"))
        monkeypatch.setenv("GIT_INDEX_FILE", str(own.folder / "index"))
        before = sorted(own.folder.rglob("*"))
        assert paths(home) == ["a.md"]
        assert sorted(own.folder.rglob("*")) == before


class TestContent:
    def test_a_file_that_is_too_large_is_refused_and_the_next_one_is_had(
        self, remote: GitArchive, home: Path
    ) -> None:
        remote.commit({"a.md": "x" * 3_000_000, "b.md": "small"})
        with closing(Repository(ADDRESS, home)) as repository:
            large, small = (each.blob or "" for each in repository.commits[0].entries)
            with pytest.raises(TooLargeError, match=r"3,000,000 bytes; 2,999,999 are"):
                repository.content(large, 2_999_999)
            assert repository.content(small, 5) == b"small"
            assert repository.content(large, 3_000_000) == b"x" * 3_000_000

    @pytest.mark.parametrize("content", [b"", b"\n", b"\0\xff\n\n", b"0" * 40 + b" blob 3\n"])
    def test_bytes_come_as_they_are(self, remote: GitArchive, home: Path, content: bytes) -> None:
        remote.commit({"a": content, "b": b"after"})
        assert contents(home) == [content, b"after"]

    def test_is_had_again_after_closing(self, remote: GitArchive, home: Path) -> None:
        remote.commit({"a.md": "one"})
        with closing(Repository(ADDRESS, home)) as repository:
            ((entry,),) = (each.entries for each in repository.commits)
            for _ in range(2):
                assert repository.content(entry.blob or "", 3) == b"one"
                repository.close()

    def test_what_the_copy_does_not_hold_is_had_by_the_next_run(
        self, remote: GitArchive, home: Path
    ) -> None:
        remote.commit({"a.md": "one"})
        with closing(Repository(ADDRESS, home)) as repository:
            assert repository.commits
            with pytest.raises(ReadError, match="damaged; run again"):
                repository.content("0" * 40, 1_000)
        assert contents(home) == [b"one"]


class TestRuns:
    def test_the_copy_is_kept_and_brought_up_to_date(self, remote: GitArchive, home: Path) -> None:
        first = remote.commit({"a.md": "one"})
        assert [each.id for each in commits(home)] == [first]
        kept = copy(home).stat().st_ino
        second = remote.commit({"a.md": "two"})
        assert [each.id for each in commits(home)] == [first, second]
        assert copy(home).stat().st_ino == kept

    def test_within_one_run_it_is_asked_once(self, remote: GitArchive, home: Path) -> None:
        remote.commit({"a.md": "one"})
        with closing(Repository(ADDRESS, home)) as repository:
            before = repository.commits
            remote.commit({"a.md": "two"})
            assert repository.commits is before

    def test_a_history_that_was_rewritten_is_followed(self, remote: GitArchive, home: Path) -> None:
        remote.commit({"a.md": "one"})
        remote.commit({"a.md": "two"})
        commits(home)
        remote.git("switch", "--quiet", "--orphan", "anew")
        new = remote.commit({"b.md": "three"})
        remote.git("branch", "--quiet", "--force", "main", "anew")
        remote.git("switch", "--quiet", "main")
        assert [each.id for each in commits(home)] == [new]

    def test_a_bundle_is_as_good_as_a_server(
        self, remote: GitArchive, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        remote.commit({"a.md": "one"})
        lead(monkeypatch, ADDRESS, remote.bundle(tmp_path / "terms.bundle"))
        assert contents(home) == [b"one"]

    def test_a_bundle_that_does_not_say_what_is_newest_has_one_branch(
        self, remote: GitArchive, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        remote.commit({"a.md": "one"})
        remote.git("branch", "--quiet", "--move", "main", "published")
        bundle = tmp_path / "terms.bundle"
        remote.git("bundle", "create", str(bundle), "published")
        lead(monkeypatch, ADDRESS, bundle)
        assert contents(home) == [b"one"]

    @pytest.mark.parametrize("declared", [ADDRESS, f"{ADDRESS}.git"])
    @pytest.mark.parametrize("led", [ADDRESS, f"{ADDRESS}.git"])
    def test_another_place_may_be_put_in_with_git_at_the_end_or_without(
        self,
        remote: GitArchive,
        home: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        declared: str,
        led: str,
    ) -> None:
        commit = remote.commit({"a.md": "one"})
        lead(monkeypatch, led, remote.bundle(tmp_path / "terms.bundle"))
        assert [each.id for each in commits(home, declared)] == [commit]

    def test_what_a_killed_run_left_is_in_nobodys_way(self, remote: GitArchive, home: Path) -> None:
        remote.commit({"a.md": "one"})
        (home / ".making-left" / "copy").mkdir(parents=True)
        assert contents(home) == [b"one"]
        remote.commit({"a.md": "two"})
        (copy(home) / "refs" / "heads" / "followed.lock").touch()
        assert contents(home) == [b"one", b"two"]

    @pytest.mark.parametrize("lost", ["HEAD", "objects", "refs", "config"])
    def test_a_copy_that_lost_a_part_is_made_again(
        self, remote: GitArchive, home: Path, lost: str
    ) -> None:
        remote.commit({"a.md": "one"})
        commits(home)
        part = copy(home) / lost
        if part.is_dir():
            shutil.rmtree(part)
        else:
            part.unlink()
        assert contents(home) == [b"one"]

    @pytest.mark.parametrize("junk", [b"", b"junk"])
    def test_a_copy_with_damaged_objects_is_made_again(
        self, remote: GitArchive, home: Path, junk: bytes
    ) -> None:
        remote.commit({"a.md": "one"})
        remote.commit({"a.md": "two"})
        commits(home)
        for each in (copy(home) / "objects").rglob("*"):
            if each.is_file():
                each.chmod(0o644)
                each.write_bytes(junk)
        assert contents(home) == [b"one", b"two"]

    def test_without_a_connection_the_copy_stays(
        self, remote: GitArchive, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        remote.commit({"a.md": "one"})
        commits(home)
        lead(monkeypatch, ADDRESS, tmp_path / "gone")
        kept = copy(home).stat().st_ino
        with pytest.raises(UnreachableError):
            commits(home)
        assert copy(home).stat().st_ino == kept
        assert not [*home.glob(".making-*")]


class TestOutOfReach:
    @pytest.fixture(autouse=True)
    def no_proxy(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Nothing answers for a name that nobody has."""
        for name in [*os.environ]:
            if name.upper().endswith("_PROXY"):
                monkeypatch.delenv(name)
        configure(monkeypatch, {})
        yield

    def test_a_host_that_is_not_there_is_unreachable(self, home: Path) -> None:
        with pytest.raises(UnreachableError, match=r"nowhere\.invalid"):
            commits(home, NOWHERE)
        assert [*home.iterdir()] == []

    @pytest.mark.parametrize("command", ["ext::sh -c touch%20{}", "ssh://-oProxyCommand=x/{}"])
    def test_no_setting_of_an_address_runs_a_program(
        self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
    ) -> None:
        target = command.format(tmp_path / "ran")
        configure(monkeypatch, {f"url.{target}.insteadOf": ADDRESS, "protocol.allow": "always"})
        with pytest.raises(UnreachableError):
            commits(home)
        assert not (tmp_path / "ran").exists()

    def test_an_address_that_looks_like_an_option_is_none(self, home: Path, tmp_path: Path) -> None:
        with pytest.raises(UnreachableError):
            commits(home, f"--upload-pack=touch {tmp_path / 'ran'}")
        assert not (tmp_path / "ran").exists()

    def test_an_empty_repository_has_nothing_to_follow(
        self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lead(monkeypatch, ADDRESS, GitArchive(tmp_path / "empty").folder)
        with pytest.raises(MissingError, match="no branch"):
            commits(home)

    def test_a_machine_without_git_says_so(
        self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(RefusedError, match="not installed"):
            commits(home)

    def test_one_that_never_answers_is_given_up(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def never(*_arguments: object, **_settings: object) -> None:
            raise subprocess.TimeoutExpired("git", 900)

        monkeypatch.setattr(subprocess, "run", never)
        with pytest.raises(UnreachableError, match="in time"):
            commits(home)


class TestAnswers:
    """What a server says to git decides what is told, not the words of git about it."""

    @pytest.fixture(scope="class")
    def certificate(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("certificate")
        command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
        names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "localhost.pem")]
        try:
            subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
        except FileNotFoundError:
            pytest.skip("openssl is not installed here")
        both = folder / "both.pem"
        both.write_bytes(b"".join((folder / each).read_bytes() for each in sorted(_PEMS)))
        return both

    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (401, RefusedError),
            (403, RefusedError),
            (404, MissingError),
            (410, MissingError),
            (429, BusyError),
            (503, BusyError),
        ],
    )
    def test_decide_the_kind_of_the_error(
        self,
        certificate: Path,
        home: Path,
        monkeypatch: pytest.MonkeyPatch,
        status: int,
        error: type[FetchError],
    ) -> None:
        with HostileServer(certificate) as server:
            server.configure(monkeypatch)
            server.play("/acme/terms/info/refs", play.status(status), host="localhost")
            there = f"https://me:secret@localhost:{server._server.server_port}/"
            settings = {"http.sslCAInfo": str(certificate), f"url.{there}.insteadOf": _HOST}
            configure(monkeypatch, settings)
            with pytest.raises(error) as caught:
                commits(home)
        assert "secret" not in str(caught.value)

    def test_that_never_come_are_no_refusal(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        configure(monkeypatch, {f"url.https://localhost:{closed_port()}/.insteadOf": _HOST})
        with pytest.raises(UnreachableError):
            commits(home)


@pytest.mark.skipif(not BUNDLE.is_file(), reason="the shared data is not beside the checkout")
def test_the_real_terms_are_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lead(monkeypatch, ADDRESS, BUNDLE)
    with closing(Repository(ADDRESS, home)) as repository:
        found = repository.commits
        entries = [entry for each in found for entry in each.entries]
        policy = [each for each in entries if each.path == "Llama API/Privacy Policy.md"]
        assert (len(found), len(policy)) == (664, 108)
        assert all(repository.content(each.blob or "", 10**6) for each in policy)
