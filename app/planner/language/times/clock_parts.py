"""Parts of the day and minutes that complete an hour."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from app.core.i18n import Message, _
from app.planner.language.lexicon.sense import Sense
from app.planner.language.lexicon.spelling import read_entries
from app.planner.language.times.expressions import DAY_MIN, HOUR_MIN, ClockTime
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.language.tokens.numbers import read_whole

_NOON: Final = 12
_QUARTER: Final = 15
_HALF: Final = 30
_TWO_DIGITS: Final = 2
_LEAST_PLAIN_MINUTES: Final = 5
_FROM_MIDNIGHT: Final = frozenset({"am", "pagi", "early", "malam", "night", "subuh"})
"""With these, twelve o'clock is midnight."""


@dataclass(frozen=True, slots=True)
class PartTimes:
    """A part of the day: its default minute, its hours, its first and last minute, and its name.

    `past_noon` are the hours of the twelve-hour clock that it moves past noon. An hour that is not `written`
    with it is a slip and gets a message.
    """

    minute: int
    hours: frozenset[int]
    window: tuple[int, int]
    past_noon: frozenset[int]
    written: frozenset[int]
    name: Message


_NAMES: Final = {
    "pagi": _("the morning"),
    "subuh": _("dawn"),
    "siang": _("midday"),
    "sore": _("the late afternoon"),
    "malam": _("the night"),
    "zuhur": _("the noon prayer"),
    "ashar": _("the afternoon prayer"),
    "maghrib": _("sunset"),
    "isya": _("the evening prayer"),
    "daytime": _("daytime"),
    "afternoon": _("the afternoon"),
    "evening": _("the evening"),
}


def _hours(text: str) -> frozenset[int]:
    spans = (tuple(map(int, span.split("-"))) for span in text.split(",") if span != "-")
    return frozenset(hour for span in spans for hour in range(span[0], span[-1] + 1))


def _part_times(row: str) -> PartTimes:
    minute, hours, window, past_noon, written, name = row.split()[1:]
    start, end = map(int, window.split("-"))
    return PartTimes(
        int(minute), _hours(hours), (start, end), _hours(past_noon), _hours(written), _NAMES[name]
    )


PART_TIMES: Final = {row.split()[0]: _part_times(row) for row in read_entries("parts.txt")}


def applies(hour: int, part: str) -> bool:
    """True if an hour is commonly said with a part of the day."""
    return hour in PART_TIMES[part].past_noon | PART_TIMES[part].written


def with_minutes(lex: Lexemes, pos: int, clock: ClockTime) -> tuple[ClockTime, int]:
    """Read the words after an hour: "lewat 15", "kurang seperempat", "thirty", and the part of the day."""
    early = _part_at(lex, pos)
    if early is not None:
        clock, pos = replace(clock, part=early[0]), early[1]
        if not lex.has(pos, Sense.PAST, Sense.LESS):
            return clock, pos
    sign = _sign(lex, pos)
    minutes = _minutes(lex, pos + abs(sign))
    if minutes is None or not (sign or minutes[2]):
        return with_part(lex, pos, clock)
    return with_part(lex, minutes[1], replace(clock, shift=(sign or 1) * minutes[0]))


def _sign(lex: Lexemes, pos: int) -> int:
    """Return 1 for "lewat", -1 for "kurang"; the English words come before the hour."""
    if not lex.has(pos, Sense.PAST, Sense.LESS) or "id" not in lex[pos].languages:
        return 0
    return 1 if lex.has(pos, Sense.PAST) else -1


def _minutes(lex: Lexemes, pos: int) -> tuple[int, int, bool] | None:
    """Read minutes; the flag is true if they can directly follow an hour: "tujuh tiga puluh"."""
    if lex.has(pos, Sense.QUARTER):
        return _QUARTER, pos + 1, True
    number = read_whole(lex, pos)
    if number is None or not 0 < number[0] < HOUR_MIN:
        return None
    count, end = int(number[0]), number[1]
    if lex.sense(end, Sense.UNIT) == "min":
        return count, end + 1, False
    spelt = not lex.has(pos, Sense.NUMBER) or len(lex[pos].text) == _TWO_DIGITS
    return count, end, spelt and count >= _LEAST_PLAIN_MINUTES and not lex.has(end, Sense.UNIT, Sense.TIMES)


_OF_DAY: Final = ("weekday", "weekday_short", Sense.REFERS_BACK)
"""Senses after which "hari" belongs to the day: "jam 9 pagi hari Senin", "jam 9 pagi hari itu"."""


def with_part(lex: Lexemes, pos: int, clock: ClockTime) -> tuple[ClockTime, int]:
    """Read "o'clock" and the part of the day after a time."""
    if lex.has(pos, Sense.CLOCK) and clock.minute in {0, _NOON * HOUR_MIN}:  # "12 noon"
        return ClockTime(lex.integer(pos, Sense.CLOCK) or 0, exact=True), pos + 1
    end = pos + 1 if lex.has(pos, Sense.OCLOCK) else pos
    part = _part_at(lex, end)
    return (clock, end) if part is None else (replace(clock, part=part[0]), part[1])


def _part_at(lex: Lexemes, pos: int) -> tuple[str, int] | None:
    part, end = lex.word(pos, Sense.PART), pos + 1
    if not part:
        return None
    if lex.has(end, Sense.DAY_WORD) and not lex.has(end + 1, *_OF_DAY):
        end += 1
    return part, end


def resolve(clock: ClockTime, part: str | None = None) -> int:
    """Return the minute of the day of a clock time.

    `part` is the sentence's part of the day, for a clock time without one.
    """
    hour, minute = divmod(clock.minute, HOUR_MIN)
    hour = _in_part(hour, clock.part or (None if clock.exact else part))
    return (hour * HOUR_MIN + minute + clock.shift) % DAY_MIN


def is_odd(clock: ClockTime) -> bool:
    """True for "jam 15 pagi" and "13 pm": an hour that is never used with its part of the day."""
    return clock.part is not None and clock.minute // HOUR_MIN not in PART_TIMES[clock.part].written


def is_wrong(clock: ClockTime) -> bool:
    """True for "jam 15 malam", whose two parts cannot both hold; "13 pm" is only said twice."""
    return is_odd(clock) and clock.minute // HOUR_MIN > _NOON and clock.part != "pm"


def _in_part(hour: int, part: str | None) -> int:
    if part is None or hour > _NOON:
        return hour
    if hour == _NOON and part in _FROM_MIDNIGHT:
        return 0
    return hour + _NOON if hour in PART_TIMES[part].past_noon else hour


# Times of day in words: "setengah delapan", "half past seven", "quarter to ten", "ten past eight".

_LAST_HOUR: Final = 24
_ROUND: Final = 5
Read = tuple[ClockTime, int] | None


def read_spoken(lex: Lexemes, pos: int, *, marked: bool) -> Read:
    """Read a time that is given as a distance from an hour; `marked` if "jam" or "at" precedes it."""
    start = lex.skip(pos, "a") if lex.has(pos + 1, Sense.QUARTER, Sense.HALF) else pos
    if lex.has(start, Sense.HALF):
        return _half(lex, start)
    if lex.has(start, Sense.QUARTER):
        sign = lex.has(start + 1, Sense.PAST) - lex.has(start + 1, Sense.LESS)
        return _of_hour(lex, start + 2, sign * _QUARTER) if sign else None
    return _minutes_from_hour(lex, start, marked=marked)


def _half(lex: Lexemes, pos: int) -> Read:
    """Read "half past seven" and "half seven", which is after, and "setengah delapan", which is before."""
    if lex.has(pos + 1, Sense.PAST):
        return _of_hour(lex, pos + 2, _HALF)
    shift = _HALF if "en" in lex[pos].languages else -_HALF
    return _of_hour(lex, lex.skip(pos + 1, "-", "jam"), shift)


def _minutes_from_hour(lex: Lexemes, pos: int, *, marked: bool) -> Read:
    """Read "ten past eight" and "twenty minutes to nine"; "9 to 17" and "5 to 10 minutes" are none."""
    minutes = read_whole(lex, pos)
    if minutes is None or not 0 < minutes[0] < HOUR_MIN:
        return None
    count, end = int(minutes[0]), minutes[1]
    named = lex.sense(end, Sense.UNIT) == "min"
    end += int(named)
    spelt = not lex.has(pos, Sense.NUMBER) or lex.text(pos - 1) == "at"
    if not lex.has(end, Sense.PAST, Sense.LESS) or "en" not in lex[end].languages:
        return None
    if lex.has(end, Sense.PAST):
        return _of_hour(lex, end + 1, count) if named or spelt or marked else None
    return _of_hour(lex, end + 1, -count) if named or (spelt and count % _ROUND == 0) else None


def _of_hour(lex: Lexemes, pos: int, shift: int) -> Read:
    if lex.has(pos, Sense.CLOCK):
        return ClockTime(lex.integer(pos, Sense.CLOCK) or 0, shift=shift, exact=True), pos + 1
    hour = read_whole(lex, pos)
    if hour is None or lex.has(hour[1], Sense.UNIT) or hour[0] not in range(_LAST_HOUR + 1):
        return None
    return with_part(lex, hour[1], ClockTime(int(hour[0]) % _LAST_HOUR * HOUR_MIN, shift=shift))
