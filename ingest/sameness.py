"""The forms in which two texts are the same although characters differ.

For comparing clauses and versions, and for embedding. What is stored and quoted never passes here.
Dropped is what moves while the text means the same: Markdown marks, typography, tracking in link
targets, counters. Kept is every word and every number that could be law; host and path of a link
stay for comparison, because a link to another policy is law.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from urllib.parse import unquote

_WITHOUT_WIDTH = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+"
)
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "|": " ",
    }
)
_BREAK_TAG = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\\\[\d{1,3}\\\](?=\]\()")  # the printed number of a link's annotation
_LINK = re.compile(
    r"(?P<image>!?)\[(?P<text>[^\[\]]{0,500})\]"
    r"\(\s?(?P<target>[^()\s]{0,4000}(?:\([^()\s]{0,300}\)[^()\s]{0,500}){0,3})"
    r"(?:\s\"[^\"\n]{0,300}\")?\s?\)"
)
_NESTED = 3  # an image inside a link, and one level to spare
_ADDRESS = re.compile(
    r"(?:https?://|(?<![\w@.-])www\.)[^\s<>\"'”’()\[\]]{1,4000}(?<![.,;:!?])", re.IGNORECASE
)

_ESCAPE_IN_WORD = re.compile(r"(?<=[^\W_])\\+(?=[^\W_])")
_MARKS = re.compile(r"[*_`\[\]]+")
_LINE_START = re.compile(r"^(?:[>#+•·▪◦‣●○■-]+(?: |$))+")

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH_FIRST = re.compile(rf"\b({_MONTHS}) (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b")
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({_MONTHS}),? (\d{{4}})\b")

# Words that only a page says about itself: "content published 30 days ago" may be law and stays.
_AGE = re.compile(
    r"\b((?:Last |last |LAST )?(?:Updated|Modified|Edited|Revised|Reviewed|Posted|Published)"
    r"|[Ll]ast (?:updated|modified|edited|revised|reviewed)):?"
    r" (?:over |about |almost |more than |less than )?(?:\d{1,4}|an?|one)"
    r" (?:second|minute|hour|day|week|month|year)s? ago\b"
)
_READING_TIME = re.compile(
    r"(?<![\w*])\d{1,3}[ -]?min(?:ute)?s? read\b|\b[Rr]ead(?:ing)? time:? \d{1,3} ?min(?:ute)?s?\b"
)
_VOTES = re.compile(r"(?<![\w*])\d{1,7} (?:out of|of) \d{1,7} (?:people )?found this helpful\b")
_VIEWS = re.compile(r"(?:Views:? )?\d[\d.,]{0,12} ?[KkMm]?\+?(?: (?:views?|likes?|comments?))?")
_VIEWED = re.compile(r"\b(?:[Vv]iew|[Ll]ike|[Cc]omment)s?\b")

_TRACKING = frozenset(
    {"_ga", "_gl", "_rdr", "authuser", "cid", "cmpid", "cvid", "dclid", "dpl", "entry_point"}
    | {"fbclid", "fclid", "gbraid", "gclid", "gclsrc", "h", "hash", "helpref", "igsh", "igshid"}
    | {"jsessionid", "mc_cid", "mc_eid", "msclkid", "msockid", "nonce", "phpsessid", "rdt", "ref"}
    | {"ref_src", "ref_url", "session", "session_id", "sessionid", "si", "sid", "sjid", "spm"}
    | {"src", "trk", "twclid", "visit_id", "wbraid", "yclid"}
)
_TRACKING_FAMILIES = ("utm_", "__", "_nc_", "_hs", "openaicom", "mtm_", "hsa_", "pk_")
_CACHE_NUMBERS = frozenset({"cb", "rand", "rnd", "t", "timestamp", "ts", "v", "ver", "zx", "_"})
_OPAQUE = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{16,})(?![0-9a-z])",
    re.IGNORECASE,
)
_TURN = re.compile(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)", re.IGNORECASE)
_LEAST_TOKEN = 16
_LEAST_TURNS = 4  # between letters and digits; words and dates have fewer
_MEDIA = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|ico|mp4|webm|mov|mp3)$", re.IGNORECASE)
_SCHEME = re.compile(r"^(?:https?:)?//(?:www\.)*|^(?:www\.)+|^(?:mailto|tel):", re.IGNORECASE)


def for_comparison(text: str) -> str:
    """The form in which two clauses are compared: equal where only noise differs.

    Args:
        text: any text, normalised or not; Markdown or plain.

    Returns:
        One line of the same words, with links as ``words (host/path)``. Applying it twice changes
        nothing more.
    """
    return _plain(text, _with_target)


def for_embedding(text: str) -> str:
    """The form that is embedded: as for comparison, and without any link target.

    A chunk in which only a link, a counter or typography moved keeps its form, hence its vector.
    """
    return _plain(text, lambda link: link["text"])


def printed_once(text: str) -> str:
    """The text without what repeats itself at once: some pages print their text or its head twice.

    Paragraphs are the parts between blank lines, and are the same where their comparison forms are.
    Only for comparing two versions; a quote is looked for in the whole text.
    """
    parts = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    names = [for_comparison(part) for part in parts]
    for period in _periods(names):
        kept = _without_repeats(names, period)
        parts, names = [parts[n] for n in kept], [names[n] for n in kept]
    return "\n\n".join(parts)


def _plain(text: str, link_words: Callable[[re.Match[str]], str]) -> str:
    text = _once_plain(text, link_words)
    for _ in range(_NESTED):
        if _ADDRESS.search(text) is None:
            break
        text = _once_plain(text, link_words)  # marks stood inside an address
    return text


def _once_plain(text: str, link_words: Callable[[re.Match[str]], str]) -> str:
    text = _characters(_ESCAPE_IN_WORD.sub(" ", _FOOTNOTE.sub("", text)).replace("\\", ""))
    for _ in range(_NESTED if "](" in text else 0):
        text, links = _LINK.subn(link_words, text)
        if not links:
            break
    text = _characters(_ADDRESS.sub(lambda found: _target(found.group()), text))
    text = _MARKS.sub(_without_mark, text.translate(_TYPOGRAPHY))
    lines = (_LINE_START.sub("", " ".join(line.split())) for line in text.splitlines())
    kept = (_without_views(line) for line in lines if any(c.isalnum() for c in line))
    return _without_counters(" ".join(kept))


def _characters(text: str) -> str:
    return _BREAK_TAG.sub("\n", _WITHOUT_WIDTH.sub("", text))


def _without_mark(marks: re.Match[str]) -> str:
    """What stays of emphasis, brackets and underscores, so that no two words become one."""
    text, start, end = marks.string, marks.start(), marks.end()
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    if not (before.isalnum() and after.isalnum()):
        return ""
    if not marks.group().strip("_"):
        return marks.group()
    if "[" in marks.group() or "]" in marks.group():
        return " "
    return "*" if before.isdigit() and after.isdigit() else ""


def _without_counters(text: str) -> str:
    if " ago" in text:
        text = _AGE.sub(r"\1 earlier", text)
    if "read" in text.lower():
        text = _READING_TIME.sub("to read", text)
    text = _VOTES.sub("was found helpful", text) if "helpful" in text else text
    text = _DAY_FIRST.sub(r"\1 \2 \3", _MONTH_FIRST.sub(r"\2 \1 \3", text))
    return _without_views(text)


def _without_views(line: str) -> str:
    """Only where nothing else is said: a number of views inside a sentence may be law."""
    return "views" if _VIEWS.fullmatch(line) and _VIEWED.search(line) else line


def _with_target(link: re.Match[str]) -> str:
    target = "" if link["image"] else _target(link["target"])
    words = link["text"]
    said = _SCHEME.sub("", words.strip().rstrip("/")).casefold()
    return words if not target or target.casefold() == said else f"{words} ({target})"


def _target(address: str) -> str:
    """Host and path of a link, and those parameters that choose what it leads to."""
    address = _destination(address)
    path, _, query = address.partition("?")
    path = _OPAQUE.sub("~", _SCHEME.sub("", path)).rstrip("/=.,;:")
    if _MEDIA.search(path) or not any(c.isalnum() for c in path):
        return ""
    host, slash, rest = path.partition("/")
    chosen = sorted(filter(_chooses, re.split("[&;]", query)))
    return f"{host.lower()}{slash}{rest}" + (f"?{'&'.join(chosen)}" if chosen else "")


def _destination(address: str) -> str:
    """Where a link leads in the end; pages wrap links to count who follows them."""
    for _ in range(4):
        if "%" not in address:
            break
        address = unquote(address).replace("\\", "/")
    nested = max(address.rfind("http://"), address.rfind("https://"), 0)
    address = address[nested:]
    if "?" not in address:
        address = address.partition("&")[0]  # what follows belongs to the wrapping
    place, _, fragment = address.partition("#")
    return address if fragment.startswith(("/", "!")) else place


def _chooses(parameter: str) -> bool:
    """Whether a parameter may choose what is shown, rather than tell who looks at it."""
    name, _, value = parameter.partition("=")
    name = name.lower()
    if not name or name in _TRACKING or name.startswith(_TRACKING_FAMILIES):
        return False
    if name in _CACHE_NUMBERS and value.replace(".", "").isdigit():
        return False
    token = len(value) >= _LEAST_TOKEN and len(_TURN.findall(value)) >= _LEAST_TURNS
    return not token and _OPAQUE.fullmatch(value) is None


def _periods(names: list[str]) -> list[int]:
    """Distances at which paragraphs come again, the one that covers most of the text first."""
    last: dict[str, int] = {}
    weight: Counter[int] = Counter()
    for place, name in enumerate(names):
        if name in last:
            weight[place - last[name]] += len(name)
        last[name] = place
    return [period for period, _ in weight.most_common(4)]


def _without_repeats(names: list[str], period: int) -> list[int]:
    """The places of the paragraphs that stay when a block of ``period`` goes that comes again."""
    kept: list[int] = []
    place = 0
    while place < len(names):
        again = len(kept) >= period and names[kept[-period]] == names[place]
        if again and _comes_again(names, kept[-period:], place):
            place += period
        else:
            kept.append(place)
            place += 1
    return kept


def _comes_again(names: list[str], block: list[int], place: int) -> bool:
    ahead = range(place, place + len(block))
    return ahead.stop <= len(names) and all(
        names[old] == names[new] for old, new in zip(block, ahead, strict=True)
    )
