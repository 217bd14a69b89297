"""Runs handlers in threads.

A run gets a thread that has nothing to do, or a new one. No run waits for a thread, so an abandoned handler
blocks no other run.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeAlias

from app.core.execution.attempt import Attempt
from app.core.execution.context import RunContext, enter_run
from app.core.execution.outcome import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.registry import Kind

Mailbox: TypeAlias = "SimpleQueue[tuple[Callable[[], None], str]]"

MOST_IDLE, IDLE_SEC = 100, 10.0


class ThreadStack:
    """Threads without work, the last used first. A start takes 60 µs, and a thread that waits 15."""

    def __init__(self) -> None:
        # Operations of a list are atomic.
        self._idle: list[Mailbox] = []

    def run(self, work: Callable[[], None], name: str) -> None:
        """Call `work` in a thread; RuntimeError if none could be started."""
        try:
            mailbox = self._idle.pop()
        except IndexError:
            mailbox = self._start(name)
        mailbox.put((work, name))

    def _start(self, name: str) -> Mailbox:
        mailbox: Mailbox = SimpleQueue()
        # A daemon: a stuck handler must not keep the process alive.
        threading.Thread(target=self._serve, args=(mailbox,), name=name, daemon=True).start()
        return mailbox

    def _serve(self, mailbox: Mailbox) -> None:
        thread = threading.current_thread()
        while (item := self._next(mailbox)) is not None:
            work, thread.name = item
            work()
            # Its inputs and results must not stay until the next run.
            del item, work
            if len(self._idle) >= MOST_IDLE:
                return
            self._idle.append(mailbox)

    def _next(self, mailbox: Mailbox) -> tuple[Callable[[], None], str] | None:
        try:
            return mailbox.get(timeout=IDLE_SEC)
        except Empty:
            pass
        try:
            self._idle.remove(mailbox)
        except ValueError:
            # It was taken just now.
            return mailbox.get()
        return None


_threads = ThreadStack()


class ThreadAttempt(Attempt):
    """Calls a plain function directly; a coroutine gets an event loop of its own in the thread."""

    __slots__ = ("_done", "_inner_loop", "_inner_task")
    kind: Kind = "thread"

    def _launch(self) -> None:
        self._done = False
        self._inner_loop: asyncio.AbstractEventLoop | None = None
        self._inner_task: asyncio.Task[Any] | None = None
        work = partial(contextvars.copy_context().run, self._work)
        try:
            _threads.run(work, f"run-{self.run.run_id}")
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
