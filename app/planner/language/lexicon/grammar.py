"""Conjunctions, conditions and limits."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.entry import parse_entries

GRAMMAR: Final = parse_entries("""
# Separators and conditions.
sep=weak
    id: dan, sama, serta, juga, dan juga, beserta, maupun, dan sekalian, sekalian, ama, trus juga, plus,
        sekaligus, atau, sm, karo, kalih
    en: and, also, plus, as well as, and also, as well, or, too
    both: &, +, n, /
sep=strong
    id: terus, trus, lalu, lantas, kemudian, abis itu, habis itu, kelar itu, selesai itu,
        beres itu, abis tu, habis tu, udah itu, setelah itu, selanjutnya, trs, dan kemudian,
        sesudah itu, lalu juga, terus juga, selain itu, di samping itu, tambahan, tambah lagi, berikutnya
    en: then, and then, after that, afterwards, next, additionally, in addition, besides, furthermore,
        on top of that, finally, moreover, secondly, lastly
but
    id: tapi, tetapi, tpi, tp, namun, melainkan, cukup, cuma, hanya, cuman, ckp, malah, sebagai gantinya,
        gantinya
    en: but, only, just, instead, rather, however, simply
cond
    id: kalau, kalo, klo, klu, kl, jika, jikalau, bila, apabila, begitu, saat, ketika, misalnya, misal,
        kalau sampai, seandainya, manakala, andai, kalok, setiap kali, setiap ada, tiap ada, setiap kali ada,
        tiap kali ada, setiap kalau, sewaktu-waktu, begitu ada, saat ada
    en: if, when, whenever, otherwise, in case, as soon as, else, or else, once it, should it, in the event,
        unless, if not, on failure, on error, every time it, every time, each time, any time, anytime
otherwise
    id: kalau tidak, kalo tidak, kalau gak, kalau nggak, kalo ga, kalo gak, kalo nggak, klo ga, jika tidak,
        klo gak, kalau enggak, jika gagal, selain itu, kalau bukan, jika bukan, bila tidak, bila bukan,
        apabila tidak
    en: otherwise, or else, if not, else, on failure, on error
down
    id: mati, down, error, eror, gagal, bermasalah, ngadat, putus, terputus, tumbang, gangguan, lemot, hilang,
        anjlok, ngambek, mokad, ngedown, rusak, jatuh, turun, tewas, off, offline, gak jalan, ga jalan,
        tidak jalan, gak bisa dibuka, ga bisa dibuka, tidak bisa dibuka, tidak bisa diakses, ga bisa diakses,
        gak bisa diakses, tidak merespon, tidak merespons, tidak aktif, gak aktif, tak bisa diakses, berubah,
        berhasil, gk jalan, nggak jalan, tdk bisa diakses, nggak bisa diakses, tidak menjawab, ada masalah,
        ada apa-apa, kenapa-kenapa, pulih, hidup lagi, tidak normal
    en: down, fails, fail, failed, failure, failures, failing, drops, goes down, goes offline,
        offline, is down, breaks, broken,
        dies, dead, crashes, crashed, unreachable, not responding, stops responding, doesn't respond,
        does not respond, problem, problems, issue, issues, trouble, wrong, errors, error, unavailable,
        outage, falls over, stops working, not working, goes wrong, recovers, changes, unhealthy, disconnects,
        doesn't answer, stops answering, isn't up, is not up, not up, times out, stops, something's wrong
up
    id: hidup, nyala, menyala, aktif, jalan, online, sehat, normal, aman, bisa dibuka, bisa diakses,
        merespon, merespons, menyahut, tetap hidup, up terus, lancar, selesai, kelar, beres, rampung
    en: up, alive, online, healthy, is up, is online, reachable, responding, works, working, fine, ok, okay,
        stays up, running, available, up and running, is done, done, finished, is finished, finishes,
        is complete, completed, completes, succeeds
takeback
    id: tidak jadi, tdk jadi, batal, batalkan, batalin, lupakan, lupain, abaikan, cancel, tidak jadi aja
    en: never mind, nevermind, nvm, forget it, forget about it, forget that, cancel that, cancel it,
        cancel all, ignore that, scratch that, cancel, drop it
# Limits, and the text of a message.
keep
    id: simpan, simpen, smpan, disimpan, sisakan, sisain, pertahankan, menyimpan, simpanlah, simpennya,
        simpannya, cukup simpan, jaga
    en: keep, keeping, retain, retaining, keeps, store, preserve, hold on to, save, retention, hold
keep_noun
    id: ekspor, ekspornya, cadangan, file, berkas, salinan, versi, arsip, buah, biji, hasil, backup, terakhir,
        terbaru, paling baru, yang terakhir
    en: exports, export, copies, backups, backup, files, versions, archives, snapshots, ones, latest, last,
        newest, most recent, copy, of them
keep_lead
    id: lebih dari, hanya, cukup, maksimal, maks, max, paling banyak, sebanyak, yang, terakhir, cuma, saja,
        sampai, sekitar
    en: more than, the, last, latest, only, just, up to, at most, most recent, newest, maximum, max,
        a maximum of, no more than
expect
    id: status, statusnya, kode, kodenya, status kode, kode status, balas, membalas, balik, harus, wajib,
        mesti, respon, respons, mengembalikan, kembalikan, jawab, balasannya, balasan, jawaban, jawabannya,
        responnya, harap, hrs, balikin, kasih, responsnya, hasilnya, return
    en: expect, expects, expecting, expected, status, code, status code, returns, return, respond with,
        responds with, responding with, response, response code, answer, answers, must be, must return,
        should return, should be, gives, must, should, statuscode, respond, responds, replies, reply,
        http status, returning, to be
expect_lead
    id: bukan, tidak, gak, nggak, harus, adalah, dengan, status, kode, itu, nya, selalu, http, balas, kodenya,
        statusnya, sama
    en: not, isn't, status, code, is, be, with, a, an, the, of, return, returns, to, must, should, http,
        always, equals, it, response
contains
    id: mengandung, mengandung kata, berisi, memuat, harus ada, ada kata, ada tulisan, ada teks, ada isi,
        terdapat, ada kalimat, menampilkan, muncul, bertuliskan, ngandung, isinya, ada, tulisan,
        memiliki kata, isinya harus, tampil, ngandung kata, termuat, kandung, nampilin
    en: contain, contains, containing, include, includes, including, has the text, with the text,
        has the word, with the word, shows, displays, show, display, has, mentions, says, has text, with text,
        body contains, mention, have, having, reads, including the text, must say, should say, must show,
        should show, must read, should read, must mention, must display, for the text, for the word,
        for the phrase
contains_lead
    id: kata, teks, tulisan, kata-kata, kalimat, string, isi, yang, harus
    en: the, text, word, words, string, phrase, a, body
textmark
    id: untuk, utk, buat, agar, supaya, spy, bahwa, bhw, kalau, soal, tentang, isi, isinya, isi pesan,
        bunyinya, berbunyi, dengan isi, yang isinya, teks, teksnya, katanya, biar, pesannya, dgn isi, berisi,
        tulisannya, mengenai, perihal, bunyi, untk, dengan teks, dengan pesan, dengan tulisan, kata
    en: to, that, about, for, saying, which says, reading, with the text, with text, that says,
        with the message, it says, text, message, says
using
    id: pakai, pake, pke, menggunakan, gunakan, memakai, lewat, dari, via, dengan, pakek
    en: using, with, from, via, through, by, use
""")
