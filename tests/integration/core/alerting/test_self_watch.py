"""The self-watch: what it finds in a real Redis, what it opens, and what ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from app.core.alerting.overdue_jobs import MARGIN_MS, MOST_JOBS
from app.core.alerting.self_watch import TASK, SelfWatch
from app.core.execution.attempt import encode_check
from app.core.incidents.store import KEPT_MS, IncidentStore
from app.core.incidents.titles import record_title
from app.core.models import AttemptOutcome, JobSpec, Schedule
from app.core.monitors.models import MonitorReport
from app.core.monitors.store import MonitorStore
from app.core.queue import DueJob, MissedSlots
from app.core.queue.pauses import EVERYTHING, Pauses, Scope, ScopeKind
from tests.support.alerting import beat
from tests.support.fake_clock import FakeClock
from tests.support.http.fake_remote import Pinged
from tests.support.queue.queue_driver import QueueDriver

if TYPE_CHECKING:
    from app.core.clock import SystemClock
    from app.core.config import Settings
    from app.core.queue import Queue
    from app.core.redis_client import RedisLink
    from app.core.specs.store import JobStore
    from app.core.storage.scripts import Scripts

HOUR_MS = 3_600_000
SERVICES = ("scheduler", "worker", "connector")


class Platform:
    """Processes that beat or do not, and one process that watches."""

    def __init__(self, link: RedisLink, scripts: Scripts, clock: SystemClock, settings: Settings) -> None:
        self.link, self.scripts, self.keys, self.settings = link, scripts, scripts.keys, settings
        self.incidents = IncidentStore(link, scripts, scripts.keys, clock)
        self.clock = FakeClock(clock.now())
        self.watch = SelfWatch(link, scripts, self.clock, settings, "api-here-1-aaaa")

    async def passes(self, seconds: float, *alive: str, state: str = "{}") -> None:
        """Let time pass, in which these services beat, and look."""
        for _ in range(round(seconds / 2.5)):
            self.clock.advance(2.5)
            await beat(self.scripts, *alive, state=state)
            await self.watch.look()
        await self.watch.watch_services()

    async def open(self) -> dict[str, str]:
        """Return the severities of open incidents by cause."""
        return {each.key: each.severity for each in (await self.incidents.list("open")).items}


@pytest.fixture
def platform(link: RedisLink, scripts: Scripts, clock: SystemClock, settings: Settings) -> Platform:
    return Platform(link, scripts, clock, settings)


async def test_a_healthy_platform_has_no_incident(platform: Platform) -> None:
    """Minutes of heartbeats, and one that comes late."""
    await platform.passes(60, *SERVICES)
    await platform.passes(10)
    await platform.passes(60, *SERVICES)
    assert await platform.open() == {}


async def test_a_silent_scheduler_is_one_incident_until_it_is_back(platform: Platform) -> None:
    """It is noticed within 15 s, opened once, and closed by its next heartbeat."""
    await platform.passes(5, *SERVICES)
    await platform.passes(10, "worker", "connector")
    assert await platform.open() == {}
    for _ in range(3):
        await platform.passes(5, "worker", "connector")
        assert await platform.open() == {"scheduler_silent": "critical"}
    await platform.passes(2.5, *SERVICES)
    assert await platform.open() == {}
    [incident] = (await platform.incidents.list()).items
    assert (incident.count, [entry.what for entry in incident.timeline]) == (1, ["opened", "closed"])
    assert incident.actions == []


async def test_no_worker_is_an_incident_once_a_restart_would_be_over(platform: Platform) -> None:
    """A worker that is replaced has half a minute."""
    await platform.passes(5, *SERVICES)
    await platform.passes(27.5, "scheduler", "connector")
    assert await platform.open() == {}
    await platform.passes(5, "scheduler", "connector")
    assert await platform.open() == {"no_worker": "critical"}
    [incident] = (await platform.incidents.list("open")).items
    assert [(each.action, each.target) for each in incident.actions] == [("start_service", "worker")]


async def test_a_type_that_no_worker_knows_is_an_incident(
    platform: Platform, driver: QueueDriver, jobs: JobStore
) -> None:
    """Its runs wait; the incident names its jobs, and ends with the worker that knows it."""
    for job_id in ("shop", "stock"):
        await jobs.create(JobSpec(job_id=job_id, type="shop.sync"), actor="ana", origin="test")
        await driver.enqueue(job_id, type="shop.sync")
    await platform.passes(5, *SERVICES, state='{"types": ["test.noop"]}')
    assert await platform.open() == {}
    await platform.passes(17.5, *SERVICES, state='{"types": ["test.noop"]}')
    assert await platform.open() == {"no_worker:shop.sync": "warning"}
    [incident] = (await platform.incidents.list("open")).items
    assert (incident.jobs, [each.command for each in incident.actions]) == (
        ["shop", "stock"],
        ["HANDLER_MODULES=MODULE multi-job restart"],
    )
    await platform.passes(2.5, *SERVICES, state='{"types": ["test.noop", "shop.sync"]}')
    assert await platform.open() == {}


async def test_a_queue_that_no_worker_serves_is_an_incident(
    platform: Platform, driver: QueueDriver, jobs: JobStore
) -> None:
    """It names the queue and how to start a worker for it; runs of `default` are not affected."""
    await jobs.create(JobSpec(job_id="render", type="test.noop", queue="gpu"), actor="ana", origin="test")
    await driver.enqueue("render", lane="gpu:normal")
    await platform.passes(2.5, *SERVICES, state='{"types": ["test.noop"], "queues": ["default"]}')
    await platform.passes(20, *SERVICES, state='{"types": ["test.noop"], "queues": ["default"]}')
    assert await platform.open() == {"no_worker:queue:gpu": "warning"}
    [incident] = (await platform.incidents.list("open")).items
    assert (str(record_title(incident)), incident.jobs, [each.command for each in incident.actions]) == (
        "No worker serves the queue gpu",
        ["render"],
        ["WORKER_QUEUES=default,gpu multi-job restart"],
    )
    await platform.passes(5, *SERVICES, state='{"types": ["test.noop"], "queues": ["default", "gpu"]}')
    assert await platform.open() == {}


async def test_runs_that_wait_while_workers_live_are_an_incident(
    platform: Platform, driver: QueueDriver, link: RedisLink
) -> None:
    """Three minutes ready, slots free, none started."""
    run_id = await driver.enqueue()
    state = '{"types": ["test.noop"], "concurrency": 2, "running": []}'
    await platform.passes(2.5, *SERVICES, state=state)
    assert await platform.open() == {}
    ago = await driver.now_ms() - 180_000
    [[entry, fields]] = await link.call("XRANGE", driver.keys.ready("normal"), "-", "+")
    await link.call("XDEL", driver.keys.ready("normal"), entry)
    await link.call("HSET", driver.keys.run(run_id), "queued", ago, "entry", f"{ago}-0")
    await platform.passes(2.5, *SERVICES, state=state)
    assert await platform.open() == {"queue_stuck": "critical"}
    assert fields[1] == run_id
    await driver.queue.cancel(run_id)
    await platform.passes(2.5, *SERVICES, state=state)
    assert await platform.open() == {}


async def test_messages_that_wait_too_long_are_an_incident(
    platform: Platform, driver: QueueDriver, link: RedisLink
) -> None:
    """The connector lives, and sends none of them."""
    ago = await driver.now_ms() - 120_000
    account = "telegram:ops"
    await link.call("HSET", driver.keys.account(account), "enabled", "1")
    await link.call("HSET", driver.keys.accounts, account, 1)
    await link.call("ZADD", driver.keys.outbox_due(account), ago, "m:1")
    await platform.passes(2.5, *SERVICES)
    assert await platform.open() == {"outbox_stuck": "critical"}
    await link.call("DEL", driver.keys.outbox_due(account))
    await platform.passes(2.5, *SERVICES)
    assert await platform.open() == {}


async def test_one_process_watches_at_a_time(platform: Platform, link: RedisLink) -> None:
    """The claim names it; a dead holder loses it within seconds."""
    assert await platform.watch._claims.take(TASK, 6)
    assert 2_000 < await link.call("PTTL", platform.keys.chore(TASK)) <= 6_000


class Overdue:
    """Jobs with a slot each hour, as fires and successes leave them."""

    def __init__(self, platform: Platform, jobs: JobStore, driver: QueueDriver) -> None:
        self.platform, self.jobs, self.driver = platform, jobs, driver

    async def add(self, job_id: str, job_type: str = "test.noop", **more: Any) -> None:
        spec = JobSpec(job_id=job_id, type=job_type, schedule=Schedule(interval_sec=3600), **more)
        await self.jobs.create(spec, actor="t", origin="t")

    async def due(self, job_id: str, ago_ms: int) -> None:
        """Say that the job has had no success in its time since an instant."""
        at = await self.driver.now_ms() - ago_ms
        await self.driver.link.call("ZADD", self.driver.keys.success_due, at, job_id)

    async def succeeds(self, job_id: str) -> None:
        run = await self.driver.start(job_id)
        await self.driver.finish(run)


@pytest.fixture
def overdue(platform: Platform, jobs: JobStore, driver: QueueDriver) -> Overdue:
    return Overdue(platform, jobs, driver)


async def test_a_job_without_success_in_its_time_is_overdue(overdue: Overdue, platform: Platform) -> None:
    """Its time-out and a minute are added; a success ends it."""
    await overdue.add("a", timeout_ms=60_000)
    await overdue.due("a", MARGIN_MS + 30_000)
    await platform.watch.watch_jobs()
    assert await platform.open() == {}
    await overdue.due("a", MARGIN_MS + 90_000)
    for _ in range(2):
        await platform.watch.watch_jobs()
    assert await platform.open() == {"overdue:a": "warning"}
    await overdue.succeeds("a")
    await platform.watch.watch_jobs()
    assert await platform.open() == {}


async def test_an_overdue_job_with_a_better_reason_is_no_second_incident(
    overdue: Overdue, platform: Platform, link: RedisLink, scripts: Scripts, clock: SystemClock
) -> None:
    """It fails, it is paused, or the platform stands still."""
    for job_id in ("failing", "paused"):
        await overdue.add(job_id)
        await overdue.due(job_id, HOUR_MS)
    await overdue.driver.fail("failing")
    pauses = Pauses(link, scripts, scripts.keys, clock)
    await pauses.pause(EVERYTHING, "ana")
    await platform.watch.watch_jobs()
    assert list(await platform.open()) == ["failing:abc"]
    await pauses.resume(EVERYTHING, "ana")
    await platform.passes(15, "worker", "connector")
    await platform.watch.watch_jobs()
    assert sorted(await platform.open()) == ["failing:abc", "scheduler_silent"]
    await platform.passes(2.5, *SERVICES)
    await platform.watch.watch_jobs()
    assert sorted(await platform.open()) == ["failing:abc", "overdue:paused"]


async def test_jobs_that_are_paused_hide_no_overdue_job(
    overdue: Overdue, platform: Platform, link: RedisLink, scripts: Scripts, clock: SystemClock
) -> None:
    """A queue, a type or single jobs are paused, more than are read at once; the one behind them is found."""
    pauses = Pauses(link, scripts, scripts.keys, clock)
    now_ms = await overdue.driver.now_ms()
    for number in range(MOST_JOBS):
        spec = JobSpec(job_id=f"held-{number}", type="test.noop", queue="gpu")
        await overdue.jobs.create(spec, actor="ana", origin="test")
        await link.call("ZADD", platform.keys.success_due, now_ms - 2 * HOUR_MS, spec.job_id)
    await overdue.add("late")
    await overdue.due("late", HOUR_MS)
    await pauses.pause(Scope(ScopeKind.QUEUE, "gpu"), "ana")
    await platform.watch.watch_jobs()
    assert list(await platform.open()) == ["overdue:late"]


async def test_a_backup_is_too_old_after_twice_its_interval(
    overdue: Overdue, platform: Platform, link: RedisLink
) -> None:
    """A new backup job has its time; it is never overdue as well."""
    await overdue.add("nightly", "backup.export")
    await overdue.due("nightly", 4 * HOUR_MS)
    await platform.watch.watch_jobs()
    assert await platform.open() == {}
    now_ms = await overdue.driver.now_ms()
    await link.call("ZADD", platform.keys.successes, now_ms - 3 * HOUR_MS, "nightly")
    await platform.watch.watch_jobs()
    assert await platform.open() == {"backup:nightly": "warning"}
    await link.call("ZADD", platform.keys.successes, now_ms - HOUR_MS, "nightly")
    await platform.watch.watch_jobs()
    assert await platform.open() == {}


async def miss(jobs: JobStore, queue: Queue, job_id: str) -> None:
    record = await jobs.find(job_id)
    score = int(await queue.link.call("ZSCORE", queue.keys.schedule, job_id))
    due = DueJob(job_id, record.version, score, score)
    assert await queue.reschedule(due, score + 1, score + 1, MissedSlots(1_000, 3_000, 3, "missed"))


async def test_missed_slots_end_with_the_next_success_on_time(
    overdue: Overdue, platform: Platform, queue: Queue, link: RedisLink
) -> None:
    """A run that only catches up ends nothing; the last job ends the incident, or a day without a miss."""
    for job_id in ("a", "b"):
        await overdue.add(job_id)
        await miss(overdue.jobs, queue, job_id)
        await overdue.succeeds(job_id)
    await platform.watch.watch_jobs()
    assert await platform.open() == {"slots:missed": "warning"}
    now_ms = await overdue.driver.now_ms()
    await link.call("ZADD", platform.keys.successes, now_ms + HOUR_MS, "a")
    await platform.watch.watch_jobs()
    assert await platform.open() == {"slots:missed": "warning"}
    await link.call("ZADD", platform.keys.successes, now_ms + HOUR_MS, "b")
    await platform.watch.watch_jobs()
    assert await platform.open() == {}
    await miss(overdue.jobs, queue, "a")
    [incident] = (await platform.incidents.list("open")).items
    await link.call("HSET", platform.keys.incident(incident.id), "last", now_ms - 25 * HOUR_MS)
    await platform.watch.watch_jobs()
    assert await platform.open() == {}


async def test_a_sweep_marks_monitors_that_are_paused_or_not_checked(
    overdue: Overdue, platform: Platform, driver: QueueDriver, link: RedisLink, clock: SystemClock
) -> None:
    """Each once; the incident of a paused one ends."""
    down = MonitorReport("down", "https://shop.example", "monitor:shop.example", "status", "status 503")
    for job_id in ("off", "silent", "fine"):
        await overdue.add(job_id)
        await driver.finish(await driver.start(job_id), check=encode_check(down))
    await overdue.jobs.set_enabled("off", enabled=False, actor="ana")
    await link.call("HSET", driver.keys.monitor("silent"), "seen", await driver.now_ms() - 4 * HOUR_MS)
    monitors = MonitorStore(link, platform.scripts, platform.keys, clock)
    assert [await monitors.sweep() for _ in range(2)] == [2, 0]
    states = await link.calls(
        [("HGET", driver.keys.monitor(each), "state") for each in ("off", "silent", "fine")]
    )
    assert states == ["paused", "unknown", "down"]
    [incident] = (await platform.incidents.list("open")).items
    members = await link.call("SMEMBERS", platform.keys.incident_members(incident.id))
    assert sorted(members) == ["job:fine", "job:silent"]


async def test_an_outage_is_one_incident_a_cause(
    overdue: Overdue, platform: Platform, driver: QueueDriver
) -> None:
    """50 failing runs and 3 monitors of one host: two causes, two incidents, each listed once."""
    down = MonitorReport("down", "https://shop.example", "monitor:shop.example", "status", "status 503")
    for number in range(3):
        await overdue.add(f"watch-{number}")
        await driver.finish(await driver.start(f"watch-{number}"), check=encode_check(down))
    for _ in range(50):
        await driver.fail("sync")
    found = (await platform.incidents.list("open")).items
    assert [(each.key, len(each.jobs), each.count) for each in found] == [
        ("failing:abc", 1, 50),
        ("monitor:shop.example", 3, 3),
    ]


async def test_incidents_are_kept_for_ninety_days(
    overdue: Overdue, platform: Platform, driver: QueueDriver, link: RedisLink
) -> None:
    """Then all of their keys go; open ones and recent ones stay."""
    for fingerprint in ("old", "recent", "open"):
        run = await driver.start("a")
        await driver.finish(run, outcome=AttemptOutcome.FAILED, error="{}", fingerprint=fingerprint)
    for fingerprint in ("old", "recent"):
        await platform.incidents.close(f"failing:{fingerprint}")
    old = next(each for each in (await platform.incidents.list()).items if each.key == "failing:old")
    await link.call("HSET", platform.keys.incident(old.id), "closed", await driver.now_ms() - KEPT_MS - 1)
    assert [await platform.incidents.purge() for _ in range(2)] == [1, 0]
    assert sorted(each.key for each in (await platform.incidents.list()).items) == [
        "failing:open",
        "failing:recent",
    ]
    assert await link.call("KEYS", f"{platform.keys.prefix}incident*{old.id}") == []
    assert len((await platform.incidents.list(job_id="a")).items) == 2
    assert old.id not in await link.call("ZRANGE", platform.keys.incidents_due, 0, -1)


@pytest.mark.parametrize("silent", ["", "connector"])
async def test_deadman_is_called_while_all_services_live(
    silent: str, link: RedisLink, scripts: Scripts, clock: SystemClock, settings: Settings
) -> None:
    """A service that is silent stops the pings, whether or not it is an incident."""
    with Pinged() as remote:
        url, opened = SecretStr(remote.url), [remote.place]
        changed = settings.model_copy(update={"deadman_url": url, "http_allow_private": opened})
        platform = Platform(link, scripts, clock, changed)
        await platform.passes(40, *(each for each in SERVICES if each != silent))
        await platform.watch.evaluate()
        assert len(remote.requests) == (0 if silent else 1)
