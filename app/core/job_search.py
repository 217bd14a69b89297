"""Looking for jobs that no one index lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core.index_walk import STEP, Found, walk

if TYPE_CHECKING:
    from app.core.keys import Keys
    from app.core.models import JobSpec
    from app.core.redis_client import Arg, Command, RedisLink
    from app.core.scripts import Scripts

STEPS = 20
"""A call looks at 10,000 jobs at most; its cursor goes on from there."""


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs; all given parts must hold. `q` is part of an id or a description."""

    type: str | None = None
    enabled: bool | None = None
    tag: str | None = None
    q: str | None = None

    def accepts(self, spec: JobSpec) -> bool:
        """Tell whether a spec fits."""
        if self.type is not None and spec.type != self.type:
            return False
        if self.enabled is not None and spec.enabled != self.enabled:
            return False
        if self.tag is not None and self.tag not in spec.tags:
            return False
        q = (self.q or "").lower()
        return q in spec.job_id.lower() or q in spec.description.lower()

    def indexes(self, keys: Keys) -> dict[str, str]:
        """Return the indexes that have all jobs that fit, by the script's names of them."""
        found = dict[str, str]()
        if self.type is not None:
            found[f"type:{self.type}"] = keys.jobs_type(self.type)
        if self.tag is not None:
            found[f"tag:{self.tag}"] = keys.jobs_tag(self.tag)
        if self.enabled:
            found["enabled"] = keys.jobs_enabled
        return found or {"all": keys.jobs}

    def index(self, keys: Keys) -> str | None:
        """Return the index that has just the jobs that fit."""
        indexes = self.indexes(keys)
        exact = self.q is None and self.enabled is not False and len(indexes) == 1
        return next(iter(indexes.values())) if exact else None


class JobSearch:
    """Walks through the smallest index that has all jobs that fit."""

    def __init__(self, link: RedisLink, scripts: Scripts, keys: Keys) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys

    async def find(self, wanted: JobFilter, after: int | None, limit: int) -> Found:
        """Return up to `limit` jobs behind `after`, in three round trips at most."""
        index = await self._smallest(wanted)
        q = wanted.q or ""
        enabled = "" if wanted.enabled is None else str(int(wanted.enabled))
        fits: tuple[Arg, ...] = (wanted.type or "", wanted.tag or "", enabled, q.lower(), q)

        async def look(behind: str, place: int) -> list[Any]:
            return await self._scripts.run("specs/find", index, behind, place, STEP, *fits)

        return await walk(look, after, limit, STEPS)

    async def _smallest(self, wanted: JobFilter) -> str:
        indexes = wanted.indexes(self._keys)
        if len(indexes) == 1:
            return next(iter(indexes))
        sizes: list[Command] = [("ZCARD", key) for key in indexes.values()]
        sized = dict(zip(indexes, await self._link.calls(sizes), strict=True))
        return min(sized, key=lambda name: sized[name])
