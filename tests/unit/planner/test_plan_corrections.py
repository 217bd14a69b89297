"""Corrections, contrasts and wishes that are taken back: the last word holds, for what it names alone."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    ("laporan jam 7, eh bukan, jam 8", "report [0 8 * * *]"),
    ("laporan jam 6, eh salah, jam 9", "report [0 9 * * *]"),
    ("backup at 1am, sorry, at 4am", "backup [0 4 * * *]"),
    ("backup jam 3 ralat jam 5", "backup [0 5 * * *]"),
    ("report at 7, I mean at 8", "report [0 8 * * *]"),
    ("laporan tiap Senin, eh, Selasa jam 8", "report [0 8 * * 2]"),
    (
        "cek https://a.example.com tiap 5 menit, maksudnya tiap 10 menit",
        "page https://a.example.com 600s",
    ),
    ("pantau slack bukan discord, akun dev tiap menit", "watch slack/dev 60s"),
    ("pantau bukan discord tapi slack akun dev tiap menit", "watch slack/dev 60s"),
    ("not telegram but whatsapp account x1, monitor it every minute", "watch whatsapp/x1 60s"),
    ("pantau wa toko_d tiap menit, maksudnya toko_e", "watch whatsapp/toko_e 60s"),
    ("pantau telegram bot_a, bukan bot_b, tiap menit", "watch telegram/bot_a 60s"),
    ("monitor telegram bot_a, not whatsapp bot_b, every minute", "watch telegram/bot_a 60s"),
    (
        "cek https://a.example.com bukan https://b.example.com tiap menit",
        "page https://a.example.com 60s",
    ),
    ("laporan jam 7, jam 8 ding", "report [0 8 * * *]"),
    (
        "cek https://a.example tiap 30 detik.. eh kekencengan, semenit sekali aja",
        "page https://a.example 60s",
    ),
    ("check https://a.example every 10 minutes, not every 5", "page https://a.example 600s"),
    # One of several targets has a time of its own.
    (
        "check https://a.example and https://b.test every 5 minutes, b only on weekdays",
        "page https://a.example 300s",
        "page https://b.test [*/5 * * * 1-5]",
    ),
    (
        "pantau telegram akun toko_a dan toko_b tiap menit, toko_b cuma senin-jumat",
        "watch telegram/toko_a 60s",
        "watch telegram/toko_b [* * * * 1-5]",
    ),
    # The last repair wins, and only for what it names.
    ("backup jam 3, laporan jam 9, eh backupnya jam 4", "backup [0 4 * * *]", "report [0 9 * * *]"),
    ("laporan jam 7, eh jam 8, eh jam 9 aja deh", "report [0 9 * * *]"),
    ("backup tiap hari jam 2. eh jangan, jam 3 aja", "backup [0 3 * * *]"),
    ("pantau wa toko_a tiap 5 menit, eh tele maksudnya", "watch telegram/toko_a 300s"),
    ("laporan tiap Senin jam 8, eh bukan Senin tapi Selasa", "report [0 8 * * 2]"),
    ("laporan jam 8 ke wa 0811, eh 0822", "report [0 8 * * *] notify=whatsapp:0822"),
    (
        "send the report at 9 to telegram @ana, I mean @ben",
        "report [0 9 * * *] notify=telegram:@ben",
    ),
    ("check https://a.example every minute, sorry, https://b.example", "page https://b.example 60s"),
    ("backup jam 2 simpan 5, eh simpan 7", "backup [0 2 * * *] keep=7"),
    ("backup jam 2, keep 5, no wait keep 7", "backup [0 2 * * *] keep=7"),
    ("laporan tiap hari eh tiap minggu jam 8", "report [0 8 * * 1]"),
    ("report every Monday, actually Tuesday, at 9", "report [0 9 * * 2]"),
    ("report daily at 7 — no, 8", "report [0 8 * * *]"),
    ("laporan jam 7 (eh 8)", "report [0 8 * * *]"),
    ("jam 7 eh jam 8 laporan", "report [0 8 * * *]"),
    ("pantau tele akun bot_a tiap 5 menit jadi 10 menit deh", "watch telegram/bot_a 600s"),
    ("pantau wa toko_a tiap 5 menit, eh 10 aja deh", "watch whatsapp/toko_a 600s"),
    ("pantau wa toko_a tiap 5 menit, eh tiap jam 8 aja", "watch whatsapp/toko_a [0 8 * * *]"),
    ("pantau wa toko_a tiap menit ralat toko_b tiap 2 menit", "watch whatsapp/toko_b 120s"),
    ("backup at 2am - scratch that - 3am", "backup [0 3 * * *]"),
    ("laporan jam tujuh eh setengah delapan", "report [30 7 * * *]"),
    ("backup tanggal 1, ralat tanggal 5, jam 3", "backup [0 3 5 * *]"),
    ("laporan jam 8 pagi, salah, malam maksudnya", "report [0 20 * * *]"),
    ("laporan jam 7. eh salah, jam 8 ding", "report [0 8 * * *]"),
    ("backup tiap Senin, maaf maksud saya Selasa, jam 3", "backup [0 3 * * 2]"),
    (
        "monitor telegram account x every minute, actually make that every five minutes",
        "watch telegram/x 300s",
    ),
    ("report at 9, scratch that, at 10, every weekday", "report [0 10 * * 1-5]"),
    ("laporan jam 7, maksudnya backup", "backup [0 7 * * *]"),
    ("laporan jam 7, eh bukan jam 7, jam 8", "report [0 8 * * *]"),
    ("laporan tiap hari jam 8, eh tiap Senin aja", "report [0 8 * * 1]"),
    ('send "hi" to slack every day at 9, sorry, "hello"', "send 'hello' slack [0 9 * * *]"),
    (
        "backup tiap hari jam 2, laporannya tiap Senin jam 8, ralat: laporannya tiap Selasa",
        "backup [0 2 * * *]",
        "report [0 8 * * 2]",
    ),
    (
        "cek https://a.example tiap 5 menit kabari wa 0811, eh tele @budi",
        "page https://a.example 300s notify=telegram:@budi",
    ),
    (
        "tele sama wa akun kas_rt pantau tiap menit, eh wa nya 10 menit aja",
        "watch telegram/kas_rt 60s",
        "watch whatsapp/kas_rt 600s",
    ),
    (
        "pantau wa a_1 tiap menit dan tele b_1 tiap jam, eh yang tele tiap 2 jam",
        "watch whatsapp/a_1 60s",
        "watch telegram/b_1 7200s",
    ),
    ("report at 8 am. Sorry, I meant 9 am.", "report [0 9 * * *]"),
    ("report at 8am i mean pm", "report [0 20 * * *]"),
    ("laporan besok jam 9, eh gak, lusa", "report @2026-11-26T09:00"),
    ("monitor https://a.example every minute... make it 5 minutes", "page https://a.example 300s"),
    (
        "laporan jam 7 dan backup jam 2, yang laporan jadi jam 8 deh",
        "report [0 8 * * *]",
        "backup [0 2 * * *]",
    ),
    ("report at 7, backup at 2, wait make the report 8", "report [0 8 * * *]", "backup [0 2 * * *]"),
    ("cek web toko.example tiap 5 menit eh warung.example maksudnya", "page https://warung.example 300s"),
    ("pantau instagram eh telegram bot_a tiap menit", "watch telegram/bot_a 60s"),
    ("lapor jam 7, maaf salah ketik, jam 17", "report [0 17 * * *]"),
    ("laporan jam 7 eh ga usah deh backup aja jam 2", "backup [0 2 * * *]"),
    ("tiap senin eh selasa eh rabu laporan jam 8", "report [0 8 * * 3]"),
    ("laporan jam 7 -> jam 8", "report [0 8 * * *]"),
    ("report at 7, better at 8", "report [0 8 * * *]"),
    ("report at 7, my mistake, 8", "report [0 8 * * *]"),
    ("report at 7, make it 8", "report [0 8 * * *]"),
    ("backup every day at 2, nah, every week", "backup [0 2 * * 1]"),
    ("monitor telegram bot_a every 5 mins, scratch that, every 10", "watch telegram/bot_a 600s"),
    (
        "kirim wa ke 081234567890 eh 081299999999 besok jam 9: halo",
        "send 'halo' whatsapp:081299999999 @2026-11-25T09:00",
    ),
    ("pantau wa toko_a tiap 5 menit, eh jangan wa, tele aja", "watch telegram/toko_a 300s"),
    ("laporan jam 7 pagi dan 5 sore, eh yang sore jam 6", "report [0 7,18 * * *]"),
    ("backup tiap hari jam 2, bukan jam 2 pagi tapi jam 2 siang", "backup [0 14 * * *]"),
    ("cek a.example bukan b.example tiap menit", "page https://a.example 60s"),
    ("laporan jam 7 malam eh 8", "report [0 20 * * *]"),
    ("report at 7pm i mean 8", "report [0 20 * * *]"),
    ("backup tiap hari jam 2; ralat, jam 3; ralat lagi, jam 4", "backup [0 4 * * *]"),
    # One of several, a star, a day that stays repeated.
    (
        "cek https://a1.example sm https://b2.example tiap 2 menit... eh yg b2 5 menit sekali aja deh",
        "page https://a1.example 120s",
        "page https://b2.example 300s",
    ),
    (
        "pantau wa toko_a dan toko_b tiap menit, eh yang toko_a tiap 5 menit",
        "watch whatsapp/toko_b 60s",
        "watch whatsapp/toko_a 300s",
    ),
    (
        "pantau wa a_1 tiap menit dan tele b_1 tiap jam, eh yang wa tiap 2 jam",
        "watch whatsapp/a_1 7200s",
        "watch telegram/b_1 3600s",
    ),
    (
        "pantau wa toko_x sama toko_y tiap 2 menit. eh toko_x salah, harusnya toko_z",
        "watch whatsapp/toko_z 120s",
        "watch whatsapp/toko_y 120s",
    ),
    (
        "pantau wa akun toko_p sama toko_q tiap menit; maksud saya toko_r, toko_q tetep",
        "watch whatsapp/toko_r 60s",
        "watch whatsapp/toko_q 60s",
    ),
    ("pantau tele akun lapak eh bukan, wa akun lapak, tiap menit", "watch whatsapp/lapak 60s"),
    ("laporan tiap hari jam 5 *jam 4", "report [0 4 * * *]"),
    ("backup tiap jumat jam 3. *sabtu", "backup [0 3 * * 6]"),
    ("laporan *jam 7* tiap hari", "report [0 7 * * *]"),
    ("ingetin tiap Jumat jam 4 bayar upah, eh salah, Selasa", "send 'bayar upah' [0 4 * * 2]"),
    ("backup tiap Jumat, duh bukan, Sabtu, jam 3", "backup [0 3 * * 6]"),
    ("pantau wa akun kios_1 tiap 5 menit … eh salah ketik, yg bener kios_2", "watch whatsapp/kios_2 300s"),
    ("laporan jam 9 kirim ke tele @ani, ralat: ke @ari maksudku", "report [0 9 * * *] notify=telegram:@ari"),
    # A further wish corrects none.
    ("backup jam 2, eh laporan jam 7 juga", "backup [0 2 * * *]", "report [0 7 * * *]"),
    ("laporan jam 7, eh sama backup jam 2", "report [0 7 * * *]", "backup [0 2 * * *]"),
    ("maaf, tolong laporan jam 7 ya", "report [0 7 * * *]"),
    # What is denied is left out.
    ("laporan jam 8 bukan jam 7", "report [0 8 * * *]"),
    ("laporan jam 8, bukan 7", "report [0 8 * * *]"),
    ("report at 8 instead of 7", "report [0 8 * * *]"),
    ("laporan ke wa 0811 bukan tele, jam 7", "report [0 7 * * *] notify=whatsapp:0811"),
    ("laporan ke wa 0811 bukan 0822 jam 9", "report [0 9 * * *] notify=whatsapp:0811"),
    ("kirim wa tiap hari ke 0811 bukan 0822 jam 9: halo", "send 'halo' whatsapp:0811 [0 9 * * *]"),
    ("backup bukan laporan, jam 3", "backup [0 3 * * *]"),
    ("laporan bukan backup tiap jam 7", "report [0 7 * * *]"),
    ("backup jam 3, bukan laporan jam 7", "backup [0 3 * * *]"),
    ("pantau wa bukan tele, toko_a, tiap 5 menit", "watch whatsapp/toko_a 300s"),
    ("not Mondays but Tuesdays: report at 8", "report [0 8 * * 2]"),
    ("report weekly not daily on Fridays at 9", "report [0 9 * * 5] period=week"),
    ("bukan laporan tapi backup tiap jam 3", "backup [0 3 * * *]"),
    ("report at 9pm not 9am", "report [0 21 * * *]"),
    ("backup jam 2 bukan jam 3 simpan 5 bukan 7", "backup [0 2 * * *] keep=5"),
)
TAKEN_BACK = (
    "laporan jam 7, gak jadi",
    "laporan jam 7. gak jadi deh",
    "report at 7, never mind",
    "backup jam 2, laporan jam 7, batal semua",
    "back up at 2 and report at 7, forget it",
    "pantau wa toko_a, backup jam 2, laporan jam 7, eh ga jadi ding",
    "laporan jam 7 eh ga jadi",
    "buatin backup tiap jam 3 pagi... eh gpp deh ga jadi",
    "backup jam 2.. eh gak jadi deh, dia udah beres",
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_corrected_part_holds_as_it_was_said_last(row: Row) -> None:
    """Each prompt becomes exactly these jobs, with no warning."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()


@pytest.mark.parametrize("prompt", TAKEN_BACK)
def test_sentence_that_is_taken_back_plans_nothing(prompt: str) -> None:
    """At the end "gak jadi" is about all of it, and the answer says so."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert draft.warnings


def test_wish_that_is_taken_back_leaves_the_others() -> None:
    """Only the wish that the end names is dropped."""
    draft = plan("backup jam 2, laporan jam 7, laporannya gak jadi")
    assert [line(job) for job in draft.jobs] == ["backup [0 2 * * *]"]
    assert draft.assumptions
