"""The availability of a channel account per quarter hour, from its monitors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from app.core.specs.search import target_of
from app.core.specs.store import JobIndex
from app.core.statistics.availability import (
    DAY_MS,
    MEMORY_KEY,
    MONITOR_STATES,
    QUARTER_MS,
    QUARTERS,
    QUARTERS_AN_HOUR,
    DayTally,
    MonitorState,
    Outage,
    day_key,
    memory_from,
    outages_within,
)
from app.core.storage.scripts import Scripts

if TYPE_CHECKING:
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys

MONITOR_TYPE = "monitor.channel"
MAX_OUTAGES = 50


@dataclass(frozen=True, slots=True)
class AvailabilityBucket:
    """A quarter hour: the time in each state. Time that is missing was not observed."""

    at_ms: int
    ms: Mapping[MonitorState, int]


@dataclass(frozen=True, slots=True)
class AvailabilityHistory:
    """The observations of an account; both lists are empty if no monitor watches it."""

    since_ms: int
    until_ms: int
    quarters: tuple[AvailabilityBucket, ...]
    """Oldest first, each of the period; the last one is still running."""
    outages: tuple[tuple[str, Outage], ...]
    """Newest first, each with the job that saw it."""
    job_ids: tuple[str, ...]


class AccountHistory:
    """Reads the observations that monitors store."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self._link = link
        self._keys = keys
        self._index = JobIndex(Scripts(link, keys))

    async def history(self, channel: str, account_id: str, now_ms: int, hours: int) -> AvailabilityHistory:
        """Return the last hours, the running quarter included, in two round trips.

        If several jobs watch the account, a quarter hour comes from the one that saw most of it. The 20
        oldest jobs are read.
        """
        end = now_ms // QUARTER_MS + 1
        period = range(end - hours * QUARTERS_AN_HOUR, end)
        job_ids = await self._job_ids(channel, account_id)
        if not job_ids:
            return AvailabilityHistory(period.start * QUARTER_MS, now_ms, (), (), ())
        days = range(period.start // QUARTERS, now_ms // DAY_MS + 1)
        names = [MEMORY_KEY, *(day_key(day) for day in days)]
        reads: list[Command] = [("GET", self._keys.kv(job_id, name)) for job_id in job_ids for name in names]
        texts = await self._link.calls(reads)
        kept = {job_id: texts[place * len(names) :][: len(names)] for place, job_id in enumerate(job_ids)}
        tallies = [dict(zip(days, map(_value, values[1:]), strict=True)) for values in kept.values()]
        memories = {job_id: _value(values[0]) for job_id, values in kept.items()}
        since_ms = period.start * QUARTER_MS
        return AvailabilityHistory(
            since_ms=since_ms,
            until_ms=now_ms,
            quarters=tuple(_quarter(number, tallies) for number in period),
            outages=_outages(memories, since_ms, now_ms),
            job_ids=tuple(job_ids),
        )

    async def _job_ids(self, channel: str, account_id: str) -> list[str]:
        target = target_of(MONITOR_TYPE, {"channel": channel, "account_id": account_id})
        known = await self._index.look_up([target], [])
        return [record.spec.job_id for record in known.by_target[target]]


def _value(text: str | None) -> Any:
    return orjson.loads(text) if text else {}


def _quarter(number: int, tallies: Iterable[Mapping[int, DayTally]]) -> AvailabilityBucket:
    day, quarter = divmod(number, QUARTERS)
    seen = [figures for days in tallies if (figures := days[day].get(str(quarter)))]
    most = max(seen, key=sum, default=[0] * len(MONITOR_STATES))
    return AvailabilityBucket(number * QUARTER_MS, dict(zip(MONITOR_STATES, most, strict=True)))


def _outages(memories: Mapping[str, Any], since_ms: int, until_ms: int) -> tuple[tuple[str, Outage], ...]:
    found = [
        (job_id, outage)
        for job_id, value in memories.items()
        if (memory := memory_from(value)) is not None
        for outage in outages_within(memory, since_ms, until_ms)
    ]
    found.sort(key=lambda each: -each[1].from_ms)
    return tuple(found[:MAX_OUTAGES])
