"""The vocabulary: topics in the words of people and of texts, and what is not covered here."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.answers import Asked, Word
from ingest.domain import Kind
from ingest.errors import CorpusError
from ingest.fields import Ruling
from ingest.vocabulary import Topic, load_vocabulary
from tests.ingest.pretend_corpus import VOCABULARY, edited, write_corpus


def test_topics_and_products_elsewhere_are_loaded(tmp_path: Path) -> None:
    loaded = load_vocabulary(write_corpus(tmp_path))
    assert loaded.topics == {
        "noise": Topic("noise", "Noise", ("how loud", "decibels"), ("sound pressure",), True)
    }
    assert list(loaded.facts.fields) == ["selling", "crowd", "places", "purposes", "badge"]
    assert loaded.facts.fields["selling"].values["not-permitted"] == "not permitted"
    assert loaded.facts.fields["selling"].rulings["permitted"] is Ruling.PERMITTED
    assert loaded.facts.fields["badge"].section == "rights"
    assert loaded.facts.acts["lend"].also == ("badge",)
    assert loaded.facts.regions["north"].within == ("world",)
    assert loaded.elsewhere == {"Glider": ("glider", "acme glider")}
    (price,) = loaded.unfit
    assert (price.says, price.asked) == ("Prices are not here.", ("how much … cost", "<x> price"))
    assert (price.documents, price.named) == ((Kind.RELEASE_NOTES,), True)
    assert [each.label for each in loaded.papers.kinds] == ["a privacy policy"]
    assert (loaded.papers.about, loaded.papers.notes) == (("pass on",), ("changelog",))


BROKEN = [
    ("id: noise", "id: Noise", "topics[0].id is 'Noise'; allowed: lower-case letters"),
    ("label: Noise", "lable: Noise", "topics[0].label is missing"),
    (
        "decisive: true",
        "decisive: maybe",
        "topics[0].decisive is 'maybe'; allowed: a valid boolean",
    ),
    (
        "how loud",
        "How loud",
        "topics[0].asked[0] is 'How loud'; allowed: 1 to 6 words in lower case",
    ),
    ("sound pressure", "one two three four five six seven", "allowed: 1 to 6 words in lower case"),
    ("[sound pressure]", "[]", "topics[0].written: allowed: at least one phrase"),
    (
        "[how loud, decibels]",
        "[how loud, how loud]",
        "topics[0].asked: allowed: at least one phrase, each of them once",
    ),
    (
        "unsettled:",
        "  - {id: noise, label: N, asked: [a], written: [b], decisive: false}\nunsettled:",
        "topics[1].id is 'noise' a second time",
    ),
    ("[glider, acme glider]", "[]", "elsewhere.Glider is empty"),
    ("  Glider:", "  Kite: [Glider]\n  Glider:", "elsewhere.Glider has 'glider', which Kite has"),
    ("  Glider:", "  Glider: [x]\n  Glider:", "the key 'Glider' stands twice"),
    ("elsewhere:", "else:", "elsewhere is missing"),
    # what no document answers
    ("how much … cost", "… cost", "unfit[0].asked[0] is '… cost'; allowed: words of which"),
    ("how much … cost", "How much", "unfit[0].asked[0] is 'How much'; allowed: 1 to 6 words"),
    ("documents: [release-notes]", "documents: [letter]", "unfit[0].documents[0] is 'letter'"),
    ('[how much … cost, "<x> price"]', "[]", "unfit[0].asked: allowed: at least one phrase"),
    ("unfit:", "unfit:\n  - *x\nx:", "not valid YAML"),
    ("titles: [privacy]", "titles: []", "papers.kinds[0].titles: allowed: at least one phrase"),
    ("notes: [changelog]", "note: [changelog]", "papers.notes is missing"),
    # what facts may say
    (
        "scale: permission, topics: [noise]",
        "scale: none, topics: [noise]",
        "scale is 'none'; allow",
    ),
    ("scale: permission, topics: [noise]", "topics: [noise]", "either scale or values"),
    (
        "topics: [noise]}",
        "topics: [smell]}",
        "sections[0].fields[0].topics has 'smell'; allowed: n",
    ),
    ("units: [users]", "units: [metres]", "fields[1].units has 'metres'; allowed: days, users"),
    ("id: crowd", "id: selling", "fields[1].id is 'selling' a second time"),
    ("lists: regions", "lists: planets", "lists is 'planets'; allowed: regions, subjects"),
    ("decided_by: [selling]}", "decided_by: [buying]}", "acts[0].decided_by has 'buying'"),
    ("also: [badge]", "also: [button]", "acts[1].also has 'button'; allowed: badge, crowd"),
    ("within: [world]", "within: [moon]", "regions[0].within has 'moon'; allowed: north, world"),
    ("id: world", "id: north", "regions[1].id is 'north' a second time"),
    (
        "permitted: permitted, unclear",
        "permitted: perhaps, unclear",
        "rulings.permitted is 'perhaps'",
    ),
    # what facts answer
    ("  permission: {may:", "  consent: {may:", "answers has 'consent'; allowed: permission"),
    ('{may: {permitted: "yes"', '{might: {permitted: "yes"', "answers.permission.might"),
    ('{may: {permitted: "yes"', '{may: {granted: "yes"', "permission.may has 'granted'; allowed"),
    ('permitted: "yes"', "permitted: yes", "answers.permission.may.permitted is True"),
    ('permitted: "yes"', "permitted: perhaps", "may.permitted is 'perhaps'; allowed: yes, no"),
    ("{permitted: conditional}", "{free: conditional}", "[4].answers.may has 'free'; allowed: not"),
    (
        "units: [users]\n",
        "units: [users]\n        turned: [not]\n",
        "fields[1].turned; allowed: only in a field that answers something",
    ),
    (
        "units: [users]\n",
        "units: [users]\n        worded: [crowd]\n",
        "fields[1].worded; allowed: only in a field that answers something",
    ),
    ("turned: [never mind]", "turned: [Never]", "turned[0] is 'Never'; allowed: 1 to 6 words"),
]


def test_a_field_answers_what_its_scale_does_unless_it_says_otherwise(tmp_path: Path) -> None:
    fields = load_vocabulary(write_corpus(tmp_path)).facts.fields
    of_scale = {"permitted": Word.YES, "not-permitted": Word.NO}
    assert fields["selling"].answers == {Asked.MAY: of_scale, Asked.MUST: {"permitted": Word.NO}}
    assert fields["badge"].answers == {Asked.MAY: {"permitted": Word.CONDITIONAL}}
    assert fields["badge"].turned == ("never mind",)
    assert fields["badge"].worded == ("badge",)
    assert fields["crowd"].answers == {}


@pytest.mark.parametrize(("old", "new", "sentence"), BROKEN)
def test_a_broken_vocabulary_is_refused_with_file_key_and_reason(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    corpus = write_corpus(tmp_path, {"vocabulary.yml": edited(VOCABULARY, old, new)})
    with pytest.raises(CorpusError) as told:
        load_vocabulary(corpus)
    assert str(told.value).startswith("corpus/vocabulary.yml")
    assert sentence in str(told.value)
