"""Reads monitors: their state, uptime, latency and history."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core.clock import DAY_MS, QUARTER_MS
from app.core.monitors.figures import (
    HISTOGRAM_DAYS,
    LIST_QUARTER_DAYS,
    hour_bars,
    last_day_uptime,
    latency_figures,
    parse_days,
    parse_histograms,
    parse_quarters,
    quarter_figures,
    time_within,
    uptime_of,
)
from app.core.monitors.models import (
    WORST_FIRST,
    MonitorBrief,
    MonitorDetail,
    MonitorPast,
    MonitorRecord,
    StateRange,
    TimeByState,
    WatchState,
)
from app.core.monitors.present import error_words, live_time, paused_scopes, present_state, range_of
from app.core.storage.connection import pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.core.clock import Clock
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

AT_ONCE = 20
PAST_QUARTER_DAYS = 9
"""UTC days of which quarter hours are stored."""
SWEPT_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class MonitorMark:
    """A monitor that is paused or unknown from an instant on."""

    job_id: str
    state: WatchState
    at: int
    reason: str


class MonitorStore:
    """The monitors of a deployment. Writing is the finish of their runs; `mark` is for pauses and silence."""

    def __init__(self, link: RedisLink, scripts: Scripts, keys: Keys, clock: Clock) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys
        self._clock = clock

    async def list(self, limit: int = 1_000, *, worst: int | None = None) -> list[MonitorRecord]:
        """Return the monitors by creation, or so many of them, the worst first; three round trips."""
        return await self.get_many(await self.job_ids(limit), worst=worst)

    async def count(self) -> int:
        """Return how many monitors there are."""
        return await self._link.call("ZCARD", self._keys.monitors)

    async def job_ids(self, limit: int = 1_000) -> list[str]:
        """Return the jobs that have reported a check, by creation."""
        return await self._link.call("ZRANGE", self._keys.monitors, 0, limit - 1)

    async def get_many(self, job_ids: Sequence[str], *, worst: int | None = None) -> list[MonitorRecord]:
        """Return those of these jobs that are monitors, in two round trips; with `worst`, the worst ones."""
        found, pauses, _ = await self._hashes(job_ids)
        now_ms = self._clock.now_ms()
        if worst is not None:
            badness = {
                job_id: WORST_FIRST.index(present_state(job_id, fields, pauses, now_ms)[0])
                for job_id, fields in found.items()
            }
            found = {job_id: found[job_id] for job_id in sorted(found, key=badness.__getitem__)[:worst]}
        reads: list[Command] = []
        for job_id in found:
            reads.append(("HGETALL", self._keys.monitor_days(job_id)))
            reads += self._quarter_reads(job_id, now_ms // DAY_MS)
            reads += self._latency_reads(job_id, now_ms // DAY_MS)
        answers = await self._link.calls(reads) if reads else []
        width = 1 + LIST_QUARTER_DAYS + HISTOGRAM_DAYS
        records: list[MonitorRecord] = []
        for at, (job_id, fields) in enumerate(found.items()):
            mine = answers[at * width : (at + 1) * width]
            records.append(self._record(job_id, fields, mine, pauses, now_ms))
            if at % AT_ONCE == AT_ONCE - 1:
                # A thousand monitors take a second or so: other requests go on meanwhile.
                await asyncio.sleep(0)
        return records

    async def get(self, job_id: str) -> MonitorDetail | None:
        """Return one monitor with its history; None if the job has reported no check."""
        records = await self.get_many([job_id])
        if not records:
            return None
        record, today = records[0], self._clock.now_ms() // DAY_MS
        answers = await self._link.calls(
            [
                ("LRANGE", self._keys.monitor_ranges(job_id), 0, -1),
                *self._quarter_reads(job_id, today),
                *self._latency_reads(job_id, today),
            ]
        )
        ranges = [range_of(text) for text in answers[0]]
        ranges.append(StateRange(record.state, record.since, None, record.reason))
        quarters = parse_quarters(today, answers[1 : 1 + LIST_QUARTER_DAYS])
        histograms = parse_histograms(today, answers[1 + LIST_QUARTER_DAYS :])
        now_ms = self._clock.now_ms()
        return MonitorDetail(record, ranges, quarter_figures(quarters, histograms, now_ms))

    async def briefs(self, job_ids: Sequence[str]) -> dict[str, MonitorBrief]:
        """Return the states of those of these jobs that are monitors, in one round trip."""
        today = self._clock.now_ms() // DAY_MS
        unique = list(dict.fromkeys(job_ids))
        reads = [read for job_id in unique for read in self._quarter_reads(job_id, today)]
        found, pauses, answers = await self._hashes(unique, reads)
        now_ms, briefs = self._clock.now_ms(), dict[str, MonitorBrief]()
        for at, job_id in enumerate(unique):
            if (fields := found.get(job_id)) is None:
                continue
            state, since, reason = present_state(job_id, fields, pauses, now_ms)
            mine = answers[at * LIST_QUARTER_DAYS : (at + 1) * LIST_QUARTER_DAYS]
            quarters = parse_quarters(today, mine)
            briefs[job_id] = MonitorBrief(
                state=state,
                since=since,
                reason=reason,
                incident_id=fields.get("incident"),
                last_error=error_words(fields, state, reason),
                uptime=last_day_uptime(quarters, live_time(fields, state, now_ms), now_ms),
                fails_in_a_row=int(fields.get("fails", 0)),
            )
        return briefs

    async def past(self, job_ids: Sequence[str], from_ms: int, to_ms: int) -> list[MonitorPast]:
        """Return the stored observations of a period, in one round trip.

        The time since the last check is not in them.
        """
        now_ms = self._clock.now_ms()
        today = now_ms // DAY_MS
        oldest = max(today - PAST_QUARTER_DAYS + 1, from_ms // DAY_MS)
        days = [today - back for back in range(today - oldest + 1)]
        reads: list[Command] = []
        for job_id in job_ids:
            reads.append(("HGETALL", self._keys.monitor_days(job_id)))
            reads.append(("LRANGE", self._keys.monitor_ranges(job_id), 0, -1))
            reads += [("HGETALL", self._keys.monitor_quarters(job_id, day)) for day in days]
        found, pauses, answers = await self._hashes(job_ids, reads)
        width, pasts = 2 + len(days), list[MonitorPast]()
        for at, job_id in enumerate(job_ids):
            if (fields := found.get(job_id)) is None:
                continue
            mine = answers[at * width : (at + 1) * width]
            state, since, reason = present_state(job_id, fields, pauses, now_ms)
            ranges = [*map(range_of, mine[1]), StateRange(state, since, None, reason)]
            quarters = parse_quarters(today, mine[2:])
            pasts.append(
                MonitorPast(
                    job_id=job_id,
                    type=fields.get("type", ""),
                    target=fields.get("target", ""),
                    state=state,
                    since=since,
                    last_check_at=int(fields["checked"]) if "checked" in fields else None,
                    reason=reason,
                    last_error=error_words(fields, state, reason),
                    command=fields.get("command", ""),
                    time=time_within(parse_days(pairs(mine[0])), quarters, oldest, from_ms, to_ms),
                    quarters=quarters,
                    ranges=[each for each in ranges if each.overlaps(from_ms, to_ms)],
                )
            )
        return pasts

    async def mark(self, marks: Iterable[MonitorMark]) -> int:
        """Mark monitors as paused or unknown; return how many changed."""
        rows = [part for each in marks for part in (each.job_id, each.state, each.at, each.reason)]
        return await self._scripts.run("monitors/mark", *rows) if rows else 0

    async def sweep(self) -> int:
        """Mark the monitors that are paused now, or whose checks stay away; return how many changed."""
        changed, first = 0, 0
        while job_ids := await self._link.call(
            "ZRANGE", self._keys.monitors, first, first + SWEPT_AT_ONCE - 1
        ):
            found, pauses, _ = await self._hashes(job_ids)
            now_ms = self._clock.now_ms()
            marks = [_mark(job_id, fields, pauses, now_ms) for job_id, fields in found.items()]
            changed += await self.mark([mark for mark in marks if mark is not None])
            first += SWEPT_AT_ONCE
        return changed

    def _quarter_reads(self, job_id: str, today: int) -> list[Command]:
        days = range(today, today - LIST_QUARTER_DAYS, -1)
        return [("HGETALL", self._keys.monitor_quarters(job_id, day)) for day in days]

    def _latency_reads(self, job_id: str, today: int) -> list[Command]:
        days = range(today, today - HISTOGRAM_DAYS, -1)
        return [("HGETALL", self._keys.monitor_latency(job_id, day)) for day in days]

    async def _hashes(
        self, job_ids: Sequence[str], more: Sequence[Command] = ()
    ) -> tuple[dict[str, dict[str, str]], dict[str, int], list[Any]]:
        """Return the hashes of monitors, the paused scopes, and the answers to more reads: one round trip."""
        reads: list[Command] = [("HGETALL", self._keys.pauses)]
        for job_id in job_ids:
            reads += [
                ("HGETALL", self._keys.monitor(job_id)),
                ("HMGET", self._keys.job(job_id), "enabled", "off"),
            ]
        answers: list[Any] = await self._link.calls([*reads, *more])
        own = answers[1 : len(reads)]
        found: dict[str, dict[str, str]] = {}
        for job_id, flat, (enabled, off) in zip(job_ids, own[::2], own[1::2], strict=True):
            fields = pairs(flat)
            if "state" in fields:
                found[job_id] = fields | {"enabled": enabled or "0", "off": off or ""}
        return found, paused_scopes(answers[0], self._clock.now_ms()), answers[len(reads) :]

    def _record(
        self,
        job_id: str,
        fields: dict[str, str],
        answers: Sequence[Sequence[str]],
        pauses: dict[str, int],
        now_ms: int,
    ) -> MonitorRecord:
        today = now_ms // DAY_MS
        state, since, reason = present_state(job_id, fields, pauses, now_ms)
        live = live_time(fields, state, now_ms)
        days = parse_days(pairs(answers[0]))
        first = (now_ms - DAY_MS) // QUARTER_MS
        quarters = parse_quarters(today, answers[1 : 1 + LIST_QUARTER_DAYS], first)
        return MonitorRecord(
            job_id=job_id,
            type=fields.get("type", ""),
            target=fields.get("target", ""),
            state=state,
            since=since,
            last_check_at=int(fields["checked"]) if "checked" in fields else None,
            last_error=error_words(fields, state, reason),
            reason=reason,
            fails_in_a_row=int(fields.get("fails", 0)),
            latency_ms=int(fields["latency"]) if fields.get("latency") else None,
            uptime=uptime_of(days, quarters, live, now_ms),
            latency=latency_figures(today, answers[1 + LIST_QUARTER_DAYS :], now_ms),
            incident_id=fields.get("incident"),
            command=fields.get("command") or None,
            changes=int(fields.get("changes", 0)),
            hours=hour_bars(quarters, state, since, now_ms),
            days={**days, today: days.get(today, TimeByState()) + live},
        )


def _mark(job_id: str, fields: dict[str, str], pauses: dict[str, int], now_ms: int) -> MonitorMark | None:
    """Return the mark of a monitor whose state has changed without a check; None if it has not."""
    state, since, reason = present_state(job_id, fields, pauses, now_ms)
    if state == fields["state"]:
        return None
    # A check that ended after the beginning of a pause counts.
    return MonitorMark(job_id, state, max(since, int(fields["seen"])), reason)
