"""Search of many runs: complete, and without long steps."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import orjson
import pytest

from app.core.redis_client import RedisLink
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from tests.support.queue.queue_driver import QueueDriver

# ARGV: prefixes of runs and of the indexes of all runs, of a state and of a job; first and last seq, outputs.
_FILL = """
local state, texts = 'success', {}
for i = 7, #ARGV do texts[#texts + 1] = ARGV[i] end
for seq = tonumber(ARGV[5]), tonumber(ARGV[6]) do
  local id, job = string.format('0BENCH%020d', seq), 'job-' .. seq % 40
  redis.call('HSET', ARGV[1] .. id, 'job', job, 'seq', seq, 'rev', 3, 'type', 'test.noop', 'version', 1,
    'status', state, 'source', 'api', 'trace', string.format('%032d', seq), 'pri', 'normal', 'timeout', 60000,
    'created', 1790000000000 + seq * 1000, 'inputs', string.format('{"order":%d,"note":"kirim ulang"}', seq),
    'output', texts[seq % #texts + 1])
  redis.call('ZADD', ARGV[2], seq, id)
  redis.call('ZADD', ARGV[3] .. state, seq, id)
  redis.call('ZADD', ARGV[4] .. job, seq, id)
end
redis.call('SET', KEYS[1], ARGV[6])
"""
_AT_ONCE = 1_000
_TEXTS = (
    {"rows": [{"city": "Bandung", "amount": n} for n in range(14)]},
    {"trace": "\n".join(f'  File "job.py", line {n}, in step' for n in range(14))},
    {"report": "Laporan – 報告 selesai ✓ " * 12},
)


@dataclass
class Loop:
    """The longest time for which the event loop did nothing else."""

    longest_ms: float = 0.0


@asynccontextmanager
async def watched_loop() -> AsyncGenerator[Loop]:
    """Measure the longest block of the loop in the body."""
    found, is_over = Loop(), asyncio.Event()

    async def watch() -> None:
        while not is_over.is_set():
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            found.longest_ms = max(found.longest_ms, (time.perf_counter() - before) * 1000 - 1)

    watcher = asyncio.create_task(watch())
    yield found
    is_over.set()
    await watcher


async def fill(driver: QueueDriver, count: int) -> None:
    """Put ended runs into the indexes, as their ends leave them there."""
    keys, texts = driver.keys, [orjson.dumps(text).decode() for text in _TEXTS]
    prefixes = (keys.run(""), keys.runs, keys.runs_status(""), keys.runs_job(""))
    for first in range(1, count + 1, _AT_ONCE):
        last = min(first + _AT_ONCE - 1, count)
        await driver.link.call("EVAL", _FILL, 1, keys.seq, *prefixes, first, last, *texts)


async def search(runs: RunStore, run_filter: RunFilter) -> tuple[list[str], int, list[float]]:
    """Return what a search finds, the records that it looked at, and the time of each call in ms."""
    found, searched, times, cursor = list[str](), 0, list[float](), None
    while True:
        before = time.perf_counter()
        page = await runs.list(run_filter, cursor, 50)
        times.append((time.perf_counter() - before) * 1000)
        assert page.progress is not None
        found += [run.run_id for run in page.items]
        searched, cursor = searched + page.progress.searched, page.next_cursor
        if cursor is None:
            return found, searched, times


async def slowest_ms(link: RedisLink) -> float:
    """Return the time of the slowest command since the last call, in milliseconds."""
    entries = await link.call("SLOWLOG", "GET", 1_000)
    await link.calls([("CONFIG", "SET", "slowlog-log-slower-than", 1_000), ("SLOWLOG", "RESET")])
    return max((entry[2] / 1000 for entry in entries), default=0.0)


@pytest.mark.parametrize("count", [3_000, pytest.param(108_000, marks=pytest.mark.full)])
async def test_a_rare_text_is_found_among_many_runs(driver: QueueDriver, runs: RunStore, count: int) -> None:
    """Each record is looked at once, and calls of a large search are bounded."""
    await fill(driver, count)
    await slowest_ms(driver.link)
    rare = f"0BENCH{count // 3:020d}"
    await driver.link.call(
        "HSET", driver.keys.run(rare), "output", orjson.dumps({"x": "Ünïque zebra"}).decode()
    )
    for q in ("ZEBRA", "ünïque", f'"order":{count // 3},'):
        async with watched_loop() as loop:
            found, searched, times = await search(runs, RunFilter(q=q))
        assert (found, searched) == ([rare], count)
        logging.getLogger(__name__).info(
            "%r in %d runs: %.2f s, %d calls of at most %.0f ms, longest block of the loop %.0f ms, "
            "slowest command %.1f ms",
            *(q, count, sum(times) / 1000, len(times), max(times), loop.longest_ms),
            await slowest_ms(driver.link),
        )
