"""Changes parts of a stored schedule: its times of day, its days, or all times by a length."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from app.core.models import Schedule
from app.core.scheduling.cron import cron_parts
from app.planner.language.times.clock_parts import PART_TIMES
from app.planner.matching import rule_fields, schedule_parts
from app.planner.models import JobUpdate, Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KINDS: Final = ("interval_sec", "cron", "rrule", "at", "timezone")
_LISTS: Final = ("weekdays", "days_of_month", "dates", "windows")
_HOUR_MIN: Final = 60
_DAY_MIN: Final = 1_440


def changed_schedule(stored: Schedule | None, update: JobUpdate) -> dict[str, Any] | None:
    """Return a stored schedule with an update; None if it has no such part to change."""
    before: dict[str, Any] = {} if stored is None else stored.model_dump(mode="json", exclude_none=True)
    if update.shift_sec:
        return None if stored is None else _shifted(stored, before, update.shift_sec)
    if update.skip is not None:
        return None if stored is None else _leaving_out(stored, before, update.skip)
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


def with_stored_times(planned: Schedule, stored: Schedule, unsaid: str) -> Schedule | None:
    """Return a planned schedule at the times, or the interval, of a stored one; None if it cannot have them.

    `unsaid` is the part of the day that is said, or another word if no time is.
    """
    if planned.interval_sec is not None and stored.interval_sec is not None:
        return planned.model_copy(update={"interval_sec": stored.interval_sec})
    minutes, part = schedule_parts(stored).minutes, PART_TIMES.get(unsaid)
    if part is not None and any(minute // _HOUR_MIN not in part.hours for minute in minutes):
        return None
    clock = _steps(planned, stored) if unsaid == "pace" else _clock(minutes)
    new = planned.model_dump(mode="json", exclude_none=True)
    changed = None if clock is None else _at(new, *clock)
    return None if changed is None else Schedule.model_validate(changed)


def _steps(planned: Schedule, stored: Schedule) -> tuple[str, str] | None:
    """Return the minute and the hours of a cron line at a stored interval: every 5 minutes of its hours."""
    hours = "*" if planned.cron is None else cron_parts(planned.cron)[1]
    if stored.cron is not None and "*" in cron_parts(stored.cron)[0]:
        return cron_parts(stored.cron)[0], hours
    step, rest = divmod(stored.interval_sec or 0, 60)
    if not rest and step and _HOUR_MIN % step == 0:
        return (f"*/{step}" if step > 1 else "*"), hours
    hourly = not rest and step and _DAY_MIN % step == step % _HOUR_MIN == 0
    return ("0", f"*/{step // _HOUR_MIN}") if hourly and hours == "*" else None


def _leaving_out(stored: Schedule, before: dict[str, Any], skip: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the schedule without some days; None if it has no other ones."""
    days, own, old = {*skip.get("weekdays", ())}, schedule_parts(stored).weekdays, before.get("skip", {})
    if own and own <= days:
        return None
    joined = {name: sorted({*old[name], *skip[name]}) for name in old.keys() & skip if name in _LISTS}
    cron = before.get("cron", "").split()
    if days and cron[2:] == ["*", "*", "*"] and not old:
        left = ",".join(str(day) for day in range(7) if day not in days)
        return {**before, "cron": " ".join([*cron[:4], left])}
    return {**before, "skip": {**old, **skip, **joined}}


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
    if stored.at is not None and minute.isdecimal() and hour.isdecimal():
        at = stored.at.replace(hour=int(hour), minute=int(minute), second=0)
        return {**before, "at": at.isoformat()}
    plain = stored.cron is None or schedule_parts(stored).minutes
    return (_at(before, minute, hour) if plain else None) or _replaced(before, new)


def _on_other_days(stored: Schedule, before: dict[str, Any], new: dict[str, Any]) -> dict[str, Any] | None:
    """Return the schedule on other days, at the times that it has."""
    clock = _clock(schedule_parts(stored).minutes)
    changed = None if clock is None else _at(new, *clock)
    zone = {"timezone": before["timezone"]} if "timezone" in before else {}
    return None if changed is None else _replaced(before, {**changed, **zone})


def _shifted(stored: Schedule, before: dict[str, Any], seconds: int) -> dict[str, Any] | None:
    """Return the schedule later; None if its days would have to change."""
    if stored.at is not None:
        return {**before, "at": (stored.at + timedelta(seconds=seconds)).isoformat()}
    moved = [minute + seconds // 60 for minute in schedule_parts(stored).minutes]
    clock = None if seconds % 60 or any(minute not in range(_DAY_MIN) for minute in moved) else _clock(moved)
    return None if clock is None else _at(before, *clock)


def _at(schedule: dict[str, Any], minute: str, hour: str) -> dict[str, Any] | None:
    """Return a schedule by cron or rrule at other times; None for another one."""
    if "cron" in schedule:
        cron = schedule["cron"]
        days = (cron.split() if " " in cron else cron_parts(cron))[-3:]  # as they are written
        return {**schedule, "cron": " ".join([minute, hour, *days])}
    if "rrule" in schedule:
        fields = {**rule_fields(schedule["rrule"]), "BYHOUR": hour, "BYMINUTE": minute}
        return {**schedule, "rrule": ";".join(f"{name}={value}" for name, value in fields.items())}
    return None


def _clock(minutes: Iterable[int]) -> tuple[str, str] | None:
    """Return the minute and the hours of times of day; None if there are none, or several minutes."""
    times = sorted(minutes)
    if len({time % 60 for time in times}) != 1:
        return None
    return str(times[0] % 60), ",".join(str(time // 60) for time in times)
