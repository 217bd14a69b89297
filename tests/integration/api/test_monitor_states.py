"""The state of a monitor beside its jobs and runs, over HTTP."""

from __future__ import annotations

from collections.abc import Iterable

import httpx
import orjson
import pytest

from app.core.execution.attempt import encode_check
from app.core.i18n import _
from app.core.i18n.stored import with_message
from app.core.models import JobSpec
from app.core.monitors.models import MonitorReport
from app.core.redis_client import RedisLink
from app.core.specs.store import JobStore
from tests.support.queue.queue_driver import QueueDriver

DOWN = MonitorReport(
    "down", "https://shop.example", "monitor:shop.example", "status", "503 Service Unavailable"
)
MOST_ROUND_TRIPS = 5


async def watch(jobs: JobStore, driver: QueueDriver, names: Iterable[str]) -> None:
    """Create monitors that have found their site down."""
    for name in names:
        inputs = {"url": "https://shop.example"}
        await jobs.create(JobSpec(job_id=name, type="monitor.http", inputs=inputs), actor="t", origin="t")
        run = await driver.start(name, type="monitor.http")
        assert await driver.finish(run, check=encode_check(DOWN)) == "OK"


async def test_a_monitor_that_is_down_is_shown_with_its_job_and_runs(
    client: httpx.AsyncClient, jobs: JobStore, driver: QueueDriver
) -> None:
    """Its run has succeeded, its site is down; the success rate is the uptime."""
    await watch(jobs, driver, ["shop"])
    await jobs.create(JobSpec(job_id="plain", type="simulation.load"), actor="t", origin="t")
    await driver.finish(await driver.start("plain"))
    listed = {job["job_id"]: job for job in (await client.get("/jobs")).json()}
    one = (await client.get("/jobs/shop")).json()
    for job in (listed["shop"], one):
        assert (job["monitor"]["state"], job["last_run"]["status"]) == ("down", "success")
        assert job["monitor"]["last_error"] == "503 Service Unavailable"
        assert job["monitor"]["incident_id"].startswith("inc")
        assert job["stats"]["success_rate"] in (None, 0.0)
    assert listed["plain"]["monitor"] is None
    runs = {run["job_id"]: run for run in (await client.get("/runs")).json()}
    assert (runs["shop"]["monitor"]["state"], runs["plain"]["monitor"]) == ("down", None)
    path = f"/runs/{runs['shop']['run_id']}"
    assert (await client.get(path)).json()["monitor"]["state"] == "down"
    [own] = (await client.get("/jobs/shop/runs")).json()
    assert own["monitor"]["state"] == "down"
    assert (await client.get("/jobs/shop/why")).json()["monitor"]["state"] == "down"
    assert (await client.get("/jobs/plain/why")).json()["monitor"] is None


async def test_a_run_has_what_its_check_found(client: httpx.AsyncClient, driver: QueueDriver) -> None:
    """In lists, too, and in the reader's language; a run of another job, or without a finding, has none."""
    slow = _("{took_ms} ms, more than {slowest_ms} ms", took_ms=900, slowest_ms=500)
    output = {"state": "degraded", "reason": "slow", **with_message("detail", slow)}
    for job_id, job_type, result in (
        ("slow", "monitor.http", output),
        ("plain", "simulation.load", output),
        ("odd", "monitor.own", {"state": "fine"}),
    ):
        run = await driver.start(job_id, type=job_type)
        assert await driver.finish(run, output=orjson.dumps(result).decode()) == "OK"
    indonesian = {"Accept-Language": "id"}
    runs = {run["job_id"]: run for run in (await client.get("/runs", headers=indonesian)).json()}
    assert runs["slow"]["status"] == "success"
    words = "900 ms, lebih dari 500 ms"
    assert runs["slow"]["found"] == {"state": "degraded", "reason": "slow", "detail": words}
    assert [runs[job_id]["found"] for job_id in ("plain", "odd")] == [None, None]
    one = (await client.get(f"/runs/{runs['slow']['run_id']}")).json()
    assert one["found"] == {"state": "degraded", "reason": "slow", "detail": str(slow)}


@pytest.mark.parametrize("path", ["/jobs", "/runs"])
async def test_states_cost_a_list_one_round_trip(
    path: str, client: httpx.AsyncClient, jobs: JobStore, driver: QueueDriver, link: RedisLink
) -> None:
    """Whatever the number of monitors; a list without one costs none."""
    for number in range(8):
        await jobs.create(JobSpec(job_id=f"job-{number}", type="simulation.load"), actor="t", origin="t")
        await driver.finish(await driver.start(f"job-{number}"))
    before = link.round_trips
    await client.get(path)
    plain = link.round_trips - before
    await watch(jobs, driver, [f"shop-{number}" for number in range(8)])
    before = link.round_trips
    assert len((await client.get(path)).json()) == 16
    assert link.round_trips - before <= plain + 1


async def test_a_list_of_monitors_takes_few_round_trips(
    client: httpx.AsyncClient, jobs: JobStore, driver: QueueDriver, link: RedisLink
) -> None:
    """The key's check included."""
    await watch(jobs, driver, [f"shop-{number}" for number in range(20)])
    await client.get("/monitors")
    before = link.round_trips
    assert len((await client.get("/monitors")).json()) == 20
    assert link.round_trips - before <= MOST_ROUND_TRIPS
