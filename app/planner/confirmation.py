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
    return _with_chained(plan, lambda job: job.certainty is Certainty.ASK or job.change is Change.DELETE)


def asked_jobs(plan: Plan) -> frozenset[str]:
    """Return the ids of the jobs that a question is about, which no confirmation answers.

    A question about the whole sentence is about each of its jobs.
    """
    asked = [note for note in plan.notes if note.kind is NoteKind.QUESTION]
    general = any(note.job is None for note in asked)
    return _with_chained(plan, lambda job: general or any(note in job.notes for note in asked))


def _with_chained(plan: Plan, holds: Callable[[JobChange], bool]) -> frozenset[str]:
    held = {job.spec.job_id for job in plan.jobs if holds(job)}
    links = [{job.spec.job_id, *job.spec.on_success, *job.spec.on_failure} for job in plan.jobs]
    spread = True
    while spread:
        before = len(held)
        held.update(job_id for link in links if link & held for job_id in link)
        spread = len(held) > before
    return frozenset(job.spec.job_id for job in plan.jobs if job.spec.job_id in held)
