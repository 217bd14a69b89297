"""Runs in numbers, and runs once more: what callers send and what they get."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, RootModel

from app.core.models import RunStatus
from app.services.api.schemas import MAX_DELAY_SEC, Answer, Request, RunAccepted, RunRequest

MAX_ITEMS = 1000


class BatchItem(RunRequest):
    """One run of a batch."""

    job_id: Annotated[str, Field(max_length=64)]


class BatchRequest(RootModel[Annotated[list[BatchItem], Field(min_length=1, max_length=MAX_ITEMS)]]):
    """Up to 1,000 runs; each stands alone."""


class RerunRequest(Request):
    """A run once more: `inputs`, where given, stand in for all of the first run's."""

    inputs: dict[str, object] | None = None
    delay_sec: Annotated[float, Field(ge=0, le=MAX_DELAY_SEC)] = 0


class BatchError(Answer):
    """Why an item made no run; codes are those of problems."""

    code: str
    detail: str


class BatchItemBody(Answer):
    """What became of an item: a run, or an error."""

    index: int
    run_id: str | None
    status: RunStatus | None
    error: BatchError | None


class RunRepeated(RunAccepted):
    """A run that repeats another one."""

    rerun_of: str
