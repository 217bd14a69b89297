"""Reminders: amounts and places in their texts, a job for each entry of a list, days before others."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

AMOUNTS: tuple[Row, ...] = (
    (
        "ingetin telpon bu wati (081200112233) besok jam 2 siang",
        "send 'telpon bu wati (081200112233)' @2026-11-25T14:00",
    ),
    ("ingetin (penting) bayar wifi besok jam 8", "send '(penting) bayar wifi' @2026-11-25T08:00"),
    ("gula tinggal dikit, ingatin beli gula 5kg besok jam 6", "send 'beli gula 5kg' @2026-11-25T06:00"),
    (
        "remind me every month: rent on the 1st, water on the 22nd. 8am for all of them",
        "send 'rent' [0 8 1 * *]",
        "send 'water' [0 8 22 * *]",
    ),
    (
        "tiap jam 9 malem ingetin kunci gerbang, trs jam 10 malem backup, tiap hari jg ya",
        "send 'kunci gerbang' [0 21 * * *]",
        "backup [0 22 * * *]",
    ),
    ("ingatkan bayar sewa 2jt tiap tanggal 1", "send 'bayar sewa 2jt' [0 9 1 * *]"),
    ("ingatkan tiap tanggal 1 bayar sewa 2jt", "send 'bayar sewa 2jt' [0 9 1 * *]"),
    ("ingatkan bayar arisan 500k tiap tanggal 5", "send 'bayar arisan 500k' [0 9 5 * *]"),
    ("ingatin bayar listrik 350rb tgl 20", "send 'bayar listrik 350rb' @2026-12-20T09:00"),
    ("ingatkan saya beli gas 3kg tiap senin", "send 'beli gas 3kg' [0 9 * * 1]"),
    ("ingatkan beli beras 5kg jumat jam 4 sore", "send 'beli beras 5kg' @2026-11-27T16:00"),
    (
        "ingetin transfer Rp 1.250.000 ke mama besok jam 9",
        "send 'transfer Rp 1.250.000 ke mama' @2026-11-25T09:00",
    ),
    ("ingatkan bayar listrik Rp350.000 tiap tanggal 20", "send 'bayar listrik Rp350.000' [0 9 20 * *]"),
    ("ingatkan bayar listrik 350 ribu tiap tanggal 20", "send 'bayar listrik 350 ribu' [0 9 20 * *]"),
    ("ingatkan bayar cicilan 2 juta tiap tanggal 10 jam 8", "send 'bayar cicilan 2 juta' [0 8 10 * *]"),
    ("ingatkan order 10 dus aqua tiap rabu", "send 'order 10 dus aqua' [0 9 * * 3]"),
    ("ingatkan isi bensin 5 liter besok pagi", "send 'isi bensin 5 liter' @2026-11-25T09:00"),
    ("ingatkan setor 1,5jt tiap akhir bulan", "send 'setor 1,5jt' [0 9 L * *]"),
    ("ingatkan bayar kos 1.2jt setiap tanggal 1 jam 8", "send 'bayar kos 1.2jt' [0 8 1 * *]"),
    ("ingatkan potong gaji 10% tiap tanggal 25", "send 'potong gaji 10%' [0 9 25 * *]"),
    ("ingatkan bayar sewa 3 bulan tiap tanggal 1", "send 'bayar sewa 3 bulan' [0 9 1 * *]"),
    ("ingatkan bayar 2x cicilan tgl 5", "send 'bayar 2x cicilan' @2026-12-05T09:00"),
    ("remind me to pay rent $500 every 1st at 9am", "send 'pay rent $500' [0 9 1 * *]"),
    ("remind me to buy 2 kg rice every friday at 5pm", "send 'buy 2 kg rice' [0 17 * * 5]"),
    ("tagih utang 250rb, ingatkan tiap sabtu", "send 'tagih utang 250rb' [0 9 * * 6]"),
)
PLACES: tuple[Row, ...] = (
    ("ingatkan setor uang ke BCA tiap jumat", "send 'setor uang ke BCA' [0 9 * * 5]"),
    ("ingatkan antar barang ke JNE tiap hari jam 3 sore", "send 'antar barang ke JNE' [0 15 * * *]"),
    ("ingatkan transfer ke Mandiri tiap tanggal 1", "send 'transfer ke Mandiri' [0 9 1 * *]"),
    ("ingatkan belanja ke pasar tiap minggu pagi", "send 'belanja ke pasar' [0 9 * * 0]"),
    ("ingatkan ke bank besok jam 9", "send 'ke bank' @2026-11-25T09:00"),
    ("ingatkan kirim paket ke J&T jam 4 sore", "send 'kirim paket ke J&T' @2026-11-24T16:00"),
    ("ingatkan pergi ke dokter besok jam 10", "send 'pergi ke dokter' @2026-11-25T10:00"),
    ("ingatkan jemput anak ke sekolah jam 12", "send 'jemput anak ke sekolah' @2026-11-24T12:00"),
    ("ingatkan ambil paket di jne jam 2 siang", "send 'ambil paket di jne' @2026-11-24T14:00"),
    ("ingatkan setor 500rb ke bca tiap jumat jam 3 sore", "send 'setor 500rb ke bca' [0 15 * * 5]"),
    ("ingatkan wa supplier besok jam 9", "send 'wa supplier' @2026-11-25T09:00"),
    ("ingatkan cek wa toko tiap jam", "send 'cek wa toko' 3600s"),
    ("ingatkan balas chat pelanggan tiap jam", "send 'balas chat pelanggan' 3600s"),
    ("ingatkan posting di instagram tiap hari jam 7 malam", "send 'posting di instagram' [0 19 * * *]"),
    ("ingatkan bayar wifi tgl 5 lewat wa 0811", "send 'bayar wifi' whatsapp:0811 @2026-12-05T09:00"),
    ("ingatkan wa 0811 bayar listrik tiap tanggal 5", "send 'bayar listrik' whatsapp:0811 [0 9 5 * *]"),
    ("ingatkan wa bayar listrik besok", "send 'bayar listrik' whatsapp @2026-11-25T09:00"),
)
ERRANDS: tuple[Row, ...] = (
    (
        "ingetin buka toko senin-jumat jam 8, sabtu jam 9.30",
        "send 'buka toko' [0 8 * * 1-5]",
        "send 'buka toko' [30 9 * * 6]",
    ),
    ("ingetin ane sholat jumat tiap jumat jam 11.30 terima kasih", "send 'sholat jumat' [30 11 * * 5]"),
    ("ingatkan hapus file lama tiap senin jam 8", "send 'hapus file lama' [0 8 * * 1]"),
    ("ingatkan ganti oli tiap 3 bulan", "send 'ganti oli' [0 9 1 */3 *]"),
    ("ingatkan stop iklan besok jam 12", "send 'stop iklan' @2026-11-25T12:00"),
    ("ingatkan matikan lampu toko tiap jam 10 malam", "send 'matikan lampu toko' [0 22 * * *]"),
    ("ingatkan cek laporan penjualan tiap jumat", "send 'cek laporan penjualan' [0 9 * * 5]"),
    ("ingatkan backup data laptop tiap senin", "send 'backup data laptop' [0 9 * * 1]"),
    ("ingatkan makan siang jam 12", "send 'makan siang' @2026-11-24T12:00"),
    ("ingatkan makan malam jam 7", "send 'makan malam' @2026-11-24T19:00"),
    ("ingatkan sholat subuh jam 5", "send 'sholat subuh' @2026-11-25T05:00"),
    ("ingatkan jam 9 ada rapat jam 10", "send 'ada rapat jam 10' @2026-11-25T09:00"),
    ("bisa ingatkan aku bayar listrik tgl 20 gak?", "send 'bayar listrik' @2026-12-20T09:00"),
    ("ingatkan bayar wifi tanggal 5, eh tanggal 6", "send 'bayar wifi' @2026-12-06T09:00"),
    (
        "ingatkan bayar listrik tiap tanggal 20 kecuali hari minggu",
        "send 'bayar listrik' [0 9 20 * *] skip(weekdays=0)",
    ),
    (
        "ingatkan gajian tanggal 25, kalau libur majukan",
        "send 'gajian' [0 9 25 * *] skip(holidays=ID before)",
    ),
    ("ingatkan tiap akhir bulan stok opname", "send 'stok opname' [0 9 L * *]"),
    ("ingatkan tiap awal bulan bayar sewa", "send 'bayar sewa' [0 9 1 * *]"),
)
LISTS: tuple[Row, ...] = (
    (
        "ultah: Bu Ani 4 april, Ci Mei 7 agustus. ingetin jam 8 pagi tiap taun",
        "send 'ultah Bu Ani' [0 8 4 4 *]",
        "send 'ultah Ci Mei' [0 8 7 8 *]",
    ),
    (
        "tiap bulan aku harus bayar air tgl 7, listrik tgl 14. semuanya ingatkan jam 8",
        "send 'bayar air' [0 8 7 * *]",
        "send 'bayar listrik' [0 8 14 * *]",
    ),
    (
        "ingatkan bayar wifi tiap tanggal 5, bpjs tiap tanggal 10, dan listrik tiap tanggal 20",
        "send 'bayar wifi' [0 9 5 * *]",
        "send 'bayar bpjs' [0 9 10 * *]",
        "send 'bayar listrik' [0 9 20 * *]",
    ),
    (
        "ingatkan tanggal 5 bayar wifi, tanggal 10 bpjs",
        "send 'bayar wifi' @2026-12-05T09:00",
        "send 'bayar bpjs' @2026-12-10T09:00",
    ),
    (
        "ingatkan tiap tanggal 5 bayar wifi, tiap tanggal 10 bayar bpjs",
        "send 'bayar wifi' [0 9 5 * *]",
        "send 'bayar bpjs' [0 9 10 * *]",
    ),
    (
        "ingatin bayar listrik tgl 20, air tgl 15, wifi tgl 5 tiap bulan",
        "send 'bayar listrik' [0 9 20 * *]",
        "send 'bayar air' [0 9 15 * *]",
        "send 'bayar wifi' [0 9 5 * *]",
    ),
    (
        "ingatkan senin belanja, rabu setor, jumat tutup buku",
        "send 'belanja' @2026-11-30T09:00",
        "send 'setor' @2026-11-25T09:00",
        "send 'tutup buku' @2026-11-27T09:00",
    ),
    (
        "ingatkan minum obat jam 7, makan jam 12, olahraga jam 5 sore",
        "send 'minum obat' @2026-11-25T07:00",
        "send 'makan' @2026-11-24T12:00",
        "send 'olahraga' @2026-11-24T17:00",
    ),
    (
        "ingatkan saya tiap hari jam 7 minum obat dan jam 9 buka toko",
        "send 'minum obat' [0 7 * * *]",
        "send 'buka toko' [0 9 * * *]",
    ),
    (
        "remind me to pay wifi on the 5th, insurance on the 10th and electricity on the 20th of every month",
        "send 'pay wifi' [0 9 5 * *]",
        "send 'pay insurance' [0 9 10 * *]",
        "send 'pay electricity' [0 9 20 * *]",
    ),
    (
        "remind me at 7 to take medicine and at 9 to open the shop",
        "send 'take medicine' @2026-11-25T07:00",
        "send 'open the shop' @2026-11-25T09:00",
    ),
    (
        "ingatkan: wifi tgl 5, listrik tgl 20",
        "send 'wifi' @2026-12-05T09:00",
        "send 'listrik' @2026-12-20T09:00",
    ),
    (
        "reminder tagihan: listrik tgl 20, pdam tgl 18",
        "send 'tagihan listrik' @2026-12-20T09:00",
        "send 'tagihan pdam' @2026-12-18T09:00",
    ),
    (
        "ingatkan saya bayar:\n- wifi tgl 5\n- listrik tgl 20",
        "send 'bayar wifi' @2026-12-05T09:00",
        "send 'bayar listrik' @2026-12-20T09:00",
    ),
    (
        "tolong ingatkan\n1. bayar wifi tgl 5\n2. bayar listrik tgl 20",
        "send 'bayar wifi' @2026-12-05T09:00",
        "send 'bayar listrik' @2026-12-20T09:00",
    ),
    (
        "ingatkan bayar wifi tanggal 5 listrik tanggal 20",
        "send 'bayar wifi' @2026-12-05T09:00",
        "send 'bayar listrik' @2026-12-20T09:00",
    ),
    (
        "tiap senin ingetin beli tepung 10kg, tiap kamis gula 5kg",
        "send 'beli tepung 10kg' [0 9 * * 1]",
        "send 'beli gula 5kg' [0 9 * * 4]",
    ),
    (
        "ingatkan bayar wifi tgl 5, listrik tgl 20 lewat wa 0811",
        "send 'bayar wifi' whatsapp:0811 @2026-12-05T09:00",
        "send 'bayar listrik' whatsapp:0811 @2026-12-20T09:00",
    ),
    (
        "ingatkan bayar wifi tgl 5, backup tiap jam 2",
        "send 'bayar wifi' @2026-12-05T09:00",
        "backup [0 2 * * *]",
    ),
    (
        "ingatkan bayar wifi, listrik dan bpjs tiap tanggal 5",
        "send 'bayar wifi, listrik dan bpjs' [0 9 5 * *]",
    ),
    ("ingatkan tiap tanggal 1 dan 15 setor kas", "send 'setor kas' [0 9 1,15 * *]"),
)
BEFORE: tuple[Row, ...] = (
    ("ingatkan 3 hari sebelum tanggal 20 bayar listrik", "send 'bayar listrik' @2026-12-17T09:00"),
    ("ingatkan bayar listrik 3 hari sebelum tanggal 20", "send 'bayar listrik' @2026-12-17T09:00"),
    ("ingatkan tiap bulan 3 hari sebelum tanggal 20 bayar listrik", "send 'bayar listrik' [0 9 17 * *]"),
    ("ingatkan bayar pajak H-3 tanggal 20", "send 'bayar pajak' @2026-12-17T09:00"),
    ("ingatkan bayar pajak tiap H-1 tanggal 20", "send 'bayar pajak' [0 9 19 * *]"),
    ("ingatkan bayar listrik tanggal 20, h-3", "send 'bayar listrik' @2026-12-17T09:00"),
    (
        "ingatkan bayar listrik h-3 dan h-1 tanggal 20",
        "send 'bayar listrik' @2026-12-17T09:00",
        "send 'bayar listrik' @2026-12-19T09:00",
    ),
    ("ingatkan h-1 gajian tanggal 25", "send 'gajian' @2026-12-24T09:00"),
    ("ingatkan sehari sebelum tanggal 1 bayar sewa tiap bulan", "send 'bayar sewa' [0 9 L * *]"),
    (
        "ingatkan 3 hari sebelum tanggal 2 tiap bulan bayar kos",
        "send 'bayar kos' [FREQ=MONTHLY;BYMONTHDAY=-2;BYHOUR=9;BYMINUTE=0]",
    ),
    ("ingatkan 3 hari sebelum tanggal 2 bayar kos", "send 'bayar kos' @2026-11-29T09:00"),
    ("ingatkan h-2 natal hias toko", "send 'hias toko' @2026-12-23T09:00"),
    ("ingatkan dua hari sebelum tanggal 5 desember beli kado", "send 'beli kado' @2026-12-03T09:00"),
    ("ingatkan sehari sebelum 1 januari beli petasan", "send 'beli petasan' @2026-12-31T09:00"),
    ("ingatkan seminggu sebelum lebaran beli kue", "send 'beli kue' @2027-03-03T09:00"),
    ("ingatkan sehari sebelum jumat beli galon", "send 'beli galon' @2026-11-26T09:00"),
    ("ingatkan sehari sebelum senin depan beli galon", "send 'beli galon' @2026-11-29T09:00"),
    ("ingatkan tiap h-1 jumat siapkan barang", "send 'siapkan barang' [0 9 * * 4]"),
    ("ingatkan bayar listrik sebelum tanggal 20", "send 'bayar listrik' @2026-12-19T09:00"),
    ("ingatkan 30 menit sebelum jam 9 rapat", "send 'rapat' @2026-11-25T08:30"),
    ("ingatkan 1 jam sebelum rapat jam 2 siang", "send 'rapat' @2026-11-24T13:00"),
    ("remind me two days before the 20th to pay the bill", "send 'pay the bill' @2026-12-18T09:00"),
    ("remind me the day before the 20th to pay electricity", "send 'pay electricity' @2026-12-19T09:00"),
    ("remind me 3 days before christmas to buy gifts", "send 'buy gifts' @2026-12-22T09:00"),
    (
        "laporan tiap 3 hari sebelum akhir bulan",
        "report [FREQ=MONTHLY;BYMONTHDAY=-4;BYHOUR=7;BYMINUTE=0]",
    ),
    ("backup h-1 tanggal 1 tiap bulan jam 2", "backup [0 2 L * *]"),
    ("kirim wa ke 0811 h-1 tanggal 25: besok gajian", "send 'besok gajian' whatsapp:0811 @2026-12-24T09:00"),
)
DATES: tuple[Row, ...] = (
    ("kirim wa 0811 tgl 30/11 jam 8: gajian", "send 'gajian' whatsapp:0811 @2026-11-30T08:00"),
    ("kirim wa 0811 tgl 5/12/26 jam 8: halo", "send 'halo' whatsapp:0811 @2026-12-05T08:00"),
    ("ingatkan beli 3/4 kg gula besok", "send 'beli 3/4 kg gula' @2026-11-25T09:00"),
    ("laporan tiap 1/2 jam", "report 1800s"),
    ("ingatkan jam 7 malam hari senin rapat", "send 'rapat' @2026-11-30T19:00"),
    ("backup jam 1 malam minggu", "backup [0 1 * * 0]"),
    (
        "akun wa yang perlu dipantau tiap 5 menit: toko1 dan toko2",
        "watch whatsapp/toko1 300s",
        "watch whatsapp/toko2 300s",
    ),
    ("laporan tiap tanggal 1/15 jam 8", "report [0 8 1,15 * *]"),
    ("ingatkan ganti oli 6 bulan sekali di tanggal 20", "send 'ganti oli' [0 9 20 */6 *]"),
    ("ingatkan on Fridays at 8 beli pulsa", "send 'beli pulsa' [0 8 * * 5]"),
    ("remind me to call mom around 5pm", "send 'call mom' @2026-11-24T17:00"),
    ("ingatkan besok jam 9 antar kue ke Bu Wien", "send 'antar kue ke Bu Wien' @2026-11-25T09:00"),
    ("ingatkan beli kado H-2 sebelum 20 desember", "send 'beli kado' @2026-12-18T09:00"),
    ("laporan tanggal 1-5 jam 8 tiap bulan", "report [0 8 1-5 * *]"),
    ("laporan jam 7 malem senin", "report [0 19 * * 0]"),
    ("laporan jam 7 mlm senin", "report [0 19 * * 0]"),
    ("laporan senin malam jam 7", "report [0 19 * * 1]"),
    ("laporan jam 7 malam tiap senin", "report [0 19 * * 1]"),
    ("laporan jam 7 malam, senin", "report [0 19 * * 1]"),
    ("laporan jam 7 malam senin sampai jumat", "report [0 19 * * 1-5]"),
    ("laporan jam 7 malam senin, rabu dan jumat", "report [0 19 * * 1,3,5]"),
    (
        "akun whatsapp yang dipantau tiap 2 menit: toko1, toko2",
        "watch whatsapp/toko1 120s",
        "watch whatsapp/toko2 120s",
    ),
)


@pytest.mark.parametrize(
    "row", [*AMOUNTS, *PLACES, *ERRANDS, *LISTS, *BEFORE, *DATES], ids=lambda row: row[0]
)
def test_reminders_and_dates_become_the_jobs_that_are_meant(row: Row) -> None:
    """All words that say no time and no place are the text; no word becomes a recipient by chance."""
    prompt, *expected = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == expected
    assert not draft.doubts
