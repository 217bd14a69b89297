"""Everyday reminders as people type them: each word that is no time and no place is the text."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

EVERYDAY: tuple[Row, ...] = (
    (
        "ingatkan saya tagih pelanggan yang belum bayar tiap tanggal 3",
        "send 'tagih pelanggan yang belum bayar' [0 9 3 * *]",
    ),
    ("ingatkan bayar gaji karyawan 5 orang tiap tgl 28", "send 'bayar gaji karyawan 5 orang' [0 9 28 * *]"),
    (
        "ingatkan restok indomie 2 dus dan telur 5kg tiap kamis sore",
        "send 'restok indomie 2 dus dan telur 5kg' [0 16 * * 4]",
    ),
    (
        "ingatkan ambil uang kembalian receh 500rb di bank tiap senin jam 8",
        "send 'ambil uang kembalian receh 500rb di bank' [0 8 * * 1]",
    ),
    (
        "tiap hari jam 6 pagi ingatin belanja sayur ke pasar induk",
        "send 'belanja sayur ke pasar induk' [0 6 * * *]",
    ),
    (
        "ingatin saya tutup warung jam 10 malam tiap hari kecuali jumat",
        "send 'tutup warung' [0 22 * * 0-4,6]",
    ),
    (
        "ingatin bayar sewa ruko 25jt tiap tahun tanggal 10 januari",
        "send 'bayar sewa ruko 25jt' [0 9 10 1 *]",
    ),
    ("ingatin bayar pajak umkm 0,5% tiap tgl 15", "send 'bayar pajak umkm 0,5%' [0 9 15 * *]"),
    ("ingatin lapor spt tiap 31 maret", "send 'lapor spt' [0 9 31 3 *]"),
    (
        "ingatin perpanjang izin usaha 2 minggu sebelum 1 maret",
        "send 'perpanjang izin usaha' @2027-02-15T09:00",
    ),
    ("ingatin ganti tabung gas 12kg tiap 2 minggu", "send 'ganti tabung gas 12kg' 1209600s"),
    (
        "ingatin stok opname tiap jumat terakhir bulan",
        "send 'stok opname' [FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=9;BYMINUTE=0]",
    ),
    ("ingatin kasih bonus karyawan H-7 lebaran", "send 'kasih bonus karyawan' @2027-03-03T09:00"),
    ("ingatin pasang lampu natal h-14 natal", "send 'pasang lampu natal' @2026-12-11T09:00"),
    ("ingatkan beli lampu natal tgl 20 desember", "send 'beli lampu natal' @2026-12-20T09:00"),
    ("ingatkan kirim katalog ke pelanggan tiap senin jam 9", "send 'kirim katalog ke pelanggan' [0 9 * * 1]"),
    ("ingatkan follow up bu dewi besok jam 10", "send 'follow up bu dewi' @2026-11-25T10:00"),
    (
        "ingatkan hubungi supplier telur 0812345678 besok jam 8",
        "send 'hubungi supplier telur 0812345678' @2026-11-25T08:00",
    ),
    (
        "ingatkan antar pesanan ke jl merdeka no 10 jam 4 sore",
        "send 'antar pesanan ke jl merdeka no 10' @2026-11-24T16:00",
    ),
    ("ingatkan antar pesanan meja 5 jam 2 siang", "send 'antar pesanan meja 5' @2026-11-24T14:00"),
    (
        "ingatkan pesanan bu rt 20 nasi kotak sabtu jam 9 pagi",
        "send 'pesanan bu rt 20 nasi kotak' @2026-11-28T09:00",
    ),
    ("ingatkan dp catering 30% tanggal 10 desember", "send 'dp catering 30%' @2026-12-10T09:00"),
    ("ingatkan service ac toko tiap 3 bulan tanggal 5", "send 'service ac toko' [0 9 5 */3 *]"),
    ("ingatkan ganti nomor antrian tiap pagi", "send 'ganti nomor antrian' [0 9 * * *]"),
    ("ingatkan bayar parkir 2rb x 5 motor tiap jumat", "send 'bayar parkir 2rb x 5 motor' [0 9 * * 5]"),
    ("tolong dong ingetin besok pagi2 beli gas 3 kilo", "send 'beli gas 3 kilo' @2026-11-25T07:00"),
    (
        "ingetin mlm ini jam 9 siapin uang 500rb buat bayar tukang",
        "send 'siapin uang 500rb buat bayar tukang' @2026-11-24T21:00",
    ),
    (
        "ingetin bayar spaylater tgl 25 sama kredivo tgl 30",
        "send 'bayar spaylater' @2026-11-25T09:00",
        "send 'bayar kredivo' @2026-11-30T09:00",
    ),
    (
        "ingetin cicilan akulaku tgl 3, kredivo tgl 10, spaylater tgl 25 tiap bulan ya",
        "send 'cicilan akulaku' [0 9 3 * *]",
        "send 'cicilan kredivo' [0 9 10 * *]",
        "send 'cicilan spaylater' [0 9 25 * *]",
    ),
    (
        "tolong ingetin tiap bulan: tgl 1 sewa 2jt, tgl 5 listrik, tgl 10 wifi 350rb",
        "send 'sewa 2jt' [0 9 1 * *]",
        "send 'listrik' [0 9 5 * *]",
        "send 'wifi 350rb' [0 9 10 * *]",
    ),
    (
        "ingatkan tiap hari: jam 7 minum obat, jam 9 buka toko",
        "send 'minum obat' [0 7 * * *]",
        "send 'buka toko' [0 9 * * *]",
    ),
    ("ingatkan tiap hari: minum obat", "send 'minum obat' [0 9 * * *]"),
    (
        "listrik tgl 20, air tgl 15, wifi tgl 5 tolong ingatin tiap bulan",
        "send 'listrik' [0 9 20 * *]",
        "send 'air' [0 9 15 * *]",
        "send 'wifi' [0 9 5 * *]",
    ),
    ("aku mau diingetin bayar listrik tiap tanggal 20", "send 'bayar listrik' [0 9 20 * *]"),
    ("setiap tanggal 20 tolong diingatkan untuk bayar listrik", "send 'bayar listrik' [0 9 20 * *]"),
    ("ingetin gue bsk jam 9 byr listrik 350rb", "send 'byr listrik 350rb' @2026-11-25T09:00"),
    (
        "tlg ingetin tiap jumat jam 4 sore setor uang toko ke bri",
        "send 'setor uang toko ke bri' [0 16 * * 5]",
    ),
    (
        "ingatkan aku tiap hari jam 5 sore tutup toko dan hitung kas",
        "send 'tutup toko dan hitung kas' [0 17 * * *]",
    ),
    (
        "ingatkan tiap hari jam 8 buka toko, jam 9 malam tutup toko",
        "send 'buka toko' [0 8 * * *]",
        "send 'tutup toko' [0 21 * * *]",
    ),
    ("ingatkan beli sabun, gula, kopi besok pagi", "send 'beli sabun, gula, kopi' @2026-11-25T09:00"),
    ("ingatkan beli sabun, gula & kopi tiap sabtu jam 10", "send 'beli sabun, gula & kopi' [0 10 * * 6]"),
    ("ingatkan rapat rt malam minggu jam 8", "send 'rapat rt' @2026-11-28T20:00"),
    ("ingatkan yasinan tiap malam jumat jam 7", "send 'yasinan' [0 19 * * 4]"),
    ("ingatkan tagih si budi 200rb lusa", "send 'tagih si budi 200rb' @2026-11-26T09:00"),
    ("ingatkan transfer dp 50% ke vendor tgl 3/12", "send 'transfer dp 50% ke vendor' @2026-12-03T09:00"),
    ("ingatkan perpanjang stnk 15 desember", "send 'perpanjang stnk' @2026-12-15T09:00"),
    (
        "ingatkan perpanjang domain toko.example tgl 10 desember jam 9",
        "send 'perpanjang domain toko.example' @2026-12-10T09:00",
    ),
    ("ingatkan ulang tahun mama 12 januari", "send 'ulang tahun mama' @2027-01-12T09:00"),
    ("ingatkan ultah istri tiap 5 mei jam 7 pagi", "send 'ultah istri' [0 7 5 5 *]"),
    ("ingatkan imunisasi adek 3 bulan lagi", "send 'imunisasi adek' @2027-02-24T09:00"),
    ("ingatkan saya 2 jam lagi angkat jemuran", "send 'angkat jemuran' @2026-11-24T12:00"),
    ("ingatkan 10 menit lagi matikan kompor", "send 'matikan kompor' @2026-11-24T10:10"),
    ("ingatkan matikan kompor 10 menit lagi", "send 'matikan kompor' @2026-11-24T10:10"),
    ("ingatkan nyalakan lampu jam 6 sore", "send 'nyalakan lampu' @2026-11-24T18:00"),
    ("ingatkan bayar cicilan hp ke 5 tgl 10", "send 'bayar cicilan hp ke 5' @2026-12-10T09:00"),
    ("ingatkan bayar cicilan ke-3 dari 12 tanggal 15", "send 'bayar cicilan ke-3 dari 12' @2026-12-15T09:00"),
    ("ingatkan bayar spp anak sebelum tgl 10 tiap bulan", "send 'bayar spp anak' [0 9 9 * *]"),
    ("ingatkan setor pajak paling lambat tanggal 15", "send 'setor pajak' @2026-12-15T09:00"),
    (
        "ingatkan ketemu klien di starbucks jam 3 sore besok",
        "send 'ketemu klien di starbucks' @2026-11-25T15:00",
    ),
    ("ingatkan meeting sama pak budi jam 10 besok", "send 'meeting sama pak budi' @2026-11-25T10:00"),
    ("ingatkan telpon bu rina besok jam 9", "send 'telpon bu rina' @2026-11-25T09:00"),
    ("ingatkan email klien besok jam 10", "send 'email klien' @2026-11-25T10:00"),
    ("ingatkan kirim laporan ke bos tiap jumat jam 4", "send 'kirim laporan ke bos' [0 4 * * 5]"),
    ("ingatkan bikin laporan keuangan tiap akhir bulan", "send 'bikin laporan keuangan' [0 9 L * *]"),
    ("ingatkan cek email tiap pagi", "send 'cek email' [0 9 * * *]"),
    ("ingatkan posting ig jam 7 malam", "send 'posting ig' @2026-11-24T19:00"),
    ("ingatkan live tiktok jam 8 malam", "send 'live tiktok' @2026-11-24T20:00"),
    ("ingatkan pasang promo 10% tiap jumat", "send 'pasang promo 10%' [0 9 * * 5]"),
    ("ingatkan minum obat 3 kali sehari", "send 'minum obat' [0 8,14,20 * * *]"),
    ("ingatkan minum obat tiap 8 jam", "send 'minum obat' 28800s"),
    ("ingatkan minum obat tiap 8 jam selama 5 hari", "send 'minum obat' 28800s end=2026-11-29"),
    ("ingatkan minum air tiap 2 jam dari jam 8 sampai 17", "send 'minum air' [0 8-16/2 * * *]"),
    ("ingatkan minum vitamin selama 7 hari jam 8", "send 'minum vitamin' [0 8 * * *] end=2026-12-01"),
    ("ingatkan ke masjid jam 11.30 tiap jumat", "send 'ke masjid' [30 11 * * 5]"),
    ("ingatkan ke samsat senin depan jam 9", "send 'ke samsat' @2026-11-30T09:00"),
    ("ingatkan antar anak les tiap selasa dan kamis jam 3 sore", "send 'antar anak les' [0 15 * * 2,4]"),
    (
        "ingatkan les piano selasa jam 3, les renang kamis jam 4",
        "send 'les piano' @2026-12-01T03:00",
        "send 'les renang' @2026-11-26T04:00",
    ),
    (
        "ingatkan saya untuk bayar wifi tgl 5, listrik tgl 20",
        "send 'bayar wifi' @2026-12-05T09:00",
        "send 'bayar listrik' @2026-12-20T09:00",
    ),
    (
        "ingatkan saya agar bayar wifi tiap tgl 5 dan listrik tiap tgl 20",
        "send 'bayar wifi' [0 9 5 * *]",
        "send 'bayar listrik' [0 9 20 * *]",
    ),
    ("tolong buatkan pengingat bayar wifi tiap tgl 5", "send 'bayar wifi' [0 9 5 * *]"),
    ("pasang pengingat jam 7 pagi: minum obat", "send 'minum obat' @2026-11-25T07:00"),
    ("reminder sewa 2jt tgl 1", "send 'sewa 2jt' @2026-12-01T09:00"),
    ("minta diingatkan bayar kpr tiap tanggal 3", "send 'bayar kpr' [0 9 3 * *]"),
    ("bayar listrik tgl 20, tolong ingatkan ya", "send 'bayar listrik' @2026-12-20T09:00"),
    ("tanggal 20 bayar listrik, ingatkan", "send 'bayar listrik' @2026-12-20T09:00"),
    ("besok jam 9 ada rapat, ingatkan ya", "send 'ada rapat' @2026-11-25T09:00"),
    ("ada rapat besok jam 10 tolong ingatkan", "send 'ada rapat' @2026-11-25T10:00"),
    ("besok jam 9 ada rapat, ingatkan 30 menit sebelumnya", "send 'ada rapat' @2026-11-25T08:30"),
    (
        "bayar wifi tgl 5, listrik tgl 20, ingatkan ya",
        "send 'bayar wifi' @2026-12-05T09:00",
        "send 'bayar listrik' @2026-12-20T09:00",
    ),
    (
        "listrik jatuh tempo tgl 20, ingatkan 3 hari sebelumnya",
        "send 'listrik jatuh tempo' @2026-12-17T09:00",
    ),
    ("pajak motor tanggal 15 desember, ingatkan h-7", "send 'pajak motor' @2026-12-08T09:00"),
    ("pagi min, ingatkan setor ke bca jam 3", "send 'setor ke bca' @2026-11-25T03:00"),
    (
        "halo kak tolong ingatkan saya bayar arisan 500rb tiap tanggal 5 ya kak",
        "send 'bayar arisan 500rb' [0 9 5 * *]",
    ),
    ("INGATKAN BAYAR LISTRIK 350RB TIAP TGL 20", "send 'BAYAR LISTRIK 350RB' [0 9 20 * *]"),
    (
        "ingatkan bayar wifi tiap tanggal 5. bpjs tiap tanggal 10. listrik tiap tanggal 20",
        "send 'bayar wifi' [0 9 5 * *]",
        "send 'bayar bpjs' [0 9 10 * *]",
        "send 'bayar listrik' [0 9 20 * *]",
    ),
    (
        "ingatkan bayar wifi (tgl 5), bpjs (tgl 10)",
        "send 'bayar wifi' @2026-12-05T09:00",
        "send 'bayar bpjs' @2026-12-10T09:00",
    ),
    ("ingatkan tgl 5: wifi, tgl 10: bpjs", "send 'wifi' @2026-12-05T09:00", "send 'bpjs' @2026-12-10T09:00"),
    ("ingatkan:\ntgl 5 wifi\ntgl 10 bpjs", "send 'wifi' @2026-12-05T09:00", "send 'bpjs' @2026-12-10T09:00"),
    (
        "ingatkan aku minum obat A jam 8 dan obat B jam 20",
        "send 'minum obat A' @2026-11-25T08:00",
        "send 'minum obat B' @2026-11-24T20:00",
    ),
    (
        "ingatkan kasih makan kucing jam 7 dan jam 5 sore",
        "send 'kasih makan kucing' @2026-11-24T17:00",
        "send 'kasih makan kucing' @2026-11-25T07:00",
    ),
    (
        "ingatkan jam 7 dan 19 minum obat",
        "send 'minum obat' @2026-11-24T19:00",
        "send 'minum obat' @2026-11-25T07:00",
    ),
    ("ingatkan senin rabu jumat olahraga jam 6", "send 'olahraga' [0 6 * * 1,3,5]"),
    (
        "ingatkan senin jam 8 setor ke bca, selasa jam 9 belanja ke pasar",
        "send 'setor ke bca' @2026-11-30T08:00",
        "send 'belanja ke pasar' @2026-12-01T09:00",
    ),
    (
        "ingatkan bayar supplier a tgl 1 5jt, supplier b tgl 15 3jt",
        "send 'bayar supplier a 5jt' @2026-12-01T09:00",
        "send 'bayar supplier b 3jt' @2026-12-15T09:00",
    ),
    (
        "ingatkan gajian tanggal 25, kalau libur mundurin",
        "send 'gajian' [0 9 25 * *] skip(holidays=ID after)",
    ),
    (
        "ingatkan bayar gaji tiap tanggal 25 jam 9 kalau hari minggu majukan",
        "send 'bayar gaji' [0 9 25 * *] skip(weekdays=0 before)",
    ),
    ("ingatkan bayar spp tiap tgl 10 kecuali desember", "send 'bayar spp' [0 9 10 1-11 *]"),
    ("ingatkan bayar wifi tiap tgl 5 mulai januari", "send 'bayar wifi' [0 9 5 * *] start=2027-01-01"),
    (
        "ingatkan bayar cicilan tiap tgl 5 sampai desember 2027",
        "send 'bayar cicilan' [0 9 5 * *] end=2028-01-01",
    ),
    ("ingetin bayar pajak tgl 5, maksudnya tgl 6", "send 'bayar pajak' @2026-12-06T09:00"),
    ("ingetin bayar wifi eh listrik tgl 5", "send 'bayar listrik' @2026-12-05T09:00"),
    ("ingatkan tiap hari jam 7 minum obat, hari minggu libur", "send 'minum obat' [0 7 * * 1-6]"),
    (
        "ingatkan tiap hari jam 7 minum obat, tapi sabtu minggu jam 9",
        "send 'minum obat' [0 7 * * 1-5]",
        "send 'minum obat' [0 9 * * 6,0]",
    ),
    (
        "ingetin tiap tgl 1 bayar sewa 2jt sama tgl 15 bayar karyawan 3jt",
        "send 'bayar sewa 2jt' [0 9 1 * *]",
        "send 'bayar karyawan 3jt' [0 9 15 * *]",
    ),
    ("ingatkan tagih utang bu yati 250rb tiap sabtu", "send 'tagih utang bu yati 250rb' [0 9 * * 6]"),
    (
        "tolong ingetin saya jam 3 nanti transfer 1.5jt ke supplier",
        "send 'transfer 1.5jt ke supplier' @2026-11-24T15:00",
    ),
    ("ingetin saya nanti sore ke bank", "send 'ke bank' @2026-11-24T16:00"),
    (
        "remind me to buy milk tomorrow at 6pm and eggs on friday",
        "send 'buy milk' @2026-11-25T18:00",
        "send 'buy eggs' @2026-11-27T18:00",
    ),
    ("remind me to send $200 to the landlord every 1st", "send 'send $200 to the landlord' [0 9 1 * *]"),
)


@pytest.mark.parametrize("row", EVERYDAY, ids=lambda row: row[0])
def test_everyday_reminder_becomes_the_jobs_that_are_meant(row: Row) -> None:
    """The text is whole, and no word becomes a recipient by chance."""
    prompt, *expected = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == expected
    assert not draft.doubts
