"""How a place in the outline is named: for the archive a key, for people a label and a trail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.nesting import Node, Rank
from ingest.numbering import ANNEXES, Mark

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands; ``opens`` says that it is only the heading of what follows."""

    key: str
    label: str
    heading: str
    trail: tuple[str, ...]
    opens: bool = False


class Keys:
    """Gives each key once: a second ``1/a`` becomes ``1/a~2``."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def give(self, key: str) -> str:
        while key in self._given:
            self._given[key] += 1
            key = f"{key}~{self._given[key]}"
        self._given[key] = 1
        return key

    def below(self, parent: Node, mark: Mark | None, names: Sequence[str]) -> str:
        """The key of a part: its number, else a name, else its turn under its parent.

        Names are a title, the term that is defined, or the first cells of a row; the first one that
        is not given yet is taken.
        """
        if mark is not None:
            own = mark.path[-1:] if mark.path[:-1] == parent.path else mark.path
            return self.give(_joined(parent, "/".join(_slug(part) for part in own)))
        keys = [_joined(parent, _slug(name)) for name in names]
        free = (key for key in keys if key not in self._given)
        return self.give(next(free, keys[-1])) if keys else self.next_below(parent)

    def next_below(self, parent: Node) -> str:
        """The key of a paragraph that has neither number nor title."""
        parent.children += 1
        if parent.rank is Rank.ROOT:
            return self.give(f"preamble/{parent.children}")
        return self.give(f"{parent.key}/p{parent.children}")


def label(branch: Sequence[Node], mark: Mark | None) -> str:
    """What a lawyer would cite for a part that opens under this branch: ``1.b.iv``, ``3.2``."""
    above = branch[-1].label
    if mark is None:
        return above
    if len(mark.path) == 1:
        # An annex is cited by itself, wherever it stands.
        return f"{above}.{mark.name}" if above and mark.word not in ANNEXES else mark.name
    annexes = (node.label for node in branch if node.label.split(" ")[0].lower() in ANNEXES)
    annex = next(annexes, "")
    return f"{annex}.{mark.name}" if annex else mark.name


def title(mark: Mark | None, words: str) -> str:
    """What stands for a part in the trail of all below it: "1. Licence", "Section 2: Use"."""
    if mark is None:
        return words
    return f"{mark.printed}: {words}" if mark.word and words else f"{mark.printed} {words}".strip()


def trail(branch: Sequence[Node], below: Node | None = None) -> tuple[str, ...]:
    """Titles of the open parts, outermost first; or of those above one of them."""
    titles = []
    for node in branch:
        if node is below:
            break
        titles.append(node.title)
    return tuple(words for words in titles if words)


def _joined(parent: Node, part: str) -> str:
    return part if parent.rank is Rank.ROOT else f"{parent.key}/{part}"


def _slug(words: str) -> str:
    return _NOT_SLUG.sub("-", words.lower())[:_LONGEST_SLUG].strip("-") or "part"
