"""Runs a handler in a thread of its own.

There is no shared pool, so an abandoned thread blocks no other run.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from typing import TYPE_CHECKING, Any

from app.core.execution.attempt import Attempt
from app.core.execution.context import RunContext, enter_run
from app.core.execution.outcome import Failure

if TYPE_CHECKING:
    from app.core.registry import Kind


class ThreadAttempt(Attempt):
    """Calls a plain function directly; a coroutine gets an event loop of its own in the thread."""

    __slots__ = ("_done", "_inner_loop", "_inner_task")
    kind: Kind = "thread"

    def _launch(self) -> None:
        self._done = False
        self._inner_loop: asyncio.AbstractEventLoop | None = None
        self._inner_task: asyncio.Task[Any] | None = None
        context = contextvars.copy_context()
        # A daemon: a stuck handler must not keep the process alive either.
        thread = threading.Thread(
            target=context.run, args=(self._work,), name=f"run-{self.run.run_id}", daemon=True
        )
        try:
            thread.start()
        except RuntimeError as error:
            failure = Failure("exception", "no_thread", f"no thread could be started: {error}")
            self._services.loop.call_soon(self._handler_ended, None, failure)

    def _work(self) -> None:
        enter_run(self)
        value: Any = None
        error: BaseException | None = None
        try:
            if self._spec.is_async:
                value = asyncio.run(self._body())
            else:
                value = self._spec.function(RunContext(self), self._inputs)
        except BaseException as raised:  # noqa: BLE001  SystemExit too ends the attempt and nothing else
            error = raised
        self._done = True
        self._post(self._take, (value, error))

    async def _body(self) -> Any:
        self._inner_loop, self._inner_task = asyncio.get_running_loop(), asyncio.current_task()
        if self._interrupted:
            # The stop came before there was a task to cancel.
            raise asyncio.CancelledError
        return await self._spec.function(RunContext(self), self._inputs)

    def _take(self, result: tuple[Any, BaseException | None]) -> None:
        self._handler_ended(*result)

    def _interrupt(self) -> None:
        loop, task = self._inner_loop, self._inner_task
        if loop is not None and task is not None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(task.cancel)

    def _has_ended(self) -> bool:
        return self._done
