"""Figures of a day and a week, from minutes and from folded quarter hours."""

from __future__ import annotations

import random

import pytest

from app.core.redis_client import RedisLink
from app.core.statistics.minutes import MINUTE_MS, MinuteStats
from app.core.statistics.ranges import QuarterFolding, RangeStats, StatsRange
from app.core.storage.histogram import FINE_BOUNDS_MS, lua_bounds
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts, script_source
from tests.support.buckets import bucket_name
from tests.support.queue.queue_driver import QueueDriver

QUARTER_MS, DAY_MS = 900_000, 86_400_000


@pytest.fixture
async def now_ms(driver: QueueDriver) -> int:
    return await driver.now_ms()


async def put_minute(link: RedisLink, keys: Keys, minute: int, ended: tuple[int, int], ms: int) -> None:
    success, failed = ended
    key = keys.rollup_minute(minute)
    counts = ("success", success, "failed", failed, "started", success + failed)
    histogram = (f"duration|{bucket_name(ms)}", success + failed, f"wait|{bucket_name(ms)}", success + failed)
    await link.calls([("HSET", key, *counts, *histogram), ("EXPIRE", key, 25 * 3600)])


async def last(link: RedisLink, keys: Keys, wanted: StatsRange, now_ms: int) -> list[tuple[int, int, int]]:
    found = await RangeStats(link, keys).last(wanted, now_ms)
    return [(at, each.success, each.failed) for at, each in found.minutes if each.started]


async def test_a_day_is_the_same_before_and_after_it_is_folded(
    driver: QueueDriver, link: RedisLink, keys: Keys, now_ms: int
) -> None:
    """Counts and percentiles by quarter hour; the quarter hour that runs comes from its minutes."""
    minute = now_ms // MINUTE_MS
    for back, ms in ((0, 40), (1, 90), (15, 700), (16, 7_000), (600, 12), (1_300, 90_000)):
        await put_minute(link, keys, minute - back, (back + 1, 2), ms)
    before = await RangeStats(link, keys).last(StatsRange.DAY, now_ms)
    assert await QuarterFolding(driver.queue).work() == 96
    round_trips = link.round_trips
    assert await RangeStats(link, keys).last(StatsRange.DAY, now_ms) == before
    assert link.round_trips - round_trips == 2
    assert len(before.minutes) == 96
    assert (before.step_sec, before.minutes[-1][0]) == (900, now_ms // QUARTER_MS * QUARTER_MS)
    by_minute = await MinuteStats(link, keys).last(1_440, now_ms)
    assert before.totals == by_minute.totals


async def test_an_hour_has_minutes(link: RedisLink, keys: Keys, now_ms: int) -> None:
    """They are those of `minutes=60`."""
    await put_minute(link, keys, now_ms // MINUTE_MS - 3, (5, 1), 40)
    found = await RangeStats(link, keys).last(StatsRange.HOUR, now_ms)
    assert found == await MinuteStats(link, keys).last(60, now_ms)
    assert (found.step_sec, found.totals.success) == (60, 5)


async def test_a_week_has_the_hours_of_days_whose_minutes_have_expired(
    driver: QueueDriver, link: RedisLink, keys: Keys, now_ms: int
) -> None:
    """Old hours come from folded quarter hours alone; it begins at the first hour with a run."""
    await put_minute(link, keys, now_ms // MINUTE_MS, (1, 0), 40)
    await QuarterFolding(driver.queue).work()
    found = await RangeStats(link, keys).last(StatsRange.WEEK, now_ms)
    assert len(found.minutes) == 25
    hour = now_ms // 3_600_000
    for back in (50, 167, 168):
        day, place = divmod((hour - back) * 4 + 1, 96)
        await link.call("HSET", keys.rollup_all(day), f"{place}|success", back, f"{place}|started", back)
        await link.call("EXPIRE", keys.rollup_all(day), 9 * 86_400)
    expected = [
        ((hour - 167) * 3_600_000, 167, 0),
        ((hour - 50) * 3_600_000, 50, 0),
        (hour * 3_600_000, 1, 0),
    ]
    assert await last(link, keys, StatsRange.WEEK, now_ms) == expected
    # A restore removes the cursor until the next round.
    await link.call("HDEL", keys.meta, "folded_quarter")
    assert await last(link, keys, StatsRange.WEEK, now_ms) == expected
    found = await RangeStats(link, keys).last(StatsRange.WEEK, now_ms)
    assert (len(found.minutes), found.step_sec, found.totals.success) == (168, 3_600, 218)


async def test_a_quarter_hour_is_folded_once(
    scripts: Scripts, link: RedisLink, keys: Keys, now_ms: int
) -> None:
    """Sent again after some of its minutes have expired, it takes nothing away."""
    quarter = now_ms // QUARTER_MS - 1
    for minute in (quarter * 15, quarter * 15 + 14):
        await put_minute(link, keys, minute, (4, 1), 40)
    assert await scripts.run("statistics/fold_quarter", quarter=quarter) == "OK"
    await link.call("DEL", keys.rollup_minute(quarter * 15))
    assert await scripts.run("statistics/fold_quarter", quarter=quarter) == "DONE"
    day, place = divmod(quarter, 96)
    assert await link.call("HGET", keys.rollup_all(day), f"{place}|success") == "8"
    assert 0 < await link.call("TTL", keys.rollup_all(day)) <= 9 * 86_400


async def test_a_quarter_hour_that_is_not_over_is_not_folded(
    scripts: Scripts, link: RedisLink, keys: Keys, now_ms: int
) -> None:
    """Its later minutes would be missing; a scheduler's clock may be ahead of Redis'."""
    assert await scripts.run("statistics/fold_quarter", quarter=now_ms // QUARTER_MS + 1) == "EARLY"
    assert await link.call("HGET", keys.meta, "folded_quarter") is None


async def test_scripts_and_python_choose_the_same_bucket(link: RedisLink) -> None:
    """So the error that the unit tests measure is that of stored durations."""
    dice = random.Random(4)
    values = [*range(120), *FINE_BOUNDS_MS, *(bound + 1 for bound in FINE_BOUNDS_MS)]
    values += [round(10 ** dice.uniform(0, 8.2)) for _ in range(500)]
    # The bucket of the value before is tried first.
    values = [each for value in values for each in (value, value + dice.randrange(3))]
    function = script_source("lib/metrics").split("\nlocal SHORT")[1].split("\nend\n")[0]
    text = f"""
        local BOUNDS, above, upto, last_found = {lua_bounds()}, 0, 0, nil
        local SHORT{function} end
        local names = {{}}
        for i, ms in ipairs(ARGV) do names[i] = bucket(tonumber(ms)) end
        return names"""
    assert await link.call("EVAL", text, 0, *values) == [bucket_name(value) for value in values]
