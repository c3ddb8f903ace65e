"""Whatever ``/license`` comes to, as messages and forms that Slack takes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks import modal
from bot.blocks.checked import check_message
from bot.blocks.interactive import OPEN, SHARE
from bot.blocks.license import listing, looking_up, shown_message, unknown, usage, watched
from bot.blocks.message import Message
from bot.blocks.modal import Origin
from bot.blocks.replies import apology, how_to, refusal
from bot.cards.licenses import Licenses
from bot.cards.views import (
    CardView,
    Check,
    Comparison,
    DecisiveClause,
    DocumentHistory,
    Duty,
    EditionView,
    History,
    Line,
    Obligations,
    Row,
    SectionView,
    VersionView,
)
from bot.domain import FactView
from bot.wording import DISCLAIMER
from ingest.fields import Ruling
from ingest.proof import FactStatus
from tests.bot.blocks.test_answer import LONG, addresses, sent, words
from tests.bot.pretend_facts import FIELDS, licenses
from tests.bot.pretend_library import archived
from tests.scenarios.block_validator import problems, view_problems
from tests.scenarios.canned import VERSION, citation


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Licenses:
    return licenses(archived(tmp_path_factory.mktemp("archive"))[0])


def message_of(known: Licenses, request: str) -> Message:
    return shown_message(known.answer(request), request, FIELDS)


def pressed(message: Message, label: str) -> str:
    """The value of the button of that label."""
    (found,) = [
        element["value"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button" and element["text"]["text"].startswith(label)
    ]
    return str(found)


REQUESTS = (
    *("rocket-2", "rocket-2 openness", "rocket-2 what you must do", "rocket-1", "zenith-chat"),
    *("list", "help", "compare rocket-2 zenith-chat", "check rocket-2 --use sell it, bananas"),
    *("obligations rocket-2", "obligations zenith-chat", "history rocket-2"),
)


@pytest.mark.parametrize("request_", REQUESTS)
def test_everything_that_is_shown_is_a_message(known: Licenses, request_: str) -> None:
    message = message_of(known, request_)
    assert problems(sent(message)) == []


def test_a_card_begins_with_documents_and_headlines(known: Licenses) -> None:
    message = message_of(known, "rocket-2")
    shown = words(message)
    for part in (
        "You asked for “rocket-2”.",
        "Rocket 2 Licence Agreement",
        "Acme; covers Rocket 2, Rocket 2.5 Scout",
        "version 1, published 4 May 2025, sha256",
        "Commercial use: permitted on conditions.",
        "Above 40 million monthly users you need a contract with Acme.",
        "[2. Large products]",
    ):
        assert part in shown
    assert "The law of Islay" not in shown  # no headline: a section has it
    assert "https://acme.example/rocket-2" in addresses(message)
    assert shown.endswith(DISCLAIMER)


def test_the_text_says_the_same_by_itself(known: Licenses) -> None:
    text = message_of(known, "rocket-2").text
    for part in ("“rocket-2”", "Rocket 2 Licence Agreement", "4 May 2025", "Above 40 million"):
        assert part in text


def test_a_section_quotes_its_clauses_each_once(known: Licenses) -> None:
    message = message_of(known, "rocket-2 thresholds")
    shown = words(message)
    assert shown.count("2. Large products. If more than 40 million monthly active users") == 1
    assert "The month before the release counts." in shown


def test_openness_is_a_table(known: Licenses) -> None:
    message = message_of(known, "rocket-2 openness")
    (table,) = [each for each in message.blocks if each["type"] == "table"]
    cells = json.dumps(table, ensure_ascii=False)
    assert len(table["rows"]) == 3
    assert "Training data" in cells
    assert "unknown" in cells


def test_every_button_leads_to_a_request_that_is_met(known: Licenses) -> None:
    for request in REQUESTS:
        for block in message_of(known, request).blocks:
            if block["type"] != "actions":
                continue
            for element in block["elements"]:
                action = element["action_id"]
                if action.startswith(OPEN) or action == SHARE:
                    values = [element.get("value")] + [
                        each["value"] for each in element.get("options", [])
                    ]
                    for value in filter(None, values):
                        assert known.answer(value), value


def test_a_comparison_is_one_table_with_what_differs_first(known: Licenses) -> None:
    message = message_of(known, "compare rocket-2 zenith-chat")
    (table,) = [each for each in message.blocks if each["type"] == "table"]
    head = json.dumps(table["rows"][0], ensure_ascii=False)
    assert "Rocket 2 Licence Agreement" in head
    assert "Zenith Chat Terms" in head
    marks = [row[0]["text"].startswith("≠") for row in table["rows"][1:]]
    assert marks == sorted(marks, reverse=True)
    assert any(marks)


def test_what_did_not_fit_into_a_table_is_had_by_pressing() -> None:
    rows = tuple(
        Row(
            "commercial-use", f"Line {place}", "grant", ((fact(LONG),), (fact(LONG),)), differs=True
        )
        for place in range(90)
    )
    view = Comparison((card(()), card(())), rows)
    message = shown_message(view, "compare a b", FIELDS)
    assert problems(sent(message)) == []
    more = pressed(message, "Show the other")
    start = int(more.removeprefix("compare a b --from "))
    rest = shown_message(replace(view, start=start), more, FIELDS)
    assert f"Line {start}" in json.dumps(rest.blocks)
    assert f"Line {start}" not in json.dumps(message.blocks)


def test_a_check_tells_ruling_lines_questions_and_duties(known: Licenses) -> None:
    shown = words(message_of(known, "check rocket-2 --use fine-tune it, sell it, bananas"))
    for part in (
        "Permitted on conditions: Rocket 2 Licence Agreement",
        "Understood: sell it; fine-tune it.",
        "Not understood, not weighed: bananas.",
        "To be answered",
        "To do (3)",
        "[1]",
    ):
        assert part in shown


def test_a_check_is_shared_without_the_words_it_was_typed_in(known: Licenses) -> None:
    message = message_of(known, "check rocket-2 --use sell it, our secret plan is bananas")
    request = pressed(message, "Share")
    assert "secret" not in request
    shared = message_of(known, request)
    assert "You asked for “check rocket-2”." in words(shared)
    assert "Permitted on conditions: Rocket 2" in words(shared)


def test_a_stale_fact_is_marked(known: Licenses) -> None:
    view = known.answer("rocket-2")
    assert isinstance(view, CardView)
    stale = replace(view.facts[0], status=FactStatus.STALE, why="Its clause was reworded.")
    message = shown_message(replace(view, facts=(stale,)), "rocket-2", FIELDS)
    assert "Not to be relied on: Its clause was reworded." in words(message)


def test_a_card_of_many_versions_lets_one_choose_a_day(known: Licenses) -> None:
    view = known.answer("rocket-2")
    assert isinstance(view, CardView)
    days = [date(2025, 1, 1) + timedelta(days=each) for each in range(120)]
    many = replace(view, editions=tuple(EditionView(n, day) for n, day in enumerate(days)))
    message = shown_message(many, "rocket-2", FIELDS)
    assert problems(sent(message)) == []
    assert "As of 1 January 2025" in json.dumps(message.blocks, ensure_ascii=False)


# Limits


_TEXTS = st.one_of(
    st.text(max_size=200), st.sampled_from(["<!channel>", LONG, "\x00", "", " ", "*_~`" * 200])
)


def fact(says: str = "It is so.", **changes: Any) -> FactView:
    values: dict[str, Any] = {
        "field": "commercial-use",
        "label": "Commercial use",
        "section": "grant",
        "value": "permitted",
        "wording": "permitted",
        "says": says,
        "status": FactStatus.CURRENT,
        "why": "",
        "citations": (citation(),),
    }
    return FactView(**{**values, **changes})


FACTS = st.builds(
    fact,
    says=_TEXTS,
    label=_TEXTS,
    wording=_TEXTS,
    why=_TEXTS,
    when=_TEXTS,
    section=st.sampled_from(["grant", "openness"]),
    status=st.sampled_from(FactStatus),
    applies_to=st.lists(_TEXTS, max_size=3).map(tuple),
    about=st.lists(_TEXTS, max_size=3).map(tuple),
    citations=st.lists(
        st.builds(citation, quote=_TEXTS, clause=_TEXTS, title=_TEXTS), max_size=3
    ).map(tuple),
)


def card(facts: tuple[FactView, ...], shown: str = "", title: str = "A Licence") -> CardView:
    return CardView(
        card="a-licence",
        title=title,
        vendor="Acme",
        models=("A",),
        plans=(),
        documents=(),
        facts=facts,
        sections=(SectionView("grant", "What you may do", len(facts)),),
        shown=shown,
    )


@settings(max_examples=60, deadline=None)
@given(
    asked=_TEXTS,
    title=_TEXTS,
    shown=st.sampled_from(["", "What you may do"]),
    facts=st.lists(FACTS, max_size=40).map(tuple),
    notices=st.lists(_TEXTS, max_size=12).map(tuple),
    labels=st.lists(_TEXTS, max_size=12),
)
def test_whatever_a_card_says_slack_takes_it(
    asked: str,
    title: str,
    shown: str,
    facts: tuple[FactView, ...],
    notices: tuple[str, ...],
    labels: list[str],
) -> None:
    clauses = tuple(DecisiveClause(label, citation()) for label in labels)
    view = replace(card(facts, shown, title), notices=notices, clauses=clauses)
    message = shown_message(view, asked, FIELDS)
    assert problems(sent(message)) == []
    assert message.text.endswith(DISCLAIMER)


@settings(max_examples=60, deadline=None)
@given(asked=_TEXTS, facts=st.lists(FACTS, max_size=60))
def test_whatever_is_compared_slack_takes_it(asked: str, facts: list[FactView]) -> None:
    rows = tuple(
        Row(each.field, each.label, each.section, ((each,), ()), differs=place % 2 == 0)
        for place, each in enumerate(facts)
    )
    both = (card(()), card((), title=LONG))
    message = shown_message(Comparison(both, rows, ("<!here>",)), asked, FIELDS)
    assert problems(sent(message)) == []


@settings(max_examples=60, deadline=None)
@given(
    asked=_TEXTS,
    use=_TEXTS,
    facts=st.lists(FACTS, max_size=40),
    told=st.lists(_TEXTS, max_size=10).map(tuple),
)
def test_whatever_a_check_comes_to_slack_takes_it(
    asked: str, use: str, facts: list[FactView], told: tuple[str, ...]
) -> None:
    view = Check(
        card="a-licence",
        title=use,
        use="{}",
        ruling=Ruling.UNCLEAR,
        lines=tuple(Line(each.label, Ruling.UNCLEAR, each.says, each) for each in facts),
        duties=tuple(Duty(each, each.when) for each in facts),
        questions=told,
        understood=told,
        ignored=told,
        notices=told,
    )
    message = check_message(view, asked)
    assert problems(sent(message)) == []
    assert view_problems(modal.outcome(Origin("a-licence", "https://x.example"), message)) == []


def test_no_duty_is_left_out_where_quotes_can_make_room() -> None:
    duties = tuple(Duty(fact(f"Duty number {place} must be done in full.")) for place in range(30))
    quoted = tuple(
        replace(each, fact=replace(each.fact, citations=(citation(LONG[:900] + str(place)),)))
        for place, each in enumerate(duties)
    )
    message = shown_message(Obligations("a", "A", quoted), "obligations a", FIELDS)
    assert problems(sent(message)) == []
    for place in range(30):
        assert f"Duty number {place} must be done in full." in words(message)
    assert "more clauses did not fit into one message" in words(message)


def test_of_too_many_lines_the_worst_are_shown_and_the_others_counted() -> None:
    lines = [Line(f"Deed {place}", Ruling.PERMITTED, "Fine.") for place in range(30)]
    lines.append(Line("The last deed", Ruling.NOT_PERMITTED, "Never."))
    asked = tuple(f"Question {place}?" for place in range(12))
    view = Check("a", "A", "{}", Ruling.NOT_PERMITTED, tuple(lines), (), asked, ())
    shown = words(check_message(view, "check a"))
    assert "The last deed" in shown
    assert "11 more lines did not fit into one message." in shown
    assert "4 more questions did not fit into one message." in shown


@settings(max_examples=60, deadline=None)
@given(asked=_TEXTS, facts=st.lists(FACTS, max_size=60))
def test_whatever_must_be_done_slack_takes_it(asked: str, facts: list[FactView]) -> None:
    view = Obligations("a", LONG, tuple(Duty(each, each.when) for each in facts))
    assert problems(sent(shown_message(view, asked, FIELDS))) == []


@settings(max_examples=40, deadline=None)
@given(
    titles=st.lists(_TEXTS, max_size=20),
    edits=st.lists(_TEXTS, max_size=6).map(tuple),
    versions=st.integers(0, 6),
)
def test_whatever_has_changed_slack_takes_it(
    titles: list[str], edits: tuple[str, ...], versions: int
) -> None:
    documents = tuple(
        DocumentHistory(
            "a/b", title, "https://a.example", (VersionView(VERSION, edits, 3),) * versions
        )
        for title in titles
    )
    message = shown_message(History("a", LONG, documents), "history a", FIELDS)
    assert problems(sent(message)) == []


@settings(max_examples=100, deadline=None)
@given(asked=_TEXTS, sentence=_TEXTS, suggestions=st.lists(_TEXTS, max_size=8))
def test_whatever_is_not_known_slack_takes_it(
    asked: str, sentence: str, suggestions: list[str]
) -> None:
    for message in (unknown(asked, sentence, tuple(suggestions)), looking_up(asked)):
        assert problems(sent(message)) == []


def test_the_short_replies_are_messages() -> None:
    replies: tuple[Message, ...] = (
        *(usage(), how_to(), apology("5f"), refusal("Why <not>?")),
        *(watched("A & <B>", True), watched("A", False), listing(["a"] * 2000)),
    )
    for message in replies:
        assert problems(sent(message)) == []


def test_suggestions_are_there_to_press_and_to_type() -> None:
    message = unknown("lama", "No licence is called “lama”.", ("llama-4", "llama-3"))
    assert "/license llama-4\n/license llama-3" in words(message)
    assert pressed(message, "llama-4") == "llama-4"


# The form


@pytest.mark.parametrize("plans", [[], ["Free", "Pro"]])
def test_the_form_is_one_that_slack_opens(plans: list[str]) -> None:
    form = modal.form(Origin("rocket-2", "https://x.example/1"), LONG, plans, FIELDS)
    assert view_problems(form) == []
    labels = [each["label"]["text"] for each in form["blocks"] if each["type"] == "input"]
    assert ("Plan" in labels) is bool(plans)
    assert Origin.decoded(form["private_metadata"]).card == "rocket-2"


def test_what_was_entered_is_read_back() -> None:
    def options(*values: str) -> dict[str, Any]:
        return {"value": {"selected_options": [{"value": each} for each in values]}}

    state = {
        "values": {
            "acts": options("sell", "host"),
            "home": options("eu"),
            "market": options(),
            "users": {"value": {"value": "2000000"}},
            "revenue": {"value": {"value": None}},
            "subjects": options("finance"),
            "plan": {"value": {"selected_option": {"value": "1"}}},
            "words": {"value": {"value": "for our clients"}},
        }
    }
    use, written = modal.entered(state, ["Free", "Pro"])
    assert (use.acts, use.home, use.subjects) == ({"sell", "host"}, {"eu"}, {"finance"})
    assert (use.users, use.revenue) == (2_000_000, None)
    assert written == "for our clients\nPro"


def test_an_empty_form_says_nothing() -> None:
    use, written = modal.entered({"values": {"words": {"value": {"value": None}}}}, [])
    assert (use.acts, use.users, written) == (frozenset(), None, "")
