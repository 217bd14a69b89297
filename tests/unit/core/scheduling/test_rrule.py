"""Recurrence rules: against dateutil's own reading from the start, clock changes, and what is refused."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from pydantic import ValidationError

from app.core.i18n import render
from app.core.models import Schedule
from app.core.scheduling.cron import ScheduleError
from app.core.scheduling.describe import schedule_words
from app.core.scheduling.schedule import compile_schedule, next_fires
from app.core.scheduling.slots import CompiledSchedule

ZONES = (
    "UTC",
    "Asia/Jakarta",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Santiago",
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YEARS = 10
RULES = 200
DAY = timedelta(days=1)


def ms(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


def compiled(rule: str, zone: str = "UTC", start: datetime | None = None) -> CompiledSchedule:
    return compile_schedule(Schedule(rrule=rule, timezone=zone, start_at=start), "UTC")


def wall(instant_ms: int, zone: str) -> datetime:
    return (EPOCH + timedelta(milliseconds=instant_ms)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def random_rule(dice: random.Random) -> str:
    """Return a rule with a few of the parts that its frequency may have."""
    frequency = dice.choice(["YEARLY", "MONTHLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"])
    days = dice.sample(["MO", "TU", "WE", "TH", "FR", "SA", "SU"], dice.randint(1, 3))
    dates = (
        *("", f"BYDAY={','.join(dice.choice(['1', '2', '-1', '3']) + day for day in days)}"),
        *(f"BYDAY={','.join(days)};BYSETPOS={position}" for position in ("1", "-1", "2,-2")),
        *("BYMONTHDAY=1", "BYMONTHDAY=-1", "BYMONTHDAY=29,30,31"),
    )
    parts = {
        "HOURLY": ("BYMINUTE=0,45", "BYHOUR=8,9,10,11,12;BYMINUTE=30", "BYDAY=MO,SU"),
        "DAILY": ("", f"BYDAY={','.join(days)}", "BYMONTH=2,3"),
        "WEEKLY": ("", f"BYDAY={','.join(days)}", f"BYDAY={','.join(days)};WKST=SU"),
        "MONTHLY": dates,
        "YEARLY": (
            *dates,
            "BYMONTH=1,7",
            "BYMONTH=2;BYMONTHDAY=29",
            "BYWEEKNO=1,53;BYDAY=MO",
            "BYYEARDAY=-1",
        ),
    }
    times = ("", "BYHOUR=9;BYMINUTE=0", "BYHOUR=2,3;BYMINUTE=0,45", "BYHOUR=0,12,23;BYMINUTE=30")
    chosen = (
        *(f"FREQ={frequency}", dice.choice(parts[frequency]), dice.choice(["", "INTERVAL=2", "INTERVAL=5"])),
        "" if frequency == "HOURLY" else dice.choice(times),
        dice.choice(["", "", "", "COUNT=7", "UNTIL=20301231T120000", "UNTIL=20280301T000000Z"]),
    )
    return ";".join(filter(None, chosen))


def expected(rule: str, zone: str, start: datetime) -> list[datetime]:
    """Return dateutil's wall-clock times of ten years; an UNTIL in UTC becomes one of the zone."""
    local = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if rule.endswith("Z"):
        head, _, until = rule.rpartition("UNTIL=")
        there = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
        rule = f"{head}UNTIL={there:%Y%m%dT%H%M%S}"
    end = local + YEARS * 365 * DAY
    return list(takewhile(lambda at: at < end, rrulestr(rule, dtstart=local)))


def is_near_change(at: datetime, zone: str) -> bool:
    there = at.replace(tzinfo=ZoneInfo(zone))
    return (there - DAY).utcoffset() != (there + DAY).utcoffset()


@pytest.mark.parametrize("seed", range(20))
def test_rules_are_read_as_dateutil_reads_them(seed: int, pytestconfig: pytest.Config) -> None:
    """Ten years of a rule in each zone; the nights in which its clocks change are left out.

    At full size there are 200 rules, a quarter of them dense.
    """
    dice = random.Random(seed)
    full = bool(pytestconfig.getoption("--full"))
    for number in range(RULES // 20 if full else 2):
        zone = ZONES[(seed + number) % len(ZONES)]
        rule = random_rule(dice)
        start = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(366 * 24 * 60))
        all_wanted = expected(rule, zone, start)
        schedule = compiled(rule, zone, start)
        end = ms(start + YEARS * 365 * DAY) - 3 * 86_400_000
        slots = [slot for slot in next_fires(schedule, ms(start) - 1, len(all_wanted) + 9) if slot < end]
        got = {wall(slot, zone) for slot in slots}
        limit = wall(end, zone)
        differing = {
            at for at in got ^ {at for at in all_wanted if at < limit} if not is_near_change(at, zone)
        }
        assert differing == set(), (rule, zone, start)
        assert schedule.count(ms(start), end - 1) == len(slots), rule
        assert all(schedule.previous_or_at(slot) == slot for slot in slots[:50])
        assert all(schedule.previous_or_at(later - 1) == slot for slot, later in pairwise(slots[:50])), rule


def test_time_that_the_clocks_skip_fires_after_the_gap() -> None:
    """As cron(8) has it: 02:30 on the night of the change becomes 03:00, once."""
    start = datetime(2026, 3, 1, tzinfo=UTC)
    schedule = compiled("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "Europe/Berlin", start)
    slots = [
        wall(slot, "Europe/Berlin") for slot in next_fires(schedule, ms(datetime(2026, 3, 27, tzinfo=UTC)), 4)
    ]
    assert [f"{at:%d %H:%M}" for at in slots] == ["27 02:30", "28 02:30", "29 03:00", "30 02:30"]


def test_time_that_comes_twice_fires_once() -> None:
    """The first coming alone."""
    schedule = compiled("FREQ=WEEKLY;BYDAY=SU;BYHOUR=2;BYMINUTE=30", "Europe/Berlin")
    slots = next_fires(schedule, ms(datetime(2026, 10, 24, tzinfo=UTC)), 2)
    assert [(EPOCH + timedelta(milliseconds=slot)).isoformat() for slot in slots] == [
        "2026-10-25T00:30:00+00:00",
        "2026-11-01T01:30:00+00:00",
    ]


def test_hours_run_through_a_change() -> None:
    """Every second hour of the wall clock, as `0 */2 * * *` has it."""
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    hourly = next_fires(compiled("FREQ=HOURLY;INTERVAL=1;BYMINUTE=0", "Europe/Berlin", start), ms(start), 5)
    assert hourly == [ms(start) + n * 3_600_000 for n in range(1, 6)]


def test_count_ends_the_rule() -> None:
    """The number of fires is counted from the start, not from now."""
    start = datetime(2026, 11, 24, 10, tzinfo=UTC)
    schedule = compiled("FREQ=HOURLY;COUNT=5", "UTC", start)
    assert next_fires(schedule, ms(start) - 1, 99) == [ms(start) + n * 3_600_000 for n in range(5)]
    assert schedule.next_after(ms(start) + 4 * 3_600_000) is None


def test_rule_of_years_ago_costs_no_more_than_a_new_one() -> None:
    """The phase of an old anchor is kept: every second Monday since 1990."""
    start = datetime(1990, 1, 1, 9, tzinfo=UTC)
    schedule = compiled("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "UTC", start)
    slot = schedule.next_after(ms(datetime(2026, 11, 24, tzinfo=UTC)))
    assert slot is not None
    assert (slot - ms(start)) % (14 * 86_400_000) == 0


def test_hours_that_never_meet_their_interval_are_refused() -> None:
    """Every second hour from an even one is never 03:00."""
    with pytest.raises(ScheduleError) as caught:
        compiled("FREQ=HOURLY;INTERVAL=2;BYHOUR=3", "UTC", datetime(2026, 1, 1, 8, tzinfo=UTC))
    assert caught.value.code == "rrule_never"


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("FREQ=MONTHLY", "rrule_start"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=9;BYMINUTE=0", "rrule_start"),
        ("FREQ=DAILY;COUNT=3;BYHOUR=9;BYMINUTE=0", "rrule_start"),
        ("FREQ=MINUTELY", "rrule_range"),
        ("FREQ=SECONDLY;BYHOUR=8", "rrule_range"),
        ("FREQ=DAILY;INTERVAL=0", "rrule_syntax"),
        ("FREQ=DAILY;INTERVAL=9999", "rrule_range"),
        ("FREQ=DAILY;BYHOUR=24", "rrule_syntax"),
        ("FREQ=DAILY;BYHOUR=9;BYHOUR=10", "rrule_syntax"),
        ("FREQ=DAILY;BYEASTER=0", "rrule_syntax"),
        ("FREQ=WEEKLY;BYDAY=1MO", "rrule_syntax"),
        ("FREQ=DAILY;BYSECOND=30", "rrule_syntax"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20300101T000000", "rrule_syntax"),
        ("FREQ=DAILY;UNTIL=20301301T000000;BYHOUR=1;BYMINUTE=1", "rrule_syntax"),
        ("FREQ=DAILY;UNTIL=tomorrow", "rrule_syntax"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYHOUR=9;BYMINUTE=0", "rrule_never"),
        ("DTSTART:20260101T000000\nRRULE:FREQ=DAILY", "rrule_syntax"),
        ("BYDAY=MO", "rrule_syntax"),
        ("every day", "rrule_syntax"),
        ("FREQ=DAILY;BYHOUR=²", "rrule_syntax"),
        (f"FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE={','.join(str(n) for n in range(60))}", "rrule_range"),
        ("FREQ=HOURLY;INTERVAL=2;BYHOUR=3;BYMINUTE=0", "rrule_start"),
        ("FREQ=MONTHLY;BYWEEKNO=3;BYHOUR=3;BYMINUTE=0", "rrule_syntax"),
        ("FREQ=DAILY;BYSETPOS=1;BYHOUR=3;BYMINUTE=0", "rrule_syntax"),
        ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3;BYHOUR=3;BYMINUTE=0", "rrule_never"),
        ("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30;BYMINUTE=0", "rrule_never"),
    ],
)
def test_rule_that_is_not_understood_is_refused(rule: str, code: str) -> None:
    """Each has a code and names its field."""
    with pytest.raises(ScheduleError) as caught:
        compiled(rule)
    assert (caught.value.field, caught.value.code) == ("rrule", code)


def test_rule_with_a_zone_is_a_schedule_and_an_interval_with_one_is_none() -> None:
    """A rule is one kind of schedule, and its times are those of a zone."""
    assert Schedule(rrule="FREQ=DAILY", timezone="UTC").timezone == "UTC"
    with pytest.raises(ValidationError, match="exactly one of"):
        Schedule(rrule="FREQ=DAILY", cron="0 7 * * *")
    with pytest.raises(ValidationError, match="belongs to cron and rrule"):
        Schedule(interval_sec=5, timezone="UTC")


@pytest.mark.parametrize(
    ("rule", "english", "indonesian"),
    [
        (
            "FREQ=MONTHLY;BYDAY=1MO;BYHOUR=9;BYMINUTE=0",
            "every month on the first Monday at 09:00",
            "setiap bulan pada Senin pertama pukul 09:00",
        ),
        (
            "FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=23;BYMINUTE=30",
            "every month on the last Friday at 23:30",
            "setiap bulan pada Jumat terakhir pukul 23:30",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
            "every 2 weeks on Monday and Thursday at 05:00",
            "setiap 2 minggu pada Senin dan Kamis pukul 05:00",
        ),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days at 05:00", "setiap 3 hari pukul 05:00"),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1,-1",
            "every 3 months on the 1st and last day at 05:00",
            "setiap 3 bulan setiap tanggal 1 dan hari terakhir pukul 05:00",
        ),
        (
            "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25;BYHOUR=8;BYMINUTE=0",
            "every year in December on the 25th at 08:00",
            "setiap tahun pada bulan Desember setiap tanggal 25 pukul 08:00",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=8;BYMINUTE=0",
            "every month on the last working day (Monday to Friday) at 08:00",
            "setiap bulan pada hari kerja terakhir (Senin sampai Jumat) pukul 08:00",
        ),
        ("FREQ=HOURLY;COUNT=5", "every hour, 5 times", "setiap jam, 5 kali"),
        (
            "FREQ=HOURLY;INTERVAL=2;BYMINUTE=15;UNTIL=20261231T120000",
            "every 2 hours at minute 15, until 2026-12-31 at 12:00",
            "setiap 2 jam pada menit 15, sampai 2026-12-31 pukul 12:00",
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
            'by rule "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"',
            'menurut aturan "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"',
        ),
    ],
)
def test_rule_in_words(rule: str, english: str, indonesian: str) -> None:
    """Both languages say when, a missing time is that of the start."""
    start = datetime(2026, 11, 29, 5, tzinfo=UTC)
    words = schedule_words(Schedule(rrule=rule, timezone="UTC", start_at=start), "UTC")
    zone, bound = (" (UTC)", "from 2026-11-29 at 05:00")
    head, _, tail = str(words).rpartition(zone)
    assert (head, tail) == (english, f", {bound}")
    assert render(words, "id").startswith(f"{indonesian}{zone}")
