"""A small corpus of a pretend vendor, as files; tests break one thing in it at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ingest.cards import Card, load_cards
from ingest.manifest import load_manifest
from ingest.readers import readers
from ingest.vocabulary import load_vocabulary

COLLECTIONS = """
collections:
  texts:
    reader: package
    options: {wheel: acme-texts==1.0, member: "texts/{key}.txt"}
    attribution: Acme texts
  notes:
    reader: file
    options: {path: "articles/{key}.md"}
"""
ACME = """
vendor: {id: acme, name: Acme, aliases: [acme ai]}
sources:
  - id: acme/license
    title: Acme License
    kind: licence
    collection: texts
    key: acme-2
    url: https://acme.example/license
    incorporates: [acme/use-policy]
  - id: acme/license-1
    title: Acme License 1
    kind: licence
    collection: texts
    key: acme-1
    url: https://acme.example/license
    dated: 2024-05-06
    superseded_by: acme/license
  - id: acme/use-policy
    title: Acme Use Policy
    kind: use-policy
    collection: texts
    key: policy
    url: https://acme.example/policy
"""
ZENITH = """
vendor: {id: zenith, name: Zenith}
sources:
  - id: zenith/terms
    title: Zenith Terms
    kind: terms
    collection: notes
    key: terms
    url: https://zenith.example/terms
"""
ROCKET = """
id: rocket
title: Acme License
vendor: acme
kind: licence
documents: [acme/license, acme/use-policy]
aliases: [rocket license]
families: [acme models]
models:
  - {name: Rocket 2, aliases: [rocket two]}
  - {name: Rocket Vision, vendor: zenith}
superseded:
  - {source: acme/license-1, aliases: [old rocket license]}
plans:
  - {name: Rocket Club, aliases: [club]}
facts:
  - field: selling
    value: permitted
    says: Rockets may be sold.
    clauses:
      - {source: acme/license, section: "1", term: may be sold}
  - field: crowd
    value: limited
    says: At most 200 people may watch.
    figure: {number: 200, unit: users}
    applies_to: [Rocket Club]
    clauses:
      - {source: acme/use-policy, section: Launch, term: two hundred people}
      - {source: acme/use-policy, section: Launch, term: (200)}
  - field: places
    value: not-permitted
    says: Not in the North.
    regions: [north]
    clauses:
      - {source: acme/license, section: "2", term: north of}
  - field: badge
    value: unclear
    says: Whether a badge is needed is not said.
    when: [sell + lend, lend]
"""
TERMS = """
id: zenith-terms
title: Zenith Terms
vendor: zenith
kind: terms
documents: [zenith/terms]
aliases: [zenith tos]
families: [acme models]
"""
VOCABULARY = """
topics:
  - id: noise
    label: Noise
    asked: [how loud, decibels]
    written: [sound pressure]
    decisive: true
unsettled: [unclear]
rulings: {permitted: permitted, unclear: unclear}
answers:
  permission: {may: {permitted: "yes", not-permitted: "no"}, must: {permitted: "no"}}
scales:
  permission: {permitted: permitted, not-permitted: not permitted, unclear: unclear}
units: {users: users, days: days}
sections:
  - id: rights
    label: Rights
    fields:
      - {id: selling, label: Selling, scale: permission, topics: [noise]}
      - id: crowd
        label: Crowd
        topics: []
        units: [users]
        values: {limited: limited, none: none, unclear: unclear}
      - {id: places, label: Places, scale: permission, topics: [], lists: regions, repeats: true}
      - {id: purposes, label: Purposes, scale: permission, topics: [], lists: subjects}
      - id: badge
        label: Badge
        scale: permission
        topics: []
        duty: true
        repeats: true
        answers: {may: {permitted: conditional}, must: {}}
        turned: [never mind]
        worded: [badge]
acts:
  - {id: sell, label: sell it, asked: [sell], decided_by: [selling]}
  - {id: lend, label: lend it, asked: [lend], decided_by: [selling], also: [badge]}
subjects:
  - {id: racing, label: racing, asked: [race, races]}
regions:
  - {id: north, label: the North, asked: [north], within: [world]}
  - {id: world, label: the world, asked: [world]}
elsewhere:
  Glider: [glider, acme glider]
unfit:
  - id: price
    says: Prices are not here.
    asked: [how much … cost, "<x> price"]
    cues: [cost]
    unless: [price change]
    documents: [release-notes]
    named: true
papers:
  about: [pass on]
  kinds:
    - {id: privacy, label: a privacy policy, asked: [privacy policy], titles: [privacy]}
  notes: [changelog]
"""
FILES = {
    "collections.yml": COLLECTIONS,
    "sources/acme.yml": ACME,
    "sources/zenith.yml": ZENITH,
    "cards/rocket.yml": ROCKET,
    "cards/zenith-terms.yml": TERMS,
    "vocabulary.yml": VOCABULARY,
    "articles/terms.md": "Zenith lends telescopes to everybody.\n",
}


def write_corpus(folder: Path, changed: Mapping[str, str | bytes] | None = None) -> Path:
    """Write the pretend corpus below ``folder``, with some files changed or added."""
    corpus = folder / "corpus"
    for name, content in {**FILES, **(changed or {})}.items():
        path = corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return corpus


def edited(text: str, old: str, new: str) -> str:
    """``text`` with ``old`` replaced once; a test that would change nothing fails here."""
    assert text.count(old) >= 1, f"{old!r} is not in the pretend file"
    return text.replace(old, new, 1)


def load_both(corpus: Path) -> Mapping[str, Card]:
    """Manifest and cards of ``corpus``, with the readers that the program uses."""
    manifest = load_manifest(corpus, readers(corpus))
    return load_cards(corpus, manifest, load_vocabulary(corpus).facts)
