"""Days and hours that are counted from others: "3 hari sebelum tanggal 20", "H-7 lebaran"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from app.core.i18n import _
from app.core.scheduling.holiday_dates import INDONESIA, HolidayChoice, holidays_of
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times import expressions as said
from app.planner.language.times.clock_parts import resolve
from app.planner.language.times.dates import phrase_end, read_dates, read_feast_date
from app.planner.language.times.expressions import DAY_MIN, Read, values_of
from app.planner.language.times.intervals import MONTHS_OF, UNIT_SEC, read_length
from app.planner.language.times.once import dated, months_later
from app.planner.language.tokens.lexemes import Lexemes

if TYPE_CHECKING:
    from app.planner.language.times.constraints import TimeConstraints

_WEEK: Final = 7
_SHORTEST_MONTH: Final = 28
_COMMON_YEARS: Final = (2023, 2024)
"""A common year and a leap year: a day counted from a date is the same in both, or no schedule has it."""
_MOST_DAYS: Final = 366
_MINUTE_SEC: Final = 60
_By = tuple[int, int]
"""Days and months by which a day is moved."""
_SIGNS: Final = {"-": -1, "min": -1, "minus": -1, "+": 1, "plus": 1}


def read_counted(lex: Lexemes, pos: int) -> Read:
    """Read "H-3", "tiap 3 hari sebelum" and "sehari sebelum lebaran", with the feast at their end."""
    every = lex.has(pos, Sense.EVERY)
    found = _day_count(lex, pos + every) or _length(lex, pos + every) or _itself(lex, pos)
    if found is None:
        return None
    by, end = replace(found[0], every=every), found[1]
    end = lex.after(end, Sense.COUNTS_BEFORE)  # "H-3 sebelum tanggal 20"
    while (more := _next_count(lex, end)) is not None and not (by.minutes or by.months):
        by, end = replace(by, days=(*by.days, *more[0].days)), more[1]
    if by.days == (0,) and not by.months:
        return None  # "hari itu" is counted from a day only with another count
    end = lex.after(end, Sense.COUNTS_BEFORE)  # "H-3 sebelum 14 Desember", "… sebelum jatuh tempo tgl 20"
    end += 2 * (lex.has(end, Sense.FALLS) and lex.has(end + 1, Sense.EXPIRES))
    date = read_dates(lex, end) if by.days else None
    if date is not None and (more := _next_count(lex, date[1])) is not None:
        # "3 days before 25 December and on the day"
        return (replace(by, days=(*by.days, *more[0].days)), *values_of(date[0])), more[1]
    feast = read_feast_date(lex, lex.skip(end, "hari", "the")) if by.days else None
    return (by, end) if feast is None else ((by, feast[0]), feast[1])


def _next_count(lex: Lexemes, end: int) -> tuple[said.CountedFrom, int] | None:
    """Read the next of "H-7, H-3 dan hari H", "a week before and again on the day"."""
    after = lex.list_next(end)
    if after is None:
        return _day_count(lex, end)
    start = lex.after(after, Sense.AGAIN)
    more = _day_count(lex, start) or _length(lex, start) or _itself(lex, start)
    return None if more is None or more[0].minutes or more[0].months else more


def _itself(lex: Lexemes, pos: int) -> tuple[said.CountedFrom, int] | None:
    """Read "hari H", "pas harinya" and "on the day": the day itself, in a list of counted days."""
    end = phrase_end(lex, lex.after(pos, Sense.EXACTLY, Sense.AT), words_of(Sense.DAY_ITSELF))
    return None if end is None or lex.has(end, Sense.AFTER) else (said.CountedFrom((0,)), end)


def _day_count(lex: Lexemes, pos: int) -> tuple[said.CountedFrom, int] | None:
    """Read "H-3", "h - 3" and "h min 3"."""
    if lex.kind(pos) == "daycount":
        return said.CountedFrom((int(lex.text(pos)[1:]),)), pos + 1
    if lex.text(pos) != "h":
        return None
    sign = _SIGNS.get(lex.text(pos + 1))
    days = lex.integer(pos + 2, "number") if sign else lex.integer(pos + 1, "number")
    if days is None or abs(days) > _MOST_DAYS or not (sign or days < 0):
        return None
    return said.CountedFrom((days * (sign or 1),)), pos + (3 if sign else 2)


def _length(lex: Lexemes, pos: int) -> tuple[said.CountedFrom, int] | None:
    start = lex.skip(pos, "the")
    if lex.has(pos, Sense.COUNTS_BEFORE) and lex.has(pos + 1, "datemark", "lastday"):
        return said.CountedFrom((-1,), assumed=True), pos + 1  # "bayar listrik sebelum tanggal 20"
    length = read_length(lex, start)
    if length is None and lex.has(start, Sense.THE_DAY) and start > pos:
        length = (1, "w" if lex.text(start) == "week" else "d", start + 1)
    end = None if length is None else lex.skip(length[2], "nya")
    later = end is not None and lex.has(end, Sense.AFTERWARDS)  # "sehari sesudahnya"
    if length is None or end is None or not (later or lex.has(end, Sense.COUNTS_BEFORE)):
        return None
    count, unit, _ = length
    minutes = count * UNIT_SEC[unit] / _MINUTE_SEC
    if minutes != int(minutes) or not 0 < minutes <= _MOST_DAYS * DAY_MIN:
        return None
    if unit in MONTHS_OF and count == int(count) and not later:
        return said.CountedFrom((0,), months=-int(count) * MONTHS_OF[unit]), end + 1
    days = round(minutes / DAY_MIN)
    if later:
        return (said.CountedFrom((days,)), end + 1) if days * DAY_MIN == minutes else None
    by = said.CountedFrom((), -int(minutes)) if minutes < DAY_MIN else said.CountedFrom((-days,))
    return by, end + 1


def counted(constraints: TimeConstraints, now: datetime, country: str | None) -> list[TimeConstraints] | str:
    """Return the constraints with their days moved, one for each count; or the reason for none."""
    by = constraints.counted_from
    if by is None:
        return [constraints]
    if by.minutes:
        return _hours(constraints, by.minutes)
    found = [_moved(constraints, (days, by.months), now, country, every=by.every) for days in by.days]
    kept = [each for each in found if not isinstance(each, str)]
    return kept if len(kept) == len(found) else next(each for each in found if isinstance(each, str))


def _hours(constraints: TimeConstraints, minutes: int) -> list[TimeConstraints] | str:
    if not constraints.clocks:
        return "no_base"
    part = constraints.parts[0] if constraints.parts else None
    moved = [resolve(clock, part) + minutes for clock in constraints.clocks]
    if not all(0 <= minute < DAY_MIN for minute in moved):
        return "counted"
    clocks = tuple(said.ClockTime(minute, exact=True) for minute in moved)
    return [replace(constraints, clocks=clocks, parts=[], counted_from=None)]


def _moved(
    constraints: TimeConstraints, by: _By, now: datetime, country: str | None, *, every: bool
) -> TimeConstraints | str:
    left = replace(constraints, counted_from=None, parts=list(constraints.parts), unclear=[])
    if constraints.feast is not None:
        return _before_feast(left, constraints.feast, by, now, country)
    if constraints.dates is not None:
        yearly = every or constraints.dates.every or constraints.recur is not None
        dates = _dates(constraints.dates if yearly else _coming(constraints.dates, by, now.date()), by)
        if dates is None:
            return "counted"
        return replace(left, dates=replace(dates, every=dates.every or every))
    days, months = by
    if constraints.days is not None and not (constraints.days.nth or months):
        moved = frozenset((day + days) % _WEEK for day in constraints.days.days)
        return replace(
            left, days=replace(constraints.days, days=moved, every=constraints.days.every or every)
        )
    if isinstance(constraints.once, said.OnceWeekday) and not months:
        weeks, day = divmod((constraints.once.weekday - 1) % _WEEK + days, _WEEK)
        return replace(left, once=said.OnceWeekday((day + 1) % _WEEK, constraints.once.weeks + weeks))
    return "no_base"


def _later(day: date, by: _By) -> date:
    return months_later(day, by[1]) + timedelta(days=by[0])


def _dates(dates: said.Dates, by: _By) -> said.Dates | None:
    """Return dates some time later; days of the month before are counted from its end, 0 is the last."""
    if dates.month is None:
        moved = tuple(sorted(day + by[0] for day in dates.days))
        outside = by[1] or any(day > _SHORTEST_MONTH or day <= -_SHORTEST_MONTH for day in moved)
        return None if outside else replace(dates, days=moved)
    month, years = dates.month, _COMMON_YEARS if dates.year is None else (dates.year,)
    found = [[_later(_date(year, month, day), by) for day in dates.days] for year in years]
    first, last = found[0][0], found[0][-1]
    if len({tuple(f"{at:%m-%d}" for at in each) for each in found}) > 1 or first.month != last.month:
        return None
    moved = tuple(sorted(at.day for at in found[0]))
    return replace(dates, days=moved, month=first.month, year=dates.year and first.year)


def _coming(dates: said.Dates, by: _By, today: date) -> said.Dates:
    """Return a date of no year with the next year in which the day counted from it is to come."""
    if dates.month is None or dates.year is not None:
        return dates
    day = dated(dates, _later(today, (-by[0], -by[1])))
    return dates if day is None else replace(dates, year=day.year)


def _date(year: int, month: int, day: int) -> date:
    first = date(year, month, 1)
    return first.replace(day=day) if day > 0 else months_later(first, 1) - timedelta(days=1 - day)


def _before_feast(
    constraints: TimeConstraints, feast: said.FeastDay, by: _By, now: datetime, country: str | None
) -> TimeConstraints | str:
    if country != INDONESIA:
        return "holidays"
    choice = HolidayChoice(INDONESIA, names=(feast.name,))
    for year in (now.year, now.year + 1, now.year + 2):
        first = min(holidays_of(choice, year), default=None)
        at = None if first is None else _later(first, by)
        if at is not None and at >= now.date():
            return replace(constraints, feast=None, dates=said.Dates((at.day,), at.month, at.year))
    return "date"


FEAST: Final = _("{name} is estimated or set by the government: check the date.")
"""Said of a day that is counted from a feast whose date moves."""
DAY_BEFORE: Final = _("It is read as the day before.")
