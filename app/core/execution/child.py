"""The child process of one handler: `python -m app.core.execution.child`, over pipes.

It reads the run as the first line of stdin, executes it, writes its result as the last line of stdout and
exits. If the parent dies, the closed pipe ends it, even in the middle of a busy handler.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import itertools
import logging
import os
import signal
import sys
import threading
from asyncio.subprocess import Process
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import asdict
from typing import IO, Any, NoReturn, TypeVar

import orjson

from app.core.errors import (
    CheckUnavailable,
    DiskFull,
    FileMissing,
    FilesUnavailable,
    HttpTooLarge,
    HttpUnreachable,
    InvalidInput,
    LeaseLost,
    LimitExceeded,
    MultiJobError,
    NonRetryableError,
    OutboxMismatch,
    PathRefused,
    PolicyDenied,
    RedisFull,
    RedisUnavailable,
    RetryableError,
    UrlRefused,
)
from app.core.execution.attempt import encode_progress, sleep_until
from app.core.execution.context import RunContext, enter_run, install_log_capture
from app.core.execution.log_buffer import MAX_LINE_CHARS, cut
from app.core.execution.outcome import BadOutputError, Failure, encode_output, failure_of
from app.core.execution.parent_death import die_with_parent
from app.core.models import ClaimedRun
from app.core.redaction import safe_str
from app.core.registry import HandlerSpec, Registry, recorded_specs
from app.core.tools import ToolSet

T = TypeVar("T")

_RAISED_BY_TOOLS: tuple[type[MultiJobError], ...] = (
    CheckUnavailable,
    DiskFull,
    FileMissing,
    FilesUnavailable,
    HttpTooLarge,
    HttpUnreachable,
    InvalidInput,
    LeaseLost,
    LimitExceeded,
    NonRetryableError,
    OutboxMismatch,
    PathRefused,
    PolicyDenied,
    RedisFull,
    RedisUnavailable,
    UrlRefused,
)
_ERRORS = {known.code: known for known in _RAISED_BY_TOOLS}
_LENIENT = orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE


class Pipe:
    """The two pipes. The handler's own prints go to stderr, so that they cannot break a line here."""

    def __init__(self) -> None:
        self._in: IO[bytes] = os.fdopen(os.dup(0), "rb")
        self._out: IO[bytes] = os.fdopen(os.dup(1), "wb")
        self._lock = threading.Lock()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        self.waiting: dict[int, Future[Any]] = {}

    def read(self) -> dict[str, Any]:
        """Return the parent's next message. The process exits when the parent closes the pipe."""
        line = self._in.readline()
        if not line:
            os._exit(1)
        return orjson.loads(line)

    def send(self, message: dict[str, Any]) -> None:
        line = orjson.dumps(message, default=safe_str, option=_LENIENT)
        with self._lock:
            self._out.write(line)
            self._out.flush()

    def listen(self) -> None:
        """Pass answers to the waiting calls until the pipe closes; then end this process."""
        while True:
            message = self.read()
            waiting = self.waiting.pop(message["number"], None)
            if waiting is None or not waiting.set_running_or_notify_cancel():
                continue
            if "error" in message:
                waiting.set_exception(_error_of(message["error"]))
            else:
                waiting.set_result(message.get("value"))


def _error_of(told: dict[str, Any]) -> Exception:
    known, message, code = _ERRORS.get(told["code"]), told["message"], told["code"]
    if known is not None:
        return known(message, **told.get("fields", {}))
    return (RetryableError if told.get("retryable", True) else NonRetryableError)(message, code=code)


class ChildHost:
    """Implements RunHost over the pipe."""

    def __init__(self, run: ClaimedRun, pipe: Pipe) -> None:
        self.run = run
        self.cancelled = False
        self.tools = ToolSet(self)
        self._pipe = pipe
        self._numbers = itertools.count(1)
        self.loop: asyncio.AbstractEventLoop | None = None

    def started(self) -> None:
        self._pipe.send({"is": "started"})

    async def call(self, tool: str, op: str, *args: Any) -> Any:
        number = next(self._numbers)
        answer = self._pipe.waiting[number] = Future[Any]()
        self._pipe.send({"is": "call", "number": number, "tool": tool, "op": op, "args": args})
        return await asyncio.wrap_future(answer)

    def add_log(self, level: str, message: str, fields: dict[str, Any]) -> None:
        # The parent masks and cuts; cut here too, so that no line is longer than it reads.
        text = cut(message, 4 * MAX_LINE_CHARS).encode(errors="replace").decode()
        try:
            self._pipe.send({"is": "log", "level": level, "message": text, "fields": fields})
        except TypeError as error:
            note = {"fields": f"not serialisable: {error}"}
            self._pipe.send({"is": "log", "level": level, "message": text, "fields": note})

    def add_progress(self, value: Any) -> None:
        self._pipe.send({"is": "progress", "value": encode_progress(value)})

    def wait(self, call: Coroutine[Any, Any, T]) -> T:
        if self.loop is None or threading.current_thread() is threading.main_thread():
            call.close()
            raise RuntimeError("ctx.wait is for plain functions: use `await`")
        return asyncio.run_coroutine_threadsafe(call, self.loop).result()

    def sleep(self, seconds: float) -> bool:
        return sleep_until(lambda: self.cancelled, seconds)


def main() -> NoReturn:
    """Execute one run and exit."""
    pipe = Pipe()
    request = pipe.read()
    die_with_parent(request["parent"])
    threading.Thread(target=pipe.listen, name="parent", daemon=True).start()
    logging.getLogger().setLevel(request["log_level"])
    install_log_capture()
    try:
        asyncio.run(_do(request, pipe))
    except BaseException as error:  # noqa: BLE001  SystemExit as well: the parent wants to know
        _report(pipe, {"is": "failure", "failure": asdict(failure_of(error))})
    os._exit(1)


async def _do(request: dict[str, Any], pipe: Pipe) -> None:
    host = ChildHost(ClaimedRun(**request["run"]), pipe)
    host.loop = asyncio.get_running_loop()
    spec = _spec(request["module"], request["type"])
    task = asyncio.ensure_future(_handle(host, spec))
    _on_terminate(host, task if spec.is_async else None)
    value = await task
    try:
        output = encode_output(value, request["max_result_bytes"])
    except BadOutputError as error:
        _report(pipe, {"is": "failure", "failure": asdict(error.failure)})
    _report(pipe, {"is": "result", "output": output})


async def _handle(host: ChildHost, spec: HandlerSpec) -> Any:
    inputs = spec.parse(host.run.inputs or "{}")
    host.started()
    enter_run(host)
    if spec.is_async:
        return await spec.function(RunContext(host), inputs)
    return await asyncio.to_thread(spec.function, RunContext(host), inputs)


def _spec(module: str, job_type: str) -> HandlerSpec:
    importlib.import_module(module)
    return Registry(recorded_specs(module)).get(job_type)


def _on_terminate(host: ChildHost, task: asyncio.Task[Any] | None) -> None:
    """Cancel a coroutine; a plain function has to check `ctx.cancelled`. Both have one second."""

    def terminate() -> None:
        host.cancelled = True
        if task is not None:
            task.cancel()

    # Windows has no such signal: there terminate() ends the process directly.
    with contextlib.suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminate)


def _report(pipe: Pipe, message: dict[str, Any]) -> NoReturn:
    # Exits at once: a thread that the handler left behind would keep the interpreter running.
    pipe.send(message)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()


# The end of a child process: kill and exit code.


def kill_child(process: Process | None) -> None:
    """Kill a child and the processes that it started, at once."""
    if process is None or process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def failure_of_exit(code: int) -> Failure:
    """Return the failure of an attempt whose child exited with this code and no result."""
    if code < 0:
        with contextlib.suppress(ValueError):
            name = signal.Signals(-code).name
            return Failure("crash", "child_exited", f"the child process was ended by {name} ({code})")
    return Failure("crash", "child_exited", f"the child process left with exit code {code} and no result")
