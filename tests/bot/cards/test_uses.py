"""A use in people's words: acts, places, numbers, subjects, and what was not understood."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.uses import Use, UseReader, decoded, joined
from ingest.manifest import corpus_folder
from ingest.vocabulary import load_vocabulary
from tests.bot.pretend_facts import FIELDS

READER = UseReader(FIELDS)
REAL = load_vocabulary(corpus_folder()).facts
REAL_READER = UseReader(REAL)


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("fine-tune, sell", {"fine-tune", "sell"}),
        ("we finetuned it and ship it", {"fine-tune", "distribute"}),
        ("SaaS", {"host"}),
        ("outputs train our own model", {"train-on-outputs"}),
        ("sell it; no SaaS", {"sell"}),
        ("we will not ship it, but host it", {"host"}),
        ("without hosting", set()),
        ("bananas", set()),
    ],
)
def test_acts_are_known_by_their_words_and_denied_by_a_no(text: str, acts: set[str]) -> None:
    assert READER.read(text).acts == acts


def test_what_is_denied_is_kept_and_denial_wins() -> None:
    use = READER.read("ship it; but do not ship it")
    assert (use.acts, use.denied) == (frozenset(), {"distribute"})


@pytest.mark.parametrize(
    ("text", "home", "market"),
    [
        ("sell in the EU", set(), {"eu"}),
        ("we are based in Germany", {"eu"}, set()),
        ("a German startup", {"eu"}, set()),
        ("we are in Germany", {"eu"}, set()),
        ("we’re from France", {"eu"}, set()),
        ("we are selling in Germany", set(), {"eu"}),
        ("established in Norway and sell in the USA", {"eea"}, {"us"}),
        ("EU customers", set(), {"eu"}),
        ("sell to a company in France", set(), {"eu"}),
    ],
)
def test_where_the_company_is_and_where_it_sells_are_two_things(
    text: str, home: set[str], market: set[str]
) -> None:
    use = READER.read(text)
    assert (use.home, use.market) == (home, market)


@pytest.mark.parametrize(
    ("text", "users", "revenue", "per"),
    [
        ("2M users", 2_000_000, None, "year"),
        ("two million people", None, None, "year"),
        ("1,500,000 monthly active users", 1_500_000, None, "year"),
        ("users: 300k", 300_000, None, "year"),
        ("$5M revenue", None, 5_000_000, "year"),
        ("revenue of 20 million dollars a month", None, 20_000_000, "month"),
        ("70b model for 2M users", 2_000_000, None, "year"),
        ("5M users and $1M ARR", 5_000_000, 1_000_000, "year"),
        ("a 405b model", None, None, "year"),
        ("10k users in 2025, 2M users in 2027", 2_000_000, None, "year"),
    ],
)
def test_numbers_are_taken_for_what_they_count(
    text: str, users: int | None, revenue: int | None, per: str
) -> None:
    use = READER.read(text)
    expected = users if text != "two million people" else use.users
    assert (use.users, use.revenue, use.revenue_per) == (expected, revenue, per)


def test_subjects_are_known() -> None:
    assert READER.read("missiles and loans").subjects == {"weapons", "finance"}


@pytest.mark.parametrize(
    ("text", "ignored"),
    [
        ("grow bananas, sell it", ("grow bananas",)),
        ("sell it to hospitals", ("hospitals",)),
        ("sell it", ()),
        ("we want to sell it in the EU to 2M users", ()),
    ],
)
def test_what_was_not_understood_is_handed_back(text: str, ignored: tuple[str, ...]) -> None:
    assert READER.read(text).ignored == ignored


def test_a_use_is_read_back_as_it_was_encoded() -> None:
    use = READER.read(
        "sell it in the EU; no SaaS; 2M users; $3M revenue a month; loans; in a startup"
    )
    again = decoded(use.encoded(["Zenith Pro"]), FIELDS)
    assert again.named == "Zenith Pro"
    for field in (
        "acts",
        "denied",
        "subjects",
        "home",
        "market",
        "users",
        "revenue",
        "revenue_per",
    ):
        assert getattr(again, field) == getattr(use, field)


def test_ids_that_nobody_declared_are_dropped_from_an_encoded_use() -> None:
    made_up = json.dumps({"acts": ["sell", "<!channel>"], "users": "many", "home": ["mars"]})
    assert decoded(made_up, FIELDS) == Use(acts=frozenset({"sell"}))


@pytest.mark.parametrize(
    "typed",
    [
        '{"acts": 5}',
        '{"acts": [[]]}',
        '{"acts": null}',
        '{"users": true, "plans": 1}',
        "{",
        "{}",
        '{"a": ' + "[" * 3_900,
    ],
)
def test_a_use_of_another_shape_is_read_as_words_or_as_nothing(typed: str) -> None:
    try:
        use = decoded(typed, FIELDS)
    except ValueError:
        use = READER.read(typed)
    assert (use.acts, use.users) == (frozenset(), None)


def test_everything_that_can_be_said_fits_into_a_button() -> None:
    every = Use(
        acts=frozenset(REAL.acts),
        subjects=frozenset(REAL.subjects),
        home=frozenset(REAL.regions),
        market=frozenset(REAL.regions),
        users=10**10,
        revenue=10**12,
    )
    assert len(f"check deepseek-r1-distill-llama-70b --use {every.encoded()}") <= 2000


def test_two_uses_are_joined_and_the_larger_number_of_users_counts() -> None:
    both = joined(READER.read("sell it, 3M users"), READER.read("ship it, 2M users"))
    assert (both.acts, both.users) == ({"sell", "distribute"}, 3_000_000)


@given(st.text(max_size=3_000))
def test_any_text_is_read(text: str) -> None:
    use = REAL_READER.read(text)
    assert use.acts <= set(REAL.acts)
    assert not use.acts & use.denied
    assert decoded(use.encoded(), REAL).acts == use.acts


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        (
            "fine-tune, sell in the EU, 2M users, outputs train our own model",
            {"fine-tune", "sell", "train-on-outputs"},
        ),
        ("publish our fine-tune on Hugging Face", {"fine-tune", "distribute"}),
        ("chatbot on our website for paying customers", {"host", "sell"}),
        ("internal tool for our staff", {"use-internally"}),
        ("benchmark it against rivals and publish results", {"benchmark"}),
        ("summarise patient records", {"enter-health-data"}),
    ],
)
def test_the_vocabulary_knows_what_founders_say(text: str, acts: set[str]) -> None:
    assert REAL_READER.read(text).acts == acts
