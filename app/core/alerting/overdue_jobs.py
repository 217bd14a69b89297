"""Jobs that are overdue, backups that are too old, and the end of missed slots."""

from __future__ import annotations

import asyncio
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING, Final

from app.core.alerting.findings import WatchFinding
from app.core.i18n import _
from app.core.incidents.models import IncidentKind
from app.core.queue.pauses import pause_record, pauses_of
from app.core.records import Scope
from app.core.storage.connection import pairs, scores, time_ms

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from app.core.clock import Clock
    from app.core.incidents.store import IncidentStore
    from app.core.models import JobSpec
    from app.core.records import JobRecord, PauseRecord
    from app.core.redis_client import RedisLink
    from app.core.specs.store import JobStore
    from app.core.storage.scripts import Scripts

MARGIN_MS: Final = 60_000
"""Between the time-out of an overdue run and the incident: retries and a busy queue take some time."""
MOST_JOBS: Final = 200
BACKUP_TYPE: Final = "backup.export"
LEAST_BACKUP_MS: Final = 3_600_000
ON_TIME_MS: Final = 60_000
"""A success sooner after a miss is that of a run that catches up."""
MISSED_END_MS: Final = 86_400_000
SLOTS: Final = "slots:missed"
_OVERDUE, _BACKUP = "overdue:", "backup:"


def is_about_jobs(key: str) -> bool:
    """Return whether a cause is one of `overdue_findings`."""
    return key.startswith((_OVERDUE, _BACKUP))


class OverdueJobs:
    """Finds overdue jobs from the indexes that fires and successes keep; it reads no healthy job."""

    def __init__(
        self, link: RedisLink, scripts: Scripts, clock: Clock, incidents: IncidentStore, timezone: str
    ) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = scripts.keys
        self._clock = clock
        self._incidents = incidents
        self._timezone = timezone
        self._store: JobStore | None = None

    async def findings(self) -> list[WatchFinding]:
        """Return the jobs that have fired, have had no success for too long, and have no failing incident."""
        time, stored, backup_ids = await self._link.calls(
            [
                ("TIME",),
                ("HGETALL", self._keys.pauses),
                ("ZRANGE", self._keys.jobs_type(BACKUP_TYPE), 0, MOST_JOBS - 1),
            ]
        )
        now_ms = time_ms(time)
        pauses = {scope: pause_record(Scope.parse(scope), text) for scope, text in pairs(stored).items()}
        backups = (await self._awake(backup_ids, pauses, now_ms)).values()
        return await self._late(pauses, now_ms) + await self._old_backups(backups, now_ms)

    async def _late(self, pauses: Mapping[str, PauseRecord], now_ms: int) -> list[WatchFinding]:
        """Return the first overdue jobs; those that a pause holds are passed over."""
        found, failing = list[WatchFinding](), None
        for start in count(0, MOST_JOBS):
            limit = ("BYSCORE", "LIMIT", start, MOST_JOBS, "WITHSCORES")
            since = scores(await self._link.call("ZRANGE", self._keys.success_due, "-inf", now_ms, *limit))
            awake = await self._awake(list(since), pauses, now_ms)
            if awake and failing is None:
                failing = await self._failing()
            found += [
                _overdue(spec, since[job_id])
                for job_id, record in awake.items()
                if (spec := record.spec).type != BACKUP_TYPE
                and job_id not in (failing or ())
                and now_ms > since[job_id] + spec.timeout_ms + MARGIN_MS
            ]
            if len(since) < MOST_JOBS or len(found) >= MOST_JOBS:
                break
        return found[:MOST_JOBS]

    async def _awake(
        self, job_ids: Sequence[str], pauses: Mapping[str, PauseRecord], now_ms: int
    ) -> dict[str, JobRecord]:
        """Return those of these jobs that are enabled and not paused."""
        if not job_ids:
            return {}
        records = await (await self._jobs()).find_some(job_ids)
        return {
            job_id: record
            for job_id, record in records.items()
            if record.spec.enabled and not pauses_of(record.spec, pauses, now_ms)
        }

    async def _jobs(self) -> JobStore:
        """Return the stored jobs; their modules, and those of schedules, are loaded at the first use."""
        if self._store is not None:
            return self._store
        module = await asyncio.to_thread(import_module, "app.core.specs.store")
        store = module.JobStore(self._link, self._scripts, self._clock, self._timezone)
        self._store = store
        return store

    async def end_missed(self) -> None:
        """Take the jobs that have run on time since out of the incident of missed slots."""
        incident_id = await self._link.call("HGET", self._keys.incidents_open, SLOTS)
        if incident_id is None:
            return
        last, members, time = await self._link.calls(
            [
                ("HGET", self._keys.incident(incident_id), "last"),
                ("SRANDMEMBER", self._keys.incident_members(incident_id), MOST_JOBS),
                ("TIME",),
            ]
        )
        if time_ms(time) - int(last) > MISSED_END_MS:
            await self._incidents.close(SLOTS, words=_("No slot was missed for a day."))
            return
        jobs = [member.partition(":")[2] for member in members]
        successes = await self._successes(jobs)
        for job_id in jobs:
            if successes.get(job_id, 0) > int(last) + ON_TIME_MS:
                await self._incidents.close(SLOTS, f"job:{job_id}")

    async def _failing(self) -> set[str]:
        """Return the jobs of open incidents about failures: those say more."""
        page = await self._incidents.list("open", limit=MOST_JOBS)
        failing = {IncidentKind.JOB_FAILING, IncidentKind.NO_WORKER}
        return {job_id for each in page.items if each.kind in failing for job_id in each.jobs}

    async def _successes(self, job_ids: list[str]) -> dict[str, int]:
        if not job_ids:
            return {}
        found = await self._link.call("ZMSCORE", self._keys.successes, *job_ids)
        return {job_id: int(float(at)) for job_id, at in zip(job_ids, found, strict=True) if at is not None}

    async def _old_backups(self, backups: Collection[JobRecord], now_ms: int) -> list[WatchFinding]:
        successes = await self._successes([each.spec.job_id for each in backups])
        found: list[WatchFinding] = []
        for record in backups:
            interval_ms = await self._interval_ms(record.spec, now_ms)
            # A backup that was just made or changed has its whole time from then on.
            since_ms = successes.get(record.spec.job_id, record.updated_at)
            if interval_ms is None or now_ms - since_ms <= max(LEAST_BACKUP_MS, 2 * interval_ms):
                continue
            cause = _(
                "{job_id} has not succeeded for more than twice its interval.", job_id=record.spec.job_id
            )
            found.append(
                _finding(
                    f"{_BACKUP}{record.spec.job_id}", IncidentKind.BACKUP_OLD, record.spec, cause, since_ms
                )
            )
        return found

    async def _interval_ms(self, spec: JobSpec, now_ms: int) -> int | None:
        """Return the time between the last two slots of a job; None if there were fewer."""
        if spec.schedule is None:
            return None
        calendars = await (await self._jobs()).calendars.of(spec.schedule)
        # They are loaded by then, with the stored jobs.
        from app.core.scheduling.cron import ScheduleError  # noqa: PLC0415
        from app.core.scheduling.schedule import compile_schedule  # noqa: PLC0415

        try:
            slots = compile_schedule(spec.schedule, self._timezone, calendars)
        except ScheduleError:
            return None
        last = slots.previous_or_at(now_ms)
        before = None if last is None else slots.previous_or_at(last - 1)
        return None if last is None or before is None else last - before


def _overdue(spec: JobSpec, since_ms: int) -> WatchFinding:
    cause = _("{job_id} has fired, and no run of it has succeeded in its time.", job_id=spec.job_id)
    return _finding(f"{_OVERDUE}{spec.job_id}", IncidentKind.JOB_OVERDUE, spec, cause, since_ms)


def _finding(key: str, kind: IncidentKind, spec: JobSpec, cause: str, since_ms: int) -> WatchFinding:
    return WatchFinding(
        key, kind, "warning", cause, subject=spec.job_id, job_id=spec.job_id, since_ms=since_ms
    )
