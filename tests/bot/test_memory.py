"""The inbox: no event is lost, and none is worked on twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, select

from bot.memory import ATTEMPTS, Inbox, StoredEvent, event
from ingest import database

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LEASE = timedelta(seconds=10)
SOON = NOW + timedelta(seconds=1)
LATE = NOW + LEASE


@pytest.fixture
def inbox(engine: Engine) -> Inbox:
    return Inbox(engine, "here", LEASE)


@pytest.fixture
def elsewhere(engine: Engine) -> Inbox:
    return Inbox(engine, "there", LEASE)


def mention(number: int = 1, **changes: Any) -> StoredEvent:
    told = StoredEvent(
        event_id=f"Ev{number}",
        team="T1",
        channel="C1",
        ts=f"{number}.0001",
        kind="app_mention",
        payload={"text": f"May we use Acme for case {number}?"},
    )
    return replace(told, **changes)


def claimed(inbox: Inbox, now: datetime = NOW) -> StoredEvent:
    found = inbox.claim(now)
    assert found is not None
    return found


# Accepting


def test_an_accepted_event_is_claimed_as_it_came(inbox: Inbox) -> None:
    assert inbox.accept(mention(), NOW)
    assert inbox.waiting(NOW) == 1
    assert inbox.claim(NOW) == mention(attempt=1)
    assert inbox.waiting(NOW) == 0


def test_an_empty_inbox_has_nothing_to_claim(inbox: Inbox) -> None:
    assert inbox.claim(NOW) is None
    assert inbox.waiting(NOW) == 0


def test_the_oldest_event_comes_first(inbox: Inbox) -> None:
    for number in (3, 1, 2):
        inbox.accept(mention(number), NOW)
    assert [claimed(inbox).event_id for _ in range(3)] == ["Ev3", "Ev1", "Ev2"]


def test_an_event_delivered_again_is_not_accepted_again(inbox: Inbox, elsewhere: Inbox) -> None:
    assert inbox.accept(mention(), NOW)
    assert not elsewhere.accept(mention(), SOON)
    assert inbox.waiting(SOON) == 1


def test_a_message_that_comes_as_two_kinds_of_event_is_accepted_once(inbox: Inbox) -> None:
    assert inbox.accept(mention(), NOW)
    assert not inbox.accept(mention(event_id="Ev2", kind="message"), NOW)
    assert inbox.waiting(NOW) == 1


def test_what_looks_alike_in_another_team_or_channel_is_something_else(inbox: Inbox) -> None:
    assert inbox.accept(mention(), NOW)
    assert inbox.accept(mention(team="T2"), NOW)
    assert inbox.accept(mention(event_id="Ev2", channel="C2"), NOW)


def test_events_about_no_message_are_told_apart_by_their_id_alone(inbox: Inbox) -> None:
    first = mention(1, ts="", kind="app_home_opened")
    second = mention(2, ts="", kind="app_home_opened")
    assert inbox.accept(first, NOW)
    assert inbox.accept(second, NOW)
    assert not inbox.accept(second, NOW)
    assert claimed(inbox) == replace(first, attempt=1)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(payload=st.dictionaries(st.text(), ANY_JSON, max_size=4))
def test_whatever_people_type_comes_back(inbox: Inbox, payload: dict[str, Any]) -> None:
    inbox.accept(mention(payload=payload), NOW)
    found = claimed(inbox)
    inbox.done(found, NOW)
    inbox.forget(LATE)
    assert found.payload == payload


# Working


def test_what_one_works_on_nobody_else_gets(inbox: Inbox, elsewhere: Inbox) -> None:
    inbox.accept(mention(), NOW)
    claimed(inbox)
    assert elsewhere.claim(SOON) is None
    assert inbox.claim(SOON) is None


def test_a_claim_that_nobody_renews_is_claimed_by_somebody_else(
    inbox: Inbox, elsewhere: Inbox
) -> None:
    inbox.accept(mention(), NOW)
    claimed(inbox)
    assert elsewhere.waiting(LATE - timedelta(microseconds=1)) == 0
    assert elsewhere.claim(LATE - timedelta(microseconds=1)) is None
    assert elsewhere.waiting(LATE) == 1
    assert elsewhere.claim(LATE) == mention(attempt=2)


def test_a_claim_that_is_renewed_is_kept(inbox: Inbox, elsewhere: Inbox) -> None:
    inbox.accept(mention(), NOW)
    mine = claimed(inbox)
    assert inbox.renew(mine, SOON)
    assert elsewhere.claim(LATE) is None
    assert elsewhere.claim(SOON + LEASE) is not None


def test_who_lost_a_claim_is_told_and_changes_nothing(inbox: Inbox, elsewhere: Inbox) -> None:
    inbox.accept(mention(), NOW)
    lost = claimed(inbox)
    claimed(elsewhere, LATE)
    assert not inbox.renew(lost, LATE)
    assert not inbox.failed(lost, LATE)
    assert inbox.waiting(LATE) == 0


def test_a_thread_that_hung_does_not_hold_what_another_thread_of_its_process_took(
    inbox: Inbox,
) -> None:
    inbox.accept(mention(), NOW)
    hung = claimed(inbox)
    taken = claimed(inbox, LATE)
    assert not inbox.renew(hung, LATE)
    assert inbox.renew(taken, LATE)


def test_what_is_done_is_never_worked_on_again(inbox: Inbox) -> None:
    inbox.accept(mention(), NOW)
    inbox.done(claimed(inbox), SOON)
    assert not inbox.accept(mention(), SOON)
    assert inbox.claim(LATE + LEASE) is None


def test_what_is_done_by_one_who_lost_the_claim_is_done(inbox: Inbox, elsewhere: Inbox) -> None:
    inbox.accept(mention(), NOW)
    slow = claimed(inbox)
    second = claimed(elsewhere, LATE)
    inbox.done(slow, LATE)
    assert not elsewhere.renew(second, LATE)
    assert not elsewhere.failed(second, LATE)
    assert elsewhere.claim(LATE + LEASE) is None


@pytest.mark.parametrize("working", [False, True])
def test_a_redelivery_of_what_is_not_finished_does_not_drop_it(inbox: Inbox, working: bool) -> None:
    inbox.accept(mention(), NOW)
    if working:
        claimed(inbox)
    assert not inbox.accept(mention(), SOON)
    assert claimed(inbox, LATE).event_id == "Ev1"


def test_what_failed_is_tried_again_until_the_last_attempt(inbox: Inbox) -> None:
    inbox.accept(mention(), NOW)
    given_up = [inbox.failed(claimed(inbox), NOW) for _ in range(ATTEMPTS)]
    assert given_up == [False, False, True]
    assert inbox.claim(LATE) is None
    assert not inbox.accept(mention(), LATE)


def test_an_event_that_kills_each_worker_is_given_up(
    inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    inbox.accept(mention(1), NOW)
    inbox.accept(mention(2), NOW + 3 * LEASE)
    for attempt in range(ATTEMPTS):
        assert claimed(inbox, NOW + attempt * LEASE).event_id == "Ev1"
    assert claimed(inbox, NOW + ATTEMPTS * LEASE).event_id == "Ev2"
    assert "Gave up event Ev1" in caplog.text
    assert inbox.claim(NOW + 9 * LEASE) == mention(2, attempt=2)


# Forgetting


def stored(engine: Engine) -> list[Any]:
    with database.reading(engine) as connection:
        return list(connection.execute(select(event).order_by(event.c.id)))


@pytest.mark.parametrize("give_up", [False, True])
def test_the_words_of_a_finished_event_are_cleared_at_once(
    inbox: Inbox, engine: Engine, give_up: bool
) -> None:
    inbox.accept(mention(), NOW)
    assert "Acme" in str(stored(engine))
    if give_up:
        while not inbox.failed(claimed(inbox, SOON), SOON):
            pass
    else:
        inbox.done(claimed(inbox), SOON)
    (row,) = stored(engine)
    assert "Acme" not in str(row)
    assert (row.payload, row.event_id, row.finished_at) == (None, "Ev1", SOON)
    assert row.given_up is give_up


def test_only_what_was_finished_long_ago_is_forgotten(inbox: Inbox, engine: Engine) -> None:
    for number in range(4):
        inbox.accept(mention(number), NOW)
    inbox.done(claimed(inbox), NOW)
    inbox.done(claimed(inbox), SOON)
    claimed(inbox)
    assert inbox.forget(SOON) == 1
    assert [row.event_id for row in stored(engine)] == ["Ev1", "Ev2", "Ev3"]
    assert inbox.forget(SOON) == 0


# Many at once

WORKERS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from bot.memory import Inbox
from ingest import database

url, owner = sys.argv[1:]
inbox = Inbox(database.connect(url), owner)
now = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

def work(_):
    mine = []
    while (claimed := inbox.claim(now)) is not None:
        mine.append(claimed)
        inbox.done(claimed, now)
    return mine

print("ready", flush=True)
sys.stdin.read()
with ThreadPoolExecutor(4) as pool:
    for mine in pool.map(work, range(4)):
        print(*[each.event_id for each in mine])
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    """A process that has said its first line; it reads standard input until that is closed."""
    started = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "ready\n"
    return started


def test_each_event_is_claimed_once_by_all_threads_of_all_processes(
    inbox: Inbox, database_url: str
) -> None:
    for number in range(200):
        inbox.accept(mention(number), NOW)
    with ExitStack() as stack:
        workers = [
            stack.enter_context(start(WORKERS, database_url, owner)) for owner in ("here", "there")
        ]
        for each in workers:
            assert each.stdin is not None
            each.stdin.close()
        told = [each.stdout.read().split() for each in workers if each.stdout]
    assert [each.returncode for each in workers] == [0, 0]
    claims = Counter(name for names in told for name in names)
    assert claims == Counter({f"Ev{number}": 1 for number in range(200)})
    assert inbox.waiting(LATE) == 0


ACCEPT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from bot.memory import Inbox, StoredEvent
from ingest import database

inbox = Inbox(database.connect(sys.argv[1]), sys.argv[2])
now = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

def accept(number):
    # The second process is told of the same messages under other ids, as Slack does.
    told = StoredEvent(f"{sys.argv[2]}{number}", "T1", "C1", f"{number}.1", "message", {})
    return inbox.accept(told, now)

print("ready", flush=True)
sys.stdin.read()
with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(accept, [*range(50)] * 2)))
"""


def test_each_message_is_accepted_once_by_all_threads_of_all_processes(
    inbox: Inbox, database_url: str
) -> None:
    with ExitStack() as stack:
        doors = [stack.enter_context(start(ACCEPT, database_url, name)) for name in ("Ev", "Other")]
        for each in doors:
            assert each.stdin is not None
            each.stdin.close()
        accepted = [int(each.stdout.read()) for each in doors if each.stdout]
    assert sum(accepted) == 50
    assert inbox.waiting(NOW) == 50


HOLD = """
import sys
from datetime import UTC, datetime
from bot.memory import Inbox
from ingest import database

claimed = Inbox(database.connect(sys.argv[1]), "killed").claim(
    datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
)
print("ready" if claimed else "nothing", flush=True)
sys.stdin.read()
"""


def test_the_event_of_a_process_that_is_killed_is_claimed_after_its_lease(
    inbox: Inbox, database_url: str
) -> None:
    inbox.accept(mention(), NOW)
    with start(HOLD, database_url) as holder:
        holder.send_signal(signal.SIGKILL)
        assert holder.wait(timeout=30) == -signal.SIGKILL
    assert inbox.claim(LATE - timedelta(seconds=1)) is None
    assert not inbox.accept(mention(), LATE - timedelta(seconds=1))
    survivor = claimed(inbox, LATE)
    assert survivor == mention(attempt=2)
    inbox.done(survivor, LATE)
    assert inbox.claim(LATE + LEASE) is None


# A simple model of it, and any order of calls


@dataclass
class Modelled:
    """What we know of one event: ``free_at`` None means finished."""

    free_at: datetime | None
    attempts: int = 0
    owner: str = ""


class InboxMachine(RuleBasedStateMachine):
    """Two owners do whatever they may in any order; the model is a list in order of arrival."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        with database.transaction(self.engine) as connection:
            connection.execute(event.delete())
        self.inboxes = {name: Inbox(self.engine, name, LEASE) for name in ("here", "there")}
        self.now = NOW
        self.model: dict[str, Modelled] = {}
        self.claims: list[tuple[str, StoredEvent]] = []

    @rule(seconds=st.sampled_from([1, 5, 10]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(owner=st.sampled_from(["here", "there"]), number=st.integers(0, 5))
    def accept(self, owner: str, number: int) -> None:
        told = mention(number)
        assert self.inboxes[owner].accept(told, self.now) is (told.event_id not in self.model)
        self.model.setdefault(told.event_id, Modelled(self.now))

    @rule(owner=st.sampled_from(["here", "there"]))
    def claim(self, owner: str) -> None:
        found = self.inboxes[owner].claim(self.now)
        expected = self._next(owner)
        assert (found and found.event_id) == expected
        if found is not None:
            assert found.attempt == self.model[found.event_id].attempts
            assert found.payload
            self.claims.append((owner, found))

    def _next(self, owner: str) -> str | None:
        for name, known in self.model.items():
            if known.free_at is None or known.free_at > self.now:
                continue
            if known.attempts < ATTEMPTS:
                known.free_at, known.owner = self.now + LEASE, owner
                known.attempts += 1
                return name
            known.free_at = None
        return None

    def _held(self, owner: str, told: StoredEvent) -> Modelled | None:
        known = self.model[told.event_id]
        held = known.free_at is not None and (known.owner, known.attempts) == (owner, told.attempt)
        return known if held else None

    @precondition(lambda self: self.claims)
    @rule(choice=st.data())
    def renew(self, choice: st.DataObject) -> None:
        owner, told = choice.draw(st.sampled_from(self.claims))
        known = self._held(owner, told)
        assert self.inboxes[owner].renew(told, self.now) is (known is not None)
        if known is not None:
            known.free_at = self.now + LEASE

    @precondition(lambda self: self.claims)
    @rule(choice=st.data())
    def done(self, choice: st.DataObject) -> None:
        owner, told = choice.draw(st.sampled_from(self.claims))
        self.inboxes[owner].done(told, self.now)
        self.model[told.event_id].free_at = None

    @precondition(lambda self: self.claims)
    @rule(choice=st.data())
    def failed(self, choice: st.DataObject) -> None:
        owner, told = choice.draw(st.sampled_from(self.claims))
        known = self._held(owner, told)
        last = known is not None and told.attempt >= ATTEMPTS
        assert self.inboxes[owner].failed(told, self.now) is last
        if known is not None:
            known.free_at, known.owner = (None if last else self.now), ""

    @invariant()
    def as_many_wait_as_should(self) -> None:
        free = [known.free_at for known in self.model.values() if known.free_at is not None]
        waiting = sum(moment <= self.now for moment in free)
        assert self.inboxes["here"].waiting(self.now) == waiting


def test_any_order_of_calls_does_what_the_model_does(engine: Engine) -> None:
    machine = type("Machine", (InboxMachine,), {"engine": engine})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=25, stateful_step_count=25, deadline=None)
    )
