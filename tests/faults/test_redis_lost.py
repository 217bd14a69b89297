"""A Redis that dies, hangs, or loses its scripts."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from tests.support.faults.deployment import FaultDeployment, Figures, MakeDeployment, every, span, timed
from tests.support.faults.probe import unrelated_work
from tests.support.waiting import wait_until_async

# Twice the catalogue's 3 s: this machine may be busy with other things.
BACK_SEC = 6.0
UNRELATED_SEC = 5.0


@pytest.mark.parametrize("durability", ["fast", "fsynced"])
async def test_sigkill_of_redis_loses_nothing_acknowledged(
    make_deployment: MakeDeployment, figures: Figures, durability: str, full: bool
) -> None:
    """Fault 9: Redis is killed five times under load; all it had acknowledged comes back from its AOF.

    By default it answers while its disk is syncing, so it is killed when all answers are in the file. With
    `fsynced` it is killed at any instant.
    """
    deployment = await make_deployment(durability=durability)
    deployment.fleet.start("worker", 2)
    stop = asyncio.Event()
    client = asyncio.create_task(_keep_submitting(deployment, stop))
    back: list[tuple[float, float]] = []
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        for _ in range(5):
            await span(5.0 if full else 1.5)
            if durability == "fast":
                await wait_until_async(partial(_is_written, deployment), 60, "all answers are in the file")
            with deployment.outage():
                deployment.redis.kill()
                await span(0.4)
                deployment.redis.start()
            back.append(await _working_again(deployment))
    stop.set()
    await client
    await deployment.at_rest(60)
    # A kill of Redis is none of a worker: the leases outlive it.
    summary = await deployment.check(repeats_at_most=0)
    shown = ", ".join(f"{enqueue:.2f}/{finish:.2f}" for enqueue, finish in back)
    figures(f"back after (first enqueue/first finish) {shown} s; {summary}")
    assert max(max(pair) for pair in back) <= BACK_SEC


async def test_sigstop_of_redis_starts_no_healthy_run_again(
    deployment: FaultDeployment, figures: Figures
) -> None:
    """Fault 10: Redis hangs for two leases; no healthy run is started again, not even by a new worker."""
    # Slots for the long runs, and for the rest of the load.
    deployment.fleet.start("worker", 2, WORKER_CONCURRENCY="8")
    await deployment.submit_work(8, duration_ms=9000, keyed=False)
    await wait_until_async(lambda: len(deployment.attempts()) == 8, 60, "all runs have started")
    await deployment.submit_work(30, duration_ms=1000)
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        with deployment.outage():
            deployment.redis.pause()
            await span(2 * deployment.lease_sec)
            deployment.redis.resume()
        deployment.fleet.start("worker", wait=False)
        await wait_until_async(deployment.load_at_rest, 60, "the load has ended")
    await deployment.at_rest(60)
    figures(await deployment.check(repeats_at_most=0))


async def test_script_flush_is_never_seen(deployment: FaultDeployment, figures: Figures, full: bool) -> None:
    """Fault 13: scripts and functions are flushed every 20 ms; no client and no service says a word of it."""
    deployment.fleet.start("worker", 2)
    deployment.fleet.start("scheduler")
    seconds = 30 if full else 4
    stop = asyncio.Event()
    client = asyncio.create_task(_keep_submitting(deployment, stop))
    await deployment.submit_work(50, duration_ms=10, delay_ms=1000)
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        async for _ in every(0.02, seconds * 50):
            await deployment.link.calls([("SCRIPT", "FLUSH"), ("FUNCTION", "FLUSH")])
    stop.set()
    await client
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=0)
    complaints = deployment.fleet.complaints("warning", "error", "critical")
    assert not complaints, complaints
    figures(f"{seconds * 50} flushes, {summary}")


async def _is_written(deployment: FaultDeployment) -> bool:
    """Return whether the append-only file has all writes: while an fsync runs, Redis answers before that."""
    written = await deployment.link.call("INFO", "persistence")
    return "aof_buffer_length:0\r" in written and "aof_pending_bio_fsync:0\r" in written


async def _keep_submitting(deployment: FaultDeployment, stop: asyncio.Event) -> None:
    async for _ in every(0.02):
        if stop.is_set():
            return
        await deployment.submit_work(2, duration_ms=60)


async def _working_again(deployment: FaultDeployment) -> tuple[float, float]:
    """Return the seconds until the client's next acknowledged enqueue and the next finish of a run."""
    acknowledged, finished = len(deployment.acknowledged), await deployment.status_count("success")

    async def has_finished() -> bool:
        return await deployment.status_count("success") > finished

    (enqueue, _), (finish, _) = await asyncio.gather(
        timed(wait_until_async(lambda: len(deployment.acknowledged) > acknowledged, 60)),
        timed(wait_until_async(has_finished, 60)),
    )
    return enqueue, finish
