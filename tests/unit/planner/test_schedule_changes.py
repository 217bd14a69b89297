"""Changing parts of a stored schedule: times, days, or all of it by a length."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.models import Schedule
from app.planner.matching import Cadence, cadence_of, schedule_parts
from app.planner.models import JobUpdate, Said
from app.planner.schedule_changes import changed_schedule

ZONE = "Asia/Jakarta"
HOUR = 3_600


def cron(line: str, **more: Any) -> dict[str, Any]:
    return {"cron": line, "timezone": ZONE, **more}


def rrule(rule: str, **more: Any) -> dict[str, Any]:
    return {"rrule": rule, "timezone": ZONE, **more}


def changed(stored: dict[str, Any] | None, update: JobUpdate) -> dict[str, Any] | None:
    return changed_schedule(None if stored is None else Schedule.model_validate(stored), update)


@pytest.mark.parametrize(
    ("stored", "seconds", "wanted"),
    [
        (cron("0 7 * * *"), HOUR // 2, cron("30 7 * * *")),
        (cron("0 8,17 * * 1-5"), HOUR, cron("0 9,18 * * 1-5")),
        (cron("30 23 * * *"), HOUR, None),
        (cron("0 1 * * 0"), -2 * HOUR, None),
        (cron("0 7 1 * *"), -HOUR, cron("0 6 1 * *")),
        (cron("30 23 1 * *"), HOUR, None),
        (cron("0 1,23 * * *"), HOUR, None),
        (cron("*/10 * * * *"), HOUR, None),
        ({"interval_sec": 300}, HOUR, None),
        (rrule("FREQ=MONTHLY;BYDAY=1MO;BYHOUR=23;BYMINUTE=30"), HOUR, None),
        ({"at": "2026-12-01T23:30:00+07:00"}, HOUR, {"at": "2026-12-02T00:30:00+07:00"}),
        (None, HOUR, None),
    ],
)
def test_shift_moves_all_times(
    stored: dict[str, Any] | None, seconds: int, wanted: dict[str, Any] | None
) -> None:
    """Over midnight the days would move too, so the new time is asked for."""
    assert changed(stored, JobUpdate(shift_sec=seconds)) == wanted


@pytest.mark.parametrize(
    ("stored", "wanted"),
    [
        (cron("0 7 * * 5"), cron("30 8 * * 5")),
        (cron("0 7 1 * *", end_at="2027-01-01T00:00:00Z"), cron("30 8 1 * *", end_at="2027-01-01T00:00:00Z")),
        (
            rrule("FREQ=MONTHLY;BYDAY=1MO;BYHOUR=7;BYMINUTE=0"),
            rrule("FREQ=MONTHLY;BYDAY=1MO;BYHOUR=8;BYMINUTE=30"),
        ),
        ({"interval_sec": 300}, cron("30 8 * * *")),
        (cron("*/10 * * * *"), cron("30 8 * * *")),
        ({"at": "2026-12-01T07:00:00+07:00"}, {"at": "2026-12-01T08:30:00+07:00"}),
        (None, cron("30 8 * * *")),
    ],
)
def test_another_time_keeps_the_days(stored: dict[str, Any] | None, wanted: dict[str, Any]) -> None:
    """A schedule without a time of day becomes the new one."""
    update = JobUpdate(schedule=cron("30 8 * * *"), said=frozenset({Said.CLOCK}))
    assert changed(stored, update) == wanted


@pytest.mark.parametrize(
    ("stored", "wanted"),
    [
        (cron("15 7,19 * * *"), cron("15 7,19 * * 4")),
        (rrule("FREQ=MONTHLY;BYDAY=1MO;BYHOUR=9;BYMINUTE=30"), cron("30 9 * * 4")),
        (cron("0 7 * * *", timezone="Asia/Makassar"), cron("0 7 * * 4", timezone="Asia/Makassar")),
        ({"interval_sec": 300}, None),
    ],
)
def test_other_days_keep_the_times(stored: dict[str, Any], wanted: dict[str, Any] | None) -> None:
    """A job without a time of day is asked for one."""
    update = JobUpdate(schedule=cron("0 0 * * 4"), said=frozenset({Said.DAYS}))
    assert changed(stored, update) == wanted


def test_new_rule_leaves_the_anchor_of_the_old_one() -> None:
    """The start of a counted rule is no bound of the schedule after it."""
    stored = rrule(
        "FREQ=DAILY;INTERVAL=3;BYHOUR=8;BYMINUTE=0",
        start_at="2026-11-21T08:00:00+07:00",
        end_at="2027-01-01T00:00:00Z",
    )
    update = JobUpdate(schedule=cron("0 9 * * *"), said=frozenset({Said.WHOLE}))
    assert changed(stored, update) == cron("0 9 * * *", end_at="2027-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("schedule", "cadence"),
    [
        (cron("0 7 * * *"), Cadence.DAILY),
        (cron("0 8,12,17 * * 1-5"), Cadence.DAILY),
        (cron("0 2 2-31 * *"), Cadence.DAILY),
        (cron("0 7 * * MON"), Cadence.WEEKLY),
        (cron("0 7 L * *"), Cadence.MONTHLY),
        (cron("0 7 1 1 *"), Cadence.YEARLY),
        (cron("*/10 8-17 * * *"), Cadence.OFTEN),
        (cron("0 * * * *"), Cadence.OFTEN),
        ({"interval_sec": 300}, Cadence.OFTEN),
        ({"interval_sec": 172_800}, Cadence.DAILY),
        (rrule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=9;BYMINUTE=0"), Cadence.WEEKLY),
        ({"at": "2026-12-01T07:00:00+07:00"}, Cadence.ONCE),
        (None, Cadence.BY_HAND),
    ],
)
def test_cadence_of_a_schedule(schedule: dict[str, Any] | None, cadence: Cadence) -> None:
    """A workday is about as often as each day."""
    assert cadence_of(None if schedule is None else Schedule.model_validate(schedule)) is cadence


def test_parts_of_a_schedule_are_its_plain_times() -> None:
    """Minutes of the day, weekdays, and days of the month with 0 for the last."""
    parts = schedule_parts(Schedule.model_validate(cron("30 7,19 1,L * FRI")))
    assert (parts.minutes, parts.weekdays, parts.dates) == ({450, 1_170}, {5}, {0, 1})
