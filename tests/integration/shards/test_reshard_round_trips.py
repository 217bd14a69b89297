"""How many round trips a division needs: many records share one."""

from __future__ import annotations

from pathlib import Path

from app.core.redis_client import open_shards
from app.core.storage.resharding.comparing import Comparison
from app.core.storage.resharding.copying import Division
from tests.integration.shards.test_reshard import checked, driver_of, of
from tests.support.shards import drop_deployment, sharded_settings

RUNS = 400


async def test_records_share_round_trips(redis_url: str, tmp_path: Path) -> None:
    """Records of runs, their entries in indexes and their places in a queue are copied many at a time."""
    settings = sharded_settings(redis_url, tmp_path, 1)
    before, after = await checked(settings), await open_shards(of(settings, 3))
    driver = driver_of(before.home, settings)
    for number in range(4):
        await driver.enqueue_some(RUNS // 4, f"job-{number}")
    links = [shard.link for shard in (*before, *after)]
    used = sum(link.round_trips for link in links)
    division = Division(before, after, lambda _count: None)
    await division.copy()
    counts = await Comparison(division, lambda _count: None).run()
    assert (counts["runs"], counts["ready"]) == (RUNS, RUNS)
    # One for each record would be five times as many as there are runs.
    assert sum(link.round_trips for link in links) - used < RUNS
    await before.close()
    await after.close()
    await drop_deployment(of(settings, 3))
    await drop_deployment(settings)
