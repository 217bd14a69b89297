"""Skipped slots with real schedulers: the ledger, runs in their place, calendars that change, restarts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from app.core.clock import SystemClock, from_ms
from app.core.config import Settings
from app.core.models import Calendar, JobSpec
from app.core.queue import Queue
from app.core.records import LedgerRange
from app.core.redis_client import RedisLink
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.services.scheduler.firing import Firing
from app.services.scheduler.spec_cache import CompiledSpecs
from app.services.scheduler.timers import ServerClock, Sleeper
from tests.support.queue.scheduler_loops import scheduler_loops
from tests.support.waiting import wait_until_async

ZONE = "Asia/Jakarta"
MINUTE = 60_000
StartSchedulers = Callable[[int], Awaitable[list[Firing]]]


@pytest.fixture
async def start(settings: Settings, clock: SystemClock) -> AsyncIterator[StartSchedulers]:
    def firing(queue: Queue, server_clock: ServerClock, alarm: Sleeper) -> Firing:
        return Firing(queue, CompiledSpecs(queue, ZONE), clock, server_clock, alarm)

    async with scheduler_loops(settings, firing) as begin:
        yield begin


class World:
    """A job as a scheduler left it some time ago."""

    def __init__(self, link: RedisLink, keys: Keys, jobs: JobStore, runs: RunStore, now_ms: int) -> None:
        self.link, self.keys, self.jobs, self.runs = link, keys, jobs, runs
        self.now_ms = now_ms

    async def save(self, schedule: dict[str, Any], **fields: Any) -> None:
        """Save a job, as if a month ago."""
        values = {"job_id": "job", "type": "test.job", "schedule": schedule, "overlap": "allow", **fields}
        await self.jobs.create(JobSpec.model_validate(values), actor="t", origin="test")
        saved = orjson.loads(await self.link.call("HGET", self.keys.versions("job"), 1))
        saved["at"] -= 30 * 86_400_000
        await self.link.call("HSET", self.keys.versions("job"), 1, orjson.dumps(saved).decode())

    async def due_since(self, slot_ms: int) -> None:
        """Let the next fire be this slot, as a scheduler left it."""
        await self.link.call("ZADD", self.keys.schedule, slot_ms, "job")
        await self.link.call("HSET", self.keys.job("job"), "slot", slot_ms)

    def local(self, ms: int) -> datetime:
        """Return a time on the clocks of the zone."""
        return from_ms(ms).astimezone(ZoneInfo(ZONE))

    def window(self, first_ms: int, end_ms: int) -> str:
        """Return a window of a day, from one minute up to another."""
        return f"{self.local(first_ms):%H:%M}-{self.local(end_ms):%H:%M}"

    async def ledger(self) -> list[LedgerRange]:
        """Return the ledger, oldest first."""
        return (await self.jobs.ledger("job", 100))[::-1]

    async def fired(self, count: int) -> list[int]:
        """Wait for some runs, and return their slots."""
        await wait_until_async(lambda: self._has(count))
        page = await self.runs.list(RunFilter(job_id="job"), None, 200)
        return sorted(run.slot_ms or 0 for run in page.items)

    async def _has(self, count: int) -> bool:
        return len((await self.runs.list(RunFilter(job_id="job"), None, 200)).items) >= count


@pytest.fixture
def world(link: RedisLink, keys: Keys, jobs: JobStore, runs: RunStore, clock: SystemClock) -> World:
    return World(link, keys, jobs, runs, clock.now_ms() // MINUTE * MINUTE)


async def test_a_window_is_one_record_when_the_schedule_goes_on(world: World, start: StartSchedulers) -> None:
    """10 hours of 30 seconds, which end with the slot that is due: 1,200 slots, one range, no run."""
    opens = world.now_ms
    closes = opens - 600 * MINUTE
    schedule = {"interval_sec": 30, "skip": {"windows": [world.window(closes, opens)]}}
    await world.save(schedule, misfire="run_all")
    await world.due_since(opens)
    await start(2)
    assert (await world.fired(1))[0] == opens
    (entry,) = await world.ledger()
    assert (entry.first, entry.last, entry.slots) == (closes, opens - 30_000, 1200)
    assert entry.reason == f"skip:window:{world.window(closes, opens)}"


async def test_a_scheduler_that_starts_in_a_skipped_stretch_fires_nothing_of_it(
    world: World, start: StartSchedulers
) -> None:
    """It was down since before the window, which lasts: late slots before it run once, none within."""
    closes = world.now_ms - 120 * MINUTE
    opens = world.now_ms + 120 * MINUTE
    last = closes - 10 * MINUTE
    skip = {"windows": [world.window(closes, opens)]}
    await world.save({"interval_sec": 600, "skip": skip})
    await world.due_since(last - 20 * MINUTE - last % (10 * MINUTE))
    await start(1)
    fired = await world.fired(1)
    assert len(fired) == 1
    assert fired[0] < closes
    record = await world.jobs.find("job")
    assert record.next_run_at is not None
    assert record.next_run_at >= opens
    assert [entry.reason for entry in await world.ledger()] == ["missed"]


async def test_a_calendar_that_changes_while_schedulers_run_holds_at_once(
    world: World, start: StartSchedulers
) -> None:
    """A closed calendar stops a job of each second; opened again, the job goes on."""
    await world.jobs.calendars.put("leave", Calendar(), "t")
    await world.save({"interval_sec": 1, "skip": {"calendars": ["leave"]}}, misfire="skip")
    await start(1)
    await world.fired(2)
    day = world.local(world.now_ms)
    dates = [f"{day + timedelta(days=away):%Y-%m-%d}" for away in (-1, 0, 1)]
    await world.jobs.calendars.put("leave", Calendar(dates=dates), "t")
    await world.jobs.refire(["job"])
    stopped = await world.jobs.find("job")
    assert stopped.next_run_at is not None
    assert world.local(stopped.next_run_at).date() == day.date() + timedelta(days=2)
    closed = len((await world.runs.list(RunFilter(job_id="job"), None, 200)).items)
    await world.jobs.calendars.put("leave", Calendar(), "t")
    await world.jobs.refire(["job"])
    await world.fired(closed + 2)


async def test_a_due_slot_that_a_calendar_closes_makes_no_run(world: World, start: StartSchedulers) -> None:
    """The calendar is closed after the slot was set: the scheduler reads it when the slot is due."""
    day = world.local(world.now_ms)
    await world.jobs.calendars.put("leave", Calendar(), "t")
    await world.save({"interval_sec": 3600, "skip": {"calendars": ["leave"]}})
    slot = world.now_ms - world.now_ms % (60 * MINUTE)
    await world.due_since(slot)
    await world.jobs.calendars.put("leave", Calendar(dates=[f"{day:%Y-%m-%d}"]), "t")
    (firing,) = await start(1)
    await wait_until_async(lambda: _is(firing.words.total() > 0))
    assert (await world.runs.list(RunFilter(job_id="job"), None, 10)).items == []
    record = await world.jobs.find("job")
    assert record.next_run_at is not None
    assert world.local(record.next_run_at).date() > day.date()


async def _is(condition: bool) -> bool:
    return condition


async def test_a_run_in_place_of_a_skipped_slot_says_so(world: World, start: StartSchedulers) -> None:
    """Its slot is on a closed day; it runs the day before, which is due now."""
    fires = world.local(world.now_ms)
    closed = fires + timedelta(days=1)
    schedule = {
        "cron": f"{fires.minute} {fires.hour} {closed.day} {closed.month} *",
        "timezone": ZONE,
        "skip": {"dates": [f"{closed:%m-%d}"]},
        "on_skip": "before",
    }
    await world.save(schedule)
    await world.due_since(world.now_ms)
    await start(1)
    assert await world.fired(1) == [world.now_ms]
    run = (await world.runs.list(RunFilter(job_id="job"), None, 1)).items[0]
    assert run.moved == {
        "from": world.now_ms + 86_400_000,
        "reason": f"skip>{fires:%Y-%m-%d}:date:{closed:%Y-%m-%d}",
    }
