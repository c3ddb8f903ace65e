"""The versions of a card's documents and what changed between them, clause by clause.

Says which clauses differ; what a difference means is left to grading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.cards.views import DocumentHistory, History, VersionView
from bot.citing import Library, clause_name
from bot.domain import VersionIdentity
from ingest.alignment import Pair, align
from ingest.archive import Archive
from ingest.cards import Card, bound
from ingest.domain import Clause, Origin, Version
from ingest.manifest import Manifest

_MOST_VERSIONS = 6
_MOST_EDITS = 6
_LONGEST_NAME = 60


def history(card: Card, archive: Archive, manifest: Manifest, library: Library) -> History:
    """The newest versions of every document that binds by ``card``.

    Raises:
        DatabaseError: the archive cannot be read.
    """
    documents = [_document(id, archive, library) for id in bound(card.documents, manifest)]
    missing = [each.title for each in documents if not each.versions]
    notices = tuple(f"{title} has not been read yet." for title in missing)
    return History(card.id, card.title, tuple(each for each in documents if each.versions), notices)


def _document(id: str, archive: Archive, library: Library) -> DocumentHistory:
    versions = archive.versions(id)
    declared = library.source(id)
    shown: list[VersionView] = []
    silent = 0
    older = 0
    for place in range(len(versions) - 1, -1, -1):
        if len(shown) == _MOST_VERSIONS:
            older = place + 1
            break
        view = _version(versions, place, library)
        if view is None:
            silent += 1
        else:
            shown.append(view)
    return DocumentHistory(
        source=id,
        title=library.title(id),
        url=declared.url if declared else "",
        versions=tuple(shown),
        silent=silent,
        older=older,
    )


def _version(versions: Sequence[Version], place: int, library: Library) -> VersionView | None:
    """A version and its edits; None where it says what the one before said."""
    version = versions[place]
    identity = VersionIdentity.of(version)
    if place == 0:
        return VersionView(identity, ("first version that we know",))
    if version.origin is Origin.REREAD:
        return None
    before = library.text(version.source, versions[place - 1].number).clauses
    after = library.text(version.source, version.number).clauses
    edits = [each for each in align(before, after) if each.likeness < 1]
    if not edits:
        return None
    told = list(dict.fromkeys(_told(edits)))  # some pages print their text twice
    return VersionView(identity, tuple(told[:_MOST_EDITS]), max(0, len(told) - _MOST_EDITS))


def _told(edits: Sequence[Pair]) -> Iterator[str]:
    """The longest clauses first: a right is rarely given or taken in three words."""
    for each in sorted(edits, key=_size, reverse=True):
        if each.before is None and each.after is not None:
            yield f"added: {_name(each.after)}"
        elif each.after is None and each.before is not None:
            yield f"removed: {_name(each.before)}"
        elif each.after is not None:
            yield f"reworded: {_name(each.after)}"


def _size(pair: Pair) -> float:
    return max(len(each.text) for each in (pair.before, pair.after) if each) * (1 - pair.likeness)


def _name(clause: Clause) -> str:
    """What people would cite, or how the clause begins."""
    name = clause_name(clause)
    words = " ".join(clause.text.split())
    named = name or words
    return named if len(named) <= _LONGEST_NAME else f"{named[: _LONGEST_NAME - 1].rstrip()}…"
