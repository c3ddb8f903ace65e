"""What a reply says, however it is cut into pieces and whatever it is made of."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Claim, Quote, Verdict
from bot.drafting import LONGEST_CLAIM, LONGEST_QUOTE, MOST_CLAIMS, ReplyReader

LOST = Claim("", ())
GOOD = {"text": "It is so.", "quotes": [{"passage": 3, "quote": "so it is, {in} [any] “case”\n"}]}
SAID = Claim("It is so.", (Quote(3, "so it is, {in} [any] “case”\n"),))


def read(*pieces: str) -> tuple[ReplyReader, list[Claim]]:
    """The reader after all pieces, and the claims that came; ``complete`` is False on an error."""
    reader = ReplyReader()
    claims: list[Claim] = []
    try:
        for piece in pieces:
            claims.extend(reader.read(piece))
            if reader.complete:
                break
    except ValueError:
        reader.complete = False
    return reader, claims


def reply(*claims: object, **more: Any) -> str:
    return json.dumps({"settled": True, "verdict": "no", **more, "claims": list(claims)})


def outcome(*pieces: str) -> tuple[object, ...]:
    reader, claims = read(*pieces)
    return claims, reader.verdict, reader.settled, reader.complete


def test_a_sound_reply_is_read() -> None:
    assert outcome(reply(GOOD, GOOD)) == ([SAID, SAID], Verdict.NO, True, True)


def test_a_claim_is_there_with_its_last_bracket() -> None:
    whole = reply(GOOD)
    end = whole.index("}]}") + 3
    assert read(whole[: end - 1])[1] == []
    assert read(whole[:end])[1] == [SAID]


@pytest.mark.parametrize("indent", [None, 0, 4])
def test_white_space_between_means_nothing(indent: int | None) -> None:
    said = json.dumps({"claims": [GOOD, GOOD], "settled": True}, indent=indent)
    assert read(said)[1] == [SAID, SAID]


def test_members_may_come_in_any_order_and_others_are_ignored() -> None:
    said = json.dumps({"claims": [GOOD], "notes": {"a": [1, {"claims": []}]}, "verdict": "yes"})
    assert outcome(said) == ([SAID], Verdict.YES, True, True)


@pytest.mark.parametrize(
    "odd",
    [
        *(None, 7, "text", [], {}, {"text": "x"}, {"text": "x", "quotes": 1}),
        *({"text": " ", "quotes": []}, {"text": "x" * (LONGEST_CLAIM + 1), "quotes": []}),
    ],
)
def test_a_claim_of_another_shape_is_lost_and_counts(odd: object) -> None:
    assert read(reply(GOOD, odd, GOOD))[1] == [SAID, LOST, SAID]


@pytest.mark.parametrize("number", ["1", True, 1.0, None, [1], {}])
def test_a_quote_names_its_passage_by_a_whole_number(number: object) -> None:
    odd = {"text": "It is so.", "quotes": [{"passage": number, "quote": "so it is"}]}
    assert read(reply(odd))[1] == [Claim("It is so.", ())]


def test_a_quote_longer_than_anybody_reads_is_left_out() -> None:
    odd = {"text": "It is so.", "quotes": [{"passage": 1, "quote": "x" * (LONGEST_QUOTE + 1)}]}
    assert read(reply(odd))[1] == [Claim("It is so.", ())]


def test_no_more_claims_are_read_than_anybody_wants() -> None:
    reader, claims = read(reply(*[GOOD] * 1_000) + "[" * 1_000)
    assert (len(claims), reader.complete) == (MOST_CLAIMS, True)


def test_no_more_than_a_few_quotes_of_a_claim_are_read() -> None:
    (found,) = read(reply({**GOOD, "quotes": GOOD["quotes"] * 1_000}))[1]  # type: ignore[operator]
    assert len(found.quotes) < 10


@pytest.mark.parametrize(
    "odd",
    [
        *(
            "",
            "no",
            "[1, 2]",
            '{"a": 1}',
            '{"claims": 5}',
            '{"settled": true}',
            '{"claims": [',
            "{",
        ),
        *("{" * 10_000, "[" * 10_000, '{"claims":' * 10_000, '{"claims":[' * 10_000),
    ],
    ids=lambda each: each[:12],
)
def test_what_is_no_reply_is_never_complete(odd: str) -> None:
    assert outcome(odd) == ([], None, True, False)


@pytest.mark.parametrize("number", ["9" * 5_000, "1e999", "NaN", "-Infinity", "0x1", "01"])
def test_odd_numbers_prove_nothing(number: str) -> None:
    said = reply(GOOD).replace('"passage": 3', f'"passage": {number}')
    assert [each.quotes for each in read(said)[1]] == [()]


junk = st.text(st.sampled_from('{}[]":,\\ ab1é\n\ud83e'), max_size=40)
parts = st.one_of(junk, st.sampled_from([json.dumps(GOOD), reply(GOOD), '{"claims": [', '"', "]}"]))


@st.composite
def cut(draw: st.DrawFn) -> list[str]:
    """A reply with anything in it, cut into pieces of any size."""
    whole = "".join(draw(st.lists(parts, max_size=6)))
    places = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=12)))
    return [whole[a:b] for a, b in zip([0, *places], [*places, len(whole)], strict=True)]


@given(cut())
def test_how_a_reply_is_cut_makes_no_difference(pieces: list[str]) -> None:
    whole = "".join(pieces)
    assert outcome(*pieces) == outcome(whole) == outcome(*whole)


@given(junk, st.lists(st.just(GOOD), max_size=3), junk)
def test_words_around_a_reply_do_no_harm(before: str, claims: list[object], after: str) -> None:
    assert outcome(before, reply(*claims), after) == ([SAID] * len(claims), Verdict.NO, True, True)
