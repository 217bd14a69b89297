"""The planner's models: requests, drafts, planned jobs and plans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from app.core.i18n import Language
from app.core.models import JobSpec

DEFAULT_MAX_STEPS: Final = 8


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A stretch of the prompt and its role in the plan; `start` and `end` count Unicode code points."""

    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """One job of a draft.

    `schedule` has one of `interval_sec`, `cron` with `timezone`, `at`; None means one manual run. `slot` is a
    short time, such as `1630`, that distinguishes two schedules of one target in an id.
    """

    type: str
    schedule: dict[str, Any] | None
    inputs: dict[str, Any]
    reason: str
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    confidence: float
    spans: tuple[TextSpan, ...]
    slot: str


@dataclass(frozen=True, slots=True)
class StopRequest:
    """A request to end something: a job type if one was named, and the words for its target."""

    type: str | None
    inputs: dict[str, Any]
    words: str
    spans: tuple[TextSpan, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The interpretation of one prompt; `assumptions` and `warnings` include those of its jobs."""

    prompt: str
    normalized_prompt: str
    language: Language
    jobs: tuple[PlannedJob, ...]
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    explain: tuple[TextSpan, ...]
    stops: tuple[StopRequest, ...]
    summary: str


# Plans: the difference between a prompt's jobs and the stored ones. A plan is stored for an hour.

KEPT_SEC = 3600


class Change(StrEnum):
    """The effect of a plan on a job."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"


class PlanSource(StrEnum):
    """The author of a plan: the rules, or the rules with a language model."""

    RULES = "rule_based"
    MODEL = "smolagents"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field of a stored spec that a plan sets: a JSON pointer, its value before and after."""

    pointer: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class PlannedFire:
    """A future fire: the instant in epoch milliseconds, and the zone in which it is displayed."""

    at_ms: int
    timezone: str


@dataclass(frozen=True, slots=True)
class JobChange:
    """One job of a plan. `base_version` is the stored version at planning time, None if there was none."""

    spec: JobSpec
    change: Change
    base_version: int | None
    reason: str
    confidence: float
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    diff: tuple[FieldDifference, ...] = ()
    next_runs: tuple[PlannedFire, ...] = ()

    def with_warnings(self, *warnings: str) -> JobChange:
        """Return the same change with more warnings."""
        return replace(self, warnings=distinct(self.warnings, warnings))


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan. `assumptions` and `warnings` include those of the jobs."""

    plan_id: str
    made_at_ms: int
    prompt: str
    normalized_prompt: str
    summary: str
    source: PlanSource
    language: Language
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    explain: tuple[TextSpan, ...]
    jobs: tuple[JobChange, ...]


def distinct(*texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return texts in their order, without repetitions."""
    return tuple(dict.fromkeys(text for group in texts for text in group))


@dataclass(frozen=True, slots=True)
class AiOptions:
    """Options of a model request. `model_id` None is the deployment's own."""

    model_id: str | None = None
    max_steps: int = DEFAULT_MAX_STEPS


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """A request for a plan. The planner fills in the instant, and the last two fields."""

    prompt: str
    timezone: str | None = None
    """The zone of the caller, if the request has one."""
    now: datetime | None = None
    """Aware."""
    default_channel: str | None = None
    default_account_id: str | None = None
    ai: AiOptions | None = None
    """None: plan by the rules only."""
    deployment_timezone: str = "UTC"
    has_default_notify: bool = False
    """True if there is a default recipient for messages without one."""

    @property
    def instant(self) -> datetime:
        """Return `now` of a request that the planner has completed."""
        if self.now is None:
            raise ValueError("the request has no instant yet")
        return self.now
