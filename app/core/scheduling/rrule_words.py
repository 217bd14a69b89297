"""Describes recurrence rules in words, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.i18n import Message, _, concat, join_list
from app.core.scheduling.cron import HOUR_MS, MINUTE_MS
from app.core.scheduling.cron_words import MONTH_NAMES, WEEKDAY_NAMES, every, on_dates, time_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.core.scheduling.rrule import RRuleTimes

_UNITS: Final = {"YEARLY": "year", "MONTHLY": "month", "WEEKLY": "week", "DAILY": "day", "HOURLY": "hour"}
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WORK_DAYS: Final = set(_DAYS[:5])
_NUMBERED: Final = {
    1: _("the first {day}"),
    2: _("the second {day}"),
    3: _("the third {day}"),
    4: _("the fourth {day}"),
    5: _("the fifth {day}"),
    -1: _("the last {day}"),
    -2: _("the second to last {day}"),
}
_POSITIONS: Final = {
    "1": _("on the first working day (Monday to Friday)"),
    "-1": _("on the last working day (Monday to Friday)"),
}


def rrule_words(text: str, times: RRuleTimes) -> Message:
    """Return a rule, parsed as `times`, in words; as it is written if it takes too many."""
    parts = dict(times.parts)
    days, at = _days(parts), _times(parts)
    if days is None or at is None or {"BYYEARDAY", "BYWEEKNO"} & parts.keys():
        return _('by rule "{rule}"', rule=text)
    rhythm = every(int(parts.get("INTERVAL", "1")), _UNITS[parts["FREQ"]])
    return concat(*filter(None, (rhythm, _months(parts), days, at)), separator=" ")


def count_words(times: int) -> Message:
    """Return `3 times`, or `only once`."""
    return _("{count} times", count=times) if times > 1 else _("only once")


def _days(parts: Mapping[str, str]) -> Message | None:
    names = parts["BYDAY"].split(",") if "BYDAY" in parts else []
    if "BYSETPOS" in parts:
        is_working_day = set(names) == _WORK_DAYS and parts["FREQ"] == "MONTHLY" and "BYMONTHDAY" not in parts
        return _POSITIONS.get(parts["BYSETPOS"]) if is_working_day else None
    if names and "BYMONTHDAY" in parts:
        return None
    if "BYMONTHDAY" in parts:
        return on_dates([int(day) for day in parts["BYMONTHDAY"].split(",")])
    return _weekdays(names) if names else concat()


def _weekdays(names: Sequence[str]) -> Message | None:
    plain = [WEEKDAY_NAMES[_DAYS.index(name)] for name in names if name in _DAYS]
    if len(plain) == len(names):
        return _("on {weekdays}", weekdays=join_list(plain))
    numbered = [_numbered(name) for name in names]
    known = [name for name in numbered if name is not None]
    return _("on {weekdays}", weekdays=join_list(known)) if len(known) == len(numbered) else None


def _numbered(name: str) -> Message | None:
    number = _NUMBERED.get(int(name[:-2] or 0))
    return None if number is None else number.fill(day=WEEKDAY_NAMES[_DAYS.index(name[-2:])])


def _months(parts: Mapping[str, str]) -> Message:
    if "BYMONTH" not in parts:
        return concat()
    months = join_list([MONTH_NAMES[month - 1] for month in sorted(map(int, parts["BYMONTH"].split(",")))])
    return _("in {months}", months=months)


def _times(parts: Mapping[str, str]) -> Message | None:
    minutes = sorted(map(int, parts["BYMINUTE"].split(",")))
    if parts["FREQ"] == "HOURLY":
        if "BYHOUR" in parts:
            return None
        shown = join_list([str(minute) for minute in minutes])
        return concat() if minutes == [0] else _("at minute {minutes}", minutes=shown)
    hours = sorted(map(int, parts["BYHOUR"].split(",")))
    words = time_words([hour * HOUR_MS + minute * MINUTE_MS for hour in hours for minute in minutes])
    return None if words is None else words.words
