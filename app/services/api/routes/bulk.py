"""Bulk actions on all runs that match a filter."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import Unavailable
from app.core.ids import new_id
from app.services.api.body import read_model
from app.services.api.deps import call_of, platform_of
from app.services.api.idempotency import record_of
from app.services.api.openapi import operation_id, problems, takes
from app.services.api.reply import instant, json_reply
from app.services.api.run_bulk import Bulk, Step, bulk_step
from app.services.api.schemas_bulk import BulkRequest, BulkStep

if TYPE_CHECKING:
    from app.services.api.deps import Platform
    from app.services.api.guard import Call

router = APIRouter(tags=["runs"], generate_unique_id_function=operation_id)
BULK = "POST /runs/bulk"
TARGET = "runs"


@router.post(
    "/runs/bulk",
    response_model=BulkStep,
    responses=problems(400, 422, write=True),
    openapi_extra=takes(BulkRequest),
)
async def bulk_runs(request: Request) -> Response:
    """Cancel, or run again, all runs that match a filter, step by step; a dry run counts them.

    A step examines at most 20,000 records and acts on `limit` runs; `next_cursor` is the cursor of the next
    step. A step may be sent again: no run is repeated twice. If the queue is full, `stopped` has the reason
    and `next_cursor` continues from that run. The audit has an entry for the first step and one for the end,
    with all counts.
    """
    at, call = platform_of(request), call_of(request)
    wanted = read_model(BulkRequest, call.body)
    bulk_id = wanted.bulk_id or new_id(at.clock)
    asked = wanted.model_dump(mode="json", include={"action", "filter"})
    once = record_of(call.actor, BULK, bulk_id, asked)
    bulk = Bulk(once.scope, (await at.calls.begin(once)).first_at)
    step = await bulk_step(at, call, wanted, bulk)
    if wanted.dry_run:
        call.leave_out()
    else:
        totals = await _totals(at, wanted, step, bulk)
        _note(call, wanted, step, {"bulk_id": bulk_id, **totals})
    head = {"bulk_id": bulk_id, "started_at": instant(bulk.first_at), "trace_id": bulk.trace_id}
    return json_reply({**head, **step.view()})


async def _totals(at: Platform, wanted: BulkRequest, step: Step, bulk: Bulk) -> dict[str, int]:
    """Return the counts of all steps up to now."""
    cursor = "" if wanted.cursor is None else str(wanted.cursor)
    done, refused = step.done, step.refused_count
    # The runs are changed already: a count that cannot be stored must not make the step fail.
    with contextlib.suppress(Unavailable):
        done, refused = await at.calls.tally(bulk.scope, cursor, done, refused)
    return {"done": done, "refused": refused}


def _note(call: Call, wanted: BulkRequest, step: Step, figures: dict[str, Any]) -> None:
    """Write the first step and the end into the audit."""
    ended = step.next_cursor is None
    if wanted.cursor is not None and not ended:
        call.leave_out()
        return
    meant = wanted.filter.model_dump(mode="json", exclude_none=True)
    to = {"filter": meant, "ended": ended, **figures}
    call.note(target=TARGET, diff=[{"path": f"/{wanted.action}", "from": None, "to": to}])
