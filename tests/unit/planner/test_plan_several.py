"""Several wishes in one prompt, each with the times, targets and limits that belong to it."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    (
        "export data tiap jam 12 malam, dan satu setengah jam lagi bikin laporan",
        "backup [0 0 * * *]",
        "report @2026-11-24T11:30",
    ),
    (
        "pantau discord akun g_1 sejam sekali, lalu tiap pagi jam 6 dan tiap malam jam 10 backup data",
        "watch discord/g_1 3600s",
        "backup [0 6,22 * * *]",
    ),
    (
        "backup jam 1 malam terus jam 9 pagi sampai jam 5 sore, tiap jam, cek slack akun sales",
        "backup [0 1 * * *]",
        "watch slack/sales [0 9-16 * * *]",
    ),
    (
        "tiap jam 9-17 cek slack akun sales, hari kerja aja, habis itu pantau https://a.example.com",
        "watch slack/sales [0 9-16 * * 1-5]",
        "page https://a.example.com 60s",
    ),
    ("backup dan laporan tiap hari jam 6 pagi", "backup [0 6 * * *]", "report [0 6 * * *]"),
    ("tiap hari jam 5 pagi backup dan kirim laporan", "backup [0 5 * * *]", "report [0 5 * * *]"),
    ("besok jam 9 backup dan laporan", "backup @2026-11-25T09:00", "report @2026-11-25T09:00"),
    ("tiap 6 jam backup dan laporan", "backup 21600s", "report [0 7 * * *]"),
    ("laporan jam 8 dan backup", "report [0 8 * * *]", "backup [0 2 * * *]"),
    ("backup simpan 5 dan laporan jam 8", "backup [0 2 * * *] keep=5", "report [0 8 * * *]"),
    ("laporan harian jam 7 pagi, backup jam 2 dini hari", "report [0 7 * * *]", "backup [0 2 * * *]"),
    (
        (
            "pantau telegram akun a_1 tiap menit dan kirim laporan jam 9 malam ke wa 628123123123 "
            "terus backup tiap minggu"
        ),
        "watch telegram/a_1 60s",
        "report [0 21 * * *] notify=whatsapp:628123123123",
        "backup [0 2 * * 1]",
    ),
    (
        (
            "tolong pantau wa akun cs_3 tiap 30 detik, kalau down kabari telegram chat 555, lalu "
            "backup jam 1 pagi simpan 5, dan laporan harian jam 6"
        ),
        "watch whatsapp/cs_3 30s notify=telegram:555",
        "backup [0 1 * * *] keep=5",
        "report [0 6 * * *]",
    ),
    (
        "1. pantau telegram akun x_1 tiap menit\n2. backup jam 3 pagi\n3. laporan jam 8",
        "watch telegram/x_1 60s",
        "backup [0 3 * * *]",
        "report [0 8 * * *]",
    ),
    ("- laporan jam 8\n- backup jam 3 pagi, simpan 3", "report [0 8 * * *]", "backup [0 3 * * *] keep=3"),
    (
        "report at 7, backup at 2, and monitor whatsapp account s_1 every 30s",
        "report [0 7 * * *]",
        "backup [0 2 * * *]",
        "watch whatsapp/s_1 30s",
    ),
    (
        "tiap jam 7 pagi kirim laporan, tiap jam 2 pagi backup, tiap menit pantau telegram akun z_9",
        "report [0 7 * * *]",
        "backup [0 2 * * *]",
        "watch telegram/z_9 60s",
    ),
    (
        "backup jam 2 lalu laporan jam 7 kirim ke email a@b.co",
        "backup [0 2 * * *]",
        "report [0 7 * * *] notify=email:a@b.co",
    ),
    ("buat laporan harian dan backup mingguan", "report [0 7 * * *]", "backup [0 2 * * 1]"),
    ("please back up weekly and report daily", "backup [0 2 * * 1]", "report [0 7 * * *]"),
    (
        "back up every night at 1, then send a report every morning at 7 to telegram chat 321",
        "backup [0 1 * * *]",
        "report [0 7 * * *] notify=telegram:321",
    ),
    ("pantau telegram dan backup tiap hari", "watch telegram/default 30s", "backup [0 2 * * *]"),
    ("pantau telegram, jangan lupa backup jam 3", "watch telegram/default 30s", "backup [0 3 * * *]"),
    ("besok laporan jam 10 pagi, backup jam 2 siang", "report @2026-11-25T10:00", "backup [0 14 * * *]"),
    (
        (
            "pantau telegram akun a_1 dan whatsapp akun b_1 setiap menit, terus kirim report jam 9 "
            "malam dan backup every sunday jam 2 pagi"
        ),
        "watch telegram/a_1 60s",
        "watch whatsapp/b_1 60s",
        "report [0 21 * * *]",
        "backup [0 2 * * 0]",
    ),
    (
        "buat laporan tiap hari pukul 08.00 WITA dan backup pukul 23.00 WIB",
        "report [0 8 * * *] Asia/Makassar",
        "backup [0 23 * * *]",
    ),
    (
        "report daily at 18:00 Europe/London, backup at 02:00 UTC",
        "report [0 18 * * *] Europe/London",
        "backup [0 2 * * *] UTC",
    ),
    (
        "laporan harian: jam 7 pagi; backup: jam 2 pagi; pantau: telegram akun a_1 tiap menit",
        "report [0 7 * * *]",
        "backup [0 2 * * *]",
        "watch telegram/a_1 60s",
    ),
    (
        "jadwal backup jam 3 pagi dan laporan jam 8 pagi setiap hari",
        "backup [0 3 * * *]",
        "report [0 8 * * *]",
    ),
    (
        "setiap hari jam 7 pagi buat laporan dan jam 11 malam backup",
        "report [0 7 * * *]",
        "backup [0 23 * * *]",
    ),
    (
        "setiap hari jam 7 buat laporan, jam 9 cek https://a.example.com, dan jam 23 backup",
        "report [0 7 * * *]",
        "page https://a.example.com [0 9 * * *]",
        "backup [0 23 * * *]",
    ),
    (
        "every day at 7 send the report, at 9 check https://a.example.com and at 23 back up",
        "report [0 7 * * *]",
        "page https://a.example.com [0 9 * * *]",
        "backup [0 23 * * *]",
    ),
    ("tiap senin jam 8 laporan, tiap jumat jam 5 sore backup", "report [0 8 * * 1]", "backup [0 17 * * 5]"),
    ("besok jam 9 backup, lusa jam 9 laporan", "backup @2026-11-25T09:00", "report @2026-11-26T09:00"),
    (
        (
            "laporan jam 7 pagi ke telegram chat 5, backup jam 2 pagi, cek https://a.example.com "
            "tiap menit kabari wa 62811 kalau mati"
        ),
        "report [0 7 * * *] notify=telegram:5",
        "backup [0 2 * * *]",
        "page https://a.example.com 60s notify=whatsapp:62811",
    ),
    (
        "gw pengen telegram akun bot_x dipantau tiap 2 mnt trus laporannya dikirim jam 8 mlm",
        "watch telegram/bot_x 120s",
        "report [0 20 * * *]",
    ),
    ("LAPORAN JAM 7,BACKUP JAM 2", "report [0 7 * * *]", "backup [0 2 * * *]"),
    (
        "backup jam 1 pagi terus laporan jam 7 pagi terus pantau wa akun cs9",
        "backup [0 1 * * *]",
        "report [0 7 * * *]",
        "watch whatsapp/cs9 30s",
    ),
    (
        (
            "cek https://a.example tiap 10 menit, kalau down kabari ke wa 6281200007777. Lalu tiap "
            "jam 10 malam backup, simpan 5 terakhir."
        ),
        "page https://a.example 600s notify=whatsapp:6281200007777",
        "backup [0 22 * * *] keep=5",
    ),
    (
        (
            "monitor telegram account x_1 every 10 seconds, back up the data at 3am, and send me "
            "the report on Mondays"
        ),
        "watch telegram/x_1 10s",
        "backup [0 3 * * *]",
        "report [0 7 * * 1]",
    ),
    ("laporan sama backup ya", "report [0 7 * * *]", "backup [0 2 * * *]"),
    (
        "tiap jam 6 pagi backup, tiap jam 7 pagi kirim laporan ke wa 62855",
        "backup [0 6 * * *]",
        "report [0 7 * * *] notify=whatsapp:62855",
    ),
    (
        (
            "backup jam 3 pagi simpan 7; laporan tiap senin jam 8; ingatkan tim di slack channel "
            'dev tiap jumat jam 4 sore "timesheet"'
        ),
        "backup [0 3 * * *] keep=7",
        "report [0 8 * * 1]",
        "send 'timesheet' slack:dev [0 16 * * 5]",
    ),
    (
        "please pantau telegram account bot_9 setiap 2 minutes, and send laporan every weekday jam 5 sore",
        "watch telegram/bot_9 120s",
        "report [0 17 * * 1-5]",
    ),
    (
        "in the morning at 6 back up, in the evening at 8 send the report",
        "backup [0 6 * * *]",
        "report [0 20 * * *]",
    ),
    (
        'besok jam 8 kirim pesan "selamat bertugas" ke telegram chat 10 dan lusa jam 8 backup',
        "send 'selamat bertugas' telegram:10 @2026-11-25T08:00",
        "backup @2026-11-26T08:00",
    ),
    (
        "pantau telegram akun a_9 tiap menit, jangan lupa backup jam 2",
        "watch telegram/a_9 60s",
        "backup [0 2 * * *]",
    ),
    (
        "evry mornin at 8 snd the summry to slak chanel ops, and bakc up every nite at 11",
        "report [0 8 * * *] notify=slack:ops",
        "backup [0 23 * * *]",
    ),
    ("monthy bakup and a wekly report", "backup [0 2 1 * *]", "report [0 7 * * 1] period=week"),
    ("report evry wekday at 8 and back up at midnigt", "report [0 8 * * 1-5]", "backup [0 0 * * *]"),
    ("laporan jam 12, tengah malam backup", "report [0 12 * * *]", "backup [0 0 * * *]"),
    ("report at 7, midnight backup", "report [0 7 * * *]", "backup [0 0 * * *]"),
    ("laporan jam 6 pagi, sore backup", "report [0 6 * * *]", "backup [0 16 * * *]"),
    (
        "telegram account a-9 every 10 seconds, slack account b-9 every minute, report at 5pm",
        "watch telegram/a-9 10s",
        "watch slack/b-9 60s",
        "report [0 17 * * *]",
    ),
    (
        "https://a.example.com every minute, back up at 2",
        "page https://a.example.com 60s",
        "backup [0 2 * * *]",
    ),
    (
        "pantau wa toko_a tiap 15 menit, senin-kamis jam 9 sampai 16, jumat jam 9 sampai 11",
        "watch whatsapp/toko_a [*/15 9-15 * * 1-4]",
        "watch whatsapp/toko_a [*/15 9-10 * * 5]",
    ),
    (
        "cek https://a.example tiap 15 menit hari kerja 8-17, sabtu 8-12",
        "page https://a.example [*/15 8-16 * * 1-5]",
        "page https://a.example [*/15 8-11 * * 6]",
    ),
    ("watch https://a.example every 10 mins, 9 to 17 mon-fri", "page https://a.example [*/10 9-16 * * 1-5]"),
    (
        "laporan jam 7.15 dan jam 19.45, dua2nya ke wa 0811",
        "report [15 7 * * *] notify=whatsapp:0811",
        "report [45 19 * * *] notify=whatsapp:0811",
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_several_wishes_become_the_jobs_that_are_meant(row: Row) -> None:
    """Each prompt about several wishes becomes exactly the jobs that are meant, with no warning."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()
