"""Reads monitors: their state, uptime, latency and history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import orjson

from app.core.monitors.figures import (
    DAY_MS,
    HISTOGRAM_DAYS,
    LIST_QUARTER_DAYS,
    hour_bars,
    latency_figures,
    parse_days,
    parse_histograms,
    parse_quarters,
    quarter_figures,
    uptime_of,
)
from app.core.monitors.models import (
    COUNTED_STATES,
    MonitorDetail,
    MonitorRecord,
    StateRange,
    TimeByState,
    WatchState,
)
from app.core.storage.connection import pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.core.clock import Clock
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

SILENT_MS, MUCH_LONGER = 300_000, 3
"""A check that comes later than these after the last one leaves unknown time behind (`lib/monitors.lua`)."""


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

    async def list(self, limit: int = 1_000) -> list[MonitorRecord]:
        """Return the monitors by creation, three round trips for any number."""
        ids = await self._link.call("ZRANGE", self._keys.monitors, 0, limit - 1)
        return await self.get_many(ids)

    async def get_many(self, job_ids: Sequence[str]) -> list[MonitorRecord]:
        """Return those of these jobs that are monitors, in two round trips."""
        found = await self._hashes(job_ids)
        pauses = await self._paused_scopes()
        now_ms = self._clock.now_ms()
        today = now_ms // DAY_MS
        reads: list[Command] = []
        for job_id in found:
            reads.append(("HGETALL", self._keys.monitor_days(job_id)))
            reads += [
                ("HGETALL", self._keys.monitor_quarters(job_id, today - back))
                for back in range(LIST_QUARTER_DAYS)
            ]
            reads += [
                ("HGETALL", self._keys.monitor_latency(job_id, today - back))
                for back in range(HISTOGRAM_DAYS)
            ]
        answers = await self._link.calls(reads) if reads else []
        width = 1 + LIST_QUARTER_DAYS + HISTOGRAM_DAYS
        return [
            self._record(job_id, fields, answers[at * width : (at + 1) * width], pauses, now_ms)
            for at, (job_id, fields) in enumerate(found.items())
        ]

    async def get(self, job_id: str) -> MonitorDetail | None:
        """Return one monitor with its history; None if the job has reported no check."""
        records = await self.get_many([job_id])
        if not records:
            return None
        record, today = records[0], self._clock.now_ms() // DAY_MS
        days = range(LIST_QUARTER_DAYS)
        answers = await self._link.calls(
            [
                ("LRANGE", self._keys.monitor_ranges(job_id), 0, -1),
                *(("HGETALL", self._keys.monitor_quarters(job_id, today - back)) for back in days),
                *(("HGETALL", self._keys.monitor_latency(job_id, today - back)) for back in days),
            ]
        )
        ranges = [range_of(text) for text in answers[0]]
        ranges.append(StateRange(record.state, record.since, None, record.reason))
        quarters = parse_quarters(today, answers[1 : 1 + len(days)])
        histograms = parse_histograms(today, answers[1 + len(days) :])
        now_ms = self._clock.now_ms()
        return MonitorDetail(record, ranges, quarter_figures(quarters, histograms, now_ms))

    async def mark(self, marks: Iterable[MonitorMark]) -> int:
        """Mark monitors as paused or unknown; return how many changed."""
        rows = [part for each in marks for part in (each.job_id, each.state, each.at, each.reason)]
        return await self._scripts.run("monitors/mark", *rows) if rows else 0

    async def _hashes(self, job_ids: Sequence[str]) -> dict[str, dict[str, str]]:
        reads: list[Command] = []
        for job_id in job_ids:
            reads += [
                ("HGETALL", self._keys.monitor(job_id)),
                ("HMGET", self._keys.job(job_id), "enabled", "off"),
            ]
        answers = await self._link.calls(reads) if reads else []
        found: dict[str, dict[str, str]] = {}
        for job_id, flat, (enabled, off) in zip(job_ids, answers[::2], answers[1::2], strict=True):
            fields = pairs(flat)
            if "state" in fields:
                found[job_id] = fields | {"enabled": enabled or "0", "off": off or ""}
        return found

    async def _paused_scopes(self) -> dict[str, int]:
        """Return the scopes that are paused, each with its start."""
        found = await self._link.hash(self._keys.pauses)
        now_ms, scopes = self._clock.now_ms(), dict[str, int]()
        for scope, text in found.items():
            pause = orjson.loads(text)
            if pause.get("ends") is None or now_ms < int(pause["ends"]):
                scopes[scope] = int(pause.get("since", now_ms))
        return scopes

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
        live = _live_time(fields, state, now_ms)
        days = parse_days(pairs(answers[0]))
        quarters = parse_quarters(today, answers[1 : 1 + LIST_QUARTER_DAYS])
        histograms = parse_histograms(today, answers[1 + LIST_QUARTER_DAYS :])
        return MonitorRecord(
            job_id=job_id,
            type=fields.get("type", ""),
            target=fields.get("target", ""),
            state=state,
            since=since,
            last_check_at=int(fields["checked"]) if "checked" in fields else None,
            last_error=(fields.get("detail") or None) if state != "up" else None,
            reason=reason,
            fails_in_a_row=int(fields.get("fails", 0)),
            latency_ms=int(fields["latency"]) if fields.get("latency") else None,
            uptime=uptime_of(days, quarters, live, now_ms),
            latency=latency_figures(histograms, now_ms),
            incident_id=fields.get("incident"),
            command=fields.get("command") or None,
            changes=int(fields.get("changes", 0)),
            hours=hour_bars(quarters, state, since, now_ms),
        )


def present_state(
    job_id: str, fields: dict[str, str], pauses: dict[str, int], now_ms: int
) -> tuple[WatchState, int, str]:
    """Return the state of a monitor at this moment, since when, and the code of its reason.

    A monitor that is switched off or paused is `paused`; one without a check for too long is `unknown`.
    """
    stored = cast("WatchState", fields["state"])
    since, seen, gap = int(fields["since"]), int(fields["seen"]), int(fields.get("gap") or 0)
    if fields["enabled"] != "1":
        return "paused", since if stored == "paused" else int(fields["off"] or now_ms), "disabled"
    paused = [
        pauses[scope]
        for scope in ("all", f"type:{fields.get('type', '')}", f"job:{job_id}")
        if scope in pauses
    ]
    if paused:
        return "paused", since if stored == "paused" else min(paused), "paused"
    if stored in COUNTED_STATES and now_ms - seen > max(SILENT_MS, MUCH_LONGER * gap):
        return "unknown", seen, "not_watched"
    return stored, since, fields.get("reason", "")


def range_of(text: str) -> StateRange:
    """Return a stored range, `state|from|to|reason`."""
    state, from_ms, to_ms, reason = text.split("|", 3)
    return StateRange(cast("WatchState", state), int(from_ms), int(to_ms), reason)


def _live_time(fields: dict[str, str], state: WatchState, now_ms: int) -> TimeByState:
    """Return the time since the last check, which the roll-ups do not have yet."""
    if state != fields["state"] or state not in COUNTED_STATES:
        return TimeByState()
    return TimeByState(**{state: max(0, now_ms - int(fields["seen"]))})
