"""The reader of git repositories: the newest state, every state before it, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import parts
from ingest.domain import Kind, Option, Snapshot, Source
from ingest.errors import (
    CorpusError,
    MissingError,
    OfflineError,
    PinMismatchError,
    ReadError,
    TooLargeError,
    UnreachableError,
)
from ingest.fetch import Fetcher
from ingest.readers import Historian, State
from ingest.readers.git import GitReader
from tests.ingest.git_archive import HOUR, START, GitArchive, configure, lead

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
READER = GitReader()
ADDRESS = "https://code.example/acme/terms"
PATH = "docs/TERMS.md"
SOURCE = Source(
    id="acme/terms",
    vendor="acme",
    title="Acme Terms of Use",
    kind=Kind.TERMS,
    reader="git",
    options={"repository": ADDRESS, "path": PATH},
    url="https://acme.example/terms",
    key=PATH,
    dated=date(2020, 1, 1),
)
BUNDLE = Path(__file__).parents[4] / "shared" / "data" / "genai-terms.bundle"


@dataclass
class Held:
    """What an archive would know."""

    last: Snapshot | None = None
    pins: dict[str, str] = field(default_factory=dict)

    def pinned(self, address: str) -> str | None:
        return self.pins.get(address)

    def seen(self, address: str) -> str | None:
        return None


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitArchive:
    archive = GitArchive(tmp_path / "remote")
    lead(monkeypatch, ADDRESS, archive.folder)
    return archive


@dataclass
class Runs:
    """Each call is a run of its own, with the copies of the runs before it."""

    copies: Path
    max_bytes: int = 1_000_000

    def fetch(
        self, source: Source = SOURCE, known: Held | None = None, now: datetime = NOW
    ) -> Sequence[Snapshot]:
        with Fetcher(copies=self.copies, max_bytes=self.max_bytes) as fetcher:
            return READER.fetch(source, fetcher, known or Held(), now)

    def newest(self, source: Source = SOURCE) -> Snapshot:
        (snapshot,) = self.fetch(source)
        return snapshot

    def states(self, source: Source = SOURCE) -> list[Snapshot]:
        """Every state with its bytes, oldest first."""
        with Fetcher(copies=self.copies, max_bytes=self.max_bytes) as fetcher:
            return [each.load() for each in READER.history(source, fetcher, Held(), NOW)]

    def texts(self, source: Source = SOURCE) -> list[str]:
        return [READER.read(source, each).text for each in self.states(source)]


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path / "copies")


def at(*paths: str) -> Source:
    return replace(SOURCE, options={"repository": ADDRESS, "path": paths})


class TestOptions:
    @pytest.mark.parametrize(
        "path", [PATH, ("a.md", "models/*/LICENSE"), "Llama API/Privacy Policy.md", "--upload-pack"]
    )
    def test_a_repository_and_paths_inside_it(self, path: Option) -> None:
        READER.check(SOURCE.id, {"repository": ADDRESS, "path": path})

    @pytest.mark.parametrize(
        "repository",
        [
            "--upload-pack=touch /tmp/x",
            "ext::sh -c id",
            "file:///etc",
            "/etc",
            "../terms",
            "ssh://git@code.example/acme/terms",
            "git@code.example:acme/terms",
            "http://code.example/acme/terms",
            "https://me:secret@code.example/acme/terms",
            "https://localhost/acme/terms",
            "https://code.example:8443/acme/terms",
            "https://code.example/acme/terms?x=1",
            "https://code.example/acme/terms#x",
            "https://code.example/acme/terms/",
            "https://code.example/acme/terms\n",
            "https://code.example/acme terms",
            "https://code.example",
            "",
            ("https://code.example/a", "https://code.example/b"),
        ],
    )
    def test_other_repositories_are_refused(self, repository: Option) -> None:
        with pytest.raises(CorpusError, match=r"options\.repository .*allowed: "):
            READER.check(SOURCE.id, {"repository": repository, "path": PATH})

    @pytest.mark.parametrize(
        "path",
        ["", "/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a/", "a\\b", "a\0b", "*" * 5, ()],
    )
    def test_paths_that_lead_elsewhere_are_refused(self, path: Option) -> None:
        with pytest.raises(CorpusError, match=r"options\.path .*allowed: a path inside"):
            READER.check(SOURCE.id, {"repository": ADDRESS, "path": path})

    @pytest.mark.parametrize("names", [(), ("path",), ("repository", "path", "branch")])
    def test_other_options_are_refused(self, names: Sequence[str]) -> None:
        with pytest.raises(CorpusError, match="allowed: repository and path"):
            READER.check(SOURCE.id, dict.fromkeys(names, "x"))

    @given(st.text(), st.text())
    def test_whatever_is_written_there_is_allowed_or_refused(self, one: str, two: str) -> None:
        try:
            READER.check(SOURCE.id, {"repository": one, "path": two})
        except CorpusError as error:
            assert "allowed: " in str(error)


class TestTheNewestState:
    def test_is_served(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({PATH: "one"})
        newest = remote.commit({PATH: "two", "README.md": "else"})
        remote.commit({"README.md": "more"})
        assert runs.newest() == Snapshot(
            SOURCE.id,
            f"git+{ADDRESS}@{newest}#{PATH}",
            "text/markdown",
            NOW,
            b"two",
            seen_at=START + 2 * HOUR,
            ordinal=2,
        )

    def test_is_nothing_new_where_it_is_known(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({PATH: "one"})
        known = Held(last=runs.newest())
        assert runs.fetch(known=known) == []
        remote.commit({"README.md": "else"})
        assert runs.fetch(known=known) == []

    def test_follows_new_commits(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({PATH: "one"})
        known = Held(last=runs.newest())
        remote.commit({PATH: "two"})
        (snapshot,) = runs.fetch(known=known)
        assert (snapshot.content, snapshot.ordinal) == (b"two", 2)

    def test_follows_a_history_that_was_rewritten(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({PATH: "one"})
        remote.commit({PATH: "two"})
        known = Held(last=runs.newest())
        remote.git("reset", "--quiet", "--hard", "HEAD~1")
        remote.commit({PATH: "three"})
        (snapshot,) = runs.fetch(known=known)
        assert (snapshot.content, snapshot.ordinal) == (b"three", 2)

    def test_comes_out_of_a_bundle_too(
        self, remote: GitArchive, runs: Runs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        remote.commit({PATH: "one"})
        lead(monkeypatch, ADDRESS, remote.bundle(tmp_path / "terms.bundle"))
        assert runs.newest().content == b"one"

    def test_must_be_what_it_was_when_it_was_first_seen(
        self, remote: GitArchive, runs: Runs
    ) -> None:
        remote.commit({PATH: "one"})
        found = runs.newest()
        assert runs.fetch(known=Held(pins={found.address: found.sha256})) == [found]
        with pytest.raises(PinMismatchError):
            runs.fetch(known=Held(pins={found.address: "0" * 64}))

    def test_of_several_files_that_are_too_large_together_is_refused(
        self, remote: GitArchive, runs: Runs
    ) -> None:
        remote.commit({"a.md": "x" * 600, "b.md": "y" * 600})
        with pytest.raises(TooLargeError):
            replace(runs, max_bytes=1_000).fetch(at("*.md"))

    def test_that_is_too_large_is_refused(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({PATH: "x" * 1_001})
        with pytest.raises(TooLargeError):
            replace(runs, max_bytes=1_000).fetch()

    def test_of_a_file_that_never_was_is_missing(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({"docs/terms.md": "one"})
        with pytest.raises(MissingError, match=r"docs/TERMS\.md is in no commit"):
            runs.fetch()

    def test_of_a_link_is_missing(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({PATH: "one"})
        (remote.folder / PATH).unlink()
        (remote.folder / PATH).symlink_to("/etc/passwd")
        remote.commit()
        with pytest.raises(MissingError, match="was removed"):
            runs.fetch()
        assert runs.texts() == ["one"]

    def test_is_not_looked_for_on_a_host_that_is_not_there(
        self, runs: Runs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        configure(monkeypatch, {})
        options = {"repository": "https://code.invalid/acme/terms", "path": PATH}
        with pytest.raises(UnreachableError):
            runs.fetch(replace(SOURCE, options=options))

    def test_is_not_asked_for_offline(self, remote: GitArchive, tmp_path: Path) -> None:
        remote.commit({PATH: "one"})
        copies = tmp_path / "copies"
        with Fetcher(offline=True, copies=copies) as fetcher, pytest.raises(OfflineError):
            READER.fetch(SOURCE, fetcher, Held(), NOW)
        assert not copies.exists()

    def test_without_a_folder_for_copies_leaves_nothing(self, remote: GitArchive) -> None:
        remote.commit({PATH: "one"})
        with Fetcher() as fetcher:
            (snapshot,) = READER.fetch(SOURCE, fetcher, Held(), NOW)
            copies = fetcher.repository(ADDRESS)._folder.parent
            assert copies.exists()
        assert snapshot.content == b"one"
        assert not copies.exists()


class TestHistory:
    def test_holds_every_state_oldest_first(self, remote: GitArchive, runs: Runs) -> None:
        for text in ("one", "two", "one"):
            remote.commit({PATH: text})
            remote.commit({"README.md": text})
        found = runs.states()
        assert [each.content for each in found] == [b"one", b"two", b"one"]
        assert [each.ordinal for each in found] == [1, 2, 3]
        assert [each.seen_at for each in found] == [START + n * HOUR for n in (1, 3, 5)]
        assert len({each.address for each in found}) == 3
        assert found[-1] == runs.newest()

    def test_names_states_before_it_loads_them(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({PATH: "one"})
        assert isinstance(READER, Historian)
        with Fetcher(copies=runs.copies) as fetcher:
            (state,) = READER.history(SOURCE, fetcher, Held(), NOW)
            assert isinstance(state, State)
            loaded = state.load()
        assert (state.address, state.seen_at) == (loaded.address, loaded.seen_at)

    def test_never_runs_backwards(self, remote: GitArchive, runs: Runs) -> None:
        for text, when in (("one", START + 5 * HOUR), ("two", START), ("three", START + HOUR)):
            remote.commit({PATH: text}, at=when)
        remote.commit({PATH: "four"}, at=START + 9 * HOUR)
        assert [each.seen_at for each in runs.states()] == [START + n * HOUR for n in (5, 5, 5, 9)]

    def test_is_never_ahead_of_today(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({PATH: "one"}, at=NOW + timedelta(days=400))
        remote.commit({PATH: "two"}, at=START)
        assert [each.seen_at for each in runs.states()] == [NOW, NOW]
        assert runs.newest().seen_at == NOW

    def test_outlives_the_file(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({PATH: "one"})
        remote.commit({PATH: None, "README.md": "moved"})
        with pytest.raises(MissingError, match=r"was removed .* on 2026-01-01"):
            runs.fetch()
        assert runs.texts() == ["one"]
        remote.commit({PATH: "again"})
        assert runs.newest().content == b"again"
        assert [each.ordinal for each in runs.states()] == [1, 2]

    def test_has_no_state_where_only_the_mode_changed(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({PATH: "one"})
        (remote.folder / PATH).chmod(0o755)
        remote.commit()
        assert runs.texts() == ["one"]

    def test_has_one_state_for_what_a_branch_did(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({PATH: "one"})
        remote.git("switch", "--quiet", "--create", "branch")
        remote.commit({PATH: "two"})
        remote.commit({PATH: "three"})
        remote.git("switch", "--quiet", "main")
        remote.git("merge", "--quiet", "--no-ff", "-m", "m", "branch", at=START + 9 * HOUR)
        assert [(each.content, each.seen_at) for each in runs.states()] == [
            (b"one", START + HOUR),
            (b"three", START + 9 * HOUR),
        ]

    def test_of_one_file_that_is_too_large_leaves_the_others(
        self, remote: GitArchive, runs: Runs
    ) -> None:
        remote.commit({PATH: "x" * 2_000})
        remote.commit({PATH: "two"})
        with Fetcher(copies=runs.copies, max_bytes=1_000) as fetcher:
            large, small = READER.history(SOURCE, fetcher, Held(), NOW)
            with pytest.raises(TooLargeError):
                large.load()
            assert small.load().content == b"two"


class TestSeveralFiles:
    def test_are_joined_in_the_order_of_their_paths(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({"b.md": "two", "a.md": "one"})
        remote.commit({"a.md": "uno"})
        source = at("*.md")
        newest = runs.newest(source)
        assert newest.media_type == parts.MEDIA_TYPE
        assert newest.address.endswith("#a.md,b.md")
        assert runs.texts(source) == ["one\n\ntwo", "uno\n\ntwo"]

    def test_are_matched_within_one_folder_only(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit(
            {"m/a/LICENSE": "a", "m/b/LICENSE": "b", "m/c/d/LICENSE": "d", "LICENSE": "no"}
        )
        remote.commit({"m/a/xLICENSE": "no", "mm/a/LICENSE": "no"})
        assert runs.texts(at("m/*/LICENSE")) == ["a\n\nb"]

    def test_of_several_paths_the_first_that_has_files_counts(
        self, remote: GitArchive, runs: Runs
    ) -> None:
        remote.commit({"old.md": "one"})
        remote.commit({"new/a.md": "two", "new/b.md": "three"})
        remote.commit({"old.md": "left behind"})
        remote.commit({"new/a.md": None, "new/b.md": None})
        source = at("new/*.md", "old.md")
        assert runs.texts(source) == ["one", "two\n\nthree", "left behind"]

    def test_whose_names_would_fill_a_page_are_named_as_declared(
        self, remote: GitArchive, runs: Runs
    ) -> None:
        remote.commit({f"{number}{'n' * 200}.md": str(number) for number in range(6)})
        assert runs.newest(at("*.md")).address.endswith("#*.md")

    def test_a_pattern_is_no_other_language(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({"a+.md": "plus", "aa.md": "no", "[a].md": "no"})
        assert runs.texts(at("a+.md")) == ["plus"]

    def test_a_document_that_was_renamed_is_one(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({"old.md": "one"})
        remote.commit({"old.md": None, "new.md": "one"})
        remote.commit({"new.md": "two"})
        found = runs.states(at("new.md", "old.md"))
        assert [each.content for each in found] == [b"one", b"two"]
        assert [each.ordinal for each in found] == [1, 2]
        assert [each.address.partition("#")[2] for each in found] == ["old.md", "new.md"]

    def test_the_old_file_of_a_renamed_document_may_stand_on(
        self, remote: GitArchive, runs: Runs
    ) -> None:
        remote.commit({"old.md": "one"})
        remote.commit({"new.md": "two"})
        remote.commit({"old.md": "one, and nobody reads it any more"})
        assert runs.texts(at("new.md", "old.md")) == ["one", "two"]

    def test_a_path_that_is_added_later_leaves_older_states_as_they_were_named(
        self, remote: GitArchive, runs: Runs
    ) -> None:
        remote.commit({"old.md": "one"})
        before = runs.states(at("old.md"))
        remote.commit({"old.md": None, "new.md": "two"})
        assert runs.states(at("new.md", "old.md"))[:1] == before

    @pytest.mark.parametrize(
        "path", ["a b.md", 'it\'s "it".md', "§ für 条款.md", "two\nlines.md", "100% #1@x,y.md"]
    )
    def test_may_have_any_name(self, remote: GitArchive, runs: Runs, path: str) -> None:
        remote.commit({path: "one"})
        source = at(path)
        READER.check(source.id, source.options)
        assert runs.texts(source) == ["one"]

    def test_whose_names_begin_alike_are_not_mixed_up(self, remote: GitArchive, runs: Runs) -> None:
        remote.commit({"TERMS.md\n": "no"})
        with pytest.raises(MissingError):
            runs.fetch(at("TERMS.md"))


class TestReading:
    def snapshot(self, content: bytes) -> Snapshot:
        return Snapshot(SOURCE.id, "git+x", "text/markdown", NOW, content, seen_at=START)

    def test_normalises_and_finds_the_dates_that_are_stated(self) -> None:
        text = (
            b"\xef\xbb\xbf# Terms\r\n\r\nLast updated: March 4, 2026\r\n\r\n1. Be\xc2\xa0kind.\r\n"
        )
        reading = READER.read(SOURCE, self.snapshot(text))
        assert reading.text == "# Terms\n\nLast updated: March 4, 2026\n\n1. Be kind."
        assert (reading.published, reading.effective) == (date(2026, 3, 4), None)

    def test_falls_back_to_the_date_of_the_source(self) -> None:
        assert READER.read(SOURCE, self.snapshot(b"Terms")).published == date(2020, 1, 1)

    def test_dates_release_notes_by_their_commit(self) -> None:
        notes = replace(SOURCE, kind=Kind.RELEASE_NOTES)
        reading = READER.read(notes, self.snapshot(b"Last updated: 2025-02-03\n\nFaster."))
        assert (reading.published, reading.effective) == (START.date(), None)

    def test_refuses_a_pointer_to_a_file_that_is_kept_elsewhere(self) -> None:
        pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
        with pytest.raises(ReadError, match="pointer"):
            READER.read(SOURCE, self.snapshot(pointer))

    @pytest.mark.parametrize("content", [b"", b" \n\t", b"\xff\xfe\xff", b"caf\xe9", b"a\0b"])
    def test_refuses_what_is_no_text(self, content: bytes) -> None:
        with pytest.raises(ReadError):
            READER.read(SOURCE, self.snapshot(content))

    @given(st.binary(max_size=200), st.sampled_from(["text/plain", parts.MEDIA_TYPE]))
    def test_reads_or_refuses_whatever_there_is(self, content: bytes, media_type: str) -> None:
        snapshot = replace(self.snapshot(content), media_type=media_type)
        try:
            assert READER.read(SOURCE, snapshot).text.strip()
        except ReadError:
            return


@pytest.mark.skipif(not BUNDLE.is_file(), reason="the shared data is not beside the checkout")
class TestTheRealTerms:
    @pytest.fixture
    def states(self, runs: Runs, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Snapshot]]:
        lead(monkeypatch, ADDRESS, BUNDLE)
        yield runs.states(at("Llama API/Privacy Policy.md"))

    def test_have_the_history_that_they_have(self, states: list[Snapshot]) -> None:
        assert [each.ordinal for each in states] == [*range(1, 109)]
        times = [each.stood_at for each in states]
        assert times == sorted(times)
        assert READER.read(SOURCE, states[0]).text != READER.read(SOURCE, states[-1]).text
