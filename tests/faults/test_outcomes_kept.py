"""Handlers that have ended are not run again after a fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.worker.spool import read_segment
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.faults.deployment import (
    NO_RETRY,
    FaultDeployment,
    Figures,
    MakeDeployment,
    open_deployment,
    span,
)
from tests.support.faults.probe import unrelated_work
from tests.support.faults.processes import Service
from tests.support.faults.small_disk import SmallDisk, small_disk
from tests.support.waiting import wait_until_async

RUNS = 10
CONCURRENCY = RUNS
UNRELATED_SEC = 5.0
KEPT = "Redis does not record ends: they are kept and sent until it does"
RECORDED = "Redis records ends again"
SENT = "ends that a dead worker left are sent"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


async def runs_under_way(deployment: FaultDeployment) -> None:
    """Let one worker start all runs; none ends before `all_ended`."""
    runs = [deployment.new_run(inputs={"gated": True}, retry=NO_RETRY) for _ in range(RUNS)]
    await deployment.submit(runs)
    await wait_until_async(lambda: len(deployment.attempts()) == RUNS, 60, "all runs have started")


def ended(deployment: FaultDeployment) -> int:
    return sum(attempt.end_ms is not None for runs in deployment.attempts().values() for attempt in runs)


def spooled(deployment: FaultDeployment) -> int:
    """Return how many ends are on the worker's disk."""
    return sum(len(read_segment(path).ends) for path in deployment.settings.spool_dir.glob("*.jsonl"))


async def all_ended(deployment: FaultDeployment) -> None:
    """Let all handlers end."""
    deployment.open_gate()
    await wait_until_async(lambda: ended(deployment) == RUNS, 60, "all handlers have ended")


async def work_goes_on(deployment: FaultDeployment) -> None:
    """Wait until every run is terminal; from the end of the fault on, unrelated work starts in time."""
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        await wait_until_async(deployment.load_at_rest, 60, "the runs have ended")
    await deployment.at_rest(60)


def spool_is_empty(deployment: FaultDeployment) -> bool:
    return not deployment.settings.spool_dir.exists() or not list(deployment.settings.spool_dir.iterdir())


def logged(service: Service, event: str) -> list[dict[str, object]]:
    return [line for line in service.lines() if line["event"] == event]


async def refuses_writes(deployment: FaultDeployment) -> bool:
    return "aof_last_write_status:err" in str(await deployment.link.call("INFO", "persistence"))


async def test_full_disk_of_redis_repeats_no_finished_handler(
    disk: SmallDisk, tmp_path: Path, figures: Figures, full: bool
) -> None:
    """Redis refuses writes for many leases, since its disk is full; runs that ended meanwhile run once."""
    with EmbeddedRedis(data_dir=disk.folder / "redis") as redis:
        deployment = await open_deployment(redis, tmp_path, worker_concurrency=CONCURRENCY)
        try:
            worker = deployment.fleet.start("worker")[0]
            await runs_under_way(deployment)
            disk.fill()
            # Redis finds out at its next write to the disk, which it accepts before.
            await wait_until_async(lambda: refuses_writes(deployment), 60, "Redis refuses writes")
            await all_ended(deployment)
            await wait_until_async(
                lambda: spooled(deployment) == RUNS, 60, "all ends are on the worker's disk"
            )
            await span(20.0 if full else 2 * deployment.lease_sec)
            disk.free()
            await work_goes_on(deployment)
            summary = await deployment.check(repeats_at_most=0)
            assert len(logged(worker, KEPT)) == 1
            await wait_until_async(lambda: logged(worker, RECORDED), 60)
            assert logged(worker, RECORDED)[0]["recorded"] == RUNS
            figures(f"{summary}; {logged(worker, KEPT)[0]['reason']}")
        finally:
            deployment.fleet.close()
            await deployment.link.close()


async def test_redis_away_beyond_the_patience_repeats_no_finished_handler(
    make_deployment: MakeDeployment, figures: Figures, full: bool
) -> None:
    """Redis is away for longer than any command is sent again; runs that ended meanwhile run once."""
    patience = 60.0 if full else 1.5
    deployment = await make_deployment(worker_concurrency=CONCURRENCY, redis_patience_sec=patience)
    worker = deployment.fleet.start("worker")[0]
    await runs_under_way(deployment)
    deployment.redis.kill()
    await all_ended(deployment)
    await span(150.0 if full else 2 * deployment.lease_sec)
    deployment.redis.start()
    await work_goes_on(deployment)
    summary = await deployment.check(repeats_at_most=0)
    await wait_until_async(lambda: logged(worker, RECORDED), 60)
    assert len(logged(worker, KEPT)) == 1
    await wait_until_async(lambda: not list(deployment.settings.spool_dir.glob("*.jsonl")), 60)
    figures(summary)


@pytest.mark.parametrize("order", ["terminate", "kill"])
async def test_worker_restarted_without_redis_repeats_no_finished_handler(
    make_deployment: MakeDeployment, figures: Figures, full: bool, order: str
) -> None:
    """The worker exits or is killed while Redis is away; the next one sends its ends."""
    deployment = await make_deployment(worker_concurrency=CONCURRENCY, drain_sec=2.0)
    worker = deployment.fleet.start("worker")[0]
    await runs_under_way(deployment)
    deployment.redis.kill()
    await all_ended(deployment)
    if order == "kill":
        await wait_until_async(lambda: spooled(deployment) == RUNS, 60, "all ends are on the worker's disk")
        deployment.fleet.kill(worker)
    else:
        deployment.fleet.terminate(worker)
        await wait_until_async(lambda: worker.code is not None, 60, "the worker has left")
        assert worker.code == 0
    assert spooled(deployment) == RUNS
    following = deployment.fleet.start("worker", wait=False)[0]
    await span(150.0 if full else deployment.lease_sec)
    deployment.redis.start()
    await work_goes_on(deployment)
    summary = await deployment.check(repeats_at_most=0)
    await wait_until_async(lambda: spool_is_empty(deployment), 60, "the spool is empty")
    recorded = sum(int(str(line["recorded"])) for line in logged(following, SENT))
    assert recorded == RUNS
    figures(f"{recorded} ends of the first worker recorded; {summary}")
