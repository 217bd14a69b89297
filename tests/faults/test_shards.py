"""Three shards on three servers: kills of processes and of a server lose nothing, and the others go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.faults.deployment import Figures, every
from tests.support.faults.sharded import open_sharded


@pytest.mark.timeout(120)
async def test_work_of_several_shards(tmp_path: Path, figures: Figures, full: bool) -> None:
    """Workers and schedulers are killed under the load of three shards; invariants and limits hold."""
    count, kills = (600, 40) if full else (60, 4)
    async with open_sharded(tmp_path) as deployment:
        fleet = deployment.home.fleet
        fleet.start("scheduler", 2)
        fleet.start("worker", 2)
        await deployment.submit_work(count, duration_ms=60)
        async for turn in every(0.5, kills):
            service = "scheduler" if turn % 2 else "worker"
            fleet.kill(deployment.home.dice.choice(fleet.alive(service)))
            fleet.start(service, wait=False)
        await deployment.at_rest(300 if full else 60)
        figures(await deployment.check(repeats_at_most=kills * 8))
