"""Monitors and time that was not watched: stops, clocks that went back, schedules and saves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core.execution.attempt import encode_check
from app.core.incidents.store import IncidentStore
from app.core.models import JobSpec, Schedule
from app.core.monitors import store
from app.core.monitors.store import MonitorMark
from app.core.specs.store import JobStore
from app.core.storage.scripts import Scripts
from tests.support.monitors.watched import CERTIFICATE, DOWN, SEC, UP, Watched, add_job


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
