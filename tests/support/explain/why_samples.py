"""Sample facts of a job for the rules of explanations."""

from __future__ import annotations

from typing import Any

from app.core.models import JobSpec, Priority, RunStatus
from app.core.records import EventRecord, JobRecord, LedgerRange, RunRecord
from app.core.scheduling.schedule import HistoryWindow, compile_schedule
from app.explain.facts import JobFacts, WorkerFact

HOUR_MS = 3_600_000
MIDNIGHT_MS = 1_769_792_400_000
"""2026-01-31 00:00 in Jakarta."""
NOW_MS = MIDNIGHT_MS + 12 * HOUR_MS
WORKER = WorkerFact(10, 0, draining=False, types=frozenset({"test.noop"}))


def spec_of(**fields: Any) -> JobSpec:
    """Return an hourly job."""
    values = {"job_id": "job", "type": "test.noop", "schedule": {"interval_sec": 3600}}
    return JobSpec.model_validate({**values, **fields})


def facts_of(spec: JobSpec | None = None, **changes: Any) -> JobFacts:
    """Return facts at noon, with a scheduler and a worker alive; `changes` may be those of the record."""
    wanted = spec or spec_of()
    own = {name: changes.pop(name) for name in ("off_at", "off_by", "cooling_until") if name in changes}
    upcoming = changes.pop("next_run_at", NOW_MS + HOUR_MS)
    record = JobRecord(wanted, 1, 1, MIDNIGHT_MS, MIDNIGHT_MS, upcoming, **own)
    compiled = wanted.schedule and compile_schedule(wanted.schedule, "Asia/Jakarta")
    values: dict[str, Any] = {
        "now_ms": NOW_MS,
        "window": HistoryWindow(MIDNIGHT_MS, NOW_MS, 20),
        "record": record,
        "compiled": compiled,
        "zone": "Asia/Jakarta",
        "dead_after_ms": 30_000,
        "scheduler_beats": (NOW_MS,),
        "workers": (WORKER,),
    }
    return JobFacts(**{**values, **changes})


def run_of(hour: int, status: RunStatus = RunStatus.SUCCESS, **changes: Any) -> RunRecord:
    """Return the run of a slot at a full hour; if it has ended, it did so 5 s later."""
    slot = MIDNIGHT_MS + hour * HOUR_MS
    ended = slot + 5_000 if status in {RunStatus.SUCCESS, RunStatus.FAILED, RunStatus.CANCELLED} else None
    values: dict[str, Any] = {
        "run_id": f"job@{slot}",
        "status": status,
        "seq": hour + 1,
        "rev": 1,
        "job_id": "job",
        "version": 1,
        "trace_id": "",
        "priority": Priority.NORMAL,
        "inputs": None,
        "timeout_ms": 60_000,
        "duration_ms": None,
        "source": "schedule",
        "type": "test.noop",
        "slot_ms": slot,
        "created_at": slot,
        "due_at": None,
        "queued_at": slot,
        "started_at": slot + 1_000 if ended else None,
        "ended_at": ended,
        "attempt": 1,
        "failures": 0,
        "max_retry": 3,
        "worker": "worker-1",
        "crashes": 0,
        "releases": 0,
        "progress": None,
        "output": None,
        "error": None,
        "cancel_requested": False,
        "actor": "",
        "waiting_for": "",
        "dead_letter": status is RunStatus.FAILED,
    }
    return RunRecord(**{**values, **changes})


def range_of(first: int, last: int, reason: str, recorded: int | None = None) -> LedgerRange:
    """Return a range of the ledger between two full hours; the hour it was written down may be given."""
    at = last if recorded is None else recorded
    return LedgerRange(
        MIDNIGHT_MS + first * HOUR_MS,
        MIDNIGHT_MS + last * HOUR_MS,
        last - first + 1,
        reason,
        MIDNIGHT_MS + at * HOUR_MS,
    )


def event_of(kind: str, hour: float, **data: Any) -> EventRecord:
    """Return an event at an hour of the day."""
    at = MIDNIGHT_MS + round(hour * HOUR_MS)
    return EventRecord(f"{at}-0", kind, at, data=data)
