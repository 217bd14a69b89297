"""Limits: how long a quiet group waits while another one is noisy, and how much of a rate is used."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left
from statistics import fmean
from typing import TYPE_CHECKING

from app.core.models import JobSpec
from benchmarks.measure import Figures, percentile
from benchmarks.subject import started, wait_for, wait_until_listening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.ours import Platform
    from benchmarks.scenarios import Stage

STAMP, SLEEP = "bench.stamp", "bench.sleep"
NOISY, NOISY_MS = 10_000, 50
QUIET_KEYS, ROUNDS, BETWEEN_SEC = 10, 30, 0.3
PER_MINUTE, WINDOW_MS, WORKERS = 600, 60_000, 4
# Built in the workloads: an earlier commit that is measured with `--against` has no such fields.
_SHOP = {
    "job_id": "shop",
    "type": SLEEP,
    "concurrency": {
        "key": "shop",
        "limit": 4,
        "total": 40,
        "group_by": "inputs.shop",
        "strategy": "group_round_robin",
    },
}
_API = {"job_id": "api", "type": STAMP, "rate": {"key": "api", "per_minute": PER_MINUTE}}


async def fairness(stage: Stage, subject: Platform) -> Figures:
    """10 quiet groups, alone and while another has 10,000 runs: submission to the handler's start."""
    rounds = stage.size(ROUNDS, 10)
    await subject.prepare()
    await subject.jobs.create(JobSpec.model_validate(_SHOP), actor="bench", origin="bench")
    processes = [subject.worker_command(), subject.scheduler_command()]
    with started(processes, subject.environment()) as running:
        await wait_until_listening(subject, running[:1], 1)
        await _quiet(subject, 3)
        alone = await _quiet(subject, rounds)
        noisy = f'{{"duration_ms":{NOISY_MS}}}'
        await subject.submit_keyed(SLEEP, noisy, ["shop/noisy"] * NOISY)
        crowded = await _quiet(subject, rounds)
        left = NOISY + QUIET_KEYS * (3 + 2 * rounds) - await subject.ended()
    if not left:
        raise SystemExit("benchmark failed: the noisy group has ended before the quiet ones were measured")
    return {
        "alone_ms_p50": percentile(alone, 0.5),
        "alone_ms_p95": percentile(alone, 0.95),
        "crowded_ms_p50": percentile(crowded, 0.5),
        "crowded_ms_p95": percentile(crowded, 0.95),
        "ratio": percentile(crowded, 0.5) / percentile(alone, 0.5),
        "ratio_p95": percentile(crowded, 0.95) / percentile(alone, 0.95),
    }


async def _quiet(subject: Platform, rounds: int) -> list[float]:
    """Submit one run of each quiet group, again and again; return how long each took to start, ms."""
    sent, ids = list[int](), list[str]()
    before = await subject.ended_of(STAMP)
    keys = [f"shop/quiet-{number}" for number in range(QUIET_KEYS)]
    for _ in range(rounds):
        sent += [time.monotonic_ns()] * QUIET_KEYS
        ids += await subject.submit_keyed(STAMP, "{}", keys)
        await asyncio.sleep(BETWEEN_SEC)

    async def all_ended() -> bool:
        return await subject.ended_of(STAMP) >= before + len(ids)

    await wait_for(all_ended, (), 60)
    stamps = await subject.stamps_ns(ids)
    return [(at - from_) / 1e6 for at, from_ in zip(stamps, sent, strict=True)]


async def rate(stage: Stage, subject: Platform) -> Figures:
    """4 workers and more runs than a rate lets start in two minutes (`--quick`: in one)."""
    windows = stage.size(2, 1)
    await subject.prepare()
    await subject.jobs.create(JobSpec.model_validate(_API), actor="bench", origin="bench")
    processes = [subject.worker_command()] * WORKERS + [subject.scheduler_command()]
    with started(processes, subject.environment()) as running:
        await wait_until_listening(subject, running[:WORKERS], WORKERS)
        count = PER_MINUTE * (windows + 1)
        await subject.submit_keyed(STAMP, "{}", ["|api"] * (count + PER_MINUTE))

        async def enough() -> bool:
            return await subject.ended() >= count

        await wait_for(enough, running, 60 * windows + 30)
        rows = await subject.fields("started")
    instants = sorted(int(row[0]) for row in rows if row[0])[:count]
    turns = [later - earlier for earlier, later in zip(instants, instants[PER_MINUTE:], strict=False)]
    return {
        "most_in_window": _fullest(instants),
        "used": WINDOW_MS / fmean(turns),
        "late_ms_p99": percentile(turns, 0.99) - WINDOW_MS,
    }


def _fullest(instants: Sequence[int]) -> int:
    """Return the most starts that any 60 seconds have."""
    return max(bisect_left(instants, first + WINDOW_MS) - at for at, first in enumerate(instants))
