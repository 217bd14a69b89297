"""The availability of a channel account per quarter hour, from its monitors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.clock import QUARTER_MS, QUARTERS_AN_HOUR
from app.core.connectors.base import AccountStatus
from app.core.monitors.models import StateRange, TimeByState
from app.core.specs.search import target_of
from app.core.specs.store import JobIndex

if TYPE_CHECKING:
    from app.core.monitors.models import MonitorPast
    from app.core.monitors.store import MonitorStore
    from app.core.storage.scripts import Scripts

MONITOR_TYPE = "monitor.channel"
MAX_OUTAGES = 50


@dataclass(frozen=True, slots=True)
class AvailabilityBucket:
    """A quarter hour: the time in each state. Time that is missing was not observed."""

    at_ms: int
    ms: Mapping[AccountStatus, int]


@dataclass(frozen=True, slots=True)
class AvailabilityHistory:
    """The observations of an account; both lists are empty if no monitor watches it."""

    since_ms: int
    until_ms: int
    quarters: tuple[AvailabilityBucket, ...]
    """Oldest first, each of the period; the last one is still running."""
    outages: tuple[tuple[str, StateRange], ...]
    """Newest first, each with the job that saw it."""
    job_ids: tuple[str, ...]


class AccountHistory:
    """Reads the observations of monitors."""

    def __init__(self, scripts: Scripts, monitors: MonitorStore) -> None:
        self._monitors = monitors
        self._index = JobIndex(scripts)

    async def history(self, channel: str, account_id: str, now_ms: int, hours: int) -> AvailabilityHistory:
        """Return the last hours, the running quarter included, in two round trips.

        If several jobs watch the account, a quarter hour comes from the one that saw most of it. The 20
        oldest jobs are read.
        """
        end = now_ms // QUARTER_MS + 1
        period = range(end - hours * QUARTERS_AN_HOUR, end)
        since_ms = period.start * QUARTER_MS
        job_ids = await self._job_ids(channel, account_id)
        if not job_ids:
            return AvailabilityHistory(since_ms, now_ms, (), (), ())
        pasts = await self._monitors.past(job_ids, since_ms, now_ms)
        return AvailabilityHistory(
            since_ms=since_ms,
            until_ms=now_ms,
            quarters=tuple(_quarter(number, pasts, now_ms) for number in period),
            outages=_outages(pasts),
            job_ids=tuple(job_ids),
        )

    async def _job_ids(self, channel: str, account_id: str) -> list[str]:
        target = target_of(MONITOR_TYPE, {"channel": channel, "account_id": account_id})
        known = await self._index.look_up([target], [])
        return [record.spec.job_id for record in known.by_target[target]]


def _quarter(number: int, pasts: Iterable[MonitorPast], now_ms: int) -> AvailabilityBucket:
    seen = [_times(number, past, now_ms) for past in pasts]
    most = max(seen, key=lambda times: sum(times.values()), default=_of(TimeByState()))
    return AvailabilityBucket(number * QUARTER_MS, most)


def _times(number: int, past: MonitorPast, now_ms: int) -> Mapping[AccountStatus, int]:
    # The roll-ups do not count the time in which an account is not set up.
    start, end = number * QUARTER_MS, min((number + 1) * QUARTER_MS, now_ms)
    unset = sum(
        max(0, min(end, end if each.to_ms is None else each.to_ms) - max(start, each.from_ms))
        for each in past.ranges
        if each.state == "not_configured"
    )
    return _of(past.quarters.get(number, TimeByState()), unset)


def _of(time: TimeByState, unset_ms: int = 0) -> Mapping[AccountStatus, int]:
    return {"up": time.up, "degraded": time.degraded, "down": time.down, "not_configured": unset_ms}


def _outages(pasts: Iterable[MonitorPast]) -> tuple[tuple[str, StateRange], ...]:
    found = [(past.job_id, each) for past in pasts for each in past.ranges if each.state == "down"]
    found.sort(key=lambda each: -each[1].from_ms)
    return tuple(found[:MAX_OUTAGES])
