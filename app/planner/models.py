"""What a sentence became: jobs with their reasons, and everything that was guessed or left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from app.core.errors import IdempotencyMismatch, PlanNotFound
from app.core.models import JobSpec

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts


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


# A plan: what a prompt becomes, as the difference against what is stored; kept for an hour.

KEPT_SEC = 3600


class Change(StrEnum):
    """What executing a plan does to a job."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"


class Source(StrEnum):
    """Who made a plan."""

    RULES = "rule_based"
    MODEL = "smolagents"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a stored spec that a plan sets: a JSON pointer, its value before and after."""

    pointer: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Fire:
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
    diff: tuple[Difference, ...] = ()
    next_runs: tuple[Fire, ...] = ()

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
    source: Source
    language: str
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    explain: tuple[Span, ...]
    jobs: tuple[JobChange, ...]


_PLANS: TypeAdapter[Plan] = TypeAdapter(Plan)


def distinct(*texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return texts in their order, each once."""
    return tuple(dict.fromkeys(text for group in texts for text in group))


class PlanStore:
    """Keeps plans as they were previewed."""

    def __init__(self, link: RedisLink, scripts: Scripts) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = scripts.keys

    async def keep(self, plan: Plan) -> None:
        """Keep a plan for an hour."""
        await self._link.call("SET", self._keys.plan(plan.plan_id), _dump(plan), "EX", KEPT_SEC)

    async def get(self, plan_id: str) -> Plan:
        """Return a plan as it was previewed; PlanNotFound."""
        text = await self._link.call("GET", self._keys.plan(plan_id))
        if text is None:
            raise PlanNotFound(plan_id)
        return _PLANS.validate_json(text)

    async def bound(self, scope: str, body_hash: str) -> Plan | None:
        """Return the plan that an idempotency key executes; None where the key is new."""
        word, text = await self._scripts.run("idempotency/bind_plan", scope, body_hash, "", "")
        return None if word == "UNKNOWN" else _of_key(word, text)

    async def bind(self, scope: str, body_hash: str, plan: Plan) -> Plan:
        """Tie a key to a plan for a day; return the one that it is tied to: an earlier request's wins."""
        word, text = await self._scripts.run(
            "idempotency/bind_plan", scope, body_hash, plan.plan_id, _dump(plan)
        )
        return _of_key(word, text)


def _dump(plan: Plan) -> bytes:
    return _PLANS.dump_json(plan)


def _of_key(word: str, text: str) -> Plan:
    if word == "MISMATCH":
        raise IdempotencyMismatch(
            "This Idempotency-Key came with another body before. / "
            "Idempotency-Key ini sudah dipakai dengan isi lain."
        )
    return _PLANS.validate_json(text)


# What a sentence is planned with: the prompt, the moment, and what holds where nothing is said.


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """A prompt as it was typed. `now` is aware; `timezone` is what the caller said, if anything."""

    prompt: str
    timezone: str | None
    now: datetime
    default_channel: str | None
    default_account_id: str | None
    deployment_timezone: str
    has_default_notify: bool = False
    """A message that names no recipient has one."""
