"""Who is asked about: names in any spelling, the documents they bind, and who is not covered."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Scope
from bot.names import ORDINARY_WORDS
from bot.scope import ScopeFinder
from tests.bot.pretend_library import CARDS, MANIFEST, VOCABULARY

FINDER = ScopeFinder(CARDS, MANIFEST, VOCABULARY)
TODAY = date(2026, 11, 23)
ROCKET_2 = ("acme/rocket-2", "acme/use-policy")
ROCKET_1 = ("acme/rocket-1",)
OLD = ("acme/rocket-2-old",)
DATED = ("acme/rocket-2-old", "acme/use-policy")
TERMS = ("zenith/terms", "zenith/unread")


def found(text: str, as_of: date | None = None) -> Scope:
    return FINDER.find(text, TODAY, as_of)


@pytest.mark.parametrize(
    "text",
    [
        "rocket 2",
        "Rocket-2",
        "rocket2 for us",
        "ROCKET\u00a02",
        "Rocket 2.0?",
        "rocket v2",
        "rocket-2 70b instruct",
        "can our rocket 2's outputs be sold",
        "the Rocket 2 Licence Agreement",
        "rocket 2 license",
        "scout",
        "Rocket-2.5-Scout",
        "acme/rocket-2",
        "acme-rocket-2-2025",
    ],
)
def test_a_name_is_found_however_it_is_written(text: str) -> None:
    assert found(text).sources == ROCKET_2


def test_the_longest_name_wins() -> None:
    assert found("rocket 2.5 scout").cards == ("rocket-2",)
    assert found("rocket 2").cards == ("rocket-2",)
    assert found("rocket 1 7b").sources == ROCKET_1


@pytest.mark.parametrize("text", ["rokcet 2", "rockett 2", "roket 2", "socket 2 or rockte 2"])
def test_a_slip_in_a_name_is_forgiven(text: str) -> None:
    assert found(text).sources == ROCKET_2


@pytest.mark.parametrize(
    "text",
    [
        "which clause grants us a licence for an open model",
        "can a meat producer use general models",
        "pocket money",
        "the market rockets",
        " ".join(sorted(ORDINARY_WORDS)),
        "never apply minimal pressure",
    ],
)
def test_an_ordinary_word_never_becomes_a_name(text: str) -> None:
    scope = found(text.replace("rockets", "rises"))
    assert (scope.sources, scope.elsewhere, scope.unknown) == ((), (), ())


def test_one_letter_exchanged_is_too_daring_for_a_name_of_one_word() -> None:
    assert found("is kestral covered").elsewhere == ()
    assert found("is kestrl covered").elsewhere != ()


def test_a_name_does_not_reach_over_the_end_of_a_sentence() -> None:
    assert found("We like Rocket. 2 of us asked.").cards == ("rocket-2", "rocket-1")


@pytest.mark.parametrize("text", ["rocket 3", "Rocket-9", "rocket v7 terms", "rokcet 4"])
def test_a_version_that_nobody_declared_is_unknown_and_no_family(text: str) -> None:
    scope = found(text)
    assert scope.sources == ()
    assert len(scope.unknown) == 1


@pytest.mark.parametrize("text", ["rocket 13b", "rocket 3 million users", "rocket 100 users"])
def test_a_size_or_a_count_is_no_version(text: str) -> None:
    scope = found(text)
    assert scope.unknown == ()
    assert scope.cards == ("rocket-2", "rocket-1")


def test_another_number_of_a_hosted_service_is_under_the_same_terms() -> None:
    assert found("zenith 9 chat").unknown == ()


def test_two_things_named_are_two_sides_in_the_order_of_the_question() -> None:
    assert found("zenith chat vs rocket 2").sides == (TERMS, ROCKET_2)
    assert found("rocket 1 or 2, which is stricter?").sides == (ROCKET_1, ROCKET_2)


def test_one_thing_named_twice_is_one_side() -> None:
    assert found("rocket 2 and again Rocket-2 (scout)").sides == (ROCKET_2,)


def test_a_vendor_beside_its_model_only_says_more_about_it() -> None:
    scope = found("does Acme let us sell rocket 2?")
    assert scope.sources == ROCKET_2
    assert "acme" in scope.vendors


def test_a_vendor_alone_means_all_its_documents_that_stand() -> None:
    assert set(found("acme labs").sources) == {*ROCKET_2, *ROCKET_1}


def test_a_family_means_all_its_cards() -> None:
    assert set(found("which rocket").sources) == {*ROCKET_2, *ROCKET_1}


def test_a_product_that_is_not_covered_is_named() -> None:
    assert found("kestrel").elsewhere == ("Kestrel",)
    assert found("Kestrel-Pro output").elsewhere == ("“kestrel-pro” (Kestrel)",)


def test_a_product_that_is_not_covered_does_not_fall_to_its_vendor() -> None:
    scope = found("does acme cloud read our files? Acme says no")
    assert scope.sources == ()
    assert scope.elsewhere == ("Acme Cloud",)


def test_covered_and_not_covered_are_both_told() -> None:
    scope = found("rocket 2 or kestrel?")
    assert (scope.sources, scope.elsewhere) == (ROCKET_2, ("Kestrel",))


@pytest.mark.parametrize("text", ["the old rocket licence", "acme/rocket-2-old"])
def test_a_superseded_text_is_meant_by_its_own_name(text: str) -> None:
    assert found(text).sources == OLD


@pytest.mark.parametrize(
    "text", ["rocket 2 terms of april 2024", "rocket 2 on 2024-04-01", "the 2024 rocket 2 licence"]
)
def test_a_date_replaces_a_text_by_its_version_of_then(text: str) -> None:
    assert found(text).sources == DATED


def test_a_date_that_no_version_has_changes_nothing() -> None:
    assert found("rocket 2 in june 2021").sources == ROCKET_2
    assert found("we signed rocket 2 for 2024 users").sources == ROCKET_2
    assert found("rocket 2 in our aprons of 2024, apricot 2024").sources == ROCKET_2


def test_two_dates_compare_two_versions() -> None:
    finder = found("what changed in rocket 2 between april 2024 and the 2025 licence?")
    assert finder.sides == (DATED, ROCKET_2)


def test_the_rest_is_the_question_without_names_and_dates() -> None:
    scope = found("Can the Rocket 2 licence of April 2024 be revoked?")
    assert scope.rest == "can the license of be revoked?".replace("license", "licence")


def test_nobody_named_is_an_empty_scope() -> None:
    scope = found("how long is a piece of string")
    assert scope.sources == ()
    assert scope.rest == "how long is a piece of string"


def test_forty_thousand_characters_are_read_to_the_end() -> None:
    filler = "we want meat and grand openings from rokcet- and llamma3 " * 700
    assert found(filler + " zenith chat").sides[-1] == TERMS
    assert found("rocket-" * 6_000).cards == ("rocket-2", "rocket-1")


@given(st.text(max_size=300))
def test_any_text_has_a_scope_within_the_manifest(text: str) -> None:
    scope = found(text)
    assert set(scope.sources) <= MANIFEST.sources.keys()
    assert {id for side in scope.sides for id in side} == set(scope.sources)
