"""Retention by age and number."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import Gone, RunNotFound
from app.core.ids import scheduled_run_id
from app.core.models import AttemptOutcome, JobSpec
from app.core.queue import open_queue
from app.core.queue.scheduler import DAY_MS, PURGE_PAGE
from app.core.redis_client import RedisLink, open_link
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from app.core.specs.store import JobStore
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.queue.queue_driver import QueueDriver

MINUTE_MS = 60_000


async def _ended(
    driver: QueueDriver, days_ago: float, outcome: AttemptOutcome = AttemptOutcome.SUCCESS
) -> str:
    """Leave an ended run behind that is as old as that."""
    run = await driver.start()
    await driver.finish(run, outcome, log="packed")
    await _age(driver, run.run_id, days_ago)
    return run.run_id


async def _age(driver: QueueDriver, run_id: str, days_ago: float) -> None:
    instant = round(await driver.now_ms() - days_ago * DAY_MS)
    await driver.link.call("HSET", driver.keys.run(run_id), "created", instant, "ended", instant)


async def _left(driver: QueueDriver) -> set[str]:
    return set(await driver.link.call("ZRANGE", driver.keys.runs, 0, -1))


async def test_purge_removes_by_age_from_every_index(driver: QueueDriver) -> None:
    """A run of eight days goes with all its keys; one of six stays."""
    old = await _ended(driver, 8)
    await driver.link.call("RPUSH", driver.keys.attempts(old), "{}")
    kept = await _ended(driver, 6)
    assert await driver.queue.purge() == 1
    assert await _left(driver) == {kept}
    left = [key for key in await driver.snapshot() if old in key]
    assert left == []
    for index in (driver.keys.runs_job("job-a"), driver.keys.runs_status("success")):
        assert await driver.link.call("ZRANGE", index, 0, -1) == [kept]


async def test_purge_keeps_failures_longer(driver: QueueDriver) -> None:
    """Failures that were decided about stay 30 days, cancelled runs 7."""
    young, old = [await _ended(driver, days, AttemptOutcome.FAILED) for days in (29, 31)]
    cancelled = await _ended(driver, 8, AttemptOutcome.CANCELLED)
    await driver.queue.discard([young, old])
    assert await driver.queue.purge() == 2
    assert await _left(driver) == {young}
    assert cancelled not in await _left(driver)


async def test_purge_keeps_dead_letters(driver: QueueDriver) -> None:
    """What waits for a decision is never removed, however old."""
    dead = await _ended(driver, 400, AttemptOutcome.FAILED)
    assert await driver.queue.purge() == 0
    assert await _left(driver) == {dead}


async def test_purge_keeps_what_has_not_ended(driver: QueueDriver) -> None:
    """Waiting, running, delayed and retrying runs stay, whatever their age."""
    run = await driver.start()
    await driver.finish(run, AttemptOutcome.RETRY, delay_ms=60_000)
    run_ids = {
        run.run_id,
        (await driver.start()).run_id,
        await driver.enqueue(),
        await driver.enqueue(delay_ms=9),
    }
    for run_id in run_ids:
        await driver.link.call("HSET", driver.keys.run(run_id), "created", 1)
    assert await driver.queue.purge() == 0
    assert await _left(driver) == run_ids


async def test_purge_keeps_what_may_still_be_sent_again(
    link: RedisLink, clock: SystemClock, settings: Settings
) -> None:
    """Even if there are too many runs, none younger than two minutes is removed."""
    driver = await _driver(link, clock, settings, retention_runs_per_job=1)
    await _job(driver, settings, clock)
    young = [await _ended(driver, 110_000 / DAY_MS) for _ in range(3)]
    assert await driver.queue.purge() == 0
    for run_id in young[:2]:
        await _age(driver, run_id, 3 * MINUTE_MS / DAY_MS)
    assert await driver.queue.purge() == 2
    assert await _left(driver) == {young[2]}


async def test_purge_holds_each_job_to_its_number_of_runs(
    link: RedisLink, clock: SystemClock, settings: Settings
) -> None:
    """The oldest beyond the number go first."""
    driver = await _driver(link, clock, settings, retention_runs_per_job=3)
    await _job(driver, settings, clock)
    run_ids = [await _ended(driver, 1) for _ in range(5)]
    assert await driver.queue.purge() == 2
    assert await _left(driver) == set(run_ids[2:])
    assert await driver.queue.purge() == 0


async def test_purge_resumes_although_redis_is_full(
    tmp_path: Path, clock: SystemClock, settings: Settings
) -> None:
    """A full Redis keeps the cursors of house-keeping, else the same jobs would be looked at each time."""
    with EmbeddedRedis(data_dir=tmp_path / "redis") as server:
        full = settings.model_copy(update={"redis_url": server.url})
        link = await open_link(full)
        driver = await _driver(link, clock, full)
        await link.call(
            "ZADD", driver.keys.jobs, *(part for n in range(1, 1_501) for part in (n, f"job-{n}"))
        )
        await link.call("CONFIG", "SET", "maxmemory", "100kb")
        await driver.queue.purge()
        assert await link.call("HGET", driver.keys.meta, "history_cursor") == "1000"
        await driver.queue.purge()
        assert await link.call("HGET", driver.keys.meta, "history_cursor") == "0"
        await link.close()


async def test_purge_removes_more_than_a_page_in_one_round(driver: QueueDriver) -> None:
    """Full pages follow each other until nothing old is left."""
    count = 2 * PURGE_PAGE + 50
    await driver.enqueue_some(count)
    for _ in range(2):
        for run in (await driver.claim(256, quotas={"normal": 256})).runs:
            await driver.finish(run)
            await _age(driver, run.run_id, 8)
    assert await driver.queue.purge() == count
    assert await _left(driver) == set()


async def test_purge_passes_over_a_damaged_record(driver: QueueDriver) -> None:
    """It leaves the index for the quarantine, once, and the others go."""
    damaged, old = await _ended(driver, 8), await _ended(driver, 8)
    await driver.damage(driver.keys.run(damaged))
    assert await driver.queue.purge() == 1
    assert await driver.queue.purge() == 0
    assert [item["what"] for item in await driver.quarantined()] == [damaged]
    assert old not in await _left(driver)
    await driver.link.call("DEL", driver.keys.run(damaged))


async def test_purge_takes_names_without_a_record_off_the_indexes(driver: QueueDriver) -> None:
    """A leftover of an index is cleaned up."""
    run_id = await _ended(driver, 1)
    await driver.link.call("DEL", driver.keys.run(run_id), driver.keys.log_packed(run_id))
    assert await driver.queue.purge() == 0
    assert await driver.link.call("EXISTS", driver.keys.runs, driver.keys.runs_status("success")) == 0


async def test_a_purged_run_is_gone_and_an_unknown_one_not_found(driver: QueueDriver, runs: RunStore) -> None:
    """410 says that it existed and names the rule; 404 that it never did."""
    run = await driver.start()
    await driver.finish(run)
    await driver.link.call("HSET", driver.keys.run(run.run_id), "ended", 1)
    await driver.queue.purge()
    with pytest.raises(Gone, match="retention"):
        await runs.get(run.run_id)
    with pytest.raises(Gone):
        await runs.logs(run.run_id)
    with pytest.raises(RunNotFound):
        await runs.get(driver.new_run().run_id)
    with pytest.raises(RunNotFound):
        await runs.get(scheduled_run_id("job", await driver.now_ms() + DAY_MS))


async def test_nothing_is_gone_if_nothing_was_purged(runs: RunStore) -> None:
    """An old id that never was is not found."""
    with pytest.raises(RunNotFound):
        await runs.get("job@1")


async def test_versions_stay_as_long_as_a_run_names_one(driver: QueueDriver, jobs: JobStore) -> None:
    """A deleted job's versions go with its last run."""
    await jobs.create(JobSpec(job_id="job-a", type="test.noop"), actor="ana", origin="test")
    run_id = await _ended(driver, 8)
    await jobs.delete("job-a", actor="ana")
    assert len(await jobs.versions("job-a")) == 1
    await driver.queue.purge()
    assert run_id not in await _left(driver)
    assert await driver.link.call("EXISTS", driver.keys.versions("job-a")) == 0


async def test_versions_of_a_living_job_outlive_its_runs(driver: QueueDriver, jobs: JobStore) -> None:
    """Purging the last run of a job that exists keeps its history of saves."""
    await jobs.create(JobSpec(job_id="job-a", type="test.noop"), actor="ana", origin="test")
    await _ended(driver, 8)
    assert await driver.queue.purge() == 1
    assert len(await jobs.versions("job-a")) == 1


async def test_purge_of_an_empty_deployment_is_nothing(driver: QueueDriver, runs: RunStore) -> None:
    """No jobs, no runs, no error."""
    assert await driver.queue.purge() == 0
    assert (await runs.list(RunFilter(), None, 10)).items == []


async def _driver(link: RedisLink, clock: SystemClock, settings: Settings, **changes: int) -> QueueDriver:
    """Return the driver of a queue that keeps less."""
    driver = QueueDriver(open_queue(link, clock, settings.model_copy(update=changes)))
    await driver.queue.ensure_groups()
    return driver


async def _job(driver: QueueDriver, settings: Settings, clock: SystemClock) -> None:
    jobs = JobStore(driver.link, driver.queue.scripts, clock, settings.timezone)
    await jobs.create(JobSpec(job_id="job-a", type="test.noop"), actor="ana", origin="test")
