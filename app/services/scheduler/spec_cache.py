"""Cache of compiled specs: each job's schedule and the template of its runs."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.errors import Unavailable
from app.core.models import JobSpec, Misfire, NewRun
from app.core.queue import DueJob, Queue
from app.core.queue.scheduler import saved_spec
from app.core.scheduling.schedule import NO_CALENDARS, calendars_of, compile_schedule
from app.core.scheduling.slots import CompiledSchedule
from app.core.specs.calendars import CalendarStore, parsed
from app.core.specs.runs import run_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.scheduling.skip_rules import Calendars

SOURCE = "schedule"
# About 800 bytes each: 40 MB. A dropped one is read again, for 30 µs.
_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class CompiledSpec:
    """What firing needs of one version of a job."""

    schedule: CompiledSchedule
    run: NewRun
    """The template of its runs, without the slot's own values."""
    overlap: str
    misfire: Misfire
    grace_ms: int
    jitter_sec: float
    saved_ms: int = 0
    """The time of its save; slots before it were not this version's to skip."""
    calendars: Mapping[str, str] | None = None
    """The calendars that its schedule names, as they were stored; None if it names none."""


class CompiledSpecs:
    """Versions of specs by job, read once; a version never changes.

    Calendars do: those of the due jobs are read each time, so that a change takes effect at once.
    """

    def __init__(self, queue: Queue, default_timezone: str) -> None:
        self._queue = queue
        self._calendars = CalendarStore(queue.link, queue.scripts, queue.clock)
        self._default_timezone = default_timezone
        self._kept: OrderedDict[str, CompiledSpec] = OrderedDict()

    async def get(self, jobs: Iterable[DueJob]) -> dict[str, CompiledSpec | Exception]:
        """Return each job's schedule, or its error; unknown versions are read in one round trip."""
        found = await self.once(jobs)
        for job_id, compiled in found.items():
            if not isinstance(compiled, Exception):
                self._kept[job_id] = compiled
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found

    async def once(self, jobs: Iterable[DueJob]) -> dict[str, CompiledSpec | Exception]:
        """Return the same without caching new ones: a walk over all jobs needs each once."""
        jobs = list(jobs)
        found: dict[str, CompiledSpec | Exception] = {}
        kept = {job.job_id: known for job in jobs if (known := self._cached(job)) is not None}
        for job_id in await self._outdated(kept):
            del kept[job_id]
        missing = [job for job in jobs if job.job_id not in kept]
        if missing:
            texts = await self._queue.saved_texts([(job.job_id, job.version) for job in missing])
            for job, text in zip(missing, texts, strict=True):
                found[job.job_id] = await self._compiled(job, text)
        return found | kept

    async def _outdated(self, kept: Mapping[str, CompiledSpec]) -> list[str]:
        """Return the jobs whose calendars have changed; a read of Redis only if a job names any."""
        named = {job_id: found.calendars for job_id, found in kept.items() if found.calendars is not None}
        if not named:
            return []
        texts = await self._calendars.texts(name for each in named.values() for name in each)
        return [
            job_id
            for job_id, each in named.items()
            if any(texts.get(name) != text for name, text in each.items())
        ]

    def _cached(self, job: DueJob) -> CompiledSpec | None:
        kept = self._kept.get(job.job_id)
        if kept is None or kept.run.version != job.version:
            return None
        self._kept.move_to_end(job.job_id)
        return kept

    async def _compiled(self, job: DueJob, text: str) -> CompiledSpec | Exception:
        try:
            spec, saved_ms = saved_spec(job.job_id, job.version, text)
            names = calendars_of(spec.schedule)
            texts = await self._calendars.texts(names) if names else None
            found = {name: parsed(text) for name, text in texts.items()} if texts else NO_CALENDARS
            compiled = compile_spec(spec, job.version, self._default_timezone, found)
            return replace(compiled, saved_ms=saved_ms, calendars=texts)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001  whatever one spec holds, the others must fire
            return error


def compile_spec(
    spec: JobSpec, version: int, default_timezone: str, calendars: Calendars = NO_CALENDARS
) -> CompiledSpec:
    """Compile a version of a spec; raises the spec's error."""
    if spec.schedule is None:
        raise ValueError("the job has no schedule")
    run = run_of(spec, version, run_id="", source=SOURCE, trace_id="")
    return CompiledSpec(
        schedule=compile_schedule(spec.schedule, default_timezone, calendars),
        # Most values are the same in many jobs, and are then one text.
        run=NewRun._make(sys.intern(value) if type(value) is str else value for value in run),
        overlap=spec.overlap.value,
        misfire=spec.misfire,
        grace_ms=spec.misfire_grace_sec * 1000,
        jitter_sec=spec.jitter_sec,
    )
