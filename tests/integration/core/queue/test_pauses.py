"""Pausing and resuming: the events, the order of returned runs, and repeats."""

from __future__ import annotations

import orjson
import pytest

from app.core.errors import JobNotFound, NotFound, StateConflict
from app.core.ids import scheduled_run_id
from app.core.models import JobSpec, Schedule
from app.core.queue import FireItem
from app.core.queue.pauses import Pauses, Scope, ScopeKind
from app.core.redis_client import Arg, RedisLink
from app.core.specs.runs import run_of
from app.core.specs.store import JobStore
from app.core.storage.scripts import Scripts
from tests.support.queue.paused import EVERYTHING, TYPE, Paused, job_scope
from tests.support.queue.queue_driver import QueueDriver

SECOND = 1_000


@pytest.fixture
def paused(driver: QueueDriver, jobs: JobStore) -> Paused:
    return Paused(driver, jobs)


class Recorded(Scripts):
    """Sends every script several times, as a link does that loses answers, and remembers each answer."""

    def __init__(self, link: RedisLink, scripts: Scripts, times: int = 1) -> None:
        super().__init__(link, scripts.keys)
        self._times = times
        self.answers: list[list[Arg]] = []

    async def run(self, name: str, /, *args: Arg, **named: Arg) -> list[Arg]:
        for _ in range(self._times):
            self.answers.append(await super().run(name, *args, **named))
        return self.answers[-1]


async def test_resume_gives_600_of_600_back_in_order(
    paused: Paused, driver: QueueDriver, link: RedisLink, scripts: Scripts
) -> None:
    """In three scripts of 256 at most, oldest first, each once."""
    run_ids = await paused.hold(600, EVERYTHING)
    recorded = Recorded(link, scripts)
    pauses = Pauses(link, recorded, scripts.keys, driver.queue.clock)
    assert (await pauses.resume(EVERYTHING, "budi")).released == 600
    assert recorded.answers == [["MORE", 256], ["MORE", 256], ["DONE", 88]]
    assert await paused.held(EVERYTHING) == []
    assert await paused.claim_all() == run_ids


async def test_resume_sent_again_gives_each_run_back_once(
    paused: Paused, driver: QueueDriver, link: RedisLink, scripts: Scripts
) -> None:
    """Each script sent three times: every run has one entry, and the end has one event."""
    run_ids = await paused.hold(600, EVERYTHING)
    pauses = Pauses(link, Recorded(link, scripts, times=3), scripts.keys, driver.queue.clock)
    await pauses.resume(EVERYTHING, "budi")
    assert await link.call("XLEN", driver.keys.ready("normal")) == 600
    assert [event.type for event in await driver.events() if event.type == "queue.resumed"] == [
        "queue.resumed"
    ]
    assert await paused.claim_all() == run_ids


async def test_resume_goes_on_while_a_worker_claims(paused: Paused, driver: QueueDriver) -> None:
    """Claims between the scripts of a resume take the returned runs, and no run is held again."""
    run_ids = await paused.hold(5, EVERYTHING)
    [pause] = await paused.pauses.list()
    pause_id = orjson.loads(await driver.link.call("HGET", driver.keys.pauses, "all"))["id"]
    claimed: list[str] = []
    for expected in (["MORE", 2], ["MORE", 2], ["DONE", 1]):
        assert await driver.queue.scripts.run("queue/resume", "all", pause_id, "ana", 2) == expected
        claimed += [run.run_id for run in (await driver.claim()).runs]
    assert claimed == run_ids
    assert pause.held == 5


async def test_pausing_twice_is_one_pause(paused: Paused, driver: QueueDriver) -> None:
    """The second call gets the first one's reason, with the current count; there is one event."""
    first = await paused.pauses.pause(EVERYTHING, "ana", "Redis moves")
    await driver.enqueue()
    await paused.claim_all()
    second = await paused.pauses.pause(EVERYTHING, "budi", "again")
    assert (second.since_ms, second.actor, second.reason) == (first.since_ms, "ana", "Redis moves")
    assert (first.held, second.held) == (0, 1)
    assert (first.is_new, second.is_new) == (True, False)
    assert (first.is_changed, second.is_changed) == (True, False)
    assert [event.type for event in await driver.events()].count("queue.paused") == 1


async def test_the_last_pause_of_a_scope_says_its_end(paused: Paused, driver: QueueDriver) -> None:
    """A pause for good over a timed one stays; a timed one over it ends then. Who began and why is kept."""
    ends = await driver.now_ms() + 60_000
    for until_ms, indexed in ((ends, [str(ends)]), (None, []), (ends + 1, [str(ends + 1)])):
        pause = await paused.pauses.pause(EVERYTHING, "ana", until_ms=until_ms)
        found = await driver.link.call("ZRANGE", driver.keys.pause_ends, 0, -1, "WITHSCORES")
        assert (pause.until_ms, pause.is_changed, found[1:]) == (until_ms, True, indexed)
    assert await paused.pauses.end(EVERYTHING, "scheduler") == 0
    assert len(await paused.pauses.list()) == 1


async def test_a_pause_after_the_end_of_another_is_a_new_one(paused: Paused, driver: QueueDriver) -> None:
    """No scheduler has removed the first; its call, sent again, changes nothing."""
    run = {"scope": "all", "actor": "ana", "reason": "first", "is_known": "1"}
    over = await driver.now_ms() - 1_000
    await driver.queue.scripts.run("queue/pause", **run, id="first", ends_at=over)
    second = await paused.pauses.pause(EVERYTHING, "budi", "second")
    assert (second.actor, second.reason, second.until_ms, second.is_new) == ("budi", "second", None, True)
    assert await driver.queue.scripts.run("queue/pause", **run, id="first", ends_at=over) == ["OVER", ""]
    [pause] = await paused.pauses.list()
    assert pause.until_ms is None


async def test_pause_and_resume_are_reported(paused: Paused, driver: QueueDriver) -> None:
    """An event each: the scope, who, why; that of a job carries the job's id."""
    await paused.create("job-a")
    await paused.pauses.pause(job_scope(), "ana", 'a|b "c"')
    ended = (await paused.pauses.resume(job_scope(), "budi")).ended
    assert ended is not None
    assert (ended.actor, ended.reason) == ("ana", 'a|b "c"')
    reported = [event for event in await driver.events() if event.type.startswith("queue.")]
    assert [(event.type, event.job_id, event.data["actor"]) for event in reported] == [
        ("queue.paused", "job-a", "ana"),
        ("queue.resumed", "job-a", "budi"),
    ]
    assert reported[0].data == {"scope": "job", "name": "job-a", "actor": "ana", "reason": 'a|b "c"'}


async def test_resume_of_what_is_not_paused_changes_nothing(paused: Paused, driver: QueueDriver) -> None:
    """No event, nothing given back."""
    await driver.enqueue()
    before = await driver.snapshot()
    resumed = await paused.pauses.resume(EVERYTHING, "ana")
    assert (resumed.ended, resumed.released) == (None, 0)
    assert await driver.snapshot() == before


async def test_a_pause_of_what_does_not_exist_is_not_found(paused: Paused) -> None:
    """A job must be stored; a type must have a job, unless the caller knows its handler."""
    unknown, unused = job_scope("nobody"), Scope(ScopeKind.TYPE, "no.such")
    for act in (paused.pauses.pause, paused.pauses.resume):
        with pytest.raises(JobNotFound):
            await act(unknown, "ana")
        with pytest.raises(NotFound, match=r"no\.such"):
            await act(unused, "ana")
    assert (await paused.pauses.pause(unused, "ana", known=True)).scope == unused
    assert (await paused.pauses.resume(unused, "ana")).ended is not None
    await paused.create("job-a")
    assert (await paused.pauses.pause(TYPE, "ana")).scope == TYPE


async def test_a_pause_sent_again_after_its_end_pauses_nothing(paused: Paused, scripts: Scripts) -> None:
    """Its answer was lost, and somebody resumed before the repeat came."""
    word, _ = await scripts.run("queue/pause", "all", "once", "ana", "", "")
    assert word == "PAUSED"
    await paused.pauses.resume(EVERYTHING, "budi")
    assert await scripts.run("queue/pause", "all", "once", "ana", "", "") == ["OVER", ""]
    assert await paused.pauses.list() == []


async def test_a_pause_that_was_resumed_meanwhile_says_so(
    paused: Paused, driver: QueueDriver, link: RedisLink, scripts: Scripts
) -> None:
    """The caller learns that nothing is paused."""

    class ResumedBetween(Scripts):
        async def run(self, name: str, /, *args: Arg, **named: Arg) -> list[Arg]:
            await super().run(name, *args, **named)
            await paused.pauses.resume(EVERYTHING, "budi")
            return await super().run(name, *args, **named)

    pauses = Pauses(link, ResumedBetween(link, scripts.keys), scripts.keys, driver.queue.clock)
    with pytest.raises(StateConflict, match="meanwhile"):
        await pauses.pause(EVERYTHING, "ana")


async def test_a_resume_ends_no_later_pause(paused: Paused, driver: QueueDriver, scripts: Scripts) -> None:
    """Sent again, or going on with its pages, it leaves alone what was paused since."""
    run_ids = await paused.hold(3, EVERYTHING)
    earlier = orjson.loads(await driver.link.call("HGET", driver.keys.pauses, "all"))["id"]
    assert await scripts.run("queue/resume", "all", earlier, "ana", 2) == ["MORE", 2]
    await paused.pause(EVERYTHING)
    assert await scripts.run("queue/resume", "all", earlier, "ana", 2) == ["PAUSED", 0]
    assert await paused.claim_all() == []
    assert sorted(await paused.held(EVERYTHING)) == sorted(run_ids)


async def test_scopes_hold_side_by_side(paused: Paused) -> None:
    """What one scope gives back is held by the next, until the last of them is resumed."""
    await paused.create("job-a")
    run_ids = await paused.hold(3, EVERYTHING, TYPE, job_scope())
    for scope, following in ((job_scope(), TYPE), (TYPE, EVERYTHING)):
        assert await paused.held(scope) == run_ids
        assert (await paused.resume(scope)).released == 3
        assert await paused.claim_all() == []
        assert (await paused.held(scope), await paused.held(following)) == ([], run_ids)
    await paused.resume(EVERYTHING)
    assert await paused.claim_all() == run_ids


async def test_a_wider_resume_leaves_narrower_pauses_alone(paused: Paused) -> None:
    """Resuming everything gives nothing back that a job's own pause holds."""
    await paused.create("job-a")
    run_ids = await paused.hold(2, EVERYTHING, job_scope())
    assert (await paused.resume(EVERYTHING)).released == 0
    assert await paused.held(job_scope()) == run_ids


async def test_pauses_are_listed_oldest_first(paused: Paused, driver: QueueDriver) -> None:
    """Each with what it holds."""
    await paused.create("job-a")
    assert await paused.pauses.list() == []
    await paused.hold(2, job_scope())
    await paused.pause(TYPE)
    since = await driver.now_ms() + 1
    stored = {"id": "x", "since": since, "actor": "budi", "reason": ""}
    await driver.link.call("HSET", driver.keys.pauses, "all", orjson.dumps(stored))
    found = await paused.pauses.list()
    assert [(each.scope, each.held) for each in found][-1] == (EVERYTHING, 0)
    assert {(each.scope, each.held) for each in found[:2]} == {(job_scope(), 2), (TYPE, 0)}


@pytest.mark.parametrize("scope", [EVERYTHING, TYPE, job_scope("tick")], ids=lambda scope: scope.text)
async def test_a_slot_of_a_paused_job_is_in_the_ledger(
    paused: Paused, driver: QueueDriver, scope: Scope
) -> None:
    """A pause made a moment before holds the slot; slots in a row are one range; then the next one fires."""
    spec = JobSpec(job_id="tick", type=TYPE.name, schedule=Schedule(interval_sec=1))
    await paused.jobs.create(spec, actor="ana", origin="test")
    slot = (await driver.now_ms()) // SECOND * SECOND - 100 * SECOND
    await driver.link.call("ZADD", driver.keys.schedule, slot, "tick")
    await paused.pause(scope)
    items = [_fire(spec, slot + number * SECOND) for number in range(3)]
    assert await driver.queue.fire(items[:2]) == ["SKIPPED", "SKIPPED"]
    assert await driver.link.call("ZCARD", driver.keys.runs) == 0
    found = [
        (each.first, each.last, each.slots, each.reason) for each in await paused.jobs.ledger("tick", 10)
    ]
    assert found == [(slot, slot + SECOND, 2, "paused")]
    assert (await driver.fields(driver.keys.metrics))["slots|paused"] == "2"
    await paused.resume(scope)
    assert await driver.queue.fire(items[2:]) == ["FIRED"]


def _fire(spec: JobSpec, slot: int) -> FireItem:
    run_id, trace = scheduled_run_id(spec.job_id, slot), "ab" * 16
    return FireItem(
        job_id=spec.job_id,
        version=1,
        expected_score_ms=slot,
        slot_ms=slot,
        previous_slot_ms=slot - SECOND,
        miss=None,
        next_slot_ms=slot + SECOND,
        next_score_ms=slot + SECOND,
        overlap=spec.overlap.value,
        run=run_of(spec, 1, run_id=run_id, source="schedule", trace_id=trace),
    )
