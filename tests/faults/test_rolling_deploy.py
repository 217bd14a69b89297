"""Workers that are replaced one by one by workers with a new job type, under load."""

from __future__ import annotations

import asyncio
from collections import Counter

from tests.support.faults.deployment import FaultDeployment, Figures, every
from tests.support.faults.probe import unrelated_work
from tests.support.faults.processes import Service
from tests.support.waiting import wait_until_async

NEW_MODULES = "tests.support.queue.handlers,tests.support.faults.handlers,tests.support.faults.new_type"
STARTS_WITHIN_MS = 1_000
# The test machine may be busy with other processes: the stated bound is asserted at twice its value.
TOLERANCE = 2


async def test_rolling_deploy_of_a_new_type_fails_and_loses_nothing(
    deployment: FaultDeployment, figures: Figures, full: bool
) -> None:
    """Old workers put runs of the new type aside; the first new worker starts them within a second."""
    each = 400 if full else 60
    fleet = deployment.fleet
    fleet.start("scheduler")
    old = fleet.start("worker", 2)
    async with unrelated_work(deployment, starts_within_sec=5.0):
        early = await _submit_new(deployment, each)
        await deployment.submit_work(each, duration_ms=50)
        await wait_until_async(lambda: _are_put_aside(deployment, each), 60, "the new runs are put aside")
        # One of each: the first of them lives beside an old one, and is killed at work.
        first = await _replace(deployment, old[0])
        await wait_until_async(lambda: _started(deployment, early), 60, "the new type starts")
        waited_ms = _first_start_ms(deployment, early, first) - (first.started_ms() or 0)
        assert waited_ms <= TOLERANCE * STARTS_WITHIN_MS
        mixed = await _submit_both(deployment, each)
        await deployment.some_at_work(1)
        fleet.kill(first)
        fleet.start("worker", HANDLER_MODULES=NEW_MODULES)
        await _replace(deployment, old[1])
        late = await _submit_both(deployment, each)
    await deployment.at_rest(60)
    summary = await deployment.check(repeats_at_most=2 * deployment.settings.worker_concurrency)
    new = [*early, *mixed, *late]
    records = await deployment.hashes(new)
    assert Counter(record["status"] for record in records) == {"success": len(new)}
    assert _statuses(await deployment.all_runs()) == {"success"}
    figures(f"{len(new)} runs of the new type, the first {waited_ms} ms after its worker, {summary}")


async def _submit_new(deployment: FaultDeployment, count: int) -> list[str]:
    runs = [deployment.new_run("fault.new", inputs={"duration_ms": 50}) for _ in range(count)]
    return await deployment.submit(runs)


async def _submit_both(deployment: FaultDeployment, count: int) -> list[str]:
    """Enqueue runs of both types little by little, while workers come and go."""
    found: list[str] = []
    async for _ in every(0.1, 10):
        found += await _submit_new(deployment, count // 10)
        await deployment.submit_work(count // 10, duration_ms=50)
    return found


async def _replace(deployment: FaultDeployment, old: Service) -> Service:
    """Start a new worker, then let an old one leave."""
    (new,) = await asyncio.to_thread(deployment.fleet.start, "worker", HANDLER_MODULES=NEW_MODULES)
    deployment.fleet.terminate(old)
    return new


async def _are_put_aside(deployment: FaultDeployment, count: int) -> bool:
    stats = await deployment.queue.stats()
    return stats.missing_types == {"fault.new": count}


async def _started(deployment: FaultDeployment, run_ids: list[str]) -> bool:
    return any(run_id in deployment.ledger.runs() for run_id in run_ids)


def _first_start_ms(deployment: FaultDeployment, run_ids: list[str], worker: Service) -> int:
    runs = deployment.ledger.runs()
    starts = [each.start_ms for run_id in run_ids for each in runs.get(run_id, []) if each.pid == worker.pid]
    return min(starts)


def _statuses(records: dict[str, dict[str, str]]) -> set[str]:
    return {record["status"] for record in records.values()}
