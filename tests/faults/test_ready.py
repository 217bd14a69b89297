"""Readiness while real processes are stopped: never green while nothing starts."""

from __future__ import annotations

from typing import Any

import httpx

from app.core.models import NewRun
from tests.support.faults.deployment import NO_RETRY, FaultDeployment, Figures, MakeDeployment
from tests.support.http.servers import free_port
from tests.support.waiting import wait_until_async


class Api:
    """The API of a deployment, as a probe sees it."""

    def __init__(self, deployment: FaultDeployment) -> None:
        port = free_port()
        deployment.fleet.start_api(port)
        self._url = f"http://127.0.0.1:{port}/readyz"
        self.seen: list[str] = []

    async def readiness(self) -> dict[str, Any]:
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
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
            self.seen.append(f"{service} {check['status']}")
        return is_red


async def test_readiness_is_red_while_nothing_starts(
    make_deployment: MakeDeployment, figures: Figures
) -> None:
    """A worker that is stopped, slots that stay full, a scheduler that is gone: red, then green again."""
    deployment = await make_deployment(ready_wait_sec=1.0, worker_concurrency=1)
    (worker,) = deployment.fleet.start("worker", 1)
    (scheduler,) = deployment.fleet.start("scheduler", 1)
    deployment.fleet.start("connector", 1)
    api = Api(deployment)
    await wait_until_async(api.is_ready, 60, "all services are there")

    deployment.fleet.stop(worker)
    await deployment.submit([_work(deployment)])
    # Its claim may wait in Redis: then it holds the run, and is red once the lease has lapsed.
    red = ("late", "stalled", "missing")
    await wait_until_async(lambda: api.is_red("worker", *red), 60, "the stopped worker is seen")
    deployment.fleet.resume(worker)
    await deployment.at_rest(60)
    await wait_until_async(api.is_ready, 60, "green again")

    await deployment.submit([_work(deployment, gated=True), _work(deployment)])
    await wait_until_async(lambda: api.is_red("worker", "busy"), 60, "full slots are seen")
    deployment.open_gate()
    await deployment.at_rest(60)
    await wait_until_async(api.is_ready, 60, "green again")

    deployment.fleet.kill(scheduler)
    await deployment.create_job({"job_id": "due", "schedule": {"interval_sec": 1}, "overlap": "skip"})
    await wait_until_async(lambda: api.is_red("scheduler", "missing"), 60, "the overdue job is seen")
    deployment.fleet.start("scheduler", 1)
    await wait_until_async(api.is_ready, 60, "green again")
    figures(", ".join(api.seen))


def _work(deployment: FaultDeployment, *, gated: bool = False) -> NewRun:
    return deployment.new_run(inputs={"gated": gated}, retry=NO_RETRY)
