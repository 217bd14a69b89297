"""The deployment's Prometheus text, from counters that scripts keep in Redis.

Every replica shows the same values, and no value restarts from zero with a process. Fields of the hash
`metrics` are `name|label|…`; histograms count per bucket (`storage/histogram.py`) and have a field `sum` in
ms.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from app.core.redis_client import RedisLink
from app.core.statistics.gauges import gauges
from app.core.statistics.job_metrics import job_metrics_text
from app.core.statistics.snapshot import MetricsSnapshot, read_details, read_snapshot
from app.core.storage.histogram import BUCKET_BOUNDS_MS, FINE_COUNT, coarse_counts, fine_index
from app.core.storage.keys import Keys

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
    "audit_dropped": (
        "multi_job_audit_dropped",
        "Audit entries removed before AUDIT_DAYS because of AUDIT_MAX_MB",
        ("log",),
    ),
    "audit_over_limit": (
        "multi_job_audit_over_limit",
        "Protected audit entries that are stored beyond their share of AUDIT_MAX_MB",
        (),
    ),
    "audit_sink_lost": ("multi_job_audit_sink_lost", "Audit entries that AUDIT_SINK did not take", ()),
    "refused": ("multi_job_api_refused", "Requests and connections refused or cut by a limit", ("reason",)),
    "planner_tokens": ("multi_job_planner_ai_tokens", "Tokens that the planner's language model used", ()),
    "slots": ("multi_job_schedule_slots", "Schedule slots, by what became of them", ("outcome",)),
    "reconnects": (
        "multi_job_redis_reconnects",
        "Connections to Redis that replaced a lost one",
        ("service",),
    ),
}


async def render_metrics(link: RedisLink, keys: Keys) -> bytes:
    """Return the metrics in Prometheus' text format 0.0.4; RedisUnavailable if Redis is out of reach."""
    snapshot = await read_snapshot(link, keys)
    more, jobs = await asyncio.gather(
        read_details(link, keys, snapshot), job_metrics_text(link, keys, snapshot.jobs, snapshot.now_ms)
    )
    return render(more) + jobs


def render(snapshot: MetricsSnapshot) -> bytes:
    """Return a snapshot as text."""
    registry = CollectorRegistry()
    registry.register(_Families(snapshot))
    return generate_latest(registry)


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
        yield from gauges(self._snapshot)


# Shown before their first count: an increase from nothing is none to Prometheus.
_ZEROS: Mapping[str, Mapping[tuple[str, ...], int]] = {
    **{kind: {(): 0} for kind, (_name, _text, labels) in _COUNTERS.items() if not labels},
    "audit_dropped": {("acts",): 0, ("refused",): 0},
    "slots": {("fired",): 0, ("missed",): 0},
}


def _counter(kind: str, values: Mapping[tuple[str, ...], int]) -> Metric:
    name, text, labels = _COUNTERS[kind]
    family = CounterMetricFamily(name, text, labels=labels)
    for label_values, value in sorted({**_ZEROS.get(kind, {}), **values}.items()):
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
