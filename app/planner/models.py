"""What a sentence became: jobs with their reasons, and everything that was guessed or left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.core.models import JobSpec


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A stretch of the prompt and its part in the plan; `start` and `end` count Unicode code points."""

    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """One job that was asked for.

    `schedule` has one of `interval_sec`, `cron` with `timezone`, `at`; None is run once, by hand. `slot` is
    a short time, such as `1630`, that tells two schedules of one target apart in an id.
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
    """Something that is asked to end: a job type where one was named, and what was said of its target."""

    type: str | None
    inputs: dict[str, Any]
    words: str
    spans: tuple[TextSpan, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The reading of one prompt; `assumptions` and `warnings` hold those of its jobs as well."""

    prompt: str
    normalized_prompt: str
    language: str
    jobs: tuple[PlannedJob, ...]
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    explain: tuple[TextSpan, ...]
    stops: tuple[StopRequest, ...]
    summary: str


# A plan: what a prompt becomes, as the difference against what is stored; kept for an hour.

KEPT_SEC = 3600


class Change(StrEnum):
    """What executing a plan does to a job."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"


class PlanSource(StrEnum):
    """Who made a plan."""

    RULES = "rule_based"
    MODEL = "smolagents"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of a stored spec that a plan sets: a JSON pointer, its value before and after."""

    pointer: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class PlannedFire:
    """A fire to come: the instant in epoch milliseconds, and the zone that people read it in."""

    at_ms: int
    timezone: str


@dataclass(frozen=True, slots=True)
class JobChange:
    """One job of a plan. `base_version` is the version that the plan has seen, None where there is none."""

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
        """Return the same with more to tell."""
        return replace(self, warnings=distinct(self.warnings, warnings))


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan. `assumptions` and `warnings` hold those of the jobs too."""

    plan_id: str
    made_at_ms: int
    prompt: str
    normalized_prompt: str
    summary: str
    source: PlanSource
    language: str
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    explain: tuple[TextSpan, ...]
    jobs: tuple[JobChange, ...]


def distinct(*texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return texts in their order, each once."""
    return tuple(dict.fromkeys(text for group in texts for text in group))


@dataclass(frozen=True, slots=True)
class ParseRequest:
    """A prompt as it was typed. `now` is aware; `timezone` is what the caller said, if anything."""

    prompt: str
    timezone: str | None
    now: datetime
    default_channel: str | None
    default_account_id: str | None
    deployment_timezone: str
    has_default_notify: bool = False
    """A message that names no recipient has one."""
