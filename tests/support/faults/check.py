"""The invariants of a fault test's namespace at rest."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, cast

from app.core.models import TERMINAL
from app.core.queue import open_queue
from app.core.storage.keys import GROUP
from app.core.storage.limits import USER, base_of, limit_in, names_of_run
from tests.support.faults.ledger import Attempt, beyond_limit, overlaps, repeats, unexplained
from tests.support.redis_server import leaked_keys

if TYPE_CHECKING:
    from app.core.redis_client import Command
    from tests.support.faults.deployment import FaultDeployment

Records = dict[str, dict[str, str]]
Attempts = dict[str, list[Attempt]]


async def check_deployment(deployment: FaultDeployment, *, repeats_at_most: int | None = None) -> str:
    """Assert the invariants; return a summary for people."""
    records, attempts = await deployment.all_runs(), deployment.attempts()
    everything = deployment.ledger.runs()
    statuses = _check_records(deployment, records)
    await _check_commits(deployment, records)
    await _check_rest(deployment)
    _check_leases(deployment, everything)
    keyed = await _check_keys(deployment, records, everything)
    again = repeats(attempts)
    assert repeats_at_most is None or again <= repeats_at_most, f"{again} starts too many"
    shown = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    text = f"{len(records)} runs ({shown}), {again} started again (at most {repeats_at_most})"
    return "; ".join([text, *([f"{keyed} runs with a key"] if keyed else []), *deployment.liveness])


def _check_records(deployment: FaultDeployment, records: Records) -> Counter[str]:
    lost = [run_id for run_id in [*deployment.acknowledged, *deployment.unrelated] if run_id not in records]
    assert not lost, f"{len(lost)} acknowledged runs are lost: {lost[:5]}"
    statuses = Counter(record.get("status", "none") for record in records.values())
    assert set(statuses) <= set(map(str, TERMINAL)), f"not terminal: {statuses}"
    harmed = {i: records[i] for i in deployment.unrelated if records[i]["status"] != "success"}
    assert not harmed, f"{len(harmed)} unrelated runs did not succeed: {list(harmed.items())[:3]}"
    return statuses


def _check_leases(deployment: FaultDeployment, attempts: Attempts) -> None:
    together = overlaps(attempts, deployment.fleet.disturbed)
    assert not together, f"attempts of a run overlap: {together[:5]}"
    stolen = unexplained(attempts, deployment.fleet.touched)
    assert not stolen, f"healthy runs were started again: {stolen[:5]}"


async def _check_keys(deployment: FaultDeployment, records: Records, attempts: Attempts) -> int:
    """Assert that no key had more attempts at once than its limit; return how many runs have a key."""
    limits = await deployment.link.hash(deployment.keys.limits)
    runs: dict[str, list[str]] = defaultdict(list)
    for run_id, record in records.items():
        for name in names_of_run(record["job"], None, record.get("key")):
            runs[name].append(run_id)
    for name, run_ids in runs.items():
        limit = limit_in(limits.get(base_of(name)), name)
        held = [attempt for run_id in run_ids for attempt in attempts.get(run_id, [])]
        if name.startswith(USER) and limit is not None:
            found = beyond_limit(held, limit, deployment.fleet.disturbed)
            assert not found, f"key {name} was held beyond its limit: {found[:5]}"
    return sum(map(len, runs.values()))


async def _check_commits(deployment: FaultDeployment, records: Records) -> None:
    """The finish script counts each commit: more commits than runs means that one was made twice."""
    counted = {n: v for n, v in (await deployment.metrics()).items() if n.startswith("runs|")}
    expected = Counter(f"runs|{h['type']}|{h['status']}" for h in records.values())
    assert counted == dict(expected), f"commits {counted}, runs {dict(expected)}"
    # A result carries the attempt that made it: one that had lost its lease must not have brought it.
    stale = [
        run_id
        for run_id, h in records.items()
        if h["type"] == "fault.work" and "output" in h and h["output"] != f'{{"attempt":{h["attempt"]}}}'
    ]
    assert not stale, f"results of attempts that had lost their lease: {stale[:5]}"


async def _check_rest(deployment: FaultDeployment) -> None:
    keys = deployment.keys
    reads: list[Command] = [("ZCARD", keys.delayed), ("ZCARD", keys.runs_status("running"))]
    # The deployment's queue may use a link through a proxy that is closed by now.
    queue = open_queue(deployment.link, deployment.clock, deployment.settings)
    for lane in await queue.all_lanes():
        reads += [("XLEN", keys.ready(lane)), ("XPENDING", keys.ready(lane), GROUP)]
    answers: list[Any] = await asyncio.gather(
        *(deployment.link.call(*read) for read in reads), return_exceptions=True
    )
    counts: list[Any] = [cast("Any", a)[0] if isinstance(a, list) else a for a in answers]
    # A lane that nothing has ever used has no group to ask.
    assert all(count == 0 or "NOGROUP" in str(count) for count in counts), f"not at rest: {counts}"
    problems = await leaked_keys(deployment.link, keys)
    assert not problems, "\n".join(problems[:5])
