"""Reads times of day, one or a list, and windows: "jam 7", "07.30", "dari jam 8 sampai 17"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final

from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.times import expressions as said
from app.planner.language.times.clock_parts import read_spoken, resolve, with_minutes, with_part
from app.planner.language.times.dates import phrase_end
from app.planner.language.times.expressions import DAY_MIN, HOUR_MIN, Read, Value
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.language.tokens.numbers import read_whole

_LAST_HOUR: Final = 24
_NOON: Final = 12
PRAYERS: Final = frozenset({"subuh", "zuhur", "ashar", "maghrib", "isya"})
"""Parts of the day that are prayers."""
_SMALL_HOURS: Final = 300
_MOST_MARKS: Final = 3
_FULL_CLOCK: Final = re.compile(r"\d\d[0-5]\d")
_NOT_HOURS: Final = ("unit", "times", "account", "keep_noun", "channel", "scale", "month")
_AFTER_PART: Final = ("clockmark", "hm", "number", "digit", "weekday", "weekday_short", "this", "message")
_WISHES: Final = ("backup", "report", "watch", "send")
_DAYS: Final = ("weekday", "weekday_short", "dayset")
_Read = tuple[said.ClockTime | said.Impossible, int] | None


def read_clocks(lex: Lexemes, pos: int) -> tuple[Value, int] | None:
    """Read one or more times of day at an index, the first of them marked as such."""
    first = read_clock(lex, pos)
    if first is None:
        return None
    found, ends = [first[0]], [first[1]]
    while (more := _next_of_list(lex, ends[-1], found[-1])) is not None:
        if _begins_other(lex, pos, more[1]):
            break
        found.append(more[0])
        ends.append(more[1])
    own = _own_times(lex, pos, ends)
    clocks = [each for each in found[:own] if isinstance(each, said.ClockTime)]
    if len(clocks) < own:
        return said.Impossible("clock"), ends[own - 1]
    before = pos - 2 if lex.text(pos - 1) == "hari" else pos - 1
    # "pagi jam 8 dan malam jam 9"
    return said.ClockTimes(_spread_parts(_led_by(lex.word(before, Sense.PART), clocks))), ends[own - 1]


def _led_by(part: str, clocks: list[said.ClockTime]) -> list[said.ClockTime]:
    """Apply a leading part of the day to the times after it, until one has its own.

    The small hours have none: "besok malam jam 1" is the night that follows that day.
    """
    own = next((pos for pos, clock in enumerate(clocks) if clock.part is not None), len(clocks))
    if not part:
        return clocks
    night = part in {"malam", "night"}
    return [
        clock if clock.exact or (night and clock.minute < _SMALL_HOURS) else replace(clock, part=part)
        for clock in clocks[:own]
    ] + clocks[own:]


def _begins_other(lex: Lexemes, start: int, end: int) -> bool:
    """True for the second time of "on weekdays at 8 and at 10 on weekends"."""
    days = lex.after(end, Sense.DAY_LEAD, Sense.EVERY, most=_MOST_MARKS)
    return lex.has(start - 1, *_DAYS) and days > end and lex.has(days, *_DAYS)


def _next_of_list(lex: Lexemes, end: int, before: said.ClockTime | said.Impossible) -> _Read:
    after = lex.list_next(end)
    if after is None:
        again = lex.has(end, Sense.CLOCKMARK) and lex.text(end) not in {"at", "@"}
        return read_clock(lex, end) if again else None
    place = lex.after(after, Sense.AT, Sense.THE, most=2)
    part = lex.word(place, Sense.PART)
    if part and part not in PRAYERS and lex.has(place + 1, Sense.CLOCKMARK, Sense.HM):
        read = read_clock(lex, place + 1)
        led = read is not None and isinstance(read[0], said.ClockTime) and read[0].part is None
        return (replace(read[0], part=part), read[1]) if read is not None and led else read
    other = part and isinstance(before, said.ClockTime) and before.part not in {None, part}
    if other and (part in {"am", "pm"} or not lex.has(place + 1, *_AFTER_PART, *_WISHES)):
        return replace(before, part=part), place + 1
    counts = lex.has(after, Sense.DIGIT) and lex.has(after + 1, Sense.CLOCKMARK)  # "at 7, one at 9"
    return None if counts else read_clock(lex, after, loose=True)


def _spread_parts(clocks: list[said.ClockTime]) -> tuple[said.ClockTime, ...]:
    """Apply the part of the day of the last time to the earlier ones: the "7" of "at 7 and 9 pm"."""
    spread = clocks[-1:]
    for after, here in pairwise(reversed(clocks)):
        part = spread[0].part if here.part is None and not here.exact and here.minute < after.minute else None
        spread.insert(0, replace(here, part=here.part or part))
    return tuple(spread)


def read_clock(lex: Lexemes, pos: int, *, loose: bool = False) -> _Read:
    """Read one time of day. With `loose`, a plain number counts as an hour, as in a list or a window."""
    start = lex.after(pos, Sense.EXACTLY)
    while start < pos + _MOST_MARKS and lex.has(start, Sense.CLOCKMARK) and not lex.has(start, Sense.CLOCK):
        start += 1
    if lex.has(start, Sense.CLOCK):
        twelve = lex.after(start + 1, Sense.CLOCKMARK)
        end = twelve if twelve > start + 1 and lex.integer(twelve, Sense.NUMBER) == _NOON else start
        return said.ClockTime(lex.integer(start, Sense.CLOCK) or 0, exact=True), end + 1
    marked = start > pos
    return (
        read_spoken(lex, start, marked=marked or loose)
        or _written(lex, start)
        or _hour(lex, start, marked=marked, loose=loose)
    )


def _written(lex: Lexemes, pos: int) -> _Read:
    """Read "07.30" and "19:30"; not the hours of "1.30 menit"."""
    if lex.has(pos, Sense.BAD_CLOCK):
        return said.Impossible("clock"), pos + 1
    minute = lex.integer(pos, Sense.HM)
    if minute is None or (lex.has(pos + 1, Sense.UNIT) and not lex.has(pos + 1, Sense.CLOCKMARK)):
        return None
    exact = lex[pos].text.startswith("0") or minute > (_NOON + 1) * HOUR_MIN
    return with_part(lex, pos + 1, said.ClockTime(minute % DAY_MIN, exact=exact))


def _hour(lex: Lexemes, pos: int, *, marked: bool, loose: bool) -> _Read:
    """Read an hour, with the minutes and the part of the day that may follow it."""
    number = read_whole(lex, pos)
    if number is None or (number[0] != int(number[0]) and not marked):
        return None
    hour, end = number
    wrong = said.Impossible("clock")
    if marked and end == pos + 1 and _FULL_CLOCK.fullmatch(lex.text(pos)):
        hour, minute = divmod(int(hour), 100)  # "0730"
        return (said.ClockTime(hour * HOUR_MIN + minute, exact=True) if hour < _LAST_HOUR else wrong), end
    other, past_part = _is_other(lex, end, marked=marked), with_part(lex, end, said.ClockTime(0))[1]
    if not 0 <= hour <= _LAST_HOUR or hour != int(hour):
        return (wrong, past_part) if marked and not other else None
    if past_part == end and (other or not (marked or loose)):
        return None
    exact = hour > _NOON or lex[pos].text.startswith("0")
    return with_minutes(lex, end, said.ClockTime(int(hour) % _LAST_HOUR * HOUR_MIN, exact=exact))


def _is_other(lex: Lexemes, end: int, *, marked: bool) -> bool:
    """True if the number before an index counts something: minutes, times, accounts, an unknown word."""
    if end >= len(lex) or lex.has(end, Sense.PART) or lex.clock_follows(end):
        return False
    following = lex[end]
    if marked:
        return following.has("unit", "times", "scale")
    if following.has_any(_WISHES):
        return False
    half = following.has("half") and lex.has(end + 1, Sense.UNIT)  # "… dan satu setengah jam lagi"
    unknown = following.kind == "word" and not following.senses and not following.has("deed", "event")
    return half or unknown or following.has_any(_NOT_HOURS)


# The end of a list: if a time after a comma belongs to it, or starts the next wish.

_INTENTS: Final = senses("watch report backup message send")
_PASSED: Final = senses(
    """
    filler every unit clockmark weekday weekday_short dayset datemark month number digit teen tens recur
    zone part hm lastday firstday hourly unit1 via ordinal scale belas relday relweek relmonth tonight this
    next
    """
)
_FARTHEST: Final = 24
"""The number of lexemes that are searched at most; no list of times is longer."""


def _own_times(lex: Lexemes, start: int, ends: list[int]) -> int:
    """Return how many times of a list belong to it; the others start the next wish.

    `ends` are the indexes after each time. "laporan jam 7, jam 9 backup" has a wish before the list and one
    directly after it, so the list is split in two. It splits after a complete part ("…, 8 dan 9, jam 10"),
    else at ", dan jam", else at the first time that has its own "jam".
    """
    if lex.has(start - 1, Sense.NEG):
        return 1  # "jangan jam 7, jam 8 saja"
    before = lex[max(0, start - _FARTHEST) : start]
    wish = lex.past(ends[-1], (), *_PASSED, most=_FARTHEST)
    sends = lex.has(wish, Sense.SEND) and lex.has(wish + 1, Sense.TOWARD)
    if sends or not (lex.has(wish, *_INTENTS) and any(each.has_any(_INTENTS) for each in before)):
        return len(ends)
    links = [(end, lex.list_next(end) or end) for end in ends[:-1]]
    joined = [lex.joined(*link) for link in links]  # "," or "dan" or ", dan"
    marked = [pos for pos, (_, after) in enumerate(links) if lex.has(after, Sense.CLOCKMARK)]
    finished = next((pos for pos, text in enumerate(joined) if "," not in text), len(links))
    borders = (
        *(pos for pos in marked if pos > finished or " " in joined[pos]),
        *marked,
        *(pos for pos, (_, after) in enumerate(links) if lex.has(after, Sense.HM, Sense.CLOCK)),
    )
    return next((pos + 1 for pos in borders), len(ends))


# Windows: "dari jam 8 sampai 17", "between 9am and 6pm", "jam kerja".

_MORNING_STARTS: Final = 8 * HOUR_MIN
"""From eight on, the start of a window is in the morning even if its end is in the evening."""
_MORNING_HOURS: Final = range(6 * HOUR_MIN, 12 * HOUR_MIN)
_OFFICE_END: Final = 17 * HOUR_MIN
_MORNING: Final = frozenset({None, "pagi", "early", "am", "subuh"})
_PM: Final = frozenset({"am", "pm", "afternoon", "evening", "night"})
_MOST_LEADS: Final = 4
_Window = tuple[Value, int]


def read_window(lex: Lexemes, pos: int) -> _Window | None:
    """Read a window of the day at an index; one end of it may be open."""
    if lex.has(pos, Sense.HOURS):
        return _office_hours(lex, pos)
    if (opening := _opening_hours(lex, pos)) is not None:
        return opening
    if lex.has(pos, Sense.UNTIL):
        until = None if lex.has(pos, Sense.RANGE) else read_clock(lex, pos + 1)
        return None if until is None else (_window(None, until[0]), until[1])
    start = lex.after(pos, Sense.FROM, Sense.BETWEEN, most=_MOST_LEADS)
    between = any(each.has(Sense.BETWEEN) for each in lex[pos:start])
    led = start > pos or _of_days(lex, pos)
    return _from_to(lex, start, between=between, loose=led, opens=led)


def read_windows(lex: Lexemes, pos: int) -> Read:
    """Read a window, and the plain figures of another after it: "jam 8-12 dan 14-17"."""
    read = read_window(lex, pos)
    after = None if read is None else lex.list_next(read[1])
    more = _from_to(lex, after) if after is not None and lex.kind(after) in {"number", "clock"} else None
    return read if read is None or more is None else ((read[0], more[0]), more[1])


def _of_days(lex: Lexemes, pos: int) -> bool:
    """True for the plain figures of "9 to 17 mon-fri" and "Senin-Jumat 8-17"."""
    days = any(lex.has(each, Sense.WEEKDAY, Sense.WEEKDAY_SHORT, Sense.DAYSET) for each in (pos - 1, pos + 3))
    figures = lex.has(pos, Sense.NUMBER) and lex.has(pos + 2, Sense.NUMBER)
    return days and figures and lex.has(pos + 1, Sense.UNTIL) and not lex.has(pos - 1, Sense.DATEMARK)


def _opening_hours(lex: Lexemes, pos: int) -> _Window | None:
    """Read "selama jam buka toko 9 pagi - 9 malam"; opening hours alone are nowhere known."""
    start = lex.after(pos, Sense.DURING)
    end = phrase_end(lex, start, words_of(Sense.OPENING_HOURS))
    return None if end is None else _from_to(lex, lex.after(end, Sense.OPENS))


def _from_to(
    lex: Lexemes, pos: int, *, between: bool = False, loose: bool = True, opens: bool = False
) -> _Window | None:
    """Read the "9-17" of "jam kerja 9-17"; without its end if it `opens`."""
    start = read_clock(lex, pos, loose=loose)
    if start is None:
        return None
    link = lex.skip(start[1], ",")
    if not (lex.has(link, Sense.UNTIL) or (between and lex.sense(link, Sense.SEP) == "weak")):
        return (_window(start[0], None), start[1]) if opens and read_clock(lex, pos) else None
    end = read_clock(lex, lex.after(link + 1, Sense.WITH_WORD), loose=True)
    return None if end is None else (_window(start[0], end[0]), end[1])


def _office_hours(lex: Lexemes, pos: int) -> _Window:
    start = said.ClockTime((lex.integer(pos, Sense.HOURS) or 0) * HOUR_MIN, exact=True)
    usual = said.ClockWindow(start, said.ClockTime(_OFFICE_END, exact=True), assumed=True)
    said_at = lex.after(pos + 1, Sense.ONLY, Sense.OPENS, most=2)  # "office hours only (9 to 18)"
    return _from_to(lex, said_at) or (usual, pos + 1)


def _window(
    start: said.ClockTime | said.Impossible | None, end: said.ClockTime | said.Impossible | None
) -> Value:
    """Return a window. An end without a part of the day takes the other's if nothing else makes sense."""
    if isinstance(start, said.Impossible) or isinstance(end, said.Impossible):
        return said.Impossible("clock")
    if start and end and _shares_part(start, end):
        return said.ClockWindow(replace(start, part=end.part), end, assumed=True)
    if start and end and (_is_office(start, end) or _is_same_half(start, end)):
        return said.ClockWindow(start, replace(end, part="pm"), assumed=True)
    return said.ClockWindow(start, end)


def _is_office(start: said.ClockTime, end: said.ClockTime) -> bool:
    """True for "9 to 5": a morning, and an hour that is the afternoon's and not the next night's."""
    plain = start.part in _MORNING and end.part is None and not (start.exact or end.exact)
    return plain and start.minute in _MORNING_HOURS and end.minute < min(start.minute, _MORNING_STARTS)


def _is_same_half(start: said.ClockTime, end: said.ClockTime) -> bool:
    """True for "jam 1 siang sampai jam 3" and "8 pm to 10": the next such hour is in the same half."""
    plain = start.part is not None and end.part is None and not end.exact
    return plain and DAY_MIN // 2 <= resolve(start) < end.minute + DAY_MIN // 2 < DAY_MIN


def _shares_part(start: said.ClockTime, end: said.ClockTime) -> bool:
    """True for "from 1 to 5pm"; "from 9 to 5pm" and "from 8 to 10pm" begin in the morning."""
    early = start.part is None and not start.exact and start.minute < min(end.minute, _MORNING_STARTS)
    return early and end.part in _PM


def bounds(window: said.ClockWindow) -> tuple[int, int]:
    """Return the first and last minute of a window; past midnight the end is greater than a day."""
    start = resolve(window.start) if window.start else 0
    end = resolve(window.end) if window.end else DAY_MIN
    return start, end if end > start else end + DAY_MIN
