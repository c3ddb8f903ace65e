"""The bundled model becomes an ONNX file once, embeds alike ever after, and is never another."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import embedding
from ingest.embedding import Embedder, load_original, open_embedder, prepare_embedder
from ingest.errors import EmbedderError

ROOT = Path(__file__).parents[2]

CLAUSES = [
    "Acme grants you a licence to use the Acme model in your own products.",
    "You may not use the model to fly aircraft.",
    "If more than forty thousand people use your product, ask Acme for a contract.",
    "Whales sing in the deep sea.",
    "",
    "Clause. " * 400,
    "Ⅷ. Überlassung an Dritte — nur mit Zustimmung 🦙",
]


def run_python(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def copied(model_home: Path, tmp_path: Path) -> Path:
    """A home of one's own, to damage; returns the folder of its model."""
    shutil.copytree(model_home / "models", tmp_path / "models")
    return tmp_path / "models" / embedding.NAME


def model_file(folder: Path) -> Path:
    return next(folder.glob("model-*.onnx"))


def test_a_damaged_model_is_exported_again_even_by_two_processes_at_once(
    model_home: Path, tmp_path: Path
) -> None:
    folder = copied(model_home, tmp_path)
    model_file(folder).write_bytes(b"")
    code = (
        "import sys, pathlib\n"
        "from ingest.embedding import prepare_embedder\n"
        "embedder = prepare_embedder(pathlib.Path(sys.argv[1]))\n"
        "assert len(embedder.embed_query('licence')) == 384\n"
    )
    both = [run_python(code, str(tmp_path)) for _ in range(2)]
    told = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert [out for out, _ in told] == ["", ""], "standard output belongs to the command"
    assert open_embedder(tmp_path).name == embedding.NAME
    assert {path.suffix for path in folder.iterdir()} == {".onnx", ".json"}, "nothing is left over"


def test_the_vectors_are_those_of_sentence_transformers(embedder: Embedder) -> None:
    expected = np.asarray(load_original().encode(CLAUSES))
    found = np.array(embedder.embed_documents(CLAUSES))
    assert np.min(np.sum(expected * found, axis=1)) >= 0.9999
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_a_text_gets_the_same_vector_alone_and_in_any_company(embedder: Embedder) -> None:
    together = np.array(embedder.embed_documents(CLAUSES))
    alone = np.array([embedder.embed_query(each) for each in CLAUSES])
    backwards = np.array(embedder.embed_documents(CLAUSES[::-1]))[::-1]
    assert np.allclose(together, alone, atol=1e-5)
    assert np.allclose(together, backwards, atol=1e-5)


def test_what_means_the_same_lies_closer_than_what_does_not(embedder: Embedder) -> None:
    grant, _, size, whales = np.array(embedder.embed_documents(CLAUSES))[:4]
    question = np.array(embedder.embed_query("How many users may our app have?"))
    assert question @ size > question @ grant > question @ whales


def test_no_texts_have_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_documents([]) == []


def test_only_the_first_256_tokens_count(embedder: Embedder) -> None:
    start = "word " * 300
    assert np.allclose(embedder.embed_query(start), embedder.embed_query(start + "other " * 9000))


def test_half_a_surrogate_pair_is_embedded_and_not_a_crash(embedder: Embedder) -> None:
    assert len(embedder.embed_query("licence \ud83e")) == embedder.dimension


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_a_finite_vector_of_length_one(embedder: Embedder, text: str) -> None:
    assert np.isclose(np.linalg.norm(embedder.embed_query(text)), 1, atol=1e-5)


def test_threads_may_share_an_embedder(embedder: Embedder) -> None:
    expected = np.array([embedder.embed_query(each) for each in CLAUSES])
    with ThreadPoolExecutor(5) as pool:
        rounds = [pool.map(embedder.embed_query, CLAUSES) for _ in range(6)]
    for found in rounds:
        assert np.allclose(np.array(list(found)), expected, atol=1e-5)


def test_the_name_tells_model_weights_and_route(embedder: Embedder) -> None:
    assert embedder.name == "all-MiniLM-L6-v2@53aa5117/onnx-fp32"


def test_a_home_without_a_model_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="run `smallprint ingest`"):
        open_embedder(tmp_path)


def test_a_prepared_model_is_not_exported_again(model_home: Path) -> None:
    before = model_file(model_home / "models" / embedding.NAME).stat()
    assert prepare_embedder(model_home).name == embedding.NAME
    assert model_file(model_home / "models" / embedding.NAME).stat() == before


@pytest.mark.parametrize("pattern", ["model-*.onnx", "tokenizer.json"])
def test_a_tampered_file_is_refused(model_home: Path, tmp_path: Path, pattern: str) -> None:
    path = next(copied(model_home, tmp_path).glob(pattern))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(EmbedderError, match=f"{path.name} was altered"):
        open_embedder(tmp_path)


@pytest.mark.parametrize("pattern", ["model-*.onnx", "tokenizer.json"])
def test_a_lost_file_is_named(model_home: Path, tmp_path: Path, pattern: str) -> None:
    path = next(copied(model_home, tmp_path).glob(pattern))
    path.unlink()
    with pytest.raises(EmbedderError, match=f"{path.name} cannot be read"):
        open_embedder(tmp_path)


@pytest.mark.parametrize(
    ("meta", "said"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        ('{"name": "x"}', "cannot be read"),
        ({"name": "other-model@0/onnx-fp32"}, "holds 'other-model"),
        ({"weights_sha256": "0" * 64}, "run `smallprint ingest`"),
        ({"pooling": "cls"}, "run `smallprint ingest`"),
    ],
)
def test_a_description_of_another_model_is_refused(
    model_home: Path, tmp_path: Path, meta: str | dict[str, str], said: str
) -> None:
    path = copied(model_home, tmp_path) / "meta.json"
    if isinstance(meta, dict):
        meta = json.dumps(json.loads(path.read_text()) | meta)
    path.write_text(meta)
    with pytest.raises(EmbedderError, match=said):
        open_embedder(tmp_path)


def test_a_file_that_is_no_model_is_refused_even_with_the_right_checksum(
    model_home: Path, tmp_path: Path
) -> None:
    folder = copied(model_home, tmp_path)
    card = json.loads((folder / "meta.json").read_text())
    card["onnx_sha256"] = hashlib.sha256(b"not a model").hexdigest()
    (folder / f"model-{card['onnx_sha256'][:12]}.onnx").write_bytes(b"not a model")
    (folder / "meta.json").write_text(json.dumps(card))
    with pytest.raises(EmbedderError, match="cannot run"):
        open_embedder(tmp_path)


@pytest.mark.parametrize("other", [0.1, float("nan")])
def test_an_export_that_embeds_otherwise_is_refused(embedder: Embedder, other: float) -> None:
    expected = np.array(embedder.embed_documents(embedding._varied_texts()))
    embedding._refuse_other_vectors(embedder, expected)
    expected[7] += other
    with pytest.raises(EmbedderError, match="other vectors"):
        embedding._refuse_other_vectors(embedder, expected)


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(EmbedderError, match=r"cannot be written to .*models"):
        prepare_embedder(tmp_path)


def bundle(tmp_path: Path) -> Path:
    """The installed model under links, so that one file can be replaced."""
    for path in embedding._bundled_model().iterdir():
        (tmp_path / path.name).symlink_to(path)
    return tmp_path


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_bundled_files_other_than_the_pinned_ones_are_refused(tmp_path: Path, name: str) -> None:
    folder = bundle(tmp_path)
    (folder / name).unlink()
    (folder / name).write_bytes(b"something else")
    with pytest.raises(EmbedderError, match=f"{name} is missing or is not the file we pinned"):
        embedding._refuse_altered_model(folder)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "1_Pooling/weights.pkl", "model.pt"])
def test_pickles_beside_the_bundled_model_are_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"")
    with pytest.raises(EmbedderError, match="pickled"):
        embedding._refuse_altered_model(folder)


def test_the_installed_model_is_the_pinned_one() -> None:
    embedding._refuse_altered_model(embedding._bundled_model())


def test_answering_imports_none_of_the_heavy_libraries(model_home: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from ingest.embedding import open_embedder\n"
        "open_embedder(pathlib.Path(sys.argv[1])).embed_query('licence')\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx', 'onnxscript'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    process = run_python(code, str(model_home))
    out, err = process.communicate()
    assert (out.strip(), process.returncode) == ("[]", 0), err
