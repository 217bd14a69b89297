"""Describes schedules and cron expressions in words, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.core.i18n import COMMA, NOTHING, SPACE, Bilingual, every, join_list, same_in_both
from app.core.scheduling.cron import HOUR_MS, MINUTE_MS, CronFields, cron_parts, parse_cron

if TYPE_CHECKING:
    from app.core.models import Schedule

# The times of day of a cron expression.

MAX_NUMBERS: Final = 12
_MAX_TIMES: Final = 6
_ALL_HOURS: Final = tuple(range(24))


@dataclass(frozen=True, slots=True)
class TimeWords:
    """Times of day; `repeats` if they are described as a rhythm that continues through every day."""

    words: Bilingual
    repeats: bool


def time_words(times: Sequence[int]) -> TimeWords | None:
    """Return times (milliseconds of the day, ascending) in words; None if they take too many."""
    hours = tuple(sorted({time // HOUR_MS for time in times}))
    minutes = tuple(sorted({time % HOUR_MS // MINUTE_MS for time in times}))
    step = step_of(minutes, 60)
    if step is not None:
        rhythm = every(step, "menit", "minute")
        return _repeated(rhythm, _between(hours, minutes), _anew(step, 60))
    if len(minutes) == 1:
        by_hours = _hourly(hours, minutes[0])
        if by_hours is not None:
            return by_hours
    if len(times) <= _MAX_TIMES:
        return TimeWords(_at(times), repeats=False)
    if len(minutes) > MAX_NUMBERS:
        return None
    shown = join_list(same_in_both(minutes))
    base = Bilingual(f"pada menit {shown.id}", f"at minute {shown.en}")
    return _repeated(
        base, Bilingual(" setiap jam", " of every hour") if hours == _ALL_HOURS else _of_hours(hours)
    )


def _hourly(hours: Sequence[int], minute: int) -> TimeWords | None:
    past = NOTHING if minute == 0 else Bilingual(f" pada menit {minute}", f" at minute {minute}")
    step = step_of(hours, 24)
    # Two or three times a day are clearer as a list than as a rhythm.
    if step is not None and len(hours) > 3:  # noqa: PLR2004
        return _repeated(every(step, "jam", "hour"), past, _anew(step, 24))
    if len(hours) > _MAX_TIMES and is_run(hours):
        return _repeated(every(1, "jam", "hour"), _span(hours, (minute,)))
    return None


def _repeated(*parts: Bilingual | None) -> TimeWords | None:
    words = NOTHING
    for part in parts:
        if part is None:
            return None
        words += part
    return TimeWords(words, repeats=True)


def _between(hours: Sequence[int], minutes: Sequence[int]) -> Bilingual | None:
    if hours == _ALL_HOURS:
        return NOTHING
    return _span(hours, minutes) if is_run(hours) else _of_hours(hours)


def _span(hours: Sequence[int], minutes: Sequence[int]) -> Bilingual:
    first, last = f"{hours[0]:02d}:{minutes[0]:02d}", f"{hours[-1]:02d}:{minutes[-1]:02d}"
    return Bilingual(f" dari {first} sampai {last}", f" from {first} to {last}")


def _of_hours(hours: Sequence[int]) -> Bilingual | None:
    if len(hours) > MAX_NUMBERS:
        return None
    shown = join_list(same_in_both([f"{hour:02d}" for hour in hours]))
    return Bilingual(f" pada jam {shown.id}", f" in hour {shown.en}")


def _anew(step: int, size: int) -> Bilingual:
    """Describe a step that does not divide the hour or day: `*/7` restarts at each full hour."""
    if size % step == 0:
        return NOTHING
    if size == len(_ALL_HOURS):
        return Bilingual(" (dihitung ulang tiap hari)", " (counted anew each day)")
    return Bilingual(" (dihitung ulang tiap jam)", " (counted anew each hour)")


def _at(times: Sequence[int]) -> Bilingual:
    shown = join_list(
        same_in_both([f"{time // HOUR_MS:02d}:{time % HOUR_MS // MINUTE_MS:02d}" for time in times])
    )
    return Bilingual(f"pukul {shown.id}", f"at {shown.en}")


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
_MONTHS: Final = (
    *(Bilingual("Januari", "January"), Bilingual("Februari", "February"), Bilingual("Maret", "March")),
    *(Bilingual("April", "April"), Bilingual("Mei", "May"), Bilingual("Juni", "June")),
    *(Bilingual("Juli", "July"), Bilingual("Agustus", "August"), Bilingual("September", "September")),
    *(Bilingual("Oktober", "October"), Bilingual("November", "November"), Bilingual("Desember", "December")),
)
# From Monday on, the usual order of a week.
_WEEK: Final = (
    *(Bilingual("Senin", "Monday"), Bilingual("Selasa", "Tuesday"), Bilingual("Rabu", "Wednesday")),
    *(Bilingual("Kamis", "Thursday"), Bilingual("Jumat", "Friday"), Bilingual("Sabtu", "Saturday")),
    Bilingual("Minggu", "Sunday"),
)
_EVERY_DAY: Final = Bilingual("setiap hari", "every day")
_LAST_DAY: Final = Bilingual("hari terakhir", "last day")


def day_words(fields: CronFields) -> Bilingual | None:
    """Return the days of an expression; None if they take too many words."""
    weekdays = sorted({(day - 1) % 7 for day in fields.weekdays})
    by_date, by_weekday = fields.days < _DATES, len(weekdays) < len(_WEEK)
    if by_date and by_weekday:
        # Both must match: too rare for a sentence of its own.
        return None if fields.needs_both_days else _either(fields, weekdays)
    # If one of the two is enough, one that matches every day means every day.
    if by_date and fields.needs_both_days:
        return _on_dates(fields)
    chosen = _on_weekdays(weekdays) if by_weekday and fields.needs_both_days else _EVERY_DAY
    return chosen + _in_months(fields.months)


def _either(fields: CronFields, weekdays: Sequence[int]) -> Bilingual | None:
    dates = _dates(fields)
    if dates is None:
        return None
    of_month = dates + Bilingual("", " of the month")
    return of_month + Bilingual(" atau ", " or ") + _on_weekdays(weekdays) + _in_months(fields.months)


def _on_dates(fields: CronFields) -> Bilingual | None:
    dates, step = _dates(fields), step_of(sorted(fields.days), _LAST_DATE + 1, start=1)
    if step is not None and len(fields.days) > 3:  # noqa: PLR2004  three dates are clearer as a list
        rhythm = Bilingual(
            f"setiap {step} hari mulai tanggal 1", f"every {step} days from the 1st of the month"
        )
        return rhythm + _in_months(fields.months)
    if dates is None:
        return None
    if len(fields.months) == len(_MONTHS):
        return dates + Bilingual("", " of every month")
    months = join_list([_MONTHS[month - 1] for month in sorted(fields.months)])
    return dates + Bilingual(f" {months.id}", f" of {months.en}")


def _dates(fields: CronFields) -> Bilingual | None:
    if len(fields.days) > MAX_NUMBERS:
        return None
    if not fields.days:
        return Bilingual("setiap akhir bulan", "on the last day")
    dates = [Bilingual(str(day), _ordinal(day)) for day in sorted(fields.days)]
    return Bilingual("setiap tanggal ", "on the ") + join_list(
        [*dates, *([_LAST_DAY] if fields.last_day else [])]
    )


def _on_weekdays(weekdays: Sequence[int]) -> Bilingual:
    first, last = _WEEK[weekdays[0]], _WEEK[weekdays[-1]]
    if len(weekdays) > 2 and is_run(weekdays):  # noqa: PLR2004
        return Bilingual(f"{first.id} sampai {last.id}", f"{first.en} to {last.en}")
    return Bilingual("setiap hari ", "every ") + join_list([_WEEK[day] for day in weekdays])


def _in_months(months: frozenset[int]) -> Bilingual:
    if len(months) == len(_MONTHS):
        return NOTHING
    shown = join_list([_MONTHS[month - 1] for month in sorted(months)])
    return Bilingual(f" bulan {shown.id}", f" in {shown.en}")


def _ordinal(number: int) -> str:
    if number in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


# A cron expression in words.
#
# The text follows the meaning of the fields, not their form: `0-59/15`, `*/15` and `0,15,30,45` read alike.
# If that takes too many words, the five fields are described one by one.

_NAMES: Final = (
    Bilingual("menit", "minute"),
    Bilingual("jam", "hour"),
    Bilingual("tanggal", "day of the month"),
    Bilingual("bulan", "month"),
    Bilingual("hari", "day of the week"),
)


# A page of jobs has a hundred, at a quarter of a millisecond each.
@lru_cache(maxsize=4_096)
def cron_words(text: str) -> Bilingual:
    """Return the description of an expression; ScheduleError if it is not valid."""
    fields = parse_cron(text)
    times, days = time_words(fields.times), day_words(fields)
    if times is None or days is None:
        return _explained(text)
    if not times.repeats:
        return days + SPACE + times.words
    return times.words if days == _EVERY_DAY else times.words + COMMA + days


def _explained(text: str) -> Bilingual:
    told = Bilingual(f'menurut cron "{text}"', f'by cron "{text}"')
    for index, (name, part) in enumerate(zip(_NAMES, cron_parts(text), strict=True)):
        all_of_it = Bilingual(f"setiap {name.id}", f"every {name.en}")
        some = Bilingual(f"{name.id} {part}", f"{name.en} {part}")
        told += (COMMA if index else Bilingual(": ", ": ")) + (all_of_it if part == "*" else some)
    return told


# A schedule in words. No I/O: instants are shown in the zone that is passed in.

_UNITS: Final = (
    (86_400, "hari", "day"),
    (3_600, "jam", "hour"),
    (60, "menit", "minute"),
    (1, "detik", "second"),
)


def schedule_words(schedule: Schedule, default_timezone: str, jitter_sec: float = 0) -> Bilingual:
    """Return a schedule with its zone, bounds and spread; ScheduleError if its cron is not valid."""
    zone = schedule.timezone or default_timezone
    if schedule.at is not None:
        told = once_words(schedule.at, zone)
    elif schedule.cron is not None:
        told = cron_words(schedule.cron) + Bilingual(f" ({zone})", f" ({zone})")
    else:
        told = interval_words(schedule.interval_sec or 1)
    return told + _bounds(schedule, zone) + _spread(jitter_sec)


def interval_words(seconds: int) -> Bilingual:
    """Return `every 90 seconds`, in the largest unit that fits."""
    size, indonesian, english = next(unit for unit in _UNITS if seconds % unit[0] == 0)
    return every(seconds // size, indonesian, english)


def once_words(at: datetime, zone: str) -> Bilingual:
    """Return `once on 2026-01-31 at 07:00 (Asia/Jakarta)`."""
    date, time = _local(at, zone)
    return Bilingual(f"sekali, {date} pukul {time} ({zone})", f"once, on {date} at {time} ({zone})")


def _bounds(schedule: Schedule, zone: str) -> Bilingual:
    told = NOTHING
    if schedule.start_at is not None:
        date, time = _local(schedule.start_at, zone)
        told += Bilingual(f", mulai {date} pukul {time}", f", from {date} at {time}")
    if schedule.end_at is not None:
        date, time = _local(schedule.end_at, zone)
        told += Bilingual(f", sampai sebelum {date} pukul {time}", f", until before {date} at {time}")
    return told


def _spread(jitter_sec: float) -> Bilingual:
    if not jitter_sec:
        return NOTHING
    return Bilingual(f", disebar sampai {jitter_sec:g} detik", f", spread over up to {jitter_sec:g} seconds")


def _local(at: datetime, zone: str) -> tuple[str, str]:
    try:
        there = at.astimezone(ZoneInfo(zone))
    except OverflowError:  # at the very ends of the calendar: shown as it was written
        there = at
    return f"{there:%Y-%m-%d}", f"{there:%H:%M:%S}" if there.second else f"{there:%H:%M}"
