"""Runs a handler in a child process, to survive its crash.

Child and parent exchange JSON lines over the child's stdin and stdout. Logs, progress and tool calls go
through the parent, which holds the lease; the child exits when the pipe closes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process, SubprocessStreamProtocol
from contextvars import Context
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from app.core.errors import MultiJobError
from app.core.execution.attempt import Attempt, RunEnd, Stopped, StopReason
from app.core.execution.outcome import Failure
from app.core.execution.parent import tie_to_this_process
from app.core.i18n.stored import packed
from app.core.models import AttemptOutcome, AttemptResult
from app.core.redaction import redactor, safe_str
from app.core.secret_keys import without_secrets

if TYPE_CHECKING:
    from app.core.registry import Kind

UNKILLABLE_SEC = 0.4
"""After SIGKILL a process is gone at once, or it hangs in the kernel; with the grace below 2 s in all."""
_LINE_ROOM_BYTES = 1_048_576
_LEAVE_SEC = 1.0
CHILD_START_SEC = 20.0
"""Time for the start of an isolated run's child, in addition to the run's time-out. A start takes about
0.5 s, and several seconds on a busy machine."""
_CRASHES = frozenset({"child_exited", "child_protocol"})
_TOLD_TO_END = frozenset({signal.SIGTERM, signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGTERM)})


class ProcessAttempt(Attempt):
    """One spawned child for one running handler, never a pool: its death fails this attempt alone."""

    __slots__ = ("_answers", "_driver", "_ended", "_process", "_result", "_transport", "_writing")
    kind: Kind = "process"

    def start(self) -> None:
        """Start the child, or wait for a free slot; the time-out counts from the child's start.

        An isolated run's time-out counts from the start of its handler. Such runs take no slot: the worker
        has two places reserved for them, so that they never wait for the runs that may have crashed it.
        """
        super().start()
        if self.run.alone:
            self._arm(CHILD_START_SEC)

    @property
    def waits(self) -> bool:
        """True if the child has not started yet, because the limit of children is reached."""
        return self._services.children.is_waiting(self)

    def on_slot_acquired(self) -> None:
        """Start the child after a wait."""
        waited_sec = round(self._elapsed_ms() / 1000, 1)
        self.add_log("info", f"A child process is free after {waited_sec} s.", {})
        self._start = self._services.clock.monotonic()
        self._arm(self.run.timeout_ms / 1000)
        self._start_child()

    def _launch(self) -> None:
        self._process: Process | None = None
        self._transport: asyncio.SubprocessTransport | None = None
        self._result: tuple[Any, BaseException | Failure | None] | None = None
        self._ended = False
        self._answers: set[asyncio.Task[None]] = set()
        self._writing = asyncio.Lock()
        if self.run.alone or self._services.children.acquire(self):
            self._start_child()
            return
        self._services.time_outs.discard(self)
        most = self._services.children.most
        self.add_log("info", f"Waits for a child process: all {most} are busy (MAX_CHILD_PROCESSES).", {})

    def _start_child(self) -> None:
        self._driver = self._services.loop.create_task(self._drive(), name=self.run.run_id, context=Context())
        self._driver.add_done_callback(self._driven)

    def _driven(self, driver: asyncio.Task[None]) -> None:
        self._ended = True
        if not self.run.alone:
            self._services.children.release()
        for answer in self._answers:
            answer.cancel()
        error = asyncio.CancelledError() if driver.cancelled() else driver.exception()
        output, failure = self._result or (None, None)
        self._handler_ended(output, error or failure)

    def _decide(self, value: Any, error: BaseException | Failure | None) -> RunEnd:
        end = super()._decide(value, error)
        died = isinstance(error, Failure) and error.code in _CRASHES and not self._interrupted
        if not self.run.alone or not died or not isinstance(end, AttemptResult):
            return end
        process = self._process
        if process is not None and process.returncode is not None and -process.returncode in _TOLD_TO_END:
            # The signal ends the whole process group, so this is no crash of the handler.
            return Stopped(StopReason.DRAIN, abandoned=False)
        return replace(end, outcome=AttemptOutcome.CRASHED, delay_ms=0)

    def _failed(self, failure: Failure) -> AttemptResult:
        alone = self.run.alone and failure.code in _CRASHES
        return super()._failed(replace(failure, retryable=False) if alone else failure)

    def _encode(self, value: Any) -> str:
        # Encoded and measured by the child; only this process has the secrets.
        return redactor.json(value)

    def _has_ended(self) -> bool:
        return self._ended

    def _interrupt(self) -> None:
        if self._services.children.cancel_wait(self):
            self._services.loop.call_soon(self._handler_ended, None, asyncio.CancelledError())
            return
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()

    def _on_grace_over(self) -> None:
        kill_child(self._process)
        self._arm(UNKILLABLE_SEC, self._abandon)

    async def _drive(self) -> None:
        try:
            process = self._process = await self._spawn()
        except OSError as error:
            self._result = None, Failure("crash", "child_not_started", f"no child process: {error}")
            return
        try:
            if self._interrupted:
                self._interrupt()
            await self._talk(process)
            await self._leave(process)
        finally:
            kill_child(process)
            # Otherwise its pipes are closed some turns later, and a loop that ends before leaves them open.
            if self._transport is not None:
                self._transport.close()

    async def _spawn(self) -> Process:
        path = os.pathsep.join(path for path in sys.path if path)
        environment = {**without_secrets(os.environ), "PYTHONPATH": path}
        limit = 4 * self._services.settings.max_result_bytes + _LINE_ROOM_BYTES
        loop = self._services.loop
        self._transport, protocol = await loop.subprocess_exec(
            lambda: SubprocessStreamProtocol(limit, loop),
            sys.executable,
            "-m",
            "app.core.execution.child",
            stdin=PIPE,
            stdout=PIPE,
            stderr=None,
            env=environment,
            # A session of its own: Ctrl-C at the worker's terminal drains the worker and kills no handler.
            start_new_session=True,
        )
        process = Process(self._transport, protocol, loop)
        tie_to_this_process(process.pid)
        return process

    async def _talk(self, process: Process) -> None:
        assert process.stdout is not None  # noqa: S101  asked for in _spawn
        spec, settings = self._spec, self._services.settings
        await self._send(
            {
                "run": self.run._asdict(),
                "module": spec.module,
                "type": spec.type,
                "parent": os.getpid(),
                "log_level": logging.getLogger().getEffectiveLevel(),
                "max_result_bytes": settings.max_result_bytes,
            }
        )
        try:
            while self._result is None and (line := await process.stdout.readline()):
                self._take(orjson.loads(line))
        except ValueError as error:
            message = f"the child process broke its protocol: {safe_str(error)[:200]}"
            self._result = None, Failure("crash", "child_protocol", message)

    async def _leave(self, process: Process) -> None:
        """Wait until the child is gone: a reported end is a real one."""
        if self._result is None:
            self._result = None, failure_of_exit(await process.wait())
            return
        done, _ = await asyncio.wait({asyncio.ensure_future(process.wait())}, timeout=_LEAVE_SEC)
        if not done:
            kill_child(process)
            await process.wait()

    async def _send(self, message: dict[str, Any]) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        # The exit of a child is visible on its stdout.
        with contextlib.suppress(ConnectionError):
            async with self._writing:
                process.stdin.write(orjson.dumps(message, option=orjson.OPT_APPEND_NEWLINE))
                await process.stdin.drain()

    def _take(self, message: dict[str, Any]) -> None:
        match message["is"]:
            case "started":
                if self.run.alone and not self._interrupted:
                    self._arm(self.run.timeout_ms / 1000)
            case "log":
                self.add_log(message["level"], message["message"], message["fields"])
            case "progress":
                self._set_progress(redactor.json(message["value"]))
            case "check":
                self._keep_check(redactor.json(message["value"]))
            case "call":
                answer = self._services.loop.create_task(self._answer(message), context=Context())
                self._answers.add(answer)
                answer.add_done_callback(self._answers.discard)
            case "result":
                self._result = message["output"], None
            case "failure":
                self._result = None, Failure.from_wire(message["failure"])
            case other:
                raise ValueError(f"unknown message {other!r}")

    async def _answer(self, message: dict[str, Any]) -> None:
        reply: dict[str, Any] = {"is": "answer", "number": message["number"]}
        try:
            reply["value"] = await self.call(message["tool"], message["op"], *message["args"])
        except MultiJobError as error:
            reply["error"] = _error_payload(error)
        except Exception as error:  # noqa: BLE001  it is the handler's to see
            reply["error"] = {"code": "tool_failed", "message": f"{type(error).__name__}: {safe_str(error)}"}
        await self._send(reply)


def _error_payload(error: MultiJobError) -> dict[str, Any]:
    return {
        "code": error.code,
        "message": packed(error.message),
        "fields": {name: getattr(error, name) for name in error.carried},
        # The child does not know codes of the parent's own errors.
        "retryable": getattr(error, "retryable", True),
    }


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
