"""Time zones as people write them: WIB, UTC+7, Europe/Berlin, "waktu Tokyo"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

SHORT_ZONES: Final = {
    "wib": "Asia/Jakarta",
    "wita": "Asia/Makassar",
    "wit": "Asia/Jayapura",
    "utc": "UTC",
    "gmt": "UTC",
    "zulu": "UTC",
    "sgt": "Asia/Singapore",
    "myt": "Asia/Kuala_Lumpur",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "hkt": "Asia/Hong_Kong",
    "cet": "Europe/Berlin",
    "cest": "Europe/Berlin",
    "bst": "Europe/London",
    "est": "America/New_York",
    "edt": "America/New_York",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "aest": "Australia/Sydney",
}
"""GMT is no longer a clock of its own: it is UTC."""

CITIES: Final = {
    "jakarta": "Asia/Jakarta",
    "makassar": "Asia/Makassar",
    "bali": "Asia/Makassar",
    "denpasar": "Asia/Makassar",
    "jayapura": "Asia/Jayapura",
    "papua": "Asia/Jayapura",
    "pontianak": "Asia/Pontianak",
    "indonesia barat": "Asia/Jakarta",
    "indonesia tengah": "Asia/Makassar",
    "indonesia timur": "Asia/Jayapura",
    "singapore": "Asia/Singapore",
    "singapura": "Asia/Singapore",
    "tokyo": "Asia/Tokyo",
    "berlin": "Europe/Berlin",
    "london": "Europe/London",
    "paris": "Europe/Paris",
    "amsterdam": "Europe/Amsterdam",
    "new york": "America/New_York",
    "sydney": "Australia/Sydney",
    "dubai": "Asia/Dubai",
    "bangkok": "Asia/Bangkok",
    "kuala lumpur": "Asia/Kuala_Lumpur",
    "hong kong": "Asia/Hong_Kong",
    "seoul": "Asia/Seoul",
    "los angeles": "America/Los_Angeles",
    "mekkah": "Asia/Riyadh",
}

_OFFSET: Final = re.compile(r"(?:utc|gmt) ?([+-])(\d{1,2})(?::?00)?")
_SMALL_WORDS: Final = frozenset({"of", "es", "au"})
_LARGEST_OFFSET: Final = 14


@lru_cache(maxsize=512)
def zone_of(text: str) -> str | None:
    """Return the IANA name of a zone written as a short name, an offset or an IANA name in any case."""
    text = text.lower()
    if text in SHORT_ZONES:
        return SHORT_ZONES[text]
    if (offset := _OFFSET.fullmatch(text)) is not None:
        return _offset_zone(offset[1], int(offset[2]))
    if "/" not in text:
        return None
    return next((name for name in (_title(text), text.upper()) if is_zone(name)), None)


@lru_cache(maxsize=512)
def is_zone(name: str) -> bool:
    """True if the zone database has a zone of this name."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True


def _offset_zone(sign: str, hours: int) -> str | None:
    if hours > _LARGEST_OFFSET:
        return None
    # POSIX inverts the sign: Etc/GMT-7 is seven hours ahead of Greenwich.
    return "UTC" if hours == 0 else f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"


def _title(text: str) -> str:
    parts = re.split(r"([/_-])", text)
    return "".join(part if part in _SMALL_WORDS else part.capitalize() for part in parts)
