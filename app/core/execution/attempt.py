"""A running attempt (time-out, stop, result), and the event-loop attempt.

If several ends compete, the first in this list counts: the lease was lost; time ran out; the handler
returned; it was stopped; it raised.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterable
from contextvars import Context
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

import orjson

from app.core.errors import InvalidInput, LeaseLost
from app.core.execution.context import RunContext, enter_run
from app.core.execution.log_buffer import LogBuffer, LogSink, make_line
from app.core.execution.outcome import (
    BadOutputError,
    Failure,
    encode_output,
    failure_of,
    finish_failed,
    timed_out,
)
from app.core.execution.time_outs import TimeOuts
from app.core.i18n.stored import packed
from app.core.models import AttemptOutcome, AttemptResult, ClaimedRun
from app.core.records import LogLine
from app.core.redaction import redactor
from app.core.tools import ToolSet
from app.core.tools.base import ToolDispatcher, ToolPort, ToolRuntime

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.monitors.models import MonitorReport
    from app.core.registry import HandlerSpec, Kind

T = TypeVar("T")

GRACE_SEC = 1.0
"""The time for a handler to end after its cancellation, before it is abandoned or killed."""
FINAL_FLUSH_SEC = 0.5
"""Together with the grace, a time-out is reported within two seconds."""
MAX_PROGRESS_BYTES = 8_192


class StopReason(StrEnum):
    """The reason why an attempt is stopped."""

    CANCELLED = "cancelled"
    """A person or the overlap rule cancels the run."""
    LOST = "lost"
    """The lease is lost: the attempt's effects do not count any more."""
    DRAIN = "drain"
    """This process exits; the run is released."""
    CUT_OFF = "cut_off"
    """The run holds a key and its lease could not be renewed in time.

    Its tools are revoked, and the run is released.
    """


@dataclass(frozen=True, slots=True)
class Stopped:
    """The attempt ended without a result of its own."""

    reason: StopReason
    abandoned: bool
    """True if the handler did not end: it swallowed its cancellation, or its thread is still alive."""


RunEnd: TypeAlias = AttemptResult | Stopped


class RunPort(LogSink, ToolPort, Protocol):
    """Receives a running attempt's progress, log lines and tool scripts; each raises LeaseLost."""


class SlotWaiter(Protocol):
    """A run that needs a child process."""

    def on_slot_acquired(self) -> None:
        """Start the child: the slot is taken already."""
        ...


class ChildSlots:
    """`most` slots, assigned in the order of arrival. All methods belong to the event loop."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._taken = 0
        self._line: OrderedDict[SlotWaiter, None] = OrderedDict()

    @property
    def waiting(self) -> int:
        """Return how many runs wait for a slot."""
        return len(self._line)

    def is_waiting(self, run: SlotWaiter) -> bool:
        """True if a run waits for a slot."""
        return run in self._line

    def acquire(self, run: SlotWaiter) -> bool:
        """Take a slot and return True; without a free one, join the queue and return False."""
        if self._taken < self.most:
            self._taken += 1
            return True
        self._line[run] = None
        return False

    def cancel_wait(self, run: SlotWaiter) -> bool:
        """Stop waiting; False if the run does not wait."""
        if run not in self._line:
            return False
        del self._line[run]
        return True

    def release(self) -> None:
        """Return a slot; the first waiting run gets it at once."""
        if self._line:
            self._line.popitem(last=False)[0].on_slot_acquired()
        else:
            self._taken -= 1


@dataclass(slots=True)
class AttemptServices:
    """Services that all attempts of a runner share."""

    port: RunPort
    clock: Clock
    settings: Settings
    tool_runtime: ToolRuntime
    loop: asyncio.AbstractEventLoop
    thread_id: int
    children: ChildSlots
    time_outs: TimeOuts
    abandoned: set[Attempt]
    """Abandoned attempts whose handlers are still running."""


OnEnd: TypeAlias = "Callable[[Attempt, RunEnd], None]"


class Attempt(ABC):
    """A started attempt. `on_end` is called once, in the event loop, when it has ended or was abandoned."""

    __slots__ = (
        "_check",
        "_dispatcher",
        "_inputs",
        "_interrupted",
        "_log_buffer",
        "_on_end",
        "_over",
        "_services",
        "_spec",
        "_start",
        "_stop_reason",
        "_timed_out",
        "_tools",
        "abandoned",
        "revoked",
        "run",
    )
    kind: Kind

    def __init__(
        self, services: AttemptServices, spec: HandlerSpec, run: ClaimedRun, inputs: Any, on_end: OnEnd
    ) -> None:
        self.run = run
        self.abandoned = False
        self.revoked = False
        self._services = services
        self._spec = spec
        self._inputs = inputs
        self._on_end = on_end
        self._start = services.clock.monotonic()
        self._stop_reason: StopReason | None = None
        self._timed_out = False
        self._interrupted = False
        self._over = False
        self._log_buffer: LogBuffer | None = None
        self._dispatcher: ToolDispatcher | None = None
        self._tools: ToolSet | None = None
        self._check = ""

    def start(self) -> None:
        """Start the handler and its time-out."""
        self._services.time_outs.set(self, self.run.timeout_ms / 1000, self._on_timeout)
        self._launch()

    def stop(self, reason: StopReason) -> None:
        """Stop the attempt. LOST overrides an earlier reason; otherwise the first one stays."""
        if self._over:
            return
        if reason is StopReason.LOST or self._stop_reason is None:
            self._stop_reason = reason
            self.revoked = self.revoked or reason in {StopReason.LOST, StopReason.CUT_OFF}
        if not self._interrupted:
            self._interrupt_then_abandon()

    # The parts that differ between loop, thread and process.

    @abstractmethod
    def _launch(self) -> None:
        """Start the handler."""

    @abstractmethod
    def _interrupt(self) -> None:
        """Ask the handler to end."""

    def _has_ended(self) -> bool:
        """Return True if the handler is done and only its result is not processed yet."""
        return False

    def _on_grace_over(self) -> None:
        self._abandon()

    @property
    def waits(self) -> bool:
        """True if the handler has not started yet, for lack of a child process."""
        return False

    # Ends.

    def _arm(self, seconds: float, then: Callable[[], None] | None = None) -> None:
        """Call `then`, the attempt's time-out by default, in seconds from now; the last call counts."""
        self._services.time_outs.set(self, seconds, then or self._on_timeout)

    def _on_timeout(self) -> None:
        if not self._over and not self._interrupted and not self._has_ended():
            self._timed_out = True
            self._interrupt_then_abandon()

    def _interrupt_then_abandon(self) -> None:
        self._interrupted = True
        self._arm(GRACE_SEC, self._on_grace_over)
        self._interrupt()

    def _abandon(self) -> None:
        if self._over or self._has_ended():
            return
        self.abandoned = True
        self._services.abandoned.add(self)
        self._conclude(None, None)

    def _handler_ended(self, value: Any, error: BaseException | Failure | None) -> None:
        """Process the handler's end; for an abandoned attempt it is only logged."""
        if self._over:
            self._services.abandoned.discard(self)
            return
        self._conclude(value, error)

    def _conclude(self, value: Any, error: BaseException | Failure | None) -> None:
        self._over = True
        self._services.time_outs.discard(self)
        if self._dispatcher is not None:
            self._dispatcher.close()
        end = self._decide(value, error)
        if self._log_buffer is None or self.revoked:
            self._on_end(self, end)
        else:
            closing = self._services.loop.create_task(self._flush_then(self._log_buffer, end))
            closing.add_done_callback(_keep(closing))

    async def _flush_then(self, log_buffer: LogBuffer, end: RunEnd) -> None:
        try:
            await log_buffer.close(FINAL_FLUSH_SEC)
        finally:
            self._on_end(self, end)

    def _decide(self, value: Any, error: BaseException | Failure | None) -> RunEnd:
        reason = self._stop_reason
        if self.revoked and reason is not StopReason.CUT_OFF:
            return Stopped(StopReason.LOST, self.abandoned)
        if self._timed_out:
            return self._failed(timed_out(self.run.timeout_ms, abandoned=self.abandoned))
        if error is None and not self.abandoned:
            return self._succeeded(value)
        if reason is StopReason.CANCELLED:
            return self._finish(AttemptOutcome.CANCELLED)
        if reason is StopReason.DRAIN or reason is StopReason.CUT_OFF:
            return Stopped(reason, self.abandoned)
        return self._failed(error if isinstance(error, Failure) else failure_of(error or RuntimeError()))

    def _succeeded(self, value: Any) -> AttemptResult:
        try:
            return self._finish(AttemptOutcome.SUCCESS, self._encode(value))
        except BadOutputError as error:
            return self._failed(error.failure)

    def _encode(self, value: Any) -> str:
        return encode_output(value, self._services.settings.max_result_bytes)

    def _failed(self, failure: Failure) -> AttemptResult:
        return finish_failed(
            self.run,
            failure,
            self._services.clock.now_ms(),
            duration_ms=self._elapsed_ms(),
            calls=self._packed_calls(),
            log=self._packed_log(),
        )

    def _finish(self, outcome: AttemptOutcome, output: str = "") -> AttemptResult:
        run = self.run
        return AttemptResult(
            run.run_id,
            run.lease_id,
            run.attempt,
            outcome,
            output,
            calls=self._packed_calls(),
            log=self._packed_log(),
            check=self._check if outcome is AttemptOutcome.SUCCESS else "",
            duration_ms=self._elapsed_ms(),
        )

    def _elapsed_ms(self) -> int:
        return round((self._services.clock.monotonic() - self._start) * 1000)

    def _packed_calls(self) -> str:
        return self._dispatcher.packed_calls() if self._dispatcher is not None else ""

    def _packed_log(self) -> str:
        return self._log_buffer.packed() if self._log_buffer is not None else ""

    # The interface of a RunContext; any thread may call it.

    @property
    def cancelled(self) -> bool:
        return self._interrupted

    @property
    def tools(self) -> ToolSet:
        tools = self._tools
        if tools is None:
            tools = self._tools = ToolSet(self)
        return tools

    def add_log(self, level: str, message: str, fields: dict[str, Any]) -> None:
        line = make_line(self._services.clock.now_ms(), level, message, fields, self.run.attempt)
        self._post(self._add_line, line)

    def add_progress(self, value: Any) -> None:
        if self.revoked or self._over:
            raise LeaseLost(f"run {self.run.run_id} is not ours any more")
        self._post(self._set_progress, encode_progress(value))

    def set_check(self, report: MonitorReport) -> None:
        self._post(self._keep_check, encode_check(report))

    def wait(self, call: Coroutine[Any, Any, T]) -> T:
        if threading.get_ident() == self._services.thread_id:
            call.close()
            raise RuntimeError("ctx.wait would block the event loop: use `await`")
        return asyncio.run_coroutine_threadsafe(call, self._services.loop).result()

    def sleep(self, seconds: float) -> bool:
        if threading.get_ident() == self._services.thread_id:
            raise RuntimeError("ctx.sleep would block the event loop: use `await asyncio.sleep(...)`")
        return sleep_until(lambda: self._interrupted, seconds)

    def revoke(self) -> None:
        """Revoke the tools: the lease is known to be lost."""
        self.revoked = True

    async def call(self, tool: str, op: str, *args: Any) -> Any:
        """Perform a tool call of this attempt, in the worker's event loop; any thread's loop may await it."""
        performed = self._tool_call(tool, op, args)
        if asyncio.get_running_loop() is self._services.loop:
            return await performed
        remote = asyncio.run_coroutine_threadsafe(performed, self._services.loop)
        return await asyncio.wrap_future(remote)

    async def _tool_call(self, tool: str, op: str, args: Iterable[Any]) -> Any:
        if self._over:
            self.revoke()
        if self._dispatcher is None:
            self._dispatcher = ToolDispatcher(self, self._spec, self._services.tool_runtime)
        return await self._dispatcher.call(tool, op, *args)

    def _post(self, call: Callable[[Any], None], value: Any) -> None:
        if threading.get_ident() == self._services.thread_id:
            call(value)
            return
        # A closed loop cannot log the line of a thread that outlived it.
        with contextlib.suppress(RuntimeError):
            self._services.loop.call_soon_threadsafe(call, value, context=Context())

    def _add_line(self, line: LogLine) -> None:
        if not self._over:
            self._open_log_buffer().add(line)

    def _set_progress(self, value_json: str) -> None:
        if not self._over:
            self._open_log_buffer().set_progress(value_json)

    def _keep_check(self, report_json: str) -> None:
        self._check = report_json

    def _open_log_buffer(self) -> LogBuffer:
        if self._log_buffer is None:
            settings = self._services.settings
            self._log_buffer = LogBuffer(self.run, self._services.port, settings.max_log_lines, self.revoke)
        return self._log_buffer


class LoopAttempt(Attempt):
    """Runs the handler as a task of the event loop."""

    __slots__ = ("_task",)
    kind: Kind = "loop"

    def _launch(self) -> None:
        self._task = self._services.loop.create_task(self._body(), name=self.run.run_id)
        self._task.add_done_callback(self._task_done)

    async def _body(self) -> Any:
        enter_run(self)
        try:
            return await self._spec.function(RunContext(self), self._inputs)
        except SystemExit as error:
            # Raised in a task, it would pass through the loop and end the worker.
            return _Exited(error)

    def _interrupt(self) -> None:
        self._task.cancel()

    def _has_ended(self) -> bool:
        return self._task.done()

    def _task_done(self, task: asyncio.Task[Any]) -> None:
        if task.cancelled():
            self._handler_ended(None, asyncio.CancelledError())
            return
        error = task.exception()
        value = None if error else task.result()
        if isinstance(value, _Exited):
            value, error = None, value.error
        self._handler_ended(value, error)


@dataclass(frozen=True, slots=True)
class _Exited:
    error: SystemExit


def encode_progress(value: Any) -> str:
    """Return progress as JSON text; raises InvalidInput if it is not a small JSON value."""
    try:
        text = orjson.dumps(value)
    except TypeError as error:
        raise InvalidInput(f"progress is no JSON: {error}") from error
    if len(text) > MAX_PROGRESS_BYTES:
        raise InvalidInput(f"progress has {len(text):,} bytes of at most {MAX_PROGRESS_BYTES:,}")
    return redactor.json(text.decode())


def encode_check(report: MonitorReport) -> str:
    """Return a monitor's report as JSON text without secrets."""
    warning = report.warning and replace(report.warning, detail=packed(report.warning.detail))
    shown = replace(report, detail=packed(report.detail), warning=warning)
    return redactor.json(orjson.dumps(shown).decode())


def sleep_until(cancelled: Callable[[], bool], seconds: float) -> bool:
    """Sleep in this thread; returns True as soon as `cancelled` does."""
    deadline = time.monotonic() + seconds
    while not cancelled():
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(left, 0.05))
    return True


_closing: set[asyncio.Task[None]] = set()


def _keep(task: asyncio.Task[None]) -> Callable[[asyncio.Task[None]], None]:
    # The loop holds only weak references to its tasks.
    _closing.add(task)
    return _closing.discard
