"""Describes cron expressions in words, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.core.i18n import Message, _, concat, join_list
from app.core.scheduling.cron import HOUR_MS, MINUTE_MS, CronFields, cron_parts, parse_cron

# The times of day of a cron expression.

MAX_NUMBERS: Final = 12
_MAX_TIMES: Final = 6
_ALL_HOURS: Final = tuple(range(24))
_NOTHING: Final = concat()
_EVERY: Final = {
    "year": (_("every year"), _("every {count} years")),
    "month": (_("every month"), _("every {count} months")),
    "week": (_("every week"), _("every {count} weeks")),
    "day": (_("every day"), _("every {count} days")),
    "hour": (_("every hour"), _("every {count} hours")),
    "minute": (_("every minute"), _("every {count} minutes")),
    "second": (_("every second"), _("every {count} seconds")),
}


@dataclass(frozen=True, slots=True)
class TimeWords:
    """Times of day; `repeats` if they are described as a rhythm that continues through every day."""

    words: Message
    repeats: bool


def time_words(times: Sequence[int]) -> TimeWords | None:
    """Return times (milliseconds of the day, ascending) in words; None if they take too many."""
    hours = tuple(sorted({time // HOUR_MS for time in times}))
    minutes = tuple(sorted({time % HOUR_MS // MINUTE_MS for time in times}))
    step = step_of(minutes, 60)
    if step is not None:
        rhythm = every(step, "minute")
        return _repeated(rhythm, _between(hours, minutes), _restarts(step, 60))
    if len(minutes) == 1:
        by_hours = _hourly(hours, minutes[0])
        if by_hours is not None:
            return by_hours
    if len(times) <= _MAX_TIMES:
        return TimeWords(_at(times), repeats=False)
    if len(minutes) > MAX_NUMBERS:
        return None
    base = _("at minute {minutes}", minutes=join_list([str(minute) for minute in minutes]))
    return _repeated(base, _("of every hour") if hours == _ALL_HOURS else _of_hours(hours))


def every(count: int, unit: str) -> Message:
    """Return `every 2 weeks`; units are year, month, week, day, hour, minute, second."""
    one, many = _EVERY[unit]
    return one if count == 1 else many.fill(count=count)


def _hourly(hours: Sequence[int], minute: int) -> TimeWords | None:
    past = _NOTHING if minute == 0 else _("at minute {minutes}", minutes=minute)
    step = step_of(hours, 24)
    # Two or three times a day are clearer as a list than as a rhythm.
    if step is not None and len(hours) > 3:  # noqa: PLR2004
        return _repeated(every(step, "hour"), past, _restarts(step, 24))
    if len(hours) > _MAX_TIMES and is_run(hours):
        return _repeated(every(1, "hour"), _span(hours, (minute,)))
    return None


def _repeated(*parts: Message | None) -> TimeWords | None:
    given = [part for part in parts if part is not None]
    if len(given) < len(parts):
        return None
    return TimeWords(concat(*filter(None, given), separator=" "), repeats=True)


def _between(hours: Sequence[int], minutes: Sequence[int]) -> Message | None:
    if hours == _ALL_HOURS:
        return _NOTHING
    return _span(hours, minutes) if is_run(hours) else _of_hours(hours)


def _span(hours: Sequence[int], minutes: Sequence[int]) -> Message:
    first, last = f"{hours[0]:02d}:{minutes[0]:02d}", f"{hours[-1]:02d}:{minutes[-1]:02d}"
    return _("from {first} to {last}", first=first, last=last)


def _of_hours(hours: Sequence[int]) -> Message | None:
    if len(hours) > MAX_NUMBERS:
        return None
    return _("in hour {hours}", hours=join_list([f"{hour:02d}" for hour in hours]))


def _restarts(step: int, size: int) -> Message:
    """Describe a step that does not divide the hour or day: `*/7` restarts at each full hour."""
    if size % step == 0:
        return _NOTHING
    if size == len(_ALL_HOURS):
        return _("(restarts each day)")
    return _("(restarts each hour)")


def _at(times: Sequence[int]) -> Message:
    shown = [f"{time // HOUR_MS:02d}:{time % HOUR_MS // MINUTE_MS:02d}" for time in times]
    return _("at {times}", times=join_list(shown))


def step_of(numbers: Sequence[int], end: int, start: int = 0) -> int | None:
    """Return the step that leads from `start` through all the numbers up to `end`, or None."""
    if len(numbers) < 2 or numbers[0] != start:  # noqa: PLR2004
        return None
    step = numbers[1] - start
    return step if tuple(numbers) == tuple(range(start, end, step)) else None


def is_run(numbers: Sequence[int]) -> bool:
    """True if the numbers follow each other without a gap."""
    return numbers[-1] - numbers[0] == len(numbers) - 1


_DATES: Final = frozenset(range(1, 32))
_LAST_DATE: Final = 31
MONTH_NAMES: Final = (
    *(_("January"), _("February"), _("March")),
    *(_("April"), _("May"), _("June")),
    *(_("July"), _("August"), _("September")),
    *(_("October"), _("November"), _("December")),
)
# From Monday on, the usual order of a week.
WEEKDAY_NAMES: Final = (
    *(_("Monday"), _("Tuesday"), _("Wednesday")),
    *(_("Thursday"), _("Friday"), _("Saturday")),
    _("Sunday"),
)
_EVERY_DAY: Final = _EVERY["day"][0]
_LAST_DAY: Final = _("last day")


def day_words(fields: CronFields) -> Message | None:
    """Return the days of an expression; None if they take too many words."""
    weekdays = sorted({(day - 1) % 7 for day in fields.weekdays})
    by_date, by_weekday = fields.days < _DATES, len(weekdays) < len(WEEKDAY_NAMES)
    if by_date and by_weekday:
        # Both must match: too rare for a sentence of its own.
        return None if fields.needs_both_days else _either(fields, weekdays)
    # If one of the two is enough, one that matches every day means every day.
    if by_date and fields.needs_both_days:
        return _on_dates(fields)
    chosen = _on_weekdays(weekdays) if by_weekday and fields.needs_both_days else _EVERY_DAY
    return concat(chosen, _in_months(fields.months))


def _either(fields: CronFields, weekdays: Sequence[int]) -> Message | None:
    dates = _dates(fields)
    if dates is None:
        return None
    either = _("{dates} of the month or {weekdays}", dates=dates, weekdays=_on_weekdays(weekdays))
    return concat(either, _in_months(fields.months))


def _on_dates(fields: CronFields) -> Message | None:
    dates, step = _dates(fields), step_of(sorted(fields.days), _LAST_DATE + 1, start=1)
    if step is not None and len(fields.days) > 3:  # noqa: PLR2004  three dates are clearer as a list
        rhythm = _("every {step} days from the 1st of the month", step=step)
        return concat(rhythm, _in_months(fields.months))
    if dates is None:
        return None
    if len(fields.months) == len(MONTH_NAMES):
        return _("{dates} of every month", dates=dates)
    months = join_list([MONTH_NAMES[month - 1] for month in sorted(fields.months)])
    return _("{dates} of {months}", dates=dates, months=months)


def _dates(fields: CronFields) -> Message | None:
    return on_dates([*fields.days, *([-1] if fields.last_day else [])])


def _on_weekdays(weekdays: Sequence[int]) -> Message:
    first, last = WEEKDAY_NAMES[weekdays[0]], WEEKDAY_NAMES[weekdays[-1]]
    if len(weekdays) > 2 and is_run(weekdays):  # noqa: PLR2004
        return _("{first} to {last}", first=first, last=last)
    return _("every {weekdays}", weekdays=join_list([WEEKDAY_NAMES[day] for day in weekdays]))


def _in_months(months: frozenset[int]) -> Message:
    if len(months) == len(MONTH_NAMES):
        return _NOTHING
    return _(" in {months}", months=join_list([MONTH_NAMES[month - 1] for month in sorted(months)]))


def on_dates(dates: Sequence[int]) -> Message | None:
    """Return `on the 1st and 15th`, -1 as the last day; None for other days counted from the end."""
    if min(dates) < -1 or len(dates) > MAX_NUMBERS:
        return None
    if list(dates) == [-1]:
        return _("on the last day")
    shown = [_ordinal(day) for day in sorted(day for day in dates if day > 0)]
    return _("on the {dates}", dates=join_list([*shown, *([_LAST_DAY] if -1 in dates else [])]))


_ORDINALS: Final = {1: _("{day}st"), 2: _("{day}nd"), 3: _("{day}rd")}


def _ordinal(day: int) -> Message:
    ending = _ORDINALS.get(0 if day in {11, 12, 13} else day % 10, _("{day}th"))
    return ending.fill(day=day)


# A cron expression in words.
#
# The text follows the meaning of the fields, not their form: `0-59/15`, `*/15` and `0,15,30,45` read alike.
# If that takes too many words, the five fields are described one by one.

_FIELDS: Final = (
    (_("every minute"), _("minute {part}")),
    (_("every hour"), _("hour {part}")),
    (_("every day of the month"), _("day of the month {part}")),
    (_("every month"), _("month {part}")),
    (_("every day of the week"), _("day of the week {part}")),
)


# A page of jobs has a hundred, at a quarter of a millisecond each.
@lru_cache(maxsize=4_096)
def cron_words(text: str) -> Message:
    """Return the description of an expression; ScheduleError if it is not valid."""
    fields = parse_cron(text)
    times, days = time_words(fields.times), day_words(fields)
    if times is None or days is None:
        return _explained(text)
    if not times.repeats:
        return concat(days, times.words, separator=" ")
    return times.words if days == _EVERY_DAY else concat(times.words, days, separator=", ")


def _explained(text: str) -> Message:
    fields = [
        every if part == "*" else some.fill(part=part)
        for (every, some), part in zip(_FIELDS, cron_parts(text), strict=True)
    ]
    return _('by cron "{cron}": {fields}', cron=text, fields=concat(*fields, separator=", "))
