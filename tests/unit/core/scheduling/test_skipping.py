"""Schedules that skip days and times, against plain loops over wall-clock times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

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


@settings(max_examples=150, deadline=None)
@given(data=st.data(), skip=skips, on_skip=st.sampled_from(OnSkip), now=moments)
def test_a_cron_with_a_skip_fires_as_plain_loops_say(
    data: st.DataObject, skip: Skip, on_skip: OnSkip, now: datetime
) -> None:
    """For three months after any moment, forwards, backwards and counted: the instants of plain loops."""
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


@settings(max_examples=60, deadline=None)
@given(skip=skips, now=moments, seconds=st.sampled_from([600, 1_800, 5_400, 86_400]))
def test_an_interval_with_a_skip_fires_as_plain_loops_say(skip: Skip, now: datetime, seconds: int) -> None:
    """An interval keeps its rhythm, without the slots on closed days and in closed windows."""
    zone = "Asia/Jakarta"
    compiled = compile_schedule(Schedule(interval_sec=seconds, skip=skip), zone)
    first = ms(now.replace(tzinfo=UTC))
    last = first + 20 * DAY
    plain = forwards(compile_schedule(Schedule(interval_sec=seconds), zone), first, last)
    local = [datetime.fromtimestamp(slot / 1000, ZoneInfo(zone)).replace(tzinfo=None) for slot in plain]
    within = [slot for slot, tick in zip(plain, local, strict=True) if not skip_oracle.is_closed(tick, skip)]
    assert forwards(compiled, first, last) == within
    assert compiled.count(first + 1, last) == len(within)
    if isinstance(compiled, SkippingSchedule):
        left_out = sum(part.slots for part in compiled.skipped(first + 1, last))
        assert left_out == len(plain) - len(within)


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
