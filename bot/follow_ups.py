"""Reading what was typed in a thread in the light of what was asked there before. Pure.

A question that is complete in itself stays as it is. What names only somebody else, adds only a
condition or a day, or asks something else of the same documents is completed from the earlier
question. What is wanted of the last answer itself is left to ``bot.asides``; who remembers what was
asked, to ``bot.threads``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain import Scope
from bot.exchanging import Named, exchanged, named_in, shown, without_day
from bot.names import Mention
from bot.phrases import (
    about_everybody,
    about_today,
    asks,
    asks_same,
    clauses,
    compares,
    is_condition,
    only_qualifies,
    parts_of_names,
    points_back,
    telling,
    unended,
    unopened,
)
from bot.wording import day
from bot.words import plain, tokens

LONGEST = 2_000
"""Characters of a completed question; what would be longer is read as typed."""
_MOST_NAMES = 6  # more are a list, which needs no thread to be understood


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a quote stands: characters ``start`` to ``end`` of a version's text."""

    source: str
    version: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Turn:
    """What a thread is about: its last question, completed, and what was quoted for it.

    ``ts`` names the message that asked it, as Slack does; later messages have higher ones.
    """

    ts: str
    question: str
    cited: tuple[Cited, ...] = ()


class Names(Protocol):
    """What reading needs of a scope finder; ``bot.scope.ScopeFinder`` on one day is one."""

    def scope(self, text: str) -> Scope:
        """Who and what ``text`` is about."""

    def mentions(self, text: str) -> list[Mention]:
        """Every name in ``text``, in order, with offsets into ``plain(text)``."""


def read(text: str, earlier: Turn | None, names: Names) -> str:
    """The question that ``text`` asks, completed from the turn before it where it must be.

    Args:
        text: as typed, at most a few thousand characters.
        earlier: the last question of the thread; None where there was none.

    Returns:
        ``text`` itself where it is complete, or where nothing can complete it.
    """
    if earlier is None:
        return text
    completed = _Reading(text.strip(), earlier.question, names).completed()
    return completed if completed and len(completed) <= LONGEST else text


def asks_nothing(text: str, names: Names) -> bool:
    """Whether ``text`` neither names nor asks anything ("yes", "hm"): no turn of a conversation."""
    scope = names.scope(text)
    named = scope.named or scope.elsewhere or scope.unknown or scope.as_of
    return not named and not telling(scope.rest, pointing=True) and not asks(text)


class _Reading:
    """One text beside the question before it."""

    def __init__(self, typed: str, earlier: str, names: Names) -> None:
        self._names = names
        self._typed = typed
        self._said = unopened(typed)
        self._scope = names.scope(typed)
        self._own = named_in(typed, self._scope, names.mentions)
        self._rest = _without(self._own, self._scope.rest)
        self._earlier = earlier
        self._before = names.scope(earlier)
        self._others = named_in(earlier, self._before, names.mentions)

    def completed(self) -> str | None:
        """The completed question; None where the text stands as it is."""
        if about_everybody(self._typed):
            return None
        if len(self._own.words) > _MOST_NAMES:
            return None
        if self._own and not self._points_to_vendor():
            return self._with_other_names()
        if (name := self._continued()) is not None:
            return self._on_typed_day(exchanged(self._earlier, self._others, name))
        if not telling(self._rest, pointing=True) and not asks(self._said):
            return self._with_other_day()
        if only_qualifies(self._said):
            return _qualified(self._earlier, self._said)
        return self._with_other_words()

    def _points_to_vendor(self) -> bool:
        """ "Does Google train on it?", where Google's API is spoken of: still of that API."""
        looser = set(self._scope.sources) > set(self._before.sources) > set()
        asking = telling(self._rest, pointing=True)
        return looser and points_back(self._typed) and bool(asking)

    def _with_other_names(self) -> str | None:
        """ "And gemma?", "vs qwen", "and claude pro? private account", "gemma in the EU?"."""
        remark = ""
        if telling(self._rest, pointing=False):
            remark = self._remark()
            if not remark:
                return None
        name = self._own.spoken
        if compares(self._typed) and self._others:
            name = f"{self._others.spoken} vs {name}"
        else:
            name = self._as_exact(name, remark)
        question = self._on_typed_day(exchanged(self._earlier, self._others, name))
        return _qualified(question, remark) if remark else question

    def _remark(self) -> str:
        """What is said behind names that stand alone, where that asks nothing; else ""."""
        text, end = shown(self._typed), self._own.runs[-1][1]
        left = telling(_without(self._own, self._names.scope(text[:end]).rest), pointing=False)
        alone = not left and asks_same(text[:end])
        said = text[end:].lstrip(" ?!.,;:-")
        apart = text[end:].lstrip()[:1] in set("?!.,;:(-") and not said.endswith("?")
        asking = any(map(asks, clauses(said)))
        return said if alone and not asking and (apart or is_condition(said)) else ""

    def _as_exact(self, name: str, remark: str) -> str:
        """ "Openai api", then "anthropic?": the api of Anthropic, where that is a name too."""
        if len(self._own.words) != 1 or len(self._others.words) > 1:
            return name
        tails = [each for other in self._others.words for each in _tails(other)]
        for tail in (remark.strip(" ()?!.,"), *tails):
            if tail and self._is_name(f"{name} {tail}"):
                return f"{name} {tail}"
        return name

    def _continued(self) -> str | None:
        """ "70b", "3.1", "the team plan": a name that begins as one of those before did."""
        for other in self._others.words:
            for head in _heads(other):
                for part in parts_of_names(self._rest):
                    if self._is_name(f"{head} {part}"):
                        return f"{head} {part}"
        return None

    def _is_name(self, words: str) -> bool:
        """Whether ``words`` are one name from end to end."""
        found = self._names.mentions(words)
        return len(found) == 1 and (found[0].start, found[0].end) == (0, len(plain(words)))

    def _with_other_day(self) -> str | None:
        """ "And in March 2026?", "and today?": the earlier question for another day."""
        if self._scope.as_of is not None:
            return self._on_typed_day(self._earlier)
        if about_today(self._typed) and self._before.as_of is not None:
            return f"{unended(without_day(self._earlier, self._before))}?"
        return None

    def _on_typed_day(self, question: str) -> str:
        """``question``, for the day that was typed, where one was."""
        asked = self._scope.as_of
        if asked is None:
            return question
        phrase = plain(self._typed)[asked.start : asked.end]
        return f"{unended(without_day(question, self._names.scope(question)))} {phrase}?"

    def _with_other_words(self) -> str | None:
        """ "What about the EU", "do we have to show anything then?": of the same documents.

        Tried on 68 later turns of 36 conversations about real documents, the deciding clause among
        the first five passages: 52 so, 49 to 52 with the words of the earlier question as well.
        """
        if not self._others:
            return None
        as_of = self._before.as_of
        stood = as_of is not None and as_of.firm and self._scope.as_of is None
        on_day = f" as of {day(as_of.day)}" if as_of and stood else ""
        return f"{self._others.spoken}{on_day}: {self._said}"


def _qualified(question: str, more: str) -> str:
    """``question`` with a condition behind it, which replaces one that began alike.

    Tried as above: 53 so, 50 with the names alone before the condition.
    """
    more = unended(more)
    head, comma, tail = question.rpartition(", ")
    if comma and is_condition(tail) and _first_word(tail) == _first_word(more):
        question = head
    return f"{unended(question)}, {more}?"


def _first_word(text: str) -> str:
    return plain(text).partition(" ")[0]


def _without(own: Named, rest: str) -> str:
    """What is left of ``rest``, in which names of what is not covered still stand."""
    for each in own.words:
        rest = rest.replace(plain(each), " ")
    return rest


def _heads(name: str) -> list[str]:
    """What a name may begin with, longest first: "llama 3.1 8b" → "llama 3.1 8b", "llama 3.1"…"""
    return [name[: each.end] for each in reversed(tokens(plain(name)))]


def _tails(name: str) -> list[str]:
    """What a name ends with behind its first word and its numbers: "api" of "openai api"."""
    words = tokens(plain(name))
    after = max((place for place, each in enumerate(words) if each.is_number), default=0)
    return [plain(name)[each.start :] for each in words[after + 1 :]]
