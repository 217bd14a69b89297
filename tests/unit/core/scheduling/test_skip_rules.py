"""Rules that close days and times: what they refuse, their words, and Indonesia's holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.core.clock import to_ms
from app.core.errors import InvalidSpec
from app.core.i18n import render
from app.core.models import Calendar, JobSpec, OnSkip, Schedule, Skip
from app.core.scheduling.describe import schedule_words
from app.core.scheduling.holiday_dates import HolidayChoice, holidays_of, is_estimated, is_published
from app.core.scheduling.schedule import ScheduleError, compile_schedule, first_fire, next_fires
from app.core.scheduling.skip_rules import SkipReason
from app.core.scheduling.skip_words import holiday_notes, reason_words
from app.core.scheduling.skipping import SkippingSchedule
from tests.support import skip_oracle

ZONE = "Asia/Jakarta"
NOW = to_ms(datetime.fromisoformat("2026-11-24T10:00:00+07:00"))


def day_of(slot: int) -> date:
    """Return the day of 08:00 in Jakarta, which is the same in UTC."""
    return datetime.fromtimestamp(slot / 1000, UTC).date()


def daily(skip: dict[str, Any], on_skip: str = "drop", cron: str = "0 8 * * *") -> Schedule:
    return Schedule(cron=cron, timezone=ZONE, skip=Skip(**skip), on_skip=OnSkip(on_skip))


@pytest.mark.parametrize(
    ("skip", "message"),
    [
        ({"dates": ["2026-02-30"]}, "no date"),
        ({"dates": ["25-12"]}, "no date"),
        ({"dates": ["20261225"]}, "no date"),
        ({"weekdays": [7]}, "less than or equal to 6"),
        ({"days_of_month": [0]}, "greater than or equal to 1"),
        ({"windows": ["22:00-22:00"]}, "no length"),
        ({"windows": ["24:00-06:00"]}, "no window"),
        ({"windows": ["6-8"]}, "no window"),
        ({"holidays": "id"}, "pattern"),
        ({"names": ["Natal"]}, "names choose among holidays"),
        ({"cuti_bersama": True}, "cuti_bersama belongs to holidays: ID"),
        ({"cuti_bersama": True, "holidays": "SG"}, "cuti_bersama belongs to holidays: ID"),
        ({"calendars": ["Kalender Kantor"]}, "pattern"),
        ({"windows": [f"{hour:02d}:00-{hour:02d}:30" for hour in range(24)] + ["23:45-23:50"]}, "at most 24"),
        ({"color": "red"}, "Extra inputs"),
    ],
)
def test_a_skip_that_does_not_fit_is_refused(skip: dict[str, Any], message: str) -> None:
    """Each field says what it takes."""
    with pytest.raises(ValidationError, match=message):
        Skip.model_validate(skip)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"at": "2026-12-25T08:00:00Z", "skip": {"weekdays": [0]}}, "`at` names the one time itself"),
        ({"cron": "0 8 * * *", "on_skip": "before"}, "on_skip needs a skip"),
        ({"interval_sec": 60, "timezone": "UTC"}, "timezone belongs to cron and rrule"),
    ],
)
def test_a_skip_belongs_to_schedules_that_repeat(fields: dict[str, Any], message: str) -> None:
    """A single instant has none, and its treatment needs one."""
    with pytest.raises(ValidationError, match=message):
        Schedule.model_validate(fields)


@pytest.mark.parametrize(
    ("schedule", "field", "code"),
    [
        (daily({"holidays": "XX"}), "skip/holidays", "holidays_unknown"),
        (daily({"holidays": "ID", "names": ["Lebaran Kuda"]}), "skip/names", "holiday_unknown"),
        (daily({"calendars": ["leave"]}), "skip/calendars", "unknown_calendar"),
        (daily({"weekdays": [0]}, "after", "*/10 * * * *"), "on_skip", "too_many_moves"),
        (
            Schedule(interval_sec=600, skip=Skip(weekdays=[0]), on_skip=OnSkip.BEFORE),
            "on_skip",
            "too_many_moves",
        ),
    ],
)
def test_a_skip_that_can_not_be_computed_is_refused(schedule: Schedule, field: str, code: str) -> None:
    """Unknown countries, holidays and calendars, and more moves than a day may have."""
    with pytest.raises(ScheduleError) as refused:
        compile_schedule(schedule, ZONE)
    assert (refused.value.field, refused.value.code) == (field, code)


@pytest.mark.parametrize(
    "skip",
    [
        {"weekdays": list(range(7))},
        {"days_of_month": list(range(1, 32))},
        {"windows": ["06:00-09:00"]},
        {"weekdays": [1, 2, 3, 4, 5], "windows": ["08:00-08:01"]},
    ],
)
@pytest.mark.parametrize("on_skip", list(OnSkip))
def test_a_schedule_that_skips_all_of_its_times_is_refused(skip: dict[str, Any], on_skip: OnSkip) -> None:
    """With a reason of its own; without `must_fire` it has no next fire."""
    spec = JobSpec(job_id="a", type="test.load", schedule=daily(skip, on_skip))
    with pytest.raises(InvalidSpec) as refused:
        first_fire(spec, ZONE, NOW, must_fire=True)
    assert [(each.pointer, each.code) for each in refused.value.problems] == [("/schedule/skip", "skips_all")]
    assert first_fire(spec, ZONE, NOW, must_fire=False) == (None, None)


def test_an_empty_skip_is_none() -> None:
    """It costs nothing, and equal schedules are equal."""
    assert Schedule.model_validate({"cron": "0 8 * * *", "skip": {}}) == Schedule(cron="0 8 * * *")
    assert Schedule(cron="0 8 * * *", skip=Skip(weekdays=[])).skip is None


def test_a_skip_is_written_with_its_set_fields_alone() -> None:
    """As people wrote it: no empty lists, no default."""
    schedule = daily({"holidays": "ID", "weekdays": [0]})
    assert schedule.model_dump(mode="json", exclude_none=True) == {
        "cron": "0 8 * * *",
        "timezone": ZONE,
        "skip": {"weekdays": [0], "holidays": "ID"},
    }
    assert Schedule.model_validate_json(schedule.model_dump_json(), strict=True) == schedule


@pytest.mark.parametrize("cuti_bersama", [False, True])
def test_indonesian_holidays_are_those_of_the_library_every_day_of_three_years(cuti_bersama: bool) -> None:
    """2025 to 2027: a daily job is skipped on exactly these days, each with its name."""
    skip = {"holidays": "ID", "cuti_bersama": cuti_bersama}
    compiled = compile_schedule(daily(skip), ZONE)
    assert isinstance(compiled, SkippingSchedule)
    first, last = date(2025, 1, 1), date(2027, 12, 31)
    begin, end = (to_ms(datetime.fromisoformat(f"{day}T00:00:00+07:00")) for day in (first, last))
    expected = {
        first + timedelta(days=number): name
        for number in range((last - first).days + 1)
        if (
            name := skip_oracle.free_days("ID", cuti_bersama, (first + timedelta(days=number)).year).get(
                first + timedelta(days=number)
            )
        )
    }
    ranges = list(compiled.skipped(begin, end + 86_400_000 - 1))
    named = {
        day_of(each.first + day * 86_400_000): each.reason.detail
        for each in ranges
        for day in range(each.slots)
    }
    assert named == expected
    assert len(expected) >= (75 if cuti_bersama else 50)
    fires = compiled.count(begin, end + 86_400_000 - 1)
    assert fires + sum(each.slots for each in ranges) == 1095


def test_estimated_and_unpublished_years_say_so() -> None:
    """Indonesia's decree has the joint leave days: a year without them is not published."""
    assert [is_published("ID", year) for year in (2025, 2026, 2027, 2028)] == [True, True, True, False]
    names = holidays_of(HolidayChoice("ID"), 2027)
    assert is_estimated("ID", names[date(2027, 3, 10)])
    assert not is_estimated("ID", names[date(2027, 12, 25)])
    compiled = compile_schedule(daily({"holidays": "ID", "cuti_bersama": True}), ZONE)
    assert isinstance(compiled, SkippingSchedule)
    notes = holiday_notes(compiled.closed, [2026, 2027, 2028])
    assert [render(note, "id")[:40] for note in notes] == [
        "Tanggal berikut masih perkiraan: 2027-03",
        "Hari libur 2028 (ID) belum diumumkan: ta",
    ]
    assert "Cuti bersama 2028 belum diketahui." in render(notes[1], "id")


@pytest.mark.parametrize(
    ("skip", "on_skip", "english", "indonesian"),
    [
        ({"holidays": "ID"}, "drop", "not on public holidays (ID)", "kecuali hari libur nasional"),
        (
            {"holidays": "ID", "names": ["Natal"]},
            "drop",
            "not on the holidays Natal (ID)",
            "kecuali hari libur Natal (ID)",
        ),
        (
            {"weekdays": [0, 6], "windows": ["22:00-06:00"]},
            "drop",
            "not on Saturday and Sunday, not at 22:00-06:00",
            "kecuali Sabtu dan Minggu, kecuali pukul 22:00-06:00",
        ),
        (
            {"dates": ["12-25"], "days_of_month": [1]},
            "before",
            "not on day 1 of the month and 12-25, moved to the nearest day before",
            "kecuali tanggal 1 dan 12-25, digeser ke hari terdekat sebelumnya",
        ),
        (
            {"calendars": ["leave"]},
            "after",
            "not when calendar leave is closed, moved to the nearest day after",
            "kecuali saat kalender leave tutup, digeser ke hari terdekat sesudahnya",
        ),
    ],
)
def test_a_skip_is_described_in_both_languages(
    skip: dict[str, Any], on_skip: str, english: str, indonesian: str
) -> None:
    """After the times of the schedule."""
    words = schedule_words(daily(skip, on_skip), ZONE)
    assert words == f"every day at 08:00 (Asia/Jakarta), {english}"
    assert render(words, "id") == f"setiap hari pukul 08:00 (Asia/Jakarta), {indonesian}"


@pytest.mark.parametrize(
    ("reason", "code", "english", "indonesian"),
    [
        (
            SkipReason("holiday", "Hari Raya Natal"),
            "skip:holiday:Hari Raya Natal",
            "holiday: Hari Raya Natal",
            "libur: Hari Raya Natal",
        ),
        (
            SkipReason("window", "22:00-06:00"),
            "skip:window:22:00-06:00",
            "window 22:00-06:00",
            "pukul 22:00-06:00",
        ),
        (
            SkipReason("date", "2026-12-24", "leave"),
            "skip@leave:date:2026-12-24",
            "calendar leave: 2026-12-24",
            "kalender leave: 2026-12-24",
        ),
        (
            SkipReason("date", "2026-12-24..2026-12-31", "leave"),
            "skip@leave:date:2026-12-24..2026-12-31",
            "calendar leave: 2026-12-24 to 2026-12-31",
            "kalender leave: 2026-12-24 sampai 2026-12-31",
        ),
        (SkipReason("weekday", "0"), "skip:weekday:0", "Sunday", "Minggu"),
        (
            SkipReason("day_of_month", "31", moved_to="2026-12-30"),
            "skip>2026-12-30:day_of_month:31",
            "moved to 2026-12-30, day 31 of the month",
            "digeser ke 2026-12-30, tanggal 31",
        ),
        (SkipReason("several"), "skip:several:", "several reasons", "beberapa alasan"),
    ],
)
def test_a_reason_is_a_code_and_words(reason: SkipReason, code: str, english: str, indonesian: str) -> None:
    """The ledger has the code; people read the words."""
    assert reason.code == code
    assert SkipReason.parse(code) == reason
    assert (reason_words(reason), render(reason_words(reason), "id")) == (english, indonesian)


def test_other_reasons_of_the_ledger_are_no_skips() -> None:
    """They are parsed to none."""
    assert [SkipReason.parse(code) for code in ("missed", "overlap", "skipped:x:y")] == [None, None, None]


def test_neighbouring_dates_of_one_calendar_are_one_range() -> None:
    """Two weeks of leave are one record; a holiday between them is another."""
    days = [f"2026-12-{day}" for day in range(20, 32)]
    compiled = compile_schedule(
        daily({"calendars": ["leave"], "holidays": "ID"}), ZONE, {"leave": Calendar(dates=days)}
    )
    assert isinstance(compiled, SkippingSchedule)
    found = list(compiled.skipped(NOW, NOW + 45 * 86_400_000))
    assert [(each.reason.code, each.slots) for each in found] == [
        ("skip@leave:date:2026-12-20..2026-12-24", 5),
        ("skip:holiday:Hari Raya Natal", 1),
        ("skip@leave:date:2026-12-26..2026-12-31", 6),
        ("skip:holiday:Tahun Baru Masehi", 1),
        ("skip:holiday:Isra Mikraj Nabi Muhammad", 1),
    ]


def test_a_long_window_of_a_fast_interval_is_one_range() -> None:
    """12 hours of 30 seconds: 1,440 slots, counted and not stepped through."""
    compiled = compile_schedule(Schedule(interval_sec=30, skip=Skip(windows=["18:00-06:00"])), ZONE)
    assert isinstance(compiled, SkippingSchedule)
    found = list(compiled.skipped(NOW, NOW + 86_400_000 - 1))
    assert [(each.slots, each.reason.code) for each in found] == [(1440, "skip:window:18:00-06:00")]
    assert compiled.count(NOW, NOW + 86_400_000 - 1) == 1440


def test_slots_that_move_to_one_instant_fire_once() -> None:
    """Saturday's and Sunday's fires move to Monday, which has its own: one fire."""
    compiled = compile_schedule(daily({"weekdays": [0, 6]}, "after"), ZONE)
    fires = next_fires(compiled, NOW, 6)
    days = [day_of(slot).isoweekday() for slot in fires]
    assert days == [3, 4, 5, 1, 2, 3]
    assert isinstance(compiled, SkippingSchedule)
    assert [compiled.moved(slot) for slot in fires] == [None] * 6


def test_a_moved_slot_knows_where_it_comes_from() -> None:
    """Pay day on a holiday: the day before, with the reason."""
    compiled = compile_schedule(daily({"holidays": "ID", "cuti_bersama": True}, "before", "0 8 25 * *"), ZONE)
    assert isinstance(compiled, SkippingSchedule)
    fire = next_fires(compiled, NOW, 2)[1]
    moved = compiled.moved(fire)
    assert moved is not None
    assert moved.slot - fire == 2 * 86_400_000
    assert moved.reason.code == "skip>2026-12-23:holiday:Hari Raya Natal"
