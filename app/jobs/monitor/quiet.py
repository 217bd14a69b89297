"""Quiet hours of a job: when messages about its incidents wait."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.core.models import Skip

Quiet = Annotated[
    Skip | None,
    Field(
        description="when alarms wait, as `skip` of a schedule has it (`windows`, `holidays`, `calendars`); "
        "afterwards the last one is sent that still holds"
    ),
]
