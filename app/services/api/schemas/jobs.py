"""Bodies of jobs, versions, schedule previews, and spec checks."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from app.core.clock import from_ms, rfc3339
from app.core.fields import json_diff
from app.core.i18n import Message, render
from app.core.models import JobId, JobSpec, RunStatus, Schedule
from app.core.scheduling.describe import schedule_words
from app.core.scheduling.skip_words import reason_words
from app.services.api.schemas.common import (
    Answer,
    Instant,
    Request,
    ShownSpec,
    WordsBody,
    spec_view,
)
from app.services.api.schemas.monitors import MonitorBriefBody
from app.services.api.schemas.planner import near

if TYPE_CHECKING:
    from app.core.fields import Change
    from app.core.monitors.models import MonitorBrief
    from app.core.records import JobRecord, JobVersion
    from app.core.scheduling.preview import SchedulePreview
    from app.core.scheduling.skipping import SkippedSlots


class RunBriefBody(Answer):
    """One square of a run strip."""

    run_id: str
    status: RunStatus
    duration_ms: int | None


class JobStatsBody(Answer):
    """A job's last 24 hours; percentiles are within 5 %."""

    runs: int
    success: int
    failed: int
    success_rate: float | None = Field(description="Of a monitor: its uptime of the last 24 hours.")
    p50_ms: int | None
    p95_ms: int | None


class JobBody(JobSpec):
    """A stored job: its spec, and what the platform knows of it (read-only)."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)

    version: int
    schedule_words: WordsBody | None = Field(
        description="Its schedule as people say it; null if it has none."
    )
    next_run_at: Instant | None
    cooling_down_until: Instant | None = Field(description="Until then a failure holds its slots back.")
    last_run: RunBriefBody | None
    recent: list[RunBriefBody] = Field(description="The 40 newest runs, newest first.")
    stats: JobStatsBody
    monitor: MonitorBriefBody | None = Field(description="What it watches; null if it has reported no check.")
    created_at: Instant
    updated_at: Instant


class JobCreated(JobBody):
    """A job as it was just created."""

    status: Literal["created"]


def job_view(record: JobRecord, timezone: str, brief: MonitorBrief | None = None) -> dict[str, Any]:
    """Return a JobBody as a plain value; `timezone` is that of schedules which name none.

    Built by hand: as models, the 50 jobs and 2,000 runs of a page take half as long again.
    """
    recent = [
        {"run_id": run.run_id, "status": run.status.value, "duration_ms": run.duration_ms}
        for run in record.recent
    ]
    return spec_view(record.spec) | {
        "version": record.version,
        "schedule_words": _schedule_words(record.spec, timezone),
        "next_run_at": _instant(record.next_run_at) if record.spec.enabled else None,
        "cooling_down_until": _instant(record.cooling_until),
        "last_run": recent[0] if recent else None,
        "recent": recent,
        "stats": asdict(record.stats if brief is None else replace(record.stats, success_rate=brief.uptime)),
        "monitor": None if brief is None else MonitorBriefBody.of(brief).model_dump(mode="json"),
        "created_at": rfc3339(record.created_at),
        "updated_at": rfc3339(record.updated_at),
    }


# A page of jobs has a hundred.
@lru_cache(maxsize=4_096)
def _in_indonesian(words: Message) -> str:
    return render(words, "id")


def _schedule_words(spec: JobSpec, timezone: str) -> dict[str, str] | None:
    if spec.schedule is None:
        return None
    words = schedule_words(spec.schedule, timezone, spec.jitter_sec)
    return {"id": _in_indonesian(words), "en": words}


def _instant(epoch_ms: int | None) -> str | None:
    return None if epoch_ms is None else rfc3339(epoch_ms)


class JobSwitched(Answer):
    """A job that was enabled or disabled."""

    job_id: str
    status: Literal["enabled", "disabled"]


class JobDeleted(Answer):
    """A job that is gone; its history stays."""

    job_id: str
    status: Literal["deleted"]


class JobVersionBody(Answer):
    """One save of a spec."""

    version: int
    at: Instant
    actor: str
    origin: str
    spec: ShownSpec

    @classmethod
    def of(cls, version: JobVersion) -> Self:
        """Return a save; of its origin the part that people understand, such as `rollback:v3`."""
        # The last part ties the save to an idempotency key.
        parts = version.origin.split(":")
        origin = ":".join(parts[:2]) if parts[0] == "rollback" else parts[0]
        return cls.from_record(version, origin=origin)


# Previews of schedules.

MAX_FIRES = 50
DEFAULT_FIRES = 10


class PreviewRequest(Request):
    """A schedule as a spec has it; `now` is the moment that it is looked at from."""

    schedule: Schedule
    jitter_sec: float = Field(default=0, ge=0, le=3600)
    count: int = Field(default=DEFAULT_FIRES, ge=1, le=MAX_FIRES)
    now: Annotated[AwareDatetime, AfterValidator(near)] | None = None


class FireBody(Answer):
    """A fire to come."""

    local: str = Field(examples=["2026-01-31T07:00:00+07:00"])
    utc: Instant
    offset: str = Field(examples=["+07:00"])

    @classmethod
    def of(cls, at_ms: int, zone: ZoneInfo) -> Self:
        """Return a fire on the clock of a zone."""
        local = from_ms(at_ms).astimezone(zone).isoformat()
        return cls(local=local, utc=at_ms, offset=local[-6:])


class ClockChangeBody(Answer):
    """A change of the clocks that fires fall into, within a year."""

    at: Instant
    kind: Literal["gap", "overlap"]
    text_id: str
    text_en: str


class SkippedBody(Answer):
    """Neighbouring slots that a schedule skips, for one reason."""

    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    slots: int
    reason: WordsBody
    moved_to: date | None = Field(description="The day on which they fire instead; null if they do not.")

    @classmethod
    def of(cls, found: SkippedSlots) -> Self:
        """Return a range of skipped slots."""
        moved_to = found.reason.moved_to
        return cls(
            from_=found.first,
            to=found.last,
            slots=found.slots,
            reason=WordsBody.of(reason_words(found.reason)),
            moved_to=date.fromisoformat(moved_to) if moved_to else None,
        )


class PreviewBody(Answer):
    """What a schedule would do."""

    words: WordsBody
    timezone: str = Field(description="The zone of `local` and of the words.")
    next: list[FireBody]
    dst_notes: list[ClockChangeBody]
    ends: bool = Field(description="Whether there is a last fire.")
    skipped: list[SkippedBody] = Field(
        description="The next slots that are skipped, within a year or up to the last of `next`; 12 at most."
    )
    holiday_notes: list[WordsBody] = Field(
        description="What is not sure about the holidays of this time: not published yet, estimated dates."
    )

    @classmethod
    def of(cls, found: SchedulePreview) -> Self:
        """Return a preview."""
        zone = ZoneInfo(found.timezone)
        return cls(
            words=WordsBody.of(found.words),
            timezone=found.timezone,
            next=[FireBody.of(at_ms, zone) for at_ms in found.fires],
            dst_notes=[
                ClockChangeBody(
                    at=note.at_ms, kind=note.kind, text_id=render(note.words, "id"), text_en=note.words
                )
                for note in found.notes
            ],
            ends=found.ends,
            skipped=[SkippedBody.of(each) for each in found.skipped],
            holiday_notes=[WordsBody.of(note) for note in found.holiday_notes],
        )


class FieldChange(Answer):
    """One field that differs; null for an absent field."""

    path: str = Field(description="A JSON Pointer.", examples=["/schedule/interval_sec"])
    from_: Annotated[Any, Field(alias="from")]
    to: Any


class VersionComparison(Answer):
    """What changed from one version of a job to another."""

    from_: Annotated[int, Field(alias="from")]
    to: int
    changes: list[FieldChange]


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
    """The result that a save would have.

    `spec` is the spec to be stored; `version` the stored one, null if there is none.
    """

    change: Literal["created", "updated", "unchanged"]
    version: int | None
    changes: list[FieldChange]
    spec: ShownSpec

    @classmethod
    def of(cls, spec: JobSpec, stored: JobRecord | None) -> Self:
        """Return the changes from the stored job to a spec."""
        if stored is None:
            # Of a new job only its own fields; the defaults are the same for each.
            changes = json_diff({}, spec.model_dump(mode="json", exclude_defaults=True))
            return cls(change="created", version=None, changes=_changes(changes), spec=spec)
        changes = json_diff(spec_view(stored.spec), spec_view(spec))
        change = "updated" if changes else "unchanged"
        return cls(change=change, version=stored.version, changes=_changes(changes), spec=spec)


def _changes(changes: list[Change]) -> list[FieldChange]:
    return [FieldChange.model_validate(change) for change in changes]
