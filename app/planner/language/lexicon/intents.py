"""Words for wishes, for their refusal, and for wishes that no job type fulfils."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.entry import parse_entries

INTENTS: Final = parse_entries("""
watch
    id: pantau, pantauin, pantaukan, pantaulah, dipantau, pemantauan, mantau, memantau, pantengin, pantengi,
        dipantengin, awasi, awasin, awasilah, ngawasin, diawasi, diawasin, mengawasi, pengawasan, cek, cekin,
        ceki, ngecek, mengecek, dicek, dicekin, cekkan, pengecekan, periksa, periksain, periksakan, diperiksa,
        memeriksa, pemeriksaan, liatin, diliatin, lihatin, dilihatin, lihat, liat, intip, intipin, jagain,
        dijagain, jaga, perhatikan, perhatiin, diperhatikan, pastikan, pastiin, mastiin, memastikan,
        monitorin, dimonitor, memonitor, monitoring, kontrol, tengok, tengokin, pelototin, uji, cekcek,
        cek-cek, cek ulang, tes, chek, tongkrongin, cekkin, lacak
    en: monitor, monitors, monitored, watch, watching, watches, watched, chk, check, checks, look, look in on,
        looked at, have a look, have a look at, take a look, take a look at, checking, checked, check on,
        check up on, keep an eye on, keep your eye on, keep eyes on, keep watch on, keep watch over,
        under watch,
        keep watching, keep monitoring, keep checking, keep tabs on, keep track of, look after, track,
        observe, supervise, probe, make sure, ensure, verify, inspect, poll, test, look at, watch over
    both: ping, pings, pinging, ngeping
ping  both: ping, ping ke
report
    id: laporan, laporannya, laporin, laporkan, lapor, lpran, lprn, rekap, rekapan, rekapin, rekapnya,
        merekap, rekapitulasi, ringkasan, ringkasannya, ringkas, ringkasin, rangkuman, rangkum, rangkumin,
        ikhtisar, resume, lap, laporkan hasil, buatkan laporan, ringksan, rkap, rangkumannya, report nya
    en: report, reports, reporting, summary, summaries, summarise, summarize, recap, recaps, digest, roundup,
        rundown, overview, briefing, status update, round-up, sum up
resumed  both: resume
backup
    id: backupin, backupkan, dibackup, membackup, ngebackup, bekap, bekup, bakup, bakap, cadangkan, cadangin,
        dicadangkan, dicadangin, mencadangkan, cadangan, pencadangan, ekspor, eksporin, eksporkan, diekspor,
        mengekspor, pengeksporan, exportin, diexport, ngexport, simpan salinan, buat salinan, bikin salinan,
        salinan cadangan, simpan cadangan, amankan data, amanin data, salin data, arsipkan data, bckp, bkup,
        simpan data, nyadangin, cadangannya, backupnya
    en: backup, back up, bakc up, bcak up, bak up, back-up, backups, back-ups, back ups, backing up,
        backed up, back it up, export, exports, exporting, exported, dump, snapshot, snapshots,
        archive the data, archive everything, archive all, archive data, archive my data, keep a copy,
        keep copies, save a copy, make a copy, make copies, take a copy, back everything up, back the data up,
        back my data up, back all data up, back it all up, dump the data
message
    id: kirim pesan, kirimkan pesan, kirimin pesan, kirim psn, krim pesan, krm pesan, krm psn, ngirim pesan,
        mengirim pesan, sampaikan pesan, tulis pesan, kasih pesan, sebar pesan, siarkan pesan, kirim notif,
        pesan ke, siarkan, umumkan, umumin, ucapkan, ucapin, kirim ucapan, kirimkan ucapan, sapa, sampaikan,
        kirim chat, kirimin chat, kirim pengumuman, kirimkan pengumuman, kirim teks, posting, postingin,
        kirim pesen, kirimin pesen, kirim kata, bilang ke, bilangin, bilang
    en: send a message, send message, send the message, send this message, send messages, send msg,
        send a msg, send a text, send text, post a message, post the message, post message, announce,
        broadcast, write to, say, message, leave a message, send a note, send the text, send out,
        drop a message, send an announcement, shoot a message, tell
message=remind
    id: ingatkan, ingatin, ingetin, ingetkan, ngingetin, diingatkan, diingetin, mengingatkan, ingatlah,
        kirim pengingat, kirimkan pengingat, kirim reminder, kirimin reminder, buat pengingat,
        bikin pengingat, pasang pengingat, buatkan pengingat, bikinin pengingat, bikin reminder,
        buat reminder, pasang reminder, set reminder, setel pengingat, pengingat, ingatkn, ingtkan, ingetkn,
        tolong ingat, kasih reminder
    en: remind, reminds, reminder, send a reminder, send reminder, send reminders, set a reminder,
        set up a reminder, create a reminder, add a reminder, make a reminder, give a reminder, nudge,
        set me a reminder, give me a reminder, send me a reminder, reminders
message=noun  id: pesan, pesannya, psn, pesen  en: msg, texts
send
    id: kirim, kirimkan, kirimin, kirimlah, kirimi, dikirim, dikirimkan, mengirim, ngirim, krim, krm, kirm,
        hantar, hantarkan,
        krimin, kirimnya, teruskan, terusin, sebar, sebarkan, antar, sampaikan, share, kirimkn, kasi, kasih,
        bagikan
    en: send, snd, sned, sends, sending, sent, post, deliver, forward, share, push, submit to, mail, drop
result  id: hasil, hasilnya, hasil nya, outputnya  en: it, them, the result, the results, result, results
# The value is the change that a stored job gets; without one it is disabled.
stop
    id: berhenti, brenti, berentiin, berhentikan, hentikan, hentiin, stopin, setop, brhenti, stopp, offkan,
        matikan, matiin, batalkan, batalin, nonaktifkan, nonaktifin, non-aktifkan, udahan, sudahi, udahin,
        akhiri, berenti, tutup, stopkan, hentikn, batal, tidak lagi, gak lagi, ga lagi, disetop, distop,
        diberhentikan, dihentikan, dimatikan, dimatiin, dinonaktifkan, cabut, copot
    en: stop, stops, cancel, disable, turn off, switch off, shut off, end, quit, kill, unschedule,
        discontinue, terminate, deactivate, no more, unsubscribe, unsubscribe me from, opt out of, halt,
        cease,
        stop sending me, call off, stopped, disabled
stop=delete
    id: hapus, hapuskan, hapusin, apus, apusin, hpus, dihapus, dihapusin, buang, dibuang, hilangkan, hilangin
    en: delete, deletes, deleted, remove, removes, removed, get rid of, drop the, erase
stop=pause
    id: jeda dulu, jeda, jedain, dijeda, dijedain, menjeda, jeda sementara, libur dulu, liburkan, diliburkan,
        liburin, diliburin, liburkan dulu, istirahatkan, istirahatin, istirahat dulu, berhenti dulu,
        stop dulu, setop dulu, matikan dulu, matiin dulu, hentikan dulu, hentikan sementara, tahan dulu,
        stop sementara, matikan sementara, off dulu, offin dulu, tunda dulu, berhenti sementara, pending dulu,
        skip dulu
    en: pause, pauses, paused, suspend, suspended, put on hold, hold off, hold off on, snooze, pausing,
        temporarily stop, stop temporarily, temporarily disable
stop=resume
    id: lanjutkan, lanjutin, lanjut lagi, dilanjutkan, dilanjutin, lanjutkan lagi, lanjutin lagi,
        jalankan lagi, jalanin lagi, jalan lagi, nyalakan lagi, nyalain lagi, dinyalakan lagi, dinyalain lagi,
        hidupkan lagi, hidupin lagi, idupin lagi, aktifkan lagi, aktifin lagi, diaktifkan lagi,
        nyalakan kembali, nyalain kembali, hidupkan kembali, aktifkan kembali, diaktifkan kembali,
        jalankan kembali, mulai lagi, teruskan lagi, terusin lagi, on lagi, onin lagi
    en: unpause, un-pause, continue, carry on with, re-enable, reenable, reactivate, re-activate,
        turn back on, switch back on, restart, start again, back on, bring back, enable again, turn on again
# Without "lagi" they also ask for a new job.
revive
    id: nyalakan, nyalain, hidupkan, hidupin, idupin, aktifkan, aktifin, diaktifkan, dinyalakan, dihidupkan
    en: enable, turn on, switch on, activate
# Words that start a job at once, if the sentence has no other time.
start
    id: jalankan, jalanin, jalankn, dijalankan, dijalanin, eksekusi, picu, tes, test, coba jalankan, uji coba,
        testing
    en: run, runs, execute, trigger, test, kick off, fire off, re-run, rerun
change
    id: ganti, gantikan, gantiin, diganti, gnti, ubh, ubah, ubahin, ubahlah, diubah, rubah, dirubah, mengubah,
        pindah, pindahkan, pindahin, dipindah, dipindahkan, dipindahin, geser, ubahkan, gantilah, namai ulang,
        percepat, percepatin, perlambat, perjarang, ganti nama, ganti namanya, ubah nama, ubah namanya,
        beri nama, namain, kasih nama,
        geserin, majukan, mundurkan, majuin, mundurin, digeser,
        dimajukan, dimundurkan, dimajuin, dimundurin, undur, diundur, tunda, ditunda, perbarui, ganti ke,
        ralat, koreksi, revisi, atur ulang, jadwalkan ulang, setel ulang, jadwal ulang
    en: change, changing, switch, move, speed up, slow down, rename, renaming, change the name of,
        set the name of,
        update, reschedule, modify, adjust, shift, alter, edit, replace,
        make the, make my, push back, bring forward, postpone, delay
into
    id: jadi, menjadi, jadikan, jadiin, jdi, jd, diganti jadi, dijadikan
    en: into, so it runs, so that it runs
    both: to, ke
""")

OUT_OF_SCOPE: Final = parse_entries("""
neg
    id: jangan, jgn, jngn, jangn, jgan, tidak usah, gak usah, ga usah, nggak usah, ngga usah, gausah, gk usah,
        tak usah, tdk usah, gosah, tidak perlu, gak perlu, ga perlu, nggak perlu, tak perlu, tdk perlu,
        gk perlu, jangan lagi, bukan, tanpa, tidak mau, gak mau, ga mau, nggak mau, enggak usah, gak butuh,
        tidak butuh, ndak usah, ogah, jangan dulu, jangan pernah, tidak ingin, kagak usah, jgn lagi, emoh,
        ora usah, enggak perlu, ga butuh, nggak butuh, gausa, gaperlu, tidak jadi, tidak boleh
    en: don't, dont, do not, don not, never, no need to, no need for, no need, not, without, do n't,
        doesn't need, does not need, don't want, do not want, don't need, do not need, no longer, rather not,
        shouldn't, should not, must not, mustn't, needn't, won't, instead of, rather than, don't you,
        stop short of, no, avoid, skip, refrain from,
        never mind, nevermind, nvm, forget about
vague
    id: sering, kadang, sesekali, kadang-kadang, berkala
    en: often, sometimes, occasionally, frequently, from time to time, now and then, regularly, periodically
# Outside every job type: a word here makes its clause a wish that is refused.
beyond
    id: tiket, pesawat, kereta, hotel, cuaca, beli, beliin, belikan, belanja, belanjaan, bayar, bayarin,
        bayarkan, transfer, pulsa, token listrik, jual, masak, masakin, putar, putarkan, lagu, musik,
        terjemahkan, terjemahin, artikan, gambar, gambarkan, foto, video, unduh, download, unggah, upload,
        hitung, hitungin, berapa, siapa, kenapa, mengapa, gimana, bagaimana, apa kabar, puisi, pantun, cerita,
        dongeng, resep, lampu, kopi, makan, makanan, pizza, ojek, taksi, nyanyi, nyanyikan, carikan, cariin,
        cari, telepon, telpon, telponin, panggil, harga, saham, kurs, emas, crypto, bitcoin, berita, install,
        pasang aplikasi, printer, cetak, cetakkan, print, pesankan, pesanin, pesenin, reservasi, booking,
        jemput, antarkan, nonton, film, main, game, tebak, jodoh, zodiak, ramalan, ramal, pinjam, pinjaman,
        hutang, gaji, pajak, mobil, motor, parkir, tidur, bangun, alamat rumah, jalan-jalan, liburan, restart,
        reboot, deploy, tulis kode, coding, kode program, presentasi, skripsi, tugas sekolah, matematika,
        hapus file, format disk, nyalakan, nyalain, hidupkan, idupin, ac, tv, kulkas, siram, tanaman, kucing,
        pulihkan, bacakan
    en: ticket, tickets, flight, flights, hotel, train, weather, forecast, buy, purchase, shop for, pay,
        transfer money, sell, cook, play, song, music, translate, translation, draw, picture, photo, photos,
        video, videos, download, upload, calculate, compute, poem, joke, story, recipe, lights, coffee, pizza,
        food, dinner, lunch reservation, taxi, uber, sing, find me, search for, look up, google, call me a,
        price, prices, stock, stocks, crypto, bitcoin, exchange rate, gold, news, install, printer, print,
        book a, book me, reserve, movie, movies, game, games, horoscope, borrow, loan, salary, tax, taxes,
        car, sleep, wake me up, holiday, vacation, restart, reboot, deploy, write code, write me, essay,
        homework, math, format the disk, turn on, switch on, order a, order me, order some, order food,
        water the, feed the, cat, dog, who is, restore, read out, what is, how much, how many, capital of,
        meaning of
order  id: pesan, pesankan, pesen, pesanin  en: order, book
""")
