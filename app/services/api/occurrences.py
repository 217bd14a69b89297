"""What became of a schedule's slots, and which come next: runs, the ledger of exceptions, upcoming fires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.errors import RunNotFound
from app.core.schedule import CompiledSchedule, compile_schedule, next_fires
from app.core.slot_window import left_out_as
from app.core.store import RunFilter
from app.services.api.reply import instant

if TYPE_CHECKING:
    from app.core.records import JobRecord, LedgerRange, RunRecord
    from app.core.slot_window import Window
    from app.services.api.deps import Platform

# Runs by hand stand between those of slots; 1,000 is also what retention keeps of a job.
_RUN_PAGE, _RUN_PAGES = 200, 5
_LEDGER_RANGES = 1_000


async def occurrences(platform: Platform, record: JobRecord, window: Window) -> list[dict[str, Any]]:
    """Return the occurrences of a job within a window, in order of time."""
    job_id = record.spec.job_id
    past = [_ran(run) for run in await _slot_runs(platform, job_id, window)]
    ledger = await platform.jobs.ledger(job_id, _LEDGER_RANGES)
    past += [_exception(entry) for entry in ledger if window.holds(entry.first, entry.last)]
    past.sort(key=lambda item: item["from"])
    return past[-window.limit :] + _upcoming(record, platform, window)


async def _slot_runs(platform: Platform, job_id: str, window: Window) -> list[RunRecord]:
    found: list[RunRecord] = []
    cursor: int | None = None
    for _ in range(_RUN_PAGES):
        page = await platform.runs.list(RunFilter(job_id=job_id), cursor, _RUN_PAGE)
        found += [
            run for run in page.items if run.slot_ms is not None and window.holds(run.slot_ms, run.slot_ms)
        ]
        cursor = page.next_cursor
        oldest = page.items[-1].created_at if page.items else 0
        if cursor is None or oldest < window.from_ms or len(found) >= window.limit:
            break
    return found


def _upcoming(record: JobRecord, platform: Platform, window: Window) -> list[dict[str, Any]]:
    spec, now_ms = record.spec, platform.clock.now_ms()
    if spec.schedule is None or not spec.enabled or record.next_run_at is None:
        return []
    compiled = compile_schedule(spec.schedule, platform.settings.timezone)
    overdue = _overdue(compiled, record.next_run_at, now_ms)
    ahead = next_fires(compiled, max(now_ms, record.next_run_at - 1, window.from_ms - 1), window.limit)
    items = overdue + [_item(slot, slot, 1, "upcoming", "") for slot in ahead if slot <= window.to_ms]
    return [item for item in items if item["to"] >= (instant(window.from_ms) or "")][: window.limit]


def _overdue(compiled: CompiledSchedule, next_slot: int, now_ms: int) -> list[dict[str, Any]]:
    """Return the slots that are due and that no scheduler has decided about yet, as one range."""
    due = compiled.due(next_slot, now_ms, keep=0)
    if due.first is None or due.last is None:
        return []
    return [_item(due.first, due.last, due.count, "upcoming", "due, no scheduler has taken it up yet")]


def _ran(run: RunRecord) -> dict[str, Any]:
    slot = run.slot_ms
    if slot is None:
        raise RunNotFound(run.run_id)
    return _item(slot, slot, 1, "ran", "") | {"run_id": run.run_id, "status": run.status.value}


def _exception(entry: LedgerRange) -> dict[str, Any]:
    return _item(entry.first, entry.last, entry.slots, left_out_as(entry.reason), entry.reason)


def _item(first_ms: int, last_ms: int, slots: int, outcome: str, reason: str) -> dict[str, Any]:
    return {
        "from": instant(first_ms),
        "to": instant(last_ms),
        "slots": slots,
        "outcome": outcome,
        "reason": reason,
        "run_id": None,
        "status": None,
    }
