"""Days of statistics of a monitor that runs each minute."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from app.core.clock import QUARTERS
from tests.support.buckets import bucket_name

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

RUNS_A_QUARTER = 15
LIFETIME_SEC = 41 * 86_400


def monitor_day(dice: random.Random) -> tuple[dict[str, int], dict[str, int]]:
    """Return a day's counts and durations: 1,440 runs of about 200 ms, one in 200 fails."""
    fields: dict[str, int] = {}
    durations: dict[str, int] = {}

    def add(name: str, number: int = 1, into: dict[str, int] = fields) -> None:
        into[name] = into.get(name, 0) + number

    for quarter in range(QUARTERS):
        for _ in range(RUNS_A_QUARTER):
            duration_ms = round(dice.lognormvariate(5.3, 0.5))
            add(f"{quarter}|{'failed' if dice.random() < 1 / 200 else 'success'}")
            add(f"{quarter}|ms", duration_ms)
            add(f"{quarter - quarter % 8}|{bucket_name(duration_ms)}", into=durations)
    return fields, durations


async def store_monitor_day(link: RedisLink, keys: Keys, job_id: str, day: int, dice: random.Random) -> None:
    """Write a day of a monitor, with the lifetimes that its runs give it."""
    figures, index = keys.rollup_quarter(job_id, day), keys.rollup_jobs(day)
    counts, buckets = ([part for item in each.items() for part in item] for each in monitor_day(dice))
    durations = keys.rollup_durations(job_id, day)
    await link.calls(
        [
            ("HSET", figures, *counts),
            ("HSET", durations, *buckets),
            ("HSET", index, job_id, RUNS_A_QUARTER * QUARTERS),
            *(("EXPIRE", key, LIFETIME_SEC) for key in (figures, durations, index)),
        ]
    )
