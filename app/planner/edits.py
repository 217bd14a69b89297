"""Applies a person's edits to the jobs of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.core.errors import FieldProblem, InvalidInput
from app.core.i18n import _, concat
from app.planner.diff import fields_of
from app.planner.models import ACTIONS, Certainty, ChainLink, Change, JobEdit, NoteKind, PlannedJob

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.planner.models import JobChange, Plan

_OWN: Final = frozenset({"job_id", "type", "schedule", "inputs", "enabled"})
_CHAINS: Final = ("on_success", "on_failure")


def edited_jobs(plan: Plan, edits: Sequence[JobEdit]) -> list[PlannedJob]:
    """Return the jobs that a plan creates or changes, as they are after the edits.

    Raises InvalidInput for a job that the plan has not.
    """
    by_id = {edit.job_id: edit for edit in edits}
    unknown = sorted(by_id.keys() - {job.spec.job_id for job in plan.jobs})
    if unknown:
        raise _refused(_("the plan has no job {job_id}", job_id=unknown[0]), "unknown_job")
    left_out = {edit.job_id for edit in edits if edit.leave_out}
    kept = [job for job in plan.jobs if job.change not in ACTIONS and job.spec.job_id not in left_out]
    planned = {job.spec.job_id for job in kept}
    return [_planned(job, by_id.get(job.spec.job_id), left_out, planned) for job in kept]


def kept_actions(plan: Plan, edits: Sequence[JobEdit]) -> tuple[JobChange, ...]:
    """Return the actions of a plan that are not left out."""
    left_out = {edit.job_id for edit in edits if edit.leave_out}
    return tuple(job for job in plan.jobs if job.change in ACTIONS and job.spec.job_id not in left_out)


def merged_edits(earlier: Sequence[JobEdit], later: Sequence[JobEdit]) -> tuple[JobEdit, ...]:
    """Return the edits of a plan and further ones, one for each job."""
    by_id = {edit.job_id: edit for edit in earlier}
    for edit in later:
        before = by_id.get(edit.job_id, JobEdit(edit.job_id))
        inputs = {**before.fields.get("inputs", {}), **edit.fields.get("inputs", {})}
        fields = {**before.fields, **edit.fields, **({"inputs": inputs} if inputs else {})}
        leave_out, make_new = before.leave_out or edit.leave_out, before.make_new or edit.make_new
        by_id[edit.job_id] = JobEdit(edit.job_id, leave_out, make_new, fields)
    return tuple(by_id.values())


def require_valid(made: Plan, plan: Plan) -> None:
    """Raise InvalidInput with the reasons why jobs are missing in the plan that was made of edits."""
    known = {note.text for note in plan.notes}
    reasons = [note.text for note in made.notes if note.kind is NoteKind.REFUSAL and note.text not in known]
    raise _refused(concat(*reasons, separator=" "), "invalid_edit")


def _refused(message: str, code: str) -> InvalidInput:
    return InvalidInput(concat("/edits: ", message), (FieldProblem("/edits", message, code),))


def _planned(job: JobChange, edit: JobEdit | None, left_out: set[str], planned: set[str]) -> PlannedJob:
    spec = job.spec
    said: Mapping[str, Any] = {} if edit is None else edit.fields
    fields = spec.model_dump(mode="json", exclude=set(_OWN), exclude_defaults=True)
    fields |= {name: value for name, value in said.items() if name not in _OWN}
    inputs = {**spec.inputs, **said.get("inputs", {})}
    named = [ChainLink(name, job_id) for name in _CHAINS for job_id in fields.get(name, ())]
    for name in fields.keys() & {*_CHAINS}:
        fields[name] = [each for each in fields[name] if each not in left_out | planned]
    return PlannedJob(
        type=spec.type,
        schedule=said.get("schedule", fields_of(spec.schedule) or None),
        inputs={name: value for name, value in inputs.items() if value is not None},
        reason=job.reason,
        notes=tuple(note for note in job.notes if note.kind is not NoteKind.ENVIRONMENT),
        certainty=Certainty.CERTAIN if said else job.certainty,
        spans=(),
        slot="",
        fields=fields,
        key=spec.job_id,
        chains=tuple(link for link in named if link.key in planned),
        job_id=None if job.change is Change.CREATE else spec.job_id,
        is_new=edit is not None and edit.make_new,
    )
