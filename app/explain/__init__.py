"""Why a job did or did not run: facts become findings, findings become words (`why_words.py`). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.models import Overlap
from app.explain.facts import At, Explanation, Finding, NextFinding
from app.explain.runs import one_line, pause_values, run_finding
from app.explain.slots import disabled_values, last_failed, slot_findings

if TYPE_CHECKING:
    from app.explain.facts import Facts, Value

# When a job fires next, and what stands in the way: the first obstacle that applies. Pure.


def next_finding(facts: Facts) -> NextFinding:
    """Return the next fire with its obstacle; without an instant where there is none."""
    record = facts.record
    if record.spec.schedule is None or facts.compiled is None:
        return NextFinding(None, _by_hand(facts))
    if not record.spec.enabled:
        return NextFinding(None, Finding("disabled", "disabled.next", disabled_values(facts)))
    if record.next_run_at is None:
        return NextFinding(None, _no_more(facts))
    return NextFinding(record.next_run_at, _obstacle(facts, record.next_run_at))


def _by_hand(facts: Facts) -> Finding:
    values: dict[str, Value] = {"job": facts.record.spec.job_id}
    if facts.feeders:
        values["feeders"] = ", ".join(facts.feeders)
        return Finding("no_schedule", "no_schedule.chain", values)
    return Finding("no_schedule", "no_schedule", values)


def _no_more(facts: Facts) -> Finding:
    spec, compiled = facts.record.spec, facts.compiled
    job: dict[str, Value] = {"job": spec.job_id}
    if spec.schedule is not None and spec.schedule.at is not None:
        at = compiled.previous_or_at(facts.now_ms) if compiled else None
        return Finding("done", "done", job | {"at": At(facts.now_ms if at is None else at)})
    if compiled is not None and compiled.end_ms is not None:
        return Finding("outside_window", "outside_window.over", job | {"bound": At(compiled.end_ms)})
    return Finding("done", "done.none", job)


def _obstacle(facts: Facts, slot_ms: int) -> Finding:
    """Return the first of: paused, no scheduler, cooling down, late, before its start, busy; else none."""
    at: dict[str, Value] = {"at": At(slot_ms), "job": facts.record.spec.job_id}
    if facts.pauses:
        return Finding("paused", "paused.next", at | pause_values(facts.pauses[0]))
    if not facts.scheduler_beats:
        since = _last_heard(facts)
        return Finding(
            "scheduler_down", "scheduler_down.since" if since else "scheduler_down.next", at | since
        )
    if (cooling := _cooling(facts, slot_ms)) is not None:
        return Finding("cooling_down", "cooling_down.next", at | cooling)
    if slot_ms <= facts.now_ms:
        return Finding("", "due.next", at)
    if facts.compiled is not None and (start := facts.compiled.start_ms) is not None and start > facts.now_ms:
        return Finding("outside_window", "outside_window.next", at | {"bound": At(start)})
    return _busy(facts, at) or Finding("", "next", at)


def _last_heard(facts: Facts) -> dict[str, Value]:
    downs = [e.at for e in facts.events if e.type == "service.down" and e.data.get("service") == "scheduler"]
    return {"since": At(downs[-1])} if downs else {}


def _cooling(facts: Facts, slot_ms: int) -> dict[str, Value] | None:
    until = facts.record.cooling_until
    if until is None or until <= max(slot_ms, facts.now_ms):
        return None
    last = last_failed(facts, facts.now_ms)
    return {
        "until": At(until),
        "run": last.run_id if last else "?",
        "ended": At(last.ended_at or until) if last else At(until),
        "error": one_line(last) if last else "?",
    }


def _busy(facts: Facts, at: dict[str, Value]) -> Finding | None:
    active = facts.active
    if active is None or facts.record.spec.overlap is not Overlap.SKIP:
        return None
    values = at | {"run": active.run_id, "since": At(active.created_at), "status": active.status}
    return Finding("overlap", "overlap.next", values)


def explain(facts: Facts) -> Explanation:
    """Return the next fire, the slots of the window and the run that has not ended, each with its reason."""
    active = facts.active
    return Explanation(
        next=next_finding(facts),
        occurrences=tuple(slot_findings(facts)),
        run=None if active is None else (active, run_finding(facts, active)),
    )
