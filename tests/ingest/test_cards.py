"""Cards: what binds a model, and names that each lead to one card only."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.cards import Card, Model, Plan, Superseded
from ingest.domain import Kind
from ingest.errors import CorpusError
from ingest.facts import Amount, Fact, Pointer
from tests.ingest.pretend_corpus import ACME, ROCKET, TERMS, edited, load_both, write_corpus


def test_a_card_is_loaded_with_its_models_and_older_texts(tmp_path: Path) -> None:
    assert load_both(write_corpus(tmp_path))["rocket"] == Card(
        id="rocket",
        title="Acme License",
        vendor="acme",
        kind=Kind.LICENCE,
        documents=("acme/license", "acme/use-policy"),
        models=(
            Model("Rocket 2", ("rocket two",), "acme"),
            Model("Rocket Vision", (), "zenith"),
        ),
        aliases=("rocket license",),
        families=("acme models",),
        superseded=(Superseded("acme/license-1", ("old rocket license",)),),
        plans=(Plan("Rocket Club", ("club",)),),
        facts=(
            Fact(
                "selling",
                "permitted",
                "Rockets may be sold.",
                (Pointer("acme/license", "1", "may be sold"),),
            ),
            Fact(
                "crowd",
                "limited",
                "At most 200 people may watch.",
                (
                    Pointer("acme/use-policy", "Launch", "two hundred people"),
                    Pointer("acme/use-policy", "Launch", "(200)"),
                ),
                applies_to=("Rocket Club",),
                amount=Amount(200, "users"),
            ),
            Fact(
                "places",
                "not-permitted",
                "Not in the North.",
                (Pointer("acme/license", "2", "north of"),),
                members=("north",),
            ),
            Fact(
                "badge",
                "unclear",
                "Whether a badge is needed is not said.",
                (),
                when=(frozenset({"sell", "lend"}), frozenset({"lend"})),
            ),
        ),
    )


def test_cards_come_by_file_name_and_may_share_a_family(tmp_path: Path) -> None:
    cards = load_both(write_corpus(tmp_path))
    assert list(cards) == ["rocket", "zenith-terms"]
    assert {card.families for card in cards.values()} == {("acme models",)}


def test_a_name_may_be_spelt_in_two_ways_on_its_own_card(tmp_path: Path) -> None:
    both = edited(ROCKET, "aliases: [rocket two]", "aliases: [rocket two, Rocket-2]")
    corpus = write_corpus(tmp_path, {"cards/rocket.yml": both})
    assert load_both(corpus)["rocket"].models[0].aliases == ("rocket two", "Rocket-2")


BROKEN = [
    ("id: rocket\n", "id: racket\n", "id is 'racket'; allowed: rocket"),
    ("kind: licence", "kind: license", "kind is 'license'; allowed: licence, use-policy, "),
    ("vendor: acme\n", "vendor: acne\n", "vendor is 'acne'; allowed: acme, zenith"),
    ("vendor: zenith}", "vendor: zen}", "models[1].vendor is 'zen'; allowed: acme, zenith"),
    ("[acme/license, acme/use-policy]", "[]", "documents is empty; allowed: ids of sources"),
    ("acme/use-policy]", "acme/none]", "documents[1] is 'acme/none'; allowed: the id of a source"),
    (
        "acme/use-policy]",
        "acme/license-1]",
        "documents[1] is 'acme/license-1', which was superseded; allowed: acme/license",
    ),
    (
        "source: acme/license-1",
        "source: acme/none",
        "superseded[0].source is 'acme/none'; allowed: a source that",
    ),
    (
        "source: acme/license-1",
        "source: zenith/terms",
        "superseded[0].source is 'zenith/terms'; allowed: a source that",
    ),
    ("[rocket two]", "rocket two", "models[0].aliases is 'rocket two'; allowed: "),
    ("[rocket two]", "[3.1]", "models[0].aliases[0] is 3.1; allowed: a valid string"),
    ("name: Rocket 2", "nmae: Rocket 2", "models[0].name is missing"),
    (
        "vendor: zenith}",
        "maker: zenith}",
        "models[1].maker is no key here; allowed: aliases, name, vendor",
    ),
    ("facts:", "facts: [anything]\nfats:", "facts[0] is 'anything'; allowed: "),
    ("aliases: [rocket license]", "aliases: [a]\naliases: [b]", "the key 'aliases' stands twice"),
    (
        "name: Rocket Vision",
        "name: rocket-two",
        "models[1] claims 'rocket-two', which corpus/cards/rocket.yml has",
    ),
    (
        "[acme models]",
        "[rocket two]",
        "families has 'rocket two', which is an alias in corpus/cards/rocket.yml",
    ),
    ("families:", "in_part: [acme/none]\nfamilies:", "in_part[0] is 'acme/none'; allowed: the id"),
    ("families:", "in_part: [acme/license]\nfamilies:", "in_part[0] is 'acme/license'; allowed: "),
    # facts, one bad input for each rule
    ("field: selling", "field: seling", "facts[0].field is 'seling', which corpus/vocabulary.yml"),
    ("field: selling", "field: seling", "allowed: selling"),
    (
        "value: permitted",
        "value: forbidden",
        "facts[0].value is 'forbidden'; allowed: not-permitted",
    ),
    (
        "says: Rockets may be sold.",
        "says: Rockets may",
        "facts[0].says is 'Rockets may'; allowed: ",
    ),
    ("says: Rockets may be sold.", "saying: yes", "facts[0].says is missing"),
    (
        '    clauses:\n      - {source: acme/license, section: "1", term: may be sold}\n',
        "",
        "facts[0].clauses is empty; allowed: at least one clause, or one of the values unclear",
    ),
    (
        'source: acme/license, section: "1"',
        'source: zenith/terms, section: "1"',
        "facts[0].clauses[0].source is 'zenith/terms'; allowed: a document of the card",
    ),
    (
        "term: may be sold",
        "term: may be sold to anybody who comes by it",
        "facts[0].clauses[0].term is 'may be sold to anybody who comes by it'; allowed: at most 8",
    ),
    ("term: may be sold", "text: may be sold", "facts[0].clauses[0].term is missing"),
    (
        "value: permitted",
        "value: permitted\n    note: x",
        "facts[0].note is no key here; allowed: ",
    ),
    ("number: 200", "number: 300", "facts[1].figure.number is 300; allowed: a number that stands"),
    ("number: 200", "number: 300", "(there: 200)"),
    ("unit: users", "unit: days", "facts[1].figure.unit is 'days'; allowed: users"),
    ("[Rocket Club]", "[Rocket Clan]", "facts[1].applies_to has 'Rocket Clan'; allowed: Rocket 2"),
    ("regions: [north]", "regions: [south]", "facts[2].regions has 'south'; allowed: north, world"),
    ("regions: [north]", "subjects: [racing]", "facts[2].subjects is no key for the field places"),
    (
        "when: [sell + lend",
        "when: [sell + borrow",
        "facts[3].when has 'borrow'; allowed: lend, sell",
    ),
    (
        "  - field: crowd",
        "  - field: selling",
        "facts[1].value is 'limited'; allowed: not-permitted",
    ),
    (
        "  - field: places\n    value: not-permitted",
        "  - {field: crowd, value: none, says: None., applies_to: [Rocket Club],\n"
        "     clauses: [{source: acme/license, section: '1', term: sold}]}\n"
        "  - field: places\n    value: not-permitted",
        "facts[2].field is 'crowd' a second time; allowed: one fact of a field",
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), BROKEN)
def test_a_broken_card_is_refused_with_file_key_and_reason(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    corpus = write_corpus(tmp_path, {"cards/rocket.yml": edited(ROCKET, old, new)})
    with pytest.raises(CorpusError) as told:
        load_both(corpus)
    assert str(told.value).startswith("corpus/cards/rocket.yml")
    assert sentence in str(told.value)


@pytest.mark.parametrize(
    "claimed", ["rocket license", "Rocket-License", "rocket 2.0", "rocket", "old rocket license"]
)
def test_a_name_claimed_by_two_cards_is_refused_and_both_are_named(
    tmp_path: Path, claimed: str
) -> None:
    corpus = write_corpus(
        tmp_path, {"cards/zenith-terms.yml": edited(TERMS, "zenith tos", claimed)}
    )
    with pytest.raises(CorpusError) as told:
        load_both(corpus)
    assert "corpus/cards/rocket.yml" in str(told.value)
    assert "corpus/cards/zenith-terms.yml" in str(told.value)
    assert claimed in str(told.value)


def test_a_family_of_one_card_cannot_be_an_alias_of_another(tmp_path: Path) -> None:
    shared = edited(TERMS, "[acme models]", "[rocket license]")
    corpus = write_corpus(tmp_path, {"cards/zenith-terms.yml": shared})
    with pytest.raises(CorpusError, match=r"zenith-terms.yml: families has 'rocket license'"):
        load_both(corpus)


def test_an_older_text_two_steps_back_still_belongs_to_the_card(tmp_path: Path) -> None:
    oldest = """
  - id: acme/license-0
    title: Acme License 0
    kind: licence
    collection: texts
    key: acme-0
    url: https://acme.example/license
    superseded_by: acme/license-1
"""
    both = edited(ROCKET, "superseded:", "superseded:\n  - {source: acme/license-0}")
    corpus = write_corpus(tmp_path, {"sources/acme.yml": ACME + oldest, "cards/rocket.yml": both})
    assert load_both(corpus)["rocket"].superseded[0] == Superseded("acme/license-0", ())
