"""The handler's context: run facts, tools, log, progress; capture of log lines."""

from __future__ import annotations

import logging
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from app.core.models import ClaimedRun
    from app.core.monitors.models import MonitorReport
    from app.core.tools import ToolSet
    from app.core.tools.platform import PlatformTool

T = TypeVar("T")


class RunHost(Protocol):
    """The backend of a context: an attempt in this process, or the pipe of a child process.

    Every method may be called from any thread.
    """

    @property
    def run(self) -> ClaimedRun: ...

    @property
    def cancelled(self) -> bool: ...

    @property
    def tools(self) -> ToolSet: ...

    def add_log(self, level: str, message: str, fields: dict[str, Any]) -> None: ...

    def add_progress(self, value: Any) -> None:
        """Raise LeaseLost if the lease is lost, InvalidInput if the value is not small JSON."""
        ...

    def set_check(self, report: MonitorReport) -> None: ...

    def wait(self, call: Coroutine[Any, Any, T]) -> T: ...

    def sleep(self, seconds: float) -> bool: ...


class RunLog:
    """Writes lines into the log of a run. Secrets are masked and long lines cut."""

    __slots__ = ("_host",)

    def __init__(self, host: RunHost) -> None:
        self._host = host

    def debug(self, message: str, **fields: Any) -> None:
        self._host.add_log("debug", message, fields)

    def info(self, message: str, **fields: Any) -> None:
        self._host.add_log("info", message, fields)

    def warning(self, message: str, **fields: Any) -> None:
        self._host.add_log("warning", message, fields)

    def error(self, message: str, **fields: Any) -> None:
        self._host.add_log("error", message, fields)


class RunContext:
    """The first argument of a handler. Its parts are created at first use."""

    __slots__ = ("_host",)

    def __init__(self, host: RunHost) -> None:
        self._host = host

    @property
    def run_id(self) -> str:
        return self._host.run.run_id

    @property
    def job_id(self) -> str:
        return self._host.run.job_id

    @property
    def type(self) -> str:
        return self._host.run.type

    @property
    def attempt(self) -> int:
        """Return the number of this start, from 1; redeliveries count."""
        return self._host.run.attempt

    @property
    def fencing_token(self) -> int:
        """Return a number that rises with every claim of the deployment, for external systems.

        Each further attempt of a run has a larger token. A system that keeps the largest token it has seen
        and refuses smaller ones therefore accepts nothing from an attempt whose run was claimed again.
        """
        return self._host.run.fencing_token

    @property
    def failures(self) -> int:
        """Return how many attempts failed before this one."""
        return self._host.run.failures

    @property
    def trace_id(self) -> str:
        return self._host.run.trace_id

    @property
    def source(self) -> str:
        """Return the source of the run: schedule, api, planner, retry, chain, …."""
        return self._host.run.source

    @property
    def slot_ms(self) -> int | None:
        """Return the schedule slot, epoch milliseconds; None if no schedule made the run."""
        return self._host.run.slot_ms

    @property
    def due_ms(self) -> int:
        """Return when the run was due, epoch milliseconds: its slot, else when it was queued."""
        run = self._host.run
        return run.queued_at_ms if run.slot_ms is None else run.slot_ms

    @property
    def started_at_ms(self) -> int:
        """Return when this attempt was started, epoch milliseconds by Redis' clock."""
        return self._host.run.started_at_ms

    @property
    def log(self) -> RunLog:
        """Return the run's log; lines of `logging` are captured as well."""
        return RunLog(self._host)

    @property
    def tools(self) -> ToolSet:
        """Return the tools; each call raises LeaseLost once the lease is lost."""
        return self._host.tools

    @property
    def platform(self) -> PlatformTool:
        """Return read-only access to the platform, by policy: statistics, runs, channels."""
        return self._host.tools.platform

    @property
    def cancelled(self) -> bool:
        """True once the run is to end: cancelled, timed out, released, or its lease lost."""
        return self._host.cancelled

    def progress(self, value: Any) -> None:
        """Set the progress of the run, any small JSON value; the newest is shown, at most five a second."""
        self._host.add_progress(value)

    def report_check(self, report: MonitorReport) -> None:
        """Set what this run, a monitor's check, has found; it is stored with the run's success."""
        self._host.set_check(report)

    def wait(self, call: Coroutine[Any, Any, T]) -> T:
        """Await an asynchronous call, such as a tool's, from a plain function and return its result."""
        return self._host.wait(call)

    def sleep(self, seconds: float) -> bool:
        """Sleep in a plain function; True, at once, when the run is to end."""
        return self._host.sleep(seconds)


_current: ContextVar[RunHost | None] = ContextVar("current_run", default=None)
enter_run = _current.set
"""`enter_run(host)` assigns the log lines of this task or thread to a run."""


class LogCapture(logging.Handler):
    """Copies a handler's lines from `logging`, or structlog on top of it, into its run's log."""

    # Our own layers also run in the handler's context (a tool's call sends through Redis). Their lines are
    # the process's, and a line about a failed flush would trigger the next flush.
    _OURS = ("app.core.", "app.services.")

    def __init__(self) -> None:
        super().__init__(logging.INFO)

    def emit(self, record: logging.LogRecord) -> None:
        host = _current.get()
        if host is None or record.name.startswith(self._OURS):
            return
        try:
            message, fields = _content(record)
            host.add_log(record.levelname.lower(), message, fields)
        except Exception:  # noqa: BLE001  a bad line must not fail the code that logs
            self.handleError(record)


def _content(record: logging.LogRecord) -> tuple[str, dict[str, Any]]:
    raw: object = record.msg
    if isinstance(raw, dict):
        # structlog passes its event as a dict, for a formatter to render.
        event = dict(cast("dict[str, Any]", raw))
        message, fields = str(event.pop("event", "")), {k: v for k, v in event.items() if k not in _NOISE}
    else:
        message, fields = record.getMessage(), {"logger": record.name}
    if record.exc_info and record.exc_info[0] is not None:
        fields["exception"] = logging.Formatter().formatException(record.exc_info)
    return message, fields


_NOISE = frozenset({"level", "ts", "timestamp", "service", "instance", "job_id", "run_id", "trace_id"})


def install_log_capture() -> None:
    """Let the root logger feed the runs' logs; installed once per process."""
    root = logging.getLogger()
    if not any(isinstance(known, LogCapture) for known in root.handlers):
        root.addHandler(LogCapture())
