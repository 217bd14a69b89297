"""What the owner of a shop types: bills with a date each, errands, messages to customers and staff."""

from __future__ import annotations

import pytest

from app.core.messaging.contact_models import Contact, name_key
from app.planner.directory import NameDirectory
from tests.support.planner.planning import Row, line, plan

CONTACTS = (
    Contact("Bu Rini", "whatsapp", "0856"),
    Contact("Pak Darto", "whatsapp", "0819"),
    Contact("Ujang", "whatsapp", "0815"),
    Contact("Dewi", "whatsapp", "0838"),
    Contact("Tono", "whatsapp", "0839"),
)
KNOWN = NameDirectory({name_key(each.name): each.text() for each in CONTACTS})

BILLS: tuple[Row, ...] = (
    (
        "tagihan toko: listrik tgl 20, air tgl 10, wifi tgl 5, ingetin tiap bulan jam 8",
        "send 'listrik' [0 8 20 * *]",
        "send 'air' [0 8 10 * *]",
        "send 'wifi' [0 8 5 * *]",
    ),
    (
        "catat tagihan bulanan ya, sewa 2jt tgl 1, bpjs 300rb tgl 9. ingetin semua jam 8 pagi",
        "send 'sewa 2jt' [0 8 1 * *]",
        "send 'bpjs 300rb' [0 8 9 * *]",
    ),
    (
        "bills: rent on the 1st, internet on the 7th, power on the 15th. remind me every month at 9am",
        "send 'rent' [0 9 1 * *]",
        "send 'internet' [0 9 7 * *]",
        "send 'power' [0 9 15 * *]",
    ),
    (
        "my monthly bills are rent on the 1st at 8am and gas on the 9th at 2pm, please remind me of each",
        "send 'rent' [0 8 1 * *]",
        "send 'gas' [0 14 9 * *]",
    ),
    (
        "10 des dp kulkas 500rb, 30 des pelunasan, semuanya ingetin jam 9 pagi",
        "send 'dp kulkas 500rb' @2026-12-10T09:00",
        "send 'pelunasan' @2026-12-30T09:00",
    ),
    (
        "Senin beli telur, Rabu beli minyak. ingetin tiap minggu jam 6 pagi gt",
        "send 'beli telur' [0 6 * * 1]",
        "send 'beli minyak' [0 6 * * 3]",
    ),
    (
        "tiap bulan ingetin H-1 jam 9 buat sewa tgl 5, bpjs tgl 10, sama gaji tgl 25",
        "send 'sewa' [0 9 4 * *]",
        "send 'bpjs' [0 9 9 * *]",
        "send 'gaji' [0 9 24 * *]",
    ),
    (
        "cicilan rak 15 des 780rb, bpjs 9 des. ingetin jam 10",
        "send 'cicilan rak 780rb' @2026-12-15T10:00",
        "send 'cicilan bpjs' @2026-12-09T10:00",
    ),
    (
        "tiap bln jam 9 ingetin listrik tgl 20, air tgl 22 eh salah air tgl 21",
        "send 'listrik' [0 9 20 * *]",
        "send 'air' [0 9 21 * *]",
    ),
    ("ingetin tiap tgl 15, ralat tgl 16, setor ppn", "send 'setor ppn' [0 9 16 * *]"),
    (
        "ultah pelanggan: Bu Ani 4 april, Pak Seno 19 juni. ingetin jam 8 pagi tiap taun",
        "send 'ultah pelanggan Bu Ani' [0 8 4 4 *]",
        "send 'ultah pelanggan Pak Seno' [0 8 19 6 *]",
    ),
    ("kontrakan jatuh tempo tiap tgl 25, H-3 kasih tau saya ya", "send 'kontrakan jatuh tempo' [0 9 22 * *]"),
)
ERRANDS: tuple[Row, ...] = (
    (
        "jam 3 sore ini ingetin angkat jemuran, terus jam 5 sore jemput anak les",
        "send 'angkat jemuran' @2026-11-24T15:00",
        "send 'jemput anak les' @2026-11-24T17:00",
    ),
    (
        "jam 7 pagi bsk ingetin buka toko, jam 8 telpon supplier minyak, jam 9 ke bank",
        "send 'buka toko' @2026-11-25T07:00",
        "send 'telpon supplier minyak' @2026-11-25T08:00",
        "send 'ke bank' @2026-11-25T09:00",
    ),
    (
        "ingatkan servis AC 150rb/unit, 3 bulan sekali di tanggal 15 jam 9",
        "send 'servis AC 150rb/unit' [0 9 15 */3 *]",
    ),
    ("ingetin siapin uang sewa H-3 sebelum 14 des jam 9", "send 'siapin uang sewa' @2026-12-11T09:00"),
    (
        "remind me on weekdays at 7:15 to check attendance but not on public holidays",
        "send 'check attendance' [15 7 * * 1-5] skip(holidays=ID)",
    ),
    (
        "remind me to pay the landlord on the 6th of every month, around 11 am please",
        "send 'pay the landlord' [0 11 6 * *]",
    ),
    (
        "BPJS karyawan 4 org bayarnya tiap tgl 8, ingetin jam 10 yo mas",
        "send 'BPJS karyawan 4 org bayarnya' [0 10 8 * *]",
    ),
    (
        "gajian anak toko tiap sabtu jam 5 sore, ingetin jgn sampe kelewat",
        "send 'gajian anak toko' [0 17 * * 6]",
    ),
    (
        "ingetin besok subuh jam 4 belanja ke pasar, cabe 5kg",
        "send 'belanja ke pasar, cabe 5kg' @2026-11-25T04:00",
    ),
    ("ingetin beli kresek 10 pak besok", "send 'beli kresek 10 pak' @2026-11-25T09:00"),
    (
        "ingetin ambil kue di Bu Wien tgl 24 desember jam 1 siang",
        "send 'ambil kue di Bu Wien' @2026-12-24T13:00",
    ),
    ("kasih tau saya tiap tgl 20 bayar listrik", "send 'bayar listrik' [0 9 20 * *]"),
    ("kabari aku besok jam 9 buat nelpon supplier", "send 'nelpon supplier' @2026-11-25T09:00"),
    ("tell me every friday at 5pm to count the till", "send 'count the till' [0 17 * * 5]"),
    ("ingetin Ujang shift malem, jam 9 malem tiap hari", "send 'shift malem' whatsapp:0815 [0 21 * * *]"),
)
MESSAGES: tuple[Row, ...] = (
    ("wa 0811222333 tiap tgl 1 tagih sewa 2jt", "send 'tagih sewa 2jt' whatsapp:0811222333 [0 9 1 * *]"),
    (
        "wa bu rini besok jam 9 pesanan siap, totalnya 150rb ya",
        "send 'pesanan siap, totalnya 150rb' whatsapp:0856 @2026-11-25T09:00",
    ),
    (
        "text 0811222333 on whatsapp tomorrow at noon: your cake is ready",
        "send 'your cake is ready' whatsapp:0811222333 @2026-11-25T12:00",
    ),
    (
        "DM @langganan on telegram tomorrow at 9: order siap",
        "send 'order siap' telegram:@langganan @2026-11-25T09:00",
    ),
    (
        "wa in 081355 besok jam 7 bilang stok telur udah dateng",
        "send 'stok telur udah dateng' whatsapp:081355 @2026-11-25T07:00",
    ),
    (
        "kabarin pak darto jam 5 sore kalo gasnya udah ada",
        "send 'gasnya udah ada' whatsapp:0819 @2026-11-24T17:00",
    ),
    (
        "let Dewi know tomorrow at 8am that the shop opens at 10",
        "send 'the shop opens at 10' whatsapp:0838 @2026-11-25T08:00",
    ),
    (
        "suruh Tono besok pagi jam 7 anterin galon 5 biji ke Dewi",
        "send 'anterin galon 5 biji ke Dewi' whatsapp:0839 @2026-11-25T07:00",
    ),
    (
        "tagih Pak Darto tiap tgl 5 jam 9: Pak, mohon transfer",
        "send 'Pak, mohon transfer' whatsapp:0819 [0 9 5 * *]",
    ),
    ("kirim pesan: halo, ke wa 0811 jam 9 malam", "send 'halo' whatsapp:0811 @2026-11-24T21:00"),
)
NO_WISH = (
    "Bu Rini bilang bayarnya tgl 15 aja",
    "pak darto katanya mau ambil barang besok jam 10",
    "tell me every friday at 5pm who has not paid yet",
)


@pytest.mark.parametrize("row", [*BILLS, *ERRANDS, *MESSAGES], ids=lambda row: row[0])
def test_sentence_of_a_shop_becomes_the_jobs_that_are_meant(row: Row) -> None:
    """Each bill and each errand is a job with its own text; a text ends before the words of time."""
    prompt, *expected = row
    draft = plan(prompt, directory=KNOWN)
    assert [line(job) for job in draft.jobs] == expected
    assert not draft.doubts


@pytest.mark.parametrize("prompt", NO_WISH)
def test_report_of_what_somebody_said_and_a_question_plan_nothing(prompt: str) -> None:
    """A contact who says something is no recipient, and a question is no reminder."""
    assert not plan(prompt, directory=KNOWN).jobs
