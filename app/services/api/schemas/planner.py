"""Bodies of plans and their execution."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field

from app.core.clock import from_ms
from app.core.errors import FieldProblem, InvalidInput
from app.core.fields import Rfc3339, Text
from app.core.i18n import Language, _
from app.core.models import JobId, RunStatus, Schedule
from app.core.recipient import ACCOUNT_ID_PATTERN, MessageChannel
from app.core.scheduling.schedule import ScheduleError, compile_schedule
from app.planner.ai.models import MAX_MODEL_ID_CHARS, MODEL_ID_PATTERN
from app.planner.models import DEFAULT_MAX_STEPS, MAX_PROMPT_CHARS, PROMPT_TOO_LONG, JobEdit, PlannedFire
from app.services.api.schemas.common import Answer, Instant, Request, Shown, ShownSpec
from app.services.api.schemas.remedies import RemedyBody

if TYPE_CHECKING:
    from app.planner.execute import PlanResult

MAX_WAIT_SEC = 30
FIRST_YEAR, LAST_YEAR = 2000, 2200


def _known_zone(name: str) -> str:
    try:
        compile_schedule(Schedule(cron="0 0 * * *", timezone=name), name)
    except ScheduleError as error:
        raise ValueError(error.message) from error
    return name


def near(instant: datetime) -> datetime:
    """Return the instant; ValueError unless it lies in a year that people plan in."""
    if FIRST_YEAR <= instant.year <= LAST_YEAR:
        return instant
    raise ValueError(
        _("a year from {first_year} to {last_year} is needed", first_year=FIRST_YEAR, last_year=LAST_YEAR)
    )


def _short(prompt: object) -> object:
    """Return the prompt; ValueError with a reason in words if it is too long."""
    if isinstance(prompt, str) and len(prompt) > MAX_PROMPT_CHARS:
        raise ValueError(PROMPT_TOO_LONG)
    return prompt


Prompt = Annotated[
    Text,
    BeforeValidator(_short),
    Field(
        max_length=MAX_PROMPT_CHARS,
        description="What shall be done, in Indonesian or English.",
        examples=["Pantau telegram akun bot_a01 tiap 30 detik dan buat laporan harian jam 07:00"],
    ),
]
Zone = Annotated[
    str, Field(min_length=1, max_length=64, examples=["Asia/Jakarta"]), AfterValidator(_known_zone)
]
Now = Annotated[Rfc3339, AfterValidator(near)]
ModelId = Annotated[
    str,
    Field(
        pattern=MODEL_ID_PATTERN,
        max_length=MAX_MODEL_ID_CHARS,
        description="Its name at PLANNER_AI_BASE, else litellm's; without one, PLANNER_AI_MODEL.",
        examples=["openai/gpt-4o-mini"],
    ),
]
MaxSteps = Annotated[int, Field(ge=1, le=20, description="How often the model may be asked.")]


PLAN_ID_PATTERN = r"^[0-9A-HJKMNP-TV-Z]{26}$"
PlanId = Annotated[str, Field(pattern=PLAN_ID_PATTERN)]


class PlanRequestBody(Request):
    """A prompt to plan; `now` is the moment that it is read at."""

    prompt: Prompt
    timezone: Zone | None = None
    now: Now | None = None
    default_channel: MessageChannel | None = None
    default_account_id: Annotated[str, Field(pattern=ACCOUNT_ID_PATTERN)] | None = None


class JobEditBody(Request):
    """What a person changes in one job of a plan: of the inputs only those that are named; null removes."""

    job_id: JobId
    leave_out: bool = False
    make_new: bool = Field(default=False, description="Create a job, although a stored one has this target.")
    description: Annotated[str, Field(max_length=500)] | None = None
    schedule: dict[str, Any] | None = None
    inputs: dict[str, Any] | None = None

    def edit(self) -> JobEdit:
        """Return the edit; a schedule of null is one, a field that is absent is none."""
        given = self.model_fields_set & {"description", "schedule", "inputs"}
        fields = {name: getattr(self, name) for name in given}
        said = {name: value for name, value in fields.items() if value is not None or name == "schedule"}
        return JobEdit(self.job_id, self.leave_out, self.make_new, said)


class PlanStepBody(PlanRequestBody):
    """A prompt to plan; or a plan with an answer to its question, a change in words, or edits of its jobs."""

    prompt: Prompt | None = None  # pyright: ignore[reportIncompatibleVariableOverride]
    plan_id: PlanId | None = None
    answer: Prompt | None = None
    edits: Annotated[list[JobEditBody], Field(min_length=1, max_length=100)] | None = None

    def require_one_step(self) -> None:
        """Raise InvalidInput unless it has a prompt, or a plan with one step from there."""
        steps = sum(each is not None for each in (self.prompt, self.answer, self.edits))
        if steps != 1 or (self.plan_id is None) != (self.prompt is not None):
            message = _("give a prompt, or a plan_id with an answer or with edits")
            raise InvalidInput(f"/prompt: {message}", (FieldProblem("/prompt", message, "one_of"),))


class PlanAiRequestBody(PlanRequestBody):
    """A prompt to plan with a language model."""

    model_id: ModelId | None = None
    force_rule_based: bool = False
    max_steps: MaxSteps = DEFAULT_MAX_STEPS


class ExecuteRequestBody(PlanAiRequestBody):
    """A prompt to plan and execute at once, or the id of a plan to execute as it was previewed."""

    prompt: Prompt | None = None  # pyright: ignore[reportIncompatibleVariableOverride]
    plan_id: PlanId | None = None
    use_ai: bool = False
    only_certain: bool = Field(
        default=False, description="With `plan_id`: apply only what needs no confirmation, as with a prompt."
    )
    run_immediately: bool = False
    wait_seconds: float = Field(default=0, ge=0, le=MAX_WAIT_SEC)


class SpanBody(Answer):
    """A stretch of the prompt, in Unicode code points, and its part in the plan."""

    start: int
    end: int
    role: str = Field(description="`unused` if it has no effect.")
    job: str | None = Field(default=None, description="The id of the only job that it changes.")
    field: str | None = Field(default=None, description="The field of the job that it sets.")


class PromptSpanBody(Answer):
    """A stretch of the prompt, in Unicode code points: its start, and the end before which it ends."""

    start: int
    end: int


_NoteKind = Literal["environment", "assumption", "unread", "conflict", "refusal", "question"]


class NoteBody(Answer):
    """What a plan says about itself: what it assumes, did not read, refuses or asks, and about which job."""

    kind: _NoteKind
    text: str
    span: PromptSpanBody | None = None
    job: str | None = Field(default=None, description="The id of the job that it is about.")
    choices: list[str] = Field(default=[], description="Answers to a question; empty if any text is one.")
    actions: list[RemedyBody] = Field(default=[], description="What can be done about it at once.")


class DifferenceBody(Answer):
    """One field that changes: a JSON pointer into the spec, its value before and after."""

    pointer: str
    before: Any
    after: Any


class PlannedFireBody(Answer):
    """A fire to come, on the clock of its zone and in UTC."""

    local: str = Field(examples=["2026-01-31T07:00:00+07:00"])
    timezone: str
    utc: Instant


def _fires(fires: Iterable[Any]) -> list[Any]:
    return [fire_view(each) if isinstance(each, PlannedFire) else each for each in fires]


def fire_view(fire: PlannedFire) -> dict[str, Any]:
    """Return a fire with its local time; `utc` in epoch milliseconds."""
    local = from_ms(fire.at_ms).astimezone(ZoneInfo(fire.timezone)).isoformat()
    return {"local": local, "timezone": fire.timezone, "utc": fire.at_ms}


class PlannedJobBody(Answer):
    """One job of a plan: its whole spec as it will be, and what that changes."""

    reason: str
    assumptions: list[str]
    warnings: list[str]
    notes: list[NoteBody]
    certainty: Literal["certain", "check", "ask"] = Field(
        description="`check`: a person should look at the fields in `check`. `ask`: it needs an answer or a "
        "confirmation before it is applied."
    )
    check: list[Literal["schedule", "to", "channel", "account_id", "text", "url", "period", "job"]]
    confidence: float = Field(description="The share of right jobs among those of this certainty.")
    job_spec: Annotated[ShownSpec, Field(validation_alias=AliasChoices("job_spec", "spec"))]
    change: Literal["create", "update", "unchanged", "disable", "pause", "resume", "run", "delete"]
    until: Instant | None = Field(default=None, description="When a pause ends; null if it does not.")
    diff: list[DifferenceBody]
    next_runs: Annotated[list[PlannedFireBody], BeforeValidator(_fires)]


_Source = Annotated[
    Literal["rule_based", "model", "smolagents"],
    Field(validation_alias=AliasChoices("planner_source", "source")),
]


class PlanBody(Answer):
    """What a prompt becomes; `notes` hold those of the jobs too, `assumptions` and `warnings` their texts."""

    prompt: str
    normalized_prompt: str
    summary: str
    planner_source: _Source
    language: Language
    assumptions: list[str]
    warnings: list[str]
    notes: list[NoteBody]
    explain: list[SpanBody]
    jobs: list[PlannedJobBody]
    plan_id: str


class JobResultBody(Answer):
    """What became of one job of a plan; without a run at once the fields of the run are null."""

    job_id: str
    type: str
    create_status: Literal[
        "created",
        "updated",
        "unchanged",
        "disabled",
        "paused",
        "resumed",
        "run",
        "deleted",
        "needs_confirmation",
        "error",
    ]
    run_id: str | None
    queue_status: RunStatus | None
    run_status: RunStatus | None
    result_success: bool | None
    result_error: Shown | None


class ExecutionBody(Answer):
    """What became of a plan."""

    planner_source: _Source
    summary: str
    assumptions: list[str]
    warnings: list[str]
    notes: list[NoteBody]
    plan_id: str | None = Field(
        description="The plan to confirm with `plan_id`, or to answer, if something was not applied."
    )
    results: list[JobResultBody]

    @classmethod
    def of(cls, execution: PlanResult) -> Self:
        """Return an execution."""
        plan = execution.plan
        return cls.from_record(
            plan, planner_source=plan.source, results=execution.results, plan_id=execution.confirm_id
        )
