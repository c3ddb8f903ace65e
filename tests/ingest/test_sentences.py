"""Where a long text is cut, and where it is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import cut, first_sentence_end, last_sentence

WORDS = st.lists(
    st.sampled_from(
        ["word ", "end. ", "Word ", "e.g. ", "part; ", "so, ", "x" * 60, "\n", "“Yes.” "]
    ),
    max_size=120,
).map("".join)


def pieces(text: str, size: int) -> list[str]:
    return [text[start:end] for start, end in cut(text, 0, len(text), size)]


def test_sentences_are_gathered_up_to_the_size() -> None:
    text = (
        "The first one is of this length. The second one is of this length. The third one too, yes."
    )
    assert pieces(text, 70) == [
        "The first one is of this length. The second one is of this length.",
        "The third one too, yes.",
    ]


def test_abbreviations_and_initials_end_no_sentence() -> None:
    text = (
        "The owner is Acme Inc. It is so, e.g. Here, under U.S. Law and that of others. And then."
    )
    assert pieces(text, 60)[0].endswith("and that of others.")


def test_a_short_title_is_not_cut_off_its_sentence() -> None:
    text = (
        "What goes before is settled and is done by now. (iv) Disputes. We settle them like this."
    )
    assert pieces(text, 60)[1].startswith("(iv) Disputes. We settle")


def test_a_sentence_that_is_far_too_long_is_cut_at_a_semicolon() -> None:
    text = "We say " + "one thing and " * 10 + "another; " + "and so on " * 30
    assert pieces(text, 200)[0].endswith("another;")


def test_the_last_sentence_is_what_leads_in() -> None:
    assert last_sentence("We care about this a great deal. You may not:") == "You may not:"
    assert last_sentence("You may not:") == "You may not:"


def test_the_first_sentence_ends_where_another_begins() -> None:
    text = "You pay. We serve you."
    assert first_sentence_end(text, 0, len(text)) == len("You pay. ")
    assert first_sentence_end(text, 0, len("You pay. ")) is None
    assert first_sentence_end(text, 9, len(text)) is None


@given(WORDS, st.integers(20, 200))
def test_pieces_cover_every_word_in_order_and_stay_small(text: str, size: int) -> None:
    found = pieces(text, size)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(piece == piece.strip() != "" for piece in found)
    assert all(len(piece) <= 2 * size for piece in found)
