"""What counts as a question, and what was typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.escape import escape
from bot.listeners.incoming import question, spoken

BODY = {
    "event_id": "Ev1",
    "team_id": "T1",
    "event": {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "1.2", "text": "hello"},
}


@given(st.text())
def test_what_slack_escapes_is_read_back(typed: str) -> None:
    assert spoken(escape(typed)) == typed.strip()


@given(st.text(st.sampled_from("<>@!#|&;ltamp x")))
def test_anything_is_read_without_an_error(text: str) -> None:
    assert isinstance(spoken(text), str)


def test_a_question_is_kept_with_no_more_than_answering_needs() -> None:
    asked = question(BODY)
    assert asked is not None
    assert asked.payload == {"text": "hello", "thread": "1.2"}
    assert (asked.event_id, asked.team, asked.channel, asked.ts) == ("Ev1", "T1", "C1", "1.2")


def test_a_message_without_a_text_is_a_bare_one() -> None:
    event = {**BODY["event"], "text": None}  # type: ignore[dict-item]
    asked = question({**BODY, "event": event})
    assert asked is not None
    assert asked.payload["text"] == ""
