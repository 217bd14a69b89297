"""Saving and reading job specs."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from app.core.clock import from_ms
from app.core.errors import InvalidSpec, JobExists, JobNotFound, VersionConflict, VersionNotFound
from app.core.models import AttemptOutcome, Concurrency, JobSpec, RetryPolicy, Schedule
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from app.core.specs.search import JobFilter
from app.core.specs.store import JobStore
from app.core.storage.scripts import Scripts
from tests.support.fake_clock import FakeClock
from tests.support.queue.queue_driver import QueueDriver

WHO: dict[str, Any] = {"actor": "ana", "origin": "test"}


def spec(job_id: str = "job-a", **changes: Any) -> JobSpec:
    return JobSpec(job_id=job_id, type=changes.pop("type", "test.noop"), **changes)


async def _listed(jobs: JobStore, job_filter: JobFilter | None = None, limit: int = 100) -> list[str]:
    page = await jobs.list(job_filter or JobFilter(), None, limit)
    return [record.spec.job_id for record in page.items]


# Saving


async def test_create_stores_a_spec_with_its_next_fire(jobs: JobStore, driver: QueueDriver) -> None:
    """What was given is read back, with version 1 and the next slot on the grid."""
    given = spec(
        schedule=Schedule(interval_sec=60), tags=["a", "b"], description="Laporan ☕", inputs={"n": [1, {}]}
    )
    record = await jobs.create(given, **WHO)
    assert (record.spec, record.version) == (given, 1)
    assert record.next_run_at is not None
    assert 0 < record.next_run_at - await driver.now_ms() <= 60_000
    assert float(await driver.link.call("ZSCORE", driver.keys.schedule, "job-a")) == record.next_run_at
    assert (await jobs.get("job-a")) == record
    assert record.last_run is None


async def test_a_stored_spec_has_no_defaults(jobs: JobStore, driver: QueueDriver) -> None:
    """The spec is in the job and in its version; with defaults, a job would need more than 2 KB."""
    given = spec(schedule=Schedule(interval_sec=60), retry_policy=RetryPolicy(max_retry=5))
    await jobs.create(given, **WHO)
    keys = driver.keys
    text = await driver.link.call("HGET", keys.job("job-a"), "spec")
    assert orjson.loads(text) == {
        "job_id": "job-a",
        "type": given.type,
        "schedule": {"interval_sec": 60},
        "retry_policy": {"max_retry": 5},
    }
    assert orjson.loads(await driver.link.call("HGET", keys.versions("job-a"), 1))["spec"] == text
    assert (await jobs.find("job-a")).spec == given


async def test_creating_an_existing_job_is_refused(jobs: JobStore) -> None:
    """The stored job stays as it is."""
    await jobs.create(spec(description="first"), **WHO)
    with pytest.raises(JobExists):
        await jobs.create(spec(description="second"), **WHO)
    record = await jobs.get("job-a")
    assert (record.version, record.spec.description) == (1, "first")


async def test_save_sent_again_makes_one_version(jobs: JobStore, driver: QueueDriver) -> None:
    """A save with the id of the last one answers it, creation and replacement alike."""
    await jobs.create(spec(), save_id="s1", **WHO)
    assert (await jobs.create(spec(), save_id="s1", **WHO)).version == 1
    changed = spec(description="x")
    await jobs.replace(changed, expected_version=1, save_id="s2", **WHO)
    before = await driver.snapshot()
    assert (await jobs.replace(changed, expected_version=1, save_id="s2", **WHO)).version == 2
    assert await driver.snapshot() == before


async def test_save_of_an_older_version_is_a_conflict(jobs: JobStore) -> None:
    """Who edits an old copy overwrites nothing."""
    await jobs.create(spec(), **WHO)
    await jobs.replace(spec(description="hers"), expected_version=1, **WHO)
    with pytest.raises(VersionConflict) as caught:
        await jobs.replace(spec(description="his"), expected_version=1, **WHO)
    assert caught.value.stored == 2
    assert "at version 2, not 1" in caught.value.message
    assert (await jobs.get("job-a")).spec.description == "hers"


async def test_of_concurrent_saves_one_wins(jobs: JobStore) -> None:
    """Ten saves of the same version at once make one new version."""
    await jobs.create(spec(), **WHO)
    saves = [jobs.replace(spec(description=str(n)), expected_version=1, **WHO) for n in range(10)]
    results = await asyncio.gather(*saves, return_exceptions=True)
    assert sum(isinstance(result, VersionConflict) for result in results) == 9
    assert (await jobs.get("job-a")).version == 2


async def test_replacing_what_does_not_exist_is_not_found(jobs: JobStore, driver: QueueDriver) -> None:
    """A deletion before the save, or between its read and its write, wins."""
    with pytest.raises(JobNotFound):
        await jobs.replace(spec(), expected_version=None, **WHO)
    answer = await driver.queue.scripts.run(
        *("specs/save", "job-a", "{}", "t", "1", "", "3", "s", "a", "o", "", "", "", "", "")
    )
    assert answer == ["MISSING", 0]


async def test_a_schedule_without_a_future_is_refused_at_creation(jobs: JobStore) -> None:
    """`at` in the past names its field; an unchanged save of a job that is done is fine."""
    past = datetime.now(UTC) - timedelta(hours=1)
    with pytest.raises(InvalidSpec) as caught:
        await jobs.create(spec(schedule=Schedule(at=past)), **WHO)
    assert [(p.pointer, p.code) for p in caught.value.problems] == [("/schedule/at", "no_future_fire")]
    soon = spec(schedule=Schedule(at=datetime.now(UTC) + timedelta(hours=1)))
    await jobs.create(soon, **WHO)
    with pytest.raises(InvalidSpec):
        await jobs.replace(spec(schedule=Schedule(at=past)), expected_version=None, **WHO)


async def test_an_unchanged_schedule_may_be_past(jobs: JobStore, driver: QueueDriver) -> None:
    """Editing the description of a one-off that has fired keeps it done."""
    at = datetime.now(UTC) + timedelta(hours=1)
    await jobs.create(spec(schedule=Schedule(at=at)), **WHO)
    await driver.link.call("ZREM", driver.keys.schedule, "job-a")
    await driver.link.call("HDEL", driver.keys.job("job-a"), "slot")
    changed = spec(schedule=Schedule(at=at), description="x")
    assert (await jobs.replace(changed, expected_version=1, **WHO)).next_run_at is None


async def test_a_save_keeps_a_slot_that_is_due(jobs: JobStore, driver: QueueDriver) -> None:
    """A slot that has come and is not yet fired is not lost by a save that leaves the schedule alone."""
    every_minute = Schedule(interval_sec=60)
    await jobs.create(spec(schedule=every_minute), **WHO)
    due = await driver.now_ms() - 5
    await driver.link.call("ZADD", driver.keys.schedule, due, "job-a")
    await driver.link.call("HSET", driver.keys.job("job-a"), "slot", due)
    record = await jobs.replace(spec(schedule=every_minute, description="x"), expected_version=1, **WHO)
    assert record.next_run_at == due
    record = await jobs.replace(spec(schedule=Schedule(interval_sec=61)), expected_version=2, **WHO)
    assert record.next_run_at is not None
    assert record.next_run_at > due


async def test_a_save_that_enables_sets_the_next_fire(jobs: JobStore) -> None:
    """A job that was disabled meanwhile has no entry to keep, so it gets one."""
    every_minute = Schedule(interval_sec=60)
    await jobs.create(spec(schedule=every_minute), **WHO)
    await jobs.set_enabled("job-a", False)
    record = await jobs.replace(spec(schedule=every_minute), expected_version=1, **WHO)
    assert record.spec.enabled
    assert record.next_run_at is not None


async def test_a_save_that_drops_the_schedule_drops_the_fire(jobs: JobStore, driver: QueueDriver) -> None:
    """Without a schedule, or disabled, nothing fires."""
    await jobs.create(spec(schedule=Schedule(interval_sec=60)), **WHO)
    assert (await jobs.replace(spec(), expected_version=1, **WHO)).next_run_at is None
    assert await driver.link.call("EXISTS", driver.keys.schedule) == 0
    disabled = spec("job-b", schedule=Schedule(interval_sec=60), enabled=False)
    assert (await jobs.create(disabled, **WHO)).next_run_at is None


async def test_two_limits_for_one_key_are_refused(jobs: JobStore) -> None:
    """One key has one limit, over all jobs; its only job may change it."""
    await jobs.create(spec("job-a", concurrency=Concurrency(key="db", limit=2)), **WHO)
    with pytest.raises(InvalidSpec) as caught:
        await jobs.create(spec("job-b", concurrency=Concurrency(key="db", limit=3)), **WHO)
    assert [(p.pointer, p.code) for p in caught.value.problems] == [("/concurrency/limit", "limit_conflict")]
    await jobs.create(spec("job-b", concurrency=Concurrency(key="db", limit=2)), **WHO)
    wider = spec("job-a", concurrency=Concurrency(key="db", limit=3))
    with pytest.raises(InvalidSpec):
        await jobs.replace(wider, expected_version=None, **WHO)
    await jobs.delete("job-b", actor="ana")
    await jobs.replace(wider, expected_version=None, **WHO)


async def test_a_key_that_no_job_names_has_no_limit(jobs: JobStore, driver: QueueDriver) -> None:
    """The limit goes with the last job that names the key."""
    await jobs.create(spec(concurrency=Concurrency(key="db", limit=2)), **WHO)
    assert await driver.fields(driver.keys.limits) == {"user:db": "2"}
    await jobs.replace(spec(concurrency=Concurrency(key="web", limit=1)), expected_version=1, **WHO)
    assert await driver.fields(driver.keys.limits) == {"user:web": "1"}
    await jobs.delete("job-a", actor="ana")
    assert await driver.link.call("EXISTS", driver.keys.limits, driver.keys.limit_jobs("user:web")) == 0


async def test_saves_are_reported(jobs: JobStore, driver: QueueDriver) -> None:
    """Creation, change, switch and deletion are events with the job's version."""
    await jobs.create(spec(), **WHO)
    await jobs.replace(spec(description="x"), expected_version=1, **WHO)
    await jobs.set_enabled("job-a", False)
    await jobs.set_enabled("job-a", False)
    await jobs.set_enabled("job-a", True)
    await jobs.delete("job-a", actor="ana")
    reported = [(event.type, event.rev) for event in await driver.events()]
    assert reported == [
        ("job.created", 1),
        ("job.updated", 2),
        ("job.disabled", 2),
        ("job.enabled", 2),
        ("job.deleted", 2),
    ]


# Enabling


async def test_disabling_takes_the_job_off_the_schedule(jobs: JobStore, driver: QueueDriver) -> None:
    """Enabled again it fires from now on; its runs are not touched."""
    await jobs.create(spec(schedule=Schedule(interval_sec=60)), **WHO)
    run_id = await driver.enqueue()
    record = await jobs.set_enabled("job-a", False)
    assert (record.spec.enabled, record.next_run_at, record.version) == (False, None, 1)
    assert await _listed(jobs, JobFilter(enabled=True)) == []
    assert await driver.status(run_id) == "queued"
    record = await jobs.set_enabled("job-a", True)
    assert record.spec.enabled
    assert record.next_run_at is not None


async def test_enabling_writes_off_the_slots_meanwhile(
    jobs: JobStore, driver: QueueDriver, scripts: Scripts
) -> None:
    """They stand in the ledger as disabled, from the moment it was until now."""
    await jobs.create(spec(schedule=Schedule(interval_sec=60)), **WHO)
    off = await jobs.set_enabled("job-a", False, "ani")
    now = await driver.now_ms()
    assert off.off_by == "ani"
    assert abs((off.off_at or 0) - now) < 60_000
    later = JobStore(driver.link, scripts, FakeClock(from_ms(now + 600_000)), "Asia/Jakarta")
    on = await later.set_enabled("job-a", True)
    assert (on.off_at, on.off_by) == (None, "")
    (entry,) = await jobs.ledger("job-a", 10)
    assert (entry.reason, entry.last - entry.first) == ("disabled", (entry.slots - 1) * 60_000)
    assert 9 <= entry.slots <= 11
    assert entry.first > now - 60_000
    await later.set_enabled("job-a", True)
    assert len(await jobs.ledger("job-a", 10)) == 1


async def test_a_save_of_a_disabled_job_keeps_since_when_it_is(jobs: JobStore, driver: QueueDriver) -> None:
    """A save can disable and enable as well; one that does neither leaves the moment as it is."""
    disabled = await jobs.create(spec(enabled=False), **WHO)
    assert (disabled.off_at, disabled.off_by) == (disabled.created_at, WHO["actor"])
    await driver.link.call("HSET", driver.keys.job("job-a"), "off", 5)
    again = await jobs.replace(spec(enabled=False, description="x"), expected_version=1, **WHO)
    assert again.off_at == 5
    assert (await jobs.replace(spec(), expected_version=2, **WHO)).off_at is None


async def test_enabling_an_older_version_is_a_conflict(jobs: JobStore, driver: QueueDriver) -> None:
    """The fire of an older spec is not set over a newer one."""
    await jobs.create(spec(enabled=False), **WHO)
    await jobs.replace(spec(enabled=False, description="x"), expected_version=1, **WHO)
    before = await driver.snapshot()
    assert await driver.queue.scripts.run("specs/set_enabled", "job-a", "1", 5, 5, 1) == "CONFLICT"
    assert await driver.snapshot() == before


async def test_enabling_what_does_not_exist_is_not_found(jobs: JobStore, driver: QueueDriver) -> None:
    """Even if it is deleted between the read and the write."""
    with pytest.raises(JobNotFound):
        await jobs.set_enabled("job-a", True)
    assert await driver.queue.scripts.run("specs/set_enabled", "job-a", "1", "", "", 1) == "MISSING"


# Deleting


async def test_delete_cancels_what_waits_and_forgets_the_job(
    jobs: JobStore, driver: QueueDriver, runs: RunStore
) -> None:
    """Scheduled, queued and retrying runs end; a running one goes on; history stays."""
    await jobs.create(spec(schedule=Schedule(interval_sec=60), tags=["t"]), **WHO)
    retried = await driver.start()
    await driver.finish(retried, AttemptOutcome.RETRY, delay_ms=60_000)
    running = await driver.start()
    waiting = [await driver.enqueue(), await driver.enqueue(delay_ms=60_000), retried.run_id]
    foreign = await driver.enqueue("job-b")
    await jobs.delete("job-a", actor="ana")
    with pytest.raises(JobNotFound):
        await jobs.get("job-a")
    assert await _listed(jobs) == await _listed(jobs, JobFilter(tag="t")) == []
    assert {await driver.status(run_id) for run_id in waiting} == {"cancelled"}
    assert await driver.status(foreign) == "queued"
    assert await driver.finish(running) == "OK"
    assert (await runs.list(RunFilter(job_id="job-a"), None, 10)).total == 4
    assert await driver.link.call("EXISTS", driver.keys.schedule, driver.keys.job("job-a")) == 0


async def test_delete_of_a_job_with_many_runs_takes_several_scripts(
    jobs: JobStore, driver: QueueDriver
) -> None:
    """More than 256 waiting runs are cancelled page by page."""
    await jobs.create(spec(), **WHO)
    await driver.enqueue_some(600)
    word, cancelled, cursor = await driver.queue.scripts.run("specs/delete", "job-a", "0", "ana")
    assert (word, cursor != "0") == ("MORE", True)
    assert 0 < cancelled < 1_000
    assert (await jobs.find("job-a")).spec.enabled is False
    await jobs.delete("job-a", actor="ana")
    assert await driver.link.call("ZCARD", driver.keys.runs_status("cancelled")) == 600
    assert await driver.at_rest() == {}


async def test_delete_passes_over_a_damaged_run(jobs: JobStore, driver: QueueDriver) -> None:
    """One unreadable run does not keep a job for ever."""
    await jobs.create(spec(), **WHO)
    damaged, fine = await driver.enqueue_some(2)
    await driver.damage(driver.keys.run(damaged))
    await jobs.delete("job-a", actor="ana")
    assert await driver.status(fine) == "cancelled"
    await driver.link.call("DEL", driver.keys.run(damaged))


async def test_delete_takes_what_handlers_kept(jobs: JobStore, driver: QueueDriver) -> None:
    """Values, their index and metrics of the job's handlers go; those of another job stay."""
    await jobs.create(spec(), **WHO)
    keys = driver.keys
    for job_id in ("job-a", "job-b"):
        await driver.link.call("SET", keys.kv(job_id, "k"), "v")
        await driver.link.call("ZADD", keys.kv_index(job_id), 1, "k")
        await driver.link.call("HSET", keys.tool_metrics(job_id), "m", 1)
    await jobs.delete("job-a", actor="ana")
    left = [key for key in await driver.snapshot() if "job-a" in key]
    assert left == []
    assert await driver.link.call("GET", keys.kv("job-b", "k")) == "v"


async def test_delete_of_what_does_not_exist_is_not_found(jobs: JobStore, driver: QueueDriver) -> None:
    """Twice is once too often."""
    assert await driver.queue.scripts.run("specs/delete", "job-a", "0", "ana") == ["MISSING", 0, "0"]
    with pytest.raises(JobNotFound):
        await jobs.delete("job-a", actor="ana")


async def test_a_job_made_again_goes_on_counting(jobs: JobStore, driver: QueueDriver) -> None:
    """While runs name versions of the deleted job, the new one's version is another."""
    await jobs.create(spec(description="one"), **WHO)
    await jobs.replace(spec(description="two"), expected_version=1, **WHO)
    await driver.enqueue()
    await jobs.delete("job-a", actor="ana")
    record = await jobs.create(spec(description="three"), **WHO)
    assert record.version == 3
    assert [v.spec.description for v in await jobs.versions("job-a")] == ["three", "two", "one"]


async def test_a_deleted_job_without_runs_leaves_nothing(jobs: JobStore, driver: QueueDriver) -> None:
    """Its versions go too, and the next job of that name begins with 1."""
    await jobs.create(spec(), **WHO)
    await jobs.delete("job-a", actor="ana")
    with pytest.raises(JobNotFound):
        await jobs.versions("job-a")
    assert (await jobs.create(spec(), **WHO)).version == 1


# Versions


async def test_every_save_is_a_version_with_its_author(jobs: JobStore, driver: QueueDriver) -> None:
    """Newest first, with author, time and origin."""
    await jobs.create(spec(description="one"), actor="ana", origin="api")
    await jobs.replace(spec(description="two"), expected_version=1, actor="budi", origin="planner")
    found = await jobs.versions("job-a")
    assert [(v.version, v.spec.description, v.actor, v.origin) for v in found] == [
        (2, "two", "budi", "planner"),
        (1, "one", "ana", "api"),
    ]
    assert abs(found[0].at - await driver.now_ms()) < 60_000
    with pytest.raises(VersionNotFound):
        await driver.queue.spec("job-a", 3)


async def test_a_retry_of_a_deleted_job_is_final(jobs: JobStore, driver: QueueDriver) -> None:
    """A run that was at work when its job was deleted ends, but is not tried again."""
    await jobs.create(spec(), **WHO)
    run = await driver.start()
    await jobs.delete("job-a", actor="ana")
    assert await driver.finish(run, AttemptOutcome.RETRY) == "OK"
    assert await driver.status(run.run_id) == "failed"
