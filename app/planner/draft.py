"""What a sentence became: jobs with their reasons, and everything that was guessed or left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
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
    spans: tuple[Span, ...]
    slot: str


@dataclass(frozen=True, slots=True)
class StopRequest:
    """Something that is asked to end: a job type where one was named, and what was said of its target."""

    type: str | None
    inputs: dict[str, Any]
    words: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The reading of one prompt; `assumptions` and `warnings` hold those of its jobs as well."""

    prompt: str
    normalized_prompt: str
    language: str
    jobs: tuple[PlannedJob, ...]
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    explain: tuple[Span, ...]
    stops: tuple[StopRequest, ...]
    summary: str
