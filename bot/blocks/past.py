"""The versions of a card's documents and what changed between them, as a message."""

from __future__ import annotations

from bot.blocks.card import asked_for
from bot.blocks.escape import escape, printable
from bot.blocks.interactive import OPEN, SHARE, button, row
from bot.blocks.limits import clip, cut_middle, fitted
from bot.blocks.message import Block, Message
from bot.blocks.rich import bullets, context, header, link, rich_text, section, words
from bot.cards.views import DocumentHistory, History
from bot.wording import dated, day

_TITLE, _EDIT, _NOTICE = 120, 90, 300


def history_message(view: History, asked: str) -> Message:
    """The history that ``asked`` named; where it is too long, the oldest versions are left out."""
    most = max((len(each.versions) for each in view.documents), default=0)
    return fitted(lambda shown, longest: _message(view, asked, shown, longest), most)


def _message(view: History, asked: str, shown: int, longest: int) -> Message:
    title = f"Versions: {clip(view.title, _TITLE)}"
    blocks: list[Block] = context([asked_for(asked)]) + header(title)
    spoken = [asked_for(asked), title]
    for document in view.documents[:12]:
        lines = _lines(document, shown, max(1, longest // 200))
        spoken += [cut_middle(each, _NOTICE) for each in (document.title, *lines)]
        head = words(f"{clip(document.title, _TITLE)} ", bold=True)
        told = bullets(words(line) for line in lines)
        blocks += rich_text(section(head, link("vendor's page", document.url)), told)
    blocks += context(cut_middle(each, _NOTICE) for each in view.notices)
    blocks += row(
        [
            button("The whole card", f"{OPEN}_card", view.card),
            button("Share in channel", SHARE, asked),
        ]
    )
    return Message("\n".join(escape(printable(each)) for each in spoken[:40]), tuple(blocks))


def _lines(document: DocumentHistory, shown: int, edits: int) -> list[str]:
    lines = []
    for each in document.versions[:shown]:
        told = [clip(edit, _EDIT) for edit in each.edits[:edits]]
        more = each.more + len(each.edits) - len(told)
        rest = f" and {more} more" if more else ""
        lines.append(
            f"{dated(each.version)}, seen {day(each.version.seen)}: {'; '.join(told)}{rest}"
        )
    older = document.older + len(document.versions) - len(lines)
    if older:
        lines.append(f"{older} older versions are in the archive.")
    if document.silent:
        lines.append(f"{document.silent} versions in which no clause says anything else.")
    return lines
