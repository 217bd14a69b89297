"""Bounds of schedules: the first and last day, how long, how many times."""

from __future__ import annotations

import pytest

from app.core.models import Schedule
from app.core.scheduling.schedule import compile_schedule, next_fires
from app.planner.models import NoteKind
from tests.support.planner.planning import JAKARTA, plan, when

TEN_O_CLOCK_MS = 1_795_489_200_000
"""2026-11-24 10:00 in Jakarta, at which the sentences are said."""


@pytest.mark.parametrize(
    ("prompt", "start", "end"),
    [
        ("laporan jam 8 mulai 1 Desember", "2026-12-01T00:00", None),
        ("backup jam 2 mulai besok", "2026-11-25T00:00", None),
        ("laporan jam 7 dari besok", "2026-11-25T00:00", None),
        ("laporan tiap pagi jam 7 mulai bulan depan", "2026-12-01T00:00", None),
        ("laporan jam 7 mulai Desember", "2026-12-01T00:00", None),
        ("backup tiap hari jam 4 mulai tanggal 1", "2026-12-01T00:00", None),
        ("starting next Monday, back up every night at 2", "2026-11-30T00:00", None),
        ("from tomorrow check https://a.example every 10 min", "2026-11-25T00:00", None),
        ("backup jam 2 tiap hari sampai akhir bulan", None, "2026-12-01T00:00"),
        ("backup tiap malam jam 1 sampai akhir tahun", None, "2027-01-01T00:00"),
        ("laporan tiap Senin jam 7 sampai Natal", None, "2026-12-26T00:00"),
        ("laporan jam 7 berakhir 20 Desember", None, "2026-12-21T00:00"),
        ("backup tiap jam 2 malem sampe minggu depan", None, "2026-12-07T00:00"),
        ("laporan tiap pagi sampai hari Minggu", None, "2026-11-30T00:00"),
        ("daily report at 8am until December 31", None, "2027-01-01T00:00"),
        ("report every day at 9 until Friday", None, "2026-11-28T00:00"),
        ("report at 9 until the end of the week", None, "2026-11-30T00:00"),
        ("backup jam 2 until the 5th", None, "2026-12-06T00:00"),
        ("pantau wa toko_a tiap menit sampai besok jam 8", None, "2026-11-25T08:00"),
        ("pantau wa toko_a tiap 5 menit sampai nanti malam", None, "2026-11-24T19:00"),
        ("cek https://a.example tiap menit sampai jam 5 sore hari ini", None, "2026-11-24T17:00"),
        ("check https://a.example every 5 minutes until 5pm today", None, "2026-11-24T17:00"),
        ("monitor telegram account a every minute until midnight", None, "2026-11-25T00:00"),
        ("backup tiap jam sampai Jumat jam 5 sore", None, "2026-11-27T17:00"),
        ("pantau wa toko_a tiap menit dari sekarang sampai jam 9 malam", None, "2026-11-24T21:00"),
        ("from now until 11pm check https://a.example every 30s", None, "2026-11-24T23:00"),
        ("cek https://a.example tiap 5 menit dari skrg sampe jam 2 pagi", None, "2026-11-25T02:00"),
        ("pantau wa toko_a tiap 20 detik sampai jam 11 malam ini", None, "2026-11-24T23:00"),
        ("from 3 february report daily at 7", "2027-02-03T00:00", None),
        (
            "nanti malam jam 9 cek https://a.example tiap 20 detik selama 3 jam",
            "2026-11-24T21:00",
            "2026-11-25T00:00",
        ),
        (
            "pantau wa toko_a tiap menit selama 4 jam mulai jam 11 malam",
            "2026-11-24T23:00",
            "2026-11-25T03:00",
        ),
        ("backup tiap jam, 3 hari ke depan", None, "2026-11-27T10:00"),
        ("ingatkan olahraga sebulan ke depan tiap jam 6 pagi", None, "2026-12-24T10:00"),
        (
            "cek https://a.example besok dari jam 8 sampai 12 tiap 5 menit",
            "2026-11-25T08:00",
            "2026-11-25T12:00",
        ),
        ("check https://a.example this friday 10am to 2pm", "2026-11-27T10:00", "2026-11-27T14:00"),
        ("pantau wa toko_a lusa jam 22 sampai 3 tiap menit", "2026-11-26T22:00", "2026-11-27T03:00"),
        ("pantau wa toko_a tiap 5 menit hari ini saja", None, "2026-11-25T00:00"),
        ("backup tiap hari jam 2 selama seminggu", None, "2026-12-01T10:00"),
        ("check https://a.example every minute for the next hour", None, "2026-11-24T11:00"),
        ("pantau wa toko_a tiap 30 detik selama 2 jam ke depan", None, "2026-11-24T12:00"),
        ("report daily at 6am for two weeks", None, "2026-12-08T10:00"),
        ("backup jam 3 sebulan penuh", None, "2026-12-24T10:00"),
        ("laporan jam 7 dari Senin depan sampai tanggal 20", "2026-11-30T00:00", "2026-12-21T00:00"),
        ("besok sampai Jumat jam 8 kirim laporan", "2026-11-25T00:00", "2026-11-28T00:00"),
        ("backup jam 2 dari 1 sampai 10 Desember", "2026-12-01T00:00", "2026-12-11T00:00"),
        ("laporan tanggal 1-10 Desember jam 8", "2026-12-01T00:00", "2026-12-11T00:00"),
        ("backup daily at 2am from December 1 to December 10", "2026-12-01T00:00", "2026-12-11T00:00"),
        ("report at 7 starting December 1st, ending December 24th", "2026-12-01T00:00", "2026-12-25T00:00"),
        ("backup jam 2 mulai minggu depan selama 2 minggu", "2026-11-30T00:00", "2026-12-14T00:00"),
        ("report at 8 for a month starting tomorrow", "2026-11-25T00:00", "2026-12-25T00:00"),
        (
            "pantau telegram akun a tiap menit mulai besok jam 9 selama 3 jam",
            "2026-11-25T09:00",
            "2026-11-25T12:00",
        ),
        (
            "monitor telegram account a every minute for 30 minutes starting at 3pm",
            "2026-11-24T15:00",
            "2026-11-24T15:30",
        ),
        (
            "backup tiap jam mulai jam 1 siang hari ini sampai jam 6 sore",
            "2026-11-24T13:00",
            "2026-11-24T18:00",
        ),
    ],
)
def test_bound_is_the_instant_that_is_meant(prompt: str, start: str | None, end: str | None) -> None:
    """The last day is included, an hour is not; an assumption says each instant, and nothing is in doubt."""
    draft = plan(prompt)
    (job,) = draft.jobs
    assert job.schedule is not None
    instants = [job.schedule.get(name, "")[:16] or None for name in ("start_at", "end_at")]
    assert instants == [start, end]
    said = " ".join(job.assumptions)
    assert all(instant.replace("T", " ") in said for instant in (start, end) if instant)
    assert draft.doubts == frozenset()


@pytest.mark.parametrize(
    ("prompt", "count", "schedule"),
    [
        ("backup tiap hari jam 3, 5 kali saja", 5, "[0 3 * * *]"),
        ("run a backup every day at 3, only 5 times", 5, "[0 3 * * *]"),
        ("cek https://a.example tiap 10 menit 6 kali saja", 6, "600s"),
        ("cek https://a.example tiap jam, cukup 10 kali", 10, "3600s"),
        ("kirim wa ke 0811 tiap senin jam 8 4x aja: piket", 4, "[0 8 * * 1]"),
        ("twice only: backup at 3am", 2, "[0 3 * * *]"),
        ("laporan jam 8 dan 17 sebanyak 3 kali", 3, "[0 8,17 * * *]"),
        ("kirim wa ke 0811 tiap jam 5x aja: minum obat", 5, "3600s"),
    ],
)
def test_count_ends_the_schedule_after_its_last_fire(prompt: str, count: int, schedule: str) -> None:
    """From the moment of planning on, it fires as often as is said."""
    (job,) = plan(prompt, now="2026-11-24T10:00:07+07:00").jobs
    assert when(job.schedule).partition(" end=")[0] == schedule
    compiled = compile_schedule(Schedule.model_validate(job.schedule), JAKARTA)
    assert len(next_fires(compiled, TEN_O_CLOCK_MS + 7_000, 100)) == count


def test_listed_dates_are_each_a_run() -> None:
    """Two dates of one month are two runs; more than two in a row are a span."""
    assert [when(job.schedule) for job in plan("backup 5 dan 10 Desember jam 2").jobs] == [
        "@2026-12-05T02:00",
        "@2026-12-10T02:00",
    ]


@pytest.mark.parametrize(
    "prompt",
    [
        "laporan jam 8 sampai lebaran",
        "backup at 2 until it rains",
        "pantau wa toko_a tiap menit sampai stok habis",
        "laporan jam 8 selama Ramadan",
        "backup jam 2 sampai kemarin",
    ],
)
def test_job_with_a_limit_that_is_not_understood_is_doubted(prompt: str) -> None:
    """Without its end the job would run for ever, so it is dropped, or waits for a confirmation."""
    draft = plan(prompt)
    assert (NoteKind.UNREAD if draft.jobs else NoteKind.REFUSAL) in draft.doubts


@pytest.mark.parametrize("prompt", ["laporan jam 7 sampai dibatalkan", "report at 7 until further notice"])
def test_no_end_is_no_limit(prompt: str) -> None:
    """What goes on until somebody stops it has no bound."""
    assert [when(job.schedule) for job in plan(prompt).jobs] == ["[0 7 * * *]"]
    assert plan(prompt).doubts == frozenset()


@pytest.mark.parametrize(
    ("prompt", "schedule"),
    [
        ("laporan Senin sampai Jumat jam 7", "[0 7 * * 1-5]"),
        ("laporan tanggal 1 sampai 5 tiap bulan jam 8", "[0 8 1-5 * *]"),
        ("check https://a.example every 20 minutes from 9am until 6pm", "[*/20 9-17 * * *]"),
    ],
)
def test_range_of_each_week_month_or_day_is_no_bound(prompt: str, schedule: str) -> None:
    """Weekdays, dates of each month and hours of each day stay a part of the recurrence."""
    assert [when(job.schedule) for job in plan(prompt).jobs] == [schedule]
