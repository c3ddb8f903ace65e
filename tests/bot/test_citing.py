"""From a span of an archived text to a citation that people can check."""

from __future__ import annotations

import pytest

from bot.citing import Library, clause_name
from ingest.domain import Clause
from ingest.errors import DatabaseError
from tests.bot.pretend_library import MANIFEST, archived


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(archived(tmp_path_factory.mktemp("archive"))[0], MANIFEST)


@pytest.mark.parametrize(
    ("label", "heading", "trail", "name"),
    [
        ("2", "Large products", (), "2. Large products"),
        ("1.b.i", "", ("1. Grant", "b. Redistribution and Use"), "1.b.i. Redistribution and Use"),
        ("3.1", "", ("Section 3: LIMITS", "3.1 Passing it on"), "3.1. Passing it on"),
        ("4", "", (), "4"),
        ("", "What you cannot do", ("Using it",), "What you cannot do"),
        ("", "", ("Section 1: DEFINITIONS",), "DEFINITIONS"),
        ("", "", ("A word to readers",), "A word to readers"),
        ("", "", (), ""),
    ],
)
def test_a_clause_is_named_by_number_and_title(
    label: str, heading: str, trail: tuple[str, ...], name: str
) -> None:
    assert clause_name(Clause("k", label, heading, trail, 0, 1, "x")) == name


def test_a_citation_has_the_words_and_the_identity_of_the_version(library: Library) -> None:
    version = library.text("acme/rocket-2", 1).version
    start = version.text.index("Acme may end")
    cited = library.cite("acme/rocket-2", 1, start, start + 12)
    assert (cited.quote, cited.clause) == ("Acme may end", "4. Ending")
    assert cited.version.sha256 == version.sha256
    assert cited.title == "Rocket 2 Licence Agreement"


def test_a_version_that_the_archive_does_not_hold_is_an_error(library: Library) -> None:
    with pytest.raises(DatabaseError, match="version 9 of acme/rocket-2"):
        library.text("acme/rocket-2", 9)


def test_a_source_that_is_no_longer_declared_keeps_its_id_as_title(library: Library) -> None:
    assert library.title("gone/away") == "gone/away"
