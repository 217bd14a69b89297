from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from app.core.activity.events import Events
from app.core.clock import SystemClock, from_ms
from app.core.config import Settings
from app.core.models import JobSpec
from app.core.queue import Queue
from app.core.records import RunRecord
from app.core.redis_client import RedisLink
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.services.scheduler import timers
from app.services.scheduler.firing import INVALID_PUSH_MS, Firing
from app.services.scheduler.spec_cache import CompiledSpecs
from app.services.scheduler.timers import ServerClock, Sleeper
from tests.support.queue.scheduler_loops import scheduler_loops
from tests.support.waiting import wait_until_async

# A late fire was not woken by its slot but by a look long after it.
LATE_MS = 5_000
StartSchedulers = Callable[[int], Awaitable[list[Firing]]]


@pytest.fixture
async def start(settings: Settings, clock: SystemClock) -> AsyncIterator[StartSchedulers]:
    def firing(queue: Queue, server_clock: ServerClock, alarm: Sleeper) -> Firing:
        return Firing(queue, CompiledSpecs(queue, settings.timezone), clock, server_clock, alarm)

    async with scheduler_loops(settings, firing) as begin:
        yield begin


def spec(job_id: str = "job", **fields: Any) -> JobSpec:
    values = {"job_id": job_id, "type": "test.job", "schedule": {"interval_sec": 1}, "overlap": "allow"}
    return JobSpec.model_validate({**values, **fields})


async def save(jobs: JobStore, wanted: JobSpec) -> None:
    await jobs.create(wanted, actor="t", origin="test")


async def put_entry(link: RedisLink, keys: Keys, job_id: str, slot_ms: int) -> None:
    """Let a job's next fire be this slot, as it was left by a scheduler some time ago."""
    await link.call("ZADD", keys.schedule, slot_ms, job_id)
    await link.call("HSET", keys.job(job_id), "slot", slot_ms)


async def slot_runs(runs: RunStore, job_id: str) -> list[RunRecord]:
    page = await runs.list(RunFilter(job_id=job_id), None, 200)
    return sorted(page.items, key=lambda run: run.slot_ms or 0)


def lateness_ms(run: RunRecord) -> int:
    return run.created_at - (run.slot_ms or 0)


@pytest.fixture
def rare_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let idle loops sleep so long that a slot which does not wake them is far too late."""
    monkeypatch.setattr(timers, "IDLE_SEC", 3600.0)


@pytest.mark.usefixtures("rare_looks")
async def test_a_job_fires_at_each_slot_and_on_time(
    jobs: JobStore, runs: RunStore, start: StartSchedulers
) -> None:
    """Three slots of a 1 s job: each once, none left out, none early, none late."""
    await start(1)
    await save(jobs, spec())
    await wait_until_async(lambda: _has_runs(runs, "job", 3))
    fired = await slot_runs(runs, "job")
    slots = [run.slot_ms for run in fired]
    first = slots[0] or 0
    assert slots == [first + i * 1000 for i in range(len(slots))]
    assert first % 1000 == 0
    assert all(run.run_id == f"job@{run.slot_ms}" for run in fired)
    assert all(0 <= lateness_ms(run) < LATE_MS for run in fired)


async def _has_runs(runs: RunStore, job_id: str, count: int) -> bool:
    return len(await slot_runs(runs, job_id)) >= count


@pytest.mark.usefixtures("rare_looks")
async def test_a_due_job_wakes_a_sleeping_scheduler(
    jobs: JobStore, runs: RunStore, start: StartSchedulers, clock: SystemClock
) -> None:
    """A slot that comes before everything known is fired on time, not at the next look."""
    await start(1)
    await save(jobs, spec(schedule={"at": from_ms(clock.now_ms() + 300).isoformat()}))
    await wait_until_async(lambda: _has_runs(runs, "job", 1))
    (run,) = await slot_runs(runs, "job")
    assert lateness_ms(run) < LATE_MS


async def test_several_schedulers_fire_each_slot_once(
    jobs: JobStore, runs: RunStore, start: StartSchedulers
) -> None:
    """Three replicas, forty jobs: every slot between the first and the last has exactly one run."""
    loops = await start(3)
    names = [f"job-{number}" for number in range(40)]
    for name in names:
        await save(jobs, spec(name))
    await wait_until_async(lambda: _has_runs(runs, names[-1], 4), 60)
    total = 0
    for name in names:
        slots = [run.slot_ms or 0 for run in await slot_runs(runs, name)]
        assert slots == list(range(slots[0], slots[-1] + 1, 1000)), name
        total += len(slots)
    assert sum(loop.words["FIRED"] for loop in loops) >= total


async def test_missed_slots_are_recorded_and_the_latest_runs(
    jobs: JobStore, runs: RunStore, start: StartSchedulers, queue: Queue
) -> None:
    """Ten minutes without a scheduler: one range in the ledger, one run, then on time again."""
    await save(jobs, spec(schedule={"interval_sec": 60}))
    first = queue.clock.now_ms() // 60_000 * 60_000 - 600_000
    await put_entry(queue.link, queue.keys, "job", first)
    await start(1)
    await wait_until_async(lambda: _has_runs(runs, "job", 1))
    (run,) = await slot_runs(runs, "job")
    assert run.slot_ms == first + 600_000
    (missed,) = await jobs.ledger("job", 10)
    assert (missed.first, missed.last, missed.slots, missed.reason) == (first, first + 540_000, 10, "missed")
    assert (await jobs.get("job")).next_run_at == first + 660_000


async def test_a_spec_that_cannot_be_read_does_not_stop_the_others(
    jobs: JobStore, runs: RunStore, start: StartSchedulers, queue: Queue
) -> None:
    """It is written off as invalid, pushed on by an hour, and its neighbour fires."""
    link, keys, clock = queue.link, queue.keys, queue.clock
    for name in ("broken", "fine"):
        await save(jobs, spec(name))
    await link.call("HSET", keys.versions("broken"), 1, '{"spec": "{]"}')
    await start(1)
    await wait_until_async(lambda: _has_runs(runs, "fine", 2))
    (entry,) = await jobs.ledger("broken", 10)
    assert (entry.slots, entry.reason) == (1, "invalid")
    assert await slot_runs(runs, "broken") == []
    score = float(await link.call("ZSCORE", keys.schedule, "broken"))
    assert score > clock.now_ms() + INVALID_PUSH_MS - 60_000
    listed = (await Events(link, keys).find(100)).items
    assert [event.data["reason"] for event in listed if event.type.startswith("schedule.")] == ["invalid"]


async def test_a_broken_record_does_not_stop_the_batch(
    jobs: JobStore, runs: RunStore, start: StartSchedulers, link: RedisLink, keys: Keys
) -> None:
    """A key of the wrong type fails the script for all; one by one, the others fire."""
    for name in ("a-fine", "broken", "c-fine"):
        await save(jobs, spec(name))
    await link.call("SET", keys.active("broken"), "not a set")
    await start(1)
    await wait_until_async(lambda: _has_runs(runs, "a-fine", 2))
    await wait_until_async(lambda: _has_runs(runs, "c-fine", 2))
    await link.call("DEL", keys.active("broken"))


async def test_disabled_job_stops_firing(jobs: JobStore, runs: RunStore, start: StartSchedulers) -> None:
    """After disabling, no later slot becomes a run."""
    await start(1)
    for name in ("off", "on"):
        await save(jobs, spec(name))
    await wait_until_async(lambda: _has_runs(runs, "off", 1))
    await jobs.set_enabled("off", enabled=False)
    before = await slot_runs(runs, "off")
    await wait_until_async(lambda: _has_runs(runs, "on", len(before) + 2))
    assert len(await slot_runs(runs, "off")) == len(before)


async def test_overlap_skip_leaves_out_slots_of_a_busy_job(
    jobs: JobStore, runs: RunStore, start: StartSchedulers
) -> None:
    """The first run stays unclaimed, so every later slot is in the ledger."""
    await start(2)
    await save(jobs, spec(overlap="skip"))
    await wait_until_async(lambda: _has_ledger(jobs, "job", 2))
    assert len(await slot_runs(runs, "job")) == 1
    assert {entry.reason for entry in await jobs.ledger("job", 10)} == {"overlap"}


async def _has_ledger(jobs: JobStore, job_id: str, slots: int) -> bool:
    return sum(entry.slots for entry in await jobs.ledger(job_id, 100)) >= slots


async def test_slots_that_fired_before_the_clock_went_back_do_not_fire_again(
    jobs: JobStore, runs: RunStore, start: StartSchedulers, link: RedisLink, keys: Keys
) -> None:
    """The schedule comes by them once more; they go into the ledger, and the next new one fires."""
    await start(1)
    await save(jobs, spec())
    await wait_until_async(lambda: _has_runs(runs, "job", 2))
    first = (await slot_runs(runs, "job"))[0].slot_ms or 0
    await put_entry(link, keys, "job", first)
    await link.call("PUBLISH", keys.wake, "schedule")
    await wait_until_async(lambda: _has_ledger(jobs, "job", 1))
    seen = len(await slot_runs(runs, "job"))
    await wait_until_async(lambda: _has_runs(runs, "job", seen + 1))
    slots = [run.slot_ms for run in await slot_runs(runs, "job")]
    assert len(slots) == len(set(slots))
    assert {entry.reason for entry in await jobs.ledger("job", 10)} == {"clock_went_back"}


async def test_idle_scheduler_asks_once_a_second(
    start: StartSchedulers, queue: Queue, clock: SystemClock
) -> None:
    """Nothing due means one look a second, not a busy poll."""
    (firing,) = await start(1)
    link = firing._queue.link
    await wait_until_async(lambda: link.round_trips >= 4)
    before, since = link.round_trips, clock.monotonic()
    await wait_until_async(lambda: link.round_trips >= before + 3)
    assert clock.monotonic() - since > 2.0
