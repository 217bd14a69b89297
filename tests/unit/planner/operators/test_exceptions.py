"""Exceptions before and behind their operator: the nearest days are left out, no fire is added."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, assert_doubted, assert_planned

ROWS: tuple[Row, ...] = (
    (
        "pantau https://kasir.example tiap 5 menit di hari kerja, hari libur nasional jangan",
        "page https://kasir.example [*/5 * * * 1-5] skip(holidays=ID)",
    ),
    (
        "pantau https://q1.example tiap 10 menit Senin sampai Jumat, Sabtu Minggu off",
        "page https://q1.example [*/10 * * * 1-5]",
    ),
    ("laporan jam 9 hari kerja, tanggal merah ga usah kirim", "report [0 9 * * 1-5] skip(holidays=ID)"),
    ("laporan jam 9 hari kerja, tanggal merah gak usah", "report [0 9 * * 1-5] skip(holidays=ID)"),
    ("laporan jam 9 hari kerja, tanggal merah libur", "report [0 9 * * 1-5] skip(holidays=ID)"),
    ("laporan jam 9 di hari kerja tanggal merah jangan", "report [0 9 * * 1-5] skip(holidays=ID)"),
    ("backup senin rabu jumat jam 3, tanggal merah tidak usah", "backup [0 3 * * 1,3,5] skip(holidays=ID)"),
    (
        "cek https://q2.example tiap menit di jam kerja, hari Jumat jangan",
        "page https://q2.example [* 8-16 * * 0-4,6]",
    ),
    ("tiap tanggal 1 jam 8 laporan, bulan Januari ga usah", "report [0 8 1 2-12 *]"),
    ("pantau wa q_a tiap 5 menit, jam 22 sampai 6 istirahat dulu", "watch whatsapp/q_a [*/5 6-21 * * *]"),
    ("pantau wa q_a tiap 5 menit, jam 22 sampai 6 jangan", "watch whatsapp/q_a [*/5 6-21 * * *]"),
    ("backup every night at 2, Sunday is a rest day", "backup [0 2 * * 1-6]"),
    ("backup every night at 2, Sundays are off", "backup [0 2 * * 1-6]"),
    ("backup daily at 2, not on Sundays", "backup [0 2 * * 1-6]"),
    ("backup tiap hari jam 2 kalau tdk hari minggu", "backup [0 2 * * 1-6]"),
    ("backup tiap hari jam 2 kalau gk hari minggu", "backup [0 2 * * 1-6]"),
    ("backup tiap hari jam 2 kalau enggak hari minggu", "backup [0 2 * * 1-6]"),
    ("backup tiap hari jam 2 kalo engga hari minggu", "backup [0 2 * * 1-6]"),
    ("backup tiap hari jam 2 kalau bukan hari minggu", "backup [0 2 * * 1-6]"),
    (
        "pantau wa s_a tiap 5 menit dari jam 8 sampai 20, Minggu libur",
        "watch whatsapp/s_a [*/5 8-19 * * 1-6]",
    ),
    ("pantau wa s_a tiap 5 menit jam 8 sampai 20, minggu libur", "watch whatsapp/s_a [*/5 8-19 * * 1-6]"),
    ("pantau wa s_a tiap 5 menit tapi jangan malam", "watch whatsapp/s_a [*/5 5-17 * * *]"),
    ("backup tiap hari jam 2, yang tanggal 15 ga usah deh", "backup [0 2 1-14,16-31 * *]"),
    ("backup tiap hari jam 2, tanggal 15 jangan", "backup [0 2 1-14,16-31 * *]"),
    ("backup tiap hari jam 2, tanggal 15 dan 20 skip", "backup [0 2 1-14,16-19,21-31 * *]"),
    ("laporan tiap hari jam 8, Sabtu, Minggu libur", "report [0 8 * * 1-5]"),
    ("laporan tiap hari jam 8, Sabtu dan Minggu libur", "report [0 8 * * 1-5]"),
    ("laporan tiap hari jam 8, sabtu sama minggu ga usah", "report [0 8 * * 1-5]"),
    ("laporan tiap hari jam 8 minggu libur", "report [0 8 * * 1-6]"),
    ("laporan tiap hari jam 8, Minggu off ya", "report [0 8 * * 1-6]"),
    ("laporan tiap hari jam 8, hari Minggu nggak usah dikirim", "report [0 8 * * 1-6]"),
    ("laporan tiap hari jam 8, minggu gak perlu", "report [0 8 * * 1-6]"),
    ("laporan tiap hari jam 8, bulan Desember libur", "report [0 8 * 1-11 *]"),
    ("report every day at 8, no reports on Sundays", "report [0 8 * * 1-6]"),
    ("report every day at 8, skip Sundays", "report [0 8 * * 1-6]"),
    ("report every day at 8 but skip weekends", "report [0 8 * * 1-5]"),
    ("report on weekdays at 9, holidays off", "report [0 9 * * 1-5] skip(holidays=ID)"),
    ("report on weekdays at 9, not on public holidays", "report [0 9 * * 1-5] skip(holidays=ID)"),
    ("report on weekdays at 9, public holidays excluded", "report [0 9 * * 1-5] skip(holidays=ID)"),
    (
        "check https://b.example every 5 minutes on weekdays, never on public holidays",
        "page https://b.example [*/5 * * * 1-5] skip(holidays=ID)",
    ),
    (
        "check https://b.example every 5 minutes from 8 to 20, Sundays off",
        "page https://b.example [*/5 8-19 * * 1-6]",
    ),
    (
        "check https://b.example every 5 minutes between 8 and 20, Sunday is off",
        "page https://b.example [*/5 8-19 * * 1-6]",
    ),
    ("backup tiap hari jam 2 tp minggu jgn", "backup [0 2 * * 1-6]"),
    ("backup tiap hari jam 2 tapi minggu tidak", "backup [0 2 * * 1-6]"),
    ("backup jam 2 hari kerja aja, libur nasional skip", "backup [0 2 * * 1-5] skip(holidays=ID)"),
    ("pantau https://a.example tiap menit, kalau hari minggu jangan", "page https://a.example [* * * * 1-6]"),
    ("pantau https://a.example tiap menit, pas hari minggu ga usah", "page https://a.example [* * * * 1-6]"),
    ("pantau https://a.example tiap 10 menit, weekend ga perlu", "page https://a.example [*/10 * * * 1-5]"),
    ("pantau https://a.example tiap 10 menit, weekend gausah", "page https://a.example [*/10 * * * 1-5]"),
    ("laporan senin sampai sabtu jam 7, kamis jangan", "report [0 7 * * 1-3,5-6]"),
    ("laporan senin sampai sabtu jam 7, kamis libur", "report [0 7 * * 1-3,5-6]"),
    ("ingatkan minum obat tiap hari jam 8, minggu libur", "send 'minum obat' [0 8 * * 1-6]"),
    ("ingatkan minum obat tiap hari jam 8, jangan hari minggu", "send 'minum obat' [0 8 * * 1-6]"),
    (
        'kirim "buka" ke wa 0811 tiap hari jam 8, tanggal merah ga usah',
        "send 'buka' whatsapp:0811 [0 8 * * *] skip(holidays=ID)",
    ),
    ("hari minggu libur, laporan tiap hari jam 8", "report [0 8 * * 1-6]"),
    ("tanggal merah libur, laporan hari kerja jam 8", "report [0 8 * * 1-5] skip(holidays=ID)"),
    (
        "cek https://toko.example tiap 15 menit, pas weekend jangan",
        "page https://toko.example [*/15 * * * 1-5]",
    ),
    (
        "cek https://toko.example setiap 15 menit tapi hari sabtu ga usah",
        "page https://toko.example [*/15 * * * 0-5]",
    ),
    ("tolong kirim laporan tiap hari jam 6 pagi kecuali jumat ya", "report [0 6 * * 0-4,6]"),
    ("laporan tiap hari jam 6, kecuali pas tanggal merah", "report [0 6 * * *] skip(holidays=ID)"),
    ("laporan harian jam 6 tp klo tanggal merah skip", "report [0 6 * * *] skip(holidays=ID)"),
    ("laporan jam 6 tiap hari, jumat mah libur", "report [0 6 * * 0-4,6]"),
    ("jumat libur ya, laporannya tiap hari jam 6", "report [0 6 * * 0-4,6]"),
    ("backup jam 1 malam setiap hari selain rabu", "backup [0 1 * * 0-2,4-6]"),
    ("backup setiap hari jam 1 malam, rabu skip aja", "backup [0 1 * * 0-2,4-6]"),
    ("backup tiap malam jam 11 kecuali malam jumat", "backup [0 23 * * 0-3,5-6]"),
    (
        "monitor wa toko_z tiap 10 menit kecuali jam 1 sampai 5 pagi",
        "watch whatsapp/toko_z [*/10 5-23,0 * * *]",
    ),
    (
        "monitor wa toko_z tiap 10 menit, jam 1 sampai 5 pagi ga usah",
        "watch whatsapp/toko_z [*/10 5-23,0 * * *]",
    ),
    (
        "monitor wa toko_z tiap 10 menit jam 7 sampai 22, minggu tutup",
        "watch whatsapp/toko_z [*/10 7-21 * * 1-6]",
    ),
    (
        "monitor wa toko_z tiap 10 menit jam 7 sampai 22, minggu ga",
        "watch whatsapp/toko_z [*/10 7-21 * * 1-6]",
    ),
    (
        "watch whatsapp account toko_z every 10 minutes, but not at night",
        "watch whatsapp/toko_z [*/10 5-17 * * *]",
    ),
    (
        "watch whatsapp account toko_z every 10 minutes, not between 1am and 5am",
        "watch whatsapp/toko_z [*/10 5-23,0 * * *]",
    ),
    ("back up every day at 3, except on the 1st", "backup [0 3 2-31 * *]"),
    ("back up every day at 3, no backup on the 1st", "backup [0 3 2-31 * *]"),
    ("back up every day at 3. Never on Sunday.", "backup [0 3 * * 1-6]"),
    ("report every weekday at 9 but not on Friday", "report [0 9 * * 1-4]"),
    ("report every weekday at 9, Fridays off", "report [0 9 * * 1-4]"),
    ("report Mon-Fri at 9, skip Wednesday", "report [0 9 * * 1-2,4-5]"),
    ("laporan jam 9 senin-jumat, rabu gausah", "report [0 9 * * 1-2,4-5]"),
    ("laporan jam 9 senin s/d jumat, rabu dilewatin", "report [0 9 * * 1-2,4-5]"),
    ("laporan jam 9 senin sampai jumat tapi rabu libur", "report [0 9 * * 1-2,4-5]"),
    ("laporan jam 9 dan jam 15, jam 15 nya ga usah", "report [0 9 * * *]"),
    ("ingetin minum vitamin tiap hari jam 7 tapi sabtu minggu jangan", "send 'minum vitamin' [0 7 * * 1-5]"),
    (
        "ingatkan saya setor tiap senin jam 10, tanggal merah ga usah",
        "send 'setor' [0 10 * * 1] skip(holidays=ID)",
    ),
    ("remind me to stretch every hour from 9 to 17, not on weekends", "send 'stretch' [0 9-16 * * 1-5]"),
    ("laporan tiap hari jam 8, hari sabtu tetap jalan", "report [0 8 * * *]"),
    ("laporan hari kerja jam 8, sabtu juga", "report [0 8 * * 1-5,6]"),
    ("laporan hari kerja jam 8, sabtu jangan", "report [0 8 * * 1-5]"),
)

ASKED = (
    "backup harian jam 3 kecuali akhir bulan",
    "pantau wa s_a tiap 5 menit, malam jangan",
    "back up every day at 3 except the last day of the month",
    "laporan tiap hari jam 8, kecuali kalau hujan",
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_exception_binds_the_nearest_days(row: Row) -> None:
    """The days before or behind the operator are left out, and nothing else changes."""
    assert_planned(row)


@pytest.mark.parametrize("prompt", ASKED)
def test_nothing_is_planned_without_a_word_about_it(prompt: str) -> None:
    """No job is planned, and a doubt says why."""
    assert_doubted(prompt)
