"""Conjunctions, conditions, limits, and filler words without a meaning."""

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
    id: terus, trus, lalu, lantas, kemudian, abis itu, habis itu, setelah itu, selanjutnya, trs, dan kemudian,
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
        tetap hidup, up terus, lancar, selesai, kelar, beres, rampung
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
# Words without a meaning.
filler
    id: sampai dibatalkan, sampai distop, sampai saya stop, sampai ada kabar lagi, sampai seterusnya,
        sampai kapan pun, sampai kapanpun,
        kalau bisa, kalo bisa, jika bisa, kalau boleh, kalo boleh, kalau sempat, kalo sempat,
        kalau memungkinkan, jika memungkinkan, kalau berkenan, kalau tidak keberatan, kalau gak keberatan,
        kalau ga keberatan, kalau perlu, bila perlu, kalau mungkin, siang malam, siang dan malam,
        pagi siang malam, paling lambat, selambat-lambatnya, skrip, setiap saat, tiap saat, setiap waktu,
        sepanjang hari, sepanjang waktu, jangan sampai, jgn sampai, tolong, tlg, tlong, tlng, tolongin, mohon,
        mhn, dong, donk, dunk, ya, yah, yaa, yaaa, y, iya, deh, sih, kok, lah, kak, kakak, bang, bro, sis,
        gan, min, mimin, admin, mas, mbak, pak, bu, bos, boss, om, tante, bapak, ibu, coba, cobain, bantu,
        bantuin, dibantu, bantuannya, mnta, gih, juragan, gaes, guys, dek, bisa, bisakah, bisa gak, bisa ga,
        boleh, bolehkah, minta, mau, pengen, ingin, pingin, hendak, saya, sy, aku, aq, gue, gw, gua, kami,
        kita, kamu, anda, lu, lo, dia, ia, nya, ini, itu, tuh, nih, yg, yang, di, pada, para, si, sang, punya,
        milik, aja, saja, aj, ajah, lagi, dulu, dl, dlu, udah, sudah, sdh, akan, mesti, perlu, butuh, buatkan,
        buatin, buat, bikin, bikinin, bikinkan, dibuat, dibikin, dibuatin, dibuatkan, buatlah, membuat,
        menyusun, susun, susunkan, siapkan, siapin, sediakan, hasilkan, lakukan, lakuin, jalankan, jalanin,
        jadwalkan, jadwalin, setel, atur, aturin, pasang, pasangin, tambah, tambahin, tambahkan, mulai,
        secara, otomatis, rutin, berkala, terus menerus, terus-menerus, terusan, untuk, utk, bagi, dengan,
        dgn, tepat, sekitar, kira-kira, kurang lebih, masing-masing, keduanya, dua-duanya, semuanya, semua,
        seluruh, segala, hari, waktu, wkt, jadwal, jadwalnya, halo, hai, hei, hi, hallo, haloo,
        assalamualaikum, salam, permisi, selamat pagi, selamat siang, selamat sore, selamat malam, met pagi,
        met siang, met malam, makasih, mksh, makasi, mksih, terima kasih, trims, thx, tq, trimakasih,
        thanks ya, nuhun, suwun, tengkyu, ok, oke, okey, sip, mantap, baik, siap, tim, kantor, status,
        koneksi, kesehatan, kondisi, keadaan, perkembangan, info, data, nih ya, khusus, khususnya, namanya,
        bernama, nama, adalah, sebagai, maka, maksudku, maksud saya, maksudnya, gitu, gini, begini, begitu,
        kayak, kek, ke, dari, dr, agar, supaya, biar, jangan lupa, jgn lupa, jangan sampai lupa,
        jgn smpe lupa, jangan kelupaan, jangan lupain, jangan sampe lupa, jgn lupa ya, jangan lupa ya,
        jangan lupa juga, don't lupa, dont lupa, jangan forget, jgn forget, tanpa henti, nonstop, non stop,
        24 jam, 24 jam nonstop, 24 jam penuh, 24/7, seterusnya, selamanya, selalu, senantiasa, tetap, tetep,
        teratur, pokoknya, intinya, soalnya, karena, krn, sebab, gak pake lama, ga pake lama, tolong ya,
        tolong dong, sekalian, ke depannya, kedepannya, setelahnya, berikut, daftar, list, job, jobnya, tugas,
        kerjaan, pekerjaan, tersebut, td, tadi, dg, d, isi, adain, kasih, kasi, ksh, beri, berikan, ambil,
        ambilin, tarik, keluarkan, tampilkan, atas, singkat, lengkap, penuh, terbaru, aktivitas, kegiatan,
        operasional, sistem, platform, konfigurasi, database, db, basis data, pengaturan, file, berkas, seisi,
        isinya, satu-satu, tiap-tiapnya, total, singkatnya, rinci, detail, hasil, tau, tahu, dapat, dpt,
        terima, nerima, kerja, bareng, bersama, dalam, antara lain, yaitu, yakni, ada, oleh, langsung, pun,
        kan, toh, baru, barulah, wahai, hey, hello, dear, to the point, dimulai, nomor satu, kembali, balik
    en: until further notice, until i say stop, until i stop it, until cancelled, until canceled,
        until i cancel it,
        if possible, if you can, if you could, if you don't mind, if you do not mind, if you please,
        if you like, if you want, when possible, when you can, when you have time, no later than,
        not later than, script, all day, all the time, at all times, please, plz, pls, plss, pleas, kindly,
        can, could, would, will, you, i, me, my, mine, we, us, our, he, she, the, a, an, this, that, these,
        those, is, are, be, am, was, do, does, did, doing, have, has, had, having, want, wanna, need, needs,
        like, love, let, let's, lets, give, gimme, get, gets, getting, make, makes, generate, generates,
        create, creates, produce, prepare, prepares, build, run, runs, running, do a, perform, schedule,
        schedules, scheduled, set, set up, setup, add, start, starting, begin, begins, take, hi, hey, hello,
        hiya, yo, dear, thanks, thank you, thx, ty, cheers, thank, okay, ok, sure, yes, yeah, yep,
        good morning, good afternoon, good evening, good night, good day, morning all, of, for, with, in, on,
        at, from, into, to, it, its, it's, there, here, so, um, uh, well, also, too, both, all, every thing,
        everything, data, the data, full, complete, automatic, automatically, auto, regularly, always,
        continuously, constantly, around the clock, may i, may we, why not, why don't you, why don't we,
        why dont you, why dont we, not to forget, make sure not to forget, round the clock, 24/7, nonstop,
        non-stop, day and night, don't forget, dont forget, do not forget, don't forget to, never forget,
        be sure, be sure to, remember, remember to, as well, ready, status, health, connection, system,
        platform, database, db, config, configuration, settings, activity, team, the team, everyone,
        everybody, folks, guys, mate, buddy, bot, job, jobs, task, tasks, called, named, name, id, while,
        please do, i'd, i'd like, i would like, would like, i'll, i'm, we'd, you're, their, they, his, her,
        your, each one, them, one, ones, go, going, gonna, got, now and then, exactly, precisely, sharp,
        around, about, roughly, approximately, time, times, hours, hour, o'clock, whole, entire,
        whenever possible, new, another, up, out, again, sometime, kind, what, what's, whats, who, how, why,
        where, which, whether, may, might, shall, should, must, by, as, because, since, than, any, some, more,
        most, really, very, just so, quick, brief, short, detailed, latest, of course, fresh, nice, nicely,
        thing, things, stuff, long, hasilkan
    both: real-time, realtime, real time, follow-up, up-to-date, on-time, day-to-day, e-commerce, check-in,
        sign-up, log-in, hmm, ah, eh, oh, wkwk, haha, hehe, btw, fyi, asap, plis
""")
