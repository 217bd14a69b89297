"""Causes for ranges of a job's slots. No I/O."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from app.core.models import Misfire, RunStatus
from app.core.scheduling.schedule import SlotOutcome, left_out_as, unrecorded_skips
from app.core.scheduling.skip_rules import SkipReason
from app.core.scheduling.skip_words import reason_words
from app.core.scheduling.slots import CompiledSchedule
from app.explain.facts import Cause, InstantValue, SlotCause, TimeRange
from app.explain.runs import active_values, failed_values, pause_cause, range_values, run_cause

if TYPE_CHECKING:
    from app.core.records import EventRecord, JobRecord, LedgerRange, RunRecord
    from app.explain.facts import JobFacts, Value

# Joined if they follow each other; slots whose state still changes stay separate.
_ALIKE: Final = frozenset(
    {
        "ran.success",
        "ran.failed",
        "ran.dead",
        "ran.cancelled",
        "policy",
        "policy.line",
        "paused.run",
        "paused.run.until",
    }
    | {"no_worker", "no_worker.queue", "unknown_type.failed", "unknown_type.waiting"}
    | {"key_full", "key_full.group", "key_full.total", "rate_full", "rate_full.group", "queued_behind"}
    | {"queued_behind.own", "queued"}
)
_NOT_YET: Final = frozenset({RunStatus.QUEUED, RunStatus.RETRYING, RunStatus.SCHEDULED})


def slot_causes(facts: JobFacts) -> list[SlotCause]:
    """Return the outcome of the slots within the window, newest first, equal successes as one range."""
    slots = [(run, slot) for run in facts.runs if (slot := run.slot_ms) is not None]
    found = [_of_run(facts, run, slot) for run, slot in slots if facts.window.holds(slot, slot)]
    found += [_of_ledger(facts, entry) for entry in facts.ledger]
    found += [*_disabled(facts), *_outside(facts), *_overdue(facts), *_skipped(facts)]
    found.sort(key=lambda item: (-item.last_ms, -item.first_ms))
    return _joined(found)[: facts.window.limit]


def _of_run(facts: JobFacts, run: RunRecord, slot: int) -> SlotCause:
    outcome = "waiting" if run.status in _NOT_YET else "ran"
    return SlotCause(outcome, slot, slot, 1, run_cause(facts, run), run.run_id, run.status)


def _joined(found: list[SlotCause]) -> list[SlotCause]:
    """Return the list with neighbours of one kind joined: a job each second has many."""
    groups = [list(group) for _, group in groupby(found, key=_kind)]
    return [_as_one(items) if len(items) > 1 else items[0] for items in groups]


def _kind(item: SlotCause) -> tuple[str, str]:
    """Return the key by which runs are joined; the first part is empty if a run stays separate."""
    words = item.cause.words
    return (words, str(item.cause.values.get("error", ""))) if words in _ALIKE else ("", f"{id(item)}")


def _as_one(items: list[SlotCause]) -> SlotCause:
    newest, oldest, count = items[0], items[-1], len(items)
    finding = newest.cause
    values = dict(finding.values) | range_values(oldest.first_ms, newest.last_ms, count)
    if "since" in values:
        values["since"] = oldest.cause.values["since"]
    words = "ran.successes" if finding.words == "ran.success" else finding.words
    return replace(newest, first_ms=oldest.first_ms, slots=count, cause=Cause(finding.reason, words, values))


def _of_ledger(facts: JobFacts, entry: LedgerRange) -> SlotCause:
    match entry.reason:
        case "missed":
            finding = _missed(facts, entry)
        case "overlap":
            finding = _overlap(facts, entry)
        case "paused":
            finding = _paused(facts, entry)
        case "cooling_down":
            finding = _cooling(facts, entry)
        case "disabled":
            finding = Cause("disabled", "disabled.past", {"until": InstantValue(entry.recorded_at)})
        case "backlog" | "clock_went_back" | "invalid":
            finding = Cause(entry.reason, entry.reason, {})
        case _:
            skip = SkipReason.parse(entry.reason)
            finding = (
                Cause(entry.reason, "other", {"reason": entry.reason}) if skip is None else skip_cause(skip)
            )
    return _range(left_out_as(entry.reason), entry.first, entry.last, entry.slots, finding)


def skip_cause(skip: SkipReason) -> Cause:
    """Return the cause of slots that the schedule itself leaves out."""
    if skip.calendar:
        return Cause("skip", "skip.calendar", {"reason": reason_words(skip), "calendar": skip.calendar})
    return Cause("skip", "skip.slots", {"reason": reason_words(skip)})


def _range(outcome: SlotOutcome, first_ms: int, last_ms: int, slots: int, finding: Cause) -> SlotCause:
    values = range_values(first_ms, last_ms, slots) | dict(finding.values)
    return SlotCause(outcome, first_ms, last_ms, slots, Cause(finding.reason, finding.words, values))


def _missed(facts: JobFacts, entry: LedgerRange) -> Cause:
    down = _downtime(facts, entry)
    values: dict[str, Value] = {"down": InstantValue(down.first_ms), "up": InstantValue(down.last_ms)}
    if facts.record.spec.misfire is Misfire.SKIP:
        return Cause("misfire_skip", "misfire_skip", values)
    return Cause("missed", f"missed.{facts.record.spec.misfire}", values)


def _downtime(facts: JobFacts, entry: LedgerRange) -> TimeRange:
    """Return the time without a scheduler, from the events; the range's own bounds if there are none."""
    events = [event for event in facts.events if event.data.get("service") == "scheduler"]
    ups = [e.at for e in events if e.type == "service.up" and entry.first <= e.at <= entry.recorded_at]
    up = max(ups, default=entry.recorded_at)
    downs = [_last_sign(facts, event) for event in events if event.type == "service.down" and event.at <= up]
    return TimeRange(min(max(downs, default=entry.first), entry.first), up)


def _last_sign(facts: JobFacts, event: EventRecord) -> int:
    # A silent process is removed from the list only later.
    return event.at - facts.dead_after_ms if event.data.get("reason") == "silent" else event.at


def _overlap(facts: JobFacts, entry: LedgerRange) -> Cause:
    blockers = [run for run in facts.runs if _was_active(run, entry.first)]
    if not blockers:
        return Cause("overlap", "overlap.unknown", {})
    blocker = max(blockers, key=lambda run: run.created_at)
    values = active_values(blocker)
    if blocker.ended_at is not None:
        return Cause("overlap", "overlap.ended", values | {"ended": InstantValue(blocker.ended_at)})
    return Cause("overlap", "overlap.active", values)


def _was_active(run: RunRecord, instant_ms: int) -> bool:
    return run.created_at <= instant_ms and (run.ended_at is None or run.ended_at >= instant_ms)


def _paused(facts: JobFacts, entry: LedgerRange) -> Cause:
    for pause in facts.pauses:
        if pause.since_ms <= entry.last:
            return pause_cause(pause, "slots")
    past = [e for e in facts.events if e.type == "queue.paused" and e.at <= entry.last]
    if not past:
        return Cause("paused", "paused.past", {})
    latest = past[-1]
    values: dict[str, Value] = {
        "since": InstantValue(latest.at),
        "actor": str(latest.data.get("actor") or "?"),
        "scope": _scope_of(latest),
    }
    return Cause("paused", "paused.by_person", values)


def _scope_of(event: EventRecord) -> str:
    scope, name = str(event.data.get("scope", "?")), str(event.data.get("name") or "")
    return f"{scope}:{name}" if name and ":" not in scope else scope


def _cooling(facts: JobFacts, entry: LedgerRange) -> Cause:
    failed = last_failed(facts, entry.last)
    if failed is None or failed.ended_at is None:
        return Cause("cooling_down", "cooling_down.unknown", {})
    until = max(entry.last, failed.ended_at + facts.record.spec.failure_cooldown_sec * 1000)
    return Cause("cooling_down", "cooling_down.slots", failed_values(failed) | {"until": InstantValue(until)})


def last_failed(facts: JobFacts, until_ms: int) -> RunRecord | None:
    """Return the last run that failed finally, up to an instant."""
    ended = [run for run in facts.runs if run.ended_at is not None and run.ended_at <= until_ms]
    failed = [run for run in ended if run.status is RunStatus.FAILED]
    return max(failed, key=lambda run: run.ended_at or 0, default=None)


def disabled_since(record: JobRecord) -> int:
    """Return the time of a job's disabling."""
    return record.updated_at if record.off_at is None else record.off_at


def disabled_cause(record: JobRecord, words: str) -> Cause:
    """Return the cause of a disabled job, with the time and actor of its disabling."""
    since = InstantValue(disabled_since(record))
    return Cause("disabled", words, {"since": since, "actor": record.off_by or "?"})


def _disabled(facts: JobFacts) -> list[SlotCause]:
    record = facts.record
    if record.spec.enabled or facts.compiled is None:
        return []
    since, cause = disabled_since(record), disabled_cause(record, "disabled.slots")
    return _counted(facts, facts.compiled, since + 1, facts.now_ms, cause)


def _outside(facts: JobFacts) -> list[SlotCause]:
    """Return the slots that are excluded only by `start_at` and `end_at`."""
    compiled, record = facts.compiled, facts.record
    if compiled is None or not record.spec.enabled:
        return []
    unbounded, found = CompiledSchedule(compiled.source), list[SlotCause]()
    if (start := compiled.start_ms) is not None:
        cause = Cause("outside_window", "outside_window.before", {"bound": InstantValue(start)})
        found += _counted(facts, unbounded, record.created_at, min(start - 1, facts.now_ms), cause)
    if (end := compiled.end_ms) is not None:
        cause = Cause("outside_window", "outside_window.after", {"bound": InstantValue(end)})
        found += _counted(facts, unbounded, end, facts.now_ms, cause)
    return found


def _counted(
    facts: JobFacts, compiled: CompiledSchedule, first_ms: int, last_ms: int, finding: Cause
) -> list[SlotCause]:
    """Return the slots of a span within the window as one range; none if there are none."""
    since, until = max(first_ms, facts.window.from_ms), min(last_ms, facts.window.to_ms)
    if since > until:
        return []
    first, last = compiled.next_after(since - 1), compiled.previous_or_at(until)
    if first is None or last is None or first > until or last < since:
        return []
    return [_range("skipped", first, last, compiled.count(first, last), finding)]


def _skipped(facts: JobFacts) -> list[SlotCause]:
    """Return the slots that the schedule leaves out and the ledger does not have yet."""
    record, compiled = facts.record, facts.compiled
    if compiled is None or not record.spec.enabled:
        return []
    found = unrecorded_skips(compiled, record.next_run_at, record.updated_at, facts.now_ms)
    return [
        _range("skipped", each.first, each.last, each.slots, skip_cause(each.reason))
        for each in found
        if facts.window.holds(each.first, each.last)
    ]


def _overdue(facts: JobFacts) -> list[SlotCause]:
    """Return the slots that are due and not yet decided by a scheduler."""
    record, compiled = facts.record, facts.compiled
    if compiled is None or not record.spec.enabled or record.next_run_at is None:
        return []
    due = compiled.due(record.next_run_at, facts.now_ms, keep=0)
    if due.first is None or due.last is None or not facts.window.holds(due.first, due.last):
        return []
    reason = "due" if facts.scheduler_beats else "scheduler_down"
    return [_range("upcoming", due.first, due.last, due.count, Cause(reason, f"{reason}.slots", {}))]
