"""The pretend cards with facts, the lists these are held against, and licences built on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import yaml

from bot.cards.licenses import Licenses
from ingest.archive import Archive
from ingest.cards import Card, Plan
from ingest.clauses import split
from ingest.facts import Amount, Fact, Pointer
from ingest.fields import Fields, FieldsEntry, loaded
from ingest.proof import ClauseText
from ingest.prover import Prover
from ingest.readings import Reading, digest
from ingest.serving import Serving
from tests.bot.pretend_library import CARDS, MANIFEST, TEXTS, VOCABULARY, Shelf

LISTS = """
unsettled: [unclear, unknown]
rulings: {permitted: permitted, permitted-if: permitted-if, not-permitted: not-permitted,
  needs-licence: needs-licence, unclear: unclear}
scales:
  permission: {permitted: permitted, permitted-if: permitted on conditions,
    needs-licence: needs a licence of its own, not-permitted: not permitted, unclear: unclear}
  duty: {required: required, required-if: required on conditions, asked: asked for,
    not-required: not required, unclear: unclear}
  openness: {open: open, partial: partial, closed: closed, unknown: unknown}
answers:
  permission:
    may: {permitted: "yes", permitted-if: conditional, needs-licence: "no", not-permitted: "no",
      unclear: unclear}
    licence: {permitted: "no", permitted-if: conditional, needs-licence: "yes"}
  duty:
    must: {required: "yes", required-if: conditional, asked: "no", not-required: "no"}
  openness:
    so: {open: "yes", partial: conditional, closed: "no"}
units: {monthly-users: monthly active users, usd-a-year: US dollars a year,
  usd-a-month: US dollars a month}
sections:
  - id: grant
    label: What you may do
    fields:
      - {id: commercial-use, label: Commercial use, scale: permission, topics: [], headline: true}
      - {id: modify, label: Fine-tuning, scale: permission, topics: []}
      - {id: redistribute, label: Passing it on, scale: permission, topics: []}
      - {id: host, label: Offering it as a service, scale: permission, topics: []}
  - id: thresholds
    label: How big you may get
    fields:
      - id: user-threshold
        label: Limit by number of users
        topics: [users]
        units: [monthly-users]
        headline: true
        values: {none: no limit, licence-above: a licence is needed above it,
          barred-above: not permitted above it, duty-above: a duty begins above it,
          unclear: unclear}
        answers:
          may: {none: "yes", licence-above: conditional, barred-above: conditional}
          licence: {none: "no", licence-above: conditional, barred-above: conditional}
          so: {none: "no", licence-above: "yes", barred-above: "yes"}
      - id: revenue-threshold
        label: Limit by revenue
        topics: []
        units: [usd-a-year, usd-a-month]
        values: {none: no limit, licence-above: a licence is needed above it, unclear: unclear}
      - id: threshold-counts
        label: Who is counted
        topics: [users]
        values: {with-affiliates: with affiliated companies, unclear: unclear}
      - id: threshold-measured
        label: When it is measured
        topics: [users]
        values: {before-release: before the release, any-time: at any time, unclear: unclear}
  - id: conditions
    label: What you must do
    fields:
      - id: derivative-name
        label: Name of a derived model
        scale: duty
        duty: true
        topics: [name]
      - {id: licence-copy, label: Give a copy, scale: duty, duty: true, topics: []}
      - {id: notice-text, label: Keep notices, scale: duty, duty: true, topics: [], repeats: true}
  - id: outputs
    label: Outputs
    fields:
      - id: output-ownership
        label: Who owns outputs
        topics: []
        values: {yours: yours, not-claimed: the vendor claims none, unclear: unclear}
        rulings: {yours: permitted, not-claimed: permitted}
        answers:
          so: {yours: "yes", not-claimed: conditional}
          they: {yours: "no", not-claimed: "no"}
      - {id: outputs-train-models, label: Training on outputs, scale: permission, topics: []}
      - id: outputs-duty
        label: What training on outputs brings
        scale: duty
        topics: []
  - id: restrictions
    label: What you may not do
    fields:
      - id: fields-of-use
        label: Fields of use
        scale: permission
        topics: []
        lists: subjects
        repeats: true
      - id: home-region
        label: Where you are established
        scale: permission
        topics: []
        lists: regions
        repeats: true
      - id: market-region
        label: Where it may be used
        scale: permission
        topics: []
        lists: regions
        repeats: true
  - id: data
    label: Your data
    fields:
      - id: trains-on-inputs
        label: The vendor trains on what you enter
        topics: []
        repeats: true
        values: {never: "no", opt-out: "yes, unless you opt out", unclear: unclear}
        rulings: {never: permitted, opt-out: permitted-if}
        answers:
          so: {never: "no", opt-out: conditional}
          they: {never: "no", opt-out: conditional}
        turned: [stay out]
  - id: ending
    label: How it ends
    fields:
      - id: after-end
        label: After the end
        topics: [ending]
        values: {delete: delete it, unclear: unclear}
        answers:
          must: {delete: "yes"}
          may: {delete: "no"}
      - {id: governing-law, label: Governing law, topics: [law], values: {stated: stated}}
  - id: openness
    label: What is open
    fields:
      - {id: weights, label: Weights, scale: openness, topics: []}
      - {id: training-data, label: Training data, scale: openness, topics: []}
acts:
  - {id: sell, label: sell it, asked: [sell, paid product], decided_by: [commercial-use]}
  - {id: fine-tune, label: fine-tune it, asked: [fine tune, finetune], decided_by: [modify]}
  - {id: distribute, label: hand it over, asked: [ship], decided_by: [redistribute]}
  - {id: host, label: offer it as a service, asked: [saas, host], decided_by: [host]}
  - id: train-on-outputs
    label: train another model on its outputs
    asked: [outputs train, distill]
    decided_by: [outputs-train-models]
    also: [outputs-duty]
  - id: enter-customer-data
    label: enter customers' data
    asked: [customer data]
    decided_by: [trains-on-inputs]
subjects:
  - {id: weapons, label: weapons, asked: [weapon, weapons, missiles]}
  - {id: aviation, label: aviation, asked: [aircraft, aviation]}
  - {id: finance, label: finance, asked: [loans, insurance]}
regions:
  - {id: eu, label: the European Union, asked: [eu, germany, german, france], within: [eea]}
  - {id: eea, label: the European Economic Area, asked: [eea, norway]}
  - {id: us, label: the United States, asked: [us, usa]}
  - {id: unsupported, label: countries that are not served, asked: [unsupported country]}
"""


def fields(text: str = LISTS) -> Fields:
    """The lists as the program loads them."""
    entry = FieldsEntry.model_validate(yaml.safe_load(text))
    return loaded("corpus/vocabulary.yml", entry, VOCABULARY.topics)


FIELDS = fields()


def fact(field: str, value: str, says: str, *at: tuple[str, str, str], **more: Any) -> Fact:
    """A fact whose clauses are ``(source, section, term)``."""
    return Fact(field, value, says, tuple(Pointer(*each) for each in at), **more)


LICENCE, POLICY = "acme/rocket-2", "acme/use-policy"
DELIVERED = (frozenset({"distribute"}), frozenset({"host"}))
NAMED = (
    *(frozenset({"fine-tune", each}) for each in ("distribute", "host")),
    *(frozenset({"train-on-outputs", each}) for each in ("distribute", "host")),
)
ROCKET_2 = replace(
    CARDS["rocket-2"],
    facts=(
        fact(
            "commercial-use",
            "permitted-if",
            "You may run it in your own products within the limit of users.",
            (LICENCE, "1", "in your own products"),
            (LICENCE, "2", "40 million"),
        ),
        fact("modify", "permitted", "You may change it.", (LICENCE, "1", "change the Rocket 2")),
        fact("host", "unclear", "The grant does not speak of services for others."),
        fact(
            "user-threshold",
            "licence-above",
            "Above 40 million monthly users you need a contract with Acme.",
            (LICENCE, "2", "40 million monthly active users"),
            amount=Amount(40_000_000, "monthly-users"),
        ),
        fact(
            "threshold-measured",
            "before-release",
            "The month before the release counts.",
            (LICENCE, "2", "before the release"),
        ),
        fact(
            "derivative-name",
            "required-if",
            "A model derived from it, or trained on its outputs, begins with Rocket.",
            (LICENCE, "3", "the word Rocket"),
            when=NAMED,
        ),
        fact(
            "licence-copy",
            "required-if",
            "Acme wants its name told to whoever receives the model.",
            (LICENCE, "3", "at the beginning"),
            when=DELIVERED,
        ),
        fact(
            "notice-text",
            "required",
            "Nothing in the model may be renamed.",
            (LICENCE, "Names", "shall carry"),
        ),
        fact(
            "output-ownership",
            "not-claimed",
            "Acme claims no rights in what the model writes.",
            (LICENCE, "1", "no ownership of outputs"),
        ),
        fact(
            "outputs-train-models",
            "permitted-if",
            "Outputs may train a model whose name begins with Rocket.",
            (LICENCE, "3", "train on its outputs"),
        ),
        fact(
            "fields-of-use",
            "not-permitted",
            "Steering aircraft and aiming weapons are forbidden.",
            (POLICY, "a", "steer aircraft"),
            (POLICY, "preamble", "You must not use"),
            members=("weapons", "aviation"),
        ),
        fact(
            "fields-of-use",
            "permitted-if",
            "Decisions about loans or insurance need a human who reads the case first.",
            (POLICY, "b", "without a human"),
            members=("finance",),
        ),
        fact(
            "home-region",
            "not-permitted",
            "Companies with their seat in the EEA are left out.",
            (LICENCE, "5", "Port Ellen"),
            members=("eea",),
        ),
        fact(
            "after-end",
            "delete",
            "You delete all copies within ten days.",
            (LICENCE, "4", "ten days"),
        ),
        fact("governing-law", "stated", "The law of Islay.", (LICENCE, "5", "Isle of Islay")),
        fact("weights", "partial", "The weights come under these terms.", (LICENCE, "1", "copy")),
        fact("training-data", "unknown", "Nothing is known of the data."),
    ),
)
ZENITH_CHAT = replace(
    CARDS["zenith-chat"],
    plans=(Plan("Zenith Free", ("free",)), Plan("Zenith Pro", ("pro",))),
    facts=(
        fact(
            "trains-on-inputs",
            "opt-out",
            "Zenith trains on it unless you opt out.",
            ("zenith/terms", "2", "opt out"),
            applies_to=("Zenith Free",),
        ),
        fact(
            "trains-on-inputs",
            "unclear",
            "Of the paid plan the terms say nothing.",
            applies_to=("Zenith Pro",),
        ),
        fact(
            "user-threshold",
            "none",
            "No number of users is named.",
            ("zenith/terms", "1", "16 years"),
        ),
    ),
)
FACTED: Mapping[str, Card] = {**CARDS, "rocket-2": ROCKET_2, "zenith-chat": ZENITH_CHAT}
FACTS_VOCABULARY = replace(VOCABULARY, facts=FIELDS)
READ = date(2026, 11, 20)


def reading_of(card: Card, texts: Mapping[str, str] = TEXTS) -> Reading:
    """A reading of every fact of ``card`` against ``texts``."""
    words = {}
    for pointer in (each for fact in card.facts for each in fact.clauses):
        found = ClauseText(1, split(texts[pointer.source].strip())).at(pointer)
        assert len(found) == 1, (pointer, found)
        words[pointer] = digest(found[0])
    return Reading(READ, words)


READINGS = {id: reading_of(card) for id, card in FACTED.items() if card.facts}


def prover(archive: Archive) -> Prover:
    """Holds the pretend facts against ``archive``."""
    return Prover(archive, MANIFEST, READINGS)


def licenses(archive: Archive) -> Licenses:
    """What ``license`` does over the pretend world."""
    readers: dict[str, Any] = {"shelf": Shelf()}
    serving = Serving(MANIFEST, readers, archive)
    return Licenses(archive, MANIFEST, serving, FACTED, FACTS_VOCABULARY, prover(archive))
