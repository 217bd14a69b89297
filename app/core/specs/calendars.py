"""Stores the deployment's calendars: days and times that several jobs leave out, under one name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import orjson

from app.core.errors import (
    CalendarInUse,
    CalendarNotFound,
    FieldProblem,
    InvalidInput,
    InvalidSpec,
    LimitExceeded,
)
from app.core.i18n import _
from app.core.models import Calendar
from app.core.scheduling.cron import ScheduleError
from app.core.scheduling.schedule import calendars_of
from app.core.scheduling.skip_rules import check_rules, unknown_calendar

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.models import JobSpec, Schedule
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

MAX_CALENDARS: Final = 200


@dataclass(frozen=True, slots=True)
class CalendarRecord:
    """A stored calendar: its rules, its author and its last change (epoch ms)."""

    name: str
    calendar: Calendar
    updated_at: int
    updated_by: str


class CalendarStore:
    """The calendars of one namespace. The caller computes the next fires of their jobs after a change."""

    def __init__(self, link: RedisLink, scripts: Scripts, clock: Clock) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = scripts.keys
        self._clock = clock

    async def some(self, names: Iterable[str]) -> dict[str, Calendar]:
        """Return calendars by name, except missing ones; no round trip for no names."""
        return await read_calendars(self._link, self._keys, names)

    async def require(self, spec: JobSpec) -> None:
        """Raise InvalidSpec if the quiet hours of a job name a calendar that does not exist."""
        names = quiet_calendars(spec)
        missing = sorted(set(names) - set(await self.texts(names)))
        if missing:
            message = unknown_calendar(missing[0], await self.rules())
            raise InvalidSpec(
                message, (FieldProblem("/inputs/quiet/calendars", message, "unknown_calendar"),)
            )

    async def of(self, schedule: Schedule | None) -> dict[str, Calendar]:
        """Return the calendars that a schedule names; all of them if one is missing, to name the nearest."""
        names = calendars_of(schedule)
        found = await self.some(names)
        if len(found) == len(names):
            return found
        return await self.rules()

    async def rules(self) -> dict[str, Calendar]:
        """Return the rules of all calendars by name."""
        return {record.name: record.calendar for record in await self.all()}

    async def texts(self, names: Iterable[str]) -> dict[str, str]:
        """Return the same as they are stored: equal texts are equal calendars."""
        return await _texts(self._link, self._keys, names)

    async def all(self) -> list[CalendarRecord]:
        """Return all calendars by name."""
        stored = await self._link.hash(self._keys.calendars)
        return [calendar_record(name, text) for name, text in sorted(stored.items())]

    async def get(self, name: str) -> CalendarRecord:
        """Return a calendar; CalendarNotFound if there is none."""
        text = await self._link.call("HGET", self._keys.calendars, name)
        if text is None:
            raise CalendarNotFound(name)
        return calendar_record(name, text)

    async def put(self, name: str, calendar: Calendar, actor: str) -> CalendarRecord:
        """Store a calendar; InvalidInput for an unknown country or holiday, LimitExceeded for too many."""
        try:
            check_rules(calendar)
        except ScheduleError as error:
            pointer = error.field.removeprefix("skip")
            problem = FieldProblem(pointer, error.message, error.code)
            raise InvalidInput(f"{pointer}: {error.message}", (problem,)) from error
        record = CalendarRecord(name, calendar, self._clock.now_ms(), actor)
        word = await self._scripts.run(
            "calendars/save", calendar=name, record=_text(record), most=MAX_CALENDARS
        )
        if word == "FULL":
            message = _("There are {most} calendars already; delete one first.", most=MAX_CALENDARS)
            raise LimitExceeded(message)
        return record

    async def delete(self, name: str) -> None:
        """Delete a calendar; CalendarInUse, with their names, if jobs or notification rules name it."""
        word, jobs, rules = await self._scripts.run("calendars/delete", calendar=name)
        if word == "MISSING":
            raise CalendarNotFound(name)
        if word == "IN_USE":
            raise CalendarInUse(name, tuple(jobs), tuple(rules))

    async def jobs(self, name: str) -> list[str]:
        """Return the jobs whose schedules name a calendar, oldest first."""
        return await self._link.call("ZRANGE", self._keys.jobs_calendar(name), 0, -1)

    async def jobs_of(self, names: list[str]) -> list[list[str]]:
        """Return the same for several calendars, in one round trip."""
        return await self._link.calls([("ZRANGE", self._keys.jobs_calendar(name), 0, -1) for name in names])


def calendars_named(spec: JobSpec) -> list[str]:
    """Return the calendars that a job names, in its schedule and in its quiet hours."""
    return list(dict.fromkeys([*calendars_of(spec.schedule), *quiet_calendars(spec)]))


def quiet_calendars(spec: JobSpec) -> list[str]:
    """Return the calendars of a job's quiet hours (`inputs.quiet`)."""
    quiet = spec.inputs.get("quiet")
    names = cast("dict[str, Any]", quiet).get("calendars") if isinstance(quiet, dict) else None
    return [str(name) for name in cast("list[Any]", names)] if isinstance(names, list) else []


async def read_calendars(link: RedisLink, keys: Keys, names: Iterable[str]) -> dict[str, Calendar]:
    """Return calendars by name, except missing ones; no round trip for no names."""
    return {name: parsed(text) for name, text in (await _texts(link, keys, names)).items()}


async def _texts(link: RedisLink, keys: Keys, names: Iterable[str]) -> dict[str, str]:
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    found = await link.call("HMGET", keys.calendars, *wanted)
    return {name: text for name, text in zip(wanted, found, strict=True) if text is not None}


def parsed(text: str) -> Calendar:
    """Return a calendar from its stored text."""
    return Calendar.model_validate(orjson.loads(text)["calendar"])


def calendar_record(name: str, text: str) -> CalendarRecord:
    """Return a record from its stored text."""
    fields: dict[str, Any] = orjson.loads(text)
    return CalendarRecord(name, Calendar.model_validate(fields["calendar"]), fields["at"], fields["by"])


def _text(record: CalendarRecord) -> str:
    calendar = record.calendar.model_dump(mode="json")
    return orjson.dumps({"calendar": calendar, "at": record.updated_at, "by": record.updated_by}).decode()
