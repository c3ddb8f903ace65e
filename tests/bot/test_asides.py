"""What people say in a thread that asks for nothing new."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asides import Aside, aside_in

SAID = {
    Aside.QUOTE: [
        "quote it in full", "can you quote that bit in full?", "and that one in full please",
        "the exact wording?", "show me the clause", "verbatim pls", "word for word", "why?",
        "what does that mean?",
        "quoet it in full", "what does it say exactly", "Quote the whole clause!",
    ],
    Aside.SINCE: [
        "since when?", "since when is that", "sinse when", "when was that published?",
        "how long has that been there", "how old is this", "is that up to date?",
        "which version is that", "when did that change?", "and from when?",
        "did that change?",
        "is it still in force?",
    ],
    Aside.SOURCE: [
        "who says that", "who says that?", "says who?", "source?", "sources pls", "souce?",
        "where does it say that", "which clause is that", "which document?", "link?",
        "are you sure?", "really?", "where did you get that from", "what section",
    ],
    Aside.THANKS: [
        "thanks", "thx a lot", "ok thank you", "Thanks!!", "thansk", "cheers", "ok",
        "great, thanks", "got it", "makes sense", "perfect, thank you very much",
        "thank you?",
    ],
}  # fmt: skip
ASKED = [
    "since when must we show the name?",
    "when does it expire?",
    "how long is the license valid",
    "is it open source?",
    "which clause forbids resale",
    "where can we be sued?",
    "can you quote the indemnity clause in full",
    "and the quota?",
    "so it's ok?",
    "is that ok?",
    "thanks! and rocket 1?",
    "ok and for outputs?",
    "who owns the output",
    "what does it cost",
    "who says so in court",
    "and the course material?",
    "",
    "?!",
    "👍",
]


@pytest.mark.parametrize(
    ("said", "wanted"), [(said, aside) for aside, all_ in SAID.items() for said in all_]
)
def test_what_is_wanted_of_the_last_answer_is_understood(said: str, wanted: Aside) -> None:
    assert aside_in(said) is wanted


@pytest.mark.parametrize("asked", ASKED)
def test_a_question_of_its_own_is_none_of_these(asked: str) -> None:
    assert aside_in(asked) is None


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    aside_in(text)


@given(st.sampled_from([*SAID[Aside.QUOTE], *SAID[Aside.SINCE], *SAID[Aside.SOURCE]]), st.data())
def test_another_word_makes_it_another_question(said: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(["weapons", "indemnity", "outputs", "germany", "patents"]))
    assert aside_in(f"{said} {word}") is None
