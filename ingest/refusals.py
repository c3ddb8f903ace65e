"""What is no document although it can be read: an error page, a wall, a stub, a shell, a stump.

Pure: looks at a text and at the last good one, and raises or does not. Refusing wrongly hides a
change of law, so that no phrase refuses by itself: it counts at the top of a text of a few words.
Vendors' pages are joined from several at times, a rule between two: a part of a few words whose
first sentence is an announcement spoils the whole. Languages are left to :mod:`ingest.language`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.domain import Cause
from ingest.errors import NotTheDocumentError
from ingest.language import foreign

_FEW_WORDS = 80  # of an error page; a document says more, or says something else
_CONSENT_WORDS = 200  # those who ask for consent explain themselves
_LONGEST = 40_000  # characters that so few words, and addresses between them, may take
_OPENING = 3  # sentences
_SENTENCE = 8  # words; a line of fewer is a title, a name or a label
_SAYS_NOTHING = 6  # words, titles and links aside
_SHRUNK = 3  # a text of less than a third is a stump
_SHOWN = 60

_RULE = re.compile(r"[ \t]*(?:[-*_][ \t]*){3,}")
_UNDERLINE = re.compile(r"[ \t]*(?:=+|-+)[ \t]*")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\[\]\n]*\)")
_LIST_MARK = re.compile(r"[ \t]*(?:[*+-]|\d{1,3}[.)])[ \t]")
_DATED = re.compile(r"(?i)\W*(?:©|copyright|(?:last )?(?:updated|modified)|effective|stand\b)")
_FACT = re.compile(r"[\d@]|://")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])")
# Chinese, Japanese and Thai put no space between words: two of their characters count as one.
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]{{1,2}}|[^\s{_UNSPACED}]+")


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases))


# What such pages say, in the languages that vendors' sites answer in: matched with one sentence at
# a time, in lower case and with straight apostrophes. A sentence with a condition is law.
_CONDITION = re.compile(
    r"\b(?:if|when|whenever|where|unless|until|may|might|should|would|during|cases?"
    r"|wenn|falls|sofern|soweit|lorsqu\w*|cuando|quando|wanneer|indien)\b"
)
_CODE = r"(?:40[0-9]|410|42[29]|451|50[0-4]|52[0-7]|530)"
_PAGE = (
    r"(?:^\W*(?:that )?|\b(?:this|the|our) )(?:requested )?"
    r"(?:page|site|website|url|file|content|resource|link|document)(?: (?:you|at|/)[^,;]{0,60})? ?"
)
_CANNOT = r"(?:could ?not|couldn't|can ?not|can't)"
_HUMAN = r"[^.]{0,20}\byou(?:'re| are| aren't)\b[^.]{0,12}\b(?:human|robot|bot)\b"
_SCRIPTS = r"\bjava ?script\b"
_NOW = (
    r"(?: (?:right now|at the moment|at this time|any ?more|here"
    r"|in your (?:country|region|location|area)))?\W*$"
)
_ANNOUNCEMENTS = {
    (Cause.REDIRECT_STUB, "it only leads elsewhere"): _any_of(
        r"^\W*redirecting\b",
        r"\byou(?: are|'re) (?:now )?being redirected\b",
        r"\bwill (?:now |automatically )?be (?:automatically )?redirected (?:\S+ ){0,4}"
        r"(?:automatically|shortly|seconds?)\b",
        r"\bif you are not (?:automatically )?redirected\b",
        r"\b(?:pages?|documents?|site|object|terms|policy)(?: has| have)(?: been)?"
        r"(?: permanently| temporarily)? moved\b",
        r"^\W*(?:30[1278]\W{1,3})?(?:moved permanently|object moved|permanent redirect)\b",
        r"\bsie werden (?:nun|gleich|automatisch|in kürze|in \d+)\b[^.]{0,30}weitergeleitet\b",
        r"^\W*(?:redirection en cours|redirigiendo)\b|\bvous (?:allez être|êtes) redirigé",
    ),
    (Cause.WALL, "it asks for a proof or a login"): _any_of(
        r"^\W*(?:we are |we're )?(?:checking|verifying)\b[^.]{0,40}"
        r"\b(?:your browser|connection|you are|you're)\b",
        rf"^\W*(?:please |to continue,? |let's ){{0,3}}(?:verify|confirm|prove){_HUMAN}",
        r"^\W*(?:are you (?:a )?(?:robot|human|bot)|i'm not a robot)\b",
        r"^\W*(?:please |to continue,? ){0,3}(?:complete|solve|pass)\b[^.]{0,20}"
        r"\b(?:captcha|security check|challenge)\b",
        r"\bunusual traffic from your\b|^\W*(?:sorry,? )?you have been blocked\b",
        r"\benable javascript and cookies to continue\b",
        r"^\W*(?:attention required|pardon our interruption|just a moment)\W*(?:cloudflare)?\W*$",
        r"\b(?:über)?prüfen\b[^.]{0,30}\b(?:ihren browser|ob sie ein mensch)\b",
        r"\bbestätigen sie\b[^.]{0,20}\b(?:ein mensch|kein roboter)\b",
        r"\bvérifi\w*\b[^.]{0,30}\b(?:humain|votre navigateur)\b",
        r"\bverifi\w*\b[^.]{0,30}\b(?:humano|(?:su|tu) navegador)\b|人机验证",
        r"^\W*please (?:log|sign) ?in\W*$|\b(?:log|sign|logged|signed) ?in to (?:continue|proceed"
        r"|(?:view|see|read|access) (?:this|the) (?:page|content|document|site|file|article))\W*$",
        r"\bmelden sie sich (?:bitte )?an,? um (?:fortzufahren|diese seite)\b",
        r"\bconnectez-vous pour (?:continuer|(?:voir|lire) (?:cette page|ce contenu))\b",
        r"\binici[ae] sesión para continuar\b|请(?:先)?登录",
    ),
    (Cause.EMPTY_SHELL, "it is empty without its scripts"): _any_of(
        rf"^\W*(?:please |you (?:need to|must) )?(?:enable|activate|turn on) {_SCRIPTS}",
        rf"\bthis (?:page|site|website|app|application) (?:requires|needs) {_SCRIPTS}",
        rf"\bwithout {_SCRIPTS}|{_SCRIPTS} is (?:required|disabled|not (?:enabled|available))\b",
        rf"\b(?:activ|aktivier|habilit|abilit|attiv|ativ)\w*\b[^.]{{0,20}}{_SCRIPTS}",
        rf"{_SCRIPTS}[^.]{{0,20}}\b(?:(?:de)?aktivier|désactiv|desactiv|disabilit)\w*",
        r"\byour browser is (?:not supported|unsupported|out ?dated)\b|启用 ?javascript",
        r"^\W*(?:page )?(?:loading|wird geladen|chargement(?: en cours)?|cargando)\W*$",
        r"^\W*please wait\b[^.]{0,60}\W*$",
    ),
    (Cause.ERROR_PAGE, "it is an error page"): _any_of(
        rf"^[#*\s]*(?:error |fehler |erreur |errore? |erro )?(?:code )?{_CODE}[.!*\s]*$",
        rf"\b(?:http|error|fehler|erreur|errore?|erro)(?: status)?(?: code)?\W{{0,3}}{_CODE}\b",
        rf"\b{_CODE}\W{{1,3}}(?:error|(?:page )?not found|forbidden|unauthorized|bad \w+"
        r"|gateway|internal server|too many requests|service (?:temporarily )?unavailable)\b",
        r"^\W*(?:page |file )?(?:not found|access denied|forbidden|bad (?:gateway|request)|invalid "
        r"url|internal server error|server error|too many requests|gateway time-?out|under "
        r"maintenance|request blocked|service (?:temporarily |currently )?unavailable)\b"
        r"\W*(?:[|–—-] .{0,40})?$|^\W*application error\b",
        r'^\{\s*"(?:error|message|code|detail|status|success)"|<error>\s{0,9}<code>',
        rf"{_PAGE}\b{_CANNOT} (?:currently )?be (?:found|displayed|loaded|opened|reached)\b",
        rf"{_PAGE}\b(?:(?:was |were )?not found|(?:does not|doesn't|no longer) exists?)\b",
        rf"{_PAGE}\b(?:isn't|(?:is )?(?:currently )?(?:not|no longer)) available{_NOW}",
        rf"{_PAGE}\bis (?:temporarily |currently )?unavailable{_NOW}",
        rf"\bwe (?:{_CANNOT}|are unable to|can't seem to) find (?:the|that|this) (?:page|file)\b",
        r"^\W*(?:sorry,? )?an? (?:unexpected |unknown |internal |server )?"
        r"error (?:has )?(?:occurred|happened)\b",
        r"^\W*(?:oops|sorry|uh-?oh)?\W*something (?:went|has gone) wrong\b",
        r"^\W*access to (?:this|the) (?:page|site|resource) (?:is|was|has been) denied\b(?! to)",
        r"\byou (?:don't|do not) have permission to (?:access|view) (?:this|\W?http)",
        r"\b(?:site|page|service|we)(?: is| are|'re) (?:currently )?(?:down for|under(?:going)?"
        r"|performing)(?: \w+)? maintenance(?:\W*$|,? and | at the moment)",
        r"\bseite\b[^,;]{0,60}\b(?:nicht (?:gefunden(?: werden)?|verfügbar|erreichbar)\W*$"
        r"|existiert (?:\w+ )?nicht\b)|\bzugriff verweigert\b|\bfehler ist aufgetreten\b",
        r"\bpage\b[^,;]{0,60}\b(?:introuvable|non trouvée|n'existe (?:pas|plus)|n'est (?:pas|plus) "
        r"disponible)|\baccès refusé\b|\bune erreur (?:\w+ )?(?:est survenue|s'est produite)\b",
        r"\bpágina\b[^,;]{0,60}\b(?:no|não) (?:encontrada|disponible|disponível|existe|foi "
        r"encontrada)\b|\bacceso denegado\b|\bacesso negado\b",
        r"\b(?:ha ocurrido|se ha producido) un error\b|\bocorreu um erro\b"
        r"|\bpagina\b[^,;]{0,60}\b(?:non (?:trovata|disponibile|esiste)|niet gevonden)\b",
        r"页面不存在|找不到(?:该|此)?(?:页面|网页)|ページ[はが](?:見つかりません|存在しません)",
    ),
}
_PASSWORD = re.compile(
    r"\W*(?:(?:forgot|lost)(?: your)? password|passwort vergessen|mot de passe oublié)\W*"
)
_AGREE = re.compile(
    r"\W*(?:i )?(?:accept|agree|allow|(?:alle )?(?:cookies )?(?:akzeptieren|zulassen)|zustimmen"
    r"|(?:tout )?accepter|aceptar|accetta|aceitar)\b"
)
_DECLINE = re.compile(
    r"\W*(?:reject|decline|refuse|manage|customi[sz]e|more options|(?:only )?necessary"
    r"|(?:alle )?(?:cookies )?ablehnen|einstellungen|(?:tout )?refuser|rechazar|rifiuta|rejeitar)\b"
)
_CONSENT = re.compile(r"\b(?:cookies?|consent|your privacy|einwilligung|vie privée|privacidad)\b")
_BEFORE = re.compile(
    r"^\W*(?:before you continue|bevor sie (?:\S+ ){0,3}fortfahren|avant de continuer)\b"
    r"|\b(?:we and our|wir und unsere|nous et nos) \d+ (?:partners|partner|partenaires)\b"
)
_NAMES_A_DOCUMENT = re.compile(
    r"\b(?:policy|notice|statement|terms|agreement|licen[cs]e|imprint|impressum)\b|richtlinie"
    r"|erklärung|bedingungen|politique|política|informativa|mentions légales"
)


def check(text: str, last_good: str | None, declared_language: str = "en") -> None:
    """Refuse a text that is not the document.

    What is let through beside a last good text would be let through without one, too, unless it is
    in another language than declared and always was.

    Args:
        text: the normalised text of what may become a version.
        last_good: that of the last good version of the same source, None on first sight.
        declared_language: that of the document, as ISO 639-1.

    Raises:
        NotTheDocumentError: with the cause, and a sentence that says what was seen.
    """
    if lines := _own_lines(text, _CONSENT_WORDS):
        _check_buttons(text, lines)
    if lines := _own_lines(text, _FEW_WORDS):
        _check_announcements(lines)
    else:
        for part in _parts(text):
            _check_announcements(_own_lines(part, _FEW_WORDS)[:1])
    _check_substance(text)
    if found := foreign(text, last_good, declared_language):
        raise _refuse(Cause.OTHER_LANGUAGE, f"it is in {found}, not in {declared_language}")
    _check_size(text, last_good)


def _refuse(cause: Cause, seen: str) -> NotTheDocumentError:
    return NotTheDocumentError(cause, f"What came is not the document: {seen}.")


def _parts(text: str) -> Iterator[str]:
    """What stands between two rules; dashes right under a line are its underline and no rule."""
    part: list[str] = []
    above = ""
    for line in text.split("\n"):
        if _RULE.fullmatch(line) and not (above.strip() and _UNDERLINE.fullmatch(line)):
            yield "\n".join(part)
            part = []
        else:
            part.append(line)
        above = line
    yield "\n".join(part)


def _check_announcements(lines: list[str]) -> None:
    """Look at the sentences that open a text of a few words."""
    for sentence in _sentences(lines)[:_OPENING]:
        for (cause, meaning), phrases in _ANNOUNCEMENTS.items():
            found = phrases.search(sentence)
            if found and not _CONDITION.search(sentence.replace(found.group(), " ")):
                seen = " ".join(found.group().split())[:_SHOWN]
                raise _refuse(cause, f"{meaning} (“{seen}”)")


def _check_buttons(text: str, lines: list[str]) -> None:
    """A wall is short, names no document, and has a form or buttons to agree and to decline."""
    opening = " ".join(_sentences(lines)[:_OPENING])
    if _NAMES_A_DOCUMENT.search(opening):
        return
    labels = [each for each in map(_comparable, text.split("\n")) if _words(each) < _SENTENCE]
    if any(map(_PASSWORD.fullmatch, labels)):
        raise _refuse(Cause.WALL, "it asks for a login")
    buttons = any(map(_AGREE.match, labels)) and any(map(_DECLINE.match, labels))
    if _BEFORE.search(opening) or (buttons and _CONSENT.search(opening)):
        raise _refuse(Cause.WALL, "it asks for consent")


def _own_lines(text: str, most: int) -> list[str]:
    """Lines that are more than links; none where they have more than ``most`` words."""
    own: list[str] = []
    words = 0
    for line in text.split("\n") if len(text) <= _LONGEST else []:
        if _says_something(_LINK.sub("", line)):
            own.append(_comparable(line))
            words += _words(own[-1])
        if words > most:
            return []
    return own


def _comparable(line: str) -> str:
    """The words of a line, those of links included, as phrases are compared with them."""
    return _LINK.sub(r"\1", line).casefold().replace("’", "'").strip()


def _sentences(lines: list[str]) -> list[str]:
    pieces = (piece for line in lines for piece in _SENTENCE_END.split(line))
    return [piece for piece in pieces if _says_something(piece)]


def _check_substance(text: str) -> None:
    """A document says something in a sentence, or at least states facts, as an imprint does."""
    short = []
    for block in _blocks(text):
        if _words(block) >= _SENTENCE:
            return
        short.append(block)
    if sum(map(_words, short)) < _SAYS_NOTHING or not any(map(_FACT.search, short)):
        raise _refuse(Cause.EMPTY_SHELL, "it has titles, links and labels, and no text")


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs, items and rows: no titles, links to elsewhere, nor when it was updated."""
    block: list[str] = []
    lines = [_LINK.sub("", line) for line in text.split("\n")]
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        title = line.startswith("#") or _UNDERLINE.fullmatch(below) or _DATED.match(line)
        said = _says_something(line) and not (title and _words(line) < _SENTENCE)
        if block and (not said or _LIST_MARK.match(line)):
            yield " ".join(block)
            block = []
        if said:
            block.append(line)
    if block:
        yield " ".join(block)


def _check_size(text: str, last_good: str | None) -> None:
    size, before = _size(text), _size(last_good or "")
    if size * _SHRUNK < before:
        raise NotTheDocumentError(
            Cause.SHRUNK,
            f"It has {size:,} characters where the last good version had {before:,}; less than a "
            "third is taken for a stump. If it is the new text, declare it as a source of its own.",
        )


def _size(text: str) -> int:
    """Characters without white space and addresses of links, which change at every visit."""
    return sum(map(len, _LINK.sub(r"\1", text).split()))


def _words(text: str) -> int:
    return len(_WORD.findall(text))


def _says_something(line: str) -> bool:
    return any(map(str.isalnum, line))
