"""A bad network between Redis and all its clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager

import pytest

from app.core.queue import open_queue
from app.core.redis_client import open_link
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.faults.deployment import FaultDeployment, Figures, every, span, timed
from tests.support.faults.probe import unrelated_work
from tests.support.faults.proxy import FaultProxy, Weather
from tests.support.waiting import wait_until_async

# Twice the catalogue's 2 s: this machine may be busy with other things.
BACK_SEC = 4.0
# Also while each tenth answer is lost, and while answers come late.
UNRELATED_SEC = 5.0


@pytest.fixture
def proxy(redis: EmbeddedRedis) -> Iterator[FaultProxy]:
    with FaultProxy(redis.port) as proxy:
        yield proxy


@asynccontextmanager
async def load(
    deployment: FaultDeployment, proxy: FaultProxy, long_sec: float, each_sec: float = 0.1
) -> AsyncGenerator[None]:
    """Let a client and two workers work through the proxy; runs that outlast the fault are under way.

    Runs have also ended: Redis has the scripts, which are a hundred times as long as what calls them.
    """
    url = f"redis://127.0.0.1:{proxy.port}/0"
    deployment.fleet.start("worker", 2, REDIS_URL=url)
    link = await open_link(deployment.settings.model_copy(update={"redis_url": url}))
    deployment.queue = open_queue(link, deployment.clock, deployment.settings)
    await deployment.submit_work(4, duration_ms=round(long_sec * 1300), keyed=False)
    await wait_until_async(lambda: len(deployment.attempts()) >= 4, 60, "the long runs have started")
    stop = asyncio.Event()
    client = asyncio.create_task(_keep_submitting(deployment, stop, each_sec / 2))
    try:
        async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC, each_sec=each_sec) as probe:
            await wait_until_async(lambda: _has_ended(deployment), 60, "a run has ended")
            yield
            await wait_until_async(lambda: len(probe.acknowledged_ms) >= 5, 60, "the probe is back")
    finally:
        stop.set()
        await client
        await link.close()


async def _has_ended(deployment: FaultDeployment) -> bool:
    return await deployment.status_count("success") > 0


async def _keep_submitting(deployment: FaultDeployment, stop: asyncio.Event, each_sec: float) -> None:
    async for _ in every(each_sec):
        if stop.is_set():
            return
        await deployment.submit_work(1, duration_ms=60)


async def _back(deployment: FaultDeployment) -> float:
    """Return the seconds until an enqueue has been acknowledged and a run has finished."""
    acknowledged, finished = len(deployment.acknowledged), await deployment.status_count("success")

    async def works() -> bool:
        enqueued = len(deployment.acknowledged) > acknowledged
        return enqueued and await deployment.status_count("success") > finished

    took, _ = await timed(wait_until_async(works, 60, "the client and a worker are back"))
    return took


@pytest.mark.alone
async def test_reset_connections_lose_and_double_nothing(
    deployment: FaultDeployment, proxy: FaultProxy, figures: Figures, full: bool
) -> None:
    """Fault 12: every connection is reset for longer than a lease, and no healthy run is taken away."""
    seconds, times = (5.0, 10) if full else (3.0, 2)
    back: list[float] = []
    async with load(deployment, proxy, long_sec=(seconds + 1) * times):
        for _ in range(times):
            with deployment.outage():
                proxy.set(Weather(refuse=True))
                await span(seconds)
                proxy.heal()
            back.append(await _back(deployment))
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=0)
    figures(f"back after {', '.join(f'{took:.2f}' for took in back)} s; {summary}")
    assert max(back) <= BACK_SEC


@pytest.mark.alone
async def test_black_hole_loses_and_doubles_nothing(
    deployment: FaultDeployment, proxy: FaultProxy, figures: Figures, full: bool
) -> None:
    """Fault 12: no byte moves for longer than any time-out of the client, then all of it comes at once."""
    seconds = 20.0 if full else 6.0
    async with load(deployment, proxy, long_sec=seconds + 2):
        with deployment.outage():
            proxy.black_hole()
            await span(seconds)
            proxy.heal()
        back = await _back(deployment)
    await deployment.at_rest(60)
    figures(f"back after {back:.2f} s; {await deployment.check(repeats_at_most=0)}")
    assert back <= BACK_SEC


async def test_dropped_replies_double_nothing(
    deployment: FaultDeployment, proxy: FaultProxy, figures: Figures, full: bool
) -> None:
    """Fault 12: each tenth answer is swallowed after Redis has acted on it, so everything is sent again."""
    async with load(deployment, proxy, long_sec=4.0):
        proxy.set(Weather(drop_each=10))
        await span(30.0 if full else 5.0)
        await wait_until_async(lambda: proxy.dropped > 10, 60, "more than ten answers are dropped")
        proxy.heal()
        await _back(deployment)
    await deployment.at_rest(60)
    figures(f"{proxy.dropped} answers dropped, {await deployment.check(repeats_at_most=0)}")


@pytest.mark.alone
@pytest.mark.parametrize(
    ("weather", "each_sec"),
    [
        pytest.param(Weather(delay_sec=0.05, jitter_sec=0.03), 0.1, id="delayed"),
        # Each byte costs the proxy a turn of its loop: with more runs its queue grows on a busy machine.
        pytest.param(Weather(chunk_bytes=1), 1.0, id="in_single_bytes"),
    ],
)
async def test_slow_network_costs_time_alone(
    deployment: FaultDeployment,
    proxy: FaultProxy,
    figures: Figures,
    *,
    full: bool,
    weather: Weather,
    each_sec: float,
) -> None:
    """Fault 12: answers come late, or a byte at a time, and nothing else changes."""
    async with load(deployment, proxy, long_sec=3.0, each_sec=each_sec):
        proxy.set(weather)
        await span(20.0 if full else 4.0)
    await deployment.at_rest(60)
    figures(await deployment.check(repeats_at_most=0))
    complaints = deployment.fleet.complaints("warning", "error")
    assert not complaints, complaints
