"""Reads dates, months and feasts: "tanggal 1 dan 15", "5 Desember 2026", "Januari sampai Maret", "Natal"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from functools import cache
from typing import Final

from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.lexicon.spelling import read_entries
from app.planner.language.times.expressions import Dates, Except, FeastDay, Impossible, Months, Read, Value
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.language.tokens.numbers import read_whole

LAST_DAY: Final = 0
_LONGEST_MONTH: Final = 31
_SHORT_YEARS, _CENTURY = 100, 2000
_MOST_DAYS: Final = 12
_MOST_PLAIN_DAYS: Final = 4
"""The most days in a list of plain numbers; it bounds the work on a prompt of nothing but numbers."""
_MONTHS: Final = range(1, 13)
_LEAP_YEAR: Final = 2024
_YEARS: Final = range(1970, 2200)
_DayList = tuple[list[int], int]


def read_dates(lex: Lexemes, pos: int, *, every: bool = False) -> Read:
    """Read days of the month, or dates, at an index."""
    readers = (_edge, _month_first, _day_list)
    found = (reader(lex, pos, every=every) for reader in readers)
    return _written(lex, pos) or next((read for read in found if read is not None), None)


def _written(lex: Lexemes, pos: int) -> Read:
    """Read 2026-12-05, 5/12/2026, and 5/12 without a year."""
    marked = lex.has(pos, Sense.DATEMARK)
    pos += marked
    day, month = lex.integer(pos, Sense.NUMBER), lex.integer(pos + 2, Sense.NUMBER)
    written = lex.text(pos + 1) == "/" or (marked and lex.text(pos + 1) == "-" and (day or 0) > (month or 0))
    if day and month in _MONTHS and written and (marked or _stands_alone(lex, pos)):
        return None if lex.has(pos + 3, Sense.EVERY) else (_checked([day], month, None, every=False), pos + 3)
    dotted = marked and lex.kind(pos) == "clock" and "." in lex.text(pos)  # "tgl 30.11"
    if lex.kind(pos) not in {"isodate", "date"} and not dotted:
        return None
    parts = [int(part) for part in re.split(r"[/.-]", lex[pos].text)]
    day, month, *years = parts[::-1] if lex[pos].kind == "isodate" else parts
    year = years[0] + (_CENTURY if years[0] < _SHORT_YEARS else 0) if years else None
    return _checked([day], month, year, every=False), pos + 1


def _stands_alone(lex: Lexemes, pos: int) -> bool:
    """True if no word before or after "30/11" makes it an hour, an amount or a fraction."""
    end = pos + 3
    known = lex.text(end) in words_of(Sense.DEED, Sense.EVENT) or lex.kind(end) in {"mark", "line", "text"}
    ends = known or end >= len(lex) or lex.has(end, Sense.CLOCKMARK, Sense.SEP, Sense.PART)
    led = lex.has(pos - 1, Sense.CLOCKMARK, Sense.UNIT, Sense.LASTING, Sense.KEEP, Sense.EXPECT, Sense.EVERY)
    return ends and not led and lex[pos].end == lex[pos + 1].start


def _edge(lex: Lexemes, pos: int, *, every: bool) -> Read:
    """Read the last, the first and the middle day of the month."""
    start = lex.after(pos, Sense.AT, Sense.THE, most=2)
    for name, day in (("lastday", LAST_DAY), ("firstday", 1), ("midmonth", 15)):
        if lex.has(start, name):
            whole = "bulan" in lex[start].text or "month" in lex[start].text
            end = _of_month(lex, start + 1)
            if name != "lastday" and not whole and end == start + 1:
                return None
            led = lex[start].text.startswith(tuple(words_of(Sense.EACH_WORD)))
            return Dates((day,), every=every or led or end > start + 1), end
    return None


def _of_month(lex: Lexemes, pos: int) -> int:
    """Return the index after "of every month", "setiap bulan", "di tiap bulannya"."""
    end = lex.after(pos, Sense.OF_DATE, Sense.EVERY, most=4)
    if lex.sense(end, Sense.UNIT) == "mo" or lex.sense(end, Sense.RECUR) == "mo":
        return end + 1
    return pos


def _month_first(lex: Lexemes, pos: int, *, every: bool) -> Read:
    """Read "December 25" and "Dec 5th"."""
    start = lex.skip(pos + int(lex.has(pos, Sense.DATEMARK)), "the")
    if not lex.has(start, Sense.MONTH):
        return None
    day = _day(lex, lex.skip(start + 1, "the"))
    if day is None or lex.has(day[1], Sense.UNIT) or lex.has(start + 1, Sense.HM):
        return None
    return _with_year(lex, day[1], [day[0]], start, every=every)


def past_next_year(lex: Lexemes, pos: int) -> int:
    """Return the index after the "tahun depan" or "next year" at an index, else the same index."""
    at = pos + lex.has(pos, Sense.NEXT)
    found = lex.word(at, Sense.UNIT) == "y" and (at > pos or lex.has(at + 1, Sense.NEXT))
    return pos + 2 if found else pos


def _with_year(lex: Lexemes, pos: int, days: list[int], month_at: int, *, every: bool) -> Read:
    month = lex.integer(month_at, Sense.MONTH)
    year_at = lex.skip(pos, ",", "tahun")
    year = lex.integer(year_at, Sense.NUMBER)
    if year not in _YEARS or lex.counts(year_at + 1):
        year, end = None, pos
    else:
        end = year_at + 1
    return _checked(days, month, year, every=every), end


def _day_list(lex: Lexemes, pos: int, *, every: bool) -> Read:
    """Read "tanggal 1 dan 15", "the 5th of every month", "17 Agustus 2026"."""
    marked = lex.has(pos, Sense.DATEMARK)
    start = pos + 1 if marked else lex.after(pos, Sense.ON_WORD, Sense.THE, most=2)
    days = _days(lex, start)
    if days is None:
        return None
    month_at = lex.after(days[1], Sense.OF_MONTH)
    if lex.has(month_at, Sense.MONTH):
        return _with_year(lex, month_at + 1, days[0], month_at, every=every)
    end = _of_month(lex, days[1])
    if not marked and not _is_day_of_month(lex, start, days[1], of_month=end > days[1]):
        return None
    return _checked(days[0], None, None, every=every or end > days[1]), end


def _is_day_of_month(lex: Lexemes, start: int, end: int, *, of_month: bool) -> bool:
    """True for "the 5th" and "5 of every month", not for "the first Monday" and "5 menit"."""
    if lex.has(end, Sense.WEEKDAY, Sense.DAYSET, Sense.UNIT, Sense.LASTWORD) or lex.has(start, Sense.DIGIT):
        return False
    led = lex.has(start - 1, Sense.EVERY, Sense.ON_WORD, Sense.THE)
    return (lex.has(start, Sense.ORDINAL) and led) or (
        of_month and lex.has(start, Sense.ORDINAL, Sense.NUMBER)
    )


def _days(lex: Lexemes, pos: int) -> _DayList | None:
    first = _day(lex, pos)
    if first is None:
        return None
    days, end = [first[0]], first[1]
    if lex.has(end, Sense.UNTIL):
        last = _day(lex, lex.after(end + 1, Sense.WITH_WORD, Sense.THE, Sense.DATEMARK, most=2))
        if last is not None and first[0] < last[0]:
            return list(range(first[0], min(last[0], 99) + 1)), last[1]
    marked = lex.has(pos - 1, Sense.DATEMARK) or lex.has(pos, Sense.ORDINAL)
    most = _MOST_DAYS if marked else _MOST_PLAIN_DAYS
    while len(days) < most and (after := lex.list_next(end)) is not None:
        more = _day(lex, lex.after(after, Sense.ON_WORD, Sense.THE, Sense.DATEMARK, most=2))
        if more is None or lex.counts(more[1]) or lex.has(more[1], Sense.PART, Sense.KEEP_NOUN):
            break
        days.append(more[0])
        end = more[1]
    return days, end


def _day(lex: Lexemes, pos: int) -> tuple[int, int] | None:
    if (day := lex.integer(pos, Sense.ORDINAL)) is not None and not lex.has(pos, Sense.DIGIT):
        return day, pos + 1
    number = read_whole(lex, pos)
    if number is None or number[0] != int(number[0]):
        return None
    return int(number[0]), number[1]


def _checked(days: list[int], month: int | None, year: int | None, *, every: bool) -> Value:
    if month is not None and month not in _MONTHS:
        return Impossible("date")
    longest = _LONGEST_MONTH if month is None else monthrange(year or _LEAP_YEAR, month)[1]
    if any(not 1 <= day <= longest for day in days):
        return Impossible("date")
    return Dates(tuple(sorted(set(days))), month, year, every=every)


# Months without a day.


def read_months(lex: Lexemes, pos: int, *, listed: bool = False) -> Read:
    """Read one month, a list or a range of them; `listed` if the sentence calls for one here."""
    start = lex.after(pos, Sense.MONTH_LEAD, most=3)
    first = _month(lex, start)
    if first is None:
        return None
    months, end = _stretch(lex, start, first)
    ranged = len(months) > 1
    while (
        after := lex.list_next(end) or (end if listed and lex.has(end, Sense.MONTH) else None)
    ) is not None:
        more = lex.after(after, Sense.MONTH_WORD, Sense.AT)
        if (month := _month(lex, more)) is None:
            break
        others, end = _stretch(lex, more, month)
        months |= others
    led = any(each.has(Sense.MONTH_MARK) for each in lex[pos:start])
    return (Months(frozenset(months)), end) if listed or led or ranged else None


def _month(lex: Lexemes, pos: int) -> int | None:
    """Return the month at an index, unless a day or an hour follows: "Desember 25"."""
    month = lex.integer(pos, Sense.MONTH)
    verb = lex.text(pos) == "may" and not lex.has(
        pos - 1, Sense.IN, Sense.UNTIL, Sense.EVERY, Sense.EXCEPT, Sense.SEP
    )
    return None if verb or lex.has(pos + 1, Sense.NUMBER) else month


def _stretch(lex: Lexemes, pos: int, first: int) -> tuple[set[int], int]:
    last = _month(lex, lex.after(pos + 2, Sense.MONTH_WORD)) if lex.has(pos + 1, Sense.UNTIL) else None
    if last is None:
        return {first}, pos + 1
    months = {(first - 1 + step) % len(_MONTHS) + 1 for step in range((last - first) % len(_MONTHS) + 1)}
    return months, lex.after(pos + 2, Sense.MONTH_WORD) + 1


# Holidays and feasts: "tanggal merah", "cuti bersama", "Natal", "Lebaran".

_FEASTS: Final[Mapping[str, str]] = {
    name.replace("_", " "): key.replace("_", " ")
    for key, *names in map(str.split, read_entries("feasts.txt"))
    for name in names
}
"""Feasts by name, each with its day of the year, or with a part of the Indonesian name of its holiday."""
_LONGEST_PHRASE: Final = 4
_NAMES: Final = frozenset(_FEASTS)
FEAST_WORDS: Final = frozenset(name.split()[0] for name in _FEASTS)
FIRST_WORDS: Final = frozenset(name.split()[0] for name in words_of(Sense.DAYS_OFF))
_FIRST: Final = FEAST_WORDS | {name.split()[0] for name in words_of(Sense.LEAVE, Sense.HOLIDAY)}


def read_feast(lex: Lexemes, pos: int) -> tuple[Except, int] | None:
    """Read holidays of all kinds at an index, as something that is left out."""
    if lex.text(pos).partition(" ")[0] not in _FIRST:
        return None
    if (end := phrase_end(lex, pos, _NAMES)) is not None:
        key = _FEASTS[lex.joined(pos, end)]
        moves = key[0].isalpha()
        return Except(holidays=True, names=frozenset({key})) if moves else Except(dates=frozenset({key})), end
    if (end := phrase_end(lex, pos, words_of(Sense.LEAVE))) is not None:
        return Except(holidays=True, leave=True), end
    if (end := phrase_end(lex, pos, words_of(Sense.HOLIDAY))) is None:
        return None
    country = lex.after(end, Sense.AT)
    return Except(holidays=True), country + 1 if lex.text(country) == "indonesia" else end


def read_feast_date(lex: Lexemes, pos: int) -> tuple[Dates | FeastDay, int] | None:
    """Read the day of one feast: its date if that is the same each year, else its name."""
    feast = read_feast(lex, pos)
    if feast is None or not (feast[0].dates or feast[0].names):
        return None
    if feast[0].names:
        return FeastDay(min(feast[0].names)), feast[1]
    month, day = (int(part) for part in min(feast[0].dates).split("-"))
    return Dates((day,), month), feast[1]


def is_evening(lex: Lexemes, start: int, end: int) -> bool:
    """True for the feasts that are evenings: "malam tahun baru", "christmas eve"."""
    return lex.text(start) == "malam" or lex.joined(start, end).endswith(" eve")


def days_off_end(lex: Lexemes, pos: int) -> int | None:
    """Return the index after "tanggal merah" or "public holidays"; None for "libur" alone."""
    return phrase_end(lex, pos, words_of(Sense.DAYS_OFF))


@cache
def _first_words(known: frozenset[str]) -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in known)


def phrase_end(lex: Lexemes, pos: int, known: frozenset[str]) -> int | None:
    """Return the index after the longest of some phrases at an index; None without one."""
    if lex.text(pos).partition(" ")[0] not in _first_words(known):
        return None
    ends = (min(pos + length, len(lex)) for length in range(_LONGEST_PHRASE, 0, -1))
    return next((end for end in ends if end > pos and lex.joined(pos, end) in known), None)
