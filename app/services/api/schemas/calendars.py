"""Bodies of calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import ConfigDict, Field

from app.core.models import Calendar
from app.core.scheduling.skip_words import rules_words
from app.services.api.schemas.common import Answer, Instant, WordsBody

if TYPE_CHECKING:
    from app.core.specs.calendars import CalendarRecord


class CalendarBody(Calendar):
    """A stored calendar: its rules, and what the platform knows of it (read-only)."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)

    name: str
    words: WordsBody = Field(description="Its rules as people say them; empty if it has none.")
    jobs: list[str] = Field(description="The jobs whose schedules name it, oldest first.")
    updated_at: Instant
    updated_by: str

    @classmethod
    def of(cls, record: CalendarRecord, jobs: list[str]) -> Self:
        """Return a calendar with its jobs."""
        return cls(
            **record.calendar.model_dump(),
            name=record.name,
            words=WordsBody.of(rules_words(record.calendar)),
            jobs=jobs,
            updated_at=record.updated_at,
            updated_by=record.updated_by,
        )


class CalendarDeleted(Answer):
    """A calendar that is gone."""

    name: str
    status: Literal["deleted"]
