"""Executes a plan: saves its jobs, runs them, awaits the runs.

The scope of an execution (an idempotency key, or the plan's own id) is part of the ids of its saves and runs.
So a repeat finds the finished steps, completes the rest, and changes nothing twice. A crash leaves whole jobs
only: each save is one script.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from app.core.activity.events import events_of
from app.core.errors import (
    AdminRequired,
    Gone,
    InvalidSpec,
    JobExists,
    JobNotFound,
    PlanOutdated,
    QueueFull,
    RunNotFound,
    Unavailable,
    VersionConflict,
)
from app.core.files.exports import exports_secrets, require_export_right
from app.core.ids import stable_id
from app.core.models import TERMINAL
from app.core.queue import EnqueueResult, Idempotency
from app.core.queue.producer import PURGED
from app.core.redis_client import open_blocking
from app.core.scheduling.schedule import compile_schedule
from app.core.specs.runs import run_of
from app.core.storage.index_scan import answers_of
from app.planner.actions import BEGUN, DONE, JobActions
from app.planner.chains import chained_ids, in_saving_order
from app.planner.models import ACTIONS, Change
from app.planner.review import why

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.queue import Queue
    from app.core.records import JobRecord, RunRecord
    from app.core.redis_client import BlockingLink, RedisLink
    from app.core.runs.store import RunStore
    from app.core.specs.store import JobStore
    from app.core.storage.keys import Keys
    from app.planner.models import JobChange, Plan

SOURCE: Final = "planner"
NEEDS_CONFIRMATION: Final = "needs_confirmation"
STATUSES: Final = {
    Change.CREATE: "created",
    Change.UPDATE: "updated",
    Change.UNCHANGED: "unchanged",
    Change.DISABLE: "disabled",
    Change.PAUSE: "paused",
    Change.RESUME: "resumed",
    Change.RUN: "run",
    Change.DELETE: "deleted",
}
_WITHOUT_RIGHT: Final = frozenset({Change.DISABLE, Change.PAUSE, Change.DELETE})
"""Changes after which a job starts no run."""


@dataclass(frozen=True, slots=True)
class ExecutionOptions:
    """Options of an execution. The plan service sets `scope`, `fresh` and `repeated`."""

    actor: str
    trace_id: str
    run_immediately: bool
    wait_sec: float
    only_certain: bool = False
    """Apply only what needs no confirmation."""
    is_admin: bool = False
    """True if jobs that export secrets may be saved and run."""
    scope: str = ""
    """Part of the ids of saves and runs: an idempotency key, or the plan's own id."""
    fresh: bool = False
    """The plan was made by this call."""
    repeated: bool = False
    """The idempotency key was used before."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """The result of one job of a plan."""

    job_id: str
    type: str
    create_status: str
    """created, updated, unchanged, disabled, paused, resumed, run, deleted, needs_confirmation, error."""
    run_id: str | None = None
    queue_status: str | None = None
    run_status: str | None = None
    result_success: bool | None = None
    result_error: str | None = None


@dataclass(frozen=True, slots=True)
class PlanResult:
    """The result of a plan."""

    plan: Plan
    results: tuple[JobResult, ...]
    confirm_id: str | None = None
    """The plan to confirm or to answer, if something was not applied."""


@dataclass(slots=True)
class _Step:
    """One job during the execution."""

    job: JobChange
    status: str = "error"
    is_done: bool = False
    record: JobRecord | None = None
    run: EnqueueResult | None = None
    error: str | None = None


class PlanExecutor:
    """Executes plans."""

    def __init__(
        self, jobs: JobStore, queue: Queue, waiter: RunWaiter, clock: Clock, default_timezone: str
    ) -> None:
        self._jobs = jobs
        self._queue = queue
        self._waiter = waiter
        self._clock = clock
        self._actions = JobActions(jobs, queue, clock)
        self._default_timezone = default_timezone

    async def execute(self, plan: Plan, options: ExecutionOptions, held: Collection[str] = ()) -> PlanResult:
        """Apply a plan, without the `held` jobs, and return the result of each job.

        Raises PlanOutdated if a stored job has changed.
        """
        wanted = [job for job in plan.jobs if job.spec.job_id not in held]
        done = await self._execute(replace(plan, jobs=tuple(wanted)), options)
        results = iter(done)
        waiting = {job.spec.job_id: _needs_confirmation(job) for job in plan.jobs if job.spec.job_id in held}
        return PlanResult(plan, tuple(waiting.get(job.spec.job_id) or next(results) for job in plan.jobs))

    async def _execute(self, plan: Plan, options: ExecutionOptions) -> list[JobResult]:
        steps = [_Step(job) for job in plan.jobs]
        if not options.fresh:
            await self._recheck(steps, options)
        ranks = {job.spec.job_id: rank for rank, job in enumerate(in_saving_order(plan.jobs))}
        for step in sorted(steps, key=lambda step: ranks[step.job.spec.job_id]):
            if not step.is_done:
                await self._apply(step, options)
        return await self._run(steps, plan, options)

    async def _recheck(self, steps: Sequence[_Step], options: ExecutionOptions) -> None:
        """Mark the steps that an earlier try has done; refuse the plan if anything else has changed."""
        reasons: list[str] = []
        marks = await self._actions.marks(options.scope, [step.job.spec.job_id for step in steps])
        for step, mark in zip(steps, marks, strict=True):
            job_id, change = step.job.spec.job_id, step.job.change
            record = await self._find(job_id)
            done = mark == DONE if change in ACTIONS else await self._did(step, options)
            # A crash after the deletion and before its mark leaves no job.
            done = done or (change is Change.DELETE and mark == BEGUN and record is None)
            version = None if record is None else record.version
            if done and (record is not None or change is Change.DELETE):
                step.record, step.status, step.is_done = record, STATUSES[change], True
            elif record is not None and options.repeated and change is Change.UNCHANGED:
                # It was as previewed when the key was first used; later changes by people are legitimate.
                continue
            elif done or version != step.job.base_version:
                reasons.append(_moved(job_id, step.job.base_version, version))
            elif change in {Change.CREATE, Change.UPDATE} and await self._is_past(step.job):
                reasons.append(f"{job_id}: its only fire has passed")
        if reasons:
            raise PlanOutdated(tuple(reasons))

    async def _find(self, job_id: str) -> JobRecord | None:
        try:
            return await self._jobs.find(job_id)
        except JobNotFound:
            return None

    async def _did(self, step: _Step, options: ExecutionOptions) -> bool:
        if step.job.change is Change.UNCHANGED:
            return False
        try:
            versions = await self._jobs.versions(step.job.spec.job_id)
        except JobNotFound:
            return False
        return any(version.origin == _origin(options) for version in versions)

    async def _is_past(self, job: JobChange) -> bool:
        schedule = job.spec.schedule
        if schedule is None:
            return False
        calendars = await self._jobs.calendars.of(schedule)
        compiled = compile_schedule(schedule, self._default_timezone, calendars)
        return compiled.next_after(self._clock.now_ms()) is None

    async def _apply(self, step: _Step, options: ExecutionOptions) -> None:
        try:
            if step.job.change not in _WITHOUT_RIGHT:
                require_export_right(options.is_admin, step.job.spec.type, step.job.spec.inputs)
            await self._change(step, options)
            step.status = STATUSES[step.job.change]
        except (JobExists, JobNotFound, VersionConflict) as conflict:
            await self._resolve_conflict(step, conflict.message)
        except InvalidSpec as error:
            step.error = why(error)
        except AdminRequired as error:
            step.error = error.message

    async def _change(self, step: _Step, options: ExecutionOptions) -> None:
        if step.job.change is Change.RUN:
            step.record = await self._jobs.find(step.job.spec.job_id)
        elif step.job.change in ACTIONS:
            await self._actions.mark(options.scope, step.job.spec.job_id, is_done=False)
            await self._actions.apply(step.job, options.actor)
            await self._actions.mark(options.scope, step.job.spec.job_id)
        else:
            step.record = await self._saved(step, options)

    async def _saved(self, step: _Step, options: ExecutionOptions) -> JobRecord:
        spec = step.job.spec
        save_id = f"{options.scope}:{spec.job_id}"
        if step.job.change is Change.UNCHANGED:
            return await self._jobs.find(spec.job_id)
        if step.job.change is Change.CREATE:
            return await self._jobs.create(
                spec, actor=options.actor, origin=_origin(options), save_id=save_id
            )
        return await self._jobs.replace(
            spec,
            expected_version=step.job.base_version,
            actor=options.actor,
            origin=_origin(options),
            save_id=save_id,
        )

    async def _resolve_conflict(self, step: _Step, message: str) -> None:
        """Resolve a save that lost a race: if the other save stored the same spec, the step is done."""
        record = await self._find(step.job.spec.job_id)
        if record is not None and record.spec == step.job.spec and step.job.change not in ACTIONS:
            step.record, step.status = record, STATUSES[Change.UNCHANGED]
        else:
            step.error = message

    async def _run(self, steps: Sequence[_Step], plan: Plan, options: ExecutionOptions) -> list[JobResult]:
        # A job that another one starts waits for that one, even if all shall run at once.
        chained = chained_ids(job.spec for job in plan.jobs if job.change not in ACTIONS)
        at_once = [
            self._enqueue(step, step.record, plan, options)
            for step in steps
            if step.record is not None
            and (step.job.change is Change.RUN or step.job.spec.job_id not in chained)
            and _runs_now(step.job.change, step.record, options)
        ]
        await asyncio.gather(*at_once)
        run_ids = [step.run.run_id for step in steps if step.run is not None]
        runs = await self._waiter.ended(run_ids, options.wait_sec)
        return [_result(step, runs) for step in steps]

    async def _enqueue(self, step: _Step, record: JobRecord, plan: Plan, options: ExecutionOptions) -> None:
        """Create a run. If the queue is full, that is this job's result and no other's."""
        digest = hashlib.blake2b(f"{options.scope}:{record.spec.job_id}".encode(), digest_size=10).digest()
        run = run_of(
            record.spec,
            record.version,
            source=SOURCE,
            actor=options.actor,
            trace_id=options.trace_id,
            run_id=stable_id(plan.made_at_ms, digest),
        )
        try:
            # With a key of its own the run is not created again after retention has removed it.
            step.run = await self._queue.enqueue(run, Idempotency(run.run_id, plan.plan_id))
        except QueueFull as error:
            step.error = error.message
            step.status = "error" if step.job.change is Change.RUN else step.status
            return
        if step.job.change is Change.RUN:
            await self._actions.mark(options.scope, step.job.spec.job_id)


def _runs_now(change: Change, record: JobRecord, options: ExecutionOptions) -> bool:
    if change in ACTIONS:
        return change is Change.RUN
    spec = record.spec
    if not options.is_admin and exports_secrets(spec.type, spec.inputs):
        return False
    # A job without a schedule is wanted once, now: "send … to …".
    return options.run_immediately or spec.schedule is None


def _needs_confirmation(job: JobChange) -> JobResult:
    return JobResult(job.spec.job_id, job.spec.type, NEEDS_CONFIRMATION)


def _origin(options: ExecutionOptions) -> str:
    return f"{SOURCE}:{options.scope}"


def _moved(job_id: str, before: int | None, now: int | None) -> str:
    if now is None:
        return f"{job_id} is gone"
    return f"{job_id} exists by now" if before is None else f"{job_id} is at version {now}, not {before}"


def _result(step: _Step, runs: Mapping[str, RunRecord]) -> JobResult:
    queued = step.run
    run = None if queued is None else runs.get(queued.run_id)
    ended = run is not None and run.ended_at is not None
    message = run.error.get("message") if run is not None and run.error is not None else None
    return JobResult(
        job_id=step.job.spec.job_id,
        type=step.job.spec.type,
        create_status=step.status,
        run_id=None if queued is None else queued.run_id,
        # The status is unknown if retention has removed the run.
        queue_status=None if queued is None or queued.status in {"", PURGED} else queued.status,
        run_status=run.status.value if run is not None else None,
        result_success=run.status == "success" if run is not None and ended else None,
        result_error=step.error or (str(message) if message else None),
    )


# Waits until runs have ended. It reads the events stream on a connection of its own.

_ENDINGS: Final = frozenset(f"run.{status}" for status in TERMINAL)
_AT_ONCE: Final = 1000
# A reply may be a little late; the client's own clock must not give up before Redis does.
_MARGIN_SEC: Final = 5.0


class RunWaiter:
    """Waits for runs and returns their records as soon as all of them have ended."""

    def __init__(self, settings: Settings, keys: Keys, link: RedisLink, runs: RunStore) -> None:
        self._settings = settings
        self._keys = keys
        self._link = link
        self._runs = runs

    async def ended(self, run_ids: Sequence[str], wait_sec: float) -> dict[str, RunRecord]:
        """Return the runs when all have ended, or when the time is over."""
        if not run_ids:
            return {}
        # Read before the runs: a run that ends in between has its event after these ids.
        places = await self._places()
        found = await self._read(run_ids)
        open_ids = {run_id for run_id, run in found.items() if run.status not in TERMINAL}
        if not open_ids or wait_sec <= 0:
            return found
        await self._wait_for_events(set(open_ids), places, wait_sec)
        return {**found, **await self._read(sorted(open_ids))}

    async def _places(self) -> list[tuple[int, str, str]]:
        """Return of each shard that answers its number, its stream, and the newest event in it."""
        streams = [(part.link, part.keys.events) for part in self._link.parts]
        streams = streams or [(self._link, self._keys.events)]

        async def place(shard: int) -> tuple[int, str, str]:
            return shard, streams[shard][1], await self._newest_event(*streams[shard])

        return await answers_of(map(place, range(len(streams))))

    @staticmethod
    async def _newest_event(link: RedisLink, events: str) -> str:
        newest = await link.call("XREVRANGE", events, "+", "-", "COUNT", 1)
        return newest[0][0] if newest else "0-0"

    async def _read(self, run_ids: Sequence[str]) -> dict[str, RunRecord]:
        answers = await asyncio.gather(*(self._find(run_id) for run_id in run_ids))
        return {run.run_id: run for run in answers if run is not None}

    async def _find(self, run_id: str) -> RunRecord | None:
        try:
            return await self._runs.get(run_id)
        except (RunNotFound, Gone):
            return None

    async def _wait_for_events(
        self, open_ids: set[str], places: Sequence[tuple[int, str, str]], wait_sec: float
    ) -> None:
        until = asyncio.get_running_loop().time() + wait_sec
        readers = [asyncio.create_task(self._follow(*place, open_ids, until)) for place in places]
        # The first one that ends has met the last run, or the end of the time.
        done, _left = await asyncio.wait(readers, return_when=asyncio.FIRST_COMPLETED)
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
        for reader in done:
            reader.result()

    async def _follow(self, shard: int, events: str, last_id: str, open_ids: set[str], until: float) -> None:
        loop = asyncio.get_running_loop()
        blocking = await open_blocking(self._settings, shard)
        try:
            while open_ids and (left := until - loop.time()) > 0:
                entries = await self._next_events(blocking, events, last_id, left)
                last_id = entries[-1][0] if entries else last_id
                open_ids -= {run_id for _, text in events_of(entries) if (run_id := _ended_run(text))}
        except Unavailable:
            if not self._link.parts:
                raise
            # The runs of the other shards go on; those of this one are read at the end.
            await asyncio.sleep(until - loop.time())
        finally:
            await blocking.close()

    @staticmethod
    async def _next_events(blocking: BlockingLink, events: str, last_id: str, left_sec: float) -> list[Any]:
        block_ms = max(1, round(left_sec * 1000))
        command = ("XREAD", "COUNT", _AT_ONCE, "BLOCK", block_ms, "STREAMS", events, last_id)
        answer = await blocking.command(*command, timeout_sec=left_sec + _MARGIN_SEC)
        return answer[0][1] if answer else []


def _ended_run(event: str) -> str:
    """Return the run id of an event about the end of a run, else an empty text."""
    # `type|job|run|…`, split without parsing the rest: a busy deployment writes thousands of events a second.
    kind, _, run_id, _ = event.split("|", 3)
    return run_id if kind in _ENDINGS else ""
