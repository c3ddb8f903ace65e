"""From a web page to the text of its document, in the Markdown that is split into clauses.

Owns which elements of a page are the document: those that the source selects, or else its main
part without navigation, forms and what nobody sees. Elements are left to :mod:`ingest.elements`,
their words to :mod:`ingest.markdown`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import soupsieve
from bs4 import BeautifulSoup, Tag

from ingest.addresses import place
from ingest.domain import Cause
from ingest.elements import parse
from ingest.errors import NotTheDocumentError, ReadError
from ingest.markdown import complete, markdown

_NEVER_WORDS = (
    "script style template noscript noframes noembed iframe object embed applet audio video canvas "
    "svg map title base link meta input select textarea datalist progress meter dialog"
)
_AROUND = "nav, [role=navigation], [role=search], [role=dialog], [role=alertdialog]"
_EDGES = "header, footer, [role=banner], [role=contentinfo]"
_PARTS = {"main", "article", "section"}  # a header in one of these is that of the text
_SHARE = 3  # a main part has at least a third of the words of the page, or it is none
_FORM_SHARE = 2  # a form around half of the words is how the whole page was built


def check_selector(selector: str) -> str:
    """Why a CSS selector cannot be used; empty where it can."""
    try:
        soupsieve.compile(selector)
    except (soupsieve.SelectorSyntaxError, ValueError) as error:
        return str(error).partition("\n")[0]
    return ""


def text_of(
    html: str,
    base: str = "",
    select: Sequence[str] = (),
    remove: Sequence[str] = (),
) -> str:
    """The words of the document on a page, with its headings, lists, tables and links.

    Args:
        html: the page, or a part of one.
        base: the address of the page, against which its links are completed; also for messages.
        select: CSS selectors of the document. Each must match something; all that they match is
            taken as it stands, in the order of the page, what opens only at a click among it.
            Without any, the main part of the page is looked for.
        remove: CSS selectors of what does not belong to it.

    Raises:
        NotTheDocumentError: the page is a stub that leads elsewhere, or an empty shell.
        ReadError: a selector finds nothing, or the page cannot be read.
    """
    where = place(base) or "The page"
    page = parse(html, where)
    base = _base(page, base)
    leads_away = page.select_one("meta[http-equiv=refresh i][content*=url i]") is not None
    needs_scripts = page.find("script") is not None
    _drop(page.find_all(_NEVER_WORDS.split()))
    for selector in remove:
        _drop(page.select(selector))
    parts = _selected(page, select, where) if select else [_main_part(page)]
    text = "\n\n".join(filter(None, (markdown(part, base) for part in parts)))
    if "\ufffd" in text or "\0" in text:
        raise ReadError(f"{where} holds characters that no text has; it is damaged.")
    if not text.strip():
        raise _emptiness(where, leads_away, needs_scripts)
    return text


def _emptiness(where: str, leads_away: bool, needs_scripts: bool) -> ReadError:
    if leads_away:
        told = f"{where} holds no text and leads to another page."
        return NotTheDocumentError(Cause.REDIRECT_STUB, told)
    if needs_scripts:
        told = f"{where} holds no text until its scripts have run."
        return NotTheDocumentError(Cause.EMPTY_SHELL, told)
    return ReadError(f"{where} holds no text.")


def _base(page: BeautifulSoup, address: str) -> str:
    declared = page.select_one("base[href]")
    return complete(str(declared["href"]), address) if declared else address


def _selected(page: BeautifulSoup, selectors: Sequence[str], where: str) -> list[Tag]:
    """What the selectors match, in the order of the page, nothing twice."""
    chosen: set[int] = set()
    for selector in selectors:
        found = page.select(selector)
        if not found:
            raise ReadError(f"The selector {selector!r} finds nothing on {where}.")
        chosen |= {id(each) for each in found}
    return [
        each
        for each in page.find_all(True)
        if id(each) in chosen and not any(id(above) in chosen for above in each.parents)
    ]


def _main_part(page: BeautifulSoup) -> Tag:
    """The part of the page that holds the document, with nothing around or in between."""
    _drop(page.select(_AROUND))
    _drop(each for each in page.select(_EDGES) if not _PARTS & {a.name for a in each.parents})
    _drop(each for each in page.find_all(True) if _is_hidden(each))
    words = _size(page)
    _drop(each for each in page.find_all("button") if not _opens_text(each))
    _drop(each for each in page.find_all("form") if _FORM_SHARE * _size(each) < words)
    words = _size(page)
    for candidates in (page.select("main, [role=main]"), page.select("article")):
        if len(candidates) == 1 and _SHARE * _size(candidates[0]) >= words:
            return candidates[0]
    return page


def _is_hidden(element: Tag) -> bool:
    """Whether it is written into the element that nobody sees it."""
    style = str(element.get("style", "")).lower().replace(" ", "")
    if "display:none" in style or "visibility:hidden" in style:
        return True
    return element.get("hidden", "until-found") != "until-found"


def _opens_text(button: Tag) -> bool:
    """Whether a button is the title of what it opens, and not a thing to do."""
    titles = ("summary", "dt", "h1", "h2", "h3", "h4", "h5", "h6")
    return button.has_attr("aria-expanded") or button.find_parent(titles) is not None


def _size(part: Tag) -> int:
    return sum(len(each.strip()) for each in part.strings)


def _drop(elements: Iterable[Tag]) -> None:
    for each in list(elements):
        if not each.decomposed:
            each.decompose()
