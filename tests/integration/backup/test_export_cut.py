"""Exports during work, and of damaged records."""

from __future__ import annotations

import asyncio
import io
from typing import Any

from app.backup.reader import ExportFile
from app.core.files.exports import ExportHeader
from app.core.specs.store import JobStore
from tests.support.backup.backup_fixture import BackupFixture
from tests.support.queue.bulk import Bulk
from tests.support.queue.queue_driver import QueueDriver


async def test_an_export_has_the_state_of_its_beginning(
    deployment: BackupFixture, bulk: Bulk, driver: QueueDriver, jobs: JobStore
) -> None:
    """What is made while it is read is not in it; what ends meanwhile is as it was read."""
    await bulk.make_jobs(2)
    await bulk.make_runs(4)
    export = await deployment.export()
    assert _header(export).seq == int(await driver.link.call("GET", driver.keys.seq))
    reader_sees = {line.id for line in _records(export) if line.kind == "run"}
    await driver.enqueue("job-00000")
    assert len(reader_sees) == 4
    await jobs.delete("job-00000", actor="ana")
    gone = [line.id for line in _records(await deployment.export()) if line.kind == "version"]
    assert "job-00000 1" in gone, "runs that are kept name it"


async def test_an_export_taken_while_work_goes_on_is_whole(
    deployment: BackupFixture, bulk: Bulk, driver: QueueDriver
) -> None:
    """Runs are made, end and are cancelled meanwhile: the file holds, and comes back."""
    await bulk.make_jobs(5)
    await bulk.make_runs(200)
    stop = asyncio.Event()

    async def work() -> None:
        while not stop.is_set():
            await bulk.make_runs(20)
            await driver.queue.cancel(await driver.enqueue("job-00001"))
            await driver.queue.purge()

    working = asyncio.create_task(work())
    exports = [await deployment.export() for _ in range(2)]
    stop.set()
    await working
    await deployment.wipe()
    await deployment.restore(exports[-1])
    found = [line for line in _records(exports[-1]) if line.kind == "run"]
    assert len(found) >= 200
    assert {line.seq for line in found if line.seq > _header(exports[-1]).seq} == set()
    statuses = [await deployment.link.call("HGET", deployment.keys.run(line.id), "status") for line in found]
    assert set(statuses) <= {"success", "failed", "cancelled"}


async def test_a_damaged_record_stops_no_export(
    deployment: BackupFixture, bulk: Bulk, driver: QueueDriver
) -> None:
    """The rest is worth saving; what was left out is counted."""
    await bulk.make_jobs(2)
    await bulk.make_runs(3)
    run_id = (await driver.link.call("ZRANGE", driver.keys.runs, 0, 0))[0]
    await driver.damage(driver.keys.run(run_id))
    await driver.damage(driver.keys.job("job-00000"))
    found = _records(await deployment.export())
    assert [line.kind for line in found].count("run") == 2
    assert [line.id for line in found if line.kind == "job"] == ["job-00001"]
    await driver.link.call("DEL", driver.keys.run(run_id), driver.keys.job("job-00000"))


def _records(export: bytes) -> list[Any]:
    file = ExportFile(io.BytesIO(export))
    file.verify()
    return list(file.records())


def _header(export: bytes) -> ExportHeader:
    return ExportFile(io.BytesIO(export)).verify().header
