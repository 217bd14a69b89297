"""ctx.platform on a real server: roll-ups, errors, availability, runs, checks, wherever a handler runs."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from app.core.clock import DAY_MS, QUARTER_MS, SystemClock
from app.core.config import Settings
from app.core.connectors.base import AccountHealth
from app.core.errors import InvalidInput, PolicyDenied
from app.core.incidents.models import IncidentKind
from app.core.incidents.store import IncidentStore
from app.core.messaging.outbox import Outbox
from app.core.models import AttemptOutcome, Calendar, JobSpec, RunStatus
from app.core.monitors.models import StateRange, TimeByState
from app.core.monitors.store import MonitorStore
from app.core.redis_client import RedisLink
from app.core.runs.search import RunFilter
from app.core.specs.store import JobStore
from app.core.statistics import periods as stats_reader
from app.core.statistics.periods import Period, PeriodStats, StatsReader
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.core.tools.platform import PlatformTool
from tests.support.jobs.job_harness import JobHarness
from tests.support.jobs.stored_monitors import store_monitor
from tests.support.queue import handlers
from tests.support.queue.queue_driver import QueueDriver
from tests.support.redis_server import fresh_settings

WAYS = ("loop", "thread", "process")


@pytest.fixture
def settings(redis_url: str, tmp_path: Any) -> Settings:
    return fresh_settings(redis_url, tmp_path, handler_modules=[handlers.__name__])


@pytest.fixture
def reader(link: RedisLink, keys: Keys) -> StatsReader:
    monitors = MonitorStore(link, Scripts(link, keys), keys, SystemClock())
    return StatsReader(link, keys, monitors, "Asia/Jakarta")


@pytest.fixture
async def harness(driver: QueueDriver, settings: Settings) -> JobHarness:
    return JobHarness(driver, settings)


class Caller:
    """Brings calls straight to a performer that a harness's worker would use."""

    def __init__(self, harness: JobHarness, job_type: str = "test.platform") -> None:
        shop = harness._runner._services.tool_runtime
        allowance = shop.policies.allowance(job_type, "platform")
        assert allowance is not None
        self._tool = shop.factories["platform"](None, None, allowance)  # pyright: ignore[reportArgumentType]

    async def call(self, tool: str, op: str, *args: Any) -> Any:
        # Through JSON, as the pipe of a child process does it.
        return orjson.loads(orjson.dumps(await self._tool.perform(op, orjson.loads(orjson.dumps(args)))))


@pytest.fixture
async def platform(harness: JobHarness) -> PlatformTool:
    return PlatformTool(Caller(harness))


async def day_so_far(driver: QueueDriver) -> Period:
    now_ms = await driver.now_ms()
    return Period((now_ms - DAY_MS) // QUARTER_MS * QUARTER_MS, now_ms + 1)


async def put_rollup(driver: QueueDriver, job_id: str, quarter: int, fields: dict[str, int]) -> None:
    """Write what the finish script would have written in another quarter hour (since 1970)."""
    keys, (day, part) = driver.keys, divmod(quarter, 96)
    for name, number in fields.items():
        await driver.link.call("HINCRBY", keys.rollup_quarter(job_id, day), f"{part}|{name}", number)
    await driver.link.call("HINCRBY", keys.rollup_jobs(day), job_id, 1)
    for key in (keys.rollup_quarter(job_id, day), keys.rollup_jobs(day)):
        await driver.link.call("EXPIRE", key, 600)


async def test_an_end_is_noted_by_day_and_job(driver: QueueDriver) -> None:
    """The day knows which jobs had ends, and how many, for as long as their quarter hours are kept."""
    for job_id in ("job-a", "job-a", "job-b"):
        await driver.finish(await driver.start(job_id))
    key = driver.keys.rollup_jobs(await driver.now_ms() // DAY_MS)
    assert await driver.fields(key) == {"job-a": "2", "job-b": "1"}
    assert 0 < await driver.link.call("TTL", key) <= 41 * 86_400


async def test_stats_count_what_ended_by_job(driver: QueueDriver, reader: StatsReader) -> None:
    """Ends by status, in total and by job; the job with most failures comes first."""
    await driver.finish(await driver.start("good"))
    await driver.finish(await driver.start("good"))
    await driver.fail("bad")
    await driver.queue.cancel(await driver.enqueue("bad"))
    stats = await reader.stats(await day_so_far(driver))
    assert (stats.total.success, stats.total.failed, stats.total.cancelled, stats.total.runs) == (2, 1, 1, 4)
    assert [job.job_id for job in stats.jobs] == ["bad", "good"]
    assert (stats.jobs_total, stats.timezone) == (2, "Asia/Jakarta")
    assert stats.total.p95_ms is not None


async def test_stats_of_an_empty_platform_are_empty(driver: QueueDriver, reader: StatsReader) -> None:
    """Nothing ran: zeros and Nones, no error."""
    stats = await reader.stats(await day_so_far(driver))
    assert (stats.total.runs, stats.total.p50_ms, stats.total.success_rate) == (0, None, None)
    assert (stats.jobs, stats.errors, stats.monitors, stats.errors_complete) == ((), (), (), True)


async def test_stats_take_the_quarter_hours_of_the_period(driver: QueueDriver, reader: StatsReader) -> None:
    """What ended before it or after it is another period's."""
    period = Period(100 * DAY_MS + 2 * QUARTER_MS, 101 * DAY_MS)
    first = period.quarters.start
    await put_rollup(driver, "a", first - 1, {"success": 1})
    await put_rollup(driver, "a", first, {"success": 10, "ms": 50, "duration|b10": 10})
    await put_rollup(driver, "a", period.quarters.stop - 1, {"failed": 100})
    await put_rollup(driver, "a", period.quarters.stop, {"failed": 1000})
    stats = await reader.stats(period)
    assert (stats.total.success, stats.total.failed, stats.total.total_ms) == (10, 100, 50)
    assert stats.total.p50_ms == 10


async def test_stats_know_jobs_that_were_deleted(
    driver: QueueDriver, reader: StatsReader, jobs: JobStore
) -> None:
    """Their runs happened; only their type is forgotten."""
    spec = JobSpec(job_id="gone", type="simulation.load")
    await jobs.create(spec, actor="t", origin="t")
    await driver.finish(await driver.start("gone"))
    assert (await reader.stats(await day_so_far(driver))).jobs[0].type == "simulation.load"
    await jobs.delete("gone", actor="t")
    stats = await reader.stats(await day_so_far(driver))
    assert [(job.job_id, job.type, job.figures.runs) for job in stats.jobs] == [("gone", "", 1)]


async def test_stats_group_errors_by_fingerprint(driver: QueueDriver, reader: StatsReader) -> None:
    """Equal errors are one group with its jobs and its newest run; the most frequent comes first."""
    error = '{"code": "exception", "message": "it broke"}'
    for job_id, fingerprint in (("a", "f1"), ("b", "f1"), ("a", "f2")):
        run = await driver.start(job_id)
        await driver.finish(run, AttemptOutcome.FAILED, error=error, fingerprint=fingerprint)
    stats = await reader.stats(await day_so_far(driver))
    assert [(group.fingerprint, group.count) for group in stats.errors] == [("f1", 2), ("f2", 1)]
    first = stats.errors[0]
    assert (set(first.job_ids), first.code, first.message) == ({"a", "b"}, "exception", "it broke")
    assert stats.errors_complete


async def test_stats_leave_out_errors_of_other_periods(driver: QueueDriver, reader: StatsReader) -> None:
    """A failed run counts at the time at which it ended."""
    now_ms = await driver.now_ms()
    await driver.fail("a")
    before = Period(now_ms // QUARTER_MS * QUARTER_MS - DAY_MS, now_ms // QUARTER_MS * QUARTER_MS)
    assert (await reader.stats(before)).errors == ()


async def test_stats_say_if_some_errors_were_not_read(
    driver: QueueDriver, reader: StatsReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest failed runs are looked at, a bounded number; the rest is not passed over in silence."""
    monkeypatch.setattr(stats_reader, "MAX_FAILED_RUNS", 2)
    for _ in range(3):
        await driver.fail("a")
    stats = await reader.stats(await day_so_far(driver))
    assert (stats.errors[0].count, stats.errors_complete, stats.total.failed) == (2, False, 3)


async def test_stats_tell_the_availability_of_monitors(
    driver: QueueDriver, reader: StatsReader, jobs: JobStore
) -> None:
    """Time by state within the period, the outages that touch it, and how things stand now."""
    await jobs.create(
        JobSpec(
            job_id="watch", type="monitor.channel", inputs={"channel": "telegram", "account_id": "bot_a01"}
        ),
        actor="t",
        origin="t",
    )
    await jobs.create(JobSpec(job_id="other", type="simulation.load"), actor="t", origin="t")
    period = await day_so_far(driver)
    quarter = period.quarters.start
    await store_monitor(
        driver.link,
        driver.keys,
        "watch",
        state="down",
        since=period.to_ms - 50,
        seen=period.to_ms - 5,
        fields={
            "reason": "status",
            "detail": "503 Service Unavailable",
            "target": "telegram bot_a01",
            "type": "monitor.channel",
        },
        quarters={quarter: TimeByState(1000, 200, 30), quarter - 1: TimeByState(1, 1, 1)},
        ranges=[StateRange("down", 1, 2, "long ago")],
    )
    (watch,) = (await reader.stats(period)).monitors
    assert (watch.job_id, watch.state, watch.subject) == ("watch", "down", "telegram bot_a01")
    assert (watch.up_ms, watch.degraded_ms, watch.down_ms) == (1000, 200, 35)
    assert (watch.outages, watch.detail) == (
        (StateRange("down", period.to_ms - 50, None, "status"),),
        "503 Service Unavailable",
    )
    assert watch.availability == pytest.approx(1200 / 1235)


async def test_runs_are_paged_through_newest_first(platform: PlatformTool, driver: QueueDriver) -> None:
    """All runs that fit, however many pages it takes, as whole records."""
    made = await driver.enqueue_some(7, "a")
    await driver.enqueue_some(2, "b")
    page = await platform.runs_page(RunFilter(job_id="a"), None, 3)
    assert ([run.run_id for run in page.items], page.total) == ([*reversed(made)][:3], 7)
    following = await platform.runs_page(RunFilter(job_id="a"), page.next_cursor, 3)
    assert following.items[0].run_id == made[3]
    found = [run async for run in platform.runs(RunFilter(job_id="a", status=RunStatus.QUEUED))]
    assert [run.run_id for run in found] == [*reversed(made)]
    assert found[0].status is RunStatus.QUEUED


@pytest.mark.parametrize("way", WAYS)
async def test_platform_answers_wherever_the_handler_runs(
    harness: JobHarness, driver: QueueDriver, way: str
) -> None:
    """In the loop, in a thread and in a child process the same figures arrive."""
    await driver.fail("a")
    period = await day_so_far(driver)
    asked = {"what": "stats", "from_ms": period.from_ms, "to_ms": period.to_ms, "runs_in": way}
    result = await harness.run("test.platform", asked)
    assert result.status is RunStatus.SUCCESS, result.error
    assert result.output["total"]["failed"] == 1
    assert (await harness.run("test.platform", {"what": "timezone", "runs_in": way})).output == "Asia/Jakarta"
    ids = (await harness.run("test.platform", {"what": "runs", "job_id": "a", "runs_in": way})).output
    assert len(ids) == 1


@pytest.mark.parametrize("way", WAYS)
async def test_check_of_an_account_reaches_the_connector(harness: JobHarness, way: str) -> None:
    """The answer is the connector's own; an account that is not set up names the command."""
    harness.answers["sandbox", "default"] = AccountHealth("up", None, 3, "fine", 7)
    async with harness.connector():
        asked = {"what": "check", "channel": "sandbox", "account_id": "default", "runs_in": way}
        result = await harness.run("test.platform", asked)
        assert result.output == {
            "state": "up",
            "reason": None,
            "latency_ms": 3,
            "detail": "fine",
            "checked_at": 7,
            "command": None,
        }
        unset = (await harness.run("test.platform", {"what": "check", "runs_in": way})).output
    assert (unset["state"], unset["command"]) == ("not_configured", "multi-job connect telegram bot_a01")


async def test_check_without_an_answer_fails_to_be_tried_again(harness: JobHarness) -> None:
    """Without a connector the run's failure says so, and is retryable."""
    asked = {"what": "check", "channel": "sandbox", "account_id": "default", "timeout_sec": 0.2}
    result = await harness.run("test.platform", asked)
    assert result.status is RunStatus.RETRYING
    assert result.attempts[0].error is not None
    assert result.attempts[0].error["code"] == "check_unavailable"


async def test_channel_that_no_connector_serves_is_unsupported(platform: PlatformTool) -> None:
    """It is not configured, and no request is sent."""
    answer = await platform.check_channel("pigeon", "team")
    assert (answer.state, answer.reason) == ("not_configured", "unsupported")


async def test_channel_that_the_policy_does_not_name_is_refused(platform: PlatformTool) -> None:
    """A refusal is no `down`: it is raised."""
    with pytest.raises(PolicyDenied, match="whatsapp"):
        await platform.check_channel("whatsapp", "ops_01")


@pytest.mark.parametrize(
    "call",
    [
        ("stats", 5, 5),
        ("stats", -1, 5),
        ("stats", 0, 42 * DAY_MS),
        ("stats", "a", "b"),
        ("runs", {"job_id": None, "status": None, "q": None, "since_ms": None}, None, 201),
        ("check_channel", "telegram", "a", 0),
        ("check_channel", "telegram", "a", 61),
        ("calendars", []),
        ("calendars", "leave"),
        ("calendars", [1]),
        ("calendars", [f"c{number}" for number in range(11)]),
        ("nonsense",),
    ],
)
async def test_calls_out_of_bounds_are_refused(harness: JobHarness, call: tuple[Any, ...]) -> None:
    """Periods, pages and time-outs have limits, and other operations do not exist."""
    with pytest.raises(InvalidInput):
        await Caller(harness).call("platform", *call)


async def test_calendars_are_given_by_name(platform: PlatformTool, jobs: JobStore) -> None:
    """Those that exist, as they are at the moment of the call."""
    await jobs.calendars.put("leave", Calendar(dates=["12-25"], holidays="ID"), "ana")
    assert await platform.calendars(["leave", "gone"]) == {"leave": Calendar(dates=["12-25"], holidays="ID")}
    await jobs.calendars.put("leave", Calendar(weekdays=[0]), "ana")
    assert await platform.calendars(["leave"]) == {"leave": Calendar(weekdays=[0])}


async def test_stats_cross_the_pipe_of_a_child_unchanged(
    platform: PlatformTool, driver: QueueDriver, reader: StatsReader
) -> None:
    """What a facade gives is what the reader read, down to the types."""
    await driver.fail("a")
    period = await day_so_far(driver)
    result = await platform.stats(period)
    assert isinstance(result, PeriodStats)
    assert result == await reader.stats(period)


async def test_platform_reads_the_incidents_and_messages_of_a_period(
    platform: PlatformTool, driver: QueueDriver, link: RedisLink, scripts: Scripts, keys: Keys
) -> None:
    """An incident that touches the period, open or closed; messages by state that were stored in it."""
    clock = SystemClock()
    incidents, outbox = IncidentStore(link, scripts, keys, clock), Outbox(link, scripts, keys, clock)
    now_ms = await driver.now_ms()
    for key in ("redis_memory", "clock"):
        kind = IncidentKind.REDIS_MEMORY
        await incidents.open(
            key, kind, severity="warning", subject=key, cause="it is full", since_ms=now_ms - 60_000
        )
    await incidents.close("clock")
    await outbox.put("m1", "sandbox", "default", "inbox", "halo")
    await outbox.put("m2", "sandbox", "default", "inbox", "halo")
    await outbox.close("m2", "ani")
    period = Period(now_ms - 30_000, now_ms + 60_000)
    found = await platform.incidents(period)
    assert [(each.subject, each.from_ms, each.to_ms is None) for each in found] == [
        ("redis_memory", now_ms - 60_000, True),
        ("clock", now_ms - 60_000, False),
    ]
    counts = await platform.messages(period)
    assert (counts.by_state, counts.complete) == ({"pending": 1, "failed": 1}, True)
    early = Period(now_ms - 120_000, now_ms - 90_000)
    assert await platform.incidents(early) == []
    assert (await platform.messages(early)).by_state == {}
