"""Reads the figures of a period: roll-ups, what monitors keep, and the errors of failed runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from app.core.availability import (
    MEMORY_KEY,
    MONITOR_TYPES,
    QUARTER_MS,
    DayTally,
    day_key,
    memory_from,
    outages_within,
    time_by_state,
)
from app.core.period_stats import (
    Availability,
    ErrorGroup,
    JobFigures,
    Period,
    PeriodStats,
    Tally,
    fields_within,
)

if TYPE_CHECKING:
    from app.core.keys import Keys
    from app.core.redis_client import Command, RedisLink

MAX_JOBS = 200
MAX_ERRORS = 20
MAX_FAILED_RUNS = 1_000
MAX_JOBS_NAMED = 5
JOBS_AT_ONCE = 200
RUNS_AT_ONCE = 250


class StatsReader:
    """The statistics of one namespace."""

    def __init__(self, link: RedisLink, keys: Keys, timezone: str) -> None:
        self._link = link
        self._keys = keys
        self._timezone = timezone

    async def stats(self, period: Period) -> PeriodStats:
        """Return what ended in a period, jobs that were deleted since included."""
        total = Tally()
        jobs = [job async for job in self._jobs(period, total)]
        jobs.sort(key=lambda job: (-job.figures.failed, -job.figures.runs, job.job_id))
        errors, complete = await self._errors(period)
        return PeriodStats(
            period=period,
            timezone=self._timezone,
            total=total.figures(),
            jobs=tuple(jobs[:MAX_JOBS]),
            jobs_total=len(jobs),
            errors=errors,
            errors_complete=complete,
            monitors=await self._monitors(jobs, period),
        )

    async def _jobs(self, period: Period, total: Tally) -> AsyncIterator[JobFigures]:
        named = await self._job_ids(period)
        for start in range(0, len(named), JOBS_AT_ONCE):
            job_ids = named[start : start + JOBS_AT_ONCE]
            types = await self._link.calls([("HGET", self._keys.job(job), "type") for job in job_ids])
            days = await self._rollups(job_ids, period)
            for job_id, job_type in zip(job_ids, types, strict=True):
                mine = Tally()
                for name, number in fields_within(days[job_id], period.quarters):
                    mine.add(name, number)
                    total.add(name, number)
                if (figures := mine.figures()).runs:
                    yield JobFigures(job_id, job_type or "", figures)

    async def _job_ids(self, period: Period) -> list[str]:
        reads: list[Command] = [("HKEYS", self._keys.rollup_jobs(day)) for day in period.days]
        found = await self._link.calls(reads) if reads else []
        return sorted({job_id for names in found for job_id in names})

    async def _rollups(self, job_ids: list[str], period: Period) -> dict[str, dict[int, dict[str, str]]]:
        places = [(job_id, day) for job_id in job_ids for day in period.days]
        answers = await self._link.calls(
            [
                ("HGETALL", key(job_id, day))
                for job_id, day in places
                for key in (self._keys.rollup_quarter, self._keys.rollup_durations)
            ]
        )
        found: dict[str, dict[int, dict[str, str]]] = {job_id: {} for job_id in job_ids}
        for at, (job_id, day) in enumerate(places):
            flat = answers[2 * at] + answers[2 * at + 1]
            found[job_id][day] = dict(zip(flat[::2], flat[1::2], strict=True))
        return found

    async def _monitors(self, jobs: list[JobFigures], period: Period) -> tuple[Availability, ...]:
        monitors = [job for job in jobs if job.type.startswith(MONITOR_TYPES)]
        found = [seen for job in monitors if (seen := await self._availability(job, period))]
        found.sort(key=lambda monitor: (-monitor.down_ms, -monitor.degraded_ms, monitor.job_id))
        return tuple(found)

    async def _availability(self, job: JobFigures, period: Period) -> Availability | None:
        names = [MEMORY_KEY, *(day_key(day) for day in period.days)]
        texts = await self._link.calls([("GET", self._keys.kv(job.job_id, name)) for name in names])
        memory = memory_from(orjson.loads(texts[0])) if texts[0] else None
        if memory is None:
            return None
        days: dict[int, DayTally] = {
            day: orjson.loads(text) for day, text in zip(period.days, texts[1:], strict=True) if text
        }
        times = time_by_state(days, period.quarters.start, period.quarters.stop)
        return Availability(
            job_id=job.job_id,
            type=job.type,
            state=memory.state,
            since_ms=memory.since_ms,
            checked_at_ms=memory.at_ms,
            reason=memory.reason,
            subject=memory.subject,
            command=memory.command,
            up_ms=times["up"],
            degraded_ms=times["degraded"],
            down_ms=times["down"],
            not_configured_ms=times["not_configured"],
            outages=outages_within(memory, period.from_ms, period.to_ms),
        )

    async def _errors(self, period: Period) -> tuple[tuple[ErrorGroup, ...], bool]:
        failed = self._keys.runs_status("failed")
        newest = await self._link.call("ZREVRANGE", failed, 0, MAX_FAILED_RUNS)
        groups: dict[str, _Group] = defaultdict(_Group)
        looked_at = newest[:MAX_FAILED_RUNS]
        for start in range(0, len(looked_at), RUNS_AT_ONCE):
            await self._group(looked_at[start : start + RUNS_AT_ONCE], period, groups)
        largest = sorted(groups.items(), key=lambda item: (-item[1].count, -item[1].last_at_ms))[:MAX_ERRORS]
        errors = (
            await self._link.calls(
                [("HGET", self._keys.run(group.last_run_id), "error") for _, group in largest]
            )
            if largest
            else []
        )
        told = tuple(
            group.told(fingerprint, text) for (fingerprint, group), text in zip(largest, errors, strict=True)
        )
        return told, len(newest) <= MAX_FAILED_RUNS

    async def _group(self, run_ids: list[str], period: Period, groups: Mapping[str, _Group]) -> None:
        reads: list[Command] = [
            ("HMGET", self._keys.run(run_id), "ended", "fingerprint", "job") for run_id in run_ids
        ]
        for run_id, (ended, fingerprint, job_id) in zip(run_ids, await self._link.calls(reads), strict=True):
            if ended and int(ended) // QUARTER_MS in period.quarters:
                groups[fingerprint or "none"].add(run_id, int(ended), job_id)


@dataclass(slots=True)
class _Group:
    count: int = 0
    job_ids: list[str] = field(default_factory=list[str])
    last_run_id: str = ""
    last_at_ms: int = 0

    def add(self, run_id: str, ended_ms: int, job_id: str) -> None:
        self.count += 1
        if job_id not in self.job_ids and len(self.job_ids) < MAX_JOBS_NAMED:
            self.job_ids.append(job_id)
        if ended_ms > self.last_at_ms:
            self.last_run_id, self.last_at_ms = run_id, ended_ms

    def told(self, fingerprint: str, error: str | None) -> ErrorGroup:
        said: dict[str, Any] = orjson.loads(error) if error else {}
        return ErrorGroup(
            fingerprint=fingerprint,
            code=str(said.get("code", "")),
            message=str(said.get("message", "")),
            count=self.count,
            job_ids=tuple(self.job_ids),
            last_run_id=self.last_run_id,
            last_at_ms=self.last_at_ms,
        )
