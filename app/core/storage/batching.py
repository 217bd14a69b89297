"""Batches of items for one sender, without a timer.

Items that arrive while a batch is under way form the next one, and an idle sender takes the items of one turn
of the event loop.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from app.core.errors import RedisUnavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Call: TypeAlias = tuple[Item, "asyncio.Future[Answer]"]

MOST_AT_ONCE = 256


class BatchSender(ABC, Generic[Item]):
    """One task that delivers waiting items in order, at most `most` at a time, until none waits."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: list[Item] = []
        self._sender: asyncio.Task[Any] | None = None

    async def drained(self) -> None:
        """Wait until no item waits and none is under way."""
        while self._sender is not None:
            await asyncio.wait({self._sender})

    def add(self, item: Item) -> None:
        """Add an item; the task takes it in this or a later batch."""
        self._waiting.append(item)
        if self._sender is None:
            self._start()

    def _start(self) -> None:
        self._sender = asyncio.create_task(self._run(), name=type(self).__name__)

    async def _deliver_here(self, item: Item) -> None:
        """Deliver an item in the caller's task, as the only one of its batch; nothing may be under way."""
        self._sender = asyncio.current_task()
        try:
            await self._deliver([item])
        finally:
            self._sender = None
            if self._waiting:
                self._start()

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._deliver(batch)
        finally:
            self._sender = None

    @abstractmethod
    async def _deliver(self, batch: list[Item]) -> None:
        """Send a batch; an error ends the task and leaves the items behind it waiting."""


class Batcher(BatchSender["Call[Item, Answer]"], Generic[Item, Answer]):
    """Calls `send` with batches of items and returns to each caller the answer to its item.

    An answer that is an exception is raised to its caller; an error of `send` to all callers of the batch.
    """

    def __init__(
        self, send: Callable[[list[Item]], Awaitable[list[Answer]]], most: int = MOST_AT_ONCE
    ) -> None:
        super().__init__(most)
        self._send = send
        self._under_way: list[Call[Item, Answer]] = []

    def submit(self, item: Item) -> asyncio.Future[Answer]:
        """Add an item; return the future of its answer. An item is not sent if its future is done by then."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.add((item, future))
        return future

    async def submit_at_once(self, item: Item) -> Answer:
        """Return the answer to an item; it does not wait for others if nothing is under way.

        The caller's task sends it, so it must not be cancelled.
        """
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        if self._sender is None:
            await self._deliver_here((item, future))
        else:
            self.add((item, future))
        return await future

    def unanswered(self) -> list[Call[Item, Answer]]:
        """Return the items without an answer, oldest first, each with its future."""
        return [call for call in (*self._under_way, *self._waiting) if not call[1].done()]

    async def _deliver(self, batch: list[Call[Item, Answer]]) -> None:
        self._under_way = calls = [call for call in batch if not call[1].done()]
        try:
            answers = await self._send([item for item, _ in calls]) if calls else []
        except BaseException as error:
            cause = error if isinstance(error, Exception) else RedisUnavailable("closed")
            for _, future in calls:
                if not future.done():
                    future.set_exception(cause)
            if cause is not error:
                raise
            return
        finally:
            self._under_way = []
        for (_, future), answer in zip(calls, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
