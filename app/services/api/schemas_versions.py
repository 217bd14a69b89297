"""What the comparison of two versions looks like."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from app.services.api.schemas import Answer


class FieldChange(Answer):
    """One field that differs; null stands for a field that is not there."""

    model_config = ConfigDict(extra="forbid", validate_by_alias=True, validate_by_name=True)

    path: Annotated[str, Field(description="A JSON Pointer.", examples=["/schedule/interval_sec"])]
    from_: Annotated[Any, Field(alias="from")]
    to: Any


class VersionComparison(Answer):
    """What changed from one version of a job to another."""

    model_config = ConfigDict(extra="forbid", validate_by_alias=True, validate_by_name=True)

    from_: Annotated[int, Field(alias="from")]
    to: int
    changes: list[FieldChange]
