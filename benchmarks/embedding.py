"""Chunks per second: our ONNX route against sentence-transformers on torch, in one run.

Usage: ``python benchmarks/embedding.py HOME [FOLDER] [COUNT]``. Embeds COUNT passages (200) of
about 1,000 characters, cut from the text files in FOLDER (default: this repository's ``docs``), by
both routes in turn, three rounds, and prints JSON. Rates depend on the machine; the ratio travels.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from ingest.embedding import load_original, prepare_embedder

ROUNDS = 3
CHARACTERS = 1000


def passages(folder: Path, count: int) -> list[str]:
    """About ``count`` slices of the files below ``folder``, spread over all of them."""
    texts = [
        path.read_text(errors="replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.stat().st_size > CHARACTERS
    ]
    slices = [
        text[at : at + CHARACTERS] for text in texts for at in range(0, len(text), CHARACTERS)
    ]
    if not slices:
        raise SystemExit(f"There is no text of {CHARACTERS} characters under {folder}.")
    return slices[:: max(1, len(slices) // count)][:count]


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main(home: Path, folder: Path, count: int) -> None:
    began = time.perf_counter()
    embedder = prepare_embedder(home)
    prepared = time.perf_counter() - began
    original = load_original()
    texts = passages(folder, count)

    def by_torch() -> np.ndarray:
        return np.asarray(original.encode(texts, show_progress_bar=False))

    def by_onnx() -> np.ndarray:
        return np.array(embedder.embed_documents(texts))

    closest = float(np.min(np.sum(by_torch() * by_onnx(), axis=1)))
    pairs = [(seconds(by_torch), seconds(by_onnx)) for _ in range(ROUNDS)]
    torch_seconds, onnx_seconds = (median(each) for each in zip(*pairs, strict=True))
    figures = {
        "passages": len(texts),
        "prepare_seconds": round(prepared, 2),
        "torch_passages_per_second": round(len(texts) / torch_seconds, 1),
        "onnx_passages_per_second": round(len(texts) / onnx_seconds, 1),
        "ratio": round(torch_seconds / onnx_seconds, 2),
        "worst_cosine": round(closest, 6),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    arguments = [*sys.argv[1:], *("var", "docs", "200")[len(sys.argv) - 1 :]]
    main(Path(arguments[0]), Path(arguments[1]), int(arguments[2]))
