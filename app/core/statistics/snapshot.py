"""The data behind `GET /metrics`, read in three round trips whatever the number of jobs."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from redis.exceptions import ResponseError

from app.core.activity.heartbeat import instance_info
from app.core.activity.readiness import CHECK_SETTINGS, WorkFacts
from app.core.connectors.messages import OutboxState
from app.core.memory.usage import usage_of
from app.core.monitors.models import WatchState
from app.core.records import InstanceInfo, LaneName
from app.core.redis_client import Command, RedisLink, ServerMemory
from app.core.storage.connection import info_fields, pairs, scores, time_ms
from app.core.storage.keys import GROUP, Keys
from app.core.storage.lane_directory import LaneDirectory, lanes_of, read_lanes, suspect_lanes_of

MAX_JOBS = 1_000
"""Jobs with their last success, and monitors: one series each."""
MAX_OVERDUE = 100


@dataclass(frozen=True, slots=True)
class MonitorFacts:
    """The present state of a monitor, and the latency of its last check."""

    state: WatchState
    latency_ms: int | None


@dataclass(frozen=True, slots=True)
class MetricsSnapshot:
    """The deployment at one instant. `beats` are ages in ms by instance."""

    counters: Mapping[str, int]
    depth: Mapping[str, int]
    running: Mapping[str, int]
    """Runs in work by lane."""
    delayed: int
    dead_letters: int
    suspects: int
    beats: Mapping[str, int]
    memory: ServerMemory
    usage: Mapping[str, int] = field(default_factory=dict[str, int])
    """Bytes of this deployment by kind, as last estimated; empty before the first estimate."""
    now_ms: int = 0
    """Redis' clock."""
    jobs: Sequence[str] = ()
    """Jobs that have reported metrics, the oldest first."""
    work: WorkFacts = field(default_factory=lambda: WorkFacts(0))
    outbox: Mapping[str, int] = field(default_factory=dict[str, int])
    """Stored messages by state."""
    instances: Sequence[InstanceInfo] = ()
    """Processes whose last heartbeat is stored."""
    enabled: Sequence[str] = ()
    """The oldest enabled jobs, MAX_JOBS at most."""
    last_success: Mapping[str, float] = field(default_factory=dict[str, float])
    """Instants of those jobs, in seconds."""
    overdue: Mapping[str, int] = field(default_factory=dict[str, int])
    """How long jobs have been overdue (ms), the longest first, MAX_OVERDUE at most."""
    overdue_count: int = 0
    missing_types: Mapping[str, int] = field(default_factory=dict[str, int])
    """Runs that wait for a worker with their type, by type."""
    monitors: Mapping[str, MonitorFacts] = field(default_factory=dict[str, MonitorFacts])
    """The oldest monitors, MAX_JOBS at most."""


async def read_snapshot(link: RedisLink, keys: Keys) -> MetricsSnapshot:
    """Read everything in two round trips, except the instances."""
    directory = await read_lanes(link, keys)
    lanes = directory.all
    commands: list[Command] = [("HGETALL", keys.metrics), ("TIME",), ("INFO", "memory")]
    commands += [
        ("ZRANGE", keys.instances, 0, -1, "WITHSCORES"),
        ("ZCARD", keys.delayed),
        ("ZCARD", keys.dead),
        ("HGETALL", keys.memory),
        ("ZRANGE", keys.tool_metrics_jobs, 0, -1),
        ("ZRANGE", keys.jobs_enabled, 0, MAX_JOBS - 1),
    ]
    commands += [("XLEN", keys.ready(lane)) for lane in lanes]
    commands += [("XPENDING", keys.ready(lane), GROUP) for lane in lanes]
    commands += [("ZCARD", keys.outbox_state(state)) for state in OutboxState]
    scripts = link.scripts(keys)
    work, watched, *answers = await asyncio.gather(
        scripts.run("statistics/work_facts", page_size=CHECK_SETTINGS),
        scripts.run("statistics/monitor_facts", most=MAX_JOBS),
        *(_answer(link, command) for command in commands),
    )
    flat, time, info, scored, delayed, dead, kept, jobs, enabled, *rest = answers
    by_lane, messages = rest[: 2 * len(lanes)], rest[2 * len(lanes) :]
    usage = usage_of(pairs(kept))
    lengths = dict(zip(lanes, by_lane[: len(lanes)], strict=True))
    running = {
        lane: int(found[0]) if found else 0 for lane, found in zip(lanes, by_lane[len(lanes) :], strict=True)
    }
    now_ms = time_ms(time)
    return MetricsSnapshot(
        counters={name: int(value) for name, value in pairs(flat).items()},
        depth={lane: max(0, lengths[lane] - running[lane]) for lane in lanes_of(directory.queues)},
        running={lane: count for lane, count in running.items() if "@" not in lane},
        missing_types=_missing_types(directory, lengths, running),
        delayed=delayed,
        dead_letters=dead,
        suspects=sum(lengths[lane] for lane in suspect_lanes_of(directory.queues)),
        beats={name: max(0, now_ms - at) for name, at in scores(scored).items()},
        memory=ServerMemory.of(info_fields(info)),
        now_ms=now_ms,
        jobs=jobs,
        enabled=enabled,
        usage={} if usage is None else usage.kinds,
        work=WorkFacts.of(work),
        outbox=dict(zip(OutboxState, messages, strict=True)),
        monitors={
            job: MonitorFacts(state, int(latency) if latency else None)
            for job, state, latency in zip(watched[::3], watched[1::3], watched[2::3], strict=True)
        },
    )


def _missing_types(
    directory: LaneDirectory, lengths: Mapping[str, int], running: Mapping[str, int]
) -> dict[str, int]:
    found = Counter[str]()
    for lane in directory.typed:
        found[LaneName.parse(lane).type] += max(0, lengths[lane] - running[lane])
    return dict(found)


async def read_details(link: RedisLink, keys: Keys, snapshot: MetricsSnapshot) -> MetricsSnapshot:
    """Return a snapshot with its processes, last successes and overdue jobs, read in one round trip."""
    now_ms, enabled = snapshot.now_ms, snapshot.enabled
    overdue = ("ZRANGE", keys.success_due, "-inf", now_ms, "BYSCORE", "LIMIT", 0, MAX_OVERDUE, "WITHSCORES")
    hashes, successes, (count, late) = await asyncio.gather(
        link.hashes(keys.instance(name) for name in snapshot.beats),
        link.call("ZMSCORE", keys.successes, *(enabled or [""])),
        link.calls([("ZCOUNT", keys.success_due, "-inf", now_ms), overdue]),
    )
    instances = [
        instance_info(name, fields, now_ms - age_ms, now_ms)
        for (name, age_ms), fields in zip(snapshot.beats.items(), hashes, strict=True)
        if fields
    ]
    last = {job: float(at) / 1000 for job, at in zip(enabled, successes, strict=False) if at is not None}
    return replace(
        snapshot,
        instances=instances,
        last_success=last,
        overdue={job: now_ms - since for job, since in scores(late).items()},
        overdue_count=count,
    )


async def _answer(link: RedisLink, command: Command) -> Any:
    try:
        return await link.call(*command)
    except ResponseError as error:
        # An unused lane has no stream and no group.
        if command[0] == "XPENDING" and str(error).startswith("NOGROUP"):
            return None
        raise
