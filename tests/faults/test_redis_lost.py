"""A Redis that dies, stands still, or forgets its scripts."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.fault_probe import unrelated_work
from tests.support.fault_world import Figures, World, every, span, timed
from tests.support.waiting import wait_until_async

# Twice the catalogue's 3 s: this machine may be busy with other things.
BACK_SEC = 6.0
UNRELATED_SEC = 5.0


@pytest.mark.timeout(180)
async def test_sigkill_of_redis_loses_nothing_acknowledged(
    world: World, figures: Figures, full: bool
) -> None:
    """Fault 9: Redis is killed five times under load; all it had acknowledged comes back from its AOF."""
    world.fleet.start("worker", 2)
    stop = asyncio.Event()
    client = asyncio.create_task(_keep_submitting(world, stop))
    back: list[tuple[float, float]] = []
    async with unrelated_work(world, starts_within_sec=UNRELATED_SEC):
        for _ in range(5):
            await span(5.0 if full else 1.5)
            with world.outage():
                world.redis.kill()
                await span(0.4)
                world.redis.start()
            back.append(await _working_again(world))
    stop.set()
    await client
    await world.at_rest(40)
    # A kill of Redis is none of a worker: the leases outlive it.
    summary = await world.check(repeats_at_most=0)
    shown = ", ".join(f"{enqueue:.2f}/{finish:.2f}" for enqueue, finish in back)
    figures(f"back after (first enqueue/first finish) {shown} s; {summary}")
    assert max(max(pair) for pair in back) <= BACK_SEC


@pytest.mark.timeout(120)
async def test_sigstop_of_redis_starts_no_healthy_run_again(world: World, figures: Figures) -> None:
    """Fault 10: Redis stands still for two leases; no healthy run is started again, not by a new worker."""
    # Slots for the long runs, and for the rest of the load.
    world.fleet.start("worker", 2, WORKER_CONCURRENCY="8")
    await world.submit_work(8, duration_ms=9000, keyed=False)
    await wait_until_async(lambda: len(world.attempts()) == 8, 20, "all runs have started")
    await world.submit_work(30, duration_ms=1000)
    async with unrelated_work(world, starts_within_sec=UNRELATED_SEC):
        with world.outage():
            world.redis.pause()
            await span(2 * world.lease_sec)
            world.redis.resume()
        world.fleet.start("worker", wait=False)
        await wait_until_async(world.load_at_rest, 40, "the load has ended")
    await world.at_rest(10)
    figures(await world.check(repeats_at_most=0))


@pytest.mark.timeout(120)
async def test_script_flush_is_never_seen(world: World, figures: Figures, full: bool) -> None:
    """Fault 13: scripts are flushed every 20 ms, and neither a client nor a service says a word of it."""
    world.fleet.start("worker", 2)
    world.fleet.start("scheduler")
    seconds = 30 if full else 4
    stop = asyncio.Event()
    client = asyncio.create_task(_keep_submitting(world, stop))
    await world.submit_work(50, duration_ms=10, delay_ms=1000)
    async with unrelated_work(world, starts_within_sec=UNRELATED_SEC):
        async for _ in every(0.02, seconds * 50):
            await world.link.call("SCRIPT", "FLUSH")
    stop.set()
    await client
    await world.at_rest(40)
    summary = await world.check(repeats_at_most=0)
    complaints = world.fleet.complaints("warning", "error", "critical")
    assert not complaints, complaints
    figures(f"{seconds * 50} flushes, {summary}")


async def _keep_submitting(world: World, stop: asyncio.Event) -> None:
    async for _ in every(0.02):
        if stop.is_set():
            return
        await world.submit_work(2, duration_ms=60)


async def _working_again(world: World) -> tuple[float, float]:
    """Return the seconds until the client's next acknowledged enqueue and the next finish of a run."""
    acknowledged, finished = len(world.acknowledged), await world.status_count("success")

    async def has_finished() -> bool:
        return await world.status_count("success") > finished

    (enqueue, _), (finish, _) = await asyncio.gather(
        timed(wait_until_async(lambda: len(world.acknowledged) > acknowledged, 30)),
        timed(wait_until_async(has_finished, 30)),
    )
    return enqueue, finish
