"""Records as the API shows them: plain values of the shapes in `schemas.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app import __version__
from app.core.memory.usage import KINDS
from app.core.models import TERMINAL, JobSpec, RunStatus
from app.core.scheduling.describe import schedule_words
from app.services.api.http.responses import instant
from app.services.api.schemas.pauses import pause_view

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.log_lines import NumberedLine
    from app.core.memory.usage import MemoryUsage
    from app.core.records import (
        AttemptRecord,
        EventRecord,
        InstanceInfo,
        JobRecord,
        JobStats,
        JobVersion,
        QueueStats,
        RunBrief,
        RunRecord,
    )
    from app.core.redis_client import ServerInfo
    from app.core.registry import HandlerSpec


def kept_view(settings: Settings, purged_until_ms: int | None) -> dict[str, Any]:
    """Return the limits of retention, and the time until which it has removed runs."""
    return {
        "kept": {
            "days": settings.retention_days,
            "failed_days": settings.retention_failed_days,
            "runs_per_job": settings.retention_runs_per_job,
            "max_mb": settings.retention_max_mb,
        },
        "removed_until": instant(purged_until_ms),
    }


_STATUSES = frozenset(status.value for status in RunStatus)


def spec_view(spec: JobSpec) -> dict[str, Any]:
    """Return a spec; its schedule says only what it is made of."""
    view = spec.model_dump(mode="json")
    if spec.schedule is not None:
        view["schedule"] = spec.schedule.model_dump(mode="json", exclude_none=True)
    return view


def job_view(record: JobRecord, timezone: str) -> dict[str, Any]:
    """Return a job; `timezone` is that of schedules which name none."""
    view = spec_view(record.spec)
    recent = [brief_view(brief) for brief in record.recent]
    view |= {
        "version": record.version,
        "schedule_words": _words_view(record.spec, timezone),
        "next_run_at": instant(record.next_run_at) if record.spec.enabled else None,
        "cooling_down_until": instant(record.cooling_until),
        "last_run": recent[0] if recent else None,
        "recent": recent,
        "stats": _stats_view(record.stats),
        "created_at": instant(record.created_at),
        "updated_at": instant(record.updated_at),
    }
    return view


def _words_view(spec: JobSpec, timezone: str) -> dict[str, str] | None:
    if spec.schedule is None:
        return None
    words = schedule_words(spec.schedule, timezone, spec.jitter_sec)
    return {"id": words.id, "en": words.en}


def brief_view(brief: RunBrief) -> dict[str, Any]:
    return {"run_id": brief.run_id, "status": brief.status.value, "duration_ms": brief.duration_ms}


def _stats_view(stats: JobStats) -> dict[str, Any]:
    return {
        "runs": stats.runs,
        "success": stats.success,
        "failed": stats.failed,
        "success_rate": stats.success_rate,
        "p50_ms": stats.p50_ms,
        "p95_ms": stats.p95_ms,
    }


def version_view(version: JobVersion) -> dict[str, Any]:
    return {
        "version": version.version,
        "at": instant(version.at),
        "actor": version.actor,
        "origin": _shown_origin(version.origin),
        "spec": spec_view(version.spec),
    }


def _shown_origin(origin: str) -> str:
    # The last part ties a save to its idempotency key and tells people nothing; `rollback:v3` does.
    parts = origin.split(":")
    return ":".join(parts[:2]) if parts[0] == "rollback" else parts[0]


def run_view(run: RunRecord) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "job_id": run.job_id,
        "type": run.type,
        "version": run.version,
        "status": run.status.value,
        "source": run.source,
        "actor": run.actor,
        "trace_id": run.trace_id,
        "priority": run.priority.value,
        "inputs": run.inputs,
        "timeout_ms": run.timeout_ms,
        "max_retry": run.max_retry,
        "slot_at": instant(run.slot_ms),
        "created_at": instant(run.created_at),
        "queued_at": instant(run.queued_at),
        "due_at": instant(run.due_at),
        "started_at": instant(run.started_at),
        "ended_at": instant(run.ended_at),
        "duration_ms": run.duration_ms,
        "worker": run.worker,
        "attempt": run.attempt,
        "failures": run.failures,
        "crashes": run.crashes,
        "releases": run.releases,
        "progress": run.progress,
        "result": _result_view(run),
        "error": run.error,
        "dead_letter": run.dead_letter,
        "cancel_requested": run.cancel_requested,
        "waiting_for": run.waiting_for,
        "rerun_of": run.rerun_of or None,
        "parent_run_id": run.parent_run_id or None,
        "chain_depth": run.chain_depth,
        "seq": run.seq,
        "rev": run.rev,
    }


def run_detail(run: RunRecord) -> dict[str, Any]:
    return {**run_view(run), "attempts": [_attempt_view(attempt) for attempt in run.attempts]}


def _result_view(run: RunRecord) -> dict[str, Any] | None:
    if run.status not in TERMINAL:
        return None
    success = run.status is RunStatus.SUCCESS
    return {
        "success": success,
        "output": run.output,
        "error": None if success else run.error,
        "duration_ms": run.duration_ms,
    }


def _attempt_view(attempt: AttemptRecord) -> dict[str, Any]:
    return {
        "attempt": attempt.attempt,
        "worker": attempt.worker,
        "started_at": instant(attempt.started_at),
        "ended_at": instant(attempt.ended_at),
        "outcome": attempt.outcome,
        "error": attempt.error,
        "calls": attempt.calls,
    }


def log_view(placed: NumberedLine) -> dict[str, Any]:
    line = placed.line
    return {
        "at": instant(line.at),
        "level": line.level,
        "message": line.message,
        "fields": line.fields,
        "attempt": line.attempt,
        "cursor": str(placed.position),
    }


def platform_view(settings: Settings, redis: ServerInfo, memory: MemoryUsage | None) -> dict[str, Any]:
    return {
        "version": __version__,
        "namespace": settings.namespace,
        "timezone": settings.timezone,
        "redis": {
            "latency_ms": redis.latency_ms,
            "used_memory_bytes": redis.memory.used_bytes,
            "resident_memory_bytes": redis.memory.resident_bytes,
            "max_memory_bytes": redis.memory.max_bytes,
            "fragmentation": redis.memory.fragmentation,
            "allocator": redis.memory.allocator,
            "version": redis.version,
        },
        "memory": None if memory is None else _memory_view(memory),
    }


def _memory_view(usage: MemoryUsage) -> dict[str, Any]:
    return {
        "measured_at": instant(usage.at_ms),
        "total_bytes": usage.total_bytes,
        "kinds": {kind: usage.kinds[kind] for kind in KINDS},
    }


def type_view(handler: HandlerSpec) -> dict[str, Any]:
    return {
        "type": handler.type,
        "description": handler.description,
        "inputs": handler.input_schema(),
        "tools": list(handler.tools),
        "runs_in": handler.runs_in if isinstance(handler.runs_in, str) else "by inputs",
        "defaults": {
            "timeout_ms": handler.timeout_ms,
            "retry_policy": handler.retry_policy.model_dump(mode="json"),
        },
    }


def worker_view(instance: InstanceInfo) -> dict[str, Any]:
    return {
        "instance": instance.instance,
        "pid": instance.pid,
        "host": instance.host,
        "version": instance.version,
        "started_at": instant(instance.started_at),
        "heartbeat_at": instant(instance.heartbeat_at),
        "age_ms": instance.age_ms,
        "concurrency": instance.state.get("concurrency", 0),
        "running": instance.state.get("running", []),
        "draining": instance.state.get("draining", False),
    }


def queue_view(stats: QueueStats) -> dict[str, Any]:
    return {
        "lanes": {
            name: {"waiting": lane.waiting, "running": lane.running, "oldest_ms": lane.oldest_ms}
            for name, lane in stats.lanes.items()
        },
        "delayed": stats.delayed,
        "next_due_at": instant(stats.next_due_at),
        "dead_letters": stats.dead_letters,
        "suspects": stats.suspects,
        "waiting_for_keys": stats.waiting_for_keys,
        "paused": [pause_view(pause) for pause in stats.paused],
    }


def event_view(event: EventRecord) -> dict[str, Any]:
    family, _, rest = event.type.partition(".")
    status = rest if family == "run" and rest in _STATUSES else event.data.get("status")
    return {
        "id": event.id,
        "type": event.type,
        "at": instant(event.at),
        "job_id": event.job_id or None,
        "run_id": event.run_id or None,
        "status": status if isinstance(status, str) else None,
        "seq": event.seq,
        "rev": event.rev,
        "data": event.data,
    }
