"""Which jobs of a plan are applied without a person having seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.planner.models import HOLDS, Change

if TYPE_CHECKING:
    from app.planner.models import JobChange, Plan

LEAST_CONFIDENCE: Final = 0.8


def held_jobs(plan: Plan) -> frozenset[str]:
    """Return the ids of the jobs that need a confirmation.

    A doubt about the whole sentence holds all of them, one about a job that job, and every job that is
    chained with it. A deletion always needs one, because it cannot be undone.
    """
    if any(note.kind in HOLDS and note.job is None for note in plan.notes):
        return frozenset(job.spec.job_id for job in plan.jobs)
    held = {job.spec.job_id for job in plan.jobs if _is_unsure(job)}
    links = [{job.spec.job_id, *job.spec.on_success, *job.spec.on_failure} for job in plan.jobs]
    spread = True
    while spread:
        before = len(held)
        held.update(job_id for link in links if link & held for job_id in link)
        spread = len(held) > before
    return frozenset(job.spec.job_id for job in plan.jobs if job.spec.job_id in held)


def _is_unsure(job: JobChange) -> bool:
    doubted = job.confidence < LEAST_CONFIDENCE or any(note.kind in HOLDS for note in job.notes)
    return doubted or job.change is Change.DELETE
