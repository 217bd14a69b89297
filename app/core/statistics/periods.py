"""Figures of a period for reports and statistics, summed from roll-ups."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.core.clock import DAY_MS, QUARTER_MS, QUARTERS
from app.core.i18n.stored import read_error
from app.core.monitors.models import StateRange, WatchState
from app.core.storage.histogram import FINE_COUNT, fine_index, percentile

if TYPE_CHECKING:
    from app.core.monitors.models import MonitorPast
    from app.core.monitors.store import MonitorStore
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys

HISTOGRAM_QUARTERS = 8
"""A histogram covers two hours: by the hour it would take twice the memory for the last four days."""


@dataclass(frozen=True, slots=True)
class Period:
    """A time span, epoch ms. Figures are stored by quarter hour, so the quarters at its edges count in full.

    Histograms are stored by two hours, so percentiles may include up to two hours before the period. After
    three days figures are stored by the hour and histograms by eight hours, each under its first quarter.
    """

    from_ms: int
    to_ms: int

    @property
    def quarters(self) -> range:
        """Return the quarter hours since 1970 that it overlaps."""
        return range(self.from_ms // QUARTER_MS, -(-self.to_ms // QUARTER_MS))

    @property
    def days(self) -> range:
        """Return the UTC days since 1970 that it overlaps."""
        return range(self.from_ms // DAY_MS, -(-self.to_ms // DAY_MS))


@dataclass(frozen=True, slots=True)
class RunFigures:
    """Runs that ended. Percentiles are within 5 %."""

    success: int = 0
    failed: int = 0
    cancelled: int = 0
    total_ms: int = 0
    p50_ms: int | None = None
    p95_ms: int | None = None

    @property
    def runs(self) -> int:
        """Return how many ended, with any outcome."""
        return self.success + self.failed + self.cancelled

    @property
    def success_rate(self) -> float | None:
        """Return the share of successes among those that succeeded or failed."""
        decided = self.success + self.failed
        return self.success / decided if decided else None


@dataclass(frozen=True, slots=True)
class JobFigures:
    """One job's runs; `type` is empty for a job that was deleted."""

    job_id: str
    type: str
    figures: RunFigures


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """Failed runs with equal errors; numbers and ids are ignored."""

    fingerprint: str
    code: str
    message: str
    count: int
    job_ids: tuple[str, ...]
    last_run_id: str
    last_at_ms: int


@dataclass(frozen=True, slots=True)
class Availability:
    """A monitor's observations in a period, and the present state of its target."""

    job_id: str
    type: str
    state: WatchState
    since_ms: int
    checked_at_ms: int | None
    reason: str
    """A short code; empty if all is well."""
    detail: str
    """The reason for people, English."""
    subject: str
    command: str
    up_ms: int
    degraded_ms: int
    down_ms: int
    outages: tuple[StateRange, ...]
    """The times in which it was down, oldest first."""

    @classmethod
    def of(cls, past: MonitorPast) -> Availability:
        """Return what a monitor saw."""
        return cls(
            job_id=past.job_id,
            type=past.type,
            state=past.state,
            since_ms=past.since,
            checked_at_ms=past.last_check_at,
            reason=past.reason,
            detail=past.last_error or "",
            subject=past.target,
            command=past.command if past.state == "not_configured" else "",
            up_ms=past.time.up,
            degraded_ms=past.time.degraded,
            down_ms=past.time.down,
            outages=tuple(each for each in past.ranges if each.state == "down"),
        )

    @property
    def availability(self) -> float | None:
        """Return the share of the observed time in which it answered; None if none was observed."""
        watched_ms = self.up_ms + self.degraded_ms + self.down_ms
        return (self.up_ms + self.degraded_ms) / watched_ms if watched_ms else None


@dataclass(frozen=True, slots=True)
class PeriodStats:
    """One period of the whole deployment."""

    period: Period
    timezone: str
    """The deployment's own zone."""
    total: RunFigures
    jobs: tuple[JobFigures, ...]
    """Those with the most failures first, then with the most runs; at most 200."""
    jobs_total: int
    errors: tuple[ErrorGroup, ...]
    """Most frequent first, at most 20."""
    errors_complete: bool
    """False if more runs failed than are read."""
    monitors: tuple[Availability, ...]
    """Worst first."""


class Tally:
    """Adds up roll-up fields: counts such as `success` and `ms`, and buckets of histograms.

    Coarse buckets of an earlier version are up to 2.5 times wide: a histogram with one has no percentiles.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._histograms: dict[str, list[int]] = {}
        self._coarse: set[str] = set()

    def add(self, name: str, number: int) -> None:
        """Add one field: a word, `<histogram>|<bucket>`, or the bucket of a duration alone."""
        histogram, _, bucket = name.rpartition("|")
        if (index := fine_index(bucket)) is None:
            self.counts[name] += number
        else:
            buckets = self._histograms.setdefault(histogram or "duration", [0] * FINE_COUNT)
            buckets[index] += number
            if bucket[0] != "b":
                self._coarse.add(histogram)

    def merge(self, other: Tally) -> None:
        """Add all fields of another tally."""
        self.counts.update(other.counts)
        for name, numbers in other._histograms.items():
            mine = self._histograms.get(name, [0] * FINE_COUNT)
            self._histograms[name] = [a + b for a, b in zip(mine, numbers, strict=True)]
        self._coarse |= other._coarse

    def percentile(self, histogram: str, q: float) -> int | None:
        """Return the q-quantile of a histogram in ms, within 5 %; None if nothing was measured so finely."""
        if histogram in self._coarse:
            return None
        return percentile(self._histograms.get(histogram, ()), q)

    def figures(self) -> RunFigures:
        """Return the sums of runs that ended."""
        counts = self.counts
        return RunFigures(
            success=counts["success"],
            failed=counts["failed"],
            cancelled=counts["cancelled"],
            total_ms=counts["ms"],
            p50_ms=self.percentile("duration", 0.5),
            p95_ms=self.percentile("duration", 0.95),
        )


async def read_days(
    link: RedisLink, keys: Keys, job_ids: Iterable[str], days: range
) -> dict[str, dict[int, dict[str, str]]]:
    """Return the stored fields of each job and day: counts by quarter hour, histograms of durations."""
    found: dict[str, dict[int, dict[str, str]]] = {job_id: {} for job_id in job_ids}
    places = [(job_id, day) for job_id in found for day in days]
    counts = link.hashes(keys.rollup_quarter(*place) for place in places)
    histograms = link.hashes(keys.rollup_durations(*place) for place in places)
    for (job_id, day), *parts in zip(places, *await asyncio.gather(counts, histograms), strict=True):
        found[job_id][day] = parts[0] | parts[1]
    return found


def fields_within(days: Mapping[int, Mapping[str, str]], quarters: range) -> Iterable[tuple[str, int]]:
    """Return the fields of a job's quarter-hour roll-ups, by UTC day, that fall into quarter hours."""
    for day, values in days.items():
        for key, text in values.items():
            quarter, _, name = key.partition("|")
            last = day * QUARTERS + int(quarter) + (HISTOGRAM_QUARTERS - 1 if name[:1] == "b" else 0)
            if quarters.start <= last and day * QUARTERS + int(quarter) < quarters.stop:
                yield name, int(text)


# Reads the figures of a period: roll-ups, availability of monitors, and errors of failed runs.

MAX_JOBS = 200
MAX_ERRORS = 20
MAX_FAILED_RUNS = 1_000
MAX_JOBS_NAMED = 5
JOBS_AT_ONCE = 200
RUNS_AT_ONCE = 250


class StatsReader:
    """The statistics of one namespace."""

    def __init__(self, link: RedisLink, keys: Keys, monitors: MonitorStore, timezone: str) -> None:
        self._link = link
        self._keys = keys
        self._monitors = monitors
        self._timezone = timezone

    async def stats(self, period: Period) -> PeriodStats:
        """Return the figures of a period, deleted jobs included."""
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
            monitors=await self._availabilities(period),
        )

    async def _jobs(self, period: Period, total: Tally) -> AsyncIterator[JobFigures]:
        named = await self._job_ids(period)
        for start in range(0, len(named), JOBS_AT_ONCE):
            job_ids = named[start : start + JOBS_AT_ONCE]
            types = await self._link.calls([("HGET", self._keys.job(job), "type") for job in job_ids])
            days = await read_days(self._link, self._keys, job_ids, period.days)
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

    async def _availabilities(self, period: Period) -> tuple[Availability, ...]:
        job_ids, found = await self._monitors.job_ids(), list[Availability]()
        for start in range(0, len(job_ids), JOBS_AT_ONCE):
            some = job_ids[start : start + JOBS_AT_ONCE]
            found += map(Availability.of, await self._monitors.past(some, period.from_ms, period.to_ms))
        found.sort(key=lambda monitor: (-monitor.down_ms, -monitor.degraded_ms, monitor.job_id))
        return tuple(found)

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
        figures = tuple(
            group.to_error_group(fingerprint, text)
            for (fingerprint, group), text in zip(largest, errors, strict=True)
        )
        return figures, len(newest) <= MAX_FAILED_RUNS

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

    def to_error_group(self, fingerprint: str, error: str | None) -> ErrorGroup:
        said = read_error(error) or {}
        return ErrorGroup(
            fingerprint=fingerprint,
            code=str(said.get("code", "")),
            message=said.get("message", ""),
            count=self.count,
            job_ids=tuple(self.job_ids),
            last_run_id=self.last_run_id,
            last_at_ms=self.last_at_ms,
        )
