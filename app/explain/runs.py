"""How a run ended, or what it waits for: findings about one run. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.core.models import RunStatus
from app.explain.facts import At, Finding, Runs, Slots, Span, Took

if TYPE_CHECKING:
    from app.explain.facts import Facts, PauseFact, RunFact, Value

# Refusals by a rule of the operator's; the message names the line to add, in backquotes.
_BY_POLICY: Final = frozenset({"policy_denied", "url_refused", "path_refused"})
_UNKNOWN_TYPE: Final = "unknown_job_type"
_PAUSED: Final = "paused:"
_KEY: Final = "user:"
_LINE: Final = re.compile(r"`([^`]+)`|(HTTP_ALLOW_PRIVATE=[^\s/]+?)\.?(?:\s|$)")
_MESSAGE_CHARS: Final = 300
_NAMED: Final = 3


def run_finding(facts: Facts, run: RunFact) -> Finding:
    """Return how a run ended, or why it has not yet."""
    found, moment = _found(facts, run), run.created_at if run.slot_ms is None else run.slot_ms
    of_slot: dict[str, Value] = {"span": Span(moment, moment), "slots": Slots(1), "runs": Runs(1)}
    return Finding(found.reason, found.words, of_slot | dict(found.values))


def _found(facts: Facts, run: RunFact) -> Finding:
    match run.status:
        case RunStatus.SUCCESS | RunStatus.CANCELLED:
            return Finding("ran", f"ran.{run.status}", _ended(run))
        case RunStatus.FAILED:
            return _failed(run)
        case RunStatus.RUNNING:
            return Finding("ran", "ran.running", _running(facts, run))
        case RunStatus.RETRYING:
            return Finding("retrying", "retrying", _retrying(run))
        case RunStatus.SCHEDULED:
            return Finding("delayed", "delayed", {"run": run.run_id, "due": At(run.due_at or run.created_at)})
        case RunStatus.QUEUED:
            return _queued(facts, run)


def pause_values(pause: PauseFact) -> dict[str, Value]:
    """Return what is told of a pause, and the command that ends it."""
    kind, _, name = pause.scope.partition(":")
    return {
        "scope": pause.scope,
        "since": At(pause.since_ms),
        "actor": pause.actor or "?",
        "note": f" ({pause.reason})" if pause.reason else "",
        "resume": f"multi-job resume --{kind} {name}" if name else "multi-job resume",
    }


def one_line(run: RunFact) -> str:
    """Return a run's error as one line."""
    error = run.error or {}
    text = " ".join(str(error.get("message") or error.get("code") or "?").split())
    return text if len(text) <= _MESSAGE_CHARS else text[: _MESSAGE_CHARS - 1] + "…"


def _ended(run: RunFact) -> dict[str, Value]:
    began = run.started_at or run.created_at
    ended = run.ended_at or began
    return {
        "run": run.run_id,
        "ended": At(ended),
        "took": Took(max(0, ended - began)),
        "attempt": run.attempt,
    }


def _failed(run: RunFact) -> Finding:
    values = _ended(run) | {"error": one_line(run), "type": run.type}
    code = (run.error or {}).get("code")
    if code in _BY_POLICY:
        # The whole message: its end has the line.
        found = _LINE.search(str((run.error or {}).get("message", "")))
        line = (found[1] or found[2]) if found else ""
        return Finding("policy", "policy.line" if line else "policy", values | {"line": line})
    if code == _UNKNOWN_TYPE:
        return Finding("unknown_type", "unknown_type.failed", values)
    return Finding("ran", "ran.dead" if run.dead_letter else "ran.failed", values)


def _running(facts: Facts, run: RunFact) -> dict[str, Value]:
    since = run.started_at or run.created_at
    return {
        "run": run.run_id,
        "since": At(since),
        "took": Took(max(0, facts.now_ms - since)),
        "worker": run.worker or "?",
        "attempt": run.attempt,
    }


def _retrying(run: RunFact) -> dict[str, Value]:
    return {
        "run": run.run_id,
        "due": At(run.due_at or run.created_at),
        "failures": run.failures,
        "tries": run.max_retry + 1,
        "error": one_line(run),
    }


def _queued(facts: Facts, run: RunFact) -> Finding:
    values: dict[str, Value] = {
        "run": run.run_id,
        "since": At(run.queued_at or run.created_at),
        "type": run.type,
    }
    if run.waiting_for.startswith(_PAUSED) or facts.pauses:
        held = [pause for pause in facts.pauses if run.waiting_for == _PAUSED + pause.scope]
        return _paused(run, (held or list(facts.pauses))[:1], values)
    if not facts.workers:
        return Finding("no_worker", "no_worker", values)
    if all(worker.types is not None and run.type not in worker.types for worker in facts.workers):
        return Finding("unknown_type", "unknown_type.waiting", values | {"workers": len(facts.workers)})
    if run.waiting_for:
        return _key_full(facts, run, values)
    return _behind(facts, values)


def _paused(run: RunFact, pauses: list[PauseFact], values: dict[str, Value]) -> Finding:
    if pauses:
        return Finding("paused", "paused.run", values | pause_values(pauses[0]))
    # ResumeResult a moment ago: it is on its way into its lane.
    return Finding("paused", "paused.resumed", values | {"scope": run.waiting_for.removeprefix(_PAUSED)})


def _key_full(facts: Facts, run: RunFact, values: dict[str, Value]) -> Finding:
    line = facts.line
    shown = ", ".join(line.holders[:_NAMED]) or "?"
    more = values | {"holders": shown, "held": line.held, "limit": line.limit}
    if run.waiting_for.startswith(_KEY):
        return Finding("key_full", "key_full", more | {"key": run.waiting_for.removeprefix(_KEY)})
    return Finding("queued_behind", "queued_behind.own", more)


def _behind(facts: Facts, values: dict[str, Value]) -> Finding:
    busy = sum(worker.running for worker in facts.workers)
    room = sum(worker.concurrency for worker in facts.workers if not worker.draining)
    values |= {"older": facts.line.older_waiting, "busy": busy, "room": room, "workers": len(facts.workers)}
    return Finding("queued_behind", "queued_behind" if facts.line.older_waiting or busy else "queued", values)
