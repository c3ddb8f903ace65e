"""One citation as people see it: who, which document, which clause, which version, which words."""

from __future__ import annotations

from collections.abc import Iterable

from bot.blocks.escape import escape, link_address, printable
from bot.blocks.limits import clip, cut_middle
from bot.blocks.message import Block
from bot.blocks.rich import Element, joined, link, quote, rich_text, section, words
from bot.domain import Citation
from bot.wording import dated

_VENDOR, _TITLE, _CLAUSE, _OWNER = 60, 120, 120, 200
_SPOKEN_QUOTE = 700


def citation_block(mark: str, citation: Citation, longest: int) -> list[Block]:
    """A citation with its quote cut to ``longest`` characters and links to where it stands."""
    shown = cut_middle(citation.quote.strip(), longest)
    shortened = shown != citation.quote.strip()
    head = section(words(f"{mark} ", bold=True), words(_place(citation)))
    return rich_text(head, quote(shown), section(_links(citation, shortened)))


def citation_line(mark: str, citation: Citation) -> str:
    """The same in one escaped line, for notifications and screen readers."""
    quoted = cut_middle(" ".join(citation.quote.split()), _SPOKEN_QUOTE)
    line = printable(f"{mark} {_place(citation)}: “{quoted}”")
    address = link_address(citation.url)
    return escape(f"{line} {address}" if address else line)


def attributions(owners: Iterable[str]) -> list[str]:
    """Who has to be named for the texts shown, each once."""
    named = dict.fromkeys(owner for owner in owners if owner)
    return [f"Text from {clip(owner, _OWNER)}" for owner in named]


def _place(citation: Citation) -> str:
    """Vendor, document and clause; on one line, whatever the document calls itself."""
    parts = (
        clip(" ".join(citation.vendor.split()), _VENDOR),
        clip(" ".join(citation.title.split()), _TITLE),
        clip(" ".join(citation.clause.split()), _CLAUSE),
    )
    return f"{' · '.join(filter(None, parts))} ({dated(citation.version)})"


def _links(citation: Citation, shortened: bool) -> list[Element]:
    links = joined(
        (link("vendor's page", citation.url), link("archived clause", citation.proof)), " · "
    )
    if shortened:
        return words("Shortened; full clause: " if links else "Shortened.") + links
    return links
