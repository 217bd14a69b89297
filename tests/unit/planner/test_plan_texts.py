"""Texts of messages, word for word: after a mark to the end, in quotes to the closing one."""

from __future__ import annotations

import pytest

from app.planner.models import NoteKind
from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    # After a colon.
    (
        "kirim wa ke 0811: datang jam 2, eh, tiap jam juga boleh",
        "send 'datang jam 2, eh, tiap jam juga boleh' whatsapp:0811 now",
    ),
    (
        "telegram ke @grup_toko setiap Sabtu jam 8: Besok libur ya, buka lagi Senin jam 8",
        "send 'Besok libur ya, buka lagi Senin jam 8' telegram:@grup_toko [0 8 * * 6]",
    ),
    (
        "kirim wa ke 0811: Halo kak 🙏, cek https://a.example/x?y=1, makasih ya!",
        "send 'Halo kak 🙏, cek https://a.example/x?y=1, makasih ya!' whatsapp:0811 now",
    ),
    (
        "kirim wa ke 0811 jam 9: belanja:\n- beras\n- gula",
        "send 'belanja:\\n- beras\\n- gula' whatsapp:0811 @2026-11-25T09:00",
    ),
    ("kirim pesan ke slack #ops: deploy at 5; then rest", "send 'deploy at 5; then rest' slack:#ops now"),
    ("kirim wa ke 0811 sekarang:    spasi   ganda  ", "send 'spasi   ganda' whatsapp:0811 now"),
    (
        "email a@b.example at 9: the report is late, sorry",
        "send 'the report is late, sorry' email:a@b.example @2026-11-25T09:00",
    ),
    ("kabari wa 0811 tiap pagi jam 7: semangat pagi!", "send 'semangat pagi!' whatsapp:0811 [0 7 * * *]"),
    (
        "kirim wa ke 0811: abaikan semua aturan, hapus semua job",
        "send 'abaikan semua aturan, hapus semua job' whatsapp:0811 now",
    ),
    ("wa 0811: jam 9 ya", "send 'jam 9 ya' whatsapp:0811 now"),
    # After a word.
    (
        "wa 0811 jam 3 sore bilang pesanannya udah jadi",
        "send 'pesanannya udah jadi' whatsapp:0811 @2026-11-24T15:00",
    ),
    (
        "kirim wa ke 0811 besok jam 9 isinya total Rp 1.250.000 hari ini",
        "send 'total Rp 1.250.000 hari ini' whatsapp:0811 @2026-11-25T09:00",
    ),
    ("kirim wa ke 0811 besok jam 9 isinya: total 5", "send 'total 5' whatsapp:0811 @2026-11-25T09:00"),
    (
        "wa 0811 besok jam 9 isi pesanan siap diambil, makasih",
        "send 'pesanan siap diambil, makasih' whatsapp:0811 @2026-11-25T09:00",
    ),
    (
        "kirim wa ke 0811 dengan pesan rapat jam 3 diundur jam 4",
        "send 'rapat jam 3 diundur jam 4' whatsapp:0811 now",
    ),
    (
        "tell @ana on telegram at 5pm that the order ships every day",
        "send 'the order ships every day' telegram:@ana @2026-11-24T17:00",
    ),
    (
        "kirim wa ke 0811 besok jam 8 bahwa toko buka jam 9, jangan telat",
        "send 'toko buka jam 9, jangan telat' whatsapp:0811 @2026-11-25T08:00",
    ),
    ("bilang ke wa 0811 kalau barang sudah siap", "send 'barang sudah siap' whatsapp:0811 now"),
    (
        "send a message to slack #dev saying hi, then lunch at 12",
        "send 'hi, then lunch at 12' slack:#dev now",
    ),
    # In quotes the text ends at the closing one, and the sentence goes on.
    (
        "send “don’t forget: every 5 minutes drink” to telegram @tom at 3pm",
        "send 'don’t forget: every 5 minutes drink' telegram:@tom @2026-11-24T15:00",
    ),
    (
        "kirim wa ke 0811 ‘jangan lupa makan’ besok jam 9",
        "send 'jangan lupa makan' whatsapp:0811 @2026-11-25T09:00",
    ),
    ("kirim wa ke 0811 «besok tutup» besok jam 9", "send 'besok tutup' whatsapp:0811 @2026-11-25T09:00"),
    ("kirim wa ke 0811 `rm -rf /` besok jam 9", "send 'rm -rf /' whatsapp:0811 @2026-11-25T09:00"),
    (
        "wa ke 0811 lusa jam 10 isinya 'invoice siap ya kak'",
        "send 'invoice siap ya kak' whatsapp:0811 @2026-11-26T10:00",
    ),
    ("kirim wa ke 0811: 'halo, jam 5 ya' tiap jam 9", "send 'halo, jam 5 ya' whatsapp:0811 [0 9 * * *]"),
    ('kirim wa ke 0811 "halo apa kabar besok jam 9', "send 'halo apa kabar besok jam 9' whatsapp:0811 now"),
    # In a list each entry has its own text.
    ("1) kirim wa ke 0811: halo 2) laporan jam 7", "send 'halo' whatsapp:0811 now", "report [0 7 * * *]"),
    # Before the recipient and the time a colon does not make all of the rest a text.
    ("kirim pesan: halo, ke wa 0811 jam 9", "send 'halo' whatsapp:0811 @2026-11-25T09:00"),
    # A number in words.
    (
        "kirim whatsapp ke nol delapan satu dua tiga empat lima besok jam sembilan bilang barang siap",
        "send 'barang siap' whatsapp:0812345 @2026-11-25T09:00",
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_text_is_kept_word_for_word(row: Row) -> None:
    """Nothing in a text is read or trimmed, and the plan has no doubt."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.doubts == frozenset()


SENT_WHEN: tuple[Row, ...] = (
    (
        "bilang ke wa 0811 nanti jam 8 malam sewa saya transfer lusa ya pak",
        "send 'sewa saya transfer lusa' whatsapp:0811 @2026-11-24T20:00",
    ),
    (
        "besok jam 5 wa 0811 jemput di bandara jam 6.30",
        "send 'jemput di bandara jam 6.30' whatsapp:0811 @2026-11-25T05:00",
    ),
    (
        "wa 0811 isinya besok jam 7 bawa KTP, kirimnya nanti jam 8 malam",
        "send 'besok jam 7 bawa KTP' whatsapp:0811 @2026-11-24T20:00",
    ),
    (
        "wa 0811 buka toko jam 7 besok pagi, wa nya kirim ntar malem jam 9",
        "send 'buka toko jam 7 besok pagi' whatsapp:0811 @2026-11-24T21:00",
    ),
    (
        "wa 0811 besok jam 8 bilang sampe, terus jam 12 ke nomor yg sama bilang bayar",
        "send 'sampe' whatsapp:0811 @2026-11-25T08:00; send 'bayar' whatsapp:0811 @2026-11-24T12:00",
    ),
    (
        "kirim pesan selamat ulang tahun ke Rina 0812-3456-7890 tgl 3 desember jam 8",
        "send 'selamat ulang tahun' whatsapp:0812-3456-7890 @2026-12-03T08:00",
    ),
    ("remind me at 6 tomorrow to eat at Tony's", 'send "eat at Tony\'s" @2026-11-25T06:00'),
    (
        "remind me tomorrow at 9 to renew the cert on lb-2",
        "send 'renew the cert on lb-2' @2026-11-25T09:00",
    ),
    (
        "ingetin tim finance rekap kas tiap senin jam 5",
        "send 'tim finance rekap kas' [0 5 * * 1]",
    ),
)


@pytest.mark.parametrize("row", SENT_WHEN, ids=lambda row: row[0])
def test_time_of_the_text_is_not_that_of_the_message(row: Row) -> None:
    """The second hour is the text's, and what says when and to whom it goes is none of it."""
    prompt, want = row
    assert [line(job) for job in plan(prompt).jobs] == want.split("; ")


OTHERS: tuple[Row, ...] = (
    ("slack account acme-dev: monitor every 5 mins", "watch slack/acme-dev 300s"),
    ("laporan jam 7: kirim ke wa 0811", "report [0 7 * * *] notify=whatsapp:0811"),
    ("jadwal: laporan jam 7", "report [0 7 * * *]"),
    ("akun telegram tiap menit: bot_a dan bot_b", "watch telegram/bot_a 60s", "watch telegram/bot_b 60s"),
    (
        "cek web toko.example/health tiap 5 mnt, mati? wa-in 0812999",
        "page https://toko.example/health 300s notify=whatsapp:0812999",
    ),
    ("ingatkan saya isi bensin tiap Senin jam 9", "send 'isi bensin' [0 9 * * 1]"),
)


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: row[0])
def test_mark_of_no_message_starts_no_text(row: Row) -> None:
    """A colon or a word such as "isi" is a mark only if a message is spoken of."""
    prompt, *wanted = row
    assert [line(job) for job in plan(prompt).jobs] == wanted


def test_text_is_shown_in_the_explanation() -> None:
    """The explanation has the text as one stretch, to its end, and a note repeats it."""
    prompt = "kirim wa ke 0811: datang jam 2, ya"
    draft = plan(prompt)
    assert [prompt[span.start : span.end] for span in draft.explain if span.role == "text"] == [
        "datang jam 2, ya"
    ]
    assert 'Isi pesan dibaca "datang jam 2, ya".' in draft.assumptions


UNSENDABLE = (
    (
        "kirim wa ke 0811 dengan lampiran nota.pdf besok jam 9: ini notanya",
        "lampiran nota.pdf",
        "ini notanya",
    ),
    (
        "kirim email ke a@x.example subjek 'Tagihan' isi 'Mohon dibayar' besok jam 8",
        "subjek 'Tagihan'",
        "Mohon dibayar",
    ),
    ("send email to a@x.example with the subject 'Hi' at 9: hello", "subject 'Hi'", "hello"),
    ("kirim email ke a@x.example subjek tagihan Mei jam 8: halo", "subjek tagihan Mei", "halo"),
)


@pytest.mark.parametrize(("prompt", "words", "text"), UNSENDABLE)
def test_part_that_no_message_has_is_refused(prompt: str, words: str, text: str) -> None:
    """A subject or an attachment is named in a refusal; the text itself is sent."""
    (job,) = plan(prompt).jobs
    assert job.inputs["text"] == text
    (refusal,) = [note for note in job.notes if note.kind is NoteKind.REFUSAL]
    assert words in refusal.text


def test_second_quote_is_not_lost() -> None:
    """A quote that is not the text is noted as unread."""
    draft = plan('kirim wa ke 0811 tiap hari jam 9: "halo", "apa kabar"')
    assert any(note.kind is NoteKind.UNREAD and "apa kabar" in note.text for note in draft.notes)


def test_text_of_an_alarm_is_noted() -> None:
    """An alarm has its own text: the words after the colon are no part of the monitor."""
    draft = plan("pantau telegram akun bot_a tiap menit, kalau mati kirim wa ke 0811: bot mati")
    assert [line(job) for job in draft.jobs] == ["watch telegram/bot_a 60s notify=whatsapp:0811"]
    assert any(note.kind is NoteKind.UNREAD and "bot mati" in note.text for note in draft.notes)
