"""Fault 14: deleted ready streams and consumer groups."""

from __future__ import annotations

import asyncio

from app.core.models import NewRun, Priority
from app.core.storage.keys import GROUP, LANES
from tests.support.faults.deployment import NO_RETRY, FaultDeployment, Figures, timed
from tests.support.faults.probe import unrelated_work
from tests.support.waiting import wait_until_async

HEALED_SEC = 30.0
"""The stated bound; the test asserts twice its value."""


async def test_lost_streams_and_groups_are_made_again(
    deployment: FaultDeployment, full: bool, figures: Figures
) -> None:
    """Fault 14: one lane's stream and another's group are deleted; every run still ends, each once."""
    queued = 99_980 if full else 2_000
    await deployment.queue.ensure_groups()
    deployment.fleet.start("scheduler", 2)
    (worker,) = deployment.fleet.start("worker", 1)
    running = await deployment.submit([_work(deployment, Priority.HIGH, gated=True) for _ in range(4)])
    await wait_until_async(lambda: _running(deployment, 4), 60, "all slots are taken")
    await deployment.submit([_work(deployment, Priority.NORMAL) for _ in range(queued)])
    await deployment.submit([_work(deployment, Priority.LOW) for _ in range(20)])
    # The owner of the running runs is gone as well, so only healing can make their leases lapse.
    deployment.fleet.kill(worker)
    for lane in ("high", "normal"):
        await deployment.link.call("DEL", deployment.keys.ready(lane))
    await deployment.link.call("XGROUP", "DESTROY", deployment.keys.ready("low"), GROUP)
    took_sec, _ = await timed(
        wait_until_async(lambda: _healed(deployment, running, queued), 2 * HEALED_SEC, "all entries are back")
    )
    deployment.open_gate()
    if full:
        # The runs themselves are not part of the test: a few workers would need minutes for them.
        await _cancel_most(deployment, queued)
    deployment.fleet.start("worker", 1, worker_concurrency="32")
    # The backlog of its own lane comes first.
    async with unrelated_work(deployment, starts_within_sec=20.0):
        await wait_until_async(deployment.load_at_rest, 120, "every run has ended")
    await deployment.at_rest(60)
    checked = await deployment.check(repeats_at_most=4)
    figures(f"{queued + 24} entries are back after {took_sec:.1f} s; {checked}")


def _work(deployment: FaultDeployment, priority: Priority, *, gated: bool = False) -> NewRun:
    return deployment.new_run(inputs={"gated": gated}, lane=priority, retry=NO_RETRY)


async def _running(deployment: FaultDeployment, count: int) -> bool:
    return await deployment.status_count("running") == count


async def _healed(deployment: FaultDeployment, running: list[str], queued: int) -> bool:
    """Return whether each lane has its group and the entries of all its runs."""
    streams = [deployment.keys.ready(lane) for lane in LANES]
    lengths = await deployment.link.calls([("XLEN", stream) for stream in streams])
    if lengths != [len(running), queued, 20]:
        return False
    return all(await deployment.link.calls([("XINFO", "GROUPS", stream) for stream in streams]))


async def _cancel_most(deployment: FaultDeployment, queued: int) -> None:
    ids: list[str] = await deployment.link.call(
        "ZRANGE", deployment.keys.runs_status("queued"), 0, queued - 1000
    )
    for start in range(0, len(ids), 500):
        await asyncio.gather(*(deployment.queue.cancel(run_id) for run_id in ids[start : start + 500]))
