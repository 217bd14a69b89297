"""Redis without memory: existing work ends, new work is refused."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest

from app.core.errors import RedisFull
from app.core.incidents.models import IncidentRecord
from app.core.incidents.store import IncidentStore
from app.core.models import NewRun, RetryPolicy
from tests.support.embedded_redis import free_port
from tests.support.faults.deployment import JOB, FaultDeployment, Figures, MakeDeployment, span, timed
from tests.support.waiting import wait_until_async

RECOVERY_SEC = 5.0
COUNT, KEYED, OF_A_KIND = 10_000, 200, 50


async def test_a_full_redis_drains_its_queue_and_refuses_more(
    make_deployment: MakeDeployment, figures: Figures
) -> None:
    """Fault 11: 10,000 runs that wait in a Redis above `maxmemory` all end; a POST is 503 with the reason."""
    deployment = await make_deployment(worker_concurrency=100)
    await deployment.create_job({"job_id": JOB, "type": "test.noop"})
    async with api_of(deployment) as api:
        await deployment.submit_work(KEYED, 2)
        await deployment.submit(mixed_runs(deployment))
        await limit_to(deployment, 0.9)
        refused = await api.post(f"/jobs/{JOB}/run", json={})
        assert (refused.status_code, refused.json()["code"]) == (503, "redis_full"), refused.text
        assert "Redis is 11" in refused.json()["detail"], refused.text
        with pytest.raises(RedisFull):
            await deployment.submit([deployment.new_run("test.noop")])
        deployment.fleet.start("scheduler")
        deployment.fleet.start("worker", 2)
        drained, _ = await timed(deployment.at_rest(120))
        assert await is_full(deployment), "the server had room again before the queue was empty"
        await deployment.link.call("CONFIG", "SET", "maxmemory", 0)
        back, _ = await timed(wait_until_async(lambda: accepts(api), 60, "runs are accepted again"))
        await deployment.at_rest(60)
    figures(
        f"{COUNT} drained in {drained:.1f} s, accepted again after {back:.1f} s; {await deployment.check()}"
    )
    assert back <= 2 * RECOVERY_SEC


def mixed_runs(deployment: FaultDeployment) -> list[NewRun]:
    """Return runs that do nothing, that log, that keep a value, and that fail and are tried again."""
    again = RetryPolicy(max_retry=1, backoff_sec=[0]).model_dump_json()
    runs = [deployment.new_run("test.noop") for _ in range(COUNT - KEYED - 3 * OF_A_KIND)]
    for _ in range(OF_A_KIND):
        runs += [
            deployment.new_run("test.log", inputs={"lines": 20}),
            deployment.new_run("test.kv", inputs={"op": "set", "key": "state", "value": 1}),
            deployment.new_run("test.fail", retry=again),
        ]
    return runs


async def test_data_of_another_application_cost_no_history(
    make_deployment: MakeDeployment, figures: Figures, full: bool
) -> None:
    """Another database fills the same Redis: no run of ours is removed, and one incident reports it."""
    foreign_mb, cap_mb = (600, 512) if full else (40, 16)
    deployment = await make_deployment(retention_max_mb=cap_mb)
    await make_history(deployment, 300)
    deployment.fleet.start("scheduler")
    await fill_database_one(deployment, foreign_mb)
    raised, _ = await timed(wait_until_async(lambda: incidents_of(deployment), 90, "an incident is open"))
    await span(120 if full else 0)
    (incident,) = await incidents_of(deployment)
    assert incident.is_open
    assert await deployment.status_count("success") == 300
    figures(
        f"{foreign_mb} MB of others, 0 of 300 runs removed, incident after {raised:.0f} s: {incident.cause}"
    )


async def make_history(deployment: FaultDeployment, count: int) -> None:
    """Let runs end that are two hours old, so that only the rule itself keeps them."""
    await deployment.submit(deployment.new_run("test.noop") for _ in range(count))
    deployment.fleet.start("worker")
    await deployment.at_rest(60)
    two_hours_ago = await deployment.redis_ms() - 7_200_000
    for run_id in deployment.acknowledged:
        await deployment.link.call(
            "HSET", deployment.keys.run(run_id), "created", two_hours_ago, "ended", two_hours_ago
        )


async def fill_database_one(deployment: FaultDeployment, megabytes: int) -> None:
    script = "redis.call('SELECT', 1) redis.call('SET', ARGV[1], ARGV[2])"
    for number in range(megabytes):
        await deployment.link.call("EVAL", script, 0, f"foreign-{number}", "x" * 1_048_576)


async def incidents_of(deployment: FaultDeployment) -> list[IncidentRecord]:
    """Return the incidents of Redis' memory."""
    incidents = IncidentStore(
        deployment.link, deployment.queue.scripts, deployment.keys, deployment.queue.clock
    )
    return [each for each in (await incidents.list(limit=100)).items if each.key == "redis_memory"]


@asynccontextmanager
async def api_of(deployment: FaultDeployment) -> AsyncGenerator[httpx.AsyncClient]:
    """Yield a client of an API process that serves."""
    port = free_port()
    deployment.fleet.start_api(port)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as api:
        await wait_until_async(lambda: serves(api), 60, "the API serves")
        yield api


async def serves(api: httpx.AsyncClient) -> bool:
    try:
        return (await api.get("/healthz")).is_success
    except httpx.TransportError:
        return False


async def accepts(api: httpx.AsyncClient) -> bool:
    return (await api.post(f"/jobs/{JOB}/run", json={})).status_code == 202


async def limit_to(deployment: FaultDeployment, share: float) -> int:
    """Set `maxmemory` to this share of the memory in use; return it in bytes."""
    limit = int(await used(deployment) * share)
    await deployment.link.call("CONFIG", "SET", "maxmemory", limit)
    return limit


async def used(deployment: FaultDeployment) -> int:
    return int((await memory(deployment))["used_memory"])


async def is_full(deployment: FaultDeployment) -> bool:
    fields = await memory(deployment)
    return int(fields["used_memory"]) > int(fields["maxmemory"]) > 0


async def memory(deployment: FaultDeployment) -> dict[str, str]:
    text: str = await deployment.link.call("INFO", "memory")
    return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
