"""Cards side by side, field by field: what differs first, then what is the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.cards.views import CardView, Comparison, Row
from bot.domain import FactView
from ingest.errors import QuestionError
from ingest.fields import Fields

MOST_CARDS = 4
_NEVER_ROWS = frozenset({"ask-vendor", "ask-lawyer"})


def compare(cards: Sequence[CardView], fields: Fields) -> Comparison:
    """Put cards side by side.

    Args:
        cards: two to :data:`MOST_CARDS` different cards, whole.
        fields: the closed lists, whose order the rows keep.

    Raises:
        QuestionError: there are too few or too many cards.
    """
    if not 2 <= len(cards) <= MOST_CARDS:
        named = f"only {cards[0].title} was" if len(cards) == 1 else f"{len(cards)} were"
        raise QuestionError(
            f"Name two to {MOST_CARDS} licences to compare, such as `compare llama-4 gemma-3`; "
            f"{named} found."
        )
    rows = [
        _row(id, fields, cells)
        for id in fields.fields
        if id not in _NEVER_ROWS and any(cells := [_of(id, each.facts) for each in cards])
    ]
    rows.sort(key=lambda row: not row.differs)  # stable: the order of the fields stays
    return Comparison(tuple(cards), tuple(rows), tuple(_notices(cards)))


def _of(field: str, facts: Iterable[FactView]) -> tuple[FactView, ...]:
    return tuple(each for each in facts if each.field == field)


def _row(id: str, fields: Fields, cells: Sequence[tuple[FactView, ...]]) -> Row:
    field = fields.fields[id]
    said = {tuple(sorted(_said(each) for each in cell)) for cell in cells}
    return Row(id, field.label, field.section, tuple(cells), differs=len(said) > 1)


def _said(fact: FactView) -> tuple[str, ...]:
    """What makes two facts the same: the value, its figure, and what it is about."""
    return (fact.value, fact.figure, fact.status.value, *fact.about)


def _notices(cards: Iterable[CardView]) -> Iterator[str]:
    seen = set()
    for card in cards:
        if not card.facts:
            yield f"Nobody has written facts for {card.title} yet."
        for notice in card.notices:
            if "have been read" not in notice and notice not in seen and card.facts:
                seen.add(notice)
                yield f"{card.title}: {notice}"
