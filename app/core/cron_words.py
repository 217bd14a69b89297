"""A cron expression in words.

Said is what the fields mean, not how they are written: `0-59/15`, `*/15` and `0,15,30,45` read alike. Where
that takes too many words, the five fields are told one by one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from app.core.cron import cron_parts, parse_cron
from app.core.cron_day_words import day_words
from app.core.cron_time_words import time_words
from app.core.words import COMMA, SPACE, Words

_NAMES: Final = (
    Words("menit", "minute"),
    Words("jam", "hour"),
    Words("tanggal", "day of the month"),
    Words("bulan", "month"),
    Words("hari", "day of the week"),
)
_EVERY_DAY: Final = Words("setiap hari", "every day")


# A page of jobs has a hundred, at a quarter of a millisecond each.
@lru_cache(maxsize=4_096)
def cron_words(text: str) -> Words:
    """Return what an expression says; ScheduleError where it is none."""
    fields = parse_cron(text)
    times, days = time_words(fields.times), day_words(fields)
    if times is None or days is None:
        return _explained(text)
    if not times.repeats:
        return days + SPACE + times.words
    return times.words if days == _EVERY_DAY else times.words + COMMA + days


def _explained(text: str) -> Words:
    told = Words(f'menurut cron "{text}"', f'by cron "{text}"')
    for index, (name, part) in enumerate(zip(_NAMES, cron_parts(text), strict=True)):
        all_of_it = Words(f"setiap {name.id}", f"every {name.en}")
        some = Words(f"{name.id} {part}", f"{name.en} {part}")
        told += (COMMA if index else Words(": ", ": ")) + (all_of_it if part == "*" else some)
    return told
