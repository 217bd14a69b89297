"""The deployment's Prometheus text, from counters that scripts keep in Redis.

Every replica shows the same values, and no value restarts from zero with a process. Fields of the hash
`metrics` are `name|label|…`; histograms count per bucket (`storage/histogram.py`) and have a field `sum` in
ms.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from types import MappingProxyType
from typing import Any, cast

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from redis.exceptions import ResponseError

from app.core.activity.heartbeat import service_of
from app.core.memory.usage import usage_of
from app.core.redis_client import Command, RedisLink, ServerMemory
from app.core.statistics.job_metrics import job_metrics_text
from app.core.storage.connection import info_fields, pairs, scores, time_ms
from app.core.storage.histogram import BUCKET_BOUNDS_MS, FINE_COUNT, coarse_counts, fine_index
from app.core.storage.keys import GROUP, LANES, SUSPECT_LANE, Keys

_LE = (*(str(bound / 1000) for bound in BUCKET_BOUNDS_MS), "+Inf")
_HISTOGRAMS = {
    "duration": ("multi_job_run_duration_seconds", "How long attempts took, by job type", ("type",)),
    "wait": ("multi_job_queue_wait_seconds", "How long runs waited in the ready queue", ("lane",)),
    "late": ("multi_job_schedule_lateness_seconds", "How late schedule slots were fired", ()),
}
_COUNTERS = {
    "runs": ("multi_job_runs", "Runs that ended", ("type", "status")),
    "enqueued": ("multi_job_enqueued", "Runs that were created", ("source",)),
    "retries": ("multi_job_retries", "Failed attempts that are tried again", ("type",)),
    "crashes": ("multi_job_crashes", "Attempts whose process died", ()),
    "reclaimed": ("multi_job_reclaimed", "Runs taken back from a lapsed lease", ()),
    "chain_dropped": ("multi_job_chain_dropped", "Chained runs that were not made", ()),
    "audit_lost": ("multi_job_audit_lost", "Acknowledged acts that are not in the audit log", ()),
    "refused": ("multi_job_api_refused", "Requests and connections refused or cut by a limit", ("reason",)),
    "planner_tokens": ("multi_job_planner_ai_tokens", "Tokens that the planner's language model used", ()),
    "slots": ("multi_job_schedule_slots", "Schedule slots, by what became of them", ("outcome",)),
}


@dataclass(frozen=True, slots=True)
class MetricsSnapshot:
    """The data of one round trip. `beats` are ages in ms by instance."""

    counters: Mapping[str, int]
    depth: Mapping[str, int]
    running: Mapping[str, int]
    delayed: int
    dead_letters: int
    suspects: int
    beats: Mapping[str, int]
    memory: ServerMemory
    usage: Mapping[str, int] = MappingProxyType({})
    """Bytes of this deployment by kind, as last estimated; empty before the first estimate."""
    now_ms: int = 0
    """Redis' clock."""
    jobs: Sequence[str] = ()
    """Jobs that have reported metrics, the oldest first."""


async def render_metrics(link: RedisLink, keys: Keys) -> bytes:
    """Return the metrics in Prometheus' text format 0.0.4; RedisUnavailable if Redis is out of reach."""
    snapshot = await read_snapshot(link, keys)
    return render(snapshot) + await job_metrics_text(link, keys, snapshot.jobs, snapshot.now_ms)


def render(snapshot: MetricsSnapshot) -> bytes:
    """Return a snapshot as text."""
    registry = CollectorRegistry()
    registry.register(_Families(snapshot))
    return generate_latest(registry)


async def read_snapshot(link: RedisLink, keys: Keys) -> MetricsSnapshot:
    """Read everything in one round trip."""
    lanes = (*LANES, SUSPECT_LANE)
    commands: list[Command] = [("HGETALL", keys.metrics), ("TIME",), ("INFO", "memory")]
    commands += [
        ("ZRANGE", keys.instances, 0, -1, "WITHSCORES"),
        ("ZCARD", keys.delayed),
        ("ZCARD", keys.dead),
        ("HGETALL", keys.memory),
        ("ZRANGE", keys.tool_metrics_jobs, 0, -1),
    ]
    commands += [("XLEN", keys.ready(lane)) for lane in lanes]
    commands += [("XPENDING", keys.ready(lane), GROUP) for lane in lanes]
    answers = await asyncio.gather(*(_answer(link, command) for command in commands))
    flat, time, info, scored, delayed, dead, kept, jobs, *by_lane = answers
    usage = usage_of(pairs(kept))
    lengths = dict(zip(lanes, by_lane[: len(lanes)], strict=True))
    running = {
        lane: int(found[0]) if found else 0 for lane, found in zip(lanes, by_lane[len(lanes) :], strict=True)
    }
    now_ms = time_ms(time)
    return MetricsSnapshot(
        counters={name: int(value) for name, value in pairs(flat).items()},
        depth={lane: max(0, lengths[lane] - running[lane]) for lane in LANES},
        running=running,
        delayed=delayed,
        dead_letters=dead,
        suspects=lengths[SUSPECT_LANE],
        beats={name: max(0, now_ms - at) for name, at in scores(scored).items()},
        memory=ServerMemory.of(info_fields(info)),
        now_ms=now_ms,
        jobs=jobs,
        usage={} if usage is None else usage.kinds,
    )


async def _answer(link: RedisLink, command: Command) -> Any:
    try:
        return await link.call(*command)
    except ResponseError as error:
        # An unused lane has no stream and no group.
        if command[0] == "XPENDING" and str(error).startswith("NOGROUP"):
            return None
        raise


class _Families(Collector):
    def __init__(self, snapshot: MetricsSnapshot) -> None:
        self._snapshot = snapshot

    def collect(self) -> Iterable[Metric]:
        fields: dict[str, dict[tuple[str, ...], int]] = defaultdict(dict)
        for field, value in self._snapshot.counters.items():
            kind, *labels = field.split("|")
            fields[kind][tuple(labels)] = value
        yield from (_counter(kind, fields[kind]) for kind in _COUNTERS)
        yield from (_histogram(kind, fields[kind]) for kind in _HISTOGRAMS)
        yield from _gauges(self._snapshot)


def _counter(kind: str, values: Mapping[tuple[str, ...], int]) -> Metric:
    name, text, labels = _COUNTERS[kind]
    family = CounterMetricFamily(name, text, labels=labels)
    if not labels and () not in values:
        family.add_metric((), 0)
    for label_values, value in sorted(values.items()):
        if len(label_values) == len(labels):
            family.add_metric(label_values, value)
    return family


def _histogram(kind: str, values: Mapping[tuple[str, ...], int]) -> Metric:
    name, text, labels = _HISTOGRAMS[kind]
    family = HistogramMetricFamily(name, text, labels=labels)
    counts: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0] * FINE_COUNT)
    if not labels:
        counts[()] = [0] * FINE_COUNT
    for (*label_values, part), value in values.items():
        if (index := fine_index(part)) is not None:
            counts[tuple(label_values)][index] += value
    for label_values, buckets in sorted(counts.items()):
        total_ms = values.get((*label_values, "sum"), 0)
        totals = zip(_LE, accumulate(coarse_counts(buckets)), strict=True)
        family.add_metric(label_values, list(totals), total_ms / 1000)
    return family


def _gauges(snapshot: MetricsSnapshot) -> Iterable[Metric]:
    yield _by_label("multi_job_queue_depth", "Runs that wait in a lane", "lane", snapshot.depth)
    yield _by_label("multi_job_queue_running", "Runs in work, by lane", "lane", snapshot.running)
    yield GaugeMetricFamily("multi_job_delayed_runs", "Scheduled and retrying runs", snapshot.delayed)
    yield GaugeMetricFamily("multi_job_dead_letters", "Failed runs without a decision", snapshot.dead_letters)
    yield GaugeMetricFamily("multi_job_suspects", "Runs that are isolated or wait for it", snapshot.suspects)
    memory = snapshot.memory
    yield GaugeMetricFamily("multi_job_redis_used_memory_bytes", "Memory that Redis uses", memory.used_bytes)
    yield GaugeMetricFamily(
        "multi_job_redis_resident_memory_bytes", "Resident memory of the Redis process", memory.resident_bytes
    )
    text = "Redis memory of this deployment's own data, estimated by samples"
    yield _by_label("multi_job_memory_bytes", text, "kind", snapshot.usage)
    ages: dict[str, list[int]] = defaultdict(list)
    for instance, age_ms in snapshot.beats.items():
        ages[service_of(instance)].append(age_ms)
    youngest = {service: min(found) / 1000 for service, found in ages.items()}
    numbers = {service: len(found) for service, found in ages.items()}
    text = "Age of the youngest heartbeat of a service"
    yield _by_label("multi_job_heartbeat_age_seconds", text, "service", youngest)
    yield _by_label("multi_job_instances", "Processes of a service", "service", numbers)


def _by_label(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=(label,))
    for value, number in sorted(values.items()):
        family.add_metric((value,), number)
    return cast("Metric", family)
