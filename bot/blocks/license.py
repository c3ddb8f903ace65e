"""What ``/license`` shows: the documents that bind, in which version, and what they decide."""

from __future__ import annotations

from collections.abc import Iterable

from bot.blocks.citations import attributions, citation_block, citation_line
from bot.blocks.escape import escape, printable
from bot.blocks.limits import PARAGRAPH, clip, cut_middle, fitted
from bot.blocks.message import Block, Message
from bot.blocks.rich import (
    Element,
    context,
    header,
    link,
    rich_text,
    section,
    words,
)
from bot.domain import DecisiveClause, DocumentView, LicenseView
from bot.wording import DISCLAIMER, dated

USAGE = (
    "Type /license and the name of a licence, a model or a vendor's terms, such as "
    "/license llama 4 or /license gemma. It shows the documents that bind, their version and "
    "date, where they are published, and the clauses that decide most. "
    "/license list names them all."
)
_DOCUMENTS = 12
_NOTICES = 10
_NAME, _TITLE, _COVERS, _NOTICE, _SENTENCE = 100, 150, 400, 300, 600


def license_message(view: LicenseView, asked: str) -> Message:
    """The licence that ``asked`` named; over-long ones lose the middle of their quotes."""
    return fitted(lambda shown, longest: _message(view, asked, shown, longest), len(view.clauses))


def usage() -> Message:
    """How the command is used."""
    return Message(USAGE, tuple(rich_text(section(words(USAGE)))))


def looking_up(asked: str) -> Message:
    """Said at once, before the answer is known."""
    sentence = f"Looking up {_asked(asked)} …"
    return Message(escape(printable(sentence)), tuple(rich_text(section(words(sentence)))))


def listing(cards: Iterable[str]) -> Message:
    """Every name that the command knows, as one paragraph."""
    text = cut_middle(f"Known are: {', '.join(cards)}.", PARAGRAPH)
    return Message(escape(printable(text)), tuple(rich_text(section(words(text)))))


def unknown(asked: str, sentence: str, suggestions: tuple[str, ...]) -> Message:
    """Why nothing is shown, with the names that may have been meant as commands to type."""
    commands = [f"/license {clip(name, _NAME)}" for name in suggestions]
    hint = ["Try one of these:", *commands] if commands else []
    text = "\n".join([cut_middle(sentence, _SENTENCE), *hint])
    blocks = context([_command(asked)]) + rich_text(section(words(text)))
    return Message(escape(printable(f"{_command(asked)}\n{text}")), tuple(blocks))


def _asked(asked: str) -> str:
    return f"“{clip(' '.join(asked.split()), _NAME)}”"


def _command(asked: str) -> str:
    return f"You asked for {_asked(asked)}."


def _message(view: LicenseView, asked: str, shown: int, longest: int) -> Message:
    clauses = view.clauses[:shown]
    blocks: list[Block] = context([_command(asked)]) + header(view.title)
    blocks += rich_text(section(words(_covers(view))))
    for document in view.documents[:_DOCUMENTS]:
        blocks += rich_text(section(*_document(document)))
    blocks += context(_notices(view, shown))
    for each in clauses:
        blocks += citation_block(_topic(each), each.citation, longest)
    owed = attributions(
        [each.attribution for each in view.documents[:_DOCUMENTS]]
        + [each.citation.attribution for each in clauses]
    )
    blocks += context([*owed, DISCLAIMER])
    return Message(_spoken(view, asked, shown), tuple(blocks))


def _covers(view: LicenseView) -> str:
    """Whose it is and what it covers, in one line."""
    vendor = clip(view.vendor, _NAME)
    covered = cut_middle(", ".join(view.models), _COVERS)
    return f"{vendor}; covers {covered}" if covered else vendor


def _document(document: DocumentView) -> tuple[list[Element], ...]:
    """Name, version, date, address and the sum that identifies the text."""
    version = document.version
    identity = f"{dated(version)}, sha256 {version.sha256[:12]}" if version else "not read yet"
    return (
        words(clip(document.title, _TITLE), bold=True),
        words(f" ({clip(document.kind, _NAME)}): {identity}. "),
        link("vendor's page", document.url),
    )


def _topic(clause: DecisiveClause) -> str:
    return f"{clip(clause.label, _NAME)}:"


def _notices(view: LicenseView, shown: int) -> list[str]:
    notices = [cut_middle(each, _NOTICE) for each in view.notices[:_NOTICES]]
    left_out = len(view.clauses) - shown, len(view.documents) - _DOCUMENTS
    for count, what in zip(left_out, ("clauses", "documents"), strict=True):
        if count > 0:
            notices.append(f"{count} more {what} did not fit into one message.")
    return notices


def _spoken(view: LicenseView, asked: str, shown: int) -> str:
    lines = [_command(asked), clip(view.title, _TITLE), _covers(view)]
    lines += [
        "".join(each["text"] for part in _document(document) for each in part)
        for document in view.documents[:_DOCUMENTS]
    ]
    lines += _notices(view, shown)
    spoken = [escape(printable(line)) for line in lines if line.strip()]
    spoken += [citation_line(_topic(each), each.citation) for each in view.clauses[:shown]]
    return "\n".join([*spoken, DISCLAIMER])
