"""From facts that were held against the archive to what people see: wording, status, quotes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.citing import Library, Text
from bot.domain import Citation, FactView
from bot.spans import quotable
from ingest.cards import Card
from ingest.facts import Combination, Fact
from ingest.fields import Field, Fields
from ingest.proof import FactStatus, Proof, Proven
from ingest.prover import Prover

DELIVERY = frozenset({"distribute", "host"})
"""The acts by which somebody else gets to use a model; most duties hang on them."""
_WORD = re.compile(r"\w+")


class Facts:
    """The facts of cards, ready to be shown; safe to share between threads."""

    def __init__(self, prover: Prover, library: Library, fields: Fields) -> None:
        self._prover = prover
        self._library = library
        self.fields = fields
        self._kept: dict[str, tuple[Mapping[str, int], bool, Sequence[Proven]]] = {}

    def of(self, card: Card, versions: Mapping[str, int] | None = None) -> list[FactView]:
        """The facts of ``card`` as people see them; see :meth:`proven`."""
        return [self.view(each) for each in self.proven(card, versions)]

    def proven(self, card: Card, versions: Mapping[str, int] | None = None) -> Sequence[Proven]:
        """The facts of ``card`` in the order of the vocabulary; the same object until texts change.

        Args:
            card: the card.
            versions: source → number of the version that counts. Facts whose clauses read
                differently there do not hold for it and are left out. None for what is served now:
                such facts are stale then, and shown to be so.

        Raises:
            DatabaseError: the archive cannot be read.
        """
        numbers = self._prover.numbers(card, versions)
        dated = versions is not None
        kept = self._kept.get(card.id)
        if kept is None or kept[:2] != (numbers, dated):
            kept = self._kept[card.id] = numbers, dated, self._held(card, numbers, dated)
        return kept[2]

    def _held(self, card: Card, numbers: Mapping[str, int], dated: bool) -> Sequence[Proven]:
        proven = self._prover.proven(card, numbers)
        if dated:
            proven = [each for each in proven if each.status is FactStatus.CURRENT]
        order = {id: place for place, id in enumerate(self.fields.fields)}
        return sorted(proven, key=lambda each: order[each.fact.field])

    def view(self, proven: Proven) -> FactView:
        """One fact as people see it; raises DatabaseError where the archive cannot be read."""
        fact = proven.fact
        field = self.fields.fields[fact.field]
        members = self.fields.members(field.lists)
        return FactView(
            field=field.id,
            label=field.label,
            section=field.section,
            value=fact.value,
            wording=field.values[fact.value],
            says=fact.says,
            status=proven.status,
            why=proven.why,
            citations=self._citations(proven),
            applies_to=fact.applies_to,
            about=tuple(members[each].label for each in fact.members),
            when=self._when(field, fact),
            figure=self._figure(fact),
        )

    def _citations(self, proven: Proven) -> tuple[Citation, ...]:
        cited = [self._cited(each) for each in proven.proofs]
        return tuple({(each.source, each.quote): each for each in cited}.values())

    def _cited(self, proof: Proof) -> Citation:
        source = proof.pointer.source
        text = self._library.text(source, proof.version)
        start, end = _quoted(text, proof)
        return self._library.cite(source, proof.version, start, end)

    def _when(self, field: Field, fact: Fact) -> str:
        """What brings a duty about: "fine-tune it and hand it over or offer it as a service"."""
        if not field.duty or not fact.when:
            return ""
        both = _product(fact.when)
        if both is not None:
            return ", and ".join(self._acts(each, " or ") for each in both)
        if all(len(each) == 1 for each in fact.when):
            return self._acts(frozenset().union(*fact.when), " or ")
        return "; or ".join(self._acts(each, " and ") for each in fact.when)

    def _figure(self, fact: Fact) -> str:
        if fact.amount is None:
            return ""
        return f"{fact.amount.number:,} {self.fields.units[fact.amount.unit]}"

    def _acts(self, ids: Combination, between: str) -> str:
        known = self.fields.acts
        return between.join(known[id].label for id in known if id in ids)


def _product(when: Sequence[Combination]) -> tuple[Combination, Combination] | None:
    """Two sets of acts any pair of which is one of the combinations, and no other is."""
    wanted = set(when)
    for first in sorted(when[0]):
        others = frozenset(act for each in when if first in each for act in each - {first})
        second = next(iter(sorted(others)), None)
        firsts = frozenset(act for each in when if second in each for act in each - {second})
        if second and wanted == {frozenset((a, b)) for a in firsts for b in others}:
            return (others, firsts) if firsts & DELIVERY else (firsts, others)
    return None


def _quoted(text: Text, proof: Proof) -> tuple[int, int]:
    """The span of the clause that may be quoted and in which the pointer's term stands."""
    clause = proof.clause
    spans = list(quotable(text, clause.start, clause.end)) or [(clause.start, clause.end)]
    words = r"\W+".join(map(re.escape, _WORD.findall(proof.pointer.term)))
    found = re.search(words, clause.text, re.IGNORECASE) if words else None
    place = clause.start + (found.start() if found else 0)
    return next((span for span in spans if span[0] <= place < span[1]), spans[0])
