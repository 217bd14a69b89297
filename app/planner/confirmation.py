"""Which jobs of a plan are applied without a person having seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.planner.models import Certainty, Change, NoteKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.planner.models import JobChange, Plan


def held_jobs(plan: Plan) -> frozenset[str]:
    """Return the ids of the jobs that need a confirmation.

    A job that is asked about holds every job that is chained with it. A deletion always needs a confirmation,
    because it cannot be undone.
    """
    return _with_chained(plan, _is_unsure)


def asked_jobs(plan: Plan) -> frozenset[str]:
    """Return the ids of the jobs that a question is about, which no confirmation answers.

    A question about the whole sentence is about each of its jobs.
    """
    general = any(note.kind is NoteKind.QUESTION and note.job is None for note in plan.notes)
    return _with_chained(plan, lambda job: general or _has_question(job))


def _with_chained(plan: Plan, holds: Callable[[JobChange], bool]) -> frozenset[str]:
    held = {job.spec.job_id for job in plan.jobs if holds(job)}
    links = [{job.spec.job_id, *job.spec.on_success, *job.spec.on_failure} for job in plan.jobs]
    spread = True
    while spread:
        before = len(held)
        held.update(job_id for link in links if link & held for job_id in link)
        spread = len(held) > before
    return frozenset(job.spec.job_id for job in plan.jobs if job.spec.job_id in held)


def _is_unsure(job: JobChange) -> bool:
    return job.certainty is Certainty.ASK or job.change is Change.DELETE


def _has_question(job: JobChange) -> bool:
    return any(note.kind is NoteKind.QUESTION for note in job.notes)
