"""Monitors as their checks have stored them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.core.clock import QUARTERS
from app.core.monitors.models import StateRange, TimeByState

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys


async def store_monitor(
    link: RedisLink,
    keys: Keys,
    job_id: str,
    *,
    state: str = "up",
    since: int = 0,
    seen: int = 0,
    fields: Mapping[str, str] | None = None,
    quarters: Mapping[int, TimeByState] | None = None,
    ranges: Sequence[StateRange] = (),
) -> None:
    """Store a monitor; `quarters` by the quarter hour since 1970, `ranges` are over."""
    hashed: dict[str, str | int] = {"state": state, "since": since, "seen": seen, "checked": seen, "gap": 0}
    hashed |= fields or {}
    await link.call("HSET", keys.monitor(job_id), *(part for item in hashed.items() for part in item))
    await link.call("ZADD", keys.monitors, "NX", seen, job_id)
    days: dict[int, TimeByState] = defaultdict(TimeByState)
    for at, time in (quarters or {}).items():
        day, quarter = divmod(at, QUARTERS)
        days[day] += time
        name = keys.monitor_quarters(job_id, day)
        await link.call("HSET", name, quarter, _text(time))
        await link.call("EXPIRE", name, 9 * 86_400)
    for day, time in days.items():
        await link.call("HSET", keys.monitor_days(job_id), day, _text(time))
    for each in ranges:
        text = f"{each.state}|{each.from_ms}|{each.to_ms}|{each.reason}"
        await link.call("RPUSH", keys.monitor_ranges(job_id), text)


def _text(time: TimeByState) -> str:
    return f"{time.up},{time.degraded},{time.down}"
