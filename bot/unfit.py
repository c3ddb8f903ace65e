"""Kinds of questions that no document answers: prices, plans, own contracts, law, chatter, orders.

What the kinds are, how people word them and what is told stands in ``corpus/vocabulary.yml``; when
a question is of a kind is decided here. What is not covered is left to ``bot.uncovered``.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.cues import Phrases, read
from bot.domain import Scope
from bot.words import plain
from ingest.manifest import Manifest
from ingest.vocabulary import Unfit


class Unfitting:
    """Tells questions of the declared kinds; safe to share between threads."""

    def __init__(self, kinds: Sequence[Unfit], manifest: Manifest) -> None:
        self._kinds = [(each, Phrases(each.asked), Phrases(each.unless)) for each in kinds]
        self._cues = Phrases(cue for each in kinds for cue in each.cues)
        self._manifest = manifest
        self._vendors = [
            plain(name) for each in manifest.vendors.values() for name in (each.name, *each.aliases)
        ]

    def reason(self, question: str, scope: Scope) -> str:
        """The sentence of the first kind that ``question`` is of, or ""."""
        text = self._read(question, scope)
        for kind, asked, unless in self._kinds:
            fits = asked.stand_in(text) and not unless.stand_in(text)
            if fits and not self._is_answered(kind, scope):
                return kind.says
        return ""

    def is_likely(self, question: str, scope: Scope) -> bool:
        """Whether some word of ``question`` makes one of the kinds likely."""
        return self._cues.stand_in(self._read(question, scope))

    def _read(self, question: str, scope: Scope) -> str:
        """``question`` with its names marked, vendors that a scope leaves out among them."""
        return read(question, (*scope.named, *scope.unknown, *self._vendors))

    def _is_answered(self, kind: Unfit, scope: Scope) -> bool:
        """Whether somebody is named whose texts may speak to it all the same."""
        held = {self._manifest.sources[id].kind for id in scope.sources}
        return bool(held & {*kind.documents}) or (bool(scope.sources) and not kind.named)
