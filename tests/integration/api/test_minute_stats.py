"""The figures of the last minutes, from real runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest

from app.core.config import Settings
from app.core.redis_client import RedisLink
from app.core.statistics.minutes import MAX_MINUTES, MINUTE_MS, PAGE, MinuteStats
from app.core.storage.keys import Keys
from app.services.api.schemas.platform import StatsBody
from tests.support.explain.explain_fixture import ExplainFixture, explain_fixture, why_settings

COUNTS = ("started", "success", "failed", "cancelled")


@pytest.fixture
async def deployment(settings: Settings, link: RedisLink, tmp_path: Path) -> AsyncIterator[ExplainFixture]:
    async with explain_fixture(why_settings(settings, tmp_path), link) as deployment:
        yield deployment


async def test_minutes_add_up_to_what_ran(deployment: ExplainFixture) -> None:
    """Two successes, a failure and a run that was cancelled before it began; other minutes are zeros."""
    await deployment.create()
    await deployment.create("bad", type="test.fail", retry_policy={"max_retry": 0})
    cancelled = await deployment.run(delay_sec=3600)
    await deployment.ask("POST", f"/runs/{cancelled}/cancel")
    await deployment.start("worker")
    for run_id in [await deployment.run(), await deployment.run(), await deployment.run("bad")]:
        await deployment.until_status(run_id, "success", "failed")
    answer = await deployment.client.get("/stats", params={"minutes": 10})
    body = StatsBody.model_validate_json(answer.text)
    assert [getattr(body.totals, name) for name in COUNTS] == [3, 2, 1, 1]
    for name in COUNTS:
        assert sum(getattr(minute, name) for minute in body.minutes) == getattr(body.totals, name)
    assert body.totals.duration_p50_ms is not None
    assert body.totals.wait_p95_ms is not None
    starts = [minute.at for minute in body.minutes]
    assert len(starts) == 10
    assert all(later - earlier == MINUTE_MS for earlier, later in pairwise(starts))
    assert starts[0] == body.since
    assert starts[-1] <= body.until
    assert body.step_sec == 60
    for wanted, step_sec in (("1h", 60), ("24h", 900), ("7d", 3_600)):
        answer = await deployment.client.get("/stats", params={"range": wanted})
        ranged = StatsBody.model_validate_json(answer.text)
        assert (ranged.step_sec, ranged.totals) == (step_sec, body.totals)
    quiet = body.minutes[0]
    assert (quiet.started, quiet.wait_p50_ms, quiet.duration_p95_ms) == (0, None, None)


async def test_a_day_of_minutes_is_read_in_pages(link: RedisLink, keys: Keys) -> None:
    """One round trip a page, and minutes without a record are included."""
    before = link.round_trips
    found = await MinuteStats(link, keys).last(MAX_MINUTES, 1_700_000_000_000)
    assert link.round_trips - before == MAX_MINUTES // PAGE
    assert len(found.minutes) == MAX_MINUTES
    assert found.totals.started == 0


@pytest.mark.parametrize("minutes", ["0", "1441", "many"])
async def test_other_numbers_of_minutes_are_refused(deployment: ExplainFixture, minutes: str) -> None:
    """From one minute to a day."""
    answer = await deployment.client.get("/stats", params={"minutes": minutes})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/minutes")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [({"range": "1y"}, "/query/range"), ({"range": "24h", "minutes": "5"}, "/query/minutes")],
)
async def test_other_ranges_are_refused(
    deployment: ExplainFixture, query: dict[str, str], pointer: str
) -> None:
    """An hour, a day or a week, in place of a number of minutes."""
    answer = await deployment.client.get("/stats", params=query)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
