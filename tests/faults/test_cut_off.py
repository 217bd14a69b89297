"""A cut-off worker stops its keyed runs in time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.embedded_redis import EmbeddedRedis
from tests.support.faults.deployment import NO_RETRY, FaultDeployment, Figures, MakeDeployment, span
from tests.support.faults.probe import unrelated_work
from tests.support.faults.processes import Service
from tests.support.faults.proxy import FaultProxy
from tests.support.waiting import wait_until_async

EXIT_CUT_OFF = 71
LEASE_SEC = 3.0
# From a lease and a second after the cut on, never two handlers of a key of limit 1.
ALONE_AFTER_SEC = LEASE_SEC + 1.0
# This machine may be busy with other processes: the stated bound is asserted at twice its value.
TOLERANCE = 2
# Runs of the cut-off worker wait for the end of their lease and the next claim.
UNRELATED_SEC = LEASE_SEC + 2.0


@pytest.fixture
def proxy(redis: EmbeddedRedis) -> Iterator[FaultProxy]:
    with FaultProxy(redis.port) as proxy:
        yield proxy


async def _cut_off(
    deployment: FaultDeployment, proxy: FaultProxy, inputs: dict[str, int]
) -> tuple[str, Service, int]:
    """Cut a worker off in the middle of a run with a key; return run, worker and the instant (ms)."""
    await deployment.create_job({"job_id": "alone", "concurrency": {"key": "alone", "limit": 1}})
    worker = deployment.fleet.start("worker", REDIS_URL=f"redis://127.0.0.1:{proxy.port}/0")[0]
    run = deployment.new_run(inputs=inputs, key="alone", timeout_ms=600_000, retry=NO_RETRY)
    [run_id] = await deployment.submit([run])
    await wait_until_async(lambda: run_id in deployment.attempts(), 60, "the run has started")
    # The second worker takes the run over, so it is up before the cut.
    deployment.fleet.start("worker")
    proxy.black_hole()
    deployment.fleet.note_death(worker)
    return run_id, worker, deployment.clock.now_ms()


async def _started_again(deployment: FaultDeployment, run_id: str) -> int:
    """Wait until another worker has started a run; return the instant (ms)."""
    await wait_until_async(lambda: len(deployment.attempts()[run_id]) == 2, 60, "the run has started again")
    return deployment.attempts()[run_id][1].start_ms


async def test_cut_off_worker_stops_what_holds_a_key(
    make_deployment: MakeDeployment, proxy: FaultProxy, figures: Figures
) -> None:
    """A handler that can be cancelled is cancelled; its process goes on, and another one repeats the run."""
    deployment = await make_deployment(lease_sec=LEASE_SEC)
    run_id, worker, cut_ms = await _cut_off(deployment, proxy, {"duration_ms": 6_000})
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        again_ms = await _started_again(deployment, run_id)
        await wait_until_async(
            lambda: deployment.attempts()[run_id][0].cancelled, 60, "the handler was stopped"
        )
    end_ms = deployment.attempts()[run_id][0].end_ms or 0
    proxy.heal()
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=1)
    [record] = await deployment.hashes([run_id])
    assert (record["status"], "failures" in record, worker.code) == ("success", False, None)
    figures(
        f"stopped {end_ms - cut_ms} ms after the cut, started again after {again_ms - cut_ms} ms; {summary}"
    )
    assert end_ms - cut_ms <= TOLERANCE * ALONE_AFTER_SEC * 1000


async def test_cut_off_worker_leaves_if_a_handler_does_not_end(
    make_deployment: MakeDeployment, proxy: FaultProxy, figures: Figures
) -> None:
    """A handler that holds the event loop can't be cancelled: its process ends instead."""
    deployment = await make_deployment(lease_sec=LEASE_SEC)
    run_id, worker, cut_ms = await _cut_off(deployment, proxy, {"block_ms": 9_000})
    # The handler holds the other worker's event loop as well.
    async with unrelated_work(deployment, starts_within_sec=9 + UNRELATED_SEC):
        await wait_until_async(lambda: worker.code is not None, 60, "the process has left")
        end_ms = deployment.clock.now_ms()
        again_ms = await _started_again(deployment, run_id)
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=1)
    assert worker.code == EXIT_CUT_OFF
    figures(f"left {end_ms - cut_ms} ms after the cut, started again after {again_ms - cut_ms} ms; {summary}")
    assert end_ms - cut_ms <= TOLERANCE * ALONE_AFTER_SEC * 1000


async def test_hung_redis_costs_runs_with_a_key_no_failure(
    deployment: FaultDeployment, figures: Figures
) -> None:
    """Redis hangs for two leases: a run with a key is stopped and starts again, not failed, not crashed."""
    await deployment.create_job({"job_id": "alone", "concurrency": {"key": "alone", "limit": 1}})
    deployment.fleet.start("worker", 2)
    keyed, free = (deployment.new_run(inputs={"duration_ms": 5_000}, key=key) for key in ("alone", ""))
    await deployment.submit([keyed, free])
    await wait_until_async(lambda: len(deployment.attempts()) == 2, 60, "both have started")
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        # The fault of Redis explains its second start.
        for worker in deployment.fleet.alive("worker"):
            deployment.fleet.cut(worker)
        deployment.redis.pause()
        await span(2 * deployment.lease_sec)
        deployment.redis.resume()
        for worker in deployment.fleet.alive("worker"):
            deployment.fleet.reconnect(worker)
        await wait_until_async(deployment.load_at_rest, 60, "both have ended")
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=1)
    stored, other = await deployment.hashes([keyed.run_id, free.run_id])
    assert (stored["status"], stored["attempt"], stored["releases"]) == ("success", "2", "1")
    assert not {"failures", "crashes"} & stored.keys()
    assert (other["status"], other["attempt"]) == ("success", "1")
    figures(summary)
