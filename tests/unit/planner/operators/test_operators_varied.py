"""Operators in other words and orders: each row was written apart from the rules."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, assert_doubted, assert_planned

ROWS: tuple[Row, ...] = (
    (
        "pantau wa akun toko_s tiap 7 menit, tapi kalau tanggal merah ga perlu",
        "watch whatsapp/toko_s 420s skip(holidays=ID)",
    ),
    ("kirim rekap tiap hari jam 9 malam, kecuali malam minggu ya", "report [0 21 * * 0-5]"),
    ("rekap tiap hari jam 9 malam, malam minggu libur", "report [0 21 * * 0-5]"),
    ("cadangkan data tiap hari jam 3 pagi, hari jumat nggak usah", "backup [0 3 * * 0-4,6]"),
    ("cadangkan data tiap hari jam 3 pagi nggak usah hari jumat", "backup [0 3 * * 0-4,6]"),
    ("cadangkan data jam 3 pagi tiap hari kecuali tanggal 1 dan 2", "backup [0 3 3-31 * *]"),
    ("cadangkan data jam 3 pagi tiap hari, tgl 1 sama tgl 2 ndak usah", "backup [0 3 3-31 * *]"),
    (
        "cek https://c.example tiap 20 menit pas jam kerja, jumat engga",
        "page https://c.example [*/20 8-16 * * 0-4,6]",
    ),
    (
        "cek https://c.example tiap 20 menit antara jam 8 dan 18, weekend off",
        "page https://c.example [*/20 8-17 * * 1-5]",
    ),
    (
        "cek https://c.example tiap 20 menit mulai jam 8 sampe jam 18, hari sabtu dan minggu tidak perlu",
        "page https://c.example [*/20 8-17 * * 1-5]",
    ),
    (
        "ping https://c.example every 20 minutes 8am to 6pm, no weekends",
        "page https://c.example [*/20 8-17 * * 1-5]",
    ),
    (
        "ping https://c.example every 20 minutes except weekends and holidays",
        "page https://c.example [*/20 * * * 1-5] skip(holidays=ID)",
    ),
    ("summary daily at 6pm, Sunday no", "report [0 18 * * 1-6]"),
    ("summary daily at 6pm, Sunday excluded please", "report [0 18 * * 1-6]"),
    ("summary every weekday at 6pm, never on public holidays", "report [0 18 * * 1-5] skip(holidays=ID)"),
    ("export the data every night at 1, only weekdays", "backup [0 1 * * 1-5]"),
    ("export the data every night at 1 but only on weekdays", "backup [0 1 * * 1-5]"),
    ("laporan tiap hari jam 5, cuma hari kerja", "report [0 5 * * 1-5]"),
    ("laporan jam 5 cuma senin sama kamis", "report [0 5 * * 1,4]"),
    ("laporan jam 5 senin dan kamis doang", "report [0 5 * * 1,4]"),
    ("ingatkan bayar kos tiap tanggal 5 jam 9, desember ga usah", "send 'bayar kos' [0 9 5 1-11 *]"),
    ("ingatkan bayar kos tiap tanggal 5 jam 9, jangan bulan desember", "send 'bayar kos' [0 9 5 1-11 *]"),
    ("pantau tele akun b1 setiap jam, kecuali dari jam 23 sampai jam 6", "watch telegram/b1 [0 6-22 * * *]"),
    ("pantau tele akun b1 setiap jam, jam 23 sampai 6 skip", "watch telegram/b1 [0 6-22 * * *]"),
    ("pantau tele akun b1 setiap jam tapi tengah malam jangan", "watch telegram/b1 [0 1-23 * * *]"),
    ("laporan tiap senin dan kamis jam 8, kamis nya ga jadi", "report [0 8 * * 1]"),
    ("laporan tiap senin dan kamis jam 8, eh kamisnya jumat aja", "report [0 8 * * 1,5]"),
    ("laporan tiap senin jam 8 bukan selasa", "report [0 8 * * 1]"),
    ("laporan tiap senin, bukan selasa, jam 8", "report [0 8 * * 1]"),
    ("backup jam 3 bukan jam 13", "backup [0 3 * * *]"),
    ("backup jam 1 siang, bukan jam 1 malam", "backup [0 13 * * *]"),
    ("laporan ke wa 08111 jam 7, bukan ke 08222", "report [0 7 * * *] notify=whatsapp:08111"),
    ("laporan ke wa 08111, eh salah nomor, 08222, jam 7", "report [0 7 * * *] notify=whatsapp:08222"),
    ("pantau discord eh slack akun dev tiap 5 menit", "watch slack/dev 300s"),
    ("pantau slack akun dev, bukan akun prod, tiap 5 menit", "watch slack/dev 300s"),
    ("pantau slack akun dev tiap 5 menit. oh maaf, akun prod maksudnya", "watch slack/prod 300s"),
    ("monitor slack account dev every 5 min, my mistake, account prod", "watch slack/prod 300s"),
    ("monitor slack account dev every 5 min... or rather every 10", "watch slack/dev 600s"),
    ("monitor slack account dev every 5 min, hmm no every 10 min", "watch slack/dev 600s"),
    ("monitor slack account dev not every minute but every 10 minutes", "watch slack/dev 600s"),
    (
        "monitor slack account dev; don't do it every minute, every 10 minutes is plenty",
        "watch slack/dev 600s",
    ),
    ("ingatkan rapat jam 3 eh jam 4 hari ini", "send 'rapat' @2026-11-24T16:00"),
    ("ingatkan rapat besok jam 3 sore, ralat lusa", "send 'rapat' @2026-11-26T15:00"),
    ("remind me to call mom tomorrow at 5pm, no wait, 6pm", "send 'call mom' @2026-11-25T18:00"),
    ("backup tiap jam kebanyakan, tiap 6 jam aja", "backup 21600s"),
    ("backup tiap jam, terlalu sering deh, 6 jam sekali aja", "backup 21600s"),
    ("tolong jangan backup tiap jam; 6 jam sekali cukup", "backup 21600s"),
    ("jangan laporan pagi, sore aja jam 5", "report [0 17 * * *]"),
    ("laporan pagi jam 7 ga usah, yang sore jam 5 aja", "report [0 17 * * *]"),
    ("kemarin laporan telat, tolong kirim laporan jam 6", "report [0 6 * * *]"),
    (
        "tolong ya laporan tiap hari jam 7, tapi khusus hari libur nasional jangan dikirim",
        "report [0 7 * * *] skip(holidays=ID)",
    ),
    ("laporan tiap hari jam 7 selain tanggal merah dan minggu", "report [0 7 * * 1-6] skip(holidays=ID)"),
    (
        "laporan jam 7 senin sampai sabtu, tanggal merah dan cuti bersama libur",
        "report [0 7 * * 1-6] skip(holidays=ID cuti_bersama=True)",
    ),
    ("laporan jam 7 tiap hari, tanggal 25 desember ga usah", "report [0 7 * * *] skip(dates=12-25)"),
    ("laporan jam 7 tiap hari, natal libur", "report [0 7 * * *] skip(dates=12-25)"),
    ("laporan jam 7 tiap hari, pas lebaran jangan", "report [0 7 * * *] skip(holidays=ID names=Idul Fitri)"),
    ("backup tiap jam, jam 12 siang ga usah", "backup [0 13-23,0-11 * * *]"),
    ("pantau wa akun w1 tiap 5 menit siang malam, jangan pas minggu", "watch whatsapp/w1 [*/5 * * * 1-6]"),
    ("pantau tele bot_y dan bot_x tiap menit, bot_x jangan", "watch telegram/bot_y 60s"),
    ("pantau tele bot_y, bot_z tiap menit. bot_z ga jadi.", "watch telegram/bot_y 60s"),
    ("pantau tele bot_y tiap menit sama bot_z tiap 5 menit, eh bot_z ga usah", "watch telegram/bot_y 60s"),
    ("kirim wa ke 0811 jam 8: jangan lupa rapat", "send 'jangan lupa rapat' whatsapp:0811 @2026-11-25T08:00"),
    (
        'kirim pesan ke wa 0811 besok jam 8 "libur dulu ya"',
        "send 'libur dulu ya' whatsapp:0811 @2026-11-25T08:00",
    ),
    ("ingatkan saya jangan telat rapat tiap senin jam 9", "send 'jangan telat rapat' [0 9 * * 1]"),
    ("ingatkan jangan lupa bayar listrik tiap tanggal 20", "send 'jangan lupa bayar listrik' [0 9 20 * *]"),
    ("ingatkan saya tidak minum kopi tiap hari jam 10", "send 'tidak minum kopi' [0 10 * * *]"),
    ("ingetin stop merokok tiap hari jam 8", "send 'stop merokok' [0 8 * * *]"),
    ("remind me not to skip lunch every day at 12", "send 'not to skip lunch' [0 12 * * *]"),
    ("remind me to cancel the gym every 1st at 9", "send 'cancel the gym' [0 9 1 * *]"),
    (
        "pantau https://a.example tiap menit kalau mati jangan wa, tele @ana aja",
        "page https://a.example 60s notify=telegram:@ana",
    ),
    ("backup tiap malam, simpan 7 aja jangan lebih", "backup [0 2 * * *] keep=7"),
    ("laporan jam 7 ga pake lama", "report [0 7 * * *]"),
    ("report at 7, no later", "report [0 7 * * *]"),
    ("jangan lupa backup jam 2", "backup [0 2 * * *]"),
    ("jangan lupa ya tiap hari laporan jam 7 kecuali minggu", "report [0 7 * * 1-6]"),
    ("pantau wa toko_a tiap 5 menit, kalau bukan jam kerja jangan", "watch whatsapp/toko_a [*/5 8-16 * * *]"),
    ("pantau wa toko_a tiap 5 menit di luar jam kerja", "watch whatsapp/toko_a [*/5 17-23,0-7 * * *]"),
    ("pantau wa toko_a tiap 5 menit hanya di jam kerja", "watch whatsapp/toko_a [*/5 8-16 * * *]"),
    ("laporan jam 8 bukan hari kerja", "report [0 8 * * 6,0]"),
    ("laporan tiap hari jam 8 bukan hari minggu", "report [0 8 * * 1-6]"),
    ("laporan tiap hari jam 8 asal bukan minggu", "report [0 8 * * 1-6]"),
    ("laporan tiap hari jam 8 tapi bukan hari minggu ya", "report [0 8 * * 1-6]"),
    ("laporan tiap hari jam 8 except minggu", "report [0 8 * * 1-6]"),
    ("jangan hari minggu, laporan tiap hari jam 8", "report [0 8 * * 1-6]"),
    ("minggu ga usah, laporan senin sampai sabtu jam 8", "report [0 8 * * 1-6]"),
    ("tiap hari jam 8 laporan, minggunya ga usah", "report [0 8 * * 1-6]"),
    ("laporan tiap hari jam 8, minggunya libur", "report [0 8 * * 1-6]"),
    ("laporan jam 8 setiap hari (minggu libur)", "report [0 8 * * 1-6]"),
    ("laporan jam 8 setiap hari - minggu libur", "report [0 8 * * 1-6]"),
    ("laporan jam 8 setiap hari; minggu off.", "report [0 8 * * 1-6]"),
    ("laporan jam 8 setiap hari MINGGU LIBUR", "report [0 8 * * 1-6]"),
    ("laporan jam 7 tiap hari, minggu jam 9", "report [0 7 * * 1-6]", "report [0 9 * * 0]"),
)

ASKED = (
    "saya gak minta backup",
    "aku nggak mau laporan",
    "siapa yang minta laporan jam 7?",
    "tadi bos nanya laporan jam 7",
    "bulan lalu laporannya tiap Senin",
    "sudah ada laporan jam 7 kan?",
    "laporan jam 7 yang kemarin bagus",
    "I never asked for a daily report",
    "she told me to back up at 2 yesterday",
    "last month we had a report every Monday",
    "the old report was at 7",
    "do we have a report at 7?",
    "dulu saya minta laporan jam 7, tolong sekarang jam 8",
    "laporan tiap hari jam 7 kecuali ada libur nasional",
    "pantau wa akun w1 tiap 5 menit kecuali w2",
    "monitor all telegram accounts except bot_x",
    "backup jam 2 jangan lebih dari 5 file",
    "laporan tanpa detail jam 7",
    "hari minggu jangan ada laporan, sisanya tiap hari jam 8",
    "laporan jam 7 sama jam 19, yang malam ga usah kalau minggu",
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_operators_bind_what_is_meant(row: Row) -> None:
    """The plan is what the sentence means."""
    assert_planned(row)


@pytest.mark.parametrize("prompt", ASKED)
def test_nothing_is_planned_without_a_word_about_it(prompt: str) -> None:
    """No job is planned, and a doubt says why."""
    assert_doubted(prompt)
