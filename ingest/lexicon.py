"""Search by words: BM25 over the chunks of an index, whether in memory or mapped from a folder."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
from bm25s.stopwords import STOPWORDS_EN_PLUS

from ingest.domain import Chunk
from ingest.ranking import Range, best, parts, words

# How soon a repeated word stops counting (k1) and how much long chunks are marked down (b): the
# library's 1.5 and 0.75 found 6 to 9 points less among the first 5, and no more elsewhere.
K1 = 0.9
B = 0.4

# Left out of questions only. Words such as "can we" drown the ones that decide (+6 points at 5).
STOP_WORDS = frozenset(STOPWORDS_EN_PLUS)

# The library lets every message through and would tell of each search to whoever logs anything.
logging.getLogger("bm25s").setLevel(logging.WARNING)


class Lexicon:
    """The words of chunks, by ordinal. Several threads may search at once."""

    def __init__(self, words: bm25s.BM25) -> None:
        self._words = words

    @classmethod
    def of(cls, chunks: Sequence[Chunk]) -> Lexicon:
        """Count the words of ``chunks``, at least one."""
        counted = bm25s.BM25(k1=K1, b=B)
        # A chunk without a single word still needs its place; "" is the library's own stand-in.
        counted.index([words(chunk.indexed) or [""] for chunk in chunks], show_progress=False)
        return cls(counted)

    @classmethod
    def open(cls, folder: Path) -> Lexicon:
        """Open what :meth:`save` wrote; the files are mapped, not read."""
        return cls(bm25s.BM25.load(folder, mmap=True, show_progress=False))

    def save(self, folder: Path) -> None:
        """Write everything into a new folder."""
        self._words.save(folder, show_progress=False)

    def knows(self, word: str) -> bool:
        """Whether every part of ``word`` occurs in some chunk ("gemma-3": both of its parts)."""
        vocabulary = self._words.vocab_dict
        return bool(parts(word)) and all(part in vocabulary for part in parts(word))

    def ranked(self, text: str, ranges: Sequence[Range], depth: int) -> list[int]:
        """Ordinals within ``ranges`` that share words with ``text``, best first."""
        vocabulary = self._words.vocab_dict
        wanted = dict.fromkeys(words(text, STOP_WORDS))
        asked = [word for word in wanted if word in vocabulary]
        if not asked:
            return []
        scores = self._words.get_scores(asked)
        within = np.concatenate([scores[start:end] for start, end in ranges])
        return best(within, ranges, min(depth, int(np.count_nonzero(within))))
