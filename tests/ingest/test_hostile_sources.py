"""Whatever a vendor's site does, what we know of its document stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest import database
from ingest.archive import Archive
from ingest.domain import Cause, Kind, Origin, Outcome, Source, Status, Vendor
from ingest.embedding import Embedder
from ingest.fetch import Fetcher
from ingest.health import Health
from ingest.manifest import Manifest
from ingest.readers.web import WebReader
from ingest.run import Ingestion
from tests.ingest.hostile_server import (
    HOST,
    OTHER_HOST,
    TERMS,
    TROUBLES,
    Act,
    HostileServer,
    Pause,
    document,
    moved,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ID = "acme/terms"
CAUSES = {
    "429": Cause.BUSY,
    "500": Cause.BUSY,
    "slow headers": Cause.UNREACHABLE,
    "slow body": Cause.UNREACHABLE,
    "200 MB": Cause.TOO_LARGE,
    "200 MB without warning": Cause.TOO_LARGE,
    "gzip bomb": Cause.TOO_LARGE,
    "empty members": Cause.TOO_LARGE,
    "wrong charset": Cause.UNREADABLE,
    "error page": Cause.ERROR_PAGE,
    "cookie wall": Cause.WALL,
    "metadata": Cause.FORBIDDEN_ADDRESS,
    "gone": Cause.MISSING,
    "in circles": Cause.REFUSED,
}


STUMP = """<!doctype html><html lang="en"><body><main><h1>Acme Terms of Use</h1>
<p>You own what you put into Acme, now and at all times.</p></main></body></html>"""


@dataclass
class House:
    """An ingestion of one page of the hostile server."""

    server: HostileServer
    ingestion: Ingestion

    def plays(self, act: Act) -> None:
        self.server.play("/terms", act)

    def run(self, now: datetime = NOW) -> Outcome:
        with Fetcher(
            timeout=1.0, max_bytes=1_000_000, reach=self.server.reach(), manners=Pause().manners()
        ) as fetcher:
            return self.ingestion.run(fetcher, now, lambda: 0.0).outcomes[0]

    def texts(self) -> list[str]:
        return [each.text for each in self.ingestion.archive.versions(ID)]


@pytest.fixture
def house(embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    engine = database.connect(f"sqlite:///{tmp_path / 'smallprint.db'}")
    database.migrate(engine)
    with HostileServer() as server:
        server.configure(monkeypatch)
        address = server.play("/terms", document())
        options = {"pages": address}
        source = Source(ID, "acme", "Acme Terms", Kind.TERMS, "web", options, address, address)
        manifest = Manifest({"acme": Vendor("acme", "Acme")}, {ID: source})
        archive, health = Archive(engine), Health(engine)
        ingestion = Ingestion(manifest, {"web": WebReader()}, archive, health, embedder, tmp_path)
        yield House(server, ingestion)


def test_every_trouble_has_a_cause_that_is_expected() -> None:
    assert CAUSES.keys() == TROUBLES.keys()


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_is_told_by_its_cause_and_the_last_good_version_stands(
    house: House, trouble: str
) -> None:
    assert house.run().status is Status.NEW
    house.plays(TROUBLES[trouble])
    outcome = house.run(NOW + DAY)
    assert (outcome.status, outcome.cause, outcome.version) == (Status.FAILED, CAUSES[trouble], 1)
    assert outcome.detail.endswith("Still serving version 1.")
    assert outcome.clauses == 3
    generation = house.ingestion.archive.generation()
    assert generation is not None
    assert generation.chunks > 0
    house.plays(document(TERMS.replace("gross", "great")))
    assert house.run(NOW + 2 * DAY).status is Status.CHANGED
    assert len(house.texts()) == 2
    assert house.ingestion.health.troubles()[0].closed_at == NOW + 2 * DAY


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_on_first_sight_leaves_nothing_that_could_be_quoted(
    house: House, trouble: str
) -> None:
    house.plays(TROUBLES[trouble])
    outcome = house.run()
    assert (outcome.status, outcome.cause, outcome.version) == (
        Status.FAILED,
        CAUSES[trouble],
        None,
    )
    assert house.texts() == []


@pytest.mark.parametrize("trouble", ["error page", "cookie wall", "wrong charset"])
def test_what_was_refused_is_kept_with_its_cause(house: House, trouble: str) -> None:
    house.run()
    house.plays(TROUBLES[trouble])
    house.run(NOW + DAY)
    ((_, cause),) = house.ingestion.archive.refusals(ID)
    assert cause is CAUSES[trouble]
    last = house.ingestion.archive.last_snapshot(ID)
    assert last is not None
    assert b"You own what you put" in last.content


def test_a_page_that_shrinks_to_a_stump_is_refused_until_it_is_whole_again(house: House) -> None:
    house.run()
    house.plays(document(STUMP))
    assert house.run(NOW + DAY).cause is Cause.SHRUNK
    house.plays(document())
    assert house.run(NOW + 2 * DAY).status is Status.UNCHANGED
    assert len(house.texts()) == 1


def test_another_selector_reads_the_same_bytes_again_and_is_no_change_of_theirs(
    house: House,
) -> None:
    house.run()
    sources = house.ingestion.manifest.sources
    options = {**sources[ID].options, "remove": "h2"}
    chosen = {ID: replace(sources[ID], options=options)}
    manifest = Manifest(house.ingestion.manifest.vendors, chosen)
    house.ingestion = replace(house.ingestion, manifest=manifest)
    assert house.run(NOW + DAY).status is Status.UNCHANGED
    versions = house.ingestion.archive.versions(ID)
    assert [each.origin for each in versions] == [Origin.FIRST, Origin.REREAD]
    assert "Our liability" in versions[0].text
    assert "Our liability" not in versions[1].text


def test_a_page_that_has_not_changed_is_not_sent_again(house: House) -> None:
    house.plays(document(etag='"one"'))
    house.run()
    sent = house.server.sent
    assert house.run(NOW + DAY).status is Status.UNCHANGED
    assert house.server.asked[-1].headers["If-None-Match"] == '"one"'
    assert house.server.sent - sent < len(TERMS)


def test_a_document_that_moved_to_another_host_is_followed_and_the_way_remembered(
    house: House,
) -> None:
    new_place = house.server.play("/legal/terms", document(), OTHER_HOST)
    house.plays(moved(new_place))
    assert house.run().status is Status.NEW
    last = house.ingestion.archive.last_snapshot(ID)
    assert last is not None
    assert new_place in last.response["redirects"]
    assert house.server.pages() == [f"{HOST}/terms", f"{OTHER_HOST}/legal/terms"]
