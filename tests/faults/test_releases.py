"""Processes of an earlier release and of this one on the same data: upgrade, way back, refusal."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core.storage.migrations import ensure_schema, own_schema, read_schema
from app.core.storage.scripts import Scripts
from tests.support.embedded_redis import free_port
from tests.support.faults.deployment import JOB, FaultDeployment, Figures, MakeDeployment
from tests.support.faults.processes import Service
from tests.support.faults.releases import FIRST_BUILD, RELEASES, WITHOUT_SCHEMA, checked_out
from tests.support.waiting import wait_until_async

TICK: dict[str, Any] = {"job_id": "tick", "schedule": {"interval_sec": 1}, "overlap": "allow"}
SERVICES = ("scheduler", "worker")


def start_all(deployment: FaultDeployment, **environment: str) -> list[Service]:
    """Start the services of one machine, and do not wait for them."""
    return [deployment.fleet.start(name, 1, wait=False, **environment)[0] for name in SERVICES]


async def started(services: list[Service]) -> None:
    """Wait until each has found Redis."""
    for service in services:
        await wait_until_async(_has_started(service), 60, f"{service.name} has started")


def _has_started(service: Service) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        assert service.code is None, service.log_file.read_text("utf-8")[-2000:]
        return service.has_logged("started")

    return look


async def schema_of(deployment: FaultDeployment) -> int:
    return (await read_schema(deployment.link, Scripts(deployment.link, deployment.keys))).version


async def run_over(port: int, count: int, deployment: FaultDeployment) -> None:
    """Ask an API for runs; each counts as promised once it has answered."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        for _ in range(count):
            answer = await client.post(f"/jobs/{JOB}/run", json={"inputs": {"duration_ms": 20}})
            assert answer.status_code == 202, answer.text
            deployment.acknowledged.append(answer.json()["run_id"])


async def serves(port: int) -> bool:
    async with httpx.AsyncClient(verify=False) as client:
        try:
            return (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
        except httpx.TransportError:
            return False


@pytest.mark.parametrize("before_it", [[*RELEASES][-1], "without a schema"])
async def test_a_release_and_the_one_before_it_work_side_by_side(
    make_deployment: MakeDeployment, tmp_path: Path, figures: Figures, before_it: str, full: bool
) -> None:
    """Rolled over under load and back again: nothing is lost, and nothing is done twice."""
    commit = RELEASES.get(before_it, WITHOUT_SCHEMA)
    old = {"PYTHONPATH": str(checked_out(commit, tmp_path))}
    share = 400 if full else 60
    deployment = await make_deployment(drain_sec=10.0)
    before = start_all(deployment, **old)
    old_port, new_port = free_port(), free_port()
    apis = [deployment.fleet.start_api(old_port, **old)]
    await deployment.create_job({"job_id": JOB})
    await deployment.submit_work(share, duration_ms=40)
    await started(before)
    await deployment.create_job(TICK)
    assert (await schema_of(deployment) == 0) == (commit == WITHOUT_SCHEMA)
    # Those of this release join: they migrate the data under the others.
    now = start_all(deployment)
    apis.append(deployment.fleet.start_api(new_port))
    await deployment.submit_work(share, duration_ms=40)
    await started([*now, *apis])
    assert await schema_of(deployment) == own_schema()
    for port in (old_port, new_port):
        await wait_until_async(lambda p=port: serves(p), 60, "the API serves")
    await asyncio.gather(
        run_over(old_port, share // 4, deployment),
        run_over(new_port, share // 4, deployment),
        deployment.submit_work(share, duration_ms=40),
    )
    # The upgrade of the other machine, under load.
    await deployment.submit_work(share, duration_ms=40)
    for service in [*before, apis[0]]:
        deployment.fleet.terminate(service)
    await run_over(new_port, share // 4, deployment)
    # And the way back: this schema is readable for the release before.
    back = start_all(deployment, **old)
    await started(back)
    for service in now:
        deployment.fleet.terminate(service)
    await deployment.submit_work(share, duration_ms=40)
    await wait_until_async(deployment.load_at_rest, 60, "the load has ended")
    slots = await _stopped_slots(deployment)
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=0)
    gaps = [late - early for early, late in itertools.pairwise(slots)]
    ledger = await deployment.link.call("LRANGE", deployment.keys.ledger(TICK["job_id"]), 0, -1)
    assert set(gaps) == {1000}, (slots, ledger)
    figures(f"{len(slots)} slots, each once; {summary}")


async def _stopped_slots(deployment: FaultDeployment) -> list[int]:
    """Switch the schedule off, and return the slots that became runs."""
    record = await deployment.jobs_at().get(TICK["job_id"])
    await deployment.jobs_at().set_enabled(record.spec.job_id, enabled=False, actor="test")
    return await deployment.slots_of(record.spec.job_id)


async def test_a_release_does_not_start_on_data_that_it_cannot_read(deployment: FaultDeployment) -> None:
    """Each service leaves with the code for settings, names both releases, and changes nothing."""
    scripts = Scripts(deployment.link, deployment.keys)
    await ensure_schema(deployment.link, scripts)
    newer = {"version": 99, "readable_from": 99, "made_by": "9.9.9"}
    await scripts.run("deployment/set_schema", seen=str(own_schema()), **newer)
    refused = [deployment.fleet.start(name, wait=False)[0] for name in ("scheduler", "worker")]
    refused.append(deployment.fleet.start_api(free_port()))
    codes = [await asyncio.to_thread(service.wait, 60) for service in refused]
    assert codes[:2] == [2, 2]
    assert codes[2] != 0
    for service in refused:
        assert "9.9.9 or later here" in service.log_file.read_text("utf-8"), service.name
    assert await deployment.link.call("ZCARD", deployment.keys.instances) == 0


async def test_data_of_the_first_build_is_served(
    make_deployment: MakeDeployment, tmp_path: Path, figures: Figures
) -> None:
    """Its jobs, runs and waiting work go on under this release."""
    folder = checked_out(FIRST_BUILD, tmp_path)
    first = {
        "PYTHONPATH": str(folder),
        "HANDLER_MODULES": "tests.support.handlers,tests.support.fault_handlers",
        "POLICIES_FILE": str(folder / "tests/support/policies.yaml"),
    }
    deployment = await make_deployment()
    old_port, new_port = free_port(), free_port()
    old = [*start_all(deployment, **first), deployment.fleet.start_api(old_port, **first)]
    await started(old)
    await wait_until_async(lambda: serves(old_port), 60, "the API serves")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{old_port}") as client:
        for spec in ({"job_id": JOB}, TICK):
            made = await client.post("/jobs", json={"type": "fault.work", **spec})
            assert made.status_code == 201, made.text
    await run_over(old_port, 20, deployment)
    now = [*start_all(deployment), deployment.fleet.start_api(new_port)]
    await started(now)
    await wait_until_async(lambda: serves(new_port), 60, "the API serves")
    await asyncio.gather(run_over(old_port, 20, deployment), run_over(new_port, 20, deployment))
    for service in old:
        deployment.fleet.terminate(service)
    await run_over(new_port, 20, deployment)
    slots = await _stopped_slots(deployment)
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=0)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{new_port}") as client:
        answers = [await client.get(f"/runs/{run_id}") for run_id in deployment.acknowledged]
    assert {answer.json()["status"] for answer in answers} == {"success"}
    figures(f"{len(slots)} slots; {summary}")
