"""The manifest: what corpus/ declares to follow, loaded and checked as a whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.domain import Kind, Source, Vendor
from ingest.errors import CorpusError
from ingest.manifest import Manifest, corpus_folder, load_manifest
from ingest.readers import readers
from tests.ingest.pretend_corpus import ACME, COLLECTIONS, ZENITH, edited, write_corpus


def load(corpus: Path) -> Manifest:
    return load_manifest(corpus, readers(corpus))


def test_a_source_takes_reader_options_and_attribution_from_its_collection(tmp_path: Path) -> None:
    manifest = load(write_corpus(tmp_path))
    assert manifest.sources["acme/license-1"] == Source(
        id="acme/license-1",
        vendor="acme",
        title="Acme License 1",
        kind=Kind.LICENCE,
        reader="package",
        options={"wheel": "acme-texts==1.0", "member": "texts/acme-1.txt"},
        url="https://acme.example/license",
        key="acme-1",
        attribution="Acme texts",
        dated=date(2024, 5, 6),
        superseded_by="acme/license",
    )
    assert manifest.sources["acme/license"].incorporates == ("acme/use-policy",)
    assert manifest.vendors["acme"] == Vendor("acme", "Acme", ("acme ai",))


def test_sources_keep_the_order_of_the_files(tmp_path: Path) -> None:
    manifest = load(write_corpus(tmp_path))
    assert list(manifest.vendors) == ["acme", "zenith"]
    assert list(manifest.sources) == [
        "acme/license",
        "acme/license-1",
        "acme/use-policy",
        "zenith/terms",
    ]


def test_a_source_may_add_options_of_its_own_and_name_its_language(tmp_path: Path) -> None:
    own = 'key: policy\n    options: {member: ["a/{key}.txt"]}\n    language: de'
    corpus = write_corpus(tmp_path, {"sources/acme.yml": edited(ACME, "key: policy", own)})
    with pytest.raises(CorpusError, match=r"options\.member is a list; allowed: one text"):
        load(corpus)  # the reader of packages takes one member
    own = own.replace('["a/{key}.txt"]', '"a/{key}.txt"')
    manifest = load(write_corpus(tmp_path, {"sources/acme.yml": edited(ACME, "key: policy", own)}))
    source = manifest.sources["acme/use-policy"]
    assert source.options == {"wheel": "acme-texts==1.0", "member": "a/policy.txt"}
    assert source.language == "de"


def test_a_vendor_may_have_no_documents_of_its_own(tmp_path: Path) -> None:
    corpus = write_corpus(
        tmp_path, {"sources/orbit.yml": "vendor: {id: orbit, name: Orbit}\nsources: []"}
    )
    assert load(corpus).vendors["orbit"].name == "Orbit"


BROKEN = [
    (
        "kind: use-policy",
        "kind: license",
        "sources[2].kind is 'license'; allowed: licence, use-policy, terms, ",
    ),
    (
        "key: policy",
        "key: policy\n    language: english",
        "sources[2].language is 'english'; allowed: ",
    ),
    (
        "key: policy",
        "key: policy\n    options: {member: []}",
        "sources[2].options.member",
    ),
    ("title: Acme License\n    kind", "kind", "sources[0].title is missing"),
    (
        "key: policy",
        "key: policy\n    colour: red",
        "sources[2].colour is no key here; allowed: collection, dated, ",
    ),
    ("id: acme, name", "id: acne, name", "vendor.id is 'acne'; allowed: acme"),
    (
        "id: acme/use-policy",
        "id: zenith/use-policy",
        "sources[2].id is 'zenith/use-policy'; allowed: acme/NAME",
    ),
    ("id: acme/use-policy", "id: acme/", "sources[2].id is 'acme/'; allowed: acme/NAME"),
    ("id: acme/use-policy", "id: acme/../x", "sources[2].id is 'acme/../x'; allowed: acme/NAME"),
    ("id: acme/use-policy", "id: acme/Üse", "sources[2].id is 'acme/Üse'; allowed: acme/NAME"),
    ("id: acme/license-1", "id: acme/license", "sources[1].id is 'acme/license' a second time"),
    (
        "collection: texts",
        "collection: test",
        "sources[0].collection is 'test'; allowed: notes, texts",
    ),
    (
        "https://acme.example/policy",
        "http://acme.example/policy",
        "sources[2].url is 'http://acme.example/policy'; allowed: an https:// address",
    ),
    (
        "https://acme.example/policy",
        "acme.example",
        "sources[2].url is 'acme.example'; allowed: an https:// address",
    ),
    (
        "[acme/use-policy]",
        "[acme/none]",
        "acme/license: incorporates 'acme/none'; allowed: the id of another source",
    ),
    (
        "[acme/use-policy]",
        "[acme/license]",
        "acme/license: incorporates 'acme/license'; allowed: the id of another",
    ),
    (
        "superseded_by: acme/license",
        "superseded_by: acme/license-1",
        "acme/license-1: superseded_by 'acme/license-1'; allowed: the id of a later",
    ),
    (
        "superseded_by: acme/license",
        "superseded_by: gone",
        "acme/license-1: superseded_by 'gone'; allowed: the id of a later",
    ),
    (
        "incorporates: [acme/use-policy]",
        "superseded_by: acme/license-1",
        "superseded_by 'acme/license'; allowed: the id of a later",
    ),
    (
        "key: policy",
        "key: ../policy",
        "sources[2]: acme/use-policy: options.member is 'texts/../policy.txt'",
    ),
    ("2024-05-06", "'May 2024'", "sources[1].dated is 'May 2024'; allowed: a valid date"),
    ("sources:", "sources: [", "not valid YAML"),
    ("id: acme/license-1\n", "id: acme/license-1\n    key: again\n", "the key 'key' stands twice"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), BROKEN)
def test_a_broken_vendor_file_is_refused_with_file_key_and_reason(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    corpus = write_corpus(tmp_path, {"sources/acme.yml": edited(ACME, old, new)})
    with pytest.raises(CorpusError) as told:
        load(corpus)
    assert str(told.value).startswith("corpus/sources/acme.yml")
    assert sentence in str(told.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "reader: file",
            "reader: mail",
            "collections.notes.reader is 'mail'; allowed: feed, file, git, package, web",
        ),
        ("articles/{key}.md", "articles/x.md", "collections.notes.options never uses {key}"),
        (
            "attribution: Acme texts",
            "credit: Acme",
            "collections.texts.credit is no key here; allowed: attribution, options, reader",
        ),
        ("options: {path", "option: {path", "collections.notes.options is missing"),
        ("  notes:", "  texts:", "the key 'texts' stands twice"),
    ],
)
def test_a_broken_collection_is_refused_with_file_key_and_reason(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    corpus = write_corpus(tmp_path, {"collections.yml": edited(COLLECTIONS, old, new)})
    with pytest.raises(CorpusError) as told:
        load(corpus)
    assert str(told.value).startswith("corpus/collections.yml")
    assert sentence in str(told.value)


def test_what_a_reader_refuses_is_told_with_the_file(tmp_path: Path) -> None:
    corpus = write_corpus(
        tmp_path, {"sources/zenith.yml": edited(ZENITH, "key: terms", "key: gone")}
    )
    with pytest.raises(
        CorpusError, match=r"^corpus/sources/zenith.yml: sources\[0\]: zenith/terms:"
    ):
        load(corpus)


def test_a_name_of_two_vendors_is_refused_with_both_files(tmp_path: Path) -> None:
    renamed = edited(ZENITH, "name: Zenith", "name: Acme-AI")
    corpus = write_corpus(tmp_path, {"sources/zenith.yml": renamed})
    with pytest.raises(CorpusError) as told:
        load(corpus)
    assert "corpus/sources/zenith.yml" in str(told.value)
    assert "corpus/sources/acme.yml" in str(told.value)


def test_a_folder_without_collections_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"corpus/collections.yml cannot be read"):
        load(tmp_path)


def test_the_packaged_corpus_lies_beside_the_code() -> None:
    folder = corpus_folder()
    assert (folder / "collections.yml").is_file()
    assert folder == Path(__file__).resolve().parents[2] / "corpus"
