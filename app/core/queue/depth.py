"""The depth of the queues: how many runs wait and run in each lane, and for how long."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.core.ids import DEFAULT_QUEUE
from app.core.queue.pauses import read_pauses
from app.core.records import LaneName, LaneStats, NextFire, QueueDepth, QueueStats
from app.core.storage.connection import scores, time_ms
from app.core.storage.index_scan import answers_of, undamaged
from app.core.storage.keys import GROUP, LANES, SUSPECT_LANE
from app.core.storage.lane_directory import read_lanes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.core.records import PauseRecord, Scope
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.lane_directory import LaneDirectory

NEXT_FIRES = 3


async def read_queue_stats(link: RedisLink, keys: Keys) -> QueueStats:
    """Return the depth of each queue and lane, and the delayed work, in three round trips."""
    if link.parts:
        return _together(await answers_of(read_queue_stats(part.link, part.keys) for part in link.parts))
    directory = await read_lanes(link, keys)
    commands: list[Command] = [
        command
        for stream in map(keys.ready, directory.all)
        for command in (("XLEN", stream), ("XPENDING", stream, GROUP), ("XINFO", "GROUPS", stream))
    ]
    commands += [
        ("ZCARD", keys.delayed),
        ("ZRANGE", keys.delayed, 0, 0, "WITHSCORES"),
        ("ZCARD", keys.dead),
        ("ZCARD", keys.runs_status("queued")),
        ("ZRANGE", keys.schedule, 0, NEXT_FIRES - 1, "WITHSCORES"),
        ("TIME",),
    ]
    # A lane without any run has neither stream nor group: its reads fail, and count as empty.
    answers = await undamaged(link, commands)
    now_ms = time_ms(answers[-1])
    found, paused = await asyncio.gather(
        _lanes(link, keys, directory, answers, now_ms), read_pauses(link, keys)
    )
    delayed, head, dead, queued, fires = answers[-6:-1]
    queues = [_depth(queue, found) for queue in directory.queues]
    waiting = sum(lane.waiting for lane in found.values())
    return QueueStats(
        lanes={priority: _sum(_of_priority(found, priority)) for priority in LANES},
        delayed=delayed,
        next_due_at=int(float(head[1])) if head else None,
        dead_letters=dead,
        suspects=sum(queue.suspects for queue in queues),
        waiting_for_keys=max(0, queued - waiting - sum(pause.held for pause in paused)),
        next_fires=[NextFire(job_id, int(at)) for job_id, at in scores(fires or ()).items()],
        paused=paused,
        queues=queues,
    )


def _together(parts: Sequence[QueueStats]) -> QueueStats:
    """Return the figures of all shards as those of one."""
    dues = [part.next_due_at for part in parts if part.next_due_at is not None]
    fires = sorted((fire for part in parts for fire in part.next_fires), key=lambda fire: fire.at)
    paused: dict[Scope, PauseRecord] = {}
    for pause in (pause for part in parts for pause in part.paused):
        known = paused.get(pause.scope)
        paused[pause.scope] = pause if known is None else replace(known, held=known.held + pause.held)
    depths = [depth for part in parts for depth in part.queues]
    names = dict.fromkeys(depth.queue for depth in depths)
    ordered = [DEFAULT_QUEUE, *sorted(name for name in names if name != DEFAULT_QUEUE)]
    return QueueStats(
        lanes={priority: _sum(part.lanes[priority] for part in parts) for priority in LANES},
        delayed=sum(part.delayed for part in parts),
        next_due_at=min(dues, default=None),
        dead_letters=sum(part.dead_letters for part in parts),
        suspects=sum(part.suspects for part in parts),
        waiting_for_keys=sum(part.waiting_for_keys for part in parts),
        next_fires=fires[:NEXT_FIRES],
        paused=sorted(paused.values(), key=lambda pause: (pause.since_ms, pause.scope.text)),
        queues=[_depths([depth for depth in depths if depth.queue == name]) for name in ordered],
    )


def _depths(parts: Sequence[QueueDepth]) -> QueueDepth:
    missing = Counter[str]()
    for part in parts:
        missing.update(part.missing_types)
    ages = [part.startable_oldest_ms for part in parts if part.startable_oldest_ms is not None]
    return QueueDepth(
        queue=parts[0].queue,
        lanes={priority: _sum(part.lanes[priority] for part in parts) for priority in LANES},
        suspects=sum(part.suspects for part in parts),
        missing_types=dict(sorted(missing.items())),
        startable_oldest_ms=max(ages, default=None),
    )


def _depth(queue: str, found: dict[LaneName, LaneStats]) -> QueueDepth:
    """Return the depth of one queue. Isolated runs count as suspects, not as runs that wait or run."""
    own = {name: lane for name, lane in found.items() if name.queue == queue}
    suspects = [lane for name, lane in own.items() if name.priority == SUSPECT_LANE]
    aside = Counter[str]()
    for name, lane in own.items():
        if name.type and lane.waiting:
            aside[name.type] += lane.waiting
    return QueueDepth(
        queue=queue,
        lanes={priority: _sum(_of_priority(own, priority)) for priority in LANES},
        suspects=sum(lane.waiting + lane.running for lane in suspects),
        missing_types=dict(sorted(aside.items())),
        startable_oldest_ms=_sum(
            lane for name, lane in own.items() if not name.type and name.priority != SUSPECT_LANE
        ).oldest_ms,
    )


def _of_priority(found: dict[LaneName, LaneStats], priority: str) -> list[LaneStats]:
    return [lane for name, lane in found.items() if name.priority == priority]


def _sum(lanes: Iterable[LaneStats]) -> LaneStats:
    each = list(lanes)
    ages = [lane.oldest_ms for lane in each if lane.oldest_ms is not None]
    return LaneStats(
        sum(lane.waiting for lane in each), sum(lane.running for lane in each), max(ages, default=None)
    )


async def _lanes(
    link: RedisLink, keys: Keys, directory: LaneDirectory, answers: list[Any], now_ms: int
) -> dict[LaneName, LaneStats]:
    lanes = directory.all
    reads = [_oldest_waiting(keys.ready(lane), answers[i * 3 + 2]) for i, lane in enumerate(lanes)]
    oldest = await undamaged(link, reads)
    return {
        LaneName.parse(lane): _lane(answers[i * 3], answers[i * 3 + 1], oldest[i], now_ms)
        for i, lane in enumerate(lanes)
    }


def _oldest_waiting(stream: str, groups: Any) -> Command:
    after = "-"
    if groups:
        group: list[Any] = groups[0]
        after = f"({group[group.index('last-delivered-id') + 1]}"
    return ("XRANGE", stream, after, "+", "COUNT", 1)


def _lane(length: Any, pending: Any, oldest: Any, now_ms: int) -> LaneStats:
    running: int = pending[0] if pending else 0
    waiting = max(0, int(length or 0) - running)
    first = int(oldest[0][0].split("-")[0]) if waiting and oldest else None
    return LaneStats(waiting, running, None if first is None else max(0, now_ms - first))
