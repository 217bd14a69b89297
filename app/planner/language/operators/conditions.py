"""Reads the conditions of an alarm: how long, how often, how slow, how soon a certificate ends.

A length or a count in a condition is never an interval: "kalau mati 10 menit", "if it fails 3 times".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, NamedTuple

from app.planner.language.clauses.clause import Item
from app.planner.language.lexicon.entry import phrases, words
from app.planner.language.times.expressions import DAY_SEC
from app.planner.language.times.intervals import UNIT_SEC, read_length
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.language.tokens.numbers import read_whole

CERT_DAYS: Final = 14
"""The days of "mau habis"."""
SLOWEST_SEC: Final = 60
"""A longer time is how long a state lasts, not how long a page takes."""
_MOST_LEADS: Final = 4
_MOST_WORDS: Final = 24
"""The longest condition that is read, in lexemes: the work stays linear."""
_CERT_WORDS: Final = 10

_CERTS: Final = words(
    """
    ssl ssl-nya sslnya sertifikat sertifikatnya sertipikat certificate certificates cert certs tls https-nya
    """
)
_EXPIRES: Final = words(
    """
    habis abis kedaluwarsa kadaluarsa kadaluwarsa kedaluarsa kadarluarsa berakhir tempo tinggal sisa tersisa
    mati expires expire expired expiring expiry ends ending end out due lapses left expiration
    """
)
_SLOW: Final = words(
    """
    lambat lambatnya lelet lemot lemotnya ngelag kelamaan melambat slow slower slowly sluggish laggy lagging
    slows
    """
)
_TAKES: Final = words(
    """
    respon respons responnya responsnya merespon merespons loading loadingnya latensi latensinya menjawab
    jawabnya kebuka dibuka dibukanya bukanya balas membalas butuh muat latency responds answers respond
    answer loads load takes taking take took response exceeds replies reply
    """
) | {"response time"}
_OVER: Final = words(
    "> >= lebih melebihi melewati atas diatas over above more longer greater than beyond exceeding"
)
_MORE: Final = _OVER | phrases("lebih dari, more than, longer than, greater than")
_AT_LEAST: Final = words("minimal min setidaknya least paling tidak")
_LEADS: Final = (
    words(
        """
        selama slama for sudah udah sdh udh terus sampai hingga is are it its been has dalam in within after
        setelah sesudah about around sekitar baru ada : = the less left kurang been itu nya tetap still
        masih time last as up to lagi di jadi dari waktu lama of at yang yg banget sekali jam
        """
    )
    | _MORE
    | _AT_LEAST
) - {"jam"}
_ROW: Final = words(
    "berturut-turut berturut2 berturut turut beruntun berurutan row consecutively consecutive straight"
)
_CHECKS: Final = words(
    "check checks attempt attempts probe probes pings pengecekan pemeriksaan cek failed bad"
)
_FAILURES: Final = words("failures errors error kegagalan outages")
_WITHIN: Final = words("dalam in within")
_BEFORE: Final = words("sebelum sblm before ahead")
_STRONG: Final = frozenset({".", ";", "!", "?", "|"})
_H_MINUS: Final = re.compile(r"h-?([0-9]{1,3})")
_AGO: Final = words("ago yang yg lalu")
_TO: Final = words("to untuk buat utk baru")
_CUES: Final = _CERTS | _SLOW | _TAKES | _MORE | _ROW | {"failed"}
"""Each condition has one of these words, or a sense of `_CUE_SENSES`, or comes after one."""
_CUE_SENSES: Final = frozenset({"cond", "otherwise", "down"})


class _Span(NamedTuple):
    """A value and the index after it."""

    value: int
    end: int


def read_conditions(lex: Lexemes) -> list[Item]:
    """Return the conditions of a sentence: items `lasts` (seconds), `fails`, `slow` (ms), `cert` (days)."""
    items: list[Item] = []
    if not lex.mentions(_CUES, _CUE_SENSES):
        return items
    pos, until, read = 0, 0, False
    while pos < len(lex):
        if lex[pos].has("cond", "otherwise"):
            until, read = pos + _MOST_WORDS, False
        elif _is_end(lex, pos) or (read and lex[pos].has("notify", "send", "message", "every", "watch")):
            until = 0
        found = _cert(lex, pos) or _slow(lex, pos) or _fails(lex, pos) or _lasts(lex, pos, inside=pos < until)
        found = _of_certificate(items, found)
        items.extend(found)
        read = read or bool(found) or lex[pos].has("down")
        pos = max(pos + 1, found[-1].last) if found else pos + 1
    return items


def _of_certificate(items: list[Item], found: list[Item]) -> list[Item]:
    """Read the days of "cek ssl …, kabari kalau kurang dari 21 hari" as those of the certificate."""
    place = next((at for at in range(len(items) - 1, -1, -1) if items[at].kind == "cert"), None)
    if place is None or len(found) != 1 or found[0].kind != "lasts" or (found[0].number or 0) < DAY_SEC:
        return found
    items[place] = replace(items[place], value=_days(found[0].number or 0))
    return [replace(found[0], kind="filler", value=None)]


def _is_end(lex: Lexemes, pos: int) -> bool:
    return lex[pos].text in _STRONG or lex[pos].kind in {"line", "bullet"}


def _length(lex: Lexemes, pos: int) -> tuple[float, int] | None:
    """Return a length in seconds that no word marks as a repetition, and the index after it."""
    if lex.has(pos, "every", "interval") or lex.has(pos - 1, "every", "interval"):
        return None
    length = read_length(lex, pos)
    if length is None or lex.has(length[2], "once", "later") or lex.text(length[2]) in _AGO:
        return None
    return length[0] * UNIT_SEC[length[1]], length[2]


# Certificates.


def _cert(lex: Lexemes, pos: int) -> list[Item]:
    """Read "ssl … mau habis", "certificate expires in 10 days", "7 hari sebelum sertifikat habis"."""
    if lex.text(pos) not in _CERTS or lex.text(pos - 1) in _CERTS:
        return []
    named = lex.past(pos + 1, _CERTS, most=1)
    last = min(len(lex), pos + _CERT_WORDS)
    end = next((i for i in range(pos + 1, last) if _is_end(lex, i)), last)
    ends = next((i for i in range(pos + 1, end) if lex.text(i) in _EXPIRES), None)
    before = _days_before(lex, pos)
    if before is not None:
        rest = [] if ends is None else [Item("filler", ends, ends + 1)]
        days, start, led = before
        return [Item("cond", start, led), Item("cert", led, named, days), *rest]
    if ends is None:
        return [Item("cert", pos, named, CERT_DAYS)]
    found = next(
        (
            (length, i)
            for i in range(pos + 1, min(end + 2, ends + _MOST_LEADS))
            if (length := _length(lex, i))
        ),
        None,
    )
    if found is None:
        return [Item("cert", pos, named, CERT_DAYS), Item("filler", ends, ends + 1)]
    (seconds, after), start = found
    return [Item("cert", pos, named, _days(seconds)), Item("filler", min(start, ends), max(after, ends + 1))]


def _days(seconds: float) -> int:
    return max(1, -int(-seconds // DAY_SEC))


def _days_before(lex: Lexemes, pos: int) -> tuple[int, int, int] | None:
    """Return the days of "7 hari sebelum ssl …", their first index and that after "sebelum"."""
    before = next((i for i in (pos - 1, pos - 2) if lex.text(i) in _BEFORE), None)
    if before is None:
        return None
    if (short := _H_MINUS.fullmatch(lex.text(before - 1))) is not None:
        return int(short[1]), before - 1, before + 1
    for start in range(max(0, before - 3), before):
        length = _length(lex, start)
        if length is not None and length[1] == before:
            return _days(length[0]), start, before + 1
    return None


# Slow pages.


def _slow(lex: Lexemes, pos: int) -> list[Item]:
    """Read "lambat lebih dari 2 detik", "answers slower than 2 seconds", "more than 3s to load", "lemot"."""
    text = lex.text(pos)
    if text not in _SLOW and text not in _TAKES:
        return _slow_before(lex, pos)
    start = lex.past(pos + 1, _LEADS | _SLOW | _TAKES, most=_MOST_LEADS)
    length = _length(lex, start)
    lasting = any(lex.text(i) in {"selama", "for"} for i in range(pos + 1, start))
    if length is not None and length[0] <= SLOWEST_SEC and not lasting:
        return [Item("slow", pos, length[1], _ms(length[0]))]
    if text not in _SLOW:
        return []
    return [Item("slow", pos, pos + 1), *_lasts(lex, pos + 1, inside=True)]


def _slow_before(lex: Lexemes, pos: int) -> list[Item]:
    """Read a time before its verb, or right after a page: "more than 3 seconds to load"."""
    if lex.text(pos) not in _MORE:
        return []
    length = _length(lex, lex.past(pos + 1, _LEADS, most=2))
    if length is None or length[0] > SLOWEST_SEC:
        return []
    verb = lex.past(length[1], _TO, most=2)
    if lex.text(verb) in _TAKES:
        return [Item("slow", pos, verb + 1, _ms(length[0]))]
    return [Item("slow", pos, length[1], _ms(length[0]))] if pos and lex[pos - 1].kind == "url" else []


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


# Failures: how many, and how long.


def _fails(lex: Lexemes, pos: int) -> list[Item]:
    """Read "gagal 3 kali berturut-turut", "3 failed checks", "after 3 failures in a row"."""
    if lex[pos].has("down") or lex.text(pos) in {"after", "setelah", "sesudah"}:
        start = lex.past(pos + 1, _LEADS, most=_MOST_LEADS)
        count = _count(lex, start)
        if count is None or (not lex[pos].has("down") and not _names_failure(lex, count)):
            return []
        leads = {lex.text(i) for i in range(pos + 1, start)}
        more = bool(leads & _MORE) and not leads & _AT_LEAST
        return [Item("fails", pos + 1, count.end, count.value + more), *_within(lex, count.end)]
    count = _count(lex, pos)
    if count is None or not _names_failure(lex, count):
        return []
    # "3x gagal berturut-turut": the row is named after the failure.
    end = _past_row(lex, count.end + 1) if lex.has(count.end, "down") else count.end
    end = end if end > count.end + 1 else count.end
    return [Item("fails", pos, end, count.value), *_within(lex, end)]


def _names_failure(lex: Lexemes, count: _Span) -> bool:
    """True if a failure or a row is named next to the count: "3 kali gagal", "three failures in a row"."""
    return any(
        lex.has(i, "down") or lex.text(i) in _ROW | {"failed"}
        for i in (count.end - 2, count.end - 1, count.end)
    )


def _count(lex: Lexemes, pos: int) -> _Span | None:
    """Read "3 kali", "5x", "3 consecutive failures", "5 failed checks"."""
    number = read_whole(lex, pos)
    if number is None or number[0] != int(number[0]) or lex.has(pos, "hm"):
        return None
    end = _past_row(lex, lex.past(number[1], _CHECKS | _ROW, "times", most=3))
    bare, counted = lex.text(end) in _FAILURES, lex.text(end - 1) in _CHECKS | _ROW
    if (end == number[1] and bare) or (counted and lex.has(end, "down")):
        end += 1
    if end == number[1] or lex.has(end, "every", "unit1"):
        return None
    return _Span(int(number[0]), _past_row(lex, end))


def _past_row(lex: Lexemes, pos: int) -> int:
    """Return the index after "berturut-turut" or "in a row"."""
    row = lex.skip(lex.skip(pos, "in"), "a")
    return row + 1 if lex.text(row) == "row" else lex.past(pos, _ROW, most=2)


def _within(lex: Lexemes, pos: int) -> list[Item]:
    """Read the "dalam 10 menit" of "gagal 3 kali dalam 10 menit", which no monitor counts."""
    length = _length(lex, pos + 1) if lex.text(pos) in _WITHIN | {"selama"} else None
    return [Item("within", pos, length[1])] if length is not None else []


def _lasts(lex: Lexemes, pos: int, *, inside: bool) -> list[Item]:
    """Read "mati lebih dari 10 menit" anywhere, and any other length inside a condition."""
    down = lex.has(pos, "down")
    if not inside and not down:
        return []
    first = pos + 1 if down else pos
    start = lex.past(first, _LEADS, most=_MOST_LEADS)
    length = _length(lex, start)
    if length is None or length[0] < 1:
        return []
    if (
        down
        and length[0] <= SLOWEST_SEC
        and any(lex.text(i) in {"dalam", "within"} for i in range(first, start))
    ):
        return [Item("slow", first, length[1], _ms(length[0]))]  # "doesn't answer within 5 seconds"
    return [Item("lasts", first, lex.past(length[1], {"left", "berturut-turut"}, most=1), round(length[0]))]
