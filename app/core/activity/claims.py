"""Task claims: one of several processes does a task at a time."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from app.core.errors import Unavailable

if TYPE_CHECKING:
    from app.core.redis_client import Arg
    from app.core.storage.scripts import Scripts

_GIVE_BACK_SEC = 1.0


class TaskClaims:
    """The claims of one process. A claim expires, so another process takes over from a dead one."""

    def __init__(self, scripts: Scripts, holder: str) -> None:
        self._scripts = scripts
        self._holder = holder

    async def take(self, task: str, lifetime_sec: float, **progress: Arg) -> bool:
        """Claim a task or renew the claim; return False if another process has it.

        `progress` has fields of `meta` that are set in the same step.
        """
        lifetime_ms = max(1, round(lifetime_sec * 1000))
        fields = [part for pair in progress.items() for part in pair]
        word = await self._scripts.run(
            "deployment/claim_task", *fields, task=task, owner=self._holder, lifetime_ms=lifetime_ms
        )
        return word == "YES"

    async def release(self, task: str) -> None:
        """Release the task for another process; if Redis is out of reach, the claim expires."""
        with contextlib.suppress(Unavailable, TimeoutError):
            async with asyncio.timeout(_GIVE_BACK_SEC):
                await self._scripts.run("deployment/claim_task", task=task, owner=self._holder, lifetime_ms=0)
