"""What the words of a typed text do: whether they ask, point back, add a condition, or do nothing.

Closed lists of everyday English, slips included. Knows no names and no threads; every function is
linear in the length of the text.
"""

from __future__ import annotations

import re

from bot.words import listed, plain, tokens

# A text of nothing but names and these asks nothing of its own.
_AROUND = listed(
    "a about across against alright also an and answer any anything applies apply are as at be "
    "bout but by can case cases check compare compared could currently d did difference "
    "different ditto do does else for from great has have hey hi hm hmm how hows i if in "
    "instead is it its just k like likewise ll me meant my n nd no not now nowadays of ok okay "
    "on one ones or our over part please pls question re s same say says similar similarly "
    "situation so sorry story t tell than thank thanks that the them then there these they "
    "thing things this those thx to today too true v ve versus vs was wat we well what whats "
    "when with wot would yes you your"
)
# These ask something in a question that points at nothing: "can we use gemma", not "use it".
_WEAK = listed(
    "agreement allow allowed allows b base distill distilled fine go goes handle handles "
    "instruct license mini model models permit permits permitted policy terms treat under use "
    "used using version work works"
)
_POINTING = listed("that this it same so too also likewise ditto instead then")
_BACK = listed("that this it its these those them they their")
_ASKING = listed(
    "which who whose whom what where why how when can could may must shall should do does did is "
    "are was were will would has have am might need allowed"
)
_KINDS = listed("plan tier account subscription edition version model license one size variant")
_LONGEST_PART = 40  # characters of a part of a name: "3.1 405b instruct"
_FEWEST_WORDS = 3  # of a question: "can we then?"
_JOINING = listed("then so and but")
_VERSUS = re.compile(r"^\W*(?:(?:and|or|so|ok)\W+)?(?:vs?|versus|compared? (?:to|with))\b")
_OPENING = re.compile(
    r"^(?:(?:and|nd|n|ok|okay|so|hm+|but|also|thanks|thank you|thx|great|then|plus|or)\b"
    r"[\s,.!:;-]*)+(?=\S)",
    re.IGNORECASE,
)
_PERSON = r"(?:we|we're|i|i'm|our|my|they|it's)\b"
_CONDITION = re.compile(
    r"^(?:(?:even|only|just|also|what|and|but)\s+){0,2}(?:(?:if|in|on|with|without|w/o|w/"
    r"|under|below|above|over|for|from|outside|inside|within|via|by|as|at|after|before|unless|when"
    r"|while|through|behind|given|assuming|provided|suppose|supposing|because|since|where)\b|"
    rf"{_PERSON})",
    re.IGNORECASE,
)
_REMARK = re.compile(f"^{_PERSON}", re.IGNORECASE)
_EVERYBODY = re.compile(
    r"\b(?:which|what|any|all|other|every|another|list)\b(?: [\w-]{1,20}){0,2} "
    r"(?:models?|licen[cs]es?|vendors?|compan(?:y|ies)|providers?|labs?)\b"
)
_TODAY = re.compile(r"\b(?:now(?:adays)?|today|currently|at the moment|these days)\b")
_CLAUSE = re.compile(r"[?!.;,]\s+|\s+-\s+")


def telling(rest: str, *, pointing: bool) -> list[str]:
    """The words of a question without its names that ask something of their own.

    Args:
        pointing: whether the text is known to point back, so that weak words ask nothing.
    """
    told = tokens(plain(rest))
    words = {each.text for each in told}
    asking = not (pointing or words & _POINTING) and bool(words & _ASKING)
    idle = _AROUND if asking else _AROUND | _WEAK
    # Beside a name a number is part of it ("r1 distill 8b"), alone it is what is asked ("and 80?").
    sizes = not (pointing or asking)
    return [each.text for each in told if each.text not in idle and not (sizes and each.is_number)]


def parts_of_names(rest: str) -> list[str]:
    """What of ``rest`` may be a part of a name, with and without the kind of thing behind it.

    "On the team plan?" gives "team plan" and "team"; a longer question gives nothing.
    """
    told = [each for each in tokens(rest) if each.text not in _AROUND]
    parts = []
    if told and told[-1].end - told[0].start <= _LONGEST_PART:
        parts.append(rest[told[0].start : told[-1].end])
        if told[1:] and told[-1].text in _KINDS:
            parts.append(rest[told[0].start : told[-2].end])
    return parts


def points_back(text: str) -> bool:
    """Whether a word stands for what was spoken of before: "it", "that", "they"."""
    return not _BACK.isdisjoint(each.text for each in tokens(plain(text)))


def asks(clause: str) -> bool:
    """Whether a clause has the form of a question: "when is it gone", "then can they see it"."""
    words = [each.text for each in tokens(plain(clause))]
    return any(
        each in _ASKING and all(before in _JOINING for before in words[:place])
        for place, each in enumerate(words[:_FEWEST_WORDS])
        if len(words) >= _FEWEST_WORDS
    )


def asks_same(head: str) -> bool:
    """Whether what stands up to a name asks nothing but the same: "and", "what about", "is it".

    Names are the only words of ``head`` that tell anything.
    """
    words = {each.text for each in tokens(plain(head))}
    return not asks(head) or "about" in words or not _POINTING.isdisjoint(words)


def clauses(text: str) -> list[str]:
    """``text`` at its commas, full stops and dashes."""
    return _CLAUSE.split(text)


def is_condition(text: str) -> bool:
    """Whether ``text`` begins as a condition or remark does: "if we", "in the", "we have"."""
    return _CONDITION.match(text) is not None


def only_qualifies(text: str) -> bool:
    """Whether ``text`` is a condition or remark with no question behind it."""
    if not is_condition(text):
        return False
    first, *others = clauses(_CONDITION.sub("", text, count=1))
    return not any(map(asks, others)) and (_REMARK.match(text) is not None or not asks(first))


def compares(text: str) -> bool:
    """Whether ``text`` sets its names against those before: "vs qwen"."""
    return _VERSUS.match(plain(text)) is not None


def about_everybody(text: str) -> bool:
    """Whether ``text`` asks about all there are: "which models allow that?"."""
    return _EVERYBODY.search(plain(text)) is not None


def about_today(text: str) -> bool:
    """Whether ``text`` asks about today."""
    return _TODAY.search(plain(text)) is not None


def unopened(text: str) -> str:
    """``text`` without the words that lead over to it: "ok and", "thanks! but"."""
    return _OPENING.sub("", text)


def unended(question: str) -> str:
    """``question`` without what ends it, so that something can be added."""
    return question.rstrip().rstrip("?!. ")
