"""Words for refusals, and for wishes that no job type fulfils."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.entry import LexiconEntry

OUT_OF_SCOPE: Final = (
    LexiconEntry(
        "neg",
        id="jangan, jgn, jngn, jangn, jgan, tidak usah, gak usah, ga usah, nggak usah, ngga usah, "
        "gausah, gk usah, tak usah, tdk usah, gosah, tidak perlu, gak perlu, ga perlu, "
        "nggak perlu, tak perlu, tdk perlu, gk perlu, jangan lagi, bukan, tanpa, tidak mau, "
        "gak mau, ga mau, nggak mau, enggak usah, gak butuh, tidak butuh, ndak usah, ogah, "
        "jangan dulu, jangan pernah, tidak ingin, kagak usah, jgn lagi, emoh, ora usah, "
        "enggak perlu, ga butuh, nggak butuh, gausa, gaperlu, tidak jadi, tidak boleh",
        en="don't, dont, do not, don not, never, no need to, no need for, no need, not, without, "
        "do n't, doesn't need, does not need, don't want, do not want, don't need, do not need, "
        "no longer, rather not, shouldn't, should not, must not, mustn't, needn't, won't, "
        "instead of, rather than, don't you, stop short of, no, avoid, skip, refrain from",
    ),
    LexiconEntry(
        "vague",
        id="sering, kadang, sesekali, kadang-kadang, berkala",
        en="often, sometimes, occasionally, frequently, from time to time, now and then, regularly, "
        "periodically",
    ),
    # Outside every job type: a word here makes its clause a wish that is refused.
    LexiconEntry(
        "beyond",
        id="tiket, pesawat, kereta, hotel, cuaca, beli, beliin, belikan, belanja, belanjaan, bayar, "
        "bayarin, bayarkan, transfer, pulsa, token listrik, jual, masak, masakin, putar, "
        "putarkan, lagu, musik, terjemahkan, terjemahin, artikan, gambar, gambarkan, foto, "
        "video, unduh, download, unggah, upload, hitung, hitungin, berapa, siapa, kenapa, "
        "mengapa, gimana, bagaimana, apa kabar, puisi, pantun, cerita, dongeng, resep, lampu, "
        "kopi, makan, makanan, pizza, ojek, taksi, nyanyi, nyanyikan, carikan, cariin, cari, "
        "telepon, telpon, telponin, panggil, harga, saham, kurs, emas, crypto, bitcoin, berita, "
        "install, pasang aplikasi, printer, cetak, cetakkan, print, pesankan, pesanin, pesenin, "
        "reservasi, booking, jemput, antarkan, nonton, film, main, game, tebak, jodoh, zodiak, "
        "ramalan, ramal, pinjam, pinjaman, hutang, gaji, pajak, mobil, motor, parkir, tidur, "
        "bangun, alamat rumah, jalan-jalan, liburan, restart, reboot, deploy, tulis kode, "
        "coding, kode program, presentasi, skripsi, tugas sekolah, matematika, hapus file, "
        "format disk, nyalakan, nyalain, hidupkan, idupin, ac, tv, kulkas, siram, tanaman, "
        "kucing, pulihkan, bacakan",
        en="ticket, tickets, flight, flights, hotel, train, weather, forecast, buy, purchase, "
        "shop for, pay, transfer money, sell, cook, play, song, music, translate, translation, "
        "draw, picture, photo, photos, video, videos, download, upload, calculate, compute, "
        "poem, joke, story, recipe, lights, coffee, pizza, food, dinner, lunch reservation, "
        "taxi, uber, sing, find me, search for, look up, google, call me a, price, prices, "
        "stock, stocks, crypto, bitcoin, exchange rate, gold, news, install, printer, print, "
        "book a, book me, reserve, movie, movies, game, games, horoscope, borrow, loan, salary, "
        "tax, taxes, car, sleep, wake me up, holiday, vacation, restart, reboot, deploy, "
        "write code, write me, essay, homework, math, format the disk, turn on, switch on, "
        "order a, order me, order some, order food, water the, feed the, cat, dog, who is, "
        "restore, read out, what is, how much, how many, capital of, meaning of",
    ),
    LexiconEntry("order", id="pesan, pesankan, pesen, pesanin", en="order, book"),
)
