"""The events stream: reads events."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import orjson

from app.core.observability import get_logger
from app.core.records import EventRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys


EventId: TypeAlias = "tuple[int, int, int]"
"""An event's id as numbers, so that ids can be compared: instant, sequence, place in its entry."""
Entry: TypeAlias = "tuple[str, list[str]]"
"""An entry of the stream: its id and its fields, `e` and perhaps `b` (`lua/lib/events.lua`)."""
EventText: TypeAlias = "tuple[str, str]"
"""An event's id, and the event as stored: `type|job|run|seq|rev|data`."""
ID_PATTERN = r"^[0-9]{1,15}(-[0-9]{1,15}([.][1-9][0-9]{0,2})?)?$"
STEP, STEPS = 500, 10
"""Events that a script reads, about a millisecond of Redis, and the most script calls of one request."""
_ID = re.compile(r"(\d{1,15})(?:-(\d{1,15})(?:\.([1-9]\d{0,2}))?)?", re.ASCII)
MAX_EVENTS_OF_ENTRY = 10
"""The most events of an entry, as in `lua/lib/events.lua`."""
_NEWEST_OF_ENTRY = 1000
"""The place of an event whose id is that of its entry: behind every other one of the entry."""
_ORDERS = {True: "XRANGE", False: "XREVRANGE"}

log = get_logger(__name__)


def event_id(text: str) -> EventId | None:
    """Return an id as numbers; None if it is not valid.

    `5-1` is the newest event of the entry `5-1`; `5-1.2` is the second one, if it is not the newest. An
    instant alone, `5`, is ahead of all events of that millisecond.
    """
    found = _ID.fullmatch(text)
    if found is None:
        return None
    if found[2] is None:
        return int(found[1]), 0, 0
    return int(found[1]), int(found[2]), int(found[3] or _NEWEST_OF_ENTRY)


def events_of(entries: Iterable[Entry]) -> Iterator[EventText]:
    """Yield the events of entries, in the order in which they were made."""
    for entry_id, fields in entries:
        if len(fields) > 3:  # noqa: PLR2004 - `e`, the newest event, `b`, those before it
            for place, text in enumerate(fields[3].split("\n"), 1):
                yield f"{entry_id}.{place}", text
        # A damaged entry has an event that cannot be read.
        yield entry_id, fields[1] if len(fields) > 1 else ""


def portions(entries: Iterable[Entry], most_events: int) -> Iterator[list[Entry]]:
    """Yield entries in lists with about so many events, so that a reader of many of them can pause."""
    portion, count = list[Entry](), 0
    for entry in entries:
        portion.append(entry)
        count += sum(1 for _ in events_of([entry]))
        if count >= most_events:
            yield portion
            portion, count = [], 0
    if portion:
        yield portion


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
    """Reads the stream of events; it keeps the newest 100,000 or more."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self._link = link
        self._keys = keys
        self._scripts = link.scripts(keys)

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
        low, high = _valid_id(after), _valid_id(before)
        ends = _lower_bound(low), _upper_bound(high)
        bounds = ends if forward else (ends[1], ends[0])
        reached = None
        if topics:
            read, reached = await self._scan(forward, bounds, limit, sorted(topics))
        else:
            # The entry of `before` may have no event ahead of it.
            command = (_ORDERS[forward], self._keys.events, *bounds, "COUNT", limit + 2)
            entries: list[Entry] = await self._link.call(*command)
            read = list(events_of(entries)) if forward else _backward(entries)
        found = [each for each in read if _is_between(each[0], low, high)]
        shown = found[:limit]
        next_id = shown[-1][0] if len(found) > limit else reached
        return EventList(_readable(shown if forward else shown[::-1]), next_id)

    async def _scan(
        self, forward: bool, bounds: tuple[str, str], limit: int, topics: list[str]
    ) -> tuple[list[EventText], str | None]:
        """Return events of the topics, and the last id that was read if there may be more."""
        found: list[EventText] = []
        at, end = bounds
        last = ""
        for _ in range(STEPS):
            last, flat = await self._scripts.run(
                "deployment/find_events",
                *topics,
                command=_ORDERS[forward],
                from_id=at,
                to_id=end,
                max_events=STEP,
            )
            found += zip(flat[::2], flat[1::2], strict=True)
            # The first entry may have events outside of the bounds.
            if not last or len(found) > limit + MAX_EVENTS_OF_ENTRY:
                break
            at = f"({last.partition('.')[0]}"
        return found, last or None

    async def bounds(self) -> tuple[str, str] | None:
        """Return the ids of the oldest and the newest entry in the stream; None if there are none."""
        first, last = await self._link.calls(self._ends())
        return (first[0][0], last[0][0]) if first and last else None

    async def page(self, after: str, upto: str, limit: int) -> EventPage:
        """Return up to `limit` entries up to `upto`, and the stream's bounds, in one round trip.

        They have the events behind `after`. If that is not the newest of its entry, the entry is the first.
        """
        between = ("XRANGE", self._keys.events, _lower_bound(_valid_id(after)), upto, "COUNT", limit)
        first, last, entries = await self._link.calls([*self._ends(), between])
        kept = (first[0][0], last[0][0]) if first and last else ("", "")
        return EventPage(*kept, entries)

    def _ends(self) -> list[Command]:
        events = self._keys.events
        return [("XRANGE", events, "-", "+", "COUNT", 1), ("XREVRANGE", events, "+", "-", "COUNT", 1)]


def parse_event(event_id: str, text: str) -> EventRecord:
    """Return an event, `type|job|run|seq|rev|data`, as a record."""
    kind, job_id, run_id, seq, rev, data = text.split("|", 5)
    return EventRecord(
        id=event_id,
        type=kind,
        at=int(event_id.split("-", 1)[0]),
        job_id=job_id,
        run_id=run_id,
        seq=_number(seq),
        rev=_number(rev),
        data=_data(data),
    )


def _valid_id(text: str | None) -> EventId | None:
    """Return an id as numbers; ValueError if it is not valid."""
    if text is None:
        return None
    found = event_id(text)
    if found is None:
        raise ValueError(f"no id of an event: {text[:64]!r}")
    return found


def _lower_bound(after: EventId | None) -> str:
    """Return the bound of Redis for entries with events behind an id."""
    if after is None:
        return "-"
    return f"{'(' if after[2] == _NEWEST_OF_ENTRY else ''}{after[0]}-{after[1]}"


def _upper_bound(before: EventId | None) -> str:
    """Return the bound of Redis for entries with events ahead of an id."""
    if before is None:
        return "+"
    # Redis refuses `(0-0` instead of returning nothing.
    is_first = before[2] <= 1 and before[:2] != (0, 0)
    return f"{'(' if is_first else ''}{before[0]}-{before[1]}"


def _is_between(text: str, after: EventId | None, before: EventId | None) -> bool:
    found = event_id(text)
    return found is not None and (after is None or after < found) and (before is None or found < before)


def _backward(entries: Iterable[Entry]) -> list[EventText]:
    """Return the events of entries, newest first, as the entries are."""
    return [event for entry in entries for event in [*events_of([entry])][::-1]]


def _readable(events: list[EventText]) -> list[EventRecord]:
    """Return events as records; an unreadable one is left out, and must not hide the rest."""
    found: list[EventRecord] = []
    for event_id_text, text in events:
        try:
            found.append(parse_event(event_id_text, text))
        except ValueError:
            log.warning("event cannot be read", id=event_id_text)
    return found


def _number(text: str | None) -> int | None:
    # 0 means "none": an event of the deployment has no run, and both count from 1.
    return int(text) or None if text else None


def _data(text: str) -> dict[str, Any]:
    if not text:
        return {}
    value = orjson.loads(text)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {"value": value}
