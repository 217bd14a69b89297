"""What happened, for people and dashboards: reading the stream of events, raising alarms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import orjson

from app.core.records import EventRecord

if TYPE_CHECKING:
    from app.core.keys import Keys
    from app.core.redis_client import RedisLink
    from app.core.scripts import Scripts


EventId: TypeAlias = "tuple[int, int]"
"""An event's id as numbers, so that ids can be compared."""
Entry: TypeAlias = "tuple[str, list[str]]"
_ID = re.compile(r"(\d{1,15})(?:-(\d{1,15}))?", re.ASCII)


def event_id(text: str) -> EventId | None:
    """Return an id as numbers; None where it is none."""
    found = _ID.fullmatch(text)
    return None if found is None else (int(found[1]), int(found[2] or 0))


@dataclass(frozen=True, slots=True)
class EventPage:
    """Entries as they are stored, and the ids of the oldest and newest that are kept, empty where none is."""

    first: str
    last: str
    entries: list[Entry]


class Events:
    """Reads the stream of events; it keeps about the 100,000 newest."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self._link = link
        self._keys = keys

    async def recent(self, after_id: str | None, limit: int) -> list[EventRecord]:
        """Return up to `limit` events, newest last: the first ones behind an id, or the newest of all."""
        if after_id is None:
            entries = await self._link.call("XREVRANGE", self._keys.events, "+", "-", "COUNT", limit)
            entries.reverse()
        else:
            entries = await self._link.call("XRANGE", self._keys.events, f"({after_id}", "+", "COUNT", limit)
        return [parse_event(entry_id, flat) for entry_id, flat in entries]

    async def bounds(self) -> tuple[str, str] | None:
        """Return the ids of the oldest and the newest event that are kept; None where there are none."""
        first, last = await self._link.calls(
            [
                ("XRANGE", self._keys.events, "-", "+", "COUNT", 1),
                ("XREVRANGE", self._keys.events, "+", "-", "COUNT", 1),
            ]
        )
        return (first[0][0], last[0][0]) if first and last else None

    async def page(self, after: str, upto: str, limit: int) -> EventPage:
        """Return the first entries behind `after` up to `upto`, and what is kept, in one round trip."""
        first, last, entries = await self._link.calls(
            [
                ("XRANGE", self._keys.events, "-", "+", "COUNT", 1),
                ("XREVRANGE", self._keys.events, "+", "-", "COUNT", 1),
                ("XRANGE", self._keys.events, f"({after}", upto, "COUNT", limit),
            ]
        )
        kept = (first[0][0], last[0][0]) if first and last else ("", "")
        return EventPage(*kept, entries)


class Alarms:
    """Alarms of the deployment, by name; each change is an event of type `alarm`, told once."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    async def set(
        self, name: str, *, raised: bool, text: str, about_job: str = "", **figures: float | str
    ) -> bool:
        """Raise or clear an alarm; True where this call changed it. `text` is what people read."""
        state = "raised" if raised else "cleared"
        data = orjson.dumps({"name": name, "state": state, "text": text, **figures}).decode()
        return await self._scripts.run("alarm", name, "1" if raised else "", data, about_job) != "SAME"


def parse_event(entry_id: str, flat: list[str]) -> EventRecord:
    """Return an entry of the events stream as a record: `e` is `type|job|run|seq|rev|data`."""
    kind, job_id, run_id, seq, rev, data = flat[1].split("|", 5)
    return EventRecord(
        id=entry_id,
        type=kind,
        at=int(entry_id.split("-", 1)[0]),
        job_id=job_id,
        run_id=run_id,
        seq=_number(seq),
        rev=_number(rev),
        data=_data(data),
    )


def _number(text: str | None) -> int | None:
    # 0 stands for "none": an event of the deployment belongs to no run, and both count from 1.
    return int(text) or None if text else None


def _data(text: str) -> dict[str, Any]:
    if not text:
        return {}
    value = orjson.loads(text)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {"value": value}
