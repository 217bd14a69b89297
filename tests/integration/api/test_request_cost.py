"""The cost of requests in Python calls and round trips, which other load does not change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.api.api_fakes import JSON
from tests.support.api.asgi_calls import AsgiCaller
from tests.support.python_calls import calls_of

if TYPE_CHECKING:
    import httpx

    from app.services.api.services import Services

TIMES = 20
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
