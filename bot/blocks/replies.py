"""The short messages that are no answer: how to ask, why not, and that something broke."""

from __future__ import annotations

from bot.blocks.escape import escape, printable
from bot.blocks.limits import PARAGRAPH, cut_middle
from bot.blocks.message import Message
from bot.blocks.rich import rich_text, section, words

HOW_TO = (
    "Ask me about the licence or terms of an AI model, and I answer with the clauses that decide "
    "it. For example: “Can we sell what Llama 4 writes for us?” or “Does Gemma let us fine-tune "
    "for a customer?” Mention me in a channel, write to me here, or type /license and a name."
)


def how_to() -> Message:
    """Said to somebody who mentioned us and asked nothing."""
    return _sentence(HOW_TO)


def refusal(sentence: str) -> Message:
    """Why a question cannot be worked with, in the words of the error."""
    return _sentence(cut_middle(sentence, PARAGRAPH))


def apology(error_id: str) -> Message:
    """Something broke; ``error_id`` stands beside the traceback in our log."""
    return _sentence(
        "Sorry, something went wrong here and this was not answered. Please ask again later; "
        f"if it happens again, tell whoever runs this bot the error {error_id}."
    )


def _sentence(text: str) -> Message:
    return Message(escape(printable(text)), tuple(rich_text(section(words(text)))))
