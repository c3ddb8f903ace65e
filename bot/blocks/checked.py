"""A checked use as a message or inside a form: the ruling, a line each, questions, duties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.blocks.card import asked_for
from bot.blocks.citations import attributions, citation_block
from bot.blocks.escape import escape, printable
from bot.blocks.interactive import CHECK, OPEN, SHARE, button, row
from bot.blocks.limits import clip, cut_middle, fits, fitted
from bot.blocks.message import Block, Message
from bot.blocks.rich import Element, bullets, context, header, rich_text, section, words
from bot.cards.views import Check, Duty, Line, Obligations
from bot.domain import Citation, FactView
from bot.wording import DISCLAIMER, RULINGS, ruled
from ingest.fields import Ruling

_TITLE, _NOTICE, _UNDERSTOOD, _SAYS, _ABOUT = 120, 300, 600, 330, 80
_LEAST = 80
_MOST_LINES, _MOST_DUTIES, _MOST_QUESTIONS = 20, 16, 8


def check_message(view: Check, asked: str) -> Message:
    """The check of a use; over-long ones lose the middle of their quotes, then the last quotes."""
    cited = _cited([*(each.fact for each in view.lines), *(each.fact for each in view.duties)])
    return fitted(lambda shown, longest: _check(view, asked, cited, shown, longest), len(cited))


def obligations_message(view: Obligations, asked: str) -> Message:
    """The duties of a card, all of them and whole wherever quotes can make room for them."""
    cited = _cited(each.fact for each in view.duties)
    whole = fits(_duties(view, asked, cited, 0, 0, whole=True))

    def build(shown: int, longest: int) -> Message:
        return _duties(view, asked, cited, shown, longest, whole=whole)

    return fitted(build, len(cited))


def share_request(view: Check) -> str:
    """What would have to be typed to get the same check again."""
    return f"check {view.card} --use {view.use}"


def _check(view: Check, asked: str, cited: Sequence[Citation], shown: int, longest: int) -> Message:
    title = f"{RULINGS[view.ruling]}: {clip(view.title, _TITLE)}"
    blocks: list[Block] = context([asked_for(asked)]) + header(title)
    blocks += context(_understood(view))
    lines = _worst(view.lines)
    blocks += rich_text(bullets(_line(each, cited, longest) for each in lines))
    if view.questions:
        head = section(words("To be answered", bold=True))
        asks = [words(cut_middle(each, _NOTICE)) for each in view.questions[:_MOST_QUESTIONS]]
        blocks += rich_text(head, bullets(asks))
    blocks += _to_do(view.duties, cited, longest)
    blocks += _quotes(cited, shown, longest)
    blocks += row(
        [
            button("Change the use", CHECK, view.card),
            button("The whole to-do list", f"{OPEN}_duties", f"obligations {view.card}"),
            button("The whole card", f"{OPEN}_card", view.card),
            button("Share in channel", SHARE, share_request(view)),
        ]
    )
    left_out = len(view.lines) - len(lines), len(view.questions[_MOST_QUESTIONS:])
    blocks += context(
        f"{count} more {what} did not fit into one message."
        for count, what in zip(left_out, ("lines", "questions"), strict=True)
        if count
    )
    blocks += context([*_notices(view.notices, cited, shown), *_owed(cited, shown), DISCLAIMER])
    spoken = [asked_for(asked), title, *_understood(view)]
    spoken += [_in_words(_line(each, cited, _SAYS)) for each in view.lines]
    spoken += view.questions
    return Message(_spoken(spoken), tuple(blocks))


def _duties(
    view: Obligations,
    asked: str,
    cited: Sequence[Citation],
    shown: int,
    longest: int,
    *,
    whole: bool,
) -> Message:
    title = f"To do: {clip(view.title, _TITLE)}"
    blocks: list[Block] = context([asked_for(asked)]) + header(title)
    most, words_each = (len(view.duties), _SAYS) if whole else (_MOST_DUTIES, longest)
    blocks += _to_do(view.duties, cited, words_each, most) or rich_text(
        section(words("The card lists no duty."))
    )
    blocks += _quotes(cited, shown, longest)
    blocks += row(
        [
            button("Check a use", CHECK, view.card, primary=True),
            button("The whole card", f"{OPEN}_card", view.card),
            button("Share in channel", SHARE, asked),
        ]
    )
    blocks += context([*_notices(view.notices, cited, shown), *_owed(cited, shown), DISCLAIMER])
    spoken = [asked_for(asked), title, *(each.fact.says for each in view.duties)]
    return Message(_spoken(spoken), tuple(blocks))


def _cited(facts: Iterable[FactView | None]) -> list[Citation]:
    return list(dict.fromkeys(each for fact in facts if fact for each in fact.citations))


def _understood(view: Check) -> Iterator[str]:
    if view.understood:
        yield cut_middle(f"Understood: {'; '.join(view.understood)}.", _UNDERSTOOD)
    if view.ignored:
        yield cut_middle(f"Not understood, not weighed: {'; '.join(view.ignored)}.", _UNDERSTOOD)


def _worst(lines: Sequence[Line]) -> Sequence[Line]:
    """As many lines as a message has room for; where that is not all, the worst ones."""
    if len(lines) <= _MOST_LINES:
        return lines
    order = list(Ruling)
    return sorted(lines, key=lambda each: -order.index(each.ruling) if each.ruling else 1)[
        :_MOST_LINES
    ]


def _line(line: Line, cited: Sequence[Citation], longest: int) -> list[Element]:
    marks = _marks(line.fact, cited) if line.fact else ""
    return [
        *words(ruled(line.ruling), bold=True),
        *words(f" · {clip(line.about, _ABOUT)}: {_cut(line.says, longest)}{marks}"),
    ]


def _in_words(elements: Iterable[Element]) -> str:
    return "".join(each["text"] for each in elements)


def _cut(says: str, longest: int) -> str:
    """A sentence of ours, whole where there is room for long quotes as well."""
    return cut_middle(says, min(_SAYS, max(_LEAST, longest)))


def _to_do(
    duties: Sequence[Duty], cited: Sequence[Citation], longest: int, most: int = _MOST_DUTIES
) -> list[Block]:
    lines = [_duty(each, cited, longest) for each in duties[:most]]
    if not lines:
        return []
    more = len(duties) - len(lines)
    head = section(words(f"To do ({len(duties)})", bold=True))
    rest = [words(f"{more} more did not fit into one message.")] if more else []
    return rich_text(head, bullets([*lines, *rest]))


def _duty(duty: Duty, cited: Sequence[Citation], longest: int) -> list[Element]:
    fact = duty.fact
    asked = " (asked for, not required)" if fact.value == "asked" else ""
    stale = "" if fact.current else f" Not to be relied on: {clip(fact.why, _NOTICE)}"
    when = f" If you {duty.condition}:" if duty.condition else ""
    told = _cut(f"{asked}{stale}{when} {fact.says}", longest)
    return [
        *words(f"{clip(fact.label, _ABOUT)}:", bold=True),
        *words(f" {told.strip()}{_marks(fact, cited)}"),
    ]


def _marks(fact: FactView, cited: Sequence[Citation]) -> str:
    marks = "".join(f"[{cited.index(each) + 1}]" for each in fact.citations if each in cited)
    return f" {marks}" if marks else ""


def _quotes(cited: Sequence[Citation], shown: int, longest: int) -> list[Block]:
    return [
        block
        for number, each in enumerate(cited[:shown], 1)
        for block in citation_block(f"[{number}]", each, longest)
    ]


def _notices(notices: Sequence[str], cited: Sequence[Citation], shown: int) -> Iterator[str]:
    yield from (cut_middle(each, _NOTICE) for each in notices[:4])
    if len(cited) > shown:
        yield f"{len(cited) - shown} more clauses did not fit into one message."


def _owed(cited: Sequence[Citation], shown: int) -> list[str]:
    return attributions(each.attribution for each in cited[:shown])


def _spoken(lines: Iterable[str]) -> str:
    told = [escape(printable(cut_middle(each, _UNDERSTOOD).strip())) for each in lines if each]
    return "\n".join([*told[:30], DISCLAIMER])
