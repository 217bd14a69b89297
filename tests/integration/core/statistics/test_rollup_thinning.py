"""Old statistics by the hour: the same sums in less memory."""

from __future__ import annotations

import random

import pytest

from app.core.clock import DAY_MS, SystemClock
from app.core.models import JobSpec
from app.core.monitors.store import MonitorStore
from app.core.redis_client import RedisLink
from app.core.specs.store import JobStore
from app.core.statistics.minutes import FIGURES_AFTER_DAYS, RollupThinning
from app.core.statistics.periods import Period, PeriodStats, StatsReader
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.jobs.monitor_days import store_monitor_day
from tests.support.queue.queue_driver import QueueDriver

JOB = "shop-monitor"
MEGABYTE = 1_048_576
HOUR_MS = 3_600_000


@pytest.fixture
async def today(driver: QueueDriver) -> int:
    return await driver.now_ms() // DAY_MS


@pytest.fixture
def dice() -> random.Random:
    return random.Random(7)


@pytest.fixture
def thinning(driver: QueueDriver) -> RollupThinning:
    return RollupThinning(driver.queue)


@pytest.fixture
async def monitor(jobs: JobStore, link: RedisLink, keys: Keys, today: int, dice: random.Random) -> str:
    """Store 14 days of a monitor that runs each minute."""
    await jobs.create(JobSpec(job_id=JOB, type="monitor.http"), actor="ana", origin="test")
    for back in range(14):
        await store_monitor_day(link, keys, JOB, today - back, dice)
    return JOB


async def all_rounds(thinning: RollupThinning) -> int:
    merged = 0
    while more := await thinning.work():
        merged += more
    return merged


async def stats(link: RedisLink, keys: Keys, period: Period) -> PeriodStats:
    monitors = MonitorStore(link, Scripts(link, keys), keys, SystemClock())
    return await StatsReader(link, keys, monitors, "Asia/Jakarta").stats(period)


async def test_sums_of_old_days_stay_the_same(
    thinning: RollupThinning, monitor: str, link: RedisLink, keys: Keys, today: int
) -> None:
    """Runs, failures and durations of whole hours; percentiles of any eight hours."""
    end = today * DAY_MS
    periods = [
        Period(end - 14 * DAY_MS, end),
        Period(end - 12 * DAY_MS + 8 * HOUR_MS, end - 10 * DAY_MS - 8 * HOUR_MS),
        Period(end - 7 * DAY_MS - 8 * HOUR_MS, end - 2 * DAY_MS),
    ]
    before = [await stats(link, keys, period) for period in periods]
    assert await all_rounds(thinning) == 14 - FIGURES_AFTER_DAYS
    assert [await stats(link, keys, period) for period in periods] == before
    odd = Period(end - 11 * DAY_MS + HOUR_MS, end - 11 * DAY_MS + 6 * HOUR_MS)
    assert (await stats(link, keys, odd)).total.runs == 5 * 60
    assert before[0].total.runs == 13 * 1_440


async def test_days_that_people_look_at_keep_their_quarters(
    thinning: RollupThinning, monitor: str, link: RedisLink, keys: Keys, today: int
) -> None:
    """Three whole days; reports of the last 48 hours are exact."""
    await all_rounds(thinning)
    figures = [await link.call("HKEYS", keys.rollup_quarter(JOB, today - back)) for back in range(14)]
    quarters = [len({name.partition("|")[0] for name in names}) for names in figures]
    assert quarters == [96] * FIGURES_AFTER_DAYS + [24] * (14 - FIGURES_AFTER_DAYS)


async def test_thinned_rollups_keep_their_lifetime(
    thinning: RollupThinning, monitor: str, link: RedisLink, keys: Keys, today: int
) -> None:
    """They lapse when they would have."""
    day = today - 10
    names = [keys.rollup_quarter(JOB, day), keys.rollup_durations(JOB, day)]
    for name in names:
        await link.call("EXPIRE", name, 5_000)
    await all_rounds(thinning)
    assert [4_000 < await link.call("TTL", name) <= 5_000 for name in names] == [True] * 2


async def test_thinning_twice_changes_nothing(
    scripts: Scripts, monitor: str, link: RedisLink, keys: Keys, today: int
) -> None:
    """A script that is sent again finds hours."""
    assert await scripts.run("statistics/thin_rollups", today - 10, JOB, "unknown") == 1
    once = await link.call("HGETALL", keys.rollup_quarter(JOB, today - 10))
    assert await scripts.run("statistics/thin_rollups", today - 10, JOB) == 0
    assert await link.call("HGETALL", keys.rollup_quarter(JOB, today - 10)) == once


async def test_thinning_resumes_after_a_stop(
    driver: QueueDriver, link: RedisLink, keys: Keys, today: int
) -> None:
    """A round looks at a bounded number of jobs; another scheduler takes up its cursor."""
    for day in (today - 6, today - 5):
        for number in range(700):
            key = keys.rollup_quarter(f"job-{number}", day)
            await link.calls([("HSET", key, "5|success", 1), ("EXPIRE", key, 999)])
        names = [part for number in range(700) for part in (f"job-{number}", 1)]
        await link.calls([("HSET", keys.rollup_jobs(day), *names), ("EXPIRE", keys.rollup_jobs(day), 999)])
    rounds: list[int] = []
    while merged := await RollupThinning(driver.queue).work():
        rounds.append(merged)
    assert sum(rounds) == 1_400
    assert len(rounds) >= 4


async def test_restored_figures_are_thinned_again(
    thinning: RollupThinning, scripts: Scripts, link: RedisLink, keys: Keys, today: int
) -> None:
    """An export of an older release brings quarter hours of days that were done."""
    await all_rounds(thinning)
    assert await scripts.run("restore/lock", "me", 60_000, "take") == "YES"
    values = ["quarter", f"{JOB}:{today - 20}", "", 2, "7|success", 3]
    assert await scripts.run("restore/figures", "all", "me", len(values), *values) == ["CREATED"]
    await scripts.run("restore/lock", "me", 0, "give")
    await link.calls(
        [("HSET", keys.rollup_jobs(today - 20), JOB, 3), ("EXPIRE", keys.rollup_jobs(today - 20), 9)]
    )
    await link.call("EXPIRE", keys.rollup_quarter(JOB, today - 20), 9)
    assert await all_rounds(thinning) == 1
    assert await link.call("HGETALL", keys.rollup_quarter(JOB, today - 20)) == ["4|success", "3"]


async def test_damaged_days_stop_nothing(
    thinning: RollupThinning, monitor: str, link: RedisLink, keys: Keys, today: int
) -> None:
    """A roll-up that cannot be read is skipped."""
    for key in (keys.rollup_quarter, keys.rollup_durations):
        await link.call("HSET", key(JOB, today - 12), "garbage", "x")
    assert await all_rounds(thinning) == 14 - FIGURES_AFTER_DAYS - 1


async def test_forty_one_days_of_two_thousand_monitors_stay_below_the_cap(
    thinning: RollupThinning, link: RedisLink, keys: Keys, today: int, dice: random.Random
) -> None:
    """Their figures took more than 400 MB; they take less than 240 MB."""
    for back in range(41):
        await store_monitor_day(link, keys, JOB, today - back, dice)
    before = await taken(link, keys, today)
    await all_rounds(thinning)
    after = await taken(link, keys, today)
    assert before > 400
    assert after < 240


async def taken(link: RedisLink, keys: Keys, today: int) -> float:
    """Return the megabytes that the figures of 2,000 such monitors take."""
    days = range(today - 40, today + 1)
    names = [key(JOB, day) for day in days for key in (keys.rollup_quarter, keys.rollup_durations)]
    sizes = await link.calls([("MEMORY", "USAGE", name, "SAMPLES", 0) for name in names])
    return 2_000 * sum(sizes) / MEGABYTE
