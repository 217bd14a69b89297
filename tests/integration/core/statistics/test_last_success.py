"""When jobs last succeeded, and which ones are overdue, as scripts record it and `/metrics` shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.core.ids import scheduled_run_id
from app.core.models import AttemptOutcome, JobSpec, Schedule
from app.core.queue import FireItem
from app.core.specs.runs import run_of
from app.core.statistics.prometheus import render_metrics
from tests.support.queue.paused import Paused, job_scope
from tests.support.queue.queue_driver import QueueDriver

if TYPE_CHECKING:
    from app.core.specs.store import JobStore

HOUR_MS = 3_600_000
JOB = "hourly"


class Hourly:
    """A job with a slot each hour, and what `/metrics` shows of it."""

    def __init__(self, driver: QueueDriver, jobs: JobStore) -> None:
        self.driver = driver
        self.jobs = jobs
        self.spec = JobSpec(job_id=JOB, type="test.noop", schedule=Schedule(interval_sec=3600))

    async def create(self) -> None:
        await self.jobs.create(self.spec, actor="ana", origin="test")

    async def fire(self, hours_ago: float) -> str:
        """Fire a slot of so many hours ago; return the word."""
        slot = await self.driver.now_ms() // 1000 * 1000 - round(hours_ago * HOUR_MS)
        record = await self.jobs.find(JOB)
        await self.driver.link.call("ZADD", self.driver.keys.schedule, slot, JOB)
        run_id = scheduled_run_id(JOB, slot)
        run = run_of(record.spec, record.version, run_id=run_id, source="schedule", trace_id="ab" * 16)
        later = slot + HOUR_MS
        item = FireItem(JOB, record.version, slot, slot, slot - HOUR_MS, None, later, later, "allow", run)
        return (await self.driver.queue.fire([item]))[0]

    async def ends(self, outcome: AttemptOutcome = AttemptOutcome.SUCCESS) -> None:
        """End the runs that were fired."""
        for run in (await self.driver.claim()).runs:
            assert await self.driver.finish(run, outcome) == "OK"

    async def shown(self, name: str) -> dict[str, float]:
        """Return the values of a metric by job."""
        text = (await render_metrics(self.driver.link, self.driver.keys)).decode()
        families = text_string_to_metric_families(text)
        samples = [sample for family in families for sample in family.samples if sample.name == name]
        return {sample.labels.get("job_id", ""): sample.value for sample in samples}

    async def overdue(self) -> float | None:
        """Return for how many hours the job has been overdue; None if it is not."""
        seconds = (await self.shown("multi_job_overdue_seconds")).get(JOB)
        assert (await self.shown("multi_job_overdue_jobs"))[""] == (0 if seconds is None else 1)
        return None if seconds is None else seconds / 3600


@pytest.fixture
async def hourly(driver: QueueDriver, jobs: JobStore) -> Hourly:
    hourly = Hourly(driver, jobs)
    await hourly.create()
    return hourly


async def test_a_job_is_overdue_since_its_first_slot_without_success(hourly: Hourly) -> None:
    """A slot has one interval to succeed; later slots and failures do not move that instant."""
    await hourly.fire(0.5)
    assert await hourly.overdue() is None
    await hourly.driver.link.call("DEL", hourly.driver.keys.success_due)
    for hours_ago in (3.5, 2.5, 1.5):
        assert await hourly.fire(hours_ago) == "FIRED"
        await hourly.ends(AttemptOutcome.FAILED)
    assert await hourly.overdue() == pytest.approx(2.5, abs=0.1)


async def test_a_success_ends_what_is_overdue(hourly: Hourly) -> None:
    """A run by hand counts as well, and its instant is shown."""
    await hourly.fire(3)
    await hourly.ends(AttemptOutcome.FAILED)
    assert await hourly.overdue() is not None
    assert await hourly.shown("multi_job_last_success_timestamp_seconds") == {}
    before = await hourly.driver.now_ms()
    await hourly.driver.enqueue(JOB)
    await hourly.ends()
    assert await hourly.overdue() is None
    last = await hourly.shown("multi_job_last_success_timestamp_seconds")
    assert before / 1000 <= last[JOB] <= await hourly.driver.now_ms() / 1000


async def test_a_job_that_is_saved_or_switched_off_is_not_overdue(hourly: Hourly) -> None:
    """A person has dealt with it: the next slot counts again."""
    for _ in range(2):
        await hourly.fire(3)
        assert await hourly.overdue() is not None
        await hourly.jobs.set_enabled(JOB, enabled=False, actor="ana")
        assert await hourly.overdue() is None
        await hourly.jobs.set_enabled(JOB, enabled=True, actor="ana")


async def test_a_job_that_is_paused_is_not_overdue(hourly: Hourly, driver: QueueDriver) -> None:
    """No one expects a success of it, so its slots set no instant; a slot that is skipped otherwise does."""
    paused = Paused(driver, hourly.jobs)
    await paused.pause(job_scope(JOB))
    assert await hourly.fire(0) == "SKIPPED"
    assert await driver.link.call("ZSCORE", driver.keys.success_due, JOB) is None
    await paused.resume(job_scope(JOB))
    await driver.link.call("HSET", driver.keys.job(JOB), "cool_until", await driver.now_ms() + 60_000)
    assert await hourly.fire(0.1) == "SKIPPED"
    assert await driver.link.call("ZSCORE", driver.keys.success_due, JOB) is not None


async def test_a_run_that_outlives_its_job_leaves_no_last_success(hourly: Hourly) -> None:
    """It ends after the job was deleted."""
    await hourly.fire(0.5)
    runs = (await hourly.driver.claim()).runs
    await hourly.jobs.delete(JOB, actor="ana")
    assert [await hourly.driver.finish(run) for run in runs] == ["OK"]
    keys = hourly.driver.keys
    assert await hourly.driver.link.call("EXISTS", keys.successes, keys.success_due) == 0


async def test_delete_ends_the_last_success_of_a_job(hourly: Hourly) -> None:
    """Neither its instant nor its being overdue stays."""
    await hourly.driver.enqueue(JOB)
    await hourly.ends()
    await hourly.fire(3)
    await hourly.jobs.delete(JOB, actor="ana")
    keys = hourly.driver.keys
    assert await hourly.driver.link.call("EXISTS", keys.successes, keys.success_due) == 0


async def test_a_thousand_jobs_at_most_show_their_last_success(hourly: Hourly) -> None:
    """The oldest enabled ones do, and a hundred of those that are overdue; all of them are counted."""
    keys, link = hourly.driver.keys, hourly.driver.link
    names = [f"job-{number:04}" for number in range(1_200)]
    rows = [part for at, name in enumerate(names) for part in (at + 100, name)]
    for key in (keys.jobs_enabled, keys.successes, keys.success_due):
        await link.call("ZADD", key, *rows)
    assert len(await hourly.shown("multi_job_last_success_timestamp_seconds")) == 999
    assert list(await hourly.shown("multi_job_overdue_seconds")) == names[:100]
    assert await hourly.shown("multi_job_overdue_jobs") == {"": 1_200}
    await link.call("DEL", keys.jobs_enabled, keys.successes, keys.success_due)
