"""Schedules that cron cannot express: the nth weekday of a month, steps from a first day."""

from __future__ import annotations

import pytest

from app.core.models import Schedule
from app.core.scheduling.schedule import compile_schedule
from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    ("backup every 10 days at 2", "backup [FREQ=DAILY;INTERVAL=10;BYHOUR=2;BYMINUTE=0] start=2026-11-25"),
    (
        "backup every two weeks on Sunday at 5am",
        "backup [FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;BYHOUR=5;BYMINUTE=0] start=2026-11-29",
    ),
    (
        "laporan dua minggu sekali hari Kamis jam 8",
        "report [FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;BYHOUR=8;BYMINUTE=0] start=2026-11-26",
    ),
    (
        "laporan tiap 2 minggu hari Senin dan Kamis",
        "report [FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;BYHOUR=7;BYMINUTE=0] start=2026-11-26",
    ),
    (
        "report every other Monday at 9",
        "report [FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=9;BYMINUTE=0] start=2026-11-30",
    ),
    ("backup tiap tiga bulan tanggal 5 jam 4", "backup [0 4 5 */3 *]"),
    (
        "laporan tiap Senin pertama tiap bulan jam 10",
        "report [FREQ=MONTHLY;BYDAY=1MO;BYHOUR=10;BYMINUTE=0]",
    ),
    (
        "send the report every month on the last Friday at 5pm",
        "report [FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17;BYMINUTE=0]",
    ),
    (
        "backup every second Tuesday of the month at 3am",
        "backup [FREQ=MONTHLY;BYDAY=2TU;BYHOUR=3;BYMINUTE=0]",
    ),
    (
        "laporan hari kerja pertama tiap bulan jam 8",
        "report [FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1;BYHOUR=8;BYMINUTE=0]",
    ),
    (
        "backup hari Senin kedua dan Jumat terakhir jam 2",
        "backup [FREQ=MONTHLY;BYDAY=2MO;BYHOUR=2;BYMINUTE=0]",
        "backup [FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=2;BYMINUTE=0]",
    ),
)

REFUSED = (
    "backup Senin kesepuluh tiap bulan jam 2",
    "laporan hari kerja terakhir bulan ini jam 4 sore",
    "laporan hari Senin pertama bulan depan jam 9",
    "laporan minggu pertama tiap bulan jam 8",
    "pantau wa toko_a tiap Senin pertama tiap bulan tiap 5 menit",
    "laporan tiap tiga bulan hari Senin pertama jam 9",
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_rule_is_the_schedule_that_is_meant(row: Row) -> None:
    """Each prompt becomes exactly these jobs, with no warning, and each schedule has a next fire."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()
    schedules = [Schedule.model_validate(job.schedule) for job in draft.jobs]
    assert all(compile_schedule(schedule, "UTC").next_after(0) for schedule in schedules)


@pytest.mark.parametrize("prompt", REFUSED)
def test_days_that_no_rule_means_are_refused(prompt: str) -> None:
    """One month, a week of a month, or what runs all day: nothing is planned, and the reason is given."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert draft.warnings


@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("backup every two weeks on Sunday at 5am", "Starts 2026-11-29 05:00."),
        ("backup tiap tiga bulan tanggal 5 jam 4", "dihitung dari Januari"),
    ],
)
def test_start_of_a_count_is_an_assumption(prompt: str, note: str) -> None:
    """Two weeks or three months from when: the prompt leaves it open, so the plan says it."""
    assert any(note in text for text in plan(prompt).assumptions)
