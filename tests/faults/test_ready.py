"""Readiness while real processes are stopped: never green while nothing starts."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.core.models import NewRun
from tests.support.fault_world import NO_RETRY, Figures, MakeWorld, World
from tests.support.servers import free_port
from tests.support.waiting import wait_until_async


class Api:
    """The API of a world, as a probe sees it."""

    def __init__(self, world: World) -> None:
        port = free_port()
        world.fleet.start_api(port)
        self._url = f"http://127.0.0.1:{port}/readyz"
        self.seen: list[str] = []

    async def readiness(self) -> dict[str, Any]:
        async with httpx.AsyncClient(trust_env=False) as client:
            try:
                answer = await client.get(self._url)
            except httpx.TransportError:
                return {"status": "down", "checks": {}}
        body: dict[str, Any] = answer.json()
        assert (answer.status_code == httpx.codes.SERVICE_UNAVAILABLE) == (body["status"] == "unready")
        return body

    async def is_ready(self) -> bool:
        return (await self.readiness())["status"] == "ready"

    async def is_red(self, service: str, *words: str) -> bool:
        """Return whether a service makes it red with one of these words and a reason."""
        body = await self.readiness()
        check = body["checks"].get(service, {})
        is_red = body["status"] == "unready" and check["status"] in words
        if is_red:
            assert " / " in check["reason"], check
            self.seen.append(f"{service} {check['status']}")
        return is_red


@pytest.mark.timeout(120)
async def test_readiness_is_red_while_nothing_starts(make_world: MakeWorld, figures: Figures) -> None:
    """A worker that is stopped, slots that stay full, a scheduler that is gone: red, then green again."""
    world = await make_world(ready_wait_sec=1.0, worker_concurrency=1)
    (worker,) = world.fleet.start("worker", 1)
    (scheduler,) = world.fleet.start("scheduler", 1)
    world.fleet.start("connector", 1)
    api = Api(world)
    await wait_until_async(api.is_ready, 20, "all services are there")

    world.fleet.stop(worker)
    await world.submit([_work(world, 0)])
    await wait_until_async(lambda: api.is_red("worker", "late", "stalled"), 20, "the stopped worker is seen")
    world.fleet.resume(worker)
    await world.at_rest(20)
    await wait_until_async(api.is_ready, 20, "green again")

    await world.submit([_work(world, 6_000), _work(world, 0)])
    await wait_until_async(lambda: api.is_red("worker", "busy"), 20, "full slots are seen")
    await world.at_rest(20)
    await wait_until_async(api.is_ready, 20, "green again")

    world.fleet.kill(scheduler)
    await world.create_job({"job_id": "due", "schedule": {"interval_sec": 1}, "overlap": "skip"})
    await wait_until_async(lambda: api.is_red("scheduler", "missing"), 40, "the overdue job is seen")
    world.fleet.start("scheduler", 1)
    await wait_until_async(api.is_ready, 20, "green again")
    figures(", ".join(api.seen))


def _work(world: World, duration_ms: int) -> NewRun:
    return world.new_run(inputs={"duration_ms": duration_ms}, retry=NO_RETRY)
