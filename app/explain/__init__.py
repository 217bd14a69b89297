"""Explains why a job did or did not run.

It derives causes from facts, without I/O.

`render.py` turns the causes into text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.models import Overlap
from app.explain.facts import Cause, Explanation, InstantValue, NextCause
from app.explain.runs import one_line, pause_values, run_cause
from app.explain.slots import disabled_values, last_failed, slot_causes

if TYPE_CHECKING:
    from app.explain.facts import JobFacts, Value

# The next fire of a job and the first obstacle that applies.


def next_cause(facts: JobFacts) -> NextCause:
    """Return the next fire with its obstacle; without an instant if there is none."""
    record = facts.record
    if record.spec.schedule is None or facts.compiled is None:
        return NextCause(None, _by_hand(facts))
    if not record.spec.enabled:
        return NextCause(None, Cause("disabled", "disabled.next", disabled_values(facts)))
    if record.next_run_at is None:
        return NextCause(None, _no_more(facts))
    return NextCause(record.next_run_at, _obstacle(facts, record.next_run_at))


def _by_hand(facts: JobFacts) -> Cause:
    values: dict[str, Value] = {"job": facts.record.spec.job_id}
    if facts.feeders:
        values["feeders"] = ", ".join(facts.feeders)
        return Cause("no_schedule", "no_schedule.chain", values)
    return Cause("no_schedule", "no_schedule", values)


def _no_more(facts: JobFacts) -> Cause:
    spec, compiled = facts.record.spec, facts.compiled
    job: dict[str, Value] = {"job": spec.job_id}
    if spec.schedule is not None and spec.schedule.at is not None:
        at = compiled.previous_or_at(facts.now_ms) if compiled else None
        return Cause("done", "done", job | {"at": InstantValue(facts.now_ms if at is None else at)})
    if compiled is not None and compiled.end_ms is not None:
        return Cause("outside_window", "outside_window.over", job | {"bound": InstantValue(compiled.end_ms)})
    return Cause("done", "done.none", job)


def _obstacle(facts: JobFacts, slot_ms: int) -> Cause:
    """Return the first of: paused, no scheduler, cooling down, late, before its start, busy; else none."""
    at: dict[str, Value] = {"at": InstantValue(slot_ms), "job": facts.record.spec.job_id}
    if facts.pauses:
        return Cause("paused", "paused.next", at | pause_values(facts.pauses[0]))
    if not facts.scheduler_beats:
        since = _last_heard(facts)
        return Cause("scheduler_down", "scheduler_down.since" if since else "scheduler_down.next", at | since)
    if (cooling := _cooling(facts, slot_ms)) is not None:
        return Cause("cooling_down", "cooling_down.next", at | cooling)
    if slot_ms <= facts.now_ms:
        return Cause("", "due.next", at)
    if facts.compiled is not None and (start := facts.compiled.start_ms) is not None and start > facts.now_ms:
        return Cause("outside_window", "outside_window.next", at | {"bound": InstantValue(start)})
    return _busy(facts, at) or Cause("", "next", at)


def _last_heard(facts: JobFacts) -> dict[str, Value]:
    downs = [e.at for e in facts.events if e.type == "service.down" and e.data.get("service") == "scheduler"]
    return {"since": InstantValue(downs[-1])} if downs else {}


def _cooling(facts: JobFacts, slot_ms: int) -> dict[str, Value] | None:
    until = facts.record.cooling_until
    if until is None or until <= max(slot_ms, facts.now_ms):
        return None
    last = last_failed(facts, facts.now_ms)
    return {
        "until": InstantValue(until),
        "run": last.run_id if last else "?",
        "ended": InstantValue(last.ended_at or until) if last else InstantValue(until),
        "error": one_line(last) if last else "?",
    }


def _busy(facts: JobFacts, at: dict[str, Value]) -> Cause | None:
    active = facts.active
    if active is None or facts.record.spec.overlap is not Overlap.SKIP:
        return None
    values = at | {"run": active.run_id, "since": InstantValue(active.created_at), "status": active.status}
    return Cause("overlap", "overlap.next", values)


def explain(facts: JobFacts) -> Explanation:
    """Return the next fire, the slots of the window and the run that has not ended, each with its reason."""
    active = facts.active
    return Explanation(
        next=next_cause(facts),
        occurrences=tuple(slot_causes(facts)),
        run=None if active is None else (active, run_cause(facts, active)),
    )
