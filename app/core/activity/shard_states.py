"""How each shard of a deployment does: whether its Redis answers, how fast, and how many jobs it has."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import Unavailable
from app.core.i18n import _
from app.core.redis_client import ServerMemory
from app.core.storage.connection import info_fields

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.storage.link import LinkPart


@dataclass(frozen=True, slots=True)
class ShardState:
    """One shard at one instant; a shard that does not answer has a reason and nothing else."""

    shard: int
    jobs: int | None = None
    latency_ms: float | None = None
    memory: ServerMemory | None = None
    reason: str = ""

    @property
    def is_up(self) -> bool:
        """Return whether it answers."""
        return self.memory is not None


async def shard_states(
    parts: Sequence[LinkPart], clock: Clock, patience_sec: float | None = None
) -> list[ShardState]:
    """Return the state of each of several shards; none of a deployment with one.

    A shard that does not answer within `patience_sec` is away; by default each link has its own patience.
    """
    return list(await asyncio.gather(*(_state(part, clock, patience_sec) for part in parts)))


async def _state(part: LinkPart, clock: Clock, patience_sec: float | None) -> ShardState:
    asked = clock.monotonic()
    try:
        async with asyncio.timeout(patience_sec):
            jobs, info = await part.link.calls([("ZCARD", part.keys.jobs), ("INFO", "memory")])
    except Unavailable as error:
        return ShardState(part.index, reason=error.message)
    except TimeoutError:
        return ShardState(part.index, reason=_("no answer within {seconds:g} s", seconds=patience_sec))
    took_ms = round((clock.monotonic() - asked) * 1000, 2)
    return ShardState(part.index, jobs, took_ms, ServerMemory.of(info_fields(info)))
