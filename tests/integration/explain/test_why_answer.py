"""The explanation: language, bounds, cost, refusals."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.config import Settings
from app.core.redis_client import RedisLink
from app.core.scheduling.schedule import HistoryWindow
from app.core.storage.keys import Keys
from app.explain.reader import Explainer
from tests.support.explain.explain_fixture import ExplainFixture, explain_fixture, why_settings
from tests.support.queue.queue_driver import QueueDriver

MINUTE_MS = 60_000


@pytest.fixture
async def deployment(settings: Settings, link: RedisLink, tmp_path: Path) -> AsyncIterator[ExplainFixture]:
    async with explain_fixture(why_settings(settings, tmp_path), link) as deployment:
        yield deployment


async def test_answer_is_in_the_language_that_is_asked_for(deployment: ExplainFixture) -> None:
    """Indonesian or English, said in the headers so that caches keep them apart."""
    await deployment.create(enabled=False, interval=60)
    for accept, language, word in (
        ("id-ID,id;q=0.9,en;q=0.8", "id", "dinonaktifkan"),
        ("id;q=0.2, en-GB;q=0.9", "en", "disabled"),
        ("de", "en", "disabled"),
    ):
        answer = await deployment.client.get("/jobs/job/why", headers={"Accept-Language": accept})
        assert answer.headers["content-language"] == answer.json()["language"] == language
        assert "accept-language" in answer.headers["vary"].lower()
        assert word in answer.json()["next"]["text"]


async def test_unknown_jobs_and_windows_are_refused(deployment: ExplainFixture) -> None:
    """404 without a job, 422 for a window that ends before it begins."""
    assert (await deployment.client.get("/jobs/nope/why")).status_code == 404
    await deployment.create()
    query = {"from": "2026-02-02T00:00:00Z", "to": "2026-02-01T00:00:00Z"}
    answer = await deployment.client.get("/jobs/job/why", params=query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/from"


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
async def test_any_instant_may_be_asked_for(deployment: ExplainFixture, instant: str) -> None:
    """Even at the first and the last instant of calendars."""
    await deployment.create(schedule={"cron": "* * * * *", "start_at": "2100-01-01T00:00:00Z"})
    for route in ("why", "occurrences"):
        for side in ("from", "to"):
            answer = await deployment.client.get(f"/jobs/job/{route}", params={side: instant})
            assert answer.status_code in {200, 422}, answer.text


async def test_long_history_costs_three_round_trips(
    deployment: ExplainFixture, link: RedisLink, keys: Keys, settings: Settings, driver: QueueDriver
) -> None:
    """Hundreds of runs and ranges, a full key and a downtime: as many trips as for a new job."""
    await deployment.create(interval=60)
    now = await driver.now_ms()
    first = now // MINUTE_MS * MINUTE_MS - 300 * MINUTE_MS
    slots = range(first, now, MINUTE_MS)
    await driver.queue.enqueue_many(
        [driver.new_run("job", run_id=f"job@{slot}", source="schedule", key="k") for slot in slots[:250]]
    )
    for slot in slots[250:]:
        reason = ("missed", "overlap", "cooling_down")[slot // MINUTE_MS % 3]
        await link.call("RPUSH", keys.ledger("job"), f"{slot}|{slot}|1|{reason}|{slot}")
    await driver.claim()
    before = link.round_trips
    facts = await Explainer(link, keys, settings).facts("job", HistoryWindow(first, now, 100))
    assert link.round_trips - before <= 3
    assert len(facts.ledger) == len(slots[250:])
    answer = await deployment.client.get("/jobs/job/why", params={"limit": 7})
    assert len(answer.json()["occurrences"]) == 7


async def test_damaged_run_is_left_out(deployment: ExplainFixture, driver: QueueDriver, keys: Keys) -> None:
    """Unreadable parts do not prevent the rest of the answer."""
    await deployment.create(interval=60)
    slot = await driver.now_ms() // MINUTE_MS * MINUTE_MS
    for run_id in (f"job@{slot}", f"job@{slot - MINUTE_MS}"):
        await driver.queue.enqueue(driver.new_run("job", run_id=run_id, source="schedule"))
    await driver.damage(keys.run(f"job@{slot}"))
    answer = await deployment.why()
    assert answer["run"]["run_id"] == f"job@{slot - MINUTE_MS}"
    await driver.link.call("DEL", keys.run(f"job@{slot}"))


async def test_occurrences_know_the_same_reasons(deployment: ExplainFixture) -> None:
    """States that are shown in words are words there too."""
    await deployment.start("scheduler")
    await deployment.create(interval=1)
    await deployment.ask("POST", "/pause", {"scope": "job", "name": "job"})
    await deployment.until_explained("paused")
    found = await deployment.ask("GET", "/jobs/job/occurrences")
    assert ("skipped", "paused") in {(each["outcome"], each["reason"]) for each in found}
