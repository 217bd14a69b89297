"""The cost of requests in Python calls and round trips, which other load does not change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.core.execution.attempt import encode_check
from app.core.models import JobSpec
from app.core.monitors.models import MonitorReport
from tests.support.api.api_fakes import JSON
from tests.support.api.asgi_calls import AsgiCaller
from tests.support.python_calls import calls_of

if TYPE_CHECKING:
    import httpx

    from app.core.specs.store import JobStore
    from app.services.api.services import Services
    from tests.support.queue.queue_driver import QueueDriver

TIMES, MONITORS, RUNS = 20, 20, 50
MOST_CALLS_OF_A_ROW = 15
"""14 when it was written."""
UP = MonitorReport("up", "https://shop.example", "monitor:shop.example", latency_ms=40)
MOST_CALLS_OF_A_MONITOR = 80
"""69 when it was written."""
MOST_CALLS_OF_A_RUN = 175
"""161 when it was written; 237 with FastAPI's own layers and telemetry."""


async def test_a_run_by_hand_costs_few_calls(client: httpx.AsyncClient, platform: Services) -> None:
    """One round trip, and no layer around its route but the gate."""
    spec = {"job_id": "load", "type": "test.load", "inputs": {"duration_ms": 5}}
    (await client.post("/jobs", json=spec)).raise_for_status()
    caller = AsgiCaller(client)
    body = b'{"inputs":{"duration_ms":50},"delay_sec":0}'

    async def run() -> None:
        assert await caller.call("POST", "/jobs/load/run", body, JSON) == 202

    assert await calls_of(run, TIMES) <= MOST_CALLS_OF_A_RUN
    before = platform.link.round_trips
    await run()
    assert platform.link.round_trips - before == 1


async def test_a_monitor_costs_a_list_few_calls(
    client: httpx.AsyncClient, platform: Services, jobs: JobStore, driver: QueueDriver
) -> None:
    """Two round trips for all, and only the parts that are new are read and added up."""
    for number in range(MONITORS):
        spec = JobSpec(job_id=f"shop-{number}", type="monitor.http", inputs={"url": "https://shop.example"})
        await jobs.create(spec, actor="t", origin="t")
        run = await driver.start(spec.job_id, type=spec.type)
        await driver.finish(run, check=encode_check(UP))
    caller = AsgiCaller(client)

    async def read() -> None:
        assert await caller.call("GET", "/monitors") == 200

    assert await calls_of(read, TIMES) <= 200 + MONITORS * MOST_CALLS_OF_A_MONITOR
    before = platform.link.round_trips
    await read()
    assert platform.link.round_trips - before == 2


@pytest.mark.parametrize("query", ["", "limit=3", "limit=3&cursor=5", "cursor=5"])
async def test_a_plain_list_of_runs_is_that_of_the_other_route(
    query: str, client: httpx.AsyncClient, driver: QueueDriver
) -> None:
    """Rows, their number, and the link to the next page."""
    for _ in range(8):
        await driver.enqueue("load")
    plain = await client.get(f"/runs?{query}")
    # A parameter that no route knows is ignored, and leads to the route that checks them all.
    other = await client.get(f"/runs?other=1&{query}")
    assert plain.status_code == other.status_code == 200
    assert plain.json() == other.json() != []
    assert plain.headers["x-total-count"] == other.headers["x-total-count"] == "8"
    links = [answer.headers.get("link", "").replace("other=1&", "") for answer in (plain, other)]
    assert links[0] == links[1]
    assert [*plain.headers.keys()] == [*other.headers.keys()]


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x"])
async def test_a_query_that_is_not_valid_is_refused_by_the_other_route(
    query: str, client: httpx.AsyncClient
) -> None:
    """With the pointer to the parameter, as for any list."""
    answer = await client.get(f"/runs?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/limit"


async def test_a_page_of_runs_costs_few_calls(client: httpx.AsyncClient, driver: QueueDriver) -> None:
    """Two round trips; a row is read and shown without models."""
    await driver.enqueue_some(RUNS)
    caller = AsgiCaller(client)

    async def read() -> None:
        assert await caller.call("GET", "/runs") == 200

    assert await calls_of(read, TIMES) <= 250 + RUNS * MOST_CALLS_OF_A_ROW
