from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from app.core.config import Settings
from app.core.models import NewRun, Priority
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.core.statistics.prometheus import render_metrics
from app.core.storage.keys import Keys

Labels = tuple[tuple[str, str], ...]


async def read(link: RedisLink, keys: Keys, settings: Settings) -> dict[tuple[str, Labels], float]:
    text = (await render_metrics(link, keys)).decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_metrics_of_an_untouched_redis_are_zeros(
    link: RedisLink, keys: Keys, settings: Settings
) -> None:
    """Neither streams nor groups exist yet, and a scrape works all the same."""
    found = await read(link, keys, settings)
    assert found["multi_job_queue_depth", (("lane", "normal"),)] == 0
    assert found["multi_job_delayed_runs", ()] == 0


async def test_metrics_show_what_waits(link: RedisLink, keys: Keys, settings: Settings, queue: Queue) -> None:
    """Depth by lane and delayed runs are read live; what was created is counted by its source."""
    for number, (priority, delay_ms) in enumerate([("high", 0), ("high", 0), ("low", 0), ("low", 60_000)]):
        await queue.enqueue(
            NewRun(
                run_id=f"R{number}",
                job_id="job",
                type="a.b",
                version=1,
                inputs="{}",
                source="api",
                trace_id="0" * 32,
                priority=Priority(priority),
                delay_ms=delay_ms,
            )
        )
    found = await read(link, keys, settings)
    depth = [found["multi_job_queue_depth", (("lane", lane),)] for lane in ("high", "normal", "low")]
    assert depth == [2, 0, 1]
    assert found["multi_job_delayed_runs", ()] == 1
    assert found["multi_job_enqueued_total", (("source", "api"),)] == 4


async def test_metrics_cost_one_round_trip(link: RedisLink, keys: Keys, settings: Settings) -> None:
    """A scrape each few seconds from several places must not be felt."""
    await read(link, keys, settings)
    before = link.round_trips
    await read(link, keys, settings)
    assert link.round_trips - before == 1
