"""Which spans of a text may be quoted: whole clauses, parts of long ones, lists with lead-ins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.citing import Text
from bot.words import plain, tokens
from ingest.domain import Clause
from ingest.sentences import cut

_WHOLE_CLAUSE = 700  # characters: up to here a clause is quoted whole
_LONGEST_QUOTE = 600  # characters: a longer clause gives its best sentences up to here
_FEWEST_STEMS = 5  # a shorter span decides nothing
_SHORTEST_LEAD_IN = 4  # words: "Definitions:" is a title
_LONGEST_TITLE = 15  # stems: a span up to here that ends without a mark is a title
_ENDS = frozenset(".;:,!?")


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
