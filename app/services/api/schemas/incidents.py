"""Bodies of incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import Field

from app.core.incidents.models import DeliveryPhase, IncidentKind, Severity, TimelineKind
from app.core.incidents.remedies import RemedyAction
from app.core.incidents.titles import record_title
from app.services.api.schemas.common import Answer, EmptyAsNull, Instant, Request, Shown
from app.services.api.schemas.remedies import RemedyBody

if TYPE_CHECKING:
    from app.core.incidents.models import IncidentRecord

MAX_SILENCE_MINUTES = 7 * 24 * 60


class DeliveryBody(Answer):
    """One message about an incident; `state` is that of the message."""

    phase: DeliveryPhase
    channel: str
    account_id: str
    to: str
    message_id: str
    state: str = Field(examples=["delivered"])
    at: Instant
    error: Shown | None


class TimelineBody(Answer):
    """One entry of a timeline."""

    at: Instant
    what: TimelineKind
    by: EmptyAsNull
    text: Shown


class IncidentBody(Answer):
    """What is wrong, since when, which jobs, and who got a message."""

    id: str = Field(examples=["inc1042"])
    kind: IncidentKind
    severity: Severity
    title: Shown = Field(examples=["https://example.org is down"])
    cause: Shown = Field(examples=["status 503, expected < 400"])
    subject: str
    since: Instant = Field(description="When the cause began; `opened_at` is when the incident opened.")
    opened_at: Instant
    closed_at: Instant | None
    last_at: Instant
    count: int = Field(description="How many times the cause was reported.")
    acknowledged_by: str | None
    acknowledged_at: Instant | None
    silenced_until: Instant | None
    maintenance: bool = Field(description="It opened during a maintenance window.")
    jobs: list[str]
    deliveries: list[DeliveryBody]
    actions: list[RemedyBody] = Field(description="The best first; none if it is closed.")
    timeline: list[TimelineBody] = Field(description="Oldest first.")

    @classmethod
    def of(cls, record: IncidentRecord) -> Self:
        """Return the body of an incident, in the reader's language."""
        return cls.from_record(
            record,
            title=record_title(record),
            deliveries=[DeliveryBody.from_record(each) for each in record.deliveries],
            actions=[RemedyBody.model_validate(each) for each in record.actions],
            timeline=[TimelineBody.from_record(each) for each in record.timeline],
        )


class IncidentSummaryBody(Answer):
    """How many incidents are open, and when one closed last; null if none ever did."""

    open: int
    last_closed_at: Instant | None


class SilenceRequest(Request):
    """How long nothing more is sent about it."""

    minutes: int = Field(ge=1, le=MAX_SILENCE_MINUTES, examples=[60])


class CommentRequest(Request):
    """A person's words for the timeline."""

    text: str = Field(min_length=1, max_length=2_000, examples=["The provider works on it."])


class RemediedRequest(Request):
    """A remedy that a person has used."""

    action: RemedyAction = Field(strict=False)
    target: str = Field(
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="As the remedy has it.",
        examples=["nightly"],
    )
