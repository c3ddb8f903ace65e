"""What a chat model is shown and what is read out of its reply; who it is does not matter here.

Question, facts and passages go out as one JSON object, so that no words of theirs can end the data
early. A reply is read while it comes, leniently around the agreed object and strictly within it;
what it says is checked elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.cards.relevant import Relevant
from bot.citing import Library
from bot.domain import Citation, Claim, FactView, Quote, Verdict
from ingest.domain import Chunk, Passage
from ingest.normalise import normalise

LONGEST_CLAIM: Final = 1_000
LONGEST_QUOTE: Final = 4_000
MOST_CLAIMS: Final = 8
_MOST_QUOTES = 6  # of one claim
_PROOFS = 2  # clauses of one fact
_DEEPEST = 8  # brackets within brackets; the agreed object needs five
_BEGINS = re.compile(r'\{\s{0,40}"(?:settled|verdict|claims)"\s{0,40}:')
_LONGEST_BEGIN = 120  # characters
_CLAIMS = re.compile(r'\s*"claims"\s*:\s*')
_OWN_MARK = re.compile(r" ?\[\d{1,3}\]")
_UNPROVEN = Claim("", ())  # stands for a claim of another shape, so that it counts as lost


@dataclass(frozen=True, slots=True)
class Material:
    """What a chat model may draw on. Quotes name ``passages`` by their place, from 1.

    ``facts`` come with the places of the passages that prove them.
    """

    question: str
    passages: tuple[Passage, ...]
    facts: tuple[tuple[FactView, tuple[int, ...]], ...]

    def shown(self, library: Library) -> str:
        """All of it as the one JSON object that the prompt announces.

        Raises:
            DatabaseError: the version of a passage cannot be read.
        """
        facts = [_told(fact, places) for fact, places in self.facts]
        found = [library.retrieved(each) for each in self.passages]
        numbered = [
            {
                "passage": number,
                "document": library.title(each.source),
                "clause": each.clause,
                "text": each.text,
            }
            for number, each in enumerate(found, 1)
        ]
        whole = {"question": self.question, "facts": facts, "passages": numbered}
        return json.dumps(whole, ensure_ascii=False)


def material(question: str, passages: Sequence[Passage], facts: Sequence[Relevant]) -> Material:
    """Passages as they were found, then the clauses of facts that settle and stand in none."""
    numbered = list(passages)
    told = []
    for fact in (each.fact for each in facts if each.settles):
        proofs = [_proof(each) for each in fact.citations[:_PROOFS]]
        places = tuple(dict.fromkeys(_place(each, numbered) for each in proofs))
        told.append((fact, places))
    return Material(question, tuple(numbered), tuple(told))


def _proof(citation: Citation) -> Passage:
    """The words that a citation quotes, as if they had been found."""
    source, version, words = citation.source, citation.version.number, citation.quote
    end = citation.start + len(words)
    return Passage(Chunk("", source, version, (), citation.start, end, "", words), 0.0, 0.0)


def _place(proof: Passage, numbered: list[Passage]) -> int:
    """The number of the passage that holds ``proof``; it is added where none does."""
    sought = proof.chunk
    for number, held in enumerate((each.chunk for each in numbered), 1):
        same = (held.source, held.version) == (sought.source, sought.version)
        if same and held.start <= sought.start and sought.end <= held.end:
            return number
    numbered.append(proof)
    return len(numbered)


def _told(fact: FactView, places: Sequence[int]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "about": fact.label,
        "applies_to": [*fact.applies_to, *fact.about],
        "value": fact.wording,
        "says": fact.says,
        "when": fact.when,
        "passages": list(places),
    }
    return {name: each for name, each in told.items() if each}


class ReplyReader:
    """Reads one reply while it comes in, however it is cut into pieces.

    Looks at each character once, and hands a claim on as soon as its last bracket is there. Words
    and fences around the object are skipped; of several objects the first counts.

    ``settled`` is False where the reply says so before its first claim; ``complete`` once nothing
    more is to be read.
    """

    def __init__(self) -> None:
        self.verdict: Verdict | None = None
        self.settled = True
        self.complete = False
        self._claims = 0
        self._listed = False
        self._before = ""  # the end of what came before the object
        self._slice: list[str] = []  # the part that is not at its end yet
        self._depth = 0
        self._in_claims = self._in_string = self._escaped = False

    def read(self, piece: str) -> Iterator[Claim]:
        """Take the next piece of the reply, and give the claims that it completes.

        Raises:
            ValueError: what came is no object of the agreed shape.
        """
        for char in self._begun(piece):
            yield from self._step(char)
            if self.complete:
                return

    def _begun(self, piece: str) -> str:
        """What of ``piece`` belongs to the object, whose first bracket is counted here."""
        if self._depth:
            return piece
        text = self._before + piece
        begin = _BEGINS.search(text)
        if begin is None:
            self._before = text[-_LONGEST_BEGIN:]
            return ""
        self._depth = 1
        return text[begin.start() + 1 :]

    def _step(self, char: str) -> Iterator[Claim]:
        """One character: it ends a claim or a member of the object, or is part of one, or both."""
        if self._is_quoted(char):
            self._slice.append(char)
            return
        depth, inner = self._depth, 2 if self._in_claims else 1
        self._depth += (char in "[{") - (char in "]}")
        if self._depth > _DEEPEST:
            raise ValueError("the reply nests too deep")
        if self._depth < inner or (char == "," and depth == inner):
            yield from self._ended()
        elif self._in_claims and self._depth == inner < depth:
            self._slice.append(char)
            yield from self._ended()
        elif char == "[" and depth == 1 and _CLAIMS.fullmatch("".join(self._slice)):
            self._slice.clear()
            self._in_claims = self._listed = True
        else:
            self._slice.append(char)

    def _is_quoted(self, char: str) -> bool:
        """Whether the character is part of a string, where brackets and commas mean nothing."""
        if not self._in_string:
            self._in_string = char == '"'
            return self._in_string
        if self._escaped:
            self._escaped = False
        elif char == "\\":
            self._escaped = True
        elif char == '"':
            self._in_string = False
        return True

    def _ended(self) -> Iterator[Claim]:
        text = "".join(self._slice).strip()
        self._slice.clear()
        if self._in_claims:
            self._in_claims = self._depth > 1
            if text:
                self._claims += 1
                self.complete = self._claims >= MOST_CLAIMS
                yield _claim(_loaded(text))
            return
        self._keep(_loaded(f"{{{text}}}"))
        if self._depth == 0:
            self.complete = True
            if not self._listed and self.settled:
                raise ValueError("the reply has no list of claims")

    def _keep(self, member: object) -> None:
        if not isinstance(member, dict):
            return
        verdict = member.get("verdict")
        if isinstance(verdict, str) and verdict in set(Verdict):
            self.verdict = Verdict(verdict)
        if member.get("settled") is False:
            if self._claims:  # it says both; what it claimed is checked and may stay, undecided
                self.verdict = Verdict.UNCLEAR
            else:
                self.settled = False
                self.complete = True


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _claim(found: object) -> Claim:
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        return _UNPROVEN
    # Numbers in brackets are ours to give: they name citations, which it knows nothing of.
    text = " ".join(_OWN_MARK.sub("", normalise(found["text"])).split())
    quotes = found.get("quotes")
    if not 0 < len(text) <= LONGEST_CLAIM or not isinstance(quotes, list):
        return _UNPROVEN
    read = [quote for each in quotes[:_MOST_QUOTES] if (quote := _quote(each)) is not None]
    return Claim(text, tuple(read))


def _quote(found: object) -> Quote | None:
    if not isinstance(found, dict):
        return None
    passage, words = found.get("passage"), found.get("quote")
    # True is an int for Python, and no number of a passage.
    if type(passage) is not int or not isinstance(words, str) or len(words) > LONGEST_QUOTE:
        return None
    return Quote(passage, words)
