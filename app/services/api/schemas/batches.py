"""Batches of runs, re-runs, and bulk actions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, RootModel

from app.core.fields import Rfc3339
from app.core.models import RunStatus
from app.services.api.schemas.common import Answer, Instant, Request, Shown
from app.services.api.schemas.runs import RunAccepted, RunRequest

MAX_ITEMS = 1000


class BatchItem(RunRequest):
    """One run of a batch."""

    job_id: str = Field(max_length=64)


class BatchRequest(RootModel[Annotated[list[BatchItem], Field(min_length=1, max_length=MAX_ITEMS)]]):
    """Up to 1,000 runs; each succeeds or fails alone."""


class RerunRequest(RunRequest):
    """A re-run; if there are `inputs`, they replace all of the first run's."""


class BatchError(Answer):
    """Why an item made no run; codes are those of problems."""

    code: str
    detail: Shown


class BatchItemBody(Answer):
    """The result of an item: a run, or an error."""

    index: int
    run_id: str | None
    status: RunStatus | None
    error: BatchError | None


class RunRepeated(RunAccepted):
    """A run that repeats another one."""

    rerun_of: str


# Bulk actions on all runs that match a filter: requests and answers.

MAX_STEP = 500
BulkAction = Literal["cancel", "rerun"]
State = Annotated[RunStatus, Field(strict=False)]


class RunFilterBody(Request):
    """Runs that fit in all given parts, as `GET /runs` takes them; `{}` fits all."""

    job_id: Annotated[str, Field(max_length=64)] | None = None
    status: Annotated[list[State], Field(max_length=len(RunStatus))] | None = None
    type: Annotated[str, Field(max_length=64)] | None = None
    tag: Annotated[str, Field(max_length=64)] | None = None
    trace_id: Annotated[str, Field(max_length=64)] | None = None
    q: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    since: Rfc3339 | None = None
    until: Rfc3339 | None = None


class BulkRequest(Request):
    """One step of a bulk action. All steps have the same `action`, `filter` and `bulk_id`."""

    action: BulkAction = Field(
        description="`cancel` is for runs that have not ended, `rerun` for ended ones."
    )
    filter: RunFilterBody
    bulk_id: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="Names the bulk action. It is about the runs that existed at its first step, dry or "
        "not, and each is run again once however often a step is sent. Made here if none is given.",
    )
    cursor: int | None = Field(default=None, ge=0, le=2**53, description="`next_cursor` of the step before.")
    limit: int = Field(default=200, ge=1, le=MAX_STEP, description="Runs that a step decides about.")
    dry_run: bool = Field(default=False, description="Count the runs that match, and change nothing.")


class BulkRefused(Answer):
    """Runs about which nothing could be done, for one reason."""

    code: str = Field(
        description="`job_not_found` (the job was deleted), `invalid_spec` (the job takes other inputs "
        "now), `state_conflict` (it has ended meanwhile), `run_not_found`, `damaged_record`, "
        "`admin_required` (an export with secrets)."
    )
    count: int
    sample_run_ids: list[str] = Field(description="The first five.")


class BulkStopped(Answer):
    """Why a step ended early; send the next one later."""

    code: str = Field(description="`queue_full`, or that of an outage.")
    detail: Shown


class BulkStep(Answer):
    """The result of a step, and the cursor of the next one."""

    bulk_id: str
    started_at: Instant = Field(description="Runs created later are left alone.")
    trace_id: str = Field(description="The trace of all runs that this bulk action makes.")
    matched: int
    done: int = Field(description="Runs that were cancelled, asked to end, or run again.")
    refused: list[BulkRefused]
    searched: int = Field(description="Records that this step has looked at.")
    total: int = Field(description="Records from this step's cursor on, those it has looked at included.")
    next_cursor: int | None = Field(description="Null at the end.")
    stopped: BulkStopped | None
