"""One ingestion: what each outcome means, what a failure leaves alone, what is not done twice."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.archive import Archive
from ingest.domain import (
    Cause,
    Kind,
    Option,
    Origin,
    Outcome,
    Reading,
    Snapshot,
    Source,
    Status,
    Vendor,
)
from ingest.embedding import Embedder
from ingest.errors import FetchError, OfflineError, ReadError, UnreachableError
from ingest.fetch import Fetcher
from ingest.health import Health
from ingest.index import Index
from ingest.manifest import Manifest
from ingest.readers import Known
from ingest.run import Ingestion, Report

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

LICENCE = """ACME MODEL LICENCE

1. Grant. You may use the Acme model for any purpose, in your own products.

2. Size. If more than forty thousand people use your product in a month, ask Acme for a contract.

3. Naming. Every model that you derive must carry the word Acme at the start of its name.
"""
POLICY = """ACME USE POLICY

You must not use the Acme model to steer aircraft or to set the price of bread.
"""


@dataclass
class Shelf:
    """A reader whose documents lie in memory: text to read, or the error that fetching raises."""

    documents: dict[str, str | FetchError]
    revision: str = "shelf-1"
    serial: bool = False
    asked: list[str] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)

    def check(self, source_id: str, options: Mapping[str, Option]) -> None:
        return

    def fetch(
        self, source: Source, fetcher: Fetcher, known: Known, now: datetime
    ) -> list[Snapshot]:
        self.asked.append(source.id)
        document = self.documents[source.id]
        if isinstance(document, FetchError):
            raise document
        snapshot = Snapshot(source.id, f"shelf:{source.id}", "text/plain", now, document.encode())
        if known.last is not None and known.last.sha256 == snapshot.sha256:
            return []
        return [snapshot]

    def read(self, source: Source, snapshot: Snapshot) -> Reading:
        if source.id in self.unreadable:
            raise ReadError(f"{source.id} is scribbles.")
        return Reading(snapshot.content.decode().strip(), published=date(2026, 1, 2))


def source_of(name: str) -> Source:
    return Source(
        id=name,
        vendor="acme",
        title=f"Acme {name.partition('/')[2]}",
        kind=Kind.LICENCE,
        reader="shelf",
        options={},
        url="https://acme.test/legal",
        key=name,
    )


@dataclass
class House:
    """An ingestion with everything real but the reader."""

    shelf: Shelf
    ingestion: Ingestion

    @property
    def archive(self) -> Archive:
        return self.ingestion.archive

    def run(self, now: datetime = NOW, only: tuple[str, ...] | None = None) -> Report:
        with Fetcher() as fetcher:
            return self.ingestion.run(fetcher, now, lambda: 0.0, only)

    def top(self, question: str) -> str:
        generation = self.archive.generation()
        assert generation is not None
        index = Index.open(generation, self.ingestion.embedder, self.ingestion.home)
        return index.search(question, None, 1)[0].chunk.text


@pytest.fixture
def house(engine: Engine, embedder: Embedder, tmp_path: Path) -> House:
    shelf = Shelf({"acme/licence": LICENCE, "acme/policy": POLICY})
    manifest = Manifest(
        {"acme": Vendor("acme", "Acme")}, {name: source_of(name) for name in shelf.documents}
    )
    archive = Archive(engine)
    health = Health(engine)
    return House(shelf, Ingestion(manifest, {"shelf": shelf}, archive, health, embedder, tmp_path))


def told(report: Report, name: str) -> Outcome:
    return next(each for each in report.outcomes if each.source == name)


def test_what_is_seen_for_the_first_time_is_new_and_can_be_found(house: House) -> None:
    report = house.run()
    assert {each.status for each in report.outcomes} == {Status.NEW}
    assert told(report, "acme/licence").clauses >= 3
    assert report.embedded == sum(each.embedded for each in report.outcomes) > 0
    assert "forty thousand" in house.top("forty thousand people in a month, ask for a contract")
    current = house.archive.current("acme/licence")
    assert current is not None
    assert current.origin is Origin.FIRST
    assert current.published == date(2026, 1, 2)


def test_a_second_run_over_the_same_texts_embeds_nothing_and_keeps_the_index(house: House) -> None:
    first = house.run()
    second = house.run(NOW + timedelta(days=1))
    assert {each.status for each in second.outcomes} == {Status.UNCHANGED}
    assert second.embedded == 0
    assert second.generation == first.generation


def test_a_new_text_becomes_a_new_version_and_only_its_new_words_are_embedded(house: House) -> None:
    house.run()
    house.shelf.documents["acme/policy"] = POLICY.replace("bread", "butter")
    report = house.run(NOW + timedelta(days=1))
    assert told(report, "acme/policy").status is Status.CHANGED
    assert told(report, "acme/policy").version == 2
    assert told(report, "acme/licence").status is Status.UNCHANGED
    assert told(report, "acme/licence").embedded == 0
    assert "butter" in house.top("may it set the price of butter?")
    assert "bread" in house.archive.versions("acme/policy")[0].text


@pytest.mark.parametrize("failing", ["acme/licence", "acme/policy"])
def test_a_source_that_is_down_stops_no_other_and_what_is_known_of_it_is_served(
    house: House, failing: str
) -> None:
    house.run()
    house.shelf.documents[failing] = UnreachableError("Acme's server gave no answer.")
    report = house.run(NOW + timedelta(days=1))
    outcome = told(report, failing)
    assert (outcome.status, outcome.cause) == (Status.FAILED, Cause.UNREACHABLE)
    assert "gave no answer" in outcome.detail
    assert "Still serving version 1" in outcome.detail
    assert sum(each.status is Status.UNCHANGED for each in report.outcomes) == 1
    assert "forty thousand" in house.top("forty thousand people in a month, ask for a contract")
    assert house.ingestion.health.states()[failing].status is Status.FAILED


def test_a_source_that_fails_on_first_sight_is_told_and_the_rest_is_indexed(house: House) -> None:
    house.shelf.documents["acme/licence"] = UnreachableError("Acme's server gave no answer.")
    report = house.run()
    outcome = told(report, "acme/licence")
    assert (outcome.version, outcome.clauses, outcome.embedded) == (None, 0, 0)
    assert "bread" in house.top("forty thousand people in a month, ask for a contract")


def test_offline_what_is_known_is_served_and_does_not_count_as_checked(house: House) -> None:
    house.run()
    checked = house.ingestion.health.states()["acme/policy"].checked_at
    house.shelf.documents["acme/policy"] = OfflineError("This run may not use the network.")
    with Fetcher(offline=True) as fetcher:
        report = house.ingestion.run(fetcher, NOW + timedelta(days=1), lambda: 0.0)
    outcome = told(report, "acme/policy")
    assert (outcome.status, outcome.version) == (Status.UNCHANGED, 1)
    assert "may not use the network" in outcome.detail
    assert report.to_json()["offline"] is True
    assert house.ingestion.health.states()["acme/policy"].checked_at == checked


def test_offline_what_was_never_read_has_failed(house: House) -> None:
    house.shelf.documents["acme/policy"] = OfflineError("This run may not use the network.")
    with Fetcher(offline=True) as fetcher:
        report = house.ingestion.run(fetcher, NOW, lambda: 0.0)
    assert told(report, "acme/policy").cause is Cause.OFFLINE


def test_bytes_that_are_no_document_are_a_failure_and_change_nothing(house: House) -> None:
    house.run()
    house.shelf.unreadable.add("acme/policy")
    house.shelf.documents["acme/policy"] = "%%%"
    report = house.run(NOW + timedelta(days=1))
    assert told(report, "acme/policy").cause is Cause.UNREADABLE
    assert [each.number for each in house.archive.versions("acme/policy")] == [1]


class Shelves(Shelf):
    """A reader of which every line is an entry that stands beside the others."""

    def fetch(
        self, source: Source, fetcher: Fetcher, known: Known, now: datetime
    ) -> list[Snapshot]:
        lines = str(self.documents[source.id]).splitlines()
        entries = [
            Snapshot(source.id, f"shelf:{n}", "text/plain", now + timedelta(hours=n), each.encode())
            for n, each in enumerate(lines)
        ]
        return [each for each in entries if known.seen(each.address) != each.sha256]

    def read(self, source: Source, snapshot: Snapshot) -> Reading:
        if snapshot.content == b"%%%":
            raise ReadError("These are scribbles.")
        return super().read(source, snapshot)


def test_entries_of_a_serial_source_stand_beside_each_other(house: House) -> None:
    entries = "Rocket 2 is here, and may be sold.\n%%%\nRocket 3 is here, and may be given away."
    shelves = Shelves({**house.shelf.documents, "acme/policy": entries}, serial=True)
    house.ingestion = replace(house.ingestion, readers={"shelf": shelves})
    assert told(house.run(), "acme/policy").cause is Cause.UNREADABLE
    versions = house.archive.versions("acme/policy")
    assert [each.text for each in versions] == [entries.splitlines()[0], entries.splitlines()[2]]
    assert "sold" in house.top("may Rocket 2 be sold?")
    assert "given away" in house.top("may Rocket 3 be given away?")
    shelves.documents["acme/policy"] = entries.replace(
        "%%%", "Rocket 2.1 is here, and may be lent."
    )
    assert told(house.run(NOW + timedelta(days=1)), "acme/policy").status is Status.CHANGED
    assert "lent" in house.top("may Rocket 2.1 be lent?")
    assert [each.origin for each in house.archive.versions("acme/policy")][-1] is Origin.PUBLISHED


def test_an_empty_document_is_unreadable(house: House) -> None:
    house.shelf.documents["acme/policy"] = "   \n"
    assert told(house.run(), "acme/policy").cause is Cause.UNREADABLE


def test_when_our_reader_changes_old_snapshots_are_read_again_as_such(house: House) -> None:
    house.run()
    house.shelf.revision = "shelf-2"
    report = house.run(NOW + timedelta(days=1))
    assert told(report, "acme/licence").status is Status.UNCHANGED
    current = house.archive.current("acme/licence")
    assert current is not None
    assert current.origin is Origin.REREAD
    assert current.reader.startswith("shelf-2")


def test_an_index_that_was_lost_is_built_again_without_embedding(house: House) -> None:
    house.run()
    shutil.rmtree(house.ingestion.home / "index")
    report = house.run(NOW + timedelta(days=1))
    assert report.embedded == 0
    assert "forty thousand" in house.top("forty thousand people in a month, ask for a contract")


class Dying:
    """An embedder that dies on its second batch, as a killed process would."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name = embedder.name
        self.batches = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.batches += 1
        if self.batches > 1:
            raise KeyboardInterrupt
        return self._embedder.embed_documents(texts)


def test_a_run_that_is_killed_while_embedding_keeps_what_it_made(house: House) -> None:
    sections = [f"{n}. Rule {n}. {'Acme forbids it. ' * 70}" for n in range(1, 100)]
    house.shelf.documents["acme/licence"] = "ACME LONG LICENCE\n\n" + "\n\n".join(sections)
    dying = replace(house.ingestion, embedder=Dying(house.ingestion.embedder))  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt), Fetcher() as fetcher:
        dying.run(fetcher, NOW, lambda: 0.0)
    chunks = house.ingestion.serving.now()
    report = house.run()
    assert 0 < report.embedded < len({each.key for each in chunks})


def test_of_release_notes_the_newest_are_searched_and_all_are_kept(house: House) -> None:
    entries = [f"## 1.{n}.0\n\n{'Acme mended something. ' * 40}" for n in range(200, 0, -1)]
    house.shelf.documents["acme/policy"] = "\n\n".join(entries)
    sources = house.ingestion.manifest.sources
    notes = replace(sources["acme/policy"], kind=Kind.RELEASE_NOTES)
    manifest = Manifest(house.ingestion.manifest.vendors, {**sources, "acme/policy": notes})
    house.ingestion = replace(house.ingestion, manifest=manifest)
    house.run()
    searched = [each for each in house.ingestion.serving.now() if each.source == "acme/policy"]
    assert len(searched) == 60
    assert searched[0].text.startswith("## 1.200.0")
    assert len(house.archive.clauses("acme/policy", 1)) >= 200


def test_a_text_that_is_printed_twice_is_searched_once(house: House) -> None:
    sections = "\n\n".join(f"# Rule {n}\n\n{f'Acme forbids number {n}. ' * 30}" for n in range(9))
    house.shelf.documents["acme/policy"] = f"{sections}\n\n{sections}"
    house.run()
    searched = [each for each in house.ingestion.serving.now() if each.source == "acme/policy"]
    assert len({each.text for each in searched}) == len(searched) >= 9
    assert [each.start for each in searched] == sorted(each.start for each in searched)


def test_only_the_named_source_is_followed(house: House) -> None:
    report = house.run(only=("acme/policy",))
    assert [each.source for each in report.outcomes] == ["acme/policy"]
    assert house.shelf.asked == ["acme/policy"]


def test_a_source_that_is_no_longer_declared_leaves_the_index_but_not_the_archive(
    house: House,
) -> None:
    house.run()
    manifest = house.ingestion.manifest
    fewer = Manifest(manifest.vendors, {"acme/policy": manifest.sources["acme/policy"]})
    house.ingestion = replace(house.ingestion, manifest=fewer)
    house.run(NOW + timedelta(days=1))
    assert "forty thousand" not in house.top("forty thousand people in a month, ask for a contract")
    assert house.archive.current("acme/licence") is not None


def test_the_report_says_it_all_in_json(house: House) -> None:
    house.run()
    house.shelf.documents["acme/policy"] = UnreachableError("Acme's server gave no answer.")
    document = house.run(NOW + timedelta(days=1)).to_json()
    assert document["counts"] == {"new": 0, "changed": 0, "unchanged": 1, "failed": 1}
    assert document["offline"] is False
    failed = next(each for each in document["sources"] if each["status"] == "failed")
    assert failed["cause"] == "unreachable"
