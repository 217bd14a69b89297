"""Recurrence rules (RFC 5545), read by python-dateutil as wall-clock times of a zone.

`start_at` is the anchor (DTSTART). A rule counts from it if it has a COUNT, an INTERVAL above 1, or a part
(weekday, date, hour, minute) that it does not name; such a rule needs one. `timezone.py` maps the times to
instants.

dateutil steps from the anchor until a time fits, which takes long for an old anchor and seconds for a date
that never comes. So it is asked for one period at a time (a year, month or week), and only for those that the
rule's INTERVAL reaches. Rules of days and hours are read by month, and their INTERVAL is counted here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.core.i18n import _
from app.core.scheduling.cron import LAST_YEAR, ScheduleError

MAX_COUNT: Final = 1_000
_MAX_TIMES_A_DAY: Final = 48
_MAX_EMPTY_PERIODS: Final = 500  # a 29 February on one weekday comes at least every 40 years
_MAX_INTERVAL: Final = {"YEARLY": 20, "MONTHLY": 240, "WEEKLY": 520, "DAILY": 3_650, "HOURLY": 8_760}
_ONE_PERIOD: Final = "INTERVAL=120000"
"""Leads dateutil past its last year after the first period."""

_NUMBERS: Final = {
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSETPOS": (1, 366, True),
}
_NEEDS_FREQ: Final = {
    "BYWEEKNO": {"YEARLY"},
    "BYYEARDAY": {"YEARLY"},
    "BYMONTHDAY": {"YEARLY", "MONTHLY", "DAILY", "HOURLY"},
    "BYSETPOS": {"YEARLY", "MONTHLY", "WEEKLY"},
}
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_DATE: Final = ("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO")
_DAY: Final = re.compile(r"(?:[+-]?[1-9][0-9]?)?(?:MO|TU|WE|TH|FR|SA|SU)")
_UNTIL: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z?")

_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - a clock on the wall has no zone
_SEARCHED: Final = timedelta(days=100 * 366)
_END: Final = datetime(LAST_YEAR, 12, 31)  # noqa: DTZ001
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class RRuleTimes:
    """The wall-clock times that a rule names, from its anchor to `until`, both included.

    `parts` are the rule's parts, those that the anchor implies included, and without COUNT and UNTIL.
    """

    parts: tuple[tuple[str, str], ...]
    anchor: datetime
    until: datetime

    @property
    def runs_through(self) -> bool:
        """True for hours: a change of the clocks neither moves nor drops a fire, as for `0 * * * *`."""
        return self.part("FREQ") == "HOURLY"

    def part(self, name: str) -> str:
        """Return a part of the rule, "" if it has none of this name."""
        return next((value for each, value in self.parts if each == name), "")

    def first_from(self, wall: int) -> int | None:
        """Return the first time at or after `wall`; None if none comes within 100 years (500 periods)."""
        since = max(_moment(wall), self.anchor)
        if since > self.until:
            return None
        for index in self._indexes(_index(self, since), 1):
            times = _period(self, index)
            place = bisect_left(times, wall)
            if place < len(times):
                return times[place] if times[place] <= _wall_ms(self.until) else None
        return None

    def last_to(self, wall: int) -> int | None:
        """Return the last time at or before `wall`; None if none was within 100 years (500 periods)."""
        wall = min(wall, _wall_ms(self.until))
        if wall < _wall_ms(self.anchor):
            return None
        for index in self._indexes(_index(self, _moment(wall)), -1):
            times = _period(self, index)
            place = bisect_left(times, wall + 1)
            if place:
                return times[place - 1]
        return None

    def count(self, low: int, high: int) -> int:
        """Return how many times there are from `low` up to, not including, `high`."""
        low, high = max(low, _wall_ms(self.anchor)), min(high, _wall_ms(self.until) + 1)
        if low >= high:
            return 0
        total, step = 0, _step(self)
        first, last = self._reached(_index(self, _moment(low)), 1), _index(self, _moment(high - 1))
        for index in range(first, last + 1, step):
            times = _period(self, index)
            total += bisect_left(times, high) - bisect_left(times, low)
        return total

    def _indexes(self, index: int, direction: int) -> Iterator[int]:
        """Yield the periods that the INTERVAL reaches, from one on: 500 at most, within 100 years."""
        first, step = self._reached(index, direction), direction * _step(self)
        years = _index(self, _EPOCH + _SEARCHED) - _index(self, _EPOCH)
        low, high = _index(self, self.anchor), _index(self, self.until)
        for number in range(_MAX_EMPTY_PERIODS):
            period = first + number * step
            if not low <= period <= high or abs(period - index) > years:
                return
            yield period

    def _reached(self, index: int, direction: int) -> int:
        """Return the next period, this one included, that the INTERVAL reaches."""
        return index + direction * (direction * (_index(self, self.anchor) - index) % _step(self))


def parse_rrule(text: str, zone: ZoneInfo, start_at: datetime | None) -> RRuleTimes:
    """Read a rule; ScheduleError if it is not valid, needs a start, or names a date that never comes."""
    parts = _split(text)
    anchor = _EPOCH if start_at is None else _wall(start_at, zone)
    parts, implied = _explicit(parts, anchor)
    if start_at is None and (implied or "COUNT" in parts or int(parts.get("INTERVAL", "1")) > 1):
        raise _error("rrule_start", _("This rule counts from its start, so it needs start_at."))
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    end = _END if until is None else _until(until, zone)
    times = RRuleTimes(tuple(sorted(parts.items())), anchor, end)
    if times.first_from(_wall_ms(anchor)) is None:
        raise _error("rrule_never", _("{text!r} is a date that never comes.", text=text))
    return times if count is None else replace(times, until=_last_counted(times, int(count)))


def rrule_bounds(text: str, zone: ZoneInfo) -> tuple[int | None, datetime | None]:
    """Return COUNT and UNTIL (a wall-clock time of the zone) of a valid rule; each may be None."""
    parts = _split(text)
    count, until = parts.get("COUNT"), parts.get("UNTIL")
    return None if count is None else int(count), None if until is None else _until(until, zone)


def _split(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, _equals, value = part.partition("=")
        if name in parts or not _is_part(name, value):
            raise _error("rrule_syntax", _("{part!r} is no part of a rule of RFC 5545.", part=part[:64]))
        parts[name] = value
    if "FREQ" not in parts:
        raise _error("rrule_syntax", _("A rule begins with FREQ, for example FREQ=MONTHLY;BYDAY=1MO."))
    if int(parts.get("INTERVAL", "1")) > _MAX_INTERVAL[parts["FREQ"]]:
        most = _MAX_INTERVAL[parts["FREQ"]]
        raise _error("rrule_range", _("The INTERVAL of this FREQ is 1 to {most}.", most=most))
    if "COUNT" in parts and "UNTIL" in parts:
        raise _error("rrule_syntax", _("A rule has COUNT or UNTIL, not both."))
    _check_parts(parts)
    return parts


def _check_parts(parts: dict[str, str]) -> None:
    frequency = parts["FREQ"]
    for name, frequencies in _NEEDS_FREQ.items():
        if name in parts and frequency not in frequencies:
            named = ", ".join(sorted(frequencies))
            raise _error("rrule_syntax", _("{name} needs FREQ={frequencies}.", name=name, frequencies=named))
    days = parts.get("BYDAY", "").split(",")
    if frequency not in {"YEARLY", "MONTHLY"} and any(len(day) > len("MO") for day in days):
        raise _error("rrule_syntax", _("A numbered weekday (1MO) needs FREQ=MONTHLY or FREQ=YEARLY."))
    times = len(parts.get("BYHOUR", "").split(",")) * len(parts.get("BYMINUTE", "").split(","))
    if times > _MAX_TIMES_A_DAY:
        raise _error(
            "rrule_range", _("A rule has at most {most} times a day; use cron.", most=_MAX_TIMES_A_DAY)
        )
    positions = [abs(int(word)) for word in parts.get("BYSETPOS", "").split(",") if word]
    if frequency == "WEEKLY" and max(positions, default=0) > len(days) * times:
        raise _error("rrule_never", _("A week has fewer times than BYSETPOS counts."))


def _is_part(name: str, value: str) -> bool:
    """Return whether a value is valid for a part of this name; refuse frequencies that intervals are for."""
    words = value.split(",")
    if name in _NUMBERS:
        low, high, signed = _NUMBERS[name]
        return all(_in_range(word, low, high, signed=signed) for word in words)
    if name == "FREQ" and value in {"SECONDLY", "MINUTELY"}:
        raise _error("rrule_range", _("FREQ={value} is no rule here; use interval_sec.", value=value))
    checks = {
        "FREQ": value in _MAX_INTERVAL,
        "INTERVAL": _in_range(value, 1, 9_999, signed=False),
        "COUNT": _in_range(value, 1, MAX_COUNT, signed=False),
        "UNTIL": _UNTIL.fullmatch(value) is not None,
        "BYDAY": all(_DAY.fullmatch(word) for word in words),
        "BYSECOND": value in {"0", "00"},
        "WKST": value in _DAYS,
    }
    return checks.get(name, False)


def _in_range(word: str, low: int, high: int, *, signed: bool) -> bool:
    digits = word[1:] if signed and word[:1] in {"+", "-"} else word
    return digits.isascii() and digits.isdigit() and len(digits) <= 5 and low <= int(digits) <= high  # noqa: PLR2004


def _explicit(parts: dict[str, str], anchor: datetime) -> tuple[dict[str, str], bool]:
    """Return the parts with those that RFC 5545 takes from the anchor, and whether there were any."""
    implied: dict[str, str] = {}
    frequency = parts["FREQ"]
    if not any(name in parts for name in _BY_DATE):
        if frequency == "WEEKLY":
            implied["BYDAY"] = _DAYS[anchor.weekday()]
        if frequency in {"YEARLY", "MONTHLY"}:
            implied["BYMONTHDAY"] = str(anchor.day)
        if frequency == "YEARLY" and "BYMONTH" not in parts:
            implied["BYMONTH"] = str(anchor.month)
    if "BYHOUR" not in parts and frequency != "HOURLY":
        implied["BYHOUR"] = str(anchor.hour)
    if "BYMINUTE" not in parts:
        implied["BYMINUTE"] = str(anchor.minute)
    return {**parts, **implied, "BYSECOND": "0"}, bool(implied)


def _until(text: str, zone: ZoneInfo) -> datetime:
    try:
        until = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a wall-clock time
        return _wall(until.replace(tzinfo=UTC), zone) if text.endswith("Z") else until
    except (ValueError, OverflowError) as error:
        raise _error("rrule_syntax", _("UNTIL={text} is no date.", text=text)) from error


def _last_counted(times: RRuleTimes, count: int) -> datetime:
    """Return the time of the last of `count` fires."""
    last = times.first_from(_wall_ms(times.anchor))
    for _number in range(count - 1):
        following = None if last is None else times.first_from(last + 1)
        if following is None:
            break
        last = following
    return times.until if last is None else _moment(last)


@lru_cache(maxsize=2_048)
def _period(times: RRuleTimes, index: int) -> tuple[int, ...]:
    """Return the times of one period from the anchor on, ascending."""
    start, end = _bounds(times, index)
    if end <= times.anchor or start > _END:
        return ()
    # Few deployments have such a rule, and a process without one keeps 0.6 MB.
    from dateutil.rrule import rrulestr  # noqa: PLC0415

    # dateutil cuts the first week at its start, and BYSETPOS counts in the rest.
    begin = max(start, times.anchor) if times.part("FREQ") == "WEEKLY" else start
    try:
        rule: Any = rrulestr(_text(times, end), dtstart=begin)
        return tuple(_wall_ms(moment) for moment in rule if _fits(times, moment, end))
    except ValueError:  # no time fits the parts
        return ()


def _text(times: RRuleTimes, end: datetime) -> str:
    """Return a rule for dateutil that has the times of one period."""
    parts = {name: value for name, value in times.parts if name != "INTERVAL"}
    frequency = parts.pop("FREQ")
    if frequency in {"DAILY", "HOURLY"} and "BYMONTHDAY" not in parts:
        parts["BYMONTHDAY"] = ",".join(str(day) for day in range(1, 32))
    if frequency == "HOURLY" and "BYHOUR" not in parts:
        parts["BYHOUR"] = ",".join(str(hour) for hour in range(24))
    if frequency == "WEEKLY":
        bound = f"FREQ=WEEKLY;UNTIL={end - timedelta(seconds=1):%Y%m%dT%H%M%S}"
    else:
        bound = f"FREQ={'YEARLY' if frequency == 'YEARLY' else 'MONTHLY'};{_ONE_PERIOD}"
    return ";".join([bound, *(f"{name}={value}" for name, value in parts.items())])


def _fits(times: RRuleTimes, moment: datetime, end: datetime) -> bool:
    if not times.anchor <= moment < min(end, _END):
        return False
    step, frequency = int(times.part("INTERVAL") or 1), times.part("FREQ")
    if frequency == "DAILY":
        return (moment.date() - times.anchor.date()).days % step == 0
    if frequency == "HOURLY":
        return (moment - times.anchor.replace(minute=0, second=0, microsecond=0)) // _HOUR % step == 0
    return True


def _step(times: RRuleTimes) -> int:
    """Return the rule's INTERVAL in periods; days and hours are in each month."""
    return int(times.part("INTERVAL") or 1) if times.part("FREQ") in {"YEARLY", "MONTHLY", "WEEKLY"} else 1


def _index(times: RRuleTimes, moment: datetime) -> int:
    """Return the number of the period that holds a moment."""
    if times.part("FREQ") == "YEARLY":
        return moment.year
    if times.part("FREQ") == "WEEKLY":
        return (moment - _first_week(times)).days // 7
    return moment.year * 12 + moment.month - 1


def _bounds(times: RRuleTimes, index: int) -> tuple[datetime, datetime]:
    """Return the start (included) and the end (excluded) of a period."""
    if times.part("FREQ") == "WEEKLY":
        start = _first_week(times) + timedelta(days=7 * index)
        return start, start + timedelta(days=7)
    if times.part("FREQ") == "YEARLY":
        return datetime(index, 1, 1), datetime(index + 1, 1, 1)  # noqa: DTZ001
    return _month_start(index), _month_start(index + 1)


def _first_week(times: RRuleTimes) -> datetime:
    """Return the start of the week of the epoch, a Thursday."""
    return _EPOCH - timedelta(days=(_EPOCH.weekday() - _DAYS.index(times.part("WKST") or "MO")) % 7)


def _month_start(index: int) -> datetime:
    return datetime(index // 12, index % 12 + 1, 1)  # noqa: DTZ001


def _moment(wall: int) -> datetime:
    return min(max(_EPOCH + timedelta(milliseconds=wall), _EPOCH), _END)


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    try:
        local = instant.astimezone(zone).replace(tzinfo=None)
    except OverflowError as error:
        raise _error("rrule_range", _("start_at is at the end of the calendar.")) from error
    return min(max(local, _EPOCH), _END)


def _wall_ms(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _error(code: str, text: Any) -> ScheduleError:
    return ScheduleError("rrule", code, text)
