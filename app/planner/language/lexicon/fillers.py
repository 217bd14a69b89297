"""Words without a meaning for a plan: greetings, politeness, forms of address, particles, plain verbs.

The list is closed: any other word that no rule uses is noted as unread and makes its job less sure.
"""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.entry import parse_entries

FILLERS: Final = parse_entries("""
filler
    id: mending, mendingan, apakah, masih, doang, doank, kalau sempet, kalo sempet, klo sempet, klo sempat,
        yang penting, yg penting, gimana kalau, gimana kalo, bagaimana kalau, bagaimana jika, gimana klo,
        yak, napa, woy, woi, oi, dimohon, dimohonkan, tanya, terhadap, mungkin, sesering mungkin, supaya
        aman, biar aman, agar aman, buat jaga-jaga, jaga-jaga, salah satunya, salah satu, siapa-siapa,
        siapapun, siapa pun, apa pun, apapun, dibikinkan, monggo, punten, ngapunten, makasih banyak, makasih
        sebelumnya, sebelumnya, matur nuwun, hatur nuhun, ye, weh, cuy, cui, beb, sob, mbah, teh, kang,
        neng, mah, atuh, euy, lur, dab, bosku, bosque, pren, ngab, suhu, sepuh, gess, nggih, inggih, njih,
        kulo, nyuwun, tulung, tulungi, tulungin, mangga, ulun, awak, saye, boleh tak, sampai dibatalkan,
        sampai distop, sampai saya stop, sampai ada kabar lagi, sampai seterusnya, sampai kapan pun, sampai
        kapanpun, kalau bisa, kalo bisa, jika bisa, kalau boleh, kalo boleh, kalau sempat, kalo sempat,
        kalau memungkinkan, jika memungkinkan, kalau berkenan, kalau tidak keberatan, kalau gak keberatan,
        kalau ga keberatan, kalau perlu, bila perlu, kalau mungkin, siang malam, siang dan malam, pagi siang
        malam, paling lambat, selambat-lambatnya, skrip, setiap saat, tiap saat, setiap waktu, sepanjang
        hari, sepanjang waktu, jangan sampai, jgn sampai, tolong, tlg, tlong, tlng, tolongin, mohon, mhn,
        dong, donk, dunk, ya, yah, yaa, yaaa, y, iya, deh, sih, kok, lah, kak, kakak, bang, bro, sis, gan,
        min, mimin, admin, mas, mbak, pak, bu, bos, boss, om, tante, bapak, ibu, coba, cobain, bantu,
        bantuin, dibantu, bantuannya, mnta, gih, juragan, gaes, guys, dek, bisa, bisakah, bisa gak, bisa ga,
        boleh, bolehkah, minta, mau, pengen, ingin, pingin, hendak, saya, sy, aku, aq, gue, gw, gua, kami,
        kita, kamu, anda, lu, lo, dia, ia, nya, ini, itu, tuh, nih, yg, yang, di, pada, para, si, sang,
        punya, milik, aja, saja, aj, ajah, lagi, dulu, dl, dlu, udah, sudah, sdh, akan, mesti, perlu, butuh,
        buatkan, buatin, buat, bikin, bikinin, bikinkan, dibuat, dibikin, dibuatin, dibuatkan, buatlah,
        membuat, menyusun, susun, susunkan, siapkan, siapin, sediakan, hasilkan, lakukan, lakuin, jalankan,
        jalanin, jadwalkan, jadwalin, setel, atur, aturin, pasang, pasangin, tambah, tambahin, tambahkan,
        mulai, secara, otomatis, rutin, berkala, terus menerus, terus-menerus, terusan, untuk, utk, bagi,
        dengan, dgn, tepat, sekitar, kira-kira, kurang lebih, masing-masing, keduanya, dua-duanya, semuanya,
        semua, seluruh, segala, hari, waktu, wkt, jadwal, jadwalnya, halo, hai, hei, hi, hallo, haloo,
        assalamualaikum, salam, permisi, selamat pagi, selamat siang, selamat sore, selamat malam, met pagi,
        met siang, met malam, makasih, mksh, makasi, mksih, terima kasih, trims, thx, tq, trimakasih, thanks
        ya, nuhun, suwun, tengkyu, ok, oke, okey, sip, mantap, baik, siap, tim, kantor, status, koneksi,
        kesehatan, kondisi, keadaan, perkembangan, info, data, nih ya, khusus, khususnya, namanya, bernama,
        nama, adalah, sebagai, maka, maksudku, maksud saya, maksudnya, gitu, gini, begini, begitu, kayak,
        kek, ke, dari, dr, agar, supaya, biar, jangan lupa, jgn lupa, jangan sampai lupa, jgn smpe lupa,
        jangan kelupaan, jangan lupain, jangan sampe lupa, jgn lupa ya, jangan lupa ya, jangan lupa juga,
        don't lupa, dont lupa, jangan forget, jgn forget, tanpa henti, nonstop, non stop, 24 jam, 24 jam
        nonstop, 24 jam penuh, 24/7, seterusnya, selamanya, selalu, senantiasa, tetap, tetep, teratur,
        pokoknya, intinya, soalnya, karena, krn, sebab, gak pake lama, ga pake lama, tolong ya, tolong dong,
        sekalian, ke depannya, kedepannya, setelahnya, berikut, daftar, list, job, jobnya, tugas, kerjaan,
        pekerjaan, tersebut, td, tadi, dg, d, isi, adain, kasih, kasi, ksh, beri, berikan, ambil, ambilin,
        tarik, keluarkan, tampilkan, atas, singkat, lengkap, penuh, terbaru, aktivitas, kegiatan,
        operasional, sistem, platform, konfigurasi, database, db, basis data, pengaturan, file, berkas,
        seisi, isinya, satu-satu, tiap-tiapnya, total, singkatnya, rinci, detail, hasil, tau, tahu, dapat,
        dpt, terima, nerima, kerja, bareng, bersama, dalam, antara lain, yaitu, yakni, ada, oleh, langsung,
        pun, kan, toh, baru, barulah, wahai, hey, hello, dear, to the point, dimulai, nomor satu, kembali,
        balik
    en: can someone, could someone, can somebody, could somebody, can anyone, could anyone, possible, way,
        mind, chance, either, just in case, to be safe, in advance, thanks in advance, thanks a lot, thank
        you so much, thank you very much, many thanks, much appreciated, appreciate it, until further
        notice, until i say stop, until i stop it, until cancelled, until canceled, until i cancel it, if
        possible, if you can, if you could, if you don't mind, if you do not mind, if you please, if you
        like, if you want, when possible, when you can, when you have time, no later than, not later than,
        script, all day, all the time, at all times, please, plz, pls, plss, pleas, kindly, can, could,
        would, will, you, i, me, my, mine, we, us, our, he, she, the, a, an, this, that, these, those, is,
        are, be, been, am, was, do, does, did, doing, have, has, had, having, want, wanna, need, needs,
        like, love, let, let's, lets, give, gimme, get, gets, getting, make, makes, generate, generates,
        create, creates, produce, prepare, prepares, build, run, runs, running, do a, perform, schedule,
        schedules, scheduled, set, set up, setup, add, start, starting, begin, begins, take, hi, hey, hello,
        hiya, yo, dear, thanks, thank you, thx, ty, cheers, thank, okay, ok, sure, yes, yeah, yep, good
        morning, good afternoon, good evening, good night, good day, morning all, of, for, with, in, on, at,
        from, into, to, it, its, it's, there, here, so, um, uh, well, also, too, both, all, every thing,
        everything, data, the data, full, complete, automatic, automatically, auto, regularly, always,
        continuously, constantly, around the clock, may i, may we, why not, why don't you, why don't we, why
        dont you, why dont we, not to forget, make sure not to forget, round the clock, 24/7, nonstop,
        non-stop, day and night, don't forget, dont forget, do not forget, don't forget to, never forget, be
        sure, be sure to, remember, remember to, as well, ready, status, health, connection, system,
        platform, database, db, config, configuration, settings, activity, team, the team, everyone,
        everybody, folks, guys, mate, buddy, bot, job, jobs, task, tasks, called, named, name, id, while,
        please do, i'd, i'd like, i would like, would like, i'll, i'm, we'd, you're, their, they, his, her,
        your, each one, them, one, ones, go, going, gonna, got, now and then, exactly, precisely, sharp,
        around, about, roughly, approximately, time, times, hours, hour, o'clock, whole, entire, whenever
        possible, new, another, up, out, again, sometime, kind, what, what's, whats, who, how, why, where,
        which, whether, may, might, shall, should, must, by, as, because, since, than, any, some, more,
        most, really, very, just so, quick, brief, short, detailed, latest, of course, fresh, nice, nicely,
        thing, things, stuff, long, hasilkan
    both: real-time, realtime, real time, follow-up, up-to-date, on-time, day-to-day, e-commerce, check-in,
        sign-up, log-in, hmm, ah, eh, oh, oiya, oya, wkwk, haha, hehe, btw, fyi, asap, plis
""")
