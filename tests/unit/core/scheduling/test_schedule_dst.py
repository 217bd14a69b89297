"""Clock changes: fixed times and wildcards in zones, against cronsim and against a wall clock.

cronsim steps by whole hours, and so skips times if a zone changes by half an hour (wildcards in
Australia/Lord_Howe: `30 * * * *` loses 01:30 and 02:30, `0 */6 * * *` even 06:00). For these, and for zones
that change at midnight, the oracle is the wall clock itself, minute by minute.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.core.models import Schedule
from app.core.scheduling.schedule import compile_schedule
from app.core.scheduling.slots import CompiledSchedule

ZONES = ("UTC", "Asia/Jakarta", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe")
CHANGING = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe")
ODD = (
    "Africa/Cairo",
    "America/Santiago",
    "Africa/Casablanca",
    "Europe/Dublin",
    "Antarctica/Troll",
    "Asia/Gaza",
)
FIXED = (
    "0 7 * * *",
    "30 2 * * *",
    "15 2 * * 0",
    "0,20,40 1-3 * * 0",
    "0 2,3 * * SUN",
    "45 1,2 L * *",
    "0 9 13 * FRI",
    "0 0 1 * *",
)
WILDCARDS = ("* * * * *", "*/15 * * * *", "30 * * * *", "*/10 1-2 * * *", "*/20 2 * * *", "7 */3 * * *")
START, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def ms(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


def cron(expression: str, zone: str) -> CompiledSchedule:
    return compile_schedule(Schedule(cron=expression, timezone=zone), "UTC")


def ours(compiled: CompiledSchedule, start: datetime, end: datetime) -> list[datetime]:
    found: list[datetime] = []
    slot = compiled.next_after(ms(start))
    while slot is not None and slot < ms(end):
        found.append(EPOCH + timedelta(milliseconds=slot))
        slot = compiled.next_after(slot)
    return found


def simulated(expression: str, zone: str, start: datetime, end: datetime) -> list[datetime]:
    fires = CronSim(expression, start.astimezone(ZoneInfo(zone)))
    return list(takewhile(lambda at: at < end, (fire.astimezone(UTC) for fire in fires)))


def shown_on_the_wall(expression: str, zone: str, start: datetime, end: datetime) -> list[datetime]:
    """Every minute at which a clock in the zone shows a time of the expression: what a wildcard means."""
    day = timedelta(days=1)
    named = {at.replace(tzinfo=None) for at in simulated(expression, "UTC", start - day, end + day)}
    minutes = (start + MINUTE * n for n in range(1, (end - start) // MINUTE))
    return [at for at in minutes if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) in named]


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """The hours, of ten years, in which the zone's offset changes."""
    local = ZoneInfo(zone)
    hours = [START + timedelta(hours=n) for n in range((END - START) // timedelta(hours=1))]
    offsets = [at.astimezone(local).utcoffset() for at in hours]
    return tuple(at for at, old, new in zip(hours, offsets, offsets[1:], strict=False) if old != new)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("expression", FIXED)
def test_schedule_fixed_times_agree_with_cronsim_for_ten_years(expression: str, zone: str) -> None:
    """Ten years of fixed times fire when cronsim says, counted and walked backwards alike."""
    compiled = cron(expression, zone)
    found = ours(compiled, START, END)
    assert found == simulated(expression, zone, START, END)
    assert compiled.count(ms(START) + 1, ms(END) - 1) == len(found)
    assert compiled.due(ms(START) + 1, ms(END) - 1, len(found)).tail == tuple(map(ms, found))


@pytest.mark.parametrize("zone", CHANGING)
@pytest.mark.parametrize("expression", WILDCARDS)
def test_schedule_wildcards_run_through_every_change(expression: str, zone: str) -> None:
    """Two days around each change of ten years, a wildcard fires whenever the wall shows its time."""
    compiled = cron(expression, zone)
    for change in changes(zone):
        start, end = change - timedelta(days=2), change + timedelta(days=2)
        found = ours(compiled, start, end)
        if zone == "Australia/Lord_Howe":
            assert found == shown_on_the_wall(expression, zone, start, end)
        else:
            assert found == simulated(expression, zone, start, end)
        assert compiled.count(ms(start) + 1, ms(end) - 1) == len(found)


@st.composite
def expressions(draw: st.DrawFn, *, wildcard: bool) -> str:
    minutes = draw(st.lists(st.integers(0, 59), min_size=1, max_size=3))
    hours = draw(st.lists(st.integers(0, 4), min_size=1, max_size=3))
    minute, hour = ",".join(map(str, minutes)), ",".join(map(str, hours))
    if wildcard:
        step = f"*/{draw(st.integers(1, 20))}"
        minute, hour = draw(st.sampled_from([(step, hour), (minute, step), (step, "*"), (minute, "*")]))
    return f"{minute} {hour} * * {draw(st.sampled_from(['*', '0', '6-7', '1-5']))}"


@given(expression=expressions(wildcard=False), zone=st.sampled_from(CHANGING + ODD), pick=st.integers(0, 999))
@settings(max_examples=150, deadline=None, database=None)
def test_schedule_any_fixed_time_agrees_with_cronsim_around_a_change(
    expression: str, zone: str, pick: int
) -> None:
    """Fixed times agree with cronsim around any change, in zones that change at midnight too."""
    assume(changes(zone))
    change = changes(zone)[pick % len(changes(zone))]
    start, end = change - timedelta(days=2), change + timedelta(days=2)
    compiled = cron(expression, zone)
    found = ours(compiled, start, end)
    assert found == simulated(expression, zone, start, end)
    assert compiled.due(ms(start) + 1, ms(end) - 1, 1000).tail == tuple(map(ms, found))


@given(expression=expressions(wildcard=True), zone=st.sampled_from(CHANGING + ODD), pick=st.integers(0, 999))
@settings(max_examples=60, deadline=None, database=None)
def test_schedule_any_wildcard_fires_as_the_wall_shows(expression: str, zone: str, pick: int) -> None:
    """Wildcards fire at each real passing of their wall time and never at a skipped one, in any zone."""
    change = changes(zone)[pick % len(changes(zone))]
    start, end = change - timedelta(hours=20), change + timedelta(hours=20)
    compiled = cron(expression, zone)
    found = ours(compiled, start, end)
    assert found == shown_on_the_wall(expression, zone, start, end)
    assert compiled.due(ms(start) + 1, ms(end) - 1, 9999).tail == tuple(map(ms, found))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "zone", "since", "fires"),
    [
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-30T00:30"]),
        ("0,30 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-29T01:30"]),
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00", ["2026-10-25T00:30", "2026-10-26T01:30"]),
        ("*/30 2 * * *", "Europe/Berlin", "2026-10-25T00:30", ["2026-10-25T01:00", "2026-10-25T01:30"]),
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00", ["2026-10-03T15:30", "2026-10-04T15:15"]),
        ("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00", ["2026-04-04T14:45", "2026-04-05T15:15"]),
        ("30 1 * * *", "America/New_York", "2026-11-01T00:00", ["2026-11-01T05:30", "2026-11-02T06:30"]),
        ("0 0 30 12 *", "Pacific/Apia", "2011-12-29T12:00", ["2011-12-30T10:00", "2012-12-29T10:00"]),
    ],
)
def test_schedule_known_nights(expression: str, zone: str, since: str, fires: list[str]) -> None:
    """A time in the gap fires once at its end, a time that comes twice fires first, wildcards both times."""
    compiled = cron(expression, zone)
    first = compiled.next_after(ms(utc(since)))
    assert first is not None
    assert [first, compiled.next_after(first)] == [ms(utc(at)) for at in fires]


def test_schedule_second_pass_of_a_fixed_time_is_not_fired_again() -> None:
    """Asked between the two passes of 01:30, the next fire is tomorrow's: never an instant of the past."""
    compiled = cron("30 1 * * *", "America/New_York")
    between = ms(utc("2026-11-01T06:15"))
    assert compiled.next_after(between) == ms(utc("2026-11-02T06:30"))
    assert compiled.previous_or_at(between + 3_600_000) == ms(utc("2026-11-01T05:30"))


def test_schedule_overlap_that_ends_at_midnight_fires_a_fixed_time_once() -> None:
    """On 31 December 2009 Dhaka lived 23:00 to 24:00 twice; 23:30 fired at its first coming."""
    compiled = cron("30 23 * * *", "Asia/Dhaka")
    since, until = utc("2009-12-31T12:00"), utc("2010-01-01T12:00")
    assert ours(compiled, since, until) == [utc("2009-12-31T16:30")]
