"""Words that mean the same, by the lexicon: spellings and synonyms of one sense in one language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from app.planner.language.lexicon.entry import ENTRIES
from app.planner.language.lexicon.lookup import senses_of
from app.planner.language.lexicon.spelling import SPELLINGS, canonical

if TYPE_CHECKING:
    from tests.support.planner.variants.sentence import Sentence

_LONGEST = 4

# A lexicon entry may hold words of several forms ("pantau", "dipantau", "pemantauan") and neighbours in
# meaning ("pantau", "uji"). Words are exchanged only within one of these patterns, and only if all senses
# of both are equal.
_ALIKE = tuple(
    re.compile(pattern)
    for pattern in (
        # Wishes.
        r"watch:(?:pantau(?:in|kan|lah)?|pantengi?n?|awasi?n?|awasilah|cek(?:in|i|kan)?|periksa(?:in|kan)?|chek)",
        r"watch:(?:dipantau|diawasi|diawasin|dicek|dicekin|diperiksa|dipantengin)",
        r"watch:(?:memantau|mengawasi|mengecek|memeriksa|ngecek)",
        r"watch:(?:pemantauan|pengawasan|pengecekan|pemeriksaan)",
        r"watch:(?:monitor|watch|check|chk|observe|inspect|check on|keep (?:an eye|watch|tabs) on)",
        r"report:(?:laporan|rekap|rekapan|rekapitulasi|ringkasan|rangkuman|ikhtisar|lpran|lprn|ringksan|rkap)",
        r"report:(?:laporannya|ringkasannya|rangkumannya|rekapnya)",
        r"report:(?:report|summary|recap|digest|roundup|rundown|overview|briefing|round-up)",
        r"backup:(?:backup(?:in|kan)?|bekap|bekup|bakup|bakap|cadang(?:kan|in)|ekspor(?:in|kan)?|bckp|bkup)",
        r"backup:(?:pencadangan|pengeksporan)",
        r"backup:(?:backup|back up|back-up|export|snapshot)",
        r"message=remind:(?:ingat(?:kan|in)|inget(?:in|kan)|ingatkn|ingtkan|ingetkn)",
        r"send:k[ir]{1,2}i?r?i?m(?:kan|in|kn)?|send:krm|send:kirm|send:krim",
        r"send:(?:send|snd|sned)",
        r"notify:(?:kabar(?:i|in|kan)|k(?:asih?|sh) tah?u|kasih?tau|beri ?tah?u|(?:kasih|beri) kabar)",
        r"notify:info(?:kan|in)",
        r"notify:(?:notify|alert|warn|inform)",
        r"stop:(?:hentikan|hentiin|matikan|matiin|nonaktifkan|nonaktifin|stopin|setop|stopkan)",
        r"stop:(?:stop|disable|turn off|switch off|deactivate)",
        r"stop=delete:(?:hapus(?:kan|in)?|apus(?:in)?|hpus)",
        r"stop=delete:(?:delete|remove|erase)",
        r"stop=resume:(?:lanjutkan|lanjutin)",
        r"change:(?:ganti|gnti|ubah|ubh|rubah|gantilah|ubahlah)",
        r"change:(?:change|alter|modify|adjust)",
        # Targets.
        r"channel=\w+:(?!.*(?:-in|in|kan|nya)$|di-|inbox|gmail)[\w .-]+",
        r"account:(?:akun|akn|akub|akum)",
        r"account:(?:account|acc|acct|acount|accout|accnt|accunt)",
        r"down:(?:mati|down|tumbang)",
        # Times.
        r"unit=(?:ms|s|min|h|d|w|mo|y):(?!.*(?:nya|an|2|s)$)[a-z]+",
        r"unit=\w+:(?!.*(?:hour's|dtk2))[a-z]+s",
        r"unit1=\w+:\w+",
        r"every:(?!tiap tiap$|every single$|tp$|tia$|tipa$|ever$|.*kali|each|per$)[a-z -]+",
        r"once:(?:sekali|skali|skl|sekli)",
        r"half:(?:setengah|stengah|stgh|stngah)",
        r"quarter:(?:seperempat|prapat|seprempat|perempat)",
        r"recur=\w+:(?!.*nya$)[a-z -]+",
        r"hourly=\w+:[a-z -]+",
        r"clockmark:(?:jam|pukul|pkl|jm|pukl)",
        r"part=(?!subuh)\w+:(?!.*nya$|ben |in |at |of |by |during |sing$|sor$|nights?$|nites?$)[a-z]+",
        r"part=subuh:(?:subuh|sbuh|shubuh)",
        r"part=subuh:(?:dini hari|dinihari|dini hr)",
        r"clock=\d+:(?!at |tengah (?:wengi|peuting)|noonish)[a-z -]+",
        r"weekday=\d:(?!mingu|.*nya$)[a-z' ]+",
        r"weekday_short=\d:[a-z]+",
        r"dayset=1,2,3,4,5:(?!.*(?:sekolah|school|schooldays|biasa|efektif|aktif))[a-z -]+",
        r"dayset=6,0:(?:akhir pekan|akhir minggu|weekend|wiken|weekends|the weekend|week-end)",
        r"datemark:(?:tanggal|tgl|tggl|tnggl|tgal)",
        r"relday=1:(?:besok|bsk|esok|besuk|bsok)",
        r"relday=1:(?:tomorrow|tmrw|tmrow|tomoz|tomoro|tomorow|tmr|tommorow|tommorrow)",
        r"relday=[02]:(?!lusa$|besok lusa$)[a-z ]+",
        r"tonight:[a-z ]+",
        r"now:(?:sekarang|skrg|skrang|skg)",
        r"month=\d+:[a-z]+",
        r"digit=[1-9]:[a-z]+",
        r"teen=\d+:[a-z]+",
        r"until:(?:sampai|sampe|smpe|hingga|hgg|ampe|sampek)",
        r"until:(?:until|till|til)",
        r"from:(?:dari|dr)",
        r"later:(?:lagi|lg)",
        # Operators.
        r"except:(?:kecuali|kcuali|terkecuali|selain)",
        r"except:(?:except|except for|excluding|apart from|aside from|with the exception of)",
        r"cond:(?:kalau|kalo|klo|klu|kl|kalok|jika|jikalau|bila|apabila)",
        r"neg:(?:jangan|jgn|jngn|jangn|jgan)",
        r"neg:\w+ ?usah|neg:gosah|neg:gausa",
        r"neg:\w+ perlu|neg:gaperlu",
        r"neg:(?:don't|dont|do not|do n't)",
        r"sep=weak:(?:dan|sama|serta)",
        r"sep=strong:(?:terus|trus|lalu|kemudian|trs|lantas)",
        r"but:(?:tapi|tetapi|tpi|namun)",
        r"keep:(?:simpan|simpen|smpan)",
        r"using:(?:pakai|pake|pke|menggunakan)",
    )
)
_OWN_WORDS = frozenset(
    {"tak", "tau", "tahu", "kasi", "nti", "kek", "gax", "usa", "cuz", "kaya", "ora", "ojo"}
)
"""Spellings that are words of their own, or too rare to be taken for granted."""


class Swap(NamedTuple):
    """A run of words of a sentence, and words that mean the same."""

    start: int
    end: int
    text: str
    others: tuple[str, ...]


def swaps_in(sentence: Sentence) -> Iterator[Swap]:
    """Yield the runs of free words that have other spellings, the longest first at each word."""
    words = sentence.words
    at = 0
    while at < len(words):
        length = 1
        for count in range(min(_LONGEST, len(words) - at), 0, -1):
            run = words[at : at + count]
            typed = sentence.prompt[run[0].start : run[-1].end]
            if typed.count(" ") == count - 1 and (count == 1 or senses_of(canonical(typed.lower()))):
                length = count
                others = same_words(typed.lower())
                if others:
                    yield Swap(run[0].start, run[-1].end, typed.lower(), others)
                break
        at += length


@lru_cache(maxsize=4096)
def same_words(text: str) -> tuple[str, ...]:
    """Return the words that mean the same as a word or phrase of the lexicon, without itself."""
    meant = canonical(text)
    alike = {other for group in _groups() if meant in group for other in group}
    alike = {other for other in alike if senses_of(other) == senses_of(meant)} | {meant}
    forms = {form for other in alike for form in _forms(other)}
    fit = {form for form in forms if " " in form or senses_of(form) == senses_of(meant)}
    return tuple(sorted(fit - {text}))


def _forms(phrase: str) -> Iterator[str]:
    """Yield a phrase, and its forms with another spelling of one of its words."""
    yield phrase
    words = phrase.split()
    for index, word in enumerate(words):
        for spelling in _spellings().get(word, ()):
            yield " ".join([*words[:index], spelling, *words[index + 1 :]])


@lru_cache(maxsize=1)
def _spellings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for spelling, word in SPELLINGS.items():
        if spelling.isalpha() and len(spelling) > 1 and spelling not in _OWN_WORDS:
            found.setdefault(word, []).append(spelling)
    return found


@lru_cache(maxsize=1)
def _groups() -> tuple[frozenset[str], ...]:
    groups: dict[tuple[str, str, int], set[str]] = {}
    for entry in ENTRIES:
        name = entry.sense if entry.value is True else f"{entry.sense}={_value(entry.value)}"
        for phrase, language in entry.words:
            for number, pattern in enumerate(_ALIKE):
                if pattern.fullmatch(f"{name}:{phrase}"):
                    for each in ("id", "en") if language == "" else (language,):
                        groups.setdefault((name, each, number), set()).add(canonical(phrase))
    return tuple(frozenset(group) for group in groups.values() if len(group) > 1)


def _value(value: object) -> str:
    return ",".join(map(str, cast("tuple[object, ...]", value))) if isinstance(value, tuple) else str(value)


def has_sense(text: str, *names: str) -> bool:
    """True if a word or phrase of the lexicon has one of the senses."""
    return not senses_of(canonical(text)).keys().isdisjoint(names)


@lru_cache(maxsize=1)
def refusals() -> tuple[str, ...]:
    """Return the words that deny what follows, in Indonesian: "jangan", "tdk usah", with all spellings."""
    phrases = ("jangan", "jangan pernah", "tidak usah", "tidak perlu", "gausah", "gaperlu")
    return tuple(sorted({form for phrase in phrases for form in _forms(phrase)}))


def weekday_of(text: str) -> int | None:
    """Return the weekday that a single word names; Sunday is 0."""
    if text == "minggu":
        return 0
    value = senses_of(text).get("weekday")
    return value if isinstance(value, int) and " " not in text else None


def channel_of(text: str) -> str:
    """Return the channel that a word names; empty if none."""
    return str(senses_of(text).get("channel", ""))
