"""How cards, comparisons, checks and histories look in a terminal: nothing but lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.cards.views import (
    CardList,
    CardView,
    Check,
    Comparison,
    DocumentView,
    Duty,
    Help,
    History,
    Line,
    Obligations,
    Row,
    Shown,
)
from bot.domain import Citation, FactView
from bot.lines import WIDTH, citation, columns, indented, wrapped
from bot.wording import DISCLAIMER, RULINGS, dated, day, ruled

USAGE = """\
license NAME                 the card: what it allows, what it asks for, what may change
license NAME TOPIC           its facts on one topic with the clauses: llama-4 branding
license NAME --as-of DATE    the card as it stood on a day (YYYY-MM-DD)
license compare A B [C]      side by side, what differs first
license check NAME --use "…" a use in your own words against the clauses, with a list of duties
license obligations NAME     the list of duties alone
license history NAME         the versions of its documents and what changed
license list                 every card
license help                 this text"""
_CLAUSE = 60


class Numbers:
    """Numbers citations as they come, so that each clause is quoted once."""

    def __init__(self) -> None:
        self._cited: list[Citation] = []

    def of(self, citations: Iterable[Citation]) -> str:
        """The marks of ``citations``, " [1][2]"."""
        for each in citations:
            if each not in self._cited:
                self._cited.append(each)
        marks = "".join(f"[{self._cited.index(each) + 1}]" for each in citations)
        return f" {marks}" if marks else ""

    def cited(self) -> list[str]:
        """The clauses under their numbers."""
        return [citation(f"[{place}]", each) for place, each in enumerate(self._cited, 1)]


def shown(view: Shown) -> str:
    """Whatever ``license`` came to, as one printable text."""
    match view:
        case CardView():
            return card(view)
        case Comparison():
            return comparison(view)
        case Check():
            return check(view)
        case Obligations():
            return obligations(view)
        case History():
            return history(view)
        case CardList():
            return listing(view)
        case Help():
            return USAGE


def card(view: CardView) -> str:
    """A card: documents, then its facts; those on a topic with their quotes."""
    blocks = [
        f"{view.title} ({view.vendor})" + (f", as of {day(view.as_of)}" if view.as_of else "")
    ]
    if view.models:
        blocks.append(wrapped("Covers " + ", ".join(view.models)))
    if view.plans:
        blocks.append(wrapped("Plans: " + ", ".join(view.plans)))
    blocks += [_document(each) for each in view.documents]
    blocks += _facts(view)
    blocks += [citation(f"{each.label}:", each.citation) for each in view.clauses]
    blocks += [wrapped(f"Note: {notice}") for notice in view.notices]
    return "\n\n".join([*blocks, DISCLAIMER])


def _facts(view: CardView) -> Iterator[str]:
    labels = {each.id: each.label for each in view.sections}
    if view.shown:
        yield f"{view.shown.upper()}" if view.facts else "Nothing on this."
        yield from (_fact_whole(each) for each in view.facts)
        return
    for section in labels:
        lines = [_fact(each) for each in view.facts if each.section == section]
        if lines:
            yield "\n".join([labels[section].upper(), *lines])


def _fact(fact: FactView) -> str:
    """One fact in a few lines, with the clauses it rests on but without their words."""
    return indented(wrapped(f"{_head(fact)} {fact.says}{_places(fact.citations)}", WIDTH - 2))


def _fact_whole(fact: FactView) -> str:
    head = wrapped(f"{_head(fact)} {fact.says}")
    return "\n\n".join([head, *(citation("  ", each) for each in fact.citations)])


def _head(fact: FactView) -> str:
    about = f" ({', '.join((*fact.applies_to, *fact.about))})"
    named = about if fact.applies_to or fact.about else ""
    warning = "" if fact.current else f" [{fact.status.value.upper()}: {fact.why}]"
    when = f" When you {fact.when}:" if fact.when else ""
    return f"{fact.label}{named}: {fact.wording}.{warning}{when}"


def _places(citations: Iterable[Citation]) -> str:
    places = dict.fromkeys(map(_place, citations))
    return f" [{'; '.join(places)}]" if places else ""


def _place(cited: Citation) -> str:
    clause = cited.clause if len(cited.clause) <= _CLAUSE else f"{cited.clause[: _CLAUSE - 1]}…"
    return ", ".join(filter(None, (cited.title, clause)))


def _document(document: DocumentView) -> str:
    version = document.version
    identity = f"{dated(version)}, sha256 {version.sha256[:12]}" if version else "no text known"
    lines = [f"- {document.title} ({document.kind}): {identity}", f"  {document.url}"]
    if document.attribution:
        lines.append(f"  Text from {document.attribution}")
    return "\n".join(lines)


def comparison(view: Comparison) -> str:
    """Cards side by side, each cell with the value and what it means; differing rows first."""
    titles = [each.title for each in view.cards]
    differing = [each for each in view.rows if each.differs]
    same = [each for each in view.rows if not each.differs]
    blocks = [" | ".join(titles), f"DIFFERENT ({len(differing)})"]
    blocks += [_row(each, titles) for each in differing]
    blocks.append(f"THE SAME ({len(same)})")
    blocks += [f"{each.label}: {_cell(each.cells[0])}" for each in same]
    blocks += [wrapped(f"Note: {notice}") for notice in view.notices]
    return "\n\n".join([*blocks, DISCLAIMER])


def _row(row: Row, titles: Iterable[str]) -> str:
    lines = [row.label]
    for title, cell in zip(titles, row.cells, strict=True):
        told = [f"{_values(each)} {each.says}{_places(each.citations)}" for each in cell]
        lines.append(indented(wrapped(f"{title}: {' '.join(told) or 'nothing'}", WIDTH - 2)))
    return "\n".join(lines)


def _values(fact: FactView) -> str:
    about = f" ({', '.join((*fact.applies_to, *fact.about))})"
    named = about if fact.applies_to or fact.about else ""
    return f"{fact.wording}{named}{'' if fact.current else f' [{fact.status.value}]'}."


def _cell(cell: Iterable[FactView]) -> str:
    return "; ".join(dict.fromkeys(each.wording for each in cell)) or "nothing"


def check(view: Check) -> str:
    """A checked use: the ruling, a clause a line, questions, the to-do list."""
    blocks = [f"{view.title}: {RULINGS[view.ruling]}"]
    if view.understood:
        blocks.append(wrapped("Understood: " + "; ".join(view.understood)))
    if view.ignored:
        blocks.append(wrapped("Not understood, and not weighed: " + "; ".join(view.ignored)))
    numbers = Numbers()
    blocks += [_line(each, numbers) for each in view.lines]
    if view.questions:
        blocks.append("\n".join(["TO BE ANSWERED", *(f"? {each}" for each in view.questions)]))
    blocks += _duties(view.duties, numbers)
    blocks += [wrapped(f"Note: {notice}") for notice in view.notices]
    blocks += numbers.cited()
    return "\n\n".join([*blocks, DISCLAIMER])


def _line(line: Line, numbers: Numbers) -> str:
    marks = numbers.of(line.fact.citations) if line.fact else ""
    return wrapped(f"{ruled(line.ruling)} · {line.about}: {line.says}{marks}")


def obligations(view: Obligations) -> str:
    """The to-do list of a card."""
    blocks = [f"{view.title}: what you must do"]
    numbers = Numbers()
    blocks += list(_duties(view.duties, numbers)) or ["The card lists no duty."]
    blocks += [wrapped(f"Note: {notice}") for notice in view.notices]
    blocks += numbers.cited()
    return "\n\n".join([*blocks, DISCLAIMER])


def _duties(duties: Iterable[Duty], numbers: Numbers) -> Iterator[str]:
    told = [_duty(each, numbers) for each in duties]
    if told:
        yield "\n".join(["TO DO", *told])


def _duty(duty: Duty, numbers: Numbers) -> str:
    fact = duty.fact
    asked = " (asked for, not required)" if fact.value == "asked" else ""
    warning = "" if fact.current else f" [{fact.status.value.upper()}: {fact.why}]"
    when = f" If you {duty.condition}:" if duty.condition else ""
    told = f"[ ] {fact.label}{asked}.{warning}{when} {fact.says}"
    return wrapped(told + numbers.of(fact.citations))


def history(view: History) -> str:
    """The versions of each document and the clauses that changed."""
    blocks = [f"{view.title}: versions"]
    for document in view.documents:
        lines = [document.title]
        for each in document.versions:
            lines.append(f"- {dated(each.version)}, seen {day(each.version.seen)}")
            lines += [f"    {edit}" for edit in each.edits]
            if each.more:
                lines.append(f"    and {each.more} more")
        if document.silent:
            lines.append(f"  {document.silent} more in which no clause says anything else")
        if document.older:
            lines.append(f"  {document.older} older versions are in the archive")
        blocks.append("\n".join(lines))
    blocks += [wrapped(f"Note: {notice}") for notice in view.notices]
    return "\n\n".join(blocks)


def listing(view: CardList) -> str:
    """Every card on a line of its own."""
    return columns(
        (
            each.card,
            each.title,
            f"{each.facts} facts" + (f", {each.stale} stale" if each.stale else ""),
        )
        for each in view.cards
    )
