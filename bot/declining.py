"""When the documents do not settle a question, and the sentence that says so.

Owns the order in which that is decided: names that are not covered, kinds of questions that nothing
answers, documents that are not held, then the calibrated weighing of what was found. Each of these
is left to a module of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.calibration import Calibrations
from bot.cards.relevant import Relevant
from bot.domain import Scope
from bot.signals import Signals, signals
from bot.topics import Topics
from bot.uncovered import Uncovered, not_covered
from bot.unfit import Unfitting
from ingest.cards import Card
from ingest.domain import Passage
from ingest.manifest import Manifest
from ingest.vocabulary import Vocabulary

if TYPE_CHECKING:
    from ingest.index import Index
    from ingest.past import PastIndex

__all__ = ["Decliner", "not_covered"]

_READ = 4  # titles that a refusal names


class Decliner:
    """Knows when a question asks for what no document settles; safe to share between threads."""

    def __init__(
        self,
        manifest: Manifest,
        cards: Mapping[str, Card],
        topics: Topics,
        vocabulary: Vocabulary,
        calibrations: Calibrations | None,
    ) -> None:
        self._manifest = manifest
        self._topics = topics
        self._uncovered = Uncovered(manifest, cards, topics, vocabulary.papers)
        self._unfit = Unfitting(vocabulary.unfit, manifest)
        self._calibrations = calibrations or Calibrations()

    def reason(
        self,
        question: str,
        scope: Scope,
        passages: Sequence[Passage],
        index: Index | PastIndex,
        embedder: str,
        facts: Sequence[Relevant],
    ) -> str | None:
        """Why there is no answer, in one to three sentences; None where passages may be quoted.

        Raises:
            EmbedderError: nothing was ever calibrated for the embedder of that name.
        """
        calibration = self._calibrations.for_embedder(embedder)
        ruled = self.ruled(question, scope, passages, index)
        if ruled:
            return ruled
        weighed = self.signals(question, scope, passages, index, facts)
        return None if calibration.settles(weighed) else self.unsettled(scope)

    def ruled(
        self,
        question: str,
        scope: Scope,
        passages: Sequence[Passage],
        index: Index | PastIndex,
    ) -> str:
        """Why a rule says that there is no answer, or ""; needs no calibration."""
        unfit = self._unfit.reason(question, scope)
        if unfit:
            return f"{unfit} {self._uncovered.instead(scope)}"
        return self._uncovered.names(question, scope, index) or self._uncovered.papers(
            question, scope, passages
        )

    def signals(
        self,
        question: str,
        scope: Scope,
        passages: Sequence[Passage],
        index: Index | PastIndex,
        facts: Sequence[Relevant],
    ) -> Signals:
        """What a calibration weighs, where no rule decides."""
        cue = self._unfit.is_likely(question, scope)
        return signals(scope, passages, index, facts, self._topics, cue)

    def unsettled(self, scope: Scope) -> str:
        """That the documents of the scope, or all of them, do not settle the question."""
        if not scope.sources:
            return f"The documents do not settle this. {self._uncovered.instead(scope)}"
        titles = [self._manifest.sources[id].title for id in scope.sources]
        more = f" and {len(titles) - _READ} more" if len(titles) > _READ else ""
        read = f"The documents do not settle this. Read were: {'; '.join(titles[:_READ])}{more}."
        return f"{not_covered(scope)} {read}".strip()
