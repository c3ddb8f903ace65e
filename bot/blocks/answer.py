"""An answer as a message: what it comes to, then the clauses that carry it, numbered."""

from __future__ import annotations

from bot.blocks.citations import attributions, citation_block, citation_line
from bot.blocks.escape import escape, printable
from bot.blocks.limits import PARAGRAPH, cut_middle, fitted
from bot.blocks.message import Block, Message
from bot.blocks.rich import context, rich_text, section, words
from bot.domain import Answer, AnswerStatus
from bot.wording import DISCLAIMER, VERDICTS

_SPOKEN = 1000
_NOTICE = 300
_NOTICES = 10


def answer_message(answer: Answer) -> Message:
    """The answer with its citations; over-long ones lose the middle of their quotes."""
    return fitted(lambda shown, longest: _message(answer, shown, longest), len(answer.citations))


def _message(answer: Answer, shown: int, longest: int) -> Message:
    verdict = f"{VERDICTS[answer.verdict]} " if answer.verdict else ""
    lead = cut_middle(answer.text.strip(), PARAGRAPH)
    notices = _notices(answer, shown)
    blocks: list[Block] = rich_text(section(words(verdict, bold=True), words(lead)))
    blocks += context(notices)
    for number, citation in enumerate(answer.citations[:shown], 1):
        blocks += citation_block(f"[{number}]", citation, longest)
    owed = attributions(each.attribution for each in answer.citations[:shown])
    blocks += context([*owed, *_disclaimer(answer)])
    return Message(_spoken(answer, verdict, notices, shown), tuple(blocks))


def _notices(answer: Answer, shown: int) -> list[str]:
    notices = [cut_middle(each.strip(), _NOTICE) for each in answer.notices[:_NOTICES]]
    left_out = len(answer.citations) - shown
    if left_out:
        notices.append(f"{left_out} more citations did not fit into one message.")
    return notices


def _spoken(answer: Answer, verdict: str, notices: list[str], shown: int) -> str:
    lead = verdict + cut_middle(answer.text.strip(), _SPOKEN)
    lines = [escape(printable(line)) for line in (lead, *notices) if line.strip()]
    lines += [
        citation_line(f"[{number}]", each)
        for number, each in enumerate(answer.citations[:shown], 1)
    ]
    return "\n".join([*lines, *_disclaimer(answer)])


def _disclaimer(answer: Answer) -> list[str]:
    """Nothing is disclaimed where nothing is said of a document."""
    return [] if answer.status is AnswerStatus.COURTESY else [DISCLAIMER]
