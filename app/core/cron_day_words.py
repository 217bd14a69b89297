"""The days that a cron expression names, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.core.cron_fields import CronFields
from app.core.cron_time_words import MAX_NUMBERS, is_run, step_of
from app.core.words import NOTHING, Words, listed

_DATES: Final = frozenset(range(1, 32))
_LAST_DATE: Final = 31
_MONTHS: Final = (
    *(Words("Januari", "January"), Words("Februari", "February"), Words("Maret", "March")),
    *(Words("April", "April"), Words("Mei", "May"), Words("Juni", "June")),
    *(Words("Juli", "July"), Words("Agustus", "August"), Words("September", "September")),
    *(Words("Oktober", "October"), Words("November", "November"), Words("Desember", "December")),
)
# From Monday on, as weeks are spoken of.
_WEEK: Final = (
    *(Words("Senin", "Monday"), Words("Selasa", "Tuesday"), Words("Rabu", "Wednesday")),
    *(Words("Kamis", "Thursday"), Words("Jumat", "Friday"), Words("Sabtu", "Saturday")),
    Words("Minggu", "Sunday"),
)
_EVERY_DAY: Final = Words("setiap hari", "every day")
_LAST_DAY: Final = Words("hari terakhir", "last day")


def day_words(fields: CronFields) -> Words | None:
    """Return on which days; None where they take too many words."""
    weekdays = sorted({(day - 1) % 7 for day in fields.weekdays})
    by_date, by_weekday = fields.days < _DATES, len(weekdays) < len(_WEEK)
    if by_date and by_weekday:
        # Both must hold: too rare for a sentence of its own.
        return None if fields.needs_both_days else _either(fields, weekdays)
    # Where one of the two is enough, one that names every day makes it every day.
    if by_date and fields.needs_both_days:
        return _on_dates(fields)
    chosen = _on_weekdays(weekdays) if by_weekday and fields.needs_both_days else _EVERY_DAY
    return chosen + _in_months(fields.months)


def _either(fields: CronFields, weekdays: Sequence[int]) -> Words | None:
    dates = _dates(fields)
    if dates is None:
        return None
    of_month = dates + Words("", " of the month")
    return of_month + Words(" atau ", " or ") + _on_weekdays(weekdays) + _in_months(fields.months)


def _on_dates(fields: CronFields) -> Words | None:
    dates, step = _dates(fields), step_of(sorted(fields.days), _LAST_DATE + 1, start=1)
    if step is not None and len(fields.days) > 3:  # noqa: PLR2004  three dates are clearer as a list
        rhythm = Words(f"setiap {step} hari mulai tanggal 1", f"every {step} days from the 1st of the month")
        return rhythm + _in_months(fields.months)
    if dates is None:
        return None
    if len(fields.months) == len(_MONTHS):
        return dates + Words("", " of every month")
    months = listed([_MONTHS[month - 1] for month in sorted(fields.months)])
    return dates + Words(f" {months.id}", f" of {months.en}")


def _dates(fields: CronFields) -> Words | None:
    if len(fields.days) > MAX_NUMBERS:
        return None
    if not fields.days:
        return Words("setiap akhir bulan", "on the last day")
    dates = [Words(str(day), _ordinal(day)) for day in sorted(fields.days)]
    return Words("setiap tanggal ", "on the ") + listed([*dates, *([_LAST_DAY] if fields.last_day else [])])


def _on_weekdays(weekdays: Sequence[int]) -> Words:
    first, last = _WEEK[weekdays[0]], _WEEK[weekdays[-1]]
    if len(weekdays) > 2 and is_run(weekdays):  # noqa: PLR2004
        return Words(f"{first.id} sampai {last.id}", f"{first.en} to {last.en}")
    return Words("setiap hari ", "every ") + listed([_WEEK[day] for day in weekdays])


def _in_months(months: frozenset[int]) -> Words:
    if len(months) == len(_MONTHS):
        return NOTHING
    shown = listed([_MONTHS[month - 1] for month in sorted(months)])
    return Words(f" bulan {shown.id}", f" in {shown.en}")


def _ordinal(number: int) -> str:
    if number in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
