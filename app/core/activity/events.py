"""The events stream: reads events."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import orjson

from app.core.observability import get_logger
from app.core.records import EventRecord
from app.core.storage.scripts import Scripts

if TYPE_CHECKING:
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys


EventId: TypeAlias = "tuple[int, int]"
"""An event's id as numbers, so that ids can be compared."""
Entry: TypeAlias = "tuple[str, list[str]]"
STEP, STEPS = 500, 10
"""Entries that a script reads, about a millisecond of Redis, and the most script calls of one request."""
_ID = re.compile(r"(\d{1,15})(?:-(\d{1,15}))?", re.ASCII)
_ORDERS = {True: "XRANGE", False: "XREVRANGE"}
_NOTHING_BEFORE = "(0-0"
"""Redis refuses this range instead of returning nothing."""

log = get_logger(__name__)


def event_id(text: str) -> EventId | None:
    """Return an id as numbers; None if it is not valid."""
    found = _ID.fullmatch(text)
    return None if found is None else (int(found[1]), int(found[2] or 0))


@dataclass(frozen=True, slots=True)
class EventPage:
    """Entries as stored, and the ids of the oldest and newest in the stream, empty if there are none."""

    first: str
    last: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class EventList:
    """Events, oldest first.

    If there may be more in the same direction, `next_id` is the id to continue from.
    """

    items: list[EventRecord]
    next_id: str | None


class Events:
    """Reads the stream of events; it keeps about the 100,000 newest."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self._link = link
        self._keys = keys
        self._scripts = Scripts(link, keys)

    async def find(
        self,
        limit: int,
        *,
        after: str | None = None,
        before: str | None = None,
        topics: frozenset[str] = frozenset(),
    ) -> EventList:
        """Return up to `limit` events between two ids, oldest first: those next to `before`, or to the end.

        With `after` alone: those next to it. Topics are those of the stream (`events/frames.py`); none means
        everything. With topics a call reads 5,000 events at most, so it may find fewer; `next_id` continues.
        """
        forward = after is not None and before is None
        low, high = _behind(after, "-"), _behind(before, "+")
        if high == _NOTHING_BEFORE:
            return EventList([], None)
        bounds = (low, high) if forward else (high, low)
        if topics:
            found, reached = await self._scan(forward, bounds, limit, sorted(topics))
        else:
            order = _ORDERS[forward]
            found = await self._link.call(order, self._keys.events, *bounds, "COUNT", limit + 1)
            reached = None
        shown = found[:limit]
        next_id = shown[-1][0] if len(found) > limit else reached
        return EventList(_readable(shown if forward else shown[::-1]), next_id)

    async def _scan(
        self, forward: bool, bounds: tuple[str, str], limit: int, topics: list[str]
    ) -> tuple[list[Entry], str | None]:
        """Return entries of the topics, and the last id that was read if there may be more."""
        found: list[Entry] = []
        at, end = bounds
        for _ in range(STEPS):
            looked, last, entries = await self._scripts.run(
                "deployment/find_events",
                *topics,
                command=_ORDERS[forward],
                from_id=at,
                to_id=end,
                max_entries=STEP,
            )
            found += entries
            if looked < STEP:
                return found, None
            if len(found) > limit:
                break
            at = f"({last}"
        return found, at.removeprefix("(")

    async def bounds(self) -> tuple[str, str] | None:
        """Return the ids of the oldest and the newest event in the stream; None if there are none."""
        first, last = await self._link.calls(self._ends())
        return (first[0][0], last[0][0]) if first and last else None

    async def page(self, after: str, upto: str, limit: int) -> EventPage:
        """Return the first entries after `after` up to `upto`, and the stream's bounds, in one round trip."""
        between = ("XRANGE", self._keys.events, f"({after}", upto, "COUNT", limit)
        first, last, entries = await self._link.calls([*self._ends(), between])
        kept = (first[0][0], last[0][0]) if first and last else ("", "")
        return EventPage(*kept, entries)

    def _ends(self) -> list[Command]:
        events = self._keys.events
        return [("XRANGE", events, "-", "+", "COUNT", 1), ("XREVRANGE", events, "+", "-", "COUNT", 1)]


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


def _behind(text: str | None, otherwise: str) -> str:
    """Return an id as an exclusive bound; ValueError if it is not valid."""
    if text is None:
        return otherwise
    found = event_id(text)
    if found is None:
        raise ValueError(f"no id of an event: {text[:64]!r}")
    return f"({found[0]}-{found[1]}"


def _readable(entries: list[Entry]) -> list[EventRecord]:
    """Return the events of entries; an unreadable one is left out, and must not hide the rest."""
    found: list[EventRecord] = []
    for entry_id, flat in entries:
        try:
            found.append(parse_event(entry_id, flat))
        except (ValueError, IndexError):
            log.warning("event cannot be read", id=entry_id)
    return found


def _number(text: str | None) -> int | None:
    # 0 means "none": an event of the deployment has no run, and both count from 1.
    return int(text) or None if text else None


def _data(text: str) -> dict[str, Any]:
    if not text:
        return {}
    value = orjson.loads(text)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {"value": value}
