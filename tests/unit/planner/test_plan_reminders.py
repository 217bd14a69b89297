"""Reminders: amounts and places in their texts, a job for each entry of a list, days before others."""

from __future__ import annotations

import pytest

from app.core.messaging.contact_models import Contact, name_key
from app.planner.directory import NameDirectory
from app.planner.models import NoteKind
from tests.support.planner.planning import Row, line, plan

AMOUNTS: tuple[Row, ...] = (
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
    ("ingatkan tiap h-1 jumat siapkan barang", "send 'siapkan barang' [0 9 * * 4]"),
    ("ingatkan 2 hari setelah tanggal 1 tagih utang", "send 'tagih utang' @2026-12-03T09:00"),
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
    ("kirim wa 0811 30/11 jam 8: gajian", "send 'gajian' whatsapp:0811 @2026-11-30T08:00"),
    ("kirim wa 0811 tanggal 30-11 jam 8: gajian", "send 'gajian' whatsapp:0811 @2026-11-30T08:00"),
    ("kirim wa 0811 tgl 30.11 jam 8: gajian", "send 'gajian' whatsapp:0811 @2026-11-30T08:00"),
    ("kirim wa 0811 tgl 5/12/26 jam 8: halo", "send 'halo' whatsapp:0811 @2026-12-05T08:00"),
    ("laporan tgl 1/2 jam 8", "report @2027-02-01T08:00"),
    ("ingatkan 5/12 bayar kos", "send 'bayar kos' @2026-12-05T09:00"),
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
    ("laporan tanggal 1-5 jam 8 tiap bulan", "report [0 8 1,2,3,4,5 * *]"),
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


@pytest.mark.parametrize(
    "row", [*AMOUNTS, *PLACES, *ERRANDS, *LISTS, *BEFORE, *DATES, *EVERYDAY], ids=lambda row: row[0]
)
def test_reminders_and_dates_become_the_jobs_that_are_meant(row: Row) -> None:
    """All words that say no time and no place are the text; no word becomes a recipient by chance."""
    prompt, *expected = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == expected
    assert not draft.doubts


UNREAD: tuple[tuple[str, str, str], ...] = (
    ("lapor omzet tiap malam jam 9", "ingatkan catat omzet tiap malam jam 9", "catat omzet"),
    (
        "laporan penjualan tiap hari jam 9 malam",
        "ingatkan catat penjualan tiap hari jam 9 malam",
        "penjualan",
    ),
    ("cek stok tiap hari jam 8", "ingatkan cek stok tiap hari jam 8", "cek stok"),
    ("kabari kalau stok habis", "ingatkan cek stok tiap hari", "cek stok"),
    ("foto toko tiap jam 8", "ingatkan ambil foto toko tiap jam 8", "ambil foto toko"),
    ("balas otomatis wa pelanggan", "ingatkan balas chat tiap hari", "balas chat"),
    ("cek rating toko di shopee tiap pagi", "ingatkan cek rating toko tiap pagi", "cek rating toko"),
    ("kabari kalau followers ig nambah", "ingatkan cek followers tiap hari", "cek followers"),
    ("laporan cuaca tiap pagi jam 6", "ingatkan cek cuaca tiap pagi jam 6", "cek cuaca"),
    ("rekap penjualan mingguan ke wa 0811", "ingatkan catat penjualan mingguan", "catat penjualan"),
    ("pantau omzet tiap hari", "ingatkan catat omzet tiap hari", "catat omzet"),
    ("send me sales report every day at 9pm", "remind me to note down sales every day at 9pm", "sales"),
    ("alarm bayar listrik tiap tanggal 20", "ingatkan bayar listrik tiap tanggal 20", "bayar listrik"),
    ("kasih tau saya tiap tgl 20 bayar listrik", "ingatkan tiap tgl 20 bayar listrik", "bayar listrik"),
    ("bayar listrik tiap tanggal 20", "ingatkan bayar listrik tiap tanggal 20", "bayar listrik"),
    ("setor uang ke BCA tiap jumat", "ingatkan setor uang ke BCA tiap jumat", "setor uang ke BCA"),
    ("antar barang ke JNE jam 3", "ingatkan antar barang ke JNE jam 3", "antar barang ke JNE"),
    (
        "tanggal 5 bayar wifi, tanggal 10 bpjs",
        "ingatkan tanggal 5 bayar wifi, tanggal 10 bpjs",
        "bayar wifi",
    ),
)


@pytest.mark.parametrize(("prompt", "choice", "text"), UNREAD)
def test_wish_that_nothing_fulfils_is_offered_as_a_reminder(prompt: str, choice: str, text: str) -> None:
    """Nothing is planned until a person chooses; the choice is a sentence that plans the reminder."""
    draft = plan(prompt)
    assert not draft.jobs
    assert not draft.requests
    (note,) = draft.notes
    assert (note.kind, note.choices) == (NoteKind.QUESTION, (choice,))
    chosen = plan(choice)
    assert chosen.jobs
    assert not chosen.doubts
    assert text in chosen.jobs[0].inputs["text"]


def test_price_of_a_page_is_asked_about_before_the_page_is_monitored() -> None:
    """A monitor of a page reads no price: both readings are choices, and each of them plans."""
    draft = plan("pantau harga di https://toko.example/x tiap jam")
    assert not draft.jobs
    (note,) = draft.notes
    up, errand = note.choices
    assert [line(job) for job in plan(up).jobs] == ["page https://toko.example/x 3600s"]
    assert [line(job) for job in plan(errand).jobs] == ["send 'cek harga di https://toko.example/x' 3600s"]


@pytest.mark.parametrize(
    "prompt",
    [
        "pantau https://toko.example/harga tiap menit",
        "laporan harian ke wa 0811 jam 8",
        "cek wa toko_a tiap menit",
    ],
)
def test_ordinary_wish_gets_no_offer(prompt: str) -> None:
    """A word within an address or a name is no topic."""
    draft = plan(prompt)
    assert draft.jobs
    assert not draft.doubts


CONTACTS = (Contact("Bu Siti", "whatsapp", "0811"), Contact("Mandiri", "telegram", "42"))
KNOWN = NameDirectory({name_key(each.name): each.text() for each in CONTACTS}, {})


@pytest.mark.parametrize(
    ("prompt", "own", "sent"),
    [
        (
            "ingatkan transfer ke Bu Siti tiap tanggal 1",
            "send 'transfer ke Bu Siti' [0 9 1 * *]",
            "send 'transfer' whatsapp:0811 [0 9 1 * *]",
        ),
        (
            "ingatkan setor uang ke Mandiri tiap jumat",
            "send 'setor uang ke Mandiri' [0 9 * * 5]",
            "send 'setor uang' telegram:42 [0 9 * * 5]",
        ),
    ],
)
def test_contact_behind_a_verb_of_going_is_a_question(prompt: str, own: str, sent: str) -> None:
    """Both readings are choices; each takes the place of the text."""
    draft = plan(prompt, directory=KNOWN)
    assert not draft.jobs
    (note,) = draft.notes
    assert note.span is not None
    answers = [
        plan(prompt[: note.span.start] + choice + prompt[note.span.end :], directory=KNOWN)
        for choice in note.choices
    ]
    assert [[line(job) for job in answer.jobs] for answer in answers] == [[own], [sent]]


@pytest.mark.parametrize("prompt", ["ingatkan h-1 gajian", "ingatkan 3 hari sebelum jatuh tempo"])
def test_day_before_an_unknown_date_is_asked_about(prompt: str) -> None:
    """No date is assumed for what a sentence does not date."""
    draft = plan(prompt)
    assert not draft.jobs
    assert draft.doubts == {NoteKind.QUESTION}


@pytest.mark.parametrize(
    "prompt",
    ["ingatkan semua pelanggan bayar tagihan tgl 5", "ingatkan bu yati bayar utang 250rb tiap sabtu"],
)
def test_reminder_for_others_without_an_address_is_a_question(prompt: str) -> None:
    """It does not become a reminder for oneself."""
    draft = plan(prompt)
    assert not draft.jobs
    assert draft.doubts == {NoteKind.QUESTION}
