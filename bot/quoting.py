"""Answering without a chat model: which clauses of the retrieved passages decide, quoted whole.

Owns the choice and the trimming of quotes, and the lead sentence that says what they are. Draws no
legal conclusion. What it drafts is checked by ``bot.grounding`` like everything else.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from bot.citing import Library, Text
from bot.domain import Citation, Claim, Draft, Quote, Scope
from bot.topics import Topics
from bot.words import plain, stems, tokens
from ingest.domain import Chunk, Clause, Passage
from ingest.sentences import cut

MOST_QUOTES = 4
_WHOLE_CLAUSE = 700  # characters: up to here a clause is quoted whole
_LONGEST_QUOTE = 600  # characters: a longer clause gives its best sentences up to here
_FEWEST_STEMS = 5  # a shorter span decides nothing
_SHORTEST_LEAD_IN = 4  # words: "Definitions:" is a title
_LONGEST_TITLE = 15  # stems: a span up to here that ends without a mark is a title
_ENDS = frozenset(".;:,!?")
_READ = 10  # passages, from the best, whose clauses may be quoted
# Weights were tried on own questions; the deciding clause was among the quotes in 47 of 47 whose
# passages held it. Similarity of the sentences' embeddings and a malus for length gained nothing.
_WRITTEN = 0.7  # worth of the words that texts use for the topics asked, the question's own are 1
_RANK = 0.35  # worth of standing in the first passage; in the second half of it, and so on
_LEAST = 0.45  # share of the best score below which a quote no longer belongs to the answer
_NUMBERED = re.compile(
    r"((?:\d+|[ivxlc]+|[a-z])(?:\.\w+)*)(?:\. (.*))?$", re.IGNORECASE | re.DOTALL
)
_LONGEST_PLACE = 60  # characters
_KEPT = 2_048  # chunks of which the spans that may be quoted stay known
_SAME = 0.8  # overlap of stems from which two quotes say the same


@dataclass(frozen=True, slots=True)
class Spoken:
    """A span of a version with its telling words."""

    source: str
    start: int
    end: int
    text: str
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a passage's version that could be quoted; ``passage`` counts from 1."""

    passage: int
    span: Spoken

    @property
    def source(self) -> str:
        return self.span.source


class Quoter:
    """Chooses quotes by the words of the question and of the topics that it touches."""

    def __init__(self, topics: Topics, library: Library) -> None:
        self._topics = topics
        self._library = library
        self._spoken = lru_cache(maxsize=_KEPT)(self._spoken_in)

    def draft(self, scope: Scope, passages: Sequence[Passage]) -> Draft:
        """The quotes that decide best, most decisive first; a silent claim for each.

        At least one comes from each side of a comparison, at most :data:`MOST_QUOTES` in all.
        """
        chosen = self._chosen(scope, passages)
        return Draft(tuple(Claim("", (Quote(each.passage, each.span.text),)) for each in chosen))

    def _chosen(self, scope: Scope, passages: Sequence[Passage]) -> list[Candidate]:
        scored = self._scored(scope.rest, list(self._candidates(passages[:_READ])))
        if len(scope.sides) < 2:
            return _best(scored, MOST_QUOTES)
        each_side = max(1, MOST_QUOTES // len(scope.sides))
        sides = [
            _best([pair for pair in scored if pair[1].source in side], each_side)
            for side in scope.sides
        ]
        in_turn = [each for row in zip_longest(*sides) for each in row if each is not None]
        return list(dict.fromkeys(in_turn))[:MOST_QUOTES]

    def _scored(self, asked: str, candidates: Sequence[Candidate]) -> list[tuple[float, Candidate]]:
        """Candidates with their scores, best first."""
        typed = _weights(stems(asked), candidates)
        written = _weights(stems(self._topics.said(asked)), candidates)
        scored = [
            (
                _share(typed, each) + _WRITTEN * _share(written, each) + _RANK / each.passage,
                each,
            )
            for each in candidates
        ]
        return sorted(scored, key=lambda pair: -pair[0])

    def _candidates(self, passages: Sequence[Passage]) -> Iterator[Candidate]:
        seen: set[tuple[str, int, int]] = set()
        for number, passage in enumerate(passages, 1):
            for span in self._spoken(passage.chunk):
                place = (span.source, span.start, span.end)
                if place not in seen:
                    seen.add(place)
                    yield Candidate(number, span)

    def _spoken_in(self, chunk: Chunk) -> tuple[Spoken, ...]:
        """What of a chunk may be quoted and says something. Never changes for the same chunk."""
        text = self._library.text(chunk.source, chunk.version)
        return tuple(
            Spoken(chunk.source, start, end, words, frozenset(found))
            for start, end in quotable(text, chunk.start, chunk.end)
            if says_something(words := text.version.text[start:end], found := stems(words))
        )


def _best(scored: Sequence[tuple[float, Candidate]], most: int) -> list[Candidate]:
    """The first of ``scored`` that belong together and do not say the same twice."""
    chosen: list[Candidate] = []
    for score, each in scored:
        if len(chosen) >= most or score < _LEAST * scored[0][0]:
            break
        if not any(_same(each.span, other.span) for other in chosen):
            chosen.append(each)
    return chosen


def lead(citations: Sequence[Citation]) -> str:
    """One sentence in our words that says where the quotes stand, and no more than that."""
    places: dict[str, list[str]] = {}
    for each in citations:
        listed = places.setdefault(each.title, [])
        place = _place(each.clause)
        if place and place not in listed:
            listed.append(place)
    told = [f"the {title}{_in(where)}" for title, where in places.items()]
    sentence = f"{_and(told)} {'speaks' if len(told) == 1 else 'speak'} to this:"
    return f"{sentence[0].upper()}{sentence[1:]}"


def _place(clause: str) -> str:
    """The name of a clause within a sentence; a title that is itself a sentence is left out."""
    numbered = _NUMBERED.match(clause)
    label, title = numbered.groups("") if numbered else ("", clause)
    title = "" if len(title) > _LONGEST_PLACE else title
    if not label:
        return f"“{title}”" if title else ""
    return f"section {label}, {title}" if title else f"section {label}"


def _in(places: Sequence[str]) -> str:
    return f" ({'; '.join(places)})" if places else ""


def _and(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)


def _weights(wanted: Iterable[str], candidates: Sequence[Candidate]) -> dict[str, float]:
    """Stems by how few of the candidates have them."""
    sought = set(wanted)
    frequency = Counter(stem for each in candidates for stem in each.span.stems & sought)
    total = len(candidates) + 1
    return {stem: math.log(1 + total / (0.5 + frequency[stem])) for stem in sought}


def _share(weights: dict[str, float], candidate: Candidate) -> float:
    """How much of the wanted stems' weight a candidate has, 0 to 1."""
    whole = sum(weights.values())
    return (
        sum(weights[stem] for stem in candidate.span.stems & weights.keys()) / whole if whole else 0
    )


def says_something(words: str, found: Sequence[str]) -> bool:
    """Whether a span is a sentence or an item of a list, and no title page or lead-in."""
    if len(found) < _FEWEST_STEMS:
        return False
    return (
        len(found) > _LONGEST_TITLE
        or words.rstrip("”\"’')]*_ ")[-1:] in _ENDS
        or words.endswith(("and", "or"))
    )


def quotable(text: Text, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans that may be quoted of the clauses between two offsets: whole, or long ones in parts.

    A lead-in ("You may not:") goes together with as many items below it as fit.
    """
    written = text.version.text
    for clause in text.within(start, end):
        begin = clause.start + _length_of_titles(clause)
        if clause.end - begin > _WHOLE_CLAUSE:
            parts = cut(written, begin, clause.end, _LONGEST_QUOTE)
            yield from (each for each in parts if each[0] < end and start < each[1])
        elif _leads_in(written[begin : clause.end]):
            yield begin, _end_of_list(text, clause, begin)
        else:
            yield begin, clause.end


def _leads_in(words: str) -> bool:
    """Whether the words, or their first line, are half a sentence that a list completes."""
    first = words.lstrip().partition("\n")[0].rstrip()
    return words.rstrip().endswith(":") or (
        first.endswith(":") and len(first.split()) >= _SHORTEST_LEAD_IN
    )


def _end_of_list(text: Text, lead_in: Clause, begin: int) -> int:
    """Where the last item ends that fits into a quote with its lead-in, which comes first."""
    end, depth = lead_in.end, len(lead_in.trail)
    for item in text.within(lead_in.end, begin + _WHOLE_CLAUSE):
        if item.end - begin > _WHOLE_CLAUSE or item.trail[:depth] != lead_in.trail:
            break
        end = item.end
    return end


def _length_of_titles(clause: Clause) -> int:
    """Where the words of a clause begin below its titles, which stand in the citation anyway."""
    titles = [_words(each) for each in (*clause.trail, f"{clause.label} {clause.heading}")]
    place = 0
    for line in clause.text.splitlines(keepends=True):
        # A line below a title may be nothing but its underline.
        if _words(line) and (_words(line) not in titles or _leads_in(line)):
            return place + len(line) - len(line.lstrip())
        place += len(line)
    return 0


def _words(text: str) -> list[str]:
    return [each.text for each in tokens(plain(text))]


def _same(one: Spoken, other: Spoken) -> bool:
    """Whether two spans overlap or say the same in almost the same words."""
    if one.source == other.source and one.start < other.end and other.start < one.end:
        return True
    union = len(one.stems | other.stems)
    return union > 0 and len(one.stems & other.stems) / union >= _SAME
