"""A licence as a message."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks.license import license_message, looking_up, unknown, usage
from bot.blocks.message import Message
from bot.blocks.replies import apology, how_to, refusal
from bot.domain import DecisiveClause
from bot.wording import DISCLAIMER
from tests.bot.blocks.test_answer import LONG, addresses, sent, words
from tests.scenarios.block_validator import problems
from tests.scenarios.canned import QUOTE, citation, license_view


def test_it_shows_identity_version_date_address_and_decisive_clauses() -> None:
    message = license_message(license_view(), "acme 1")
    assert problems(sent(message)) == []
    shown = words(message)
    for part in (
        "You asked for “acme 1”.",
        "Acme Model Licence 1",
        "Acme; covers Acme 1, Acme 1 Mini",
        "version 2, published 5 April 2025, sha256 5f5f5f5f5f5f",
        "Acme also publishes a use policy.",
        "Number of users: Acme · Acme Model Licence · 2. Size",
        QUOTE,
        "Text from Pretend Licence Collection, CC-BY-4.0",
    ):
        assert part in shown
    assert shown.endswith(DISCLAIMER)
    assert addresses(message) == ["https://acme.example/licence"] * 2


def test_the_text_says_the_same_by_itself() -> None:
    text = license_message(license_view(), "acme 1").text
    for part in ("“acme 1”", "Acme Model Licence 1", "5 April 2025", "Number of users:", QUOTE):
        assert part in text


def test_a_document_that_was_not_read_says_so() -> None:
    view = license_view()
    unread = replace(view.documents[0], version=None)
    assert "not read yet" in words(license_message(replace(view, documents=(unread,)), "acme"))


def test_an_attribution_is_owed_once() -> None:
    assert words(license_message(license_view(), "acme 1")).count("Text from") == 1


def test_a_licence_of_many_long_clauses_is_still_one_message() -> None:
    clause = DecisiveClause("Number of users", citation(LONG))
    view = license_view()
    crowded = replace(view, documents=view.documents * 30, clauses=(clause,) * 30)
    message = license_message(crowded, "acme 1")
    assert problems(sent(message)) == []
    assert "18 more documents did not fit into one message." in words(message)
    assert words(message).endswith(DISCLAIMER)


_TEXTS = st.one_of(
    st.text(max_size=300), st.sampled_from(["<!channel>", LONG, "\x00", "", " ", "*_~`" * 200])
)


@settings(max_examples=100, deadline=None)
@given(
    asked=_TEXTS,
    title=_TEXTS,
    vendor=_TEXTS,
    models=st.lists(_TEXTS, max_size=30),
    labels=st.lists(_TEXTS, max_size=8),
    notices=st.lists(_TEXTS, max_size=12),
)
def test_whatever_a_licence_is_called_slack_takes_it(
    asked: str,
    title: str,
    vendor: str,
    models: list[str],
    labels: list[str],
    notices: list[str],
) -> None:
    view = license_view(
        title=title,
        vendor=vendor,
        models=tuple(models),
        clauses=tuple(DecisiveClause(label, citation()) for label in labels),
        notices=tuple(notices),
    )
    message = license_message(view, asked)
    assert problems(sent(message)) == []
    assert message.text.endswith(DISCLAIMER)


@settings(max_examples=100, deadline=None)
@given(asked=_TEXTS, sentence=_TEXTS, suggestions=st.lists(_TEXTS, max_size=8))
def test_whatever_is_not_known_slack_takes_it(
    asked: str, sentence: str, suggestions: list[str]
) -> None:
    for message in (unknown(asked, sentence, tuple(suggestions)), looking_up(asked)):
        assert problems(sent(message)) == []


def test_the_short_replies_are_messages() -> None:
    replies: tuple[Message, ...] = (usage(), how_to(), apology("5f"), refusal("Why <not>?"))
    for message in replies:
        assert problems(sent(message)) == []


def test_suggestions_are_commands_to_type() -> None:
    shown = words(unknown("lama", "No licence is called “lama”.", ("llama 4", "llama 3")))
    assert "/license llama 4\n/license llama 3" in shown
