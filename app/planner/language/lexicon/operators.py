"""Words that turn, bound or take back what the words around them say."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.entry import parse_entries

OPERATORS: Final = parse_entries("""
# Plain denials. "jangan" and "tidak usah" are of the sense `neg`.
no
    id: tidak, tdk, gak, ga, gk, nggak, ngga, enggak, engga, ndak, kagak, tak, bukan
    en: no, nope, not, isn't, aren't
# Said of days that are left out: "Minggu libur", "Sundays off".
off
    id: libur, off, skip, lewati, lewatin, dilewati, dilewatin, diskip, dikecualikan, istirahat, rehat,
        istirahat dulu, libur dulu, off dulu, skip dulu, tutup
    en: off, closed, skipped, excluded, excepted, rest day, a rest day, rest days, day off, a day off, free
# Said before what is left out.
skips  id: skip, lewati, lewatin  en: skip, skipping, omit, omitting
barring  id: minus  en: minus, bar, barring, sans, besides, beside
including  id: termasuk, trmasuk, termasuk juga  en: including, incl
# Said of what is said again after it. `means` corrects the wish, too.
repair=means
    id: ralat, koreksi, maksudnya, maksudku, maksud, maksud saya, maksud aku, maksud gue, salah,
        kalau dipikir-pikir, kalo dipikir-pikir, setelah dipikir-pikir, dipikir-pikir
    en: mean, meant, correction, actually, on second thought, on second thoughts, come to think of it
repair=plain
    id: eh, ehh, eeh, eits, ups, hmm, sori, sorri, maaf, nah, mending, mendingan
    en: oops, sorry, wait, rather, mistake, better, scratch that, forget that, cancel that, ignore that
    both: →
# Said of a time that is given up: "jam 7 kepagian, jam 8 aja".
excess
    id: kepagian, kesiangan, kesorean, kemaleman, kemalaman, kesubuhan, keseringan, kesering, kebanyakan,
        kecepetan, kecepatan, kelamaan, terlalu pagi, terlalu siang, terlalu malam, terlalu sering,
        terlalu cepat, terlalu lama, terlalu banyak
    en: too early, too late, too often, too much, too many, too frequent, too long
# Behind what is said again: "eh, malam maksudnya", "3 menit lebih bagus".
trailing
    id: maksudnya, maksudku, maksud saya, maksud aku, maksud gue, maksud, ding, deng, lebih bagus, lebih baik,
        lebih enak, lebih pas, lebih cocok
    en: mean, meant, is better, would be better, sounds better, works better
# Before a definite wish that was said before: "oh ya laporannya jam 8".
recall  id: oh ya, oh iya, oiya, o iya, o ya, oya  en: oh, btw
# Around a repair, with no meaning of their own.
aside
    id: bukan, jangan, seharusnya, harusnya, mustinya, tadi, td, aja, saja, deh, kok, ding, deng, tunggu,
        bentar, sebentar, yg, yang, ke, jadi, jadiin, jadikan, ganti, gantiin, ubah, hmm, ya, duh, aduh, gak,
        ga, gk, nggak, ngga, lagi, tidak, ketik, tulis, nulis, ngetik, dong, oiya, oya, saya, gue, gua, aku,
        kayaknya, kayanya, sepertinya, kyknya, kayak nya
    en: no, not, nope, i, that, it, make, should, be, hold, on, my, bad, or, to, change, oh, the, im, typo,
        its, btw, make the, make my
speaker  id: saya, gue, gua, gw, aku  en: i
turns  id: jadi, jd, jdi, menjadi, jadiin, jadikan  en: make it, make that, do it
# Said of what is wanted in place of something else: "jam 9 aja", "weekly is enough".
suffices
    id: aja, aj, ajah, saja, cukup, doang, doank, sudah cukup, udah cukup, cuma, hanya
    en: only, just, instead, enough, is enough, will do, is fine, is plenty, suffices
# With these a wish is one more and corrects none.
more  id: juga, jg, sekalian, tambah, tambahin  en: also, too, plus
# What was so or was wished before: it plans nothing.
former
    id: dulu, dulunya, dahulu, sebelumnya, tadinya, semula, awalnya, mulanya
    en: formerly, previously, originally, initially
used
    id: pernah, waktu itu, kapan hari, tempo hari, biasanya, biasane, umumnya
    en: used to, usually, normally
told
    id: suruh, nyuruh, nyuruhin, disuruh, menyuruh, minta, minta dibuatkan, bilang, ngomong, ngomongin, pesen
    en: told, asked, requested, said, wanted
hearsay  id: katanya, kabarnya, konon  en: apparently, supposedly
stop=delete  en: deleting, removing
stop  en: stopping, disabling
takeback  en: forget, forget the, scratch, scrap, drop
# What a sentence says to leave as it is.
still
    id: tetap, tetep, ttp, ttep, tetap jalan, tetep jalan, tetap dikirim, tetap dipantau, tetap aktif,
        tetap hidup, tetap nyala, biarin, biarkan, biar aja, biarin aja, biarkan saja,
        lanjut, lanjut aja, terus jalan, jalan terus
    en: still, stays, stay, leave
""")

TURNING: Final = frozenset(entry.sense for entry in OPERATORS) - {
    "recall",
    "turns",
    "suffices",
    "former",
    "takeback",
    "stop",
}
"""Senses of words that are content otherwise."""
