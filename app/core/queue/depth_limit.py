"""MAX_QUEUE_DEPTH over several shards: a submission takes a bound for its shard with it.

A script sees its own shard only. The bound is the number of runs that waited there at the last reading, and
a step. A process adds no more than a step to a shard by one reading; the steps of all shards are 1 % of the
limit. A bound from a reading that was made for the submission may be larger: an equal part of the room. If a
shard refuses, all are read again, until there is no room in any.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeAlias

from app.core.errors import RedisUnavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from app.core.clock import Clock
    from app.core.redis_client import Arg
    from app.core.storage.link import LinkPart

FRESH_SEC = 1.0
"""After this time a reading is renewed while it is still used."""
ANSWER_SEC = 0.25
"""How long a submission waits for the count of another shard. One that does not answer counts as before."""
STEP_PARTS = 100
"""A step of all shards together is this part of the limit, so it may be passed by 1 %."""
_MOST_TRIES = 100


Send: TypeAlias = "Callable[[Sequence[Arg], int], Awaitable[list[Any]]]"
"""Sends rows of queue/enqueue to one shard, with the most runs that may wait there."""


class DepthLimit:
    """What one process knows of the waiting runs of all shards."""

    def __init__(self, parts: Sequence[LinkPart], clock: Clock) -> None:
        self._parts = {part.index: part for part in parts}
        self._clock = clock
        self._waiting = dict.fromkeys(self._parts, 0)
        self._read_at = float("-inf")
        self._sent = dict.fromkeys(self._parts, 0)
        """Submissions since the last reading."""
        self._readings: dict[int, asyncio.Task[None]] = {}
        self._late = set[asyncio.Task[None]]()
        """Readings that no further submission waits for."""

    async def send(self, shard: int, most: int, rows: Sequence[Arg], count: int, send: Send) -> list[Any]:
        """Send `count` submissions to a shard so that at most `most` runs wait in all; return their answers.

        Those that the shard refuses are sent again as long as there is room.
        """
        answers, width = await send(rows, await self._bound(shard, most, count)), len(rows) // count
        for _ in range(_MOST_TRIES):
            refused = [at for at, answer in enumerate(answers) if _is_full(answer)]
            if not refused:
                break
            await self._read()
            if self._room(most) <= 0:
                break
            some = [value for at in refused for value in rows[at * width : (at + 1) * width]]
            again = await send(some, self._fresh_bound(shard, most))
            for at, answer in zip(refused, again, strict=True):
                answers[at] = answer
        return answers

    async def _bound(self, shard: int, most: int, count: int) -> int:
        """Return the most runs that may wait in a shard, for `count` submissions to it."""
        step = min(self._room(most), self._step(most))
        is_used_up = self._sent[shard] + count > step
        if is_used_up or self._read_at == float("-inf"):
            await self._read()
            self._sent[shard] += count
            return self._fresh_bound(shard, most)
        self._sent[shard] += count
        if self._clock.monotonic() - self._read_at >= FRESH_SEC:
            self._ask()
            self._noted()
        return self._waiting[shard] + step

    def _fresh_bound(self, shard: int, most: int) -> int:
        """Return the bound by a reading that was made for this call: it may use an equal part of the room."""
        room = max(0, self._room(most))
        return self._waiting[shard] + max(room // len(self._parts), min(room, self._step(most)))

    def _room(self, most: int) -> int:
        return most - sum(self._waiting.values())

    def _step(self, most: int) -> int:
        return max(1, most // (STEP_PARTS * len(self._parts)))

    async def _read(self) -> None:
        """Read all shards; one that does not answer keeps its last count."""
        self._ask()
        if awaited := set(self._readings.values()) - self._late:
            _, late = await asyncio.wait(awaited, timeout=ANSWER_SEC)
            self._late |= late
        self._noted()

    def _ask(self) -> None:
        for index, part in self._parts.items():
            if index not in self._readings:
                self._readings[index] = asyncio.create_task(self._count(part), name="queue-depth")

    def _noted(self) -> None:
        self._read_at = self._clock.monotonic()
        self._sent = dict.fromkeys(self._parts, 0)

    async def _count(self, part: LinkPart) -> None:
        try:
            self._waiting[part.index] = sum(
                await part.link.calls(
                    [("ZCARD", part.keys.runs_status("queued")), ("ZCARD", part.keys.delayed)]
                )
            )
        except RedisUnavailable:
            # Its runs still wait there.
            return
        finally:
            self._late.discard(self._readings.pop(part.index))


def _is_full(answer: Any) -> bool:
    return not isinstance(answer, int) and answer[0] == "FULL"
