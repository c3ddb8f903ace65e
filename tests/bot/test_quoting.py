"""Answering without a chat model: which clauses are quoted, how they are trimmed, what leads in."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citing import Library, Text
from bot.domain import Draft, Scope
from bot.quoting import MOST_QUOTES, Quoter, lead
from bot.spans import quotable
from bot.topics import Topics
from ingest.archive import Archive
from ingest.clauses import split
from ingest.domain import Chunk, Origin, Version
from ingest.normalise import normalise
from tests.bot.pretend_library import MANIFEST, NOW, VOCABULARY, archived, passages

EVERYTHING = ("acme/rocket-2", "acme/use-policy", "acme/rocket-1", "zenith/terms")
SIDES = (("acme/rocket-1",), ("acme/rocket-2",))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, list[Chunk]]:
    return archived(tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="module")
def library(shelf: tuple[Archive, list[Chunk]]) -> Library:
    return Library(shelf[0], MANIFEST)


@pytest.fixture(scope="module")
def chunks(shelf: tuple[Archive, list[Chunk]]) -> list[Chunk]:
    return shelf[1]


@pytest.fixture(scope="module")
def quoter(library: Library) -> Quoter:
    return Quoter(Topics(VOCABULARY.topics), library)


def quotes(draft: Draft) -> list[str]:
    return [each.quotes[0].text for each in draft.claims]


@pytest.mark.parametrize(
    ("asked", "decides"),
    [
        ("do we own the outputs?", "Acme claims no ownership of outputs."),
        ("how old must users be to open an account", "at least 16 years of age"),
        ("may it decide about loans", "decide about loans, jobs or insurance"),
    ],
)
def test_the_clause_with_the_words_of_the_question_comes_first(
    quoter: Quoter, chunks: list[Chunk], asked: str, decides: str
) -> None:
    found = passages(chunks, "acme/use-policy", "zenith/terms", "acme/rocket-2")
    draft = quoter.draft(Scope(rest=asked), found, [])
    assert decides in " ".join(quotes(draft)[0].split())


def test_the_words_of_the_topic_find_a_clause_that_shares_none_with_the_question(
    quoter: Quoter, chunks: list[Chunk]
) -> None:
    draft = quoter.draft(Scope(rest="are we too big?"), passages(chunks, "acme/rocket-2"), [])
    assert "40 million monthly active users" in quotes(draft)[0]


def test_at_most_four_are_quoted(quoter: Quoter, chunks: list[Chunk]) -> None:
    asked = "outputs, users, agreement, name, courts, aircraft, loans, advertising, account"
    draft = quoter.draft(Scope(rest=asked), passages(chunks, *EVERYTHING), [])
    assert len(draft.claims) == MOST_QUOTES


def test_each_side_of_a_comparison_is_quoted(quoter: Quoter, chunks: list[Chunk]) -> None:
    scope = Scope(rest="user cap in millions?", sides=SIDES)
    found = passages(chunks, "acme/rocket-2", "acme/rocket-1")
    draft = quoter.draft(scope, found, [])
    quoted = [found[each.quotes[0].passage - 1].chunk.source for each in draft.claims]
    assert quoted[:2] == ["acme/rocket-1", "acme/rocket-2"]


def test_the_same_words_of_two_documents_are_quoted_once(
    quoter: Quoter, chunks: list[Chunk]
) -> None:
    found = passages(chunks, "acme/rocket-2", "acme/rocket-1")
    draft = quoter.draft(Scope(rest="where can we sue, which courts?"), found, [])
    assert sum("courts of Port Ellen" in each for each in quotes(draft)) == 1


def test_what_does_not_belong_to_the_answer_is_left_out(
    quoter: Quoter, chunks: list[Chunk]
) -> None:
    found = passages(chunks, "zenith/terms")
    draft = quoter.draft(Scope(rest="how old, what years of age, to open an account?"), found, [])
    assert len(draft.claims) == 1


def test_a_quote_is_a_whole_clause_without_its_title_page(
    quoter: Quoter, chunks: list[Chunk]
) -> None:
    found = passages(chunks, "acme/rocket-2")
    assert all(
        "LICENCE AGREEMENT" not in each and each.rstrip()[-1] in ".;:"
        for asked in ("licence agreement last changed", "ownership of outputs")
        for each in quotes(quoter.draft(Scope(rest=asked), found, []))
    )


def test_a_lead_in_is_quoted_with_the_items_below_it(quoter: Quoter, chunks: list[Chunk]) -> None:
    found = passages(chunks, "acme/use-policy")
    best = quotes(
        quoter.draft(Scope(rest="what must the rocket model not be used to do?"), found, [])
    )[0]
    assert "You must not use a Rocket model to:" in best
    assert "unsolicited advertising" in best


def test_no_passages_give_no_quotes(quoter: Quoter) -> None:
    assert quoter.draft(Scope(rest="anything"), [], []) == Draft(())


LONG = "Acme gives notice of each change in the gazette of the island, and nowhere else. " * 40


def text_of(written: str) -> Text:
    text = normalise(written)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    version = Version(
        "acme/x", 1, text, sha256, Origin.FIRST, "shelf-1", "shelf:x", None, None, NOW, NOW
    )
    return Text(version, tuple(split(text)))


def test_a_long_clause_is_quoted_in_runs_of_whole_sentences() -> None:
    text = text_of(f"1. Notices. {LONG}")
    spans = [text.version.text[a:b] for a, b in quotable(text, 0, len(text.version.text))]
    assert len(spans) > 1
    assert all(each.endswith(".") and len(each) <= 700 for each in spans)


def test_neither_a_title_nor_its_underline_is_quoted() -> None:
    parts = ("1. Use", "------", "You may use it.", "2. Changes", "----------", "2.1 We tell you.")
    text = text_of("\n\n".join(parts).replace("\n\n--", "\n--"))
    spans = [text.version.text[a:b] for a, b in quotable(text, 0, len(text.version.text))]
    assert spans == ["You may use it.", "2.1 We tell you."]


def test_only_sentences_within_the_passage_are_offered() -> None:
    spans = list(quotable(text_of(f"1. Notices. {LONG}"), 1_000, 1_500))
    assert spans
    assert all(a < 1_500 and b > 1_000 for a, b in spans)


@given(st.text(alphabet="ab .;:\n1()-", max_size=400))
def test_every_span_lies_in_the_text_and_has_no_space_at_its_ends(written: str) -> None:
    text = text_of(written)
    for start, end in quotable(text, 0, len(text.version.text)):
        quoted = text.version.text[start:end]
        assert quoted == quoted.strip() != ""


def test_the_lead_names_document_and_section(library: Library) -> None:
    text = library.text("acme/rocket-2", 1).version.text
    start = text.index("If more than 40")
    citation = library.cite("acme/rocket-2", 1, start, start + 30)
    assert lead([citation]) == (
        "The Rocket 2 Licence Agreement (section 2, Large products) speaks to this:"
    )


def test_the_lead_names_every_document_once(library: Library) -> None:
    old = library.text("acme/rocket-1", 1).version.text
    cited = [
        library.cite("acme/rocket-1", 1, old.index("You may use"), len(old)),
        library.cite("acme/rocket-1", 1, old.index("The courts"), len(old)),
        library.cite("zenith/terms", 1, 0, 5),
    ]
    told = lead(cited)
    assert told.count("Rocket 1 Licence") == 1
    assert "section 1, Grant; section 3, Law" in told
    assert told.endswith("speak to this:")
