"""Monitors of pages: addresses, expected answers, intervals and windows."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    (
        'pantau https://a.example tiap 5 mnt, pastikan halamannya mengandung "Masuk"',
        "page https://a.example 300s contains=Masuk",
    ),
    ("web antrian https://a.example dipantau tiap menit", "page https://a.example 60s"),
    ("my shop site https://a.example, look at it every minute", "page https://a.example 60s"),
    (
        "cert for https://a.example: warn discord #ops 30 days ahead, daily at 7",
        "page https://a.example [0 7 * * *] notify=discord:#ops cert_days=30 alarm_on=degraded",
    ),
    ("pantau server 10.0.0.1 tiap menit", "page https://10.0.0.1 60s"),
    ("ping 8.8.8.8:8443/up every minute", "page https://8.8.8.8:8443/up 60s"),
    ("is https://a.example.com alive? check it every minute", "page https://a.example.com 60s"),
    (
        (
            "cek web https://a.example.com tiap 5 menit ya, statusnya mesti 200, klo gak 200 kasih "
            "tau ke telegram chat 4455"
        ),
        "page https://a.example.com 300s notify=telegram:4455 expect_status=200",
    ),
    (
        "cek http://10.0.0.8:8080/ready tiap menit, kalau tidak 200 kabari lewat slack channel ops",
        "page http://10.0.0.8:8080/ready 60s notify=slack:ops expect_status=200",
    ),
    (
        "every 5 minutes between 8am and 5pm check https://x.example.org/health",
        "page https://x.example.org/health [*/5 8-16 * * *]",
    ),
    (
        "cek https://x.example.org tiap 15 menit jam 08:00-17:00 di hari kerja",
        "page https://x.example.org [*/15 8-16 * * 1-5]",
    ),
    (
        "check https://a.example.com, https://b.example.com and https://c.example.com every 2 minutes",
        "page https://a.example.com 120s",
        "page https://b.example.com 120s",
        "page https://c.example.com 120s",
    ),
    (
        "keep an eye on https://api.example.com/v1 every 20s expecting 200",
        "page https://api.example.com/v1 20s expect_status=200",
    ),
    (
        "pastikan https://web.example.com balas 200 tiap 5 menit",
        "page https://web.example.com 300s expect_status=200",
    ),
    (
        'pantau web https://toko.example.com harus ada tulisan "Selamat datang"',
        "page https://toko.example.com 60s contains=Selamat datang",
    ),
    (
        "can you check https://x.example.com/login every quarter of an hour?",
        "page https://x.example.com/login 900s",
    ),
    ("tiap seperempat jam cek https://x.example.com", "page https://x.example.com 900s"),
    ("cek https://x.example.com sejam 4 kali", "page https://x.example.com 900s"),
    ("cek https://x.example.com 4x sejam", "page https://x.example.com 900s"),
    ("every ninety seconds ping https://x.example.com", "page https://x.example.com 90s"),
    ("cek https://a.example.com jam 8 pagi dan jam 8 malam", "page https://a.example.com [0 8,20 * * *]"),
    ("cek https://a.example.com tiap hari jam 9 pagi UTC", "page https://a.example.com [0 9 * * *] UTC"),
    (
        "every minute check https://a.example.com and every hour check https://b.example.com",
        "page https://a.example.com 60s",
        "page https://b.example.com 3600s",
    ),
    (
        "cek https://a.example.com tiap menit dan https://b.example.com tiap jam",
        "page https://a.example.com 60s",
        "page https://b.example.com 3600s",
    ),
    (
        "tiap menit cek https://a.example.com dan tiap jam cek https://b.example.com",
        "page https://a.example.com 60s",
        "page https://b.example.com 3600s",
    ),
    (
        "check https://a.example.com every 30 minutes on weekends",
        "page https://a.example.com [*/30 * * * 6,0]",
    ),
    (
        "check https://a.example.com every hour on monday and friday",
        "page https://a.example.com [0 * * * 1,5]",
    ),
    (
        "cek https://a.example.com tiap 10 menit di hari kerja dari jam 9 sampai 18",
        "page https://a.example.com [*/10 9-17 * * 1-5]",
    ),
    (
        "cek https://a.example.com setiap 20 menit selama jam kerja",
        "page https://a.example.com [*/20 8-16 * * *]",
    ),
    ("cek https://a.example.com tiap 5 menit sampai jam 22", "page https://a.example.com [*/5 0-21 * * *]"),
    (
        "cek https://a.example.com tiap 30 menit dari jam 8.30 sampai 11.30",
        "page https://a.example.com 1800s skip(windows=11:30-08:30)",
    ),
    ("chek https://a.example.com evry hour", "page https://a.example.com 3600s"),
    ("cekin situs https://a.example.com ya bang per jam", "page https://a.example.com 3600s"),
    (
        "mohon bantuannya untuk memantau https://a.example.com/status setiap 5 menit sekali",
        "page https://a.example.com/status 300s",
    ),
    ("I'd like you to watch https://a.example.com every 3 minutes", "page https://a.example.com 180s"),
    ("check https://a.example.com hourly", "page https://a.example.com 3600s"),
    ("ping https://a.example.com once every 10 minutes", "page https://a.example.com 600s"),
    (
        "cek https://a.example.com tiap menit harus balas 200",
        "page https://a.example.com 60s expect_status=200",
    ),
    (
        "cek https://a.example.com tiap menit, statusnya harus 301",
        "page https://a.example.com 60s expect_status=301",
    ),
    (
        "cek https://a.example.com tiap menit dan pastikan kode 200",
        "page https://a.example.com 60s expect_status=200",
    ),
    (
        "cek https://a.example.com tiap menit dengan status 200 dan berisi 'OK'",
        "page https://a.example.com 60s expect_status=200 contains=OK",
    ),
    (
        "check https://a.example.com every minute and make sure it returns 200",
        "page https://a.example.com 60s expect_status=200",
    ),
    (
        "check that https://a.example.com returns 204 every 10s",
        "page https://a.example.com 10s expect_status=204",
    ),
    (
        'verify https://a.example.com contains "Welcome" every 5 minutes',
        "page https://a.example.com 300s contains=Welcome",
    ),
    (
        'check https://a.example.com every minute, response must be 200 and include "ok"',
        "page https://a.example.com 60s expect_status=200 contains=ok",
    ),
    (
        "monitor https://a.example.com every 45 seconds expecting status code 401",
        "page https://a.example.com 45s expect_status=401",
    ),
    ("watch https://a.example.com, should return 302", "page https://a.example.com 60s expect_status=302"),
    (
        'cek https://a.example.com, isinya harus ada "Selamat"',
        "page https://a.example.com 60s contains=Selamat",
    ),
    (
        'cek https://a.example.com tiap jam, halaman harus memuat "Keranjang"',
        "page https://a.example.com 3600s contains=Keranjang",
    ),
    (
        'cek https://a.example.com tiap menit harus ada kata "sukses"',
        "page https://a.example.com 60s contains=sukses",
    ),
    (
        "cek https://a.example.com:8443/x?y=1&z=2#top tiap menit",
        "page https://a.example.com:8443/x?y=1&z=2#top 60s",
    ),
    ("cek http://192.168.1.10:3000 tiap 10 detik", "page http://192.168.1.10:3000 10s"),
    ("cek (https://a.example.com/path) tiap menit", "page https://a.example.com/path 60s"),
    ("cek https://a.example.com/a_(b) tiap menit", "page https://a.example.com/a_(b) 60s"),
    ("check https://a.example.com every 1h30m", "page https://a.example.com 5400s"),
    ("check https://a.example.com every 1 hour and 15 minutes", "page https://a.example.com 4500s"),
    ("tiap 2.500 detik cek https://a.example.com", "page https://a.example.com 2500s"),
    ("every 1,200 seconds check https://a.example.com", "page https://a.example.com 1200s"),
    ("tiap 0,5 jam cek https://a.example.com", "page https://a.example.com 1800s"),
    ("tiap 10.5 menit cek https://a.example.com", "page https://a.example.com 630s"),
    ("tiap seratus dua puluh detik cek https://a.example.com", "page https://a.example.com 120s"),
    ("every forty-five seconds check https://a.example.com", "page https://a.example.com 45s"),
    ("every twenty five minutes check https://a.example.com", "page https://a.example.com 1500s"),
    ("setiap sepuluh menit sekali cek https://a.example.com", "page https://a.example.com 600s"),
    ("every hundred seconds check https://a.example.com", "page https://a.example.com 100s"),
    ("cek https://a.example.com dengan jeda 30 detik", "page https://a.example.com 30s"),
    ("cek https://a.example.com, frekuensi 2 menit", "page https://a.example.com 120s"),
    ("cek https://a.example.com menit", "page https://a.example.com 60s"),
    ("cek https://a.example.com sekarang", "page https://a.example.com now"),
    ("setiap weekend jam 10 pagi check https://a.example.com", "page https://a.example.com [0 10 * * 6,0]"),
    (
        'cek https://a.example.com tiap menit harus mengandung "backup selesai jam 3"',
        "page https://a.example.com 60s contains=backup selesai jam 3",
    ),
    (
        "monitor https://a.example.com every 5 minutes and expect it to contain 'status: \"ok\"'",
        'page https://a.example.com 300s contains=status: "ok"',
    ),
    (
        "every saturday and sunday morning at 9 check https://a.example.com",
        "page https://a.example.com [0 9 * * 6,0]",
    ),
    (
        "tiap rabu dan jumat cek https://a.example.com jam 7 pagi",
        "page https://a.example.com [0 7 * * 3,5]",
    ),
    ("probe https://a.example.com/ready every 10s", "page https://a.example.com/ready 10s"),
    ("poll https://a.example.com every half hour", "page https://a.example.com 1800s"),
    ("test https://a.example.com every 5 min", "page https://a.example.com 300s"),
    ("is https://a.example.com up? check every minute", "page https://a.example.com 60s"),
    ("uji https://a.example.com/api tiap 2 menit", "page https://a.example.com/api 120s"),
    ("lakukan pengecekan https://a.example.com setiap 10 menit", "page https://a.example.com 600s"),
    ("tambahin monitor buat https://a.example.com tiap 3 menit", "page https://a.example.com 180s"),
    ("https://a.example.com tiap 5 menit", "page https://a.example.com 300s"),
    ("check https://a.example.com 10 times a day", "page https://a.example.com 8640s"),
    ("check https://a.example.com twice a day", "page https://a.example.com [0 8,20 * * *]"),
    ("cek https://a.example.com 3 kali sehari", "page https://a.example.com [0 8,14,20 * * *]"),
    ("cek https://a.example.com tiap hari", "page https://a.example.com 86400s"),
    ("cek https://a.example.com tiap minggu", "page https://a.example.com [0 7 * * 1]"),
    ("cek https://a.example.com tiap pagi", "page https://a.example.com [0 7 * * *]"),
    ("check https://a.example.com regularly", "page https://a.example.com 60s"),
    (
        "cek https://a.example.com tiap 5 menit di malam hari",
        "page https://a.example.com [*/5 18-23,0-4 * * *]",
    ),
    (
        "cek https://a.example.com tiap 7 menit dari jam 8 sampai 10",
        "page https://a.example.com 420s skip(windows=10:00-08:00)",
    ),
    (
        "cek https://a.example.com tiap 45 menit jam 8 sampai 11",
        "page https://a.example.com 2700s skip(windows=11:00-08:00)",
    ),
    (
        "check https://a.example.com every 5 minutes from 8:30 to 17:15",
        "page https://a.example.com 300s skip(windows=17:15-08:30)",
    ),
    (
        "check https://a.example.com hourly from 9 to 17 on weekdays",
        "page https://a.example.com [0 9-16 * * 1-5]",
    ),
    (
        "every 10 minutes from midnight to 6am check https://a.example.com",
        "page https://a.example.com [*/10 0-5 * * *]",
    ),
    (
        "every 10 minutes from noon till midnight check https://a.example.com",
        "page https://a.example.com [*/10 12-23 * * *]",
    ),
    (
        "dari jam 9 pagi sampai jam 9 malam tiap 30 menit cek https://a.example.com",
        "page https://a.example.com [*/30 9-20 * * *]",
    ),
    ("jam 8-17 tiap 10 menit cek https://a.example.com", "page https://a.example.com [*/10 8-16 * * *]"),
    (
        "check https://a.example.com every 10 min 9am-5pm weekdays",
        "page https://a.example.com [*/10 9-16 * * 1-5]",
    ),
    ("cek tiap 3 mnt: https://a.example.com/health", "page https://a.example.com/health 180s"),
    ("https://a.example.com tolong dicek tiap 10 menit ya min", "page https://a.example.com 600s"),
    ("check https://a.example.com on monday at 9", "page https://a.example.com [0 9 * * 1]"),
    ("cek https://a.example.com setiap tanggal 1 jam 8 pagi", "page https://a.example.com [0 8 1 * *]"),
    (
        "tiap setengah jam dari jam 6 pagi s/d 10 malam cek https://a.example.com",
        "page https://a.example.com [*/30 6-21 * * *]",
    ),
    ("👉 cek https://a.example.com tiap menit 👈", "page https://a.example.com 60s"),
    (
        "karena server sering mati, tolong cek https://a.example.com tiap menit",
        "page https://a.example.com 60s",
    ),
    (
        "soalnya kemarin sempat down, cek https://a.example.com tiap 2 menit",
        "page https://a.example.com 120s",
    ),
    (
        "because the site was down yesterday, check https://a.example.com every minute",
        "page https://a.example.com 60s",
    ),
    ("cek https://stok.example.org/v1 per jam", "page https://stok.example.org/v1 3600s"),
    ("every 45 seconds check https://pay.example.net/ok", "page https://pay.example.net/ok 45s"),
    ("check https://a.example/x every day at noon", "page https://a.example/x [0 12 * * *]"),
    ("tiap hari jam 6 kurang seperempat cek https://a.example/", "page https://a.example/ [45 5 * * *]"),
    (
        "tiap rabu sama jumat jam 1 siang cekin https://a.example/b",
        "page https://a.example/b [0 13 * * 3,5]",
    ),
    (
        "cek https://a.example tiap hari jam 7.30 dan 18.00",
        "page https://a.example [30 7 * * *]",
        "page https://a.example [0 18 * * *]",
    ),
    (
        "cek https://a.example tiap 3 jam mulai jam 6 sampai jam 21",
        "page https://a.example [0 6-18/3 * * *]",
    ),
    (
        "check https://a.example every 10 minutes from 7am to 7pm on weekdays",
        "page https://a.example [*/10 7-18 * * 1-5]",
    ),
    ("cek https://a.example tiap menit, harus 204", "page https://a.example 60s expect_status=204"),
    (
        'pantau https://a.example tiap 2 menit, pastikan ada tulisan "Masuk" dan status 200',
        "page https://a.example 120s contains=Masuk expect_status=200",
    ),
    ("cek https://a.example tiap 2.000 detik", "page https://a.example 2000s"),
    (
        "cek https://a.example tiap 5 menit tiap hari dari jam 6 pagi sampai tengah malam",
        "page https://a.example [*/5 6-23 * * *]",
    ),
    (
        "every half hour between 10pm and 6am check https://a.example",
        "page https://a.example [*/30 22-23,0-5 * * *]",
    ),
    ("check https://a.example every 2 hours on Saturdays", "page https://a.example [0 */2 * * 6]"),
    (
        "pantau https://a.example dan https://b.example",
        "page https://a.example 60s",
        "page https://b.example 60s",
    ),
    (
        "check https://a.example.com every 10 minutes, but not between midnight and 6am",
        "page https://a.example.com [*/10 6-23 * * *]",
    ),
    (
        "cek https://a.example.com tiap 10 menit kecuali jam 12 sampai jam 1 siang",
        "page https://a.example.com [*/10 13-23,0-11 * * *]",
    ),
    (
        "check https://a.example.com every 5 minutes with the text hello",
        "page https://a.example.com 300s contains=hello",
    ),
    (
        "check https://a.example.com every minute, it has the word hello",
        "page https://a.example.com 60s contains=hello",
    ),
    (
        'check https://a.example.com every minute for the text "All systems go"',
        "page https://a.example.com 60s contains=All systems go",
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_pages_become_the_jobs_that_are_meant(row: Row) -> None:
    """Each prompt about monitors of pages becomes exactly the jobs that are meant, with no warning."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()
