"""The gauges of the deployment as Prometheus families."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, cast, get_args

from prometheus_client.core import GaugeMetricFamily

from app.core.activity.heartbeat import service_of
from app.core.activity.readiness import SERVICES
from app.core.monitors.models import COUNTED_STATES, WatchState
from app.core.records import lane_of
from app.core.statistics.snapshot import MAX_JOBS, MAX_OVERDUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prometheus_client.metrics_core import Metric

    from app.core.records import InstanceInfo
    from app.core.statistics.snapshot import MetricsSnapshot


def gauges(snapshot: MetricsSnapshot) -> Iterable[Metric]:
    """Yield the gauges of a snapshot."""
    yield from _queue(snapshot)
    yield from _successes(snapshot)
    yield from _monitors(snapshot)
    yield from _redis(snapshot)
    yield from _processes(snapshot)
    yield from _messages(snapshot)


def _queue(snapshot: MetricsSnapshot) -> Iterable[Metric]:
    yield _by_label("multi_job_queue_depth", "Runs that wait in a lane", "lane", snapshot.depth)
    yield _by_label("multi_job_queue_running", "Runs in work, by lane", "lane", snapshot.running)
    work = snapshot.work
    since = {lane_of(name.queue, name.priority): at for name, (_, at) in work.lane_waits().items()}
    waits = {lane: _seconds(work.age_ms(since.get(lane))) for lane in snapshot.depth}
    text = "How long the oldest run has waited that a worker may start; 0 if none waits"
    yield _by_label("multi_job_oldest_waiting_run_seconds", text, "lane", waits)
    text = "Runs that wait for a worker with their job type"
    yield _by_label("multi_job_runs_waiting_for_type", text, "type", snapshot.missing_types)
    text = "How long the oldest slot, delayed run or chain has been overdue; 0 if none is"
    yield _gauge("multi_job_oldest_overdue_seconds", text, _seconds(work.age_ms(work.due_since)))
    yield _gauge("multi_job_delayed_runs", "Scheduled and retrying runs", snapshot.delayed)
    yield _gauge("multi_job_dead_letters", "Failed runs without a decision", snapshot.dead_letters)
    yield _gauge("multi_job_suspects", "Runs that are isolated or wait for it", snapshot.suspects)


def _successes(snapshot: MetricsSnapshot) -> Iterable[Metric]:
    text = f"When a job last succeeded; the {MAX_JOBS} oldest enabled jobs"
    yield _by_label("multi_job_last_success_timestamp_seconds", text, "job_id", snapshot.last_success)
    text = "Jobs without a success since a slot that should have succeeded by now"
    yield _gauge("multi_job_overdue_jobs", text, snapshot.overdue_count)
    text = f"For how long jobs have been overdue; the {MAX_OVERDUE} most overdue ones"
    overdue = {job: age_ms / 1000 for job, age_ms in snapshot.overdue.items()}
    yield _by_label("multi_job_overdue_seconds", text, "job_id", overdue)


def _monitors(snapshot: MetricsSnapshot) -> Iterable[Metric]:
    monitors = snapshot.monitors
    found = Counter(each.state for each in monitors.values())
    states = {state: found[state] for state in get_args(WatchState)}
    text = f"Monitors by state; the {MAX_JOBS} oldest"
    yield _by_label("multi_job_monitors", text, "state", states)
    text = "Whether a monitor is up or degraded (1) or down (0); only if its state is known"
    up = {job: float(each.state != "down") for job, each in monitors.items() if each.state in COUNTED_STATES}
    yield _by_label("multi_job_monitor_up", text, "job_id", up)
    text = "Latency of the last check of a monitor"
    latency = {job: each.latency_ms / 1000 for job, each in monitors.items() if each.latency_ms is not None}
    yield _by_label("multi_job_monitor_latency_seconds", text, "job_id", latency)


def _redis(snapshot: MetricsSnapshot) -> Iterable[Metric]:
    memory = snapshot.memory
    yield _gauge("multi_job_redis_used_memory_bytes", "Memory that Redis uses", memory.used_bytes)
    text = "Resident memory of the Redis process"
    yield _gauge("multi_job_redis_resident_memory_bytes", text, memory.resident_bytes)
    if memory.limit_bytes is not None:
        yield _gauge("multi_job_redis_max_memory_bytes", "Memory limit of Redis", memory.limit_bytes)
    text = "Redis memory of this deployment's own data, estimated by samples"
    yield _by_label("multi_job_memory_bytes", text, "kind", snapshot.usage)


def _processes(snapshot: MetricsSnapshot) -> Iterable[Metric]:
    ages: dict[str, list[int]] = defaultdict(list)
    for instance, age_ms in snapshot.beats.items():
        ages[service_of(instance)].append(age_ms)
    youngest = {service: min(found) / 1000 for service, found in ages.items()}
    # A service without a process has a zero, so that an alert can see it.
    numbers = {**dict.fromkeys(SERVICES, 0), **{service: len(found) for service, found in ages.items()}}
    text = "Age of the youngest heartbeat of a service"
    yield _by_label("multi_job_heartbeat_age_seconds", text, "service", youngest)
    yield _by_label("multi_job_instances", "Processes of a service", "service", numbers)
    yield _by_label(
        "multi_job_worker_slots", "Places for runs, of all workers", "state", _slots(snapshot.instances)
    )
    yield from _disks(snapshot.instances)
    text = "Processes by version"
    family = GaugeMetricFamily("multi_job_build_info", text, labels=("service", "version"))
    for labels, number in sorted(
        Counter((each.service, each.version) for each in snapshot.instances).items()
    ):
        family.add_metric(labels, number)
    yield cast("Metric", family)


def _disks(instances: Sequence[InstanceInfo]) -> Iterable[Metric]:
    labels = ("host", "folders")
    free = GaugeMetricFamily("multi_job_disk_free_bytes", "Free space of a disk", labels=labels)
    size = GaugeMetricFamily("multi_job_disk_size_bytes", "Size of a disk", labels=labels)
    for (host, folders), disk in sorted(
        {(each.host, disk.folders): disk for each in instances for disk in each.disks}.items()
    ):
        free.add_metric((host, folders), disk.free_bytes)
        size.add_metric((host, folders), disk.total_bytes)
    yield cast("Metric", free)
    yield cast("Metric", size)


def _slots(instances: Sequence[InstanceInfo]) -> dict[str, int]:
    """Return the used and the free slots. A draining worker starts nothing, so it has no free ones."""
    used = free = 0
    for worker in instances:
        if worker.service != "worker":
            continue
        running = len(worker.state.get("running", ()))
        used += running
        if not worker.state.get("draining"):
            free += max(0, int(worker.state.get("concurrency", 0)) - running)
    return {"used": used, "free": free}


def _messages(snapshot: MetricsSnapshot) -> Iterable[Metric]:
    yield _by_label("multi_job_outbox_messages", "Stored messages by state", "state", snapshot.outbox)
    work = snapshot.work
    text = "How long the oldest message has been due that an account could send; 0 if none is"
    yield _gauge("multi_job_oldest_due_message_seconds", text, _seconds(work.age_ms(work.mail_since)))
    accounts = dict.fromkeys(work.accounts_up.split(), 1) | dict.fromkeys(work.accounts_down.split(), 0)
    text = "Whether the last check of an enabled account succeeded; 256 accounts at most"
    yield _by_label("multi_job_account_up", text, "account", accounts)


def _seconds(milliseconds: int | None) -> float:
    return (milliseconds or 0) / 1000


def _gauge(name: str, text: str, value: float) -> Metric:
    return cast("Metric", GaugeMetricFamily(name, text, value))


def _by_label(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=(label,))
    for value, number in sorted(values.items()):
        family.add_metric((value,), number)
    return cast("Metric", family)
