"""Finds the time expressions of a sentence; the longest reading wins.

Each reader is tried at each lexeme that can start a time expression.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Final

from app.planner.language.lexicon.entry import NO_SENSES
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.times import expressions as said
from app.planner.language.times.bounds import read_bound, read_count, read_lasting
from app.planner.language.times.clock import PRAYERS, read_clocks, read_window, read_windows
from app.planner.language.times.dates import FEAST_WORDS, FIRST_WORDS, past_next_year, read_dates, read_months
from app.planner.language.times.days import (
    read_eve,
    read_nth_weekday,
    read_once_day,
    read_rest,
    read_weekdays,
)
from app.planner.language.times.exceptions import (
    LeftOut,
    read_except,
    read_feast_day,
    read_left_out,
    read_shift,
    replaced_at,
)
from app.planner.language.times.expressions import Read, values_of
from app.planner.language.times.intervals import as_interval, read_bare, read_delta, read_interval
from app.planner.language.times.shifts import read_counted
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.language.zones import CITIES

# Words that can start a time expression; no reader is tried at any other word.

_STARTS: Final = senses(
    """
    number digit teen tens scale minus half quarter every unit1 once twice hourly interval in lasting few
    except neg ordinal lastword weekday weekday_short dayset from between until hours tonight part this
    no off skips barring including next relday soon relweek relmonth monthend hm bad_clock clock month
    datemark lastday firstday midmonth zone recur nightly now cond other otherwise
    """
)
_CITY_WORDS: Final = frozenset(city.split()[0] for city in CITIES)
_REST: Final = frozenset(text.split()[0] for text in words_of(Sense.REST_OF_DAYS))
_STARTING: Final = (
    _REST | _CITY_WORDS | FIRST_WORDS | FEAST_WORDS | words_of(Sense.COUNTS_BEFORE) | {"h", "pas"}
)
_DATES: Final = frozenset({"isodate", "date", "daycount"})
_ANY_TEXTS: Final = _STARTING | {"-", "but"}
_ANY_SENSES: Final = _STARTS | senses("clockmark feast_lead earlier time_lead prayer_lead")
"""Each lexeme that may start a time has one of these texts or senses, or is a date."""


_HOUR_SEC: Final = 3600
_SMALL_HOURS: Final = 300
_HALVES: Final = frozenset({"", "am", "pm"})
_WEEK: Final = 7
_SEVERAL: Final = 3
_YEAR: Final = 12
_NEAR: Final = 3
_WEEK_SEC: Final = 604_800
_SPANS: Final = {"q": (3, "mo", 0), "h": (6, "mo", 0)}
_FIGURES: Final = frozenset({"number", "phone", "hm", "bad_clock"})


def scan_times(lex: Lexemes) -> list[said.TimeExpression]:
    """Return the time expressions in order; the lexemes between them have no time."""
    pieces: list[said.TimeExpression] = []
    left_out = read_left_out(lex)
    if left_out:
        lex = _without(lex, left_out)
    pos, whole = 0, lex
    while pos < len(whole):
        if pos >= len(lex):
            lex = whole
        if lex[pos].has(Sense.NEG) and (end := replaced_at(lex, pos + 1)) is not None:
            lex = Lexemes(lex[:end])  # "jangan Senin, Selasa aja" is no list
        read = left_out.get(pos)
        if read is not None:
            pieces.append(said.TimeExpression(read[0], pos, read[1]))
            pos = read[1]
            continue
        read = _read(lex, pos)
        if read is None or read[1] <= pos:
            pos += 1
            continue
        comma = next((at for at in range(read[1] - 1, pos, -1) if lex.text(at) == ","), None)
        if comma is not None and lex.has(read[1], Sense.TRAILING):
            read = _read(Lexemes(lex[:comma]), pos) or read  # "jam 7, jam 8 ding" is no list
        values = (said.Impossible("one_of"),) if _picks_time(lex, pos, read) else values_of(read[0])
        if lex.has(pos - 1, Sense.HOPES) and pieces and type(values[0]) is type(pieces[-1].value):
            values = (said.Unclear("vague_once"),)  # "jam 7, kalau bisa jam 6"
        free = not pieces or pieces[-1].last < pos
        first = pos - (free and lex.has(pos - 1, Sense.ON_WORD, Sense.AT, Sense.EXACTLY))
        if isinstance(values[0], said.CountedFrom) and pieces and values[0].is_number(pieces[-1].value):
            first = pieces.pop().first  # "dua kali, H-2 sama pas harinya"
        pieces.extend(said.TimeExpression(value, first, read[1]) for value in values)
        pos = read[1]
    return pieces


def _without(lex: Lexemes, left_out: LeftOut) -> Lexemes:
    """Return the lexemes without those of exceptions, so that no other time reaches into them."""
    masked = Lexemes(lex)
    for first, (_, last) in left_out.items():
        for pos in range(first, last):
            masked[pos] = replace(lex[pos], kind="taken", text="", senses=NO_SENSES)
    return masked


def _picks_time(lex: Lexemes, pos: int, read: Read) -> bool:
    """True for "yang sore ke wa 0811" and "the 5pm one to slack": only one of the times goes there."""
    if read is None or not isinstance(read[0], said.ClockTimes | said.PartOfDay):
        return False
    end = lex.after(read[1], Sense.RUN_WORD)
    led = lex.text(pos - 1) == "yang" or end > read[1]
    sent = led and lex.has(end, Sense.TOWARD, Sense.VIA, Sense.NOTIFY, Sense.SEND, Sense.CHANNEL)
    return sent and any(each.has("hm", "clockmark", "part") for each in lex[:pos])


def _read(lex: Lexemes, pos: int) -> Read:
    lexeme = lex[pos]
    if not (lexeme.text in _ANY_TEXTS or lexeme.has_any(_ANY_SENSES) or lexeme.kind in _DATES):
        return None
    figure = lexeme.senses and lexeme.senses.keys() <= _FIGURES
    place = "every" if lexeme.has(Sense.EVERY) else "figure" if figure else "word"
    for reader in _BY_PLACE[place]:
        read = reader(lex, pos)
        if read is not None:
            return read
    return None


def _every_day_or_date(lex: Lexemes, pos: int) -> Read:
    start = lex.after(pos + 1, Sense.TIMES_LEAD)
    if lex.text(start) == "other" and (read := read_weekdays(lex, start + 1, every=True)):
        return (said.Interval(2 * _WEEK_SEC), *values_of(read[0])), read[1]
    if not lex.has(start, Sense.WEEKDAY, Sense.WEEKDAY_SHORT, Sense.DAYSET):
        return read_nth_weekday(lex, start)
    return read_nth_weekday(lex, start) or read_weekdays(lex, start, every=True)


def _dates(lex: Lexemes, pos: int) -> Read:
    """Read dates, and those of several months: "on the 10th of January, April and July"."""
    every = lex.has(pos, Sense.EVERY)
    read = read_dates(lex, pos + every, every=every)
    date = None if read is None else read[0]
    if read is None or not isinstance(date, said.Dates) or date.month is None or date.year is not None:
        return read
    end, before = past_next_year(lex, read[1]), range(max(0, pos - _NEAR), pos - 1)
    if end > read[1] or any(past_next_year(lex, at) > at for at in before):
        return (said.NEXT_YEAR, date), end
    months = read_months(lex, read[1] - 1, listed=True)
    if months is None or not isinstance(months[0], said.Months) or len(months[0].months) < _SEVERAL:
        months = _dated_alike(lex, date, read[1])
    if months is None or not isinstance(months[0], said.Months):
        return read
    return (replace(date, month=None, every=True), months[0]), months[1]


def _dated_alike(lex: Lexemes, date: said.Dates, end: int) -> tuple[said.Months, int] | None:
    """Read "1 January, 1 April, 1 July and 1 October": the same day of months at equal distances."""
    months = [date.month or 0]
    while (after := lex.list_next(end)) is not None and (more := read_dates(lex, after)) is not None:
        if (
            not isinstance(more[0], said.Dates)
            or replace(more[0], month=date.month, every=date.every) != date
        ):
            break
        months.append(more[0].month or 0)
        end = more[1]
    steps = {(later - month) % _YEAR for month, later in pairwise([*months, *months[:1]])}
    even = (
        len(months) >= (2 if date.every else _SEVERAL)
        and len(steps) == 1
        and steps.pop() * len(months) == _YEAR
    )
    return (said.Months(frozenset(months)), end) if even else None


def _every_window(lex: Lexemes, pos: int) -> Read:
    """Read "tiap jam 8 sampai 17": each hour of that window."""
    read = read_window(lex, pos + 1)
    if read is not None and lex.has(pos + 1, Sense.HOURS):
        return read  # "tiap jam kerja"
    if read is None or not isinstance(read[0], said.ClockWindow) or not lex.has(pos + 1, Sense.CLOCKMARK):
        return None
    return None if read[0].assumed else ((said.Interval(_HOUR_SEC), read[0]), read[1])


def _clocks(lex: Lexemes, pos: int) -> Read:
    every = lex.has(pos, Sense.EVERY)
    read = read_clocks(lex, pos + every)
    if read is None or not isinstance(read[0], said.ClockTimes):
        return read
    clocks = said.ClockTimes(tuple(replace(clock, every=every) for clock in read[0].clocks))
    return _with_eve(lex, clocks, read[1])


def _with_eve(lex: Lexemes, clocks: said.ClockTimes, end: int) -> Read:
    """Read the "malam Senin" of "jam 7 malam Senin", the evening before; a list of days has none."""
    eve = read_eve(lex, end - 1) if lex.sense(end - 1, Sense.PART) == "malam" else None
    if eve is None or " " in lex.text(end) or read_eve(lex, end - 2) is not None:
        return clocks, end
    after = lex.list_next(eve[1])
    listed = after is not None and lex.has(lex.skip(after, "hari"), Sense.WEEKDAY, Sense.WEEKDAY_SHORT)
    days = next((value for value in values_of(eve[0]) if isinstance(value, said.Days)), None)
    if listed or days is None:
        return clocks, end
    if any(clock.minute < _SMALL_HOURS for clock in clocks.clocks):  # "jam 1 malam Minggu" is on Sunday
        days = said.Days(frozenset((day + 1) % _WEEK for day in days.days), every=days.every)
    return (clocks, days), eve[1]


def _part(lex: Lexemes, pos: int) -> Read:
    """Read "pagi", "tiap pagi", "pas sore", and the eve of "tiap malam Minggu"."""
    every = lex.has(pos, Sense.EVERY)
    if every and (eve := read_eve(lex, pos + 1)) is not None:
        return eve
    led = every or (lex.has(pos, Sense.PRAYER_LEAD) and lex.word(pos + 1, Sense.PART) in PRAYERS)
    start = pos + 1 if led else lex.after(pos, Sense.PART_LEAD)
    part = lex.word(start, Sense.PART)
    if part in _HALVES:
        return None
    return said.PartOfDay(part, every), lex.after(start + 1, Sense.DAY_WORD)


def _recur(lex: Lexemes, pos: int) -> Read:
    if lex.has(pos, Sense.NIGHTLY):
        return said.PartOfDay("malam", every=True), pos + 1
    unit = lex.word(pos, Sense.RECUR)
    return (as_interval(_SPANS.get(unit, (1, unit, 0))), pos + 1) if unit else None


def _zone(lex: Lexemes, pos: int) -> Read:
    if name := lex.word(pos, Sense.ZONE):
        return said.ZoneName(name), pos + 1
    if lex.has(pos, Sense.ZONE_WORD):
        return _city(lex, pos + 1)
    city = _city(lex, pos)
    return (city[0], city[1] + 1) if city and lex.text(city[1]) == "time" else None


def _city(lex: Lexemes, pos: int) -> Read:
    for length in (2, 1):
        name = lex.joined(pos, pos + length)
        if name in CITIES:
            return said.ZoneName(CITIES[name]), pos + length
    return None


def _now(lex: Lexemes, pos: int) -> Read:
    """Read "now", and the "once" of "back up once" in a clause without a time of day."""
    now = lex.has(pos, Sense.NOW) and not lex.has(pos - 1, Sense.EVERY, Sense.DOWN)  # "gagal langsung kabari"
    if not now and lex.has(pos, Sense.ONCE):
        ends = pos + 1 >= len(lex) or lex.has(pos + 1, Sense.ONCE_END) or lex.has(pos - 1, Sense.ONLY)
        now = ends and not any(each.has("clockmark", "hm", "part", "every") for each in lex)
    return (said.Now(), pos + 1) if now else None


def _past_part(lex: Lexemes, pos: int) -> Read:
    """Read "tadi malam", "last night": nothing can be planned for a time that is past."""
    past = lex.has(pos, Sense.EARLIER) or (lex.has(pos, Sense.LASTWORD) and "en" in lex[pos].languages)
    return (said.Impossible("past"), pos + 2) if past and lex.has(pos + 1, Sense.PART) else None


def _dated_weekday(lex: Lexemes, pos: int) -> Read:
    """Read "Friday 27 November": the date implies the weekday."""
    start = lex.after(pos, Sense.AT, Sense.DAY_WORD)
    if not lex.has(start, Sense.WEEKDAY, Sense.WEEKDAY_SHORT):
        return None
    read = read_dates(lex, lex.after(lex.skip(start + 1, ","), Sense.AT, Sense.THE))
    return read if read and isinstance(read[0], said.Dates) and read[0].month and not read[0].every else None


_READERS: Final[tuple[tuple[Callable[[Lexemes, int], Read], str], ...]] = (
    (read_counted, "every word figure"),
    (read_except, "word"),
    (read_shift, "word"),
    (read_rest, "every word"),
    (read_feast_day, "every word"),
    (read_eve, "word"),
    (read_nth_weekday, "word"),
    (read_once_day, "word"),
    (read_bound, "word"),
    (_past_part, "word"),
    (read_delta, "word figure"),
    (read_lasting, "word figure"),
    (read_months, "every word"),
    (_every_day_or_date, "every"),
    (read_interval, "every word figure"),
    (read_count, "word figure"),
    (read_windows, "word figure"),
    (_dates, "every word figure"),
    (_dated_weekday, "word"),
    (read_weekdays, "word"),
    (_every_window, "every"),
    (_clocks, "every word figure"),
    (_zone, "word"),
    (_recur, "word"),
    (_part, "every word"),
    (_now, "word"),
    (read_bare, "word figure"),
)
"""Readers in the order in which they are tried after "tiap", at another word, and at a figure.

At a figure the readers that need a leading word are left out: the longest texts consist of figures.
"""
_BY_PLACE: Final = {
    place: tuple(reader for reader, places in _READERS if place in places)
    for place in ("every", "word", "figure")
}
