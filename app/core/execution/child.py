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
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, NoReturn, TypeVar

from app.core import errors
from app.core.execution.attempt import encode_check, encode_progress, sleep_until
from app.core.execution.context import RunContext, enter_run, install_log_capture
from app.core.execution.log_buffer import MAX_LINE_CHARS, cut
from app.core.execution.outcome import BadOutputError, encode_output, failure_of
from app.core.execution.parent import ParentPipe, die_with_parent
from app.core.i18n.stored import unpacked
from app.core.models import ClaimedRun
from app.core.monitors.models import MonitorReport
from app.core.registry import HandlerSpec, Registry, recorded_specs
from app.core.tools import ToolSet

T = TypeVar("T")

_RAISED_BY_TOOLS: tuple[type[errors.MultiJobError], ...] = (
    *(errors.InvalidInput, errors.LimitExceeded, errors.PolicyDenied, errors.LeaseLost),
    *(errors.FileMissing, errors.PathRefused, errors.DiskFull, errors.FilesUnavailable),
    *(errors.HttpTooLarge, errors.HttpUnreachable, errors.UrlRefused),
    *(errors.CheckUnavailable, errors.OutboxMismatch, errors.NonRetryableError),
    *(errors.RedisFull, errors.RedisUnavailable),
)
_ERRORS = {known.code: known for known in _RAISED_BY_TOOLS}


def _error_of(data: dict[str, Any]) -> Exception:
    known, message, code = _ERRORS.get(data["code"]), unpacked(data["message"]), data["code"]
    if known is not None:
        return known(message, **data.get("fields", {}))
    unknown = errors.RetryableError if data.get("retryable", True) else errors.NonRetryableError
    return unknown(message, code=code)


class ChildHost:
    """Implements RunHost over the pipe."""

    def __init__(self, run: ClaimedRun, pipe: ParentPipe) -> None:
        self.run = run
        self.cancelled = False
        self.tools = ToolSet(self)
        self._pipe = pipe
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Future[Any]] = {}
        self._loop = asyncio.get_running_loop()

    def listen(self) -> None:
        """Pass answers to the waiting calls until the pipe closes, which ends this process."""
        while True:
            message = self._pipe.read()
            waiting = self._waiting.pop(message["number"], None)
            if waiting is None or not waiting.set_running_or_notify_cancel():
                continue
            if "error" in message:
                waiting.set_exception(_error_of(message["error"]))
            else:
                waiting.set_result(message.get("value"))

    def started(self) -> None:
        self._pipe.send({"is": "started"})

    async def call(self, tool: str, op: str, *args: Any) -> Any:
        number = next(self._numbers)
        answer = self._waiting[number] = Future[Any]()
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

    def set_check(self, report: MonitorReport) -> None:
        self._pipe.send({"is": "check", "value": encode_check(report)})

    def wait(self, call: Coroutine[Any, Any, T]) -> T:
        if threading.current_thread() is threading.main_thread():
            call.close()
            raise RuntimeError("ctx.wait is for plain functions: use `await`")
        return asyncio.run_coroutine_threadsafe(call, self._loop).result()

    def sleep(self, seconds: float) -> bool:
        return sleep_until(lambda: self.cancelled, seconds)


def main() -> NoReturn:
    """Execute one run and exit."""
    pipe = ParentPipe()
    request = pipe.read()
    die_with_parent(request["parent"])
    logging.getLogger().setLevel(request["log_level"])
    install_log_capture()
    try:
        asyncio.run(_do(request, pipe))
    except BaseException as error:  # noqa: BLE001  SystemExit as well: the parent wants to know
        pipe.end({"is": "failure", "failure": failure_of(error).wire()})
    os._exit(1)


async def _do(request: dict[str, Any], pipe: ParentPipe) -> None:
    host = ChildHost(ClaimedRun(**request["run"]), pipe)
    threading.Thread(target=host.listen, name="parent", daemon=True).start()
    spec = _spec(request["module"], request["type"])
    task = asyncio.ensure_future(_handle(host, spec))
    _on_terminate(host, task if spec.is_async else None)
    value = await task
    try:
        output = encode_output(value, request["max_result_bytes"])
    except BadOutputError as error:
        pipe.end({"is": "failure", "failure": error.failure.wire()})
    pipe.end({"is": "result", "output": output})


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


if __name__ == "__main__":
    main()
