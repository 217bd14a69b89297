"""Reads monitors: their state, uptime, latency and history."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.clock import DAY_MS
from app.core.monitors.figures import (
    QUARTER_DAYS,
    parse_days,
    parse_histograms,
    parse_quarters,
    quarter_figures,
    time_within,
)
from app.core.monitors.history import MonitorHistory, Newest, RecentHistory, StoredTimes
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
from app.core.monitors.present import (
    counted_until,
    error_words,
    live_time,
    paused_scopes,
    present_state,
    range_of,
)
from app.core.storage.connection import pairs, scores
from app.core.storage.scripts import flat, script_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.core.clock import Clock
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

AT_ONCE = 50
"""Monitors that a script reads at once: less than a millisecond of Redis, the first time some five."""
MOST_HISTORIES = 5_000
"""Each takes some ten kilobytes."""
PAST_QUARTER_DAYS = 9
"""UTC days of which quarter hours are stored."""
SWEPT_AT_ONCE = 500


Fields = dict[str, str]
"""The hash of a monitor, with `enabled` and `off` of its job, and `stops` and `late` of the script."""


@script_row("monitors/read")
class ReadRow(NamedTuple):
    """A monitor to read, from a quarter hour and a day on."""

    job: str
    first_quarter: int
    first_day: int


class _Stored(NamedTuple):
    fields: Fields
    recent: RecentHistory


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
        self._histories: dict[str, MonitorHistory] = {}

    async def list(self, limit: int = 1_000, *, worst: int | None = None) -> list[MonitorRecord]:
        """Return the monitors by creation, or so many of them, the worst first; without their days.

        Two round trips, three for the worst ones.
        """
        job_ids = await self.job_ids(limit if worst is None else None)
        return await self.get_many(job_ids, worst=worst, with_days=False)

    async def count(self) -> int:
        """Return how many monitors there are."""
        return await self._link.call("ZCARD", self._keys.monitors)

    async def job_ids(self, limit: int | None = None) -> list[str]:
        """Return the jobs that have reported a check, by creation."""
        return await self._link.call("ZRANGE", self._keys.monitors, 0, -1 if limit is None else limit - 1)

    async def get_many(
        self, job_ids: Sequence[str], *, worst: int | None = None, with_days: bool = True
    ) -> list[MonitorRecord]:
        """Return those of these jobs that are monitors, in one round trip; with `worst`, the worst ones."""
        if worst is not None:
            job_ids = await self._worst(job_ids, worst)
        found, pauses = await self._read(job_ids)
        now_ms, records = self._clock.now_ms(), list[MonitorRecord]()
        for at, (job_id, (fields, recent)) in enumerate(found.items(), 1):
            records.append(_record(job_id, fields, recent, pauses, now_ms, with_days=with_days))
            if at % AT_ONCE == 0:
                # A thousand monitors take some time: other requests go on meanwhile.
                await asyncio.sleep(0)
        return records

    async def _worst(self, job_ids: Sequence[str], count: int) -> list[str]:
        found, pauses = await self._states(job_ids)
        now_ms = self._clock.now_ms()
        badness = {
            job_id: WORST_FIRST.index(present_state(job_id, fields, pauses, now_ms)[0])
            for job_id, fields in found.items()
        }
        return sorted(found, key=badness.__getitem__)[:count]

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
        quarters = parse_quarters(today, answers[1 : 1 + QUARTER_DAYS])
        histograms = parse_histograms(today, answers[1 + QUARTER_DAYS :])
        now_ms = self._clock.now_ms()
        return MonitorDetail(record, ranges, quarter_figures(quarters, histograms, now_ms))

    async def briefs(self, job_ids: Sequence[str]) -> dict[str, MonitorBrief]:
        """Return the states of those of these jobs that are monitors, in one round trip."""
        found, pauses = await self._read(list(dict.fromkeys(job_ids)))
        now_ms, briefs = self._clock.now_ms(), dict[str, MonitorBrief]()
        for job_id, (fields, recent) in found.items():
            state, since, reason = present_state(job_id, fields, pauses, now_ms)
            briefs[job_id] = MonitorBrief(
                state=state,
                since=since,
                reason=reason,
                incident_id=fields.get("incident"),
                last_error=error_words(fields, state, reason),
                uptime=recent.last_day_uptime(live_time(fields, state, now_ms)),
                fails_in_a_row=int(fields.get("fails", 0)),
            )
        return briefs

    async def past(self, job_ids: Sequence[str], from_ms: int, to_ms: int) -> list[MonitorPast]:
        """Return the observations of a period, in one round trip.

        The time since the last check is in their time by state, and not in their quarter hours.
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
        (found, pauses), answers = await asyncio.gather(self._states(job_ids), self._link.calls(reads))
        width, pasts = 2 + len(days), list[MonitorPast]()
        for at, job_id in enumerate(job_ids):
            if (fields := found.get(job_id)) is None:
                continue
            mine = answers[at * width : (at + 1) * width]
            state, since, reason = present_state(job_id, fields, pauses, now_ms)
            ranges = [*map(range_of, mine[1]), StateRange(state, since, None, reason)]
            quarters = parse_quarters(today, mine[2:])
            # A heartbeat may have had its last ping a day ago.
            live = TimeByState(*live_time(fields, state, min(now_ms, to_ms), from_ms))
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
                    time=time_within(parse_days(pairs(mine[0])), quarters, oldest, from_ms, to_ms) + live,
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
        changed, after = 0, "-inf"
        # By score: ranks shift while monitors are deleted.
        while page := scores(
            await self._link.call(
                "ZRANGEBYSCORE", self._keys.monitors, after, "+inf", "WITHSCORES", "LIMIT", 0, SWEPT_AT_ONCE
            )
        ):
            after = f"({max(page.values())}"
            found, pauses = await self._states(list(page))
            now_ms = self._clock.now_ms()
            marks = [_mark(job_id, fields, pauses, now_ms) for job_id, fields in found.items()]
            changed += await self.mark([mark for mark in marks if mark is not None])
        return changed

    def _quarter_reads(self, job_id: str, today: int) -> list[Command]:
        days = range(today, today - QUARTER_DAYS, -1)
        return [("HGETALL", self._keys.monitor_quarters(job_id, day)) for day in days]

    def _latency_reads(self, job_id: str, today: int) -> list[Command]:
        days = range(today, today - QUARTER_DAYS, -1)
        return [("HGETALL", self._keys.monitor_latency(job_id, day)) for day in days]

    async def _states(self, job_ids: Sequence[str]) -> tuple[dict[str, Fields], dict[str, int]]:
        """Return the hashes of those that are monitors, and the paused scopes: one round trip."""
        nothing = Newest(1, 1)
        answers, pauses = await self._answers([ReadRow(job_id, *nothing) for job_id in job_ids], Newest(0, 0))
        hashes = ((job_id, _fields(answer)) for job_id, answer in zip(job_ids, answers, strict=True))
        return {job_id: fields for job_id, fields in hashes if fields}, pauses

    async def _read(self, job_ids: Sequence[str]) -> tuple[dict[str, _Stored], dict[str, int]]:
        """Return monitors with their history, and the paused scopes.

        One round trip, or a second one for those that were deleted and made again.
        """
        now_ms = self._clock.now_ms()
        histories = [self._history(job_id, now_ms) for job_id in job_ids]
        since = [Newest(each.quarter, each.day) for each in histories]
        rows = [ReadRow(job_id, *first) for job_id, first in zip(job_ids, since, strict=True)]
        answers, pauses = await self._answers(rows, Newest.at(now_ms))
        found, outdated = dict[str, _Stored](), list[str]()
        for job_id, history, first, answer in zip(job_ids, histories, since, answers, strict=True):
            fields, (seq, times, latencies, days) = _fields(answer), answer[3:7]
            if not history.is_of(seq, int(fields.get("changes", 0))):
                outdated.append(job_id)
                self._histories.pop(job_id, None)
            elif not fields:
                # Deleted, or no monitor: nothing is kept of it.
                self._histories.pop(job_id, None)
            else:
                history.seq, history.changes = seq, int(fields.get("changes", 0))
                rest = history.keep(StoredTimes(times, latencies, days), first, counted_until(fields, now_ms))
                found[job_id] = _Stored(fields, RecentHistory(history, rest, now_ms))
        if outdated:
            found |= (await self._read(outdated))[0]
            found = {job_id: found[job_id] for job_id in job_ids if job_id in found}
        return found, pauses

    def _history(self, job_id: str, now_ms: int) -> MonitorHistory:
        history = self._histories.get(job_id)
        if history is None or not history.is_usable(now_ms):
            if len(self._histories) >= MOST_HISTORIES:
                del self._histories[next(iter(self._histories))]
            history = self._histories[job_id] = MonitorHistory(job_id, now_ms)
        return history

    async def _answers(self, rows: Sequence[ReadRow], newest: Newest) -> tuple[list[Any], dict[str, int]]:
        parts = [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]
        pauses, *answers = await asyncio.gather(
            self._link.call("HGETALL", self._keys.pauses),
            *(
                self._scripts.run(
                    "monitors/read", *flat(part), last_quarter=newest.quarter, last_day=newest.day
                )
                for part in parts
            ),
        )
        return [each for part in answers for each in part], paused_scopes(pauses, self._clock.now_ms())


def _fields(answer: Sequence[Any]) -> Fields:
    """Return the hash of a monitor with the state of its job; empty if it is none."""
    fields = pairs(answer[0])
    if "state" not in fields:
        return {}
    fields |= {"enabled": answer[1] or "0", "off": answer[2]}
    if stops := answer[7]:
        fields["stops"] = " ".join(map(str, stops))
    if answer[8] != "":
        fields["late"] = str(answer[8])
    return fields


def _record(
    job_id: str,
    fields: Fields,
    recent: RecentHistory,
    pauses: dict[str, int],
    now_ms: int,
    *,
    with_days: bool,
) -> MonitorRecord:
    state, since, reason = present_state(job_id, fields, pauses, now_ms)
    live = live_time(fields, state, now_ms)
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
        uptime=recent.uptime(live),
        latency=recent.latency(),
        incident_id=fields.get("incident"),
        command=fields.get("command") or None,
        changes=int(fields.get("changes", 0)),
        hours=recent.hours(state, since),
        days=recent.days(live) if with_days else {},
    )


def _mark(job_id: str, fields: dict[str, str], pauses: dict[str, int], now_ms: int) -> MonitorMark | None:
    """Return the mark of a monitor whose state has changed without a check; None if it has not."""
    state, since, reason = present_state(job_id, fields, pauses, now_ms)
    if state == fields["state"]:
        return None
    # A check that ended after the beginning of a pause counts, and a pause lasts until it is seen to be over.
    at = now_ms if fields["state"] == "paused" else max(since, int(fields["seen"]))
    return MonitorMark(job_id, state, at, reason)
