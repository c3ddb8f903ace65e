"""Words that the terminal and Slack share, so that both say the same thing in the same way."""

from __future__ import annotations

from datetime import date

from bot.domain import Verdict, VersionIdentity
from ingest.fields import Ruling

RULINGS = {
    Ruling.PERMITTED: "Permitted",
    Ruling.PERMITTED_IF: "Permitted on conditions",
    Ruling.UNCLEAR: "Unclear",
    Ruling.NEEDS_LICENCE: "Needs a licence of its own",
    Ruling.NOT_PERMITTED: "Not permitted",
}
"""What a card says to a stated use, in words."""
VERDICTS = {
    Verdict.YES: "Yes.",
    Verdict.NO: "No.",
    Verdict.CONDITIONAL: "It depends.",
    Verdict.UNCLEAR: "No clear yes or no.",
}
"""The word that an answer begins with. "Unclear" does not say that the documents are: what decides
may have escaped us."""
DISCLAIMER = "Put together by a program from the documents cited; not legal advice."


def ruled(ruling: Ruling | None) -> str:
    """A ruling in words; None is no ruling."""
    return RULINGS[ruling] if ruling else "Worth knowing"


def dated(version: VersionIdentity) -> str:
    """Which version, by the best date that is known of it: "version 2, published 5 April 2025"."""
    if version.published:
        return f"version {version.number}, published {day(version.published)}"
    if version.effective:
        return f"version {version.number}, effective {day(version.effective)}"
    return f"version {version.number}, as seen on {day(version.seen)}"


def day(when: date) -> str:
    """A day as it is written in a sentence: "5 April 2025"."""
    return f"{when.day} {when:%B %Y}"
