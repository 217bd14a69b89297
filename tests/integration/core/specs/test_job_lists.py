"""Lists of jobs: pages, cursors, filters, fields."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.config import Settings
from app.core.models import Concurrency, JobSpec, Schedule
from app.core.redis_client import RedisLink
from app.core.specs.runs import run_of
from app.core.specs.search import JobFilter
from app.core.specs.store import JobStore
from app.core.storage.connection import info_fields
from tests.support.queue.queue_driver import QueueDriver

WHO: dict[str, Any] = {"actor": "ana", "origin": "test"}


def spec(job_id: str = "job-a", **changes: Any) -> JobSpec:
    return JobSpec(job_id=job_id, type=changes.pop("type", "test.noop"), **changes)


async def _listed(jobs: JobStore, job_filter: JobFilter | None = None, limit: int = 100) -> list[str]:
    page = await jobs.list(job_filter or JobFilter(), None, limit)
    return [record.spec.job_id for record in page.items]


async def test_list_is_newest_first_in_pages(jobs: JobStore) -> None:
    """Cursors lead through all jobs, each once."""
    for number in range(5):
        await jobs.create(spec(f"job-{number}"), **WHO)
    first = await jobs.list(JobFilter(), None, 2)
    assert ([r.spec.job_id for r in first.items], first.total) == (["job-4", "job-3"], 5)
    second = await jobs.list(JobFilter(), first.next_cursor, 2)
    third = await jobs.list(JobFilter(), second.next_cursor, 2)
    assert [r.spec.job_id for r in (*second.items, *third.items)] == ["job-2", "job-1", "job-0"]
    assert third.next_cursor is None


async def test_list_cursors_stand_while_jobs_are_added(jobs: JobStore) -> None:
    """What is created between two pages shifts nothing."""
    for number in range(4):
        await jobs.create(spec(f"job-{number}"), **WHO)
    first = await jobs.list(JobFilter(), None, 2)
    await jobs.create(spec("newer"), **WHO)
    second = await jobs.list(JobFilter(), first.next_cursor, 2)
    assert [r.spec.job_id for r in second.items] == ["job-1", "job-0"]


async def test_list_that_fills_its_page_exactly_ends(jobs: JobStore) -> None:
    """No cursor to an empty page."""
    for number in range(2):
        await jobs.create(spec(f"job-{number}"), **WHO)
    assert (await jobs.list(JobFilter(), None, 2)).next_cursor is None


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (JobFilter(type="test.noop"), ["plain", "off"]),
        (JobFilter(type="test.other"), ["tagged"]),
        (JobFilter(tag="t"), ["tagged"]),
        (JobFilter(enabled=True), ["plain", "tagged"]),
        (JobFilter(enabled=False), ["off"]),
        (JobFilter(q="LAPORAN"), ["tagged"]),
        (JobFilter(q="pla"), ["plain"]),
        (JobFilter(type="test.noop", enabled=True), ["plain"]),
        (JobFilter(tag="t", enabled=False), []),
        (JobFilter(type="test.other", tag="t", q="tag"), ["tagged"]),
        (JobFilter(type="nothing"), []),
    ],
)
async def test_list_filters(jobs: JobStore, wanted: JobFilter, found: list[str]) -> None:
    """All given parts must hold, whichever index answers them."""
    await jobs.create(spec("off", enabled=False), **WHO)
    await jobs.create(spec("tagged", type="test.other", tags=["t"], description="Laporan"), **WHO)
    await jobs.create(spec("plain"), **WHO)
    assert await _listed(jobs, wanted) == found


async def test_list_finds_the_jobs_in_trouble(jobs: JobStore, driver: QueueDriver) -> None:
    """A dead letter, a cool-down and a late fire each count; a job that fires soon does not."""
    for name in ("well", "cooling", "late"):
        await jobs.create(spec(name, schedule=Schedule(interval_sec=3_600)), **WHO)
    now_ms, keys = driver.queue.clock.now_ms(), driver.keys
    await driver.link.call("HSET", keys.job("cooling"), "cool_until", now_ms + 60_000)
    await driver.link.call("HSET", keys.job("late"), "slot", now_ms - 120_000)
    await jobs.create(spec("job-a"), **WHO)
    await driver.fail()
    assert await _listed(jobs, JobFilter(trouble=True)) == ["job-a", "late", "cooling"]
    assert {fire.job_id for fire in (await driver.queue.stats()).next_fires} == {"well", "cooling", "late"}


async def test_trouble_costs_one_read_of_each_job(jobs: JobStore, link: RedisLink) -> None:
    """Without dead letters no job is asked for its own; the overview looks at all jobs for each reader."""
    for number in range(20):
        await jobs.create(spec(f"job-{number}"), **WHO)
    assert await _listed(jobs, JobFilter(trouble=True)) == []
    await link.call("CONFIG", "RESETSTAT")
    assert await _listed(jobs, JobFilter(trouble=True)) == []
    counts = info_fields(await link.call("INFO", "commandstats"))
    assert counts["cmdstat_hmget"].startswith("calls=20,")
    assert "cmdstat_exists" not in counts


async def test_list_moves_a_job_between_indexes(jobs: JobStore) -> None:
    """Another type or tag leaves the old lists."""
    await jobs.create(spec(tags=["old"]), **WHO)
    await jobs.replace(spec(type="test.other", tags=["new"], enabled=False), expected_version=1, **WHO)
    assert await _listed(jobs, JobFilter(tag="old")) == await _listed(jobs, JobFilter(type="test.noop")) == []
    assert await _listed(jobs, JobFilter(tag="new")) == ["job-a"]


async def test_list_passes_over_jobs_that_vanished(jobs: JobStore, driver: QueueDriver) -> None:
    """A job deleted or damaged under a reader's hands is left out, and ends no list early."""
    for number in range(5):
        await jobs.create(spec(f"job-{number}"), **WHO)
    await driver.link.call("DEL", driver.keys.job("job-3"))
    await driver.damage(driver.keys.job("job-4"))
    first = await jobs.list(JobFilter(), None, 2)
    rest = await jobs.list(JobFilter(), first.next_cursor, 2)
    assert [r.spec.job_id for r in (*first.items, *rest.items)] == ["job-2", "job-1", "job-0"]
    await driver.link.call("DEL", driver.keys.job("job-4"))


async def test_list_with_a_filter_goes_on_behind_its_cursor(jobs: JobStore) -> None:
    """If no index fits the filter, pages hold the matching jobs, each once."""
    for number in range(9):
        await jobs.create(spec(f"job-{number}", description="odd" if number % 2 else "even"), **WHO)
    found: list[str] = []
    cursor = None
    while True:
        page = await jobs.list(JobFilter(q="odd"), cursor, 2)
        found += [record.spec.job_id for record in page.items]
        assert page.total is None
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == ["job-7", "job-5", "job-3", "job-1"]


async def test_jobs_come_with_recent_runs_and_statistics(jobs: JobStore, driver: QueueDriver) -> None:
    """The newest runs first, and the last 24 hours from the roll-ups."""
    await jobs.create(spec(), **WHO)
    await driver.finish(await driver.start())
    await driver.fail()
    waiting = await driver.enqueue()
    record = (await jobs.list(JobFilter(), None, 1)).items[0]
    assert record.last_run is not None
    assert (record.last_run.run_id, record.last_run.status) == (waiting, "queued")
    assert [run.status for run in record.recent] == ["queued", "failed", "success"]
    assert (record.stats.runs, record.stats.success, record.stats.failed) == (2, 1, 1)
    assert record.stats.success_rate == 0.5
    assert record.stats.p95_ms is not None
    assert record.stats.p95_ms >= 1


async def test_statistics_leave_out_what_is_older_than_a_day(jobs: JobStore, driver: QueueDriver) -> None:
    """Quarter hours before the window do not count, cancelled runs are in neither part of the rate."""
    await jobs.create(spec(), **WHO)
    day = await driver.now_ms() // 86_400_000
    quarter = await driver.now_ms() % 86_400_000 // 900_000
    key = driver.keys.rollup_quarter("job-a", day - 1)
    if quarter > 0:
        await driver.link.call("HSET", key, f"{quarter - 1}|success", 5)
    await driver.link.call("HSET", key, f"{min(95, quarter + 1)}|cancelled", 3)
    await driver.link.call("EXPIRE", key, 100)
    stats = (await jobs.get("job-a")).stats
    assert (stats.runs, stats.success, stats.success_rate) == (3, 0, None)


async def test_a_run_of_a_job_carries_its_spec(jobs: JobStore) -> None:
    """Inputs may be given; all else is the spec's."""
    record = await jobs.create(
        spec(inputs={"a": 1}, timeout_ms=5, concurrency=Concurrency(key="db", limit=1)), **WHO
    )
    plain = run_of(record.spec, record.version, run_id="x", source="api", trace_id="t")
    assert (plain.inputs, plain.timeout_ms, plain.key, plain.version) == ('{"a":1}', 5, "db", 1)
    given = run_of(
        record.spec, 1, run_id="job-a@5", source="api", trace_id="t", inputs={"b": "ü"}, delay_ms=7
    )
    assert (given.inputs, given.delay_ms, given.run_id) == ('{"b":"ü"}', 7, "job-a@5")


async def test_a_longer_list_takes_no_more_round_trips(
    jobs: JobStore, driver: QueueDriver, link: RedisLink, settings: Settings
) -> None:
    """A page costs a fixed number of round trips, however many jobs there are."""
    await jobs.create(spec("job-0"), **WHO)
    await jobs.list(JobFilter(), None, 50)
    before = link.round_trips
    await jobs.list(JobFilter(), None, 50)
    few = link.round_trips - before
    for number in range(1, 60):
        await jobs.create(spec(f"job-{number}"), **WHO)
    before = link.round_trips
    await jobs.list(JobFilter(), None, 50)
    assert link.round_trips - before <= few
