"""Time zones as people write them: WIB, UTC+7, Europe/Berlin, "waktu Tokyo"."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from app.planner.language.lexicon.spelling import read_entries


def _names(kind: str) -> dict[str, str]:
    rows = (
        (row.split()[0], re.search(rf"{kind}: ([^:]*?)(?:  |$)", row)) for row in read_entries("zones.txt")
    )
    return {name: zone for zone, names in rows if names for name in names[1].split(", ")}


SHORT_ZONES: Final = _names("short")
CITIES: Final = _names("city")

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
        # POSIX inverts the sign: Etc/GMT-7 is seven hours ahead of Greenwich.
        hours, sign = int(offset[2]), "-" if offset[1] == "+" else "+"
        return None if hours > _LARGEST_OFFSET else f"Etc/GMT{sign}{hours}" if hours else "UTC"
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


def country_of(zone: str) -> str | None:
    """Return the ISO 3166 code of a zone's country; None for a zone of no country, such as UTC."""
    return _countries().get(zone)


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {zone: country for country, _place, zone, *_comment in rows}


def _title(text: str) -> str:
    parts = re.split(r"([/_-])", text)
    return "".join(part if part in _SMALL_WORDS else part.capitalize() for part in parts)
