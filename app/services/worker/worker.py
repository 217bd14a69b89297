"""The worker process: its loops, start, drain and exit; log lines and spans of attempts."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from typing import TYPE_CHECKING, Any

import orjson

from app.core.activity.heartbeat import Heartbeat
from app.core.alerting.loop import AlarmLoop
from app.core.alerting.self_watch import SelfWatch
from app.core.background import run_loops, sleep_or_stop, until_available
from app.core.ids import new_id
from app.core.models import AttemptOutcome, AttemptResult, RunStatus
from app.core.observability import get_logger
from app.core.policies import load_policies
from app.core.queue import open_queue
from app.core.redis_client import open_blocking, open_link
from app.core.registry import load_handlers
from app.core.runner import ChildSlots, Runner, Stopped, StopReason
from app.core.tools import build_tools
from app.core.tools.base import ToolDependencies
from app.core.tracing.spans import Span, SpanKind, attempt_span_id, call_span_id, enqueue_span_id
from app.services.worker.claimer import Claimer
from app.services.worker.finisher import LONGEST_WAIT_SEC, Finisher, Spooler
from app.services.worker.leases import CancelListener, InFlight, LeaseKeeper, exit_cut_off
from app.services.worker.reclaimer import Reclaimer
from app.services.worker.spool import Spool, SpoolHead
from app.services.worker.spool_recovery import SpoolRecovery

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.models import ClaimedRun
    from app.core.process import ServiceContext
    from app.core.runner import Attempt, RunEnd

log = get_logger(__name__)

# The statuses of a run after the attempt. An isolated run whose child crashed has failed.
STATUSES = {
    AttemptOutcome.SUCCESS: RunStatus.SUCCESS,
    AttemptOutcome.FAILED: RunStatus.FAILED,
    AttemptOutcome.CRASHED: RunStatus.FAILED,
    AttemptOutcome.RETRY: RunStatus.RETRYING,
    AttemptOutcome.CANCELLED: RunStatus.CANCELLED,
}
WINDOW_SEC = 1.0


class AttemptLog:
    """Writes a line for each start (debug) and each end (info) of an attempt.

    Every end is logged except successes beyond `most_per_sec` within a second. One line at the end of that
    second has their number. All methods belong to the event loop's thread.
    """

    def __init__(self, clock: Clock, most_per_sec: int) -> None:
        self._clock = clock
        self._most = most_per_sec
        self._log = log.bind()
        # Looked up once: a busy worker starts thousands of runs a second.
        self._debug = logging.getLogger(__name__).isEnabledFor(logging.DEBUG)
        self._window_ends = 0.0
        self._logged = 0
        self._left_out = 0

    def started(self, run: ClaimedRun) -> None:
        """Log the start of an attempt at debug level."""
        if self._debug:
            self._log.debug("run started", **_ids(run))

    def ended(self, run: ClaimedRun, end: RunEnd) -> None:
        """Log the end of an attempt, unless it is a success beyond the bound."""
        if not isinstance(end, AttemptResult):
            duration_ms = max(0, self._clock.now_ms() - run.started_at_ms)
            self._log.info("run ended", **_ids(run), status=f"stopped:{end.reason}", duration_ms=duration_ms)
        elif end.outcome is not AttemptOutcome.SUCCESS or self._is_within_bound():
            status = STATUSES[end.outcome]
            self._log.info(
                "run ended", **_ids(run), status=status, duration_ms=end.duration_ms, **_error_of(end)
            )

    def flush(self) -> None:
        """Log how many successes were left out since the last such line."""
        if self._left_out:
            self._log.info("successes left out of the log", runs=self._left_out, log_runs_per_sec=self._most)
            self._left_out = 0

    def _is_within_bound(self) -> bool:
        now = self._clock.monotonic()
        if now >= self._window_ends:
            self._window_ends = now + WINDOW_SEC
            self._logged = 0
        if self._logged < self._most:
            self._logged += 1
            return True
        if self._left_out == 0:
            asyncio.get_running_loop().call_later(self._window_ends - now, self.flush)
        self._left_out += 1
        return False


def _ids(run: ClaimedRun) -> dict[str, Any]:
    return {
        "job_id": run.job_id,
        "run_id": run.run_id,
        "trace_id": run.trace_id,
        "type": run.type,
        "attempt": run.attempt,
    }


def _error_of(end: AttemptResult) -> dict[str, Any]:
    if not end.error:
        return {}
    error: dict[str, Any] = orjson.loads(end.error)
    return {"code": error.get("code", ""), "error": error.get("message", "")}


# Schedulers fire slots and make no spans: the attempt is the first of its trace.
_WITHOUT_PRODUCER = frozenset({"schedule", "chain"})
_MAX_ERROR_CHARS = 500
_FAILED = frozenset({AttemptOutcome.FAILED, AttemptOutcome.RETRY, AttemptOutcome.CRASHED})


def attempt_spans(run: ClaimedRun, end: RunEnd, now_ms: int) -> list[Span]:
    """Return the span of an ended attempt, and one for each of its tool calls."""
    attempt = Span(
        name=f"run {run.type}",
        kind=SpanKind.CONSUMER,
        trace_id=run.trace_id,
        span_id=attempt_span_id(run.run_id, run.attempt),
        parent_id=None if run.source in _WITHOUT_PRODUCER else enqueue_span_id(run.run_id),
        start_ms=run.started_at_ms,
        end_ms=max(run.started_at_ms, now_ms),
        attributes=_attributes(run, end),
        error=_error(end),
    )
    return [attempt, *(_call_span(run, attempt.span_id, call) for call in _calls(end))]


def _attributes(run: ClaimedRun, end: RunEnd) -> dict[str, str | int | float | bool]:
    return {
        "multi_job.job_id": run.job_id,
        "multi_job.run_id": run.run_id,
        "multi_job.job_type": run.type,
        "multi_job.attempt": run.attempt,
        "multi_job.source": run.source,
        "multi_job.outcome": end.outcome.value if isinstance(end, AttemptResult) else end.reason.value,
        "multi_job.queue_wait_ms": max(0, run.started_at_ms - run.queued_at_ms),
    }


def _error(end: RunEnd) -> str:
    if not isinstance(end, AttemptResult) or end.outcome not in _FAILED:
        return ""
    error: dict[str, Any] = orjson.loads(end.error) if end.error else {}
    return str(error.get("message") or error.get("type") or "failed")[:_MAX_ERROR_CHARS]


def _calls(end: RunEnd) -> list[dict[str, Any]]:
    return orjson.loads(end.calls) if isinstance(end, AttemptResult) and end.calls else []


def _call_span(run: ClaimedRun, parent_id: str, call: dict[str, Any]) -> Span:
    return Span(
        name=f"{call['tool']}.{call['op']}",
        kind=SpanKind.CLIENT,
        trace_id=run.trace_id,
        span_id=call_span_id(run.run_id, run.attempt, call["n"]),
        parent_id=parent_id,
        start_ms=call["at"],
        end_ms=call["at"] + call["duration_ms"],
        attributes={"multi_job.run_id": run.run_id, "multi_job.tool": call["tool"]},
        error=call.get("error", ""),
    )


# The worker: its loops, their common start, drain and exit.

MOST_ABANDONED_THREADS = 8
RELEASE_SEC = 2.0
KEEP_ENDS_SEC = 0.25
EXIT_RECYCLE = 75


class Worker:
    """All loops of one worker process."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context
        settings, queue = context.settings, context.queue
        # New at each start: XAUTOCLAIM to the same consumer would hand an entry out twice.
        self._consumer = f"w{new_id(context.clock)[-12:]}"
        self._children = ChildSlots(settings.child_processes)
        self._in_flight = InFlight(settings.worker_concurrency, self._children)
        self._finisher = Finisher(queue, self._in_flight)
        self._attempts = AttemptLog(context.clock, settings.log_runs_per_sec)
        self._registry = load_handlers(settings)
        self._runner = Runner(
            self._registry,
            load_policies(settings),
            queue,
            context.clock,
            settings,
            tools=build_tools(ToolDependencies(settings, context.clock, context.link, context.scripts)),
            children=self._children,
        )
        self._spooler: Spooler | None = None
        self._draining = False
        self._recycle = False

    async def run(self, stop: asyncio.Event) -> int:
        """Work until `stop`, drain, and return the exit code."""
        self._claims_link = await open_link(self._context.settings)
        clock, settings = self._context.clock, self._context.settings
        leases = LeaseKeeper(self._consumer, self._in_flight, clock, settings, self._keep_ends)
        over = asyncio.Event()
        keeping = asyncio.create_task(leases.run(over))
        heartbeat = self._context.heartbeat(self._state)
        beating = asyncio.create_task(heartbeat.run(over))
        try:
            recovery = await self._open_spool(stop)
            if recovery is not None:
                await run_loops([*await self._loops(), recovery], stop, grace_sec=5.0)
        finally:
            self._draining = True
            await self._drain()
            over.set()
            leases.finish()
            await self._leave(heartbeat, {keeping, beating})
        return EXIT_RECYCLE if self._recycle else 0

    async def _open_spool(self, stop: asyncio.Event) -> SpoolRecovery | None:
        """Open the spool and send the ends of dead workers; None if `stop` is set first."""
        deployment = await until_available("spool", self._context.queue.deployment_id, stop)
        if deployment is None:
            return None
        settings, clock = self._context.settings, self._context.clock
        head = SpoolHead(settings.namespace, deployment, settings.redis_place, self._context.instance)
        spool = Spool(settings.spool_dir, head, self._consumer, clock)
        self._spooler = Spooler(spool, self._finisher, self._in_flight, clock)
        self._spooler.start()
        recovery = SpoolRecovery(spool, self._context.queue)
        await until_available("spool", recovery.recover, stop, LONGEST_WAIT_SEC)
        return recovery

    async def _loops(self) -> list[Any]:
        runtime = self._context
        settings = runtime.settings
        claimer = Claimer(
            runtime.queue,
            open_queue(self._claims_link, runtime.clock, settings),
            await open_blocking(settings),
            self._in_flight,
            consumer=self._consumer,
            worker=runtime.instance,
            start=self._start,
            give_back=self._finisher.release,
            queues=settings.worker_queues,
            types=self._registry.types(),
        )
        cancels = CancelListener(await open_blocking(settings), runtime.keys, self._in_flight)
        alarms = AlarmLoop(runtime.link, runtime.scripts, runtime.clock, settings, runtime.instance)
        watch = SelfWatch(runtime.link, runtime.scripts, runtime.clock, settings, runtime.instance)
        return [claimer, cancels, Reclaimer(runtime.queue), alarms, watch, _ThreadWatch(self)]

    def _start(self, run: ClaimedRun) -> None:
        self._attempts.started(run)
        self._in_flight.add(self._runner.start(run, self._ended))

    def _ended(self, attempt: Attempt, end: RunEnd) -> None:
        if isinstance(end, Stopped) and end.reason is StopReason.CUT_OFF and end.abandoned:
            self._keep_ends()
            exit_cut_off(attempt.run.run_id)
        self._finisher.ended(attempt, end)
        self._attempts.ended(attempt.run, end)
        if self._context.spans is not None:
            for span in attempt_spans(attempt.run, end, self._context.clock.now_ms()):
                self._context.spans.emit(span)

    def _keep_ends(self) -> None:
        """Put the unanswered ends on disk before this process exits at once; any thread may call."""
        if self._spooler is None:
            return
        # A disk that hangs must not delay the exit.
        writer = threading.Thread(target=self._spooler.check, args=(0.0,), name="last-ends", daemon=True)
        writer.start()
        writer.join(KEEP_ENDS_SEC)

    def _state(self) -> dict[str, Any]:
        return {
            "concurrency": self._in_flight.slots,
            "running": [attempt.run.run_id for attempt in self._in_flight.running()],
            "draining": self._draining,
            "types": self._registry.types(),
            "queues": self._context.settings.worker_queues,
        }

    def too_many_abandoned(self) -> bool:
        """True if abandoned handlers have taken too many threads; then the process is replaced."""
        if self._runner.abandoned_threads <= MOST_ABANDONED_THREADS:
            return False
        self._recycle = True
        return True

    async def _drain(self) -> None:
        """Let handlers end for `drain_sec`, then stop them and release their runs."""
        for waiting in [attempt for attempt in self._in_flight.running() if attempt.waits]:
            waiting.stop(StopReason.DRAIN)
        loop = asyncio.get_running_loop()
        until = loop.time() + self._context.settings.drain_sec
        while self._in_flight.running() and loop.time() < until:
            await self._in_flight.change(min(0.5, max(0.01, until - loop.time())))
        for attempt in self._in_flight.running():
            attempt.stop(StopReason.DRAIN)
        until = loop.time() + RELEASE_SEC
        while self._in_flight.running() and loop.time() < until:
            await self._in_flight.change(0.1)
        try:
            async with asyncio.timeout(RELEASE_SEC):
                await self._finisher.drained()
        except TimeoutError:
            log.warning("exits with unanswered ends and releases", runs=len(self._in_flight.leases()))
        self._attempts.flush()
        if self._spooler is not None:
            await self._spooler.close()

    async def _leave(self, heartbeat: Heartbeat, tasks: set[asyncio.Task[Any]]) -> None:
        abandoned = self._runner.abandoned_threads
        try:
            async with asyncio.timeout(RELEASE_SEC):
                await heartbeat.leave()
                await self._context.queue.leave(self._consumer)
                await self._claims_link.close()
        except (TimeoutError, Exception) as error:  # noqa: BLE001 - on the way out nothing may hold us
            log.warning("left without saying good-bye", reason=str(error))
        for task in tasks:
            task.cancel()
        if abandoned:
            # A thread cannot be killed, and its further effects must not overlap the run's next attempt.
            os._exit(EXIT_RECYCLE if self._recycle else 0)


class _ThreadWatch:
    """Stops the process in order once too many handlers did not end."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if self._worker.too_many_abandoned():
                log.warning("too many handlers did not end; this process drains and starts anew")
                stop.set()
            await sleep_or_stop(stop, 1.0)
