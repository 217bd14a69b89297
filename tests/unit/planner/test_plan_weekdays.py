"""Days of the week: lists, ranges, sets, and what is left out of them."""

from __future__ import annotations

import pytest

from tests.support.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    ("setiap hari kerja jam 8 kirim laporan", "report [0 8 * * 1-5]"),
    ("every weekday at half past eight send me the report", "report [30 8 * * 1-5]"),
    ("weekly summary every monday morning", "report [0 7 * * 1]"),
    ("backup sekali seminggu", "backup [0 2 * * 1]"),
    ("backup seminggu sekali hari sabtu", "backup [0 2 * * 6]"),
    ("Selamat pagi, mohon dibackup datanya setiap hari Sabtu jam 11 malam", "backup [0 23 * * 6]"),
    ("laporan senin jam 8, rabu jam 10", "report [0 8 * * 1]", "report [0 10 * * 3]"),
    ("laporan tiap senin jam 8 dan tiap kamis jam 15", "report [0 8 * * 1]", "report [0 15 * * 4]"),
    ("laporan senin-jumat jam 7 dan sabtu jam 9", "report [0 7 * * 1-5]", "report [0 9 * * 6]"),
    ("backup mon-fri at 23:00 and sat at 10:00", "backup [0 23 * * 1-5]", "backup [0 10 * * 6]"),
    ("report monday to friday at 6, saturday at 9", "report [0 6 * * 1-5]", "report [0 9 * * 6]"),
    ("report every tue and thu at 10:15", "report [15 10 * * 2,4]"),
    ("laporan tiap sabtu dan minggu jam 8", "report [0 8 * * 6,0]"),
    ("laporan tiap hari minggu", "report [0 7 * * 0]"),
    ("laporan tiap hari kecuali minggu jam 8", "report [0 8 * * 1-6]"),
    ("backup every day except sunday at 3am", "backup [0 3 * * 1-6]"),
    ("backup di akhir pekan", "backup [0 2 * * 6,0]"),
    ("weekend backup at 9am", "backup [0 9 * * 6,0]"),
    ("laporan hari kerja jam 8 pagi", "report [0 8 * * 1-5]"),
    ("laporan mingguan", "report [0 7 * * 1]"),
    ("weekly report", "report [0 7 * * 1]"),
    ("weekly report at 8", "report [0 8 * * 1]"),
    ("lapoaran tiap snin jm 8", "report [0 8 * * 1]"),
    ("rekpa tiap jumt jam 4 sore", "report [0 16 * * 5]"),
    ("exprot data every sunday at 2am", "backup [0 2 * * 0]"),
    ("ringkasn tiap slasa dan kmis jam 9", "report [0 9 * * 2,4]"),
    ("sumary evry wensday at 8", "report [0 8 * * 3]"),
    ("cadangkn data tiap akhr pekan", "backup [0 2 * * 6,0]"),
    ("aku butuh rekap mingguan tiap minggu malam jam 8", "report [0 20 * * 0]"),
    ("harap lakukan pencadangan data setiap hari Rabu pukul 22.15", "backup [15 22 * * 3]"),
    ("jadwalkan backup mingguan hari minggu jam 3 pagi", "backup [0 3 * * 0]"),
    ("could you please send me a summary on mondays and thursdays at 5pm?", "report [0 17 * * 1,4]"),
    ("run a backup once a week on sunday at 4am", "backup [0 4 * * 0]"),
    ("kirm laporn tiap hr krja jm 9 pgi", "report [0 9 * * 1-5]"),
    ("laporan tiap jumat sore", "report [0 17 * * 5]"),
    ("laporan jumat malam", "report [0 20 * * 5]"),
    ("backup sabtu dini hari jam 3", "backup [0 3 * * 6]"),
    ("every friday evening send the summary", "report [0 19 * * 5]"),
    ("on mondays back up at 4", "backup [0 4 * * 1]"),
    ("on monday back up at 4", "backup [0 4 * * 1]"),
    ("backup hari senin jam 4", "backup [0 4 * * 1]"),
    ("please buatkan report mingguan every senin jam 9 pagi", "report [0 9 * * 1]"),
    ("setiap senin sampai kamis jam 4 sore kirim rekap", "report [0 16 * * 1-4]"),
    ("tiap selasa, kamis & sabtu jam 6.30 pagi backup", "backup [30 6 * * 2,4,6]"),
    ("report every mon, wed, fri at 7", "report [0 7 * * 1,3,5]"),
    ("laporan senin s/d jumat pukul 16.30", "report [30 16 * * 1-5]"),
    ("laporan senin s.d. sabtu jam 5 sore", "report [0 17 * * 1-6]"),
    ("backup on tuesdays and fridays at 23:15", "backup [15 23 * * 2,5]"),
    ("laporan setiap hari selasa dan hari kamis jam 10", "report [0 10 * * 2,4]"),
    ("buat salinan cadangan setiap hari minggu jam 2 pagi", "backup [0 2 * * 0]"),
    ("take a snapshot every sunday at 5am", "backup [0 5 * * 0]"),
    ("bikin ikhtisar tiap jumat sore jam 4", "report [0 16 * * 5]"),
    ("give me a digest every weekday at 7:45", "report [45 7 * * 1-5]"),
    ("susun rangkuman setiap hari sabtu pukul 12 siang", "report [0 12 * * 6]"),
    ("give me an overview every monday", "report [0 7 * * 1]"),
    ("laporan 2x seminggu", "report [0 7 * * 1,4]"),
    ("min mau backup tiap jumat malem jam 10 bisa kan?", "backup [0 22 * * 5]"),
    ("backup tiap malam minggu jam 11", "backup [0 23 * * 6]"),
    ("backup tiap malam jumat", "backup [0 2 * * 4]"),
    ("laporan tiap senin pagi jam 7 dan jumat sore jam 4", "report [0 7 * * 1]", "report [0 16 * * 5]"),
    ("laporan tiap senin, selasa jam 8 pagi; rabu jam 9", "report [0 8 * * 1-2]", "report [0 9 * * 3]"),
    ("laporan jam 8 tiap senin s.d. kamis, jumat jam 7.30", "report [0 8 * * 1-4]", "report [30 7 * * 5]"),
    (
        "every weekday at 9, and on saturday at 11, send the report",
        "report [0 9 * * 1-5]",
        "report [0 11 * * 6]",
    ),
    ("report at 9 on weekdays and at 11 on weekends", "report [0 9 * * 1-5]", "report [0 11 * * 6,0]"),
    ("backup at 2am every day except weekends", "backup [0 2 * * 1-5]"),
    ("laporan tiap hari selain sabtu dan minggu jam 8", "report [0 8 * * 1-5]"),
    ("laporan hari senin hingga sabtu jam 5 sore", "report [0 17 * * 1-6]"),
    ("kak Rina minta laporan tiap jumat jam 3 sore", "report [0 15 * * 5]"),
    ("backup setiap hari Sabtu pukul 23.30", "backup [30 23 * * 6]"),
    ("kirim daily report setiap weekend jam 9.00", "report [0 9 * * 6,0]"),
    ("Kirim rekap tiap Selasa, Kamis, dan Sabtu jam 3 sore", "report [0 15 * * 2,4,6]"),
    (
        "laporan Senin sampai Kamis jam 5 sore, kalau Jumat jam 3 sore",
        "report [0 17 * * 1-4]",
        "report [0 15 * * 5]",
    ),
    ("backup mingguan tiap minggu malam", "backup [0 2 * * 0]"),
    ("report every Sunday at 8:30am", "report [30 8 * * 0]"),
    ("tolong bantu ekspor data jam 2 pagi setiap hari Senin sampai Sabtu ya kak", "backup [0 2 * * 1-6]"),
    ("saya butuh laporan jam 8 pagi dan jam 8 malam setiap hari kerja", "report [0 8,20 * * 1-5]"),
    ("backup tiap senin jam 1 pagi, tiap kamis jam 2 pagi", "backup [0 1 * * 1]", "backup [0 2 * * 4]"),
    ("report at 8 on Mondays, 9 on Tuesdays", "report [0 8 * * 1]", "report [0 9 * * 2]"),
    ("report on Mondays at 8 and Fridays at 17:30", "report [0 8 * * 1]", "report [30 17 * * 5]"),
    ("laporan seminggu sekali jam 9", "report [0 9 * * 1]"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_weekdays_become_the_jobs_that_are_meant(row: Row) -> None:
    """Each prompt about schedules on weekdays becomes exactly the jobs that are meant, with no warning."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()
