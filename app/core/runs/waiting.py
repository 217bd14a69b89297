"""Reads what a waiting run waits for: its place in the line, and the earliest start under a rate."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.storage.connection import time_ms
from app.core.storage.index_scan import undamaged
from app.core.storage.limits import RATE, USER, WINDOW_MS, base_of, limit_in, names_of_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.records import RunRecord
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

_LIMITS = (USER, RATE, "job:")


@dataclass(frozen=True, slots=True)
class WaitPlace:
    """The place of a run before a key, a group or a rate."""

    name: str
    """`user:<key>`, `user:<key>/<group>`, `rate:<key>`, `rate:<key>/<group>` or `job:<id>`."""
    ahead: int
    """Runs before it that need the same keys, thus of the same group."""
    held: int
    """Runs that hold a slot; for a rate, starts in the last 60 seconds and runs that are about to start."""
    limit: int | None
    starts_at: int | None
    """For a rate: when it lets the run start at the earliest, epoch ms. None for a slot."""


async def read_place(link: RedisLink, keys: Keys, run: RunRecord) -> WaitPlace | None:
    """Return the place of a run; None if it does not wait for a key or a rate."""
    name = run.waiting_for
    if not name.startswith(_LIMITS):
        return None
    overlap, key = await link.call("HMGET", keys.run(run.run_id), "overlap", "key")
    line = ",".join(names_of_run(run.job_id, overlap, key))
    rank, held, stored, starts, time = await undamaged(
        link,
        [
            ("ZRANK", keys.waiting(line), run.run_id),
            ("SCARD", keys.holders(name)),
            ("HGET", keys.limits, base_of(name)),
            ("LRANGE", keys.starts(name), 0, -1),
            ("TIME",),
        ],
    )
    ahead, limit = rank or 0, limit_in(stored, name)
    if not name.startswith(RATE):
        return WaitPlace(name, ahead, held or 0, limit, None)
    now_ms = time_ms(time)
    all_starts = [int(text) for text in starts or ()]
    recent = all_starts[bisect_right(all_starts, now_ms - WINDOW_MS) :]
    starts_at = earliest_start(recent, held or 0, limit, ahead, now_ms)
    return WaitPlace(name, ahead, len(recent) + (held or 0), limit, starts_at)


def earliest_start(starts: Sequence[int], about_to: int, limit: int | None, ahead: int, now_ms: int) -> int:
    """Return when a rate lets a run start at the earliest, epoch ms.

    `starts`: those of the last 60 seconds, oldest first; `about_to`: runs that were let in and start any
    moment; `ahead`: runs that come before this one.
    """
    if limit is None:
        return now_ms
    # The run takes the turn of the start that is `limit` places before its own.
    ordered = [*starts, *[now_ms] * about_to]
    for _ in range(min(ahead + 1, 100_000)):
        before = ordered[-limit] + WINDOW_MS if len(ordered) >= limit else now_ms
        ordered.append(max(before, now_ms))
    return ordered[-1]
