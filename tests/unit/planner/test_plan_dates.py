"""Days of the month and of the year."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    (
        "cek https://a.example tiap 5 menit tgl 11 dan 13 desember",
        "page https://a.example [*/5 * 11,13 12 *] start=2026-12-11 end=2026-12-14",
    ),
    (
        "check https://a.example every minute from 11 to 12 December",
        "page https://a.example 60s start=2026-12-11 end=2026-12-13",
    ),
    (
        "cek https://a.example tiap 5 menit tgl 1 sampai 5 desember jam 8-17",
        "page https://a.example [*/5 8-16 1-5 12 *] start=2026-12-01 end=2026-12-06",
    ),
    ("backup 1 januari, 1 april, 1 juli dan 1 oktober jam 1", "backup [0 1 1 */3 *]"),
    ("back up on 15 Jan, 15 May and 15 Sep at 2am", "backup [0 2 15 */4 *]"),
    ("backup tiap tgl 1 januari april juli oktober jam 1 malem", "backup [0 1 1 */3 *]"),
    ("backup tiap 1 januari dan 1 juli jam 3 pagi", "backup [0 3 1 */6 *]"),
    (
        "ingetin 5 januari, 5 februari dan 5 maret jam 9 bayar pajak",
        *(f"send 'bayar pajak' @2027-0{month}-05T09:00" for month in (1, 2, 3)),
    ),
    (
        "ingetin perpanjang stnk 17 feb 2027, seminggu sebelumnya sama pas harinya jam 8",
        "send 'perpanjang stnk' @2027-02-10T08:00",
        "send 'perpanjang stnk' @2027-02-17T08:00",
    ),
    (
        "izin usaha habis 14 januari, ingetin jam 9 pagi hari itu, seminggu sebelumnya jg",
        "send 'izin usaha habis' @2027-01-14T09:00",
        "send 'izin usaha habis' @2027-01-07T09:00",
    ),
    (
        "pajak jatuh tempo 9 januari, ingetin h-7 h-3 sama hari h jam 9",
        *(f"send 'pajak jatuh tempo' @2027-01-0{day}T09:00" for day in (2, 6, 9)),
    ),
    (
        "ingetin kontrol gigi 9 jan h-1 sama sehari sesudahnya jam 8",
        "send 'kontrol gigi' @2027-01-08T08:00",
        "send 'kontrol gigi' @2027-01-10T08:00",
    ),
    (
        "remind me 3 days before 25 December and on the day to close the shop, 9am",
        "send 'close the shop' @2026-12-22T09:00",
        "send 'close the shop' @2026-12-25T09:00",
    ),
    (
        "sewa jatuh tempo tgl 5 tiap bulan. ingetin dua kali, H-2 sama pas harinya, jam 8",
        "send 'sewa jatuh tempo' [0 8 3 * *]",
        "send 'sewa jatuh tempo' [0 8 5 * *]",
    ),
    (
        "ingetin bulan depan tgl 3 sama tgl 17 jam 9 imunisasi",
        "send 'imunisasi' @2026-12-03T09:00",
        "send 'imunisasi' @2026-12-17T09:00",
    ),
    ("backup tahun depan tanggal 5 desember jam 2", "backup @2027-12-05T02:00"),
    ("remind me next year on december 5 at 8 to renew", "send 'renew' @2027-12-05T08:00"),
    ("backup 1 januari tahun depan jam 2", "backup @2027-01-01T02:00"),
    (
        "cek https://a.example tiap jam sampai 5 desember tahun depan",
        "page https://a.example 3600s end=2027-12-06",
    ),
    ("report at 9 on the 10th of January, April, July and October", "report [0 9 10 */3 *]"),
    ("backup tiap tgl 5 februari, juni dan desember jam 2", "backup [0 2 5 2,6,12 *]"),
    ("laporan tgl 30.11 jam 8", "report @2026-11-30T08:00"),
    ("ingatkan sebulan sebelum 31 januari 2027 jam 9 bayar kos", "send 'bayar kos' @2026-12-31T09:00"),
    ("ingatkan setahun sebelum 5 mei 2028 jam 9 urus paspor", "send 'urus paspor' @2027-05-05T09:00"),
    ("sebulan sebelum lebaran jam 8 ingetin belanja", "send 'belanja' @2027-02-10T08:00"),
    ("Backup setiap tanggal 1 dan 15 pukul 02.30", "backup [30 2 1,15 * *]"),
    ("backup tiap akhir bulan jam 11 malam", "backup [0 23 L * *]"),
    ("laporan tiap akhir bulan", "report [0 7 L * *]"),
    ("monthly report on the 1st", "report [0 7 1 * *] period=month"),
    ("laporan setiap bulan", "report [0 7 1 * *]"),
    ("laporan bulanan tanggal 1", "report [0 7 1 * *] period=month"),
    ("monthly report", "report [0 7 1 * *] period=month"),
    ("laporan bulanan", "report [0 7 1 * *] period=month"),
    ("monthly backup on the 15th at 3am", "backup [0 3 15 * *]"),
    ("backup on the first of every month", "backup [0 2 1 * *]"),
    ("backup tanggal 10 tiap bulan jam 1 pagi", "backup [0 1 10 * *]"),
    ("backup tanggal 1, 10 dan 20 jam 1", "backup [0 1 1,10,20 * *]"),
    ("laporan tiap tanggal terakhir jam 8 malam", "report [0 20 L * *]"),
    ("report on the last day of every month", "report [0 7 L * *]"),
    ("report at the end of the month", "report [0 7 L * *]"),
    (
        "laporan harian, mingguan dan bulanan",
        "report [0 7 * * *]",
        "report [0 7 * * 1]",
        "report [0 7 1 * *]",
    ),
    ("bisa tolong dibikinkan cadangan data tiap tanggal 5 jam 2 pagi?", "backup [0 2 5 * *]"),
    ("report once a month on the 3rd", "report [0 7 3 * *]"),
    ("tiap 6 bulan backup", "backup [0 2 1 */6 *]"),
    (
        "tiap dua hari jam 3 pagi backup",
        "backup [FREQ=DAILY;INTERVAL=2;BYHOUR=3;BYMINUTE=0] start=2026-11-25",
    ),
    ("report bulanan on the last day jam 6 sore", "report [0 18 L * *] period=month"),
    ("every month on the 10th and 25th at 4pm send the report", "report [0 16 10,25 * *]"),
    ("backup tanggal satu setiap bulan", "backup [0 2 1 * *]"),
    ("backup tiap tanggal dua puluh lima jam sebelas malam", "backup [0 23 25 * *]"),
    ("laporan tiap tgl 15", "report [0 7 15 * *]"),
    ("laporan awal bulan jam 8", "report [0 8 1 * *]"),
    ("report on the first day of every month at 6am", "report [0 6 1 * *]"),
    ("tiap tanggal 31 Desember jam 11 malam backup", "backup [0 23 31 12 *]"),
    ("kirim laporan pada hari terakhir bulan", "report [0 7 L * *]"),
    ("arsipkan data tiap tanggal 1", "backup [0 2 1 * *]"),
    ("save a copy of everything at the end of every month", "backup [0 2 L * *]"),
    ("saya minta rekapitulasi tiap akhir bulan", "report [0 7 L * *]"),
    (
        "laporan jam 8 malam tiap 2 hari",
        "report [FREQ=DAILY;INTERVAL=2;BYHOUR=20;BYMINUTE=0] start=2026-11-24",
    ),
    ("backup every 3 months", "backup [0 2 1 */3 *]"),
    ("backup quarterly", "backup [0 2 1 */3 *]"),
    ("backup twice a month", "backup [0 2 1,15 * *]"),
    ("report on the fifteenth of each month at noon", "report [0 12 15 * *]"),
    ("report on the 1st, 10th and 20th", "report [0 7 1,10,20 * *]"),
    ("backup on day 5 of every month", "backup [0 2 5 * *]"),
    ("backup setiap tanggal lima dan dua puluh", "backup [0 2 5,20 * *]"),
    ("backup tanggal 31 tiap bulan", "backup [0 2 31 * *]"),
    ("backup every 31st at 23:00", "backup [0 23 31 * *]"),
    ("every last day of the month at 11pm back up", "backup [0 23 L * *]"),
    ("laporan tiap akhir bulan jam setengah 6 sore", "report [30 17 L * *]"),
    ("laporan bulanan di hari terakhir", "report [0 7 L * *] period=month"),
    ("backup tahunan tiap 31 Desember jam 10 malam", "backup [0 22 31 12 *]"),
    ("yearly report on January 5th at 9am", "report [0 9 5 1 *]"),
    ("backup bulanan tiap tanggal 28 jam 11 malam", "backup [0 23 28 * *]"),
    ("kirim laporan di hari terakhir tiap bulan jam 5 sore", "report [0 17 L * *]"),
    ("back up on the last day of every month at 10pm", "backup [0 22 L * *]"),
    ("export data on the 10th of each month", "backup [0 2 10 * *]"),
    ("laporan tiap tgl 5 dan 20 jam 8 pagi", "report [0 8 5,20 * *]"),
    (
        "laporan tiap tanggal 1 jam 7 pagi dan tiap tanggal 15 jam 5 sore",
        "report [0 7 1 * *]",
        "report [0 17 15 * *]",
    ),
    ("report once a month", "report [0 7 1 * *]"),
    ("report on the second of every month", "report [0 7 2 * *]"),
    ("report every second of the month", "report [0 7 2 * *]"),
    ("backup tgl 5.12.2026 jam 10", "backup @2026-12-05T10:00"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_dates_become_the_jobs_that_are_meant(row: Row) -> None:
    """Each prompt about schedules on dates becomes exactly the jobs that are meant, with no warning."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()
