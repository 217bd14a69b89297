"""Sends items in batches, each of them until it is answered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

from redis.exceptions import RedisError

from app.core.errors import MultiJobError, Unavailable
from app.core.loops import Backoff
from app.core.observability import get_logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

Item = TypeVar("Item")

log = get_logger(__name__)

MOST_AT_ONCE = 256
# Far below the shortest grace of a lease, so that items arrive within it after an outage.
LONGEST_WAIT_SEC = 0.25
UNSENDABLE = "UNSENDABLE"


class Resender(Generic[Item]):
    """Keeps items until `send` has returned a word for each; new items go into the next batch.

    `send` may return fewer words than it got items: the rest is sent again at once. An error keeps the whole
    batch. `answered` is called with the items and their words; it must not raise.
    """

    def __init__(
        self,
        send: Callable[[Sequence[Item]], Awaitable[list[str]]],
        answered: Callable[[Sequence[Item], Sequence[str]], None],
    ) -> None:
        self._send = send
        self._answered = answered
        self._waiting: list[Item] = []
        self._sender: asyncio.Task[None] | None = None
        self._most = MOST_AT_ONCE
        self._backoff = Backoff(longest_sec=LONGEST_WAIT_SEC)
        self.last_error = ""
        """The error of the last batch; empty after a success."""

    def submit(self, item: Item) -> None:
        """Add an item."""
        self._waiting.append(item)
        if self._sender is None:
            self._sender = asyncio.create_task(self._run(), name="resender")

    async def drained(self) -> None:
        """Wait until every item is answered; in an outage for as long as it lasts."""
        while self._sender is not None:
            await asyncio.wait({self._sender})

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._deliver(batch)
        finally:
            self._sender = None

    async def _deliver(self, batch: list[Item]) -> None:
        try:
            words = await self._send(batch)
        except Unavailable as error:
            self._waiting[:0] = batch
            await self._wait(error.message)
        except Exception as error:  # noqa: BLE001 - no error may lose an item
            await self._refused(batch, error)
        else:
            self._most, self.last_error = MOST_AT_ONCE, ""
            self._backoff.reset()
            self._waiting[:0] = batch[len(words) :]
            self._answered(batch[: len(words)], words)

    async def _refused(self, batch: list[Item], error: Exception) -> None:
        """Isolate the item that cannot be sent: smaller batches, and the others first."""
        if len(batch) == 1 and not isinstance(error, RedisError | OSError | MultiJobError):
            log.error("an item cannot be sent and is given up", reason=repr(error))
            self._answered(batch, [UNSENDABLE])
            return
        self._waiting += batch
        self._most = max(1, len(batch) // 2)
        await self._wait(repr(error))

    async def _wait(self, reason: str) -> None:
        self.last_error = reason
        await asyncio.sleep(self._backoff.next_wait_sec())
