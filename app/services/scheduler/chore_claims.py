"""Chore claims: one of several schedulers does a chore at a time."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from app.core.errors import Unavailable

if TYPE_CHECKING:
    from app.core.redis_client import Arg
    from app.core.scripts import Scripts

_GIVE_BACK_SEC = 1.0


class ChoreClaims:
    """The claims of one scheduler. A claim expires, so another scheduler takes over from a dead one."""

    def __init__(self, scripts: Scripts, holder: str) -> None:
        self._scripts = scripts
        self._holder = holder

    async def take(self, chore: str, lifetime_sec: float, **progress: Arg) -> bool:
        """Claim a chore or renew the claim; return False if another scheduler has it.

        `progress` has fields of `meta` that are set in the same step.
        """
        lifetime_ms = max(1, round(lifetime_sec * 1000))
        fields = [part for pair in progress.items() for part in pair]
        word = await self._scripts.run("deployment/claim_task", chore, self._holder, lifetime_ms, *fields)
        return word == "YES"

    async def give_back(self, chore: str) -> None:
        """Release the chore for another scheduler; if Redis is away, the claim expires."""
        with contextlib.suppress(Unavailable, TimeoutError):
            async with asyncio.timeout(_GIVE_BACK_SEC):
                await self._scripts.run("deployment/claim_task", chore, self._holder, 0)
