"""An index finds by meaning and by words, in a folder that never changes and can be built again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ingest import database, generations, index
from ingest.archive import Archive
from ingest.domain import Chunk, Generation
from ingest.embedding import Embedder
from ingest.errors import EmbedderError, IndexMissingError
from ingest.index import Index

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

TEXTS = {
    "acme/licence": [
        "You may use the Acme model for any purpose, in your own products.",
        "If more than 700 million people use your product in a month, ask Acme for a contract.",
        "Every model that you derive must carry the word Acme at the start of its name.",
        "The model comes as it is, without warranty of any kind.",
        "This licence ends when you sue Acme over patents.",
    ],
    "acme/use-policy": [
        "You must not steer aircraft with it.",
        "Do not set the price of bread with the help of the model.",
        "Weapons, poisons and the surveillance of people are forbidden.",
    ],
    "globex/rocket-3-terms": [
        "Rocket-3 is offered to businesses only; consumers use Rocket-2.",
        "Globex keeps what you type for thirty days and does not train on it.",
        "Prices change with two weeks of notice.",
        "The courts of Ruritania decide.",
    ],
    "hooli/licence": [
        "You may use the model for any purpose, in your own products.",
        "The MAU limit of the community edition is one hundred.",
    ],
}


def chunks_of(texts: dict[str, list[str]]) -> list[Chunk]:
    return [
        Chunk(
            id=f"{source}@1#{place}",
            source=source,
            version=1,
            clauses=(f"{place}/a", f"{place}/b"),
            start=place * 100,
            end=place * 100 + len(text),
            heading=f"{source.partition('/')[0].title()} terms",
            text=text,
        )
        for source, each in texts.items()
        for place, text in enumerate(each)
    ]


CHUNKS = chunks_of(TEXTS)


class Unable(Embedder):
    """Stands in where nothing may be embedded."""

    def __init__(self, like: Embedder) -> None:
        self.name = like.name
        self.dimension = like.dimension

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise AssertionError("nothing was to be embedded")


class Scattered:
    """An archive that holds a made-up vector for whatever it is asked for."""

    def vectors(self, embedder: str, keys: Collection[str]) -> dict[str, NDArray[np.float32]]:
        rows = np.random.default_rng(7).normal(size=(len(keys), 384)).astype(np.float32)
        return dict(zip(keys, rows / np.linalg.norm(rows, axis=1, keepdims=True), strict=True))


def embed(archive: Archive, chunks: Sequence[Chunk], embedder: Embedder) -> None:
    vectors = embedder.embed_documents([each.indexed for each in chunks])
    keys = [each.key for each in chunks]
    archive.add_vectors(
        embedder.name, dict(zip(keys, np.array(vectors, dtype=np.float32), strict=True))
    )


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every index counts as large, so that a search of everything goes through Chroma."""
    monkeypatch.setattr("ingest.index.EXACT_UP_TO", 0)


@pytest.fixture(scope="module")
def archive(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """A real archive that holds the vectors of all chunks."""
    engine = database.connect(f"sqlite:///{tmp_path_factory.mktemp('archive') / 'archive.db'}")
    database.migrate(engine)
    archive = Archive(engine)
    embed(archive, CHUNKS, embedder)
    yield archive
    engine.dispose()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def generation(archive: Archive, embedder: Embedder, home: Path) -> Generation:
    return index.build(archive, CHUNKS, embedder, home, NOW)


@pytest.fixture(scope="module")
def opened(generation: Generation, embedder: Embedder, home: Path) -> Index:
    return Index.open(generation, embedder, home)


def found(
    opened: Index, text: str, sources: Collection[str] | None = None, k: int = 10
) -> list[str]:
    return [passage.chunk.text for passage in opened.search(text, sources, k)]


# What is found


def test_a_passage_is_found_by_its_meaning_without_one_common_word(opened: Index) -> None:
    assert "steer aircraft" in found(opened, "flying planes", k=1)[0]
    assert "steer aircraft" in found(opened, "flying planes", ["acme/use-policy"], k=1)[0]


@pytest.mark.parametrize("question", ["Rocket-3?", "rocket-3", "what about ROCKET-3"])
def test_a_passage_is_found_by_the_name_it_holds(opened: Index, question: str) -> None:
    assert found(opened, question)[0].startswith("Rocket-3 is offered")


@pytest.mark.parametrize(
    ("question", "text"),
    [("700", "700 million people"), ("the MAU limit", "MAU limit"), ("Ruritania", "Ruritania")],
)
def test_a_passage_is_found_by_a_number_or_a_rare_word(
    opened: Index, question: str, text: str
) -> None:
    assert any(text in each for each in found(opened, question, k=2))


def test_a_passage_that_says_a_phrase_of_what_is_asked_rises(opened: Index) -> None:
    without = opened.search("licence", None, 14)
    last = without[-1].chunk
    phrase = " ".join(last.text.split()[:4])
    found = opened.search("licence", None, 14, phrases=[phrase])
    places = [each.chunk.id for each in found]
    assert places.index(last.id) < len(without) - 1


def test_all_of_the_chunk_comes_back_as_it_went_in(opened: Index) -> None:
    by_id = {each.id: each for each in CHUNKS}
    passages = opened.search("licence", k=len(CHUNKS))
    assert {each.chunk.id for each in passages} == set(by_id)
    assert all(each.chunk == by_id[each.chunk.id] for each in passages)


def test_the_best_comes_first_and_nothing_twice(opened: Index) -> None:
    passages = opened.search("May I use the model in my products?", k=14)
    scores = [each.score for each in passages]
    assert scores == sorted(scores, reverse=True)
    assert len({each.chunk.id for each in passages}) == len(passages)


@pytest.mark.parametrize("sources", [None, ["globex/rocket-3-terms", "hooli/licence"]])
def test_the_similarity_is_the_true_cosine_however_a_passage_was_found(
    opened: Index, embedder: Embedder, sources: list[str] | None
) -> None:
    question = "Ruritania MAU bread"
    vector = np.array(embedder.embed_query(question))
    passages = opened.search(question, sources, 14)
    for each in passages:
        expected = vector @ np.array(embedder.embed_query(each.chunk.indexed))
        assert each.similarity == pytest.approx(expected, abs=1e-5)
    assert passages


def test_words_that_a_passage_lacks_can_be_told(opened: Index) -> None:
    assert opened.knows("Ruritania")
    assert opened.knows("rocket-3")
    assert opened.knows("the")
    assert not opened.knows("midjourney")
    assert not opened.knows("rocket-4")
    assert not opened.knows("")
    assert not opened.knows("🦙")


# Where it is looked for


@pytest.mark.parametrize("sources", [["acme/licence"], ["acme/use-policy", "hooli/licence"]])
def test_only_the_named_sources_are_searched(opened: Index, sources: list[str]) -> None:
    passages = opened.search("Rocket-3 businesses", sources, 99)
    assert {each.chunk.source for each in passages} == set(sources)
    assert len(passages) == sum(len(TEXTS[each]) for each in sources)


def test_a_source_that_is_not_held_adds_nothing(opened: Index) -> None:
    assert found(opened, "bread", ["acme/use-policy", "initech/licence"], 1)[0].startswith("Do not")
    assert opened.search("bread", ["initech/licence"]) == []


def test_no_source_is_not_every_source(opened: Index) -> None:
    assert opened.search("bread", []) == []


def test_naming_every_source_finds_what_naming_none_finds(opened: Index) -> None:
    question = "May I sell it to consumers?"
    assert opened.search(question, TEXTS) == opened.search(question, None)


@pytest.mark.parametrize(("k", "count"), [(1, 1), (3, 3), (14, 14), (15, 14), (500, 14), (0, 0)])
def test_as_many_passages_as_asked_for_or_as_there_are(opened: Index, k: int, count: int) -> None:
    assert len(opened.search("model", None, k)) == count
    assert len(opened.search("model", TEXTS, k)) == count


# What people type

ODD = ["", " ", "the", "?!…", "🦙🦙", "\0", "\ud83e", "ライセンス", "a" * 5_000, "model " * 6_700]


@pytest.mark.parametrize("text", ODD, ids=[repr(each[:9]) for each in ODD])
@pytest.mark.parametrize("sources", [None, ["acme/licence"]])
def test_odd_questions_find_something(opened: Index, text: str, sources: list[str] | None) -> None:
    assert len(opened.search(text, sources, 3)) == 3


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=300),
    st.none() | st.lists(st.sampled_from([*TEXTS, "initech/licence"])),
    st.integers(0, 20),
)
def test_any_question_finds_distinct_passages_of_its_scope_in_order(
    opened: Index, text: str, sources: list[str] | None, k: int
) -> None:
    passages = opened.search(text, sources, k)
    assert len(passages) <= k
    assert len({each.chunk.id for each in passages}) == len(passages)
    assert sources is None or {each.chunk.source for each in passages} <= set(sources)
    assert [each.score for each in passages] == sorted((e.score for e in passages), reverse=True)
    assert all(-1 <= each.similarity <= 1 for each in passages)


def test_threads_share_one_index_and_find_what_one_thread_finds(
    generation: Generation, embedder: Embedder, home: Path, opened: Index
) -> None:
    questions = [(text, sources) for text in TEXTS["acme/licence"] for sources in (None, TEXTS)]
    expected = [found(opened, text, sources) for text, sources in questions]
    fresh = Index.open(generation, embedder, home)
    with ThreadPoolExecutor(6) as pool:
        several = list(pool.map(lambda each: found(fresh, *each), questions * 4))
    assert several == expected * 4


# Building


@pytest.mark.parametrize("count", [1, 2, 3, 150, 1_100])
def test_an_index_of_any_size_finds_its_own_chunks(
    embedder: Embedder, tmp_path: Path, count: int
) -> None:
    chunks = chunks_of({"acme/long": [f"Article {place}." for place in range(count)]})
    built = index.build(Scattered(), chunks, embedder, tmp_path, NOW)
    for _ in range(2):  # the first one to open it leaves it as it was
        passages = Index.open(built, embedder, tmp_path).search("Article", None, 40)
        assert len(passages) == min(count, 40)


def test_an_empty_index_is_whole_and_finds_nothing(embedder: Embedder, tmp_path: Path) -> None:
    built = index.build(Scattered(), [], embedder, tmp_path, NOW)
    empty = Index.open(built, embedder, tmp_path)
    empty.check()
    assert built.chunks == 0
    assert empty.search("licence") == empty.search("licence", ["acme/licence"]) == []
    assert not empty.knows("licence")


def test_chunks_without_a_word_or_with_the_very_same_words_keep_their_places(
    embedder: Embedder, tmp_path: Path
) -> None:
    chunks = [replace(each, heading="", text="…") for each in CHUNKS[:3]]
    built = index.build(Scattered(), [*chunks, *CHUNKS], embedder, tmp_path, NOW)
    passages = Index.open(built, embedder, tmp_path).search("…", None, 50)
    assert len(passages) == len(chunks) + len(CHUNKS)


def test_nothing_is_embedded_and_missing_vectors_are_counted(
    archive: Archive, embedder: Embedder, tmp_path: Path
) -> None:
    unknown = [replace(each, text=each.text + " Indeed.") for each in CHUNKS[:2]]
    with pytest.raises(EmbedderError, match="2 of 16 chunks have no vector"):
        index.build(archive, [*CHUNKS, *unknown], Unable(embedder), tmp_path, NOW)
    assert not (tmp_path / "index").exists()


def test_a_build_leaves_one_folder_and_nothing_half_done(
    archive: Archive, embedder: Embedder, tmp_path: Path
) -> None:
    built = index.build(archive, CHUNKS, Unable(embedder), tmp_path, NOW)
    assert [each.name for each in (tmp_path / "index").iterdir()] == [built.id]
    assert built.folder == f"index/{built.id}"
    assert (built.embedder, built.chunks, built.built_at) == (embedder.name, len(CHUNKS), NOW)


def test_generations_are_named_apart_and_sort_by_time(embedder: Embedder, tmp_path: Path) -> None:
    hour = timedelta(hours=1)
    named = [generations.new(CHUNKS, embedder.name, NOW + n * hour).id for n in (0, 0, 1, 9, 20)]
    assert len(set(named)) == 5
    assert named[1:] == sorted(named[1:])


def test_a_home_that_cannot_be_written_is_named(embedder: Embedder, tmp_path: Path) -> None:
    (tmp_path / "index").write_text("in the way")
    with pytest.raises(IndexMissingError, match=r"cannot be written to .*index"):
        index.build(Scattered(), CHUNKS, embedder, tmp_path, NOW)


def test_a_generation_knows_what_it_was_built_of(
    generation: Generation, embedder: Embedder
) -> None:
    assert index.is_built_of(generation, CHUNKS[::-1], embedder.name)
    assert not index.is_built_of(generation, CHUNKS[:-1], embedder.name)
    assert not index.is_built_of(generation, CHUNKS, "another/embedder")


@pytest.mark.parametrize(
    "change",
    [{"text": "Other."}, {"heading": "H"}, {"clauses": ("9",)}, {"version": 2}, {"start": 7}],
)
def test_a_generation_of_other_chunks_is_told_apart(
    generation: Generation, embedder: Embedder, change: dict[str, object]
) -> None:
    changed = [replace(CHUNKS[0], **change), *CHUNKS[1:]]  # type: ignore[arg-type]
    assert not index.is_built_of(generation, changed, embedder.name)


def test_chroma_holds_every_chunk_with_where_it_stands(opened: Index) -> None:
    held = opened._everything().get(include=["metadatas", "documents"])
    chunk = CHUNKS[1]
    at = held["documents"].index(chunk.indexed)
    assert len(held["ids"]) == len(CHUNKS)
    assert held["metadatas"][at] == {
        "ordinal": int(held["ids"][at]),
        "source": chunk.source,
        "version": 1,
        "start": chunk.start,
        "end": chunk.end,
        "heading": chunk.heading,
        "clauses": json.dumps(chunk.clauses),
    }


def test_chroma_tells_nobody(opened: Index) -> None:
    assert not opened._everything()._client.get_settings().anonymized_telemetry


# What is damaged


def copied(generation: Generation, home: Path, tmp_path: Path) -> Path:
    """A home of one's own with the same generation, to damage; returns the generation's folder."""
    return Path(shutil.copytree(home / generation.folder, tmp_path / generation.folder))


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def test_a_folder_that_is_gone_says_what_to_run(
    generation: Generation, embedder: Embedder, tmp_path: Path
) -> None:
    with pytest.raises(IndexMissingError, match="run `smallprint ingest`"):
        Index.open(generation, embedder, tmp_path)


@pytest.mark.parametrize("harm", [flip, Path.unlink, lambda path: path.write_bytes(b"")])
def test_any_damaged_file_is_noticed_before_it_is_used(
    generation: Generation, embedder: Embedder, home: Path, tmp_path: Path, harm: object
) -> None:
    assert callable(harm)
    folder = copied(generation, home, tmp_path)
    files = [
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_size and path.name != "chroma.sqlite3"
    ]
    assert len(files) > 10
    for name in files:
        if name.name == "generation.json" and harm is flip:
            continue  # a flipped letter may well be one that nobody reads
        harm(folder / name)
        with pytest.raises(IndexMissingError, match="damaged"):
            Index.open(generation, embedder, tmp_path)
        shutil.copyfile(home / generation.folder / name, folder / name)
    Index.open(generation, embedder, tmp_path).check()


@pytest.mark.parametrize("content", [b"", b"\0" * 9_000, b"SQLite format 3\0 and so on"])
def test_a_damaged_database_of_chroma_is_told_as_ours(
    generation: Generation, embedder: Embedder, home: Path, tmp_path: Path, content: bytes
) -> None:
    folder = copied(generation, home, tmp_path)
    (folder / "chroma" / "chroma.sqlite3").write_bytes(content)
    with pytest.raises(IndexMissingError, match="run `smallprint ingest`"):
        Index.open(generation, embedder, tmp_path).check()


def test_another_number_of_chunks_than_the_archive_says_is_damage(
    generation: Generation, embedder: Embedder, home: Path
) -> None:
    with pytest.raises(IndexMissingError, match="damaged"):
        Index.open(replace(generation, chunks=3), embedder, home)


def test_the_vectors_of_another_embedder_are_refused(
    generation: Generation, embedder: Embedder, home: Path
) -> None:
    with pytest.raises(EmbedderError, match="made with other/model"):
        Index.open(replace(generation, embedder="other/model"), embedder, home)


def test_what_was_damaged_is_built_again_without_embedding_anything(
    archive: Archive, generation: Generation, embedder: Embedder, opened: Index, tmp_path: Path
) -> None:
    built = index.build(archive, CHUNKS, Unable(embedder), tmp_path, NOW + timedelta(days=1))
    again = Index.open(built, embedder, tmp_path)
    assert index.is_built_of(built, CHUNKS, generation.embedder)
    for question in ("flying planes", "700", "what may I sell?"):
        assert again.search(question) == opened.search(question)


def test_a_folder_removed_under_an_open_index_is_told_and_not_made_anew(
    generation: Generation, embedder: Embedder, home: Path, tmp_path: Path
) -> None:
    folder = copied(generation, home, tmp_path)
    open_one = Index.open(generation, embedder, tmp_path)
    shutil.rmtree(folder)
    with pytest.raises(IndexMissingError, match="was removed"):
        open_one.search("licence")
    assert not folder.exists()


def test_a_small_index_finds_the_same_without_chroma(
    opened: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    through_chroma = opened.search("may we sell what it writes?")
    monkeypatch.setattr("ingest.index.EXACT_UP_TO", 20_000)
    assert opened.search("may we sell what it writes?") == through_chroma


# Several processes

SEARCHING = """
import json, pathlib, sys
from datetime import datetime
from ingest.domain import Generation
from ingest.embedding import open_embedder
from ingest import index as searched
from ingest.index import Index
searched.EXACT_UP_TO = 0  # through Chroma, whose folder is what must not be written
home, models, described, rounds = sys.argv[1:]
values = json.loads(described)
generation = Generation(**{**values, "built_at": datetime.fromisoformat(values["built_at"])})
index = Index.open(generation, open_embedder(pathlib.Path(models)), pathlib.Path(home))
answers = {tuple(p.chunk.id for p in index.search("bread and planes")) for _ in range(int(rounds))}
scoped = index.search("bread", ["acme/use-policy"])
print(json.dumps([len(answers), *answers.pop(), scoped[0].chunk.text]))
"""


def searching(
    generation: Generation, home: Path, model_home: Path, rounds: int
) -> subprocess.Popen[str]:
    described = json.dumps(
        {name: getattr(generation, name) for name in ("id", "embedder", "chunks", "folder")}
        | {"built_at": generation.built_at.isoformat()}
    )
    return subprocess.Popen(
        [sys.executable, "-c", SEARCHING, str(home), str(model_home), described, str(rounds)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def checksums(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "chroma.sqlite3"
    }


def test_two_processes_search_while_a_third_builds_the_next_and_nothing_they_read_changes(
    archive: Archive,
    embedder: Embedder,
    model_home: Path,
    generation: Generation,
    home: Path,
    opened: Index,
) -> None:
    before = checksums(home / generation.folder)
    readers = [searching(generation, home, model_home, 200) for _ in range(2)]
    built = [
        index.build(archive, CHUNKS, embedder, home, NOW + timedelta(days=day)) for day in (1, 2)
    ]
    told = [reader.communicate() for reader in readers]
    assert [reader.returncode for reader in readers] == [0, 0], told
    ids = [each.chunk.id for each in opened.search("bread and planes")]
    assert [json.loads(out) for out, _ in told] == [[1, *ids, TEXTS["acme/use-policy"][1]]] * 2
    assert checksums(home / generation.folder) == before
    for each in built:
        Index.open(each, embedder, home).check()


def test_a_question_about_named_sources_imports_neither_chroma_nor_torch(
    generation: Generation, home: Path, model_home: Path
) -> None:
    code = SEARCHING.replace('index.search("bread and planes")', "()")
    code += "print([each for each in ('chromadb', 'torch', 'onnx') if each in sys.modules])"
    assert "answers = {tuple(p.chunk.id for p in ())" in code
    described = json.dumps(
        {"id": generation.id, "embedder": generation.embedder, "chunks": generation.chunks}
        | {"folder": generation.folder, "built_at": generation.built_at.isoformat()}
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(home), str(model_home), described, "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


# What is removed


def made(home: Path, *names: str) -> None:
    for name in names:
        (home / "index" / name).mkdir(parents=True)
        (home / "index" / name / "generation.json").write_text("{}")


def left(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "index").iterdir())


def test_older_generations_are_removed_and_kept_and_newer_ones_stay(tmp_path: Path) -> None:
    made(tmp_path, "20260101T1", "20260102T1", "20260103T1", "20260104T1")
    index.prune(tmp_path, {"20260101T1", "20260103T1"}, NOW)
    assert left(tmp_path) == ["20260101T1", "20260103T1", "20260104T1"]


def test_without_anything_to_keep_nothing_is_removed(tmp_path: Path) -> None:
    made(tmp_path, "20260101T1", "20260102T1")
    index.prune(tmp_path, [], NOW)
    assert left(tmp_path) == ["20260101T1", "20260102T1"]


def test_only_builds_abandoned_for_a_day_are_removed(tmp_path: Path) -> None:
    made(tmp_path, ".building-20261121T080000000000-x-1", ".building-20261123T070000000000-x-1")
    index.prune(tmp_path, ["20261123T080000000000-x-1"], NOW)
    assert left(tmp_path) == [".building-20261123T070000000000-x-1"]


def test_a_home_without_an_index_has_nothing_to_remove(tmp_path: Path) -> None:
    index.prune(tmp_path, ["20260101T1"], NOW)
    assert list(tmp_path.iterdir()) == []


def test_removing_a_generation_that_is_open_disturbs_nobody_who_has_used_it(
    archive: Archive, embedder: Embedder, tmp_path: Path
) -> None:
    old = index.build(archive, CHUNKS, embedder, tmp_path, NOW)
    open_one = Index.open(old, embedder, tmp_path)
    open_one.check()
    before = open_one.search("bread")
    new = index.build(archive, CHUNKS, embedder, tmp_path, NOW + timedelta(days=1))
    index.prune(tmp_path, [new.id], NOW)
    assert left(tmp_path) == [new.id]
    assert open_one.search("bread", TEXTS) == before
