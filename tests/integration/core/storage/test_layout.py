"""The number of shards of a deployment: fixed at its first start, and checked at every later one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.core.config import Settings
from app.core.errors import ConfigurationError, RedisUnavailable
from app.core.process import check_shards
from app.core.redis_client import open_shards
from app.core.storage.connection import Command
from app.core.storage.layout import ensure_layout
from app.core.storage.link import RedisLink
from app.core.storage.shards import job_of_run, shard_of_job
from tests.support.shards import database_urls, drop_deployment, opened_shards, sharded_settings

SILENT = "redis://127.0.0.1:1/0"


@pytest.fixture
async def apart(redis_url: str, tmp_path: Path) -> AsyncIterator[Settings]:
    settings = sharded_settings(redis_url, tmp_path, 3, apart=True)
    yield settings
    await drop_deployment(settings)


async def start(settings: Settings, *, patience_sec: float = 20, **changes: object) -> tuple[int, ...]:
    """Check as a process does at its start; return the shards that were out of reach."""
    settings = settings.model_copy(update=changes)
    shards = await open_shards(settings, patience_sec)
    try:
        return tuple(each.index for each in await check_shards(shards, settings))
    finally:
        await shards.close()


@pytest.mark.parametrize("is_apart", [False, True])
async def test_a_deployment_keeps_its_number_of_shards(
    redis_url: str, tmp_path: Path, is_apart: bool
) -> None:
    """The first start fixes it; a process with another number is refused with the next step."""
    settings = sharded_settings(redis_url, tmp_path, 3, apart=is_apart)
    async with opened_shards(settings) as shards:
        for _ in range(2):
            assert await check_shards(shards, settings) == ()
        assert len({await shard.link.call("GET", shard.keys.seq) for shard in shards}) == 1
        for other in (1, 2):
            urls = settings.shard_urls[:other] if other > 1 else []
            with pytest.raises(ConfigurationError, match="but the data in Redis has 3") as seen:
                await start(settings, shards=other, shard_urls=urls)
            assert f"multi-job reshard --to {other}" in seen.value.message


async def test_data_that_was_never_divided_is_one_shard(settings: Settings) -> None:
    """It stores nothing about shards, and a process with several is refused."""
    async with opened_shards(settings) as shards:
        assert await check_shards(shards, settings) == ()
        assert await shards.home.link.call("EXISTS", shards.home.keys.shard_layout) == 0
        with pytest.raises(ConfigurationError, match="SHARDS is 2, but the data in Redis has 1"):
            await start(settings, shards=2)


async def test_servers_in_another_order_are_refused(apart: Settings) -> None:
    """So is another server in the place of one."""
    assert await start(apart) == ()
    first, second, third = apart.shard_urls
    with pytest.raises(ConfigurationError, match="Shard 1 is not in Redis at") as seen:
        await start(apart, shard_urls=[first, third, second])
    assert "in the order of their shards" in seen.value.message
    with pytest.raises(ConfigurationError, match="Shard 0 is not in Redis at"):
        await start(apart, shard_urls=[second, first, third], redis_url=second)
    with pytest.raises(ConfigurationError, match="Shard 2 is not in Redis at"):
        await start(apart, shard_urls=[first, second, database_urls(first, 9)[8]])


async def test_servers_of_two_deployments_are_refused(redis_url: str, apart: Settings) -> None:
    """The ids of their divisions differ."""
    other = database_urls(redis_url, 6)[3:]
    assert await start(apart) == ()
    elsewhere = apart.model_copy(update={"redis_url": other[0], "shard_urls": other})
    assert await start(elsewhere) == ()
    with pytest.raises(ConfigurationError, match="shards of different deployments"):
        await start(apart, shard_urls=[*apart.shard_urls[:2], other[2]])
    await drop_deployment(elsewhere)


async def test_a_shard_that_is_down_stops_only_the_first_start(apart: Settings) -> None:
    """Later processes start without it. Without the first shard, which has what all share, none starts."""
    first, second, _third = apart.shard_urls
    with pytest.raises(RedisUnavailable):
        await start(apart, patience_sec=1, shard_urls=[first, second, SILENT])
    assert await start(apart) == ()
    assert await start(apart, patience_sec=4, shard_urls=[first, second, SILENT]) == (2,)
    with pytest.raises(RedisUnavailable):
        await start(apart, patience_sec=1, shard_urls=[SILENT, second, SILENT], redis_url=SILENT)


async def test_a_server_that_answers_late_is_not_out_of_reach(apart: Settings, link: RedisLink) -> None:
    """Its layout is asked for as long as the links of the shards wait."""
    await link.call("CLIENT", "PAUSE", 1_500, "ALL")
    assert await start(apart) == ()


async def test_processes_that_start_together_make_one_division(apart: Settings) -> None:
    """All of them end with the same records."""
    sets = [await open_shards(apart) for _ in range(5)]
    assert await asyncio.gather(*(ensure_layout(each, apart) for each in sets)) == [()] * 5
    texts = [await shard.link.call("HGET", shard.keys.shard_layout, "layout") for shard in sets[0]]
    assert len(set(texts)) == 1
    for each in sets:
        await each.close()


async def test_a_division_that_is_made_meanwhile_is_whole(
    apart: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process whose first server answers late sees no shard without its record."""
    started: list[tuple[int, ...]] = []
    calls = RedisLink.calls

    async def late(link: RedisLink, commands: list[Command]) -> list[Any]:
        monkeypatch.undo()
        started.append(await start(apart))
        return await calls(link, commands)

    monkeypatch.setattr(RedisLink, "calls", late)
    assert await start(apart) == ()
    assert set(started) == {()}


def test_a_job_is_in_one_shard_for_ever() -> None:
    """The rule never changes: data of all releases depends on it."""
    assert [shard_of_job(name, 4) for name in ("a", "monitor-1", "laporan")] == [3, 1, 1]
    assert {shard_of_job(f"job-{number}", 3) for number in range(50)} == {0, 1, 2}
    assert (job_of_run("a.b@1700000000000"), job_of_run("01J9ZQ8V7W3T5R2K4M6N8P0QRS")) == ("a.b", None)
