"""Schedules that skip days and times, against plain loops over wall-clock times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.models import OnSkip, Schedule, Skip
from app.core.scheduling.schedule import compile_schedule
from app.core.scheduling.skipping import SkippingSchedule
from app.core.scheduling.slots import CompiledSchedule
from tests.support import skip_oracle

RUNS_THROUGH = "0 */3 * * *"
ZONES = (
    "Asia/Jakarta",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Santiago",
    "UTC",
)
CRONS = (
    "0 8 * * *",
    "30 2 * * *",
    "15 0,12,23 * * *",
    "0 9 25 * *",
    "0 7 * * 1-5",
    "45 1 1 * *",
    RUNS_THROUGH,
)
DAY = 86_400_000

dates = st.dates(datetime(2026, 1, 1).date(), datetime(2027, 12, 31).date())  # noqa: DTZ001
times = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
windows = st.tuples(times, times).filter(lambda pair: pair[0] != pair[1]).map("-".join)
skips = st.builds(
    Skip,
    dates=st.lists(st.one_of(dates.map(str), dates.map("{:%m-%d}".format)), max_size=4),
    weekdays=st.lists(st.integers(0, 6), max_size=3),
    days_of_month=st.lists(st.integers(1, 31), max_size=3),
    windows=st.lists(windows, max_size=2),
    holidays=st.sampled_from([None, "ID"]),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1))  # noqa: DTZ001


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def compiled_of(cron: str, zone: str, skip: Skip, on_skip: OnSkip = OnSkip.DROP) -> CompiledSchedule:
    schedule = Schedule(
        cron=cron, timezone=zone, skip=skip, on_skip=on_skip if skip != Skip() else OnSkip.DROP
    )
    return compile_schedule(schedule, zone)


def ticks(cron: str, start: datetime, end: datetime) -> list[datetime]:
    line = croniter(cron, start - timedelta(seconds=1))
    return list(takewhile(lambda tick: tick < end, iter(lambda: line.get_next(datetime), None)))


@pytest.fixture
def examples(pytestconfig: pytest.Config) -> settings:
    """Few examples; many at full size."""
    return settings(max_examples=400 if pytestconfig.getoption("--full") else 12, deadline=None)


@pytest.mark.timeout(600)
def test_a_cron_with_a_skip_fires_as_plain_loops_say(examples: settings) -> None:
    """For three months after any moment, forwards, backwards and counted: the instants of plain loops."""

    @examples
    @given(data=st.data(), skip=skips, on_skip=st.sampled_from(OnSkip), now=moments)
    def check(data: st.DataObject, skip: Skip, on_skip: OnSkip, now: datetime) -> None:
        cron = data.draw(st.sampled_from(CRONS))
        # A job that runs through changes of the clocks has other times on their nights than plain loops have.
        zone = data.draw(st.sampled_from(ZONES if cron != RUNS_THROUGH else ("Asia/Jakarta", "UTC")))
        on_skip = on_skip if skip != Skip() else OnSkip.DROP
        compiled = compiled_of(cron, zone, skip, on_skip)
        around = ticks(cron, now - timedelta(days=70), now + timedelta(days=160))
        expected = skip_oracle.fires(around, skip, on_skip, ZoneInfo(zone))
        first, last = ms(now.replace(tzinfo=UTC)), ms((now + timedelta(days=90)).replace(tzinfo=UTC))
        within = [slot for slot in expected if first < slot <= last]
        assert forwards(compiled, first, last) == within
        assert compiled.count(first + 1, last) == len(within)
        assert backwards(compiled, last, first) == within[::-1]

    check()


@pytest.mark.timeout(600)
def test_an_interval_with_a_skip_fires_as_plain_loops_say(examples: settings) -> None:
    """An interval keeps its rhythm, without the slots on closed days and in closed windows."""
    zone = "Asia/Jakarta"

    @examples
    @given(skip=skips, now=moments, seconds=st.sampled_from([600, 1_800, 5_400, 86_400]))
    def check(skip: Skip, now: datetime, seconds: int) -> None:
        compiled = compile_schedule(Schedule(interval_sec=seconds, skip=skip), zone)
        first = ms(now.replace(tzinfo=UTC))
        last = first + 20 * DAY
        plain = forwards(compile_schedule(Schedule(interval_sec=seconds), zone), first, last)
        local = [datetime.fromtimestamp(slot / 1000, ZoneInfo(zone)).replace(tzinfo=None) for slot in plain]
        within = [
            slot for slot, tick in zip(plain, local, strict=True) if not skip_oracle.is_closed(tick, skip)
        ]
        assert forwards(compiled, first, last) == within
        assert compiled.count(first + 1, last) == len(within)
        if isinstance(compiled, SkippingSchedule):
            left_out = sum(part.slots for part in compiled.skipped(first + 1, last))
            assert left_out == len(plain) - len(within)

    check()


def forwards(compiled: CompiledSchedule, after: int, last: int) -> list[int]:
    found, slot = list[int](), compiled.next_after(after)
    while slot is not None and slot <= last:
        found.append(slot)
        slot = compiled.next_after(slot)
    return found


def backwards(compiled: CompiledSchedule, last: int, until: int) -> list[int]:
    found, slot = list[int](), compiled.previous_or_at(last)
    while slot is not None and slot > until:
        found.append(slot)
        slot = compiled.previous_or_at(slot - 1)
    return found


NEW_YORK = ZoneInfo("America/New_York")


def local_times(slots: list[int]) -> list[str]:
    return [datetime.fromtimestamp(slot / 1000, NEW_YORK).strftime("%d %H:%M%z") for slot in slots]


def test_a_window_closes_both_comings_of_an_hour_that_comes_twice() -> None:
    """01:00 to 02:00 comes twice; what is closed is closed twice, and what lies between fires."""
    schedule = Schedule(interval_sec=1_800, timezone="America/New_York", skip=Skip(windows=["01:30-02:00"]))
    compiled = compile_schedule(schedule, "UTC")
    start, end = (ms(datetime(2026, 11, 1, hour, tzinfo=NEW_YORK)) for hour in (0, 3))
    assert local_times(forwards(compiled, start, end)) == [
        *("01 00:30-0400", "01 01:00-0400", "01 01:00-0500"),
        *("01 02:00-0500", "01 02:30-0500", "01 03:00-0500"),
    ]
    assert isinstance(compiled, SkippingSchedule)
    assert [each.slots for each in compiled.skipped(start, end)] == [1, 1]
    assert compiled.count(start + 1, end) == 6
    assert backwards(compiled, end, start) == forwards(compiled, start, end)[::-1]


def test_a_time_that_the_clocks_pass_over_is_closed_by_its_own_hour() -> None:
    """02:30 fires at 03:00 on that night; a window from 02:00 to 03:00 closes it all the same."""
    closed = compiled_of(
        "30 2 * * *", "America/New_York", Skip(windows=["02:00-03:00"], dates=["2026-01-01"])
    )
    assert closed.next_after(ms(datetime(2026, 3, 1, tzinfo=UTC))) is None
    opened = compiled_of("30 2 * * *", "America/New_York", Skip(windows=["03:00-04:00"]))
    night = ms(datetime(2026, 3, 7, 12, tzinfo=NEW_YORK))
    assert local_times([opened.next_after(night) or 0]) == ["08 03:00-0400"]


def test_a_slot_that_moves_into_a_gap_fires_behind_it() -> None:
    """Saturday's 02:30 moves to a Sunday whose 02:30 does not exist, with a fire of its own: one fire."""
    compiled = compiled_of("30 2 * * *", "America/New_York", Skip(weekdays=[6]), OnSkip.AFTER)
    friday = ms(datetime(2026, 3, 6, 12, tzinfo=NEW_YORK))
    assert local_times(forwards(compiled, friday, friday + 3 * DAY)) == ["08 03:00-0400", "09 02:30-0400"]
    once = compiled_of("30 2 7 3 *", "America/New_York", Skip(weekdays=[6]), OnSkip.AFTER)
    fire = once.next_after(friday)
    assert fire is not None
    assert local_times([fire]) == ["08 03:00-0400"]
    assert isinstance(once, SkippingSchedule)
    moved = once.moved(fire)
    assert moved is not None
    assert local_times([moved.slot]) == ["07 02:30-0500"]


def test_a_schedule_that_never_opens_is_found_out_quickly() -> None:
    """Within some thousand steps, for any combination of rules; the test's time-out is the bound."""
    for cron, skip in (
        ("* * * * *", Skip(weekdays=list(range(7)))),
        ("0 8 * * 1", Skip(weekdays=[1])),
        ("0 8 1 1 *", Skip(holidays="ID")),
        ("0 8 29 2 *", Skip(days_of_month=[29])),
        ("*/5 8 * * *", Skip(windows=["08:00-09:00"])),
    ):
        assert compiled_of(cron, "Asia/Jakarta", skip).next_after(0) is None
    for cron, skip in (
        ("0 8 * * 1", Skip(weekdays=list(range(7)))),
        ("0 8 1 1 *", Skip(windows=["07:00-09:00"])),
    ):
        assert compiled_of(cron, "Asia/Jakarta", skip, OnSkip.BEFORE).next_after(0) is None


def test_a_second_of_a_long_skip_is_not_stepped_through() -> None:
    """A slot each second, closed for most of the year: the next one and the count of a year."""
    schedule = Schedule(interval_sec=1, skip=Skip(windows=["06:00-05:59"]))
    compiled = compile_schedule(schedule, "UTC")
    start = ms(datetime(2026, 1, 1, tzinfo=UTC))
    assert compiled.count(start, start + 365 * DAY - 1) == 365 * 60
    assert compiled.next_after(start + 6 * 3_600_000) == start + DAY + 5 * 3_600_000 + 59 * 60_000
