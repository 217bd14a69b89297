"""A cut-off worker stops its keyed runs in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
def proxies(redis: EmbeddedRedis) -> Iterator[list[FaultProxy]]:
    """One proxy for each worker."""
    with FaultProxy(redis.port) as first, FaultProxy(redis.port) as second:
        yield [first, second]


@dataclass(slots=True)
class CutOff:
    """A worker cut off from Redis in the middle of a run with a key."""

    run_id: str
    worker: Service
    proxy: FaultProxy
    at_ms: int


async def _cut_off(deployment: FaultDeployment, proxies: list[FaultProxy], inputs: dict[str, int]) -> CutOff:
    """Start a run with a key, and cut its worker off at once.

    Both workers are up before: the start of a process takes many seconds on a busy machine, and the handler
    could come to its end meanwhile.
    """
    await deployment.create_job({"job_id": "alone", "concurrency": {"key": "alone", "limit": 1}})
    urls = [f"redis://127.0.0.1:{proxy.port}/0" for proxy in proxies]
    workers = [deployment.fleet.start("worker", REDIS_URL=url)[0] for url in urls]
    whole = {**inputs, "gated": True}
    run = deployment.new_run(inputs=whole, key="alone", timeout_ms=600_000, retry=NO_RETRY)
    [run_id] = await deployment.submit([run])
    await wait_until_async(lambda: run_id in deployment.attempts(), 60, "the run has started")
    pid = deployment.attempts()[run_id][0].pid
    [(worker, proxy)] = [pair for pair in zip(workers, proxies, strict=True) if pair[0].pid == pid]
    proxy.black_hole()
    deployment.fleet.note_death(worker)
    return CutOff(run_id, worker, proxy, deployment.clock.now_ms())


async def _started_again(deployment: FaultDeployment, run_id: str) -> int:
    """Wait until another worker has started a run; return the instant (ms)."""
    await wait_until_async(lambda: len(deployment.attempts()[run_id]) == 2, 60, "the run has started again")
    return deployment.attempts()[run_id][1].start_ms


async def test_cut_off_worker_stops_what_holds_a_key(
    make_deployment: MakeDeployment, proxies: list[FaultProxy], figures: Figures
) -> None:
    """A handler that can be cancelled is cancelled; its process goes on, and another one repeats the run."""
    deployment = await make_deployment(lease_sec=LEASE_SEC)
    cut = await _cut_off(deployment, proxies, {})
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        again_ms = await _started_again(deployment, cut.run_id)
        await wait_until_async(
            lambda: deployment.attempts()[cut.run_id][0].cancelled, 60, "the handler was stopped"
        )
        deployment.open_gate()
    end_ms = deployment.attempts()[cut.run_id][0].end_ms or 0
    cut.proxy.heal()
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=1)
    [record] = await deployment.hashes([cut.run_id])
    assert (record["status"], "failures" in record, cut.worker.code) == ("success", False, None)
    stopped, again = end_ms - cut.at_ms, again_ms - cut.at_ms
    figures(f"stopped {stopped} ms after the cut, started again after {again} ms; {summary}")
    assert stopped <= TOLERANCE * ALONE_AFTER_SEC * 1000


async def test_cut_off_worker_leaves_if_a_handler_does_not_end(
    make_deployment: MakeDeployment, proxies: list[FaultProxy], figures: Figures
) -> None:
    """A handler that holds the event loop can't be cancelled: its process ends instead."""
    deployment = await make_deployment(lease_sec=LEASE_SEC)
    cut = await _cut_off(deployment, proxies, {"block_ms": 1})
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        await wait_until_async(lambda: cut.worker.code is not None, 60, "the process has left")
        deployment.open_gate()
        left = deployment.clock.now_ms() - cut.at_ms
        again = await _started_again(deployment, cut.run_id) - cut.at_ms
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=1)
    assert cut.worker.code == EXIT_CUT_OFF
    figures(f"left {left} ms after the cut, started again after {again} ms; {summary}")
    assert left <= TOLERANCE * ALONE_AFTER_SEC * 1000


async def test_hung_redis_costs_runs_with_a_key_no_failure(
    deployment: FaultDeployment, figures: Figures
) -> None:
    """Redis hangs for two leases: a run with a key is stopped and starts again, not failed, not crashed."""
    await deployment.create_job({"job_id": "alone", "concurrency": {"key": "alone", "limit": 1}})
    deployment.fleet.start("worker", 2)
    keyed, free = (deployment.new_run(inputs={"gated": True}, key=key) for key in ("alone", ""))
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
        deployment.open_gate()
        await wait_until_async(deployment.load_at_rest, 60, "both have ended")
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=1)
    stored, other = await deployment.hashes([keyed.run_id, free.run_id])
    assert (stored["status"], stored["attempt"], stored["releases"]) == ("success", "2", "1")
    assert not {"failures", "crashes"} & stored.keys()
    assert (other["status"], other["attempt"]) == ("success", "1")
    figures(summary)
