"""Reads what bounds a schedule: its first and last day, how long it lasts, how many times it fires."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from app.planner.language.lexicon.sense import Sense
from app.planner.language.times import expressions as said
from app.planner.language.times.clock import read_clock
from app.planner.language.times.clock_parts import PART_TIMES
from app.planner.language.times.dates import LAST_DAY, past_next_year, read_dates, read_feast_date
from app.planner.language.times.days import read_once_day, read_weekdays
from app.planner.language.times.expressions import Read, Value, values_of
from app.planner.language.times.intervals import MONTHS_OF, UNIT_SEC, read_delta, read_length, read_times
from app.planner.language.tokens.lexemes import Lexemes

_UNITS: Final = ("w", "mo", "y")
_YEARS: Final = range(2000, 2200)
_DAY: Final = (said.OnceDay, said.OnceWeekday, said.Dates, said.CalendarPeriod)


def read_bound(lex: Lexemes, pos: int) -> Read:
    """Read "mulai besok", "sampai tanggal 30", "until Friday 5pm", "from tomorrow to Friday"."""
    if not lex.has(pos, Sense.FROM, Sense.UNTIL) or lex.has(pos, Sense.RANGE):
        return None
    ends = lex.has(pos, Sense.UNTIL) and not lex.has(pos, Sense.FROM)
    hour = _hour(lex, pos + 1) if ends and lex.has(pos - 1, Sense.NOW, Sense.LATER) else None
    if hour is not None:  # "dari sekarang sampai jam 10 malam"
        return said.TimeBound(ends=True, day=(said.OnceDay(loose=True),), clock=hour[0]), hour[1]
    first, last = (lex.word(place, Sense.PART) for place in (pos + 1, pos + 3))
    if not ends and lex.has(pos + 2, Sense.UNTIL) and {first, last} <= PART_TIMES.keys():
        start, end = (said.ClockTime(PART_TIMES[part].minute, exact=True) for part in (first, last))
        return said.ClockWindow(start, end, assumed=True), pos + 4  # "dari pagi sampai sore"
    bound = _bound(lex, pos, ends=ends, loose=lex.has(pos, Sense.FROM_WORD))
    if bound is None:
        return None
    values, end = bound
    if not ends and lex.has(end, Sense.UNTIL):
        # "from Monday to Friday" has its end even after "to".
        other = _bound(lex, end, ends=True, loose=False)
        if other is not None:
            return (*values, *other[0]), other[1]
    return values if ends else _with_end(values), end


def _with_end(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return the start and the end of "mulai tanggal 7 sampai tanggal 12", which is read as dates."""
    dates = values[0].day[0] if isinstance(values[0], said.TimeBound) else None
    if not isinstance(dates, said.Dates) or len(dates.days) == 1:
        return values
    first, last = (replace(dates, days=(day,)) for day in (dates.days[0], dates.days[-1]))
    return (said.TimeBound(ends=False, day=(first,)), said.TimeBound(ends=True, day=(last,)), *values[1:])


_Bound = tuple[tuple[Value, ...], int] | None


def _bound(lex: Lexemes, pos: int, *, ends: bool, loose: bool) -> _Bound:
    """Return the values of a bound after its word; with `loose` only a day that nothing else can be.

    The hour stands before the day or after it: "until 5pm today", "mulai besok jam 9".
    """
    start = lex.after(pos + 1, Sense.BOUND_LEAD, most=2)
    delta = read_delta(lex, start)
    if delta is not None and isinstance(delta[0], said.OnceDelta):
        return ((said.Lasting(delta[0].seconds),) if ends else (delta[0],)), delta[1]
    if ends and lex.sense(start, Sense.CLOCK) == 0:  # "until midnight"
        return (said.TimeBound(ends, (said.OnceDay(),)),), start + 1
    if ends and lex.has(start, Sense.PART) and not lex.has(pos - 1, Sense.PART):  # "sampai sore"
        return (said.TimeBound(ends, (said.OnceDay(),), part=lex.word(start, Sense.PART)),), start + 1
    hour = _hour(lex, start)
    read = read_once_day(lex, lex.skip(hour[1], ",")) if hour is not None else None
    if not any(isinstance(value, said.OnceDay | said.OnceWeekday) for value in values_of(read and read[0])):
        hour, read = None, read_bound_day(lex, start, ends=ends, loose=loose)
    if read is None:
        return None
    end = read[1]
    day = tuple(value for value in values_of(read and read[0]) if isinstance(value, _DAY))
    others = tuple(value for value in values_of(read and read[0]) if not isinstance(value, _DAY))
    if not day or not ends:
        clocks = () if hour is None else (said.ClockTimes((hour[0],)),)
        return (*((said.TimeBound(ends, day),) if day else ()), *clocks, *others), end
    part = next((value.part for value in others if isinstance(value, said.PartOfDay)), None)
    if hour is None and part is None and lex.sense(end, Sense.PART) not in {None, "am", "pm"}:
        part, end = lex.word(end, Sense.PART), end + 1
    after = _hour(lex, end) if hour is None else None
    clock = hour or after
    return (said.TimeBound(ends, day, clock and clock[0], part),), after[1] if after else end


def _hour(lex: Lexemes, pos: int) -> tuple[said.ClockTime, int] | None:
    read = read_clock(lex, pos)
    return (read[0], read[1]) if read is not None and isinstance(read[0], said.ClockTime) else None


def read_bound_day(lex: Lexemes, pos: int, *, ends: bool, loose: bool) -> Read:
    """Read the first or the last day: one counted from today, a period, a feast, a date or a weekday."""
    wide = lex.has(pos, Sense.RELWEEK, Sense.RELMONTH, Sense.MONTHEND)
    read = (None if wide else read_once_day(lex, pos)) or _period(lex, pos) or read_feast_date(lex, pos)
    if read is not None:
        return None if isinstance(read[0], said.FeastDay) else read
    read = _dated(lex, pos, ends=ends) or _weekday(lex, pos)
    day = read[0] if read else None
    named = isinstance(day, said.Dates) and day.month is not None and len(day.days) == 1
    return read if named or not loose else None


def _period(lex: Lexemes, pos: int) -> tuple[said.CalendarPeriod, int] | None:
    """Read "minggu depan", "akhir tahun", "the end of the week", "next year": a week, month or year."""
    for name, unit in (("relweek", "w"), ("relmonth", "mo"), ("monthend", "mo")):
        ahead = lex.integer(pos, name)
        if ahead is not None:
            return said.CalendarPeriod(unit, ahead), pos + 1
    unit_at = lex.after(pos, Sense.EDGE, most=5)
    unit = lex.word(unit_at, Sense.UNIT)
    ahead = lex.has(unit_at + 1, Sense.NEXT)
    if (
        unit not in _UNITS
        or (unit_at == pos and not (ahead or lex.has(unit_at + 1, Sense.THIS)))
        or lex.has(unit_at + 1, Sense.MONTH)
    ):
        return None
    later = int(ahead or lex.has(unit_at - 1, Sense.NEXT))
    return said.CalendarPeriod(unit, later), unit_at + 1 + int(lex.has(unit_at + 1, Sense.NEXT, Sense.THIS))


def _dated(lex: Lexemes, pos: int, *, ends: bool) -> Read:
    """Read a date, the end of the month, or a month: until "Maret" is until its last day."""
    month_end = ends and lex.has(pos, Sense.LASTDAY) and lex.has(pos + 1, Sense.MONTH)
    read = None if month_end else read_dates(lex, pos)
    if read is not None and isinstance(read[0], said.Dates) and not read[0].every:
        end = past_next_year(lex, read[1])
        return read if end == read[1] else ((said.NEXT_YEAR, read[0]), end)
    month_at = lex.after(lex.after(pos, Sense.EDGE, most=5) if ends else pos, Sense.MONTH_WORD) + month_end
    month = lex.integer(month_at, Sense.MONTH)
    if month is None:
        return None
    year = lex.integer(month_at + 1, Sense.NUMBER)
    named = year if year in _YEARS else None
    return said.Dates((LAST_DAY if ends else 1,), month, named), month_at + 1 + (named is not None)


def _weekday(lex: Lexemes, pos: int) -> Read:
    read = read_weekdays(lex, pos)
    if read is None or not isinstance(read[0], said.Days) or len(read[0].days) != 1:
        return None
    return said.OnceWeekday(next(iter(read[0].days)), 0), read[1]


# How long, and how often.


def read_lasting(lex: Lexemes, pos: int) -> Read:
    """Read "selama seminggu", "for the next hour", "3 hari ke depan": how long a schedule goes on."""
    if lex.has(pos, Sense.UNIT1) and lex.has(pos + 1, Sense.WHOLE):
        return _lasting(1, lex.word(pos, Sense.UNIT1)), pos + 2
    if not lex.has(pos, Sense.LASTING):
        ahead = read_length(lex, pos)
        if ahead is None or not lex.has(ahead[2], Sense.STRETCH):
            return None
        return _lasting(*ahead[:2]), ahead[2] + 1
    place = lex.after(pos + 1, Sense.MONTH_WORD)
    month = lex.integer(place, Sense.MONTH)
    if month and not lex.has(place + 1, Sense.NUMBER):  # this December alone, not each
        days = (
            said.TimeBound(ends, (said.Dates((day,), month),)) for ends, day in ((False, 1), (True, LAST_DAY))
        )
        return (*days,), place + 1
    start = lex.after(pos + 1, Sense.LASTING_LEAD, most=3)
    length = read_length(lex, start)
    following = "next" in lex.text(pos) or any(lex.text(index) == "next" for index in range(pos, start))
    if length is None and following and lex.has(start, Sense.UNIT):
        length = (1, lex.word(start, Sense.UNIT), start + 1)
    if length is None or lex.has(length[2], Sense.ONCE):
        return None
    count, unit, end = length
    end = lex.after(end, Sense.LASTING_END, Sense.LATER)
    return (_lasting(count, unit) if count > 0 else said.Impossible("negative")), end


def _lasting(count: float, unit: str) -> said.Lasting:
    if unit in MONTHS_OF and count == int(count):
        return said.Lasting(months=int(count) * MONTHS_OF[unit])
    return said.Lasting(count * UNIT_SEC[unit])


def read_count(lex: Lexemes, pos: int) -> Read:
    """Read "5 kali saja", "only 5 times", "sebanyak 3x": how many times a schedule fires."""
    lead = lex.after(pos, Sense.COUNT_LEAD)
    found = None if lex.has(lead, Sense.ONCE) else read_times(lex, lead)
    if found is None or lex.has(lead - 1, Sense.DOWN):
        return None
    times, end = found
    if lex.has(end, Sense.DOWN, Sense.EVERY, Sense.UNIT1, Sense.RECUR):
        return None
    end = lex.after(end, Sense.COUNT_END, most=2)
    stops = lex.has(end, Sense.THEN) and lex.has(end + 1, Sense.STOP)
    return said.FireCount(times), end + 2 * stops
