"""A monitor whose checks begin at chosen instants, of an hour ago and later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.execution.attempt import encode_check
from app.core.models import JobSpec
from app.core.monitors.models import MonitorReport, MonitorWarning

if TYPE_CHECKING:
    from app.core.models import ClaimedRun
    from app.core.monitors.store import MonitorStore
    from app.core.specs.store import JobStore
    from tests.support.queue.queue_driver import QueueDriver

UP = MonitorReport("up", "https://shop.example", "monitor:shop.example", latency_ms=40)
DOWN = MonitorReport("down", "https://shop.example", "monitor:shop.example", "status", "status 503")
CERTIFICATE = MonitorWarning(
    "certificate_ends", "certificate:shop.example", "shop.example", "the certificate ends in 9 days"
)
SEC = 1_000


class Watched:
    """A monitor's job, and checks of it at chosen instants."""

    def __init__(self, driver: QueueDriver, monitors: MonitorStore, start_ms: int, job_id: str) -> None:
        self.driver, self.monitors, self.start_ms, self.job_id = driver, monitors, start_ms, job_id

    async def begin(self, after_ms: int) -> ClaimedRun:
        """Return a run that was started at an instant."""
        run = await self.driver.start(self.job_id, type="monitor.http")
        await self.driver.link.call(
            "HSET", self.driver.keys.run(run.run_id), "started", self.start_ms + after_ms
        )
        return run

    async def check(self, report: MonitorReport, after_ms: int) -> str:
        """End a run that was started at an instant with a report."""
        return await self.driver.finish(await self.begin(after_ms), check=encode_check(report))

    async def ran(self, *intervals_sec: tuple[int, int]) -> None:
        """Say when processes ran, in seconds since the start."""
        await self.driver.link.call("DEL", self.driver.keys.awake)
        for first, last in intervals_sec:
            from_ms, to_ms = self.start_ms + first * SEC, self.start_ms + last * SEC
            await self.driver.link.call("RPUSH", self.driver.keys.awake, f"{from_ms}|{to_ms}|{to_ms}")

    async def set_next_slot(self, after_ms: int) -> None:
        """Set when the job fires next."""
        key = self.driver.keys.job(self.job_id)
        await self.driver.link.call("HSET", key, "slot", self.start_ms + after_ms)

    async def times(self) -> list[int]:
        """Return the stored seconds in up, degraded and down."""
        days = await self.driver.fields(self.driver.keys.monitor_days(self.job_id))
        times = zip(*(map(int, text.split(",")) for text in days.values()), strict=True)
        return [sum(column) // SEC for column in times]

    async def ranges(self) -> list[tuple[str, int, int | None]]:
        """Return states with their instants since the start."""
        detail = await self.monitors.get(self.job_id)
        assert detail is not None
        return [
            (
                each.state,
                each.from_ms - self.start_ms,
                None if each.to_ms is None else each.to_ms - self.start_ms,
            )
            for each in detail.history
        ]

    async def fields(self) -> dict[str, str]:
        return await self.driver.fields(self.driver.keys.monitor(self.job_id))


async def add_job(jobs: JobStore, job_id: str, **more: Any) -> None:
    spec = JobSpec(job_id=job_id, type="monitor.http", inputs={"url": "https://shop.example"}, **more)
    await jobs.create(spec, actor="t", origin="t")
