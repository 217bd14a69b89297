"""Many small calls become few large ones, without a timer.

Items that arrive while a call is under way travel together in the next; an idle caller waits for
nothing but its own call.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Coalescer(Generic[Item, Answer]):
    """Calls `send` with up to `most` items at a time and hands each its answer."""

    def __init__(self, send: Callable[[list[Item]], Awaitable[list[Answer]]], most: int = 256) -> None:
        self._send = send
        self._most = most
        self._waiting: list[tuple[Item, asyncio.Future[Answer]]] = []
        self._sender: asyncio.Task[None] | None = None

    def submit(self, item: Item) -> asyncio.Future[Answer]:
        """Hand in an item; the future is its answer or its batch's error."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._sender is None:
            self._sender = asyncio.create_task(self._run(), name="coalescer")
        return future

    async def drained(self) -> None:
        """Wait until nothing is under way."""
        while self._sender is not None:
            await asyncio.wait({self._sender})

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._deliver(batch)
        finally:
            self._sender = None

    async def _deliver(self, batch: list[tuple[Item, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._send([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - every error of the call belongs to those who wait for it
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)
