"""Counts of refused and cut requests by reason, for the deployment's metrics."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from app.core.loops import keep_going, pause

if TYPE_CHECKING:
    import asyncio

    from app.core.redis_client import Arg
    from app.core.scripts import Scripts

REPORT_SEC: Final = 5.0


class Refusals:
    """Counts of this process since its start. Reasons are words of the code, never of a request."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def count(self, reason: str) -> None:
        """Count one."""
        self.counts[reason] += 1


class RefusalReport:
    """Adds the counts of a process to the metrics in Redis every few seconds."""

    def __init__(self, refusals: Refusals, scripts: Scripts, instance: str) -> None:
        self._refusals = refusals
        self._scripts = scripts
        self._instance = instance
        self._reported: Counter[str] = Counter()

    async def run(self, stop: asyncio.Event) -> None:
        """Report until `stop`."""
        await keep_going("refusals", self._step, stop)

    async def report(self) -> None:
        """Report once, if there is something new."""
        now = Counter(self._refusals.counts)
        changed: list[Arg] = []
        for reason in sorted(now):
            if now[reason] != self._reported[reason]:
                changed += [reason, self._reported[reason], now[reason]]
        # Before the first heartbeat, and after an outage, the counts wait for the next one.
        if changed and await self._scripts.run("access/count_refused", self._instance, *changed) == "OK":
            self._reported = now

    async def _step(self, stop: asyncio.Event) -> None:
        await self.report()
        await pause(stop, REPORT_SEC)
