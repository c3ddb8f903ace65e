"""History behind what is served: in which order it comes, what is refused, how it goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from ingest.errors import FetchError, ReadError, TooLargeError, UnreachableError
from ingest.fetch import Fetcher
from ingest.filling import Filled
from ingest.health import Health
from ingest.manifest import Manifest
from ingest.past import Past
from ingest.readers import Known, State
from ingest.run import Ingestion, Report

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
BEGAN = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
TERMS = "acme/terms"
ERROR_PAGE = "# 404 Not Found\n\nThe page you requested could not be found."


def terms(days: int) -> str:
    return (
        "ACME TERMS OF SERVICE\n\n"
        "1. Content. You own what the Acme model writes for you, and Acme claims none of it.\n\n"
        f"2. Retention. Acme deletes what you type after {days} days, and keeps no copy of it.\n\n"
        "3. Law. The courts of Port Ellen decide every dispute about these terms of Acme.\n"
    )


@dataclass
class Chronicle:
    """A reader whose carrier keeps history: one text for each month since January."""

    texts: list[str]
    revision: str = "chronicle-1"
    serial: bool = False
    loaded: list[int] = field(default_factory=list)
    down: FetchError | None = None
    dies_at: int = 0
    broken: dict[int, Exception] = field(default_factory=dict)

    def check(self, source_id: str, options: Mapping[str, Option]) -> None:
        return

    def snapshot(self, ordinal: int) -> Snapshot:
        self.loaded.append(ordinal)
        if ordinal == self.dies_at:
            raise KeyboardInterrupt
        if ordinal in self.broken:
            raise self.broken[ordinal]
        content = self.texts[ordinal - 1].encode()
        seen = BEGAN + timedelta(days=30 * (ordinal - 1))
        address = f"chronicle:{ordinal}"
        return Snapshot(TERMS, address, "text/plain", NOW, content, seen_at=seen, ordinal=ordinal)

    def fetch(
        self, source: Source, fetcher: Fetcher, known: Known, now: datetime
    ) -> list[Snapshot]:
        newest = self.snapshot(len(self.texts))
        return [] if known.last and known.last.address == newest.address else [newest]

    def history(
        self, source: Source, fetcher: Fetcher, known: Known, now: datetime
    ) -> Sequence[State]:
        if self.down:
            raise self.down
        return [
            State(
                f"chronicle:{ordinal}",
                BEGAN + timedelta(days=30 * (ordinal - 1)),
                lambda ordinal=ordinal: self.snapshot(ordinal),  # type: ignore[misc]
            )
            for ordinal in range(1, len(self.texts) + 1)
        ]

    def read(self, source: Source, snapshot: Snapshot) -> Reading:
        if snapshot.content == b"%%%":
            raise ReadError("These are scribbles.")
        return Reading(snapshot.content.decode().strip())


@dataclass
class House:
    chronicle: Chronicle
    ingestion: Ingestion

    @property
    def archive(self) -> Archive:
        return self.ingestion.archive

    def run(self) -> Report:
        with Fetcher() as fetcher:
            return self.ingestion.run(fetcher, NOW, lambda: 0.0)

    def fill(self) -> Filled:
        with Fetcher() as fetcher:
            return self.ingestion.fill(fetcher, NOW)

    def numbers(self) -> list[int]:
        return [each.number for each in self.archive.versions(TERMS)]


@pytest.fixture
def house(engine: Engine, embedder: Embedder, tmp_path: Path) -> House:
    chronicle = Chronicle([terms(days) for days in (10, 20, 30, 40)])
    source = Source(
        TERMS, "acme", "Acme Terms", Kind.TERMS, "chronicle", {}, "https://acme.test/", "terms"
    )
    manifest = Manifest({"acme": Vendor("acme", "Acme")}, {TERMS: source})
    readers = {"chronicle": chronicle}
    ingestion = Ingestion(manifest, readers, Archive(engine), Health(engine), embedder, tmp_path)
    return House(chronicle, ingestion)


def test_the_newest_state_is_served_before_history_is_read(house: House) -> None:
    (outcome,) = house.run().outcomes
    assert (outcome.status, outcome.version) == (Status.NEW, 4)
    assert house.chronicle.loaded == [4]
    assert house.numbers() == [4]


def test_every_earlier_state_becomes_a_version_in_its_own_place(house: House) -> None:
    house.run()
    filled = house.fill()
    assert (filled.versions, filled.refused, filled.serves_more) == (3, 0, False)
    versions = house.archive.versions(TERMS)
    assert [each.number for each in versions] == [1, 2, 3, 4]
    assert [each.text for each in versions] == [each.strip() for each in house.chronicle.texts]
    assert [each.seen_at.date() for each in versions][:2] == [date(2026, 1, 10), date(2026, 2, 9)]
    assert [each.origin for each in versions] == [Origin.FIRST, *[Origin.PUBLISHED] * 3]
    current = house.archive.current(TERMS)
    assert current is not None
    assert current.number == 4


def test_the_newest_of_history_comes_first(house: House) -> None:
    house.run()
    recorded: list[int] = []
    keep = house.archive.record

    def watched(snapshot: Snapshot, *rest: object) -> object:
        recorded.append(snapshot.ordinal or 0)
        return keep(snapshot, *rest)  # type: ignore[arg-type]

    house.archive.record = watched  # type: ignore[method-assign, assignment]
    house.fill()
    assert recorded == [3, 2, 1]


def test_filling_in_again_reads_and_embeds_nothing(house: House) -> None:
    house.run()
    house.fill()
    house.chronicle.loaded.clear()
    assert house.fill() == Filled()
    assert house.chronicle.loaded == []


def test_only_the_clauses_that_differ_are_embedded(house: House) -> None:
    house.chronicle.texts = [terms(10)] * 3 + [terms(40)]
    house.run()
    assert house.fill().embedded == 1


def test_where_only_a_tracking_id_a_counter_or_typography_moved_nothing_is_embedded(
    house: House,
) -> None:
    base = terms(10).replace(
        "Acme claims none", "Acme’s [claim](https://acme.test/x?utm_id=1) is none"
    )
    moved = base.replace("utm_id=1", "utm_id=2").replace("’", "'")
    house.chronicle.texts = [
        moved,
        base,
        f"{moved}\nUpdated 22 days ago",
        f"{base}\nUpdated 3 days ago",
    ]
    house.run()
    filled = house.fill()
    assert filled.versions == 3
    assert filled.embedded <= 1  # the two without the line that counts days


def test_new_states_and_those_missed_between_are_picked_up(house: House) -> None:
    house.run()
    house.fill()
    house.chronicle.texts += [terms(50), terms(60)]
    (outcome,) = house.run().outcomes
    assert (outcome.status, outcome.version) == (Status.CHANGED, 6)
    assert house.fill().versions == 1
    assert house.numbers() == [1, 2, 3, 4, 5, 6]


def test_a_fill_that_was_killed_is_gone_on_with(house: House) -> None:
    house.run()
    house.chronicle.dies_at = 2
    with pytest.raises(KeyboardInterrupt):
        house.fill()
    house.chronicle.dies_at = 0
    house.fill()
    assert house.numbers() == [1, 2, 3, 4]
    assert house.archive.unembedded(house.ingestion.embedder.name, [TERMS]) == []


def test_a_version_that_was_recorded_but_not_embedded_is_embedded_later(house: House) -> None:
    house.run()
    with Fetcher() as fetcher, pytest.raises(KeyboardInterrupt):
        dying = replace(house.ingestion, embedder=Dying(house.ingestion.embedder))  # type: ignore[arg-type]
        dying.fill(fetcher, NOW)
    assert house.numbers() == [1, 2, 3, 4]
    assert house.fill().embedded == 3


class Dying:
    """An embedder that dies at once, as a killed process would."""

    def __init__(self, embedder: Embedder) -> None:
        self.name = embedder.name

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise KeyboardInterrupt


def test_an_error_page_in_history_is_refused_with_its_cause(house: House) -> None:
    house.chronicle.texts[1] = ERROR_PAGE
    house.run()
    filled = house.fill()
    assert (filled.versions, filled.refused) == (2, 1)
    assert house.numbers() == [1, 3, 4]
    assert house.archive.refusals(TERMS) == [("chronicle:2", Cause.ERROR_PAGE)]


def test_a_stump_is_judged_by_the_good_text_before_it_not_by_the_stump(house: House) -> None:
    stump = terms(10)[: len(terms(10)) // 5]
    house.chronicle.texts = [terms(10), stump, stump, terms(10)]
    house.run()
    assert house.fill().refused == 2
    assert house.numbers() == [1, 4]


def test_where_the_newest_state_is_an_error_page_the_last_good_one_is_served(house: House) -> None:
    house.chronicle.texts.append(ERROR_PAGE)
    (outcome,) = house.run().outcomes
    assert (outcome.status, outcome.cause) == (Status.FAILED, Cause.ERROR_PAGE)
    assert house.fill().serves_more
    current = house.archive.current(TERMS)
    generation = house.archive.generation()
    assert current is not None
    assert generation is not None
    assert (current.number, generation.chunks) == (4, len(house.ingestion.serving.now()))


def test_an_error_page_after_a_good_state_leaves_the_good_one_served(house: House) -> None:
    house.run()
    house.chronicle.texts.append(ERROR_PAGE)
    (outcome,) = house.run().outcomes
    assert outcome == Outcome(
        TERMS,
        Status.FAILED,
        outcome.detail,
        Cause.ERROR_PAGE,
        version=4,
        clauses=len(house.archive.clauses(TERMS, 4)),
    )
    assert house.numbers() == [4]


def test_scribbles_in_history_stop_nothing(house: House) -> None:
    house.chronicle.texts[0] = "%%%"
    house.run()
    assert house.fill().refused == 1
    assert house.numbers() == [2, 3, 4]


@pytest.mark.parametrize("error", [ReadError("It is damaged."), TooLargeError("It is huge.")])
def test_a_state_whose_bytes_cannot_be_had_is_left_out_and_the_others_are_read(
    house: House, error: Exception
) -> None:
    house.run()
    house.chronicle.broken = {2: error}
    assert house.fill().versions == 2
    assert house.numbers() == [1, 3, 4]
    house.chronicle.broken = {}
    assert house.fill().versions == 1


def test_a_history_that_cannot_be_had_is_told_and_the_rest_goes_on(house: House) -> None:
    house.run()
    house.chronicle.down = UnreachableError("Acme's archive gave no answer.")
    assert house.fill().failed == (TERMS,)
    house.chronicle.down = None
    assert house.fill().versions == 3


def test_when_our_reader_changes_all_of_history_is_read_again(house: House) -> None:
    house.run()
    house.fill()
    house.chronicle.revision = "chronicle-2"
    house.run()
    assert house.fill().reread == 3
    newest = house.archive.versions(TERMS)[1::2]
    assert {each.origin for each in newest} == {Origin.REREAD}
    assert house.archive.outdated(TERMS, house.ingestion.recorder.reading_of(source(house))) == []


def source(house: House) -> Source:
    return house.ingestion.manifest.sources[TERMS]


def test_a_question_about_a_past_day_is_searched_in_what_was_in_force(house: House) -> None:
    house.run()
    house.fill()
    serving = house.ingestion.serving
    past = Past(serving, house.archive)
    for day, days in ((date(2026, 1, 15), 10), (date(2026, 2, 15), 20), (date(2026, 11, 1), 40)):
        forces = serving.in_force([TERMS], day)
        index = past.index(forces, house.ingestion.embedder)
        best = index.search("after how many days does Acme delete what I type?", [TERMS], 1)[0]
        assert f"after {days} days" in best.chunk.text
        assert best.similarity > 0.3
        assert index.knows("retention")
    assert serving.in_force([TERMS], date(2026, 1, 9)) == {}


def test_a_past_whose_vectors_are_still_to_be_made_is_found_by_its_words(house: House) -> None:
    house.run()
    with Fetcher() as fetcher, pytest.raises(KeyboardInterrupt):
        dying = replace(house.ingestion, embedder=Dying(house.ingestion.embedder))  # type: ignore[arg-type]
        dying.fill(fetcher, NOW)
    forces = house.ingestion.serving.in_force([TERMS], date(2026, 1, 15))
    index = Past(house.ingestion.serving, house.archive).index(forces, house.ingestion.embedder)
    assert "after 10 days" in index.search("retention days", None, 1)[0].chunk.text
    assert index.search("retention", ["acme/other"], 1) == []
