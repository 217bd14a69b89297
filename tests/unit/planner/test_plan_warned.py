"""Partial plans: the rest is in a warning."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    ("cek https://a.example.com dan kirim laporan kalau mati", "page https://a.example.com 60s"),
    ("kapan backup terakhir? terus buat laporan jam 7", "report [0 7 * * *]"),
    ("laporan jam 7, terus kapan backup terakhir?", "report [0 7 * * *]"),
    ("cek http://a.example.com dan ssh://b.example.com tiap menit", "page http://a.example.com 60s"),
    ("tidak usah backup, laporan aja jam 6", "report [0 6 * * *]"),
    ("don't back up, just send the report at 9am", "report [0 9 * * *]"),
    ("jangan pantau wa, pantau tele aja akun bot_1 tiap menit", "watch telegram/bot_1 60s"),
    ("no need to monitor slack but monitor discord account g1 every hour", "watch discord/g1 3600s"),
    ("pantau telegram dan instagram akun toko_x tiap menit", "watch telegram/toko_x 60s"),
    ("pantau wa akun a_1 tiap menit dan pesan tiket kereta", "watch whatsapp/a_1 60s"),
    ("backup jam 2 dan putar musik jam 3", "backup [0 2 * * *]"),
    ("kirim laporan jam 7 lewat sms", "report [0 7 * * *]"),
    ("kirim laporan jam 7 ke instagram", "report [0 7 * * *]"),
    ("jangan buat laporan, cukup backup jam 4", "backup [0 4 * * *]"),
    ("pantau telegram akun k_1, jangan whatsapp", "watch telegram/k_1 30s"),
    ("not the report but the backup at 5am", "backup [0 5 * * *]"),
    ("no reports please, only back up at 1am", "backup [0 1 * * *]"),
    ("backup setiap tanggal 40, pantau telegram akun a_1 tiap menit", "watch telegram/a_1 60s"),
    (
        'pantau wa akun a_1, kalau mati kirim "mati bos" ke telegram chat 5',
        "watch whatsapp/a_1 30s notify=telegram:5",
    ),
    (
        "send the report every day at 7 to telegram chat 5 and whatsapp 62811",
        "report [0 7 * * *] notify=telegram:5",
    ),
    ("backup jam 2, kirim hasilnya ke telegram chat 3", "backup [0 2 * * *]"),
    ("backup jam 1 simpan 7 hari terakhir", "backup [0 1 * * *]"),
    ('pantau telegram akun "bot_a01" tiap 30 detik', "watch telegram/default 30s"),
    ("kasih tau admin kalau https://a.example.com mati, cek tiap menit", "page https://a.example.com 60s"),
    ("laporan sebelum jam 8", "report [0 8 * * *]"),
    ("pantau telegram akun a_1 24 jam nonstop", "watch telegram/a_1 30s"),
    ("pantau telegram akun a_1 tiap beberapa menit", "watch telegram/a_1 30s"),
    ("check https://a.example.com every few minutes", "page https://a.example.com 60s"),
    ("laporan jam 15 pagi", "report [0 15 * * *]"),
    ("laporan tiap hari jam 7 jam 8 malam pagi", "report [0 19,20 * * *]"),
    ("check https://a.example.com every 10 min 9-5", "page https://a.example.com 600s"),
    ("pantau telegram akun bot_1 tiap menit dan kalau mati buat laporan", "watch telegram/bot_1 60s"),
    ("laporan sebelum jam 9 pagi", "report [0 9 * * *]"),
    ("laporan gudang jam 7", "report [0 7 * * *]"),
    ("jangan pantau wa, cukup pantau telegram akun cs-5 tiap 2 menit", "watch telegram/cs-5 120s"),
    ("backup setiap tanggal 33, laporan jam 8", "report [0 8 * * *]"),
    ("tanpa backup, hanya laporan jam 6", "report [0 6 * * *]"),
    ("laporan jam 9, tapi jangan backup", "report [0 9 * * *]"),
    ("never mind the backup, just monitor slack account ops", "watch slack/ops 30s"),
    ("buat laporan jam 7 dan pesan tiket konser", "report [0 7 * * *]"),
    ("cek wa akun a_2 tiap menit lalu matikan lampu jam 10", "watch whatsapp/a_2 60s"),
    ("pantau signal akun x_1 dan telegram akun y_1 tiap menit", "watch telegram/y_1 60s"),
    ("pantau telegram akun z_1 tiap 0,2 detik dan laporan jam 8", "report [0 8 * * *]"),
    ("instead of telegram, monitor whatsapp account x1", "watch whatsapp/x1 30s"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_warned_become_the_jobs_that_are_meant(row: Row) -> None:
    """The possible part is planned, and the rest is reported."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.notes
