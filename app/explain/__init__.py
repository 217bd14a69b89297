"""Explains why a job did or did not run.

It derives causes from facts, without I/O.

`render.py` turns the causes into text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.activity.readiness import OVERDUE_MS
from app.core.models import Overlap
from app.core.scheduling.skip_words import reason_words
from app.core.scheduling.skipping import SkippingSchedule
from app.explain.facts import Cause, Explanation, InstantValue, NextCause
from app.explain.runs import active_values, failed_values, pause_cause, range_values, run_cause
from app.explain.slots import disabled_cause, last_failed, slot_causes

if TYPE_CHECKING:
    from app.core.models import Schedule
    from app.core.scheduling.slots import CompiledSchedule
    from app.explain.facts import JobFacts, Value

_CLOCK_TOLERANCE_MS = 1000

# The next fire of a job and the first obstacle that applies.


def next_cause(facts: JobFacts) -> NextCause:
    """Return the next fire with its obstacle; without an instant if there is none."""
    record = facts.record
    if record.spec.schedule is None or facts.compiled is None:
        return NextCause(None, _by_hand(facts))
    if not record.spec.enabled:
        return NextCause(None, disabled_cause(record, "disabled.next"))
    if record.next_run_at is None:
        return NextCause(None, _no_more(record.spec.schedule, facts.compiled, facts.now_ms))
    return NextCause(record.next_run_at, _obstacle(facts, record.next_run_at))


def _by_hand(facts: JobFacts) -> Cause:
    if facts.feeders:
        return Cause("no_schedule", "no_schedule.chain", {"feeders": ", ".join(facts.feeders)})
    return Cause("no_schedule", "no_schedule", {})


def _no_more(schedule: Schedule, compiled: CompiledSchedule, now_ms: int) -> Cause:
    if schedule.at is not None:
        at = compiled.previous_or_at(now_ms)
        return Cause("done", "done", {"at": InstantValue(now_ms if at is None else at)})
    if compiled.end_ms is not None:
        return Cause("outside_window", "outside_window.over", {"bound": InstantValue(compiled.end_ms)})
    if isinstance(compiled, SkippingSchedule) and compiled.base.next_after(now_ms) is not None:
        return Cause("skip", "skip.all", {})
    return Cause("done", "done.none", {})


def _obstacle(facts: JobFacts, slot_ms: int) -> Cause:
    """Return the first obstacle: paused, no scheduler, cooling down, clock, late, start, busy; else none."""
    at: dict[str, Value] = {"at": InstantValue(slot_ms)}
    lasting = [pause for pause in facts.pauses if pause.lasts(slot_ms)]
    if lasting:
        return pause_cause(lasting[0], "next", at)
    if not facts.scheduler_beats:
        since = _last_heard(facts)
        return Cause("scheduler_down", "scheduler_down.since" if since else "scheduler_down.next", at | since)
    if (cooling := _cooling(facts, slot_ms)) is not None:
        return Cause("cooling_down", "cooling_down.next", at | cooling)
    if (untimely := _untimely(facts, slot_ms, at)) is not None:
        return untimely
    if facts.compiled is not None and (start := facts.compiled.start_ms) is not None and start > facts.now_ms:
        return Cause("outside_window", "outside_window.next", at | {"bound": InstantValue(start)})
    blocker = facts.active if facts.record.spec.overlap is Overlap.SKIP else None
    busy = None if blocker is None else Cause("overlap", "overlap.next", at | active_values(blocker))
    return busy or _after_skipped(facts, slot_ms, at)


def _untimely(facts: JobFacts, slot_ms: int, at: dict[str, Value]) -> Cause | None:
    """Return the cause of a next slot that is due already, or that is later than the schedule says."""
    if _is_too_far(facts, slot_ms):
        return Cause("clock_went_back", "clock_went_back.next", at)
    if slot_ms < facts.now_ms - OVERDUE_MS:
        return Cause("overdue", "overdue.next", at)
    return Cause("", "due.next", at) if slot_ms <= facts.now_ms else None


def _is_too_far(facts: JobFacts, slot_ms: int) -> bool:
    """Return whether the schedule has a slot before the stored one: the clock went back after it was stored.

    Within a second of a slot the next one may be stored already.
    """
    by_ms = facts.now_ms + _CLOCK_TOLERANCE_MS
    following = None if facts.compiled is None or slot_ms <= by_ms else facts.compiled.next_after(by_ms)
    return following is not None and following < slot_ms


def _after_skipped(facts: JobFacts, slot_ms: int, at: dict[str, Value]) -> Cause:
    """Return the next fire with the slots before it that the schedule leaves out, if there are any."""
    compiled = facts.compiled
    if not isinstance(compiled, SkippingSchedule):
        return Cause("", "next", at)
    skipped = next(compiled.skipped(facts.now_ms + 1, slot_ms - 1), None)
    if skipped is None:
        return Cause("", "next", at)
    values = range_values(skipped.first, skipped.last, skipped.slots)
    return Cause("", "skip.next", at | values | {"reason": reason_words(skipped.reason)})


def _last_heard(facts: JobFacts) -> dict[str, Value]:
    downs = [e.at for e in facts.events if e.type == "service.down" and e.data.get("service") == "scheduler"]
    return {"since": InstantValue(downs[-1])} if downs else {}


def _cooling(facts: JobFacts, slot_ms: int) -> dict[str, Value] | None:
    until = facts.record.cooling_until
    if until is None or until <= max(slot_ms, facts.now_ms):
        return None
    last = last_failed(facts, facts.now_ms)
    end = InstantValue(until)
    unknown: dict[str, Value] = {"until": end, "run": "?", "ended": end, "error": "?"}
    return unknown | failed_values(last) if last else unknown


def explain(facts: JobFacts) -> Explanation:
    """Return the next fire, the slots of the window and the run that has not ended, each with its reason."""
    active = facts.active
    return Explanation(
        next=next_cause(facts),
        occurrences=tuple(slot_causes(facts)),
        run=None if active is None else (active, run_cause(facts, active)),
    )
