"""The ready lanes of queues, and the directory of those that exist. `records.LaneName` explains the names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.core.ids import DEFAULT_QUEUE
from app.core.records import lane_of
from app.core.storage.keys import LANES, SUSPECT_LANE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.storage.keys import Keys
    from app.core.storage.link import RedisLink


def lanes_of(queues: Iterable[str]) -> tuple[str, ...]:
    """Return the lanes of normal runs, queue by queue."""
    return tuple(lane_of(queue, priority) for queue in queues for priority in LANES)


def suspect_lanes_of(queues: Iterable[str]) -> tuple[str, ...]:
    """Return the lanes of isolated runs, queue by queue."""
    return tuple(lane_of(queue, SUSPECT_LANE) for queue in queues)


class LaneDirectory(NamedTuple):
    """The queues and lanes that exist: `default` first, the other queues by name."""

    queues: tuple[str, ...]
    typed: tuple[str, ...]
    """Lanes of runs that were put aside for workers with their type."""

    @property
    def all(self) -> tuple[str, ...]:
        """Return every lane."""
        return (*lanes_of(self.queues), *suspect_lanes_of(self.queues), *self.typed)


async def read_lanes(link: RedisLink, keys: Keys) -> LaneDirectory:
    """Return the queues and lanes that exist, in one round trip."""
    queues, typed = await link.calls([("SMEMBERS", keys.queues), ("SMEMBERS", keys.typed_lanes)])
    return LaneDirectory((DEFAULT_QUEUE, *sorted(queues)), tuple(sorted(typed)))
