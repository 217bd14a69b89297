"""Next fires after Redis' clock went back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from app.core.activity.claims import TaskClaims
from app.core.models import JobSpec
from app.core.queue import DueJob, Queue
from app.core.redis_client import RedisLink
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.services.scheduler.clock_recovery import CHORE, CLAIM_SEC, ClockRecovery
from app.services.scheduler.spec_cache import CompiledSpecs
from tests.support.waiting import wait_until_async

DAY_MS = 86_400_000
STEP = "1740830400000"
Make = Callable[[str], ClockRecovery]
Start = Callable[[str], Awaitable[ClockRecovery]]


@pytest.fixture
def make(queue: Queue, keys: Keys) -> Make:
    def back(scheduler: str) -> ClockRecovery:
        claims = TaskClaims(queue.scripts, scheduler)
        return ClockRecovery(queue, keys, CompiledSpecs(queue, "Asia/Jakarta"), claims)

    return back


@pytest.fixture
async def start(make: Make) -> AsyncIterator[Start]:
    """Return a function that starts a loop; all loops are stopped in the end."""
    stop, tasks = asyncio.Event(), list[asyncio.Task[None]]()

    async def begin(scheduler: str) -> ClockRecovery:
        back = make(scheduler)
        tasks.append(asyncio.create_task(back.run(stop)))
        return back

    yield begin
    stop.set()
    await asyncio.gather(*tasks)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.scheduler.clock_recovery._PAGE", 2)


@pytest.fixture
def marks_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the continuous walk, which would find the same."""

    async def nothing(_self: ClockRecovery) -> None:
        return

    monkeypatch.setattr(ClockRecovery, "_check_net", nothing)


async def save(jobs: JobStore, job_id: str) -> int:
    """Store an hourly job; return the instant of its next fire.

    It fires half an hour from now: a recovery looks some minutes back, and must find no slot there.
    """
    minute = (datetime.now(UTC).minute + 30) % 60
    schedule = {"cron": f"{minute} * * * *", "timezone": "UTC"}
    spec = JobSpec.model_validate(
        {"job_id": job_id, "type": "test.job", "schedule": schedule, "overlap": "allow"}
    )
    await jobs.create(spec, actor="t", origin="test")
    return (await jobs.get(job_id)).next_run_at or 0


async def put_ahead(link: RedisLink, keys: Keys, job_id: str, slot_ms: int) -> None:
    """Set a job's next fire as a clock that was ahead would have set it."""
    await link.call("ZADD", keys.schedule, slot_ms, job_id)
    await link.call("HSET", keys.job(job_id), "slot", slot_ms)


async def test_next_fire_in_a_far_future_is_computed_again(
    jobs: JobStore, link: RedisLink, keys: Keys, make: Make
) -> None:
    """The clock went back by a day: the next fire is moved to now, others stay as they are."""
    right = await save(jobs, "right")
    await put_ahead(link, keys, "ahead", await save(jobs, "ahead") + DAY_MS)
    assert await make("s1").recompute(STEP, asyncio.Event()) == 1
    assert (await jobs.get("ahead")).next_run_at == right
    assert (await jobs.get("right")).next_run_at == right


async def test_slots_since_the_step_back_are_not_left_out(
    jobs: JobStore, link: RedisLink, keys: Keys, make: Make
) -> None:
    """The look comes some seconds after the clock went back: the next fire is the first slot since then."""
    spec = {"job_id": "each-second", "type": "test.job", "schedule": {"interval_sec": 1}, "overlap": "allow"}
    await jobs.create(JobSpec.model_validate(spec), actor="t", origin="test")
    first = (await jobs.get("each-second")).next_run_at or 0
    await put_ahead(link, keys, "each-second", first + DAY_MS)
    step_ms = first - 5000
    assert await make("s1").recompute(str(step_ms), asyncio.Event()) == 1
    assert (await jobs.get("each-second")).next_run_at == step_ms + 1000


@pytest.mark.usefixtures("marks_alone")
async def test_a_step_back_that_no_scheduler_saw_is_dealt_with(
    jobs: JobStore, link: RedisLink, keys: Keys, queue: Queue, start: Start
) -> None:
    """The lease clock is ahead: the first process to touch it leaves the mark, a start finds it."""
    right = await save(jobs, "job")
    await put_ahead(link, keys, "job", right + DAY_MS)
    await link.call("HSET", keys.lease_clock, "at", right + DAY_MS)
    await queue.renew("w1", [])
    await start("s1")
    await wait_until_async(lambda: _fires_at(jobs, "job", right))
    await wait_until_async(lambda: _is_seen(link, keys))


@pytest.mark.usefixtures("marks_alone")
async def test_a_step_back_that_a_scheduler_saw_is_dealt_with(
    jobs: JobStore, link: RedisLink, keys: Keys, start: Start
) -> None:
    """Another scheduler may be the one that looks through."""
    right = await save(jobs, "job")
    await put_ahead(link, keys, "job", right + DAY_MS)
    first = await start("s1")
    await start("s2")
    await first.note(int(STEP), DAY_MS)
    await wait_until_async(lambda: _fires_at(jobs, "job", right))


async def test_a_start_without_a_step_back_reads_no_spec(
    jobs: JobStore, link: RedisLink, keys: Keys, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 100,000 jobs that took 23 s of processor time; a step that was dealt with costs two reads."""
    await save(jobs, "job")
    await link.call("HSET", keys.lease_clock, "went_back", STEP)
    await link.call("HSET", keys.meta, "clock_back_seen", STEP)
    looked, reads = list[str](), list[int]()

    async def recompute(_self: ClockRecovery, step: str, _stop: asyncio.Event) -> int:
        looked.append(step)
        return 0

    async def page(_self: ClockRecovery, after: int, _size: int) -> tuple[list[DueJob], None]:
        reads.append(after)
        return [], None

    monkeypatch.setattr(ClockRecovery, "recompute", recompute)
    monkeypatch.setattr(ClockRecovery, "_page", page)
    await start("s1")
    # The continuous walk reads its first page: then the loop is past its decision.
    await wait_until_async(lambda: reads == [0])
    assert looked == []


@pytest.mark.usefixtures("small_pages")
async def test_a_look_through_goes_on_in_another_scheduler(
    jobs: JobStore,
    link: RedisLink,
    keys: Keys,
    make: Make,
) -> None:
    """The first one is stopped after its first page; that page is not done again."""
    names = [f"job-{number}" for number in range(5)]
    for name in names:
        await put_ahead(link, keys, name, await save(jobs, name) + DAY_MS)
    stop = _StopAtOnce()
    assert await make("s1").recompute(STEP, stop) == 2
    await TaskClaims(Scripts(link, keys), "s1").release(CHORE)
    assert await make("s2").recompute(STEP, asyncio.Event()) == 3
    assert await link.call("HGET", keys.meta, "clock_back_seen") == STEP


@pytest.mark.usefixtures("small_pages")
async def test_a_look_through_ends_if_another_scheduler_has_taken_over(
    jobs: JobStore,
    link: RedisLink,
    keys: Keys,
    make: Make,
) -> None:
    """A scheduler that was stopped meanwhile does one page and leaves the rest."""
    for number in range(5):
        name = f"job-{number}"
        await put_ahead(link, keys, name, await save(jobs, name) + DAY_MS)
    assert await TaskClaims(Scripts(link, keys), "s2").take(CHORE, CLAIM_SEC)
    assert await make("s1").recompute(STEP, asyncio.Event()) == 2
    assert await link.call("HGET", keys.meta, "clock_back_seen") is None


async def test_a_next_fire_too_far_ahead_without_a_mark_is_found(
    jobs: JobStore, link: RedisLink, keys: Keys, start: Start
) -> None:
    """A page of the continuous walk is checked at intervals."""
    right = await save(jobs, "job")
    await put_ahead(link, keys, "job", right + DAY_MS)
    await start("s1")
    await wait_until_async(lambda: _fires_at(jobs, "job", right))


class _StopAtOnce(asyncio.Event):
    """Is set as soon as a task waits for it."""

    async def wait(self) -> Any:
        self.set()
        return await super().wait()


async def _fires_at(jobs: JobStore, job_id: str, instant_ms: int) -> bool:
    return (await jobs.get(job_id)).next_run_at == instant_ms


async def _is_seen(link: RedisLink, keys: Keys) -> bool:
    step = await link.call("HGET", keys.lease_clock, "went_back")
    return step is not None and step == await link.call("HGET", keys.meta, "clock_back_seen")
