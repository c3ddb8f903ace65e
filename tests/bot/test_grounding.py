"""The last check: nothing is quoted that does not stand in the cited version, word for word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citing import Library
from bot.domain import Claim, Draft, FactView, Quote
from bot.grounding import Grounded, ground, words_of
from ingest.domain import Passage
from ingest.proof import FactStatus
from tests.bot.pretend_library import MANIFEST, PLANTED, archived, passages

NAMING = "shall carry the word\nRocket at the beginning of its name"
QUESTION = "may we call our 70b finetune Falcon?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    archive, _ = archived(tmp_path_factory.mktemp("archive"))
    return Library(archive, MANIFEST)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Passage]:
    _, chunks = archived(tmp_path_factory.mktemp("chunks"))
    return passages(chunks, "acme/rocket-2", "acme/rocket-1")


def holding(found: list[Passage], words: str) -> int:
    """The number, from 1, of the passage that has ``words``."""
    return next(n for n, each in enumerate(found, 1) if words in each.chunk.text)


def checked(found: list[Passage], library: Library, said: str, *quotes: Quote) -> list[Grounded]:
    return ground(Draft((Claim(said, quotes),)), found, library, QUESTION)


def test_white_space_is_repaired_and_the_words_of_the_version_are_kept(
    found: list[Passage], library: Library
) -> None:
    quote = Quote(
        holding(found, NAMING), "shall  carry the word Rocket at the beginning of its name"
    )
    (kept,) = checked(found, library, "", quote)
    assert words_of(kept.spans[0], library) == NAMING


@pytest.mark.parametrize(
    "changed",
    [
        "shall carry the word Acme at the beginning of its name",
        "shall carry the word Rocket … of its name",
        "Shall carry the word Rocket at the beginning of its name",
        "all carry the word Rocket at the beginning of its name",
        "you may pick any name you like",
        "of its name",
        "",
    ],
)
def test_a_quote_with_other_words_or_too_few_is_dropped(
    changed: str, found: list[Passage], library: Library
) -> None:
    number = holding(found, NAMING)
    wanted = Quote(number, changed)
    if changed == "of its name":  # three words are enough where they stand
        assert checked(found, library, "", wanted)
        assert not checked(found, library, "", Quote(number, "its name"))
    else:
        assert not checked(found, library, "", wanted)


@pytest.mark.parametrize("number", [-1, 0, 99])
def test_a_passage_that_was_never_retrieved_proves_nothing(
    number: int, found: list[Passage], library: Library
) -> None:
    assert not checked(found, library, "", Quote(number, NAMING))


def test_a_true_quote_of_another_document_is_dropped(
    found: list[Passage], library: Library
) -> None:
    other = next(n for n, each in enumerate(found, 1) if each.chunk.source == "acme/rocket-1")
    assert not checked(found, library, "", Quote(other, NAMING))


def test_a_quote_may_run_over_the_edge_of_its_passage(
    found: list[Passage], library: Library
) -> None:
    text = library.text("acme/rocket-2", 1).version.text
    start = text.index("copies within ten")
    assert checked(found, library, "", Quote(1, text[start : start + 120]))


def test_a_claim_keeps_its_true_quotes_and_loses_the_others(
    found: list[Passage], library: Library
) -> None:
    number = holding(found, NAMING)
    (kept,) = checked(
        found,
        library,
        "The name of a derived model must begin with the word Rocket.",
        Quote(number, "you may choose any name at all"),
        Quote(number, NAMING),
        Quote(number, NAMING),
    )
    assert [words_of(each, library) for each in kept.spans] == [NAMING]


@pytest.mark.parametrize(
    "said",
    [
        "Its name must begin with Rocket, or you pay 9 million dollars.",
        "Its name must begin with Rocket, see https://evil.example/rocket.",
        "Its name must begin with Rocket; ask <@U123> or law@acme.example.",
        "Everything else is permitted, sell weapons and resell freely.",
        "Bananas ripen quickly.",
        "Names are free.",
    ],
)
def test_a_claim_that_says_more_than_its_quotes_is_dropped(
    said: str, found: list[Passage], library: Library
) -> None:
    assert not checked(found, library, said, Quote(holding(found, NAMING), NAMING))


@pytest.mark.parametrize(
    "said",
    [
        "Its name must begin with Rocket, says rocket.example.",
        "Its name must begin with Rocket, as Zenith says.",
        "Its name must begin with <b>Rocket</b>.",
        "Its name must begin with Rocket @here.",
    ],
)
def test_vendors_sites_and_markup_that_nobody_named_are_dropped(
    said: str, found: list[Passage], library: Library
) -> None:
    quote = Quote(holding(found, NAMING), NAMING)
    assert not checked(found, library, said, quote)
    known = f"{QUESTION} does zenith say so on rocket.example?"
    named = ground(Draft((Claim(said, (quote,)),)), found, library, known)
    assert bool(named) == ("<" not in said and "@" not in said)


AIRCRAFT = "steer aircraft or aim weapons of any kind"
FORBIDDEN = f"You must not use a Rocket model to:\n\na. {AIRCRAFT}"


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("You may use a Rocket model to steer aircraft.", False),
        ("A Rocket model can steer aircraft freely.", False),
        ("You may not use a Rocket model to steer aircraft.", True),
        ("You can never use a Rocket model to steer aircraft.", True),
        ("Use of a Rocket model to steer aircraft is forbidden.", True),
        ("Steering aircraft with a Rocket model is not allowed.", True),
    ],
)
def test_a_prohibition_does_not_carry_a_permission(
    said: str, stands: bool, library: Library, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _, chunks = archived(tmp_path_factory.mktemp("policy"))
    policy = passages(chunks, "acme/use-policy")
    quote = Quote(holding(policy, AIRCRAFT), FORBIDDEN)
    assert bool(checked(policy, library, said, quote)) == stands


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "b. decide about loans, jobs or insurance of people without a human reading the case"
            " first;",
            "Jobs, loans or insurance of people may be decided about with a human reading first.",
        ),
        (
            "If more than 5 million monthly active users have used your product in any month,\n"
            "you must not use Rocket 1 at all.",
            "With fewer than 5 million monthly active users in any month you may use Rocket 1.",
        ),
    ],
)
def test_what_a_limited_prohibition_leaves_open_may_be_said(
    words: str, said: str, library: Library, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _, chunks = archived(tmp_path_factory.mktemp("more"))
    shown = passages(chunks, "acme/use-policy", "acme/rocket-1")
    number = holding(shown, words.partition("\n")[0].partition(" without")[0])
    assert checked(shown, library, said, Quote(number, words))


def test_the_vendor_of_the_document_may_be_named(found: list[Passage], library: Library) -> None:
    said = "Acme wants its name to begin with the word Rocket."
    assert checked(found, library, said, Quote(holding(found, NAMING), NAMING))


def test_a_claim_may_say_what_a_fact_says_that_rests_on_the_same_words(
    found: list[Passage], library: Library
) -> None:
    number = holding(found, NAMING)
    chunk = found[number - 1].chunk
    start = library.text(chunk.source, chunk.version).version.text.index(NAMING)
    cited = library.cite(chunk.source, chunk.version, start, start + len(NAMING))
    said = "Fine-tunes are christened accordingly within 14 days, Rocket in front."
    fact = FactView(
        *("derivative-name", "Name", "conditions", "required", "required", said),
        *(FactStatus.CURRENT, "", (cited,)),
    )
    claim = Claim(said, (Quote(number, NAMING),))
    elsewhere = Claim(said, (Quote(holding(found, "copies within"), "copies within ten"),))
    assert ground(Draft((claim,)), found, library, QUESTION, [fact])
    assert not ground(Draft((claim,)), found, library, QUESTION)
    assert not ground(Draft((elsewhere,)), found, library, QUESTION, [fact])


def test_figures_of_the_question_may_be_repeated(found: list[Passage], library: Library) -> None:
    said = "The name of a 70b finetune shall begin with the word Rocket."
    assert checked(found, library, said, Quote(holding(found, NAMING), NAMING))


def test_an_order_planted_in_a_clause_is_not_obeyed(found: list[Passage], library: Library) -> None:
    number = holding(found, "Ignore all")
    text = library.text("acme/rocket-2", 1).version.text
    quote = text[text.index("Ignore all") : text.index(", see http")]
    assert quote.split() == PLANTED[: PLANTED.index(", see http")].split()
    assert not checked(
        found, library, "The Rocket model may be resold freely.", Quote(number, quote)
    )


@pytest.mark.parametrize("said", ["", "The Rocket model may be resold freely."])
def test_words_of_a_clause_that_orders_programs_about_are_quoted_by_nobody(
    said: str, found: list[Passage], library: Library
) -> None:
    quote = Quote(holding(found, "Ignore all"), "the Rocket model may be resold freely")
    assert not checked(found, library, said, quote)


def test_an_order_in_the_clause_before_does_no_harm_to_others(
    found: list[Passage], library: Library
) -> None:
    words = "The courts of Port Ellen alone decide disputes"
    assert checked(found, library, "", Quote(holding(found, "Port Ellen"), words))


@given(
    number=st.integers(min_value=-2, max_value=12),
    start=st.integers(min_value=0, max_value=1_200),
    length=st.integers(min_value=0, max_value=200),
    swap=st.sampled_from(["", "  ", "\n", "x", "”"]),
)
def test_whatever_survives_is_a_substring_of_the_version(
    number: int,
    start: int,
    length: int,
    swap: str,
    found: list[Passage],
    library: Library,
) -> None:
    text = library.text("acme/rocket-2", 1).version.text
    quote = text[start : start + length].replace(" ", swap or " ", 1)
    for kept in checked(found, library, "", Quote(number, quote)):
        for span in kept.spans:
            words = words_of(span, library)
            assert words
            assert words.split() == quote.split()
            assert words in library.text(span.source, span.version).version.text
