"""What is no document although it can be read: an error page, a wall, a stub, a shell, a stump.

Pure: looks at a text and at the last good one, and raises or does not. Refusing wrongly hides a
change of law, so that a telling phrase counts only where it stands at the top of a part of a few
words; a whole document may speak of errors, cookies and robots as it likes. Vendors' pages are
joined from several at times: each part between two rules is looked at, and one that is an error
page spoils the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.domain import Cause
from ingest.errors import NotTheDocumentError
from ingest.language import language_of

_TOP = 400  # characters of a part in which its telling phrase must stand
_SHRUNK = 3  # a text of less than a third is a stump
_SENTENCE = 8  # words; a line of fewer is a title or a link
_RULE = re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE)
_LINK_TARGET = re.compile(r"\]\([^)\s]{0,2000}\)")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Tell:
    """Phrases that give a page away, in a part of at most so many words."""

    cause: Cause
    most_words: int
    phrases: re.Pattern[str]
    sentence: str


def _phrases(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.MULTILINE)


_TELLS = (
    _Tell(
        Cause.REDIRECT_STUB,
        60,
        _phrases(
            r"\bredirecting\b",
            r"\b(?:are|being|be|were) (?:automatically )?redirected\b",
            r"\b(?:page|document|object) (?:has |was )?(?:been )?moved\b",
            r"\bmoved permanently\b",
            r"\bwerden (?:automatisch )?weitergeleitet\b",
            r"\bredirection en cours\b",
        ),
        "the page only leads elsewhere",
    ),
    _Tell(
        Cause.WALL,
        160,
        _phrases(
            r"\b(?:checking|verifying) (?:if the site|your browser|your connection|you are)\b",
            r"\bverify (?:that )?you(?: a|')re (?:a )?human\b",
            r"\bare you a (?:robot|human)\b",
            r"\bnot a robot\b",
            r"\bcaptcha\b",
            r"\bunusual (?:traffic|activity)\b",
            r"\bddos protection\b",
            r"\bbefore you continue\b",
            r"\b(?:accept|reject|allow) (?:all|optional) cookies\b",
            r"^\W*(?:accept|reject) all\W*$",
            r"\b(?:log|sign) ?in to (?:continue|view|see|access)\b",
            r"\bplease (?:log|sign) ?in\b",
            r"\balle (?:cookies )?(?:akzeptieren|ablehnen)\b",
            r"\btout (?:accepter|refuser)\b",
        ),
        "the page asks for consent, a proof or a login instead of showing the document",
    ),
    _Tell(
        Cause.EMPTY_SHELL,
        80,
        _phrases(
            r"\b(?:enable|activate|turn on) javascript\b",
            r"\bjavascript (?:is|must be|to be)? ?(?:required|disabled|enabled|needed)\b",
            r"\brequires javascript\b",
            r"\byou need to enable javascript\b",
            r"^loading(?:\.{3}|…)?$",
        ),
        "the page is empty without its scripts",
    ),
    _Tell(
        Cause.ERROR_PAGE,
        80,
        _phrases(
            r"\b(?:page|site|file|content|document|url)\b[^.\n]{0,40}"
            r"(?:not found|(?:isn['’]t|is not|not|no longer|currently un) ?available"
            r"|(?:could not|couldn['’]t|cannot|can['’]t) be (?:found|displayed|loaded|reached)"
            r"|(?:doesn['’]t|does not|no longer) exists?)",
            r"\b(?:error|fehler|erreur) ?:? ?(?:4\d\d|5\d\d)\b",
            r"\b(?:4\d\d|5\d\d)\b[ \-–—:|]{1,3}(?:error|not found|forbidden|unauthorized|bad)",
            r"\b(?:not found|access denied|403 forbidden|bad gateway|internal server error)\s*$",
            r"\b(?:an )?(?:unexpected|unknown|internal) error (?:has )?(?:occurred|happened)\b",
            r"\bsomething went wrong\b",
            r"\baccess (?:is |was |has been )?denied\b",
            r"\bservice (?:is )?(?:temporarily )?unavailable\b",
            r"\b(?:down for|under) (?:scheduled )?maintenance\b",
            r"\btry (?:again|reloading|refreshing)\b[^.\n]{0,40}\blater\b",
            r"\bseite\b[^.\n]{0,40}\bnicht (?:gefunden|verfügbar)\b",
            r"\bpage (?:introuvable|non trouvée)\b",
            r"\bpágina no (?:encontrada|disponible)\b",
        ),
        "the page, or a part of it, is an error page",
    ),
)


def check(text: str, last_good: str | None, declared_language: str = "en") -> None:
    """Refuse a text that is not the document.

    Args:
        text: the normalised text of what may become a version.
        last_good: that of the last good version of the same source, None on first sight.
        declared_language: that of the document, as ISO 639-1.

    Raises:
        NotTheDocumentError: with the cause, and a sentence that says what was seen.
    """
    for part in _parts(text):
        _check_part(part)
    _check_sentences(text)
    _check_language(text, last_good, declared_language)
    _check_size(text, last_good)


def _parts(text: str) -> Iterator[str]:
    for part in _RULE.split(text):
        if part.strip():
            yield part.strip()


def _check_part(part: str) -> None:
    words = len(_LINK_TARGET.sub("]", part).split())
    top = _LINK_TARGET.sub("]", part)[:_TOP].casefold()
    for tell in _TELLS:
        found = tell.phrases.search(top) if words <= tell.most_words else None
        if found:
            seen = " ".join(found.group().split())[:_SHOWN]
            raise NotTheDocumentError(
                tell.cause, f"It is not the document: {tell.sentence} (“{seen}”)."
            )


def _check_sentences(text: str) -> None:
    """A document says something: at least one line of it is as long as a sentence."""
    if not any(len(line.split()) >= _SENTENCE for line in text.splitlines()):
        raise NotTheDocumentError(
            Cause.EMPTY_SHELL, "It is not the document: no line of it is as long as a sentence."
        )


def _check_language(text: str, last_good: str | None, declared: str) -> None:
    found = language_of(text)
    if found in (None, declared) or (last_good is not None and language_of(last_good) == found):
        return
    raise NotTheDocumentError(
        Cause.OTHER_LANGUAGE, f"It is not the document: it is in {found}, and not in {declared}."
    )


def _check_size(text: str, last_good: str | None) -> None:
    if last_good is None:
        return
    words, before = len(text.split()), len(last_good.split())
    if words * _SHRUNK < before:
        raise NotTheDocumentError(
            Cause.SHRUNK,
            f"It has {words:,} words where the last good version had {before:,}; less than a "
            "third is taken for a stump. If it is the new text, declare it as a source of its own.",
        )
