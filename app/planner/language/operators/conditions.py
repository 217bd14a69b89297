"""Reads the conditions of an alarm: how long, how often, how slow, how soon a certificate ends.

A length or a count in a condition is never an interval: "kalau mati 10 menit", "if it fails 3 times".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from app.planner.language.clauses.clause import Item
from app.planner.language.lexicon.sense import Sense, senses
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
_CERT_WORDS: Final = 20
_ENDS: Final = (Sense.SENTENCE_END, Sense.NOTIFY, Sense.SEND, Sense.MESSAGE, Sense.EVERY, Sense.WATCH)
"""Senses after which a condition that has been read ends."""

_CUES: Final = senses("condition_cue cond otherwise down")
"""Each condition has one of these senses, or comes after one."""


class _Span(NamedTuple):
    """A value and the index after it."""

    value: int
    end: int


def read_conditions(lex: Lexemes) -> list[Item]:
    """Return the conditions of a sentence: items `lasts` (seconds), `fails`, `slow` (ms), `cert` (days)."""
    items: list[Item] = []
    if not lex.mentions((), _CUES):
        return items
    pos, until, read = 0, 0, False
    while pos < len(lex):
        if lex[pos].has(Sense.COND, Sense.OTHERWISE):
            until, read = pos + _MOST_WORDS, False
        elif lex[pos].kind in {"line", "bullet"} or lex[pos].has(*_ENDS[: None if read else 1]):
            until = 0
        found = _cert(lex, pos) or _slow(lex, pos) or _fails(lex, pos) or _lasts(lex, pos, inside=pos < until)
        found = found or _days_ahead(lex, pos)
        items.extend(found)
        read = read or bool(found) or lex[pos].has(Sense.DOWN)
        pos = max(pos + 1, found[-1].last) if found else pos + 1
    certs = [place for place, item in enumerate(items) if item.kind == "cert"]
    for place, item in enumerate(items):
        days = (item.number or 0) >= (DAY_SEC if item.kind == "lasts" else 1)
        if certs and days and item.kind in {"lasts", "expires"}:
            # "cek ssl …, kabari kalau kurang dari 21 hari", "7 hari sebelum sertifikat … habis"
            cert = max((each for each in certs if each < place), default=certs[0])
            items[cert] = replace(items[cert], value=max(1, -int(-(item.number or 0) // DAY_SEC)))
            items[place] = replace(item, kind="cond" if place < cert else "expires", value=None)
    return items


def _length(lex: Lexemes, pos: int, *others: Sense) -> tuple[float, int] | None:
    """Return a length in seconds that no word marks as a repetition, and the index after it."""
    if lex.has(pos, Sense.EVERY, Sense.INTERVAL) or lex.has(pos - 1, Sense.EVERY, Sense.INTERVAL):
        return None
    length = read_length(lex, pos)
    if length is None or lex.has(length[2], Sense.ONCE, *(others or (Sense.LATER, Sense.PAST_LENGTH))):
        return None
    return length[0] * UNIT_SEC[length[1]], length[2]


# Certificates.


def _cert(lex: Lexemes, pos: int) -> list[Item]:
    """Read a certificate, and behind it "mau habis" and "expires in 10 days"."""
    if lex.has(pos, Sense.CERTIFICATE):
        return [Item("cert", pos, lex.after(pos + 1, Sense.CERTIFICATE), CERT_DAYS)]
    near = range(pos - 1, max(-1, pos - _CERT_WORDS), -1) if lex.has(pos, Sense.EXPIRES) else ()
    cert = next((i for i in near if lex.has(i, Sense.CERTIFICATE, Sense.SENTENCE_END)), -1)
    if not lex.has(cert, Sense.CERTIFICATE):
        return []
    lengths = ((i, _length(lex, i, Sense.EVERY)) for i in range(cert + 1, pos + _MOST_LEADS))
    start, length = next((each for each in lengths if each[1]), (pos, None))
    if length is None:
        return [Item("expires", pos, pos + 1)]
    while lex.has(start - 1, Sense.LIMIT_LEAD) and not lex.has(start - 1, Sense.CERTIFICATE):
        start -= 1
    end = lex.after(max(length[1], pos + 1), Sense.LATER, Sense.EXPIRES, most=2)
    return [Item("expires", min(start, pos), end, round(length[0]))]


def _days_ahead(lex: Lexemes, pos: int) -> list[Item]:
    """Read the "30 days before" of "30 days before it expires" and of "30 days before the certificate …"."""
    length = _length(lex, pos) if lex.has(pos, Sense.NUMBER) else None
    if length is None or not lex.has(length[1], Sense.AHEAD_OF):
        return []
    after = range(length[1] + 1, length[1] + 4)
    end = next((i for i in after if lex.has(i, Sense.EXPIRES, Sense.CERTIFICATE)), None)
    if end is None and not any(each.has(Sense.CERTIFICATE) for each in lex[max(0, pos - _CERT_WORDS) : pos]):
        return []
    last = length[1] + 1 if end is None else end + 1 if lex.has(end, Sense.EXPIRES) else length[1] + 1
    return [Item("lasts", pos, last, round(length[0]))]


# Slow pages.


def _slow(lex: Lexemes, pos: int) -> list[Item]:
    """Read "lambat lebih dari 2 detik", "more than 3s to load", "latency https://… kalau lebih dari 1s"."""
    slow, takes = lex.has(pos, Sense.SLOW), lex.has(pos, Sense.TAKES)
    if not (slow or takes or lex.has(pos, Sense.EXCEEDS)):
        return []
    parted = any(each.has(Sense.EXCEEDS) for each in lex[pos + 2 : pos + 4])  # "lemot, di atas 3 detik"
    first = lex.skip(pos + 1, ",") if parted else pos + 1
    start = lex.after(first, Sense.LIMIT_LEAD, Sense.SLOW, Sense.TAKES, most=_MOST_LEADS)
    length = _length(lex, start)
    lasting = any(each.has(Sense.LASTS_FOR) for each in lex[pos + 1 : start])
    if length is None or length[0] > SLOWEST_SEC or lasting:
        if slow:
            return [Item("slow", pos, pos + 1), *_lasts(lex, pos + 1, inside=True)]
        return [Item("expires", pos, pos + 1)] if takes and lex.kind(pos + 1) == "url" else []
    verb = lex.after(length[1], Sense.VERB_LEAD, most=2)
    end = verb + 1 if lex.has(verb, Sense.TAKES) else length[1]
    paged = lex.kind(pos - 1) == "url" or lex.has(pos - 3, Sense.TAKES) or end > length[1]
    return [Item("slow", pos, end, round(length[0] * 1000))] if slow or takes or paged else []


# Failures: how many, and how long.


def _fails(lex: Lexemes, pos: int) -> list[Item]:
    """Read "gagal 3 kali berturut-turut", "3 failed checks", "after 3 failures in a row"."""
    down, start = lex.has(pos, Sense.DOWN), pos
    if down or lex.has(pos, Sense.AFTER):
        leads = (Sense.LIMIT_LEAD,) if down else (Sense.LIMIT_LEAD, Sense.DOWN)
        start = lex.after(pos + 1, *leads, most=_MOST_LEADS)
    count = _count(lex, start)
    if count is None:
        return []
    near = range(count.end - 2, count.end + 1)
    if not down and not any(lex.has(i, Sense.DOWN, Sense.IN_A_ROW) for i in near):
        return []
    said = lex.roles(range(pos, start))
    more = Sense.EXCEEDS in said and Sense.AT_LEAST not in said
    # "3x gagal berturut-turut": the row is named after the failure.
    row = _past_row(lex, count.end + 1) if lex.has(count.end, Sense.DOWN) else 0
    end = row if row > count.end + 1 else count.end
    return [Item("fails", min(pos + 1, start), end, count.value + more), *_within(lex, end)]


def _count(lex: Lexemes, pos: int) -> _Span | None:
    """Read "3 kali", "5x", "3 consecutive failures", "5 failed checks"."""
    if (often := lex.integer(pos, Sense.TWICE)) is not None:
        return _Span(often, _past_row(lex, pos + 1))
    number = read_whole(lex, pos)
    if number is None or number[0] != int(number[0]):
        return None
    end = _past_row(lex, lex.after(number[1], Sense.CHECKS, Sense.IN_A_ROW, Sense.TIMES, most=3))
    bare, counted = lex.has(end, Sense.FAILURES), lex.has(end - 1, Sense.CHECKS, Sense.IN_A_ROW)
    if (end == number[1] and bare) or (counted and lex.has(end, Sense.DOWN)):
        end += 1
    if end == number[1] or lex.has(end, Sense.EVERY, Sense.UNIT1):
        return None
    return _Span(int(number[0]), _past_row(lex, end))


def _past_row(lex: Lexemes, pos: int) -> int:
    """Return the index after "berturut-turut" or "in a row"."""
    row = lex.skip(lex.skip(pos, "in"), "a")
    return row + 1 if lex.text(row) == "row" else lex.after(pos, Sense.IN_A_ROW, most=2)


def _within(lex: Lexemes, pos: int) -> list[Item]:
    """Read the "dalam 10 menit" of "gagal 3 kali dalam 10 menit", which no monitor counts."""
    length = _length(lex, pos + 1) if lex.has(pos, Sense.WITHIN, Sense.LASTING) else None
    return [Item("within", pos, length[1])] if length is not None else []


def _lasts(lex: Lexemes, pos: int, *, inside: bool) -> list[Item]:
    """Read "mati lebih dari 10 menit" anywhere, and any other length inside a condition."""
    down = lex.has(pos, Sense.DOWN)
    if not inside and not down:
        return []
    first = pos + 1 if down else pos
    start = lex.after(first, Sense.LIMIT_LEAD, most=_MOST_LEADS)
    length = _length(lex, start)
    if length is None:
        return []
    if (
        down
        and length[0] <= SLOWEST_SEC
        and any(each.has(Sense.WITHIN_STRICTLY) for each in lex[first:start])
    ):
        return [Item("slow", first, length[1], round(length[0] * 1000))]  # "doesn't answer within 5 seconds"
    return [Item("lasts", first, lex.after(length[1], Sense.LASTS_END), round(length[0]))]
