"""New runs are refused while Redis is almost full."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.clock import from_ms
from app.core.config import Settings
from app.core.errors import RedisFull
from app.core.memory.usage import MEGABYTE, parse_server_memory
from app.core.models import AttemptOutcome
from app.core.queue import open_queue
from app.core.queue.producer import FRESH_SEC, STALE_SEC
from app.core.redis_client import RedisLink, open_link
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.fake_clock import FakeClock
from tests.support.queue.queue_driver import QueueDriver


@pytest.fixture
async def own_link(tmp_path: Path, settings: Settings) -> AsyncIterator[RedisLink]:
    """Yield a link to a server of its own with 20 MB in it, whose limit a test may set."""
    with EmbeddedRedis(data_dir=tmp_path / "redis", appendonly=False) as server:
        link = await open_link(settings.model_copy(update={"redis_url": server.url}))
        # Compared with it, the server's own memory does not matter.
        await link.call("SET", "ballast", "x" * 20 * MEGABYTE)
        yield link
        await link.close()


@pytest.fixture
def turned() -> FakeClock:
    return FakeClock(from_ms(1_740_830_400_000))


@pytest.fixture
def here(own_link: RedisLink, turned: FakeClock, settings: Settings) -> QueueDriver:
    return QueueDriver(open_queue(own_link, turned, settings))


async def limit_to(link: RedisLink, share: float) -> None:
    used = parse_server_memory(await link.call("INFO", "memory")).used_bytes
    await link.call("CONFIG", "SET", "maxmemory", round(used / share))


async def info_calls(link: RedisLink) -> int:
    stats = await link.call("INFO", "commandstats")
    return next(
        (
            int(line.split("calls=")[1].split(",")[0])
            for line in stats.splitlines()
            if line.startswith("cmdstat_info:")
        ),
        0,
    )


async def test_new_runs_are_refused_from_ninety_percent_on(
    here: QueueDriver, own_link: RedisLink, turned: FakeClock
) -> None:
    """The error has the figures and the remedy; existing runs end, and are tried again."""
    await here.enqueue_some(2)
    first, second = (await here.claim(2)).runs
    await limit_to(own_link, 0.93)
    turned.advance(STALE_SEC)
    with pytest.raises(RedisFull, match=r"Redis is 9\d% full .* refused from 90% on.* Raise maxmemory"):
        await here.enqueue()
    assert await here.finish(first) == "OK"
    assert await here.finish(second, AttemptOutcome.RETRY, delay_ms=0) == "OK"
    await here.make_due()
    assert (await here.queue.promote()).count == 1
    await limit_to(own_link, 0.85)
    turned.advance(FRESH_SEC)
    assert await here.enqueue()


async def test_a_burst_that_fills_redis_is_stopped_a_second_later(
    here: QueueDriver, own_link: RedisLink, turned: FakeClock
) -> None:
    """The call that reads is judged by the reading before; the next one by its own."""
    await here.enqueue()
    await limit_to(own_link, 0.93)
    assert await here.enqueue()
    turned.advance(FRESH_SEC)
    assert await here.enqueue()
    with pytest.raises(RedisFull):
        await here.enqueue()


async def test_memory_is_read_at_most_once_a_second(
    here: QueueDriver, own_link: RedisLink, turned: FakeClock
) -> None:
    """Neither a call nor a batch costs a reading or a round trip of its own."""
    await here.enqueue()
    before, trips = await info_calls(own_link), own_link.round_trips
    for _ in range(5):
        await here.enqueue()
    assert own_link.round_trips == trips + 5
    turned.advance(FRESH_SEC)
    await here.enqueue()
    assert own_link.round_trips == trips + 6
    await here.enqueue()
    # This command counts as well.
    assert await info_calls(own_link) == before + 2


async def test_without_a_limit_nothing_is_refused(here: QueueDriver, turned: FakeClock) -> None:
    """A server without `maxmemory` has no share."""
    for _ in range(3):
        turned.advance(STALE_SEC)
        assert await here.enqueue()
