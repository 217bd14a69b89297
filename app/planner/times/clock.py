"""Times of day: "jam 7", "07.30", "setengah delapan malam", "jam 8 kurang seperempat", "quarter to ten"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from app.planner.reading.lexemes import Lexeme
from app.planner.reading.numbers import read_whole
from app.planner.times.cursor import Lexemes, has, integer, list_next, sense, skip, text, word
from app.planner.times.pieces import DAY_MIN, HOUR_MIN, Clock, Clocks, Impossible, Value

_LAST_HOUR: Final = 24
_NOON: Final = 12
_QUARTER: Final = 15
_HALF: Final = 30
_NOT_HOURS: Final = ("unit", "times", "account", "keep_noun", "channel", "scale", "month")
Read = tuple[Clock | Impossible, int] | None


def read_clocks(lex: Lexemes, at: int) -> tuple[Value, int] | None:
    """Read one or more times of day that start at an index, the first of them marked as such."""
    first = read_clock(lex, at)
    if first is None:
        return None
    found = [first[0]]
    end = first[1]
    while (more := _next_of_list(lex, end)) is not None:
        found.append(more[0])
        end = more[1]
    for each in found:
        if isinstance(each, Impossible):
            return each, end
    return Clocks(_spread_parts([each for each in found if isinstance(each, Clock)])), end


def _next_of_list(lex: Lexemes, end: int) -> Read:
    after = list_next(lex, end)
    if after is None:
        return read_clock(lex, end) if has(lex, end, "clockmark") and text(lex, end) not in {"at", "@"} else None
    if has(lex, after, "part") and has(lex, after + 1, "clockmark", "hm"):
        read = read_clock(lex, after + 1)
        if read is None or isinstance(read[0], Impossible):
            return read
        return replace(read[0], part=read[0].part or word(sense(lex, after, "part"))), read[1]
    return read_clock(lex, after, loose=True)


def _spread_parts(clocks: list[Clock]) -> tuple[Clock, ...]:
    """Give "7" of "at 7 and 9 pm" the part of the time that follows."""
    for index in range(len(clocks) - 2, -1, -1):
        here, after = clocks[index], clocks[index + 1]
        if here.part is None and after.part is not None and not here.exact and here.minute < after.minute:
            if applies(here.minute // HOUR_MIN, after.part):
                clocks[index] = replace(here, part=after.part)
    return tuple(clocks)


def applies(hour: int, part: str) -> bool:
    """True where an hour is commonly said with a part of the day."""
    ranges = {"sore": range(1, 8), "siang": range(10, 16), "malam": range(6, 12), "pm": range(1, 12), "evening": range(4, 12),
              "afternoon": range(1, 7), "night": range(6, 12)}
    return hour in ranges.get(part, range(_NOON))


def read_clock(lex: Lexemes, at: int, *, loose: bool = False) -> Read:
    """Read one time of day; `loose` takes a plain number for an hour, as a list or a window may."""
    if has(lex, at, "clock") and not has(lex, at, "unit"):
        return Clock(integer(sense(lex, at, "clock")) or 0, exact=True), skip(lex, at + 1, "malam", "siang")
    start = at
    while has(lex, start, "clockmark"):
        start += 1
    if has(lex, start, "clock"):
        return Clock(integer(sense(lex, start, "clock")) or 0, exact=True), start + 1
    marked = start > at
    return _spoken(lex, start, marked or loose) or _written(lex, start) or _hour(lex, start, marked=marked, loose=loose)


def _written(lex: Lexemes, at: int) -> Read:
    if has(lex, at, "bad_clock"):
        return Impossible("clock"), at + 1
    minute = integer(sense(lex, at, "hm"))
    if minute is None:
        return None
    if has(lex, at + 1, "unit") and not has(lex, at + 1, "clockmark"):
        return None
    exact = lex[at].text.startswith("0") or minute >= 13 * HOUR_MIN
    return _with_part(lex, at + 1, Clock(minute % DAY_MIN, exact=exact))


def _spoken(lex: Lexemes, at: int, marked: bool) -> Read:
    """Read "setengah delapan", "half past seven", "quarter to ten", "ten past eight", "twenty minutes to nine"."""
    start = skip(lex, at, "a") if has(lex, at + 1, "quarter", "half") else at
    if has(lex, start, "half"):
        if has(lex, start + 1, "past"):
            return _of_hour(lex, start + 2, _HALF)
        english = "en" in lex[start].languages
        return _of_hour(lex, skip(lex, start + 1, "-", "jam"), _HALF if english else -_HALF)
    if has(lex, start, "quarter"):
        return _shifted(lex, start + 1, _QUARTER)
    minutes = read_whole(lex, start)
    if minutes is None or not 0 < minutes[0] < HOUR_MIN:
        return None
    end = minutes[1]
    named = sense(lex, end, "unit") == "min"
    end += named
    is_word = not has(lex, start, "number") or text(lex, start - 1) == "at"
    if has(lex, end, "past") and "en" in lex[end].languages and (named or is_word or marked):
        return _of_hour(lex, end + 1, int(minutes[0]))
    if has(lex, end, "less") and "en" in lex[end].languages and (named or (is_word and minutes[0] % 5 == 0)):
        return _of_hour(lex, end + 1, -int(minutes[0]))
    return None


def _shifted(lex: Lexemes, at: int, minutes: int) -> Read:
    if has(lex, at, "past"):
        return _of_hour(lex, at + 1, minutes)
    return _of_hour(lex, at + 1, -minutes) if has(lex, at, "less") else None


def _of_hour(lex: Lexemes, at: int, shift: int) -> Read:
    if has(lex, at, "clock"):
        return Clock(integer(sense(lex, at, "clock")) or 0, shift=shift, exact=True), at + 1
    hour = read_whole(lex, at)
    if hour is None or has(lex, hour[1], "unit") or not 0 <= hour[0] <= _LAST_HOUR or hour[0] != int(hour[0]):
        return None
    return _with_part(lex, hour[1], Clock(int(hour[0]) % _LAST_HOUR * HOUR_MIN, shift=shift))


def _hour(lex: Lexemes, at: int, *, marked: bool, loose: bool) -> Read:
    number = read_whole(lex, at)
    if number is None:
        return None
    hour, end = number
    if marked and len(lex[at].text) == 4 and lex[at].text.isdecimal() and end == at + 1:
        return _digits(lex, at)
    if marked and not 0 <= hour <= _LAST_HOUR and not _is_other(lex, end, marked=True):
        return Impossible("clock"), _with_part(lex, end, Clock(0))[1]
    if not 0 <= hour <= _LAST_HOUR or hour != int(hour):
        return None
    said = _part_at(lex, end) is not None or has(lex, end, "oclock")
    if not (marked or said or loose) or (not said and _is_other(lex, end, marked=marked)):
        return None
    clock = Clock(int(hour) % _LAST_HOUR * HOUR_MIN, exact=hour > _NOON or lex[at].text.startswith("0"))
    return _with_minutes(lex, end, clock)


def _digits(lex: Lexemes, at: int) -> Read:
    """Read "0730" and "1930"."""
    hour, minute = int(lex[at].text[:2]), int(lex[at].text[2:])
    if hour >= _LAST_HOUR or minute >= HOUR_MIN:
        return Impossible("clock"), at + 1
    return _with_part(lex, at + 1, Clock(hour * HOUR_MIN + minute, exact=True))


def _is_other(lex: Lexemes, end: int, *, marked: bool) -> bool:
    """True where the number before an index counts something: minutes, times, accounts, or a word unknown."""
    if end >= len(lex) or has(lex, end, "part"):
        return False
    following = lex[end]
    if has(lex, end, "unit") and has(lex, end, "clockmark") and _starts_clock(lex, end + 1):
        return False
    if marked:
        return following.has("unit", "times", "scale")
    if following.has("backup", "report", "watch", "send"):
        return False
    return following.has(*_NOT_HOURS) or (following.kind == "word" and not following.senses)


def _starts_clock(lex: Lexemes, at: int) -> bool:
    return has(lex, at, "number", "hm", "digit", "teen")


def _with_minutes(lex: Lexemes, at: int, clock: Clock) -> tuple[Clock, int]:
    """Read what may follow an hour: "lewat 15", "kurang seperempat", "thirty", and the part of the day."""
    part = _part_at(lex, at)
    if part is not None:
        clock, at = replace(clock, part=part[0]), part[1]
        if not has(lex, at, "past", "less"):
            return clock, at
    sign = 0
    if has(lex, at, "past") and "id" in lex[at].languages:
        sign = 1
    elif has(lex, at, "less") and "id" in lex[at].languages:
        sign = -1
    minutes = _minutes(lex, at + 1 if sign else at)
    if minutes is None or not (sign or minutes[2]):
        return _with_part(lex, at, clock)
    count, end, _ = minutes
    return _with_part(lex, end, replace(clock, shift=(sign or 1) * count))


def _minutes(lex: Lexemes, at: int) -> tuple[int, int, bool] | None:
    """Read minutes; the flag is true where they can stand right after an hour: "tujuh tiga puluh"."""
    if has(lex, at, "quarter"):
        return _QUARTER, at + 1, True
    if has(lex, at, "half"):
        return (_HALF, at + 1, False) if not has(lex, at + 1, "unit", "number", "digit", "teen") else None
    number = read_whole(lex, at)
    if number is None or not 0 < number[0] < HOUR_MIN:
        return None
    count, end = number
    if sense(lex, end, "unit") == "min":
        return int(count), end + 1, False
    plain = not has(lex, end, "unit", "times") and (not has(lex, at, "number") or len(lex[at].text) == 2)
    return int(count), end, plain and count >= 5


def _with_part(lex: Lexemes, at: int, clock: Clock) -> tuple[Clock, int]:
    end = at + 1 if has(lex, at, "oclock") else at
    part = _part_at(lex, end)
    if part is None:
        return clock, end
    return replace(clock, part=part[0]), part[1]


def _part_at(lex: Lexemes, at: int) -> tuple[str, int] | None:
    end = at
    if text(lex, end) in {"di", "pada", "in", "the", "at", "waktu"} and has(lex, end + 1, "part"):
        end += 1
    part = sense(lex, end, "part")
    if part is None or (part == "am" and not _touches(lex, end)):
        return None
    end += 1
    if text(lex, end) == "hari" and not has(lex, end + 1, "weekday", "weekday_short"):
        end += 1
    return word(part), end


def _touches(lex: Lexemes, at: int) -> bool:
    """True unless "am" is the verb: it has to follow a figure."""
    before: Lexeme | None = lex[at - 1] if at else None
    return before is not None and before.has("number", "hm", "digit", "teen", "oclock")


def resolve(clock: Clock, part: str | None = None) -> int:
    """Return the minute of the day that a clock says; `part` is that of the sentence, where it has none itself."""
    hour, minute = divmod(clock.minute, HOUR_MIN)
    hour = _in_part(hour, clock.part or (None if clock.exact else part))
    return (hour * HOUR_MIN + minute + clock.shift) % DAY_MIN


def _in_part(hour: int, part: str | None) -> int:
    if hour > _NOON or part is None:
        return hour
    if hour == _NOON:
        return 0 if part in {"am", "pagi", "malam", "night", "subuh", "morning"} else _NOON
    after_noon = {"siang": range(1, 6), "sore": range(1, 8), "malam": range(6, 12), "pm": range(1, 12), "evening": range(1, 12),
                  "afternoon": range(1, 8), "night": range(6, 12)}
    return hour + _NOON if hour in after_noon.get(part, ()) else hour
