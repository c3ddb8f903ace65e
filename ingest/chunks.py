"""From clauses to chunks: the passages that are embedded and found.

A chunk holds neighbouring clauses of one section, about a thousand characters, so that an item is
read together with the words that lead into it. Where a list is too long for one chunk, the heading
of each further one carries those words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from ingest.domain import Chunk, Clause, Source, Version
from ingest.sentences import cut, last_sentence
from ingest.titles import bare, has_words

_ABOUT = 1_000  # characters
_LONGEST = 1_400
_CRUMB = 200  # the last clause of a section joins the chunk before it when it is no longer
_ENOUGH = 600  # from this size on a clause with a title of its own begins a chunk
_LEAD_NEEDS = 300  # and from this size on a list does that would not fit as a whole
_PART = 110
_LINE = 300
_MARK = 12  # room for "Section 12: " before a title
_LEADS = re.compile(r"(?:[:—–]|[a-z])[*_\s]*$")
_UNNUMBERED = re.compile(r"/p\d+$")


def chunk(source: Source, version: Version, clauses: Sequence[Clause], vendor: str) -> list[Chunk]:
    """Make the chunks of one version, in the order of its text; together they hold every clause.

    Args:
        source: names the chunks and gives the title that opens each heading.
        version: the text that the clauses were split from.
        clauses: what :func:`ingest.clauses.split` made of that text.
        vendor: the name shown for the vendor.

    Returns:
        Chunks with ``id`` ``SOURCE@VERSION#ORDINAL``, counted from 1, and a ``heading`` of one
        line: vendor, title, trail, and the lead-in of a list that began in an earlier chunk.
    """
    made: list[Chunk] = []
    parents = _parents(clauses)
    for first, after in _groups(clauses, parents):
        group = clauses[first:after]
        spans = _spans(version.text, group)
        path = _lead_in(clauses, first, parents[first]) or _path(group, sliced=len(spans) > 1)
        heading = _one_line([vendor, source.title], path)
        for start, end in spans:
            made.append(
                Chunk(
                    id=f"{source.id}@{version.number}#{len(made) + 1}",
                    source=source.id,
                    version=version.number,
                    clauses=tuple(
                        clause.key for clause in group if clause.start < end and start < clause.end
                    ),
                    start=start,
                    end=end,
                    heading=heading,
                    text=version.text[start:end],
                )
            )
    return made


def _parents(clauses: Sequence[Clause]) -> list[int | None]:
    """For each clause the place of the one that it stands under; keys tell (``1/a``, ``1/a/i``)."""
    parents: list[int | None] = []
    branch: list[int] = []
    for place, clause in enumerate(clauses):
        while branch and not clause.key.startswith(f"{clauses[branch[-1]].key}/"):
            branch.pop()
        parents.append(branch[-1] if branch else None)
        branch.append(place)
    return parents


def _groups(clauses: Sequence[Clause], parents: list[int | None]) -> Iterator[tuple[int, int]]:
    """Ranges of neighbours that make one chunk (or, where a clause is long, several)."""
    ends = _family_ends(clauses, parents)
    sections = _sections(clauses)
    first = 0
    for place in range(1, len(clauses)):
        if _is_rule(clauses[place]):
            continue
        closes_section = sections[place + 1 : place + 2] != [sections[place]]
        if sections[place] != sections[place - 1] or _is_full(
            clauses[first], clauses[place - 1], clauses[place], ends[place], last=closes_section
        ):
            yield first, place
            first = place
    if clauses:
        yield first, len(clauses)


def _family_ends(clauses: Sequence[Clause], parents: list[int | None]) -> list[int]:
    """Where each clause ends together with everything that stands under it."""
    ends = [clause.end for clause in clauses]
    for place in range(len(clauses) - 1, 0, -1):
        parent = parents[place]
        if parent is not None:
            ends[parent] = max(ends[parent], ends[place])
    return ends


def _sections(clauses: Sequence[Clause]) -> list[str]:
    """For each clause the outermost titled part that it stands in; a rule ends no part."""
    sections: list[str] = []
    for clause in clauses:
        if _is_rule(clause) and sections:
            sections.append(sections[-1])
        else:
            titled = clause.trail or clause.heading
            sections.append(clause.key.split("/", 1)[0] if titled else "")
    return sections


def _is_full(first: Clause, before: Clause, clause: Clause, family_end: int, *, last: bool) -> bool:
    """Whether a chunk from ``first`` to ``before`` ends there, with ``clause`` in the next one."""
    so_far = before.end - first.start
    if clause.end - first.start > _ABOUT:
        fits = last and len(clause.text) <= _CRUMB and clause.end - first.start <= _LONGEST
        return not fits
    if clause.heading and so_far >= _ENOUGH:
        return True
    # A lead-in goes with its list: together into one chunk, or ahead of as much as fits.
    has_list = family_end > clause.end and family_end - first.start > _ABOUT
    return has_list and (family_end - clause.start <= _ABOUT or so_far >= _LEAD_NEEDS)


def _is_rule(clause: Clause) -> bool:
    return not has_words(clause.text)


def _spans(text: str, group: Sequence[Clause]) -> list[tuple[int, int]]:
    start, end = group[0].start, group[-1].end
    return [(start, end)] if end - start <= _LONGEST else [*cut(text, start, end, _ABOUT)]


def _lead_in(clauses: Sequence[Clause], first: int, parent: int | None) -> list[str]:
    """For an item whose list began in an earlier chunk: the trail and the words that lead in."""
    if parent is None or not _LEADS.search(clauses[parent].text):
        return []
    above, item, eldest = clauses[parent], clauses[first], clauses[parent + 1]
    if len(item.trail) != len(above.trail) + 1 or _listed(item) != _listed(eldest):
        return []
    words = bare(last_sentence(above.text.rpartition("\n\n")[2]))
    named = above.heading and above.heading not in words[: len(above.heading) + _MARK]
    return [*(item.trail if named else above.trail), words]


def _listed(clause: Clause) -> bool:
    """Whether a number, not only its order, tells the clause from its neighbours."""
    return _UNNUMBERED.search(clause.key) is None


def _path(group: Sequence[Clause], *, sliced: bool) -> list[str]:
    """The titles that all clauses of a chunk stand under."""
    trails = zip(*(clause.trail for clause in group), strict=False)
    shared = [titles[0] for titles in takewhile(lambda titles: len(set(titles)) == 1, trails)]
    first = group[0]
    if sliced and first.heading:
        shared.append(f"{first.label} {first.heading}".strip())
    return shared


def _one_line(names: list[str], path: list[str]) -> str:
    """Join with dashes; where that is too long the outermost titles go first."""
    parts = [_short(part) for part in path]
    while parts and sum(len(part) + 3 for part in (*names, *parts)) > _LINE:
        parts.pop(0)
    return " — ".join(" ".join(part.split()) for part in (*names, *parts))


def _short(part: str) -> str:
    words = " ".join(part.split())
    return words if len(words) <= _PART else words[:_PART].rsplit(" ", 1)[0] + "…"
