"""The finish of a check writes the monitor: state, ranges, time by state, and its incident."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core.clock import SystemClock
from app.core.execution.attempt import encode_check
from app.core.incidents.store import IncidentStore
from app.core.models import AttemptOutcome, ClaimedRun, JobSpec, Schedule
from app.core.monitors import store
from app.core.monitors.models import MonitorReport, MonitorWarning
from app.core.monitors.store import MonitorMark, MonitorStore
from app.core.redis_client import RedisLink
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.queue.queue_driver import QueueDriver

UP = MonitorReport("up", "https://shop.example", "monitor:shop.example", latency_ms=40)
DOWN = MonitorReport("down", "https://shop.example", "monitor:shop.example", "status", "status 503")
SEC = 1_000


class Watched:
    """A monitor's job, and checks of it at chosen instants."""

    def __init__(self, driver: QueueDriver, monitors: MonitorStore, start_ms: int, job_id: str) -> None:
        self.driver, self.monitors, self.start_ms, self.job_id = driver, monitors, start_ms, job_id

    async def begin(self, after_ms: int) -> ClaimedRun:
        """Return a run that was started at an instant."""
        run = await self.driver.start(self.job_id, type="monitor.http")
        await self.driver.link.call(
            "HSET", self.driver.keys.run(run.run_id), "started", self.start_ms + after_ms
        )
        return run

    async def check(self, report: MonitorReport, after_ms: int) -> str:
        """End a run that was started at an instant with a report."""
        return await self.driver.finish(await self.begin(after_ms), check=encode_check(report))

    async def ran(self, *intervals_sec: tuple[int, int]) -> None:
        """Say when processes ran, in seconds since the start."""
        await self.driver.link.call("DEL", self.driver.keys.awake)
        for first, last in intervals_sec:
            from_ms, to_ms = self.start_ms + first * SEC, self.start_ms + last * SEC
            await self.driver.link.call("RPUSH", self.driver.keys.awake, f"{from_ms}|{to_ms}|{to_ms}")

    async def set_next_slot(self, after_ms: int) -> None:
        """Set when the job fires next."""
        key = self.driver.keys.job(self.job_id)
        await self.driver.link.call("HSET", key, "slot", self.start_ms + after_ms)

    async def times(self) -> list[int]:
        """Return the stored seconds in up, degraded and down."""
        days = await self.driver.fields(self.driver.keys.monitor_days(self.job_id))
        times = zip(*(map(int, text.split(",")) for text in days.values()), strict=True)
        return [sum(column) // SEC for column in times]

    async def ranges(self) -> list[tuple[str, int, int | None]]:
        """Return states with their instants since the start."""
        detail = await self.monitors.get(self.job_id)
        assert detail is not None
        return [
            (
                each.state,
                each.from_ms - self.start_ms,
                None if each.to_ms is None else each.to_ms - self.start_ms,
            )
            for each in detail.history
        ]

    async def fields(self) -> dict[str, str]:
        return await self.driver.fields(self.driver.keys.monitor(self.job_id))


@pytest.fixture
def monitors(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> MonitorStore:
    return MonitorStore(link, scripts, keys, clock)


@pytest.fixture
def incidents(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> IncidentStore:
    return IncidentStore(link, scripts, keys, clock)


@pytest.fixture
async def watched(driver: QueueDriver, monitors: MonitorStore, jobs: JobStore) -> Watched:
    await add_job(jobs, "shop")
    now_ms = await driver.now_ms()
    return Watched(driver, monitors, now_ms - 3_600 * SEC, "shop")


async def add_job(jobs: JobStore, job_id: str, **more: Any) -> None:
    spec = JobSpec(job_id=job_id, type="monitor.http", inputs={"url": "https://shop.example"}, **more)
    await jobs.create(spec, actor="t", origin="t")


async def test_checks_become_ranges_to_the_millisecond(watched: Watched) -> None:
    """The time between two checks counts as the state of the earlier one."""
    for report, at in ((UP, 0), (UP, 30), (DOWN, 60), (DOWN, 90), (UP, 120), (UP, 150)):
        assert await watched.check(report, at * SEC) == "OK"
    assert await watched.ranges() == [
        ("up", 0, 60 * SEC),
        ("down", 60 * SEC, 120 * SEC),
        ("unknown", 150 * SEC, None),
    ]
    days = await watched.driver.fields(watched.driver.keys.monitor_days("shop"))
    sums = [
        sum(column) for column in zip(*(map(int, text.split(",")) for text in days.values()), strict=True)
    ]
    assert sums == [90 * SEC, 0, 60 * SEC]
    [record] = await watched.monitors.list()
    assert record.uptime.h24 == pytest.approx(90 / 150)
    assert (record.latency.p50_ms, record.changes, record.last_check_at) == (
        40,
        3,
        watched.start_ms + 150 * SEC,
    )


async def test_a_check_that_is_sent_again_counts_once(watched: Watched) -> None:
    """The finish of a run is done once, and so is its check."""
    run = await watched.driver.start("shop", type="monitor.http")
    for _ in range(2):
        assert await watched.driver.finish(run, check=encode_check(DOWN)) == "OK"
    assert (await watched.fields())["fails"] == "1"


async def test_an_older_check_changes_nothing(watched: Watched) -> None:
    """Overlapping checks may end in another order than their runs were made."""
    older = await watched.begin(30 * SEC)
    await watched.check(UP, 60 * SEC)
    await watched.driver.finish(older, check=encode_check(DOWN))
    assert (await watched.fields())["state"] == "up"


async def test_an_older_failure_changes_nothing(watched: Watched) -> None:
    """A check that broke says nothing about a later one."""
    older = await watched.begin(30 * SEC)
    await watched.check(UP, 60 * SEC)
    await watched.driver.finish(older, AttemptOutcome.FAILED, error="{}")
    assert (await watched.fields())["state"] == "up"


async def test_a_long_silence_is_unknown(watched: Watched) -> None:
    """Time that was not watched counts as nothing."""
    await watched.check(UP, 0)
    await watched.check(UP, 30 * SEC)
    await watched.check(UP, 1_800 * SEC)
    assert (await watched.ranges())[:2] == [("up", 0, 30 * SEC), ("unknown", 30 * SEC, 1_800 * SEC)]
    [record] = await watched.monitors.list()
    assert record.uptime.h24 == 1.0


async def test_an_incident_opens_after_the_checks_and_the_time_that_the_job_names(
    watched: Watched, incidents: IncidentStore
) -> None:
    """Both conditions must hold."""
    report = replace(DOWN, fail_after=2, after_ms=60 * SEC)
    for at in (0, 30):
        await watched.check(report, at * SEC)
        assert (await incidents.list("open")).items == []
    await watched.check(report, 60 * SEC)
    [incident] = (await incidents.list("open")).items
    assert (incident.cause, incident.jobs, incident.since) == ("status 503", ["shop"], watched.start_ms)
    assert (await watched.fields())["incident"] == incident.id


async def test_a_good_check_closes_the_incident(watched: Watched, incidents: IncidentStore) -> None:
    """The incident ends, and the monitor names it no more."""
    await watched.check(DOWN, 0)
    await watched.check(UP, 30 * SEC)
    assert (await incidents.list("open")).items == []
    [incident] = (await incidents.list("closed")).items
    assert [entry.what for entry in incident.timeline] == ["opened", "closed"]
    assert "incident" not in await watched.fields()


async def test_monitors_of_one_host_are_one_incident(
    watched: Watched, jobs: JobStore, incidents: IncidentStore
) -> None:
    """It ends with the last of them."""
    await add_job(jobs, "cart")
    other = Watched(watched.driver, watched.monitors, watched.start_ms, "cart")
    await watched.check(DOWN, 0)
    await other.check(DOWN, 0)
    [incident] = (await incidents.list("open")).items
    assert sorted(incident.jobs) == ["cart", "shop"]
    await watched.check(UP, 30 * SEC)
    assert len((await incidents.list("open")).items) == 1
    await other.check(UP, 30 * SEC)
    assert (await incidents.list("open")).items == []


async def test_an_incident_that_gets_worse_is_critical(
    watched: Watched, jobs: JobStore, incidents: IncidentStore
) -> None:
    """Its title is that of the newest state; a slow monitor of the host does not hide one that is down."""
    slow = replace(DOWN, state="degraded", reason="slow", bad=("degraded", "down"))
    await watched.check(slow, 0)
    [incident] = (await incidents.list("open")).items
    assert (incident.severity, incident.data["state"]) == ("warning", "degraded")
    await watched.check(DOWN, 30 * SEC)
    [incident] = (await incidents.list("open")).items
    assert (incident.severity, incident.data["state"]) == ("critical", "down")
    await add_job(jobs, "cart")
    other = Watched(watched.driver, watched.monitors, watched.start_ms, "cart")
    await other.check(slow, 40 * SEC)
    [incident] = (await incidents.list("open")).items
    assert incident.data["state"] == "down"
    await watched.check(UP, 60 * SEC)
    await other.check(slow, 70 * SEC)
    [incident] = (await incidents.list("open")).items
    assert (incident.severity, incident.data["state"]) == ("critical", "degraded")


async def test_a_failed_check_leaves_the_state_unknown(watched: Watched) -> None:
    """A check that broke says nothing about what it checks."""
    await watched.check(UP, 0)
    run = await watched.driver.start("shop", type="monitor.http")
    await watched.driver.finish(run, AttemptOutcome.FAILED, error="{}")
    fields = await watched.fields()
    assert (fields["state"], fields["reason"]) == ("unknown", "check_failed")


async def test_a_check_of_a_deleted_job_leaves_no_monitor(watched: Watched, jobs: JobStore) -> None:
    """A run that ends after its job is gone writes nothing."""
    run = await watched.driver.start("shop", type="monitor.http")
    await jobs.delete("shop", actor="t")
    assert await watched.driver.finish(run, check=encode_check(UP)) == "OK"
    assert await watched.fields() == {}


async def test_delete_ends_the_monitor_of_a_job(
    watched: Watched, jobs: JobStore, incidents: IncidentStore
) -> None:
    """Its keys are gone, and its incident is closed."""
    await watched.check(DOWN, 0)
    await jobs.delete("shop", actor="t")
    assert await watched.monitors.list() == []
    assert (await incidents.list("open")).items == []
    [incident] = (await incidents.list("closed")).items
    assert incident.end_words == "The job was deleted."


async def test_marking_a_monitor_again_changes_nothing(watched: Watched) -> None:
    """A pause is one range, for any number of marks."""
    await watched.check(UP, 0)
    mark = MonitorMark("shop", "paused", watched.start_ms + 20 * SEC, "disabled")
    assert await watched.monitors.mark([mark]) == 1
    assert await watched.monitors.mark([mark]) == 0
    await watched.check(UP, 60 * SEC)
    assert (await watched.ranges())[:2] == [("up", 0, 20 * SEC), ("paused", 20 * SEC, 60 * SEC)]


async def test_a_report_that_can_not_be_read_does_not_keep_a_run(watched: Watched) -> None:
    """It is quarantined, and the run ends."""
    run = await watched.driver.start("shop", type="monitor.http")
    assert await watched.driver.finish(run, check="{") == "OK"
    assert await watched.driver.status(run.run_id) == "success"


async def test_a_monitor_that_is_switched_off_is_paused(watched: Watched, jobs: JobStore) -> None:
    """The present state says so at once."""
    await watched.check(UP, 0)
    await jobs.set_enabled("shop", False, actor="t")
    [record] = await watched.monitors.list()
    assert (record.state, record.reason) == ("paused", "disabled")


CERTIFICATE = MonitorWarning(
    "certificate_ends", "certificate:shop.example", "shop.example", "the certificate ends in 9 days"
)


async def test_a_certificate_that_ends_is_an_incident_of_its_own(
    watched: Watched, incidents: IncidentStore
) -> None:
    """It stays while the site does not answer, and ends with a new certificate."""
    await watched.check(replace(UP, state="degraded", warning=CERTIFICATE), 0)
    await watched.check(DOWN, 30 * SEC)
    kinds = sorted(each.kind for each in (await incidents.list("open")).items)
    assert kinds == ["certificate_ends", "monitor_down"]
    await watched.check(replace(UP, warning=replace(CERTIFICATE, detail="")), 60 * SEC)
    assert (await incidents.list("open")).items == []


async def test_delete_ends_the_warning_of_a_monitor(
    watched: Watched, jobs: JobStore, incidents: IncidentStore
) -> None:
    """No incident remains of a job that is gone."""
    await watched.check(replace(UP, warning=CERTIFICATE), 0)
    await jobs.delete("shop", actor="t")
    assert (await incidents.list("open")).items == []


async def test_a_monitor_of_another_host_leaves_the_incident_of_the_first(
    watched: Watched, incidents: IncidentStore
) -> None:
    """A changed address ends what was wrong with the earlier one."""
    await watched.check(DOWN, 0)
    await watched.check(replace(DOWN, group="monitor:new.example"), 30 * SEC)
    [incident] = (await incidents.list("open")).items
    assert incident.key == "monitor:new.example"
    await watched.check(UP, 60 * SEC)
    assert (await incidents.list("open")).items == []


@pytest.mark.parametrize(
    "elsewhere", [{"target": "https://shop.example/new"}, {"group": "monitor:new.example"}]
)
async def test_a_monitor_that_checks_another_page_says_so(
    watched: Watched, incidents: IncidentStore, elsewhere: dict[str, str]
) -> None:
    """Nothing is known about the page that was down."""
    await watched.check(DOWN, 0)
    await watched.check(replace(UP, **elsewhere), 30 * SEC)
    [incident] = (await incidents.list("closed")).items
    assert incident.end_words == "The monitor checks something else now."


async def test_states_of_jobs_take_one_round_trip(watched: Watched, jobs: JobStore, link: RedisLink) -> None:
    """With since when, the incident, the reason and the uptime; jobs that are no monitors are left out."""
    await add_job(jobs, "other")
    await watched.check(UP, 3_540 * SEC)
    await watched.check(DOWN, 3_570 * SEC)
    await watched.monitors.briefs(["shop"])  # the server has the script then
    before = link.round_trips
    briefs = await watched.monitors.briefs(["shop", "other", "unknown", "shop"])
    assert link.round_trips - before == 1
    assert list(briefs) == ["shop"]
    brief = briefs["shop"]
    assert (brief.state, brief.since, brief.last_error) == (
        "down",
        watched.start_ms + 3_570 * SEC,
        "status 503",
    )
    assert brief.incident_id is not None
    assert brief.uptime is not None
    assert 0.4 < brief.uptime < 0.55


async def test_a_list_of_monitors_takes_two_round_trips(
    watched: Watched, jobs: JobStore, link: RedisLink
) -> None:
    """However many there are."""
    for number in range(20):
        await add_job(jobs, f"job-{number}")
        await Watched(watched.driver, watched.monitors, watched.start_ms, f"job-{number}").check(UP, 0)
    await watched.monitors.list()  # the server has the script then
    before = link.round_trips
    assert len(await watched.monitors.list()) == 20
    assert link.round_trips - before == 2


async def test_a_reason_without_a_check_is_in_words(watched: Watched) -> None:
    """An unknown state says why."""
    await watched.check(DOWN, 0)
    [record] = await watched.monitors.list()
    assert (record.state, record.last_error) == ("unknown", "no check came")


async def test_the_worst_monitors_come_first(watched: Watched, jobs: JobStore) -> None:
    """A list of the worst is cut; without it the order is that of creation."""
    now_ms = await watched.driver.now_ms()
    await watched.check(UP, now_ms - watched.start_ms)
    await add_job(jobs, "cart")
    await Watched(watched.driver, watched.monitors, now_ms, "cart").check(DOWN, 0)
    assert [each.job_id for each in await watched.monitors.list()] == ["shop", "cart"]
    assert [each.job_id for each in await watched.monitors.list(worst=1)] == ["cart"]
    assert [each.job_id for each in await watched.monitors.list(worst=9)] == ["cart", "shop"]
    assert await watched.monitors.count() == 2


async def test_a_monitor_that_is_made_again_has_no_earlier_time(watched: Watched, jobs: JobStore) -> None:
    """A process that has shown the deleted one shows nothing of it, at its next list."""
    for after in (0, 60, 120):
        await watched.check(DOWN, after * SEC)
    [record] = await watched.monitors.list()
    assert (record.uptime.h24, record.latency.p50_ms) == (0.0, None)
    await jobs.delete("shop", actor="t")
    await add_job(jobs, "shop")
    for after in (3_300, 3_360, 3_420):
        await watched.check(UP, after * SEC)
    [record] = await watched.monitors.list()
    assert (record.uptime.h24, record.uptime.d7, record.latency.p50_ms) == (1.0, 1.0, 40)
    assert "down" not in {bar.state for bar in record.hours}


async def test_a_monitor_follows_its_checks_after_the_clock_went_back(
    watched: Watched, incidents: IncidentStore, scripts: Scripts
) -> None:
    """The first check after the step opens the incident, and no state lasts until the clock has caught up."""
    now_ms = await watched.driver.now_ms()
    hour_ms = 3_600 * SEC
    await watched.check(UP, now_ms - watched.start_ms - 60 * SEC)
    await watched.check(UP, now_ms - watched.start_ms - 30 * SEC)
    key, ahead_ms = watched.driver.keys.monitor("shop"), now_ms + hour_ms
    fields = await watched.fields()
    await watched.driver.link.call(
        *("HSET", key),
        *(part for name in ("since", "seen", "checked") for part in (name, int(fields[name]) + hour_ms)),
    )
    await watched.driver.link.call("LSET", watched.driver.keys.awake, -1, f"1|{ahead_ms}|{ahead_ms + 1}")
    await watched.check(DOWN, now_ms - watched.start_ms)
    fields = await watched.fields()
    assert (fields["state"], int(fields["since"])) == ("down", now_ms)
    assert len((await incidents.list("open")).items) == 1
    assert await watched.times() == pytest.approx([60, 0, 0], abs=2)
    [record] = await watched.monitors.list()
    assert record.state == "down"


async def test_a_stop_of_the_platform_is_unknown(watched: Watched) -> None:
    """Two sleeps with a short wake between are no time in the state before."""
    await watched.ran((-60, 50), (200, 210), (400, 3_600))
    for at in (0, 40, 205, 420):
        await watched.check(UP, at * SEC)
    assert (await watched.ranges())[:4] == [
        ("up", 0, 50 * SEC),
        ("unknown", 50 * SEC, 200 * SEC),
        ("up", 200 * SEC, 210 * SEC),
        ("unknown", 210 * SEC, 400 * SEC),
    ]
    assert await watched.times() == [80, 0, 0]


async def test_a_stop_since_the_last_check_is_no_uptime(watched: Watched) -> None:
    """A list that is read before the next check leaves it out as well."""
    await watched.ran((0, 3_400), (3_500, 3_600))
    await watched.check(UP, 3_390 * SEC)
    [past] = await watched.monitors.past(["shop"], watched.start_ms, watched.start_ms + 3_600 * SEC)
    assert past.state == "up"
    assert past.time.up == pytest.approx(110 * SEC, abs=2 * SEC)


async def test_a_stop_of_the_platform_is_no_part_of_the_time_before_an_incident(
    watched: Watched, incidents: IncidentStore
) -> None:
    """The time that a job wants before an incident is time in which it was watched."""
    await watched.ran((0, 20), (220, 3_600))
    report = replace(DOWN, after_ms=60 * SEC)
    await watched.check(report, 10 * SEC)
    await watched.check(report, 230 * SEC)
    assert (await incidents.list("open")).items == []
    await watched.check(report, 270 * SEC)
    assert len((await incidents.list("open")).items) == 1


@pytest.mark.parametrize(("late_sec", "state"), [(590, "up"), (610, "unknown")])
async def test_a_check_is_expected_by_its_schedule(watched: Watched, late_sec: int, state: str) -> None:
    """Two may be missed: then the time since the last one is unknown."""
    for at in (0, 200):
        await watched.set_next_slot((at + 200) * SEC)
        await watched.check(UP, at * SEC)
    await watched.check(UP, (200 + late_sec) * SEC)
    assert await watched.times() == [200 + (late_sec if state == "up" else 0), 0, 0]


async def test_a_sleep_does_not_stretch_what_counts_as_silence(watched: Watched) -> None:
    """A gap of eight hours is none that a monitor of each minute has."""
    for at in (0, 60, 2_060):
        await watched.set_next_slot((at + 60) * SEC)
        await watched.check(UP, at * SEC)
    await watched.check(UP, 3_560 * SEC)
    assert await watched.times() == [60, 0, 0]


async def test_a_check_by_hand_before_the_next_slot_leaves_no_unknown_time(watched: Watched) -> None:
    """The next one is expected by the schedule, not by the interval of those two."""
    for at in (0, 10):
        await watched.set_next_slot(1_800 * SEC)
        await watched.check(UP, at * SEC)
    await watched.check(UP, 1_900 * SEC)
    assert await watched.times() == [1_900, 0, 0]


async def test_a_monitor_without_a_schedule_has_the_interval_of_its_checks(watched: Watched) -> None:
    """A job that others start is as regular as these."""
    for at in (0, 500, 1_900):
        await watched.check(UP, at * SEC)
    assert await watched.times() == [1_400, 0, 0]


async def test_a_longer_interval_leaves_no_unknown_time(watched: Watched, jobs: JobStore) -> None:
    """From the save on the next check is expected by the new schedule."""
    now_ms = await watched.driver.now_ms()
    await watched.set_next_slot(now_ms - watched.start_ms + 10 * SEC)
    await watched.check(UP, now_ms - watched.start_ms)
    assert int((await watched.fields())["gap"]) < 100 * SEC
    spec = JobSpec(
        job_id="shop",
        type="monitor.http",
        inputs={"url": "https://shop.example"},
        schedule=Schedule(interval_sec=86_400),
    )
    await jobs.replace(spec, actor="t", origin="t", expected_version=None)
    slot = int((await watched.driver.fields(watched.driver.keys.job("shop")))["slot"])
    fields = await watched.fields()
    assert int(fields["seen"]) + 3 * int(fields["gap"]) > slot


@pytest.mark.parametrize(
    "changed", [{"type": "test.noop"}, {"inputs": {"url": "https://shop.example/other"}}]
)
async def test_a_save_of_another_type_or_target_ends_what_was_observed(
    watched: Watched, jobs: JobStore, incidents: IncidentStore, changed: dict[str, Any]
) -> None:
    """No ghost remains: not in lists, not as an open incident; a late check of the earlier type is none."""
    await watched.check(replace(DOWN, warning=CERTIFICATE), 0)
    late = await watched.begin(30 * SEC)
    assert len((await incidents.list("open")).items) == 2
    spec = JobSpec(job_id="shop", type="monitor.http", inputs={"url": "https://shop.example"})
    await jobs.replace(spec.model_copy(update=changed), actor="t", origin="t", expected_version=None)
    assert (await incidents.list("open")).items == []
    assert await watched.monitors.list() == []
    if "type" in changed:
        await watched.driver.finish(late, check=encode_check(DOWN))
        assert await watched.fields() == {}
        assert (await incidents.list("open")).items == []


async def test_a_save_of_other_conditions_keeps_what_was_observed(watched: Watched, jobs: JobStore) -> None:
    """The same page with another time-out is the same monitor."""
    await watched.check(UP, 0)
    inputs = {"url": "https://shop.example", "contains": "hello"}
    spec = JobSpec(job_id="shop", type="monitor.http", inputs=inputs)
    await jobs.replace(spec, actor="t", origin="t", expected_version=None)
    assert (await watched.fields())["state"] == "up"


async def test_a_record_of_an_earlier_version_goes_on(watched: Watched) -> None:
    """It has no seq of a run, and a gap that was observed."""
    await watched.check(UP, 0)
    await watched.driver.link.call("HDEL", watched.driver.keys.monitor("shop"), "run")
    await watched.driver.link.call("HSET", watched.driver.keys.monitor("shop"), "gap", 200 * SEC)
    await watched.driver.link.call("DEL", watched.driver.keys.awake)
    await watched.check(DOWN, 590 * SEC)
    assert (await watched.ranges())[:2][0] == ("up", 0, 590 * SEC)


async def test_a_sweep_leaves_out_no_monitor_while_others_are_deleted(
    watched: Watched, jobs: JobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages follow the order of creation, not the rank."""
    monkeypatch.setattr(store, "SWEPT_AT_ONCE", 2)
    names = [f"job-{number}" for number in range(6)]
    for name in names:
        await add_job(jobs, name)
        await Watched(watched.driver, watched.monitors, watched.start_ms, name).check(UP, 0)
    marked = watched.monitors.mark

    async def mark_and_delete(marks: list[MonitorMark]) -> int:
        changed = await marked(marks)
        if marks and marks[0].job_id == "job-0":
            await jobs.delete("job-0", actor="t")
            await jobs.delete("job-1", actor="t")
        return changed

    monkeypatch.setattr(watched.monitors, "mark", mark_and_delete)
    assert await watched.monitors.sweep() == 6
