"""Compares a plan with the stored jobs: matches, changes, next fires.

A planned job matches a stored one by its target, whatever its id. Of several, the one with an equal schedule
matches, else the oldest with the same cadence: a weekly report is another job than a daily one. In an
existing job only the fields that the prompt sets are changed; all others stay as they are. No I/O: the stored
jobs come in as `JobsByTarget`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from app.core.errors import InvalidSpec, MultiJobError
from app.core.fields import json_diff
from app.core.i18n import _
from app.core.incidents.remedies import RemedyAction, remedy
from app.core.models import JobSpec, Schedule
from app.core.scheduling.schedule import NO_CALENDARS, ScheduleError, compile_schedule, next_fires
from app.core.specs.search import TARGET_FIELDS
from app.planner.chains import edges_of, unnamed_note, with_chains, without_followers
from app.planner.language.times.schedule_builder import UNSAID, is_hour_unsaid
from app.planner.matching import cadence_of, rule_fields
from app.planner.models import Change, FieldDifference, JobChange, Note, NoteKind, PlannedFire
from app.planner.review import why
from app.planner.schedule_changes import with_stored_times

if TYPE_CHECKING:
    from app.core.records import JobRecord
    from app.core.scheduling.skip_rules import Calendars
    from app.core.specs.store import JobsByTarget
    from app.planner.job_ids import IdChoices
    from app.planner.models import PlannedJob

SHOWN_FIRES: Final = 3
_WHAT_HOUR: Final = _("{job_id} exists, and no hour is said for it. At what time shall it run?")
_NOT_RUN: Final = _("{job_id} would not run now: its later runs would change. Shall it run now as it is?")
_MONITORS: Final = "monitor."
Check = Callable[[Mapping[str, Any]], JobSpec]


@dataclass(frozen=True, slots=True)
class PlannedSpec:
    """A valid planned job: its spec under a provisional id, and the ids that it may have."""

    job: PlannedJob
    spec: JobSpec
    target: str
    choices: IdChoices
    record: JobRecord | None = None
    """The stored job that it changes."""


@dataclass(frozen=True, slots=True)
class DiffContext:
    """The circumstances of a comparison: the instant, the reader's zone, the deployment's settings."""

    now_ms: int
    timezone: str
    default_timezone: str
    calendars: Calendars = field(default_factory=lambda: NO_CALENDARS)


class PlanDiff:
    """Compares planned jobs with stored ones."""

    def __init__(self, existing: JobsByTarget, check: Check, context: DiffContext) -> None:
        self._existing = existing
        self._check = check
        self._context = context
        self._used: set[str] = set()
        self._started: set[str] = set()
        self.dropped: list[PlannedJob] = []
        """Jobs that are not valid or need an answer first; `notes` have the reasons and the questions."""
        self.notes: list[Note] = []
        self.ids: dict[str, str] = {}
        """The id of each job of the plan, by its key in the draft."""

    def changes(self, planned: Sequence[PlannedSpec]) -> list[JobChange]:
        """Return the change for each planned job, in order; the `dropped` ones are left out."""
        known = self._known(self._paired(planned))
        self._started = {link.key for each in known for link in each.job.chains}
        self._used = {each.record.spec.job_id for each in known if each.record is not None}
        found: list[tuple[PlannedSpec, JobChange]] = []
        for each in known:
            again = each.target in {other.target for other, _change in found}
            again = again or bool(self._existing.by_target.get(each.target))
            try:
                found.append((each, self._change(each, again=again)))
            except InvalidSpec as error:
                self.dropped.append(each.job)
                self.notes.append(refusal_of(each.job, error))
        return self._chained(found)

    def _known(self, pairs: Sequence[PlannedSpec]) -> Sequence[PlannedSpec]:
        """Drop the jobs that follow a stored job if none, or more than one, is meant, and ask."""
        unknown: list[PlannedJob] = []
        for each in (each for each in pairs if each.job.is_named):
            stored = [other.spec.job_id for other in self._existing.by_target.get(each.target, ())]
            own = None if each.record is None else each.record.spec.job_id
            if own is None or (len(stored) != 1 and each.job.job_id != own):
                unknown.append(each.job)
                self.notes.append(unnamed_note(each.job, stored))
        kept = without_followers([each.job for each in pairs], unknown)
        self.dropped += [each.job for each in pairs if each.job not in kept]
        return [each for each in pairs if each.job in kept]

    def _chained(self, found: Sequence[tuple[PlannedSpec, JobChange]]) -> list[JobChange]:
        """Return the changes with the ids of the jobs that they start."""
        self.ids = {each.job.key: change.spec.job_id for each, change in found if each.job.key}
        stored = [record.spec for records in self._existing.by_target.values() for record in records]
        edges = edges_of([*stored, *(change.spec for _each, change in found)])
        changes: list[JobChange] = []
        for each, change in found:
            fields, circles = with_chains(each.job, change, self.ids, edges)
            changed = change
            try:
                if fields:
                    spec = self._check({**change.spec.model_dump(mode="json"), **fields})
                    edges[spec.job_id] = [*spec.on_success, *spec.on_failure]
                    changed = replace(self._made(each, spec), notes=change.notes)
                changes.append(changed.with_notes(*circles))
            except InvalidSpec as error:
                self.dropped.append(each.job)
                self.notes.append(refusal_of(each.job, error))
        return changes

    def _paired(self, planned: Sequence[PlannedSpec]) -> list[PlannedSpec]:
        """Match each planned job with a stored one: its own id, an equal schedule, the same cadence."""
        left = {target: list(records) for target, records in self._existing.by_target.items()}
        meant: dict[int, JobRecord] = {}
        fitting: tuple[Callable[[PlannedSpec, JobRecord], bool], ...] = (
            lambda each, record: each.job.job_id == record.spec.job_id,
            lambda each, record: _kept_schedule(each, record, self._context) == record.spec.schedule,
            _same_cadence,
        )
        for fits in fitting:
            for index, each in enumerate(planned):
                records = [] if each.job.is_new else left.get(each.target, [])
                record = next((record for record in records if fits(each, record)), None)
                if record is not None and fits is _same_cadence and _is_split(planned, meant, each, record):
                    continue
                if index not in meant and record is not None:
                    meant[index] = record
                    records.remove(record)
        return [replace(each, record=meant.get(index)) for index, each in enumerate(planned)]

    def _change(self, planned: PlannedSpec, *, again: bool) -> JobChange:
        record = planned.record
        if record is None:
            spec = planned.spec.model_copy(update={"job_id": self._free_id(planned.choices, again=again)})
            return self._made(planned, spec).with_notes(*self._about_others(planned, spec.job_id))
        schedule = _kept_schedule(planned, record, self._context)
        unsaid = [note for note in planned.job.notes if note.field.startswith(UNSAID)]
        if planned.job.keeps_times and schedule is record.spec.schedule:
            unsaid = [note for note in planned.job.notes if note.field.startswith("schedule")]
        if schedule != planned.spec.schedule and unsaid:
            notes = tuple(note for note in planned.job.notes if note not in unsaid)
            planned = replace(planned, job=replace(planned.job, notes=notes))
        inputs, fields = planned.job.inputs, planned.job.fields
        spec = self._check(merged_spec(record.spec, inputs, fields, fields_of(schedule)))
        made = self._made(planned, spec)
        rest = _about_the_rest(planned, record, made.change)
        if self._would_run(planned):
            rest.append(Note(NoteKind.QUESTION, _NOT_RUN.fill(job_id=spec.job_id), job=spec.job_id))
        if schedule != record.spec.schedule and any(is_hour_unsaid(note) for note in planned.job.notes):
            rest.append(Note(NoteKind.QUESTION, _WHAT_HOUR.fill(job_id=spec.job_id), job=spec.job_id))
        return made.with_notes(*rest, *self._about_others(planned, spec.job_id))

    def _would_run(self, planned: PlannedSpec) -> bool:
        """True for "send the report to @bos now": it is to run at once, and no other job starts it."""
        job, record = planned.job, planned.record
        scheduled = record is not None and record.spec.schedule is not None
        led = job.is_named or job.keeps_schedule or job.key in self._started
        return scheduled and planned.spec.schedule is None and not led

    def _made(self, planned: PlannedSpec, spec: JobSpec) -> JobChange:
        job, record = planned.job, planned.record
        made = job_change(saved_as(spec, record), spec, record, self._context, job.notes)
        return replace(made, reason=job.reason, certainty=job.certainty)

    def _free_id(self, choices: IdChoices, *, again: bool) -> str:
        offered = choices.again if again else choices.first
        free = (each for each in offered if each not in self._existing.taken and each not in self._used)
        job_id = next(free, offered[-1])
        self._used.add(job_id)
        return job_id

    def _about_others(self, planned: PlannedSpec, job_id: str) -> list[Note]:
        """Note the stored jobs that do the same and stay as they are."""
        stored = (record.spec.job_id for record in self._existing.by_target.get(planned.target, ()))
        names = ", ".join(each for each in stored if each not in self._used)
        new = _("{job_id} is a new job; {names} stays as it is.")
        text = _("{job_id} is meant; other jobs do the same and stay: {names}.") if planned.record else new
        return [Note(NoteKind.ASSUMPTION, text.fill(job_id=job_id, names=names), job=job_id)] if names else []


def saved_as(spec: JobSpec, record: JobRecord | None) -> Change:
    """Return the change of saving a spec."""
    if record is None:
        return Change.CREATE
    return Change.UNCHANGED if spec == record.spec else Change.UPDATE


def job_change(
    change: Change,
    spec: JobSpec,
    record: JobRecord | None,
    context: DiffContext,
    notes: Iterable[Note] = (),
    *,
    until: int | None = None,
) -> JobChange:
    """Return a change with the fields that differ then, and with the fires after it."""
    enabled = {Change.DISABLE: False, Change.RESUME: True}.get(change, spec.enabled)
    after = spec.model_copy(update={"enabled": enabled})
    runs = enabled and change is not Change.DELETE
    since = context if until is None else replace(context, now_ms=until - 1)
    return JobChange(
        spec=spec,
        change=change,
        base_version=None if record is None else record.version,
        reason="",
        notes=tuple(replace(note, job=spec.job_id) for note in notes),
        diff=() if record is None else differences(record.spec, after),
        next_runs=fires(spec.schedule, since) if spec.schedule and runs else (),
        until=until,
    )


def refusal_of(job: PlannedJob, error: MultiJobError) -> Note:
    """Return the note on a planned job that is not valid."""
    return Note(NoteKind.REFUSAL, _("{type} is not planned: {error}", type=job.type, error=why(error)))


def _same_cadence(each: PlannedSpec, record: JobRecord) -> bool:
    """True if a stored job may be changed unasked. A target has one monitor, at whatever times."""
    if each.job.keeps_schedule or each.spec.type.startswith(_MONITORS):
        return True
    return cadence_of(each.spec.schedule) is cadence_of(record.spec.schedule)


def _is_split(
    planned: Sequence[PlannedSpec], meant: Collection[int], each: PlannedSpec, record: JobRecord
) -> bool:
    """True for the Friday of "laporan jam 7, Jumat jam 10": another part of it changes its stored job."""
    parts = [planned[index] for index in meant if planned[index].spec.inputs == each.spec.inputs]
    parts = [other for other in parts if other.target == each.target]
    return bool(parts) and record.spec.inputs != each.spec.inputs


def _kept_schedule(each: PlannedSpec, record: JobRecord, context: DiffContext) -> Schedule | None:
    """Return the schedule of the job: the stored one itself if the prompt means the same."""
    planned, stored = each.spec.schedule, record.spec.schedule
    keeps_times = each.job.keeps_times and stored is not None and _same_cadence(each, record)
    if each.job.keeps_schedule or keeps_times:
        return stored
    if planned is None or stored is None:
        return planned or stored
    unsaid = [note.field.removeprefix(UNSAID) for note in each.job.notes if note.field.startswith(UNSAID)]
    if unsaid and not planned.at:
        planned = with_stored_times(planned, stored, unsaid[0]) or planned
    merged = planned if planned.at else planned.model_copy(update=_bounds(planned, stored))
    return stored if _mean_the_same(merged, stored, context) else merged


def _bounds(planned: Schedule, stored: Schedule) -> dict[str, Any]:
    """Return the bounds and the days left out that were said, else the stored ones.

    The start of a counted rule ("every 3 days") is its anchor: planned again on another day it is the stored
    one. A bound that was said is a midnight; an anchor has the time of the rule.
    """
    start_at = planned.start_at or stored.start_at
    is_counted = planned.rrule is not None and "INTERVAL" in rule_fields(planned.rrule)
    if is_counted and planned.rrule == stored.rrule and stored.start_at is not None:
        said = start_at is not None and (start_at.hour, start_at.minute) == (0, 0)
        start_at = start_at if said else stored.start_at
    leaves = planned if planned.skip is not None else stored
    bounds = {"start_at": start_at, "end_at": planned.end_at or stored.end_at}
    return {**bounds, "skip": leaves.skip, "on_skip": leaves.on_skip}


def _mean_the_same(one: Schedule, other: Schedule, context: DiffContext) -> bool:
    zone, calendars = context.default_timezone, context.calendars
    try:
        return compile_schedule(one, zone, calendars) == compile_schedule(other, zone, calendars)
    except ScheduleError:
        return False


def merged_spec(
    stored: JobSpec, inputs: Mapping[str, Any], fields: Mapping[str, Any], schedule: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a stored spec with new values, raw; an empty schedule is none.

    The target stays as it is stored: the planned text may be another spelling of the same.
    """
    about = TARGET_FIELDS.get(stored.type, ())
    data = stored.model_dump(mode="json")
    for name, value in fields.items():
        # A part that is not said, such as the delay of more tries, stays as it is stored.
        data[name] = data[name] | value if isinstance(value, dict) else value
    said = {name: value for name, value in inputs.items() if name not in about}
    return {**data, "inputs": {**stored.inputs, **said}, "schedule": dict(schedule) or None}


def _about_the_rest(planned: PlannedSpec, record: JobRecord, change: Change) -> list[Note]:
    """Note the fields that were set by hand and stay, and that the job is disabled."""
    job_id, notes = record.spec.job_id, list[Note]()
    fresh, stored, about = planned.spec, record.spec, TARGET_FIELDS.get(record.spec.type, ())
    compared = set(JobSpec.model_fields) - {"job_id", "type", "inputs", "schedule", "enabled"}
    compared -= set(planned.job.fields)
    found = sorted(name for name in compared if getattr(stored, name) != getattr(fresh, name))
    inputs = sorted(name for name in stored.inputs if name not in planned.job.inputs and name not in about)
    names = ", ".join([*found, *(f"inputs.{name}" for name in inputs)])
    if names and change is Change.UPDATE:
        keeps = _("{job_id} keeps what else is set in it: {names}.", job_id=job_id, names=names)
        notes.append(Note(NoteKind.ASSUMPTION, keeps, job=job_id))
    # A plan that changes nothing else may be meant to turn it on.
    kind = NoteKind.QUESTION if change is Change.UNCHANGED else NoteKind.ENVIRONMENT
    return notes if record.spec.enabled else [*notes, disabled_note(job_id, kind)]


def disabled_note(job_id: str, kind: NoteKind = NoteKind.ENVIRONMENT) -> Note:
    """Return the note on a disabled job that a plan changes."""
    disabled = _("{job_id} is disabled and stays so; `multi-job enable {job_id}` turns it on.", job_id=job_id)
    return Note(kind, disabled, job=job_id, actions=(remedy(RemedyAction.ENABLE, job_id),))


def differences(before: JobSpec, after: JobSpec) -> tuple[FieldDifference, ...]:
    """Return the fields that differ; an absent field is None."""
    found = json_diff(_fields_of_job(before), _fields_of_job(after))
    return tuple(FieldDifference(each["path"], each["from"], each["to"]) for each in found)


def _fields_of_job(spec: JobSpec) -> dict[str, Any]:
    rest = spec.model_dump(mode="json", exclude={"job_id", "type", "schedule", "inputs"})
    return {"schedule": fields_of(spec.schedule), "inputs": spec.inputs, **rest}


def fields_of(schedule: Schedule | None) -> dict[str, Any]:
    """Return the fields of a schedule that are set; {} for none."""
    return {} if schedule is None else schedule.model_dump(mode="json", exclude_none=True)


def fires(schedule: Schedule, context: DiffContext) -> tuple[PlannedFire, ...]:
    """Return the next three fires of a schedule."""
    compiled = compile_schedule(schedule, context.default_timezone, context.calendars)
    has_zone = schedule.cron is not None or schedule.rrule is not None
    zone = (schedule.timezone or context.default_timezone) if has_zone else context.timezone
    return tuple(PlannedFire(at_ms, zone) for at_ms in next_fires(compiled, context.now_ms, SHOWN_FIRES))
