"""The times of a day that a cron expression names, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.core.cron_fields import HOUR_MS, MINUTE_MS
from app.core.words import NOTHING, Words, every, listed, plain

MAX_NUMBERS: Final = 12
_MAX_TIMES: Final = 6
_ALL_HOURS: Final = tuple(range(24))


@dataclass(frozen=True, slots=True)
class TimeWords:
    """Times of a day; `repeats` where they are told as a rhythm, which goes on through every day."""

    words: Words
    repeats: bool


def time_words(times: Sequence[int]) -> TimeWords | None:
    """Return times (milliseconds of the day, ascending) in words; None where they take too many."""
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
    shown = listed(plain(minutes))
    base = Words(f"pada menit {shown.id}", f"at minute {shown.en}")
    return _repeated(
        base, Words(" setiap jam", " of every hour") if hours == _ALL_HOURS else _of_hours(hours)
    )


def _hourly(hours: Sequence[int], minute: int) -> TimeWords | None:
    past = NOTHING if minute == 0 else Words(f" pada menit {minute}", f" at minute {minute}")
    step = step_of(hours, 24)
    # Two or three times a day are clearer as a list than as a rhythm.
    if step is not None and len(hours) > 3:  # noqa: PLR2004
        return _repeated(every(step, "jam", "hour"), past, _anew(step, 24))
    if len(hours) > _MAX_TIMES and is_run(hours):
        return _repeated(every(1, "jam", "hour"), _span(hours, (minute,)))
    return None


def _repeated(*parts: Words | None) -> TimeWords | None:
    words = NOTHING
    for part in parts:
        if part is None:
            return None
        words += part
    return TimeWords(words, repeats=True)


def _between(hours: Sequence[int], minutes: Sequence[int]) -> Words | None:
    if hours == _ALL_HOURS:
        return NOTHING
    return _span(hours, minutes) if is_run(hours) else _of_hours(hours)


def _span(hours: Sequence[int], minutes: Sequence[int]) -> Words:
    first, last = f"{hours[0]:02d}:{minutes[0]:02d}", f"{hours[-1]:02d}:{minutes[-1]:02d}"
    return Words(f" dari {first} sampai {last}", f" from {first} to {last}")


def _of_hours(hours: Sequence[int]) -> Words | None:
    if len(hours) > MAX_NUMBERS:
        return None
    shown = listed(plain([f"{hour:02d}" for hour in hours]))
    return Words(f" pada jam {shown.id}", f" in hour {shown.en}")


def _anew(step: int, size: int) -> Words:
    """Tell of a step that does not fit: `*/7` counts from the full hour each time."""
    if size % step == 0:
        return NOTHING
    if size == len(_ALL_HOURS):
        return Words(" (dihitung ulang tiap hari)", " (counted anew each day)")
    return Words(" (dihitung ulang tiap jam)", " (counted anew each hour)")


def _at(times: Sequence[int]) -> Words:
    shown = listed(plain([f"{time // HOUR_MS:02d}:{time % HOUR_MS // MINUTE_MS:02d}" for time in times]))
    return Words(f"pukul {shown.id}", f"at {shown.en}")


def step_of(numbers: Sequence[int], end: int, start: int = 0) -> int | None:
    """Return the step that leads from `start` through all the numbers up to `end`, or None."""
    if len(numbers) < 2 or numbers[0] != start:  # noqa: PLR2004
        return None
    step = numbers[1] - start
    return step if tuple(numbers) == tuple(range(start, end, step)) else None


def is_run(numbers: Sequence[int]) -> bool:
    """Tell whether the numbers follow each other without a gap."""
    return numbers[-1] - numbers[0] == len(numbers) - 1
