"""The time zone in which the command line prints instants: the deployment's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

_FORMAT = "%Y-%m-%d %H:%M:%S %Z"
_sources: list[Callable[[], str]] = []
_known: list[tzinfo] = []


def read_zone_from(source: Callable[[], str]) -> None:
    """Set the function that returns the name of the deployment's zone; it is called once, at first use."""
    _sources[:] = [source]
    _known.clear()


def zone() -> tzinfo:
    """Return the deployment's zone; UTC if this command has no deployment, or it does not name one."""
    if not _known:
        _known.append(_read())
    return _known[0]


def in_zone(text: str, form: str = _FORMAT) -> str:
    """Return an instant (RFC 3339) in the deployment's zone, with the zone's name."""
    return datetime.fromisoformat(text).astimezone(zone()).strftime(form)


def _read() -> tzinfo:
    try:
        return ZoneInfo(_sources[0]()) if _sources else UTC
    except Exception:  # noqa: BLE001  a time that can be read in UTC is worth more than none
        return UTC
