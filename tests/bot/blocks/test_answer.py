"""An answer as a message."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks.answer import answer_message
from bot.blocks.message import Message
from bot.domain import AnswerStatus, Citation, Verdict
from bot.wording import DISCLAIMER, dated
from tests.scenarios.block_validator import problems
from tests.scenarios.canned import QUOTE, VERSION, answer, citation

LONG = "The licensee shall not, whatever it is called, do this without a contract. " * 200


def words(message: Message) -> str:
    """Every word that is seen, block after block."""
    return "\n".join(_words(block) for block in message.blocks)


def _words(element: object) -> str:
    if isinstance(element, list):
        return "".join(_words(each) for each in element)
    if not isinstance(element, dict):
        return ""
    text = element.get("text", "")
    return (text if isinstance(text, str) else _words(text)) + _words(element.get("elements"))


def addresses(message: Message) -> list[str]:
    """Every link, in order."""
    parts = [p for b in message.blocks if b["type"] == "rich_text" for p in b["elements"]]
    lines = [
        line
        for part in parts
        for line in (part["elements"] if part["type"] == "rich_text_list" else [part])
    ]
    return [each["url"] for line in lines for each in line["elements"] if each["type"] == "link"]


def sent(message: Message) -> dict[str, object]:
    return {"text": message.text, "blocks": list(message.blocks)}


def test_the_answer_comes_first_and_the_clause_with_all_that_identifies_it() -> None:
    message = answer_message(answer())
    assert problems(sent(message)) == []
    shown = words(message)
    assert shown.startswith("It depends. You need a contract")
    assert "[1] Acme · Acme Model Licence · 2. Size (version 2, published 5 April 2025)" in shown
    assert QUOTE in shown
    assert addresses(message) == ["https://acme.example/licence"]
    assert "Text from Pretend Licence Collection, CC-BY-4.0" in shown
    assert shown.endswith(DISCLAIMER)


def test_the_text_says_the_same_by_itself() -> None:
    text = answer_message(answer(notices=("An older version was in force until May.",))).text
    for part in ("It depends.", "[1] Acme", QUOTE, "older version", DISCLAIMER):
        assert part in text


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.YES, "Yes. "),
        (Verdict.NO, "No. "),
        (Verdict.UNCLEAR, "No clear yes or no. "),
        (None, "You "),
    ],
)
def test_a_verdict_is_said_first(verdict: Verdict | None, said: str) -> None:
    message = answer_message(answer(verdict=verdict))
    assert words(message).startswith(said)
    assert message.text.startswith(said)


def test_a_word_of_courtesy_disclaims_nothing() -> None:
    told = replace(
        answer(text="You’re welcome.", verdict=None, status=AnswerStatus.COURTESY), citations=()
    )
    message = answer_message(told)
    assert problems(sent(message)) == []
    assert (words(message), message.text) == ("You’re welcome.", "You’re welcome.")


def test_citations_are_numbered_in_order() -> None:
    message = answer_message(answer("?", citation(clause="1"), citation(clause="7")))
    shown = words(message)
    assert shown.index("[1] Acme · Acme Model Licence · 1") < shown.index("[2] Acme")
    assert "Licence · 7" in shown[shown.index("[2]") :]


def test_notices_are_shown_before_the_citations() -> None:
    shown = words(answer_message(answer(notices=("Superseded in May.",))))
    assert shown.index("Superseded in May.") < shown.index("[1] Acme")


def test_the_archived_clause_is_linked_where_there_is_one() -> None:
    cited = citation(proof="https://bot.example/c/1", url="https://acme.example/l|x")
    assert addresses(answer_message(answer("?", cited))) == [
        "https://acme.example/l%7Cx",
        "https://bot.example/c/1",
    ]


@pytest.mark.parametrize("url", ["", "http://acme.example", "javascript:alert(1)", "not one"])
def test_what_is_no_web_address_is_not_linked(url: str) -> None:
    message = answer_message(answer("?", citation(url=url)))
    assert addresses(message) == []
    assert problems(sent(message)) == []


@pytest.mark.parametrize(
    ("published", "effective", "said"),
    [
        (date(2025, 4, 5), date(2025, 5, 1), "version 2, published 5 April 2025"),
        (None, date(2025, 5, 1), "version 2, effective 1 May 2025"),
        (None, None, "version 2, as seen on 1 November 2026"),
    ],
)
def test_a_version_is_dated_by_the_best_date(
    published: date | None, effective: date | None, said: str
) -> None:
    assert dated(replace(VERSION, published=published, effective=effective)) == said


def test_an_over_long_quote_loses_its_middle_and_says_where_all_of_it_is() -> None:
    message = answer_message(answer("?", citation(LONG)))
    shown = words(message)
    assert " … " in shown
    assert "Shortened; full clause: vendor's page" in shown
    assert shown.count("without a contract.") > 1
    assert problems(sent(message)) == []


def test_many_long_citations_are_all_kept_and_shortened() -> None:
    cited = [citation(LONG, clause=f"{number}. Clause") for number in range(1, 11)]
    message = answer_message(answer("?", *cited))
    assert problems(sent(message)) == []
    shown = words(message)
    for number in range(1, 11):
        assert f"[{number}] Acme · Acme Model Licence · {number}. Clause" in shown
    assert len(addresses(message)) == 10
    assert shown.endswith(DISCLAIMER)


def test_citations_that_no_message_could_hold_are_counted() -> None:
    cited = [citation(LONG)] * 80
    message = answer_message(answer("?", *cited))
    assert problems(sent(message)) == []
    assert "more citations did not fit into one message." in words(message)
    assert words(message).endswith(DISCLAIMER)


def test_an_answer_without_citations_is_still_a_message() -> None:
    message = answer_message(replace(answer(), citations=(), verdict=None, text="Not covered."))
    assert problems(sent(message)) == []
    assert words(message).startswith("Not covered.")


_TEXTS = st.one_of(
    st.text(max_size=300),
    st.text(st.sampled_from("<>&|*_~`@!# \n:x"), max_size=300),
    st.sampled_from(["<!channel>", "<@U1>", LONG, "\x00\x1b[31m", "|" * 500, "条款" * 900]),
)
_CITATIONS = st.builds(
    Citation,
    source=st.just("acme/x"),
    title=_TEXTS,
    vendor=_TEXTS,
    clause=_TEXTS,
    quote=_TEXTS,
    version=st.just(replace(VERSION, fetched=datetime(2026, 1, 1, tzinfo=UTC))),
    url=st.one_of(_TEXTS, st.just("https://acme.example/" + "x" * 200)),
    proof=_TEXTS,
    attribution=_TEXTS,
)


@settings(max_examples=150, deadline=None)
@given(
    text=_TEXTS,
    verdict=st.one_of(st.none(), st.sampled_from(Verdict)),
    citations=st.lists(_CITATIONS, max_size=12),
    notices=st.lists(_TEXTS, max_size=12),
)
def test_whatever_is_answered_slack_takes_and_the_end_is_there(
    text: str, verdict: Verdict | None, citations: list[Citation], notices: list[str]
) -> None:
    told = replace(
        answer(text=text, verdict=verdict, notices=tuple(notices)), citations=tuple(citations)
    )
    message = answer_message(told)
    assert problems(sent(message)) == []
    assert DISCLAIMER in json.dumps(message.blocks[-1])
    assert message.text.endswith(DISCLAIMER)
