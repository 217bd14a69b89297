"""The next fires of all jobs: their number, their instants, pauses, and minutes that they share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.core.clock import to_ms
from app.core.models import JobSpec
from app.core.records import PauseRecord, Scope, ScopeKind
from app.core.specs.store import JobStore
from app.core.specs.upcoming import MAX_FIRES, upcoming_fires

MIDNIGHT_MS = to_ms(datetime(2026, 3, 2, tzinfo=UTC))
DAY_MS, HOUR_MS = 86_400_000, 3_600_000
WINDOW = ("UTC", MIDNIGHT_MS, MIDNIGHT_MS + DAY_MS)


async def add(jobs: JobStore, job_id: str, *, enabled: bool = True, **schedule: Any) -> None:
    spec = {"job_id": job_id, "type": "simulation.load", "schedule": schedule, "enabled": enabled}
    await jobs.create(JobSpec.model_validate(spec), actor="t", origin="t")


async def test_fires_of_a_day_by_the_next_one(jobs: JobStore) -> None:
    """A job that fires often has only its number; one that is switched off is left out."""
    await add(jobs, "late", cron="0 7 * * *")
    await add(jobs, "often", interval_sec=30)
    await add(jobs, "off", enabled=False, cron="0 1 * * *")
    found = await upcoming_fires(jobs, [], *WINDOW)
    often, late = found.jobs
    assert (often.job_id, often.count, often.fires) == ("often", DAY_MS // 30_000, [])
    assert often.count > MAX_FIRES
    assert (late.job_id, late.fires) == ("late", [MIDNIGHT_MS + 7 * HOUR_MS])


async def test_jobs_of_one_minute_collide(jobs: JobStore) -> None:
    """Each shared minute names its jobs."""
    await add(jobs, "a", cron="0 7 * * *")
    await add(jobs, "b", cron="0 7,9 * * *")
    found = await upcoming_fires(jobs, [], *WINDOW)
    assert [(each.at, each.jobs) for each in found.collisions] == [(MIDNIGHT_MS + 7 * HOUR_MS, ["a", "b"])]


async def test_a_pause_holds_the_fires_before_its_end(jobs: JobStore) -> None:
    """A pause that ends before the next fire holds nothing."""
    await add(jobs, "a", cron="0 7 * * *")

    def pause(until_ms: int | None) -> PauseRecord:
        return PauseRecord(Scope(ScopeKind.ALL), MIDNIGHT_MS, "ani", "", 0, until_ms)

    for until_ms, expected in (
        (None, (True, None)),
        (MIDNIGHT_MS + 8 * HOUR_MS, (True, MIDNIGHT_MS + 8 * HOUR_MS)),
        (MIDNIGHT_MS + 6 * HOUR_MS, (False, None)),
    ):
        [job] = (await upcoming_fires(jobs, [pause(until_ms)], *WINDOW)).jobs
        assert (job.paused, job.paused_until) == expected
