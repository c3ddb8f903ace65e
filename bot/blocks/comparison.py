"""Cards side by side as a native table, what differs first."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.card import asked_for, wanted
from bot.blocks.escape import escape, printable
from bot.blocks.interactive import OPEN, SHARE, button, row, table
from bot.blocks.limits import clip, cut_middle, fitted
from bot.blocks.message import Block, Message
from bot.blocks.rich import context, header
from bot.cards.views import Comparison, Row
from bot.domain import FactView
from bot.wording import DISCLAIMER, dated

_ROWS = 99  # and one for the titles
_CLAUSE = 24
_TITLE = 100
_NOTICE = 300
_SPOKEN, _SPOKEN_LINE = 12, 600


def comparison_message(view: Comparison, asked: str) -> Message:
    """The comparison that ``asked`` named; where it is too long, the last rows are left out."""
    rows = view.rows[view.start :][:_ROWS]
    return fitted(lambda shown, longest: _message(view, asked, rows[:shown], longest), len(rows))


def _message(view: Comparison, asked: str, rows: Sequence[Row], longest: int) -> Message:
    differing = sum(each.differs for each in view.rows)
    titles = [clip(each.title, _TITLE) for each in view.cards]
    head = ["", *titles]
    cells = [(_mark(each), *(_cell(cell, longest) for cell in each.cells)) for each in rows]
    notices = [
        f"{differing} of {len(view.rows)} lines differ; they come first, marked ≠.",
        *(cut_middle(each, _NOTICE) for each in view.notices[:6]),
    ]
    left_out = len(view.rows) - view.start - len(rows)
    if left_out:
        notices.append(f"{left_out} more lines did not fit into one message.")
    blocks: list[Block] = context([asked_for(asked)]) + header(" · ".join(titles))
    blocks += table(head, cells)
    blocks += context([*notices, *_editions(view), DISCLAIMER])
    more = f"{wanted(asked)} --from {view.start + max(len(rows), 1)}"
    others = [button(f"Show the other {left_out}", f"{OPEN}_more", more, primary=True)]
    blocks += row([*(others if left_out else []), button("Share in channel", SHARE, asked)])
    spoken = [asked_for(asked), " · ".join(titles), *notices]
    spoken += [
        cut_middle(": ".join((line[0], " | ".join(line[1:]))), _SPOKEN_LINE)
        for line in cells[:_SPOKEN]
    ]
    told = [escape(printable(each)) for each in spoken if each]
    return Message("\n".join([*told, DISCLAIMER]), tuple(blocks))


def _mark(row: Row) -> str:
    return f"≠ {row.label}" if row.differs else row.label


def _cell(facts: Sequence[FactView], longest: int) -> str:
    """Values of a cell and, where there is room, what they mean and where they stand."""
    if longest < 250:
        return "; ".join(dict.fromkeys(_short(each) for each in facts))
    return " ".join(f"{_short(each)}: {cut_middle(each.says, longest)}" for each in facts)


def _short(fact: FactView) -> str:
    about = ", ".join((*fact.applies_to, *fact.about))
    places = "; ".join(dict.fromkeys(clip(each.clause, _CLAUSE) for each in fact.citations[:1]))
    told = f"{fact.wording}: {fact.figure}" if fact.figure else fact.wording
    told = f"{told} ({clip(about, 60)})" if about else told
    told = told if fact.current else f"{told}, {fact.status.value}"
    return f"{told} [{places}]" if places else told


def _editions(view: Comparison) -> list[str]:
    """Which versions are compared."""
    return [
        clip("; ".join(f"{d.title}: {dated(d.version)}" for d in card.documents if d.version), 400)
        for card in view.cards
    ]
