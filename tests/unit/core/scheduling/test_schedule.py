"""Schedules: grids, windows, due slots, misfires, refusals."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.i18n import render
from app.core.models import Misfire, Schedule
from app.core.scheduling.schedule import (
    FirePlan,
    MissRange,
    RunSlot,
    ScheduleError,
    compile_schedule,
    jitter_ms,
    next_fires,
    plan_fires,
)
from app.core.scheduling.slots import CompiledSchedule

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
HOUR = 3_600_000
DAY = 24 * HOUR


def ms(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


NOW = ms(NOON)


def every(
    seconds: int, *, start_at: datetime | None = None, end_at: datetime | None = None
) -> CompiledSchedule:
    return compile_schedule(Schedule(interval_sec=seconds, start_at=start_at, end_at=end_at), "UTC")


def cron(
    expression: str,
    zone: str = "Europe/Berlin",
    *,
    start_at: datetime | None = None,
    end_at: datetime | None = None,
) -> CompiledSchedule:
    schedule = Schedule(cron=expression, timezone=zone, start_at=start_at, end_at=end_at)
    return compile_schedule(schedule, "UTC")


def once(at: datetime) -> CompiledSchedule:
    return compile_schedule(Schedule(at=at), "UTC")


def stepped(compiled: CompiledSchedule, first: int, last: int) -> list[int]:
    found: list[int] = []
    slot = compiled.next_after(first - 1)
    while slot is not None and slot <= last:
        found.append(slot)
        slot = compiled.next_after(slot)
    return found


WINDOWS = st.tuples(
    st.none() | st.integers(-40, 40).map(lambda hours: NOON + timedelta(hours=hours, seconds=7)),
    st.none() | st.integers(41, 90).map(lambda hours: NOON + timedelta(hours=hours)),
)
SHAPES = st.one_of(
    st.integers(60, 9000).map(lambda seconds: {"interval_sec": seconds}),
    st.sampled_from(["*/7 * * * *", "0 7 * * *", "30 2 * * *", "0 */5 * * 0", "15,45 1-3 * * *"]).map(
        lambda text: {"cron": text, "timezone": "Europe/Berlin"}
    ),
    st.integers(-50, 50).map(lambda hours: {"at": NOON + timedelta(hours=hours)}),
)


@st.composite
def schedules(draw: st.DrawFn) -> CompiledSchedule:
    start_at, end_at = draw(WINDOWS)
    shape = {**draw(SHAPES), "start_at": start_at, "end_at": end_at}
    return compile_schedule(Schedule.model_validate(shape), "Asia/Jakarta")


SPANS = st.tuples(st.integers(NOW - 60 * HOUR, NOW), st.integers(-HOUR, 100 * HOUR))


def test_schedule_interval_never_drifts() -> None:
    """Whenever it is asked, a grid answers with whole multiples of its interval since the epoch."""
    compiled = every(7)
    asked = [NOW + 1_013 * n for n in range(500)]
    slots = [compiled.next_after(at) for at in asked]
    assert all(slot is not None and slot % 7000 == 0 for slot in slots)
    assert all(slot is not None and 0 < slot - at <= 7000 for slot, at in zip(slots, asked, strict=True))


def test_schedule_interval_counts_from_its_start() -> None:
    """With `start_at` the first slot is the start itself and the grid hangs on it."""
    start = NOON + timedelta(seconds=3)
    fires = next_fires(every(600, start_at=start), 0, 3)
    assert fires == [ms(start), ms(start) + 600_000, ms(start) + 1_200_000]


def test_schedule_window_includes_its_start_and_excludes_its_end() -> None:
    """A slot at `start_at` fires, one at `end_at` does not, for cron as for intervals."""
    window = {"start_at": NOON, "end_at": NOON + timedelta(hours=2)}
    assert next_fires(every(3600, **window), 0, 9) == [NOW, NOW + HOUR]
    assert next_fires(cron("0 * * * *", "UTC", **window), 0, 9) == [NOW, NOW + HOUR]
    assert every(3600, **window).previous_or_at(NOW + DAY) == NOW + HOUR
    assert every(3600, **window).previous_or_at(NOW - 1) is None


def test_schedule_uses_the_default_zone_only_if_none_is_named() -> None:
    """07:00 without a zone is the deployment's 07:00."""
    default = compile_schedule(Schedule(cron="0 7 * * *"), "Asia/Jakarta")
    named = compile_schedule(Schedule(cron="0 7 * * *", timezone="UTC"), "Asia/Jakarta")
    assert default.next_after(NOW) == ms(datetime(2026, 3, 30, 0, tzinfo=UTC))
    assert named.next_after(NOW) == ms(datetime(2026, 3, 30, 7, tzinfo=UTC))


def test_schedule_at_has_one_slot() -> None:
    """A single instant lies ahead until it is reached, then never again."""
    compiled = once(NOON)
    assert compiled.next_after(NOW - 1) == NOW
    assert compiled.next_after(NOW) is None
    assert compiled.previous_or_at(NOW - 1) is None


def test_schedule_has_no_future_after_its_end() -> None:
    """An ended grid, and a cron whose only fire lies outside its window, have nothing left."""
    assert every(60, end_at=NOON).next_after(NOW) is None
    assert every(60, end_at=NOON).next_after(NOW - 120_000) is not None
    assert cron("0 7 1 1 *", end_at=NOON).next_after(NOW - HOUR) is None


def test_schedule_survives_the_ends_of_time() -> None:
    """Instants before 1970 and beyond the calendar answer, without an exception."""
    compiled = cron("0 7 * * *")
    far = ms(datetime(9999, 12, 31, 23, tzinfo=UTC))
    assert compiled.next_after(-(10**15)) == 6 * HOUR
    assert compiled.previous_or_at(0) is None
    assert compiled.next_after(far) is None
    assert compiled.previous_or_at(far) is not None
    assert compiled.count(-(10**15), -1) == 0
    assert once(datetime(9999, 12, 31, 23, tzinfo=UTC)).next_after(NOW) == far


@given(compiled=schedules(), span=SPANS, keep=st.integers(0, 30))
@settings(max_examples=150, deadline=None, database=None)
def test_schedule_due_agrees_with_stepping(
    compiled: CompiledSchedule, span: tuple[int, int], keep: int
) -> None:
    """Count, ends, newest slots and neighbours are those found by stepping from slot to slot."""
    next_slot, now = span[0], span[0] + span[1]
    slots = stepped(compiled, next_slot, now)
    due = compiled.due(next_slot, now, keep)
    assert due.count == len(slots)
    assert due.tail == tuple(slots[max(0, len(slots) - keep) :])
    assert (due.first, due.last) == ((slots[0], slots[-1]) if slots else (None, None))
    assert due.following == compiled.next_after(now)
    if slots and due.before is not None:
        assert compiled.next_after(due.before) == slots[0]


def test_schedule_due_keeps_pace_with_years_of_absence() -> None:
    """Ten years of seconds and a year of minutes are counted exactly and at once."""
    began = perf_counter()
    seconds = every(1).due(NOW - 3650 * DAY, NOW, 100)
    minutes = cron("* * * * *").due(NOW - 365 * DAY, NOW, 100)
    assert seconds.count == 3650 * 86_400 + 1
    assert minutes.count == 525_601
    assert minutes.tail == tuple(range(NOW - 99 * 60_000, NOW + 1, 60_000))
    assert perf_counter() - began < 2


def test_schedule_due_after_the_clock_went_back() -> None:
    """Nothing is due while the stored slot is in the future, and the true next slot is returned."""
    due = every(60).due(NOW + DAY, NOW, 10)
    assert (due.count, due.first, due.tail) == (0, None, ())
    assert due.following == NOW + 60_000


def covered(compiled: CompiledSchedule, plan: FirePlan) -> list[int]:
    slots: list[int] = []
    for step in plan.steps:
        if isinstance(step, RunSlot):
            slots.append(step.slot)
            continue
        inside = stepped(compiled, step.first, step.last)
        assert len(inside) == step.slots
        slots.extend(inside)
    return slots


@given(
    compiled=schedules(),
    span=SPANS,
    misfire=st.sampled_from(Misfire),
    grace=st.integers(0, 4 * HOUR),
    cap=st.integers(1, 20),
)
@settings(max_examples=200, deadline=None, database=None)
def test_schedule_plan_covers_every_due_slot_once(
    compiled: CompiledSchedule, span: tuple[int, int], misfire: Misfire, grace: int, cap: int
) -> None:
    """Each due slot is in exactly one step, in order; at most `cap` run; `previous` links them."""
    next_slot, now = span[0], span[0] + span[1]
    plan = plan_fires(compiled, next_slot, now, misfire, grace, cap=cap)
    assert covered(compiled, plan) == stepped(compiled, next_slot, now)
    assert sum(isinstance(step, RunSlot) for step in plan.steps) <= cap
    assert sum(isinstance(step, MissRange) for step in plan.steps) <= 1
    assert plan.following == compiled.next_after(now)
    for step in plan.steps:
        first = step.slot if isinstance(step, RunSlot) else step.first
        assert step.previous == compiled.previous_or_at(first - 1)


@pytest.mark.parametrize(
    ("misfire", "missed", "runs"),
    [(Misfire.RUN_ONCE, 10, 1), (Misfire.SKIP, 10, 1), (Misfire.RUN_ALL, 0, 11)],
)
def test_schedule_plan_after_ten_minutes_down(misfire: Misfire, missed: int, runs: int) -> None:
    """After ten minutes down a minutely job loses or makes up exactly the slots that its policy names."""
    plan = plan_fires(every(60), NOW - 600_000, NOW, misfire, 10_000)
    assert sum(step.slots for step in plan.steps if isinstance(step, MissRange)) == missed
    fired = [step.slot for step in plan.steps if isinstance(step, RunSlot)]
    assert fired == [NOW - 60_000 * n for n in reversed(range(runs))]


def test_schedule_plan_skip_runs_nothing_that_is_late() -> None:
    """Under `skip` a plan may consist of missed slots alone."""
    plan = plan_fires(every(60), NOW - 600_000, NOW + 30_000, Misfire.SKIP, 10_000)
    assert plan.steps == (MissRange(NOW - 600_000, NOW, 11, NOW - 660_000),)


@pytest.mark.parametrize("misfire", Misfire)
def test_schedule_plan_runs_all_if_none_is_missed(misfire: Misfire) -> None:
    """Within grace every due slot runs, whatever the policy."""
    plan = plan_fires(every(1), NOW - 2000, NOW, misfire, 2000)
    assert plan.steps == tuple(RunSlot(NOW - 1000 * n, NOW - 1000 * (n + 1)) for n in (2, 1, 0))


@pytest.mark.parametrize("misfire", Misfire)
def test_schedule_plan_of_a_second_grid_after_a_day_stays_under_the_cap(misfire: Misfire) -> None:
    """A job of one second after 28 hours down: at most 100 runs, all the rest counted in one range."""
    plan = plan_fires(every(1), NOW - 28 * HOUR, NOW, misfire, 10_000)
    ranges = [step for step in plan.steps if isinstance(step, MissRange)]
    assert len(plan.steps) - len(ranges) <= 100
    assert ranges[0].slots + len(plan.steps) - 1 == 28 * 3600 + 1
    assert plan.steps[0] is ranges[0]


@pytest.mark.parametrize(
    ("misfire", "late_ms", "runs"),
    [
        (Misfire.RUN_ONCE, 30 * DAY, True),
        (Misfire.RUN_ALL, 30 * DAY, True),
        (Misfire.SKIP, 10_000, True),
        (Misfire.SKIP, 10_001, False),
    ],
)
def test_schedule_plan_of_a_single_instant(misfire: Misfire, late_ms: int, runs: bool) -> None:
    """A one-off runs however late, except under `skip`, which keeps to the grace."""
    plan = plan_fires(once(NOON), NOW, NOW + late_ms, misfire, 10_000)
    expected = RunSlot(NOW, None) if runs else MissRange(NOW, NOW, 1, None)
    assert plan == FirePlan((expected,), None)


def test_schedule_plan_with_nothing_due_is_empty() -> None:
    """Before its slot a schedule has no steps, only what follows."""
    assert plan_fires(once(NOON), NOW, NOW - 1, Misfire.RUN_ONCE, 0) == FirePlan((), NOW)


def test_schedule_next_fires_are_ascending_and_end_with_the_schedule() -> None:
    """As many as requested, each later than the last, fewer if the schedule ends."""
    fires = next_fires(cron("*/20 * * * *"), NOW, 50)
    assert len(fires) == 50
    assert all(late > early for early, late in pairwise(fires))
    assert next_fires(once(NOON), 0, 5) == [NOW]
    assert next_fires(once(NOON), NOW, 5) == []


@pytest.mark.parametrize(
    "zone",
    [
        "../../etc",
        "/etc/localtime",
        "Asia",
        "Asia/Jakarta/",
        "asia/jakarta",
        "posix/Asia/Jakarta",
        "right/UTC",
        "localtime",
        "Factory",
        "WIB",
        "UTC+7",
        "Mars/Olympus",
        "Asia\\Jakarta",
        "Asia/Jakarta\0",
    ],
)
def test_schedule_refuses_zones_that_iana_does_not_list(zone: str) -> None:
    """Paths, folders, private names and unknown ones are refused under the field `timezone`."""
    with pytest.raises(ScheduleError) as caught:
        cron("0 7 * * *", zone)
    assert (caught.value.field, caught.value.code) == ("timezone", "timezone_unknown")


def test_schedule_suggests_the_zone_that_was_meant() -> None:
    """A mistyped zone is answered with the nearest one; a bad default is refused alike."""
    with pytest.raises(ScheduleError, match="Did you mean 'Asia/Jakarta'"):
        cron("0 7 * * *", "Asia/Jakrta")
    with pytest.raises(ScheduleError, match="Nowhere"):
        compile_schedule(Schedule(cron="0 7 * * *"), "Nowhere")


@pytest.mark.parametrize("seconds", [0, -1, 10**18, None])
def test_schedule_refuses_intervals_out_of_range(seconds: int | None) -> None:
    """An interval that slipped past the model is refused under the field `interval_sec`."""
    unchecked = Schedule.model_construct(interval_sec=seconds)
    with pytest.raises(ScheduleError) as caught:
        compile_schedule(unchecked, "UTC")
    assert (caught.value.field, caught.value.code) == ("interval_sec", "interval_range")


def test_schedule_refuses_a_date_that_never_comes() -> None:
    """A cron error reaches the caller with field, code and both languages."""
    with pytest.raises(ScheduleError) as caught:
        cron("0 0 31 2 *")
    assert (caught.value.field, caught.value.code) == ("cron", "cron_never")
    assert render(caught.value.message, "id") != caught.value.message


@given(job_id=st.text(min_size=1, max_size=64), slot=st.integers(0, 2**45), spread=st.floats(0, 3600))
@settings(max_examples=100, deadline=None, database=None)
def test_schedule_jitter_stays_within_its_bound(job_id: str, slot: int, spread: float) -> None:
    """Jitter lies between nothing and `jitter_sec`, and is the same when asked again."""
    jitter = jitter_ms(job_id, slot, spread)
    assert 0 <= jitter <= spread * 1000
    assert jitter == jitter_ms(job_id, slot, spread)


def test_schedule_jitter_is_well_spread() -> None:
    """Over a thousand slots each tenth of the span gets its share."""
    tenths = [jitter_ms("report", NOW + DAY * n, 10) // 1001 for n in range(1000)]
    assert all(60 <= tenths.count(tenth) <= 140 for tenth in range(10))


def test_schedule_jitter_is_the_same_in_another_process() -> None:
    """Two processes with other hash seeds agree, so that every scheduler computes the same score."""
    code = f"from app.core.scheduling.schedule import jitter_ms; print(jitter_ms('a', {NOW}, 60))"
    printed = subprocess.check_output(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[4],
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert int(printed) == jitter_ms("a", NOW, 60)
