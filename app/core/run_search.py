"""Looking for runs that no one index lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from app.core.index_walk import STEP, Found, walk

if TYPE_CHECKING:
    from app.core.keys import Keys
    from app.core.redis_client import Arg, Command, RedisLink
    from app.core.run_filter import RunFilter
    from app.core.scripts import Scripts

STEPS = 10
"""A call looks at 5,000 runs at most; its cursor goes on from there."""
_FINGERPRINT = re.compile(r"[0-9a-f]{12}")


class RunSearch:
    """Walks through the smallest index that has all runs that fit."""

    def __init__(self, link: RedisLink, scripts: Scripts, keys: Keys) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys

    async def find(self, wanted: RunFilter, after: int | None, limit: int) -> Found:
        """Return up to `limit` runs behind `after`, in three round trips at most."""
        index = await self._smallest(wanted)
        since: Arg = "" if wanted.since_ms is None else wanted.since_ms
        fits: tuple[Arg, ...] = (wanted.job_id or "", wanted.status or "", since, wanted.q or "")

        async def look(behind: str, place: int) -> list[Any]:
            return await self._scripts.run("find_runs", index, behind, place, STEP, *fits)

        return await walk(look, after, limit, STEPS)

    async def _smallest(self, wanted: RunFilter) -> str:
        indexes = self._indexes(wanted)
        if len(indexes) <= 1:
            return next(iter(indexes), "all")
        sizes: list[Command] = [("ZCARD", key) for key in indexes.values()]
        sized = dict(zip(indexes, await self._link.calls(sizes), strict=True))
        group = next((name for name in sized if name.startswith("group:")), None)
        # A text that names an error of dead letters is taken for that and nothing else.
        if group is not None and sized.pop(group):
            return group
        return min(sized, key=lambda name: sized[name])

    def _indexes(self, wanted: RunFilter) -> dict[str, str]:
        """Return the indexes that have all runs that fit, by the script's names of them."""
        keys, found = self._keys, dict[str, str]()
        if wanted.job_id is not None:
            found[f"job:{wanted.job_id}"] = keys.runs_job(wanted.job_id)
        if wanted.status is not None:
            found[f"status:{wanted.status}"] = keys.runs_status(wanted.status)
        q = wanted.q or ""
        if "@" in q:
            job_id = q.partition("@")[0]
            found[f"job:{job_id}"] = keys.runs_job(job_id)
        if _FINGERPRINT.fullmatch(q):
            found.setdefault("all", keys.runs)
            found[f"group:{q}"] = keys.dead_group(q)
        return found
