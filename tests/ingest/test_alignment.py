"""Which clause of one version is which of the next."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from ingest.alignment import Pair, align
from ingest.clauses import split
from ingest.domain import Clause
from tests.ingest.test_clauses import TEXTS

TERMS = """\
# Acme Terms

1\\. Use. You may use the Service for your own business, as long as you keep to these terms.

2\\. Fees. You pay us every month, within 30 days after you have received our invoice.

3\\. Data. We never train any model on what you send to us, unless you have asked us to do so.

4\\. Law. The law of Acme holds for both of us, and its courts decide what we cannot settle.
"""


def told(before: str, after: str) -> list[str]:
    """One line for each pair: key before, key after, and what happened."""
    return [line(pair) for pair in align(split(before), split(after))]


def line(pair: Pair) -> str:
    if pair.before is None or pair.after is None:
        clause = pair.after or pair.before
        assert clause is not None
        assert pair.likeness == 0.0
        return f"{'+' if pair.before is None else '-'}{clause.key}"
    mark = "=" if pair.likeness == 1.0 else "~"
    return f"{pair.before.key}{mark}{pair.after.key}"


def test_a_version_that_says_the_same_has_nothing_but_equals() -> None:
    noisy = TERMS.replace("\\.", ".").replace("Service", "**Service**").replace("30", "30\u2060")
    assert told(TERMS, noisy) == ["1=1", "2=2", "3=3", "4=4"]


def test_a_clause_in_which_a_word_moved_is_reworded() -> None:
    after = TERMS.replace("30 days", "14 days").replace("We never train", "We may train")
    assert told(TERMS, after) == ["1=1", "2~2", "3~3", "4=4"]


def test_likeness_tells_how_much_moved() -> None:
    little = align(split(TERMS), split(TERMS.replace("30 days", "14 days")))[1]
    much = align(split(TERMS), split(TERMS.replace("within 30 days after", "in advance when")))[1]
    assert 0.5 < much.likeness < little.likeness < 1.0


def test_an_added_clause_renumbers_the_rest_without_rewording_it() -> None:
    after = TERMS.replace("4\\. Law", "5\\. Law").replace("3\\. Data", "4\\. Data")
    after = after.replace(
        "4\\. Data", "3\\. Age. Nobody under 13 may open an account here.\n\n4\\. Data"
    )
    assert told(TERMS, after) == ["1=1", "2=2", "+3", "3~4", "4~5"]


def test_a_removed_clause_stands_where_it_stood() -> None:
    parts = TERMS.split("\n\n")
    after = "\n\n".join([*parts[:2], *parts[4:]])
    assert told(TERMS, after) == ["1=1", "-2", "-3", "4=4"]


def test_a_clause_that_moved_is_still_itself() -> None:
    head, use, fees, data, law = TERMS.strip().split("\n\n")
    after = "\n\n".join([head, data, use, fees, law])
    assert told(TERMS, after) == ["3=3", "1=1", "2=2", "4=4"]


def test_what_was_removed_before_a_moved_clause_stands_with_its_neighbours() -> None:
    head, use, _fees, data, law = TERMS.strip().split("\n\n")
    assert told(TERMS, "\n\n".join([head, law, use, data])) == ["4=4", "1=1", "-2", "3=3"]


def test_of_a_clause_that_was_split_the_larger_part_is_it_and_the_other_is_new() -> None:
    long = "You keep to the law of your country. You keep to the rules of ours. You pay in time."
    before = f"## Duties\n\n{long} You tell nobody else your password."
    after = f"## Duties\n\n{long}\n\nYou tell nobody else your password."
    assert told(before, after) == ["duties~duties", "+duties/p1"]


def test_list_items_that_say_the_same_stay_in_their_own_list() -> None:
    before = "## Free\n\n*   Support\n\n## Paid\n\n*   Support\n*   Storage"
    after = "## Paid\n\n*   Support\n*   Storage"
    assert told(before, after) == ["-free/p1", "paid/p1=paid/p1", "paid/p2=paid/p2"]


def test_a_row_of_a_table_is_no_other_row_however_alike_they_are() -> None:
    table = "| Name | What | Where |\n| --- | --- | --- |\n| {} | United States |"
    before, after = table.format("Globex | Mail"), table.format("Initech | Billing")
    assert told(before, after)[0].startswith("-")
    assert told(before, after)[1].startswith("+")


def test_a_title_that_was_renamed_keeps_its_clause() -> None:
    after = TERMS.replace("Fees. You pay", "Payments and Fees. You pay")
    assert told(TERMS, after) == ["1=1", "2~2", "3=3", "4=4"]


def test_a_clause_that_is_no_longer_the_first_below_its_heading_says_the_same() -> None:
    before = "## Duties\n\nYou keep to the law.\n\n## Fees\n\nYou pay us every month."
    after = before.replace("You keep", "You tell nobody your password.\n\nYou keep")
    assert told(before, after) == ["+duties", "duties=duties/p1", "fees=fees"]
    assert told(after, before) == ["-duties", "duties/p1=duties", "fees=fees"]


def test_a_row_that_is_no_longer_the_first_of_its_table_says_the_same() -> None:
    before = "| Country | Phone |\n| --- | --- |\n| Austria | 1 |\n| Belgium | 2 |"
    after = before.replace("| Belgium", "| Albania | 3 |\n| Belgium").replace(
        "| Austria | 1 |\n", ""
    )
    assert [told_key.rpartition("/")[2] for told_key in told(before, after)] == [
        "austria",
        "albania",
        "belgium",
    ]
    assert told(before, after)[-1].count("=") == 1


def test_a_heading_that_was_renamed_is_told_with_the_clause_below_it() -> None:
    before = "## Fees\n\nYou pay us every month.\n\nYou pay in time."
    after = before.replace("## Fees", "## Fees that we never pay back")
    assert told(before, after) == [
        "fees~fees-that-we-never-pay-back",
        "fees/p1=fees-that-we-never-pay-back/p1",
    ]


def test_clauses_that_have_nothing_in_common_are_not_joined() -> None:
    assert told("Bananas are yellow all year round.", "Our courts decide.") == [
        "-preamble/1",
        "+preamble/1",
    ]


def test_nothing_aligns_with_nothing() -> None:
    assert align([], []) == []
    assert told("", "You pay.") == ["+preamble/1"]
    assert told("You pay.", "") == ["-preamble/1"]


def places(clauses: list[Clause]) -> list[Clause]:
    """The same clauses, each telling its turn, so that equal ones can be told apart."""
    return [replace(clause, start=turn) for turn, clause in enumerate(clauses)]


@given(TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_each_clause_is_in_exactly_one_pair_and_the_new_ones_are_in_order(
    one: str, other: str
) -> None:
    before, after = places(split(one)), places(split(f"{one[: len(one) // 2]}\n\n{other}"))
    pairs = align(before, after)
    old = [pair.before for pair in pairs if pair.before is not None]
    new = [pair.after for pair in pairs if pair.after is not None]
    assert sorted(old, key=lambda clause: clause.start) == before
    assert new == after
    assert all(0.0 <= pair.likeness <= 1.0 for pair in pairs)
    assert all(pair.before is not None or pair.after is not None for pair in pairs)


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_version_aligned_with_itself_is_itself(text: str) -> None:
    clauses = split(text)
    assert align(clauses, clauses) == [Pair(clause, clause, 1.0) for clause in clauses]


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_removed_clauses_keep_their_order(one: str, other: str) -> None:
    pairs = align(places(split(one)), split(other))
    gone = [pair.before.start for pair in pairs if pair.before is not None and pair.after is None]
    assert gone == sorted(gone)


def test_thousands_of_reworded_clauses_find_each_other() -> None:
    item = "{}\\. Rule {}. You owe us {} of {} in the case of a breach of part {} by anybody."
    before = "\n\n".join(item.format(n, f"w{n}x", n * 7, f"x{n}y", n) for n in range(1, 1_500))
    pairs = align(split(before), split(before.replace("owe", "must pay")))
    assert [pair.before and pair.before.key for pair in pairs] == [
        pair.after and pair.after.key for pair in pairs
    ]


def test_thousands_of_clauses_with_the_same_words_end_too() -> None:
    before = "\n\n".join(f"You pay {'us ' * (n % 50)}." for n in range(2_000))
    after = before.replace("pay", "owe")
    assert len(align(split(before), split(after))) >= 2_000
