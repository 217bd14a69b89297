from __future__ import annotations

from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from app.core.redis_client import ServerMemory
from app.core.statistics.prometheus import render
from app.core.statistics.snapshot import MetricsSnapshot
from app.core.storage.histogram import BUCKET_COUNT
from tests.support.buckets import bucket_name

NOTHING = MetricsSnapshot(
    counters={},
    depth={"high": 0, "normal": 0, "low": 0},
    running={"high": 0, "normal": 0, "low": 0, "suspect": 0},
    delayed=0,
    dead_letters=0,
    suspects=0,
    beats={},
    memory=ServerMemory(used_bytes=2_000_000, resident_bytes=9_000_000, limit_bytes=None, allocator="libc"),
)
Sample = tuple[str, tuple[tuple[str, str], ...]]


def samples(snapshot: MetricsSnapshot) -> dict[Sample, float]:
    """Render, parse, and return each sample by name and sorted labels."""
    text = render(snapshot).decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def with_counters(counters: dict[str, int]) -> dict[Sample, float]:
    return samples(replace(NOTHING, counters=counters))


def test_an_empty_deployment_has_its_gauges_and_plain_counters_at_zero() -> None:
    """A fresh deployment shows zeros, so that alerts on absence mean absence."""
    found = samples(NOTHING)
    assert found["multi_job_queue_depth", (("lane", "high"),)] == 0
    assert found["multi_job_crashes_total", ()] == 0
    assert found["multi_job_schedule_lateness_seconds_count", ()] == 0


def test_memory_is_shown_by_kind() -> None:
    """As last estimated; nothing before that."""
    found = samples(replace(NOTHING, usage={"history": 5_000, "rollups": 700}))
    assert found["multi_job_memory_bytes", (("kind", "history"),)] == 5_000
    assert found["multi_job_memory_bytes", (("kind", "rollups"),)] == 700
    assert not any(name == "multi_job_memory_bytes" for name, _ in samples(NOTHING))


def test_counters_carry_their_labels() -> None:
    """A field's parts become label values in the declared order."""
    found = with_counters({"runs|report.daily|success": 7, "retries|monitor.http": 2, "slots|overlap": 3})
    assert found["multi_job_runs_total", (("status", "success"), ("type", "report.daily"))] == 7
    assert found["multi_job_retries_total", (("type", "monitor.http"),)] == 2
    assert found["multi_job_schedule_slots_total", (("outcome", "overlap"),)] == 3


def test_histogram_is_cumulative_and_in_seconds() -> None:
    """Buckets count what is at most their bound, +Inf equals the count, the sum is in seconds."""
    durations_ms = [1, 1, 7, 40, 700, 5_000_000]
    counters: dict[str, int] = {"duration|a.b|sum": sum(durations_ms)}
    for duration in durations_ms:
        field = f"duration|a.b|{bucket_name(duration)}"
        counters[field] = counters.get(field, 0) + 1
    found = with_counters(counters)
    name, label = "multi_job_run_duration_seconds", ("type", "a.b")

    def at_most(le: str) -> float:
        return found[f"{name}_bucket", (("le", le), label)]

    assert [at_most(le) for le in ("0.001", "0.01", "0.05", "1.0", "3600.0", "+Inf")] == [2, 3, 4, 5, 5, 6]
    assert found[f"{name}_count", (label,)] == 6
    assert found[f"{name}_sum", (label,)] == sum(durations_ms) / 1000


def test_histograms_never_fall_from_bucket_to_bucket() -> None:
    """Holes between used buckets keep the count so far."""
    found = with_counters({"wait|high|0": 5, "wait|high|9": 2, "late|3": 4, "late|sum": 9})
    for name in ("multi_job_queue_wait_seconds", "multi_job_schedule_lateness_seconds"):
        rows = [
            (float(dict(labels)["le"]), value)
            for (sample, labels), value in found.items()
            if sample == f"{name}_bucket"
        ]
        values = [value for _, value in sorted(rows)]
        assert len(values) == BUCKET_COUNT
        assert values == sorted(values)


def test_undeclared_fields_are_left_out() -> None:
    """A field of a newer version, or with other labels, breaks nothing."""
    strange = {"unknown|x": 1, "runs|only_type": 1, "duration|a.b|99": 1, "duration|a.b|x": 1, "late|sum": 5}
    found = with_counters(strange)
    assert not [name for name, _ in found if "unknown" in name or name == "multi_job_runs_total"]


def test_label_values_are_escaped() -> None:
    """A source with quotes and line ends stays one label."""
    found = with_counters({'enqueued|a"b\n\\c': 1})
    assert found["multi_job_enqueued_total", (("source", 'a"b\n\\c'),)] == 1


def test_heartbeats_show_the_youngest_of_each_service() -> None:
    """One fresh replica means that the service is there."""
    beats = {"worker-h-1-aaaa": 9_000, "worker-h-2-bbbb": 500, "scheduler-h-3-cccc": 1_000}
    found = samples(replace(NOTHING, delayed=4, dead_letters=5, suspects=6, beats=beats))
    assert found["multi_job_heartbeat_age_seconds", (("service", "worker"),)] == 0.5
    assert found["multi_job_heartbeat_age_seconds", (("service", "scheduler"),)] == 1.0
    assert found["multi_job_instances", (("service", "worker"),)] == 2
    assert found["multi_job_delayed_runs", ()] == 4
    assert found["multi_job_dead_letters", ()] == 5
    assert found["multi_job_suspects", ()] == 6


def test_memory_of_redis_is_shown_as_used_and_as_resident() -> None:
    """An alert on their difference detects an allocator that keeps freed memory."""
    found = samples(NOTHING)
    assert found["multi_job_redis_used_memory_bytes", ()] == 2_000_000
    assert found["multi_job_redis_resident_memory_bytes", ()] == 9_000_000
