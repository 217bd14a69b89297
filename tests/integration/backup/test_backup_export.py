"""`backup.export` on a real server and a real file system: one whole file, or none."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from app.backup.format import AccountLine, RunLine
from app.backup.reader import ExportFile
from app.backup.report import RestoreOutcome
from app.backup.restore import Restore, RestoreOptions
from app.backup.sources import ExportReader
from app.backup.writer import ArchiveWriter
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import DiskFull
from app.core.messaging.accounts import AccountDraft, AccountStore
from app.core.models import RunStatus
from app.core.redis_client import RedisLink
from app.core.secrets.sealing import open_box
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.backup.backup_fixture import BACKUP_JOB, BackupFixture
from tests.support.jobs.job_harness import JobHarness
from tests.support.queue import handlers
from tests.support.queue.bulk import Bulk
from tests.support.queue.queue_driver import QueueDriver
from tests.support.redis_server import fresh_settings

TOKEN = "123456:" + "A" * 35


@pytest.fixture
def settings(redis_url: str, tmp_path: Path) -> Settings:
    return fresh_settings(redis_url, tmp_path, secret_key="k" * 40, handler_modules=[handlers.__name__])


@pytest.fixture
async def harness(driver: QueueDriver, settings: Settings) -> JobHarness:
    return JobHarness(driver, settings)


@pytest.fixture
async def filled(driver: QueueDriver, jobs: JobStore) -> Bulk:
    bulk = Bulk(driver, jobs)
    await bulk.make_jobs(4)
    await bulk.make_runs(20)
    return bulk


@pytest.fixture
async def account(
    link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock, settings: Settings
) -> None:
    store = AccountStore(link, scripts, keys, clock, open_box(settings))
    await store.put(AccountDraft("telegram", "bot_a01", secrets={"token": TOKEN}), "ana")


def files_below(settings: Settings) -> list[str]:
    root = settings.files_dir
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def read(path: Path) -> list[Any]:
    with path.open("rb") as file:
        export = ExportFile(file)
        export.verify()
        return list(export.records())


async def test_backup_writes_one_whole_file(harness: JobHarness, filled: Bulk, settings: Settings) -> None:
    """Its size, checksum and counts are reported; it verifies, and other users cannot read it."""
    result = await harness.run("backup.export", {}, job_id=BACKUP_JOB)
    assert result.status is RunStatus.SUCCESS, result.error
    output = result.output
    path = settings.files_dir / output["file"]
    content = path.read_bytes()
    assert (output["bytes"], output["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    counts = output["counts"]
    assert (counts["job"], counts["run"], counts["version"], output["removed"]) == (4, 21, 5, [])
    assert output["unreadable"] == 0
    assert result.progress == {"done": 26, "of": 26}
    assert len(read(path)) == sum(counts.values())
    assert files_below(settings) == [output["file"]]
    assert output["file"].startswith("exports/backup/backup@")
    assert path.stat().st_mode & 0o077 == 0


async def test_backup_comes_back(harness: JobHarness, filled: Bulk, deployment: BackupFixture) -> None:
    """The file of the job is what `restore` takes."""
    path = await deployment.export_by_job(harness)
    await deployment.wipe()
    restore = Restore(deployment.link, deployment.scripts, deployment.driver.queue.clock, deployment.settings)
    with path.open("rb") as file:
        report = await restore.run(ExportFile(file), RestoreOptions())
    assert (report.tally.of("run")[RestoreOutcome.CREATED], report.notes.cancelled) == (21, 1)


async def test_backup_keeps_the_newest(harness: JobHarness, settings: Settings) -> None:
    """Older files of this job go; those of other jobs and of people stay."""
    other = settings.files_dir / "exports" / "shared"
    other.mkdir(parents=True)
    for name in ("notes.txt", "other@2020-01-01T000000000Z.jsonl.gz", "backup@2020.jsonl.gz"):
        (other / name).write_text("x", "utf-8")
    made = [
        (await harness.run("backup.export", {"keep": 2, "folder": "shared"}, job_id=BACKUP_JOB)).output
        for _ in range(4)
    ]
    assert [len(output["removed"]) for output in made] == [0, 0, 1, 1]
    assert made[3]["removed"] == [made[1]["file"]]
    kept = [Path(name).name for name in files_below(settings)]
    ours = [Path(output["file"]).name for output in made[2:]]
    assert kept == sorted(
        [*ours, "backup@2020.jsonl.gz", "notes.txt", "other@2020-01-01T000000000Z.jsonl.gz"]
    )


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("wished", [False, True])
async def test_backup_has_secrets_only_on_request(
    harness: JobHarness, deployment: BackupFixture, wished: bool
) -> None:
    """And then sealed; without them the account says what it lacks."""
    path = await deployment.export_by_job(harness, include_secrets=wished)
    (account,) = (line for line in read(path) if isinstance(line, AccountLine))
    assert list(account.secrets) == (["token"] if wished else [])
    assert account.without == ([] if wished else ["token"])
    assert TOKEN not in account.model_dump_json()


async def test_backup_has_logs_unless_they_are_left_out(
    harness: JobHarness, filled: Bulk, deployment: BackupFixture
) -> None:
    """They are most of its size."""
    paths = [await deployment.export_by_job(harness, include_logs=logs) for logs in (True, False)]
    logs = [[line.log for line in read(path) if isinstance(line, RunLine)] for path in paths]
    assert any(logs[0])
    assert not any(logs[1])


async def test_backup_on_a_full_disk_fails_and_leaves_nothing(
    harness: JobHarness, filled: Bulk, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ENOSPC in the middle of the file: the run says so, and no part of a file stays."""
    before = await harness.run("backup.export", {"keep": 1}, job_id=BACKUP_JOB)

    def full(_descriptor: int, _content: Any) -> int:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("app.core.files.root.os.write", full)
    result = await harness.run("backup.export", {"keep": 1}, job_id=BACKUP_JOB, retry='{"max_retry":0}')
    assert result.status is RunStatus.FAILED
    assert result.error is not None
    assert (result.error["code"], "ENOSPC" in result.error["message"]) == (DiskFull.code, True)
    assert files_below(settings) == [before.output["file"]], "the last good one stays, whatever `keep` says"


async def test_backup_beyond_the_quota_is_refused(
    driver: QueueDriver, filled: Bulk, settings: Settings
) -> None:
    """FILES_MAX_COUNT is for exports too: refused for good, nothing of it kept."""
    harness = JobHarness(driver, settings.model_copy(update={"files_max_count": 1}))
    result = await harness.run("backup.export", {}, job_id=BACKUP_JOB)
    assert result.status is RunStatus.FAILED
    assert result.error is not None
    assert (result.error["code"], result.error["retryable"]) == ("limit_exceeded", False)
    assert files_below(settings) == []


async def test_backup_that_is_cancelled_leaves_nothing(
    harness: JobHarness, filled: Bulk, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of time in the middle, its half-written file is gone."""
    add = ArchiveWriter.add
    pages = 0

    def slow(packer: ArchiveWriter, *args: Any) -> bytes:
        nonlocal pages
        pages += 1
        if pages == 3:
            raise asyncio.CancelledError
        return add(packer, *args)

    monkeypatch.setattr(ArchiveWriter, "add", slow)
    result = await harness.run("backup.export", {}, job_id=BACKUP_JOB, retry='{"max_retry":0}')
    assert result.status is RunStatus.FAILED
    assert files_below(settings) == []


@pytest.mark.parametrize("way", ["loop", "thread", "process"])
async def test_export_pages_reach_a_handler_wherever_it_runs(
    harness: JobHarness, filled: Bulk, way: str
) -> None:
    """The pages cross the threads and the pipe of a child; together they are everything."""
    result = await harness.run("test.platform", {"what": "export", "runs_in": way})
    assert result.status is RunStatus.SUCCESS, result.error
    assert sum(page.get("run", 0) for page in result.output) == 21
    assert result.output[0] == {}


async def test_export_with_an_unknown_number_is_refused(harness: JobHarness) -> None:
    """A number that was never assigned is refused."""
    result = await harness.run("test.platform", {"what": "page"})
    assert result.error is not None
    assert result.error["code"] == "invalid_input"


async def test_large_runs_are_read_a_few_at_a_time(driver: QueueDriver, scripts: Scripts) -> None:
    """A page that holds the worker's loop for long would let its leases wait."""
    for _ in range(40):
        await driver.finish(await driver.start("big"), output=f'"{"x" * 200_000}"')
    reader = ExportReader(driver.link, scripts, secrets=False, logs=True)
    sizes = [page.size_bytes async for page in reader.pages(await reader.header())]
    assert sum(sizes) > 8_000_000
    assert max(sizes) < 2_200_000
    assert sorted(sizes)[-4] < 1_200_000
