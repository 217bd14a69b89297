"""The recipients of reports and alarms."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    (
        "monitor https://a.example every 15 seconds, telegram @posko gets the alarm",
        "page https://a.example 15s notify=telegram:@posko",
    ),
    (
        "pantau https://a.example tiap menit, wa 0812345678 yang terima alarmnya",
        "page https://a.example 60s notify=whatsapp:0812345678",
    ),
    (
        "monitor https://a.example every 20 seconds, 3 fails in a row then telegram @ops",
        "page https://a.example 20s notify=telegram:@ops fail_after=3",
    ),
    (
        "cek https://a.example tiap menit, 2x gagal langsung telegram @ops",
        "page https://a.example 60s notify=telegram:@ops fail_after=2",
    ),
    ("cek https://a.example tiap 2 menit, kabarin kalau down", "page https://a.example 120s"),
    # An address right before the condition is the recipient, also without a verb.
    (
        "cek https://a.example tiap menit, wa 0812345678 kalau mati 5 menit",
        "page https://a.example 60s notify=whatsapp:0812345678 after_sec=300",
    ),
    (
        "check https://a.example every 20 secs, whatsapp +4479000111 after 5 failed checks",
        "page https://a.example 20s notify=whatsapp:+4479000111 fail_after=5",
    ),
    (
        "ping https://a.example every 20 secs and yell at discord #sre when it is down for 3 mins",
        "page https://a.example 20s notify=discord:#sre after_sec=180",
    ),
    (
        "pantau https://a.example dan wa 0812345678 tiap menit",
        "page https://a.example 60s",
        "watch whatsapp/0812345678 60s",
    ),
    (
        "pls monitor https://a.example every 5 min and ping me on slack if it dies",
        "page https://a.example 300s notify=slack",
    ),
    (
        "if the site https://a.example.com is slow tell telegram chat 5, check every minute",
        "page https://a.example.com 60s notify=telegram:5 latency_ms=2000 alarm_on=degraded",
    ),
    (
        "cek https://a.example.com tiap menit, kode harus 201, klo bukan kabari discord channel 9090",
        "page https://a.example.com 60s notify=discord:9090 expect_status=201",
    ),
    (
        "pantau slack akun ci tiap 5 menit & laporin ke slack channel dev kalo error",
        "watch slack/ci 300s notify=slack:dev",
    ),
    ("laporin tiap sore jam 5 ke wa 62822", "report [0 17 * * *] notify=whatsapp:62822"),
    (
        "laporan jangan ke wa, ke telegram chat 5 aja jam 7",
        "report [0 7 * * *] notify=telegram:5",
    ),
    (
        "cek https://a.example.com tiap menit, kalau bukan 200 kabari wa 628111222333",
        "page https://a.example.com 60s notify=whatsapp:628111222333 expect_status=200",
    ),
    (
        "cek https://a.example.com tiap menit, jangan kabari telegram chat 4, kabari slack channel ops",
        "page https://a.example.com 60s notify=slack:ops",
    ),
    (
        "pantau wa akun c_1 tiap menit, kalau mati jangan ke telegram tapi ke email a@b.co",
        "watch whatsapp/c_1 60s notify=email:a@b.co",
    ),
    (
        "cek https://a.example.com tiap 5 menit dan kirim notifikasi ke slack channel alarm jika gagal",
        "page https://a.example.com 300s notify=slack:alarm",
    ),
    (
        "tlg cekin akun tg bot_x tiap 45 dtk, kl mati kabarin ke wa 6281234567890",
        "watch telegram/bot_x 45s notify=whatsapp:6281234567890",
    ),
    (
        "setiap senin dan kamis jam 10 kirim laporan ke email bos@toko.id",
        "report [0 10 * * 1,4] notify=email:bos@toko.id",
    ),
    (
        (
            "cek https://a.example.com dan https://b.example.com tiap menit, kalau error lapor ke "
            "telegram chat 777"
        ),
        "page https://a.example.com 60s notify=telegram:777",
        "page https://b.example.com 60s notify=telegram:777",
    ),
    (
        "make sure https://shop.example.com is up every 5 minutes, if not alert whatsapp 6281111111111",
        "page https://shop.example.com 300s notify=whatsapp:6281111111111",
    ),
    (
        "send the daily report at 8am Asia/Tokyo to slack channel exec",
        "report [0 8 * * *] Asia/Tokyo notify=slack:exec",
    ),
    (
        "cek email akun info@toko.example tiap jam, kalau gagal kabari slack channel ops",
        "watch email/info@toko.example 3600s notify=slack:ops",
    ),
    (
        "kirm laporn tiap hr krja jm 9 pgi ke wa 62811222333",
        "report [0 9 * * 1-5] notify=whatsapp:62811222333",
    ),
    (
        "halo admin, saya mau laporan dikirim tiap hari jam 8 pagi ke telegram chat 5566",
        "report [0 8 * * *] notify=telegram:5566",
    ),
    (
        "dimohon mengirim laporan setiap tanggal 25 pukul 16.00 ke email hr@pt.example",
        "report [0 16 25 * *] notify=email:hr@pt.example",
    ),
    (
        (
            "ensure https://a.example.com/api responds with 200 every 30 seconds, notify slack "
            "channel infra if it fails"
        ),
        "page https://a.example.com/api 30s notify=slack:infra expect_status=200",
    ),
    (
        "cek https://a.example.com, https://b.example.com tiap 10 menit kalau mati kabari wa 62811",
        "page https://a.example.com 600s notify=whatsapp:62811",
        "page https://b.example.com 600s notify=whatsapp:62811",
    ),
    (
        "pantau https://a.example.com tiap menit; kalau lemot beritahu email ops@x.id",
        "page https://a.example.com 60s notify=email:ops@x.id latency_ms=2000 alarm_on=degraded",
    ),
    (
        "kalau https://a.example.com mati kabari telegram chat 99",
        "page https://a.example.com 60s notify=telegram:99",
    ),
    (
        "beri tahu saya di slack kalau https://a.example.com down",
        "page https://a.example.com 60s notify=slack",
    ),
    (
        "let me know on slack if https://a.example.com goes down",
        "page https://a.example.com 60s notify=slack",
    ),
    (
        "if telegram account bot_1 goes down, alert slack channel infra",
        "watch telegram/bot_1 30s notify=slack:infra",
    ),
    (
        "alert me on telegram chat 55 when https://a.example.com is down, check every minute",
        "page https://a.example.com 60s notify=telegram:55",
    ),
    (
        "monitor telegram account a_1 every minute, notify me on whatsapp 628123456789 when it fails",
        "watch telegram/a_1 60s notify=whatsapp:628123456789",
    ),
    (
        "monitor telegram account a_1 every minute. If it goes offline, email ops@corp.example",
        "watch telegram/a_1 60s notify=email:ops@corp.example",
    ),
    (
        "monitor telegram account a_1 and send alerts to discord channel 8899",
        "watch telegram/a_1 30s notify=discord:8899",
    ),
    (
        "pantau wa akun a_1 tiap menit, alarmnya ke telegram chat 777",
        "watch whatsapp/a_1 60s notify=telegram:777",
    ),
    ("pantau wa akun a_1 tiap menit, notifikasi ke slack", "watch whatsapp/a_1 60s notify=slack"),
    (
        "pantau wa akun a_1 dan b_1 tiap menit, kalau mati kabari telegram chat 5",
        "watch whatsapp/a_1 60s notify=telegram:5",
        "watch whatsapp/b_1 60s notify=telegram:5",
    ),
    ("pantau wa akun a_1 tiap menit lapor ke telegram chat 5", "watch whatsapp/a_1 60s notify=telegram:5"),
    (
        "pantau wa akun a_1 tiap menit lalu laporkan ke telegram chat 5",
        "watch whatsapp/a_1 60s notify=telegram:5",
    ),
    (
        "pantau wa akun a_1, kalau mati kirim pesan ke telegram chat 5",
        "watch whatsapp/a_1 30s notify=telegram:5",
    ),
    (
        "kabari saya di telegram chat 8 kalau akun wa toko_1 bermasalah",
        "watch whatsapp/toko_1 30s notify=telegram:8",
    ),
    (
        "pantau wa akun a_1 tiap menit, hubungi 628123456789 kalau mati",
        "watch whatsapp/a_1 60s notify=whatsapp:628123456789",
    ),
    (
        "report every day at 7 and email it to boss@corp.example",
        "report [0 7 * * *] notify=email:boss@corp.example",
    ),
    ("laporan harian jam 7 ke telegram", "report [0 7 * * *] notify=telegram"),
    ("laporan harian jam 7 di slack channel ops", "report [0 7 * * *] notify=slack:ops"),
    ("laporan harian jam 7 via email ke bos@x.id", "report [0 7 * * *] notify=email:bos@x.id"),
    ("kirim laporan ke bos@x.id jam 7", "report [0 7 * * *] notify=email:bos@x.id"),
    ("kirim laporan ke 628123456789 tiap senin", "report [0 7 * * 1] notify=whatsapp:628123456789"),
    ("kirim ke telegram chat 4 laporan harian jam 6", "report [0 6 * * *] notify=telegram:4"),
    ("email me the report every morning at 6 at me@x.id", "report [0 6 * * *] notify=email:me@x.id"),
    ("kirimi saya rekap di wa 628123 tiap jumat sore", "report [0 16 * * 5] notify=whatsapp:628123"),
    (
        "laporannya kirim ke grup telegram manajemen ya, tiap hari jam 8",
        "report [0 8 * * *] notify=telegram:manajemen",
    ),
    ("daily report at 8 to the #ops channel on slack", "report [0 8 * * *] notify=slack:#ops"),
    ("report at 8 to slack #ops", "report [0 8 * * *] notify=slack:#ops"),
    (
        "monitor website https://a.example.com setiap 5 minutes, kalau down alert ke telegram chat 321",
        "page https://a.example.com 300s notify=telegram:321",
    ),
    (
        "kirim daily summary setiap morning jam 7 ke email ceo@corp.example",
        "report [0 7 * * *] notify=email:ceo@corp.example",
    ),
    (
        "laporan tiap hari kerja jam 17.30 wita ke wa 628123",
        "report [30 17 * * 1-5] Asia/Makassar notify=whatsapp:628123",
    ),
    (
        (
            "Tolong dong pantau akun telegram @bot_toko sama @bot_kasir tiap 30 detik, kalau salah "
            "satunya mati langsung kabarin saya ke wa 628123123"
        ),
        "watch telegram/bot_toko 30s notify=whatsapp:628123123",
        "watch telegram/bot_kasir 30s notify=whatsapp:628123123",
    ),
    (
        "tiap jam pantau email akun billing@corp.example dan kabari slack channel finance kalau error",
        "watch email/billing@corp.example 3600s notify=slack:finance",
    ),
    (
        "kalau akun telegram bot_5 down tolong kabari wa 628111222333, cek tiap 30 detik",
        "watch telegram/bot_5 30s notify=whatsapp:628111222333",
    ),
    (
        (
            "bila https://a.example.com tidak bisa diakses, kirim notifikasi ke telegram chat 42, "
            "cek setiap 2 menit"
        ),
        "page https://a.example.com 120s notify=telegram:42",
    ),
    (
        "check https://a.example.com every minute; alert slack channel oncall on failure",
        "page https://a.example.com 60s notify=slack:oncall",
    ),
    (
        "check https://a.example.com every minute and tell telegram chat 9 when it is down",
        "page https://a.example.com 60s notify=telegram:9",
    ),
    (
        "if https://a.example.com stops responding email ops@corp.example",
        "page https://a.example.com 60s notify=email:ops@corp.example",
    ),
    (
        "monitor https://a.example.com, alerts go to discord channel 7788",
        "page https://a.example.com 60s notify=discord:7788",
    ),
    (
        "pantau https://a.example.com lalu beri kabar ke wa 62811 bila bermasalah",
        "page https://a.example.com 60s notify=whatsapp:62811",
    ),
    (
        (
            "cek https://a.example.com tiap menit dan kabari saya via telegram chat 12 kalau "
            "statusnya bukan 200"
        ),
        "page https://a.example.com 60s notify=telegram:12 expect_status=200",
    ),
    (
        "laporan mingguan tiap senin jam 8 pagi dikirim ke email boss@corp.example",
        "report [0 8 * * 1] notify=email:boss@corp.example period=week",
    ),
    (
        "kirimkan ringkasan harian ke grup telegram pimpinan setiap jam 6 sore",
        "report [0 18 * * *] notify=telegram:pimpinan",
    ),
    ("rekap harian jam 9 malam via wa ke 628123456", "report [0 21 * * *] notify=whatsapp:628123456"),
    (
        "report weekly on monday at 7 to slack #leadership",
        "report [0 7 * * 1] notify=slack:#leadership period=week",
    ),
    (
        "email a summary to ceo@corp.example every friday at 6pm",
        "report [0 18 * * 5] notify=email:ceo@corp.example",
    ),
    ("wa-in laporan ke 6281234567 tiap pagi jam 7", "report [0 7 * * *] notify=whatsapp:6281234567"),
    ("post the daily report in slack channel general at 9", "report [0 9 * * *] notify=slack:general"),
    ("laporan harian dikirim lewat discord", "report [0 7 * * *] notify=discord"),
    ("daily report at 5pm, deliver to telegram", "report [0 17 * * *] notify=telegram"),
    ("kirim hasil rekap jam 8 malam ke telegram chat 77", "report [0 20 * * *] notify=telegram:77"),
    ("buat laporan jam 7 terus kirim ke wa 62811", "report [0 7 * * *] notify=whatsapp:62811"),
    ("buat laporan jam 7, hasilnya ke email a@b.co", "report [0 7 * * *] notify=email:a@b.co"),
    (
        "buat laporan tiap hari. Kirim ke slack channel ops. Jam 8 pagi.",
        "report [0 8 * * *] notify=slack:ops",
    ),
    ("setiap 4 jam kirim laporan ke telegram chat 12", "report 14400s notify=telegram:12"),
    (
        "for the warehouse team: report every day at 6pm to slack channel gudang",
        "report [0 18 * * *] notify=slack:gudang",
    ),
    (
        "buat tim gudang, laporan tiap hari jam 6 sore ke slack channel gudang",
        "report [0 18 * * *] notify=slack:gudang",
    ),
    (
        "pantau wa akun kasir_2 tiap 3 menit, kalau mati kasih tau telegram chat 667788",
        "watch whatsapp/kasir_2 180s notify=telegram:667788",
    ),
    ("kirim laporan jam 8 pagi ke discord channel pimpinan", "report [0 8 * * *] notify=discord:pimpinan"),
    ("daily report at 7pm, post it to slack channel ops", "report [0 19 * * *] notify=slack:ops"),
    (
        "monitor telegram account a_b every 20s and notify email ops@x.example if it dies",
        "watch telegram/a_b 20s notify=email:ops@x.example",
    ),
    (
        "make sure https://a.example returns 200 every minute, otherwise alert telegram chat 55",
        "page https://a.example 60s notify=telegram:55 expect_status=200",
    ),
    ("lporan harian jm 7 mlm krim ke tele chat 5566", "report [0 19 * * *] notify=telegram:5566"),
    (
        "kalau https://toko.example/x mati tolong kabari wa 62811223344, ceknya tiap 3 menit aja",
        "page https://toko.example/x 180s notify=whatsapp:62811223344",
    ),
    (
        "tolong awasi wa akun cs-7 tiap 40 detik trus kalo putus kasih tau saya di telegram chat 3344",
        "watch whatsapp/cs-7 40s notify=telegram:3344",
    ),
    (
        "pantau telegram akun a_1, b_1, dan c_1 tiap menit; kalau ada yang mati lapor ke slack channel noc",
        "watch telegram/a_1 60s notify=slack:noc",
        "watch telegram/b_1 60s notify=slack:noc",
        "watch telegram/c_1 60s notify=slack:noc",
    ),
    (
        (
            "monitor https://a.example/ every minute and https://b.example/ every 10 minutes, tell "
            "discord channel 771 if either fails"
        ),
        "page https://a.example/ 60s notify=discord:771",
        "page https://b.example/ 600s notify=discord:771",
    ),
    ("laporan tiap hari pukul 20:05 WIB ke telegram", "report [5 20 * * *] notify=telegram"),
    ("email me the report every morning at 8", "report [0 8 * * *] notify=email"),
    ("slack me when https://a.example.com goes down", "page https://a.example.com 60s notify=slack"),
    (
        "is https://up.example.com alive? check every 20 seconds and email sre@up.example if not",
        "page https://up.example.com 20s notify=email:sre@up.example",
    ),
    (
        "monitor telegram, email ops@x.example if it fails",
        "watch telegram/default 30s notify=email:ops@x.example",
    ),
    ("send me an email when https://a.example.com is down", "page https://a.example.com 60s notify=email"),
    (
        "monitor https://z9.example.com every minute and nitfy slack channel ops if it fails",
        "page https://z9.example.com 60s notify=slack:ops",
    ),
    (
        "if https://a.example.com errors tell slack channel it",
        "page https://a.example.com 60s notify=slack:it",
    ),
    (
        "if whatsapp account desk_5 is offline alert telegram chat 88; look every 40 seconds",
        "watch whatsapp/desk_5 40s notify=telegram:88",
    ),
    (
        (
            "check https://r.example.com every minute. If it's down, tell slack channel noc. "
            "Back up at 3am every day, keep 2."
        ),
        "page https://r.example.com 60s notify=slack:noc",
        "backup [0 3 * * *] keep=2",
    ),
    (
        "check https://r.example.com every minute, tell slack channel noc",
        "page https://r.example.com 60s notify=slack:noc",
    ),
    (
        "check https://r.example.com every minute. If it fails, message telegram chat 5.",
        "page https://r.example.com 60s notify=telegram:5",
    ),
    (
        "pantau telegram akun a_1 tiap menit. Kalau mati, bilang ke slack channel noc. Laporan jam 7.",
        "watch telegram/a_1 60s notify=slack:noc",
        "report [0 7 * * *]",
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_notifications_become_the_jobs_that_are_meant(row: Row) -> None:
    """Each prompt about notifications becomes exactly the jobs that are meant, with no warning."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()
