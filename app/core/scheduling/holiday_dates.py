"""Public holidays by country and year, from the library `holidays`.

The library is imported at the first use: it takes some 0.3 s and 11 MB, which processes without such
schedules save. A year takes about half a millisecond and is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

INDONESIA: Final = "ID"
_CUTI_BERSAMA: Final = "government"
"""The library's category of Indonesia's joint leave days."""


@dataclass(frozen=True, slots=True)
class HolidayChoice:
    """Which holidays: a country's public ones, with joint leave days or without, of some names or all."""

    country: str
    cuti_bersama: bool = False
    names: tuple[str, ...] = ()

    def name_of(self, day: date) -> str | None:
        """Return the name of a holiday, None if the day is no holiday of the choice."""
        return holidays_of(self, day.year).get(day)


@lru_cache(maxsize=512)
def holidays_of(choice: HolidayChoice, year: int) -> Mapping[date, str]:
    """Return the chosen holidays of a year, each day with its names; LookupError for an unknown country."""
    days = {day: _plain(name) for day, name in _country(choice.country, choice.cuti_bersama, year).items()}
    wanted = [name.lower() for name in choice.names]
    return {
        day: name
        for day, name in sorted(days.items())
        if not wanted or any(text in name.lower() for text in wanted)
    }


def is_estimated(country: str, name: str) -> bool:
    """Return whether the library marks the date of a holiday as an estimate (`perkiraan`)."""
    return bool(mark := _estimate_mark(country)) and mark in name


@lru_cache(maxsize=512)
def is_published(country: str, year: int) -> bool:
    """Return whether the government has published the holidays of a year.

    Indonesia publishes the days of joint leave in the same decree, so a year without them is not published.
    Of other countries nothing is known, except that estimated dates are not published.
    """
    if country == INDONESIA:
        return bool(set(_country(country, True, year)) - set(_country(country, False, year)))
    return not any(is_estimated(country, name) for name in _country(country, False, year).values())


@lru_cache(maxsize=512)
def _country(country: str, cuti_bersama: bool, year: int) -> Mapping[date, str]:
    import holidays  # noqa: PLC0415  slow and large: see above

    options: dict[str, Any] = {}
    if country == INDONESIA:
        categories = ("public", _CUTI_BERSAMA) if cuti_bersama else ("public",)
        options = {"language": "id", "categories": categories}
    try:
        return dict(holidays.country_holidays(country, years=year, **options))
    except NotImplementedError as error:
        raise LookupError(country) from error


@lru_cache(maxsize=64)
def _estimate_mark(country: str) -> str:
    import holidays  # noqa: PLC0415

    found = holidays.country_holidays(country, language="id" if country == INDONESIA else None)
    label: str = found.tr(getattr(found, "estimated_label", None) or "")
    return label.replace("%s", "").strip()


def _plain(name: str) -> str:
    """Return a name in one line, without the marks that records and events separate their parts with."""
    return " ".join(name.replace("|", "/").replace('"', "'").replace("\\", "/").split())
