from __future__ import annotations

from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from app import __version__
from app.core.activity.heartbeat import Heartbeat
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.connectors.messages import OutboxState
from app.core.models import NewRun
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.core.statistics.prometheus import render_metrics
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts

Labels = tuple[tuple[str, str], ...]


async def read(link: RedisLink, keys: Keys, settings: Settings) -> dict[tuple[str, Labels], float]:
    text = (await render_metrics(link, keys)).decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_metrics_of_an_untouched_redis_are_zeros(
    link: RedisLink, keys: Keys, settings: Settings
) -> None:
    """Neither streams nor groups exist yet, and a scrape works all the same."""
    found = await read(link, keys, settings)
    assert found["multi_job_queue_depth", (("lane", "normal"),)] == 0
    assert found["multi_job_delayed_runs", ()] == 0


async def test_metrics_show_what_waits(link: RedisLink, keys: Keys, settings: Settings, queue: Queue) -> None:
    """Depth by lane and delayed runs are read live; what was created is counted by its source."""
    for number, (priority, delay_ms) in enumerate([("high", 0), ("high", 0), ("low", 0), ("low", 60_000)]):
        await queue.enqueue(run_of(f"R{number}", priority, delay_ms))
    found = await read(link, keys, settings)
    depth = [found["multi_job_queue_depth", (("lane", lane),)] for lane in ("high", "normal", "low")]
    assert depth == [2, 0, 1]
    assert found["multi_job_delayed_runs", ()] == 1
    assert found["multi_job_enqueued_total", (("source", "api"),)] == 4


async def test_metrics_of_a_thousand_jobs_cost_five_round_trips(
    link: RedisLink, keys: Keys, settings: Settings, scripts: Scripts
) -> None:
    """A scrape each few seconds from several places must not be felt, whatever the number of jobs."""
    await worker(scripts, settings, "a", concurrency=4).beat()
    await read(link, keys, settings)
    before = link.round_trips
    await read(link, keys, settings)
    assert link.round_trips - before == 3
    rows = [("HSET", keys.tool_metrics(f"j{n}"), "type|n", "counter", "n|{}", "1") for n in range(1_000)]
    await link.calls([*rows, *[("ZADD", keys.tool_metrics_jobs, n, f"j{n}") for n in range(1_000)]])
    before = link.round_trips
    found = await read(link, keys, settings)
    assert sum(name == "multi_job_job_n_total" for name, _ in found) == 1_000
    assert link.round_trips - before <= 5


async def test_metrics_show_the_age_of_the_oldest_waiting_run_by_lane(
    link: RedisLink, keys: Keys, settings: Settings, queue: Queue
) -> None:
    """A lane without a waiting run has 0, and a run of one lane does not age another lane."""
    for run in (run_of("R1", "low"), run_of("R2", "low"), run_of("R3", "high")):
        await queue.enqueue(run)
    by_ms = {"R1": 90_000, "R2": 30_000}
    for run_id, age_ms in by_ms.items():
        entry, queued = await link.call("HMGET", keys.run(run_id), "entry", "created")
        at, _, number = entry.partition("-")
        await link.call("HSET", keys.run(run_id), "queued", int(queued) - age_ms)
        await link.call("HSET", keys.run(run_id), "entry", f"{int(at) - age_ms}-{number}")
    found = await read(link, keys, settings)
    name = "multi_job_oldest_waiting_run_seconds"
    assert 90 <= found[name, (("lane", "low"),)] < 100
    assert found[name, (("lane", "high"),)] < 10
    assert found[name, (("lane", "normal"),)] == 0


async def test_metrics_show_slots_builds_and_missing_services(
    link: RedisLink, keys: Keys, settings: Settings, scripts: Scripts
) -> None:
    """Two workers, one of which drains, and no scheduler: it has a zero, so that an alert can see it."""
    await worker(scripts, settings, "a", concurrency=4, running=["r1"]).beat()
    await worker(scripts, settings, "b", concurrency=8, running=["r2"], draining=True).beat()
    found = await read(link, keys, settings)
    assert found["multi_job_worker_slots", (("state", "used"),)] == 2
    assert found["multi_job_worker_slots", (("state", "free"),)] == 3
    assert found["multi_job_build_info", (("service", "worker"), ("version", __version__))] == 2
    assert found["multi_job_instances", (("service", "scheduler"),)] == 0
    assert found["multi_job_instances", (("service", "worker"),)] == 2


async def test_metrics_show_accounts_that_are_on(link: RedisLink, keys: Keys, settings: Settings) -> None:
    """Up and down by the last check; one that a person has switched off is no fault."""
    states = {"telegram:a": "up", "telegram:b": "down", "telegram:c": "down"}
    for account, state in states.items():
        await link.call("HSET", keys.accounts, account, "1")
        await link.call("HSET", keys.account(account), "enabled", "0" if account == "telegram:c" else "1")
        await link.call("SET", keys.account_state(account), state, "PX", 60_000)
    found = await read(link, keys, settings)
    assert by_label(found, "multi_job_account_up") == {"telegram:a": 1, "telegram:b": 0}


async def test_metrics_show_messages_by_state(link: RedisLink, keys: Keys, settings: Settings) -> None:
    """Every state has its number, zeros included."""
    await link.call("ZADD", keys.outbox_state("unknown"), 1, "m1", 2, "m2")
    found = await read(link, keys, settings)
    name = "multi_job_outbox_messages"
    assert found[name, (("state", "unknown"),)] == 2
    assert {dict(labels)["state"] for sample, labels in found if sample == name} == set(OutboxState)


async def test_metrics_show_monitors_by_their_present_state(
    link: RedisLink, keys: Keys, settings: Settings, scripts: Scripts, clock: SystemClock
) -> None:
    """Up and degraded are up; one that is off, paused or not checked has a state and no value."""
    now_ms, old = clock.now_ms(), clock.now_ms() - 3_600_000
    stored = {"up": ("up", now_ms), "slow": ("degraded", now_ms), "down": ("down", now_ms)}
    stored |= {"off": ("down", now_ms), "held": ("down", now_ms), "silent": ("up", old)}
    for number, (job, (state, seen)) in enumerate(stored.items()):
        row = ("state", state, "seen", seen, "since", old, "type", "monitor.http", "latency", 120)
        await link.call("HSET", keys.monitor(job), *row)
        await link.call("HSET", keys.job(job), "enabled", "0" if job == "off" else "1")
        await link.call("ZADD", keys.monitors, number, job)
    await link.call("HSET", keys.pauses, "job:held", '{"since": 1}')
    found = await read(link, keys, settings)
    assert by_label(found, "multi_job_monitor_up") == {"up": 1, "slow": 1, "down": 0}
    states = by_label(found, "multi_job_monitors")
    assert states == {"up": 1, "degraded": 1, "down": 1, "paused": 2, "unknown": 1, "not_configured": 0}
    assert found["multi_job_monitor_latency_seconds", (("job_id", "up"),)] == 0.12


def by_label(found: dict[tuple[str, Labels], float], name: str) -> dict[str, float]:
    """Return the values of a metric with one label."""
    return {labels[0][1]: value for (sample, labels), value in found.items() if sample == name}


def worker(scripts: Scripts, settings: Settings, name: str, **state: Any) -> Heartbeat:
    parts = (scripts, SystemClock(), settings)
    return Heartbeat(*parts, service="worker", instance=f"worker-h-{name}", state=lambda: state)


def run_of(run_id: str, priority: str, delay_ms: int = 0) -> NewRun:
    return NewRun(
        run_id=run_id,
        job_id="job",
        type="a.b",
        version=1,
        inputs="{}",
        source="api",
        trace_id="0" * 32,
        lane=priority,
        delay_ms=delay_ms,
    )
