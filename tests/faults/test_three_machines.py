"""Three machines on one Redis with a password: one loses power under load."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.faults.deployment import Figures
from tests.support.faults.machines import GATEWAY, Machine, network
from tests.support.faults.processes import PROJECT_ROOT, base_environment
from tests.support.waiting import wait_until_async

PASSWORD, KEY = "machines-password-0123456789", "machines-operator-key-0123456789"
API_PORT = 8290
LEASE_SEC = 2.0
CONTENT = b'{"report": true}\n' * 500
SERVICES = ("worker", "scheduler", "connector")


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[list[Machine]]:
    with network(3, tmp_path) as found:
        yield found


@pytest.fixture
def environment(machines: list[Machine], tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the environment of all processes; a Redis runs, at the address of the test."""
    server = EmbeddedRedis(
        data_dir=tmp_path / "redis",
        port=free_port(),
        password=PASSWORD,
        extra=("--bind", GATEWAY, "127.0.0.1"),
    )
    server.start()
    yield {
        **base_environment(),
        "REDIS_URL": f"redis://{GATEWAY}:{server.port}/0",
        "REDIS_PASSWORD": PASSWORD,
        "NAMESPACE": "machines",
        "SECRET_KEY": "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V",
        "API_KEYS": f"tests:operator:{KEY}",
        "LEASE_SEC": str(LEASE_SEC),
        "HEARTBEAT_SEC": "0.5",
        "WORKER_CONCURRENCY": "4",
        "HANDLER_MODULES": "tests.support.files.publishing",
        "POLICIES_FILE": str(PROJECT_ROOT / "tests/support/queue/policies.yaml"),
    }
    server.stop()


@pytest.fixture
async def apis(
    machines: list[Machine], environment: dict[str, str]
) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Start an API, a worker, a scheduler and a connector on each machine; return clients of the APIs."""
    for machine in machines:
        hosts = {"ALLOWED_HOSTS": f"{machine.address}:{API_PORT}"}
        place = ("--host", machine.address, "--port", str(API_PORT))
        machine.start("uvicorn", environment | hosts, "app.services.api.main:app", *place)
    for service in SERVICES:
        for machine in machines:
            machine.start(f"app.services.{service}.main", environment)
    headers = {"X-API-Key": KEY, "Content-Type": "application/json"}
    clients = [
        httpx.AsyncClient(base_url=f"http://{each.address}:{API_PORT}", headers=headers, timeout=20)
        for each in machines
    ]
    for client in clients:
        await wait_until_async(lambda c=client: is_ready(c), 90, "the deployment is ready")
    yield clients
    for client in clients:
        await client.aclose()


async def is_ready(client: httpx.AsyncClient) -> bool:
    """Return whether an API answers and sees all three machines."""
    try:
        answer = await client.get("/platform")
    except httpx.TransportError:
        return False
    return answer.status_code == 200 and len(answer.json()["processes"]) == 3 * (1 + len(SERVICES))


async def all_of(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    """Return a whole list, page by page."""
    found: list[dict[str, Any]] = []
    url = f"{path}?limit=200"
    while url:
        answer = await client.get(url)
        answer.raise_for_status()
        found += answer.json()
        url = answer.links.get("next", {}).get("url", "")
    return found


async def test_a_machine_that_loses_power_loses_no_run_and_no_report(
    machines: list[Machine], apis: list[httpx.AsyncClient], full: bool, figures: Figures
) -> None:
    """Its runs are done by the others, and its reports are read from every API that is left."""
    count = 600 if full else 90
    await apis[0].post("/jobs", json={"job_id": "load", "type": "test.publish", "inputs": {"files": {}}})
    inputs = {"files": {"a.json": CONTENT.hex(), "a.md": b"# report\n".hex()}}

    async def submit(client: httpx.AsyncClient, some: int) -> list[str]:
        ids: list[str] = []
        for _ in range(some):
            answer = await client.post("/jobs/load/run", json={"inputs": inputs})
            assert answer.status_code == 202, answer.text
            ids.append(answer.json()["run_id"])
        return ids

    accepted = sum(await asyncio.gather(*(submit(client, count // 6) for client in apis)), list[str]())

    async def is_at_work() -> bool:
        return machines[0].name in {each["host"] for each in await all_of(apis[1], "/reports")}

    await wait_until_async(is_at_work, 60, "the first machine has made a report")
    loading = asyncio.gather(*(submit(client, count // 4) for client in apis[1:]))
    machines[0].kill()
    accepted += sum(await loading, list[str]())
    left = apis[1:]

    async def all_ended() -> bool:
        counts = (await left[0].get("/runs/counts")).json()
        return counts["success"] + counts["failed"] + counts["cancelled"] == len(accepted)

    await wait_until_async(all_ended, 90, "all runs have ended")
    runs = {each["run_id"]: each for each in await all_of(left[0], "/runs")}
    assert set(accepted) == set(runs)
    assert {each["status"] for each in runs.values()} == {"success"}
    reports = await all_of(left[0], "/reports")
    assert {each["run_id"] for each in reports} == set(accepted)
    assert {each["place"] for each in reports} == {"redis"}
    for client in left:
        for report in reports:
            answer = await client.get(f"/reports/{report['id']}", headers={"Accept": "application/json"})
            assert (answer.status_code, answer.content) == (200, CONTENT), report
    of_the_dead = sum(each["host"] == machines[0].name for each in reports)
    assert of_the_dead > 0
    again = sum(each["attempt"] > 1 for each in runs.values())
    figures(
        f"{len(runs)} runs, 0 lost, {again} started again; {len(reports)} reports, {of_the_dead} of the dead "
        f"machine, all from {len(left)} APIs"
    )
