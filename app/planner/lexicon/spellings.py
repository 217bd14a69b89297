"""Short and wrong spellings of words that the lexicon knows inside its phrases: `hr krja` is `hari kerja`."""

from __future__ import annotations

from typing import Final

_LINES: Final = """
kerja krja kerj krj
akhir akhr ahir akir aqhir akhr
pekan pkn pekn
terakhir trakhir terahir terakir trkhir trakir tralhir
bulan bln buln
hari hri hr
jangan jgn jngn jangn jgan
tidak tdk tdak tidk gak ga gk nggak ngga nggk enggak engga ndak nda kagak kaga tak
usah ush usahh usa
butuh btuh
perlu prlu
lupa lupaa lpa
kirim krim krm kirm
pesan psn pesen
tengah tngah tngh
malam mlm malem mlam
kasih ksh kasi
tahu tau
beri bri
kalau kalo klo klu kl kalok
setiap stiap setip
sampai sampe smpai smpe
cadangan cdangan
notifikasi notifkasi notipikasi
seperempat seprempat
setengah stengah stgh
kurang krg krang
tanggal tgl tggl
minggu mnggu mgg mggu
depan dpan dpn
besok bsk besuk
nanti ntar ntr entar nti nnti
"""

SPELLINGS: Final = {
    short: words.split()[0] for words in _LINES.strip().splitlines() for short in words.split()[1:]
}
