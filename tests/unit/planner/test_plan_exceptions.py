"""Exceptions and times that are past: none is read as its opposite."""

from __future__ import annotations

import pytest

from app.core.models import Schedule
from app.core.scheduling.schedule import compiled_schedule
from app.planner.summary import summary_of
from tests.support.planner.planning import JAKARTA, Row, line, plan

ROWS: tuple[Row, ...] = (
    ("backup tiap hari jam 2 kecuali tanggal 1", "backup [0 2 2-31 * *]"),
    ("backup every day except the 1st and the 15th at 3am", "backup [0 3 2-14,16-31 * *]"),
    ("backup tanggal 1 sampai 10 kecuali tanggal 5 jam 2", "backup [0 2 1-4,6-10 * *]"),
    (
        "cek https://a.example.com tiap 5 menit kecuali tanggal 1 sampai 3",
        "page https://a.example.com [*/5 * 4-31 * *]",
    ),
    ("backup every day at 2 except on Sundays", "backup [0 2 * * 1-6]"),
    # A plain line says what it can: weekdays, months, windows, days of the month.
    ("laporan jam 8 selain hari Minggu", "report [0 8 * * 1-6]"),
    ("laporan tiap hari jam 7 kecuali Senin, Rabu", "report [0 7 * * 0,2,4-6]"),
    ("kecuali hari Minggu, laporan jam 8 tiap hari", "report [0 8 * * 1-6]"),
    ("laporan tiap hari jam 8, Minggu libur", "report [0 8 * * 1-6]"),
    ("laporan tiap hari jam 8, Sabtu gak usah", "report [0 8 * * 0-5]"),
    ("backup tiap hari jam 1 kecuali Desember", "backup [0 1 * 1-11 *]"),
    ("backup daily at 2am except in December", "backup [0 2 * 1-11 *]"),
    ("backup Januari sampai Maret tiap hari jam 2", "backup [0 2 * 1-3 *]"),
    ("backup tiap malam jam 11 kecuali malam minggu", "backup [0 23 * * 0-5]"),
    ("pantau wa toko_a tiap 5 menit kecuali jam 12-13", "watch whatsapp/toko_a [*/5 13-23,0-11 * * *]"),
    ("laporan jam 7, 12, 17 kecuali jam 12-13", "report [0 7,17 * * *]"),
    ("laporan tiap jam kecuali jam 12 malam sampai jam 6 pagi", "report [0 6-23 * * *]"),
    (
        "check https://b.example every 5 minutes outside business hours",
        "page https://b.example [*/5 17-23,0-8 * * *]",
    ),
    ("laporan jam 7 setiap hari, Minggu tidak", "report [0 7 * * 1-6]"),
    ("laporan jam 7 setiap hari, tidak di hari Minggu", "report [0 7 * * 1-6]"),
    ("laporan tiap hari jam 7 tapi libur pas weekend", "report [0 7 * * 1-5]"),
    ("tolong backup tiap mlm jam 11 tp jgn pas hari minggu", "backup [0 23 * * 1-6]"),
    ("bos minta laporan jm 8 pagi tiap hr kecuali sabtu mgg", "report [0 8 * * 1-5]"),
    (
        "pantau wa cs_1 tiap 2 menit, selain jam 9-17 gak usah",
        "watch whatsapp/cs_1 [*/2 9-16 * * *]",
    ),
    ("laporan jam 7 kecuali hari senin s/d rabu", "report [0 7 * * 0,4-6]"),
    ("laporan tiap hari jam 8 kalau bukan hari minggu", "report [0 8 * * 1-6]"),
    ("report at 8 every day if it's not a weekend", "report [0 8 * * 1-5]"),
    ("laporan harian jam 7 minus weekend", "report [0 7 * * 1-5]"),
    ("report every day bar Sunday at 8", "report [0 8 * * 1-6]"),
    ("report every day at 8, Sundays excluded", "report [0 8 * * 1-6]"),
    ("backup tiap hari jam 2, tanggal merah tetap jalan", "backup [0 2 * * *]"),
    ("laporan tiap hari jam 7 termasuk hari libur", "report [0 7 * * *]"),
    ("report every day at 7 except June through August", "report [0 7 * 1-5,9-12 *]"),
    (
        "pantau tele bot_a tiap menit, kecuali jam 1-3 malam karena maintenance",
        "watch telegram/bot_a [* 3-23,0 * * *]",
    ),
    ("laporan tiap hari jam 8. Minggu libur ya", "report [0 8 * * 1-6]"),
    ("besides Sundays, back up daily at 2", "backup [0 2 * * 1-6]"),
    ("back up daily at 2 but skip the 1st", "backup [0 2 2-31 * *]"),
    ("back up on weekdays in June at 2", "backup [0 2 * 6 1-5]"),
    ("laporan tiap hari kecuali Minggu, jam 8", "report [0 8 * * 1-6]"),
    # The rest is skipped.
    ("laporan tiap hari kecuali tanggal merah, jam 8", "report [0 8 * * *] skip(holidays=ID)"),
    ("laporan tiap hari jam 8, tanggal merah gak usah kirim", "report [0 8 * * *] skip(holidays=ID)"),
    (
        "report at 7 daily except New Year's Day and Christmas Eve",
        "report [0 7 * * *] skip(dates=01-01,12-24)",
    ),
    ("laporan tiap hari jam 8 selama bukan libur", "report [0 8 * * *] skip(holidays=ID)"),
    ("report every day at 8 on days that aren't holidays", "report [0 8 * * *] skip(holidays=ID)"),
    (
        "report every hour except midnight to 6am and noon to 1pm",
        "report 3600s skip(windows=00:00-06:00,12:00-13:00)",
    ),
    (
        "laporan senin sampai sabtu jam 7 kecuali tanggal merah dan tanggal 1",
        "report [0 7 * * 1-6] skip(days_of_month=1 holidays=ID)",
    ),
    (
        "kirim wa ke 081234567890 tiap hari jam 8 kecuali hari minggu: jangan lupa absen",
        "send 'jangan lupa absen' whatsapp:081234567890 [0 8 * * 1-6]",
    ),
    ("report every Monday at 9 unless it's a holiday", "report [0 9 * * 1] skip(holidays=ID)"),
    (
        "report Mon-Fri at 8, except public holidays in Indonesia",
        "report [0 8 * * 1-5] skip(holidays=ID)",
    ),
    (
        "laporan tiap bulan tanggal 25 jam 8, kalau tanggal merah maju sehari",
        "report [0 8 25 * *] skip(holidays=ID before)",
    ),
    (
        "report on the 15th at 10, if it falls on a Sunday send it the next day",
        "report [0 10 15 * *] skip(weekdays=0 after)",
    ),
    ("laporan jam 8 tiap hari kecuali hari libur nasional", "report [0 8 * * *] skip(holidays=ID)"),
    ("report every weekday at 8 except public holidays", "report [0 8 * * 1-5] skip(holidays=ID)"),
    ("backup daily at 3, not on public holidays", "backup [0 3 * * *] skip(holidays=ID)"),
    ("report weekdays at 8, skip holidays", "report [0 8 * * 1-5] skip(holidays=ID)"),
    (
        "backup jam 2 kecuali tanggal merah dan cuti bersama",
        "backup [0 2 * * *] skip(holidays=ID cuti_bersama=True)",
    ),
    (
        "laporan jam 8 tiap hari selain Sabtu, Minggu, dan tanggal merah",
        "report [0 8 * * 1-5] skip(holidays=ID)",
    ),
    ("report every day at 7 except Christmas", "report [0 7 * * *] skip(dates=12-25)"),
    (
        "laporan jam 7 tiap hari kecuali Natal dan Lebaran",
        "report [0 7 * * *] skip(dates=12-25 holidays=ID names=Idul Fitri)",
    ),
    ("laporan tiap Senin jam 8 kecuali tanggal 17 Agustus", "report [0 8 * * 1] skip(dates=08-17)"),
    (
        "laporan jam 7 tiap hari kecuali 30 Desember sampai 2 Januari",
        "report [0 7 * * *] skip(dates=01-01,01-02,12-30,12-31)",
    ),
    ("laporan jam 7 tiap hari kecuali besok", "report [0 7 * * *] skip(dates=2026-11-25)"),
    ("laporan tiap Senin kecuali tanggal 1 jam 8", "report [0 8 * * 1] skip(days_of_month=1)"),
    ("backup tiap tanggal 1 kecuali Minggu jam 2", "backup [0 2 1 * *] skip(weekdays=0)"),
    (
        "laporan tiap Senin pertama jam 9 kecuali tanggal merah",
        "report [FREQ=MONTHLY;BYDAY=1MO;BYHOUR=9;BYMINUTE=0] skip(holidays=ID)",
    ),
    (
        "pantau wa toko_f tiap 7 menit dari jam 8 sampai 17",
        "watch whatsapp/toko_f 420s skip(windows=17:00-08:00)",
    ),
    (
        "tiap hari jam 7.30-8.30 pantau wa toko_a tiap 10 menit",
        "watch whatsapp/toko_a 600s skip(windows=08:30-07:30)",
    ),
    (
        "pantau telegram akun a_1 tiap 30 detik dari jam 8 sampai 17",
        "watch telegram/a_1 30s skip(windows=17:00-08:00)",
    ),
    ("pantau wa toko_a tiap 7 menit di hari kerja", "watch whatsapp/toko_a 420s skip(weekdays=0,6)"),
    (
        "pantau wa toko_a tiap 7 menit kecuali jam 12 sampai 13",
        "watch whatsapp/toko_a 420s skip(windows=12:00-13:00)",
    ),
    (
        "pantau wa toko_a tiap 5 menit kecuali tanggal merah",
        "watch whatsapp/toko_a 300s skip(holidays=ID)",
    ),
    (
        "laporan Senin sampai Jumat jam 8 dan Sabtu jam 10 kecuali tanggal merah",
        "report [0 8 * * 1-5] skip(holidays=ID)",
        "report [0 10 * * 6] skip(holidays=ID)",
    ),
    ("backup tiap 6 jam kecuali tengah malam", "backup 21600s skip(windows=00:00-01:00)"),
    (
        "report on the last workday of the month, skipping holidays, at 4pm",
        "report [FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=16;BYMINUTE=0] skip(holidays=ID)",
    ),
    # What falls on such a day is moved.
    (
        "ingatkan saya lewat wa tiap tgl 25 jam 9 untuk bayar kos, kalau libur majukan",
        "send 'bayar kos' whatsapp [0 9 25 * *] skip(holidays=ID before)",
    ),
    ("laporan tiap tanggal 1, kalau Minggu ya Senin, jam 8", "report [0 8 1 * *] skip(weekdays=0 after)"),
    ("laporan tiap tgl 1 jam 9, kalo libur mundurin", "report [0 9 1 * *] skip(holidays=ID after)"),
    (
        "kirim wa ke 0811 tiap tanggal 25 jam 8, kalau jatuh hari Minggu majukan: gajian",
        "send 'gajian' whatsapp:0811 [0 8 25 * *] skip(weekdays=0 before)",
    ),
    (
        "report on the 1st at 9, if it's a holiday move it to the next working day",
        "report [0 9 1 * *] skip(weekdays=0,6 holidays=ID after)",
    ),
    (
        "report on the 25th at 9am, if that falls on a weekend run it the day before",
        "report [0 9 25 * *] skip(weekdays=0,6 before)",
    ),
    (
        "laporan tiap tanggal 1 jam 9, kalau hari Minggu geser ke Senin",
        "report [0 9 1 * *] skip(weekdays=0 after)",
    ),
    # A day with a time of its own leaves the others.
    ("laporan tiap hari jam 7, Sabtu jam 9", "report [0 7 * * 0-5]", "report [0 9 * * 6]"),
    ("laporan tiap hari jam 7 tapi Jumat jam 8", "report [0 7 * * 0-4,6]", "report [0 8 * * 5]"),
    ("laporan tiap hari jam 7 kecuali Jumat jam 8", "report [0 7 * * 0-4,6]", "report [0 8 * * 5]"),
    ("backup tiap hari jam 1 tapi minggu jam 4", "backup [0 1 * * 1-6]", "backup [0 4 * * 0]"),
    ("report every day at 7 but at 9 on weekends", "report [0 7 * * 1-5]", "report [0 9 * * 6,0]"),
    (
        "laporan tiap hari jam 7 dan 19 kecuali minggu cuma jam 7",
        "report [0 7,19 * * 1-6]",
        "report [0 7 * * 0]",
    ),
    ("backup tiap 2 jam kecuali minggu tiap 4 jam", "backup [0 */2 * * 1-6]", "backup [0 */4 * * 0]"),
    (
        "laporan tiap tanggal 15 dan akhir bulan jam 8, kalau libur majukan",
        "report [0 8 15 * *] skip(holidays=ID before)",
        "report [0 8 L * *] skip(holidays=ID before)",
    ),
    ("laporan Sabtu jam 9, hari lain jam 7", "report [0 9 * * 6]", "report [0 7 * * 0-5]"),
    ("laporan setiap hari kerja jam 8, Sabtu jam 10", "report [0 8 * * 1-5]", "report [0 10 * * 6]"),
    ("laporan tiap hari jam 7, tanggal 1 jam 9", "report [0 7 2-31 * *]", "report [0 9 1 * *]"),
    (
        "kirim wa ke 0811 tiap hari jam 7, Sabtu jam 9: halo",
        "send 'halo' whatsapp:0811 [0 7 * * 0-5]",
        "send 'halo' whatsapp:0811 [0 9 * * 6]",
    ),
    (
        "pantau wa toko_a tiap 5 menit, Minggu tiap 30 menit",
        "watch whatsapp/toko_a [*/5 * * * 1-6]",
        "watch whatsapp/toko_a [*/30 * * * 0]",
    ),
    (
        "laporan tiap kamis jam 8, kalau kamisnya libur nasional ya rabunya",
        "report [0 8 * * 4] skip(holidays=ID before)",
    ),
    (
        "report every 5th at 8, if that's a Sunday then do it Saturday",
        "report [0 8 5 * *] skip(weekdays=0 before)",
    ),
    (
        "laporan tiap jumat jam 8, kalau tanggal merah ya kamisnya",
        "report [0 8 * * 5] skip(holidays=ID before)",
    ),
    ("laporan jam 6 & 18, selasa rabu engga", "report [0 6,18 * * 0-1,4-6]"),
    ("laporan jam 7, sabtu libur soalnya tutup", "report [0 7 * * 0-5]"),
    ("report daily at 9 but leave out Wednesdays", "report [0 9 * * 0-2,4-6]"),
    ("backup tiap hari jam 3 slain minggu", "backup [0 3 * * 1-6]"),
    (
        "cek https://a.example tiap 5 menit dari jam 8 sampai 17, istirahat 12-13 dilewat",
        "page https://a.example [*/5 8-16 * * *] skip(windows=12:00-13:00)",
    ),
    (
        "laporan Senin dan Kamis jam 8, hari lainnya jam 9",
        "report [0 8 * * 1,4]",
        "report [0 9 * * 0,2-3,5-6]",
    ),
    ("report sundays at 9, the rest of the week at 7", "report [0 9 * * 0]", "report [0 7 * * 1-6]"),
)
NOT_UNDERSTOOD = (
    "backup tiap hari jam 2 selain tanggal 31, Kamis doang",
    "report daily at 6am, skip the last day of the month",
    "backup tiap hari jam 2, lewati Senin pertama tiap bulan",
    "backup jam 2 tiap hari kecuali akhir bulan",
    "laporan jam 7 kecuali kalau hujan",
    "backup every day at 2 except when it rains",
    "laporan tiap hari jam 7 kecuali Minggu dan hujan",
    "pantau wa toko_a tiap 5 menit kecuali Minggu jam 12-13",
    "laporan tiap tanggal 1 jam 9, kalau hari libur geser ke Senin",
    "laporan jam 8 kecuali tanggal merah waktu UTC",
    "laporan jam 7 tiap hari kerja kecuali Jumat minggu terakhir",
    "cek https://a.example tiap menit kecuali minggu dini hari",
)
PAST = (
    "saya sudah backup tadi malam jam 2",
    "tadi pagi backup gagal lagi",
    "tadi pagi wa mati 5 menit",
    "back up last night",
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_exception_leaves_days_out(row: Row) -> None:
    """Each prompt becomes exactly these jobs, with no warning."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_schedule_with_exceptions_is_one_that_can_be_stored(row: Row) -> None:
    """Each schedule is valid, and the summary says what it skips."""
    draft = plan(row[0])
    schedules = [Schedule.model_validate(job.schedule) for job in draft.jobs]
    assert all(compiled_schedule(each, JAKARTA) for each in schedules)
    summary = summary_of(draft.jobs, draft.language)
    skipped = any(schedule.skip is not None for schedule in schedules)
    assert skipped == any(words in summary for words in ("not on", "not at", "kecuali"))


@pytest.mark.parametrize("prompt", NOT_UNDERSTOOD)
def test_exception_that_is_not_understood_drops_the_job(prompt: str) -> None:
    """A job on the very days that were excepted would be worse than none."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert any(
        word in text
        for text in draft.warnings
        for word in ("kecuali", "except", "libur", "merah", "lewati", "skip")
    )


@pytest.mark.parametrize("prompt", PAST)
def test_report_of_the_past_plans_nothing(prompt: str) -> None:
    """What happened last night is no wish for each night."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert draft.warnings
