"""Time words as people type them: parts of the day, counted weeks and months, regional words."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    ("laporan abis subuh", "report [0 5 * * *]"),
    ("laporan tiap maghrib", "report [30 18 * * *]"),
    ("laporan habis isya", "report [30 19 * * *]"),
    ("report at dawn", "report [0 5 * * *]"),
    ("report noonish", "report [0 12 * * *]"),
    ("report at 7ish", "report [0 7 * * *]"),
    ("laporan jam 7an", "report [0 7 * * *]"),
    ("laporan pas tengah malam", "report [0 0 * * *]"),
    ("backup jam 24", "backup [0 0 * * *]"),
    ("report at 13pm", "report [0 13 * * *]"),
    ("laporan 5 menit sebelum jam 8 pagi tiap hari", "report [55 7 * * *]"),
    ("report MWF at 8", "report [0 8 * * 1,3,5]"),
    ("report TTh at 9", "report [0 9 * * 2,4]"),
    ("mon-wed-fri 7am report, tue-thu 8am report", "report [0 7 * * 1,3,5]", "report [0 8 * * 2-4]"),
    (
        "laporan dua minggu sekali tiap Jumat jam 9",
        "report [FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;BYHOUR=9;BYMINUTE=0] start=2026-11-27",
    ),
    ("report first and third Monday at 9", "report [FREQ=MONTHLY;BYDAY=1MO,3MO;BYHOUR=9;BYMINUTE=0]"),
    (
        "report on the 2nd and 4th Friday of each month at 10",
        "report [FREQ=MONTHLY;BYDAY=2FR,4FR;BYHOUR=10;BYMINUTE=0]",
    ),
    ("laporan Senin pertama dan ketiga jam 8", "report [FREQ=MONTHLY;BYDAY=1MO,3MO;BYHOUR=8;BYMINUTE=0]"),
    ("laporan Senin minggu kedua tiap bulan jam 8", "report [FREQ=MONTHLY;BYDAY=2MO;BYHOUR=8;BYMINUTE=0]"),
    (
        "cek website https://z.example setiap jam kerja 9-17 every 10 menit",
        "page https://z.example [*/10 9-16 * * *]",
    ),
    (
        "pantau wa toko_a selama jam buka toko 9 pagi - 9 malam tiap 5 menit",
        "watch whatsapp/toko_a [*/5 9-20 * * *]",
    ),
    (
        "report on the 5th working day of the month at 9",
        "report [FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=5;BYHOUR=9;BYMINUTE=0]",
    ),
    ("laporan setiap kuartal", "report [0 7 1 */3 *]"),
    ("report semi-annually", "report [0 7 1 */6 *]"),
    ("laporan tiap jam di menit 15", "report [15 * * * *]"),
    ("report every hour at quarter past", "report [15 * * * *]"),
    ("report every hour at 15 past from 8 to 17", "report [15 8-16 * * *]"),
    ("laporan sen, rab, jum jam 7", "report [0 7 * * 1,3,5]"),
    ("report tues/thurs 7am", "report [0 7 * * 2,4]"),
    (
        "cek https://a.example every 5 minutes at night, every minute during the day",
        "page https://a.example [*/5 18-23,0-4 * * *]",
        "page https://a.example [* 6-17 * * *]",
    ),
    (
        "send whatsapp to 0811 every Christmas at 9: merry christmas",
        "send 'merry christmas' whatsapp:0811 [0 9 25 12 *]",
    ),
    ("laporan di hari natal jam 8", "report @2026-12-25T08:00"),
    # Javanese and Sundanese.
    ("laporan saben isuk jam 7", "report [0 7 * * *]"),
    ("laporan unggal poé jam 7", "report [0 7 * * *]"),
    ("backup ben bengi jam 12", "backup [0 0 * * *]"),
    ("laporan tiap wengi jam 9", "report [0 21 * * *]"),
    ("laporan tiap enjing jam 6", "report [0 6 * * *]"),
    ("mbak, laporane dikirim saben sore jam 4 yo", "report [0 16 * * *]"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_time_words_become_the_schedules_that_are_meant(row: Row) -> None:
    """Each prompt becomes exactly these jobs, with no warning."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()


def test_days_that_some_months_lack_are_named() -> None:
    """February has no 30th: the plan says that this month is left out."""
    draft = plan("laporan tiap tanggal 30 dan 31 jam 8")
    assert [line(job) for job in draft.jobs] == ["report [0 8 30-31 * *]"]
    assert any("30, 31" in text for text in draft.assumptions)
