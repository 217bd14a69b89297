"""Changes parts of a stored schedule: its times of day, its days, or all times by a length."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from app.core.scheduling.cron import cron_parts
from app.planner.matching import rule_fields, schedule_parts
from app.planner.models import JobUpdate, Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.core.models import Schedule

_KINDS: Final = ("interval_sec", "cron", "rrule", "at", "timezone")
_DAY_MIN: Final = 1_440
_WEEK: Final = 7


def changed_schedule(stored: Schedule | None, update: JobUpdate) -> dict[str, Any] | None:
    """Return a stored schedule with an update; None if it has no such part to change."""
    before: dict[str, Any] = {} if stored is None else stored.model_dump(mode="json", exclude_none=True)
    if update.shift_sec:
        return None if stored is None else _shifted(stored, before, update.shift_sec)
    if update.schedule is None:
        return before
    new = dict(update.schedule)
    parts = update.said - {Said.ZONE}
    if stored is None or Said.WHOLE in parts or len(parts) > 1:
        return _replaced(before, new)
    by_parts = _at_other_times if Said.CLOCK in parts else _on_other_days
    changed = by_parts(stored, before, new)
    zone = {"timezone": new["timezone"]} if Said.ZONE in update.said else {}
    return None if changed is None else {**changed, **zone}


def _replaced(before: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return the new schedule with the bounds and exceptions of the old one."""
    if "at" in new:
        return dict(new)
    # The start of a counted rule is its anchor, which is no bound of another schedule.
    anchored = "INTERVAL" in rule_fields(str(before.get("rrule", "")))
    dropped = {*_KINDS, "start_at"} if anchored else {*_KINDS}
    return {**{name: value for name, value in before.items() if name not in dropped}, **new}


def _at_other_times(stored: Schedule, before: dict[str, Any], new: dict[str, Any]) -> dict[str, Any] | None:
    if "cron" not in new:
        return None
    minute, hour, *_ = new["cron"].split()
    if stored.cron is not None:
        if not schedule_parts(stored).minutes:
            return _replaced(before, new)
        return {**before, "cron": " ".join([minute, hour, *_days_of(stored.cron)])}
    if stored.rrule is not None:
        return {**before, "rrule": _with(stored.rrule, BYHOUR=hour, BYMINUTE=minute)}
    if stored.at is not None and minute.isdecimal() and hour.isdecimal():
        at = stored.at.replace(hour=int(hour), minute=int(minute), second=0)
        return {**before, "at": at.isoformat()}
    return _replaced(before, new)


def _on_other_days(stored: Schedule, before: dict[str, Any], new: dict[str, Any]) -> dict[str, Any] | None:
    """Return the schedule on other days, at the times that it has."""
    clock = _clock(schedule_parts(stored).minutes)
    if clock is None:
        return None
    minute, hour = clock
    if "cron" in new:
        changed = {"cron": " ".join([minute, hour, *_days_of(new["cron"])])}
    elif "rrule" in new:
        changed = {"rrule": _with(new["rrule"], BYHOUR=hour, BYMINUTE=minute)}
        changed |= {name: new[name] for name in ("start_at",) if name in new}
    else:
        return None
    zone = before.get("timezone") or new.get("timezone")
    return _replaced(before, {**changed, **({} if zone is None else {"timezone": zone})})


def _shifted(stored: Schedule, before: dict[str, Any], seconds: int) -> dict[str, Any] | None:
    if stored.at is not None:
        return {**before, "at": (stored.at + timedelta(seconds=seconds)).isoformat()}
    moved = [minute + seconds // 60 for minute in schedule_parts(stored).minutes]
    days, clock = {minute // _DAY_MIN for minute in moved}, _clock(minute % _DAY_MIN for minute in moved)
    if len(days) != 1 or seconds % 60 or clock is None:
        return None
    day, (minute, hour) = days.pop(), clock
    if stored.cron is not None:
        return _cron_on(stored, before, day, [minute, hour])
    if stored.rrule is None or (day and rule_fields(stored.rrule).get("FREQ") != "DAILY"):
        return None
    return {**before, "rrule": _with(stored.rrule, BYHOUR=hour, BYMINUTE=minute)}


def _cron_on(stored: Schedule, before: dict[str, Any], day: int, clock: list[str]) -> dict[str, Any] | None:
    """Return a cron schedule at other times, `day` days later; None if its dates would have to change."""
    date, month, weekday = _days_of(stored.cron or "")
    if day and date != "*":
        return None
    if day and weekday != "*":
        weekdays = sorted((each + day) % _WEEK for each in schedule_parts(stored).weekdays)
        weekday = ",".join(map(str, weekdays))
    return {**before, "cron": " ".join([*clock, date, month, weekday])}


def _days_of(cron: str) -> list[str]:
    """Return the date, the month and the weekday of a cron line as they are written."""
    return (cron.split() if " " in cron else cron_parts(cron))[-3:]


def _clock(minutes: Iterable[int]) -> tuple[str, str] | None:
    """Return the minute and the hours of times of day; None if there are none, or several minutes."""
    times = sorted(minutes)
    if len({time % 60 for time in times}) != 1:
        return None
    return str(times[0] % 60), ",".join(str(time // 60) for time in times)


def _with(rrule: str, **parts: str) -> str:
    """Return a rule with other parts, in its own order."""
    fields = {**rule_fields(rrule), **parts}
    return ";".join(f"{name}={value}" for name, value in fields.items())
