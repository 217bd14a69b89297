"""Recipients by name: contacts, people without an address, several recipients, known accounts."""

from __future__ import annotations

import pytest

from app.core.messaging.contact_models import Contact, name_key
from app.planner.directory import NameDirectory
from app.planner.models import NoteKind
from tests.support.planner.planning import Row, line, plan

CONTACTS = (
    Contact("Bu Siti", "whatsapp", "0811"),
    Contact("Mbak Siti", "whatsapp", "0822"),
    Contact("Pak Budi", "telegram", "42"),
    Contact("bos", "telegram", "77", "bot_a"),
    Contact("owner", "whatsapp", "0899"),
    Contact("grup Keluarga Besar", "telegram", "-100"),
    Contact("André", "whatsapp", "0855"),
)
KNOWN = NameDirectory(
    {name_key(each.name): each.text() for each in CONTACTS}, {"toko": ("whatsapp",), "bot_a": ("telegram",)}
)

ROWS: tuple[Row, ...] = (
    (
        "kirim ke Bu Siti besok jam 8: barang sudah sampai",
        "send 'barang sudah sampai' whatsapp:0811 @2026-11-25T08:00",
    ),
    ("wa bu  SITI besok jam 8: jadi ya", "send 'jadi ya' whatsapp:0811 @2026-11-25T08:00"),
    ("kirim wa ke mbak siti: halo", "send 'halo' whatsapp:0822 now"),
    ("Bu Siti jam 4 sore: jangan lupa setor", "send 'jangan lupa setor' whatsapp:0811 @2026-11-24T16:00"),
    ("kirim laporan ke bos tiap hari jam 5 sore", "report [0 17 * * *] notify=telegram:77"),
    ("send the report every day at 5pm to the owner", "report [0 17 * * *] notify=whatsapp:0899"),
    (
        "remind the owner every Friday at 4pm to pay salaries",
        "send 'pay salaries' whatsapp:0899 [0 16 * * 5]",
    ),
    ("ingatkan bos tiap Jumat jam 4 sore gajian", "send 'gajian' telegram:77 [0 16 * * 5] account_id=bot_a"),
    (
        "pantau https://a.example tiap menit, kalau mati kabari bos",
        "page https://a.example 60s notify=telegram:77",
    ),
    (
        "kirim pesan ke grup keluarga besar tiap Minggu jam 7: arisan",
        "send 'arisan' telegram:-100 [0 7 * * 0]",
    ),
    (
        "kirim pesan ke Bu Siti dan Pak Budi: rapat jam 3",
        "send 'rapat jam 3' whatsapp:0811 now",
        "send 'rapat jam 3' telegram:42 now",
    ),
    ("kirim ke Bu Siti lewat wa: halo", "send 'halo' whatsapp:0811 now"),
    (
        "kirim ke Bu Siti dan ke telegram 4211: halo",
        "send 'halo' whatsapp:0811 now",
        "send 'halo' telegram:4211 now",
    ),
    ("kirim wa ke Andre: halo", "send 'halo' whatsapp:0855 now"),
    ('kirim "halo" ke Bu Siti lewat sandbox', "send 'halo' sandbox:0811 now"),
    ("wa 0811 lewat sandbox: halo", "send 'halo' sandbox:0811 now"),
    ('send "hi" via sandbox', "send 'hi' sandbox now"),
    ("laporan tiap hari jam 7 lewat sandbox", "report [0 7 * * *] notify=sandbox"),
    ("kirim wa ke Bu Siti 08123456789: halo", "send 'halo' whatsapp:08123456789 now"),
    ("kirim wa ke 0833 (Bu Siti): halo", "send 'halo' whatsapp:0833 now"),
    ("wa Pak Budi 081234567 besok jam 9: jadi?", "send 'jadi?' whatsapp:081234567 @2026-11-25T09:00"),
    (
        "kirim wa ke 0811, 0822, dan 0833: libur",
        "send 'libur' whatsapp:0811 now",
        "send 'libur' whatsapp:0822 now",
        "send 'libur' whatsapp:0833 now",
    ),
    (
        "kirim wa ke Bu Siti dan 0822: rapat",
        "send 'rapat' whatsapp:0811 now",
        "send 'rapat' whatsapp:0822 now",
    ),
    (
        "wa 0811 sama 0822 jam 5 sore: pulang",
        "send 'pulang' whatsapp:0811 @2026-11-24T17:00",
        "send 'pulang' whatsapp:0822 @2026-11-24T17:00",
    ),
    (
        "ingetin grup wa Warga Baru tiap Minggu jam 7: arisan",
        "send 'arisan' whatsapp:Warga Baru [0 7 * * 0]",
    ),
    (
        'kirim ke grup telegram toko bangunan tiap hari jam 7 "buka"',
        "send 'buka' telegram:toko bangunan [0 7 * * *]",
    ),
    ("pantau toko tiap menit", "watch whatsapp/toko 60s"),
    ("kirim wa ke 0811 dari toko: halo", "send 'halo' whatsapp:0811 now account_id=toko"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_name_becomes_its_address(row: Row) -> None:
    """A contact is its channel, its address and its account, with no doubt."""
    prompt, *wanted = row
    draft = plan(prompt, directory=KNOWN)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()


TYPED: tuple[Row, ...] = (
    (
        "wa-in mbak siti jam 4 sore bilang tokonya tutup",
        "send 'tokonya tutup' whatsapp:0822 @2026-11-24T16:00",
    ),
    ("ingetin pak budi tiap tanggal 1 bayar sewa ruko", "send 'bayar sewa ruko' telegram:42 [0 9 1 * *]"),
    (
        "kasih tau bos kalo website https://tokoku.example mati",
        "page https://tokoku.example 60s notify=telegram:77",
    ),
    ("kabarin bos tiap malam jam 9 laporannya", "report [0 21 * * *] notify=telegram:77"),
    ("kirim laporan ke wa owner tiap hari jam 7", "report [0 7 * * *] notify=whatsapp:0899"),
    ("kirim laporan ke wa manajer 0811222333 tiap Senin", "report [0 7 * * 1] notify=whatsapp:0811222333"),
    (
        "tell the owner that the store is closed tomorrow",
        "send 'the store is closed tomorrow' whatsapp:0899 now",
    ),
    (
        "kirim pesan ke pelanggan 08123456789: pesanan dikirim",
        "send 'pesanan dikirim' whatsapp:08123456789 now",
    ),
    (
        "kirim wa ke no 08123456789 besok jam 10: paket sampai",
        "send 'paket sampai' whatsapp:08123456789 @2026-11-25T10:00",
    ),
    (
        "kirim wa ke Bu Siti & Mbak Siti besok jam 9: arisan",
        "send 'arisan' whatsapp:0811 @2026-11-25T09:00",
        "send 'arisan' whatsapp:0822 @2026-11-25T09:00",
    ),
    (
        "bilang ke bu siti jam 3 sore kalau kurirnya telat",
        "send 'kurirnya telat' whatsapp:0811 @2026-11-24T15:00",
    ),
    ("kirim tele ke pak budi: siap", "send 'siap' telegram:42 now"),
    (
        "pantau wa toko tiap 10 menit, kalau mati wa bu siti",
        "watch whatsapp/toko 600s notify=whatsapp:0811",
    ),
    ("pantau toko dan bot_a tiap 5 menit", "watch whatsapp/toko 300s", "watch telegram/bot_a 300s"),
    ("cek bot_a tiap menit kabari bos", "watch telegram/bot_a 60s notify=telegram:77"),
    (
        "kirim wa ke bu siti pakai akun toko jam 7 pagi: buka",
        "send 'buka' whatsapp:0811 @2026-11-25T07:00 account_id=toko",
    ),
    (
        "kirim wa ke grup pelanggan setia tiap jumat jam 10: promo",
        "send 'promo' whatsapp:pelanggan setia [0 10 * * 5]",
    ),
    ("chat bu siti jam 7 malam, bilang besok libur", "send 'besok libur' whatsapp:0811 @2026-11-24T19:00"),
    (
        "text the owner tomorrow morning that we open late",
        "send 'we open late' whatsapp:0899 @2026-11-25T09:00",
    ),
    (
        "send a whatsapp to Bu Siti and the owner at 6pm saying closing early",
        "send 'closing early' whatsapp:0811 @2026-11-24T18:00",
        "send 'closing early' whatsapp:0899 @2026-11-24T18:00",
    ),
    (
        "remind everyone in the grup keluarga besar every Sunday at 7am: breakfast",
        "send 'breakfast' telegram:-100 [0 7 * * 0]",
    ),
    ("ganti penerima laporan jadi bu siti", "report [0 7 * * *] notify=whatsapp:0811"),
    ("wa bu siti setengah jam lagi: otw", "send 'otw' whatsapp:0811 @2026-11-24T10:30"),
    (
        "kirim pesan 'besok libur' ke grup keluarga besar dan bu siti",
        "send 'besok libur' telegram:-100 now",
        "send 'besok libur' whatsapp:0811 now",
    ),
    (
        "min tolong wa bu siti ya, jam 5 sore, isinya: jangan lupa kunci pintu",
        "send 'jangan lupa kunci pintu' whatsapp:0811 @2026-11-24T17:00",
    ),
    (
        "please whatsapp Bu Siti at noon: lunch ready",
        "send 'lunch ready' whatsapp:0811 @2026-11-24T12:00",
    ),
    ("Kirim WA Ke Bu Siti Besok Jam 8: Halo", "send 'Halo' whatsapp:0811 @2026-11-25T08:00"),
    ("wa 0812345678 an. Bu Lina jam 9: halo", "send 'halo' whatsapp:0812345678 @2026-11-25T09:00"),
    ("besok jam 8 kirim ke bu siti lewat sandbox: tes", "send 'tes' sandbox:0811 @2026-11-25T08:00"),
)


@pytest.mark.parametrize("row", TYPED, ids=lambda row: row[0])
def test_sentence_as_people_type_it(row: Row) -> None:
    """Without capitals, with slang, with the recipient anywhere."""
    prompt, *wanted = row
    draft = plan(prompt, directory=KNOWN)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.doubts == frozenset()


IN_TEXT: tuple[Row, ...] = (
    ("kirim wa ke 0844: tolong kabari Bu Siti", "send 'tolong kabari Bu Siti' whatsapp:0844 now"),
    ('kirim wa ke 0844 "ke Pak Eko ya"', "send 'ke Pak Eko ya' whatsapp:0844 now"),
    ("ingatkan saya besok jam 9 telepon Bu Siti", "send 'telepon Bu Siti' @2026-11-25T09:00"),
    (
        "ingetin aku wa bu siti besok jam 9 bilang barang sampe",
        "send 'wa bu siti bilang barang sampe' @2026-11-25T09:00",
    ),
    ("tolong ingetin aku wa bu siti besok jam 9", "send 'wa bu siti' @2026-11-25T09:00"),
    ('kirim "selamat pagi bu siti" ke 08123456789', "send 'selamat pagi bu siti' whatsapp:08123456789 now"),
    ("remind me tomorrow at 9 to call Bob", "send 'call Bob' @2026-11-25T09:00"),
    ("bos, kirim laporan tiap hari jam 7", "report [0 7 * * *]"),
    ("pantau wa akun bos tiap menit", "watch whatsapp/bos 60s"),
)


@pytest.mark.parametrize("row", IN_TEXT, ids=lambda row: row[0])
def test_name_elsewhere_is_no_recipient(row: Row) -> None:
    """In a text, as a form of address, or as an account it is a word."""
    prompt, *wanted = row
    draft = plan(prompt, directory=KNOWN)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.doubts == frozenset()


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("wa Pak Eko besok jam 8: jadi ya", "Pak Eko"),
        ("kirim wa ke Rina: halo", "Rina"),
        ("wa rina besok jam 9: halo", "rina"),
        ("kirim wa ke Pak Siti: halo", "Pak Siti"),
        ("ingatkan Bu Lina besok jam 9 bayar arisan", "Bu Lina"),
        ("laporan tiap hari jam 7 kirim ke Pak Eko", "Pak Eko"),
        ("pantau https://a.example tiap menit, kalau mati wa Pak Eko", "Pak Eko"),
        ("send whatsapp to John at 5pm: meeting moved", "John"),
        ("tell Bob tomorrow at 9 that the office is closed", "Bob"),
        ('kirim pesan "halo" ke mama', "mama"),
        ("ingatkan karyawan tiap Senin jam 8: absen", "karyawan"),
        ("tiap jumat sore ingatkan karyawan setor uang kas", "karyawan"),
        ("kirim wa ke supplier beras besok jam 8: stok tinggal 2 karung", "supplier beras"),
        ("KIRIM WA KE PAK EKO BESOK JAM 8: HALO", "PAK EKO"),
        ("wa istri jam 5 sore: aku pulang telat", "istri"),
        ("laporan tiap hari jam 7 ke wa pak rt", "pak rt"),
        ("kirim ke Pak Eko via telegram: halo", "Pak Eko"),
        ("kirim pesan ke grup Alumni: makan malam", "Alumni"),
    ],
)
def test_unknown_person_is_asked_for(prompt: str, name: str) -> None:
    """Nothing is planned, and the question is about the name, whose place it has."""
    draft = plan(prompt, directory=KNOWN)
    [asked] = [note for note in draft.notes if note.kind is NoteKind.QUESTION]
    assert draft.jobs == ()
    assert name in asked.text
    assert asked.span is not None
    assert prompt[asked.span.start : asked.span.end] == name


def test_name_that_two_contacts_fit_is_a_question_with_both() -> None:
    """The choices are the contacts' names."""
    draft = plan("kirim wa ke Siti jam 3 sore: jadi", directory=KNOWN)
    [asked] = draft.notes
    assert (draft.jobs, asked.kind, asked.choices) == ((), NoteKind.QUESTION, ("Bu Siti", "Mbak Siti"))


def test_misspelt_name_is_a_question_with_the_nearest_contact() -> None:
    """It may be another person."""
    draft = plan("kirim wa ke mbak sity besok jam 8: halo", directory=KNOWN)
    [asked] = draft.notes
    assert (draft.jobs, asked.kind, asked.choices) == ((), NoteKind.QUESTION, ("Mbak Siti",))


def test_contact_by_a_channel_without_connector_is_refused() -> None:
    """The message does not go by the contact's own channel."""
    draft = plan("kirim sms ke bu siti: halo", directory=KNOWN)
    assert (draft.jobs, draft.doubts) == ((), {NoteKind.REFUSAL})


def test_part_of_one_name_is_an_assumption() -> None:
    """It is Pak Budi if no other contact fits."""
    draft = plan('kirim "halo" ke Budi', directory=KNOWN)
    assert [line(job) for job in draft.jobs] == ["send 'halo' telegram:42 now"]
    assert any("Pak Budi" in text for text in draft.assumptions)


@pytest.mark.parametrize(
    "prompt",
    [
        "kirim telegram ke Bu Siti: halo",
        "kirim ke Bu Siti lewat telegram: halo",
        "laporan jam 7 tiap hari ke telegram Bu Siti",
    ],
)
def test_channel_that_a_contact_does_not_have_is_asked_about(prompt: str) -> None:
    """Nothing goes to another place than the one that was meant."""
    draft = plan(prompt, directory=KNOWN)
    assert draft.jobs == ()
    assert [(note.kind, note.choices) for note in draft.notes] == [(NoteKind.QUESTION, ("whatsapp",))]


def test_known_recipient_is_planned_beside_an_unknown_one() -> None:
    """The unknown one is asked for."""
    draft = plan("kirim wa ke Bu Siti dan Pak Eko: rapat", directory=KNOWN)
    assert [line(job) for job in draft.jobs] == ["send 'rapat' whatsapp:0811 now"]
    assert draft.doubts == {NoteKind.QUESTION}


@pytest.mark.parametrize(
    "prompt",
    [
        "ingatkan {} tiap Senin jam 8: absen",
        "kirim wa ke {} besok jam 9: pesanan jadi",
        "remind {} every Friday at 4pm to pay salaries",
        "laporan tiap hari jam 7 kirim ke {}",
        "kabari {} kalau https://a.example mati",
    ],
)
def test_number_in_place_of_the_name_is_the_answer(prompt: str) -> None:
    """The sentence that asks for a number is planned once the number is put in."""
    assert plan(prompt.format("Pak Eko")).doubts == {NoteKind.QUESTION}
    [job] = plan(prompt.format("0811")).jobs
    place = job.inputs.get("notify", job.inputs)
    assert (place["channel"], place["to"]) == ("whatsapp", "0811")
