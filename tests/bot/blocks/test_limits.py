"""Texts are made to fit without losing their end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import limits
from bot.blocks.limits import ELLIPSIS, clip, cut_middle, fitted
from bot.blocks.message import Message
from tests.scenarios import block_validator as slack

SENTENCE = "You may use the model if you name Acme, and if you stay below forty thousand users."


@given(st.text(), st.integers(20, 200))
def test_a_cut_text_has_room_and_keeps_both_ends(text: str, limit: int) -> None:
    cut = cut_middle(text, limit)
    assert len(cut) <= limit
    if cut != text:
        start, _, end = cut.partition(ELLIPSIS)
        assert text.startswith(start)
        assert text.endswith(end)
        assert start or end


@given(st.text(), st.integers(1, 100))
def test_a_clipped_text_has_room(text: str, limit: int) -> None:
    assert len(clip(text, limit)) <= limit


def test_a_text_that_fits_is_left_alone() -> None:
    assert cut_middle(SENTENCE, len(SENTENCE)) == SENTENCE
    assert clip(SENTENCE, len(SENTENCE)) == SENTENCE


def test_words_stay_whole() -> None:
    assert cut_middle(SENTENCE, 60) == "You may use the model if you name … thousand users."


def test_quotes_are_shortened_before_citations_are_left_out() -> None:
    def build(shown: int, longest: int) -> Message:
        tried.append((shown, longest))
        return Message("x", ({"text": "x" * (shown * longest + 5000 * (shown > 2))},))

    tried: list[tuple[int, int]] = []
    fitted(build, 3)
    lengths = [longest for shown, longest in tried if shown == 3]
    assert lengths == sorted(lengths, reverse=True)
    assert tried[-1][0] == 3


def test_citations_are_left_out_where_nothing_else_helps() -> None:
    message = fitted(lambda shown, _: Message("x", ({"n": shown, "text": "x" * 5000 * shown},)), 9)
    assert message.blocks[0]["n"] == 2


def test_our_limits_are_within_slacks() -> None:
    assert limits.BLOCKS <= slack.BLOCKS
    assert limits.BLOCK_CHARACTERS < slack.MESSAGE
    assert limits.HEADER <= slack.HEADER
    assert limits.CONTEXT_ELEMENTS <= slack.CONTEXT
    assert limits.PARAGRAPH <= slack.SECTION
    assert limits.ADDRESS <= slack.URL
