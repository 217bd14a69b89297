"""Chains under the deaths of those that run them and of those that start them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from app.core.ids import new_id, new_trace_id
from app.core.runs.store import run_record_of
from app.core.specs.runs import run_of
from tests.support.faults.deployment import NOT_TERMINAL, FaultDeployment, Figures, every
from tests.support.faults.probe import JOB as UNRELATED
from tests.support.faults.probe import unrelated_work
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from app.core.models import NewRun

# Which job follows a run of each job that ended so; a run of the others starts nothing.
FOLLOWS = {
    ("work", "success"): "middle",
    ("work", "failed"): "alarm",
    ("middle", "success"): "last",
    ("middle", "failed"): "alarm",
    ("broken", "failed"): "alarm",
}
SUBMITTED = {"work", "broken", UNRELATED}
UNRELATED_SEC = 5.0
_OPEN = """
local open = redis.call('XLEN', KEYS[1])
for i = 2, #KEYS do open = open + redis.call('ZCARD', KEYS[i]) end
return open
"""


async def test_every_end_has_one_child_after_any_kill(
    deployment: FaultDeployment, figures: Figures, full: bool
) -> None:
    """Workers and schedulers are killed under chained runs: nothing that an end starts is lost or doubled."""
    count, kills, concurrency = (1500, 60, 4) if full else (80, 8, 4)
    await _create_jobs(deployment)
    deployment.fleet.start("scheduler", 2)
    deployment.fleet.start("worker", 3)
    await deployment.submit(
        [await _run_of(deployment, name) for _ in range(count) for name in ("work", "broken")]
    )
    killed = Counter[str]()
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC):
        async for turn in every(0.6, kills):
            service = "scheduler" if turn % 2 else "worker"
            deployment.fleet.kill(deployment.dice.choice(deployment.fleet.alive(service)))
            deployment.fleet.start(service, wait=False)
            killed[service] += 1
    await wait_until_async(lambda: _is_quiet(deployment), 600 if full else 90, "every chain has ended")
    summary = await deployment.check(repeats_at_most=2 * kills * concurrency)
    children = await _check_children(deployment)
    figures(f"{dict(killed)} killed, {children} children, {summary}")


async def _create_jobs(deployment: FaultDeployment) -> None:
    # The normal lane is left to unrelated work.
    common: dict[str, Any] = {"retry_policy": {"max_retry": 0}, "priority": "low"}
    short = {"inputs": {"duration_ms": 150}, **common}
    pair, single = {"key": "pair", "limit": 2}, {"key": "single", "limit": 1}
    await deployment.create_job({"job_id": "last", **short, "concurrency": pair})
    await deployment.create_job(
        {"job_id": "alarm", **common, "inputs": {"duration_ms": 30}, "concurrency": single}
    )
    await deployment.create_job(
        {"job_id": "middle", **short, "on_success": ["last"], "on_failure": ["alarm"]}
    )
    await deployment.create_job(
        {"job_id": "work", **short, "on_success": ["middle"], "on_failure": ["alarm"]}
    )
    broken = {"type": "test.fail", "inputs": {"times": 99}, **common}
    await deployment.create_job({"job_id": "broken", **broken, "on_failure": ["alarm"]})


async def _run_of(deployment: FaultDeployment, job_id: str) -> NewRun:
    record = await deployment.jobs_at().find(job_id)
    run_id, trace_id = new_id(deployment.clock), new_trace_id()
    return run_of(record.spec, record.version, run_id=run_id, source="api", actor="test", trace_id=trace_id)


async def _is_quiet(deployment: FaultDeployment) -> bool:
    """Tell whether nothing is open and nothing is on its way: read in one go, since one becomes the other."""
    fallen = deployment.fleet.fallen()
    assert not fallen, fallen
    keys = [deployment.keys.chains, *(deployment.keys.runs_status(status) for status in NOT_TERMINAL)]
    return await deployment.link.call("EVAL", _OPEN, len(keys), *keys) == 0


async def _check_children(deployment: FaultDeployment) -> int:
    """Assert that each end has the child that belongs to it and no other; return how many there are."""
    runs = await deployment.all_runs()
    ends = {run_id: FOLLOWS.get((h["job"], h["status"])) for run_id, h in runs.items()}
    expected = Counter((run_id, child) for run_id, child in ends.items() if child)
    parents = {run_id: run_record_of(run_id, h, []).parent_run_id for run_id, h in runs.items()}
    found = Counter((parent, runs[run_id]["job"]) for run_id, parent in parents.items() if parent)
    assert found == expected, f"missing {expected - found}, too many {found - expected}"
    strangers = [i for i, h in runs.items() if (h["source"] == "chain") == (h["job"] in SUBMITTED)]
    assert not strangers
    return found.total()
