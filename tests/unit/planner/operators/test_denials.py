"""Denials and repairs: what is said in place of something else holds alone."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, assert_doubted, assert_planned

ROWS: tuple[Row, ...] = (
    ("pantau telegram akun bot_a, sorry maksudnya bot_b", "watch telegram/bot_b 30s"),
    ("pantau telegram akun bot_a, sori maksudku bot_b", "watch telegram/bot_b 30s"),
    ("pantau telegram akun bot_a tiap menit, maaf maksudnya bot_b", "watch telegram/bot_b 60s"),
    ("monitor telegram account bot_a, sorry I meant bot_b", "watch telegram/bot_b 30s"),
    ("pantau telegram akun bot_a, eh tiap 2 menit aja", "watch telegram/bot_a 120s"),
    ("pantau telegram akun bot_a, eits tiap 2 menit", "watch telegram/bot_a 120s"),
    ("pantau wa toko_a eh toko_b maksudku tiap 5 menit", "watch whatsapp/toko_b 300s"),
    ("laporan jangan jam 7 lagi, jam 9 aja", "report [0 9 * * *]"),
    ("laporan jangan jam 7, jam 9 aja", "report [0 9 * * *]"),
    ("laporan jangan jam 7 tapi jam 9", "report [0 9 * * *]"),
    ("laporan harian jangan jam 7, tapi jam 9", "report [0 9 * * *]"),
    ("jangan laporan jam 7, kepagian; jam 9 saja", "report [0 9 * * *]"),
    ("jangan jam 7 laporannya, jam 9 saja", "report [0 9 * * *]"),
    ("laporan jam 9, jangan jam 7", "report [0 9 * * *]"),
    ("laporan jam 9 jangan jam 7", "report [0 9 * * *]"),
    ("laporan jam 9, bukan jam 7", "report [0 9 * * *]"),
    ("laporan bukan jam 7, tapi jam 9", "report [0 9 * * *]"),
    ("laporan bukan jam 7 melainkan jam 9", "report [0 9 * * *]"),
    (
        "pantau https://q4.example tiap menit, eh kebanyakan, tiap 10 menit deh",
        "page https://q4.example 600s",
    ),
    ("pantau https://q4.example tiap menit, eh kesering, tiap 10 menit aja", "page https://q4.example 600s"),
    (
        "pantau https://q4.example tiap menit, terlalu sering, tiap 10 menit aja",
        "page https://q4.example 600s",
    ),
    ("tiap 5 menit cek wa q_b, hmm kayaknya 3 menit lebih bagus", "watch whatsapp/q_b 180s"),
    ("check https://r2.example every 5 minutes, on second thought every 15", "page https://r2.example 900s"),
    (
        "check https://r2.example every 5 minutes, on second thought every 15 minutes",
        "page https://r2.example 900s",
    ),
    ("report at 8, on second thought 9", "report [0 9 * * *]"),
    ("check https://r2.example every 5 minutes, no, make it 15", "page https://r2.example 900s"),
    ("I don't want hourly reports, daily at 7 is enough", "report [0 7 * * *]"),
    ("jangan laporan tiap jam, sehari sekali jam 7 cukup", "report [0 7 * * *]"),
    ("ga usah tiap jam laporannya, harian jam 7 aja", "report [0 7 * * *]"),
    ("don't send the report at 7, send it at 9", "report [0 9 * * *]"),
    ("don't check https://a.example every minute, every 10 minutes is enough", "page https://a.example 600s"),
    ("jangan pantau https://a.example tiap menit, tiap 10 menit aja", "page https://a.example 600s"),
    ("jangan tiap menit pantau https://a.example, tiap 10 menit aja", "page https://a.example 600s"),
    ("pantau https://a.example jangan tiap menit, tiap 10 menit cukup", "page https://a.example 600s"),
    ("jangan pantau telegram, whatsapp akun a1 aja tiap menit", "watch whatsapp/a1 60s"),
    ("pantau wa toko_a, jangan toko_b", "watch whatsapp/toko_a 30s"),
    ("pantau wa toko_a tiap menit, toko_b jangan", "watch whatsapp/toko_a 60s"),
    ("laporan kirim ke wa 0811, bukan 0822", "report [0 7 * * *] notify=whatsapp:0811"),
    ("laporan jam 8 ke wa 0811, jangan ke 0822", "report [0 8 * * *] notify=whatsapp:0811"),
    ("laporan jam 8 jangan ke wa 0811, ke telegram @ana aja", "report [0 8 * * *] notify=telegram:@ana"),
    ("laporan jam 8 kirim ke telegram @ana jangan ke wa", "report [0 8 * * *] notify=telegram:@ana"),
    ("backup jam 2 ga jadi, jam 3 aja", "backup [0 3 * * *]"),
    ("laporan jam 7 pagi jangan malam", "report [0 7 * * *]"),
    ("laporan tiap hari jam 7, jangan tiap minggu", "report [0 7 * * *]"),
    ("backup jam 2 dan laporan jam 7, laporannya ga usah", "backup [0 2 * * *]"),
    ("backup jam 2 dan laporan jam 7, eh laporannya ga jadi", "backup [0 2 * * *]"),
    ("laporan jam 7 dan backup jam 2, yang backup ga usah deh", "report [0 7 * * *]"),
    ("pantau wa toko_a dan toko_b tiap menit, eh toko_b ga usah", "watch whatsapp/toko_a 60s"),
    ("pantau wa toko_a dan toko_b tiap menit, toko_b gak jadi", "watch whatsapp/toko_a 60s"),
    ("laporan jam 7 dan jam 17, yang jam 17 ga usah", "report [0 7 * * *]"),
    ("laporan jam 7, 12 dan 17, yang jam 12 jangan", "report [0 7,17 * * *]"),
    ("send the report at 9, not at 8", "report [0 9 * * *]"),
    ("send the report to slack at 9, never to telegram", "report [0 9 * * *] notify=slack"),
    ("report daily at 7, skip the 15th", "report [0 7 1-14,16-31 * *]"),
    ("backup weekly, not daily", "backup [0 2 * * 1]"),
    ("pantau wa toko_a tiap menit, jangan kabari siapa-siapa", "watch whatsapp/toko_a 60s"),
    ("pantau wa toko_a tiap menit tanpa notifikasi", "watch whatsapp/toko_a 60s"),
    ("laporan jam 8 senin rabu jumat, rabu ga jadi", "report [0 8 * * 1,5]"),
    ("pantau wa a1 sama a2 tiap 3 menit, a2 ga jadi", "watch whatsapp/a1 180s"),
    ("pantau wa akun a1 dan a2 tiap 3 menit, yang a2 ga usah deh", "watch whatsapp/a1 180s"),
    ("pantau wa akun a1 dan a2 tiap 3 menit, eh a2 jangan", "watch whatsapp/a1 180s"),
    ("monitor whatsapp accounts a1 and a2 every 3 minutes, actually not a2", "watch whatsapp/a1 180s"),
    ("pantau wa akun a1, ralat: a2, tiap 3 menit", "watch whatsapp/a2 180s"),
    ("pantau wa akun a1 eh salah ketik a2 tiap 3 menit", "watch whatsapp/a2 180s"),
    ("laporan jam 7 deh, eh engga jam 8", "report [0 8 * * *]"),
    ("laporan jam 7... hmm jam 8 aja deh", "report [0 8 * * *]"),
    ("laporan jam 7 kepagian, jam 8 aja", "report [0 8 * * *]"),
    ("report at 7, that's too early, make it 8", "report [0 8 * * *]"),
    ("report at 7 — wait, 8 is better", "report [0 8 * * *]"),
    ("report at 7, no sorry, 8", "report [0 8 * * *]"),
    ("report not at 7 but at 8", "report [0 8 * * *]"),
    ("report at 8 rather than 7", "report [0 8 * * *]"),
    ("report at 8 instead of 7", "report [0 8 * * *]"),
    ("report to slack instead of telegram, daily at 8", "report [0 8 * * *] notify=slack"),
    ("laporan bukan ke telegram tapi ke slack jam 8", "report [0 8 * * *] notify=slack"),
    ("laporan jangan ke telegram, ke slack aja jam 8", "report [0 8 * * *] notify=slack"),
    ("laporan jam 8 ke slack, telegram jangan", "report [0 8 * * *] notify=slack"),
    ("laporan jam 8 ke slack, ga usah ke telegram", "report [0 8 * * *] notify=slack"),
    ("backup bukan tiap hari tapi tiap minggu", "backup [0 2 * * 1]"),
    ("backup jangan tiap hari, tiap minggu aja", "backup [0 2 * * 1]"),
    ("backup ga usah tiap hari, cukup seminggu sekali", "backup [0 2 * * 1]"),
    ("no need to back up daily, weekly is fine", "backup [0 2 * * 1]"),
    ("jangan backup tiap hari, cukup tiap minggu jam 3", "backup [0 3 * * 1]"),
    ("don't back up daily, do it weekly", "backup [0 2 * * 1]"),
    ("pantau https://a.example tiap menit, ga usah kabarin kalau mati", "page https://a.example 60s"),
    ("pantau https://a.example tiap menit jangan kirim notif", "page https://a.example 60s"),
    ("monitor https://a.example every minute but don't notify anyone", "page https://a.example 60s"),
    ("laporan jam 7 dan backup jam 2, backupnya batal", "report [0 7 * * *]"),
    ("laporan jam 7 dan backup jam 2, eh backup ga usah", "report [0 7 * * *]"),
    ("laporan jam 7 sama backup jam 2. yang laporan ga jadi", "backup [0 2 * * *]"),
    ("report at 7 and backup at 2, cancel the backup", "report [0 7 * * *]"),
    ("report at 7 and backup at 2, forget the backup", "report [0 7 * * *]"),
    ("report at 7 and backup at 2, skip the backup", "report [0 7 * * *]"),
    ("jangan backup, laporan aja jam 7", "report [0 7 * * *]"),
    ("bukan backup, laporan jam 7", "report [0 7 * * *]"),
    ("backup aja jam 2, laporan ga usah", "backup [0 2 * * *]"),
    ("backup aja jam 2, ga usah laporan", "backup [0 2 * * *]"),
    ("just the backup at 2, no report", "backup [0 2 * * *]"),
)

ASKED = (
    "pantau semua akun wa kecuali toko_b",
    "pantau wa toko_a, toko_b, toko_c tiap menit kecuali toko_b",
    "don't report to telegram, use slack, daily at 8",
    "laporan jangan jam 7",
    "jangan jam 7",
    "don't send the report at 7",
    "jangan kirim laporan malam-malam",
    "pantau wa toko_a jangan tiap menit",
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_meant_holds_alone(row: Row) -> None:
    """What is denied or said again is gone, and what is meant holds."""
    assert_planned(row)


@pytest.mark.parametrize("prompt", ASKED)
def test_nothing_is_planned_without_a_word_about_it(prompt: str) -> None:
    """No job is planned, and a doubt says why."""
    assert_doubted(prompt)
