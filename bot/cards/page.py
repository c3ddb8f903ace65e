"""What ``license`` shows as one HTML page that can be opened, printed and passed on.

The page holds everything it needs and loads nothing; every word in it is escaped.
"""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bot.cards import text
from bot.cards.views import (
    CardList,
    CardView,
    Check,
    Comparison,
    Help,
    History,
    Obligations,
    Shown,
)
from bot.wording import DISCLAIMER, RULINGS, dated, day, ruled
from ingest.errors import QuestionError


def shown(view: Shown) -> str:
    """Whatever ``license`` came to, as a whole page.

    Raises:
        QuestionError: it is nothing to make a page of.
    """
    name, title = _template(view)
    notices = getattr(view, "notices", ())
    page = _environment().get_template(f"{name}.html")
    return page.render(view=view, title=title, notices=notices)


def _template(view: Shown) -> tuple[str, str]:
    match view:
        case CardView():
            return "card", f"{view.title}, as of {day(view.as_of)}" if view.as_of else view.title
        case Comparison():
            return "comparison", " and ".join(each.title for each in view.cards)
        case Check():
            return "check", f"{view.title}: {RULINGS[view.ruling]}"
        case Obligations():
            return "obligations", f"What to do under the {view.title}"
        case History():
            return "history", f"Versions of the {view.title}"
        case CardList():
            return "list", "Every card"
        case Help():
            raise QuestionError(f"There is nothing to make a page of.\n{text.USAGE}")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.cards"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
    )
    environment.globals |= {
        "dated": dated,
        "day": day,
        "disclaimer": DISCLAIMER,
        "ruled": ruled,
    }
    return environment
