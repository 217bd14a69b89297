"""Number words of both languages."""

from __future__ import annotations

from typing import Final

from app.planner.lexicon.entry import Entry

_ID: Final = (
    "nol, kosong",
    "satu",
    "dua",
    "tiga, tg4",
    "empat, ampat",
    "lima",
    "enam",
    "tujuh, tuju",
    "delapan, dlapan",
    "sembilan",
)
_EN: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS: Final = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS: Final = ("twenty", "thirty", "forty, fourty", "fifty", "sixty", "seventy", "eighty", "ninety")

NUMBERS: Final = (
    *(Entry("digit", number, id=words) for number, words in enumerate(_ID)),
    *(Entry("digit", number, en=words) for number, words in enumerate(_EN)),
    *(Entry("teen", number, en=words) for number, words in enumerate(_TEENS, 10)),
    *(Entry("tens", number * 10, en=words) for number, words in enumerate(_TENS, 2)),
    Entry("teen", 10, id="sepuluh, spuluh"),
    Entry("teen", 11, id="sebelas, sblas"),
    Entry("teen", 100, id="seratus"),
    Entry("teen", 1000, id="seribu"),
    Entry("minus", id="negatif", both="minus", en="negative"),
    Entry("belas", id="belas"),
    Entry("scale", 10, id="puluh"),
    Entry("scale", 100, id="ratus", en="hundred"),
    Entry("scale", 1000, id="ribu", en="thousand"),
)
