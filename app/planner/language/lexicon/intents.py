"""Words for wishes: watch, report, back up, send, end and change."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.entry import LexiconEntry

INTENTS: Final = (
    LexiconEntry(
        "watch",
        id="pantau, pantauin, pantaukan, pantaulah, dipantau, pemantauan, mantau, memantau, "
        "pantengin, pantengi, dipantengin, awasi, awasin, awasilah, ngawasin, diawasi, diawasin, "
        "mengawasi, pengawasan, cek, cekin, ceki, ngecek, mengecek, dicek, dicekin, cekkan, "
        "pengecekan, periksa, periksain, periksakan, diperiksa, memeriksa, pemeriksaan, liatin, "
        "diliatin, lihatin, dilihatin, lihat, liat, intip, intipin, jagain, dijagain, jaga, "
        "perhatikan, perhatiin, diperhatikan, pastikan, pastiin, mastiin, memastikan, monitorin, "
        "dimonitor, memonitor, monitoring, kontrol, tengok, tengokin, pelototin, uji, cekcek, "
        "cek-cek, cek ulang, tes, chek, tongkrongin, cekkin, lacak",
        en="monitor, monitors, monitored, watch, watching, watches, watched, chk, check, checks, "
        "look, look in on, looked at, have a look, have a look at, take a look, take a look at, "
        "checking, checked, "
        "check on, check up on, keep an eye on, keep your eye on, keep eyes on, keep watch on, "
        "keep watch over, keep watching, keep monitoring, keep checking, keep tabs on, "
        "keep track of, look after, track, observe, supervise, probe, make sure, ensure, verify, "
        "inspect, poll, test, look at, watch over",
    ),
    LexiconEntry("watch", both="ping, pings, pinging, ngeping"),
    LexiconEntry("ping", both="ping, ping ke"),
    LexiconEntry(
        "report",
        id="laporan, laporannya, laporin, lapor, lpran, lprn, lpran, rekap, rekapan, rekapin, "
        "rekapnya, merekap, rekapitulasi, ringkasan, ringkasannya, ringkas, ringkasin, "
        "rangkuman, rangkum, rangkumin, ikhtisar, resume, lap, laporkan hasil, buatkan laporan, "
        "ringksan, rkap, rangkumannya, report nya",
        en="report, reports, reporting, summary, summaries, summarise, summarize, recap, recaps, "
        "digest, roundup, rundown, overview, briefing, status update, round-up, sum up",
    ),
    LexiconEntry("resumed", both="resume"),
    LexiconEntry(
        "backup",
        id="backupin, backupkan, dibackup, membackup, ngebackup, bekap, bekup, bakup, bakap, "
        "cadangkan, cadangin, dicadangkan, dicadangin, mencadangkan, cadangan, pencadangan, "
        "ekspor, eksporin, eksporkan, diekspor, mengekspor, pengeksporan, exportin, diexport, "
        "ngexport, simpan salinan, buat salinan, bikin salinan, salinan cadangan, "
        "simpan cadangan, amankan data, amanin data, salin data, arsipkan data, bckp, bkup, "
        "simpan data, nyadangin, cadangannya, backupnya",
        en="backup, back up, bakc up, bcak up, bak up, back-up, backups, back-ups, back ups, "
        "backing up, backed up, "
        "back it up, export, exports, exporting, exported, dump, snapshot, snapshots, "
        "archive the data, archive everything, archive all, archive data, archive my data, "
        "keep a copy, keep copies, save a copy, make a copy, make copies, take a copy, "
        "back everything up, back the data up, back my data up, back all data up, "
        "back it all up, dump the data",
    ),
    LexiconEntry(
        "message",
        id="kirim pesan, kirimkan pesan, kirimin pesan, kirim psn, krim pesan, krm pesan, krm psn, "
        "ngirim pesan, mengirim pesan, sampaikan pesan, tulis pesan, kasih pesan, sebar pesan, "
        "siarkan pesan, kirim notif, pesan ke, siarkan, umumkan, umumin, ucapkan, ucapin, "
        "kirim ucapan, kirimkan ucapan, sapa, sampaikan, kirim chat, kirimin chat, "
        "kirim pengumuman, kirimkan pengumuman, kirim teks, posting, postingin, kirim pesen, "
        "kirimin pesen, kirim kata, bilang ke, bilangin, bilang",
        en="send a message, send message, send the message, send this message, send messages, "
        "send msg, send a msg, send a text, send text, post a message, post the message, "
        "post message, announce, broadcast, write to, say, message, leave a message, "
        "send a note, send the text, send out, drop a message, send an announcement, "
        "shoot a message, tell",
    ),
    LexiconEntry(
        "message",
        "remind",
        id="ingatkan, ingatin, ingetin, ingetkan, ngingetin, diingatkan, diingetin, mengingatkan, "
        "ingatlah, kirim pengingat, kirimkan pengingat, kirim reminder, kirimin reminder, "
        "buat pengingat, bikin pengingat, pasang pengingat, buatkan pengingat, "
        "bikinin pengingat, bikin reminder, buat reminder, pasang reminder, set reminder, "
        "setel pengingat, pengingat, ingatkn, ingtkan, ingetkn, tolong ingat, kasih reminder",
        en="remind, reminds, reminder, send a reminder, send reminder, send reminders, "
        "set a reminder, set up a reminder, create a reminder, add a reminder, make a reminder, "
        "give a reminder, nudge, set me a reminder, give me a reminder, send me a reminder, "
        "reminders",
    ),
    LexiconEntry("message", "noun", id="pesan, pesannya, psn, pesen", en="msg, texts"),
    LexiconEntry(
        "send",
        id="kirim, kirimkan, kirimin, kirimlah, kirimi, dikirim, dikirimkan, mengirim, ngirim, "
        "krim, krm, kirm, krimin, kirimnya, teruskan, terusin, sebar, sebarkan, antar, "
        "sampaikan, share, kirimkn, kasi, kasih, bagikan",
        en="send, sends, sending, sent, post, deliver, forward, share, push, submit to, mail, drop",
    ),
    LexiconEntry(
        "result",
        id="hasil, hasilnya, hasil nya, outputnya",
        en="it, them, the result, the results, result, results",
    ),
    LexiconEntry(
        "stop",
        id="berhenti, brenti, berentiin, berhentikan, hentikan, hentiin, stopin, setop, hapus, "
        "hapuskan, hapusin, apus, brhenti, stopp, offkan, apusin, matikan, matiin, "
        "batalkan, batalin, nonaktifkan, "
        "nonaktifin, non-aktifkan, udahan, sudahi, udahin, buang, hilangkan, cabut, copot, "
        "akhiri, jeda dulu, berenti, tutup, stopkan, hentikn, hpus, batal, tidak lagi, gak lagi, "
        "ga lagi",
        en="stop, stops, delete, remove, cancel, disable, turn off, switch off, shut off, end, "
        "quit, kill, pause, unschedule, get rid of, drop the, discontinue, terminate, "
        "deactivate, no more, unsubscribe, unsubscribe me from, opt out of, halt, cease, suspend, "
        "stop sending me, call off",
    ),
    LexiconEntry(
        "change",
        id="ganti, gantikan, gantiin, diganti, gnti, ubh, ubah, ubahin, ubahlah, diubah, rubah, dirubah, "
        "mengubah, pindah, pindahkan, pindahin, dipindah, geser, geserin, majukan, mundurkan, "
        "majuin, mundurin, digeser, dimajukan, dimundurkan, dimajuin, dimundurin, undur, diundur, "
        "tunda, ditunda, perbarui, ganti ke, ralat, koreksi, revisi, atur ulang, "
        "jadwalkan ulang, setel ulang, jadwal ulang",
        en="change, changing, switch, move, update, reschedule, modify, adjust, shift, alter, edit, "
        "replace, make the, make my, push back, bring forward, postpone, delay",
    ),
    LexiconEntry(
        "into",
        id="jadi, menjadi, jadikan, jadiin, jdi, jd, diganti jadi, dijadikan",
        en="into, so it runs, so that it runs",
    ),
    LexiconEntry("into", both="to, ke"),
)
