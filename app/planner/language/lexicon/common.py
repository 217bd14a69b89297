"""Common words that resemble lexicon words; typo tolerance must not touch them."""

from __future__ import annotations

from typing import Final

_ID: Final = """
pantai pantas pantat santai pandai pantul antar antara awak awal kawasi awas batas bekas bekal bekap beku
cekat cek cewek cerek lampiran lapar lapas lapangan lamaran lampu laporkan lapisan larangan rekan rekam rekat
resep reka rapat rapor rapuh pesan pesta pesat pesanan pisau peran perak pesona kiri kirim kira kirain kiriman
ingat ingatan ingin inginkan angkat cadang detil deret menit menitik merit mentah manis menu menang minta
minat minum minus mingguan minggir bulat bulu bulus beli tahu tahan taman tahap tahta hati hadir haru harus
hari harga harta harap jalan jamur jami janji jarak jaga jaman jala senang seni sendiri senja sinis sen
selesai selasar selalu selaras seluas salsa rambu ramai rabun rabat robot kamis kamus kami kantin kemasi
jumlah jumpa juma jemput sabut saku satu santun suatu sabar sapu sapi ahli abad email emas emban telat telah
telepon telegram tale taat teleskop tiap tuap slalu salak selak disko diskon diskusi surat surau sural wasit
malam makan malas malang makam pagar paging sore sorot sari siang siap sapa siapa sing saing siku sikap subur
sumbu kapal kapan kapas kali kalah kaki kata kartu aktif aktor aku akun akum abun akan laku paku suku buku
baku simpan simpang simpati simpanan sampah sampul sempat semen semut seram sewa sedia sedih sebut seruan
seratus berhenti berhasil berisi berita berikan berikut berhak hapal hapus halus matikan nyatakan maksud
matahari rangkap rangkai rangka ringan ringkih rekayasa dompet dokumen stok toko kasir gudang pusat cabang
kantor server barang promo promosi hasil hasilnya sinar penting urut turut sudut badai badan bagi bagus bahan
baju bakar balon batu baru bayar becak belok bensin beras berat besar betul biasa bicara bintang bisnis bola
buah buang budi buka ekor ekspres eksperimen ekspedisi eksplor ekspos ekspresi export reporter resort restoran
revisi rekor rekrut monitor motor menteri mentor minor tutor cermin dosen dosis ditutup ujung ujian uji usai
benci bengis uang udang market macet sabun mare harimau malaikat malu soreang pagelaran april pedas
"""

_EN: Final = """
resort retort export expert expect expose express exploit exploration explore effort deport sport support
import airport report summery summer summit mummy dummy tummy monitor minor mentor motor monster monsoon money
monkey month monthly watch water match batch patch catch hatch latch check cheek chick chuck chalk cheque
choke cheese chess charge change chance chair chain backup backdrop backlog backpack background backyard
backward hiccup buildup pickup checkup breakup lookup markup setup startup snapshot screenshot slapshot slack
black slick stack snack smack slice slacks flack shack discard discord discount discover discuss disco record
discos email mail main maid male gmail detail retail mall tail sail hail nail rail fail minute minutes minuet
mint mine minus mince minister salute dispute hour house hours honour your pour four sour tour flour second
seconds beacon reckon secondary section day dry dray days daisy dairy diary daily dolly week weak weeks wreck
weekly seek reek mouth moth north mouths year rear fear dear near bear gear hear yearn monday sunday sundry
sunny sandy tuesday friday fridge frying fried saturday satire wednesday message massage passage sausage
manage messenger passenger remind remain remains mind behind rewind remand reminds remote reminded reminder
remainder refund render sender tender fender gender reporter repeat repair reporting repeating send sand end
bend lend mend spend stand tend fend sent scent cent dent bent cell sell digest suggest divest harvest modest
dig dugout recap relax recall receipt recipe reach react real dump jump pump bump lump damp dumb drum dusk
hump exports exported sports reports imports resorts whats whatsoever whatever what that chat hat flat
teleport telegraph television telephone telescope program hologram diagram hello yellow fellow jello health
wealth stealth probe robe prone prove prose prize price inspect insect respect prospect observe deserve
reserve serve preserve track truck trick crack tract tray tracks trucks tracking trucking verify very terrify
certify clarify ensure insure unsure sure measure pleasure treasure test text rest best nest west vest toast
taste trust twist poll pool pull pole tool roll toll doll ball bill ping pin pink pine king ring sing wing
ding pong pings stop shop step stoop stops store story stock stomp strop announce ounce bounce pronounce
renounce broadcast forecast podcast roadcast supervise surprise supervisor advise revise mourning marker
actually marketing might event events never ever toddy weakly evenly parch starch
"""

COMMON: Final = frozenset(_ID.split()) | frozenset(_EN.split())
