"""Without the option, a restore refuses to mix, to overwrite, or to run while a scheduler is alive."""

from __future__ import annotations

from typing import Any

import pytest

from app.backup.report import RestoreOutcome
from app.core.activity.heartbeat import Heartbeat
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import RestoreRefused
from app.core.models import JobSpec, RunStatus, Schedule
from app.core.runs.store import RunStore
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.backup.backup_fixture import BackupFixture
from tests.support.queue.bulk import Bulk
from tests.support.queue.queue_driver import QueueDriver

EVERY_HOUR = Schedule(interval_sec=3600)


@pytest.fixture
def beat(scripts: Scripts, keys: Keys, clock: SystemClock, settings: Settings) -> Heartbeat:
    return Heartbeat(
        scripts, clock, settings, service="scheduler", instance="scheduler-a-1", state=dict[str, Any]
    )


async def test_dry_run_says_what_would_change(
    deployment: BackupFixture, bulk: Bulk, jobs: JobStore, driver: QueueDriver
) -> None:
    """Counts by kind: created, identical, different; nothing is written; a refusal is reported."""
    await bulk.make_jobs(3)
    await bulk.make_runs(6)
    export = await deployment.export()
    await jobs.delete("job-00000", actor="ana")
    spec = (await jobs.find("job-00001")).spec.model_copy(update={"description": "changed"})
    await jobs.replace(spec, expected_version=None, actor="ana", origin="test")
    before = await driver.snapshot()
    report = await deployment.restore(export, dry_run=True)
    found = report.tally.of("job")
    assert (found[RestoreOutcome.CREATED], found[RestoreOutcome.SAME], found[RestoreOutcome.DIFFERENT]) == (
        1,
        1,
        1,
    )
    assert report.tally.of("run")[RestoreOutcome.SAME] == 6
    assert report.refused is not None
    assert "job job-00001" in report.refused
    assert await driver.snapshot() == before


async def test_restore_is_refused_if_other_content_is_stored(
    deployment: BackupFixture, jobs: JobStore, driver: QueueDriver
) -> None:
    """Without --overwrite nothing is mixed; with it the file's job is back, its later versions are gone."""
    spec = JobSpec(job_id="a", type="simulation.load", schedule=EVERY_HOUR)
    await jobs.create(spec, actor="ana", origin="test")
    export = await deployment.export()
    changed = spec.model_copy(update={"description": "changed", "tags": ["x"]})
    await jobs.replace(changed, expected_version=None, actor="ana", origin="test")
    before = await driver.snapshot()
    with pytest.raises(RestoreRefused, match="--overwrite"):
        await deployment.restore(export)
    assert await driver.snapshot() == before
    report = await deployment.restore(export, overwrite=True)
    assert report.tally.of("job")[RestoreOutcome.REPLACED] == 1
    record = await jobs.find("a")
    assert (record.spec, record.version) == (spec, 1)
    assert record.next_run_at is not None
    assert [version.version for version in await jobs.versions("a")] == [1]
    assert await driver.link.call("EXISTS", driver.keys.jobs_tag("x")) == 0


async def test_restore_into_other_records_comes_after_them(
    deployment: BackupFixture, bulk: Bulk, driver: QueueDriver
) -> None:
    """Refused without --overwrite; with it all others stay, and no two records share a place in a list."""
    await bulk.make_jobs(2)
    await bulk.make_runs(10)
    restored = await driver.link.call("ZRANGE", driver.keys.runs, 0, -1)
    export = await deployment.export()
    await deployment.wipe()
    await driver.queue.ensure_groups()
    others = await driver.enqueue_some(15, "other")
    with pytest.raises(RestoreRefused, match="15 × run"):
        await deployment.restore(export)
    report = await deployment.restore(export, overwrite=True)
    assert report.others["run"] == 15
    flat = await driver.link.call("ZRANGE", driver.keys.runs, 0, -1, "WITHSCORES")
    assert flat[::2] == [*others, *restored]
    assert len(set(flat[1::2])) == 25
    again = await deployment.restore(export, overwrite=True)
    assert again.tally.total(RestoreOutcome.SAME) == sum(again.tally.counts.values())


async def test_restore_is_refused_while_a_scheduler_is_alive(
    deployment: BackupFixture, bulk: Bulk, keys: Keys, beat: Heartbeat
) -> None:
    """Unless its firing is held: --pause. A dry run says so and looks all the same."""
    await bulk.make_jobs(2)
    export = await deployment.export()
    await deployment.wipe()
    await beat.beat()
    with pytest.raises(RestoreRefused, match="--pause"):
        await deployment.restore(export)
    assert await deployment.link.call("ZCARD", keys.jobs) == 0
    looked = await deployment.restore(export, dry_run=True)
    assert "--pause" in (looked.refused or "")
    assert (await deployment.restore(export, pause=True)).tally.of("job")[RestoreOutcome.CREATED] == 2
    await beat.leave()


async def test_a_failed_restore_lets_go_of_its_lock(
    deployment: BackupFixture, jobs: JobStore, keys: Keys
) -> None:
    """Firing is held for as long as a restore works, and not a moment longer."""
    await jobs.create(JobSpec(job_id="a", type="simulation.load"), actor="ana", origin="test")
    export = await deployment.export()
    await jobs.create(JobSpec(job_id="b", type="simulation.load"), actor="ana", origin="test")
    with pytest.raises(RestoreRefused):
        await deployment.restore(export)
    assert await deployment.link.call("EXISTS", keys.restore_lock) == 0


async def test_a_run_that_went_on_is_kept(
    deployment: BackupFixture, bulk: Bulk, driver: QueueDriver, runs: RunStore
) -> None:
    """A run that has ended since the export, or is active still, is worth more than its past."""
    active = await bulk.make_active()
    ended = await driver.fail("active")
    export = await deployment.export()
    await driver.queue.redrive(ended.run_id, 1)
    await driver.queue.cancel(active.scheduled)
    before = await driver.snapshot()
    report = await deployment.restore(export, overwrite=True)
    assert report.tally.of("run") == {**dict.fromkeys(RestoreOutcome, 0), RestoreOutcome.KEPT: 5}
    # A restore notes how far sequence numbers say nothing about time; searches go by it.
    await driver.link.call("HDEL", driver.keys.meta, "unordered_until")
    assert await driver.snapshot() == before
    assert (await runs.get(ended.run_id)).status is RunStatus.QUEUED
