"""Words and phrases that show what a segment of a prompt does; all of them are folded."""

from __future__ import annotations

import re
from typing import Final

from app.planner.language.lexicon.entry import phrases, words

CALLS: Final = words(
    """
    halo hallo haloo hai hei hi hey hello hiya yo eh oh ah aduh waduh duh yah yaa ya lho loh lah wah hmm
    um uh wkwk haha hehe btw fyi permisi maaf sorry min mimin admin kak kakak bang bro sis gan mas mbak
    pak bu bos boss om tante dek guys gaes all folks mate buddy dear team tim so ok oke okay well nah deh
    dong sih assalamualaikum assalamu'alaikum selamat pagi siang sore malam good morning afternoon evening
    """
)
"""Greetings and forms of address before a sentence, and particles after it."""
PARTICLES: Final = CALLS | words(
    """
    saja dulu lagi itu ini the that it please tolong thanks makasih kok nih tuh kan
    """
)
PLEAS: Final = words(
    """
    tolong tolongin mohon minta please kindly coba cobain harap bantu bantuin dibantu pengen pengin ingin
    pingin mau butuh perlu want wanna need wish let's lets ayo yuk yok bisa bisakah boleh bolehkah can
    could would may i'd we'd suruh
    """
)
DENIALS: Final = words("tidak not never can't cannot couldn't kok belum no won't didn't")
"""Before a plea they make it a complaint: "gak bisa backup"."""
SUBJECTS: Final = words("saya aku gue kami kita dia mereka i we he she they it ibu bapak")
DONE: Final = words("sudah dah telah already")
NOT_DONE: Final = words("saatnya waktunya bisa boleh siap cukup ah deh lah saja tidak usah time")
"""After "sudah" they lead a wish: "sudah waktunya backup tiap malam"."""
PRONOUN_PAST: Final = words(
    """
    i've we've have've did was were had got sent backed checked monitored saw received ran asked said told
    made missed forgot noticed
    """
)
HAVE_DONE: Final = words("i've we've they've")
PARTICIPLES: Final = words("been already done sent backed checked finished received got seen had noticed")
FAILS: Final = phrases(
    """
    gagal, mati, error, eror, down, ngadat, putus, terputus, tumbang, rusak, ngambek, tewas,
    ngedown, lemot, hilang, bermasalah, mokad, gangguan, gak jalan, ga jalan, gk jalan, nggak jalan,
    tidak jalan, gak bisa dibuka, ga bisa dibuka, nggak bisa dibuka, tidak bisa dibuka, tidak bisa
    diakses, gak bisa diakses, ga bisa diakses, tdk bisa diakses, nggak bisa diakses, tidak
    merespon, tidak merespons, tidak menjawab, ada masalah, failed, fails, crashed, crashes, broken,
    breaks, dead, dies, unreachable, unavailable, offline, is down, goes down, not working, not
    responding, stops working, stops responding, times out, isn't up, is not up, not up, goes
    offline, disconnects
    """
) | words("failing broke died crashing flaky erroring erroran errorr sekarat nge-down")
LATE: Final = words(
    """
    telat terlambat kesiangan lelet lambat ngaco kacau kelewat kelewatan nyangkut macet dobel kosong salah
    late missing stuck slow wrong empty delayed incomplete
    """
)
LACKS: Final = re.compile(
    r"\b(?:belum|tidak|not|never|didn't|hasn't|haven't|doesn't|isn't|aren't|wasn't|can't|couldn't)"
    r"(?: \w+){0,2}? (?:masuk|datang|dateng|nyampe|nyampek|sampai|terkirim|kekirim|dikirim|kirim"
    r"|ngirim|jalan"
    r"|muncul|keterima|diterima|keluar|dapat|dapet|ada|nongol|berhasil|selesai|kelar|bisa|respon|work"
    r"|working|worked"
    r"|come|comes|came|coming|arrive|arrives|arrived|arriving|run|running|sent|send|show|showing|receive|received|get"
    r"|got|here"
    r"|there|start|started|finish|finished)\b"
)
LACKING: Final = words("belum tidak not never didn hasn haven doesn isn aren wasn can couldn")
"""The first words of `LACKS`, up to their apostrophe."""
FINITE: Final = words(
    """
    failed finished ran crashed broke died arrived completed went stopped worked came happened missed
    succeeded disappeared was were got did didn't wasn't weren't hasn't haven't
    """
)
ENDED: Final = words("selesai kelar beres rampung berhasil sukses done finished completed")
PAST: Final = re.compile(
    r"\b(?:kemarin|barusan|baru saja|semalam|tadi|yesterday|last (?:night|week|month|year|time)"
    r"|last (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?! of\b)"
    r"|just now|earlier today|\w+ ago"
    r"|(?:minggu|bulan|tahun|malam|hari|jam|menit|detik|pekan|senin|selasa|rabu|kamis|jumat|sabtu|ahad)"
    r" (?:yang )?(?:lalu|kemarin))\b"
)
PAST_WORDS: Final = words("kemarin barusan baru semalam tadi yesterday last just earlier ago lalu")
"""Each match of `PAST` has one of them."""
POINTED: Final = re.compile(
    r"\b(?:yang|kayak|seperti|like|as|sama kayak|dari|from|since|than) (?:\w+ )?"
    r"(?:kemarin|tadi|yesterday|last|semalam)\b|\byesterday s\b"
)
"""They name a thing, and report nothing: "yang tadi", "like yesterday"."""
REASON_WORDS: Final = words("why kenapa mengapa napa")
PRESENTS: Final = words("perkenalkan kenalin kenalkan nama namaku saya aku gue kami i'm i we")
WHY: Final = words("kok koq masa masak")
SURE: Final = words("boleh bisa gapapa aman gampang tenang mudah cuma iya ya ada tidak")
"""Before a last "kok" they make it a particle: "bisa kok"."""
REASONS: Final = words("karena soalnya sebab gara-gara because cause")
HINGES: Final = words("jadi makanya mangkanya so sekarang now")
"""Between a report and the wish that follows from it: "kemarin gagal, jadi backup tiap jam 2"."""
JOINS: Final = words("dan and terus lalu tapi but then")
"""Between a report and anything else: only an imperative or a request begins a wish behind them."""
LIKE: Final = words("kayak seperti like as")
GUARDS: Final = frozenset({"cond", "otherwise", "neg"})
AFTER: Final = words(
    """
    setelah sesudah habis abis begitu after once until sampai sebelum before yang that which who
    """
)
"""A predicate after one of these belongs to another clause."""
JUDGED: Final = words(
    """
    bagus keren hebat jelek ribet penting membantu berguna great awesome useful important perfect helpful
    useless boring annoying
    """
)
MISTIMED: Final = words("kepagian kesiangan kemaleman kesorean kecepetan kelamaan kesubuhan kemalaman early")
"""Said of a time that is given up: "jam 8 aja, jam 7 kepagian"."""
THANKS: Final = words("makasih trims thanks tq ty thank nuhun suwun tengkyu trimakasih terima")
THANKED: Final = words(
    """
    for atas buat untuk sudah telah kasih ya banyak laporannya backupnya already very so much
    """
)
FORMER: Final = words("tadinya semula awalnya mulanya originally initially")
"""They lead what held before: "semula backup jam 2, sekarang jam 3"."""
EXAMPLES: Final = words("contoh contohnya misal misalnya example eg")
MADE: Final = words(
    """
    buat buatkan buatin bikin bikinin bikinkan jadwalkan jadwalin jalankan jalanin pasang pasangin atur
    aturin setel set setup schedule create make generate prepare run start do keep simpan add give get
    take have let lakukan siapkan siapin tambah tambahin tambahkan jangan don't never back
    """
)
"""Imperatives that are no wish of their own."""
NOUNS: Final = words(
    """
    info infonya kabar notif notifikasi notifikasinya notifnya peringatan alarm alarmnya notification
    notifications alert alerts monitoring pemantauan pengawasan pemeriksaan pengecekan reminder reminders
    pengingat message contact tes test monitor check ping
    """
)
"""Words of a verb's sense that may also be a subject."""
CANCELS: Final = re.compile(
    r"(?:tidak (?:jadi|usah)|gajadi|gajd|gausah"
    r"|(?:batal(?:in|kan)?|cancel)(?: (?:semua|semuanya|all|all of (?:it|them)|everything))?"
    r"|never ?mind|nevermind|nvm|forget|lupakan|lupain|scrap|scratch|abaikan|skip|jangan"
    r"|actually no"
    r"|(?:on|in) second thoughts? no|no)"
)
CALLS_OFF: Final = re.compile(
    r"(?:tidak jadi|gajadi|batal|cancel|never ?mind|nevermind|nvm|forget|lupakan|lupain)"
)
"""The plainest of them, which also withdraw in the middle of a prompt."""
TURNS: Final = words("actually eh oh hmm wait sorry maaf sebenernya sebenarnya ah aduh duh tapi but")
"""Words before a withdrawal: "actually never mind"."""
LISTS: Final = re.compile(
    r"\b(?:apa (?:saja|yang)|ada berapa|berapa(?: banyak)?|yang mana|mana saja|what(?:'s| is| are)?|which"
    r"|how many|list|daftar|tampilkan|tampilin|lihat|liat|show|cek|check|status|statusnya|bagaimana|how)\b"
)
LISTED: Final = re.compile(
    r"\b(?:jalan|berjalan|running|aktif|active|jobs?|jobnya|jadwal(?:nya)?|schedules?|scheduled"
    r"|terjadwal|dipantau"
    r"|monitored|gagal|failing|failed|status(?:nya)?|tugas(?:nya)?|tasks?|planned)\b"
)
ALL_WELL: Final = re.compile(
    r"\b(?:semua(?:nya)?|everything|all)\b.* (?:aman|ok|oke|beres|lancar|fine|good|well|healthy|jalan"
    r"|running)\b"
)
MARKS: Final = words(", . ; ! ? | …")
