"""Looks whether the Redis of each further shard answers; one that is away cannot say so."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from app.core.errors import Unavailable
from app.core.i18n import _
from app.core.incidents.models import IncidentKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.incidents.store import IncidentStore
    from app.core.storage.shards import Shard, ShardSet

KEY: Final = "shard_away"
LASTING_SEC: Final = 15.0
"""A restart, or a replica that takes over, needs less."""
ANSWER_SEC: Final = 2.0


class ShardsAway:
    """Opens one incident for all shards that have been away for a while; ends it when all answer."""

    def __init__(self, incidents: IncidentStore, shards: ShardSet, monotonic: Callable[[], float]) -> None:
        self._incidents = incidents
        self._shards = shards
        self._monotonic = monotonic
        self._since = dict[int, float]()

    async def check(self) -> None:
        """Ask each shard once."""
        others = self._shards.shards[1:]
        answers = await asyncio.gather(*map(_answers, others))
        now = self._monotonic()
        away = [shard.index for shard, is_there in zip(others, answers, strict=True) if not is_there]
        self._since = {index: self._since.get(index, now) for index in away}
        lasting = [index for index in away if now - self._since[index] >= LASTING_SEC]
        if lasting:
            shown = ", ".join(map(str, lasting))
            await self._incidents.open(
                KEY,
                IncidentKind.SHARD_AWAY,
                severity="critical",
                subject="",
                cause=_("Redis of shard {shards} does not answer: its jobs wait.", shards=shown),
            )
        elif not away and KEY in await self._incidents.open_keys():
            await self._incidents.close(KEY)


async def _answers(shard: Shard) -> bool:
    try:
        async with asyncio.timeout(ANSWER_SEC):
            await shard.link.call("TIME")
    except (Unavailable, TimeoutError):
        return False
    return True
