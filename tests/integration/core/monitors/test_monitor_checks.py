"""The finish of a check writes the monitor: state, ranges, time by state, and its incident."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.execution.attempt import encode_check
from app.core.incidents.store import IncidentStore
from app.core.models import AttemptOutcome
from app.core.monitors.store import MonitorMark
from app.core.redis_client import RedisLink
from app.core.specs.store import JobStore
from tests.support.monitors.watched import CERTIFICATE, DOWN, SEC, UP, Watched, add_job


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


async def test_an_incident_that_gets_worse_is_looked_at_again(
    watched: Watched, incidents: IncidentStore
) -> None:
    """A rule for critical incidents may fit now, so its alarm is due at once."""
    link, due = watched.driver.link, watched.driver.keys.incidents_due
    await watched.check(replace(DOWN, state="degraded", reason="slow", bad=("degraded", "down")), 0)
    [incident] = (await incidents.list("open")).items
    assert await link.call("ZREM", due, incident.id) == 1
    await watched.check(DOWN, 30 * SEC)
    assert await link.call("ZRANGE", due, 0, -1) == [incident.id]
    assert await link.call("ZREM", due, incident.id) == 1
    await watched.check(DOWN, 60 * SEC)
    assert await link.call("ZRANGE", due, 0, -1) == []


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
