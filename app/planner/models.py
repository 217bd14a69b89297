"""The planner's models: requests, drafts, planned jobs and plans."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple, Protocol

from app.core.i18n import Language, Message, _, render
from app.core.incidents.remedies import Remedy
from app.core.models import JobSpec
from app.planner.directory import NameDirectory

DEFAULT_MAX_STEPS: Final = 8
MAX_PROMPT_CHARS: Final = 2_000
PROMPT_TOO_LONG: Final[Message] = _(
    "the sentence is over {most:,} characters: send it in parts", most=MAX_PROMPT_CHARS
)


class NoteKind(StrEnum):
    """What a note about a plan is about."""

    ENVIRONMENT = "environment"
    """What is not set up here: an account, a recipient, a connector."""
    ASSUMPTION = "assumption"
    """What was not said and is filled in."""
    UNREAD = "unread"
    """Words that no rule used."""
    CONFLICT = "conflict"
    """Two parts that exclude each other."""
    REFUSAL = "refusal"
    """What is not planned, and why."""
    QUESTION = "question"
    """What must be known first."""


DOUBTS: Final = frozenset({NoteKind.UNREAD, NoteKind.CONFLICT, NoteKind.REFUSAL, NoteKind.QUESTION})
"""The notes that a plan without doubt does not have."""
HOLDS: Final = frozenset({NoteKind.UNREAD, NoteKind.CONFLICT, NoteKind.QUESTION})
"""The notes that keep a plan from being applied without a confirmation."""
WARNINGS: Final = frozenset(NoteKind) - {NoteKind.ASSUMPTION}
MAX_CHOICES: Final = 6


class Certainty(StrEnum):
    """How sure a planned job is, in the order of rising doubt."""

    CERTAIN = "certain"
    """Every word has an effect, and no default changes when it runs or whom it reaches."""
    CHECK = "check"
    """A default or a reading that a person should look at."""
    ASK = "ask"
    """It needs an answer or a confirmation before it is applied."""


SHARES: Final = {Certainty.CERTAIN: 0.97, Certainty.CHECK: 0.91, Certainty.ASK: 0.57}
"""The share of right jobs of each certainty in sets i to l of `tests/planner_cases/unseen`."""


class PromptSpan(NamedTuple):
    """A stretch of the prompt in Unicode code points; it ends before `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Note:
    """A note about a plan. `text` is a Message until the reader's language is known.

    `span` is the stretch of the prompt that it is about, `job` the id of the job. `choices` are answers to a
    question, at most six; an answer takes the place of `span` in the prompt, after `lead`, and comes first if
    there is no span.
    """

    kind: NoteKind
    text: str
    span: PromptSpan | None = None
    job: str | None = None
    choices: tuple[str, ...] = ()
    lead: str = ""
    actions: tuple[Remedy, ...] = ()
    """What a person can do about it at once."""
    field: str = ""
    """The field of the job that an assumption fills in, for a person to check; empty if none needs that."""

    def in_language(self, language: Language) -> Note:
        """Return the note with its messages rendered; words of the prompt stay as they are."""
        texts = [self.text, *self.choices]
        texts = [render(each, language) if isinstance(each, Message) else each for each in texts]
        return replace(self, text=texts[0], choices=tuple(texts[1:]))


class _Noted(Protocol):
    @property
    def notes(self) -> Sequence[Note]: ...


class HasNotes:
    """The texts of `notes`, as earlier clients read them."""

    __slots__ = ()

    @property
    def assumptions(self: _Noted) -> tuple[str, ...]:
        """Return the texts of the assumptions, each once."""
        return texts_of(self.notes, {NoteKind.ASSUMPTION})

    @property
    def warnings(self: _Noted) -> tuple[str, ...]:
        """Return the texts of all other notes, each once."""
        return texts_of(self.notes, WARNINGS)

    @property
    def doubts(self: _Noted) -> frozenset[NoteKind]:
        """Return the kinds of doubt among the notes."""
        return DOUBTS.intersection(note.kind for note in self.notes)


def texts_of(notes: Iterable[Note], kinds: Collection[NoteKind]) -> tuple[str, ...]:
    """Return the texts of the notes of some kinds, in their order and each once."""
    return tuple(dict.fromkeys(note.text for note in notes if note.kind in kinds))


def fields_to_check(notes: Iterable[Note]) -> tuple[str, ...]:
    """Return the fields that assumptions fill in, each once."""
    assumed = (note.field for note in notes if note.kind is NoteKind.ASSUMPTION and note.field)
    return tuple(dict.fromkeys(field.partition(".")[0] for field in assumed))


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A stretch of the prompt and its role in the plan; `start` and `end` count Unicode code points.

    `job` is the only job that it changes: its key in a draft, its id in a plan. `field` is the field of that
    job.
    """

    start: int
    end: int
    role: str
    job: str | None = None
    field: str | None = None


class ChainLink(NamedTuple):
    """A job that another one starts: the field that names it (`on_success`, `on_failure`), and its key."""

    outcome: str
    key: str


@dataclass(frozen=True, slots=True)
class PlannedJob(HasNotes):
    """One job of a draft.

    `schedule` has one of `interval_sec`, `cron` with `timezone`, `at`; None means one manual run. `slot` is a
    short time, such as `1630`, that distinguishes two schedules of one target in an id. `fields` are the
    other fields of its spec that the prompt sets, such as `priority`. `job_id` is set if a certain stored job
    is meant; `is_new` if no stored job of the same target may be changed. With `keeps_schedule` a stored job
    keeps its schedule, since no words say when it runs; with `keeps_times` it does if it is of the same
    cadence, since no words say at what time.
    """

    type: str
    schedule: dict[str, Any] | None
    inputs: dict[str, Any]
    reason: str
    notes: tuple[Note, ...]
    certainty: Certainty
    spans: tuple[TextSpan, ...]
    slot: str
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    job_id: str | None = None
    is_new: bool = False
    keeps_schedule: bool = False
    keeps_times: bool = False
    key: str = ""
    """Names it within its draft; ids are chosen later."""
    chains: tuple[ChainLink, ...] = ()
    is_named: bool = False
    """True if it only names a stored job, which gets the chains: nothing is created for it."""

    def spec_under(self, job_id: str) -> dict[str, Any]:
        """Return the job as the raw spec of an id."""
        about = {"type": self.type, "schedule": self.schedule, "inputs": self.inputs}
        return {**self.fields, **about, "job_id": job_id}


class Change(StrEnum):
    """The effect of a plan on a job."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    DISABLE = "disable"
    PAUSE = "pause"
    RESUME = "resume"
    RUN = "run"
    DELETE = "delete"


ACTIONS: Final = frozenset({Change.DISABLE, Change.PAUSE, Change.RESUME, Change.RUN, Change.DELETE})
"""The changes that leave the spec as it is."""


@dataclass(frozen=True, slots=True)
class JobQuery:
    """What a sentence says about the stored job that it means.

    `names` are words that only a name explains, as they were typed; `extras` are ordinary words that may be
    part of one. `minutes` are times of day, `dates` days of the month (0 is the last). `of_all`: every job
    that fits is meant.
    """

    types: frozenset[str] = frozenset()
    """The job types that the nouns allow; empty if no noun says."""
    channel: str | None = None
    url: str | None = None
    names: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    cadence: str | None = None
    """daily, weekly, monthly, yearly."""
    minutes: tuple[int, ...] = ()
    weekdays: frozenset[int] = frozenset()
    dates: tuple[int, ...] = ()
    interval_sec: int | None = None
    of_all: bool = False
    each_day: bool = False
    """True if a part of the day names it: "the nightly backup"."""
    about: tuple[str, ...] = ()
    """Words of another part of the sentence that describe the job: it has one of them."""
    is_on: bool | None = None
    """Whether it runs or is off: "the paused one"."""
    count: int = 0
    """How many jobs are meant, if that is said: "both backups"."""

    @property
    def is_empty(self) -> bool:
        """True if nothing says which job is meant."""
        return replace(self, of_all=False, each_day=False, extras=()) == JobQuery()


class Said(StrEnum):
    """A part of a schedule that a sentence names; the other parts of a stored one stay."""

    CLOCK = "clock"
    DAYS = "days"
    ZONE = "zone"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class JobUpdate:
    """The new values for a stored job, as far as a sentence says them.

    `shift_sec` moves its times; `schedule` has the parts in `said`. What is neither is in the planned jobs
    that the request replaces.
    """

    schedule: Mapping[str, Any] | None = None
    said: frozenset[Said] = frozenset()
    shift_sec: int = 0
    skip: Mapping[str, Any] | None = None
    """Days that the stored schedule leaves out from now on."""
    description: str | None = None
    inputs: Mapping[str, Any] | None = None
    """New inputs, for a job whose type has them: a recipient, a text."""
    notes: tuple[Note, ...] = ()
    """Words for the new values that no rule used."""


@dataclass(frozen=True, slots=True)
class ManageRequest:
    """A request to change the state of a stored job, or the job.

    If a stored job fits, it takes the place of the planned jobs at the indexes `replaces`; if none does,
    these stay, and `notes` with them. Without such jobs the request is refused.
    """

    change: Change
    query: JobQuery
    words: str
    span: PromptSpan | None = None
    about: PromptSpan | None = None
    """The stretch of the words for the job alone; an answer takes its place."""
    until_ms: int | None = None
    update: JobUpdate | None = JobUpdate()
    """None: the words for the new schedule are no single one."""
    replaces: tuple[int, ...] = ()
    notes: tuple[Note, ...] = ()
    keeps: tuple[JobQuery, ...] = ()
    """The jobs that stay as they are: "matikan semua kecuali backup"."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question or a complaint about stored jobs: those that `query` means, or all jobs if `of_all`."""

    words: str
    span: PromptSpan | None
    query: JobQuery
    of_all: bool = False


@dataclass(frozen=True, slots=True)
class Draft(HasNotes):
    """The interpretation of one prompt; `notes` include those of its jobs."""

    prompt: str = ""
    language: Language = "id"
    jobs: tuple[PlannedJob, ...] = ()
    notes: tuple[Note, ...] = ()
    explain: tuple[TextSpan, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()
    requests: tuple[ManageRequest, ...] = ()
    unknown_names: tuple[str, ...] = ()
    """Recipients that no contact has and whose address or channel was not said."""


# Plans: the difference between a prompt's jobs and the stored ones. A plan is stored for an hour.

KEPT_SEC = 3600


class PlanSource(StrEnum):
    """The author of a plan: the rules, or the rules with a language model."""

    RULES = "rule_based"
    MODEL = "model"
    """A server at PLANNER_AI_BASE."""
    AGENT = "smolagents"
    """The provider of a model, through litellm."""


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
class JobChange(HasNotes):
    """One job of a plan. `base_version` is the stored version at planning time, None if there was none.

    `until` is the end of a pause in epoch milliseconds; None if the job stays paused.
    """

    spec: JobSpec
    change: Change
    base_version: int | None
    reason: str
    notes: tuple[Note, ...] = ()
    diff: tuple[FieldDifference, ...] = ()
    next_runs: tuple[PlannedFire, ...] = ()
    until: int | None = None
    certainty: Certainty = Certainty.CERTAIN
    check: tuple[str, ...] = ()
    """The fields to look at, if the certainty is `check`."""

    @property
    def confidence(self) -> float:
        """Return the share of right jobs among those of this certainty."""
        return SHARES[self.certainty]

    def with_notes(self, *notes: Note) -> JobChange:
        """Return the same change with more notes."""
        return replace(self, notes=distinct(self.notes, notes)) if notes else self


@dataclass(frozen=True, slots=True)
class JobEdit:
    """What a person changes in a job of a plan.

    `fields` may hold `description`, `schedule` and `inputs`; of the inputs those that are named are set, and
    null removes one. With `make_new` it changes no stored job.
    """

    job_id: str
    leave_out: bool = False
    make_new: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Plan(HasNotes):
    """A whole plan. `notes` include those of the jobs; `request` and `edits` are what it was made of."""

    plan_id: str
    made_at_ms: int
    prompt: str
    normalized_prompt: str
    summary: str
    source: PlanSource
    language: Language
    notes: tuple[Note, ...]
    explain: tuple[TextSpan, ...]
    jobs: tuple[JobChange, ...]
    request: PlanRequest | None = None
    edits: tuple[JobEdit, ...] = ()

    @property
    def question(self) -> Note | None:
        """Return the question that must be answered first, if there is one."""
        return next((note for note in self.notes if note.kind is NoteKind.QUESTION), None)


def distinct(*notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return notes in their order, without repetitions."""
    return tuple(dict.fromkeys(note for group in notes for note in group))


@dataclass(frozen=True, slots=True)
class AiOptions:
    """Options of a model request. `model_id` None is the deployment's own."""

    model_id: str | None = None
    max_steps: int = DEFAULT_MAX_STEPS


@dataclass(frozen=True, slots=True)
class DeclaredType:
    """A job type whose handler declares the words that ask for it.

    `slots` are input fields with the words before their values; `numbers` and `required` are fields;
    `schedule` is used if no time is said, as pairs, none for a job that runs once.
    """

    type: str
    phrases: tuple[str, ...]
    slots: tuple[tuple[str, tuple[str, ...]], ...] = ()
    numbers: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    schedule: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """A request for a plan. The planner fills in the instant and what the deployment has."""

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
    declared: tuple[DeclaredType, ...] = ()
    """The job types of handlers that declare their words."""
    directory: NameDirectory = field(default_factory=NameDirectory)

    @property
    def instant(self) -> datetime:
        """Return `now` of a request that the planner has completed."""
        if self.now is None:
            raise ValueError("the request has no instant yet")
        return self.now
