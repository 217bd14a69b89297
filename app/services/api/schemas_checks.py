"""What a check of a spec is asked with, and what it answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.core.models import JobId, JobSpec
from app.services.api.schemas import Answer, Request
from app.services.api.schemas_versions import FieldChange

MAX_ASSUMED = 1_000
MAX_TARGETS = 20


class CheckRequest(Request):
    """A spec that is about to be saved."""

    spec: dict[str, Any]
    assume: Annotated[
        dict[JobId, Annotated[list[JobId], Field(max_length=MAX_TARGETS)]],
        Field(
            max_length=MAX_ASSUMED,
            description="Jobs and those that their chains start, as if saved so: what is saved before.",
            examples=[{"load": ["report"], "report": []}],
        ),
    ] = Field(default_factory=dict[str, list[str]])


class SpecCheckBody(Answer):
    """What a save would do. `spec` is what would be stored; `version` the stored one, null where none is."""

    change: Literal["created", "updated", "unchanged"]
    version: int | None
    changes: list[FieldChange]
    spec: JobSpec
