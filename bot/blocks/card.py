"""A card as a message: documents and headlines first, a section or topic with its clauses.

The openness of a model is a table. Over-long cards lose the middle of their quotes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.blocks.citations import attributions, citation_block, citation_line
from bot.blocks.escape import escape, printable
from bot.blocks.interactive import CHECK, OPEN, SHARE, WATCH, button, row, select, table
from bot.blocks.limits import clip, cut_middle, fitted
from bot.blocks.message import Block, Message
from bot.blocks.rich import (
    Element,
    bullets,
    context,
    header,
    link,
    quote,
    rich_text,
    section,
    words,
)
from bot.cards.views import CardView, DocumentView
from bot.domain import Citation, FactView
from bot.wording import DISCLAIMER, dated, day

_DOCUMENTS = 8
_NOTICES = 6
_EDITIONS = 24
_NAME, _TITLE, _COVERS, _NOTICE, _CLAUSE = 100, 150, 400, 300, 60
_SPOKEN_FACTS = 12


def card_message(view: CardView, asked: str, headlines: Iterable[str]) -> Message:
    """The card that ``asked`` named; ``headlines`` are the fields that are shown first."""
    if view.shown:
        return _chosen(view, asked)
    first = set(headlines)
    facts = [each for each in view.facts if each.field in first] or list(view.facts)
    count = len(facts) or len(view.clauses)
    return fitted(lambda shown, longest: _overview(view, asked, facts, shown, longest), count)


def _overview(
    view: CardView, asked: str, facts: list[FactView], shown: int, longest: int
) -> Message:
    lines = [_fact(each, longest) for each in facts[:shown]]
    blocks = _head(view, asked)
    blocks += rich_text(section(words(_covers(view))))
    blocks += rich_text(bullets(map(_document, view.documents[:_DOCUMENTS])))
    blocks += context(_notices(view, max(0, len(facts) - shown)))
    blocks += rich_text(bullets(lines))
    clauses = view.clauses[:shown]
    for each in clauses:
        blocks += citation_block(f"{clip(each.label, _NAME)}:", each.citation, longest)
    blocks += _buttons(view, asked)
    owed = [each.attribution for each in view.documents[:_DOCUMENTS]]
    blocks += context([*attributions(owed), DISCLAIMER])
    spoken = [_covers(view), *(_spoken_document(each) for each in view.documents[:_DOCUMENTS])]
    spoken += [_spoken_fact(each) for each in facts[:shown][:_SPOKEN_FACTS]]
    spoken += _notices(view, 0)
    cited = [citation_line(f"{clip(each.label, _NAME)}:", each.citation) for each in clauses]
    return Message(_spoken(view, asked, spoken, cited), tuple(blocks))


def _chosen(view: CardView, asked: str) -> Message:
    """The facts of a section or topic, each with the words of its clauses."""
    return fitted(lambda shown, longest: _whole(view, asked, shown, longest), len(view.facts))


def _whole(view: CardView, asked: str, shown: int, longest: int) -> Message:
    facts = view.facts[:shown]
    blocks = _head(view, asked) + rich_text(section(words(view.shown, bold=True)))
    blocks += context(_notices(view, len(view.facts) - shown))
    if facts and all(each.section == "openness" for each in facts):
        cells = [(each.label, each.wording, each.says, _places(each)) for each in facts]
        blocks += table(("Part", "State", "What is known", "Clause"), cells)
    else:
        quoted: set[Citation] = set()
        for each in facts:
            blocks += _quoted(each, longest, quoted)
    if shown < len(view.facts):
        more = f"{wanted(asked)} --from {view.start + max(shown, 1)}"
        left_out = len(view.facts) - shown
        blocks += row([button(f"Show the other {left_out}", f"{OPEN}_more", more, primary=True)])
    blocks += _buttons(view, asked)
    owed = [cited.attribution for each in facts for cited in each.citations]
    blocks += context([*attributions(owed), DISCLAIMER])
    spoken = [view.shown, *(_spoken_fact(each) for each in facts[:_SPOKEN_FACTS])]
    return Message(_spoken(view, asked, [*spoken, *_notices(view, 0)], []), tuple(blocks))


def _quoted(fact: FactView, longest: int, quoted: set[Citation]) -> list[Block]:
    """A fact and its clauses in one block; words that were quoted above are only pointed at."""
    parts: list[list[Element]] = [section(_fact(fact, longest * 3))]
    for each in fact.citations:
        place = f"{clip(each.title, _TITLE)}, {clip(each.clause, _CLAUSE)} ({dated(each.version)})"
        if each not in quoted:
            quoted.add(each)
            parts.append(section(words(f"{place} "), link("vendor's page", each.url)))
            parts.append(quote(cut_middle(each.quote.strip(), longest)))
    return rich_text(*parts)


def _head(view: CardView, asked: str) -> list[Block]:
    title = f"{view.title}, as of {day(view.as_of)}" if view.as_of else view.title
    return context([asked_for(asked)]) + header(title)


def wanted(asked: str) -> str:
    """A request without its place in a list that was too long."""
    return asked.partition(" --from ")[0]


def asked_for(asked: str) -> str:
    """What was typed, told back; without a use in the form that buttons carry."""
    asked = asked.partition(" --use {")[0]
    return f"You asked for “{clip(' '.join(asked.split()), _NAME)}”."


def _fact(fact: FactView, longest: int) -> list[Element]:
    """One fact on a line: what it is about, its value, our words, where it stands."""
    about = f" ({', '.join((*fact.applies_to, *fact.about))})"
    named = clip(about, _NAME) if fact.applies_to or fact.about else ""
    when = f" When you {fact.when}:" if fact.when else ""
    warning = "" if fact.current else f" Not to be relied on: {fact.why}"
    says = cut_middle(f"{when} {fact.says}".strip(), max(80, longest))
    places = _places(fact)
    return [
        *words(f"{fact.label}{named}: ", bold=True),
        *words(f"{fact.wording}.{clip(warning, _NOTICE)} {says}"),
        *words(f" [{places}]" if places else ""),
    ]


def _places(fact: FactView) -> str:
    """The clauses that prove a fact, by the names people cite."""
    places = dict.fromkeys(clip(each.clause or each.title, _CLAUSE) for each in fact.citations)
    return "; ".join(list(places)[:3])


def _covers(view: CardView) -> str:
    """Whose it is and what it covers, in one line."""
    vendor = clip(view.vendor, _NAME)
    covered = cut_middle(", ".join((*view.models, *view.plans)), _COVERS)
    return f"{vendor}; covers {covered}" if covered else vendor


def _document(document: DocumentView) -> list[Element]:
    """Name, version, date, address and the sum that identifies the text."""
    version = document.version
    identity = f"{dated(version)}, sha256 {version.sha256[:12]}" if version else "not read yet"
    return [
        *words(clip(document.title, _TITLE), bold=True),
        *words(f" ({clip(document.kind, _NAME)}): {identity}. "),
        *link("vendor's page", document.url),
    ]


def _spoken_document(document: DocumentView) -> str:
    return "".join(each["text"] for each in _document(document))


def _spoken_fact(fact: FactView) -> str:
    return "".join(each["text"] for each in _fact(fact, 300))


def _buttons(view: CardView, asked: str) -> list[Block]:
    """Sections of the card, then what else can be done with it."""
    as_of = f" --as-of {view.as_of.isoformat()}" if view.as_of else ""
    sections = [
        button(
            f"{each.label} ({each.facts})",
            f"{OPEN}_section_{place}",
            f"{view.card} {each.id}{as_of}",
        )
        for place, each in enumerate(view.sections)
    ]
    if view.shown:
        sections.insert(0, button("Overview", f"{OPEN}_overview", f"{view.card}{as_of}"))
    return row(sections) + row([*_deeds(view, asked), *_editions(view)])


def _deeds(view: CardView, asked: str) -> Iterator[Block]:
    if view.facts:
        yield button("Check a use", CHECK, view.card, primary=True)
        yield button("To-do list", f"{OPEN}_duties", f"obligations {view.card}")
    yield button("History", f"{OPEN}_history", f"history {view.card}")
    yield button("Share in channel", SHARE, asked)
    yield button("Watch this", WATCH, view.card)


def _editions(view: CardView) -> Iterator[Block]:
    """A menu of the versions of the first document, where there are several."""
    days = dict.fromkeys(each.day for each in view.editions)
    if len(days) > 1:
        dated_options = [
            (f"As of {day(each)}", f"{view.card} --as-of {each.isoformat()}")
            for each in list(days)[:_EDITIONS]
        ]
        yield select(
            "Another version" if len(days) <= _EDITIONS else f"The newest {_EDITIONS} versions",
            f"{OPEN}_edition",
            [("As it is now", view.card), *dated_options],
        )


def _notices(view: CardView, left_out: int) -> list[str]:
    notices = [cut_middle(each, _NOTICE) for each in view.notices[:_NOTICES]]
    if left_out > 0:
        notices.append(f"{left_out} more did not fit into one message; press below for them.")
    documents = len(view.documents) - _DOCUMENTS
    if documents > 0:
        notices.append(f"{documents} more documents did not fit into one message.")
    return notices


def _spoken(view: CardView, asked: str, lines: list[str], cited: list[str]) -> str:
    shown = [asked_for(asked), clip(view.title, _TITLE), *lines]
    spoken = [escape(printable(line)) for line in shown if line.strip()]
    return "\n".join([*spoken, *cited, DISCLAIMER])
