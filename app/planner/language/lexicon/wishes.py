"""Words of everyday wishes: errands, places that people go to, amounts, and what nothing here reads."""

from __future__ import annotations

import re
from typing import Final

from app.planner.language.lexicon.entry import phrases, words

DEEDS: Final = words(
    """
    bayar bayarin bayarkan byr dibayar mbayar bayari lunasi lunasin lunas cicil nyicil angsur setor setorin
    setorkan nyetor transfer transferin trf tf beli beliin belikan beli2 isi isiin ngisi perpanjang
    perpanjangan ambil ambilin ngambil tagih tagihin nagih jemput antar antarkan anter anterin nganter
    hubungi telepon telpon telponin nelpon kontak chat cek ngecek periksa servis service cuci nyuci ganti
    pesan pesen order restok stok minum makan kasih bawa siapkan siapin bikin buat masak jual catat
    catet nyatat tulis kumpulkan kumpulin lapor kirim kirimkan ngirim urus ngurus bersihkan bersihin siram
    fotoin
    potong tarik simpan cetak print upload update posting post balas bales buka tutup matikan nyalakan
    kunci panggil ajak belajar baca tebus booking daftar rekap hitung
    pay buy renew refill order take send call pick check clean water book submit file feed bring wash
    collect ship restock transfer deposit
    """
)
"""Verbs that take a thing; in a list of things with a time each they hold for the later ones, too."""
GOING: Final = words(
    """
    setor setorin setorkan nyetor transfer transferin trf tf antar antarkan anter anterin nganter kirim
    kirimkan ngirim belanja pergi pulang datang jalan berangkat mampir balik titip bayar bayarin lapor
    daftar jemput ambil bawa ganti telepon telpon telponin nelpon tagih nagih kunjungan kontrol
    go take send bring pay transfer deposit ship deliver
    """
)
"""Verbs that have a place or a person behind "ke" that they go to: "setor ke BCA"."""
EVENTS: Final = words(
    """
    rapat meeting arisan ulangan ujian les ngaji pengajian yasinan tahlilan sholat salat shalat senam
    olahraga gym lari renang kondangan nikahan hajatan kerja sekolah kuliah posyandu ronda upacara servis
    belanja tidur bangun mandi sarapan istirahat libur mudik ultah gajian panen piket briefing interview
    puasa sahur berbuka imunisasi vaksin kontrol opname lembur jaga jualan dagang pulang berangkat pergi
    standup lunch dinner breakfast gym workout sleep prayer
    """
)
"""Things that happen or are done, which no verb before them takes."""
PLACES: Final = phrases(
    """
    bank, pasar, kantor, sekolah, kampus, toko, warung, gudang, bengkel, salon, klinik, dokter, puskesmas,
    apotek, apotik, rs, rumah, rumah sakit, masjid, gereja, mall, mal, supermarket, minimarket, indomaret,
    alfamart, alfamidi, superindo, kelurahan, kecamatan, samsat, polsek, atm, agen, pos, kantor pos, bandara,
    stasiun, terminal, hotel, cafe, kafe, resto, restoran, laundry, counter, konter, notaris, pegadaian,
    koperasi, bca, bri, bni, btn, bsi, mandiri, cimb, permata, danamon, jago, seabank, gopay, ovo, dana,
    shopeepay, linkaja, rekening, rek, kas, celengan, jne, jnt, sicepat, anteraja, ninja, tiki, lion, wahana,
    ekspedisi, kurir, pln, pdam, bpjs, indihome, telkom, pajak, market, office, school, gym, doctor, clinic,
    garage, shop, store, warehouse, pharmacy, church, airport
    """
)
"""Places, shops, banks and carriers that no message goes to."""
AMOUNT: Final = re.compile(
    r"(?:rp|idr|usd|sgd|rm)?\.?\d+(?:[.,]\d+)*"
    r"(?:jt|jtan|juta|rb|rban|ribu|rbu|k|m|mlyr|ratus|perak|kg|kilo|kilogram|gr|gram|g|mg|ons|ton|kwintal|l|lt|ltr"
    r"|liter|ml|cc|cm|mm|meter|km|dus|box|pcs|pc|pack|pak|bks|bungkus|lusin|kodi|karung|sak|galon|btl|botol|butir"
    r"|biji|buah|lembar|lbr|rim|tablet|tab|kapsul|gelas|sendok|porsi|ekor|orang|org|unit|set|slot|gb|mb|kwh|watt"
    r"|va|persen|pct|lb|lbs|oz|bottles?|boxes|cups?|usd|idr)?"
)
"""An amount of money or goods in one word: "2jt", "500k", "3kg", "Rp350.000"."""
NOTED: Final = phrases(
    """
    omzet, omset, ozet, penjualan, jualan, pendapatan, pemasukan, pengeluaran, laba, rugi, laba rugi, untung,
    keuntungan, profit, keuangan, kas, saldo, stok, stock, stoknya, persediaan, inventori, inventory, orderan,
    pesanan, transaksi, absensi, absen, kehadiran, piutang, utang, hutang, setoran, kasir, sales, revenue,
    income, expenses, orders, balance, attendance, finances, earnings, turnover
    """
)
"""Figures that a person notes; nothing here reads them."""
LOOKED_UP: Final = phrases(
    """
    rating, ulasan, review, reviews, bintang, followers, follower, pengikut, subscriber, subscribers,
    like, likes, viewer, viewers, komentar, engagement, trafik, traffic, pengunjung, harga, price, prices,
    diskon, promo, cuaca, weather, forecast, prakiraan cuaca, hujan, kurs, emas, saham, bitcoin, crypto, resi,
    ongkir, paketnya, pesaing, kompetitor, competitor, competitors, berita, news, gempa, macet, suhu
    """
)
"""What a person looks up; nothing here reads it."""
PICTURES: Final = words("foto video gambar screenshot rekaman cctv photo photos picture pictures")
PRICES: Final = words(
    "harga harganya price prices pricing diskon diskonnya promo promonya stok stock stoknya discount"
)
"""What a page says and no monitor of pages reads."""
REPLIES: Final = words(
    "balas bales balesin balasin membalas jawab jawabin auto-reply autoreply reply respond"
)
ITSELF: Final = words("otomatis auto automatically sendiri automatic")
BEFORE: Final = words("sebelum sblm sblum sebelumnya sblmnya before menjelang jelang prior")
"""Words after a length of time that count it back from a day or an hour: "3 hari sebelum tanggal 20"."""
AFTER_DAY: Final = words("setelah stlh sesudah sesudahnya setelahnya after")
