"""Load of the failover tests; measures how long each service stops."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from app.core.errors import Unavailable
from app.local.redis_server import HOST
from tests.support.embedded_redis import free_port
from tests.support.faults.deployment import every

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.faults.deployment import FaultDeployment

BACK_SEC = 5.0
# The test machine may be busy with other processes.
TOLERANCE = 2
_GIVE_UP_SEC, _LOOK_SEC = 60.0, 0.1
# Two callers, each with a run every 40 ms.
CALLERS, PACE_SEC = 2, 0.04
JOBS = {
    "plain": {"inputs": {"duration_ms": 20}},
    "keyed": {"inputs": {"duration_ms": 10}, "concurrency": {"key": "shared", "limit": 1}},
    "tick": {"inputs": {"duration_ms": 5}, "schedule": {"interval_sec": 1}},
    "mail": {
        "type": "message.send",
        "schedule": {"interval_sec": 1},
        "inputs": {"text": "Halo", "channel": "sandbox", "account_id": "default", "to": "inbox"},
    },
}


@dataclass(slots=True)
class Load:
    """All services, callers of the API, and their answers."""

    deployment: FaultDeployment
    port: int = field(default_factory=free_port)
    answers: Counter[int] = field(default_factory=Counter[int])
    crashes: list[str] = field(default_factory=list[str])
    _mails: int = 0
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _callers: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    async def start(self) -> None:
        """Start every service, store the jobs, and call until `stop`."""
        for job_id, spec in JOBS.items():
            await self.deployment.create_job({"job_id": job_id, **spec})
        self.deployment.fleet.start_api(self.port)
        for name in ("scheduler", "worker", "connector"):
            self.deployment.fleet.start(name, 2 if name == "worker" else 1)
        self._callers = [asyncio.create_task(self._call()) for _ in range(CALLERS)]
        await self.silences(lambda: None)

    async def stop(self) -> None:
        """End the calls and the schedules, so that the deployment comes to rest."""
        self._stop.set()
        await asyncio.gather(*self._callers)
        for scheduler in self.deployment.fleet.alive("scheduler"):
            self.deployment.fleet.terminate(scheduler)
            await asyncio.to_thread(scheduler.wait, _GIVE_UP_SEC)

    async def silences(self, fault: Callable[[], object]) -> dict[str, float]:
        """Cause a fault; return the longest time (s) for which each service did nothing.

        Watches until the fault is over and every service has worked since.
        """
        loop = asyncio.get_running_loop()
        seen = await self._done()
        last = dict.fromkeys(seen, loop.time())
        longest = dict.fromkeys(seen, 0.0)
        over = asyncio.create_task(asyncio.to_thread(fault))
        since: set[str] = set()
        async for _ in every(_LOOK_SEC, round(_GIVE_UP_SEC / _LOOK_SEC)):
            assert not self.deployment.fleet.fallen(), self.deployment.fleet.tail()
            now, done = loop.time(), await self._done()
            for name, count in done.items():
                longest[name] = max(longest[name], now - last[name])
                if count > seen[name]:
                    last[name] = now
                    since |= {name} if over.done() else set()
            seen = done
            if since == set(seen):
                over.result()
                return longest
        raise AssertionError(f"{longest} {since} {self.answers}\n{self.deployment.fleet.tail()}")

    async def _done(self) -> dict[str, int]:
        """Return how much each service has done so far."""
        runs = self.deployment.ledger.runs()
        await self._look_for_mails()
        return {
            "api": self.answers[202],
            "worker": sum(attempts[-1].end_ms is not None for attempts in runs.values()),
            "scheduler": sum(run_id.startswith("tick@") for run_id in runs),
            "connector": self._mails,
        }

    async def _look_for_mails(self) -> None:
        try:
            async with asyncio.timeout(_LOOK_SEC):
                self._mails = await self.deployment.link.call("XLEN", self.deployment.keys.inbox)
        except (TimeoutError, Unavailable):
            return  # no figures while Redis is away

    async def _call(self) -> None:
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{self.port}", timeout=20) as client:
            async for number in every(PACE_SEC):
                if self._stop.is_set():
                    return
                await self._call_once(client, "keyed" if number % 10 == 0 else "plain")

    async def _call_once(self, client: httpx.AsyncClient, job_id: str) -> None:
        try:
            answer = await client.post(f"/jobs/{job_id}/run", headers={"Content-Type": "application/json"})
        except httpx.TransportError:
            # The API is still starting; afterwards it never goes away.
            self.answers[0] += 1
            return
        self.answers[answer.status_code] += 1
        if answer.status_code == 202:
            self.deployment.acknowledged.append(answer.json()["run_id"])
        elif answer.status_code != 503:
            self.crashes.append(answer.text)
