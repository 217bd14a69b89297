"""A deployment that is filled, exported by the real job type, wiped and restored."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.backup.reader import ExportFile
from app.backup.restore import Restore, RestoreOptions
from app.backup.sources import ExportReader
from app.backup.writer import ArchiveWriter
from app.core.models import RunStatus
from tests.support.backup.contents import contents
from tests.support.redis_server import remove_all

if TYPE_CHECKING:
    from app.backup.report import RestoreReport
    from app.core.config import Settings
    from tests.support.jobs.job_harness import JobHarness
    from tests.support.queue.queue_driver import QueueDriver

BACKUP_JOB = "backup"


class BackupFixture:
    """What tests do with exports."""

    def __init__(self, driver: QueueDriver, settings: Settings) -> None:
        self.driver = driver
        self.settings = settings
        self.link = driver.link
        self.keys = driver.keys
        self.scripts = driver.queue.scripts

    async def export(self, *, secrets: bool = True, logs: bool = True) -> bytes:
        """Return an export, read without the run that otherwise makes it, and so is in it."""
        reader, packer = ExportReader(self.link, self.scripts, secrets=secrets, logs=logs), ArchiveWriter()
        header = await reader.header()
        parts = [packer.add([header.model_dump_json()], {})]
        parts += [packer.add(page.lines, page.counts) async for page in reader.pages(header)]
        return b"".join([*parts, packer.finish()])

    async def export_by_job(self, harness: JobHarness, **inputs: Any) -> Path:
        """Return the file that a run of `backup.export` has written."""
        result = await harness.run("backup.export", inputs, job_id=BACKUP_JOB)
        assert result.status is RunStatus.SUCCESS, result.error
        return self.settings.files_dir / result.output["file"]

    async def wipe(self) -> None:
        await remove_all(self.link, self.keys)

    async def contents(self) -> dict[str, Any]:
        return await contents(self.link, self.keys)

    async def restore(
        self, export: bytes, *, settings: Settings | None = None, **options: bool
    ) -> RestoreReport:
        clock = self.driver.queue.clock
        restore = Restore(self.link, self.scripts, clock, settings or self.settings)
        return await restore.run(ExportFile(io.BytesIO(export)), RestoreOptions(**options))
