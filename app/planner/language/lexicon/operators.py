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
        istirahat dulu, libur dulu, off dulu, skip dulu
    en: off, skipped, excluded, excepted, rest day, a rest day, rest days, day off, a day off, free
# Said before what is left out.
skips  id: skip, lewati, lewatin  en: skip, skipping, omit, omitting
barring  id: minus  en: minus, bar, barring, sans, besides, beside
including  id: termasuk, trmasuk, termasuk juga  en: including, incl
# What a sentence says to leave as it is.
still
    id: tetap, tetep, ttp, ttep, tetap jalan, tetep jalan, tetap dikirim, tetap dipantau, tetap aktif,
        tetap hidup, tetap nyala, biarin, biarkan, biar aja, biarin aja, biarkan saja
    en: still, stays, stay
""")
