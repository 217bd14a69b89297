"""The next fires of all jobs within a window, and the minutes in which several fire."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from app.core.queue.pauses import pauses_of
from app.core.scheduling.cron import ScheduleError
from app.core.scheduling.schedule import calendars_of, compile_schedule
from app.core.specs.search import JobFilter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.core.access.scope import JobScope
    from app.core.models import Calendar
    from app.core.records import JobRecord, PauseRecord
    from app.core.scheduling.slots import CompiledSchedule
    from app.core.specs.store import JobStore

MAX_JOBS = 2_000
MAX_FIRES = 100
"""A job with more fires in the window has only their number, and its next fire."""
MAX_COLLISIONS = 100
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class UpcomingJob:
    """The fires of one enabled job; instants in epoch milliseconds."""

    job_id: str
    type: str
    tags: list[str]
    count: int
    next_at: int | None
    fires: list[int]
    """All of them if there are at most `MAX_FIRES`, else none."""
    paused: bool
    """A pause holds its next fire."""
    paused_until: int | None


@dataclass(frozen=True, slots=True)
class Collision:
    """A minute in which several jobs fire. Jobs that fire more than `MAX_FIRES` times do not count."""

    at: int
    jobs: list[str]


@dataclass(frozen=True, slots=True)
class UpcomingFires:
    """The fires of a window."""

    from_ms: int
    to_ms: int
    jobs: list[UpcomingJob]
    """By next fire; jobs without one in the window are left out."""
    collisions: list[Collision]
    """By time, the first 100."""


async def upcoming_fires(
    jobs: JobStore,
    pauses: Sequence[PauseRecord],
    timezone: str,
    from_ms: int,
    to_ms: int,
    *,
    scope: JobScope | None = None,
) -> UpcomingFires:
    """Return the fires of up to 2,000 enabled jobs, of a scope if one is given, between two instants."""
    records = (
        await jobs.enabled(MAX_JOBS)
        if scope is None
        else await jobs.scoped(JobFilter(enabled=True, scope=scope), MAX_JOBS)
    )
    names = {name for record in records for name in calendars_of(record.spec.schedule)}
    calendars = await jobs.calendars.some(names)
    window = from_ms, to_ms
    # In a thread, because rare fires take long to find.
    found = await asyncio.to_thread(_of_jobs, records, pauses, timezone, calendars, window)
    return UpcomingFires(from_ms, to_ms, found, list(islice(_collisions(found), MAX_COLLISIONS)))


def _of_jobs(
    records: Sequence[JobRecord],
    pauses: Sequence[PauseRecord],
    timezone: str,
    calendars: Mapping[str, Calendar],
    window: tuple[int, int],
) -> list[UpcomingJob]:
    scopes = {pause.scope.text: pause for pause in pauses}
    found: list[UpcomingJob] = []
    for record in records:
        compiled = _compiled(record, timezone, calendars)
        if compiled is not None and (job := _of_job(record, compiled, scopes, window)).count:
            found.append(job)
    return sorted(found, key=lambda job: (job.next_at or 0, job.job_id))


def _compiled(record: JobRecord, timezone: str, calendars: Mapping[str, Calendar]) -> CompiledSchedule | None:
    """Return the schedule of a job; None if it has none, or if a calendar of it is gone."""
    if record.spec.schedule is None:
        return None
    try:
        return compile_schedule(record.spec.schedule, timezone, calendars)
    except ScheduleError:
        return None


def _of_job(
    record: JobRecord,
    compiled: CompiledSchedule,
    pauses: Mapping[str, PauseRecord],
    window: tuple[int, int],
) -> UpcomingJob:
    first, last = window
    next_at = compiled.next_after(first)
    count = compiled.count(first + 1, last)
    spec = record.spec
    lasting = pauses_of(spec, pauses, first if next_at is None else next_at)
    ends = [each.until_ms for each in lasting]
    return UpcomingJob(
        job_id=spec.job_id,
        type=spec.type,
        tags=spec.tags,
        count=count,
        next_at=next_at,
        fires=list(_fires(compiled, window)) if count <= MAX_FIRES else [],
        paused=bool(lasting),
        paused_until=None if None in ends else max((end for end in ends if end is not None), default=None),
    )


def _fires(compiled: CompiledSchedule, window: tuple[int, int]) -> Iterator[int]:
    slot = compiled.next_after(window[0])
    while slot is not None and slot <= window[1]:
        yield slot
        slot = compiled.next_after(slot)


def _collisions(jobs: Sequence[UpcomingJob]) -> Iterator[Collision]:
    minutes: dict[int, dict[str, None]] = defaultdict(dict)
    for job in jobs:
        for fire in job.fires:
            minutes[fire // MINUTE_MS][job.job_id] = None
    for minute in sorted(minutes):
        if len(minutes[minute]) > 1:
            yield Collision(minute * MINUTE_MS, sorted(minutes[minute]))
