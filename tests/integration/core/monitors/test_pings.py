"""Heartbeats: pings of outside programs, and pings that do not come."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.core.errors import MonitorNotFound, PingNotFound
from app.core.incidents.store import IncidentStore
from app.core.models import JobSpec
from app.core.monitors.pings import MAX_OUTPUT_BYTES, Ping, PingStore, digest_of
from app.core.monitors.store import MonitorStore
from app.core.queue.pauses import Pauses
from app.core.records import Scope, ScopeKind
from app.core.redis_client import RedisLink
from app.core.secrets.sealing import SecretBox
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.queue.queue_driver import QueueDriver

JOB = "nightly-backup"
PERIOD_MS, GRACE_MS = 3_600_000, 60_000


@pytest.fixture
def pings(link: RedisLink, scripts: Scripts) -> PingStore:
    return PingStore(link, scripts, SecretBox(b"a key of these tests, long enough"))


@pytest.fixture
async def job(jobs: JobStore) -> str:
    inputs = {"period_sec": PERIOD_MS // 1_000}
    await jobs.create(JobSpec(job_id=JOB, type="monitor.heartbeat", inputs=inputs), actor="t", origin="t")
    return JOB


@pytest.fixture
async def token(pings: PingStore, job: str) -> str:
    return await pings.token(job)


async def state(monitors: MonitorStore) -> tuple[str, str | None]:
    [record] = await monitors.list()
    return record.state, record.last_error


async def make_late(driver: QueueDriver, by_ms: int = 5_000) -> int:
    """Set the instant from which the ping is late into the past; return it."""
    due = await driver.now_ms() - by_ms
    await driver.link.calls(
        [
            ("ZADD", driver.keys.pings_due, due, JOB),
            ("HSET", driver.keys.monitor(JOB), "due", due, "seen", due - 1_000, "since", due - 1_000),
        ]
    )
    return due


async def test_token_is_random_and_stays(
    pings: PingStore, token: str, monitors: MonitorStore, link: RedisLink, keys: Keys
) -> None:
    """Redis has it sealed, and its digest; the monitor is listed before the first ping."""
    assert len(token) == 24
    assert await pings.token(JOB) == token
    stored = str(await link.call("HGETALL", keys.ping_tokens)) + str(
        await link.call("HGETALL", keys.ping(JOB))
    )
    assert token not in stored
    assert await link.call("HGET", keys.ping_jobs, digest_of(token)) == JOB
    assert await state(monitors) == ("unknown", "no ping came yet")


async def test_a_success_is_up_and_a_failure_is_down_at_once(
    pings: PingStore, token: str, monitors: MonitorStore, incidents: IncidentStore
) -> None:
    """A failure opens the incident of the job, the next success closes it."""
    assert await pings.ping(token, Ping()) == JOB
    assert await state(monitors) == ("up", None)
    await pings.ping(token, Ping.of_exit(3))
    assert await state(monitors) == ("down", "exit code 3")
    [incident] = (await incidents.list("open")).items
    assert (incident.cause, incident.jobs) == ("exit code 3", [JOB])
    await pings.ping(token, Ping("fail"))
    assert await state(monitors) == ("down", "it reported a failure")
    await pings.ping(token, Ping.of_exit(0))
    assert await state(monitors) == ("up", None)
    assert (await incidents.list("open")).items == []
    detail = await monitors.get(JOB)
    assert detail is not None
    assert [each.state for each in detail.history] == ["unknown", "up", "down", "up"]


async def test_a_ping_that_does_not_come_is_down_from_then_on(
    pings: PingStore, token: str, driver: QueueDriver, monitors: MonitorStore, incidents: IncidentStore
) -> None:
    """To the millisecond, also before a scheduler has stored it; the next ping ends it."""
    await pings.ping(token, Ping())
    due = await make_late(driver)
    [record] = await monitors.list()
    assert (record.state, record.since, record.last_error) == ("down", due, "no ping came in time")
    assert (await incidents.list("open")).items == []
    await driver.queue.promote()
    [record] = await monitors.list()
    assert (record.state, record.since, record.last_error) == ("down", due, "no ping came in time")
    [incident] = (await incidents.list("open")).items
    assert (incident.kind, incident.since) == ("heartbeat_silent", due)
    await driver.queue.promote()
    assert (await driver.fields(driver.keys.monitor(JOB)))["changes"] == "2"
    await pings.ping(token, Ping())
    assert (await incidents.list("open")).items == []
    detail = await monitors.get(JOB)
    assert detail is not None
    [before, silent, now] = detail.history[-3:]
    assert (before.to_ms, silent.state, silent.from_ms, now.state) == (due, "down", due, "up")


async def test_a_heartbeat_is_never_unknown_for_its_length(
    pings: PingStore, token: str, driver: QueueDriver, monitors: MonitorStore
) -> None:
    """A day between two pings counts as up, however often they came before."""
    await pings.ping(token, Ping())
    day_ms = 86_400_000
    now = await driver.now_ms()
    await driver.link.call(
        "HSET", driver.keys.monitor(JOB), "seen", now - day_ms, "since", now - day_ms, "gap", 1_000
    )
    assert await state(monitors) == ("up", None)
    await pings.ping(token, Ping())
    [record] = await monitors.list()
    assert record.uptime.h24 == 1.0
    assert record.since == now - day_ms


async def test_a_report_counts_the_time_since_the_last_ping(
    pings: PingStore, token: str, driver: QueueDriver, monitors: MonitorStore
) -> None:
    """A silence that lasts is down time, and a day without the next ping is up time; within the period."""
    await pings.ping(token, Ping())
    due = await make_late(driver, by_ms=7_200_000)
    await driver.queue.promote()
    [silent] = await monitors.past([JOB], due - 10_000, due + 3_600_000)
    assert silent.time.down == 3_600_000
    [before] = await monitors.past([JOB], due - 86_400_000, due - 10_000)
    assert before.time.down == 0
    await driver.link.call("HSET", driver.keys.monitor(JOB), "state", "up")
    [up] = await monitors.past([JOB], due + 3_600_000, due + 3_660_000)
    assert up.time.up == 60_000


async def test_schedulers_wake_for_the_next_late_ping(
    driver: QueueDriver, pings: PingStore, token: str
) -> None:
    """The promotion returns the instant."""
    await pings.ping(token, Ping())
    due = int(float(await driver.link.call("ZSCORE", driver.keys.pings_due, JOB)))
    assert (await driver.queue.promote()).next_due_ms == due
    assert due - await driver.now_ms() == pytest.approx(PERIOD_MS + GRACE_MS, abs=30_000)


async def test_a_start_without_an_end_is_late_after_the_grace(
    driver: QueueDriver, pings: PingStore, token: str, monitors: MonitorStore
) -> None:
    """An end tells how long the program took."""
    await pings.ping(token, Ping())
    await pings.ping(token, Ping("start"))
    due = int(float(await driver.link.call("ZSCORE", driver.keys.pings_due, JOB)))
    assert due - await driver.now_ms() == pytest.approx(GRACE_MS, abs=30_000)
    await driver.link.call("HSET", driver.keys.ping(JOB), "started", await driver.now_ms() - 90_000)
    await pings.ping(token, Ping.of_exit(0, b"copied 12 files"))
    last = await pings.last(JOB)
    assert last is not None
    assert (last.kind, last.exit_code, last.output, last.started_at) == (
        "success",
        0,
        "copied 12 files",
        None,
    )
    assert last.took_ms == pytest.approx(90_000, abs=30_000)
    [record] = await monitors.list()
    assert record.latency_ms == last.took_ms


async def test_output_is_cut(pings: PingStore, token: str) -> None:
    """The beginning is kept, and any bytes become text."""
    await pings.ping(token, Ping(output=b"\xff\x00" + b"x" * 2 * MAX_OUTPUT_BYTES))
    last = await pings.last(JOB)
    assert last is not None
    assert last.output == "\ufffd" + "x" * (MAX_OUTPUT_BYTES - 2)


@pytest.mark.parametrize("wrong", ["", "x", "A" * 24, "é" * 24, "A" * 25])
async def test_a_wrong_token_is_not_found(pings: PingStore, token: str, wrong: str) -> None:
    """Whatever its form."""
    with pytest.raises(PingNotFound):
        await pings.ping(wrong, Ping())


async def test_a_rotated_token_is_not_found(pings: PingStore, token: str) -> None:
    """The new one is."""
    new = await pings.rotate(JOB)
    assert new != token
    assert await pings.token(JOB) == new
    with pytest.raises(PingNotFound):
        await pings.ping(token, Ping())
    assert await pings.ping(new, Ping()) == JOB


async def test_two_first_calls_make_one_token(pings: PingStore, job: str) -> None:
    """Both callers get it."""
    first, second = await asyncio.gather(pings.token(job), pings.token(job))
    assert first == second


async def test_a_token_sealed_by_a_replaced_key_is_not_stored(
    scripts: Scripts, job: str, link: RedisLink, keys: Keys
) -> None:
    """A rotation that began meanwhile would miss it."""
    await link.call("HSET", keys.secret_key, "id", "ffff")
    arguments: dict[str, Any] = {"job": job, "digest": "d", "sealed": "v2:aaaa:x", "replaces": ""}
    assert await scripts.run("monitors/issue_token", **arguments) == "CHANGED"
    await link.call("DEL", keys.secret_key)


async def test_a_job_of_another_type_has_no_ping_url(pings: PingStore, jobs: JobStore) -> None:
    """Nor has a job that does not exist."""
    await jobs.create(JobSpec(job_id="other", type="simulation.load"), actor="t", origin="t")
    for job_id in ("other", "unknown"):
        with pytest.raises(MonitorNotFound):
            await pings.token(job_id)


async def test_a_token_of_a_deleted_job_is_not_found(
    pings: PingStore, token: str, jobs: JobStore, link: RedisLink, keys: Keys
) -> None:
    """Nothing of it remains."""
    await pings.ping(token, Ping())
    await jobs.delete(JOB, actor="t")
    with pytest.raises(PingNotFound):
        await pings.ping(token, Ping())
    assert await link.call("EXISTS", keys.ping(JOB), keys.pings_due, keys.ping_jobs, keys.ping_tokens) == 0


async def save_period(jobs: JobStore, period_sec: int) -> None:
    spec = JobSpec(job_id=JOB, type="monitor.heartbeat", inputs={"period_sec": period_sec})
    await jobs.replace(spec, actor="t", origin="t", expected_version=None)


@pytest.mark.parametrize("period_sec", [10, 86_400])
async def test_a_heartbeat_with_other_times_is_expected_by_them(
    pings: PingStore, token: str, driver: QueueDriver, jobs: JobStore, period_sec: int
) -> None:
    """A longer period raises no alarm by the earlier one, and a shorter one does not wait for it."""
    await pings.ping(token, Ping())
    await save_period(jobs, period_sec)
    due = int(float(await driver.link.call("ZSCORE", driver.keys.pings_due, JOB)))
    expected_ms = period_sec * 1_000 + GRACE_MS
    assert due - await driver.now_ms() == pytest.approx(expected_ms, abs=30_000)


async def test_a_silence_ends_if_the_period_becomes_longer(
    pings: PingStore, token: str, driver: QueueDriver, jobs: JobStore, incidents: IncidentStore
) -> None:
    """The last ping came in time by the new one."""
    await pings.ping(token, Ping())
    await make_late(driver)
    await driver.queue.promote()
    assert len((await incidents.list("open")).items) == 1
    await save_period(jobs, 86_400)
    assert (await incidents.list("open")).items == []
    due = int(float(await driver.link.call("ZSCORE", driver.keys.pings_due, JOB)))
    assert due - await driver.now_ms() == pytest.approx(86_400_000 + GRACE_MS, abs=30_000)


class Switch:
    """Turns the heartbeat off and on, in one of two ways."""

    def __init__(self, how: str, jobs: JobStore, driver: QueueDriver) -> None:
        self.how, self.jobs = how, jobs
        self.pauses = Pauses(driver.link, driver.queue.scripts, driver.keys, driver.queue.clock)

    async def off(self) -> None:
        if self.how == "disabled":
            await self.jobs.set_enabled(JOB, False, actor="t")
        else:
            await self.pauses.pause(Scope(ScopeKind.ALL), actor="t")

    async def on(self) -> None:
        if self.how == "disabled":
            await self.jobs.set_enabled(JOB, True, actor="t")
        else:
            await self.pauses.resume(Scope(ScopeKind.ALL), actor="t")


@pytest.fixture(params=["disabled", "paused"])
def switch(request: pytest.FixtureRequest, jobs: JobStore, driver: QueueDriver) -> Switch:
    return Switch(request.param, jobs, driver)


async def test_a_heartbeat_that_is_paused_is_not_late(
    switch: Switch, pings: PingStore, token: str, driver: QueueDriver, monitors: MonitorStore
) -> None:
    """It is due again later; after the pause it is unknown until a ping comes."""
    await pings.ping(token, Ping())
    await switch.off()
    await make_late(driver)
    await driver.queue.promote()
    assert (await state(monitors))[0] == "paused"
    assert await driver.link.call("HLEN", driver.keys.incidents_open) == 0
    due = int(float(await driver.link.call("ZSCORE", driver.keys.pings_due, JOB)))
    assert due > await driver.now_ms()
    await switch.on()
    assert (await state(monitors))[0] == "unknown"
    await pings.ping(token, Ping())
    assert (await state(monitors))[0] == "up"


async def sleep_over(driver: QueueDriver, due: int, last_ping: int) -> None:
    """Say that processes ran until a minute after the last ping, and since a second ago."""
    now = await driver.now_ms()
    first = f"{last_ping - PERIOD_MS}|{last_ping + 60_000}|{last_ping + 75_000}"
    await driver.link.call("DEL", driver.keys.awake)
    await driver.link.call("RPUSH", driver.keys.awake, first, f"{now - 1_000}|{now}|{now + 15_000}")
    await driver.link.calls(
        [
            ("ZADD", driver.keys.pings_due, due, JOB),
            *(
                ("HSET", driver.keys.monitor(JOB), name, value)
                for name, value in (("due", due), ("seen", last_ping), ("since", last_ping))
            ),
            ("HSET", driver.keys.monitor(JOB), "waits", last_ping),
        ]
    )


async def test_a_heartbeat_is_not_late_because_the_platform_was_stopped(
    pings: PingStore, token: str, driver: QueueDriver, monitors: MonitorStore, incidents: IncidentStore
) -> None:
    """After a sleep it has a whole period for its ping; the time before counts as nothing."""
    await pings.ping(token, Ping())
    now = await driver.now_ms()
    due = now - 8 * PERIOD_MS
    await sleep_over(driver, due, due - PERIOD_MS - GRACE_MS)
    await driver.queue.promote()
    assert await state(monitors) == ("unknown", "the platform was stopped when a ping was due")
    assert (await incidents.list("open")).items == []
    expected = int(float(await driver.link.call("ZSCORE", driver.keys.pings_due, JOB)))
    assert expected - now == pytest.approx(PERIOD_MS + GRACE_MS, abs=30_000)
    await pings.ping(token, Ping())
    detail = await monitors.get(JOB)
    assert detail is not None
    assert [each.state for each in detail.history[1:3]] == ["up", "unknown"]
    assert detail.record.uptime.h24 == 1.0
    [past] = await monitors.past([JOB], now - 86_400_000, now)
    assert past.time.up == pytest.approx(60_000, abs=5_000)


async def test_a_list_after_a_stop_shows_no_late_heartbeat(
    pings: PingStore, token: str, driver: QueueDriver, monitors: MonitorStore
) -> None:
    """Also before a scheduler has looked at it."""
    await pings.ping(token, Ping())
    due = await driver.now_ms() - 8 * PERIOD_MS
    await sleep_over(driver, due, due - PERIOD_MS - GRACE_MS)
    assert await state(monitors) == ("unknown", "the platform was stopped when a ping was due")


async def test_a_heartbeat_is_late_although_the_platform_stops_again_and_again(
    pings: PingStore, token: str, driver: QueueDriver, monitors: MonitorStore, incidents: IncidentStore
) -> None:
    """After twice its time of watching a silence is one."""
    await pings.ping(token, Ping())
    now, half = await driver.now_ms(), PERIOD_MS // 2
    first = now - 10 * PERIOD_MS
    await driver.link.call("DEL", driver.keys.awake)
    for start in range(first, now - half, PERIOD_MS):
        await driver.link.call("RPUSH", driver.keys.awake, f"{start}|{start + half}|{start + half}")
    await driver.link.call("RPUSH", driver.keys.awake, f"{now - 1_000}|{now}|{now + 15_000}")
    due = first + PERIOD_MS + GRACE_MS
    await driver.link.calls(
        [
            ("ZADD", driver.keys.pings_due, due, JOB),
            ("HSET", driver.keys.monitor(JOB), "due", due, "seen", first, "since", first, "waits", first),
        ]
    )
    await driver.queue.promote()
    assert (await state(monitors))[0] == "down"
    [incident] = (await incidents.list("open")).items
    # Half of each period is watched: two periods and two graces of it, from the first one on.
    assert incident.since == first + 4 * PERIOD_MS + 2 * GRACE_MS


async def test_a_ping_that_an_earlier_version_took_is_waited_for(
    pings: PingStore, token: str, driver: QueueDriver, monitors: MonitorStore
) -> None:
    """It stores when the ping is late, and leaves the beginning of an earlier wait."""
    await pings.ping(token, Ping())
    now, minute = await driver.now_ms(), 60_000
    await driver.link.calls(
        [
            ("ZADD", driver.keys.pings_due, now - 1_000, JOB),
            ("HSET", driver.keys.monitor(JOB), "due", now - 1_000, "seen", now - minute),
            ("HSET", driver.keys.monitor(JOB), "since", now - minute, "waits", now - 40 * minute),
            ("DEL", driver.keys.awake),
            ("RPUSH", driver.keys.awake, f"1|{now - 30 * minute}|{now - 30 * minute}"),
            ("RPUSH", driver.keys.awake, f"{now - 20 * minute}|{now}|{now + 15_000}"),
        ]
    )
    await driver.queue.promote()
    assert await state(monitors) == ("down", "no ping came in time")


async def test_a_failure_in_a_pause_opens_no_incident(
    switch: Switch, pings: PingStore, token: str, monitors: MonitorStore, incidents: IncidentStore
) -> None:
    """The ping is stored, and nothing is judged."""
    await pings.ping(token, Ping())
    await switch.off()
    await pings.ping(token, Ping.of_exit(3))
    assert (await state(monitors))[0] == "paused"
    assert (await incidents.list("open")).items == []
    last = await pings.last(JOB)
    assert last is not None
    assert last.exit_code == 3


async def test_a_heartbeat_is_expected_again_after_a_pause(
    switch: Switch, pings: PingStore, token: str, driver: QueueDriver, monitors: MonitorStore
) -> None:
    """Its silence from before has no incident any more, so the next one must be noticed."""
    await pings.ping(token, Ping())
    await make_late(driver)
    await driver.queue.promote()
    await switch.off()
    assert await monitors.sweep() == 1
    await switch.on()
    assert await monitors.sweep() == 1
    assert (await state(monitors))[0] == "unknown"
    due = int(float(await driver.link.call("ZSCORE", driver.keys.pings_due, JOB)))
    assert due - await driver.now_ms() == pytest.approx(PERIOD_MS + GRACE_MS, abs=30_000)


async def test_a_heartbeat_that_comes_back_waits_for_its_ping(
    pings: PingStore, token: str, driver: QueueDriver, jobs: JobStore, monitors: MonitorStore
) -> None:
    """A type that is changed by mistake, and back, keeps the ping URL."""
    await pings.ping(token, Ping.of_exit(1))
    spec = JobSpec(job_id=JOB, type="monitor.http", inputs={"url": "https://shop.example"})
    await jobs.replace(spec, actor="t", origin="t", expected_version=None)
    assert await monitors.list() == []
    assert await driver.link.call("ZSCORE", driver.keys.pings_due, JOB) is None
    await save_period(jobs, PERIOD_MS // 1_000)
    assert await state(monitors) == ("unknown", "no ping came yet")
    assert await pings.ping(token, Ping()) == JOB
