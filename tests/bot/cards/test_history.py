"""Versions of a card's documents and the clauses that changed between them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.cards.views import History
from ingest.archive import Archive
from ingest.clauses import split
from ingest.domain import Origin, Reading, Snapshot
from ingest.errors import QuestionError
from tests.bot.pretend_facts import licenses
from tests.bot.pretend_library import NOW, TEXTS, archived


def record(archive: Archive, days: int, text: str, origin: Origin = Origin.PUBLISHED) -> None:
    later = NOW + timedelta(days=days)
    snapshot = Snapshot("acme/rocket-2", f"shelf:{days}", "text/plain", later, text.encode())
    archive.record(snapshot, Reading(text.strip()), origin, "shelf-1", split(text.strip()))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return archived(tmp_path)[0]


def shown(archive: Archive) -> History:
    view = licenses(archive).answer("history rocket-2")
    assert isinstance(view, History)
    return view


def test_every_document_that_binds_has_its_versions(archive: Archive) -> None:
    view = shown(archive)
    assert [each.source for each in view.documents] == ["acme/rocket-2", "acme/use-policy"]
    (first,) = view.documents[0].versions
    assert first.edits == ("first version that we know",)


def test_what_was_reworded_added_and_removed_is_named(archive: Archive) -> None:
    text = TEXTS["acme/rocket-2"]
    changed = text.replace("ten\ndays", "two\ndays").replace(
        "6. Note to readers.",
        "6. Notices. Acme sends notices by post alone.\n\n7. Note to readers.",
    )
    assert changed != text
    record(archive, 1, changed)
    newest = shown(archive).documents[0].versions[0]
    assert newest.version.number == 2
    assert any(each.startswith("reworded: 4. Ending") for each in newest.edits)
    assert any(each.startswith("added: 6. Notices") for each in newest.edits)


def test_versions_that_say_the_same_are_counted_and_not_shown(archive: Archive) -> None:
    record(archive, 1, TEXTS["acme/rocket-2"].replace("1. Grant.", "1. **Grant.**"))
    document = shown(archive).documents[0]
    assert (len(document.versions), document.silent) == (1, 1)


def test_a_text_that_only_we_read_again_is_no_change_of_theirs(archive: Archive) -> None:
    record(archive, 1, TEXTS["acme/rocket-2"].replace("ten", "two"), Origin.REREAD)
    assert shown(archive).documents[0].silent == 1


def test_of_many_versions_the_newest_are_shown_and_the_rest_counted(archive: Archive) -> None:
    for day in range(1, 10):
        record(archive, day, TEXTS["acme/rocket-2"].replace("ten\ndays", f"{day + 20}\ndays"))
    document = shown(archive).documents[0]
    assert [each.version.number for each in document.versions] == [10, 9, 8, 7, 6, 5]
    assert document.older == 4


def test_a_document_that_was_never_read_is_noted(archive: Archive) -> None:
    view = licenses(archive).history("zenith-chat")
    assert view.notices == ("Zenith Privacy Notice has not been read yet.",)


def test_a_history_of_nothing_asks_for_a_name(archive: Archive) -> None:
    with pytest.raises(QuestionError, match="history llama-4"):
        licenses(archive).answer("history")
