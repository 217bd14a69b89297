"""Random failures of calls to Redis, in every service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from app.core.messaging.outbox import OutboxState
from app.core.queue import open_queue
from app.core.redis_client import open_link
from app.core.storage.discovery import ANSWER_TIMEOUT_SEC
from tests.support.channels.fake_telegram import FakeTelegram
from tests.support.channels.webhook_calls import telegram_text
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.faults.deployment import JOB, FaultDeployment, Figures, MakeDeployment, every
from tests.support.faults.probe import unrelated_work
from tests.support.faults.proxy import FaultProxy, Weather
from tests.support.faults.slots import check_slots, interval, schedule_over
from tests.support.faults.telegram import all_treated, answer_state, deployment_with_bot, runs_made
from tests.support.waiting import wait_until_async

FAIL_SHARE = 0.01
# A worker that gets no answer to a claim waits for it this long; then it asks again, and starts the run.
UNRELATED_SEC = ANSWER_TIMEOUT_SEC + 3
SECOND_MS = 1000
# Beyond it a client of the API would not wait; it sends the same request again.
REQUEST_SEC = 8.0
DAILY_SEEDS, SEEDS = 2, 20


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
async def deployment(make_deployment: MakeDeployment, telegram: FakeTelegram) -> FaultDeployment:
    return await deployment_with_bot(make_deployment, telegram)


@dataclass(slots=True)
class Client:
    """Sends each request to the API until it is accepted."""

    url: str
    accepted: dict[int, str] = field(default_factory=dict[int, str])
    """The run of each idempotency key."""
    refused: int = 0

    async def run(self, deployment: FaultDeployment, stop: asyncio.Event) -> None:
        async with httpx.AsyncClient(headers={"Host": "127.0.0.1"}, timeout=REQUEST_SEC) as http:
            async for number in every(0.1):
                if stop.is_set():
                    return
                self.accepted[number] = await self._until_accepted(http, number)
                deployment.acknowledged.append(self.accepted[number])

    async def _until_accepted(self, http: httpx.AsyncClient, number: int) -> str:
        body, key = {"inputs": {"duration_ms": number % 50}}, {"Idempotency-Key": f"key-{number}"}
        while True:
            try:
                answer = await http.post(f"{self.url}/jobs/{JOB}/run", json=body, headers=key)
            except httpx.TransportError:
                self.refused += 1
                continue
            if answer.status_code == 202:
                return answer.json()["run_id"]
            # Out of reach: a 503 with this code, never a 500.
            assert answer.status_code == 503, answer.text
            self.refused += 1


@pytest.mark.parametrize(
    "seed", [pytest.param(n, marks=[pytest.mark.full] if n >= DAILY_SEEDS else []) for n in range(SEEDS)]
)
async def test_failing_calls_lose_and_double_nothing(
    deployment: FaultDeployment,
    redis: EmbeddedRedis,
    telegram: FakeTelegram,
    figures: Figures,
    *,
    full: bool,
    seed: int,
) -> None:
    """Fault 27: one call in a hundred fails, in each of four ways, under all four services and a client."""
    failures, updates = (100, 60) if full else (8, 10)
    await deployment.create_job({"job_id": JOB, "priority": "high"})
    slots = await _schedule(deployment, 20 if full else 4)
    with FaultProxy(redis.port, seed) as proxy:
        client = await _start_everything(deployment, proxy)
        proxy.set(Weather(fail_share=FAIL_SHARE))
        telegram.write(*(telegram_text(number, "/run kerja") for number in range(1, updates + 1)))
        stop = asyncio.Event()
        tasks = [
            asyncio.create_task(each)
            for each in (client.run(deployment, stop), _submit(deployment, proxy, stop))
        ]
        async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
            await wait_until_async(lambda: proxy.failed.total() >= failures, 120, "enough calls have failed")
            await wait_until_async(lambda: all_treated(deployment, telegram), 60, "every update is treated")
            stop.set()
            await asyncio.gather(*tasks)
            await schedule_over(deployment, 60)
        await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=0)
    await check_slots(deployment, {"tick": slots}, SECOND_MS)
    assert await runs_made(deployment) == updates
    states = [await answer_state(deployment, number) for number in range(1, updates + 1)]
    assert OutboxState.FAILED not in states
    assert len(set(client.accepted.values())) == len(client.accepted)
    shown = ", ".join(f"{count} {failure}" for failure, count in sorted(proxy.failed.items()))
    figures(f"{proxy.calls} calls, {shown}; {client.refused} requests refused; {summary}")


async def _schedule(deployment: FaultDeployment, seconds: int) -> list[int]:
    start_ms = (await deployment.redis_ms() // SECOND_MS + 3) * SECOND_MS
    end_ms = start_ms + seconds * SECOND_MS
    rules = {"overlap": "allow", "misfire": "run_all", "priority": "low"}
    spec = {"job_id": "tick", **rules, "schedule": interval(1, start_ms, end_ms)}
    await deployment.create_job(spec, now_ms=start_ms - 1)
    return list(range(start_ms, end_ms, SECOND_MS))


async def _start_everything(deployment: FaultDeployment, proxy: FaultProxy) -> Client:
    """Start all four services behind the proxy and wait until they are up."""
    url, port = f"redis://127.0.0.1:{proxy.port}/0", free_port()
    for name, count in (("worker", 2), ("scheduler", 2), ("connector", 1)):
        deployment.fleet.start(name, count, wait=False, REDIS_URL=url)
    deployment.fleet.start_api(port, REDIS_URL=url)
    await wait_until_async(
        lambda: all(service.has_logged("started") for service in deployment.fleet.services), 60, "all are up"
    )
    return Client(f"http://127.0.0.1:{port}")


async def _submit(deployment: FaultDeployment, proxy: FaultProxy, stop: asyncio.Event) -> None:
    """Submit work of a client that reaches Redis through the same proxy."""
    url = f"redis://127.0.0.1:{proxy.port}/0"
    direct = deployment.queue
    link = await open_link(deployment.settings.model_copy(update={"redis_url": url}))
    deployment.queue = open_queue(link, deployment.clock, deployment.settings)
    try:
        async for _ in every(0.1):
            if stop.is_set():
                return
            await deployment.submit_work(1, duration_ms=60)
    finally:
        deployment.queue = direct
        await link.close()
