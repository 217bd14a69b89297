"""Executes a plan: saves its jobs, runs them, awaits the runs.

The scope of an execution (an idempotency key, or the plan's own id) is part of the ids of its saves and runs.
So a repeat finds the finished steps, completes the rest, and changes nothing twice. A crash leaves whole jobs
only: each save is one script.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from app.core.errors import (
    AdminRequired,
    Gone,
    InvalidSpec,
    JobExists,
    JobNotFound,
    PlanOutdated,
    QueueFull,
    RunNotFound,
    VersionConflict,
)
from app.core.files.exports import exports_secrets, require_export_right
from app.core.ids import stable_id
from app.core.models import TERMINAL
from app.core.queue import EnqueueResult, Idempotency
from app.core.queue.pauses import Pauses
from app.core.queue.producer import PURGED
from app.core.records import Scope, ScopeKind
from app.core.scheduling.schedule import compile_schedule
from app.core.specs.runs import run_of
from app.planner.chains import edges_of, saving_order
from app.planner.models import ACTIONS, Change
from app.planner.review import why

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.queue import Queue
    from app.core.records import JobRecord, RunRecord
    from app.core.runs.store import RunStore
    from app.core.specs.store import JobStore
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
BEGUN: Final = "0|0"
DONE: Final = "1|0"
"""Marks of the steps of an execution."""
_FIRST_LOOK_SEC: Final = 0.02
_LATEST_LOOK_SEC: Final = 0.25
"""Between two looks at runs that are waited for."""


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
    status: str = NEEDS_CONFIRMATION
    is_done: bool = False
    record: JobRecord | None = None
    queued: EnqueueResult | None = None
    run: RunRecord | None = None
    error: str | None = None


class PlanExecutor:
    """Executes plans."""

    def __init__(
        self, jobs: JobStore, queue: Queue, runs: RunStore, clock: Clock, default_timezone: str
    ) -> None:
        self._jobs = jobs
        self._queue = queue
        self._runs = runs
        self._clock = clock
        self._pauses = Pauses(queue.link, queue.scripts, queue.keys, clock)
        self._default_timezone = default_timezone

    async def execute(self, plan: Plan, options: ExecutionOptions, held: Collection[str] = ()) -> PlanResult:
        """Apply a plan, without the `held` jobs, and return the result of each job.

        Raises PlanOutdated if a stored job has changed.
        """
        steps = [_Step(job) for job in plan.jobs]
        wanted = [step for step in steps if step.job.spec.job_id not in held]
        if not options.fresh:
            await self._recheck(wanted, options)
        # A plan may hold two steps of one job: "ganti laporan jadi jam 8 dan jalankan sekarang".
        saved_last = sorted(wanted, key=lambda step: step.job.change not in ACTIONS)
        order = saving_order(edges_of(step.job.spec for step in saved_last))
        for step in sorted(wanted, key=lambda step: order.index(step.job.spec.job_id)):
            if not step.is_done:
                await self._apply(step, options)
        await self._run(wanted, plan, options)
        return PlanResult(plan, tuple(map(_result, steps)))

    async def _recheck(self, steps: Sequence[_Step], options: ExecutionOptions) -> None:
        """Mark the steps that an earlier try has done; refuse the plan if anything else has changed."""
        reasons: list[str] = []
        marks = await self._marks(options.scope, steps)
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
        with contextlib.suppress(JobNotFound):
            return await self._jobs.find(job_id)
        return None

    async def _did(self, step: _Step, options: ExecutionOptions) -> bool:
        if step.job.change is not Change.UNCHANGED:
            with contextlib.suppress(JobNotFound):
                versions = await self._jobs.versions(step.job.spec.job_id)
                return any(version.origin == _origin(options) for version in versions)
        return False

    async def _is_past(self, job: JobChange) -> bool:
        schedule = job.spec.schedule
        if schedule is None:
            return False
        calendars = await self._jobs.calendars.of(schedule)
        compiled = compile_schedule(schedule, self._default_timezone, calendars)
        return compiled.next_after(self._clock.now_ms()) is None

    async def _apply(self, step: _Step, options: ExecutionOptions) -> None:
        step.status = "error"
        try:
            if step.job.change not in _WITHOUT_RIGHT:
                require_export_right(options.is_admin, step.job.spec.type, step.job.spec.inputs)
            await self._change(step, options)
            step.status = STATUSES[step.job.change]
        except (JobExists, JobNotFound, VersionConflict) as conflict:
            # If the other save stored the same spec, the step is done.
            record = await self._find(step.job.spec.job_id)
            if record is not None and record.spec == step.job.spec and step.job.change not in ACTIONS:
                step.record, step.status = record, STATUSES[Change.UNCHANGED]
            else:
                step.error = conflict.message
        except (InvalidSpec, AdminRequired) as error:
            step.error = why(error)

    async def _change(self, step: _Step, options: ExecutionOptions) -> None:
        job_id, actor = step.job.spec.job_id, options.actor
        if step.job.change is Change.RUN:
            step.record = await self._jobs.find(job_id)
            return
        if step.job.change not in ACTIONS:
            step.record = await self._saved(step, options)
            return
        await self._mark(options.scope, job_id, is_done=False)
        # Each has no effect on a job that is already in the wanted state.
        match step.job.change:
            case Change.DELETE:
                await self._jobs.delete(job_id, actor=actor)
            case Change.PAUSE:
                await self._pauses.pause(Scope(ScopeKind.JOB, job_id), actor, until_ms=step.job.until)
            case change:
                await self._jobs.set_enabled(job_id, change is Change.RESUME, actor)
                if change is Change.RESUME:
                    await self._pauses.resume(Scope(ScopeKind.JOB, job_id), actor)
        await self._mark(options.scope, job_id)

    async def _mark(self, scope: str, job_id: str, *, is_done: bool = True) -> None:
        """Record for a day that a step of an execution has begun, or is done."""
        await self._queue.scripts.run(
            "idempotency/add_counts", scope=scope, step=job_id, done=int(is_done), refused=0
        )

    async def _marks(self, scope: str, steps: Sequence[_Step]) -> Sequence[str | None]:
        """Return for each step BEGUN, DONE, or None."""
        fields = [f"step|{step.job.spec.job_id}" for step in steps]
        key = self._queue.keys.idempotency(scope)
        return await self._queue.link.call("HMGET", key, *fields) if fields else ()

    async def _saved(self, step: _Step, options: ExecutionOptions) -> JobRecord:
        spec, version = step.job.spec, step.job.base_version
        if step.job.change is Change.UNCHANGED:
            return await self._jobs.find(spec.job_id)
        save = partial(self._jobs.replace, expected_version=version)
        save = self._jobs.create if step.job.change is Change.CREATE else save
        save_id = f"{options.scope}:{spec.job_id}"
        return await save(spec, actor=options.actor, origin=_origin(options), save_id=save_id)

    async def _run(self, steps: Sequence[_Step], plan: Plan, options: ExecutionOptions) -> None:
        # A job that another one starts waits for that one, even if all shall run at once.
        edges = edges_of(step.job.spec for step in steps if step.job.change not in ACTIONS)
        chained = {job_id for starts in edges.values() for job_id in starts}
        at_once = [
            self._enqueue(step, step.record, plan, options)
            for step in steps
            if step.record is not None
            and (step.job.change is Change.RUN or step.job.spec.job_id not in chained)
            and _runs_now(step.job.change, step.record, options)
        ]
        await asyncio.gather(*at_once)
        await self._wait(steps, options.wait_sec)

    async def _wait(self, steps: Sequence[_Step], wait_sec: float) -> None:
        """Read the runs of steps until all have ended, or the time is over."""
        loop = asyncio.get_running_loop()
        until, pause_sec = loop.time() + wait_sec, _FIRST_LOOK_SEC
        while True:
            await asyncio.gather(*map(self._look, steps))
            left_sec = until - loop.time()
            if left_sec <= 0 or all(step.run is None or step.run.status in TERMINAL for step in steps):
                return
            await asyncio.sleep(min(pause_sec, left_sec))
            pause_sec = min(2 * pause_sec, _LATEST_LOOK_SEC)

    async def _look(self, step: _Step) -> None:
        if step.queued is not None and (step.run is None or step.run.status not in TERMINAL):
            with contextlib.suppress(RunNotFound, Gone):
                step.run = await self._runs.get(step.queued.run_id)

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
            step.queued = await self._queue.enqueue(run, Idempotency(run.run_id, plan.plan_id))
        except QueueFull as error:
            step.error = error.message
            step.status = "error" if step.job.change is Change.RUN else step.status
            return
        if step.job.change is Change.RUN:
            await self._mark(options.scope, step.job.spec.job_id)


def _runs_now(change: Change, record: JobRecord, options: ExecutionOptions) -> bool:
    if change in ACTIONS:
        return change is Change.RUN
    spec = record.spec
    if not options.is_admin and exports_secrets(spec.type, spec.inputs):
        return False
    # A job without a schedule is wanted once, now: "send … to …".
    return options.run_immediately or spec.schedule is None


def _origin(options: ExecutionOptions) -> str:
    return f"{SOURCE}:{options.scope}"


def _moved(job_id: str, before: int | None, now: int | None) -> str:
    if now is None:
        return f"{job_id} is gone"
    return f"{job_id} exists by now" if before is None else f"{job_id} is at version {now}, not {before}"


def _result(step: _Step) -> JobResult:
    queued, run = step.queued, step.run
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
        result_error=step.error or (message or None),
    )
