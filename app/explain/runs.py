"""Causes of one run: how it ended, or why it waits.

The functions do no I/O.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.core.i18n.stored import cut
from app.core.models import RunStatus
from app.explain.facts import Cause, Count, DurationValue, InstantValue, TimeRange

if TYPE_CHECKING:
    from app.core.records import PauseRecord, RunRecord
    from app.explain.facts import JobFacts, Value

# Refusals by an operator's rule; the message names the line to add, in backquotes.
_BY_POLICY: Final = frozenset({"policy_denied", "url_refused", "path_refused"})
_UNKNOWN_TYPE: Final = "unknown_job_type"
_PAUSED: Final = "paused:"
_TYPE: Final = "type:"
_LINE: Final = re.compile(r"`([^`]+)`|(HTTP_ALLOW_PRIVATE=[^\s/]+?)\.?(?:\s|$)")
_MESSAGE_CHARS: Final = 300
_NAMED: Final = 3


def run_cause(facts: JobFacts, run: RunRecord) -> Cause:
    """Return how a run ended, or why it has not yet."""
    found, moment = _cause(facts, run), run.created_at if run.slot_ms is None else run.slot_ms
    return Cause(found.reason, found.words, range_values(moment, moment, 1) | dict(found.values))


def range_values(first_ms: int, last_ms: int, count: int) -> dict[str, Value]:
    """Return the values of a range of slots, each of which has made at most one run."""
    return {
        "span": TimeRange(first_ms, last_ms),
        "slots": Count(count, "slot"),
        "runs": Count(count, "run"),
    }


def _cause(facts: JobFacts, run: RunRecord) -> Cause:
    match run.status:
        case RunStatus.SUCCESS | RunStatus.CANCELLED:
            return Cause("ran", f"ran.{run.status}", _ended(run))
        case RunStatus.FAILED:
            return _failed(run)
        case RunStatus.RUNNING:
            return Cause("ran", "ran.running", _running(facts, run))
        case RunStatus.RETRYING:
            return Cause("retrying", "retrying", _retrying(run))
        case RunStatus.SCHEDULED:
            return Cause(
                "delayed", "delayed", {"run": run.run_id, "due": InstantValue(run.due_at or run.created_at)}
            )
        case RunStatus.QUEUED:
            return _queued(facts, run)


def pause_values(pause: PauseRecord) -> dict[str, Value]:
    """Return the values of a pause, and the command that ends it."""
    kind, name = pause.scope.kind, pause.scope.name
    return {
        "scope": pause.scope.text,
        "since": InstantValue(pause.since_ms),
        "actor": pause.actor or "?",
        "note": f" ({pause.reason})" if pause.reason else "",
        "resume": f"multi-job resume --{kind} {name}" if name else "multi-job resume",
        **({} if pause.until_ms is None else {"until": InstantValue(pause.until_ms)}),
    }


def pause_cause(pause: PauseRecord, about: str, values: dict[str, Value] | None = None) -> Cause:
    """Return the cause of a pause for its `slots`, a `run` or the `next` slot, with its end if it has one."""
    words = f"paused.{about}" if pause.until_ms is None else f"paused.{about}.until"
    return Cause("paused", words, (values or {}) | pause_values(pause))


def _one_line(run: RunRecord) -> str:
    """Return a run's error as one line."""
    error = run.error or {}
    text: str = error.get("message") or error.get("code") or "?"
    line = " ".join(text.split())
    return cut(text if line == text else line, _MESSAGE_CHARS)


def active_values(run: RunRecord) -> dict[str, Value]:
    """Return the values of a run that keeps another from starting."""
    return {"run": run.run_id, "since": InstantValue(run.created_at), "status": run.status}


def failed_values(run: RunRecord) -> dict[str, Value]:
    """Return the values of a failed run."""
    return _ended(run) | {"error": _one_line(run), "code": str((run.error or {}).get("code") or "")}


def _ended(run: RunRecord) -> dict[str, Value]:
    began = run.started_at or run.created_at
    ended = run.ended_at or began
    return {
        "run": run.run_id,
        "ended": InstantValue(ended),
        "took": DurationValue(max(0, ended - began)),
        "attempt": run.attempt,
    }


def _failed(run: RunRecord) -> Cause:
    values = failed_values(run) | {"type": run.type}
    code = (run.error or {}).get("code")
    if code in _BY_POLICY:
        # The whole message: its end has the line.
        found = _LINE.search(str((run.error or {}).get("message", "")))
        line = (found[1] or found[2]) if found else ""
        return Cause("policy", "policy.line" if line else "policy", values | {"line": line})
    if code == _UNKNOWN_TYPE:
        return Cause("unknown_type", "unknown_type.failed", values)
    return Cause("ran", "ran.dead" if run.dead_letter else "ran.failed", values)


def _running(facts: JobFacts, run: RunRecord) -> dict[str, Value]:
    since = run.started_at or run.created_at
    return {
        "run": run.run_id,
        "since": InstantValue(since),
        "took": DurationValue(max(0, facts.now_ms - since)),
        "worker": run.worker or "?",
        "attempt": run.attempt,
    }


def _retrying(run: RunRecord) -> dict[str, Value]:
    return {
        "run": run.run_id,
        "due": InstantValue(run.due_at or run.created_at),
        "failures": run.failures,
        "tries": run.max_retry + 1,
        "error": _one_line(run),
        "code": str((run.error or {}).get("code") or ""),
    }


def _queued(facts: JobFacts, run: RunRecord) -> Cause:
    values: dict[str, Value] = {
        "run": run.run_id,
        "since": InstantValue(run.queued_at or run.created_at),
        "type": run.type,
        "queue": run.queue,
    }
    if run.waiting_for.startswith(_PAUSED) or facts.pauses:
        held = [pause for pause in facts.pauses if run.waiting_for == _PAUSED + pause.scope.text]
        return _paused(run, (held or list(facts.pauses))[:1], values)
    missing = _missing_worker(facts, run, values)
    if missing is not None:
        return missing
    if run.waiting_for and not run.waiting_for.startswith(_TYPE):
        return _key_full(facts, values)
    # A worker that has the type of a run that was put aside takes it with its next claim.
    return _behind(facts, values)


def _missing_worker(facts: JobFacts, run: RunRecord, values: dict[str, Value]) -> Cause | None:
    """Return the cause if no live worker can run it: none at all, none of its queue, none with its type."""
    if not facts.workers:
        return Cause("no_worker", "no_worker", values)
    serving = [worker for worker in facts.workers if run.queue in worker.queues]
    if not serving:
        return Cause("no_worker", "no_worker.queue", values | {"workers": len(facts.workers)})
    if all(worker.types is not None and run.type not in worker.types for worker in serving):
        return Cause("unknown_type", "unknown_type.waiting", values | {"workers": len(serving)})
    return None


def _paused(run: RunRecord, pauses: list[PauseRecord], values: dict[str, Value]) -> Cause:
    if pauses:
        return pause_cause(pauses[0], "run", values)
    # The pause ended a moment ago: the run is on its way into its lane.
    return Cause("paused", "paused.resumed", values | {"scope": run.waiting_for.removeprefix(_PAUSED)})


def _key_full(facts: JobFacts, values: dict[str, Value]) -> Cause:
    place = facts.line.place
    if place is None:
        return _behind(facts, values)
    kind, _, name = place.name.partition(":")
    key, _, group = name.partition("/")
    more = values | {
        "holders": ", ".join(facts.line.holders[:_NAMED]) or "?",
        "held": place.held,
        "limit": place.limit or 0,
        "ahead": place.ahead,
        "key": key,
        "group": group,
    }
    if place.starts_at is not None:
        words = "rate_full.group" if group else "rate_full"
        return Cause("rate_full", words, more | {"room": InstantValue(place.starts_at)})
    if kind != "user":
        return Cause("queued_behind", "queued_behind.own", more)
    concurrency = facts.record.spec.concurrency
    shared = concurrency is not None and concurrency.key == key and concurrency.group_by is not None
    return Cause("key_full", "key_full.group" if group else "key_full.total" if shared else "key_full", more)


def _behind(facts: JobFacts, values: dict[str, Value]) -> Cause:
    busy = sum(worker.running for worker in facts.workers)
    room = sum(worker.concurrency for worker in facts.workers if not worker.draining)
    values |= {"older": facts.line.older_waiting, "busy": busy, "room": room, "workers": len(facts.workers)}
    return Cause("queued_behind", "queued_behind" if facts.line.older_waiting or busy else "queued", values)
