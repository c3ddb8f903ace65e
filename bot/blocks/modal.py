"""The form in which people describe a use, and the same form with what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.blocks.interactive import field, option, plain
from bot.blocks.limits import clip
from bot.blocks.message import Block, Message
from bot.blocks.rich import context, rich_text, section, words
from bot.cards.uses import Use
from ingest.fields import Act, Fields, Member

CALLBACK = "license_check"
LONGEST_USE = 3_000
_TITLE = 24
_BLOCKS = 100
_OPTIONS = 100
_HIGHEST = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Origin:
    """Which card a form is about, and where its result may be told; empty where nowhere."""

    card: str
    response_url: str = ""

    def encoded(self) -> str:
        """For the form's private metadata."""
        return json.dumps({"card": self.card, "url": self.response_url})

    @classmethod
    def decoded(cls, text: str) -> Origin:
        """What :meth:`encoded` wrote."""
        read = json.loads(text)
        return cls(read["card"], read["url"])


def form(origin: Origin, title: str, plans: Sequence[str], fields: Fields) -> Block:
    """The form for the card ``title``."""
    blocks: list[Block] = [
        *rich_text(section(words(f"{clip(title, 150)}: what do you want to do?")))
    ]
    blocks.append(field("acts", "What is done", _menu(fields.acts)))
    blocks.append(field("home", "Where your company is established", _menu(fields.regions)))
    blocks.append(field("market", "Where it is used or offered", _menu(fields.regions)))
    blocks.append(field("users", "Monthly active users", _number()))
    blocks.append(field("revenue", "Revenue a year, in US dollars", _number()))
    blocks.append(field("subjects", "Fields of use", _menu(fields.subjects)))
    if plans:
        menu = {
            "type": "static_select",
            "placeholder": plain("Choose"),
            "options": [option(each, str(place)) for place, each in enumerate(plans[:_OPTIONS])],
        }
        blocks.append(field("plan", "Plan", menu))
    blocks.append(
        field(
            "words",
            "In your own words",
            {"type": "plain_text_input", "multiline": True, "max_length": LONGEST_USE},
            hint="What is chosen above and what is said here are taken together.",
        )
    )
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": origin.encoded(),
        "title": plain("Check a use"),
        "submit": plain("Check"),
        "close": plain("Close"),
        "blocks": blocks,
    }


def outcome(origin: Origin, message: Message) -> Block:
    """The form's place taken by what came of it; tables do not exist in forms."""
    blocks = [each for each in message.blocks if each["type"] != "table"][:_BLOCKS]
    return {
        "type": "modal",
        "callback_id": f"{CALLBACK}_outcome",
        "private_metadata": origin.encoded(),
        "title": plain(clip("Checked use", _TITLE)),
        "close": plain("Close"),
        "blocks": blocks or context([message.text]),
    }


def entered(state: Mapping[str, Any], plans: Sequence[str]) -> tuple[Use, str]:
    """What was chosen in a form, and what was written in it, the plan among the words."""
    values = {block: (each.get("value") or {}) for block, each in state["values"].items()}
    use = Use(
        acts=_chosen(values.get("acts")),
        subjects=_chosen(values.get("subjects")),
        home=_chosen(values.get("home")),
        market=_chosen(values.get("market")),
        users=_entered(values.get("users")),
        revenue=_entered(values.get("revenue")),
    )
    written = str((values.get("words") or {}).get("value") or "")
    plan = (values.get("plan") or {}).get("selected_option")
    named = plans[int(plan["value"])] if plan else ""
    return use, f"{written}\n{named}".strip()


def _menu(known: Mapping[str, Act] | Mapping[str, Member]) -> Block:
    return {
        "type": "multi_static_select",
        "placeholder": plain("Choose"),
        "options": [option(each.label, id) for id, each in known.items()][:_OPTIONS],
    }


def _number() -> Block:
    return {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": "0",
        "max_value": str(_HIGHEST),
    }


def _chosen(value: Mapping[str, Any] | None) -> frozenset[str]:
    return frozenset(each["value"] for each in (value or {}).get("selected_options") or ())


def _entered(value: Mapping[str, Any] | None) -> int | None:
    text = (value or {}).get("value")
    return int(text) if text else None
