"""An account's availability over HTTP, from one and from several monitors."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.core.clock import DAY_MS, QUARTER_MS, QUARTERS, from_ms
from app.core.config import Settings
from app.core.connectors.base import AccountHealth
from app.core.messaging.account_history import AccountHistory
from app.core.models import JobSpec
from app.core.monitors.models import StateRange, TimeByState
from app.core.monitors.store import MonitorStore
from app.core.redis_client import RedisLink
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.services.api.schemas.connectors import AvailabilityBody
from tests.support.fake_clock import FakeClock
from tests.support.jobs.job_harness import JobHarness
from tests.support.jobs.stored_monitors import store_monitor
from tests.support.queue.queue_driver import QueueDriver

ACCOUNT = {"channel": "sandbox", "account_id": "default"}
PATH = "/connectors/sandbox/accounts/default/availability"
UP = AccountHealth("up", None, 3, "fine", 1)
DOWN = AccountHealth("down", "channel_unreachable", None, "no answer", 1)
DAY = 20_000
NOON = DAY * DAY_MS + DAY_MS // 2
QUARTER = NOON // QUARTER_MS
"""The quarter hour that begins at noon."""


async def monitor(jobs: JobStore, job_id: str, **inputs: Any) -> None:
    spec = JobSpec(job_id=job_id, type="monitor.channel", inputs={**ACCOUNT, **inputs})
    await jobs.create(spec, actor="t", origin="t")


def history_at(link: RedisLink, keys: Keys, now_ms: int) -> AccountHistory:
    """Return the reader of a deployment at an instant."""
    scripts = Scripts(link, keys)
    return AccountHistory(scripts, MonitorStore(link, scripts, keys, FakeClock(from_ms(now_ms))))


async def test_availability_is_what_a_monitor_saw(
    client: httpx.AsyncClient, jobs: JobStore, driver: QueueDriver, settings: Settings
) -> None:
    """Checks that were made by real runs: the time between them by state, and the outage that they saw."""
    await monitor(jobs, "watch", fail_after=1)
    harness = JobHarness(driver, settings)
    async with harness.connector():
        for answer in (UP, DOWN, DOWN, UP, DOWN):
            harness.answers["sandbox", "default"] = answer
            await harness.run("monitor.channel", {**ACCOUNT, "fail_after": 1}, "watch")
    answer = await client.get(PATH)
    body = AvailabilityBody.model_validate_json(answer.text)
    assert (body.channel, body.account_id, body.job_ids) == ("sandbox", "default", ["watch"])
    assert len(body.quarters) == 96
    assert {b.at - a.at for a, b in zip(body.quarters, body.quarters[1:], strict=False)} == {900_000}
    assert body.quarters[0].at == body.since
    assert body.quarters[-1].at <= body.until
    assert sum(each.up_ms for each in body.quarters) > 0
    assert sum(each.down_ms for each in body.quarters) > 0
    lasting, over = body.outages
    assert (lasting.to, lasting.reason, lasting.job_id) == (None, "channel_unreachable", "watch")
    assert over.to is not None
    assert body.since < over.from_ < over.to <= lasting.from_ <= body.until


@pytest.mark.parametrize("path", [PATH, "/connectors/nobody/accounts/%F0%9F%98%80/availability"])
async def test_availability_without_a_monitor_is_empty(
    client: httpx.AsyncClient, jobs: JobStore, path: str
) -> None:
    """An account that no connector watches and one that does not exist both have an empty history."""
    await monitor(jobs, "other", account_id="another")
    answer = await client.get(path)
    body = AvailabilityBody.model_validate_json(answer.text)
    assert (answer.status_code, body.quarters, body.outages, body.job_ids) == (200, [], [], [])


async def test_availability_of_a_monitor_that_has_not_looked_is_unknown(
    client: httpx.AsyncClient, jobs: JobStore
) -> None:
    """The job is named, and no time is anybody's."""
    await monitor(jobs, "watch")
    body = (await client.get(PATH, params={"hours": 1})).json()
    assert (body["job_ids"], body["outages"], len(body["quarters"])) == (["watch"], [], 4)
    assert {value for each in body["quarters"] for name, value in each.items() if name != "at"} == {0}


async def test_quarter_hour_is_reported_by_its_longest_observer(
    jobs: JobStore, link: RedisLink, keys: Keys
) -> None:
    """Two monitors do not make an hour of half an hour; midnight and the edges of the period are kept."""
    for job_id in ("one", "two"):
        await monitor(jobs, job_id)
    one = {QUARTER - 4: TimeByState(900_000), QUARTER: TimeByState(10, 0, 500), QUARTER + 1: TimeByState(1)}
    two = {
        QUARTER - 4: TimeByState(1),
        QUARTER: TimeByState(0, 300),
        QUARTER + 2: TimeByState(9, 9, 9),
        DAY * QUARTERS - 1: TimeByState(5, 6, 7),
        (DAY - 1) * QUARTERS: TimeByState(1, 1, 1),
    }
    now_ms = NOON + QUARTER_MS + 5
    unset = StateRange("not_configured", NOON + QUARTER_MS + 1, now_ms - 2)
    await store_monitor(link, keys, "one", quarters=one, seen=NOON)
    await store_monitor(link, keys, "two", quarters=two, ranges=[unset], seen=NOON)
    watch = history_at(link, keys, now_ms)
    hour = await watch.history("sandbox", "default", now_ms, 1)
    assert (hour.since_ms, hour.until_ms) == (NOON - 2 * QUARTER_MS, now_ms)
    assert [list(each.ms.values()) for each in hour.quarters] == [
        *([0, 0, 0, 0], [0, 0, 0, 0]),
        *([10, 0, 500, 0], [0, 0, 0, 2]),
    ]
    round_trips = link.round_trips
    day = await watch.history("sandbox", "default", now_ms, 24)
    assert link.round_trips - round_trips == 2
    seen = {each.at_ms: list(each.ms.values()) for each in day.quarters if any(each.ms.values())}
    assert seen == {
        DAY * DAY_MS - QUARTER_MS: [5, 6, 7, 0],
        NOON - 4 * QUARTER_MS: [900_000, 0, 0, 0],
        NOON: [10, 0, 500, 0],
        NOON + QUARTER_MS: [0, 0, 0, 2],
    }


async def test_outages_are_those_of_the_period(jobs: JobStore, link: RedisLink, keys: Keys) -> None:
    """Newest first, each with its job; one that was over before is left out, one that lasts is not."""
    hour = 3_600_000
    over = StateRange("down", NOON - 5 * hour, NOON - 2 * hour, "a")
    across = StateRange("down", NOON - 3 * hour, NOON - hour, "b")
    for job_id in ("one", "two"):
        await monitor(jobs, job_id)
    lasting = {"reason": "c"}
    await store_monitor(
        link, keys, "one", state="down", since=NOON - 100, seen=NOON, fields=lasting, ranges=[over]
    )
    await store_monitor(link, keys, "two", seen=NOON, ranges=[across])
    found = await history_at(link, keys, NOON).history("sandbox", "default", NOON, 2)
    assert found.since_ms == NOON - 7 * QUARTER_MS
    assert found.outages == (("one", StateRange("down", NOON - 100, None, "c")), ("two", across))
    assert set(found.job_ids) == {"one", "two"}


@pytest.mark.parametrize("hours", ["0", "169", "x"])
async def test_availability_of_no_period_is_refused(client: httpx.AsyncClient, hours: str) -> None:
    """A week at most, an hour at least."""
    answer = await client.get(PATH, params={"hours": hours})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/hours")
