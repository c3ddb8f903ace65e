"""The words by which people ask: patterns of English as it is typed, and nothing about licences.

Every repetition in them is bounded or cannot be matched in two ways, so that each is searched in
time linear in a text. What they mean together is left to ``bot.frames``.
"""

from __future__ import annotations

import re

_WE = (
    r"(?:we|i|you|one|u|our|my|us|me|he|she|people|any(?:one|body)|some(?:one|body)|everyone"
    r"|customers?|clients?|users?|employees?|staff|students?|kids|children|minors|teenagers"
    r"|startups?|compan(?:y|ies)|business(?:es)?|developers?|colleagues?|those|it|this|that)"
)
SHORT = (
    (r"\bmay (?=\d)", "month "),
    (r"\bw/o\b", "without"),
    (r"\br (?=we|they|you|u|i)\b", "are "),
    (r"\bu\b", "you"),
)
CUT = re.compile(r"(?<=[?!;\n])|(?<=[.:])(?=\s)|\s[-–—]+\s|…|\.{3}")
ASIDE = re.compile(r"\([^()]{0,200}\)|\"[^\"]{0,200}\"|“[^”]{0,200}”|(?<!\w)'[^']{1,200}'(?!\w)")

INTERROGATIVE = re.compile(
    r"\b(?:what(?! if\b)|which|who(?:se|m)?|how|why)\b|\b(?:where|when)\s*\?"
    r"|^(?:\W*the )?(?:most|max|maximum|minimum|deadline|number of)\b"
    r"|\b(?:when|where)(?='?s\b|\s+(?:is|are|do|does|did|can|could|will|would|must|may|should)\b)"
    r"|\b(?:list|explain|summari[sz]e|describe|compare|name)\s+(?:all|the|every|us)\b"
)
VALUE = re.compile(
    r"\b(?:laws?|courts?|venue|caps?|thresholds?|limits?|periods?|deadlines?|ages?|consequences?"
    r"|wording|fees?|amounts?|duration|addresse?s?|differences?)\b"
)
"""Things of which people want to know what they are, when they name them and put a mark."""
LEAD_IN = re.compile(
    r"(?:\b(?:can|could|would) you (?:please )?(?:tell|say|check|confirm|know)(?: me| us)?"
    r"|\b(?:do you|does (?:any|some)one|you) know|\bany idea|\bwonder(?:ing)?|\bnot sure"
    r"|\b(?:want|need|like|love|trying) to (?:know|check|ask|find out)|\bquestion is"
    r"|\btell (?:me|us)|\basks?|\basking) (?:if|whether)\b"
)
NOT = r"(?:n?['’]?t\b| ?not\b| never\b)"
_MODAL = rf"(?P<aux>can|could|may|might){NOT}?"
_OUGHT = rf"(?P<ought>must|should|shall|need){NOT}?"
_OTHER = (
    r"(?P<other>do|does|did|is|are|am|was|were|will|would|isn|aren|don|doesn|didn|won|wouldn)"
    r"(?:n?'t|n?’t|nt)?"
)
_PERFECT = _OTHER.replace("P<other>do", "P<other>has|have|had|do")
_START = r"(?:^|[,]|\b(?:and|but|so|then|ok|okay|hi|hey|also|or|if|whether|now|still|just)\b)\s*"
OPENERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:{_MODAL}|{_OUGHT}|{_OTHER})\s+(?=(?:the(?:y|se|ir|re)|{_WE})\b)",
        rf"{_START}(?:{_MODAL}|{_OUGHT}|{_PERFECT})\s+(?=[\w$€£])",
    )
)
FIRMLY = re.compile(r"(?:\w+\s+)?(?:can|could|may|must|do|does|did|is|are|should|would)$")
STATED = re.compile(
    r"(?:so |and |but |then )?(?:we|i|you|one|they)(?:'re|\s+are"
    r"|\s+can|\s+may|\s+could|\s+must|\s+have|\s+need|\s+do|\s+own|\s+keep"
    r"|\s+would|\s+will|\s+should|\s+does)?(?:n't|n’t|nt)?\b"
)
TAGGED = re.compile(r",?\s*(?:right|correct|true|or not|yes|no|is that so|is it|do they)\s*\?*$")

_PERMISSION_WORDS = (
    r"allow(?:s|ed|ing)?|permit(?:s|ted)?|ok(?:ay)?|fine|legal|legit|free to|lets?|cool|kosher|"
    r"possible|usable|entitled|authori[sz]ed?|alright|(?<!-)licensed|"
    r"good to go|any problem|problems?"
)
_BAN_WORDS = (
    r"forb(?:id|ids|idden|ade)|bann?(?:s|ed)?|prohibit(?:s|ed)?|disallow(?:s|ed)?|block(?:s|ed)?|"
    r"barr?(?:s|ed)?|exclud(?:e|es|ed)|locked out|shut out|illegal|against|"
    r"violat(?:e|es|ed|ing|ion)|breach(?:es|ing)?|breaks? (?:the|any|their|a)|off limits|"
    r"off-limits|out of bounds|rules? out|ruled out|stops? (?:us|me)|prevents?|restricted|"
    r"no-go|taboo|verboten"
)
_DUTY_WORDS = (
    r"ha(?:ve|s|d) to|need to|needs to|needed|require[sd]?|requirement|mandatory|necessary|"
    r"obligat\w*|oblige[sd]?|compulsory|a must|force[sd]?|makes? us|must|supposed to|gotta|hafta|"
    r"demands?|insists?|bound to"
)
GRANT = r"(?:licen[cs]es?|permission|contract|agreement|approval|authori[sz]ation|consent|deal)"
_LICENCE_WORDS = (
    rf"(?:need|require|get|buy|sign|ask for|have|take)s?\s+(?:\w+\s+){{0,4}}?{GRANT}|"
    rf"{GRANT}\s+(?:needed|required|necessary)|"
    r"(?:have to|need to|must)\s+(?:\w+\s+){0,3}?(?:ask|contact|talk to|pay)"
)
_EXEMPT_WORDS = (
    r"skip|drop|leave (?:out|off|away|it)|omit|avoid|ignore|hide|get away without|do without|strip|"
    r"free (?:from|of)(?! (?:charge|cost))|exempt|off the hook|excused|get (?:around|out of)|"
    r"opt out of naming"
)
KEYS = re.compile(
    rf"\b(?:(?P<licence>{_LICENCE_WORDS})|(?P<ban>{_BAN_WORDS})|(?P<exempt>{_EXEMPT_WORDS})"
    rf"|(?P<duty>{_DUTY_WORDS})|(?P<permission>{_PERMISSION_WORDS}))\b"
)
GRANTED_TO = ("allowed", "permitted", "entitled", "free to", "authorised", "authorized")
ASKS_OF_US = re.compile(r"requires?$|forces?$|obliges?$|makes? us|demands?|insists?")
NEGATED = re.compile(r"(?:\bnot|n't|n’t|\bno longer|\bnever)\s+(?:\w+\s+){0,1}?$")
BEFORE_ANY = re.compile(rf"\b(?:{_MODAL}|{_OUGHT}|{_OTHER})\s+(?=\w)")
SIDES = re.compile(
    r"\b(?:ours?|mine|us|yours?|theirs?|them) or\b|\bor (?:is|are|do|does|just|only)\b"
)
PASSIVE = re.compile(
    r"\b(?:be|get|gets|being|is|are)\s+(?:\w+ly\s+)?(?:\w+ed|built|sold|kept|made|put|run|given|sent|"
    r"held|sued|shown|left|used|kicked|fed)\b"
)
REFERRING = re.compile(
    r"\b(?:that|this|it|same) (?:also )?(?:go|goes|apply|applies|hold|holds|count)\b"
)
OWN_PEOPLE = re.compile(
    r"\b(?:our|my) (?:people|team|staff|employees|users|customers|clients|kids)\b"
)
MAY_THEY = re.compile(r"\b(?:can|could|may|might) they\b")
SUDDEN = re.compile(
    r"\b(?:whenever|(?:at )?any ?time|overnight|just like that|no notice|suddenly|immediately"
    r"|right away|at once|from one day|out of the blue)\b"
)
DOES_TO_US = re.compile(r"\w+ (?:just )?(?!of\b)\w+ (?:us|me)\b")
PLAIN_WE = re.compile(r"(?:we|i|you|one|u|our|my|us|he|she)\b")
THEY = re.compile(r"(?:they|their|them|the (?:vendor|company|provider|licensor))\b")
