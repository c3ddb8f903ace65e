"""What ``/license`` shows, whatever it came to; what it says at once, and when nothing is found."""

from __future__ import annotations

from collections.abc import Iterable

from bot.blocks.card import asked_for, card_message
from bot.blocks.checked import check_message, obligations_message
from bot.blocks.comparison import comparison_message
from bot.blocks.escape import escape, printable
from bot.blocks.interactive import OPEN, button, row
from bot.blocks.limits import PARAGRAPH, clip, cut_middle
from bot.blocks.message import Message
from bot.blocks.past import history_message
from bot.blocks.rich import context, rich_text, section, words
from bot.cards.views import CardList, CardView, Check, Comparison, Help, History, Obligations, Shown
from ingest.fields import Fields

USAGE = """\
/license NAME: what a licence or a vendor's terms allow, with the clauses, such as /license llama 4
/license NAME TOPIC: one topic, such as /license llama-4 branding
/license compare A B [C]: side by side, what differs first
/license check NAME --use "what you want to do": your use against the clauses, with a to-do list
/license check NAME: the same with a form
/license obligations NAME: the to-do list alone
/license history NAME: versions and what changed
/license list: every name
/license help: this text"""
_NAME, _SENTENCE = 100, 1200
_MOST_BUTTONS = 5


def shown_message(view: Shown, asked: str, fields: Fields) -> Message:
    """Whatever the request ``asked`` came to."""
    match view:
        case CardView():
            headlines = [id for id, each in fields.fields.items() if each.headline]
            return card_message(view, asked, headlines)
        case Comparison():
            return comparison_message(view, asked)
        case Check():
            return check_message(view, asked)
        case Obligations():
            return obligations_message(view, asked)
        case History():
            return history_message(view, asked)
        case CardList():
            return listing(each.card for each in view.cards)
        case Help():
            return usage()


def usage() -> Message:
    """How the command is used."""
    return _sentence(USAGE)


def looking_up(asked: str) -> Message:
    """Said at once, before the answer is known."""
    return _sentence(f"Looking up {_asked(asked)} …")


def listing(cards: Iterable[str]) -> Message:
    """Every name that the command knows, as one paragraph."""
    return _sentence(cut_middle(f"Known are: {', '.join(cards)}.", PARAGRAPH))


def watched(title: str, new: bool) -> Message:
    """That a wish to hear of changes is kept, and what does not happen yet."""
    kept = "is noted" if new else "was noted already"
    return _sentence(
        f"That this channel wants to hear of changes to {clip(title, _NAME)} {kept}. Messages "
        "about changes are not sent yet; the wish is kept and counts from the day they are."
    )


def unknown(asked: str, sentence: str, suggestions: tuple[str, ...]) -> Message:
    """Why nothing is shown, with the names that may have been meant, to press or to type."""
    commands = [f"/license {clip(name, _NAME)}" for name in suggestions]
    hint = ["Try one of these:", *commands] if commands else []
    text = "\n".join([cut_middle(sentence, _SENTENCE), *hint])
    blocks = context([asked_for(asked)]) + rich_text(section(words(text)))
    blocks += row(
        button(name, f"{OPEN}_{place}", name)
        for place, name in enumerate(suggestions[:_MOST_BUTTONS])
    )
    return Message(escape(printable(f"{asked_for(asked)}\n{text}")), tuple(blocks))


def _asked(asked: str) -> str:
    return f"“{clip(' '.join(asked.split()), _NAME)}”"


def _sentence(text: str) -> Message:
    return Message(escape(printable(text)), tuple(rich_text(section(words(text)))))
