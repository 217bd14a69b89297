"""Bodies of notification rules and maintenance windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field

from app.core.alerting.rules import NotificationRule
from app.core.clock import to_ms
from app.services.api.schemas.common import Answer, Instant

if TYPE_CHECKING:
    from app.core.alerting.maintenance import MaintenanceWindow
    from app.core.alerting.rules import StoredRules


class NotificationRulesBody(Answer):
    """The rules in order: the first that fits an incident, and is not off, decides who gets its alarm."""

    rules: list[NotificationRule]
    updated_at: Instant | None = Field(description="When they were stored; null if they never were.")
    updated_by: str | None

    @classmethod
    def of(cls, stored: StoredRules) -> Self:
        """Return the stored rules."""
        return cls(rules=stored.rules.rules, updated_at=stored.updated_at, updated_by=stored.updated_by)


class MaintenanceBody(Answer):
    """A time in which incidents of some jobs, or of all, send nothing."""

    id: str
    scope: str = Field(examples=["tag:shop"], description="`all`, `tag:TAG` or `job:JOB`.")
    starts_at: Instant | None
    ends_at: Instant | None
    rrule: str | None
    duration_min: int | None
    timezone: str | None
    reason: str
    created_by: str
    created_at: Instant
    active_until: Instant | None = Field(description="The end of the window that is open; null if none is.")
    next_start: Instant | None = Field(description="When it opens next; null if it does not any more.")

    @classmethod
    def of(cls, window: MaintenanceWindow, now_ms: int, default_zone: str) -> Self:
        """Return a window as it is at an instant."""
        draft, period = window.draft, window.period_at(now_ms, default_zone)
        return cls(
            id=window.id,
            scope=draft.scope,
            starts_at=None if draft.starts_at is None else to_ms(draft.starts_at),
            ends_at=None if draft.ends_at is None else to_ms(draft.ends_at),
            rrule=draft.rrule,
            duration_min=draft.duration_min,
            timezone=(draft.timezone or default_zone) if draft.rrule else None,
            reason=draft.reason,
            created_by=window.created_by,
            created_at=window.created_at,
            active_until=None if period is None else period[1],
            next_start=window.next_start(now_ms, default_zone),
        )


class MaintenanceDeleted(Answer):
    """A window that is gone."""

    id: str
    status: Literal["deleted"]
